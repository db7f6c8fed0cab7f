using System.Text;
using Ledger.Client.Signing;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Core.Wire;
using Ledger.Tests.Rules.Bills;
using static Ledger.Tests.World;

namespace Ledger.Tests.Rules;

/// <summary>For every number with which the chain says no, an input that draws it: the shortest story that one can tell of it.</summary>
static class RefusalScenarios
{
    /// <summary>Rules under which the number can be drawn, where the usual ones do not do.</summary>
    public static (RuleParameter, long)[] RulesFor(Refusal refusal) => refusal switch
    {
        Refusal.TooManyLongLivedIds => [(RuleParameter.LongLivedIds, 0)],
        Refusal.ContractMissing => [(RuleParameter.ContractRequired, 1)],
        Refusal.BelowMinimum => [(RuleParameter.MinimumTransfer, 10)],
        Refusal.TooDeep => [(RuleParameter.MaximumDepth, 1)],
        Refusal.TooManyTokens => [(RuleParameter.MaximumTokens, 2)],
        _ => [],
    };

    static readonly Hash256 Digest = new(4, 4);
    static readonly Operation Any = new WithdrawOffer(new(5));

    public static readonly IReadOnlyDictionary<Refusal, Func<World, Refusal>> Of = new Dictionary<Refusal, Func<World, Refusal>>
    {
        [Refusal.Malformed] = w => w.Append("{}"u8.ToArray()).Answers[0].Code,
        [Refusal.TooLarge] = w => w.Append(new byte[TransactionText.MaxSize + 1]).Answers[0].Code,
        [Refusal.WrongChain] = w => w.Append(Elsewhere(w, w.Genesis.Chain.ChainId with { Low = 1 }, w.Suite.Name)).Answers[0].Code,
        [Refusal.WrongAlgorithm] = w => w.Append(Elsewhere(w, w.Genesis.Chain.ChainId, "SM2")).Answers[0].Code,
        [Refusal.SignersDiffer] = w => w.Append(Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(w.Sign(w.Draft(A, Any), Key(B))) is var text
            ? string.Concat(text.AsSpan(0, text.IndexOf("},{", StringComparison.Ordinal)), "}]}") : "")).Answers[0].Code,
        [Refusal.NoOperations] = w => w.Submit(w.Draft(A)).Code,

        [Refusal.KeyUnknown] = w => w.Submit(Stranger, Any).Code,
        [Refusal.SignatureInvalid] = w => w.Append(Elsewhere(w, w.Genesis.Chain.ChainId, w.Suite.Name)).Answers[0].Code,
        [Refusal.AlreadyAnswered] = w => w.Draft(A, Any) is var draft && w.Submit(draft) is not null ? w.Submit(draft).Code : default,
        [Refusal.IdUsedForOther] = w => w.Draft(A, Any) is var draft && w.Submit(draft) is not null ? w.Submit(draft with { Operations = [Any, Any] }).Code : default,
        [Refusal.Expired] = w => w.Submit(w.Draft(A, Any) with { Expires = w.Clock }).Code,
        [Refusal.ExpiryTooFar] = w => w.Submit(w.Draft(A, Any) with { Expires = w.Clock.Add(Timestamp.Day + 1) }).Code,
        [Refusal.TooManyLongLivedIds] = w => w.Submit(w.Draft(A, Any) with { Expires = w.Clock.Add(Timestamp.Hour) }).Code,
        [Refusal.KeyNotValid] = w => After(w, A, new RotateKey(A, 0, w.NewKey(Key(A, 2)))).Submit(A, Any, Key(A, 2)).Code,
        [Refusal.KeyUseWrong] = w => w.Submit(X, Any, Key(X, 3)).Code,
        [Refusal.ActingPartyDidNotSign] = w => w.Append(w.SignOnly(w.Draft(A, Any), Key(B))).Answers[0].Code,
        [Refusal.ActingPartyUnknown] = w => w.SubmitFor(Stranger, A, Any).Code,
        [Refusal.KeysReportedLost] = w => After(w, X, new ReportLost(A)).Submit(A, Any).Code,
        [Refusal.PartySuspended] = w =>
            Decide(w, w.State.With(Assert.IsType<Party>(w.State.Party(A)) with { Standing = Standing.Suspended }), w.Draft(A, Any), Key(A)),
        [Refusal.SecondPersonMissing] = w => After(w, C, new SetPolicy([new(Currency.Cny, new(1), new(1))])).Submit(C, Issue(w)).Code,
        [Refusal.NoMandate] = w => w.SubmitFor(A, Y, Any).Code,
        [Refusal.MandateCapExceeded] = w => w.Granted(C, Y, 1, "receivable.issue") is not null ? w.SubmitFor(C, Y, Issue(w)).Code : default,
        [Refusal.MandateCounterparty] = w => w.Granted(C, Y, 1_000, "receivable.issue", B) is not null ? w.SubmitFor(C, Y, Issue(w)).Code : default,
        [Refusal.AgentIsCounterparty] = w => w.Granted(C, A, 1_000, "receivable.issue") is not null ? w.SubmitFor(C, A, Issue(w)).Code : default,
        [Refusal.CheckerCannotActAlone] = w => w.Submit(X, Any, Key(X, 2)).Code,

