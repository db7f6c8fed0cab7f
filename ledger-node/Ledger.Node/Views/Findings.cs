using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Node.Views;

/// <summary>
/// Where the chain answers a transaction: the entry's leaf in the history, its place among its block's leaves, and the answer: the refusal's number,
/// or none, and which operation was refused.
/// </summary>
public sealed record EntryLocation(ulong Height, ulong Leaf, int LeafInBlock, Refusal Code, int Operation, Hash256 PayloadHash);

/// <summary>The live units of one instrument that one party holds, ascending.</summary>
public sealed record Holding(Id<Instrument> Instrument, ValueList<Interval> Units);

/// <summary>An act that brought units from one party to another, with the entry that did it.</summary>
public sealed record LineageLeg(
    Id<Offer> Act,
    TransferCause Cause,
    PartyId From,
    PartyId To,
    ValueList<Interval> Units,
    ushort Depth,
    Timestamp At,
    ulong Height,
    ulong Leaf);

/// <summary>A double-pledge attempt that went on the record.</summary>
public sealed record Attempt(PartyId Party, Refusal Code, Timestamp At, ulong Height, ulong Leaf);

/// <summary>
/// Which part of a list is wanted: what follows a thing, and how many at most; with <paramref name="SeenBy"/> only that in which a party has a part, which
/// is at least all that it may see.
/// </summary>
public readonly record struct Slice(UInt128 After = default, int Limit = int.MaxValue, PartyId SeenBy = default);

/// <summary>What was found of a list, and after what it goes on; null where it has ended. A piece may be empty and the list go on.</summary>
public sealed class Piece<TNoun>(IReadOnlyList<Id<TNoun>> ids, Id<TNoun>? through) : IReadOnlyList<Id<TNoun>>
{
    public Id<TNoun>? Through => through;

    public int Count => ids.Count;

    public Id<TNoun> this[int index] => ids[index];

    public IEnumerator<Id<TNoun>> GetEnumerator() => ids.GetEnumerator();

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => ids.GetEnumerator();
}

/// <summary>
/// One step of a thing's history: the entry that touched it with its verbs and answer, or, with <paramref name="Deadline"/>, what time did to it when
/// its block was opened; then the leaf is the envelope's.
/// </summary>
public sealed record HistoryStep(ulong Leaf, ulong Height, Timestamp At, PartyId Party, string Verbs, Refusal Code, string? Deadline)
{
    /// <summary>Which of the deadlines of its block, from 1; 0 for an entry.</summary>
    public uint Number { get; init; }

    /// <summary>For whom the party acted, itself where nobody is named.</summary>
    public PartyId Principal { get; init; }

    /// <summary>What a deadline was about.</summary>
    public ThingRef? Subject { get; init; }

    /// <summary>Whether the reader acted, signed or is named, or is one of those whom the deadline concerned.</summary>
    public bool IsNamed { get; init; }

    /// <summary>What time did to a debt is everybody's who sees the debt; what it did to an offer or a financing is not.</summary>
    public bool IsOfInstrument => Subject is { Key.Section: Section.Instruments };
}

/// <summary>
/// An entry with its verbs and answer, or, with a <paramref name="Number"/> from 1, what a deadline did to a thing when the block of that envelope's
/// leaf was opened.
/// </summary>
public sealed record Happening(ulong Leaf, uint Number, ulong Height, Timestamp At, string What, PartyId Party, Refusal Code, ThingRef? Subject);

/// <summary>What happened, and up to which place it was looked for.</summary>
public sealed record Happenings(IReadOnlyList<Happening> All, ulong Leaf, uint Number);

/// <summary>
/// Units on their way from the issue to whoever holds them: the leg that brought them, and what of them is still where it brought them. The leg that
/// the units had before is <paramref name="Parent"/>, -1 for the issue's own; numbers are places in the tree's list, parents before children.
/// </summary>
public sealed record TreeNode(int Number, int Parent, LineageLeg Leg, Interval Units, ValueList<Interval> Kept);

/// <summary>A block, for a list of them.</summary>
public sealed record BlockRow(ulong Height, Timestamp Time, ulong FirstLeaf, uint Entries, Hash256 Hash);

/// <summary>A party, for a list of them.</summary>
public sealed record PartyRow(PartyId Id, string Name, string Region, string IndustryChain, PartyId Sponsor);

/// <summary>Sums of what a party holds (<c>held</c>), owes (<c>owing</c>), lent (<c>lent</c>) and borrowed (<c>borrowed</c>), by currency.</summary>
public sealed record Portfolio(ValueList<Sum> Sums);

/// <summary>A sum of one kind in one currency.</summary>
public sealed record Sum(string Kind, Currency Currency, UInt128 Amount, long Count);

/// <summary>What kind of task waits for a party.</summary>
public enum ToDoKind
{
    /// <summary>An offer to it is open (待签收).</summary>
    Accept,

    /// <summary>A measure against it, or against one that it brought in, can still be contested (异议期).</summary>
    Contest,

    /// <summary>A claim is to be confirmed (待确权).</summary>
    Confirm,

    /// <summary>A financing waits for its financier's review (待复核).</summary>
    Review,

    /// <summary>Money is announced to it, or to one whose account it holds (待确认到账).</summary>
    ConfirmPayment,

    /// <summary>A debt is due or overdue (待还款).</summary>
    Pay,

    /// <summary>A financing of its own has ended or ends today (待还款).</summary>
    Repay,

    /// <summary>Units that it holds or money that it lent come due within seven days (即将到期).</summary>
    DueIn7Days,

    /// <summary>The same within thirty days.</summary>
    DueIn30Days,
}

/// <summary>A task of a party: about what, with whom, how much (nothing where no money is named), and until when.</summary>
public sealed record ToDo(
    ToDoKind Kind, string Noun, UInt128 Id, PartyId Counterparty, (Currency Currency, Amount Amount)? Money, Timestamp? Until, DateOnly? Due, bool IsOverdue);

/// <summary>How alike two documents are: 3 the same total and day, 2 the same total or nearly the same on the same day, 1 nearly the same.</summary>
public sealed record NearMatch(ulong Number, Id<Document> One, Id<Document> Other, int Grade, ulong Height);

/// <summary>What a search found: of which type, under which key it is read again, why it matched, and in words for people.</summary>
public sealed record Hit(string Type, string Key, string Why, string Text);
