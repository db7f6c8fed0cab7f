using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;

namespace Ledger.Core.State;

/// <summary>A noun's value under its key, for both ways.</summary>
delegate TNoun Codec<TKey, TNoun>(Fields fields, TKey key, TNoun? noun);

/// <summary>
/// The fields of every noun, and of every key, in the order of their bytes (docs/FORMATS.md, section "State records"): one expression each, by which it is written and
/// read. What is read and written again has the same bytes.
/// </summary>
static class Codecs
{
    public static PartyId Party(Fields f, PartyId key) => f.SomeParty(key, "party");

    public static KeyId KeyId(Fields f, KeyId key) => new(f.SomeParty(key.Party), f.U32(key.Number));

    public static Id<TNoun> Id<TNoun>(Fields f, Id<TNoun> key) => f.SomeId(key, "id");

    public static (Id<Instrument>, ulong) FirstUnit(Fields f, (Id<Instrument> Instrument, ulong First) key) => (f.SomeId(key.Instrument), f.U64(key.First));

    public static Fingerprint Fingerprint(Fields f, Fingerprint it) => new(f.Text(it.Scheme), f.U32(it.Epoch), f.Hash(it.Value));

    public static (PartyId, Fingerprint) Skeleton(Fields f, (PartyId Seller, Fingerprint Looks) key) => (f.SomeParty(key.Seller), Fingerprint(f, key.Looks));

    public static string Text(Fields f, string? key) => f.Text(key, "text");

    public static DateOnly From(Fields f, DateOnly key) => f.Date(key, "from");

    public static uint Number(Fields f, uint key) => f.U32(key, name: "number");

    public static long Minute(Fields f, long key) => (long)f.U64((ulong)key, most: (long.MaxValue / Timestamp.Minute) - 1, name: "minute");

    public static (string, DateOnly) TextAndDay(Fields f, (string Text, DateOnly ValueDate) key) => (f.Text(key.Text), f.Date(key.ValueDate));

    public static (PartyId, DateOnly) PartyAndDay(Fields f, (PartyId Party, DateOnly Day) key) => (f.SomeParty(key.Party), f.Date(key.Day));

    public static (PartyId, Currency) PartyAndCurrency(Fields f, (PartyId Party, Currency Currency) key) => (f.SomeParty(key.Party), f.Currency(key.Currency));

    public static (ListKind, PartyId) Listed(Fields f, (ListKind Kind, PartyId Subject) key) => (f.Enum(key.Kind), f.SomeParty(key.Subject));

    public static Sole Sole(Fields f, Sole key) => key;

    public static Party Party(Fields f, PartyId id, Party? it) => new(
        id, f.Text(it?.Name), (Roles)f.U16((int?)it?.Roles, AllRoles), f.Text(it?.Region), f.Enum(it?.Size), f.Text(it?.IndustryChain), f.Party(it?.Sponsor),
        f.Enum(it?.Standing), f.U32(it?.LastKey), f.Hash(it?.Account), f.List(it?.Policy, Limit), f.Date(it?.RegisteredOn));

    public static PartyKey Key(Fields f, KeyId id, PartyKey? it) => new(
        id, f.Bytes(it?.PublicKey), f.Enum(it?.Use), f.Enum(it?.Role), f.Text(it?.Person), f.Time(it?.From), f.Time(it?.Until), f.U32(it?.Replaces));

    public static Mandate Mandate(Fields f, Id<Mandate> id, Mandate? it) => new(
        id, f.Party(it?.Principal), f.Party(it?.Agent), f.List(it?.Verbs, Text), f.Currency(it?.Currency), f.Amount(it?.Cap), f.List(it?.Counterparties, AnyParty),
        f.Time(it?.Expires), f.Hash(it?.Paper), f.Date(it?.UsedOn), f.Amount(it?.Used));

    public static Document Document(Fields f, Id<Document> id, Document? it) => new(
        id, f.Enum(it?.Kind), f.Party(it?.Seller), f.Party(it?.Buyer), f.Currency(it?.Currency), f.Amount(it?.Total), f.Date(it?.Date), f.Hash(it?.Commitment),
        f.List(it?.Fingerprints, Fingerprint), f.List(it?.Skeletons, Fingerprint), f.List(it?.DistinctFrom, AnyId), f.Party(it?.Attester), f.Party(it?.SellersHand),
        f.Time(it?.AttestedAt), f.Amount(it?.RedLetters), f.Amount(it?.Reserved), f.Amount(it?.Used), f.List(it?.Reliant, AnyParty));

