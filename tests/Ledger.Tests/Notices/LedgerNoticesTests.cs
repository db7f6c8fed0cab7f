using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Http;
using Ledger.Node.Notices;
using Ledger.Node.Views;
using Ledger.Tests.Views;
using static Ledger.Tests.World;

namespace Ledger.Tests.Notices;

/// <summary>What a ledger tells of itself, to whom, and in which order.</summary>
public sealed class LedgerNoticesTests : IDisposable
{
    static readonly PartyId[] Everybody = [X, Y, C, A, B, D];

    readonly World world = new(Stage.Es256OverHttp, "2026-03-22 10:00:00");

    public void Dispose() => world.Dispose();

    static LedgerViews ViewsOf(World world)
    {
        var loop = world.Node.Loop;
        loop.Reader.Views.ReachForSure(loop.Reader.View.Header.Height);
        return loop.Reader.Views;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_party_is_told_what_concerns_it_and_nothing_that_it_could_not_read(int seed)
    {
        Tell(new Random(seed), acts: 45);
        var told = 0;
        foreach (var party in Everybody)
        {
            var notices = NoticesOf.Party(world, party);
            told += notices.Length;
            Assert.Equal(notices.Select(notice => notice.Id).Order(), notices.Select(notice => notice.Id));
            Assert.Equal(notices.Length, notices.Select(notice => notice.Id).Distinct().Count());

            var sight = new Sight(Caller.Of(Key(party), world.State.Party(party)!), world.Node.Loop.Reader);
            Assert.All(notices, notice => Assert.True(IsSeen(sight, notice), $"{party} is told {notice}"));

            // And whatever it signed, was offered or had offered is told.
            var entries = notices.Where(notice => notice.Id.Number == 0).Select(notice => notice.Id.Leaf).ToHashSet();
            foreach (var step in world.Node.Loop.Reader.Views.EntriesOf(party).Found)
                Assert.Equal(EntryJson.IsSeen(sight, world.Genesis, world.Node.Loop.Reader.Block(step.Height)!, step.Leaf), entries.Contains(step.Leaf));
            foreach (var offer in world.State.AllOffers.Where(offer => offer.Status == OfferStatus.Expired && (offer.From == party || offer.To == party)))
                Assert.Single(notices, notice => notice.Type == "offerClosed" && notice.Subject == offer.Id.ToString());
        }

        Assert.True(told > 100);
    }

    [Fact]
    public void That_an_offer_ran_out_is_told_to_its_sides_also_after_it_left_the_state()
    {
        using var forgetful = new World(Stage.Es256OverHttp, "2026-03-22 10:00:00", Forgetful);
        var trade = forgetful.Trade(forgetful.Certificate(A, 100), A, B, 1, 10);
        forgetful.Accepts(A, trade);
        forgetful.Until(trade.Expires);
        forgetful.Pass(31 * Timestamp.Day);
        Assert.Null(forgetful.State.Offer(trade.Offer));

        foreach (var party in new[] { A, B })
            Assert.Single(NoticesOf.Party(forgetful, party), notice => notice.Type == "offerClosed" && notice.Subject == trade.Offer.ToString());
        Assert.DoesNotContain(NoticesOf.Party(forgetful, D), notice => notice.Subject == trade.Offer.ToString());
    }

    [Fact]
    public void A_regulator_is_told_everything_and_views_made_again_tell_the_same()
    {
        Tell(new Random(7), acts: 40);
        var all = NoticesOf.Sight(world, new Sight(Caller.Open, world.Node.Loop.Reader));
        var entries = world.Node.Loop.Reader.Views.Entries().Select(step => step.Leaf).Order();
        Assert.Equal(entries, all.Where(notice => notice.Id.Number == 0).Select(notice => notice.Id.Leaf));
        Assert.Contains(all, notice => notice.Id.Number > 0);

        using var again = TestViews.Open(world.Genesis);
        again.Follow(world.Node.Loop.Reader.Block, world.Node.Loop.Reader.View.Header.Height);
        again.ReachForSure(world.Node.Loop.Reader.View.Header.Height);
        foreach (var party in Everybody.Select(party => (PartyId?)party).Prepend(null))
            Assert.Equal(world.Node.Loop.Reader.Views.HappenedAfter(party, 0, 0, 10_000).All, again.HappenedAfter(party, 0, 0, 10_000).All);
    }

    [Fact]
    public void Who_holds_units_is_told_when_they_are_frozen_and_when_time_frees_them()
    {
        var note = world.Certificate(A, 100);
        world.Hands(note, A, B, 1, 40);
        var freeze = world.Freezing(note, 30, 60);
        world.Accepts(Y, freeze, Key(X));
        world.Pass(3 * Timestamp.Day);

        foreach (var party in new[] { A, B, Y })
        {
            var notices = NoticesOf.Party(world, party);
            Assert.Single(notices, notice => notice.Type == "token.freeze");
            Assert.Equal(freeze.Freeze.ToString(), Assert.Single(notices, notice => notice.Type == "freezeLifted").Subject);
        }

        Assert.DoesNotContain(NoticesOf.Party(world, D), notice => notice.Type is "token.freeze" or "freezeLifted");
    }

    [Fact]
    public void Whose_group_a_party_is_said_to_belong_to_is_told_to_it_its_bank_and_the_controller()
    {
        world.Accepts(Y, new DeclareControl(A, C, new(7, 7)), Key(Z));

        foreach (var party in new[] { A, X, C, Y, Z }) Assert.Single(NoticesOf.Party(world, party), notice => notice.Type == "party.control");
        Assert.DoesNotContain(NoticesOf.Party(world, D), notice => notice.Type == "party.control");
        Assert.Equal(C.Text, world.Get($"/v1/parties/{A}").GetProperty("control").GetProperty("controller").GetString());
    }

    [Fact]
    public void Whoever_was_offered_units_is_told_when_a_freeze_ends_the_offer()
    {
        var trade = world.Trade(world.Certificate(A, 100), A, B, 1, 40);
        world.Accepts(A, trade);
        world.Accepts(Y, world.Freezing(trade.Instrument, 30, 60), Key(Z));

        foreach (var side in new[] { A, B }) Assert.Single(NoticesOf.Party(world, side), notice => notice.Type == "offerClosed" && notice.Subject == trade.Offer.ToString());
        Assert.DoesNotContain(NoticesOf.Party(world, D), notice => notice.Type == "offerClosed");
        Assert.DoesNotContain(NoticesOf.Party(world, B), notice => notice.Type == "token.freeze");
    }

    [Fact]
    public void Who_owes_is_told_of_every_word_about_its_payment()
    {
        var note = world.Certificate(A, 100);
        world.Hands(note, A, D, 1, 40);
        world.Until("2026-09-22 09:00:00");
        var lump = world.Receipt(note, PaymentOutcome.PartlyPaid, 50);
        world.Accepts(Y, lump);
        world.Accepts(A, new DenyPayment(lump.Payment, A, new(7, 7)));
        world.Accepts(Y, new ReturnPayment(lump.Payment, world.Reference()));
        var again = world.Receipt(note, PaymentOutcome.PartlyPaid, 50);
        world.Accepts(Y, again);
        world.Accepts(A, new ConfirmPayment(again.Payment, world.New<Payment>(), A, world.Reference()));

        foreach (var verb in new[] { "payment.deny", "payment.confirm", "payment.return" }) Assert.Single(NoticesOf.Party(world, C), notice => notice.Type == verb);
        Assert.Equal(2, NoticesOf.Party(world, C).Count(notice => notice.Type == "payment.receipt"));
    }

    [Fact]
    public void A_measure_is_told_to_whom_it_is_against_its_bank_and_who_made_it()
    {
        var note = world.Certificate(D, 100);
        var take = world.Taking(note, D, B, TransferCause.Court, 1, 100);
        world.Accepts(Z, take, Key(W));
        var other = world.Taking(world.Certificate(D, 100), D, B, TransferCause.Court, 1, 100);
        world.Accepts(Z, other, Key(W));
        foreach (var party in new[] { D, Y }) Assert.Equal(2, ViewsOf(world).ToDosOf(party).Count(toDo => toDo.Kind == ToDoKind.Contest));
        Assert.DoesNotContain(ViewsOf(world).ToDosOf(B), toDo => toDo.Kind == ToDoKind.Contest);
        world.Accepts(Y, new ContestMeasure(new(other.Offer.Value), new(4, 4)));
        world.ContestEnds();

        // Y brought D in; X keeps the account of B, which gains, and is no side.
        foreach (var party in new[] { D, Y, Z, W, B })
        {
            var notices = NoticesOf.Party(world, party);
            Assert.True(notices.Count(notice => notice.Type == "token.transfer") == 2, $"{party}: {string.Join(' ', notices.Select(notice => notice.Type))}");
            Assert.Single(notices, notice => notice.Type == "measure.contest");
            Assert.Equal(take.Offer.ToString(), Assert.Single(notices, notice => notice.Type == "measureTookEffect").Subject);
        }

        Assert.DoesNotContain(NoticesOf.Party(world, A), notice => notice.Type is "token.transfer" or "measure.contest" or "measureTookEffect");
        Assert.Equal(other.Offer.ToString(), Assert.Single(ViewsOf(world).OpenMeasuresOf(Y)).ToString());
    }

    [Fact]
    public void What_becomes_overdue_is_told_to_who_owes_it_and_to_who_holds_it()
    {
        var note = world.Certificate(A, 100);
        world.Hands(note, A, B, 1, 100);
        world.Until("2026-10-02 10:00:00");

        foreach (var party in new[] { A, B, C }) Assert.Equal(note.ToString(), Assert.Single(NoticesOf.Party(world, party), notice => notice.Type == "paymentBecameOverdue").Subject);
        Assert.DoesNotContain(NoticesOf.Party(world, D), notice => notice.Type == "paymentBecameOverdue");
    }

    [Fact]
    public void What_is_announced_is_told_to_its_payee_and_the_payees_bank_and_so_is_its_end()
    {
        var note = world.Certificate(A, 100);
        world.Hands(note, A, D, 1, 40);
        world.Until("2026-10-02 10:00:00");
        var lump = world.Receipt(note, PaymentOutcome.PartlyPaid, 50);
        world.Accepts(X, lump);
        foreach (var party in new[] { D, Y, A, X }) Assert.Single(NoticesOf.Party(world, party), notice => notice.Type == "payment.receipt");
        Assert.DoesNotContain(NoticesOf.Party(world, B), notice => notice.Type == "payment.receipt");

        world.Pass(11 * Timestamp.Day);
        foreach (var party in new[] { X, C }) Assert.Equal(lump.Payment.ToString(), Assert.Single(NoticesOf.Party(world, party), notice => notice.Type == "announcementLapsed").Subject);
        foreach (var party in new[] { D, Y }) Assert.Single(NoticesOf.Party(world, party), notice => notice.Type == "announcementLapsed");
        Assert.DoesNotContain(NoticesOf.Party(world, A), notice => notice.Type == "announcementLapsed");
    }

    [Fact]
    public void An_ended_mandate_is_told_to_both_who_had_it()
    {
        var mandate = world.Granted(A, X, 1_000, "token.transfer");
        world.Pass(40 * Timestamp.Day);

        foreach (var party in new[] { A, X }) Assert.Equal(mandate.Id.ToString(), Assert.Single(NoticesOf.Party(world, party), notice => notice.Type == "mandateExpired").Subject);
        Assert.DoesNotContain(NoticesOf.Party(world, B), notice => notice.Type == "mandateExpired");
    }

    [Fact]
    public void An_attempt_is_told_as_such_to_who_made_it()
    {
        var note = world.Certificate(A, 100);
        world.Accepts(A, world.Trade(note, A, B, 1, 50));
        world.Refuses(Refusal.UnitsOffered, A, world.Trade(note, A, D, 1, 50));

        Assert.Equal(Refusal.UnitsOffered, Assert.Single(NoticesOf.Party(world, A), notice => notice.Type == NoticeTypes.Attempt).Code);
        Assert.DoesNotContain(NoticesOf.Party(world, B), notice => notice.Type == NoticeTypes.Attempt);
    }

    [Fact]
    public void A_place_that_no_chain_reaches_has_nothing_after_it()
    {
        world.Certificate(A, 10);
        var source = new LedgerNotices(world.Node.Loop.Reader);
        foreach (var leaf in (ulong[])[1_000_000, long.MaxValue, ulong.MaxValue])
        {
            var page = source.After(new(leaf, uint.MaxValue), A, static _ => true, 10);
            Assert.Empty(page.Notices);
            Assert.Equal(new(leaf, uint.MaxValue), page.Through);
        }
    }

    [Fact]
    public void Who_is_no_member_is_told_nothing()
    {
        Assert.False(new LedgerNotices(world.Node.Loop.Reader).MayBeTold(Stranger));
        Assert.Empty(NoticesOf.Party(world, Stranger));
    }

    [Theory]
    [InlineData("token.transfer", true)]
    [InlineData("offer.accept", true)]
    [InlineData("token", false)]
    [InlineData("attempt", false)]
    public void Who_asks_for_a_verb_is_told_every_entry_that_has_it(string type, bool fits)
    {
        var notice = new Notice(new(1, 0), 1, default, "token.transfer+offer.accept", A, Refusal.None, null);

        Assert.Equal(fits, NoticeTypes.Fit([type], notice));
        Assert.True(NoticeTypes.Fit([], notice));
    }

    [Fact]
    public void Every_type_that_can_be_asked_for_has_a_name_that_is_told() =>
        Assert.Equal("token", NoticeTypes.FirstUnknown(["attempt", "token.transfer", "offerClosed", "paymentBecameOverdue", "token"]));

    bool IsSeen(Sight sight, Notice notice)
    {
        var (loop, state) = (world.Node.Loop, world.State);
        if (notice.Id.Number == 0) return EntryJson.IsSeen(sight, world.Genesis, loop.Reader.Block(notice.Height)!, notice.Id.Leaf);
        return notice.Type switch
        {
            "offerClosed" => Id<Offer>.TryParse(notice.Subject, out var offer) && sight.Sees(Guards.Offer, state.Offer(offer)!),
            "paymentBecameOverdue" or "drawingTermEnded" => Id<Instrument>.TryParse(notice.Subject, out var instrument) && sight.Sees(Guards.Instrument, state.Instrument(instrument)!),
            "freezeLifted" => true,
            _ => false,
        };
    }

    // Debts that are split and passed on, some offers forgotten, some units frozen or promised twice, and days going by.
    void Tell(Random chance, int acts)
    {
        var (notes, open) = (new List<Id<Instrument>> { world.Certificate(A, 60), world.Certificate(B, 60) }, new List<Offer>());
        PartyId[] suppliers = [A, B, D];
        for (var act = 0; act < acts; act++)
        {
            var note = notes[chance.Next(notes.Count)];
            var token = world.Tokens(note)[chance.Next(world.Tokens(note).Length)];
            switch (chance.Next(10))
            {
                case 0:
                    notes.Add(world.Certificate(suppliers[chance.Next(3)], 60));
                    break;
                case < 5:
                    var to = suppliers.First(party => party != token.Holder);
                    var first = token.Units.First + (ulong)chance.Next((int)token.Units.Length);
                    var trade = world.Trade(note, token.Holder, to, first, token.Units.Last);
                    if (world.Submit(token.Holder, trade).Code == Refusal.None) open.Add(world.Offer(trade.Offer));
                    break;
                case < 8 when open.Count > 0:
                    var offer = open[chance.Next(open.Count)];
                    open.Remove(offer);
                    Operation answer = chance.Next(3) switch { 0 => new DeclineOffer(offer.Id), _ => new AcceptOffer(offer.Id) };
                    world.Submit(offer.To, answer);
                    break;
                case 8:
                    world.Submit(Y, world.Freezing(note, token.Units.First, token.Units.Last));
                    break;
                default:
                    world.Pass(Timestamp.Day + Timestamp.Hour);
                    break;
            }
        }

        world.Accepts(A, world.Trade(world.Certificate(A, 10), A, B, 1, 10));
        world.Pass(3 * Timestamp.Day);
    }
}
