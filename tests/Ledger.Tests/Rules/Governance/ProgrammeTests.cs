using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Tests.Laws;
using static Ledger.Tests.World;

namespace Ledger.Tests.Rules.Governance;

/// <summary>Banks hold an industry chain's debts to settings of its own, from a day on and beside the rules.</summary>
public class ProgrammeTests
{
    [Fact]
    public void A_chains_receivables_are_no_longer_than_its_programme_allows_from_its_day_on()
    {
        using var world = new World();
        world.Carried(world.Programme(FourBanks.Usual with { TenorMonths = 3 }, days: 2));
        world.Accepts(C, world.Issuing(A, 100, new DocumentUse(world.Invoice(A, C, 100), new(100))));

        world.Pass(2 * Timestamp.Day);
        var issue = world.Issuing(A, 100, new DocumentUse(world.Invoice(A, C, 100), new(100)));
        var no = world.Refuses(Refusal.BeyondProgramme, C, issue with { DueDate = issue.IssueDate.AddMonths(3).AddDays(1) });
        Assert.Equal(("tenorMonths", "3"), (no.Facts.Reference, no.Facts.Reason));
        world.Accepts(C, issue with { DueDate = issue.IssueDate.AddMonths(3) });
        RestoreLaw.Holds(world.State);
    }

    [Fact]
    public void Other_chains_and_what_was_issued_before_are_as_they_were()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        world.Carried(world.Programme(FourBanks.Usual with { TenorMonths = 1 }));
        world.Pass(Timestamp.Day);