    public static Epoch Epoch(Fields f, uint number, Epoch? it) => new(number, f.Hash(it?.KeyCommitment), f.List(it?.SealedKeys, SealedKey), f.Time(it?.OpenedAt));

    public static Instrument Instrument(Fields f, Id<Instrument> id, Instrument? it) => new(
        id, f.Enum(it?.Kind), f.Enum(it?.Status), f.Party(it?.Obligor), f.Party(it?.Creditor), f.Currency(it?.Currency), f.Amount(it?.Face), f.Date(it?.IssueDate),
        f.Date(it?.DueDate), f.Flag(it?.Transferable), f.Text(it?.Number), f.Id(it?.IssueOffer), f.List(it?.Documents, Use), f.List(it?.Terms, Digest),
        f.Maybe(it?.Confirmation, Confirmation), f.Maybe(it?.Bill, Bill), f.Time(it?.EndedAt));

    public static Token Token(Fields f, (Id<Instrument> Instrument, ulong First) key, Token? it) => new(
        f.Units(key.First, it?.Units), f.Party(it?.Holder), f.Enum(it?.State), Leg(f, it?.Leg), f.List(it?.Encumbrances, Burden));

    public static Offer Offer(Fields f, Id<Offer> id, Offer? it) => new(
        id, f.Enum(it?.Kind), f.Enum(it?.Status), f.Party(it?.From), f.Party(it?.To), f.Party(it?.Hand), f.Id(it?.Instrument), f.List(it?.Units, Units),
        f.Enum(it?.Cause), f.Flag(it?.Recourse), f.Currency(it?.Currency), f.Amount(it?.Amount), f.List(it?.Documents, Use), f.List(it?.Terms, Digest),
        f.Time(it?.MadeAt), f.Time(it?.Expires), f.Time(it?.EndedAt));

    public static Pledge Pledge(Fields f, Id<Offer> id, Pledge? it) => new(
        id, f.Party(it?.Pledgor), f.Party(it?.Pledgee), f.Currency(it?.Currency), f.Amount(it?.Amount), f.List(it?.Documents, Use), f.Time(it?.Since), f.Flag(it?.Released),
        f.Time(it?.EndedAt));

    public static Freeze Freeze(Fields f, Id<Freeze> id, Freeze? it) => new(
        id, f.SomeId(it?.Instrument), f.List(it?.Units, Units), f.Party(it?.Executor), f.PartyOrNone(it?.Second), f.Text(it?.Authority), f.Hash(it?.CaseNumber),
        f.Hash(it?.Order), f.Time(it?.Since), f.Time(it?.Until), f.Time(it?.KeptUntil));

    public static Financing Financing(Fields f, Id<Financing> id, Financing? it) => new(
        id, f.Enum(it?.Form), f.Enum(it?.Status), f.Party(it?.Applicant), f.Party(it?.Hand), f.Party(it?.Financier), f.PartyOrNone(it?.Reviewer),
        f.SomeId(it?.Instrument), f.List(it?.Units, Units), f.Currency(it?.Currency), f.Amount(it?.Principal), f.Date(it?.Start), f.Date(it?.End), f.Date(it?.EndedOn),
        Terms(f, it?.Interest), f.List(it?.Documents, AnyId), f.List(it?.Terms, Digest), f.Time(it?.AppliedAt), f.Time(it?.ReservedUntil), f.Time(it?.CommittedUntil),
        f.Id(it?.Query), f.Id(it?.Registration), f.Text(it?.BankReference), f.Id(it?.Line), f.Amount(it?.Drawn), f.Amount(it?.Margin), f.List(it?.Before, Earlier),
        f.Time(it?.EndedAt));

    public static Reservation Reservation(Fields f, Id<Financing> id, Reservation? it) => new(
        id, f.Party(it?.For), f.SomeId(it?.Instrument), f.List(it?.Units, Units), f.List(it?.Documents, AnyId), f.Time(it?.From), f.Time(it?.Until));