        [Refusal.PartyNotFound] = w => w.Submit(X, new ReportLost(Stranger)).Code,
        [Refusal.PartyAlreadyRegistered] = w => w.Submit(X, New(w) with { Id = A }).Code,
        [Refusal.SponsorIsNotBank] = w => w.Submit(A, New(w), Key(Stranger)).Code,
        [Refusal.SponsorIsSelf] = w => w.Submit(X, New(w) with { Id = X }).Code,
        [Refusal.NewPartyDidNotSign] = w => w.Submit(X, New(w)).Code,
        [Refusal.SecondBankMissing] = w => w.Submit(X, New(w) with { Roles = Roles.CoreEnterprise }, Key(Stranger)).Code,
        [Refusal.PaperMandateMissing] = w => w.Submit(X, New(w) with { Keys = [] }, Key(Y)).Code,
        [Refusal.PublicKeyInvalid] = w => w.Submit(X, New(w) with { Keys = [w.NewKey(Key(Stranger)), w.NewKey(Key(A)) with { PublicKey = default }] }, Key(Stranger)).Code,
        [Refusal.PublicKeyInUse] = w => w.Submit(X, New(w) with { Keys = [w.NewKey(Key(Stranger)), w.NewKey(Key(A))] }, Key(Stranger)).Code,
        [Refusal.KeyNotFound] = w => w.Submit(A, new RevokeKey(9)).Code,
        [Refusal.KeyAlreadyEnded] = w => After(w, X, new RevokeKey(2)).Submit(X, new RevokeKey(2)).Code,
        [Refusal.FirstKeyNeedsTwoBanks] = w => Keyless(w).Submit(X, new RotateKey(Stranger, 0, w.NewKey(Key(Stranger)))).Code,
        [Refusal.RotationInForce] = w => w.Submit(X, new VetoRotation(A, 1)).Code,
        [Refusal.VetoNotAllowed] = w => After(w, A, new RotateKey(A, 0, w.NewKey(Key(A, 2)))).Submit(B, new VetoRotation(A, 2)).Code,
        [Refusal.NotTheSponsor] = w => w.Submit(Y, new ReportLost(A)).Code,
        [Refusal.RecoveryNotAuthorised] = w => After(w, X, new ReportLost(A)).Submit(X, new Recover(A, [1], [w.NewKey(Key(A, 2))])).Code,
        [Refusal.KeysNotLost] = w => w.Submit(X, new Recover(A, [], [w.NewKey(Key(A, 2))]), Key(Y)).Code,
        [Refusal.MandateNotFound] = w => w.Submit(A, new RevokeMandate(new(5))).Code,
        [Refusal.MandateIdInUse] = w => w.Submit(A, Grant(w) with { Id = w.Granted(A, Y, 1, "offer.accept").Id }).Code,
        [Refusal.AgentIsPrincipal] = w => w.Submit(A, Grant(w) with { Agent = A }).Code,
        [Refusal.VerbUnknown] = w => w.Submit(A, Grant(w) with { Verbs = ["offer.repeal"] }).Code,
        [Refusal.TermInvalid] = w => w.Submit(A, Grant(w) with { Expires = w.Clock }).Code,
        [Refusal.PolicyInvalid] = w => w.Submit(A, new SetPolicy([new(Currency.Cny, new(1), new(1)), new(Currency.Cny, new(2), new(2))])).Code,
        [Refusal.TextInvalid] = w => w.Submit(X, New(w) with { Name = "\n" }, Key(Stranger)).Code,
        [Refusal.LastSigningKey] = w => w.Submit(A, new RevokeKey(1)).Code,
        [Refusal.RoleMissing] = w => w.Submit(A, Freeze(w, w.Certificate(A, 100))).Code,
        [Refusal.AgentDidNotSign] = w => w.Submit(X, New(w) with { Keys = [], Mandate = Paper(w) }).Code,
        [Refusal.PaperMandateBesideKeys] = w => w.Submit(X, New(w) with { Mandate = Paper(w) }, Key(Stranger), Key(Y)).Code,
        [Refusal.BankKeysMissing] = w => w.Submit(X, New(w) with { Roles = Roles.Bank }, Key(Stranger), Key(Y)).Code,
        [Refusal.FirstKeyCannotAct] = w => w.Submit(X, New(w) with { Keys = [w.NewKey(Key(Stranger), KeyUse.Signing, KeyRole.Checker)] }, Key(Stranger)).Code,
        [Refusal.RotationNotAuthorised] = w => w.Submit(X, new RotateKey(A, 0, w.NewKey(Key(A, 2)))).Code,
        [Refusal.RotationPending] = w => After(w, A, new RotateKey(A, 1, w.NewKey(Key(A, 2)))).Submit(A, new RotateKey(A, 1, w.NewKey(Key(A, 3)))).Code,
        [Refusal.KeyFunctionDiffers] = w => w.Submit(A, new RotateKey(A, 1, w.NewKey(Key(A, 2), KeyUse.Recovery))).Code,
        [Refusal.PartyNotActive] = w => After(w, X, new ReportLost(A)).Submit(X, new ReportLost(A)).Code,
        [Refusal.VerbsNotNamed] = w => w.Submit(A, Grant(w) with { Verbs = [] }).Code,
        [Refusal.VerbNotForAgents] = w => w.Submit(A, Grant(w) with { Verbs = ["key.rotate"] }).Code,
        [Refusal.NotOfTheMandate] = w => w.Submit(B, new RevokeMandate(w.Granted(A, Y, 1, "offer.accept").Id)).Code,

