using Ledger.Client.Disclosures;
using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.World;

namespace Ledger.Tests.Disclosures;

/// <summary>The entitled compute again what the ledger does not know: every figure that parties signed in secret follows from the rest, or is false.</summary>
public sealed class DisclosureAuditTests : IDisposable
{
    readonly World world = new World("2026-03-22 10:00:00").Lends();
    readonly List<DisclosureFile> files = [];

    public void Dispose() => world.Dispose();

    [Fact]
    public void Interest_and_net_proceeds_of_a_discount_follow_from_rate_and_days()
    {
        Sold(Agreed(38_500), DisclosureSet.Empty.With(Term.Interest, new Amount(178_383)).With(Term.NetProceeds, new Amount(11_821_617)));

        var report = Audited();
        Assert.True(report.IsGood);
        Assert.Equal([(Term.NetProceeds, "11821617", "11821617"), (Term.Interest, "178383", "178383")], Figures(report));
        Assert.Empty(report.Unchecked);

        // The application's three terms, which approval repeats, and the payout's two.
        Assert.Equal((5, 5, 0, 0), (report.Digests, report.Opened, report.Hidden, report.FilesElsewhere));
    }

    [Fact]
    public void A_fen_too_much_is_false_and_says_where_and_by_what()
    {
        var financing = Sold(Agreed(38_500), DisclosureSet.Empty.With(Term.Interest, new Amount(178_384)).With(Term.NetProceeds, new Amount(11_821_617)));

        var report = Audited();
        Assert.False(report.IsGood);
        var wrong = Assert.Single(report.Figures, figure => !figure.Agrees);
        Assert.Equal((financing, Term.Interest, "178384", "178383", X), (wrong.Financing, wrong.Term, wrong.Claimed, wrong.Computed, wrong.Place.Party));
        Assert.Equal(files[^1].Id, wrong.Place.Id);
    }

    [Theory]
    [InlineData(5_000, 11_816_617)]
    [InlineData(0, 11_821_617)]
    public void Fees_come_off_what_is_paid_out(ulong fees, ulong net)
    {
        Sold(Agreed(38_500).With(Term.Fees, new Amount(fees)), DisclosureSet.Empty.With(Term.NetProceeds, new Amount(net)));

        Assert.True(Audited().IsGood);
    }

    [Fact]
    public void What_was_not_disclosed_is_not_checked_and_not_false()
    {
        Sold(Agreed(38_500), DisclosureSet.Empty.With(Term.Interest, new Amount(1)).With(Term.NetProceeds, new Amount(1)));
        var (agreed, paidOut) = (files[0], files[^1]);

        var none = Audited();
        files.Clear();
        var nothing = Audited();
        files.Add(paidOut);
        var withoutRate = Audited();
        files.Add(agreed with { Set = Part(agreed.Set, Term.Rate) });
        var withoutFees = Audited();

        Assert.False(none.IsGood);
        Assert.Equal((true, 0, 5), (nothing.IsGood, nothing.Opened, nothing.Hidden));
        Assert.Equal((true, 2, 3), (withoutRate.IsGood, withoutRate.Opened, withoutRate.Hidden));
        Assert.Equal([Term.NetProceeds, Term.Interest], withoutRate.Unchecked.Select(one => one.Term));
        Assert.Contains("rate", withoutRate.Unchecked[0].English);

        // With the rate alone the interest is checked; the fees may still be anything.
        Assert.Equal(Term.Interest, Assert.Single(withoutFees.Figures).Term);
        Assert.Equal(Term.NetProceeds, Assert.Single(withoutFees.Unchecked).Term);
    }

    [Fact]
    public void A_term_that_the_opened_application_does_not_hold_was_not_agreed()
    {
        Sold(DisclosureSet.Empty.With(Term.Rate, new Rate(38_500)), DisclosureSet.Empty.With(Term.NetProceeds, new Amount(11_821_617)));

        Assert.Equal((true, 1), (Audited().IsGood, Audited().Figures.Count));
    }

