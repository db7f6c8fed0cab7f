using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using static Ledger.Tests.Lending;
using static Ledger.Tests.World;

namespace Ledger.Tests.Strangers;

/// <summary>
/// Whose signature counted for what is written down: as a second institution, as somebody's hand, in a mandate and in a day's spending. Of several that sign only one is right,
/// and a stranger finds which from docs/STATE-MACHINE.md and FORMATS alone.
/// </summary>
public sealed class WordStoriesTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("ledger-words-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_second_institution_is_neither_a_hand_of_the_first_nor_without_its_keys()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        world.Accepts(Y, world.Registration(Stranger, "运营", Roles.Operator, SizeClass.Small), Key(Stranger), Key(Z));
        world.Accepts(world.State.Party(Z)!.Sponsor, new ReportLost(Z));
        var freeze = world.Freezing(note, 1, 10) with { LastDay = world.State.Today.AddDays(20) };
        world.Accepts(Y, freeze, Key(Stranger), Key(Z), Key(W));
        Assert.Equal(W, world.State.Freeze(freeze.Freeze)!.Second);

        var taken = world.Taking(note, A, B, TransferCause.Court, 21, 30);
        world.Accepts(Y, taken, Key(Stranger), Key(Z), Key(W), Key(A));
        Assert.Equal(new[] { Stranger, W, Y }.Order(), world.MeasureBehind(taken).Institutions);
        Recomputed(world);
    }

    [Fact]
    public void What_one_person_signs_beside_others_counts_in_its_partys_day()
    {
        using var world = new World().Lends();
        foreach (var party in new[] { W, P, D, A }) world.Accepts(party, new SetPolicy([new(Currency.Cny, new(1_000_000), new(1_000_000))]));
        var (note, other) = (world.Certificate(A, 100), world.Certificate(A, 60));
        var taken = world.Taking(note, A, B, TransferCause.Court, 1, 10);
        world.Accepts(Y, taken, Key(W));
        Assert.Equal(new(10), world.State.Spent(W, Currency.Cny, world.State.Today));
        world.Approved(A, world.Applying(note, FinancingForm.PledgeLoan, 11, 30));

        // It told what the registry answered, and reviewed.
        Assert.Equal(new(20 + 20), world.State.Spent(P, Currency.Cny, world.State.Today));
        var before = world.State.Spent(A, Currency.Cny, world.State.Today);
        world.Accepts(C, new CancelReceivable(other), Key(A));
        Assert.Equal(before + new Amount(60), world.State.Spent(A, Currency.Cny, world.State.Today));
        world.Hands(note, A, D, 41, 100);
        world.Until("2026-09-14 09:00:00");
        world.Accepts(X, world.Receipt(note, PaymentOutcome.PartlyPaid, 50), Key(D));
        Assert.Equal(new(30), world.State.Spent(D, Currency.Cny, world.State.Today));

        // Two persons are no single signature.
        var checker = world.GiveKey(D, KeyRole.Checker, "li.si");
        world.Accepts(D, new SetPolicy([new(Currency.Cny, new(1), new(1))]), Key(D), checker);
        world.Accepts(X, world.Receipt(note, PaymentOutcome.PartlyPaid, 10), Key(D), checker);
        Assert.Equal(new(30), world.State.Spent(D, Currency.Cny, world.State.Today));
        Recomputed(world);
    }

    [Fact]
    public void Who_is_in_a_group_is_no_second_institution_until_a_year_after_it_left()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        world.Accepts(X, new DeclareControl(Z, Y, new(5, 5)), Key(W));
        Assert.Equal(W, Second(1));
        world.Accepts(X, new DeclareControl(Z, null, new(5, 6)), Key(W));
        Assert.Equal(W, Second(11));
        world.Granted(Y, W, 1, "offer.decline");
        var other = world.Freezing(note, 21, 30) with { LastDay = world.State.Today.AddDays(2) };
        world.Accepts(Y, other, Key(Z), Key(W));
        Assert.Null(world.State.Freeze(other.Freeze)!.Second);
        world.Pass(31 * Timestamp.Day);
        Assert.Equal(W, Second(41));
        Recomputed(world);

        PartyId? Second(ulong first)
        {
            var freeze = world.Freezing(note, first, first + 9) with { LastDay = world.State.Today.AddDays(20) };
            world.Accepts(Y, freeze, Key(Z), Key(W));
            return world.State.Freeze(freeze.Freeze)!.Second;
        }
    }

    [Fact]
    public void The_hand_that_signs_for_another_is_nobodys_of_the_other_side()
    {
        using var world = new World().Lends();
        world.Granted(A, X, 1, "offer.decline");
        world.Granted(A, P, 1, "offer.decline");
        var paper = world.Attestation(DocumentKind.Invoice, "HAND-1", A, C, 100);
        world.Accepts(X, paper, Key(P));
        Assert.Equal(P, world.Document(paper.Document).SellersHand);

        // Of two agents of the creditor the first serves the debtor too.
        var note = world.Certificate(A, 60);
        PartyId[] agents = [.. new[] { B, D }.Order()];
        foreach (var agent in agents) world.Granted(A, agent, 100, "receivable.cancel");
        world.Granted(C, agents[0], 1, "offer.decline");
        world.Accepts(C, new CancelReceivable(note), Key(agents[0]), Key(agents[1]));
        Assert.Equal([(agents[1], new Amount(60))], world.State.Mandates(A, B).Concat(world.State.Mandates(A, D)).Where(mandate => !mandate.Used.IsZero).Select(mandate => (mandate.Agent, mandate.Used)));
        Recomputed(world);
    }

    [Fact]
    public void A_new_key_waits_where_the_second_bank_is_no_second_bank()
    {
        using var world = new World();
        var mandate = world.Granted(A, W, 1, "offer.decline");
        Assert.True(Waits(2, W));
        Assert.True(Waits(3, D));
        world.Accepts(A, new RevokeMandate(mandate.Id));
        Assert.False(Waits(4, W));
        Recomputed(world);

        bool Waits(uint number, PartyId second)
        {
            world.Accepts(A, new RotateKey(A, 0, world.NewKey(Key(A, number))), Key(X), Key(second));
            return world.State.Key(Key(A, number))!.From > world.State.Now;
        }
    }

    [Fact]
    public void A_mandates_day_counts_every_act_of_it_and_begins_anew()
    {
        using var world = new World();
        var mandate = world.Granted(A, Y, 100, "offer.accept");
        Assert.Equal(new(60), Accepts(60));
        Assert.Equal(new(100), Accepts(40));
        world.Pass(Timestamp.Day);
        Assert.Equal(new(30), Accepts(30));
        Recomputed(world);

        Amount Accepts(ulong amount)
        {
            var issue = world.Issuing(A, amount, new DocumentUse(world.Invoice(A, C, amount), new(amount)));
            world.Accepts(C, issue);
            Accepted(world.SubmitFor(A, Y, new AcceptOffer(issue.Offer)));
            return world.State.Mandate(mandate.Id)!.Used;
        }
    }

    [Fact]
    public void An_id_of_ten_minutes_is_not_long_lived_and_one_of_more_is()
    {
        using var world = new World();
        var attestation = world.Attestation(DocumentKind.Invoice, "LONG-1", A, C, 100);
        Accepted(world.Append(world.Sign(world.Draft(X, attestation) with { Expires = world.Clock.Add(10 * Timestamp.Minute) }, Key(A))).Answers[0]);
        Assert.Equal(0u, world.State.LongLivedIds(X));
        var other = world.Attestation(DocumentKind.Invoice, "LONG-2", A, C, 100);
        Accepted(world.Append(world.Sign(world.Draft(X, other) with { Expires = world.Clock.Add((10 * Timestamp.Minute) + 1) }, Key(A))).Answers[0]);
        Assert.Equal(1u, world.State.LongLivedIds(X));
        world.Pass(Timestamp.Hour);
        Recomputed(world);
    }

    void Recomputed(World world)
    {
        var (code, said) = Python.Start("state_machine.py", world.WriteTo(folder));
        Assert.True(code == Python.Verified, said);
    }
}
