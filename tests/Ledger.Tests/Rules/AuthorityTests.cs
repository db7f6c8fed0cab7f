using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.World;

namespace Ledger.Tests.Rules;

/// <summary>Who may act, for whom, with whose signatures and up to how much.</summary>
public class AuthorityTests
{
    static readonly PolicyLimit Limit = new(Currency.Cny, PerAct: new(1_000), PerDay: new(2_500));

    [Fact]
    public void An_agent_acts_within_its_mandate_and_the_act_is_its_principals()
    {
        using var world = new World();
        world.Granted(A, Y, 100, "offer.accept", C);
        var issue = Issued(world, A, 100);

        var answer = Accepted(world.SubmitFor(A, Y, new AcceptOffer(issue.Offer)));

        Assert.Equal([(A, "1-100")], world.Holdings(issue.Instrument));
        Assert.Equal((Y, A), (answer.Transaction?.Body.Party, answer.Transaction?.Body.OnBehalfOf));
        Assert.Equal([Key(Y)], answer.Transaction?.Signers);
    }

    [Fact]
    public void A_mandate_covers_its_verbs_its_cap_and_its_counterparties_and_nothing_else()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        var issue = Issued(world, A, 101);
        var accept = new AcceptOffer(issue.Offer);

        Refused(Refusal.NoMandate, world.SubmitFor(A, Y, accept));
        world.Granted(A, Y, 1_000, "offer.decline");
        Refused(Refusal.NoMandate, world.SubmitFor(A, Y, accept));
        world.Granted(A, Y, 100, "offer.accept");
        Refused(Refusal.MandateCapExceeded, world.SubmitFor(A, Y, accept));
        world.Granted(A, Y, 1_000, "offer.accept", B);
        Refused(Refusal.MandateCounterparty, world.SubmitFor(A, Y, accept));
        Refused(Refusal.NoMandate, world.SubmitFor(B, Y, world.Trade(note, B, A, 1, 1)));
        world.Granted(A, Y, 101, "offer.accept", B, C);
        Accepted(world.SubmitFor(A, Y, accept));
    }

    [Fact]
    public void A_mandate_ends_at_its_expiry_whether_or_not_it_was_tidied_away()
    {
        using var world = new World();
        var mandate = world.Granted(A, Y, 100, "offer.accept");
        var issue = Issued(world, A, 50);
        world.Until(mandate.Expires.Add(-1));
        Refused(Refusal.OfferExpired, world.SubmitFor(A, Y, new AcceptOffer(issue.Offer)));

        var ended = world.Until(mandate.Expires);

        Assert.Equal(new MandateExpired(mandate.Id), Assert.Single(ended.Opening.OfType<MandateExpired>()));
        Refused(Refusal.NoMandate, world.SubmitFor(A, Y, new AcceptOffer(issue.Offer)));
    }

    [Fact]
    public void An_agent_is_never_its_acts_counterparty()
    {
        using var world = new World();
        foreach (var verb in new[] { "offer.accept", "offer.decline", "offer.withdraw", "token.transfer", "document.pledge", "receivable.cancel", "confirmation.dispute" })
        {
            foreach (var principal in new[] { A, B, C }) world.Granted(principal, Y, 1_000, verb);
        }

        world.Granted(X, B, 1_000, "document.release");
        var note = world.Certificate(A, 100);
        var toBank = world.Trade(note, A, Y, 1, 10);
        var ofBank = world.Certificate(Y, 50);
        var byBank = world.Trade(ofBank, Y, A, 1, 10);
        var pledge = new PledgeDocuments(world.New<Offer>(), X, Currency.Cny, new(5), [new(world.Invoice(B, C, 5), new(5))], world.Tomorrow);
        world.Accepts(A, toBank);
        world.Accepts(Y, byBank);
        world.Accepts(B, pledge);
        world.Accepts(X, new AcceptOffer(pledge.Offer));

        Refused(Refusal.AgentIsCounterparty, world.SubmitFor(A, Y, world.Trade(note, A, Y, 11, 12)));
        Refused(Refusal.AgentIsCounterparty, world.SubmitFor(A, Y, new WithdrawOffer(toBank.Offer)));
        Refused(Refusal.AgentIsCounterparty, world.SubmitFor(A, Y, new AcceptOffer(byBank.Offer)));
        Refused(Refusal.AgentIsCounterparty, world.SubmitFor(A, Y, new DeclineOffer(byBank.Offer)));
        Refused(Refusal.AgentIsCounterparty, world.SubmitFor(C, Y, new Dispute(ofBank, new Hash256(1, 1))));
        Refused(Refusal.AgentIsCounterparty, world.SubmitFor(C, Y, new CancelReceivable(ofBank)));
        Refused(Refusal.AgentIsCounterparty, world.SubmitFor(X, B, new ReleasePledge(pledge.Offer, DebtWasPaid: false)));
        Assert.False(world.State.Pledge(pledge.Offer)?.Released);
    }

    [Fact]
    public void Above_its_limits_a_second_person_signs()
    {
        using var world = new World();
        var checker = world.GiveKey(C, KeyRole.Checker, "li.si");
        var sameHand = world.GiveKey(C, KeyRole.Checker, "zhang.san");
        world.Accepts(C, new SetPolicy([Limit]));

        world.Accepts(C, Issue(world, 1_000));
        world.Refuses(Refusal.SecondPersonMissing, C, Issue(world, 1_001));
        world.Refuses(Refusal.SecondPersonMissing, C, Issue(world, 1_001), Key(C), sameHand);
        world.Accepts(C, Issue(world, 1_001), Key(C), checker);
    }

    [Fact]
    public void What_one_person_moves_in_a_day_adds_up_and_begins_again_the_next_day()
    {
        using var world = new World();
        var checker = world.GiveKey(C, KeyRole.Checker, "li.si");
        world.Accepts(C, new SetPolicy([Limit]));

        world.Accepts(C, Issue(world, 1_000));
        world.Accepts(C, Issue(world, 1_000));
        world.Accepts(C, Issue(world, 1_000), Key(C), checker);
        world.Refuses(Refusal.SecondPersonMissing, C, Issue(world, 501));
        world.Accepts(C, Issue(world, 500));
        Assert.Equal(new Amount(2_500), world.State.Spent(C, Currency.Cny, world.State.Today));

        world.Until("2026-03-12 23:59:59");
        world.Refuses(Refusal.SecondPersonMissing, C, Issue(world, 1));
        world.Until("2026-03-13 00:00:00");
        world.Accepts(C, Issue(world, 1_000));
    }

    [Fact]
    public void Several_operations_of_one_transaction_are_one_act_before_the_limits()
    {
        using var world = new World();
        world.GiveKey(C, KeyRole.Checker, "li.si");
        world.Accepts(C, new SetPolicy([Limit]));

        Refused(Refusal.SecondPersonMissing, world.Submit(world.Draft(C, Issue(world, 600), Issue(world, 401))));
        Accepted(world.Submit(world.Draft(C, Issue(world, 600), Issue(world, 400))));
    }

    [Fact]
    public void A_refused_act_spends_nothing()
    {
        using var world = new World();
        world.GiveKey(C, KeyRole.Checker, "li.si");
        world.Accepts(C, new SetPolicy([Limit]));

        world.Refuses(Refusal.DocumentNotFound, C, Issue(world, 1_000) with { Documents = [new(new(99), new(1_000))] });

        Assert.Equal(Amount.Zero, world.State.Spent(C, Currency.Cny, world.State.Today));
    }

    [Fact]
    public void Where_there_is_a_policy_a_currency_without_limit_needs_two()
    {
        using var world = new World();
        Assert.True(Currency.TryParse("USD", out var dollar));
        var checker = world.GiveKey(C, KeyRole.Checker, "li.si");
        world.Accepts(C, new SetPolicy([Limit with { Currency = dollar }]));

        world.Refuses(Refusal.SecondPersonMissing, C, Issue(world, 1));
        world.Accepts(C, Issue(world, 1), Key(C), checker);
    }

    [Fact]
    public void A_policy_is_changed_only_by_two()
    {
        using var world = new World();
        var checker = world.GiveKey(C, KeyRole.Checker, "li.si");
        world.Accepts(C, new SetPolicy([Limit]));

        world.Refuses(Refusal.SecondPersonMissing, C, new SetPolicy([]));
        world.Accepts(C, new SetPolicy([]), Key(C), checker);
        world.Accepts(C, Issue(world, 100_000));
    }

    [Fact]
    public void A_checker_does_not_act_alone()
    {
        using var world = new World();
        var checker = world.GiveKey(C, KeyRole.Checker, "li.si");

        world.Refuses(Refusal.CheckerCannotActAlone, C, Issue(world, 1), checker);
        world.Accepts(C, Issue(world, 1), Key(C), checker);
    }

    [Fact]
    public void Reported_loss_stops_outgoing_acts_at_once_and_recovery_ends_the_stop()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        var trade = world.Trade(note, A, B, 1, 10);
        world.Granted(A, Y, 1_000, "token.transfer");
        world.Accepts(X, new ReportLost(A));

        world.Refuses(Refusal.KeysReportedLost, A, trade);
        Refused(Refusal.KeysReportedLost, world.SubmitFor(A, Y, trade));
        var recover = new Recover(A, [1], [world.NewKey(Key(A, 2))]);

        // Its agent would give itself all that it was not given.
        world.Refuses(Refusal.RecoveryNotAuthorised, X, recover, Key(Y));
        world.Accepts(X, recover, Key(Z));
        world.Refuses(Refusal.KeyNotValid, A, trade);
        world.Accepts(A, trade, Key(A, 2));
    }

    [Fact]
    public void A_party_whose_keys_are_lost_says_yes_to_nothing_beside_others()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        var attestation = world.Attestation(DocumentKind.Invoice, "7", A, C, 5);
        world.Accepts(X, new ReportLost(A));

        // A thief of the key and the obligor together would otherwise undo the claim.
        world.Refuses(Refusal.HolderDidNotSign, C, new CancelReceivable(note), Key(A));
        world.Refuses(Refusal.SellerDidNotSign, X, attestation, Key(A));
        Assert.Equal([(A, "1-100")], world.Holdings(note));
    }

    [Fact]
    public void Only_the_keys_own_party_acts_with_it()
    {
        using var world = new World();
        var transaction = world.Draft(A, new WithdrawOffer(new(5)));

        // Signed by B although A acts: the kid names B, so A did not sign.
        Assert.Equal(Refusal.ActingPartyDidNotSign, Rulebook.Decide(world.State, Unsigned(transaction, Key(B))).Code);
        Assert.Equal(Refusal.KeyUnknown, Rulebook.Decide(world.State, Unsigned(transaction, Key(A, 9))).Code);
        Assert.Equal(Refusal.KeyUseWrong, Rulebook.Decide(world.State, Unsigned(transaction with { Party = X }, Key(X, 4))).Code);
        Assert.Equal(Refusal.KeyUseWrong, Rulebook.Decide(world.State, Unsigned(transaction with { Party = X }, Key(X, 3))).Code);
    }

    [Fact]
    public void A_suspended_party_does_not_act()
    {
        using var world = new World();
        var suspended = world.State.With(Assert.IsType<Party>(world.State.Party(A)) with { Standing = Standing.Suspended });

        Assert.Equal(Refusal.PartySuspended, Rulebook.Decide(suspended, Unsigned(world.Draft(A, new WithdrawOffer(new(5))), Key(A))).Code);
    }

    /// <summary>As it comes to the rulebook, which verifies no signature.</summary>
    static SignedTransaction Unsigned(Transaction transaction, params KeyId[] signers) =>
        new(transaction, default, new(1, 1), new(1, transaction.Id.Value), [.. signers], default);

    static IssueReceivable Issue(World world, ulong amount) =>
        world.Issuing(A, amount, new DocumentUse(world.Invoice(A, C, amount), new(amount)));

    static IssueReceivable Issued(World world, PartyId creditor, ulong amount)
    {
        var issue = world.Issuing(creditor, amount, new DocumentUse(world.Invoice(creditor, C, amount), new(amount)));
        world.Accepts(C, issue);
        return issue;
    }
}
