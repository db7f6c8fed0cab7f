using FsCheck;
using FsCheck.Fluent;
using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.World;
using Interval = Ledger.Core.Primitives.Interval;

namespace Ledger.Tests.Laws;

/// <summary>Any operation of any kind that the wire can carry, sensible or not.</summary>
static class Operations
{
    static readonly Gen<PartyId> AnyParty = Gen.Elements(X, Y, C, A, B, D, Stranger);

    static readonly Gen<Amount> AnyAmount =
        Gen.OneOf(Gen.Choose(0, 9).Select(n => (ulong)n), Gen.Choose(0, int.MaxValue).Select(n => (ulong)n * 465), Gen.Constant(Amount.MaxMinor)).Select(minor => new Amount(minor));

    static readonly Gen<Hash256> AnyHash =
        from high in Gen.Choose(1, int.MaxValue)
        from low in Gen.Choose(0, int.MaxValue)
        select new Hash256(((UInt128)high << 90) + (UInt128)high, (UInt128)low << 70);

    static readonly Gen<Timestamp> AnyTime =
        Gen.OneOf(Gen.Choose(0, int.MaxValue).Select(n => n * 1000L), Gen.Constant(Timestamp.MaxUnixMilliseconds)).Select(n => new Timestamp(n));

    static readonly Gen<DateOnly> AnyDate = Gen.Choose(0, DateOnly.MaxValue.DayNumber).Select(DateOnly.FromDayNumber);

    static readonly Gen<Rate> AnyRate = Gen.Choose(0, (int)Rate.Max).Select(n => new Rate((uint)n));

    static readonly Gen<bool> AnyBool = Gen.Elements(true, false);

    static readonly Gen<uint> AnyNumber = Gen.Choose(0, int.MaxValue).Select(n => (uint)n * 2);

    static readonly Gen<string> AnyText = Gen.OneOf(
        Gen.Elements("", "a", "名称", "\"\\\u00A0\u3000<>&'\U0001F600", "offer.accept", "e\u0301"), Gen.Choose(0, 300).Select(n => new string('名', n)));

    static readonly Gen<Interval> AnyInterval =
        from first in Gen.Choose(1, int.MaxValue)
        from more in Gen.Choose(0, int.MaxValue)
        select new Interval((ulong)first, (ulong)first + (ulong)more);

    static readonly Gen<ByteString> AnyKey = Gen.Choose(0, 255).ArrayOf(65).Select(bytes => new ByteString(bytes.Select(b => (byte)b).ToArray()));

    static readonly Gen<NewKey> AnyNewKey =
        from key in AnyKey
        from use in Any<KeyUse>()
        from role in Any<KeyRole>()
        from person in AnyText
        select new NewKey(key, use, role, person);

    static readonly Gen<DocumentUse> AnyUse =
        from document in AnyId<Document>()
        from amount in AnyAmount
        select new DocumentUse(document, amount);

    static readonly Gen<Undertaking> AnyUndertaking =
        from letter in AnyHash
        from waived in AnyBool
        from clause in AnyHash
        select new Undertaking(letter, waived, clause);

    static readonly Gen<ValueList<Fingerprint>> AnyFingerprints = ListOf(
        from scheme in AnyText
        from epoch in AnyNumber
        from value in AnyHash
        select new Fingerprint(scheme, epoch, value));

    static readonly Gen<ValueList<Hash256>> AnyTerms = AnyHash.ListOf().Select(hashes => (ValueList<Hash256>)[.. new SortedSet<Hash256>(hashes)]);

    static readonly Gen<NextEpoch> AnyEpoch =
        from number in AnyNumber
        from commitment in AnyHash
        from keys in ListOf(from bank in AnyParty from text in AnyText select new SealedEpochKey(bank, text))
        select new NextEpoch(number, commitment, keys);

    static readonly Gen<ushort> AnySmall = Gen.Choose(0, ushort.MaxValue).Select(n => (ushort)n);

    static readonly Gen<NextProgramme> AnyProgramme =
        from chain in AnyText
        from day in AnyDate
        from tenor in AnySmall
        from financing in AnySmall
        from share in AnySmall
        from depth in AnySmall
        from contract in AnyBool
        select new NextProgramme(chain, new(day, tenor, financing, share, depth, contract));

