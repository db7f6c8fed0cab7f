using Ledger.Client.Invoices;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.Lending;
using static Ledger.Tests.World;

namespace Ledger.Tests.Rules.Members;

/// <summary>Who belongs to whose group, on whose word, and how nobody gets out of one early.</summary>
public class ControlTests
{
    static readonly PartyId Parent = FictionalUscc.Of("440300", 70);
    static readonly PartyId Shell = FictionalUscc.Of("440300", 71);
    static readonly Hash256 Paper = new(7, 7);

    [Fact]
    public void A_party_says_of_itself_whose_it_is_and_no_other_party_says_it_alone()
    {
        using var world = new World();
        world.Refuses(Refusal.RoleMissing, B, new DeclareControl(A, Parent, Paper));
        world.Refuses(Refusal.TwoInstitutionsMissing, Y, new DeclareControl(A, Parent, Paper));
        world.Refuses(Refusal.TwoInstitutionsMissing, Y, new DeclareControl(A, Parent, Paper), Key(A));
        world.Accepts(A, new DeclareControl(A, Parent, Paper));

        var said = Control(world, A);
        Assert.Equal((Parent, world.State.Today, true, Paper), (said.Controller, said.Since, said.IsOwnWord, said.Evidence));
        world.Refuses(Refusal.RoleMissing, A, new DeclareControl(A, Shell, Paper));
        world.Refuses(Refusal.RoleMissing, A, new DeclareControl(A, null, Paper));
    }

    [Fact]
    public void Two_institutions_say_it_of_anybody_and_neither_is_its_newcomers_bank()
    {
        using var world = new World();
        world.Refuses(Refusal.TwoInstitutionsMissing, X, new DeclareControl(A, Parent, Paper), Key(Z));
        world.Accepts(Y, new DeclareControl(A, Parent, Paper), Key(Z));
        Assert.Equal([.. new[] { Y, Z }.Order()], Control(world, A).SaidBy);
    }

    [Fact]
    public void Who_would_be_said_to_belong_to_a_group_keeps_no_institution_from_saying_it()
    {
        using var world = new World();
        foreach (var bank in new[] { X, Y, Z, W }) world.Granted(A, bank, 1, "offer.accept");
        world.Accepts(A, new DeclareControl(A, Z, Paper));

        world.Accepts(Y, new DeclareControl(A, Parent, Paper), Key(Z));
        Assert.Equal((Parent, Z), (Control(world, A).Controller, Control(world, A).Former.Single().Controller));
    }

    [Fact]
    public void Who_would_be_free_of_a_group_is_freed_by_nobody_near_it()
    {
        using var world = new World();
        world.Accepts(Y, new DeclareControl(A, Parent, Paper), Key(Z));
        world.Accepts(W, new DeclareControl(W, Parent, Paper));
        world.Granted(A, Z, 1, "offer.accept");

        // Its bank, a company of the group, an agent.
        world.Refuses(Refusal.TwoInstitutionsMissing, Y, new DeclareControl(A, null, Paper), Key(X));
        world.Refuses(Refusal.TwoInstitutionsMissing, Y, new DeclareControl(A, null, Paper), Key(W));
        world.Refuses(Refusal.TwoInstitutionsMissing, Y, new DeclareControl(A, Shell, Paper), Key(Z));
    }

    [Fact]
    public void A_group_that_is_left_for_another_and_that_for_a_third_still_counts()
    {
        using var world = new World();
        world.Accepts(Z, new DeclareControl(Z, Parent, Paper));
        world.Accepts(Y, new DeclareControl(Y, Parent, Paper));
        foreach (var next in new[] { Shell, FictionalUscc.Of("440300", 72), default(PartyId?) })
        {
            world.Pass(Timestamp.Day);
            world.Accepts(X, new DeclareControl(Z, next, Paper), Key(W));
        }

        world.Refuses(Refusal.TwoInstitutionsMissing, Y, world.Insolvency(C), Key(Z));
        world.Pass(365 * Timestamp.Day);
        world.Accepts(Y, world.Insolvency(C), Key(Z));
    }

    [Fact]
    public void A_controller_that_gets_one_itself_frees_nobody_below_it()
    {
        using var world = new World();
        world.Accepts(Z, new DeclareControl(Z, Y, Paper));
        world.Accepts(Y, new DeclareControl(Y, Shell, Paper));
        world.Accepts(W, new DeclareControl(W, Shell, Paper));

        world.Refuses(Refusal.TwoInstitutionsMissing, Y, world.Insolvency(C), Key(Z));
        world.Refuses(Refusal.TwoInstitutionsMissing, W, world.Insolvency(C), Key(Z));
        world.Accepts(W, world.Insolvency(C), Key(X));
    }

    [Fact]
    public void A_circle_of_controllers_is_one_group()
    {
        using var world = new World();
        world.Accepts(Y, new DeclareControl(Y, Z, Paper));
        world.Accepts(Z, new DeclareControl(Z, Y, Paper));

        world.Refuses(Refusal.TwoInstitutionsMissing, Y, world.Insolvency(C), Key(Z));
        world.Accepts(Y, world.Insolvency(C), Key(W));
    }

