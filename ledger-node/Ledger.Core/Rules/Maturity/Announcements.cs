using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>Nobody said in its term whether what a payment announced has come: it waits for nobody's word any more.</summary>
public sealed record AnnouncementLapsed(Id<Payment> Payment) : LedgerEvent<AnnouncementLapsed>, IEvent
{
    public static (string Chinese, string English) Words => ("公告款项逾期未确认", "announcement lapsed");

    public override LedgerState Enact(LedgerState state) =>
        state.With(PaymentNamed(state, Payment) with { Announced = [], AnnouncedUntil = default });

    public override IEnumerable<Told> Tells(LedgerState state) => [Details.Payment.Is(Payment)];
}

// A debt is discharged by the word of whoever is paid or of its bank. What another bank says of it is told to everybody concerned, and changes nothing.
public static partial class Rulebook
{
    /// <summary>A bank that keeps so many announcements open on one instrument waits for the answers to them, and keeps no other bank waiting.</summary>
    internal const int MostAnnouncements = 16;

    /// <summary>What of a payment waits for one payee's word.</summary>
    internal static AnnouncedShare? OpenShare(LedgerState state, Payment payment, PartyId payee)
    {
        foreach (var share in payment.OpenAt(state.Now))
        {
            if (share.Payee == payee) return share;
        }

        return null;
    }

    /// <summary>Somebody gave its word on a share: the others wait on.</summary>
    internal static LedgerState CloseShare(LedgerState state, Id<Payment> id, PartyId payee)
    {
        var payment = PaymentNamed(state, id);
        ValueList<AnnouncedShare> left = [.. payment.Announced.Where(share => share.Payee != payee)];
        return state.With(payment with { Announced = left, AnnouncedUntil = left.Count == 0 ? default : payment.AnnouncedUntil });
    }

    /// <summary>What is announced to each payee of an instrument, by every bank or by one.</summary>
    static SortedDictionary<PartyId, Amount> OpenShares(LedgerState state, Id<Instrument> instrument, PartyId? bank = null)
    {
        var open = new SortedDictionary<PartyId, Amount>();
        foreach (var payment in state.Announcements(instrument))
        {
            if (bank is { } one && payment.Bank != one) continue;
            foreach (var share in payment.OpenAt(state.Now)) open[share.Payee] = open.GetValueOrDefault(share.Payee) + share.Amount;
        }

        return open;
    }

    /// <summary>What each payee's tokens have of a sum that is for it, by what is due on them.</summary>
    static Amount[] SharedOut(LedgerState state, List<Part> parts, SortedDictionary<PartyId, Amount> sums)
    {
        var apportioned = new Amount[parts.Count];
        if (sums.Count == 0) return apportioned;
        foreach (var own in parts.Select((part, i) => (Payee: PayeeOf(state, part.Token), part.Total, Index: i)).GroupBy(static one => one.Payee))
        {
            if (!sums.TryGetValue(own.Key, out var sum)) continue;
            var (each, dealt) = (own.ToArray(), Accrual.ProRata(sum, [.. own.Select(static one => one.Total)]));
            for (var i = 0; i < each.Length; i++) apportioned[each[i].Index] = dealt[i];
        }

        return apportioned;
    }

    /// <summary>
    /// What a bank's next lump is shared by: what is due on each token, less what the bank itself said before is on its way there. So it cannot say the same
    /// money twice; what other banks said counts for nobody but them.
    /// </summary>
    static ValueList<Amount> LeftToSay(LedgerState state, Id<Instrument> instrument, PartyId bank, List<Part> parts)
    {
        var said = SharedOut(state, parts, OpenShares(state, instrument, bank));
        return [.. parts.Select((part, i) => Amount.Remaining(part.Total, said[i]))];
    }

    internal static int OpenAnnouncements(LedgerState state, Id<Instrument> instrument, PartyId bank) =>
        state.Announcements(instrument).Count(payment => payment.Bank == bank && payment.AnnouncedUntil > state.Now);
}