    public static CreditLine Line(Fields f, Id<CreditLine> id, CreditLine? it) => new(
        id, f.Party(it?.Bank), f.Party(it?.Debtor), f.Enum(it?.Mode), f.Currency(it?.Currency), f.Amount(it?.Limit), f.Amount(it?.Drawn), f.Date(it?.Until));

    public static Earmark Earmark(Fields f, Id<Instrument> id, Earmark? it) => new(id, f.SomeId(it?.Line), f.Amount(it?.Drawn));

    public static Attestation Attestation(Fields f, Id<Attestation> id, Attestation? it) => new(
        id, f.SomeId(it?.Financing), f.Enum(it?.Act), f.Enum(it?.Finding), f.Party(it?.Attester), f.Hash(it?.Certificate), f.Time(it?.StatedAt), f.Time(it?.At),
        f.Time(it?.EndedAt));

    public static PledgeReservation PledgeReservation(Fields f, Id<Financing> id, PledgeReservation? it) => new(
        id, f.Text(it?.Registry), f.U32(it?.Seat, least: 1), f.Hash(it?.Tags), f.Hash(it?.Block), f.Party(it?.Second), f.Time(it?.StatedAt), f.Time(it?.Until), f.Time(it?.At));

    // Status and flow are 0 while a register does not know the bill.
    public static RegisterMessage Message(Fields f, string id, RegisterMessage? it) => new(
        id, f.SomeId(it?.Instrument), f.Units(it?.Units), f.Byte(it?.StatusBefore, (byte)BillStatus.Settled), f.Byte(it?.FlowBefore, (byte)BillFlow.Ended),
        f.Byte(it?.StatusAfter, (byte)BillStatus.Settled), f.Byte(it?.FlowAfter, (byte)BillFlow.Ended), f.Time(it?.At));

    public static BankReference Reference(Fields f, (string Text, DateOnly ValueDate) key, BankReference? it) => new(key.ValueDate, key.Text, f.Party(it?.Bank), f.U128(it?.Act), f.Time(it?.At));

    public static Maturity Maturity(Fields f, Id<Instrument> id, Maturity? it) => new(
        id, LateRate(f, it?.LateRate), f.List(it?.Missed, Missed), f.Date(it?.InterestStops), f.List(it?.Claims, Claim));

    public static Payment Payment(Fields f, Id<Payment> id, Payment? it) => new(
        id, f.SomeId(it?.Instrument), f.Party(it?.Bank), f.Amount(it?.Amount), f.Date(it?.ValueDate), f.Text(it?.Reference), f.Enum(it?.Status), f.List(it?.Shares, Share),
        f.List(it?.ClaimsBefore, Claim), f.List(it?.ClaimsAfter, Claim), f.List(it?.Announced, Announced), f.Time(it?.AnnouncedUntil), f.Time(it?.EndedAt));

    public static ListEntry ListEntry(Fields f, (ListKind Kind, PartyId Subject) key, ListEntry? it) => new(
        key.Kind, key.Subject, f.Party(it?.Proposer), f.Party(it?.Related), f.Date(it?.From), f.Date(it?.Until), f.Hash(it?.Evidence), f.Id(it?.Measure));

    public static Measure Measure(Fields f, Id<Measure> id, Measure? it) => new(
        id, f.Enum(it?.Kind), f.Enum(it?.Status), f.Party(it?.By), f.List(it?.Institutions, AnyParty), f.Party(it?.Against), f.Party(it?.Gainer), f.Hash(it?.Evidence),
        f.Time(it?.MadeAt), f.Time(it?.InForceFrom), f.Time(it?.Until), f.Party(it?.ContestedBy), f.Hash(it?.Reason), f.Party(it?.DecidedBy), f.Hash(it?.Order),
        f.Time(it?.EndedAt));

    public static Control Control(Fields f, PartyId party, Control? it) => new(
        party, f.Party(it?.Controller), f.Date(it?.Since), f.List(it?.SaidBy, AnyParty), f.Hash(it?.Evidence), f.List(it?.Former, Former));

    static NextEpoch NextEpoch(Fields f, NextEpoch? it) => new(f.U32(it?.Number), f.Hash(it?.KeyCommitment), f.List(it?.SealedKeys, SealedKey));

    static NextProgramme NextProgramme(Fields f, NextProgramme? it) => new(f.Text(it?.IndustryChain), Settings(f, it?.Settings));

