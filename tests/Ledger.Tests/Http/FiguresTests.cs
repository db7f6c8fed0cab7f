using Ledger.Client.Api;
using Ledger.Client.Disclosures;
using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.World;

namespace Ledger.Tests.Http;

/// <summary>
/// A figure that does not follow from what was disclosed never comes onto the chain under the bank's own node's signature: it is refused with what is
/// right and what was found, before it is ordered. E1's sale: 120,000.00 at 3.85 % for 139 days.
/// </summary>
public sealed class FiguresTests : IDisposable
{
    readonly World world = new World(Stage.Es256OverHttp, "2026-03-22 10:00:00").Lends();
    readonly DisclosureSet agreed = DisclosureSet.Empty.With(Term.Rate, new Rate(38_500)).With(Term.PenaltyRate, new Rate(57_750)).With(Term.Fees, Amount.Zero);
    readonly List<DisclosureFile> files = [];

    public void Dispose() => world.Dispose();

    [Fact]
    public void A_fen_too_much_of_interest_is_refused_with_both_figures_and_never_on_the_chain()
    {
        var financing = Approved(FinancingForm.NonRecourseFactoring);
        var height = world.Node.Loop.Reader.View.Header.Height;

        var no = Pay(financing, Payout(178_384, 11_821_617));
        Assert.Equal((422, Refusal.FigureWrong), (no.HttpStatus, no.Code));
        Assert.Contains("expected CNY 1,783.83, found CNY 1,783.84", no.SentenceEn);
        Assert.Contains("应为 CNY 1,783.83，所报为 CNY 1,783.84", no.Sentence);
        Assert.Contains("利息", no.Sentence);
        Assert.Equal("178383", no.Body.GetProperty("facts").GetProperty("available").GetString());
        Assert.Equal((height, FinancingStatus.Registered), (world.Node.Loop.Reader.View.Header.Height, world.Node.Loop.Reader.View.State.Financing(financing)!.Status));

        Assert.True(Pay(financing, Payout(178_383, 11_821_617)).IsAccepted);
        Assert.True(Audited().IsGood);
    }

    [Fact]
    public async Task What_came_beside_an_accepted_act_is_kept_at_once()
    {
        var financing = Approved(FinancingForm.NonRecourseFactoring);
        Pay(financing, Payout(178_383, 11_821_617));

        var held = await world.Api.DisclosuresAsync(files[^1].Party, files[^1].Id, TestContext.Current.CancellationToken);
        Assert.Equal(files[^1].ToJson(), Assert.Single(held!.Files).ToJson());
    }

    [Fact]
    public async Task The_own_bank_shows_what_it_hides_and_what_that_follows_from()
    {
        var financing = Approved(FinancingForm.NonRecourseFactoring, discloses: false);
        var figures = Payout(178_383, 11_821_617);
        var transaction = world.Draft(X, new Disburse(financing, "R1", figures.Digests(world.Suite)));
        var text = world.Sign(transaction);

        // Nothing shown, in one, in a bulk and as a trial; then the figures without the rate.
        Assert.Equal(Refusal.FigureNotShown, Done(world.Api.SubmitAsync(text, true, Cancel)).Code);
        Assert.Equal(Refusal.FigureNotShown, Assert.Single(await world.Api.SubmitBulkAsync([text], Cancel)).Code);
        Assert.Equal(Refusal.FigureNotShown, Done(world.Api.DryRunAsync(text, Cancel)).Code);
        var noRate = Done(world.Api.SubmitDisclosedAsync(text, [Of(transaction, figures)], Cancel));
        Assert.Equal(Refusal.FigureNotShown, noRate.Code);
        Assert.Contains("rate", noRate.SentenceEn);

        Assert.True(Done(world.Api.DiscloseAsync(files[0].ToJson(), Cancel)).IsAccepted);
        Assert.Equal(Refusal.None, Done(world.Api.DryRunDisclosedAsync(text, [Of(transaction, figures)], Cancel)).Code);
        Assert.True(Done(world.Api.SubmitDisclosedAsync(text, [Of(transaction, figures)], Cancel)).IsAccepted);
    }

    [Fact]
    public void Net_proceeds_less_the_fees_that_were_agreed_are_the_only_right_ones()
    {
        var financing = Approved(FinancingForm.NonRecourseFactoring, DisclosureSet.Empty.With(Term.Rate, new Rate(38_500)).With(Term.Fees, new Amount(5_000)));

        Assert.Equal(Refusal.FigureWrong, Pay(financing, DisclosureSet.Empty.With(Term.NetProceeds, new Amount(11_821_617))).Code);
        Assert.True(Pay(financing, DisclosureSet.Empty.With(Term.NetProceeds, new Amount(11_816_617))).IsAccepted);
    }

