using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;

namespace Ledger.Node.Views;

/// <summary>What waits for a party, so far as the ledger knows: whose answer is asked, what is due, and what soon will be.</summary>
static class ToDos
{
    const int Soon = 7;
    const int Later = 30;

    public static IReadOnlyList<ToDo> Of(Sql sql, ChainParameters chain, ulong height, PartyId party)
    {
        var owner = Things.Find(sql, party);
        var point = new PointInTime(sql, chain, height);
        var offers = Ids<Offer>(ListOf.OpenTo);
        var measures = Ids<Measure>(ListOf.ToContest);
        foreach (var id in measures) point.AddAlone(ThingKey.Of(new Id<Offer>(id.Value)));
        var claims = Ids<Instrument>(ListOf.ToConfirm);
        var owing = Ids<Instrument>(ListOf.Owing);
        var applied = Ids<Financing>(ListOf.Applied);
        var lent = Ids<Financing>(ListOf.Lent);
        var announced = Ids<Payment>(ListOf.Announced);
        foreach (var payment in announced) point.AddAnnounced(payment);
        var held = Lists.Held(sql, height, party, new(0, int.MaxValue));
        foreach (var holding in held) point.AddAlone(ThingKey.Of(holding.Instrument));
        var state = point.State();
        var today = state.Today;

        var toDos = new List<ToDo>();
        foreach (var offer in offers.Select(state.Offer).OfType<Offer>())
            toDos.Add(new(ToDoKind.Accept, "offer", offer.Id.Value, offer.From, (offer.Currency, offer.Amount), offer.Expires, null, offer.Expires <= state.Now));
        foreach (var measure in measures.Select(state.Measure).OfType<Measure>())
        {
            (Currency, Amount)? money = measure.IsOnUnits && state.Offer(new(measure.Id.Value)) is { } taken ? (taken.Currency, taken.Amount) : null;
            toDos.Add(new(ToDoKind.Contest, "measure", measure.Id.Value, measure.By, money, measure.InForceFrom, null, measure.InForceFrom <= state.Now));
        }

        foreach (var claim in claims.Select(state.Instrument).OfType<Instrument>())
        {
            var asked = claim.Confirmation;
            toDos.Add(new(
                ToDoKind.Confirm, "instrument", claim.Id.Value, claim.Creditor, (claim.Currency, asked?.Requested ?? claim.Face),
                asked is { } known && known.Deadline != default ? known.Deadline : null, null, asked?.Overdue ?? false));
        }

        foreach (var financing in applied.Select(state.Financing).OfType<Financing>())
        {
            toDos.Add(new(
                ToDoKind.Review, "financing", financing.Id.Value, financing.Applicant, (financing.Currency, financing.Principal), financing.ReservedUntil, null,
                financing.ReservedUntil <= state.Now));
        }

        foreach (var payment in announced.Select(state.Payment).OfType<Payment>())
        {
            if (state.Instrument(payment.Instrument) is not { } instrument) continue;
            foreach (var share in payment.OpenAt(state.Now))
            {
                if (share.Payee == party || Rulebook.BankOf(state, share.Payee) == party)
                    toDos.Add(new(ToDoKind.ConfirmPayment, "payment", payment.Id.Value, share.Payee, (instrument.Currency, share.Amount), payment.AnnouncedUntil, null, IsOverdue: false));
            }
        }

        foreach (var instrument in owing.Select(state.Instrument).OfType<Instrument>())
        {
            if (KindOf(instrument.DueDate, today, ToDoKind.Pay) is { } kind)
                toDos.Add(new(kind, "instrument", instrument.Id.Value, default, (instrument.Currency, Owed(sql, height, instrument.Id)), null, instrument.DueDate, instrument.DueDate < today));
        }

        foreach (var holding in held)
        {
            if (state.Instrument(holding.Instrument) is not { } instrument || KindOf(instrument.DueDate, today, ToDoKind.DueIn7Days) is not { } kind) continue;
            var units = holding.Units.Aggregate(Amount.Zero, static (sum, run) => sum + run.Amount);
            toDos.Add(new(kind, "instrument", instrument.Id.Value, instrument.Obligor, (instrument.Currency, units), null, instrument.DueDate, instrument.DueDate < today));
        }

        foreach (var financing in lent.Select(state.Financing).OfType<Financing>())
        {
            var isMine = financing.Applicant == party;
            if (KindOf(financing.End, today, isMine ? ToDoKind.Repay : ToDoKind.DueIn7Days) is { } kind)
            {
                toDos.Add(new(
                    kind, "financing", financing.Id.Value, isMine ? financing.Financier : financing.Applicant, (financing.Currency, financing.Principal), null,
                    financing.End, financing.End < today));
            }
        }

        return [.. toDos.OrderBy(toDo => When(toDo, chain)).ThenBy(toDo => toDo.Kind).ThenBy(toDo => toDo.Id)];

        Id<TNoun>[] Ids<TNoun>(ListOf list)
        {
            var ids = Lists.Of(sql, height, list, owner).Select(thing => Things.IdOf<TNoun>(sql, thing)).ToArray();
            foreach (var id in ids) point.AddAlone(ThingKey.Of(id));
            return ids;
        }
    }

    // What is not due within thirty days is no task yet.
    static ToDoKind? KindOf(DateOnly due, DateOnly today, ToDoKind whenDue) => (due.DayNumber - today.DayNumber) switch
    {
        <= 0 => whenDue,
        <= Soon => ToDoKind.DueIn7Days,
        <= Later => ToDoKind.DueIn30Days,
        _ => null,
    };

    static Amount Owed(Sql sql, ulong height, Id<Instrument> instrument) => new((ulong)sql[
        "SELECT SUM(last-first+1) FROM tokens WHERE instrument=?1 AND from_height<=?2 AND to_height>?2 AND state=1"]
        .With(Things.Find(sql, ThingKey.Of(instrument))).With(height).Number());

    static Timestamp When(ToDo toDo, ChainParameters chain) =>
        toDo.Until ?? (toDo.Due is { } due ? Timestamp.StartOf(due.AddDays(1), chain.OffsetMinutes) : new(Timestamp.MaxUnixMilliseconds));
}
