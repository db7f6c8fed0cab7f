using System.Buffers.Binary;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;

namespace Ledger.Core.State;

/// <summary>How every noun is written in the state tree: its key in its section and the bytes of its value (docs/FORMATS.md, section "State records").</summary>
static class Records
{
    public static byte[] Key(PartyId party) => new RecordWriter().Party(party).ToBytes();

    public static byte[] Key(KeyId key) => new RecordWriter().Party(key.Party).U32(key.Number).ToBytes();

    public static byte[] Key<TNoun>(Id<TNoun> id)
    {
        var key = new byte[Id<TNoun>.Size];
        id.Write(key);
        return key;
    }

    public static byte[] Key(Id<Instrument> instrument, ulong firstUnit)
    {
        var key = new byte[Id<Instrument>.Size + sizeof(ulong)];
        instrument.Write(key);
        BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(Id<Instrument>.Size), firstUnit);
        return key;
    }

    public static byte[] Key(Fingerprint fingerprint) => new RecordWriter().Text(fingerprint.Scheme).U32(fingerprint.Epoch).Hash(fingerprint.Value).ToBytes();

    public static byte[] Key(PartyId seller, Fingerprint skeleton) =>
        new RecordWriter().Party(seller).Text(skeleton.Scheme).U32(skeleton.Epoch).Hash(skeleton.Value).ToBytes();

    public static byte[] Key(string text) => new RecordWriter().Text(text).ToBytes();

    public static byte[] Key(uint number) => new RecordWriter().U32(number).ToBytes();

    public static byte[] Key(DateOnly date) => new RecordWriter().Date(date).ToBytes();

    public static byte[] KeyOfMinute(long minute)
    {
        var key = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(key, minute);
        return key;
    }

    public static byte[] KeyOfClock(PartyId? bank) => bank is { } named ? new RecordWriter().Byte(1).Party(named).ToBytes() : [0];

    public static byte[] KeyOfOrdering() => [2];

    public static byte[] KeyOfAttempts(PartyId party, DateOnly day) => new RecordWriter().Byte(1).Party(party).Date(day).ToBytes();

    public static byte[] KeyOfSpending(PartyId party, Currency currency) => new RecordWriter().Byte(2).Party(party).Currency(currency).ToBytes();

    public static byte[] KeyOfLine(Id<CreditLine> line) => new RecordWriter().Byte(1).U128(line.Value).ToBytes();

    public static byte[] KeyOfEarmark(Id<Instrument> instrument) => new RecordWriter().Byte(2).U128(instrument.Value).ToBytes();

    public static byte[] KeyOfReference(string text) => new RecordWriter().Byte(1).Text(text).ToBytes();

    public static byte[] KeyOfMaturity(Id<Instrument> instrument) => new RecordWriter().Byte(2).U128(instrument.Value).ToBytes();

    public static byte[] KeyOfPayment(Id<Payment> payment) => new RecordWriter().Byte(3).U128(payment.Value).ToBytes();

    public static byte[] KeyOfAttestation(Id<Attestation> attestation) => new RecordWriter().Byte(1).U128(attestation.Value).ToBytes();

    public static byte[] KeyOfMessage(string text) => new RecordWriter().Byte(2).Text(text).ToBytes();

    public static byte[] KeyOfListEntry(ListKind kind, PartyId subject) => new RecordWriter().Byte((byte)kind).Party(subject).ToBytes();

    public static byte[] KeyOfLongLived(PartyId party) => new RecordWriter().Byte(3).Party(party).ToBytes();

    public static byte[] Value(Party party) => new RecordWriter()
        .Text(party.Name).U16((ushort)party.Roles).Text(party.Region).Byte((byte)party.Size).Text(party.IndustryChain)
        .Party(party.Sponsor).Byte((byte)party.Standing).U32(party.LastKey).Hash(party.Account)
        .List(party.Policy, static (w, limit) => w.Currency(limit.Currency).Amount(limit.PerAct).Amount(limit.PerDay)).Date(party.RegisteredOn)
        .ToBytes();

    public static byte[] Value(PartyKey key) => new RecordWriter()
        .Bytes(key.PublicKey.Span).Byte((byte)key.Use).Byte((byte)key.Role).Text(key.Person).Time(key.From).Time(key.Until).U32(key.Replaces)
        .ToBytes();

    public static byte[] Value(Mandate mandate) => new RecordWriter()
        .Party(mandate.Principal).Party(mandate.Agent).List(mandate.Verbs, static (w, verb) => w.Text(verb))
        .Currency(mandate.Currency).Amount(mandate.Cap).List(mandate.Counterparties, static (w, party) => w.Party(party))
        .Time(mandate.Expires).Hash(mandate.Paper).Date(mandate.UsedOn).Amount(mandate.Used)
        .ToBytes();

    public static byte[] Value(Document document) => new RecordWriter()
        .Byte((byte)document.Kind).Party(document.Seller).Party(document.Buyer).Currency(document.Currency).Amount(document.Total)
        .Date(document.Date).Hash(document.Commitment)
        .List(document.Fingerprints, static (w, f) => w.Text(f.Scheme).U32(f.Epoch).Hash(f.Value))
        .List(document.Skeletons, static (w, f) => w.Text(f.Scheme).U32(f.Epoch).Hash(f.Value))
        .List(document.DistinctFrom, static (w, other) => w.U128(other.Value))
        .Party(document.Attester).Party(document.SellersHand).Time(document.AttestedAt).Amount(document.RedLetters).Amount(document.Reserved).Amount(document.Used)
        .List(document.Reliant, static (w, party) => w.Party(party))
        .ToBytes();

    public static byte[] Value(Epoch epoch) => new RecordWriter()
        .Hash(epoch.KeyCommitment).List(epoch.SealedKeys, static (w, key) => w.Party(key.Bank).Text(key.Sealed)).Time(epoch.OpenedAt)
        .ToBytes();

    public static byte[] Value(Instrument instrument)
    {
        var writer = new RecordWriter()
            .Byte((byte)instrument.Kind).Byte((byte)instrument.Status).Party(instrument.Obligor).Party(instrument.Creditor)
            .Currency(instrument.Currency).Amount(instrument.Face).Date(instrument.IssueDate).Date(instrument.DueDate)
            .Flag(instrument.Transferable).Text(instrument.Number).U128(instrument.IssueOffer.Value).List(instrument.Documents, Use).List(instrument.Terms, Digest);
        writer.Flag(instrument.Confirmation is not null);
        if (instrument.Confirmation is { } c)
        {
            writer.Amount(c.Requested).Time(c.RequestedAt).Date(c.ContractSigned).Time(c.Deadline).Flag(c.Overdue)
                .Amount(c.Confirmed).Amount(c.Disputed).Time(c.AnsweredAt).Hash(c.Undertaking).Flag(c.DefencesWaived)
                .Hash(c.ContractClause).Hash(c.SupplierConsent).Hash(c.DisputeReason).Flag(c.DisputedLater).Party(c.Hand);
        }

        writer.Flag(instrument.Bill is not null);
        if (instrument.Bill is { } b)
        {
            writer.Text(b.PackageNumber).Byte(b.Status).Byte(b.Flow).Party(b.Drawer).Party(b.Acceptor)
                .Flag(b.Undivided).Flag(b.RegisterIsLedger).Flag(b.Mismatch).Time(b.DrawnUntil);
        }

        return writer.ToBytes();
    }

    public static byte[] Value(Token token) => new RecordWriter()
        .U64(token.Units.Last).Party(token.Holder).Byte((byte)token.State)
        .With(token.Leg, Leg)
        .List(token.Encumbrances, static (w, e) =>
            w.Byte((byte)e.Kind).U128(e.Reference).Party(e.Beneficiary).Time(e.Since).Time(e.Until))
        .ToBytes();

    public static byte[] Value(Offer offer) => new RecordWriter()
        .Byte((byte)offer.Kind).Byte((byte)offer.Status).Party(offer.From).Party(offer.To).Party(offer.Hand).U128(offer.Instrument.Value)
        .List(offer.Units, Units).Byte((byte)offer.Cause).Flag(offer.Recourse)
        .Currency(offer.Currency).Amount(offer.Amount).List(offer.Documents, Use).List(offer.Terms, Digest)
        .Time(offer.MadeAt).Time(offer.Expires)
        .ToBytes();

    public static byte[] Value(Pledge pledge) => new RecordWriter()
        .Party(pledge.Pledgor).Party(pledge.Pledgee).Currency(pledge.Currency).Amount(pledge.Amount)
        .List(pledge.Documents, Use).Time(pledge.Since).Flag(pledge.Released)
        .ToBytes();

    public static byte[] Value(Freeze freeze) => new RecordWriter()
        .U128(freeze.Instrument.Value).List(freeze.Units, Units).Party(freeze.Executor).Party(freeze.Second ?? default).Text(freeze.Authority)
        .Hash(freeze.CaseNumber).Hash(freeze.Order).Time(freeze.Since).Time(freeze.Until).Time(freeze.KeptUntil)
        .ToBytes();

    public static byte[] Value(Financing financing) => new RecordWriter()
        .Byte((byte)financing.Form).Byte((byte)financing.Status).Party(financing.Applicant).Party(financing.Hand).Party(financing.Financier).Party(financing.Reviewer ?? default)
        .U128(financing.Instrument.Value).List(financing.Units, Units)
        .Currency(financing.Currency).Amount(financing.Principal).Date(financing.Start).Date(financing.End).Date(financing.EndedOn)
        .Byte((byte)financing.Interest.DayCount).Byte((byte)financing.Interest.Bounds).Byte((byte)financing.Interest.Rounding)
        .Byte((byte)financing.Interest.Payment).Flag(financing.Interest.RefundsUnearned).U16(financing.Interest.GraceDays).Flag(financing.Interest.AccruesOnRolledDays)
        .List(financing.Documents, static (w, document) => w.U128(document.Value)).List(financing.Terms, Digest)
        .Time(financing.AppliedAt).Time(financing.ReservedUntil).Time(financing.CommittedUntil)
        .U128(financing.Query.Value).U128(financing.Registration.Value).Text(financing.BankReference)
        .U128(financing.Line.Value).Amount(financing.Drawn).Amount(financing.Margin)
        .List(financing.Before, static (w, before) => w.Units(before.Units).With(before.Leg, Leg))
        .ToBytes();

    public static byte[] Value(CreditLine line) => new RecordWriter()
        .Party(line.Bank).Party(line.Debtor).Byte((byte)line.Mode).Currency(line.Currency).Amount(line.Limit).Amount(line.Drawn).Date(line.Until)
        .ToBytes();

    public static byte[] Value(Earmark earmark) => new RecordWriter().U128(earmark.Line.Value).Amount(earmark.Drawn).ToBytes();

    public static byte[] Value(Reservation reservation) => new RecordWriter()
        .Party(reservation.For).U128(reservation.Instrument.Value).List(reservation.Units, Units)
        .List(reservation.Documents, static (w, document) => w.U128(document.Value)).Time(reservation.From).Time(reservation.Until)
        .ToBytes();

    public static byte[] Value(Attestation attestation) => new RecordWriter()
        .U128(attestation.Financing.Value).Byte((byte)attestation.Act).Byte((byte)attestation.Finding).Party(attestation.Attester)
        .Hash(attestation.Certificate).Time(attestation.StatedAt).Time(attestation.At)
        .ToBytes();

    public static byte[] Value(RegisterMessage message) => new RecordWriter()
        .U128(message.Instrument.Value).Units(message.Units).Byte(message.StatusBefore).Byte(message.FlowBefore).Byte(message.StatusAfter).Byte(message.FlowAfter)
        .Time(message.At)
        .ToBytes();

    public static byte[] Value(BankReference reference) => new RecordWriter().Party(reference.Bank).U128(reference.Act).Time(reference.At).ToBytes();

    public static byte[] Value(Maturity maturity) => new RecordWriter()
        .Flag(maturity.LateRate is not null).U32(maturity.LateRate?.Millionths ?? 0)
        .List(maturity.Missed, static (w, missed) => w.Date(missed.DueDate).Amount(missed.Unpaid)).Date(maturity.InterestStops).List(maturity.Claims, Claim)
        .ToBytes();

    public static byte[] Value(Payment payment) => new RecordWriter()
        .U128(payment.Instrument.Value).Party(payment.Bank).Amount(payment.Amount).Date(payment.ValueDate).Text(payment.Reference).Byte((byte)payment.Status)
        .List(payment.Shares, static (w, share) =>
            w.Party(share.Payee).Amount(share.Costs).Amount(share.Interest).List(share.Retired, Units))
        .List(payment.ClaimsBefore, Claim).List(payment.ClaimsAfter, Claim)
        .List(payment.Announced, static (w, share) => w.Party(share.Payee).Amount(share.Amount)).Time(payment.AnnouncedUntil)
        .ToBytes();

    public static byte[] Value(RuleSet rules) => new RecordWriter().List(rules.Values, static (w, value) => w.U64((ulong)value)).ToBytes();

    public static byte[] Value(Validator validator) => new RecordWriter().Bytes(validator.NodeKey.Span).ToBytes();

    public static byte[] Value(EnvelopeClock clock) => new RecordWriter().Time(clock.Clock).U64(clock.NextCounter).ToBytes();

    public static byte[] Value(OrderingEpoch epoch) => new RecordWriter().U32(epoch.Number).U64(epoch.FirstHeight).ToBytes();

    public static byte[] ValueOfClock(ulong height, Timestamp time) => new RecordWriter().U64(height).Time(time).ToBytes();

    public static byte[] Value(Proposal proposal) => new RecordWriter()
        .Party(proposal.Proposer).Byte((byte)proposal.Status).Hash(proposal.Content).U64(proposal.EnactAtHeight).Time(proposal.Expires)
        .List(proposal.For, static (w, party) => w.Party(party)).List(proposal.Against, static (w, party) => w.Party(party))
        .ToBytes();

    public static byte[] Value(ListEntry entry) => new RecordWriter()
        .Party(entry.Proposer).Party(entry.Related).Date(entry.From).Date(entry.Until).Hash(entry.Evidence).U128(entry.Measure.Value)
        .ToBytes();

    public static byte[] Value(Measure measure) => new RecordWriter()
        .Byte((byte)measure.Kind).Byte((byte)measure.Status).Party(measure.By).List(measure.Institutions, static (w, one) => w.Party(one)).Party(measure.Against).Party(measure.Gainer)
        .Hash(measure.Evidence).Time(measure.MadeAt).Time(measure.InForceFrom).Time(measure.Until)
        .Party(measure.ContestedBy).Hash(measure.Reason).Party(measure.DecidedBy).Hash(measure.Order)
        .ToBytes();

    public static byte[] Value(UInt128 reference) => new RecordWriter().U128(reference).ToBytes();

    public static byte[] Value(ValueList<Id<Document>> documents) => new RecordWriter().List(documents, static (w, document) => w.U128(document.Value)).ToBytes();

    public static byte[] Value(MinuteOfIds minute) => new RecordWriter().U32(minute.Count).Hash(minute.Digest).ToBytes();

    public static byte[] Value(Attempts attempts) => new RecordWriter().U16(attempts.Count).List(attempts.Subjects, static (w, o) => w.U128(o)).ToBytes();

    public static byte[] Value(Spending spending) => new RecordWriter().Date(spending.Day).Amount(spending.Total).ToBytes();

    public static byte[] Value(uint count) => new RecordWriter().U32(count).ToBytes();

    static void Leg(RecordWriter writer, Leg leg) => writer
        .U128(leg.Act.Value).Byte((byte)leg.Cause).Party(leg.From).U16(leg.Depth).Flag(leg.Recourse).List(leg.Documents, Use).Time(leg.At);

    static void Claim(RecordWriter writer, LateClaim claim) => writer.Units(claim.Units).Date(claim.From).Amount(claim.Interest).Amount(claim.Costs);

    static void Units(RecordWriter writer, Interval units) => writer.Units(units);

    static void Use(RecordWriter writer, DocumentUse use) => writer.U128(use.Document.Value).Amount(use.Amount);

    static void Digest(RecordWriter writer, Hash256 digest) => writer.Hash(digest);
}