    [Fact]
    public void What_a_pledgee_keeps_and_returns_is_held_against_the_value_date_of_what_the_units_paid()
    {
        // E5a: 700,000 at 4.35 % on 1,000,000.
        var (note, loan) = Loan();
        world.Until("2026-09-22 10:00:00");
        world.Accepts(X, world.Receipt(note, PaymentOutcome.Paid, 100_000_000));
        var wrong = DisclosureSet.Empty.With(Term.Payoff, new Amount(71_175_708)).With(Term.Surplus, new Amount(28_824_291));
        var right = DisclosureSet.Empty.With(Term.Payoff, new Amount(71_175_708)).With(Term.Surplus, new Amount(28_824_292));

        var no = Send(X, new SettleFinancing(loan, Surplus: true, Refund: false, "R9", wrong.Digests(world.Suite)), wrong, A);
        Assert.Equal(Refusal.FigureWrong, no.Code);
        Assert.Contains("288,242.92", no.SentenceEn);
        Assert.Contains("288,242.91", no.SentenceEn);
        Assert.True(Send(X, new SettleFinancing(loan, Surplus: true, Refund: false, "R9", right.Digests(world.Suite)), right, A).IsAccepted);
        Assert.True(Audited().IsGood);
    }

    [Fact]
    public void A_loan_paid_back_early_costs_the_days_until_then()
    {
        var (_, loan) = Loan();
        world.Until("2026-06-05 10:00:00");
        foreach (var (payoff, code) in new[] { (71_175_708UL, Refusal.FigureWrong), (70_253_750UL, Refusal.None) })
        {
            var set = DisclosureSet.Empty.With(Term.Payoff, new Amount(payoff));
            Assert.Equal(code, Send(X, new Repay(loan, "R9", set.Digests(world.Suite)), set, A).Code);
        }

        Assert.True(Audited().IsGood);
    }

    [Fact]
    public void The_price_of_a_buy_back_and_a_refund_are_held_against_the_terms_too()
    {
        var financing = Approved(FinancingForm.RecourseFactoring);
        Pay(financing, Payout(178_383, 11_821_617));
        world.Until("2026-09-25 10:00:00");
        foreach (var (price, code) in new[] { (12_000_000UL, Refusal.FigureWrong), (12_005_775UL, Refusal.None) })
        {
            var set = DisclosureSet.Empty.With(Term.BuyBackPrice, new Amount(price));
            Assert.Equal(code, Send(X, new BuyBack(financing, "R9", set.Digests(world.Suite)), set, A).Code);
        }

        Assert.True(Audited().IsGood);
    }

    [Fact]
    public void A_figure_of_a_day_is_good_for_that_day_alone()
    {
        var financing = Approved(FinancingForm.NonRecourseFactoring);
        var figures = Payout(178_383, 11_821_617);
        var operation = new Disburse(financing, "R1", figures.Digests(world.Suite));
        var late = new Transaction(X, null, world.New<Transaction>(), At("2026-05-07 00:00:01"), [operation]);

        Assert.Equal(Refusal.FigureForADay, Done(world.Api.SubmitDisclosedAsync(world.Sign(late), [Of(late, figures)], Cancel)).Code);
        var today = late with { Id = world.New<Transaction>(), Expires = At("2026-05-07 00:00:00") };
        Assert.True(Done(world.Api.SubmitDisclosedAsync(world.Sign(today), [Of(today, figures)], Cancel)).IsAccepted);
    }

    [Fact]
    public void A_figure_whose_time_has_not_come_and_another_rate_than_agreed_are_refused()
    {
        var financing = Approved(FinancingForm.NonRecourseFactoring);

        Assert.Equal(Refusal.FigureTooEarly, Pay(financing, DisclosureSet.Empty.With(Term.Payoff, new Amount(12_000_000))).Code);
        Assert.Equal(Refusal.TermContradicts, Pay(financing, DisclosureSet.Empty.With(Term.Rate, new Rate(38_501))).Code);

        var early = agreed.With(Term.Interest, new Amount(178_383));
        var note = world.Certificate(A, 12_000_000);
        Assert.Equal(Refusal.FigureTooEarly, Send(A, world.Applying(note, FinancingForm.NonRecourseFactoring, 1, 12_000_000) with { Terms = early.Digests(world.Suite) }, early).Code);
    }

    [Fact]
    public void Another_banks_act_is_held_against_what_this_node_was_shown_and_asks_for_no_more()
    {
        var note = world.Certificate(A, 12_000_000);
        world.Until("2026-05-06 10:00:00");
        var apply = world.Applying(note, FinancingForm.NonRecourseFactoring, 1, 12_000_000) with { Financier = Y, Terms = agreed.Digests(world.Suite) };
        Assert.True(Done(world.Api.SubmitAsync(world.Sign(world.Draft(A, apply)), true, Cancel)).IsAccepted);
        world.IsClear(apply.Financing);
        world.Accepts(Y, world.Approving(apply.Financing) with { Terms = apply.Terms }, Key(Lending.P));
        world.IsRegistered(apply.Financing);
        var figures = Payout(1, 1);

        Assert.True(Done(world.Api.SubmitAsync(world.Sign(world.Draft(Y, new Disburse(apply.Financing, "R1", figures.Digests(world.Suite)))), true, Cancel)).IsAccepted);
    }

