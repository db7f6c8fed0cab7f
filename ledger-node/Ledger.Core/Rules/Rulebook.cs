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
        RotateKey rotate => Judge(state, act, rotate),
        VetoRotation veto => Judge(state, act, veto),
        RevokeKey revoke => Judge(state, act, revoke),
        ReportLost report => Judge(state, act, report),
        Recover recover => Judge(state, act, recover),
        SetPolicy policy => Judge(state, act, policy),
        GrantMandate grant => Judge(state, act, grant),
        RevokeMandate revoke => Judge(state, act, revoke),
        _ => throw new UnreachableException(),
    };

    public static LedgerState Apply(LedgerState state, LedgerEvent happened) => happened switch
    {
        PartyRegistered registered => Enact(state, registered),
        KeyRotated rotated => Enact(state, rotated),
        RotationVetoed vetoed => Enact(state, vetoed),
        KeyRevoked revoked => Enact(state, revoked),
        KeysReportedLost reported => Enact(state, reported),
        KeysRecovered recovered => Enact(state, recovered),
        PolicySet set => Enact(state, set),
        MandateGranted granted => Enact(state, granted),
        MandateRevoked revoked => Enact(state, revoked),
        MandateExpired expired => Enact(state, expired),
        _ => throw new UnreachableException(),
    };
}