        world.Accepts(A, world.Trade(note, A, B, 1, 50));
        world.Accepts(X, world.Issuing(A, 100, new DocumentUse(world.Invoice(A, X, 100), new(100))));
    }

    [Fact]
    public void A_programme_does_not_allow_what_the_rules_forbid()
    {
        using var world = new World((RuleParameter.ReceivableTenorMaximumMonths, 4));
        world.Carried(world.Programme(FourBanks.Usual with { TenorMonths = 12 }));
        world.Pass(Timestamp.Day);

        world.Refuses(Refusal.TenorTooLong, C, world.Issuing(A, 100, new DocumentUse(world.Invoice(A, C, 100), new(100))));
    }

    [Fact]
    public void A_due_date_is_not_extended_beyond_the_programme()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        var due = world.State.Instrument(note)?.DueDate ?? default;
        world.Carried(world.Programme(FourBanks.Usual with { TenorMonths = 6 }));
        world.Pass(Timestamp.Day);

        world.Refuses(Refusal.BeyondProgramme, C, new ExtendDueDate(note, due.AddDays(1)), Key(A));
    }

    [Fact]
    public void Where_the_programme_asks_for_a_contract_invoices_alone_are_not_enough()
    {
        using var world = new World();
        world.Carried(world.Programme(FourBanks.Usual with { ContractRequired = true }));
        world.Pass(Timestamp.Day);
        var invoice = new DocumentUse(world.Invoice(A, C, 100), new(100));

        Assert.Equal("contractRequired", world.Refuses(Refusal.BeyondProgramme, C, world.Issuing(A, 100, invoice)).Facts.Reference);
        var contract = world.Attested(X, world.Attestation(DocumentKind.Contract, "HT-1", A, C, 100));
        world.Accepts(C, world.Issuing(A, 100, invoice, new(contract, new(100))));
    }

    [Fact]
    public void Units_pass_through_no_more_hands_than_the_programme_allows()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        world.Carried(world.Programme(FourBanks.Usual with { MaximumDepth = 1 }));
        world.Pass(Timestamp.Day);
        world.Hands(note, A, B, 1, 50);

        Assert.Equal("maximumDepth", world.Refuses(Refusal.BeyondProgramme, B, world.Trade(note, B, D, 1, 10)).Facts.Reference);
    }

    [Fact]
    public void A_financing_is_neither_larger_longer_nor_deeper_than_the_programme_allows()
    {
        using var world = new World().Lends();
        var note = world.Certificate(A, 1_000);
        world.Carried(world.Programme(FourBanks.Usual with { FinancingShareBasisPoints = 8_000, FinancingTenorMonths = 2, MaximumDepth = 0 }));
        world.Pass(Timestamp.Day);
        var apply = world.Applying(note, FinancingForm.PledgeLoan, 1, 1_000) with { Principal = new(800), End = world.State.Today.AddMonths(2) };

        Assert.Equal("financingShareBasisPoints", world.Refuses(Refusal.BeyondProgramme, A, apply with { Principal = new(801) }).Facts.Reference);
        Assert.Equal("financingTenorMonths", world.Refuses(Refusal.BeyondProgramme, A, apply with { End = apply.End.AddDays(1) }).Facts.Reference);
        Assert.Equal("maximumDepth", world.Refuses(Refusal.BeyondProgramme, A, apply with { Form = FinancingForm.RecourseFactoring }).Facts.Reference);
        world.Accepts(A, apply);
    }

    [Fact]
    public void Settings_follow_one_another_and_those_that_are_over_leave()
    {
        using var world = FourBanks.World();
        foreach (var (days, months) in new[] { (1, 9), (5, 3), (3, 6) })
        {
            var next = world.Programme(FourBanks.Usual with { TenorMonths = (ushort)months }, days);
            world.Accepts(Y, next);
            world.Vote(next.Proposal, true, X, Y, Z);
            world.Append();
        }

        Assert.Equal([9, 6, 3], world.State.Programme(IndustryChain)?.Settings.Select(settings => (int)settings.TenorMonths));
        Assert.Null(world.State.ProgrammeOf(C));
        world.Pass(4 * Timestamp.Day);
        Assert.Equal(6, world.State.ProgrammeOf(C)?.TenorMonths ?? 0);
        Assert.Null(world.State.ProgrammeOf(A));

        var last = world.Programme(FourBanks.Usual, days: 100);
        world.Accepts(X, last);
        world.Vote(last.Proposal, true, X, Y, Z);
        world.Append();
        Assert.Equal([6, 3, 12], world.State.Programme(IndustryChain)?.Settings.Select(settings => (int)settings.TenorMonths));
        RestoreLaw.Holds(world.State);
    }

    [Fact]
    public void Settings_that_could_not_be_or_begin_on_no_day_to_come_are_not_proposed()
    {
        using var world = new World();
        foreach (var (wrong, setting) in new (ProgrammeSettings, string)[]
        {
            (FourBanks.Usual with { TenorMonths = 0 }, "tenorMonths"), (FourBanks.Usual with { TenorMonths = 1_201 }, "tenorMonths"), (FourBanks.Usual with { FinancingTenorMonths = 0 }, "financingTenorMonths"),
            (FourBanks.Usual with { FinancingTenorMonths = 1_201 }, "financingTenorMonths"), (FourBanks.Usual with { FinancingShareBasisPoints = 0 }, "financingShareBasisPoints"),
            (FourBanks.Usual with { FinancingShareBasisPoints = 10_001 }, "financingShareBasisPoints"), (FourBanks.Usual with { MaximumDepth = ushort.MaxValue }, "maximumDepth"),
        })
        {
            Assert.Equal(setting, world.Refuses(Refusal.ProgrammeInvalid, X, world.Programme(wrong)).Facts.Reference);
        }

        foreach (var chain in new[] { "", new string('链', 65) })
        {
            var unnamed = world.Programme(FourBanks.Usual);
            Assert.Equal("industryChain", world.Refuses(Refusal.ProgrammeInvalid, X, unnamed with { Programme = new(chain, unnamed.Programme?.Settings ?? FourBanks.Usual) }).Facts.Reference);
        }

        world.Refuses(Refusal.ProgrammeDateInvalid, X, world.Programme(FourBanks.Usual, days: 0));
        world.Refuses(Refusal.ProgrammeDateInvalid, X, world.Programme(FourBanks.Usual, days: 367));
        world.Carried(world.Programme(FourBanks.Usual, days: 366));
        world.Refuses(Refusal.ProgrammeOfThatDay, X, world.Programme(FourBanks.Usual, days: 366));
    }

    [Fact]
    public void Settings_whose_day_has_come_before_their_votes_are_overtaken()
    {
        using var world = FourBanks.World();
        var late = world.Programme(FourBanks.Usual) with { Expires = world.Clock.Add(5 * Timestamp.Day).CeilingMinute() };
        world.Accepts(X, late);
        world.Pass(Timestamp.Day);
        world.Vote(late.Proposal, true, X, Y, Z);
        world.Append();

        Assert.Equal(ProposalStatus.Overtaken, world.ProposalOf(late.Proposal).Status);
        Assert.Null(world.State.Programme(IndustryChain));
    }
}
