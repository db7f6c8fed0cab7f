using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;

namespace Ledger.Node.Demo;

/// <summary>
/// A supply-chain bill of the new kind, on a ledger that is its own register: a package of fen, endorsed by intervals, pledged, discounted, marked as
/// not transferable, presented, paid in part, dishonoured in part, and paid by recourse.
/// </summary>
public sealed class BillStory(Cast cast, Narrator narrator) : IStory
{
    DateOnly due;

    // A keeps the rest of its part: the first half of it is discounted, the other pledged.
    Interval Discounted => new(cast.OfA.First, cast.OfA.First + ((cast.OfA.Length - 1) / 2));

    Interval Pledged => new(Discounted.Last + 1, cast.OfA.Last);

    public async Task TellAsync(CancellationToken cancel)
    {
        await cast.JoinAsync(cancel);
        await DrawAsync(cancel);

        narrator.Heading("三、按子票区间背书", "III. Endorsed by intervals");
        await cast.HandOnAsync(cast.A, cast.B, new(1, cast.ToB.Minor), "W1", "背书", "endorses", notTransferable: false, cancel);
        var ofD = await cast.HandOnAsync(cast.B, cast.D, cast.OfD, "W2", "背书并记载不得转让", "endorses, not transferable,", notTransferable: true, cancel);
        await cast.RefusedAsync(
            $"{cast.D} 再背书给 {cast.A}", $"{cast.D} endorses it on to {cast.A}", cast.D,
            cast.Trade(await cast.NewIdAsync<Offer>(cancel), cast.A, cast.OfD, ofD, await cast.TermAsync(3, cancel)), Refusal.EndorsementForbidden, cancel);

        await PledgeAndDiscountAsync(cancel);
        await PresentAsync(cancel);
    }

    async Task DrawAsync(CancellationToken cancel)
    {
        narrator.Heading("二、出票、承兑、交付", "II. Drawn, accepted, delivered");
        var (a, c, v) = (cast.A, cast.C, cast.V);
        await cast.AttestAsync(v, cast.DocumentOfV, a, "V", cancel);
        due = await cast.HalfAYearOnAsync(cancel);
        var today = await cast.TodayAsync(cancel);
        var number = $"7{c.Id.Text[8..17].Where(char.IsAsciiDigit).Aggregate("", (digits, digit) => digits + digit).PadLeft(12, '0')}{today:yyyyMMdd}000000010";
        await cast.ActAsync(
            $"{c} 出票：票据包 {number}，{cast.Money(v.Total)}，{due:yyyy-MM-dd} 到期", $"{c} draws package {number}, {cast.Money(v.Total)}, due {due:yyyy-MM-dd}", c,
            new RegisterBill(
                cast.Instrument, number, c.Id, a.Id, v.Currency, v.Total, today, due, Transferable: true, Undivided: false, [new DocumentUse(cast.DocumentOfV, v.Total)]),
            "CS01 已出票", "CS01, drawn", cancel);
        await cast.ActAsync(
            $"{c} 承兑自己出的商业承兑汇票", $"{c} accepts the bill that it drew itself", c,
            new PresentForAcceptance(await cast.NewIdAsync<Offer>(cancel), cast.Instrument, await cast.TermAsync(2, cancel)), "CS02 已承兑", "CS02, accepted", cancel);
        var delivery = await cast.NewIdAsync<Offer>(cancel);
        await cast.ActAsync(
            $"{c} 提示 {a} 收票", $"{c} delivers it to {a}", c, new DeliverBill(delivery, cast.Instrument, await cast.TermAsync(3, cancel)), "待收票", "waiting for the payee", cancel);
        await cast.AcceptAsync(a, delivery, $"CS03 已收票，持有 1-{v.Total}", $"CS03, holds 1-{v.Total}", cancel);
    }

