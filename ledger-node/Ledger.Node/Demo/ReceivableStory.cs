using System.Globalization;
using System.Text.Json;
using Ledger.Client.Disclosures;
using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;

namespace Ledger.Node.Demo;

/// <summary>
/// A receivable from its invoice to its last fen: confirmed, issued, split down three tiers, financed at two banks, promised a second time in vain,
/// paid short on the day, and paid in full three weeks late.
/// </summary>
public sealed class ReceivableStory(Cast cast, Narrator narrator) : IStory
{
    static readonly Rate SaleRate = new(38_500);
    static readonly Rate LoanRate = new(43_500);
    static readonly Rate PenaltyRate = new(57_750);

    // 条例 17, as the demo's genesis states it.
    static readonly Rate LateRate = new(500);

    const int DaysLate = 20;

    DateOnly due;

    public async Task TellAsync(CancellationToken cancel)
    {
        await cast.JoinAsync(cancel);
        due = await cast.ConfirmAndIssueAsync(cancel);

        narrator.Heading("三、拆分流转三级", "III. Parts move down three tiers");
        var ofB = await cast.HandOnAsync(cast.A, cast.B, new(1, cast.ToB.Minor), "W1", "流转", "transfers", notTransferable: false, cancel);
        var ofD = await cast.HandOnAsync(cast.B, cast.D, cast.OfD, "W2", "流转", "transfers", notTransferable: false, cancel);

        narrator.Heading("四、在两家银行融资", "IV. Money raised at two banks");
        await SellAsync(ofD, cancel);
        var loan = await BorrowAsync(ofB, cancel);
        await PromiseTwiceAsync(ofB, cancel);
        await MatureAsync(loan, cancel);
    }

    // D sells all it holds to X: its price is nobody else's business.
    async Task SellAsync(Id<Document> invoice, CancellationToken cancel)
    {
        var line = await cast.NewIdAsync<CreditLine>(cancel);
        await cast.ActAsync(
            $"{cast.X} 为 {cast.C} 设立授信额度 {cast.Money(cast.V.Total)}", $"{cast.X} grants a line of {cast.Money(cast.V.Total)} on {cast.C}", cast.X,
            new SetLine(line, cast.C.Id, CreditMode.General, cast.V.Currency, cast.V.Total, due.AddYears(1)), "已设立", "granted", cancel);

        var terms = Terms(InterestPayment.Prepaid);
        var plan = await cast.PlanAsync(cast.ToD, terms, due, cancel);
        var interest = FinancingInterest.Whole(plan, SaleRate);
        await FinanceAsync(
            cast.D, cast.X, FinancingForm.NonRecourseFactoring, cast.OfD, cast.ToD, SaleRate, terms, invoice, line,
            net => $"D 收到净额 {cast.Money(net)}（利息 {cast.Money(interest)} 只有 D 与 X 知道），份额归 X",
            net => $"D receives {cast.Money(net)} net ({cast.Money(interest)} of interest is known to D and X alone); the units are X's", cancel);
    }

    // B keeps its units and pledges them to Y.
    async Task<Loan> BorrowAsync(Id<Document> invoice, CancellationToken cancel)
    {
        var terms = Terms(InterestPayment.AtMaturity);
        var principal = new Amount(Math.Max(cast.OfB.Length * 2 / 3, 1));
        var plan = await cast.PlanAsync(principal, terms, due, cancel);
        var id = await FinanceAsync(
            cast.B, cast.Y, FinancingForm.PledgeLoan, cast.OfB, principal, LoanRate, terms, invoice, line: null,
            net => $"B 收到 {cast.Money(net)}，份额仍归 B，已质押给 Y，到期款付至 Y 的收款账户",
            net => $"B receives {cast.Money(net)}; the units stay B's and are pledged to Y, whose account collects", cancel);
        return new(id, plan);
    }

