using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;

namespace Ledger.Core.State;

/// <summary>Every noun again from the bytes that <see cref="Records"/> wrote. What is read and written again has the same bytes.</summary>
static class Nouns
{
    public static Party Party(ref RecordReader key, ref RecordReader value) => new(
        key.SomeParty(), value.Text(), Roles(ref value), value.Text(), value.Enum<SizeClass>(), value.Text(), value.Party(), value.Enum<Standing>(), value.U32(),
        value.Hash(), value.List(static (ref r) => new PolicyLimit(r.Currency(), r.Amount(), r.Amount())), value.Date());

    public static PartyKey Key(ref RecordReader key, ref RecordReader value) => new(
        new(key.SomeParty(), key.U32()), value.Bytes(), value.Enum<KeyUse>(), value.Enum<KeyRole>(), value.Text(), value.Time(), value.Time(), value.U32());

    public static Mandate Mandate(ref RecordReader key, ref RecordReader value) => new(
        key.SomeId<Mandate>(), value.Party(), value.Party(), value.List(static (ref r) => r.Text()), value.Currency(), value.Amount(),
        value.List(static (ref r) => r.Party()), value.Time(), value.Hash(), value.Date(), value.Amount());

    public static Document Document(ref RecordReader key, ref RecordReader value) => new(
        key.SomeId<Document>(), value.Enum<DocumentKind>(), value.Party(), value.Party(), value.Currency(), value.Amount(), value.Date(), value.Hash(),
        value.List(Fingerprint), value.List(Fingerprint), value.List(static (ref r) => r.Id<Document>()), value.Party(), value.Party(), value.Time(), value.Amount(), value.Amount(),
        value.Amount(), value.List(static (ref r) => r.Party()));

    public static Fingerprint Fingerprint(ref RecordReader reader) => new(reader.Text(), reader.U32(), reader.Hash());

    public static Epoch Epoch(ref RecordReader key, ref RecordReader value) => new(
        key.U32(), value.Hash(), value.List(static (ref r) => new SealedEpochKey(r.Party(), r.Text())), value.Time());

    public static Instrument Instrument(ref RecordReader key, ref RecordReader value) => new(
        key.SomeId<Instrument>(), value.Enum<InstrumentKind>(), value.Enum<InstrumentStatus>(), value.Party(), value.Party(), value.Currency(), value.Amount(),
        value.Date(), value.Date(), value.Flag(), value.Text(), value.Id<Offer>(), value.List(Use), value.List(Digest),
        value.Flag() ? Confirmation(ref value) : null, value.Flag() ? Bill(ref value) : null);

    public static (Id<Instrument> Instrument, Token Token) Token(ref RecordReader key, ref RecordReader value)
    {
        var (instrument, first) = (key.SomeId<Instrument>(), key.U64());
        return (instrument, new(value.Units(first, value.U64()), value.Party(), value.Enum<UnitState>(), Leg(ref value), value.List(Burden)));
    }

    public static Offer Offer(ref RecordReader key, ref RecordReader value) => new(
        key.SomeId<Offer>(), value.Enum<OfferKind>(), value.Enum<OfferStatus>(), value.Party(), value.Party(), value.Party(), value.Id<Instrument>(), value.List(Units),
        value.Enum<TransferCause>(), value.Flag(), value.Currency(), value.Amount(), value.List(Use), value.List(Digest), value.Time(), value.Time());

    public static Pledge Pledge(ref RecordReader key, ref RecordReader value) => new(
        key.SomeId<Offer>(), value.Party(), value.Party(), value.Currency(), value.Amount(), value.List(Use), value.Time(), value.Flag());

    public static Freeze Freeze(ref RecordReader key, ref RecordReader value) => new(
        key.SomeId<Freeze>(), value.SomeId<Instrument>(), value.List(Units), value.Party(), value.Party() is var second && second == default ? null : second,
        value.Text(), value.Hash(), value.Hash(), value.Time(), value.Time(), value.Time());