        [Refusal.DocumentNotFound] = w => w.Submit(X, w.RedLetter(new(5), 1)).Code,
        [Refusal.DocumentIdInUse] = w => w.Submit(X, Paper(w, "1") with { Document = w.Invoice(A, C, 5) }, Key(A)).Code,
        [Refusal.AttesterIsNotBank] = w => w.Submit(B, Paper(w, "1"), Key(A)).Code,
        [Refusal.SellerDidNotSign] = w => w.Submit(X, Paper(w, "1")).Code,
        [Refusal.FingerprintsIncomplete] = w => w.Submit(X, Paper(w, "1") with { Fingerprints = [new("invoices", 1, Digest)] }, Key(A)).Code,
        [Refusal.DocumentAlreadyRegistered] = w => After(w, X, Paper(w, "1"), Key(A)).Submit(Y, Paper(w, "1"), Key(A)).Code,
        [Refusal.DocumentContradicts] = w => After(w, X, Paper(w, "1"), Key(A)).Submit(Y, Paper(w, "1") with { Total = new(101) }, Key(A)).Code,
        [Refusal.DocumentPartiesDiffer] = w => w.Submit(C, w.Issuing(B, 100, new DocumentUse(w.Invoice(A, C, 100), new(100)))).Code,
        [Refusal.DocumentCurrencyDiffers] = w => w.Submit(C, Issue(w) with { Currency = Currency.TryParse("USD", out var dollar) ? dollar : default }).Code,
        [Refusal.DocumentsDoNotCover] = w => w.Submit(C, Issue(w) with { Amount = new(99) }).Code,
        [Refusal.RedLetterTooLarge] = w => w.Submit(X, w.RedLetter(w.Invoice(A, C, 5), 6)).Code,
        [Refusal.DocumentTotalZero] = w => w.Submit(X, Paper(w, "1") with { Total = Amount.Zero }, Key(A)).Code,
        [Refusal.DocumentCitedTwice] = w => Issue(w) is var issue ? w.Submit(C, issue with { Documents = [issue.Documents[0], issue.Documents[0]] }).Code : default,
        [Refusal.NotTheAuthority] = w => w.Submit(Y, w.NextEpoch()).Code,
        [Refusal.EpochOutOfOrder] = w => w.Submit(X, w.NextEpoch() with { Number = 3 }).Code,
        [Refusal.SealedKeysIncomplete] = w => w.Submit(X, w.NextEpoch() with { SealedKeys = [new(X, "sealed")] }).Code,
        [Refusal.ContractMissing] = w => w.Submit(C, Issue(w)).Code,
        [Refusal.SellerUnknown] = w => w.Submit(X, Paper(w, "1") with { Seller = Stranger }, Key(A)).Code,
        [Refusal.DocumentFromTheFuture] = w => w.Submit(X, Paper(w, "1") with { Date = w.State.Today.AddDays(1) }, Key(A)).Code,

