using Ledger.Core.DoublePledge;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;

namespace Ledger.Simulation.Checkers;

/// <summary>
/// Conservation, and that nothing is pledged twice, kept from the accepted acts alone: every unit with its holder and with whom it is promised to, every document with what was raised on it. Where the ledger takes an act that
/// these books cannot bear, or its state says otherwise, one of them is wrong.
/// </summary>
/// <param name="reserved">For how long units stay promised to a bank that decides nothing.</param>
sealed class Books(long reserved)
{
    readonly Dictionary<Id<Document>, (ulong Total, ulong Used)> documents = [];
    readonly HashSet<Fingerprint> numbers = [];
    readonly Dictionary<Id<Instrument>, Unit[]> units = [];
    readonly Dictionary<Id<Offer>, Deal> deals = [];
    readonly Dictionary<Id<Financing>, (Id<Instrument> Instrument, Interval Units, Timestamp Until)> loans = [];
    Timestamp now;

    public int Entries { get; private set; }

    public int Refused { get; private set; }

    /// <summary>Those among them that wanted what was taken.</summary>
    public int Attempts { get; private set; }

    /// <summary>How often units were promised to a bank that is to lend on them.</summary>
    public int Reserved { get; private set; }

    /// <summary>How often none decided in time.</summary>
    public int Lapsed { get; private set; }

    /// <summary>A block begins: what was promised until then is promised no more.</summary>
    public void Open(Timestamp time)
    {
        now = time;
        foreach (var over in loans.Where(one => one.Value.Until <= time).Select(static one => one.Key).ToArray())
        {
            LetGo(over);
            Lapsed++;
        }
    }

    public void Enter(Transaction act, Refusal code)
    {
        Entries++;
        if (code != Refusal.None)
        {
            Refused++;
            if (DoublePledgeCheck.IsAttempt(code)) Attempts++;
            return;
        }

        foreach (var operation in act.Operations)
        {
            switch (operation)
            {
                case AttestDocument attest:
                    if (!attest.Fingerprints.All(numbers.Add)) throw new BrokenPromise($"Document {attest.Document} was taken, and its number stands in the books.");
                    documents[attest.Document] = (attest.Total.Minor, 0);
                    break;
                case IssueReceivable issue:
                    foreach (var use in issue.Documents) Raise(use);
                    deals[issue.Offer] = new(issue.Instrument, act.Party, issue.Creditor, new(1, issue.Amount.Minor), IsIssue: true);
                    break;
                case Transfer { Units: { } moved } transfer:
                    foreach (var use in transfer.Documents) Raise(use);
                    deals[transfer.Offer] = new(transfer.Instrument, act.Party, transfer.To, moved, IsIssue: false);
                    Promise(transfer.Instrument, moved, act.Party, transfer.Offer.Value);
                    break;
                case ApplyForFinancing { Units: { } asked } apply:
                    Reserved++;
                    loans[apply.Financing] = (apply.Instrument, asked, now.Add(reserved).CeilingMinute());
                    Promise(apply.Instrument, asked, act.Party, apply.Financing.Value);
                    break;
                case WithdrawFinancing withdraw:
                    LetGo(withdraw.Financing);
                    break;
                case ReleaseFinancing release:
                    LetGo(release.Financing);
                    break;
                case AcceptOffer accept when deals.Remove(accept.Offer, out var deal):
                    Move(deal, accept.Offer.Value);
                    break;
                default:
                    // Other acts move no units and raise nothing.
                    break;
            }
        }
    }

    public void Balance(LedgerState state)
    {
        foreach (var (id, all) in units)
        {
            var next = 1UL;
            foreach (var token in state.Tokens(id) is { } tokens ? tokens.Span : throw new BrokenPromise($"Instrument {id} is gone."))
            {
                if (token.Units.First != next || token.Units.Last > (ulong)all.Length) throw new BrokenPromise($"The units of {id} do not follow each other at {next}.");
                for (; next <= token.Units.Last; next++)
                {
                    var (holder, promised) = all[next - 1];
                    if (holder != token.Holder) throw new BrokenPromise($"Unit {next} of {id} is {token.Holder}'s, and by the books {holder}'s.");
                    if (promised is { } to ? token.Encumbrances is not [var burden] || burden.Reference != to : token.Encumbrances.Count > 0)
                        throw new BrokenPromise($"Unit {next} of {id} is promised {token.Encumbrances.Count} times, and by the books to {promised?.ToString() ?? "nobody"}.");
                }
            }

            if (next != (ulong)all.Length + 1) throw new BrokenPromise($"{id} has {next - 1} units, and by the books {all.Length}.");
        }

        foreach (var (id, (total, used)) in documents)
        {
            if (state.Document(id) is not { } document || document.Total.Minor != total || document.Taken.Minor != used) throw new BrokenPromise($"Document {id} does not stand as in the books.");
        }
    }

    void Raise(DocumentUse use)
    {
        var (total, used) = documents[use.Document];
        if (used + use.Amount.Minor > total) throw new BrokenPromise($"On document {use.Document} of {total} more than that was raised: {used} and {use.Amount.Minor}.");
        documents[use.Document] = (total, used + use.Amount.Minor);
    }

    void Promise(Id<Instrument> instrument, Interval asked, PartyId from, UInt128 to)
    {
        var all = units[instrument];
        for (var unit = asked.First; unit <= asked.Last; unit++)
        {
            if (all[unit - 1] is var now && now != new Unit(from, null)) throw new BrokenPromise($"Unit {unit} of {instrument} was promised by {from}, and is {now.Holder}'s, promised to {now.Promised?.ToString() ?? "nobody"}.");
            all[unit - 1] = new(from, to);
        }
    }

    void LetGo(Id<Financing> financing)
    {
        if (!loans.Remove(financing, out var loan)) throw new BrokenPromise($"Financing {financing} ended twice.");
        for (var unit = loan.Units.First; unit <= loan.Units.Last; unit++)
        {
            ref var one = ref units[loan.Instrument][unit - 1];
            if (one.Promised != financing.Value) throw new BrokenPromise($"Unit {unit} of {loan.Instrument} was let go by {financing}, and is promised to {one.Promised?.ToString() ?? "nobody"}.");
            one = new(one.Holder, null);
        }
    }

    void Move(Deal deal, UInt128 offer)
    {
        if (deal.IsIssue)
        {
            if (!units.TryAdd(deal.Instrument, [.. Enumerable.Repeat(new Unit(deal.To, null), (int)deal.Units.Length)])) throw new BrokenPromise($"{deal.Instrument} was issued twice.");
            return;
        }

        var all = units[deal.Instrument];
        for (var unit = deal.Units.First; unit <= deal.Units.Last; unit++)
        {
            if (all[unit - 1] is var now && now != new Unit(deal.From, offer))
                throw new BrokenPromise($"Unit {unit} of {deal.Instrument} went from {deal.From}, and is {now.Holder}'s, promised to {now.Promised?.ToString() ?? "nobody"}.");
            all[unit - 1] = new(deal.To, null);
        }
    }

    // Whose it is, and the offer or the financing that has it, if any.
    readonly record struct Unit(PartyId Holder, UInt128? Promised);

    sealed record Deal(Id<Instrument> Instrument, PartyId From, PartyId To, Interval Units, bool IsIssue);
}