    async Task<Id<Financing>> FinanceAsync(
        DemoParty applicant, DemoParty bank, FinancingForm form, Interval units, Amount principal, Rate rate, InterestTerms terms, Id<Document> invoice,
        Id<CreditLine>? line, Func<Amount, string> chinese, Func<Amount, string> english, CancellationToken cancel)
    {
        var suite = cast.Suite;
        var id = await cast.NewIdAsync<Financing>(cancel);
        var price = DisclosureSet.Empty.With(Term.Rate, rate).With(Term.PenaltyRate, PenaltyRate).With(Term.Fees, Amount.Zero);
        var applied = await cast.ActAsync(
            $"{applicant} 以份额 {units} 向 {bank} 申请融资 {cast.Money(principal)}", $"{applicant} asks {bank} for {cast.Money(principal)} on units {units}", applicant,
            new ApplyForFinancing(
                id, cast.Instrument, bank.Id, form, principal, due, [invoice], units, Amount: null, terms.DayCount, terms.Bounds, terms.Rounding, terms.Payment,
                terms.RefundsUnearned, terms.GraceDays, terms.AccruesOnRolledDays, price.Digests(suite)),
            "份额已为该银行预占 24 小时", "the units are reserved for that bank for 24 hours", cancel);
        await cast.DiscloseAsync(applied, price, "利率只披露给双方", "the rate is disclosed to the two sides alone", cancel);

        await AttestRegistryAsync(id, RegistryAct.Query, RegistryFinding.Clear, "登记系统查询：无他人权利", "the registry is asked: no other claim", cancel);
        await cast.ActAsync(
            $"{bank} 批准，{cast.P} 复核", $"{bank} approves and {cast.P} reviews", bank,
            new ApproveFinancing(id, cast.P.Id, await cast.TermAsync(3, cancel), line is null ? CreditMode.None : CreditMode.General, line, price.Digests(suite)),
            line is null ? "承诺锁定，不占用核心企业额度（脱核）" : "承诺锁定，占用额度", line is null ? "committed; no line is occupied" : "committed; the line is occupied", cancel, cast.P);
        await AttestRegistryAsync(id, RegistryAct.Registration, RegistryFinding.Done, "在登记系统办理登记", "it is registered", cancel);
        await cast.SetTimeAsync((await cast.NowAsync(cancel)).Add(Timestamp.Minute), "一分钟后", "a minute later", cancel);
        await AttestRegistryAsync(id, RegistryAct.Query, RegistryFinding.Clear, "放款前再次查询", "the registry is asked again before the money leaves", cancel);

        var plan = await cast.PlanAsync(principal, terms, due, cancel);
        var net = FinancingInterest.NetProceeds(plan, rate, Amount.Zero) ?? Amount.Zero;
        var figures = DisclosureSet.Empty.With(Term.Interest, FinancingInterest.Whole(plan, rate)).With(Term.NetProceeds, net);
        var paid = await cast.ActAsync(
            $"{bank} 放款", $"{bank} pays out", bank, new Disburse(id, cast.NextReference(bank), figures.Digests(suite)), figures, chinese(net), english(net), cancel);
        await cast.DiscloseAsync(paid, figures, "利息与净额披露给双方", "interest and net proceeds are disclosed to the two sides", cancel);
        return id;
    }

    async Task AttestRegistryAsync(Id<Financing> financing, RegistryAct act, RegistryFinding finding, string chinese, string english, CancellationToken cancel) =>
        await cast.ActAsync(
            $"{cast.P} 见证：{chinese}", $"{cast.P} attests: {english}", cast.P,
            new AttestRegistry(await cast.NewIdAsync<Attestation>(cancel), financing, act, finding, DemoClient.Salted("证明编号"), await cast.NowAsync(cancel)),
            "已记录", "on record", cancel);