        [Refusal.InstrumentNotFound] = w => w.Submit(C, new CancelReceivable(new(5))).Code,
        [Refusal.InstrumentIdInUse] = w => w.Submit(A, Request(w) with { Instrument = w.Certificate(A, 5) }).Code,
        [Refusal.NotTheObligor] = w => w.Submit(A, new CancelReceivable(w.Certificate(A, 5))).Code,
        [Refusal.ObligorIsCreditor] = w => w.Submit(C, Request(w)).Code,
        [Refusal.AmountZero] = w => w.Submit(A, Request(w) with { Amount = Amount.Zero }).Code,
        [Refusal.ConfirmedAboveRequested] = w => w.Submit(C, new Confirm(Requested(w), new(101), Promise)).Code,
        [Refusal.AlreadyAnsweredClaim] = w => w.Submit(C, new Confirm(w.Certificate(A, 100), new(100), Promise)).Code,
        [Refusal.DisputeReasonMissing] = w => w.Submit(C, new Confirm(Requested(w), new(99), Promise)).Code,
        [Refusal.NoRequest] = w => w.Certificate(A, 100) is var note
            ? Decide(w, w.State.With(w.Instrument(note) with { Confirmation = null }), w.Draft(C, new Dispute(note, Digest)), Key(C)) : default,
        [Refusal.ContractFromTheFuture] = w => w.Submit(A, Request(w) with { ContractSigned = w.State.Today.AddDays(1) }).Code,
        [Refusal.IssueDiffersFromConfirmation] = w => w.Submit(C, Issue(w) with { Instrument = Confirmed(w), Undertaking = null, Amount = new(99) }).Code,
        [Refusal.DueDateNotAfterIssue] = w => w.Submit(C, Issue(w) with { DueDate = w.State.Today }).Code,
        [Refusal.InstrumentStatusWrong] = w => w.Submit(C, new CancelReceivable(Requested(w))).Code,
        [Refusal.InstrumentDependedOn] = w => w.Certificate(A, 100) is var note && After(w, A, w.Trade(note, A, B, 1, 1)) is not null
            ? w.Submit(C, new CancelReceivable(note), Key(A)).Code : default,
        [Refusal.HolderDidNotSign] = w => w.Submit(C, new CancelReceivable(w.Certificate(A, 100))).Code,
        [Refusal.NumberInUse] = w => After(w, A, Request(w) with { Number = "N1" }).Submit(B, Request(w) with { Number = "N1" }).Code,
        [Refusal.ObligorRoleMissing] = w => w.Submit(A, Request(w) with { Obligor = B }).Code,
        [Refusal.IssueDateIsNotToday] = w => w.Submit(C, Issue(w) with { IssueDate = w.State.Today.AddDays(-1) }).Code,
        [Refusal.UndertakingMissing] = w => w.Submit(C, Issue(w) with { Undertaking = null }).Code,
        [Refusal.UndertakingGivenBefore] = w => w.Submit(C, Issue(w) with { Instrument = Confirmed(w) }).Code,

