using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.State;
using Ledger.Node.Views;
using Ledger.Tests.Replay;
using static Ledger.Tests.Replay.DemoChain;

namespace Ledger.Tests.Views;

/// <summary>Every list at every height is what the ledger's own state of that height says, however the story went.</summary>
public sealed class HeightTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Lists_sums_and_things_of_any_height_are_those_of_the_state_of_then(int seed)
    {
        using var chain = WithMembers();
        using var views = TestViews.Open(chain.Genesis);
        Wander(chain, new Random(seed));
        var states = new List<LedgerState> { chain.Genesis.State() };
        var fold = new Fold(chain.Genesis);
        foreach (var block in chain.Blocks.Skip(1))
        {
            var folded = Assert.IsType<FoldedBlock>(fold.Repeat(block, verifySignatures: false, out _));
            states.Add(folded.State);
            views.Take(folded);
        }

        views.ReachForSure(fold.Last.Header.Height);
        for (var height = 0UL; height < (ulong)states.Count; height++) Compare(views, states[(int)height], height, chain);
    }

    static void Compare(LedgerViews views, LedgerState state, ulong height, DemoChain chain)
    {
        foreach (var party in (ReadOnlySpan<PartyId>)[Obligor, Supplier, SecondTier, chain.BankA, chain.BankB])
        {
            Assert.Equal(Held(state, party), Names(views.Held(party, height)));
            Same(state.AllOffers.Where(offer => offer.Status == OfferStatus.Open && offer.To == party).Select(offer => offer.Id), views.OpenOffersTo(party, height));
            Same(state.AllOffers.Where(offer => offer.Status == OfferStatus.Open && offer.From == party).Select(offer => offer.Id), views.OpenOffersFrom(party, height));
            Same(state.AllInstruments.Where(one => one.Obligor == party).Select(one => one.Id), views.InstrumentsOwedBy(party, height));
            Same(state.AllInstruments.Where(one => one.Creditor == party).Select(one => one.Id), views.InstrumentsOwedTo(party, height));
            Same(state.AllDocuments.Where(one => one.Seller == party).Select(one => one.Id), views.DocumentsSoldBy(party, height));

            // In pages of two the list is the same.
            var whole = views.OpenOffersTo(party, height);
            var paged = new List<Id<Offer>>();
            for (var page = views.OpenOffersTo(party, height, new(0, 2)); page.Count > 0; page = views.OpenOffersTo(party, height, new(page[^1].Value, 2))) paged.AddRange(page);
            Assert.Equal(whole, paged);
        }

        foreach (var instrument in state.AllInstruments)
        {
            var then = views.StateAt(height, ThingRef.To(instrument.Id));
            Assert.Equal(instrument, then.Instrument(instrument.Id));
            Assert.Equal(state.Tokens(instrument.Id)?.Span.ToArray(), then.Tokens(instrument.Id)?.Span.ToArray());
        }

        foreach (var offer in state.AllOffers) Assert.Equal(offer, views.StateAt(height, ThingRef.To(offer.Id)).Offer(offer.Id));
        foreach (var party in state.AllParties) Assert.Equal(party, views.StateAt(height, ThingRef.To(party.Id)).Party(party.Id));

        var live = state.AllInstruments.SelectMany(one => state.Tokens(one.Id)?.Span.ToArray() ?? []).Where(token => token.State == UnitState.Live)
            .Aggregate(Int128.Zero, static (sum, token) => sum + token.Units.Length);
        Assert.Equal(live, Figure(views, "outstanding", height));
        var issued = state.AllInstruments.Where(one => one.Status is InstrumentStatus.Active or InstrumentStatus.Settled or InstrumentStatus.Cancelled && state.Tokens(one.Id) is not null).ToArray();
        Assert.Equal(issued.Length, (int)Figure(views, "instruments", height));
        Assert.Equal(issued.Aggregate(Int128.Zero, static (sum, one) => sum + one.Face.Minor), Figure(views, "issued", height));
        Assert.Equal(state.AllParties.Count(), (int)Figure(views, "parties", height));
    }

    static Int128 Figure(LedgerViews views, string metric, ulong height) =>
        views.Statistics(new(Metrics.Find(metric)!, []), height).Rows.Aggregate(Int128.Zero, static (sum, row) => sum + row.Value);

    static void Same<T>(IEnumerable<Id<T>> expected, IReadOnlyList<Id<T>> actual) => Assert.Equal(expected.Order(), actual.Order());

    static string[] Held(LedgerState state, PartyId holder) =>
    [
        .. state.AllInstruments.SelectMany(one => (state.Tokens(one.Id)?.Span.ToArray() ?? []).Where(token => token.Holder == holder && token.State == UnitState.Live)
            .SelectMany(token => Units(one.Id, token.Units))).Order(StringComparer.Ordinal),
    ];

    static string[] Names(IReadOnlyList<Holding> held) => [.. held.SelectMany(one => one.Units.SelectMany(run => Units(one.Instrument, run))).Order(StringComparer.Ordinal)];

    // Unit by unit, so that it does not matter how runs are cut.
    static IEnumerable<string> Units(Id<Instrument> instrument, Interval run)
    {
        for (var unit = run.First; unit <= run.Last; unit++) yield return $"{instrument}:{unit}";
    }

    // Instruments of a few units, offered, accepted, declined, passed on and left to expire, in blocks of any size.
    static void Wander(DemoChain chain, Random random)
    {
        PartyId[] traders = [Supplier, SecondTier];
        var pending = new List<byte[]>();
        var (documents, instruments, offers) = (0UL, new List<Id<Instrument>>(), new List<(Id<Offer> Id, PartyId To)>());
        for (var step = 0; step < 60; step++)
        {
            switch (random.Next(6))
            {
                case 0:
                    var (instrument, offer, invoice) = (Named<Instrument>(10_000 + documents), Named<Offer>(20_000 + documents), Named<Document>(30_000 + ++documents));
                    pending.Add(chain.Attest(invoice, Supplier, Obligor, 12));
                    pending.Add(chain.Issue(instrument, offer, invoice, 12));
                    instruments.Add(instrument);
                    offers.Add((offer, Supplier));
                    break;
                case 1 or 2 when offers.Count > 0:
                    var (open, to) = offers[random.Next(offers.Count)];
                    pending.Add(random.Next(4) == 0 ? chain.Sign(to, [new Core.Rules.DeclineOffer(open)]) : chain.AcceptOffer(to, open));
                    break;
                case 3 or 4 when instruments.Count > 0:
                    var from = random.Next(2);
                    var (paper, sent) = (Named<Document>(30_000 + ++documents), Named<Offer>(20_000 + documents));
                    var first = (ulong)random.Next(1, 12);
                    var units = new Interval(first, first + (ulong)random.Next(0, 13 - (int)first));
                    pending.Add(chain.Attest(paper, traders[1 - from], traders[from], 100));
                    pending.Add(chain.Transfer(instruments[random.Next(instruments.Count)], sent, traders[from], traders[1 - from], paper, units));
                    offers.Add((sent, traders[1 - from]));
                    break;
                default:
                    chain.BatchAt(chain.Now.Add(random.Next(5) == 0 ? 2 * Timestamp.Day : Timestamp.Second), [.. pending]);
                    pending.Clear();
                    break;
            }
        }

        chain.Batch([.. pending]);
    }
}
