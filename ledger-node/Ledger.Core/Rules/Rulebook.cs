using System.Collections.Frozen;
using System.Diagnostics;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>
/// The one place that decides. <c>Judge</c> says what an operation makes happen or why it may not; <c>Enact</c> makes it so and cannot fail.
/// One file holds a verb; this one lays out all of them.
/// </summary>
public static partial class Rulebook
{
    static Verdict JudgeOperation(LedgerState state, Act act, Operation operation) => operation switch
    {
        RegisterParty register => Judge(state, act, register),
        SetPolicy set => Judge(state, act, set),
        RotateKey rotate => Judge(state, act, rotate),
        VetoRotation veto => Judge(state, act, veto),
        RevokeKey revoke => Judge(state, act, revoke),
        ReportLost report => Judge(state, act, report),
        Recover recover => Judge(state, act, recover),
        GrantMandate grant => Judge(state, act, grant),
        RevokeMandate revoke => Judge(state, act, revoke),
        AttestDocument attest => Judge(state, act, attest),
        AttestRedLetter red => Judge(state, act, red),
        OpenEpoch open => Judge(state, act, open),
        RequestConfirmation request => Judge(state, act, request),
        Confirm confirm => Judge(state, act, confirm),
        Dispute dispute => Judge(state, act, dispute),
        IssueReceivable issue => Judge(state, act, issue),
        CancelReceivable cancel => Judge(state, act, cancel),
        AcceptOffer accept => Judge(state, act, accept),
        DeclineOffer decline => Judge(state, act, decline),
        WithdrawOffer withdraw => Judge(state, act, withdraw),
        Transfer transfer => Judge(state, act, transfer),
        FreezeUnits freeze => Judge(state, act, freeze),
        UnfreezeUnits unfreeze => Judge(state, act, unfreeze),
        PledgeDocuments pledge => Judge(state, act, pledge),
        ReleasePledge release => Judge(state, act, release),
        _ => throw new UnreachableException(),
    };

    public static LedgerState Apply(LedgerState state, LedgerEvent happened) => happened switch
    {
        BlockOpened opened => Enact(state, opened),
        IdUsed used => Enact(state, used),
        AttemptRecorded attempt => Enact(state, attempt),
        SingleSignatureSpent spent => Enact(state, spent),
        PartyRegistered registered => Enact(state, registered),
        PolicySet set => Enact(state, set),
        KeyRotated rotated => Enact(state, rotated),
        RotationVetoed vetoed => Enact(state, vetoed),
        KeyRevoked revoked => Enact(state, revoked),
        KeysReportedLost reported => Enact(state, reported),
        KeysRecovered recovered => Enact(state, recovered),
        MandateGranted granted => Enact(state, granted),
        MandateRevoked revoked => Enact(state, revoked),
        MandateExpired expired => Enact(state, expired),
        DocumentAttested attested => Enact(state, attested),
        RedLetterAttested red => Enact(state, red),
        DocumentOverused => state,
        FinancingLapsed lapsed => Enact(state, lapsed),
        PaymentBecameOverdue overdue => Enact(state, overdue),
        EpochOpened opened => Enact(state, opened),
        ConfirmationRequested requested => Enact(state, requested),
        ConfirmationOverdue overdue => Enact(state, overdue),
        ClaimConfirmed confirmed => Enact(state, confirmed),
        ClaimDisputed disputed => Enact(state, disputed),
        ReceivableIssued issued => Enact(state, issued),
        ReceivableCancelled cancelled => Enact(state, cancelled),
        OfferAccepted accepted => Enact(state, accepted),
        OfferClosed closed => Enact(state, closed),
        TransferOffered offered => Enact(state, offered),
        UnitsFrozen frozen => Enact(state, frozen),
        FreezeLifted lifted => Enact(state, lifted),
        PledgeOffered offered => Enact(state, offered),
        PledgeReleased released => Enact(state, released),
        _ => throw new UnreachableException(),
    };

    /// <summary>Every verb's name on the wire, by the kind of its operation.</summary>
    public static readonly FrozenDictionary<Type, string> Verbs = new Dictionary<Type, string>
    {
        [typeof(RegisterParty)] = "party.register",
        [typeof(SetPolicy)] = "party.policy",
        [typeof(RotateKey)] = "key.rotate",
        [typeof(VetoRotation)] = "key.veto",
        [typeof(RevokeKey)] = "key.revoke",
        [typeof(ReportLost)] = "key.reportLost",
        [typeof(Recover)] = "key.recover",
        [typeof(GrantMandate)] = "mandate.grant",
        [typeof(RevokeMandate)] = "mandate.revoke",
        [typeof(AttestDocument)] = "document.attest",
        [typeof(AttestRedLetter)] = "document.redLetter",
        [typeof(OpenEpoch)] = "epoch.open",
        [typeof(RequestConfirmation)] = "confirmation.request",
        [typeof(Confirm)] = "confirmation.confirm",
        [typeof(Dispute)] = "confirmation.dispute",
        [typeof(IssueReceivable)] = "receivable.issue",
        [typeof(CancelReceivable)] = "receivable.cancel",
        [typeof(AcceptOffer)] = "offer.accept",
        [typeof(DeclineOffer)] = "offer.decline",
        [typeof(WithdrawOffer)] = "offer.withdraw",
        [typeof(Transfer)] = "token.transfer",
        [typeof(FreezeUnits)] = "token.freeze",
        [typeof(UnfreezeUnits)] = "token.unfreeze",
        [typeof(PledgeDocuments)] = "document.pledge",
        [typeof(ReleasePledge)] = "document.release",
    }.ToFrozenDictionary();
}