    public static Programme Programme(Fields f, string chain, Programme? it) => new(chain, f.List(it?.Settings, Settings));

    static ProgrammeSettings Settings(Fields f, ProgrammeSettings? it) => new(
        f.Date(it?.From), f.U16(it?.TenorMonths), f.U16(it?.FinancingTenorMonths), f.U16(it?.FinancingShareBasisPoints), f.U16(it?.MaximumDepth), f.Flag(it?.ContractRequired));

    static RuleSet Adopted(Fields f, RuleSet? it) => Rules(f, f.Date(it?.From), it);

    public static RuleSet Rules(Fields f, DateOnly from, RuleSet? it)
    {
        var values = f.List(it?.Values, Parameter, "parameters");
        f.Require(RuleSet.AreComplete(values));
        for (var i = 0; i < values.Count && i < RuleSet.ParameterCount; i++) f.Require(values[i] <= RuleSet.Greatest((RuleParameter)(i + 1)));
        return new(from, values);
    }

    public static Proposal Proposal(Fields f, Id<Proposal> id, Proposal? it) => new(
        id, f.Enum(it?.Action), f.Enum(it?.Status), f.Party(it?.Proposer), f.Time(it?.MadeAt), f.Time(it?.Expires), f.Party(it?.Party), (Roles)f.U16((int?)it?.Roles, AllRoles),
        f.Bytes(it?.NodeKey), f.Maybe(it?.Rules, Adopted), f.U32(it?.Version), f.Maybe(it?.Epoch, NextEpoch), f.Maybe(it?.Programme, NextProgramme), f.List(it?.Votes, Vote), f.Time(it?.DueAt), f.Time(it?.EndedAt));

    public static Validator Validator(Fields f, PartyId bank, Validator? it) => new(bank, f.Bytes(it?.NodeKey));

    // Nothing is written of the founding set.
    public static ValidatorChange Change(Fields f, Sole _, ValidatorChange? it) => new(f.U32(it?.Number, least: 2), f.U64(it?.Height, least: 1), f.List(it?.Before, Member));

    public static ProtocolVersion Protocol(Fields f, Sole _, ProtocolVersion? it) => new(f.U32(it?.Number, least: 2), f.U64(it?.Height, least: 1));

    public static BlockTime BlockTime(Fields f, Sole _, BlockTime? it) => new(f.U64(it?.Height), f.Time(it?.Time));

    public static EnvelopeClock Clock(Fields f, PartyId bank, EnvelopeClock? it) => new(bank, f.Time(it?.Clock), f.U64(it?.NextCounter));

    // Nothing is written of the first epoch.
    public static OrderingEpoch Ordering(Fields f, Sole _, OrderingEpoch? it) => new(f.U32(it?.Number, least: 2, "epoch"), f.U64(it?.FirstHeight, least: 1));

    public static MinuteOfIds IdsOfMinute(Fields f, long _, MinuteOfIds? it) => new(f.U32(it?.Count, least: 1), f.Hash(it?.Digest), Newest: null);

    public static Attempts Attempts(Fields f, (PartyId, DateOnly) _, Attempts? it) => new(f.U16(it?.Count), f.List(it?.Subjects, Subject));

    public static Spending Spending(Fields f, (PartyId, Currency) _, Spending? it) => new(f.Date(it?.Day), f.Amount(it?.Total));

    public static uint LongLived(Fields f, PartyId _, uint it) => f.U32(it, least: 1, "count");

    public static Id<Document> Numbered(Fields f, Fingerprint _, Id<Document> it) => f.SomeId(it, "document");

    public static ValueList<Id<Document>> Alike(Fields f, (PartyId, Fingerprint) _, ValueList<Id<Document>> it) => f.List<Id<Document>>(it, Id, "documents");

    public static Id<Instrument> OfNumber(Fields f, string _, Id<Instrument> it) => f.SomeId(it, "instrument");

    const ushort AllRoles = 0xFF;

    static PolicyLimit Limit(Fields f, PolicyLimit? it) => new(f.Currency(it?.Currency), f.Amount(it?.PerAct), f.Amount(it?.PerDay));

    static FormerController Former(Fields f, FormerController it) => new(f.Party(it.Controller), f.Date(it.Until));

