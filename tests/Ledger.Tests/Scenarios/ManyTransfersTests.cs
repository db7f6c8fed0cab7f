using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.World;

namespace Ledger.Tests.Scenarios;

/// <summary>
/// A thousand splits of one certificate to a hundred holders, and everything flows back: never more tokens than runs of one leg, at every step a
/// partition of the face, and in the end one token in one hand.
/// </summary>
public class ManyTransfersTests
{
    const ulong Face = 100_000_000;
    const int Holders = 100;

    [Fact]
    public void Everything_that_was_split_flows_together_again()
    {
        using var world = new World();
        var chance = new Random(20_260_325);
        var note = world.Certificate(A, Face);
        var holders = Enumerable.Range(0, Holders).Select(number => Client.Invoices.FictionalUscc.Of("310115", number)).ToArray();
        var state = world.State;
        foreach (var holder in holders) state = state.With(Member(holder)).With(KeyOf(holder));
        var ids = 10_000u;

        // Whom each unit's run came to and by which act, kept as a list of cuts: what the ledger's tokens may at most be.
        var runs = new SortedDictionary<ulong, (PartyId Holder, Id<Offer> Act)> { [1] = (A, world.Tokens(note)[0].Leg.Act) };

        for (var splits = 0; splits < 1_000;)
        {
            var tokens = Tokens();
            var from = tokens[chance.Next(tokens.Length)];
            var to = holders[chance.Next(Holders)];
            if (to == from.Holder) continue;
            var first = from.Units.First + (ulong)chance.NextInt64((long)from.Units.Length);
            var last = first + (ulong)chance.NextInt64((long)(from.Units.Last - first + 1));

            // Who has much small change hands it on in whole tokens.
            Moves(from.Holder, to, tokens.Count(token => token.Holder == from.Holder) > 12 ? from.Units : new(first, last));
            splits++;
        }

        Assert.True(Tokens().Length > Holders);
        Assert.All(holders, holder => Assert.Contains(Tokens(), token => token.Holder == holder));

        while (Tokens().FirstOrDefault(token => token.Holder != D) is { } token) Moves(token.Holder, D, token.Units);
        Assert.All(Tokens(), token => Assert.Equal(D, token.Holder));

        Moves(D, B, new(1, Face));
        Assert.Equal((B, new(1, Face)), (Assert.Single(Tokens()).Holder, Tokens()[0].Units));

        Token[] Tokens() => Assert.IsType<Core.Instruments.Tokens>(state.Tokens(note)).Span.ToArray();

        void Moves(PartyId from, PartyId to, Interval units)
        {
            var document = world.Named<Document>(++ids);
            var offer = world.Named<Offer>(++ids);
            state = state.With(new Document(
                document, DocumentKind.Invoice, to, from, Currency.Cny, units.Amount, state.Today, new(1, 1), [new("invoice", 1, new(5, ids))], [], [], X, to, state.Now,
                Amount.Zero, Amount.Zero, Amount.Zero, []));
            Decide(from, new Transfer(offer, note, to, TransferCause.Trade, Recourse: false, [new(document, units.Amount)], world.Tomorrow, units));
            Decide(to, new AcceptOffer(offer));

            Cut(units.First);
            if (units.Last < Face) Cut(units.Last + 1);
            foreach (var start in runs.Keys.Where(start => start > units.First && start <= units.Last).ToArray()) runs.Remove(start);
            runs[units.First] = (to, offer);
            Partition();
        }

        void Cut(ulong unit)
        {
            if (!runs.ContainsKey(unit)) runs[unit] = runs.Last(run => run.Key < unit).Value;
        }

        // The members hold no keys of their own here: a thousand signatures would prove nothing about tokens.
        void Decide(PartyId by, Operation operation)
        {
            var transaction = new Transaction(by, null, new(++ids), state.Now.Add(1), [operation]);
            var decision = Rulebook.Decide(state, new(transaction, default, new(1, ids), new(2, ids), [Key(by)], default));
            Assert.Equal(Refusal.None, decision.Code);
            state = decision.After.WithoutChanges();
        }

        void Partition()
        {
            var tokens = Tokens();
            Assert.True(tokens.Length <= runs.Count, "more tokens than runs of one leg");
            Assert.True(runs.Select(run => (run.Key, run.Value.Holder, run.Value.Act)).SequenceEqual(tokens.Select(token => (token.Units.First, token.Holder, token.Leg.Act))));
            Assert.Equal(Face, tokens.Aggregate(0UL, (sum, token) => sum + token.Units.Length));
            Assert.Equal(Face, tokens[^1].Units.Last);
        }
    }

    static PartyKey KeyOf(PartyId id) => new(
        Key(id), new(System.Text.Encoding.ASCII.GetBytes(id.Text)), KeyUse.Signing, KeyRole.Maker, "li.si", default, PartyKey.Forever, 0);

    static Party Member(PartyId id) => new(
        id, "示例持有人", Roles.Supplier, "310115", SizeClass.Small, "", X, Standing.Active, 1, default, [], RegisteredOn: default);
}
