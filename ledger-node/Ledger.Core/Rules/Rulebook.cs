using System.Collections.Frozen;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>
/// The one place that decides. Each verb is an article of law, one file each: its operation judges, which says what happens or why it may not, and its
/// events enact, which makes it so and cannot fail. What several articles say stands beside them.
/// </summary>
public static partial class Rulebook
{
    /// <summary>All verbs, by their names on the wire. An article that is not listed here is no law.</summary>
    public static readonly FrozenDictionary<string, Verb> Verbs = new[]
    {
        Verb.Of<RegisterParty>(),
        Verb.Of<SetPolicy>(),
        Verb.Of<RotateKey>(),
        Verb.Of<VetoRotation>(),
        Verb.Of<RevokeKey>(),
        Verb.Of<ReportLost>(),
        Verb.Of<Recover>(),
        Verb.Of<GrantMandate>(),
        Verb.Of<RevokeMandate>(),
        Verb.Of<DeclareControl>(),
        Verb.Of<AttestDocument>(),
        Verb.Of<AttestRedLetter>(),
        Verb.Of<RequestConfirmation>(),
        Verb.Of<Confirm>(),
        Verb.Of<Dispute>(),
        Verb.Of<IssueReceivable>(),
        Verb.Of<CancelReceivable>(),
        Verb.Of<RegisterBill>(),
        Verb.Of<PresentForAcceptance>(),
        Verb.Of<DeliverBill>(),
        Verb.Of<CancelBill>(),
        Verb.Of<GuaranteeBill>(),
        Verb.Of<PledgeBill>(),
        Verb.Of<ReleaseBillPledge>(),
        Verb.Of<AllowTransfer>(),
        Verb.Of<PresentBill>(),
        Verb.Of<AskRecourse>(),
        Verb.Of<SettleRecourse>(),
        Verb.Of<ImportBill>(),
        Verb.Of<AttestBill>(),
        Verb.Of<ReconcileBill>(),
        Verb.Of<AcceptOffer>(),
        Verb.Of<DeclineOffer>(),
        Verb.Of<WithdrawOffer>(),
        Verb.Of<Transfer>(),
        Verb.Of<CorrectTransfer>(),
        Verb.Of<ReceivePayment>(),
        Verb.Of<ConfirmPayment>(),
        Verb.Of<DenyPayment>(),
        Verb.Of<ReturnPayment>(),
        Verb.Of<DisputePayment>(),
        Verb.Of<ClaimCosts>(),
        Verb.Of<ExtendDueDate>(),
        Verb.Of<DeclareInsolvent>(),
        Verb.Of<DeclareSolvent>(),
        Verb.Of<ContestMeasure>(),
        Verb.Of<DecideMeasure>(),
        Verb.Of<FreezeUnits>(),
        Verb.Of<ExtendFreeze>(),
        Verb.Of<UnfreezeUnits>(),
        Verb.Of<PledgeDocuments>(),
        Verb.Of<ReleasePledge>(),
        Verb.Of<FileAccount>(),
        Verb.Of<SetLine>(),
        Verb.Of<ApplyForFinancing>(),
        Verb.Of<WithdrawFinancing>(),
        Verb.Of<ReleaseFinancing>(),
        Verb.Of<AttestRegistry>(),
        Verb.Of<ApproveFinancing>(),
        Verb.Of<Disburse>(),
        Verb.Of<Repay>(),
        Verb.Of<SettleFinancing>(),
        Verb.Of<BuyBack>(),
        Verb.Of<ReverseFinancing>(),
        Verb.Of<CorrectFinancing>(),
        Verb.Of<Propose>(),
        Verb.Of<VoteOn>(),
        Verb.Of<WithdrawProposal>(),
    }.ToFrozenDictionary(static verb => verb.Name, StringComparer.Ordinal);
}