        [Refusal.NotABill] = w => w.Submit(C, new CancelBill(new(5), w.Certificate(A, 5))).Code,
        [Refusal.IsABill] = _ => Bill(s => s.Register(), s => s.World.Submit(C, new CancelReceivable(s.Bill))),
        [Refusal.PackageNumberInvalid] = w => w.Submit(C, Drawing(w) with { PackageNumber = new('4', 30) }).Code,
        [Refusal.AcceptorDiffersFromNumber] = w => w.Submit(C, Drawing(w) with { PackageNumber = new('5', 30) }).Code,
        [Refusal.BillTenorTooLong] = w => w.Submit(C, Drawing(w) with { DueDate = w.State.Today.AddMonths(6).AddDays(1) }).Code,
        [Refusal.NotTheDrawer] = _ => Bill(s => s.Register(), s => s.World.Submit(A, new CancelBill(new(5), s.Bill))),
        [Refusal.BillStatusWrong] = _ => Bill(s => s.Register(), s => s.World.Submit(C, new DeliverBill(new(5), s.Bill, s.World.Tomorrow))),
        [Refusal.BillActUnderWay] = _ => Told(s => s.Register(), s =>
            After(s.World, C, new CancelBill(new(5), s.Bill)).Submit(C, new CancelBill(new(6), s.Bill))),
        [Refusal.AcceptanceTermTooLong] = _ => Bill(s => s.Register(), s =>
            s.World.Submit(C, new PresentForAcceptance(new(5), s.Bill, s.World.Tomorrow.Add(2 * Timestamp.Day + Timestamp.Minute)))),
        [Refusal.PartialEndorsement] = _ => Bill(s => s.Issue(register => register with { Undivided = true }), s => s.World.Submit(A, s.Endorsement(A, B, new(1, 1)))),
        [Refusal.ConditionalEndorsement] = _ => Bill(s => s.Issue(), s => s.World.Submit(A, s.Endorsement(A, B, new(1, 1)) with { Condition = Digest })),
        [Refusal.EndorsementForbidden] = _ => Bill(s => s.Issue().Endorse(A, B, new(1, 1), marked: true), s => s.World.Submit(B, s.Endorsement(B, D, new(1, 1)))),
        [Refusal.EndorsementTooLate] = _ => Bill(s => s.Issue().Dishonour(A, new(1, 1)), s => s.World.Submit(A, s.Endorsement(A, B, new(1, 1)))),
        [Refusal.OneIntervalOnly] = _ => Bill(s => s.Issue().Pledge(A, new(2, 2)), s =>
            s.World.Submit(A, s.Endorsement(A, B, new(1, 2)) with { Units = null, Amount = new(2) })),
        [Refusal.NotTheEndorser] = _ => Bill(s => s.Issue(), s => s.World.Submit(A, new AllowTransfer(new(5), s.Bill, new(1, 1)))),
        [Refusal.GuarantorUnfit] = _ => Bill(s => s.Issue(), s => s.World.Submit(A, new GuaranteeBill(new(5), s.Bill, new(1, 1), B, s.World.Tomorrow))),
        [Refusal.PresentedEarly] = _ => Bill(s => s.Issue(), s => s.World.Submit(A, s.Presenting(new(1, 1)))),
        [Refusal.ExplanationMissing] = _ => Bill(s => s.Issue().World.Until("2026-09-21 00:00:00"), s => s.World.Submit(A, s.Presenting(new(1, 1)))),
        [Refusal.NotDishonoured] = _ => Bill(s => s.Issue(), s => s.World.Submit(A, s.Asking(new(1, 1), C))),
        [Refusal.NotLiable] = _ => Bill(s => s.Issue().Dishonour(A, new(1, 1)), s => s.World.Submit(A, s.Asking(new(1, 1), B))),
        [Refusal.RecourseTooLate] = _ => Bill(s => s.Issue().Dishonour(A, new(1, 1)), s =>
            s.World.Until("2028-09-11 00:00:00") is null ? null : s.World.Submit(A, s.Asking(new(1, 1), C))),
        [Refusal.RecourseNotAgreed] = _ => Bill(s => s.Issue().Dishonour(A, new(1, 1)), s =>
            s.Asking(new(1, 1), C) is var ask ? After(s.World, A, ask).Submit(X, new SettleRecourse(ask.Offer, "R1")) : null),
        [Refusal.NotThePayeesBank] = _ => Bill(s => s.Issue().Dishonour(A, new(1, 1)), s => s.World.Submit(Y, new SettleRecourse(s.Recourse(A, new(1, 1), C), "R1"))),
        [Refusal.NotTheImporter] = w => w.Submit(Y, Import(w), Key(A), Key(C)).Code,
        [Refusal.ImportNotSigned] = w => w.Submit(X, Import(w), Key(A)).Code,
        [Refusal.BillFromTheFuture] = w => w.Submit(X, Import(w) with { IssueDate = w.State.Today.AddDays(1) }, Key(A), Key(C)).Code,
        [Refusal.NotTheRegister] = _ => Bill(s => s.Register(), s => s.World.Submit(Y, s.Message(BillStory.Whole, BillStory.Issued, BillStory.Accepted))),
        [Refusal.MessageIdInUse] = _ => Told(s => s.Register(), s =>
            s.World.Submit(Y, s.Message(BillStory.Whole, BillStory.Issued, BillStory.Accepted) with { MessageId = "ECDS-1" })),
        [Refusal.BillMismatched] = _ => Told(s => s.Register().Tell(BillStory.Whole, BillStory.Accepted, BillStory.Ended), s => s.World.Submit(C, new CancelBill(new(5), s.Bill))),
        [Refusal.NoSuchMismatch] = _ => Told(s => s.Register(), s => s.World.Submit(Y, new ReconcileBill("ECDS-1", X), Key(X))),
        [Refusal.ReviewerMissing] = _ => Told(s => s.Register().Tell(BillStory.Whole, BillStory.Accepted, BillStory.Ended), s => s.World.Submit(Y, new ReconcileBill("ECDS-2", X))),
        [Refusal.ReconciliationDiffers] = _ => Told(s => s.Issue().Tell(new(1, 9), BillStory.Free, BillStory.Pledged), s =>
            s.World.Submit(Y, new ReconcileBill("ECDS-4", X), Key(X))),