    [Fact]
    public void A_newcomer_is_tied_to_the_group_of_the_bank_that_brought_it_in()
    {
        using var world = new World();
        world.Accepts(Y, world.Registration(Stranger, "运营", Roles.Operator, SizeClass.Small), Key(Stranger), Key(W));
        world.Accepts(Z, new DeclareControl(Z, Y, Paper));

        world.Refuses(Refusal.TwoInstitutionsMissing, Stranger, world.Insolvency(C), Key(Z));
        world.Accepts(Stranger, world.Insolvency(C), Key(W));
    }

    [Fact]
    public void However_often_a_party_was_said_to_be_anothers_two_institutions_can_say_that_it_is_nobodys()
    {
        using var world = new World();
        for (var number = 0; number < 9; number++) world.Accepts(Y, new DeclareControl(A, FictionalUscc.Of("440300", 80 + number), Paper), Key(Z));
        world.Refuses(Refusal.TooManyControllers, Y, new DeclareControl(A, Parent, Paper), Key(Z));

        world.Accepts(Y, new DeclareControl(A, null, Paper), Key(Z));
        Assert.Equal((default, 8), (Control(world, A).Controller, Control(world, A).Former.Count));
        world.Accepts(Y, new DeclareControl(A, Parent, Paper), Key(Z));
    }

    [Fact]
    public void Who_comes_back_to_a_group_left_nothing()
    {
        using var world = new World();
        world.Accepts(Z, new DeclareControl(Z, Parent, Paper));
        world.Accepts(X, new DeclareControl(Z, Shell, Paper), Key(W));
        world.Accepts(X, new DeclareControl(Z, Parent, Paper), Key(W));

        Assert.Equal((Parent, Shell), (Control(world, Z).Controller, Control(world, Z).Former.Single().Controller));
    }

    [Fact]
    public void Whoever_a_measure_would_be_decided_against_keeps_no_judge_away()
    {
        using var world = new World();
        var take = world.Taking(world.Certificate(A, 1_000), A, B, TransferCause.Court, 1, 1_000);
        world.Accepts(Y, take, Key(Z));
        world.Accepts(A, new ContestMeasure(new(take.Offer.Value), Paper));
        world.Granted(A, W, 1, "offer.accept");
        world.Accepts(A, new DeclareControl(A, W, Paper));

        world.Refuses(Refusal.DeciderIsNotIndependent, W, new DecideMeasure(new(take.Offer.Value), Upheld: false, Paper));
        world.Accepts(W, new DecideMeasure(new(take.Offer.Value), Upheld: true, Paper));
    }

    [Fact]
    public void An_agent_of_the_counterpartys_group_is_the_counterparty()
    {
        using var world = new World().Lends();
        world.Granted(A, P, 1_000, "confirmation.request");
        world.Accepts(P, new DeclareControl(P, C, Paper));
        var request = new RequestConfirmation(world.New<Instrument>(), C, Currency.Cny, new(1_000), world.State.Today, SizeClass.Large, SizeClass.Small, new(1, 1));

        Refused(Refusal.AgentIsCounterparty, world.SubmitFor(A, P, request));
        world.Accepts(A, request);
    }

    [Fact]
    public void Two_agents_of_one_group_do_not_deal_with_each_other()
    {
        using var world = new World().Lends();
        var note = world.Certificate(A, 1_000);
        world.Granted(A, P, 1_000, "token.transfer");
        world.Granted(D, Z, 1_000, "offer.accept");
        var trade = world.Trade(note, A, D, 1, 1_000);
        World.Accepted(world.SubmitFor(A, P, trade));
        world.Accepts(P, new DeclareControl(P, Parent, Paper));
        world.Accepts(Z, new DeclareControl(Z, Parent, Paper));

        Refused(Refusal.OneHandForBothSides, world.SubmitFor(D, Z, new AcceptOffer(trade.Offer)));
        world.Accepts(D, new AcceptOffer(trade.Offer));
    }

    [Fact]
    public void A_document_that_the_buyers_group_signed_for_its_seller_backs_nothing_that_the_buyer_signs()
    {
        using var world = new World().Lends();
        world.Granted(A, P, 1, "token.transfer");
        var invoice = world.Attestation(DocumentKind.Invoice, "777", A, C, 1_000);
        world.Accepts(X, invoice, Key(P));
        world.Accepts(P, new DeclareControl(P, C, Paper));

        world.Refuses(Refusal.OneHandForBothSides, C, world.Issuing(A, 1_000, new DocumentUse(invoice.Document, new(1_000))));
    }

    [Fact]
    public void A_group_deals_within_itself_through_its_own_agent()
    {
        using var world = new World().Lends();
        world.Granted(A, P, 1_000, "confirmation.request");
        foreach (var company in new[] { A, P }) world.Accepts(company, new DeclareControl(company, C, Paper));

        World.Accepted(world.SubmitFor(A, P, new RequestConfirmation(
            world.New<Instrument>(), C, Currency.Cny, new(1_000), world.State.Today, SizeClass.Large, SizeClass.Small, new(1, 1))));
    }

    static Control Control(World world, PartyId party) => Assert.IsType<Control>(world.State.Control(party));
}
