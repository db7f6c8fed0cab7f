using FsCheck;
using FsCheck.Fluent;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Tests.Rules.Bills;
using static Ledger.Tests.World;
using Interval = Ledger.Core.Primitives.Interval;

namespace Ledger.Tests.Laws;

/// <summary>
/// Random histories of one bill: its intervals partition the package, each stands at a pair that the table knows, and no act takes a unit
/// from one pair to another that the table does not lead to. The same holds whether the ledger is the register or is told by one.
/// </summary>
public class BillLawTests
{
    const int Longest = 50;

    static readonly BillPair[] Known = [.. BillTransitions.All.SelectMany(row => new[] { row.Before, row.After }).Distinct()];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_bill_goes_only_ways_that_the_table_knows(bool atRegister)
    {
        using var story = new BillStory(atRegister) { Drawer = D };
        story.Issue();
        var seen = new HashSet<BillPair>();
        var done = new HashSet<Type>();

        Check.One(Thorough.Config, Prop.ForAll(Arb.From(Histories), seeds =>
        {
            var bill = new Walk(story);
            foreach (var seed in seeds)
            {
                bill.Step(seed);
                seen.UnionWith(bill.Pairs());
            }

            done.UnionWith(bill.Done);
        }));

        // A law about histories that nothing happens in would say nothing.
        Assert.Empty(new[] { BillStory.Free, BillStory.Locked, BillStory.Marked, BillStory.Pledged, BillStory.Presented, BillStory.InRecourse, BillStory.Settled }.Except(seen));
        Assert.Empty(new[]
        {
            typeof(Transfer), typeof(PledgeBill), typeof(ReleaseBillPledge), typeof(GuaranteeBill), typeof(AllowTransfer), typeof(PresentBill), typeof(AskRecourse),
            typeof(SettleRecourse), typeof(AcceptOffer), typeof(DeclineOffer), typeof(WithdrawOffer),
        }.Except(done));
        if (atRegister) Assert.Empty(new[] { typeof(AttestBill), typeof(ReconcileBill) }.Except(done));
    }

    static readonly Gen<int[]> Histories = Gen.Choose(1, Longest).SelectMany(length => Gen.Choose(0, int.MaxValue).ArrayOf(length));

    /// <summary>One history, from the delivered bill on; nothing of it reaches the story that it began with.</summary>
    sealed class Walk(BillStory story)
    {
        static readonly PartyId[] Holders = [A, B, D];
        static readonly PartyId[] Everybody = [A, B, D, C, X, Y];

        LedgerState state = story.State;
        ulong next = 1_000_000_000;

        public HashSet<Type> Done { get; } = [];

        public BillPair[] Pairs() => [.. TokensNow.Select(token => Rulebook.BillStatusOf(state, Bill, token))];

        Instrument Bill => state.Instrument(story.Bill)!;

        Token[] TokensNow => state.Tokens(story.Bill)!.Span.ToArray();

        public void Step(int seed)
        {
            var chance = new Random(seed);
            var before = PairOfEachUnit();
            if (chance.Next(7) == 0)
            {
                Pass(chance.Next(3) == 0 ? Timestamp.Day * chance.Next(1, 90) : Timestamp.Hour * chance.Next(1, 60));
                Stands();
                return;
            }

            var (by, operation) = Act(chance);
            var events = Submit(by, operation);
            Stands();
            if (events.Any(happened => happened is BillMismatched or BillReconciled)) return;
            foreach (var (was, now) in before.Zip(PairOfEachUnit()))
                Assert.True(was == now || BillTransitions.Allows(was, now), $"{operation}: {was} -> {now}");
        }

        void Stands()
        {
            ulong end = 0;
            foreach (var token in TokensNow)
            {
                Assert.Equal(end + 1, token.Units.First);
                end = token.Units.Last;
                Assert.Contains(Rulebook.BillStatusOf(state, Bill, token), Known);
            }

            Assert.Equal(Bill.Face.Minor, end);
        }

        BillPair[] PairOfEachUnit() =>
            [.. TokensNow.SelectMany(token => Enumerable.Repeat(Rulebook.BillStatusOf(state, Bill, token), (int)token.Units.Length))];

        ValueList<LedgerEvent> Submit(PartyId by, Operation operation)
        {
            var transaction = new Transaction(by, null, new(next++), state.Now.Add(5 * Timestamp.Minute), [operation]);
            ValueList<KeyId> signers = operation is ReconcileBill ? [Key(by), Key(X)] : [Key(by)];
            var decision = Rulebook.Decide(state, new(transaction, default, new(1, next), new(2, next), [.. signers.Distinct()], default));
            state = decision.After.WithoutChanges();
            if (decision.IsAccepted) Done.Add(operation.GetType());
            return decision.Events;
        }