    [Fact]
    public void The_price_of_a_buy_back_is_the_principal_and_penalty_since_the_dishonour()
    {
        var financing = Sold(
            Agreed(38_500).With(Term.PenaltyRate, new Rate(57_750)), DisclosureSet.Empty.With(Term.Interest, new Amount(178_383)), form: FinancingForm.RecourseFactoring);
        world.Until("2026-09-25 10:00:00");
        Signed(X, new BuyBack(financing, world.Reference()), DisclosureSet.Empty.With(Term.BuyBackPrice, new Amount(12_005_775)), A);

        var report = Audited();
        Assert.True(report.IsGood);
        Assert.Contains((Term.BuyBackPrice, "12005775", "12005775"), Figures(report));
        files[0] = files[0] with { Set = Part(files[0].Set, Term.Rate, Term.Fees) };
        files.RemoveAt(1);
        Assert.Equal(Term.BuyBackPrice, Assert.Single(Audited().Unchecked).Term);
    }

    [Theory]
    [InlineData(691_667, true)]
    [InlineData(691_666, false)]
    public void A_refund_is_the_interest_of_the_days_that_were_cut_off(ulong refund, bool isGood)
    {
        var note = world.Certificate(A, 100_000_000);
        world.Until("2026-03-23 10:00:00");
        var sold = Financed(world.Applying(note, FinancingForm.NonRecourseFactoring, 1, 100_000_000), Agreed(30_000), DisclosureSet.Empty.With(Term.Interest, new Amount(1_525_000)));

        // On day 100 the obligor has the units home.
        world.Until("2026-07-01 10:00:00");
        world.Hands(note, X, C, 1, 100_000_000);
        Signed(X, new SettleFinancing(sold, Surplus: false, Refund: true, world.Reference()), DisclosureSet.Empty.With(Term.Refund, new Amount(refund)), A);

        var report = Audited();
        Assert.Equal(isGood, report.IsGood);
        Assert.Contains((Term.Refund, $"{refund}", "691667"), Figures(report));
    }

    [Fact]
    public void A_loan_repaid_at_its_end_costs_principal_and_interest_and_its_surplus_is_nobodys()
    {
        var note = world.Certificate(A, 100_000_000);
        world.Until("2026-05-06 10:00:00");
        var loan = Financed(
            world.Applying(note, FinancingForm.PledgeLoan, 1, 100_000_000) with { Principal = new(70_000_000), Payment = InterestPayment.AtMaturity },
            Agreed(43_500), DisclosureSet.Empty.With(Term.Interest, new Amount(1_175_708)).With(Term.NetProceeds, new Amount(70_000_000)));
        world.Until("2026-09-22 10:00:00");
        Signed(X, new Repay(loan, world.Reference()), DisclosureSet.Empty.With(Term.Payoff, new Amount(71_175_708)).With(Term.Surplus, new Amount(28_824_292)), A);

        var report = Audited();
        Assert.True(report.IsGood);
        Assert.Contains((Term.Payoff, "71175708", "71175708"), Figures(report));
        Assert.Equal(Term.Surplus, Assert.Single(report.Unchecked).Term);
    }

    [Theory]
    [InlineData("2026-09-22 10:00:00")]
    [InlineData("2026-09-23 09:00:00")]
    public void What_a_pledgee_keeps_and_returns_follows_from_the_value_date_of_what_the_units_paid(string told)
    {
        var (note, loan) = Pledged();
        world.Until("2026-09-22 10:00:00");
        world.Until(told);

        // E5a: the ledger may hear of the money a day after it came.
        world.Accepts(X, world.Receipt(note, PaymentOutcome.Paid, 100_000_000) with { ValueDate = Date("2026-09-22") });
        Settled(loan, 71_175_708, 28_824_292);

        var report = Audited();
        Assert.True(report.IsGood);
        Assert.Equal(
            [(Term.Interest, "1175708", "1175708"), (Term.Payoff, "71175708", "71175708"), (Term.Surplus, "28824292", "28824292")],
            Figures(report).OrderBy(figure => figure.Item2.Length == 7 ? Term.Rate : figure.Item1));
        Assert.Empty(report.Unchecked);
    }

    [Fact]
    public void A_surplus_that_is_short_by_a_fen_is_false()
    {
        var (note, loan) = Pledged();
        world.Until("2026-09-22 10:00:00");
        world.Accepts(X, world.Receipt(note, PaymentOutcome.Paid, 100_000_000));
        Settled(loan, 71_175_708, 28_824_291);

        var report = Audited();
        Assert.Equal((Term.Surplus, "28824291", "28824292"), Figures(report).Single(figure => figure.Item2 != figure.Item3));
    }

