using System.Text;
using Ledger.Client.Signing;
using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Core.Wire;
using Ledger.Tests.Rules.Bills;
using Ledger.Tests.Rules.Governance;
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
        Refusal.PledgeReservationMissing or Refusal.PledgeReservationEnds => [(RuleParameter.PledgeReservation, 1)],
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

        [Refusal.IdWithoutTime] = w => w.Submit(X, new SetLine(new(5), C, CreditMode.General, Currency.Cny, new(5), w.State.Today)).Code,
        [Refusal.IdOfAnotherTime] = w => w.Submit(X, new SetLine(new(Uuid7.Of(w.Clock.Add(Timestamp.Hour), 5)), C, CreditMode.General, Currency.Cny, new(5), w.State.Today)).Code,
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
        [Refusal.OneHandForBothSides] = w =>
        {
            var issue = Issue(w);
            w.Granted(C, Y, 1_000, "receivable.issue");
            w.Granted(A, Y, 1_000, "offer.accept");
            Accepted(w.SubmitFor(C, Y, issue));
            return w.SubmitFor(A, Y, new AcceptOffer(issue.Offer)).Code;
        },
        [Refusal.CheckerCannotActAlone] = w => w.Submit(X, Any, Key(X, 2)).Code,
        [Refusal.DeadlinesUnderWay] = w =>
        {
            var invoice = w.Invoice(A, C, 100);
            PledgeDocuments Pledge(Timestamp expires) => new(w.New<Offer>(), X, Currency.Cny, new(100), [new(invoice, new(100))], expires);
            w.Accepts(A, Pledge(w.Clock.Add(1).CeilingMinute()));
            return Decide(w, w.State.At(w.State.Height + 1, w.Clock.Add(Timestamp.Hour)), w.Draft(A, Pledge(w.Tomorrow)) with { Expires = w.Clock.Add(2 * Timestamp.Hour) }, Key(A));
        },

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
        [Refusal.TextInvalid] = w => w.Submit(X, New(w) with { Name = "" }, Key(Stranger)).Code,
        [Refusal.LastSigningKey] = w => w.Submit(A, new RevokeKey(1)).Code,
        [Refusal.RoleMissing] = w => w.Submit(A, w.Freezing(w.Certificate(A, 100), 1, 1)).Code,
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
        [Refusal.SponsorDidNotSign] = w => w.Submit(A, new FileAccount(Digest)).Code,
        [Refusal.TooManyMandates] = w =>
        {
            GrantMandate Grant() => new(w.New<Mandate>(), Y, ["offer.decline"], Currency.Cny, new(1), [], w.Clock.CeilingMinute().Add(Timestamp.Day));
            Accepted(w.Submit(w.Draft(A, [.. Enumerable.Range(0, 100).Select(_ => Grant())])));
            return w.Submit(A, Grant()).Code;
        },
        [Refusal.ControllerIsSelf] = w => w.Submit(A, new DeclareControl(A, A, Digest)).Code,
        [Refusal.ControlUnchanged] = w => w.Submit(A, new DeclareControl(A, null, Digest)).Code,
        [Refusal.TooManyControllers] = w =>
        {
            DeclareControl Next(int number) => new(A, Ledger.Client.Invoices.FictionalUscc.Of("440300", 70 + number), Digest);
            for (var number = 0; number < 9; number++) w.Accepts(Y, Next(number), Key(Z));
            return w.Submit(Y, Next(9), Key(Z)).Code;
        },
        [Refusal.NotOfTheMandate] = w => w.Submit(B, new RevokeMandate(w.Granted(A, Y, 1, "offer.accept").Id)).Code,

        [Refusal.DocumentNotFound] = w => w.Submit(X, w.RedLetter(new(5), 1)).Code,
        [Refusal.DocumentIdInUse] = w => w.Submit(X, Paper(w, "A1") with { Document = w.Invoice(A, C, 5) }, Key(A)).Code,
        [Refusal.AttesterIsNotBank] = w => w.Submit(B, Paper(w, "A1"), Key(A)).Code,
        [Refusal.SellerDidNotSign] = w => w.Submit(X, Paper(w, "A1")).Code,
        [Refusal.DocumentLooksLikeAnother] = w => After(w, X, Paper(w, "A-1"), Key(A)).Submit(Y, Paper(w, "A1"), Key(A)).Code,
        [Refusal.DistinctFromOthers] = w => w.Submit(X, Paper(w, "A1") with { DistinctFrom = [w.Invoice(A, C, 5)] }, Key(A)).Code,
        [Refusal.DocumentIsEvidence] = w => w.Submit(C, w.Issuing(A, 1_000, new DocumentUse(w.Attested(X, w.Attestation(DocumentKind.Waybill, "W1", A, C, 1_000)), new(1_000)))).Code,
        [Refusal.DocumentNoLongerCovers] = w =>
        {
            var invoice = w.Invoice(A, C, 100);
            var issue = w.Issuing(A, 100, new DocumentUse(invoice, new(100)));
            w.Accepts(C, issue);
            w.Accepts(X, w.RedLetter(invoice, 1));
            return w.Submit(A, new AcceptOffer(issue.Offer)).Code;
        },
        [Refusal.DistinctionNeedsSecondBank] = w => w.Submit(X, Paper(w, "A1") with { DistinctFrom = [w.Attested(X, Paper(w, "A-1"))] }, Key(A)).Code,
        [Refusal.FingerprintsIncomplete] = w => w.Submit(X, Paper(w, "A1") with { Fingerprints = [new("invoices", 1, Digest)] }, Key(A)).Code,
        [Refusal.DocumentAlreadyRegistered] = w => After(w, X, Paper(w, "A1"), Key(A)).Submit(Y, Paper(w, "A1"), Key(A)).Code,
        [Refusal.DocumentContradicts] = w => After(w, X, Paper(w, "A1"), Key(A)).Submit(Y, Paper(w, "A1") with { Total = new(101) }, Key(A)).Code,
        [Refusal.DocumentPartiesDiffer] = w => w.Submit(C, w.Issuing(B, 100, new DocumentUse(w.Invoice(A, C, 100), new(100)))).Code,
        [Refusal.DocumentCurrencyDiffers] = w => w.Submit(C, Issue(w) with { Currency = Currency.TryParse("USD", out var dollar) ? dollar : default }).Code,
        [Refusal.DocumentsDoNotCover] = w => w.Submit(C, Issue(w) with { Amount = new(99) }).Code,
        [Refusal.RedLetterTooLarge] = w => w.Submit(X, w.RedLetter(w.Invoice(A, C, 5), 6)).Code,
        [Refusal.DocumentTotalZero] = w => w.Submit(X, Paper(w, "A1") with { Total = Amount.Zero }, Key(A)).Code,
        [Refusal.DocumentCitedTwice] = w => Issue(w) is var issue ? w.Submit(C, issue with { Documents = [issue.Documents[0], issue.Documents[0]] }).Code : default,
        [Refusal.EpochOutOfOrder] = w => w.Submit(X, FourBanks.Otherwise(w.NextEpoch(), next => next with { Number = 3 })).Code,
        [Refusal.SealedKeysIncomplete] = w => w.Submit(X, FourBanks.Otherwise(w.NextEpoch(), next => next with { SealedKeys = [new(X, "sealed")] })).Code,
        [Refusal.TooManyEpochs] = w =>
        {
            for (var epoch = 2; epoch <= Rulebook.MostEpochs; epoch++) w.OpenEpoch();
            return w.Submit(X, w.NextEpoch()).Code;
        },
        [Refusal.ContractMissing] = w => w.Submit(C, Issue(w)).Code,
        [Refusal.SellerUnknown] = w => w.Submit(X, Paper(w, "A1") with { Seller = Stranger }, Key(A)).Code,
        [Refusal.DocumentFromTheFuture] = w => w.Submit(X, Paper(w, "A1") with { Date = w.State.Today.AddDays(1) }, Key(A)).Code,

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

        [Refusal.JustificationMissing] = w => w.Submit(C, Issue(w) with { DueDate = w.State.Today.AddMonths(7) }).Code,
        [Refusal.LateRateBelowLpr] = w => w.Submit(C, Issue(w) with { LateRate = Rate.Zero }).Code,
        [Refusal.LateRateTooHigh] = w => w.Submit(C, Issue(w) with { LateRate = new(1_000_001) }).Code,
        [Refusal.NotABill] = w => w.Submit(C, new CancelBill(new(5), w.Certificate(A, 5))).Code,
        [Refusal.IsABill] = _ => Bill(s => s.Register(), s => s.World.Submit(C, new CancelReceivable(s.Bill))),
        [Refusal.PackageNumberInvalid] = w => w.Submit(C, Drawing(w) with { PackageNumber = new('4', 30) }).Code,
        [Refusal.AcceptorDiffersFromNumber] = w => w.Submit(C, Drawing(w) with { PackageNumber = new('5', 30) }).Code,
        [Refusal.BillTenorTooLong] = w => w.Submit(C, Drawing(w) with { DueDate = w.State.Today.AddMonths(6).AddDays(1) }).Code,
        [Refusal.NotTheDrawer] = _ => Bill(s => s.Register(), s => s.World.Submit(A, new CancelBill(new(5), s.Bill))),
        [Refusal.BillStatusWrong] = _ => Bill(s => s.Register(), s => s.World.Submit(C, new DeliverBill(new(5), s.Bill, s.World.Tomorrow))),
        [Refusal.BillActUnderWay] = _ => Told(s => s.Register(), s =>
            After(s.World, C, new CancelBill(s.World.Named<Offer>(5), s.Bill)).Submit(C, new CancelBill(s.World.Named<Offer>(6), s.Bill))),
        [Refusal.AcceptanceTermTooLong] = _ => Bill(s => s.Register(), s =>
            s.World.Submit(C, new PresentForAcceptance(new(5), s.Bill, s.World.Tomorrow.Add(2 * Timestamp.Day + Timestamp.Minute)))),
        [Refusal.PartialEndorsement] = _ => Bill(s => s.Issue(register => register with { Undivided = true }), s => s.World.Submit(A, s.Endorsement(A, B, new(1, 1)))),
        [Refusal.MarkIsEndorsers] = _ => Bill(s => s.Issue(), s => s.World.Submit(A, s.World.Moving(s.Bill, X, TransferCause.Sale, 1, 1) with { NotTransferable = true })),
        [Refusal.ConditionalEndorsement] = _ => Bill(s => s.Issue(), s => s.World.Submit(A, s.Endorsement(A, B, new(1, 1)) with { Condition = Digest })),
        [Refusal.EndorsementForbidden] = _ => Bill(s => s.Issue().Endorse(A, B, new(1, 1), marked: true), s => s.World.Submit(B, s.Endorsement(B, D, new(1, 1)))),
        [Refusal.EndorsementTooLate] = _ => Bill(s => s.Issue().Dishonour(A, new(1, 1)), s => s.World.Submit(A, s.Endorsement(A, B, new(1, 1)))),
        [Refusal.OneIntervalOnly] = _ => Bill(s => s.Issue().Pledge(A, new(2, 2)), s =>
            s.World.Submit(A, s.Endorsement(A, B, new(1, 2)) with { Units = null, Amount = new(2) })),
        [Refusal.NotTheEndorser] = _ => Bill(s => s.Issue(), s => s.World.Submit(A, new AllowTransfer(new(5), s.Bill, new(1, 1)))),
        [Refusal.GuarantorUnfit] = _ => Bill(s => s.Issue(), s => s.World.Submit(A, new GuaranteeBill(new(5), s.Bill, new(1, 1), B, s.World.Tomorrow))),
        [Refusal.PresentedEarly] = _ => Bill(s => s.Issue(), s => s.World.Submit(A, s.Presenting(new(1, 1)))),
        [Refusal.ExplanationMissing] = _ => Bill(s => s.Issue().World.Until("2026-09-21 00:00:00"), s => s.World.Submit(A, s.Presenting(new(1, 1)))),
        [Refusal.BillNotDishonoured] = _ => Bill(s => s.Issue(), s => s.World.Submit(A, s.Asking(new(1, 1), C))),
        [Refusal.NotLiable] = _ => Bill(s => s.Issue().Dishonour(A, new(1, 1)), s => s.World.Submit(A, s.Asking(new(1, 1), B))),
        [Refusal.RecourseTooLate] = _ => Bill(s => s.Issue().Dishonour(A, new(1, 1)), s =>
            s.World.Until("2028-09-11 00:00:00") is null ? null : s.World.Submit(A, s.Asking(new(1, 1), C))),
        [Refusal.RecourseNotAgreed] = _ => Bill(s => s.Issue().Dishonour(A, new(1, 1)), s =>
            s.Asking(new(1, 1), C) is var ask ? After(s.World, A, ask).Submit(X, new SettleRecourse(ask.Offer, "R1")) : null),
        [Refusal.NotTheRecourseBank] = _ => Bill(s => s.Issue().Dishonour(A, new(1, 1)), s => s.World.Submit(Y, new SettleRecourse(s.Recourse(A, new(1, 1), C), "R1"))),
        [Refusal.NotTheImporter] = w => w.Submit(Y, Import(w), Key(A), Key(C)).Code,
        [Refusal.ImportNotSigned] = w => w.Submit(X, Import(w), Key(A)).Code,
        [Refusal.BillFromTheFuture] = w => w.Submit(X, Import(w) with { IssueDate = w.State.Today.AddDays(1) }, Key(A), Key(C)).Code,
        [Refusal.NotTheRegister] = _ => Bill(s => s.Register(), s => s.World.Submit(Y, s.Message(BillStory.Whole, BillStory.Issued, BillStory.Accepted))),
        [Refusal.MessageIdInUse] = _ => Told(s => s.Register(), s =>
            s.World.Submit(Y, s.Message(BillStory.Whole, BillStory.Issued, BillStory.Accepted) with { MessageId = "ECDS-1" })),
        [Refusal.BillMismatched] = _ => Told(s => s.Register().Tell(BillStory.Whole, BillStory.Accepted, BillStory.Ended), s => s.World.Submit(C, new CancelBill(new(5), s.Bill))),
        [Refusal.NoSuchMismatch] = _ => Told(s => s.Register(), s => s.World.Submit(Y, new ReconcileBill("ECDS-1", X), Key(X))),
        [Refusal.ReviewerMissing] = _ => Told(s => s.Register().Tell(BillStory.Whole, BillStory.Accepted, BillStory.Ended), s => s.World.Submit(Y, new ReconcileBill("ECDS-2", X))),
        [Refusal.AlreadyGuaranteed] = _ => Bill(
            s =>
            {
                var guarantee = new GuaranteeBill(s.World.Named<Offer>(5), s.Issue().Bill, new(1, 1), X, s.World.Tomorrow);
                s.World.Accepts(A, guarantee);
                s.World.Accepts(X, new AcceptOffer(guarantee.Offer));
            },
            s => s.World.Submit(A, new GuaranteeBill(new(6), s.Bill, new(1, 1), X, s.World.Tomorrow))),
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
        [Refusal.CauseNotTaken] = w => w.Submit(A, w.Trade(w.Certificate(A, 100), A, B, 1, 1) with { Cause = TransferCause.Issue }).Code,
        [Refusal.OfferTermInvalid] = w => w.Submit(C, Issue(w) with { Expires = w.Clock }).Code,
        [Refusal.BelowMinimum] = w => w.Submit(A, w.Trade(w.Certificate(A, 100), A, B, 1, 9)).Code,
        [Refusal.TooDeep] = w =>
        {
            var note = w.Certificate(A, 100);
            w.Hands(note, A, B, 1, 1);
            return w.Submit(B, w.Trade(note, B, D, 1, 1)).Code;
        },
        [Refusal.TooManyTokens] = w => w.Submit(A, w.Trade(w.Certificate(A, 100), A, B, 2, 2)).Code,
        [Refusal.FreezeIdInUse] = w => w.Freezing(w.Certificate(A, 100), 1, 1) is var freeze ? After(w, Y, freeze).Submit(Y, freeze).Code : default,
        [Refusal.FreezeNotFound] = w => w.Submit(Y, new UnfreezeUnits(new(5))).Code,
        [Refusal.NotTheExecutor] = w => w.Freezing(w.Certificate(A, 100), 1, 1) is var freeze ? After(w, Y, freeze).Submit(X, new UnfreezeUnits(freeze.Freeze)).Code : default,
        [Refusal.FreezeTermInvalid] = w => w.Submit(Y, w.Freezing(w.Certificate(A, 100), 1, 1) with { LastDay = w.State.Today.AddDays(-1) }).Code,
        [Refusal.FreezeNeedsSecond] = w => w.Submit(Y, w.Freezing(w.Certificate(A, 100), 1, 1) with { LastDay = w.State.Today.AddDays(4) }).Code,
        [Refusal.FrozenInEmergency] = w => w.Certificate(A, 100) is var note ? After(w, Y, w.Freezing(note, 1, 1)).Submit(Y, w.Freezing(note, 1, 1)).Code : default,
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
            return After(w, X, w.Freezing(note, 1, 1)).Submit(Y, w.Taking(note, A, B, TransferCause.Court, 1, 1), Key(Z)).Code;
        },
        [Refusal.TooManyFreezes] = w =>
        {
            var note = w.Certificate(A, 100);
            for (var i = 0; i < 16; i++) w.Accepts(Y, w.Freezing(note, 1, 1), Key(X));
            return w.Submit(Y, w.Freezing(note, 1, 1), Key(X)).Code;
        },

        [Refusal.CauseHasItsOwnVerb] = w => w.Submit(A, w.Moving(w.Certificate(A, 100), B, TransferCause.Correction, 1, 1)).Code,
        [Refusal.HolderNotTaken] = w => w.Submit(A, w.Moving(w.Certificate(A, 100), X, TransferCause.Sale, 1, 1) with { From = A }).Code,
        [Refusal.HolderNotNamed] = w => w.Submit(Y, w.Moving(w.Certificate(A, 100), B, TransferCause.Court, 1, 1)).Code,
        [Refusal.EvidenceMissing] = w => w.Submit(Y, w.Moving(w.Certificate(A, 100), B, TransferCause.Court, 1, 1) with { From = A }).Code,
        [Refusal.EvidenceNotTaken] = w => w.Submit(A, w.Moving(w.Certificate(A, 100), X, TransferCause.Sale, 1, 1) with { Evidence = Digest }).Code,
        [Refusal.DocumentsNotTaken] = w => w.Submit(A, w.Trade(w.Certificate(A, 100), A, X, 1, 1) with { Cause = TransferCause.Sale }).Code,
        [Refusal.RecourseNotTaken] = w => w.Submit(
            A, w.Moving(w.Certificate(A, 100), C, TransferCause.Conversion, 1, 1) with { Evidence = Digest, Recourse = true }).Code,
        [Refusal.InstrumentNotDue] = w => w.Submit(A, w.Moving(w.Certificate(A, 100), C, TransferCause.Recourse, 1, 1)).Code,
        [Refusal.BuyerIsNotBank] = _ => Told(story => story.Issue(), story => story.World.Submit(A, story.World.Moving(story.Bill, B, TransferCause.Sale, 1, 1))),
        [Refusal.SaleIsFinancing] = w => w.Submit(A, w.Moving(w.Certificate(A, 100), X, TransferCause.Sale, 1, 1)).Code,
        [Refusal.NoRecourse] = w => w.Submit(A, w.Moving(Overdue(w), C, TransferCause.Recourse, 1, 1)).Code,
        [Refusal.ConversionIsToObligor] = w => w.Submit(A, w.Moving(w.Certificate(A, 100), B, TransferCause.Conversion, 1, 1) with { Evidence = Digest }).Code,
        [Refusal.UnitsNotNamed] = w => w.Submit(
            Y, w.Moving(w.Certificate(A, 100), B, TransferCause.Court, 1, 1) with { From = A, Evidence = Digest, Units = null, Amount = new(1) }).Code,
        [Refusal.NotThePledgeeOfUnits] = w => w.Submit(Y, w.Moving(w.Certificate(A, 100), B, TransferCause.Realisation, 1, 1) with { From = A }, Key(A)).Code,
        [Refusal.RealisationNotAuthorised] = w => w.Submit(Y, w.Moving(w.Certificate(A, 100), B, TransferCause.Realisation, 1, 1) with { From = A }).Code,
        [Refusal.TwoInstitutionsMissing] = w => w.Submit(Y, Taking(w), Key(X)).Code,
        [Refusal.MeasureNotInForce] = w => w.Submit(B, new AcceptOffer(Announced(w).Offer)).Code,
        [Refusal.MeasureIsContested] = w => w.Submit(B, new AcceptOffer(Contested(w).Offer)).Code,
        [Refusal.MeasureNotFound] = w => w.Submit(A, new ContestMeasure(new(5), Digest)).Code,
        [Refusal.MeasureIdInUse] = w => Announced(w) is var taking ? w.Submit(Y, w.Insolvency(C) with { Measure = MeasureOf(taking) }, Key(Z)).Code : default,
        [Refusal.NotAgainstThisParty] = w => w.Submit(D, new ContestMeasure(MeasureOf(Announced(w)), Digest)).Code,
        [Refusal.MeasureNotOpen] = w => w.Submit(A, new ContestMeasure(MeasureOf(Contested(w)), Digest)).Code,
        [Refusal.MeasureNotContested] = w => w.Submit(W, new DecideMeasure(MeasureOf(Announced(w)), Upheld: true, Digest)).Code,
        [Refusal.DeciderIsNotIndependent] = w => w.Submit(X, new DecideMeasure(MeasureOf(Contested(w)), Upheld: true, Digest)).Code,
        [Refusal.OfferEndsInContest] = w => w.Submit(Y, Taking(w) with { Expires = w.Tomorrow }, Key(Z)).Code,
        [Refusal.MeasurePending] = w => After(w, Y, w.Insolvency(C), Key(Z)).Submit(Y, w.Insolvency(C), Key(Z)).Code,
        [Refusal.TransferNotCorrectable] = w => w.Submit(A, new CorrectTransfer(w.Instrument(w.Certificate(A, 100)).IssueOffer, Y)).Code,
        [Refusal.LaterActsRely] = w =>
        {
            var (note, offer) = Traded(w);
            w.Hands(note, B, D, 5, 5);
            return w.Submit(B, new CorrectTransfer(offer, Y), Key(A), Key(Y)).Code;
        },
        [Refusal.FormerHolderDidNotSign] = w => w.Submit(B, new CorrectTransfer(Traded(w).Offer, Y), Key(Y)).Code,
        [Refusal.OfferorLostKeys] = w =>
        {
            var trade = w.Trade(w.Certificate(A, 100), A, B, 1, 1);
            w.Accepts(A, trade);
            w.Accepts(X, new ReportLost(A));
            return w.Submit(B, new AcceptOffer(trade.Offer)).Code;
        },
        [Refusal.CorrectionNotReviewed] = w => w.Submit(B, new CorrectTransfer(Traded(w).Offer, Y), Key(A)).Code,

        [Refusal.UnitsOffered] = w => w.Certificate(A, 100) is var note ? After(w, A, w.Trade(note, A, B, 1, 1)).Submit(A, w.Trade(note, A, D, 1, 1)).Code : default,
        [Refusal.UnitsReserved] = w => Burdened(w, EncumbranceKind.Reservation, (w, note) => w.Draft(A, w.Trade(note, A, B, 1, 1)), Key(A)),
        [Refusal.UnitsCommitted] = w => Burdened(w, EncumbranceKind.Commitment, (w, note) => w.Draft(A, w.Trade(note, A, B, 1, 1)), Key(A)),
        [Refusal.UnitsPledged] = w => Burdened(w, EncumbranceKind.Pledge, (w, note) => w.Draft(A, w.Trade(note, A, B, 1, 1)), Key(A)),
        [Refusal.UnitsFrozen] = w => w.Certificate(A, 100) is var note ? After(w, Y, w.Freezing(note, 1, 1)).Submit(A, w.Trade(note, A, D, 1, 1)).Code : default,
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
        [Refusal.FinancingIdInUse] = w => Apply(w) is var apply ? After(w, A, apply).Submit(A, apply).Code : default,
        [Refusal.FinancingNotFound] = w => w.Submit(A, new WithdrawFinancing(new(5))).Code,
        [Refusal.FinancingTermMissing] = w => w.Submit(A, Apply(w) with { DayCount = null }).Code,
        [Refusal.FinancierIsNotBank] = w => w.Submit(A, Apply(w) with { Financier = B }).Code,
        [Refusal.FinancierIsApplicant] = w => w.Submit(X, Apply(w)).Code,
        [Refusal.FinancierIsInsolvent] = w => Apply(w) is var apply
            ? After(w, Z, w.Insolvency(X), Key(W)).ContestEnds() is not null ? w.Submit(A, apply).Code : default : default,
        [Refusal.FormDoesNotFit] = w => w.Submit(A, Apply(w) with { Form = FinancingForm.Discount }).Code,
        [Refusal.PrincipalTooLarge] = w => w.Submit(A, Apply(w) with { Principal = new(101) }).Code,
        [Refusal.PrincipalIsNotWhole] = w => w.Submit(A, Apply(w) with { Principal = new(99) }).Code,
        [Refusal.FinancingEndInvalid] = w => w.Submit(A, Apply(w) with { End = w.State.Today }).Code,
        [Refusal.AccountNotFiled] = w => w.Submit(A, w.Applying(w.Certificate(A, 100), FinancingForm.PledgeLoan, 1, 100)).Code,
        [Refusal.DocumentNotOfTheLeg] = w => w.Submit(A, Apply(w) with { Documents = [w.Invoice(A, C, 5)] }).Code,
        [Refusal.NotTheApplicant] = w => w.Submit(B, new WithdrawFinancing(Applied(w))).Code,
        [Refusal.NotTheFinancier] = w => w.Submit(Y, new ReleaseFinancing(Applied(w))).Code,
        [Refusal.FinancingStatusWrong] = w => w.Submit(X, new Disburse(Applied(w), "1")).Code,
        [Refusal.ReservationOver] = w => Applied(w) is var id && w.Pass(Timestamp.Day) is not null ? w.Submit(A, new WithdrawFinancing(id)).Code : default,
        [Refusal.CommitmentOver] = w => w.Approved(A, Apply(w)) is var id && w.Until(w.Tomorrow) is not null ? w.Submit(X, new Disburse(id, "1")).Code : default,
        [Refusal.ReviewerIsNotIndependent] = w => w.Submit(X, w.Approving(Applied(w)) with { Reviewer = A }, Key(A)).Code,
        [Refusal.ReviewerDidNotSign] = w => w.Submit(X, w.Approving(Applied(w))).Code,
        [Refusal.TermsDiffer] = w => w.Submit(X, w.Approving(Applied(w)) with { Terms = [Digest] }, Key(Lending.P)).Code,
        [Refusal.CommitmentTermInvalid] = w => w.Submit(X, w.Approving(Applied(w)) with { CommittedUntil = w.Clock }, Key(Lending.P)).Code,
        [Refusal.RegistrationMissing] = w => w.Submit(X, new Disburse(w.Approved(A, Apply(w)), "1")).Code,
        [Refusal.ApplicantDidNotSign] = w => w.Submit(X, new Repay(w.Financed(A, Apply(w) with { Form = FinancingForm.PledgeLoan }), "1")).Code,
        [Refusal.NotOfThisForm] = w => w.Submit(X, new Repay(w.Financed(A, Apply(w)), "1"), Key(A)).Code,
        [Refusal.NothingSettled] = w => w.Submit(X, new SettleFinancing(Matured(w), Surplus: false, Refund: false, "1"), Key(A)).Code,
        [Refusal.SurplusNotOwed] = w => w.Submit(X, new SettleFinancing(Matured(w), Surplus: true, Refund: false, "1"), Key(A)).Code,
        [Refusal.RefundNotOwed] = w => w.Submit(X, new SettleFinancing(Matured(w, refunds: false), Surplus: false, Refund: true, "1"), Key(A)).Code,
        [Refusal.NotDishonoured] = w => w.Submit(X, new BuyBack(w.Financed(A, Apply(w) with { Form = FinancingForm.RecourseFactoring }), "1"), Key(A)).Code,
        [Refusal.FinancingReliedOn] = w => Apply(w) is var apply && w.Financed(A, apply) is var id
            ? After(w, X, w.Trade(apply.Instrument, X, B, 1, 1)).Submit(X, new ReverseFinancing(id, "1")).Code : default,
        [Refusal.FinancedAtRegister] = _ => Told(s => s.Issue(), s => s.World.Submit(A, s.World.Applying(s.Bill, FinancingForm.Discount, 1, 100))),

        [Refusal.LineNotFound] = w => w.Submit(X, w.Approving(Applied(w), new(5)), Key(Lending.P)).Code,
        [Refusal.NotTheLinesBank] = w => w.Submit(Y, new SetLine(w.Line(C, 100), C, CreditMode.General, Currency.Cny, new(5), w.State.Today)).Code,
        [Refusal.LineModeInvalid] = w => w.Submit(X, new SetLine(new(5), C, CreditMode.None, Currency.Cny, new(5), w.State.Today)).Code,
        [Refusal.LineUntilPast] = w => w.Submit(X, new SetLine(w.New<CreditLine>(), C, CreditMode.General, Currency.Cny, new(5), w.State.Today.AddDays(-1))).Code,
        [Refusal.LineIsFixed] = w => w.Submit(X, new SetLine(w.Line(C, 100), C, CreditMode.Earmarked, Currency.Cny, new(5), w.State.Today)).Code,
        [Refusal.LimitBelowDrawn] = w => w.Line(C, 100) is var line && w.Approved(A, Apply(w), line) is var _
            ? w.Submit(X, new SetLine(line, C, CreditMode.General, Currency.Cny, new(99), w.State.Today)).Code : default,
        [Refusal.LineMissing] = w => w.Submit(X, w.Approving(Applied(w)) with { Credit = CreditMode.General }, Key(Lending.P)).Code,
        [Refusal.LineDoesNotFit] = w => w.Submit(X, w.Approving(Applied(w), w.Line(B, 100)), Key(Lending.P)).Code,
        [Refusal.LineEndsTooSoon] = w => new SetLine(w.Named<CreditLine>(5), C, CreditMode.General, Currency.Cny, new(100), w.State.Today) is var set
            ? After(w, X, set).Submit(X, w.Approving(Applied(w), set.Line), Key(Lending.P)).Code : default,
        [Refusal.LineExhausted] = w => w.Submit(X, w.Approving(Applied(w), w.Line(C, 99)), Key(Lending.P)).Code,

        [Refusal.BankReferenceUsed] = w => w.Financed(A, Apply(w)) is var id && w.Financing(id).BankReference is var text
            ? w.Submit(X, new ReverseFinancing(id, text)).Code : default,
        [Refusal.BankReferenceInvalid] = w => w.Submit(X, new ReverseFinancing(w.Financed(A, Apply(w)), "")).Code,

        [Refusal.AttestationIdInUse] = w => w.Attesting(Applied(w), RegistryAct.Query, RegistryFinding.Clear) is var query ? After(w, X, query).Submit(X, query).Code : default,
        [Refusal.AttesterIsNotOfTheRegistry] = w => w.Submit(Y, w.Attesting(Applied(w), RegistryAct.Query, RegistryFinding.Clear)).Code,
        [Refusal.FindingDoesNotFit] = w => w.Submit(X, w.Attesting(Applied(w), RegistryAct.Query, RegistryFinding.Done)).Code,
        [Refusal.StatementOutOfTime] = w => w.Submit(X, w.Attesting(Applied(w), RegistryAct.Query, RegistryFinding.Clear) with { StatedAt = w.Clock.Add(1) }).Code,
        [Refusal.StatementStale] = w =>
        {
            var id = Applied(w);
            w.IsClear(id);
            w.Accepts(X, w.Approving(id) with { CommittedUntil = w.Tomorrow.Add(2 * Timestamp.Day) }, Key(Lending.P));
            var stated = w.Clock;
            w.Pass(Timestamp.Day + 1);
            return w.Submit(X, w.Attesting(id, RegistryAct.Registration, RegistryFinding.Done) with { StatedAt = stated }).Code;
        },
        [Refusal.StatementSuperseded] = w =>
        {
            var id = Applied(w);
            w.Pass(Timestamp.Minute);
            var query = w.Attesting(id, RegistryAct.Query, RegistryFinding.Encumbered);
            return After(w, X, query).Submit(X, w.Attesting(id, RegistryAct.Query, RegistryFinding.Clear) with { StatedAt = query.StatedAt.Add(-1) }).Code;
        },
        [Refusal.QueryMissing] = w => w.Submit(X, w.Approving(Applied(w)), Key(Lending.P)).Code,
        [Refusal.QueryBeforeRegistration] = w => w.Approved(A, Apply(w)) is var id
            ? After(w, X, w.Attesting(id, RegistryAct.Registration, RegistryFinding.Done)).Submit(X, new Disburse(id, "1")).Code : default,
        [Refusal.QueryStale] = w =>
        {
            var id = Applied(w);
            w.IsClear(id);
            w.Accepts(X, w.Approving(id) with { CommittedUntil = w.Tomorrow.Add(2 * Timestamp.Day) }, Key(Lending.P));
            w.IsRegistered(id);
            w.Pass(Timestamp.Day + 1);
            return w.Submit(X, new Disburse(id, "1")).Code;
        },
        [Refusal.RegistryEncumbered] = w => Applied(w) is var id
            ? After(w, X, w.Attesting(id, RegistryAct.Query, RegistryFinding.Encumbered)).Submit(X, w.Approving(id), Key(Lending.P)).Code : default,

        [Refusal.PledgeReservationMissing] = w => w.Submit(X, w.Approving(Found(w)), Key(Lending.P)).Code,
        [Refusal.PledgeReservationEnds] = w => Found(w) is var id && w.Accepts(X, w.Reserved(id) with { Until = w.Tomorrow }, Key(W)) is not null
            ? w.Submit(X, w.Approving(id), Key(Lending.P)).Code : default,
        [Refusal.PledgeSecondBankMissing] = w => w.Submit(X, w.Reserved(Applied(w))).Code,
        [Refusal.PledgeRegistryInvalid] = w => w.Submit(X, w.Reserved(Applied(w)) with { Seat = 0 }, Key(W)).Code,
        [Refusal.PledgeTermInvalid] = w => w.Submit(X, w.Reserved(Applied(w)) with { Until = w.Clock }, Key(W)).Code,

        [Refusal.NotThePayeesBank] = w => w.Submit(Y, Lump(w, Overdue(w), 1)).Code,
        [Refusal.PayeeNotEntitled] = w => w.Submit(X, Lump(w, Overdue(w), 1) with { Units = new(1, 1), Payee = B }).Code,
        [Refusal.PaymentIdInUse] = w => Overdue(w) is var note && Lump(w, note, 1) is var lump
            ? After(w, X, lump).Submit(X, Lump(w, note, 1) with { Payment = lump.Payment }).Code : default,
        [Refusal.UnitsWithPayee] = w => w.Submit(X, Lump(w, Overdue(w), 1) with { Units = new(1, 1) }).Code,
        [Refusal.PaymentFrozen] = w => w.Certificate(A, 100) is var note && w.Accepts(Y, w.Freezing(note, 1, 1) with { LastDay = Date("2026-11-30") }, Key(X)) is not null
            && w.Until("2026-09-16 09:00:00") is not null ? w.Submit(X, Lump(w, note, 1)).Code : default,
        [Refusal.ValueDateTooOld] = w => w.Submit(X, w.Receipt(w.Certificate(A, 100), PaymentOutcome.Paid, 100) with { ValueDate = w.State.Today.AddDays(-3_651) }).Code,
        [Refusal.PaymentNotFound] = w => w.Submit(X, new ReturnPayment(new(5), "REF")).Code,
        [Refusal.PaymentStatusWrong] = w => Paid(w) is var lump && After(w, X, new ReturnPayment(lump.Payment, "BACK1")) is not null
            ? w.Submit(X, new ReturnPayment(lump.Payment, "BACK2")).Code : default,
        [Refusal.NotTheReceiptsBank] = w => w.Submit(Y, new ReturnPayment(Paid(w).Payment, "BACK")).Code,
        [Refusal.NotOverdue] = w => w.Submit(A, new ClaimCosts(w.Certificate(A, 100), new(1, 1), new(1), Digest), Key(C)).Code,
        [Refusal.CostsNotAcknowledged] = w => w.Submit(A, new ClaimCosts(Overdue(w), new(1, 1), new(1), Digest)).Code,
        [Refusal.CostsTooLarge] = w => w.Submit(A, new ClaimCosts(Overdue(w), new(1, 10), new(11), Digest), Key(C)).Code,
        [Refusal.DueDateNotLater] = w => w.Certificate(A, 100) is var note ? w.Submit(C, new ExtendDueDate(note, w.Instrument(note).DueDate), Key(A)).Code : default,
        [Refusal.BillNotExtendable] = w => w.Certificate(A, 100) is var note
            ? Decide(w, w.State.With(w.Instrument(note) with { Kind = InstrumentKind.Bill }), w.Draft(C, new ExtendDueDate(note, Date("2026-10-12"))), Key(C)) : default,
        [Refusal.PaymentExceedsDue] = w => w.Submit(X, Lump(w, Overdue(w), 200)).Code,
        [Refusal.PaymentNotInFull] = w => w.Submit(X, Lump(w, Overdue(w), 99) with { Outcome = PaymentOutcome.Paid }).Code,
        [Refusal.PaymentInFull] = w => w.Submit(X, Lump(w, Overdue(w), 100)).Code,
        [Refusal.ValueDateInFuture] = w => w.Submit(X, Lump(w, Overdue(w), 1) with { ValueDate = Date("2026-09-17") }).Code,
        [Refusal.ValueDateStale] = w => Overdue(w) is var note
            ? After(w, X, Lump(w, note, 1)).Submit(X, Lump(w, note, 1) with { ValueDate = Date("2026-09-15") }).Code : default,
        [Refusal.PrepaymentNeedsUnits] = w => w.Submit(X, Lump(w, w.Certificate(A, 100), 1)).Code,
        [Refusal.PrepaymentNotAgreed] = w => w.Submit(X, Lump(w, w.Certificate(A, 100), 1) with { Units = new(1, 100), Payee = A }).Code,
        [Refusal.TooManyParts] = w => Overdue(w, 100_000) is var note
            ? Decide(w, w.State.With(new Core.Instruments.Maturity(
                note, null, [], DateOnly.MaxValue, [.. Enumerable.Range(1, 60_001).Select(unit => new LateClaim(
                    new((ulong)unit, (ulong)unit), w.State.Today, Amount.Zero, Amount.Zero))])), w.Draft(X, Lump(w, note, 1)), Key(X)) : default,
        [Refusal.ConsentMissing] = w => w.Submit(C, new ExtendDueDate(w.Certificate(A, 100), Date("2026-10-12"))).Code,
        [Refusal.ValueDateBeforeRight] = w => w.Submit(X, Lump(w, w.Certificate(A, 100), 1) with { Units = new(1, 100), Payee = A, ValueDate = w.State.Today.AddDays(-1) }, Key(A)).Code,
        [Refusal.NothingAnnounced] = w => w.Submit(A, new DenyPayment(Paid(w).Payment, A, Digest)).Code,
        [Refusal.NotTheAnnouncedPayee] = w => w.Submit(Y, new DenyPayment(Paid(w).Payment, A, Digest)).Code,
        [Refusal.TooManyAnnouncements] = w =>
        {
            var note = w.Certificate(D, 100);
            w.Until("2026-09-16 09:00:00");
            for (var i = 0; i < 16; i++) w.Accepts(X, Lump(w, note, 1));
            return w.Submit(X, Lump(w, note, 1)).Code;
        },
        [Refusal.NotOfThePayment] = w => w.Submit(D, new DisputePayment(Paid(w).Payment, Digest)).Code,

        [Refusal.ObligorInsolvent] = w => Insolvent(w).Submit(C, Issue(w)).Code,
        [Refusal.TenorTooLong] = w => w.Submit(C, Issue(w) with { DueDate = w.State.Today.AddMonths(12).AddDays(1), Justification = Digest }).Code,
        [Refusal.AlreadyInsolvent] = w => Insolvent(w).Submit(Y, w.Insolvency(C), Key(Z)).Code,
        [Refusal.NotAValidator] = w => w.Submit(Y, Proposed(w)).Code,
        [Refusal.ProposalIdInUse] = w => Proposed(w) is var proposed && w.Accepts(X, proposed) is not null ? w.Submit(X, proposed).Code : default,
        [Refusal.ProposalNotFound] = w => w.Submit(X, new VoteOn(new(5), IsFor: true)).Code,
        [Refusal.ProposalNotOpen] = w => Proposed(w) is var proposed && After(w, X, proposed).Accepts(X, new VoteOn(proposed.Proposal, IsFor: false)) is not null
            ? w.Submit(X, new WithdrawProposal(proposed.Proposal)).Code
            : default,
        [Refusal.ProposalTermInvalid] = w => w.Submit(X, Proposed(w) with { Expires = w.Clock }).Code,
        [Refusal.TooManyProposals] = w =>
        {
            for (var i = 0; i < w.Genesis.Chain.Voting.PendingProposals; i++) w.Accepts(X, Proposed(w));
            return w.Submit(X, Proposed(w)).Code;
        },
        [Refusal.ActionMembersDiffer] = w => w.Submit(X, Proposed(w) with { Roles = null }).Code,
        [Refusal.AlreadyVoted] = _ =>
        {
            using var four = FourBanks.World();
            var proposed = Proposed(four);
            four.Accepts(X, proposed);
            four.Accepts(X, new VoteOn(proposed.Proposal, IsFor: true));
            return four.Submit(X, new VoteOn(proposed.Proposal, IsFor: false)).Code;
        },
        [Refusal.NotTheProposer] = w => Proposed(w) is var proposed && w.Accepts(X, proposed) is not null ? w.Submit(Y, new WithdrawProposal(proposed.Proposal)).Code : default,
        [Refusal.RoleNotByVote] = w => w.Submit(X, Proposed(w) with { Roles = Roles.Bank }).Code,
        [Refusal.RolesUnchanged] = w => w.Submit(X, Proposed(w) with { Roles = Roles.Supplier }).Code,
        [Refusal.AlreadyAValidator] = w => w.Submit(X, w.Joining(X)).Code,
        [Refusal.NoSuchValidator] = w => w.Submit(X, w.Leaving(Y)).Code,
        [Refusal.LastValidator] = w => w.Submit(X, w.Leaving(X)).Code,
        [Refusal.TooManyValidators] = w =>
        {
            var joining = w.Joining(Y);
            var full = Enumerable.Range(100, Rulebook.MostValidators - 1).Aggregate(
                w.State, static (state, number) => state.With(new Validator(Ledger.Client.Invoices.FictionalUscc.Of("440300", number), new(new[] { (byte)number }))));
            return Decide(w, full, w.Draft(X, joining), Key(X));
        },
        [Refusal.ValidatorIsNotBank] = w => w.Submit(X, w.Joining(A), Key(A)).Code,
        [Refusal.NewValidatorDidNotSign] = w => w.Submit(X, w.Joining(Y)).Code,
        [Refusal.NodeKeyInvalid] = w => w.Submit(X, w.Joining(Y) with { NodeKey = new ByteString(new byte[65]) }, Key(Y)).Code,
        [Refusal.NodeKeyInUse] = w => w.Submit(X, w.Joining(Y) with { NodeKey = w.NodeKeyOf(X) }, Key(Y)).Code,
        [Refusal.NodeKeyNotProved] = w => w.Submit(X, w.Joining(Y) with { Proof = w.Joining(Y).Proof }, Key(Y)).Code,
        [Refusal.RulesTooEarly] = w => w.Submit(X, FourBanks.Adopting(w, days: 0)).Code,
        [Refusal.RulesOfThatDay] = w =>
        {
            var first = FourBanks.Adopting(w, days: 10);
            After(w, X, first).Accepts(X, new VoteOn(first.Proposal, IsFor: true));
            w.Append();
            return w.Submit(X, FourBanks.Adopting(w, days: 10)).Code;
        },
        [Refusal.TooManyRuleSets] = w => Decide(
            w, Enumerable.Range(20, Rulebook.MostRuleSets).Aggregate(w.State, static (state, day) => state.With(state.Rules with { From = state.Today.AddDays(day) })),
            w.Draft(X, FourBanks.Adopting(w, days: 10)), Key(X)),
        [Refusal.RuleFixesDeadlines] = w => w.Submit(X, FourBanks.Adopting(w, days: 10, (RuleParameter.DueDateRollsOver, 1 - w.State.Rules[RuleParameter.DueDateRollsOver]))).Code,
        [Refusal.ProtocolOutOfOrder] = w => w.Submit(X, new Propose(w.New<Proposal>(), ProposalAction.ProtocolRaise, w.Tomorrow, Version: 3)).Code,
        [Refusal.ProgrammeInvalid] = w => w.Submit(X, w.Programme(FourBanks.Usual with { TenorMonths = 0 })).Code,
        [Refusal.ProgrammeDateInvalid] = w => w.Submit(X, w.Programme(FourBanks.Usual, days: 0)).Code,
        [Refusal.ProgrammeOfThatDay] = w =>
        {
            w.Carried(w.Programme(FourBanks.Usual, days: 9));
            return w.Submit(X, w.Programme(FourBanks.Usual, days: 9)).Code;
        },
        [Refusal.TooManyProgrammes] = w => Decide(
            w, Enumerable.Range(1, Rulebook.MostProgrammes).Aggregate(w.State, static (state, chain) => state.With(new Programme($"{chain}", [FourBanks.Usual]))),
            w.Draft(X, w.Programme(FourBanks.Usual)), Key(X)),
        [Refusal.BeyondProgramme] = w =>
        {
            w.Carried(w.Programme(FourBanks.Usual with { TenorMonths = 1 }));
            w.Pass(Timestamp.Day);
            return w.Submit(C, Issue(w)).Code;
        },
        [Refusal.NotInsolvent] = w => w.Submit(Y, new DeclareSolvent(w.New<Measure>(), C, Digest), Key(Z)).Code,
        [Refusal.InsolvencyFromTheFuture] = w => w.Submit(Y, w.Insolvency(C, w.State.Today.AddDays(1)), Key(Z)).Code,
        [Refusal.InsolvencyBeforeDebts] = w => w.Certificate(A, 100) is { } ? w.Submit(Y, w.Insolvency(C, w.State.Today.AddDays(-1)), Key(Z)).Code : default,
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
        var burden = new Encumbrance(kind, 7, Y, world.Clock, world.Tomorrow);
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

    static Transfer Taking(World world) => world.Taking(world.Certificate(A, 100), A, B, TransferCause.Court, 1, 1);

    // Y and Z announce it; X keeps both sides' accounts.
    static Transfer Announced(World world)
    {
        var taking = Taking(world);
        world.Accepts(Y, taking, Key(Z));
        return taking;
    }

    static Transfer Contested(World world)
    {
        var taking = Announced(world);
        world.Accepts(A, new ContestMeasure(MeasureOf(taking), Digest));
        return taking;
    }

    static Id<Measure> MeasureOf(Transfer taking) => new(taking.Offer.Value);

    static World Insolvent(World world)
    {
        world.BecomesInsolvent(C);
        return world;
    }

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

    static Propose Proposed(World w) => FourBanks.Role(w, A);

    static IssueReceivable Issue(World world) => world.Issuing(A, 100, new DocumentUse(world.Invoice(A, C, 100), new(100)));

    static IssueReceivable Offered(World world, bool transferable = true)
    {
        var issue = Issue(world) with { Transferable = transferable };
        world.Accepts(C, issue);
        return issue;
    }

    static ApplyForFinancing Apply(World world) => world.Lends().Applying(world.Certificate(A, 100), FinancingForm.NonRecourseFactoring, 1, 100);

    static Id<Financing> Found(World world)
    {
        var id = Applied(world);
        world.IsClear(id);
        return id;
    }

    static Id<Financing> Applied(World world)
    {
        var apply = Apply(world);
        world.Accepts(A, apply);
        return apply.Financing;
    }

    static Id<Financing> Matured(World world, bool refunds = true)
    {
        var apply = Apply(world) with { RefundsUnearned = refunds };
        world.Financed(A, apply);
        world.Hands(apply.Instrument, X, C, 1, 100);
        return apply.Financing;
    }

    static PledgeDocuments Pledge(World world) =>
        new(world.New<Offer>(), Y, Currency.Cny, new(100), [new(world.Invoice(A, C, 100), new(100))], world.Tomorrow);

    // Due on Saturday 09-12 and payable on Monday 09-14.
    static Id<Instrument> Overdue(World world, ulong amount = 100)
    {
        var note = world.Certificate(A, amount);
        world.Until("2026-09-16 09:00:00");
        return note;
    }

    static ReceivePayment Lump(World world, Id<Instrument> note, ulong amount) => world.Receipt(note, PaymentOutcome.PartlyPaid, amount);

    static ReceivePayment Paid(World world)
    {
        var lump = Lump(world, Overdue(world), 1);
        world.Accepts(X, lump);
        return lump;
    }

    static (Id<Instrument> Note, Id<Offer> Offer) Traded(World world)
    {
        var note = world.Certificate(A, 100);
        var trade = world.Trade(note, A, B, 1, 10);
        world.Accepts(A, trade);
        world.Accepts(B, new AcceptOffer(trade.Offer));
        return (note, trade.Offer);
    }

    static Id<Offer> Pledged(World world)
    {
        var pledge = Pledge(world);
        world.Accepts(A, pledge);
        world.Accepts(Y, new AcceptOffer(pledge.Offer));
        return pledge.Offer;
    }
}
