using Ledger.Client.Text;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Node.Access;
using Ledger.Node.Views;

namespace Ledger.Node.Nouns;

/// <summary>Money that a bank receipted for an instrument: to each payee its own, all of it to who owes and to the bank.</summary>
sealed class PaymentNoun() : Noun<Payment, Payment>("Payment", Guards.Payment, NounLists.Payments)
{
    protected override IEnumerable<Column<Payment>> Describe() =>
    [
        Id("id", one => one.Id), Id("instrument", one => one.Instrument), Party("bank", one => one.Bank), Name("status", one => one.Status, Names.Of, Tones.Of),
        Currency().If((one, at) => CurrencyOf(one, at) != default), Amount("amount", one => one.Amount), Date("valueDate", one => one.ValueDate),
        Of("reference", Kinds.Code, one => one.Reference),
        Objects(
            "shares", Shown.PaymentShare,
            (one, at) => one.Shares.Where(share => at.State.Instrument(one.Instrument) is { } on && at.Sight.SeesShare(on, one.Bank, share.Payee)),
            (share, _, reader) => reader.NameOf(share.Payee)),
        Objects(
            "announced", Shown.AnnouncedShare,
            (one, at) => one.OpenAt(at.State.Now).Where(share => at.State.Instrument(one.Instrument) is { } on && at.Sight.SeesAnnounced(on, one.Bank, share.Payee)),
            (share, _, reader) => reader.NameOf(share.Payee)),
        Time("announcedUntil", one => one.AnnouncedUntil).If((one, at) => one.OpenAt(at.State.Now).Count > 0),
    ];

    public override ThingRef? Needs(Payment one) => ThingRef.To(one.Instrument);

    protected override Currency CurrencyOf(Payment one, At at) => at.State.Instrument(one.Instrument)?.Currency ?? default;
}

/// <summary>What one payee received.</summary>
sealed class PaymentShareShape(string name) : Shape<PaymentShare>(name)
{
    protected override IEnumerable<Column<PaymentShare>> Describe() =>
        [Party("payee", one => one.Payee), Amount("costs", one => one.Costs), Amount("interest", one => one.Interest), Units("retired", one => one.Retired)];
}

/// <summary>What is on its way to one payee and waits for its word.</summary>
sealed class AnnouncedShareShape() : Shape<AnnouncedShare>("AnnouncedShare")
{
    protected override IEnumerable<Column<AnnouncedShare>> Describe() => [Party("payee", one => one.Payee), Amount("amount", one => one.Amount)];
}
