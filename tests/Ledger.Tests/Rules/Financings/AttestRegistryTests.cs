using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.World;

namespace Ledger.Tests.Rules.Financings;

/// <summary>What a registry's answer lets a bank do, and for how long.</summary>
public class AttestRegistryTests
{
    static readonly KeyId Reviewer = Key(Lending.P);

    [Fact]
    public void Anothers_claim_bars_the_bank_until_the_registry_says_that_it_is_gone()
    {
        using var world = new World().Lends();
        var id = Applied(world);
        world.Refuses(Refusal.QueryMissing, X, world.Approving(id), Reviewer);
        world.Pass(Timestamp.Minute);
        var before = world.Attesting(id, RegistryAct.Query, RegistryFinding.Clear) with { StatedAt = world.Clock.Add(-1) };
        world.Accepts(Lending.P, world.Attesting(id, RegistryAct.Query, RegistryFinding.Encumbered));
        world.Refuses(Refusal.RegistryEncumbered, X, world.Approving(id), Reviewer);

        // The bank cannot cover it up with what the registry said before.
        world.Refuses(Refusal.StatementSuperseded, X, before);
        world.Pass(Timestamp.Minute);
        world.Accepts(X, world.Attesting(id, RegistryAct.Query, RegistryFinding.Released));
        world.Accepts(X, world.Approving(id), Reviewer);
    }

    [Fact]
    public void An_answer_is_good_for_as_long_as_a_reservation()
    {
        using var world = new World().Lends();
        var id = Applied(world);
        world.IsClear(id);
        world.Accepts(X, world.Approving(id) with { CommittedUntil = world.Tomorrow.Add(3 * Timestamp.Day) }, Reviewer);
        world.IsRegistered(id);
        var stated = world.State.Attestation(world.Financing(id).Query)?.StatedAt ?? default;

        world.Until(stated.Add(Timestamp.Day + 1));
        world.Refuses(Refusal.QueryStale, X, new Disburse(id, "1"));
        world.Refuses(Refusal.StatementStale, X, world.Attesting(id, RegistryAct.Query, RegistryFinding.Clear) with { StatedAt = stated });
        world.IsClear(id);
        world.Accepts(X, new Disburse(id, "1"));
    }

    [Fact]
    public void What_is_registered_is_cancelled_once_when_it_is_over()
    {
        using var world = new World().Lends();
        var id = world.Approved(A, world.Applying(world.Certificate(A, 100), FinancingForm.PledgeLoan, 1, 100));
        AttestRegistry Cancelled() => world.Attesting(id, RegistryAct.Cancellation, RegistryFinding.Done);
        world.Refuses(Refusal.FinancingStatusWrong, X, Cancelled());
        world.IsRegistered(id);
        world.Refuses(Refusal.FinancingStatusWrong, X, world.Attesting(id, RegistryAct.Registration, RegistryFinding.Done));
        world.Accepts(X, new Disburse(id, "1"));
        world.Refuses(Refusal.FinancingStatusWrong, X, Cancelled());
        world.Accepts(X, new Repay(id, "2"), Key(A));
        world.Refuses(Refusal.AttesterIsNotOfTheRegistry, A, Cancelled());
        world.Accepts(X, Cancelled());
        world.Refuses(Refusal.FinancingStatusWrong, X, Cancelled());
    }

    static Id<Financing> Applied(World world)
    {
        var apply = world.Applying(world.Certificate(A, 100), FinancingForm.NonRecourseFactoring, 1, 100);
        world.Accepts(A, apply);
        return apply.Financing;
    }
}