    public static Financing Financing(ref RecordReader key, ref RecordReader value) => new(
        key.SomeId<Financing>(), value.Enum<FinancingForm>(), value.Enum<FinancingStatus>(), value.Party(), value.Party(), value.Party(),
        value.Party() is var reviewer && reviewer == default ? null : reviewer,
        value.SomeId<Instrument>(), value.List(Units), value.Currency(), value.Amount(), value.Date(), value.Date(), value.Date(), Terms(ref value),
        value.List(static (ref r) => r.Id<Document>()), value.List(Digest), value.Time(), value.Time(), value.Time(),
        value.Id<Attestation>(), value.Id<Attestation>(), value.Text(), value.Id<CreditLine>(), value.Amount(), value.Amount(),
        value.List(static (ref r) => new EarlierLeg(r.Units(), Leg(ref r))));

    public static Reservation Reservation(ref RecordReader key, ref RecordReader value) => new(
        key.SomeId<Financing>(), value.Party(), value.SomeId<Instrument>(), value.List(Units), value.List(static (ref r) => r.Id<Document>()), value.Time(), value.Time());

    public static CreditLine Line(ref RecordReader key, ref RecordReader value) => new(
        key.SomeId<CreditLine>(), value.Party(), value.Party(), value.Enum<CreditMode>(), value.Currency(), value.Amount(), value.Amount(), value.Date());

    public static Earmark Earmark(ref RecordReader key, ref RecordReader value) => new(key.SomeId<Instrument>(), value.SomeId<CreditLine>(), value.Amount());

    public static Attestation Attestation(ref RecordReader key, ref RecordReader value) => new(
        key.SomeId<Attestation>(), value.SomeId<Financing>(), value.Enum<RegistryAct>(), value.Enum<RegistryFinding>(), value.Party(), value.Hash(), value.Time(), value.Time());

    public static RegisterMessage Message(ref RecordReader key, ref RecordReader value) => new(
        key.Text(), value.SomeId<Instrument>(), value.Units(), BillStatusCode(ref value), BillFlowCode(ref value), BillStatusCode(ref value), BillFlowCode(ref value), value.Time());

    public static BankReference Reference(ref RecordReader key, ref RecordReader value) => new(key.Text(), value.Party(), value.U128(), value.Time());

    public static Maturity Maturity(ref RecordReader key, ref RecordReader value) => new(
        key.SomeId<Instrument>(), LateRate(ref value), value.List(static (ref r) => new MissedDate(r.Date(), r.Amount())), value.Date(), value.List(Claim));

    public static Payment Payment(ref RecordReader key, ref RecordReader value) => new(
        key.SomeId<Payment>(), value.SomeId<Instrument>(), value.Party(), value.Amount(), value.Date(), value.Text(), value.Enum<PaymentStatus>(),
        value.List(static (ref r) => new PaymentShare(r.Party(), r.Amount(), r.Amount(), r.List(Units))), value.List(Claim), value.List(Claim),
        value.List(static (ref r) => new AnnouncedShare(r.Party(), r.Amount())), value.Time());

    public static RuleSet Rules(ref RecordReader key, ref RecordReader value)
    {
        var (from, values) = (key.Date(), value.List(static (ref r) => r.U64()));
        value.Require(values.Count == RuleSet.ParameterCount);
        for (var i = 0; i < values.Count && i < RuleSet.ParameterCount; i++) value.Require(values[i] <= (ulong)RuleSet.Greatest((RuleParameter)(i + 1)));
        return new(from, value.IsComplete ? [.. values.Select(parameter => (long)parameter)] : []);
    }

    public static Validator Validator(ref RecordReader key, ref RecordReader value) => new(key.SomeParty(), value.Bytes());

    public static EnvelopeClock Clock(ref RecordReader key, ref RecordReader value) => new(key.SomeParty(), value.Time(), value.U64());