    static readonly Gen<Currency> AnyCurrency = Gen.Elements("CNY", "USD", "JPY").Select(code => Currency.TryParse(code, out var currency) ? currency : default);

    static readonly Gen<Roles> AnyRoles = Gen.Choose(0, 255).Select(bits => (Roles)bits);

    static readonly Gen<PaperMandate> AnyPaper =
        from id in AnyId<Mandate>()
        from agent in AnyParty
        from verbs in ListOf(AnyText)
        from currency in AnyCurrency
        from cap in AnyAmount
        from counterparties in ListOf(AnyParty)
        from expires in AnyTime
        from paper in AnyHash
        select new PaperMandate(id, agent, verbs, currency, cap, counterparties, expires, paper);

    /// <summary>One generator for each kind; the test of kinds says that none is missing.</summary>
    public static readonly IReadOnlyDictionary<Type, Gen<Operation>> ByKind = new Dictionary<Type, Gen<Operation>>
    {
        [typeof(RegisterParty)] =
            from id in AnyParty
            from name in AnyText
            from roles in AnyRoles
            from size in Any<SizeClass>()
            from keys in ListOf(AnyNewKey)
            from paper in Maybe(AnyPaper)
            from account in MaybeValue(AnyHash)
            select (Operation)new RegisterParty(id, name, roles, "440300", size, name, keys, paper, account),
        [typeof(SetPolicy)] =
            from limits in ListOf(
                from currency in AnyCurrency
                from act in AnyAmount
                from day in AnyAmount
                select new PolicyLimit(currency, act, day))
            select (Operation)new SetPolicy(limits),
        [typeof(RotateKey)] = from party in AnyParty from replaces in AnyNumber from key in AnyNewKey select (Operation)new RotateKey(party, replaces, key),
        [typeof(VetoRotation)] = from party in AnyParty from key in AnyNumber select (Operation)new VetoRotation(party, key),
        [typeof(RevokeKey)] = from key in AnyNumber select (Operation)new RevokeKey(key),
        [typeof(ReportLost)] = from party in AnyParty select (Operation)new ReportLost(party),
        [typeof(Recover)] =
            from party in AnyParty from revoke in ListOf(AnyNumber) from keys in ListOf(AnyNewKey) select (Operation)new Recover(party, revoke, keys),
        [typeof(GrantMandate)] =
            from id in AnyId<Mandate>()
            from agent in AnyParty
            from verbs in ListOf(AnyText)
            from currency in AnyCurrency
            from cap in AnyAmount
            from counterparties in ListOf(AnyParty)
            from expires in AnyTime
            select (Operation)new GrantMandate(id, agent, verbs, currency, cap, counterparties, expires),
        [typeof(RevokeMandate)] = from id in AnyId<Mandate>() select (Operation)new RevokeMandate(id),
        [typeof(AttestDocument)] =
            from id in AnyId<Document>()
            from kind in Any<DocumentKind>()
            from seller in AnyParty
            from buyer in AnyParty
            from currency in AnyCurrency
            from total in AnyAmount
            from date in AnyDate
            from commitment in AnyHash
            from fingerprints in AnyFingerprints
            from skeletons in AnyFingerprints
            from distinct in ListOf(AnyId<Document>())
            select (Operation)new AttestDocument(id, kind, seller, buyer, currency, total, date, commitment, fingerprints, skeletons, distinct),
        [typeof(AttestRedLetter)] =
            from id in AnyId<Document>()
            from amount in AnyAmount
            from date in AnyDate
            from commitment in AnyHash
            from fingerprints in AnyFingerprints
            from skeletons in AnyFingerprints
            from distinct in ListOf(AnyId<Document>())
            select (Operation)new AttestRedLetter(id, amount, date, commitment, fingerprints, skeletons, distinct),
        [typeof(RequestConfirmation)] =
            from id in AnyId<Instrument>()
            from obligor in AnyParty
            from currency in AnyCurrency
            from amount in AnyAmount
            from signed in AnyDate
            from one in Any<SizeClass>()
            from other in Any<SizeClass>()
            from consent in AnyHash
            from number in AnyText
            from terms in AnyTerms
            select (Operation)new RequestConfirmation(id, obligor, currency, amount, signed, one, other, consent, number, terms),
        [typeof(Confirm)] =
            from id in AnyId<Instrument>() from amount in AnyAmount from undertaking in AnyUndertaking from reason in MaybeValue(AnyHash)
            select (Operation)new Confirm(id, amount, undertaking, reason),
        [typeof(Dispute)] = from id in AnyId<Instrument>() from reason in AnyHash select (Operation)new Dispute(id, reason),
        [typeof(IssueReceivable)] =
            from offer in AnyId<Offer>()
            from id in AnyId<Instrument>()
            from creditor in AnyParty
            from currency in AnyCurrency
            from amount in AnyAmount
            from issued in AnyDate
            from due in AnyDate
            from transferable in AnyBool
            from uses in ListOf(AnyUse)
            from expires in AnyTime
            from undertaking in Maybe(AnyUndertaking)
            from number in AnyText
            from terms in AnyTerms
            from line in MaybeValue(AnyId<CreditLine>())
            from justification in MaybeValue(AnyHash)
            from rate in MaybeValue(AnyRate)
            select (Operation)new IssueReceivable(
                offer, id, creditor, currency, amount, issued, due, transferable, uses, expires, undertaking, number, terms, line, justification, rate),
        [typeof(CancelReceivable)] = from id in AnyId<Instrument>() select (Operation)new CancelReceivable(id),
        [typeof(RegisterBill)] =
            from id in AnyId<Instrument>()
            from number in AnyText
            from acceptor in AnyParty
            from payee in AnyParty
            from currency in AnyCurrency
            from amount in AnyAmount
            from issued in AnyDate
            from due in AnyDate
            from transferable in AnyBool
            from undivided in AnyBool
            from uses in ListOf(AnyUse)
            from terms in AnyTerms
            select (Operation)new RegisterBill(id, number, acceptor, payee, currency, amount, issued, due, transferable, undivided, uses, terms),
        [typeof(PresentForAcceptance)] =
            from offer in AnyId<Offer>() from id in AnyId<Instrument>() from expires in AnyTime select (Operation)new PresentForAcceptance(offer, id, expires),
        [typeof(DeliverBill)] =
            from offer in AnyId<Offer>() from id in AnyId<Instrument>() from expires in AnyTime select (Operation)new DeliverBill(offer, id, expires),
        [typeof(CancelBill)] = from offer in AnyId<Offer>() from id in AnyId<Instrument>() select (Operation)new CancelBill(offer, id),
        [typeof(GuaranteeBill)] =
            from offer in AnyId<Offer>() from id in AnyId<Instrument>() from units in AnyInterval from guarantor in AnyParty from expires in AnyTime
            select (Operation)new GuaranteeBill(offer, id, units, guarantor, expires),
        [typeof(PledgeBill)] =
            from offer in AnyId<Offer>() from id in AnyId<Instrument>() from units in AnyInterval from pledgee in AnyParty from expires in AnyTime
            select (Operation)new PledgeBill(offer, id, units, pledgee, expires),
        [typeof(ReleaseBillPledge)] = from offer in AnyId<Offer>() from pledge in AnyId<Offer>() select (Operation)new ReleaseBillPledge(offer, pledge),
        [typeof(AllowTransfer)] =
            from offer in AnyId<Offer>() from id in AnyId<Instrument>() from units in AnyInterval select (Operation)new AllowTransfer(offer, id, units),
        [typeof(PresentBill)] =
            from offer in AnyId<Offer>() from id in AnyId<Instrument>() from units in AnyInterval from expires in AnyTime from why in MaybeValue(AnyHash)
            select (Operation)new PresentBill(offer, id, units, expires, why),
        [typeof(AskRecourse)] =
            from offer in AnyId<Offer>()
            from id in AnyId<Instrument>()
            from units in AnyInterval
            from debtor in AnyParty
            from expires in AnyTime
            from endorsement in MaybeValue(AnyId<Offer>())
            from terms in AnyTerms
            select (Operation)new AskRecourse(offer, id, units, debtor, expires, endorsement, terms),
        [typeof(SettleRecourse)] = from offer in AnyId<Offer>() from reference in AnyText select (Operation)new SettleRecourse(offer, reference),
        [typeof(ImportBill)] =
            from id in AnyId<Instrument>()
            from number in AnyText
            from drawer in AnyParty
            from acceptor in AnyParty
            from holder in AnyParty
            from currency in AnyCurrency
            from amount in AnyAmount
            from issued in AnyDate
            from due in AnyDate
            from transferable in AnyBool
            from undivided in AnyBool
            from terms in AnyTerms
            select (Operation)new ImportBill(id, number, drawer, acceptor, holder, currency, amount, issued, due, transferable, undivided, terms),
        [typeof(AttestBill)] =
            from message in AnyText
            from id in AnyId<Instrument>()
            from units in AnyInterval
            from status in Any<BillStatus>()
            from flow in Any<BillFlow>()
            from done in AnyBool
            from statusBefore in MaybeValue(Any<BillStatus>())
            from flowBefore in MaybeValue(Any<BillFlow>())
            from offer in MaybeValue(AnyId<Offer>())
            select (Operation)new AttestBill(message, id, units, status, flow, done, statusBefore, flowBefore, offer),
        [typeof(ReconcileBill)] =
            from message in AnyText from reviewer in AnyParty from offer in MaybeValue(AnyId<Offer>()) select (Operation)new ReconcileBill(message, reviewer, offer),
        [typeof(AcceptOffer)] = from id in AnyId<Offer>() select (Operation)new AcceptOffer(id),
        [typeof(DeclineOffer)] = from id in AnyId<Offer>() select (Operation)new DeclineOffer(id),
        [typeof(WithdrawOffer)] = from id in AnyId<Offer>() select (Operation)new WithdrawOffer(id),
        [typeof(Transfer)] =
            from offer in AnyId<Offer>()
            from id in AnyId<Instrument>()
            from to in AnyParty
            from cause in Any<TransferCause>()
            from recourse in AnyBool
            from uses in ListOf(AnyUse)
            from expires in AnyTime
            from units in MaybeValue(AnyInterval)
            from amount in MaybeValue(AnyAmount)
            from terms in AnyTerms
            from holder in MaybeValue(AnyParty)
            from evidence in MaybeValue(AnyHash)
            from marked in MaybeValue(AnyBool)
            from condition in MaybeValue(AnyHash)
            select (Operation)new Transfer(offer, id, to, cause, recourse, uses, expires, units, amount, terms, holder, evidence, marked, condition),
        [typeof(CorrectTransfer)] =
            from offer in AnyId<Offer>() from reviewer in AnyParty from uses in MaybeValue(ListOf(AnyUse)) select (Operation)new CorrectTransfer(offer, reviewer, uses),
        [typeof(ReceivePayment)] =
            from payment in AnyId<Payment>()
            from id in AnyId<Instrument>()
            from outcome in Any<PaymentOutcome>()
            from amount in AnyAmount
            from reference in AnyText
            from day in AnyDate
            from units in MaybeValue(AnyInterval)
            from payee in MaybeValue(AnyParty)
            select (Operation)new ReceivePayment(payment, id, outcome, amount, reference, day, units, payee),
        [typeof(ConfirmPayment)] =
            from announced in AnyId<Payment>() from payment in AnyId<Payment>() from payee in AnyParty from reference in AnyText
            select (Operation)new ConfirmPayment(announced, payment, payee, reference),
        [typeof(DenyPayment)] = from payment in AnyId<Payment>() from payee in AnyParty from reason in AnyHash select (Operation)new DenyPayment(payment, payee, reason),
        [typeof(ReturnPayment)] = from payment in AnyId<Payment>() from reference in AnyText select (Operation)new ReturnPayment(payment, reference),
        [typeof(DisputePayment)] = from payment in AnyId<Payment>() from reason in AnyHash select (Operation)new DisputePayment(payment, reason),
        [typeof(ClaimCosts)] =
            from id in AnyId<Instrument>() from units in AnyInterval from amount in AnyAmount from evidence in AnyHash
            select (Operation)new ClaimCosts(id, units, amount, evidence),
        [typeof(ExtendDueDate)] =
            from id in AnyId<Instrument>() from due in AnyDate from rate in MaybeValue(AnyRate) from terms in AnyTerms
            select (Operation)new ExtendDueDate(id, due, rate, terms),
        [typeof(DeclareInsolvent)] =
            from id in AnyId<Measure>() from party in AnyParty from day in AnyDate from court in AnyText from order in AnyHash
            select (Operation)new DeclareInsolvent(id, party, day, court, order),
        [typeof(DeclareSolvent)] = from id in AnyId<Measure>() from party in AnyParty from order in AnyHash select (Operation)new DeclareSolvent(id, party, order),
        [typeof(ContestMeasure)] = from id in AnyId<Measure>() from reason in AnyHash select (Operation)new ContestMeasure(id, reason),
        [typeof(DecideMeasure)] = from id in AnyId<Measure>() from upheld in AnyBool from order in AnyHash select (Operation)new DecideMeasure(id, upheld, order),
        [typeof(FreezeUnits)] =
            from freeze in AnyId<Freeze>()
            from id in AnyId<Instrument>()
            from authority in AnyText
            from caseNumber in AnyHash
            from order in AnyHash
            from day in AnyDate
            from units in MaybeValue(AnyInterval)
            from holder in MaybeValue(AnyParty)
            from amount in MaybeValue(AnyAmount)
            select (Operation)new FreezeUnits(freeze, id, authority, caseNumber, order, day, units, holder, amount),
        [typeof(ExtendFreeze)] = from id in AnyId<Freeze>() from day in AnyDate from order in AnyHash select (Operation)new ExtendFreeze(id, day, order),
        [typeof(UnfreezeUnits)] = from id in AnyId<Freeze>() select (Operation)new UnfreezeUnits(id),
        [typeof(PledgeDocuments)] =
            from offer in AnyId<Offer>()
            from to in AnyParty
            from currency in AnyCurrency
            from amount in AnyAmount
            from uses in ListOf(AnyUse)
            from expires in AnyTime
            from terms in AnyTerms
            select (Operation)new PledgeDocuments(offer, to, currency, amount, uses, expires, terms),
        [typeof(ReleasePledge)] = from id in AnyId<Offer>() from paid in AnyBool select (Operation)new ReleasePledge(id, paid),
        [typeof(DeclareControl)] = from party in AnyParty from controller in MaybeValue(AnyParty) from evidence in AnyHash select (Operation)new DeclareControl(party, controller, evidence),
        [typeof(Propose)] =
            from id in AnyId<Proposal>()
            from action in Any<ProposalAction>()
            from expires in AnyTime
            from party in MaybeValue(AnyParty)
            from roles in MaybeValue(AnyRoles)
            from key in MaybeValue(AnyKey)
            from proof in MaybeValue(AnyKey)
            from day in AnyDate
            from rules in Maybe(Gen.Constant(new DatedRules(day, new([.. Enumerable.Repeat(1L, RuleSet.ParameterCount)]))))
            from version in MaybeValue(AnyNumber)
            from epoch in Maybe(AnyEpoch)
            from programme in Maybe(AnyProgramme)
            select (Operation)new Propose(id, action, expires, party, roles, key, proof, rules, version, epoch, programme),
        [typeof(VoteOn)] = from id in AnyId<Proposal>() from isFor in AnyBool select (Operation)new VoteOn(id, isFor),
        [typeof(WithdrawProposal)] = from id in AnyId<Proposal>() select (Operation)new WithdrawProposal(id),
        [typeof(FileAccount)] = from account in AnyHash select (Operation)new FileAccount(account),
        [typeof(SetLine)] =
            from line in AnyId<CreditLine>()
            from debtor in AnyParty
            from mode in Any<CreditMode>()
            from currency in AnyCurrency
            from limit in AnyAmount
            from until in AnyDate
            select (Operation)new SetLine(line, debtor, mode, currency, limit, until),
        [typeof(ApplyForFinancing)] =
            from financing in AnyId<Financing>()
            from id in AnyId<Instrument>()
            from financier in AnyParty
            from form in Any<FinancingForm>()
            from principal in AnyAmount
            from end in AnyDate
            from documents in ListOf(AnyId<Document>())
            from units in MaybeValue(AnyInterval)
            from amount in MaybeValue(AnyAmount)
            from count in MaybeValue(Any<DayCount>())
            from bounds in MaybeValue(Any<DayBounds>())
            from rounding in MaybeValue(Any<Rounding>())
            from payment in MaybeValue(Any<InterestPayment>())
            from refunds in MaybeValue(AnyBool)
            from grace in MaybeValue(Gen.Choose(0, ushort.MaxValue).Select(days => (ushort)days))
            from accrues in MaybeValue(AnyBool)
            from terms in AnyTerms
            select (Operation)new ApplyForFinancing(
                financing, id, financier, form, principal, end, documents, units, amount, count, bounds, rounding, payment, refunds, grace, accrues, terms),
        [typeof(WithdrawFinancing)] = from id in AnyId<Financing>() select (Operation)new WithdrawFinancing(id),
        [typeof(ReleaseFinancing)] = from id in AnyId<Financing>() select (Operation)new ReleaseFinancing(id),
        [typeof(AttestRegistry)] =
            from id in AnyId<Attestation>()
            from financing in AnyId<Financing>()
            from act in Any<RegistryAct>()
            from finding in Any<RegistryFinding>()
            from certificate in AnyHash
            from stated in AnyTime
            select (Operation)new AttestRegistry(id, financing, act, finding, certificate, stated),
        [typeof(AttestPledge)] =
            from financing in AnyId<Financing>()
            from second in AnyParty
            from registry in AnyText
            from seat in AnyNumber
            from tags in AnyHash
            from block in AnyHash
            from stated in AnyTime
            from until in AnyTime
            select (Operation)new AttestPledge(financing, second, registry, seat, tags, block, stated, until),
        [typeof(ApproveFinancing)] =
            from id in AnyId<Financing>()
            from reviewer in AnyParty
            from until in AnyTime
            from mode in Any<CreditMode>()
            from line in MaybeValue(AnyId<CreditLine>())
            from terms in AnyTerms
            select (Operation)new ApproveFinancing(id, reviewer, until, mode, line, terms),
        [typeof(Disburse)] = from id in AnyId<Financing>() from text in AnyText from terms in AnyTerms select (Operation)new Disburse(id, text, terms),
        [typeof(Repay)] = from id in AnyId<Financing>() from text in AnyText from terms in AnyTerms select (Operation)new Repay(id, text, terms),
        [typeof(SettleFinancing)] =
            from id in AnyId<Financing>() from surplus in AnyBool from refund in AnyBool from text in AnyText from terms in AnyTerms
            select (Operation)new SettleFinancing(id, surplus, refund, text, terms),
        [typeof(BuyBack)] = from id in AnyId<Financing>() from text in AnyText from terms in AnyTerms select (Operation)new BuyBack(id, text, terms),
        [typeof(ReverseFinancing)] = from id in AnyId<Financing>() from text in AnyText select (Operation)new ReverseFinancing(id, text),
        [typeof(CorrectFinancing)] = from id in AnyId<Financing>() from reviewer in AnyParty select (Operation)new CorrectFinancing(id, reviewer),
    };

    public static readonly Gen<Operation> All = Gen.OneOf(ByKind.Values.ToArray());

    static Gen<Id<TNoun>> AnyId<TNoun>() => from high in Gen.Choose(0, 3) from low in Gen.Choose(1, int.MaxValue) select new Id<TNoun>(((UInt128)high << 120) + (UInt128)low);

    static Gen<T> Any<T>()
        where T : struct, Enum => Gen.Elements(Enum.GetValues<T>());

    static Gen<ValueList<T>> ListOf<T>(Gen<T> items) => Gen.Choose(0, 3).SelectMany(items.ArrayOf).Select(array => (ValueList<T>)[.. array]);

    static Gen<T?> Maybe<T>(Gen<T> value)
        where T : class => Gen.OneOf(value.Select(T? (one) => one), Gen.Constant<T?>(null));

    static Gen<T?> MaybeValue<T>(Gen<T> value)
        where T : struct => Gen.OneOf(value.Select(one => (T?)one), Gen.Constant<T?>(null));
}
