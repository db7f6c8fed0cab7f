using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.Lending;
using static Ledger.Tests.World;

namespace Ledger.Tests.Rules.Measures;

/// <summary>What is done against a party or without it takes two independent words, and stands open to its objection before it has an effect.</summary>
public sealed class MeasureTests
{
    static readonly Hash256 Paper = new(7, 7);

    [Fact]
    public void One_bank_takes_nobodys_units_by_court()
    {
        using var world = new World();
        var take = world.Taking(world.Certificate(A, 1_000), A, B, TransferCause.Court, 1, 1_000);

        world.Refuses(Refusal.TwoInstitutionsMissing, Y, take);
        world.Refuses(Refusal.TwoInstitutionsMissing, Y, take, Key(Y), Key(Y, 2));
        world.Refuses(Refusal.TwoInstitutionsMissing, Y, take, Key(A));
        world.Accepts(Y, take, Key(Z));
    }

    [Fact]
    public void An_operator_that_a_bank_brought_in_is_that_banks_hand_until_it_has_been_here_for_long()
    {
        using var world = new World();
        world.Refuses(Refusal.SecondBankMissing, Y, Operator(world), Key(Stranger));
        world.Accepts(Y, Operator(world), Key(Stranger), Key(Z));
        var take = world.Taking(world.Certificate(A, 1_000), A, B, TransferCause.Court, 1, 1_000);

        world.Refuses(Refusal.TwoInstitutionsMissing, Stranger, take, Key(Y));
        world.Accepts(Stranger, take, Key(Z));
        world.Pass(365 * Timestamp.Day);
        world.Accepts(Stranger, world.Taking(take.Instrument, A, D, TransferCause.Court, 1, 1_000) with { Offer = world.New<Offer>() }, Key(Z));
    }

    [Fact]
    public void Two_newcomers_of_one_bank_are_one_hand()
    {
        using var world = new World();
        world.Accepts(Y, Operator(world), Key(Stranger), Key(Z));
        world.Accepts(Y, world.Registration(P, "运营二", Roles.Operator, SizeClass.Small), Key(P), Key(Z));

        world.Refuses(Refusal.TwoInstitutionsMissing, P, world.Taking(world.Certificate(A, 1_000), A, B, TransferCause.Court, 1, 1_000), Key(Stranger));
    }

    [Fact]
    public void Neither_institution_is_the_gainer_its_bank_or_an_agent_of_another()
    {
        using var world = new World();
        var note = world.Certificate(A, 1_000);
        var take = world.Taking(note, A, B, TransferCause.Court, 1, 1_000);

        world.Refuses(Refusal.TwoInstitutionsMissing, Y, take with { To = Z }, Key(Z));
        world.Refuses(Refusal.TwoInstitutionsMissing, Y, take, Key(X));
        var ofTheGainer = world.Granted(B, Z, 1, "offer.accept");
        world.Refuses(Refusal.TwoInstitutionsMissing, Y, take, Key(Z));
        world.Accepts(B, new RevokeMandate(ofTheGainer.Id));
        var ofTheOther = world.Granted(Y, Z, 1, "offer.decline");
        world.Refuses(Refusal.TwoInstitutionsMissing, Y, take, Key(Z));
        world.Until(ofTheOther.Expires);
        world.Accepts(Y, world.Taking(note, A, B, TransferCause.Court, 1, 1_000), Key(Z));
    }

    [Fact]
    public void A_pledgee_does_not_realise_with_its_own_puppet()
    {
        using var world = new World().Lends();
        var note = world.Certificate(A, 1_000);
        world.Financed(A, world.Applying(note, FinancingForm.PledgeLoan, 1, 1_000) with { Principal = new(10) });
        world.Accepts(X, Operator(world), Key(Stranger), Key(Y));
        var realise = world.Taking(note, A, D, TransferCause.Realisation, 1, 1_000);

        world.Refuses(Refusal.RealisationNotAuthorised, X, realise, Key(Stranger));
        world.Refuses(Refusal.RealisationNotAuthorised, X, realise, Key(Stranger), Key(Z));
        world.Accepts(X, realise, Key(Z), Key(W));
        world.Refuses(Refusal.MeasureNotInForce, D, new AcceptOffer(realise.Offer));
        world.ContestEnds();
        world.Accepts(D, new AcceptOffer(realise.Offer));
    }