    static Validator Member(Fields f, Validator? it) => new(f.Party(it?.Bank), f.Bytes(it?.NodeKey));

    static BankVote Vote(Fields f, BankVote it) => new(f.Party(it.Bank), f.Flag(it.IsFor), f.U64(it.Height));

    static SealedEpochKey SealedKey(Fields f, SealedEpochKey it) => new(f.Party(it.Bank), f.Text(it.Sealed));

    static Confirmation Confirmation(Fields f, Confirmation? it) => new(
        f.Amount(it?.Requested), f.Time(it?.RequestedAt), f.Date(it?.ContractSigned), f.Time(it?.Deadline), f.Flag(it?.Overdue), f.Amount(it?.Confirmed),
        f.Amount(it?.Disputed), f.Time(it?.AnsweredAt), f.Hash(it?.Undertaking), f.Flag(it?.DefencesWaived), f.Hash(it?.ContractClause), f.Hash(it?.SupplierConsent),
        f.Hash(it?.DisputeReason), f.Flag(it?.DisputedLater), f.Party(it?.Hand));

    static BillAttributes Bill(Fields f, BillAttributes? it) => new(
        f.Text(it?.PackageNumber), f.Byte(it?.Status, (byte)BillStatus.Settled), f.Byte(it?.Flow, (byte)BillFlow.Ended), f.Party(it?.Drawer), f.Party(it?.Acceptor),
        f.Flag(it?.Undivided), f.Flag(it?.RegisterIsLedger), f.Flag(it?.Mismatch), f.Time(it?.DrawnUntil));

    static InterestTerms Terms(Fields f, InterestTerms? it) => new(
        f.Enum(it?.DayCount), f.Enum(it?.Bounds), f.Enum(it?.Rounding), f.Enum(it?.Payment), f.Flag(it?.RefundsUnearned), f.U16(it?.GraceDays),
        f.Flag(it?.AccruesOnRolledDays));

    static Rate? LateRate(Fields f, Rate? it)
    {
        var (isAgreed, rate) = (f.Flag(it is not null, "agreed"), f.U32(it?.Millionths, name: "rate"));
        f.Require(isAgreed ? rate <= Rate.Max : rate == 0);
        return isAgreed ? new(rate) : null;
    }

    static Leg Leg(Fields f, Leg? it) => new(
        f.Id(it?.Act), f.Enum(it?.Cause), f.Party(it?.From), f.U16(it?.Depth), f.Flag(it?.Recourse), f.List(it?.Documents, Use), f.Time(it?.At), f.Id(it?.Under));

    static EarlierLeg Earlier(Fields f, EarlierLeg? it) => new(f.Units(it?.Units), Leg(f, it?.Leg));

    static Encumbrance Burden(Fields f, Encumbrance it) => new(f.Enum(it.Kind), f.U128(it.Reference), f.Party(it.Beneficiary), f.Time(it.Since), f.Time(it.Until));

    static LateClaim Claim(Fields f, LateClaim? it) => new(f.Units(it?.Units), f.Date(it?.From), f.Amount(it?.Interest), f.Amount(it?.Costs));

    static MissedDate Missed(Fields f, MissedDate? it) => new(f.Date(it?.DueDate), f.Amount(it?.Unpaid));

    static PaymentShare Share(Fields f, PaymentShare? it) => new(f.Party(it?.Payee), f.Amount(it?.Costs), f.Amount(it?.Interest), f.List(it?.Retired, Units));

    static AnnouncedShare Announced(Fields f, AnnouncedShare? it) => new(f.Party(it?.Payee), f.Amount(it?.Amount));

    static DocumentUse Use(Fields f, DocumentUse it) => new(f.Id(it.Document), f.Amount(it.Amount));

    static Interval Units(Fields f, Interval it) => f.Units(it, "");

    static Hash256 Digest(Fields f, Hash256 it) => f.Hash(it, "");

    static PartyId AnyParty(Fields f, PartyId it) => f.Party(it, "");

    static Id<TNoun> AnyId<TNoun>(Fields f, Id<TNoun> it) => f.Id(it, "");

    static UInt128 Subject(Fields f, UInt128 it) => f.U128(it, "");

    static long Parameter(Fields f, long it) => (long)f.U64((ulong)it, most: long.MaxValue, name: "");
}
