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

/// <summary>Disclosures that a node holds of one transaction; <paramref name="Unreadable"/> of its files are damaged.</summary>
public sealed record DisclosuresAnswer(IReadOnlyList<DisclosureFile> Files, int Unreadable);

/// <summary>What a client must know before it signs.</summary>
public sealed record NodeHealth(Hash256 ChainId, string Name, Timestamp LedgerTime, ulong Height, string Suite);
