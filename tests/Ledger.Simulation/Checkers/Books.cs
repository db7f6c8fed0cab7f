using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;

namespace Ledger.Simulation.Checkers;

/// <summary>
/// Conservation, and that nothing is pledged twice, kept from the accepted acts alone: every unit with its holder, every document with what was raised on it. Where the ledger takes an act that
/// these books cannot bear, or its state says otherwise, one of them is wrong.
/// </summary>
sealed class Books
{
    readonly Dictionary<Id<Document>, (ulong Total, ulong Used)> documents = [];
    readonly HashSet<Fingerprint> numbers = [];
    readonly Dictionary<Id<Instrument>, PartyId[]> units = [];
    readonly Dictionary<Id<Offer>, Deal> deals = [];

    public int Entries { get; private set; }

    public int Refused { get; private set; }

    public void Enter(Transaction act, Refusal code)
    {
        Entries++;
        if (code != Refusal.None)
        {
            Refused++;
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
                    break;
                case AcceptOffer accept when deals.Remove(accept.Offer, out var deal):
                    Move(deal);
                    break;
                default:
                    // Other acts move no units and raise nothing.
                    break;
            }
        }
    }

    public void Balance(LedgerState state)
    {
        foreach (var (id, holders) in units)
        {
            var next = 1UL;
            foreach (var token in state.Tokens(id) is { } tokens ? tokens.Span : throw new BrokenPromise($"Instrument {id} is gone."))
            {
                if (token.Units.First != next || token.Units.Last > (ulong)holders.Length) throw new BrokenPromise($"The units of {id} do not follow each other at {next}.");
                for (; next <= token.Units.Last; next++)
                {
                    if (holders[next - 1] != token.Holder) throw new BrokenPromise($"Unit {next} of {id} is {token.Holder}'s, and by the books {holders[next - 1]}'s.");
                }
            }

            if (next != (ulong)holders.Length + 1) throw new BrokenPromise($"{id} has {next - 1} units, and by the books {holders.Length}.");
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

    void Move(Deal deal)
    {
        if (deal.IsIssue)
        {
            if (!units.TryAdd(deal.Instrument, [.. Enumerable.Repeat(deal.To, (int)deal.Units.Length)])) throw new BrokenPromise($"{deal.Instrument} was issued twice.");
            return;
        }

        var holders = units[deal.Instrument];
        for (var unit = deal.Units.First; unit <= deal.Units.Last; unit++)
        {
            if (holders[unit - 1] != deal.From) throw new BrokenPromise($"Unit {unit} of {deal.Instrument} went from {deal.From}, and is {holders[unit - 1]}'s.");
            holders[unit - 1] = deal.To;
        }
    }

    sealed record Deal(Id<Instrument> Instrument, PartyId From, PartyId To, Interval Units, bool IsIssue);
}