    async Task PromiseTwiceAsync(Id<Document> ofB, CancellationToken cancel)
    {
        narrator.Heading("五、重复质押被拒绝并留痕", "V. What is promised twice is refused, and recorded");
        var expires = await cast.TermAsync(3, cancel);
        var v = cast.V;
        await cast.RefusedAsync(
            $"{cast.A} 把已用完的发票 V 再次质押给 {cast.Y}", $"{cast.A} pledges invoice V, already used, to {cast.Y}", cast.A,
            new PledgeDocuments(await cast.NewIdAsync<Offer>(cancel), cast.Y.Id, v.Currency, v.Total, [new DocumentUse(cast.DocumentOfV, v.Total)], expires),
            Refusal.DocumentUsedUp, cancel);

        var terms = Terms(InterestPayment.Prepaid);
        await cast.RefusedAsync(
            $"{cast.B} 把已质押给 Y 的份额再向 {cast.X} 申请融资", $"{cast.B} asks {cast.X} for money on the units that are pledged to Y", cast.B,
            new ApplyForFinancing(
                await cast.NewIdAsync<Financing>(cancel), cast.Instrument, cast.X.Id, FinancingForm.PledgeLoan, cast.OfB.Amount, due, [ofB], cast.OfB, Amount: null,
                terms.DayCount, terms.Bounds, terms.Rounding, terms.Payment, terms.RefundsUnearned, terms.GraceDays, terms.AccruesOnRolledDays),
            Refusal.UnitsPledged, cancel);

        // The same units promised twice: the first offer stands open while the second is tried.
        var units = new Interval(cast.OfA.First, Math.Min(cast.OfA.First + cast.ToD.Minor - 1, cast.OfA.Last));
        var invoices = new[] { await cast.NewIdAsync<Document>(cancel), await cast.NewIdAsync<Document>(cancel) };
        await cast.AttestAsync(cast.Generated("W3", cast.B, cast.A, units.Amount), invoices[0], cast.B, "W3", cancel);
        await cast.AttestAsync(cast.Generated("W4", cast.D, cast.A, units.Amount), invoices[1], cast.D, "W4", cancel);
        await cast.ActAsync(
            $"{cast.A} 将份额 {units} 要约给 {cast.B}", $"{cast.A} offers units {units} to {cast.B}", cast.A,
            cast.Trade(await cast.NewIdAsync<Offer>(cancel), cast.B, units, invoices[0], expires), "要约中", "offered", cancel);
        await cast.RefusedAsync(
            $"{cast.A} 又将同一份额 {units} 要约给 {cast.D}", $"{cast.A} offers the same units {units} to {cast.D}", cast.A,
            cast.Trade(await cast.NewIdAsync<Offer>(cancel), cast.D, units, invoices[1], expires), Refusal.UnitsOffered, cancel);
    }

    async Task MatureAsync(Loan loan, CancellationToken cancel)
    {
        narrator.Heading("六、到期：先付一部分，二十天后付清", "VI. Due: paid in part, and in full twenty days later");
        await cast.SetTimeAsync(cast.MorningOf(due), "到期日", "the due date", cancel);
        ValueList<Interval> units = [cast.OfD, cast.OfB, cast.OfA];
        ValueList<Amount> owed = [.. units.Select(one => one.Amount)];
        var total = cast.V.Total;
        var lump = new Amount(Math.Max(total.Minor * 6 / 10, 1));
        var first = Accrual.ProRata(lump, owed);
        await PayAsync(
            $"{cast.C} 只付了 {cast.Money(lump)}：按各方应收比例分配到分", $"{cast.C} pays only {cast.Money(lump)}: it is shared by what is due to each, to the fen",
            PaymentOutcome.PartlyPaid, lump, cancel);

        await cast.SetTimeAsync(cast.MorningOf(due.AddDays(DaysLate)), $"逾期 {DaysLate} 天，日息 0.05%", $"{DaysLate} days late, at 0.05 % a day", cancel);
        ValueList<Amount> principal = [.. owed.Zip(first, (due, paid) => due - paid)];
        ValueList<Amount> late = [.. units.Zip(first, LateOn)];
        var rest = principal.Concat(late).Aggregate(Amount.Zero, (sum, amount) => sum + amount);
        await PayAsync(
            $"{cast.C} 付清余款 {cast.Money(rest)}，含逾期利息", $"{cast.C} pays the rest, {cast.Money(rest)}, late interest included",
            PaymentOutcome.Paid, rest, cancel);

        // What Y collected beyond its claim is B's.
        var received = cast.OfB.Amount + late[1];
        var payoff = FinancingInterest.Payoff(loan.Plan, LoanRate, PenaltyRate, due.AddDays(DaysLate));
        var surplus = FinancingInterest.Surplus(received, payoff);
        var figures = DisclosureSet.Empty.With(Term.Payoff, payoff).With(Term.Surplus, surplus);
        var settled = await cast.ActAsync(
            $"{cast.Y} 扣除贷款本息后把余款退还 {cast.B}", $"{cast.Y} keeps its loan and interest and returns the rest to {cast.B}", cast.Y,
            new SettleFinancing(loan.Id, Surplus: true, Refund: false, cast.NextReference(cast.Y), figures.Digests(cast.Suite)),
            $"B 收回 {cast.Money(surplus)}", $"B has {cast.Money(surplus)} back", cancel, cast.B);
        await cast.DiscloseAsync(settled, figures, "余款金额披露给双方", "the surplus is disclosed to the two sides", cancel);
    }