        [Refusal.OfferNotFound] = w => w.Submit(A, new AcceptOffer(new(5))).Code,
        [Refusal.OfferIdInUse] = w => w.Submit(C, Issue(w) with { Offer = Offered(w).Offer }).Code,
        [Refusal.OfferNotOpen] = w => Offered(w) is var issue ? After(w, A, new DeclineOffer(issue.Offer)).Submit(A, new AcceptOffer(issue.Offer)).Code : default,
        [Refusal.OfferExpired] = w => Offered(w) is var issue && w.Until(issue.Expires) is not null ? w.Submit(A, new AcceptOffer(issue.Offer)).Code : default,
        [Refusal.NotTheOfferee] = w => w.Submit(B, new AcceptOffer(Offered(w).Offer)).Code,
        [Refusal.NotTheOfferor] = w => w.Submit(A, new WithdrawOffer(Offered(w).Offer)).Code,
        [Refusal.UnitsDoNotExist] = w => w.Submit(A, w.Trade(w.Certificate(A, 100), A, B, 1, 101)).Code,
        [Refusal.UnitsNotHeld] = w => w.Submit(B, w.Trade(w.Certificate(A, 100), B, D, 1, 1)).Code,
        [Refusal.InstrumentDue] = w => w.Trade(w.Certificate(A, 100), A, B, 1, 1) is var trade && w.Until("2026-09-12 00:00:00") is not null
            ? w.Submit(A, trade).Code : default,
        [Refusal.NotTransferable] = w => Offered(w, transferable: false) is var issue
            ? After(w, A, new AcceptOffer(issue.Offer)).Submit(A, w.Trade(issue.Instrument, A, B, 1, 1)).Code : default,
        [Refusal.TransferToSelf] = w => w.Submit(A, w.Trade(w.Certificate(A, 100), A, B, 1, 1) with { To = A }).Code,
        [Refusal.UnitsOrAmount] = w => w.Submit(A, w.Trade(w.Certificate(A, 100), A, B, 1, 1) with { Amount = new(1) }).Code,
        [Refusal.CauseNotTaken] = w => w.Submit(A, w.Trade(w.Certificate(A, 100), A, B, 1, 1) with { Cause = TransferCause.Court }).Code,
        [Refusal.OfferTermInvalid] = w => w.Submit(C, Issue(w) with { Expires = w.Clock }).Code,
        [Refusal.BelowMinimum] = w => w.Submit(A, w.Trade(w.Certificate(A, 100), A, B, 1, 9)).Code,
        [Refusal.TooDeep] = w =>
        {
            var note = w.Certificate(A, 100);
            w.Hands(note, A, B, 1, 1);
            return w.Submit(B, w.Trade(note, B, D, 1, 1)).Code;
        },
        [Refusal.TooManyTokens] = w => w.Submit(A, w.Trade(w.Certificate(A, 100), A, B, 2, 2)).Code,
        [Refusal.FreezeIdInUse] = w => Freeze(w, w.Certificate(A, 100)) is var freeze ? After(w, Y, freeze).Submit(Y, freeze).Code : default,
        [Refusal.FreezeNotFound] = w => w.Submit(Y, new UnfreezeUnits(new(5))).Code,
        [Refusal.NotTheExecutor] = w => Freeze(w, w.Certificate(A, 100)) is var freeze ? After(w, Y, freeze).Submit(X, new UnfreezeUnits(freeze.Freeze)).Code : default,
        [Refusal.UnitsNotLive] = w =>
        {
            var note = w.Certificate(A, 100);
            w.Hands(note, A, C, 1, 1);
            return w.Submit(C, w.Trade(note, C, B, 1, 1)).Code;
        },
        [Refusal.NotEnoughHeld] = w => w.Submit(A, w.Trade(w.Certificate(A, 100), A, B, 1, 101) with { Units = null, Amount = new(101) }).Code,
        [Refusal.UnitsBurdened] = w =>
        {
            var note = w.Certificate(A, 100);
            var trade = w.Trade(note, A, B, 1, 1);
            return After(After(w, A, trade), Y, Freeze(w, note)).Submit(B, new AcceptOffer(trade.Offer)).Code;
        },
        [Refusal.TooManyFreezes] = w => Burdened(w, EncumbranceKind.Freeze, (w, note) => w.Draft(Y, Freeze(w, note)), Key(Y)),