    [Fact]
    public void A_platform_that_the_financier_brought_in_does_not_review_for_it()
    {
        using var world = new World().Lends();
        var apply = world.Applying(world.Certificate(A, 1_000), FinancingForm.PledgeLoan, 1, 1_000);
        world.Accepts(A, apply);
        world.IsClear(apply.Financing);
        world.Accepts(X, world.Registration(Stranger, "平台", Roles.Platform, SizeClass.Small), Key(Stranger), Key(Y));

        world.Refuses(Refusal.ReviewerIsNotIndependent, X, world.Approving(apply.Financing) with { Reviewer = Stranger }, Key(Stranger));
        world.Accepts(X, world.Approving(apply.Financing), Key(P));
    }

    [Fact]
    public void The_second_bank_for_new_keys_is_neither_the_sponsors_newcomer_nor_its_agent()
    {
        using var world = new World();
        var mandate = world.Granted(X, Z, 1, "offer.accept");
        var rotate = new RotateKey(A, 0, world.NewKey(Key(A, 2)));

        world.Refuses(Refusal.RotationNotAuthorised, X, rotate, Key(Z));
        world.Refuses(Refusal.SecondBankMissing, X, Operator(world), Key(Stranger), Key(Z));
        world.Accepts(X, new RevokeMandate(mandate.Id));
        world.Accepts(X, rotate, Key(Z));
    }

    [Fact]
    public void A_measure_takes_effect_only_when_its_contest_period_is_over()
    {
        using var world = new World();
        var note = world.Certificate(A, 1_000);
        var take = world.Taking(note, A, B, TransferCause.Court, 1, 1_000);
        world.Accepts(Y, take, Key(Z));
        var measure = world.MeasureBehind(take);

        Assert.Equal((MeasureKind.Court, Y, A, B, take.Evidence), (measure.Kind, measure.By, measure.Against, measure.Gainer, measure.Evidence));
        Assert.Equal([.. new[] { Y, Z }.Order()], measure.Institutions);
        world.Skip(measure.InForceFrom.Add(-1));
        var early = world.Refuses(Refusal.MeasureNotInForce, B, new AcceptOffer(take.Offer));
        Assert.Equal(measure.InForceFrom, early.Facts.Conflict?.Since);

        // Whether the deadline has fired makes no difference.
        Assert.Equal(Refusal.None, Rulebook.Decide(
            world.State.At(world.State.Height + 1, measure.InForceFrom),
            new(world.Draft(B, new AcceptOffer(take.Offer)) with { Expires = measure.InForceFrom.Add(1) }, default, new(1, 1), new(2, 2), [Key(B)], default)).Code);
        Assert.Equal(new MeasureTookEffect(measure.Id), Assert.Single(world.Until(measure.InForceFrom).Opening.OfType<MeasureTookEffect>()));
        world.Refuses(Refusal.MeasureNotOpen, A, new ContestMeasure(measure.Id, Paper));
        world.Accepts(B, new AcceptOffer(take.Offer));
        Assert.Equal((B, "1-1000"), Assert.Single(world.Holdings(note)));
    }

    [Fact]
    public void The_holder_or_its_bank_halts_a_measure_and_only_a_third_institution_lets_it_go_on()
    {
        using var world = new World();
        var note = world.Certificate(A, 1_000);
        var take = world.Taking(note, A, B, TransferCause.Court, 1, 1_000);
        world.Accepts(Y, take, Key(Z));
        var measure = world.MeasureBehind(take).Id;

        world.Refuses(Refusal.NotAgainstThisParty, B, new ContestMeasure(measure, Paper));
        world.Accepts(X, new ContestMeasure(measure, Paper));
        Assert.Equal((MeasureStatus.Contested, X, Paper), (world.Measure(measure).Status, world.Measure(measure).ContestedBy, world.Measure(measure).Reason));
        world.ContestEnds();
        world.Refuses(Refusal.MeasureIsContested, B, new AcceptOffer(take.Offer));
        foreach (var side in new[] { X, Y, Z }) world.Refuses(Refusal.DeciderIsNotIndependent, side, new DecideMeasure(measure, Upheld: true, Paper));
        world.Refuses(Refusal.RoleMissing, D, new DecideMeasure(measure, Upheld: true, Paper));
        world.Accepts(W, new DecideMeasure(measure, Upheld: true, Paper));
        world.Refuses(Refusal.MeasureNotContested, W, new DecideMeasure(measure, Upheld: false, Paper));
        world.Accepts(B, new AcceptOffer(take.Offer));
        Assert.Equal((B, "1-1000"), Assert.Single(world.Holdings(note)));
    }

