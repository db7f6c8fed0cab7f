using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;

namespace Ledger.Node.Web;

/// <summary>What waits for a party: 待签收, 待复核, 待还款, 即将到期.</summary>
static class ToDo
{
    const int SoonDays = 30;

    public static IReadOnlyList<(Sheet Sheet, Word Hint)> Of(Visit v, Party party) =>
    [
        (ToAccept(v, party.Id), Words.ToAcceptHint), (ToReview(v, party), Words.ToReviewHint), (ToRepay(v, party.Id), Words.ToRepayHint),
        (DueSoon(v, party.Id), Words.DueSoonHint),
    ];

    static Sheet ToAccept(Visit v, PartyId party)
    {
        var sheet = Lists.OfferSheet(Words.ToAccept);
        foreach (var offer in v.Library.OpenOffersTo(party).Where(offer => offer.Expires > v.State.Now).OrderBy(offer => offer.Expires)) Lists.Add(v, sheet, offer);
        return sheet;
    }

    // What a person of the party has to judge: claims that it is asked to confirm, applications that it is asked to finance.
    static Sheet ToReview(Visit v, Party party)
    {
        var sheet = new Sheet(Words.ToReview,
        [
            new("what", Words.What), new("who", Words.Party), new("amount", Words.Amount, ColumnKind.Money), new("until", Words.Until), new("status", Words.Status),
        ]);
        foreach (var claim in v.Library.OwedBy(party.Id).Where(one => one is { Status: InstrumentStatus.Requested, Confirmation: not null }))
        {
            var deadline = claim.Confirmation?.Deadline ?? default;
            sheet.Add(
                new(v[Words.ClaimToConfirm], Links.Of(claim.Id)), Lists.Party(v, claim.Creditor), Cell.Money(claim.Confirmation?.Requested ?? default, claim.Currency),
                deadline == default ? Cell.Empty : new(v.Time(deadline)), new(v[Names.Of(claim.Status)], Tone: Tones.Of(claim.Status)));
        }

        foreach (var financing in v.Library.FinancingsOf(party.Id).Where(one => one.Financier == party.Id && one.Status is FinancingStatus.Applied or FinancingStatus.Approved or FinancingStatus.Registered))
        {
            if (financing.Financier != party.Id) continue;
            var until = financing.Status == FinancingStatus.Applied ? financing.ReservedUntil : financing.CommittedUntil;
            sheet.Add(
                new(v[Words.ApplicationToJudge], Links.Of(financing.Id)), Lists.Party(v, financing.Applicant), Cell.Money(financing.Principal, financing.Currency),
                new(v.Time(until)), new(v[Names.Of(financing.Status)], Tone: Tones.Of(financing.Status)));
        }

        return sheet;
    }

    static Sheet ToRepay(Visit v, PartyId party)
    {
        var sheet = new Sheet(Words.ToRepay,
        [
            new("what", Words.What), new("who", Words.Payee), new("amount", Words.Amount, ColumnKind.Money), new("on", Words.PayableDate), new("status", Words.Status),
        ]);
        foreach (var financing in v.Library.FinancingsOf(party).Where(one => one.Applicant == party && one is { Status: FinancingStatus.Disbursed, Form: FinancingForm.PledgeLoan }))
        {
            sheet.Add(
                new(v[Words.LoanToRepay], Links.Of(financing.Id)), Lists.Party(v, financing.Financier), Cell.Money(financing.Principal, financing.Currency),
                new(Figures.Date(financing.End)), Calendar(v, financing.End));
        }

        foreach (var debt in v.Library.OwedBy(party).Where(one => one.Status == InstrumentStatus.Active))
        {
            var payable = Rulebook.PayableDay(v.State, debt);
            if (payable > v.State.Today.AddDays(SoonDays) || Lists.Live(v.Library.Tokens(debt)) is not { IsZero: false } live) continue;
            sheet.Add(
                new(v[Words.DebtToPay], Links.Of(debt.Id)), new(v[Words.HoldersOf]), Cell.Money(live, debt.Currency), new(Figures.Date(payable)), Calendar(v, payable));
        }

        return sheet;
    }

    static Sheet DueSoon(Visit v, PartyId party)
    {
        var sheet = new Sheet(Words.DueSoon,
        [
            new("instrument", Words.Instrument, ColumnKind.Code), new("obligor", Words.Obligor), new("amount", Words.Amount, ColumnKind.Money),
            new("on", Words.PayableDate), new("status", Words.Status),
        ]);
        foreach (var (instrument, token) in v.Library.HeldBy(party))
        {
            var payable = Rulebook.PayableDay(v.State, instrument);
            if (payable > v.State.Today.AddDays(SoonDays)) continue;
            sheet.Add(
                new(instrument.Id.ToString(), Links.Of(instrument.Id)), Lists.Party(v, instrument.Obligor), Cell.Money(token.Units.Amount, instrument.Currency),
                new(Figures.Date(payable)), Calendar(v, payable));
        }

        return sheet;
    }

    static Cell Calendar(Visit v, DateOnly day)
    {
        var days = day.DayNumber - v.State.Today.DayNumber;
        if (days < 0) return new(v[Words.DaysLate, -days], Tone: "bad");
        return days == 0 ? new(v[Words.DueToday], Tone: "warn") : new(v[Words.DaysLeft, days], Tone: days <= 7 ? "warn" : "good");
    }
}
