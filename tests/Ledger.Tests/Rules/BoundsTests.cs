using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Tests.Rules.Bills;
using static Ledger.Tests.Lending;
using static Ledger.Tests.World;

namespace Ledger.Tests.Rules;

/// <summary>Whatever can grow is bounded where it is judged, and whoever makes it grow uses up its own share of it and nobody else's.</summary>
public sealed class BoundsTests
{
    static readonly Hash256 Paper = new(7, 7);

    [Fact]
    public void A_small_holder_cuts_its_own_share_and_leaves_the_others_theirs()
    {
        using var world = new World((RuleParameter.MaximumTokens, 60)).Lends();
        var note = world.Certificate(A, 1_000_000);
        world.Hands(note, A, B, 1, 100);

        ulong unit = 2;
        Answer answer;
        while ((answer = world.Submit(B, world.Moving(note, C, TransferCause.Conversion, unit, unit) with { Evidence = Paper })).Code == Refusal.None) unit += 2;

        Assert.Equal((Refusal.TooManyTokens, 16UL), (answer.Code, unit));
        world.Accepts(A, world.Applying(note, FinancingForm.PledgeLoan, 500_001, 600_000));
        world.Accepts(A, world.Trade(note, A, D, 700_001, 800_000));
    }

    [Theory]
    [InlineData(TransferCause.Conversion)]
    [InlineData(TransferCause.Trade)]
    public void No_cause_lets_a_holder_cut_units_without_end(TransferCause cause)
    {
        using var world = new World((RuleParameter.MaximumTokens, 20));
        var note = world.Certificate(A, 1_000);
        Operation Cut(ulong unit) => cause == TransferCause.Trade
            ? world.Trade(note, A, B, unit, unit)
            : new Transfer(world.New<Offer>(), note, C, cause, false, [], world.Tomorrow, new Interval(unit, unit), Evidence: Paper);

        ulong unit = 2;
        while (world.Submit(A, Cut(unit)).Code == Refusal.None) unit += 2;

        world.Refuses(Refusal.TooManyTokens, A, Cut(unit));
        Assert.InRange(world.Tokens(note).Length, 15, 20);
    }

    [Fact]
    public void One_act_takes_no_more_runs_than_it_can_go_over()
    {
        using var world = new World();
        var note = world.Certificate(A, 200_000);
        ulong unit = 2;
        for (var made = 0; made < 1_100;)
        {
            var cuts = new List<Operation>();
            for (; cuts.Count < 100; made++, unit += 2) cuts.Add(world.Moving(note, C, TransferCause.Conversion, unit, unit) with { Evidence = Paper });
            Accepted(world.Append(world.Sign(world.Draft(A, [.. cuts]))).Answers[0]);
        }

        Transfer Whole(ulong amount) => new(world.New<Offer>(), note, C, TransferCause.Conversion, false, [], world.Tomorrow, Amount: new Amount(amount), Evidence: Paper);
        world.Refuses(Refusal.TooManyTokens, A, Whole(1_050));
        world.Accepts(A, Whole(900));
        Assert.Equal(200_000UL, world.Tokens(note).Aggregate(0UL, (sum, token) => sum + token.Units.Length));
    }

    [Fact]
    public void A_number_is_no_longer_than_a_record_of_it_and_a_bills_is_kept_for_bills()
    {
        using var world = new World();
        var drawing = BillStory.Drawing(world, world.New<Instrument>());
        RequestConfirmation Request(string number) => new(
            world.New<Instrument>(), C, Currency.Cny, new(1), world.State.Today, SizeClass.Large, SizeClass.Small, Paper, number);

        world.Refuses(Refusal.TextInvalid, A, Request(new('9', 65)));
        world.Accepts(A, Request(new('证', 64)));
        world.Refuses(Refusal.TextInvalid, D, Request(drawing.PackageNumber));
        world.Refuses(Refusal.TextInvalid, C, world.Issuing(A, 1, new DocumentUse(world.Invoice(A, C, 1), new(1))) with { Number = drawing.PackageNumber });
        world.Accepts(C, drawing);
    }

    [Fact]
    public void A_guarantor_stands_in_for_units_once()
    {
        using var story = new BillStory();
        var world = story.World;
        story.Issue();
        GuaranteeBill Guarantee(PartyId guarantor, Interval units) => new(world.New<Offer>(), story.Bill, units, guarantor, world.Tomorrow);
        void Given(GuaranteeBill guarantee)
        {
            world.Accepts(A, guarantee);
            world.Accepts(guarantee.Guarantor, new AcceptOffer(guarantee.Offer));
        }

        Given(Guarantee(X, new(1, 100)));
        world.Refuses(Refusal.AlreadyGuaranteed, A, Guarantee(X, new(1, BillStory.Face)));
        Given(Guarantee(X, new(101, BillStory.Face)));
        Given(Guarantee(Y, new(1, BillStory.Face)));
    }

    [Fact]
    public void What_the_register_tells_again_and_again_locks_units_once()
    {
        using var story = new BillStory(atRegister: true);
        var world = story.World;
        story.Issue();
        for (var i = 0; i < 5; i++)
            world.Accepts(Y, new AttestBill($"poll-{i}", story.Bill, new(1, BillStory.Face), BillStatus.Held, BillFlow.Pledged, true, BillStatus.Held, BillFlow.Free));

        Assert.Equal(EncumbranceKind.Mismatch, Assert.Single(Assert.Single(world.Tokens(story.Bill)).Encumbrances).Kind);
        world.Refuses(Refusal.NoSuchMismatch, Y, new ReconcileBill("poll-0", X), Key(X));
    }

    [Fact]
    public void An_agent_holds_so_many_mandates_of_one_principal()
    {
        using var world = new World().Lends();
        GrantMandate Grant() => new(world.New<Mandate>(), P, ["offer.decline"], Currency.Cny, new(1), [], world.Clock.CeilingMinute().Add(30 * Timestamp.Day));
        Accepted(world.Submit(world.Draft(A, [.. Enumerable.Range(0, 100).Select(_ => Grant())])));

        world.Refuses(Refusal.TooManyMandates, A, Grant());
        world.Accepts(B, Grant());
    }

    [Fact]
    public void What_the_ledger_has_not_tidied_away_is_nobodys_attempt()
    {
        using var world = new World();
        const int offers = 10_050;
        var invoice = world.Invoice(A, C, offers);
        var expires = world.Tomorrow;
        for (var made = 0; made < offers;)
        {
            var acts = new List<Operation>();
            for (; acts.Count < 120 && made < offers; made++) acts.Add(new PledgeDocuments(world.New<Offer>(), X, Currency.Cny, new(1), [new(invoice, new(1))], expires));
            Accepted(world.Append(world.Sign(world.Draft(A, [.. acts]))).Answers[0]);
        }

        world.Until(new Timestamp(expires.UnixMilliseconds - 1));
        world.Skip(expires.Add(1));
        var again = new PledgeDocuments(world.New<Offer>(), Y, Currency.Cny, new(offers), [new(invoice, new(offers))], world.Tomorrow);
        var answer = world.Refuses(Refusal.DeadlinesUnderWay, A, again);
        Assert.Null(answer.Leaf);

        world.Pass(Timestamp.Minute);
        world.Accepts(A, again);
    }
}
