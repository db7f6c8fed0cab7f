using System.Globalization;
using Ledger.Client.Text;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Nouns;
using Ledger.Node.Views;

namespace Ledger.Node.Web;

/// <summary>What waits for a party: 待签收, 待确权, 待复核, 待确认到账, 待还款, 即将到期.</summary>
static class ToDo
{
    static readonly (Word Caption, Word Hint, ToDoKind[] Kinds)[] Groups =
    [
        (Words.ToAccept, Words.ToAcceptHint, [ToDoKind.Accept]), (Words.ToContest, Words.ToContestHint, [ToDoKind.Contest]),
        (Words.ToConfirm, Words.ToConfirmHint, [ToDoKind.Confirm]),
        (Words.ToReview, Words.ToReviewHint, [ToDoKind.Review]), (Words.ToConfirmPayment, Words.ToConfirmPaymentHint, [ToDoKind.ConfirmPayment]),
        (Words.ToRepay, Words.ToRepayHint, [ToDoKind.Pay, ToDoKind.Repay]),
        (Words.DueSoon, Words.DueSoonHint, [ToDoKind.DueIn7Days, ToDoKind.DueIn30Days]),
    ];

    public static IReadOnlyList<(Sheet Sheet, Word Hint)> Of(Visit v, Party party)
    {
        var all = v.Library.ToDosOf(party.Id);
        return [.. Groups.Select(group => (SheetOf(v, group.Caption, all.Where(one => group.Kinds.Contains(one.Kind))), group.Hint))];
    }

    static Sheet SheetOf(Visit v, Word caption, IEnumerable<Views.ToDo> toDos)
    {
        var sheet = new Sheet(caption,
        [
            new("what", Words.What), new("id", Words.Number, ColumnKind.Code), new("who", Words.Counterparty), new("amount", Words.Amount, ColumnKind.Money),
            new("until", Words.Until), new("status", Words.Status),
        ]);
        foreach (var one in toDos)
        {
            var id = new Id<Transaction>(one.Id).ToString();
            sheet.Add(
                new(v[WhatOf(one)], LinkOf(one, id)), new(id, PageOf(v, one, id)), Lists.Party(v, one.Counterparty), one.Money is var (currency, amount) ? Cell.Money(amount, currency) : Cell.Empty,
                one.Until is { } until ? new(v.Time(until)) : one.Due is { } due ? new(Figures.Date(due)) : Cell.Empty, Calendar(v, one));
        }

        return sheet;
    }

    // A payment is on the page of its instrument, which whoever only holds the payee's account may not see.
    static string? PageOf(Visit v, Views.ToDo one, string id)
    {
        if (one.Noun != "payment") return $"/{one.Noun}s/{id}";
        return v.State.Payment(new(one.Id)) is { } payment && v.Library.Instrument(payment.Instrument) is { } instrument ? Links.Of(instrument.Id) : null;
    }

    // What is announced is answered at once: of it there is no page but the form.
    static string LinkOf(Views.ToDo one, string id) =>
        one.Kind == ToDoKind.ConfirmPayment ? $"/sign?act=confirmPayment&payment={id}&payee={one.Counterparty.Text}" : $"/{one.Noun}s/{id}";

    static Word WhatOf(Views.ToDo one) => (one.Kind, one.Noun) switch
    {
        (ToDoKind.Accept, _) => Words.OfferToAccept,
        (ToDoKind.Contest, _) => Words.MeasureToContest,
        (ToDoKind.Confirm, _) => Words.ClaimToConfirm,
        (ToDoKind.Review, _) => Words.ApplicationToJudge,
        (ToDoKind.ConfirmPayment, _) => Words.PaymentToConfirm,
        (ToDoKind.Pay, _) => Words.DebtToPay,
        (_, "financing") => Words.FinancingToEnd,
        _ => one.Counterparty == default ? Words.DebtToPay : Words.UnitsFallDue,
    };

    static Cell Calendar(Visit v, Views.ToDo one)
    {
        if (one.Due is not { } day) return one.IsOverdue ? new(v[Words.Overdue], Tone: "bad") : new(v[Words.Waits], Tone: "warn");
        var days = day.DayNumber - v.State.Today.DayNumber;
        if (days < 0) return new(v[Words.DaysLate, (-days).ToString(CultureInfo.InvariantCulture)], Tone: "bad");
        return days == 0 ? new(v[Words.DueToday], Tone: "warn") : new(v[Words.DaysLeft, days.ToString(CultureInfo.InvariantCulture)], Tone: days <= 7 ? "warn" : "good");
    }
}