    public static OrderingEpoch Ordering(ref RecordReader value)
    {
        var epoch = new OrderingEpoch(value.U32(), value.U64());
        value.Require(epoch.Number > 1 && epoch.FirstHeight > 0);
        return epoch;
    }

    public static ListEntry ListEntry(ref RecordReader key, ref RecordReader value) => new(
        key.Enum<ListKind>(), key.SomeParty(), value.Party(), value.Party(), value.Date(), value.Date(), value.Hash(), value.Id<Measure>());

    public static Measure Measure(ref RecordReader key, ref RecordReader value) => new(
        key.SomeId<Measure>(), value.Enum<MeasureKind>(), value.Enum<MeasureStatus>(), value.Party(), value.List(static (ref r) => r.Party()), value.Party(), value.Party(),
        value.Hash(), value.Time(), value.Time(), value.Time(), value.Party(), value.Hash(), value.Party(), value.Hash());

    public static (long Minute, MinuteOfIds Ids) Minute(ref RecordReader key, ref RecordReader value)
    {
        var minute = key.U64();
        key.Require(minute < long.MaxValue / Timestamp.Minute);
        var (count, digest) = (value.U32(), value.Hash());
        value.Require(count > 0);
        return (key.IsComplete ? (long)minute : 0, new(count, digest, null));
    }

    public static Attempts Attempts(ref RecordReader value) => new(value.U16(), value.List(static (ref r) => r.U128()));

    public static Spending Spending(ref RecordReader value) => new(value.Date(), value.Amount());

    static Roles Roles(ref RecordReader reader)
    {
        const ushort all = 0xFF;
        var roles = reader.U16();
        reader.Require(roles <= all);
        return (Roles)roles;
    }

    static Confirmation Confirmation(ref RecordReader value) => new(
        value.Amount(), value.Time(), value.Date(), value.Time(), value.Flag(), value.Amount(), value.Amount(), value.Time(), value.Hash(), value.Flag(),
        value.Hash(), value.Hash(), value.Hash(), value.Flag(), value.Party());

    static BillAttributes Bill(ref RecordReader value) => new(
        value.Text(), BillStatusCode(ref value), BillFlowCode(ref value), value.Party(), value.Party(), value.Flag(), value.Flag(), value.Flag(),
        value.Time());

    // 0 while a register does not know the bill.
    static byte BillStatusCode(ref RecordReader reader) => reader.Byte(most: (byte)BillStatus.Settled);

    static byte BillFlowCode(ref RecordReader reader) => reader.Byte(most: (byte)BillFlow.Ended);

    static InterestTerms Terms(ref RecordReader value) => new(
        value.Enum<DayCount>(), value.Enum<DayBounds>(), value.Enum<Rounding>(), value.Enum<InterestPayment>(), value.Flag(), value.U16(), value.Flag());

    static Rate? LateRate(ref RecordReader value)
    {
        var (isAgreed, rate) = (value.Flag(), value.U32());
        value.Require(isAgreed ? rate <= Rate.Max : rate == 0);
        return isAgreed ? new(rate) : null;
    }

    static Leg Leg(ref RecordReader value) => new(
        value.Id<Offer>(), value.Enum<TransferCause>(), value.Party(), value.U16(), value.Flag(), value.List(Use), value.Time());

    static Encumbrance Burden(ref RecordReader value) => new(
        value.Enum<EncumbranceKind>(), value.U128(), value.Party(), value.Time(), value.Time());

    static LateClaim Claim(ref RecordReader value) => new(value.Units(), value.Date(), value.Amount(), value.Amount());

    static Interval Units(ref RecordReader value) => value.Units();

    static DocumentUse Use(ref RecordReader value) => new(value.Id<Document>(), value.Amount());

    static Hash256 Digest(ref RecordReader value) => value.Hash();
}
