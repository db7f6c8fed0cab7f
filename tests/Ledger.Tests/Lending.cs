using Ledger.Client.Invoices;
using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.World;

namespace Ledger.Tests;

/// <summary>What a story about money lent on units needs: accounts, the registry's gateway, lines, and the way from an application to the payout.</summary>
static class Lending
{
    /// <summary>A platform that is also the gateway to the registry, and reviews what X approves: Z brought it in, so it is not X's hand.</summary>
    public static readonly PartyId P = FictionalUscc.Of("440300", 6);

    public static readonly Hash256 Account = new(6, 6);

    /// <summary>The platform is registered, and every supplier has an account.</summary>
    public static World Lends(this World world)
    {
        world.Accepts(Z, world.Registration(P, "示例平台", Roles.Gateway | Roles.Platform, SizeClass.Medium), Key(P), Key(Y));
        foreach (var supplier in new[] { A, B, D }) world.Accepts(supplier, new FileAccount(Account), Key(supplier == D ? Y : X));
        return world;
    }

    /// <summary>A line of X for somebody's debts.</summary>
    public static Id<CreditLine> Line(this World world, PartyId debtor, ulong limit, CreditMode mode = CreditMode.General)
    {
        var set = new SetLine(world.New<CreditLine>(), debtor, mode, Currency.Cny, new(limit), Date("2027-12-31"));
        world.Accepts(X, set);
        return set.Line;
    }

    /// <summary>An application to X for all that the units are worth, until they are due, interest taken ahead and given back where it is not earned.</summary>
    public static ApplyForFinancing Applying(this World world, Id<Instrument> note, FinancingForm form, ulong first, ulong last) => new(
        world.New<Financing>(), note, X, form, new Interval(first, last).Amount, world.Instrument(note).DueDate,
        [
            .. world.Tokens(note).Where(token => token.Units.Overlaps(new(first, last)))
                .SelectMany(token => token.Leg.Documents).Select(use => use.Document).Distinct(),
        ],
        new Interval(first, last), Amount: null, DayCount.Actual360, DayBounds.First, Rounding.HalfUp, InterestPayment.Prepaid,
        RefundsUnearned: true, GraceDays: 0, AccruesOnRolledDays: false);

    public static AttestRegistry Attesting(this World world, Id<Financing> financing, RegistryAct act, RegistryFinding finding) =>
        new(world.New<Attestation>(), financing, act, finding, new(8, 8), world.Clock);

    /// <summary>The second bank's word that a financing's documents are reserved between consortia, for days from now.</summary>
    public static AttestPledge Reserved(this World world, Id<Financing> financing, int days = 7) => new(
        financing, W, "eip155:11155111:0x5fbdb2315678afecb367f032d93f642f64180aa3", 1, new(9, 9), new(10, 10), world.Clock, world.Clock.Add(days * Timestamp.Day));

    /// <summary>The registry says that nobody else has a claim.</summary>
    public static void IsClear(this World world, Id<Financing> financing) =>
        world.Accepts(P, world.Attesting(financing, RegistryAct.Query, RegistryFinding.Clear));

    public static ApproveFinancing Approving(this World world, Id<Financing> financing, Id<CreditLine>? line = null, CreditMode mode = CreditMode.General) =>
        new(financing, P, world.Tomorrow, line is null ? CreditMode.None : mode, line);

    /// <summary>Applied for, found clear and approved.</summary>
    public static Id<Financing> Approved(this World world, PartyId by, ApplyForFinancing apply, Id<CreditLine>? line = null, CreditMode mode = CreditMode.General)
    {
        world.Accepts(by, apply);
        world.IsClear(apply.Financing);
        if (world.State.Rules.Is(RuleParameter.PledgeReservation)) world.Accepts(X, world.Reserved(apply.Financing), Key(W));
        world.Accepts(X, world.Approving(apply.Financing, line, mode), Key(P));
        return apply.Financing;
    }

    /// <summary>Registered, and found clear once more a minute later.</summary>
    public static void IsRegistered(this World world, Id<Financing> financing)
    {
        world.Accepts(P, world.Attesting(financing, RegistryAct.Registration, RegistryFinding.Done));
        world.Pass(Timestamp.Minute);
        world.IsClear(financing);
    }

    /// <summary>From the application to the payout.</summary>
    public static Id<Financing> Financed(this World world, PartyId by, ApplyForFinancing apply, Id<CreditLine>? line = null, CreditMode mode = CreditMode.General)
    {
        world.Approved(by, apply, line, mode);
        world.IsRegistered(apply.Financing);
        world.Accepts(X, new Disburse(apply.Financing, world.Reference()));
        return apply.Financing;
    }

    /// <summary>A bank's reference that no act has spent.</summary>
    public static string Reference(this World world) => $"REF {world.New<BankReference>()}";

    public static Financing Financing(this World world, Id<Financing> id) => Assert.IsType<Financing>(world.State.Financing(id));

    public static Amount Drawn(this World world, Id<CreditLine> line) => Assert.IsType<CreditLine>(world.State.Line(line)).Drawn;
}