    // Principal retires units from the front.
    static Amount LateOn(Interval units, Amount paid) =>
        paid < units.Amount ? Accrual.Daily(new Interval(units.First + paid.Minor, units.Last), LateRate, DaysLate) : Amount.Zero;

    async Task PayAsync(string chinese, string english, PaymentOutcome outcome, Amount amount, CancellationToken cancel)
    {
        var lump = await cast.NewIdAsync<Payment>(cancel);
        Tell(await cast.ActAsync(
            chinese, english, cast.X, new ReceivePayment(lump, cast.Instrument, outcome, amount, cast.NextReference(cast.X), await cast.TodayAsync(cancel)),
            "银行回单已记录", "the bank's receipt is on record", cancel));

        // What is Y's, X can only announce.
        Tell(await cast.ActAsync(
            $"{cast.Y} 的份额由 {cast.X} 公告，{cast.Y} 自己确认到账", $"{cast.X} announces the share of {cast.Y}, which itself confirms it", cast.Y,
            new ConfirmPayment(lump, await cast.NewIdAsync<Payment>(cancel), cast.Y.Id, cast.NextReference(cast.Y)), "到账已确认", "it has come", cancel));

        void Tell(SentTransaction sent)
        {
            foreach (var (payee, paid) in SharesOf(sent.Answer.Body)) narrator.Line($"     {payee}：{cast.Money(paid)}", $"     {payee}: {cast.Money(paid)}");
        }
    }

    // As the node's answer tells them: late interest, and the units that principal retired.
    IEnumerable<(string Payee, Amount Paid)> SharesOf(JsonElement answer)
    {
        if (!answer.TryGetProperty("effects", out var effects)) yield break;
        foreach (var effect in effects.EnumerateArray())
        {
            if (!effect.TryGetProperty("shares", out var shares)) continue;
            foreach (var share in shares.EnumerateArray())
            {
                var paid = ulong.Parse(share.GetProperty("interest").GetString() ?? "0", CultureInfo.InvariantCulture);
                foreach (var retired in share.GetProperty("retired").EnumerateArray())
                    paid += Interval.TryParse(retired.GetString(), out var units) ? units.Length : 0;
                yield return (PartyId.TryParse(share.GetProperty("payee").GetString(), out var payee) ? cast.Letter(payee) : "?", new(paid));
            }
        }
    }

    static InterestTerms Terms(InterestPayment payment) =>
        new(DayCount.Actual360, DayBounds.First, Rounding.HalfUp, payment, RefundsUnearned: true, GraceDays: 30, AccruesOnRolledDays: true);

    sealed record Loan(Id<Financing> Id, FinancingPlan Plan);
}
