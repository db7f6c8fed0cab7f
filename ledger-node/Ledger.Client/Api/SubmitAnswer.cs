using System.Text.Json;
using Ledger.Client.Disclosures;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Client.Api;

/// <summary>
/// The answer to a transaction, or to a question like it. <paramref name="Code"/> is <see cref="Refusal.None"/> when it was accepted or, with status
/// 202, is on its way. <paramref name="Sentence"/> is Chinese, <paramref name="SentenceEn"/> English, both null when nothing was refused.
/// </summary>
public sealed record SubmitAnswer(int HttpStatus, Refusal Code, int Operation, string? Sentence, string? SentenceEn, JsonElement Body)
{
    /// <summary>Whether it is accepted and final.</summary>
    public bool IsAccepted => HttpStatus == 200 && Code == Refusal.None;
}

/// <summary>What a client must know before it signs. <paramref name="IsClockHeld"/>: ledger time was set for a story, and stands.</summary>
public sealed record NodeHealth(Hash256 ChainId, string Name, string Purpose, Timestamp LedgerTime, bool IsClockHeld, ulong Height, string Suite, PartyId Bank);

/// <summary>What time it is on a ledger, whether that time was set and stands, and whether this ledger lets it be set.</summary>
public sealed record LedgerClock(Timestamp LedgerTime, bool IsHeld, bool MaySet)
{
    public static LedgerClock Of(JsonElement answer) => new(
        new(answer.GetProperty("ledgerTime").GetInt64()), answer.GetProperty("clock").GetString() == "held", answer.GetProperty("settable").GetBoolean());
}

/// <summary>Disclosures that a node holds of one transaction; <paramref name="Unreadable"/> of its files are damaged.</summary>
public sealed record DisclosuresAnswer(IReadOnlyList<DisclosureFile> Files, int Unreadable);