    [Fact]
    public void Disclosures_of_another_transaction_or_of_terms_that_it_does_not_carry_are_refused_whole()
    {
        var financing = Approved(FinancingForm.NonRecourseFactoring);
        var figures = Payout(178_383, 11_821_617);
        var transaction = world.Draft(X, new Disburse(financing, "R1", figures.Digests(world.Suite)));
        var (text, file) = (world.Sign(transaction), Of(transaction, figures));

        Assert.Equal(Refusal.DisclosuresOfAnother, Beside(text, file with { Id = world.New<Transaction>() }));
        Assert.Equal(Refusal.DisclosedOnAnotherChain, Beside(text, file with { Chain = new(1, 1) }));
        Assert.Equal(Refusal.DisclosedOperationMissing, Beside(text, file with { Operation = 1 }));
        Assert.Equal(Refusal.DisclosureNotCommitted, Beside(text, file with { Set = figures.With(Term.Fees, new Amount(1)) }));
        Assert.Equal(Refusal.None, Beside(text, file));
    }

    [Fact]
    public async Task What_a_price_follows_from_is_told_to_the_two_sides_and_computes_to_the_same_fen()
    {
        var financing = Approved(FinancingForm.NonRecourseFactoring);

        var told = await world.Api.ReckoningAsync(financing, Cancel);
        Assert.Equal(new Figure.TooEarly("尚未放款", "nothing was paid out yet"), told!.With(world.Suite, []).Of(Term.Interest));
        Pay(financing, Payout(178_383, 11_821_617));
        told = await world.Api.ReckoningAsync(financing, Cancel);
        Assert.Equal(new Figure.Computed(new(178_383)), told!.With(world.Suite, []).Of(Term.Interest));
        Assert.Equal(Date("2026-09-22"), told.Plain.Plan.End);
        Assert.Null(await world.Api.ReckoningAsync(world.New<Financing>(), Cancel));
    }

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static DisclosureSet Payout(ulong interest, ulong net) => DisclosureSet.Empty.With(Term.Interest, new Amount(interest)).With(Term.NetProceeds, new Amount(net));

    Refusal Beside(byte[] text, DisclosureFile file) => Done(world.Api.DryRunDisclosedAsync(text, [file], Cancel)).Code;

    /// <summary>Registered on 6 May, with what A and X agreed in X's hands.</summary>
    Id<Financing> Approved(FinancingForm form, DisclosureSet? set = null, bool discloses = true)
    {
        var note = world.Certificate(A, 12_000_000);
        world.Until("2026-05-06 10:00:00");
        return Registered(world.Applying(note, form, 1, 12_000_000), set ?? agreed, discloses);
    }

    (Id<Instrument> Note, Id<Financing> Loan) Loan()
    {
        var note = world.Certificate(A, 100_000_000);
        world.Until("2026-05-06 10:00:00");
        var set = DisclosureSet.Empty.With(Term.Rate, new Rate(43_500)).With(Term.PenaltyRate, Rate.Zero).With(Term.Fees, Amount.Zero);
        var loan = Registered(
            world.Applying(note, FinancingForm.PledgeLoan, 1, 100_000_000) with { Principal = new(70_000_000), Payment = InterestPayment.AtMaturity }, set, discloses: true);
        Assert.True(Pay(loan, Payout(1_175_708, 70_000_000)).IsAccepted);
        return (note, loan);
    }

    Id<Financing> Registered(ApplyForFinancing apply, DisclosureSet set, bool discloses)
    {
        apply = apply with { Terms = set.Digests(world.Suite) };
        var transaction = world.Draft(A, apply);
        var file = Of(transaction, set);
        files.Add(file);
        Assert.True(Done(discloses ? world.Api.SubmitDisclosedAsync(world.Sign(transaction), [file], Cancel) : world.Api.SubmitAsync(world.Sign(transaction), true, Cancel)).IsAccepted);
        world.IsClear(apply.Financing);
        world.Accepts(X, world.Approving(apply.Financing) with { Terms = apply.Terms }, Key(Lending.P));
        world.IsRegistered(apply.Financing);
        return apply.Financing;
    }

    SubmitAnswer Pay(Id<Financing> financing, DisclosureSet set) => Send(X, new Disburse(financing, "R1", set.Digests(world.Suite)), set);

    SubmitAnswer Send(PartyId by, Operation operation, DisclosureSet set, params PartyId[] with)
    {
        var transaction = world.Draft(by, operation);
        var answer = Done(world.Api.SubmitDisclosedAsync(world.Sign(transaction, [.. with.Select(party => Key(party))]), [Of(transaction, set)], Cancel));
        if (answer.IsAccepted) files.Add(Of(transaction, set));
        return answer;
    }

    DisclosureFile Of(Transaction transaction, DisclosureSet set) => new(world.Genesis.Chain.ChainId, transaction.Party, transaction.Id, 0, set);

    DisclosureReport Audited()
    {
        var audit = new DisclosureAudit(files);
        world.Pass(Timestamp.Minute);
        foreach (var block in world.Node.Blocks) audit.Read(block);
        return audit.Finish();
    }

    static SubmitAnswer Done(Task<SubmitAnswer> answer) => answer.GetAwaiter().GetResult();
}