    [Theory]
    [InlineData("2026-09-22", 0)]
    [InlineData("2026-09-23", 2)]
    public void Payments_of_one_value_date_are_one_return_of_the_money_and_of_two_are_not(string second, int left)
    {
        var (note, loan) = Pledged();
        world.Until("2026-09-23 10:00:00");
        world.Accepts(X, world.Receipt(note, PaymentOutcome.PartlyPaid, 40_000_000) with { ValueDate = Date("2026-09-22") });
        var rest = second == "2026-09-22" ? 60_000_000UL : 60_030_000UL;
        world.Accepts(X, world.Receipt(note, PaymentOutcome.Paid, rest) with { ValueDate = Date(second) });
        Settled(loan, 71_175_708, 28_824_292);

        var report = Audited();
        Assert.True(report.IsGood);
        Assert.Equal(left, report.Unchecked.Count);
    }

    [Fact]
    public void A_payment_that_went_back_is_forgotten_for_the_one_that_stayed()
    {
        var (note, loan) = Pledged();
        world.Until("2026-09-22 10:00:00");
        var early = world.Receipt(note, PaymentOutcome.Paid, 100_000_000);
        world.Accepts(X, early);
        world.Accepts(X, new ReturnPayment(early.Payment, world.Reference()));
        world.Until("2026-09-24 10:00:00");
        world.Accepts(X, world.Receipt(note, PaymentOutcome.Paid, 100_000_000) with { ValueDate = Date("2026-09-22") });
        Settled(loan, 71_175_708, 28_824_292);

        var report = Audited();
        Assert.True(report.IsGood);
        Assert.Contains((Term.Payoff, "71175708", "71175708"), Figures(report));
    }

    [Fact]
    public void What_was_paid_late_came_with_interest_that_is_not_reckoned_here()
    {
        var (note, loan) = Pledged();
        world.Until("2026-09-23 10:00:00");
        world.Accepts(X, world.Receipt(note, PaymentOutcome.Paid, 100_050_000));
        Settled(loan, 71_175_708, 28_874_292);

        var report = Audited();
        Assert.True(report.IsGood);
        Assert.Equal(Term.Surplus, Assert.Single(report.Unchecked).Term);
    }

    [Fact]
    public void Units_that_came_home_were_not_paid()
    {
        var note = world.Certificate(A, 100_000_000);
        world.Until("2026-05-06 10:00:00");
        var sold = Financed(world.Applying(note, FinancingForm.RecourseFactoring, 1, 100_000_000), Agreed(38_500), DisclosureSet.Empty.With(Term.Interest, new Amount(1_486_528)));
        world.Until("2026-09-21 10:00:00");
        world.Hands(note, X, C, 1, 100_000_000);
        Settled(sold, 100_000_000, 1);

        Assert.Equal(Term.Surplus, Assert.Single(Audited().Unchecked).Term);
    }

    [Fact]
    public void Money_that_came_home_in_parts_is_not_reckoned_as_if_it_came_at_once()
    {
        var note = world.Certificate(A, 100_000_000);
        world.Until("2026-03-23 10:00:00");
        var sold = Financed(world.Applying(note, FinancingForm.NonRecourseFactoring, 1, 100_000_000), Agreed(30_000), DisclosureSet.Empty.With(Term.Interest, new Amount(1_525_000)));
        world.Until("2026-07-01 10:00:00");
        world.Hands(note, X, C, 1, 40_000_000);
        world.Until("2026-07-02 10:00:00");
        world.Hands(note, X, C, 40_000_001, 100_000_000);
        Signed(X, new SettleFinancing(sold, Surplus: false, Refund: true, world.Reference()), DisclosureSet.Empty.With(Term.Refund, new Amount(1)), A);

        var report = Audited();
        Assert.True(report.IsGood);
        Assert.Contains("in parts", Assert.Single(report.Unchecked).English);
    }

    [Fact]
    public void A_disclosure_that_nobody_signed_is_false()
    {
        Sold(Agreed(38_500), DisclosureSet.Empty.With(Term.Interest, new Amount(178_383)));
        files[0] = files[0] with { Set = files[0].Set.With(Term.Rate, new Rate(38_500)) };

        var report = Audited();
        Assert.False(report.IsGood);
        var wrong = Assert.Single(report.False);
        Assert.Equal(("rate", A), (wrong.Term, wrong.Place.Party));
    }

    [Fact]
    public void A_rate_that_changes_within_a_financing_is_false()
    {
        Sold(Agreed(38_500), DisclosureSet.Empty.With(Term.Rate, new Rate(38_501)));

        Assert.Contains("38500", Assert.Single(Audited().False).English);
    }

