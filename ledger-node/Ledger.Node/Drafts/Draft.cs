using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Node.Drafts;

/// <summary>How far a draft is.</summary>
public enum DraftStatus
{
    /// <summary>For signatures.</summary>
    Waiting,

    /// <summary>It has them all and is on its way to the ledger.</summary>
    Complete,
    Accepted,
    Refused,

    /// <summary>Somebody who was to sign does not, and said why.</summary>
    Rejected,

    /// <summary>Its acting party took it back.</summary>
    Recalled,
}

/// <summary>Who ended a draft before it was complete, and why; its acting party need not say.</summary>
public sealed record DraftEnd(PartyId By, string? Reason);

/// <summary>What its acting party was answered; the place where it became an entry.</summary>
public sealed record DraftAnswer(Refusal Code, ulong? Height, ulong? Leaf);

/// <summary>
/// A transaction that waits for signatures: its exact payload with those that are there. <paramref name="Change"/> rises with every change of any draft of the node.
/// </summary>
public sealed record Draft(SignedInPart Text, ulong Change, DraftEnd? End = null, DraftAnswer? Answer = null)
{
    public Transaction Body => Text.Signed.Body;

    public (PartyId Party, Id<Transaction> Id) Key => (Body.Party, Body.Id);

    public int Size => Text.Signed.Bytes.Length;

    public DraftStatus Status => this switch
    {
        { Answer.Code: Refusal.None } => DraftStatus.Accepted,
        { Answer: not null } => DraftStatus.Refused,
        { End: { } end } => end.By == Body.Party ? DraftStatus.Recalled : DraftStatus.Rejected,
        _ => Text.IsWhole ? DraftStatus.Complete : DraftStatus.Waiting,
    };

    /// <summary>Who has part in it: whose act it is, who acts, and who is to sign.</summary>
    public static IEnumerable<PartyId> PartiesOf(SignedInPart text) =>
        text.Announced.Select(static signer => signer.Party).Append(text.Signed.Body.Party).Append(text.Signed.Body.Principal).Distinct();

    public bool Concerns(PartyId party) => PartiesOf(Text).Contains(party);
}