        void Pass(long milliseconds)
        {
            state = state.At(state.Height + 1, state.Now.Add(milliseconds));
            while (state.NextDeadline is { } due && due.At <= state.Now) state = Rulebook.Apply(state, Rulebook.Fire(due));
        }

        (PartyId, Operation) Act(Random chance)
        {
            var token = Pick(chance, TokensNow);
            var units = Part(chance, token.Units);
            var bearer = token.Encumbrances.FirstOrDefault(burden => burden.Kind == EncumbranceKind.Pledge) is { Beneficiary.Text: not null } pledge ? pledge.Beneficiary : token.Holder;
            var offers = state.AllOffers.Where(one => one.Instrument == story.Bill).OrderBy(one => one.Id).ToArray();
            var offer = Pick(chance, offers);
            if (offers.Where(one => one.Status is OfferStatus.Open or OfferStatus.AwaitsRegister).ToArray() is { Length: > 0 } live && chance.Next(8) > 0) offer = Pick(chance, live);
            var id = new Id<Offer>(next++);
            var until = state.Now.CeilingMinute().Add(Timestamp.Hour * chance.Next(1, 100));
            var other = Pick(chance, Holders);
            return chance.Next(20) switch
            {
                < 3 => (token.Holder, Endorsement(chance, id, token.Holder, chance.Next(12) == 0 ? C : other, units, until)),
                3 => (token.Holder, new PledgeBill(id, story.Bill, units, Pick(chance, X, Y), until)),
                4 => (token.Holder, new GuaranteeBill(id, story.Bill, units, Pick(chance, X, Y), until)),
                5 => Pick(chance, [.. offers.Where(one => one.Kind == OfferKind.BillPledge), offer]) is var pledged ? (pledged.To, new ReleaseBillPledge(id, pledged.Id)) : default,
                6 => (token.Leg.From, new AllowTransfer(id, story.Bill, units)),
                < 9 => (bearer, new PresentBill(id, story.Bill, units, until, chance.Next(2) == 0 ? null : new(3, 3))),
                < 11 => (bearer, new AskRecourse(id, story.Bill, units, Pick(chance, Everybody), until)),
                11 => Pick(chance, [.. offers.Where(one => one.Kind == OfferKind.Recourse), offer]) is var recourse ? (X, new SettleRecourse(recourse.Id, $"R{next++}")) : default,
                < 16 when offer.Status == OfferStatus.AwaitsRegister => Told(chance, offer),
                < 16 => (offer.To, new AcceptOffer(offer.Id)),
                16 => (offer.To, new DeclineOffer(offer.Id)),
                17 => (offer.From, new WithdrawOffer(offer.Id)),
                18 => Told(chance, offer),
                _ => Messages.Length > 0 ? (Y, new ReconcileBill(Pick(chance, Messages), X, chance.Next(2) == 0 ? null : offer.Id)) : Told(chance, offer),
            };
        }

        Transfer Endorsement(Random chance, Id<Offer> id, PartyId from, PartyId to, Interval units, Timestamp until) => new(
            id, story.Bill, to, TransferCause.Trade, Recourse: true, [Invoice(from, to, units)], until, units, NotTransferable: chance.Next(3) == 0 ? true : null);

        // Papers are another law's matter: each endorsement finds its own.
        DocumentUse Invoice(PartyId from, PartyId to, Interval units)
        {
            var id = new Id<Document>(next++);
            state = state.With(new Document(
                id, DocumentKind.Invoice, to, from, Currency.Cny, units.Amount, state.Today, default, [], X, state.Now, Amount.Zero, Amount.Zero, Amount.Zero, []));
            return new(id, units.Amount);
        }

        // Mostly what the register would say of an instruction, sometimes anything.
        (PartyId, Operation) Told(Random chance, Offer offer)
        {
            var units = chance.Next(10) == 0 ? Part(chance, new(1, BillStory.Face)) : offer.Units[0];
            var before = Rulebook.BillStatusOf(state, Bill, state.Tokens(story.Bill)!.Touching(units)[0]);
            var after = Pick(chance, [.. BillTransitions.All.Where(row => BillTransitions.Agree(row.Before, before)).Select(row => row.After), before]);
            return (Y, new AttestBill(
                $"M{next++}", story.Bill, units, after.Status, after.Flow, chance.Next(5) > 0, before.Status, before.Flow, chance.Next(6) == 0 ? null : offer.Id));
        }

        string[] Messages => [.. Enumerable.Range(0, (int)(next - 1_000_000_000)).Select(n => $"M{1_000_000_000UL + (ulong)n}").Where(id => state.Message(id) is not null)];

        static Interval Part(Random chance, Interval units)
        {
            if (chance.Next(3) > 0) return units;
            var first = units.First + (ulong)chance.NextInt64((long)units.Length);
            return new(first, first + (ulong)chance.NextInt64((long)(units.Last - first + 1)));
        }

        static T Pick<T>(Random chance, params T[] choices) => choices[chance.Next(choices.Length)];
    }
}