    [Fact]
    public void Disclosures_of_what_is_not_on_the_chain_are_counted_and_left()
    {
        Sold(Agreed(38_500), DisclosureSet.Empty.With(Term.Interest, new Amount(178_383)));
        files.Add(files[0] with { Id = new(77) });
        files.Add(files[0] with { Chain = new(1, 1) });
        files.Add(files[0] with { Operation = 1 });

        var report = Audited();
        Assert.True(report.IsGood);
        Assert.Equal((6, 3), (report.Files, report.FilesElsewhere));
    }

    static DisclosureSet Agreed(uint rate) =>
        DisclosureSet.Empty.With(Term.Rate, new Rate(rate)).With(Term.PenaltyRate, Rate.Zero).With(Term.Fees, Amount.Zero);

    /// <summary>E1's sale: 120,000.00 on 6 May until 22 September.</summary>
    Id<Financing> Sold(DisclosureSet agreed, DisclosureSet paidOut, FinancingForm form = FinancingForm.NonRecourseFactoring)
    {
        var note = world.Certificate(A, 12_000_000);
        world.Until("2026-05-06 10:00:00");
        return Financed(world.Applying(note, form, 1, 12_000_000), agreed, paidOut);
    }

    /// <summary>E5a's loan: 700,000.00 on a pledge of 1,000,000.00 from 6 May to 22 September.</summary>
    (Id<Instrument> Note, Id<Financing> Loan) Pledged()
    {
        var note = world.Certificate(A, 100_000_000);
        world.Until("2026-05-06 10:00:00");
        var loan = Financed(
            world.Applying(note, FinancingForm.PledgeLoan, 1, 100_000_000) with { Principal = new(70_000_000), Payment = InterestPayment.AtMaturity },
            Agreed(43_500), DisclosureSet.Empty.With(Term.Interest, new Amount(1_175_708)));
        return (note, loan);
    }

    void Settled(Id<Financing> financing, ulong payoff, ulong surplus) => Signed(
        X, new SettleFinancing(financing, Surplus: true, Refund: false, world.Reference()),
        DisclosureSet.Empty.With(Term.Payoff, new Amount(payoff)).With(Term.Surplus, new Amount(surplus)), A);

    /// <summary>From the application to the payout; whoever signs hides and both banks' files hold what is hidden.</summary>
    Id<Financing> Financed(ApplyForFinancing apply, DisclosureSet agreed, DisclosureSet paidOut)
    {
        Signed(A, apply, agreed);
        world.IsClear(apply.Financing);
        Signed(X, world.Approving(apply.Financing), agreed, Lending.P);
        world.IsRegistered(apply.Financing);
        Signed(X, new Disburse(apply.Financing, world.Reference()), paidOut);
        return apply.Financing;
    }

    void Signed(PartyId by, Operation operation, DisclosureSet set, params PartyId[] others)
    {
        var digests = set.Digests(world.Suite);
        var hidden = operation switch
        {
            ApplyForFinancing apply => apply with { Terms = digests },
            ApproveFinancing approve => approve with { Terms = digests },
            Disburse disburse => disburse with { Terms = digests },
            SettleFinancing settle => settle with { Terms = digests },
            BuyBack buyBack => buyBack with { Terms = digests },
            Repay repay => (Operation)(repay with { Terms = digests }),
            _ => throw new InvalidOperationException(),
        };
        Assert.Equal(digests, HiddenTerms.Of(hidden));
        var transaction = world.Draft(by, hidden);
        Accepted(world.Submit(transaction, [.. others.Select(other => Key(other))]));
        files.Add(new(world.Genesis.Chain.ChainId, by, transaction.Id, 0, set));
    }

    static DisclosureSet Part(DisclosureSet set, params Term[] terms) =>
        Assert.IsType<DisclosureSet>(DisclosureSet.Of(set.All.Where(one => terms.Contains(one.Key)).Select(one => one.Value), out _));

    // As a verifier does it: every block folded once more.
    DisclosureReport Audited()
    {
        var audit = new DisclosureAudit(files);
        Fold(audit);
        return audit.Finish();
    }

    void Fold(DisclosureAudit audit)
    {
        var fold = new Fold(world.Genesis);
        foreach (var block in world.Blocks) audit.Read(Assert.IsType<FoldedBlock>(fold.Repeat(block, verifySignatures: false, out _)));
    }

    static (Term, string, string)[] Figures(DisclosureReport report) => [.. report.Figures.Select(figure => (figure.Term, figure.Claimed, figure.Computed))];
}