    [Fact]
    public void A_measure_that_is_dismissed_leaves_the_units_as_they_were()
    {
        using var world = new World();
        var note = world.Certificate(A, 1_000);
        var take = world.Taking(note, A, B, TransferCause.Court, 1, 1_000);
        world.Accepts(Y, take, Key(Z));
        var measure = world.MeasureBehind(take).Id;
        world.Accepts(A, new ContestMeasure(measure, Paper));
        world.Accepts(W, new DecideMeasure(measure, Upheld: false, Paper));

        Assert.Equal((OfferStatus.Dismissed, MeasureStatus.Dismissed, W), (world.Offer(take.Offer).Status, world.Measure(measure).Status, world.Measure(measure).DecidedBy));
        world.Refuses(Refusal.OfferNotOpen, B, new AcceptOffer(take.Offer));
        world.Hands(note, A, D, 1, 1_000);
    }

    [Fact]
    public void A_contested_measure_that_nobody_decides_binds_nothing_for_ever()
    {
        using var world = new World();
        var note = world.Certificate(A, 1_000);
        var take = world.Taking(note, A, B, TransferCause.Court, 1, 1_000);
        world.Accepts(Y, take, Key(Z));
        world.Accepts(A, new ContestMeasure(world.MeasureBehind(take).Id, Paper));
        world.Accepts(Y, world.Insolvency(C), Key(Z));
        var insolvency = world.State.AllMeasures.Single(measure => measure.Kind == MeasureKind.Insolvency).Id;
        world.Accepts(C, new ContestMeasure(insolvency, Paper));

        world.Until(take.Expires);
        Assert.Equal((OfferStatus.Expired, MeasureStatus.Ended), (world.Offer(take.Offer).Status, world.MeasureBehind(take).Status));
        Assert.Equal(new MeasureLapsed(insolvency), Assert.Single(world.Until(world.Measure(insolvency).Until).Opening.OfType<MeasureLapsed>()));
        world.Refuses(Refusal.MeasureNotContested, W, new DecideMeasure(insolvency, Upheld: true, Paper));
        world.Hands(note, A, B, 1, 1_000);
    }

    [Fact]
    public void An_offer_that_ends_takes_its_measure_with_it()
    {
        using var world = new World();
        var take = world.Taking(world.Certificate(A, 1_000), A, B, TransferCause.Court, 1, 1_000);
        world.Accepts(Y, take, Key(Z));
        world.Accepts(Y, new WithdrawOffer(take.Offer));

        Assert.Equal(MeasureStatus.Ended, world.MeasureBehind(take).Status);
        world.Refuses(Refusal.MeasureNotOpen, A, new ContestMeasure(world.MeasureBehind(take).Id, Paper));
        Assert.Empty(world.ContestEnds().Opening.OfType<MeasureTookEffect>());
    }

    [Fact]
    public void A_freeze_that_ends_a_courts_offer_ends_its_measure_and_the_first_freezers_goes_on()
    {
        using var world = new World();
        var (note, other) = (world.Certificate(A, 1_000), world.Certificate(A, 1_000));
        var (take, behind) = (world.Taking(note, A, B, TransferCause.Court, 1, 1_000), world.Taking(other, A, B, TransferCause.Court, 1, 1_000));
        world.Accepts(Y, world.Freezing(other, 1, 1_000));
        foreach (var order in new[] { take, behind }) world.Accepts(Y, order, Key(Z));
        foreach (var order in new[] { take, behind }) world.Accepts(X, world.Freezing(order.Instrument, 1, 1));

        Assert.Equal((OfferStatus.Lapsed, MeasureStatus.Ended), (world.Offer(take.Offer).Status, world.MeasureBehind(take).Status));
        world.Refuses(Refusal.MeasureNotOpen, A, new ContestMeasure(world.MeasureBehind(take).Id, Paper));
        Assert.Equal((OfferStatus.Open, MeasureStatus.Standing), (world.Offer(behind.Offer).Status, world.MeasureBehind(behind).Status));
    }

