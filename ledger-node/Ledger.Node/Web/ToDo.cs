using System.Globalization;
using Ledger.Client.Text;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Views;

namespace Ledger.Node.Web;

/// <summary>What waits for a party: 待签收, 待确权, 待复核, 待还款, 即将到期.</summary>
static class ToDo
{
    static readonly (Word Caption, Word Hint, ToDoKind[] Kinds)[] Groups =
    [
        (Words.ToAccept, Words.ToAcceptHint, [ToDoKind.Accept]), (Words.ToConfirm, Words.ToConfirmHint, [ToDoKind.Confirm]),
        (Words.ToReview, Words.ToReviewHint, [ToDoKind.Review]), (Words.ToRepay, Words.ToRepayHint, [ToDoKind.Pay, ToDoKind.Repay]),
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
                new(v[WhatOf(one)], $"/{one.Noun}s/{id}"), new(id, $"/{one.Noun}s/{id}"), Lists.Party(v, one.Counterparty), Cell.Money(one.Amount, one.Currency),
                one.Until is { } until ? new(v.Time(until)) : one.Due is { } due ? new(Figures.Date(due)) : Cell.Empty, Calendar(v, one));
        }

        return sheet;
    }

    static Word WhatOf(Views.ToDo one) => (one.Kind, one.Noun) switch
    {
        (ToDoKind.Accept, _) => Words.OfferToAccept,
        (ToDoKind.Confirm, _) => Words.ClaimToConfirm,
        (ToDoKind.Review, _) => Words.ApplicationToJudge,
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