        [Refusal.UnitsOffered] = w => w.Certificate(A, 100) is var note ? After(w, A, w.Trade(note, A, B, 1, 1)).Submit(A, w.Trade(note, A, D, 1, 1)).Code : default,
        [Refusal.UnitsReserved] = w => Burdened(w, EncumbranceKind.Reservation, (w, note) => w.Draft(A, w.Trade(note, A, B, 1, 1)), Key(A)),
        [Refusal.UnitsCommitted] = w => Burdened(w, EncumbranceKind.Commitment, (w, note) => w.Draft(A, w.Trade(note, A, B, 1, 1)), Key(A)),
        [Refusal.UnitsPledged] = w => Burdened(w, EncumbranceKind.Pledge, (w, note) => w.Draft(A, w.Trade(note, A, B, 1, 1)), Key(A)),
        [Refusal.UnitsFrozen] = w => w.Certificate(A, 100) is var note ? After(w, Y, Freeze(w, note)).Submit(A, w.Trade(note, A, D, 1, 1)).Code : default,
        [Refusal.UnitsPresented] = w => Burdened(w, EncumbranceKind.Presentation, (w, note) => w.Draft(A, w.Trade(note, A, B, 1, 1)), Key(A)),
        [Refusal.UnitsInRecourse] = w => Burdened(w, EncumbranceKind.Recourse, (w, note) => w.Draft(A, w.Trade(note, A, B, 1, 1)), Key(A)),
        [Refusal.UnitsNotTransferable] = w => Burdened(w, EncumbranceKind.NotTransferable, (w, note) => w.Draft(A, w.Trade(note, A, B, 1, 1)), Key(A)),
        [Refusal.UnitsMismatched] = w => Burdened(w, EncumbranceKind.Mismatch, (w, note) => w.Draft(A, w.Trade(note, A, B, 1, 1)), Key(A)),
        [Refusal.DocumentUsedUp] = w => w.Submit(C, w.Issuing(A, 101, new DocumentUse(w.Invoice(A, C, 100), new(101)))).Code,
        [Refusal.DocumentOverused] = w => Offered(w) is var issue
            ? After(w, X, w.RedLetter(issue.Documents[0].Document, 1)).Submit(C, w.Issuing(A, 1, issue.Documents[0] with { Amount = new(1) })).Code
            : default,

        [Refusal.PledgeNotFound] = w => w.Submit(X, new ReleasePledge(new(5), DebtWasPaid: false)).Code,
        [Refusal.PledgeReleased] = w => Pledged(w) is var pledge ? After(w, Y, new ReleasePledge(pledge, false)).Submit(Y, new ReleasePledge(pledge, false)).Code : default,
        [Refusal.NotThePledgee] = w => w.Submit(A, new ReleasePledge(Pledged(w), DebtWasPaid: false)).Code,
        [Refusal.PledgeeIsNotBank] = w => w.Submit(A, Pledge(w) with { To = B }).Code,