    [Fact]
    public void Nobody_stops_a_core_enterprise_alone_at_once_or_from_before_its_debts()
    {
        using var world = new World();
        world.Pass(30 * Timestamp.Day);
        var note = world.Certificate(A, 1_000_000);
        var issued = world.Instrument(note).IssueDate;

        world.Refuses(Refusal.TwoInstitutionsMissing, Y, world.Insolvency(C));
        world.Refuses(Refusal.InsolvencyBeforeDebts, Y, world.Insolvency(C, new DateOnly(1, 1, 1)), Key(Z));
        world.Refuses(Refusal.InsolvencyBeforeDebts, Y, world.Insolvency(C, issued.AddDays(-1)), Key(Z));

        // A character beyond the first plane is one, though UTF-16 writes two.
        world.Refuses(Refusal.TextInvalid, Y, world.Insolvency(C) with { Court = string.Concat(Enumerable.Repeat("𠮷", 101)) }, Key(Z));
        Assert.IsType<Verdict.Accepted>((world.Insolvency(C) with { Court = string.Concat(Enumerable.Repeat("𠮷", 100)) }).Judge(world.State, new(Y, Y, [Key(Y), Key(Z)])));
        world.Accepts(Y, world.Insolvency(C, issued), Key(Z));
        world.Refuses(Refusal.MeasurePending, Y, world.Insolvency(C), Key(Z));

        // Until it is in force nothing has happened to the debtor.
        world.Accepts(C, world.Issuing(A, 1_000, new DocumentUse(world.Invoice(A, C, 1_000), new(1_000))));
        Assert.Empty(Rulebook.Instructions(world.State, note, world.State.Today));
        world.ContestEnds();
        world.Refuses(Refusal.ObligorInsolvent, C, world.Issuing(A, 1_000, new DocumentUse(world.Invoice(A, C, 1_000), new(1_000))));
        Assert.Equal(new(1_000_000), Assert.Single(Rulebook.Instructions(world.State, note, world.State.Today)).Total);
    }

    [Fact]
    public void An_insolvency_that_is_contested_has_no_effect_until_a_third_institution_says_so()
    {
        using var world = new World();
        var declare = world.Insolvency(C);
        world.Accepts(Y, declare, Key(Z));
        world.Accepts(C, new ContestMeasure(declare.Measure, Paper));
        world.ContestEnds();
        world.Accepts(C, world.Issuing(A, 1_000, new DocumentUse(world.Invoice(A, C, 1_000), new(1_000))));
        world.Refuses(Refusal.DeciderIsNotIndependent, X, new DecideMeasure(declare.Measure, Upheld: true, Paper));
        world.Accepts(W, new DecideMeasure(declare.Measure, Upheld: true, Paper));
        world.Refuses(Refusal.ObligorInsolvent, C, world.Issuing(A, 1_000, new DocumentUse(world.Invoice(A, C, 1_000), new(1_000))));

        // Whoever entered it can contest that it is over.
        var over = new DeclareSolvent(world.New<Measure>(), C, Paper);
        world.Accepts(Z, over, Key(W));
        world.Refuses(Refusal.MeasurePending, Z, over with { Measure = world.New<Measure>() }, Key(W));
        world.Accepts(Y, new ContestMeasure(over.Measure, Paper));
        world.ContestEnds();
        world.Refuses(Refusal.ObligorInsolvent, C, world.Issuing(A, 1_000, new DocumentUse(world.Invoice(A, C, 1_000), new(1_000))));
    }

    [Fact]
    public void A_debt_that_is_over_no_longer_bounds_the_date()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        world.Pass(10 * Timestamp.Day);
        var first = world.State.Today;
        world.Certificate(A, 100);
        world.Certificate(B, 100);
        world.Accepts(C, new CancelReceivable(note), Key(A));

        Assert.Equal(first, world.State.OldestDebt(C));
        world.Refuses(Refusal.InsolvencyBeforeDebts, Y, world.Insolvency(C, first.AddDays(-1)), Key(Z));
        world.Accepts(Y, world.Insolvency(C, first), Key(Z));
    }

    [Fact]
    public void Costs_on_an_order_need_two_institutions_that_are_not_the_holders()
    {
        using var world = new World();
        var note = world.Certificate(A, 1_000);
        world.Until("2026-09-16 09:00:00");
        var claim = new ClaimCosts(note, new(1, 1_000), new(10), Paper);

        world.Refuses(Refusal.CostsNotAcknowledged, A, claim, Key(Y));
        world.Refuses(Refusal.CostsNotAcknowledged, A, claim, Key(X), Key(Y));
        world.Accepts(A, claim, Key(Y), Key(Z));
    }

    [Fact]
    public void Who_signs_a_measure_is_held_to_its_own_policy()
    {
        using var world = new World();
        world.Accepts(Z, new SetPolicy([new(Currency.Cny, new(10), new(10))]));
        var take = world.Taking(world.Certificate(A, 1_000), A, B, TransferCause.Court, 1, 1_000);

        world.Refuses(Refusal.SecondPersonMissing, Y, take, Key(Z));
        world.Accepts(Y, take, Key(Z), Key(Z, 2));
    }

    static RegisterParty Operator(World world) => world.Registration(Stranger, "运营", Roles.Operator, SizeClass.Small);
}
