using Ledger.Core.DoublePledge;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.World;

namespace Ledger.Tests.Rules.Financings;

/// <summary>What two banks' word of a reservation between consortia lets a bank do, where the rules ask for it (decision 0095).</summary>
public class AttestPledgeTests
{
    static readonly KeyId Reviewer = Key(Lending.P);

    [Fact]
    public void Nobody_commits_without_a_reservation_that_outlasts_the_commitment()
    {
        using var world = Asking();
        var id = Found(world);
        world.Refuses(Refusal.PledgeReservationMissing, X, world.Approving(id), Reviewer);
        world.Accepts(X, world.Reserved(id) with { Until = world.Tomorrow.Add(PledgeStep.Leeway - 1) }, Key(W));
        world.Refuses(Refusal.PledgeReservationEnds, X, world.Approving(id), Reviewer);
        world.Accepts(X, world.Reserved(id) with { Until = world.Tomorrow.Add(PledgeStep.Leeway) }, Key(W));
        world.Accepts(X, world.Approving(id), Reviewer);
    }

    [Fact]
    public void Nobody_pays_out_in_the_last_hours_of_a_reservation_that_was_said_anew_to_end_sooner()
    {
        using var world = Asking();
        var id = Found(world);
        world.Accepts(X, world.Reserved(id), Key(W));
        world.Accepts(X, world.Approving(id), Reviewer);
        world.IsRegistered(id);
        world.Accepts(X, world.Reserved(id) with { Until = world.Clock.Add(PledgeStep.Leeway - 1) }, Key(W));
        world.Refuses(Refusal.PledgeReservationEnds, X, new Disburse(id, "1"));
        world.Accepts(X, world.Reserved(id) with { Until = world.Clock.Add(PledgeStep.Leeway + Timestamp.Minute) }, Key(W));
        world.Accepts(X, new Disburse(id, "1"));
    }

    [Fact]
    public void Without_the_rule_nobody_asks_and_the_word_may_be_given_all_the_same()
    {
        using var world = new World().Lends();
        Assert.False(world.State.Rules.Is(RuleParameter.PledgeReservation));
        var id = Found(world);
        world.Accepts(X, world.Reserved(id), Key(W));
        world.Accepts(X, world.Approving(id), Reviewer);
        var other = Found(world);
        world.Accepts(X, world.Approving(other), Reviewer);
    }

    [Fact]
    public void The_word_is_of_one_financing_and_its_financier_and_of_a_bank_that_has_no_part_in_it()
    {
        using var world = Asking();
        var (id, other) = (Found(world), Found(world));
        world.Refuses(Refusal.PledgeSecondBankMissing, X, world.Reserved(id));
        world.Refuses(Refusal.PledgeSecondBankMissing, X, world.Reserved(id) with { Second = X });
        world.Refuses(Refusal.PledgeSecondBankMissing, X, world.Reserved(id) with { Second = Lending.P }, Reviewer);
        world.Refuses(Refusal.PledgeSecondBankMissing, X, world.Reserved(id) with { Second = Y }, Key(W));
        world.Refuses(Refusal.NotTheFinancier, Y, world.Reserved(id), Key(W));
        world.Accepts(X, world.Reserved(id), Key(W));
        world.Accepts(X, world.Approving(id), Reviewer);
        world.Refuses(Refusal.PledgeReservationMissing, X, world.Approving(other), Reviewer);
        world.IsRegistered(id);
        world.Accepts(X, new Disburse(id, "1"));
        world.Refuses(Refusal.FinancingStatusWrong, X, world.Reserved(id), Key(W));
    }

    [Theory]
    [InlineData("")]
    [InlineData("eip155:1:0x5FBDB2315678afecb367f032d93f642f64180aa3")]
    [InlineData("eip155:1:0x5fbdb2315678afecb367f032d93f642f64180aa")]
    [InlineData("eip155:1:0x5fbdb2315678afecb367f032d93f642f64180aa30")]
    [InlineData("eip155:1:005fbdb2315678afecb367f032d93f642f64180aa3")]
    [InlineData("eip155:01:0x5fbdb2315678afecb367f032d93f642f64180aa3")]
    [InlineData("eip155:0:0x5fbdb2315678afecb367f032d93f642f64180aa3")]
    [InlineData("eip155::0x5fbdb2315678afecb367f032d93f642f64180aa3")]
    [InlineData("eip155:1a:0x5fbdb2315678afecb367f032d93f642f64180aa3")]
    [InlineData("eip155:111111111111111111111:0x5fbdb2315678afecb367f032d93f642f64180aa3")]
    [InlineData("cosmos:1:0x5fbdb2315678afecb367f032d93f642f64180aa3")]
    [InlineData("eip155:1:0x5fbdb2315678afecb367f032d93f642f64180aa3:")]
    public void A_registry_has_one_spelling(string registry)
    {
        using var world = new World().Lends();
        world.Refuses(Refusal.PledgeRegistryInvalid, X, world.Reserved(Found(world)) with { Registry = registry }, Key(W));
    }

    [Fact]
    public void What_was_seen_is_of_after_the_application_and_fresh_and_ends_within_what_the_contract_grants()
    {
        using var world = new World().Lends();
        var id = Found(world);
        var applied = world.Financing(id).AppliedAt;
        world.Refuses(Refusal.StatementOutOfTime, X, world.Reserved(id) with { StatedAt = applied.Add(-1) }, Key(W));
        world.Refuses(Refusal.StatementOutOfTime, X, world.Reserved(id) with { StatedAt = world.Clock.Add(1) }, Key(W));
        world.Refuses(Refusal.PledgeTermInvalid, X, world.Reserved(id) with { Until = world.Clock }, Key(W));
        world.Refuses(Refusal.PledgeTermInvalid, X, world.Reserved(id, days: 550) with { Until = world.Clock.Add((550 * Timestamp.Day) + 1) }, Key(W));
        world.Accepts(X, world.Reserved(id, days: 550), Key(W));
        world.Accepts(X, world.Approving(id) with { CommittedUntil = world.Tomorrow.Add(2 * Timestamp.Day) }, Reviewer);
        world.Until(applied.Add(Timestamp.Day + 1));
        world.Refuses(Refusal.StatementStale, X, world.Reserved(id) with { StatedAt = applied }, Key(W));
    }

    static World Asking() => new World((RuleParameter.PledgeReservation, 1)).Lends();

    static Id<Financing> Found(World world)
    {
        var apply = world.Applying(world.Certificate(A, 100), FinancingForm.NonRecourseFactoring, 1, 100);
        world.Accepts(A, apply);
        world.IsClear(apply.Financing);
        return apply.Financing;
    }
}