        [Refusal.BankReferenceUsed] = _ => Bill(s => s.Issue().Dishonour(A, new(1, 2)), s =>
        {
            s.Settle(s.Recourse(A, new(1, 1), C), "R1", BillStory.Settled);
            return s.World.Submit(X, new SettleRecourse(s.Recourse(A, new(2, 2), C), "R1"));
        }),
        [Refusal.BankReferenceInvalid] = _ => Bill(s => s.Issue().Dishonour(A, new(1, 1)), s => s.World.Submit(X, new SettleRecourse(s.Recourse(A, new(1, 1), C), " "))),
    };

    static RegisterBill Drawing(World world) => BillStory.Drawing(world, world.New<Instrument>());

    static ImportBill Import(World world) => new(
        world.New<Instrument>(), new('6', 30), C, C, A, Currency.Cny, new(100), world.State.Today, world.State.Today.AddMonths(6), Transferable: true, Undivided: false);

    static Refusal Bill(Action<BillStory> before, Func<BillStory, Answer?> act) => Bill(new BillStory(), before, act);

    static Refusal Told(Action<BillStory> before, Func<BillStory, Answer?> act) => Bill(new BillStory(atRegister: true), before, act);

    static Refusal Bill(BillStory story, Action<BillStory> before, Func<BillStory, Answer?> act)
    {
        using (story)
        {
            before(story);
            return act(story)?.Code ?? default;
        }
    }

    static World After(World world, PartyId by, Operation operation, params KeyId[] with)
    {
        world.Accepts(by, operation, with);
        return world;
    }

    static Refusal Decide(World world, LedgerState state, Transaction transaction, KeyId signer) =>
        Rulebook.Decide(state, new(transaction, default, world.Suite.Hash([1]), world.Suite.Hash([2]), [signer], default)).Code;

    // Burdens of verbs that are still to come are judged already.
    static Refusal Burdened(World world, EncumbranceKind kind, Func<World, Id<Instrument>, Transaction> act, KeyId signer)
    {
        var note = world.Certificate(A, 100);
        var burden = new Encumbrance(kind, 7, Y, 60_000, world.Clock, world.Tomorrow);
        var transaction = act(world, note);
        return Decide(world, world.State.With(note, Core.Instruments.Tokens.Whole(world.Tokens(note)[0] with { Encumbrances = [burden] })), transaction, signer);
    }

    static byte[] Elsewhere(World world, Hash256 chain, string suite) => Jws.Assemble(
        TransactionText.WritePayload(world.Draft(A, Any)), suite, chain, [(Key(A), new(new byte[64]))]);

    static RegisterParty New(World world) => world.Registration(Stranger, "示例新成员", Roles.Supplier, SizeClass.Small);

    static PaperMandate Paper(World world) => new(
        world.New<Mandate>(), Y, ["offer.accept"], Currency.Cny, new(100), [], world.Tomorrow, Digest);

    static World Keyless(World world) => After(world, X, New(world) with { Keys = [], Mandate = Paper(world) }, Key(Y));

    static GrantMandate Grant(World world) => new(world.New<Mandate>(), Y, ["offer.accept"], Currency.Cny, new(1), [], world.Tomorrow);

    static AttestDocument Paper(World world, string number) => world.Attestation(DocumentKind.Invoice, number, A, C, 100);

    static FreezeUnits Freeze(World world, Id<Instrument> note) =>
        new(world.New<Freeze>(), note, new(1, 1), "深圳市中级人民法院", Digest, Digest, world.Tomorrow);

    static RequestConfirmation Request(World world) => new(
        world.New<Instrument>(), C, Currency.Cny, new(100), world.State.Today, SizeClass.Large, SizeClass.Small, Digest);

    static Id<Instrument> Requested(World world)
    {
        var request = Request(world);
        world.Accepts(A, request);
        return request.Instrument;
    }

    static Id<Instrument> Confirmed(World world)
    {
        var claim = Requested(world);
        world.Accepts(C, new Confirm(claim, new(100), Promise));
        return claim;
    }

    static IssueReceivable Issue(World world) => world.Issuing(A, 100, new DocumentUse(world.Invoice(A, C, 100), new(100)));

    static IssueReceivable Offered(World world, bool transferable = true)
    {
        var issue = Issue(world) with { Transferable = transferable };
        world.Accepts(C, issue);
        return issue;
    }

    static PledgeDocuments Pledge(World world) =>
        new(world.New<Offer>(), Y, Currency.Cny, new(100), [new(world.Invoice(A, C, 100), new(100))], world.Tomorrow);

    static Id<Offer> Pledged(World world)
    {
        var pledge = Pledge(world);
        world.Accepts(A, pledge);
        world.Accepts(Y, new AcceptOffer(pledge.Offer));
        return pledge.Offer;
    }
}
