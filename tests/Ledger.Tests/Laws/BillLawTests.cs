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

        Check.One(Thorough.Config, Prop.ForAll(Seeds.UpTo(Longest), seeds =>
        {
            var bill = new Walk(story, seeds[0]);
            foreach (var seed in seeds) bill.Step(seed);
        }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Histories_reach_what_they_are_about(bool atRegister)
    {
        using var story = new BillStory(atRegister) { Drawer = D };
        story.Issue();
        var seen = new HashSet<BillPair>();
        var done = new HashSet<Type>();
        for (var round = 0; round < 100; round++)
        {
            var bill = new Walk(story, round);
            for (var step = 0; step < Longest; step++)
            {
                bill.Step((round * 1_000) + step);
                seen.UnionWith(bill.Pairs());
            }

            done.UnionWith(bill.Done);
        }

        Assert.Empty(new[] { BillStory.Free, BillStory.Locked, BillStory.Marked, BillStory.Pledged, BillStory.Presented, BillStory.InRecourse, BillStory.Settled }.Except(seen));
        Assert.Empty(new[]
        {
            typeof(Transfer), typeof(PledgeBill), typeof(ReleaseBillPledge), typeof(GuaranteeBill), typeof(AllowTransfer), typeof(PresentBill), typeof(AskRecourse),
            typeof(SettleRecourse), typeof(AcceptOffer), typeof(DeclineOffer), typeof(WithdrawOffer),
        }.Except(done));
        if (atRegister) Assert.Empty(new[] { typeof(AttestBill), typeof(ReconcileBill) }.Except(done));
    }

    /// <summary>One history, from the delivered bill on; nothing of it reaches the story that it began with.</summary>
    sealed class Walk
    {
        static readonly PartyId[] Holders = [A, B, D];
        static readonly PartyId[] Everybody = [A, B, D, C, X, Y];

        readonly BillStory story;
        LedgerState state;
        ulong next = 1_000_000_000;

        // Some begin with the bill, some near its maturity and some on the day.
        public Walk(BillStory story, int kind)
        {
            this.story = story;
            state = story.State;
            if (kind % 3 > 0) Pass(At(BillStory.Maturity).UnixMilliseconds - state.Now.UnixMilliseconds - (kind % 3 == 1 ? 3 * Timestamp.Day : 0));
        }

        public HashSet<Type> Done { get; } = [];

        public BillPair[] Pairs() => [.. TokensNow.Select(token => Rulebook.BillStatusOf(state, Bill, token))];

        Instrument Bill => state.Instrument(story.Bill)!;

        Token[] TokensNow => state.Tokens(story.Bill)!.Span.ToArray();

        public void Step(int seed)
        {
            var chance = new Random(seed);
            var before = PairsNow();
            if (chance.Next(7) == 0)
            {
                Pass(chance.Next(3) == 0 ? Timestamp.Day * chance.Next(1, 90) : Timestamp.Hour * chance.Next(1, 60));
                Stands();
                return;
            }

            var (by, operation) = Act(chance);
            Submit(by, operation);
            Stands();
            var after = PairsNow();
            foreach (var (units, was) in before)
            {
                foreach (var (_, now) in after.Where(run => run.Units.Overlaps(units)))
                    Assert.True(was is null || now is null || was == now || BillTransitions.Allows(was.Value, now.Value), $"{operation}: {was} -> {now}");
            }
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

        // What differs from the register is locked over whatever it was, and set by reconciliation: the table does not speak of it.
        (Interval Units, BillPair? Pair)[] PairsNow() => [.. TokensNow.Select(token => (
            token.Units, token.Encumbrances.Any(burden => burden.Kind == EncumbranceKind.Mismatch) ? (BillPair?)null : Rulebook.BillStatusOf(state, Bill, token)))];

        void Submit(PartyId by, Operation operation)
        {
            var transaction = new Transaction(by, null, new(next++), state.Now.Add(5 * Timestamp.Minute), [operation]);
            ValueList<KeyId> signers = operation is ReconcileBill ? [Key(by), Key(X)] : [Key(by)];
            var decision = Rulebook.Decide(state, new(transaction, default, new(1, next), new(2, next), [.. signers.Distinct()], default));
            state = decision.After.WithoutChanges();
            if (decision.IsAccepted) Done.Add(operation.GetType());
        }

        void Pass(long milliseconds)
        {
            state = state.At(state.Height + 1, state.Now.Add(milliseconds));
            while (state.NextDeadline is { } due && due.At <= state.Now) state = Rulebook.Fire(state, due).Enact(state);
        }

        (PartyId, Operation) Act(Random chance)
        {
            var token = Pick(chance, TokensNow);
            var units = Part(chance, token.Units);
            var bearer = token.Encumbrances.FirstOrDefault(burden => burden.Kind == EncumbranceKind.Pledge) is { Beneficiary.Text: not null } pledge ? pledge.Beneficiary : token.Holder;
            var offers = state.AllOffers.Where(one => one.Instrument == story.Bill).OrderBy(one => one.Id).ToArray();
            var offer = Pick(chance, offers);
            if (offers.Where(one => one.Status is OfferStatus.Open or OfferStatus.AwaitsRegister).ToArray() is { Length: > 0 } live && chance.Next(8) > 0) offer = Pick(chance, live);
            var id = new Id<Offer>(Uuid7.Of(state.Now, next++));
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
                11 => Pick(chance, [.. Agreed(offers), offer]) is var recourse ? (recourse.From == D ? Y : X, new SettleRecourse(recourse.Id, $"R{next++}")) : default,
                < 16 when offer.Status == OfferStatus.AwaitsRegister => Told(chance, offer),
                < 16 => (offer.To, new AcceptOffer(offer.Id)),
                16 => (offer.To, new DeclineOffer(offer.Id)),
                17 => (offer.From, new WithdrawOffer(offer.Id)),
                18 when chance.Next(4) == 0 => Told(chance, offer),
                18 => (offer.To, new AcceptOffer(offer.Id)),
                _ => Messages.Length > 0 ? (Y, new ReconcileBill(Pick(chance, Messages), X, chance.Next(2) == 0 ? null : offer.Id)) : Told(chance, offer),
            };
        }

        static IEnumerable<Offer> Agreed(Offer[] offers) => offers.Where(one => one is { Kind: OfferKind.Recourse, Status: OfferStatus.Accepted });

        Transfer Endorsement(Random chance, Id<Offer> id, PartyId from, PartyId to, Interval units, Timestamp until) => new(
            id, story.Bill, to, TransferCause.Trade, Recourse: true, [Invoice(from, to, units)], until, units, NotTransferable: chance.Next(3) == 0 ? true : null);

        // Papers are another law's matter: each endorsement finds its own.
        DocumentUse Invoice(PartyId from, PartyId to, Interval units)
        {
            var id = new Id<Document>(Uuid7.Of(state.Now, next++));
            state = state.With(new Document(
                id, DocumentKind.Invoice, to, from, Currency.Cny, units.Amount, state.Today, default, [], [], [], X, to, state.Now, Amount.Zero, Amount.Zero, Amount.Zero, []));
            return new(id, units.Amount);
        }

        // Mostly what the register would say of an instruction, sometimes anything.
        (PartyId, Operation) Told(Random chance, Offer offer)
        {
            var units = chance.Next(25) == 0 ? Part(chance, new(1, BillStory.Face)) : offer.Units[0];
            var before = Rulebook.BillStatusOf(state, Bill, state.Tokens(story.Bill)!.Touching(units)[0]);
            var done = chance.Next(5) > 0;
            var after = chance.Next(12) > 0
                ? (done ? Right(offer, before) : Undone(offer, before))
                : Pick(chance, [.. BillTransitions.All.Where(row => BillTransitions.Agree(row.Before, before)).Select(row => row.After), before]);
            return (Y, new AttestBill(
                $"M{next++}", story.Bill, units, after.Status, after.Flow, done, before.Status, before.Flow, chance.Next(15) == 0 ? null : offer.Id));
        }

        BillPair Right(Offer offer, BillPair before)
        {
            var isMarked = state.Tokens(story.Bill)!.Touching(offer.Units[0])[0].Encumbrances.Any(burden => burden.Kind == EncumbranceKind.NotTransferable);
            return offer.Kind switch
            {
                OfferKind.Transfer or OfferKind.Recourse when offer.To == C => BillStory.Settled,
                OfferKind.Presentation => BillStory.Settled,
                OfferKind.BillPledge => BillStory.Pledged,
                OfferKind.Recourse => BillStory.InRecourse,
                OfferKind.PledgeRelease when before.Flow == BillFlow.InRecourse => BillStory.InRecourse,
                OfferKind.Transfer or OfferKind.Guarantee when isMarked => BillStory.Marked,
                _ => BillStory.Free,
            };
        }

        BillPair Undone(Offer offer, BillPair before) => offer.Kind switch
        {
            OfferKind.Transfer or OfferKind.BillPledge => BillStory.Free,
            OfferKind.Guarantee => Right(offer, before),
            OfferKind.Presentation => BillStory.InRecourse,
            _ => before,
        };

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