    async Task PledgeAndDiscountAsync(CancellationToken cancel)
    {
        narrator.Heading("四、质押、贴现，和一次重复质押", "IV. A pledge, a discount, and a promise made twice");
        var pledge = await cast.NewIdAsync<Offer>(cancel);
        await cast.ActAsync(
            $"{cast.A} 将 {Pledged} 质押背书给 {cast.Y}", $"{cast.A} pledges {Pledged} to {cast.Y}", cast.A,
            new PledgeBill(pledge, cast.Instrument, Pledged, cast.Y.Id, await cast.TermAsync(3, cancel)), "待签收", "waiting for acceptance", cancel);
        await cast.AcceptAsync(cast.Y, pledge, "已质押 TF0304", "pledged, TF0304", cancel);

        await FinanceAsync(
            Pledged, $"{cast.A} 又以已质押的区间向 {cast.X} 申请贴现", $"{cast.A} asks {cast.X} to discount the interval that is pledged", Refusal.UnitsPledged, cancel);
        var discount = await FinanceAsync(
            Discounted, $"{cast.A} 以 {Discounted} 向 {cast.X} 申请贴现", $"{cast.A} asks {cast.X} to discount {Discounted}", Refusal.None, cancel);
        await cast.ActAsync(
            $"{cast.X} 批准，{cast.P} 复核", $"{cast.X} approves and {cast.P} reviews", cast.X,
            new ApproveFinancing(discount, cast.P.Id, await cast.TermAsync(3, cancel), CreditMode.None), "承诺锁定", "committed", cancel, cast.P);
        await cast.ActAsync(
            $"{cast.X} 付款贴入", $"{cast.X} pays and takes the interval", cast.X, new Disburse(discount, cast.NextReference(cast.X)),
            "区间归 X，CS03/TF0301", "the interval is X's, CS03/TF0301", cancel);
        await cast.ActAsync(
            $"{cast.Y} 解除质押", $"{cast.Y} releases the pledge", cast.Y, new ReleaseBillPledge(await cast.NewIdAsync<Offer>(cancel), pledge), "区间恢复可流通", "the interval is free again", cancel);
    }

    async Task<Id<Financing>> FinanceAsync(Interval units, string chinese, string english, Refusal expected, CancellationToken cancel)
    {
        var id = await cast.NewIdAsync<Financing>(cancel);
        var apply = new ApplyForFinancing(
            id, cast.Instrument, cast.X.Id, FinancingForm.Discount, units.Amount, due, [cast.DocumentOfV], units, Amount: null,
            Core.Interest.DayCount.Actual360, Core.Interest.DayBounds.First, Core.Interest.Rounding.HalfUp, Core.Interest.InterestPayment.Prepaid,
            RefundsUnearned: false, GraceDays: 0, AccruesOnRolledDays: true);
        if (expected == Refusal.None) await cast.ActAsync(chinese, english, cast.A, apply, "区间已为该银行预占", "the interval is reserved for that bank", cancel);
        else await cast.RefusedAsync(chinese, english, cast.A, apply, expected, cancel);
        return id;
    }

    async Task PresentAsync(CancellationToken cancel)
    {
        narrator.Heading("五、到期提示付款：一部分付了，一部分被拒付并追索", "V. Presented: some of it is paid, some dishonoured and paid by recourse");
        await cast.SetTimeAsync(cast.MorningOf(due), "到期日", "the due date", cancel);
        var paid = await cast.NewIdAsync<Offer>(cancel);
        await cast.ActAsync(
            $"{cast.X} 提示付款 {Discounted}", $"{cast.X} presents {Discounted}", cast.X,
            new PresentBill(paid, cast.Instrument, Discounted, await cast.TermAsync(3, cancel)), "托收在途 TF0401", "presented, TF0401", cancel);
        await cast.AcceptAsync(cast.C, paid, "同意付款", "it agrees to pay", cancel);
        await cast.ActAsync(
            $"{cast.X} 确认到账", $"{cast.X} says that the money is here", cast.X,
            new ReceivePayment(
                await cast.NewIdAsync<Payment>(cancel), cast.Instrument, PaymentOutcome.Paid, Discounted.Amount, cast.NextReference(cast.X), await cast.TodayAsync(cancel),
                Discounted, cast.X.Id),
            "CS06 已结清", "CS06, settled", cancel);

        var refused = await cast.NewIdAsync<Offer>(cancel);
        await cast.ActAsync(
            $"{cast.D} 提示付款 {cast.OfD}（由 {cast.Y} 代签）", $"{cast.D} presents {cast.OfD} ({cast.Y} signs for it)", cast.D,
            new PresentBill(refused, cast.Instrument, cast.OfD, await cast.TermAsync(3, cancel)), "托收在途 TF0401", "presented, TF0401", cancel);
        await cast.ActAsync($"{cast.C} 拒付", $"{cast.C} refuses to pay", cast.C, new DeclineOffer(refused), "拒付已记录，可以追索", "dishonour is on record; recourse is open", cancel);

        var recourse = await cast.NewIdAsync<Offer>(cancel);
        await cast.ActAsync(
            $"{cast.D} 向直接前手 {cast.B} 追索", $"{cast.D} turns to {cast.B}, who endorsed to it", cast.D,
            new AskRecourse(recourse, cast.Instrument, cast.OfD, cast.B.Id, await cast.TermAsync(3, cancel)), "追索中 TF0402", "recourse, TF0402", cancel);
        await cast.AcceptAsync(cast.B, recourse, "同意清偿", "it agrees to pay", cancel);
        await cast.ActAsync(
            $"{cast.X}（D 的开户行）确认追索款到账", $"{cast.X}, D's bank, says that the money of recourse is here", cast.X, new SettleRecourse(recourse, cast.NextReference(cast.X)),
            "区间归 B，可再向前手追索", "the interval is B's, who may turn to those before it", cancel);
    }
}
