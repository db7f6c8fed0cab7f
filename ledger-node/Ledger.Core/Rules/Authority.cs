using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

public static partial class Rulebook
{
    /// <summary>Whether the keys are good and the parties may act at all.</summary>
    static Verdict.Refused? JudgeAuthority(LedgerState state, Act act, Transaction transaction)
    {
        foreach (var signer in act.Signers)
        {
            if (IsFirstKeyOfNewParty(transaction, signer)) continue;
            if (state.Key(signer) is not { } key) return Verdict.No(Refusal.KeyUnknown, signer.ToString());
            if (!key.IsValidAt(state.Now)) return Verdict.No(Refusal.KeyNotValid, signer.ToString());
            if (key.Use != KeyUse.Signing && !(key.Use == KeyUse.Recovery && IsOnlyAboutKeys(transaction)))
                return Verdict.No(Refusal.KeyUseWrong, signer.ToString());
        }

        if (!act.IsSignedBy(act.Agent)) return new(Refusal.ActingPartyDidNotSign, Facts.None);
        return JudgeStanding(state, act.Agent, transaction) ?? (act.Agent == act.Party ? null : JudgeStanding(state, act.Party, transaction));
    }

    // Lost keys stop everything but their replacement.
    static Verdict.Refused? JudgeStanding(LedgerState state, PartyId id, Transaction transaction)
    {
        if (state.Party(id) is not { } party) return new(Refusal.ActingPartyUnknown, Facts.None);
        if (party.Standing == Standing.KeysLost && !transaction.Operations.All(operation => operation is Recover)) return new(Refusal.KeysReportedLost, Facts.None);
        return party.Standing == Standing.Suspended ? new(Refusal.PartySuspended, Facts.None) : null;
    }

    static bool IsOnlyAboutKeys(Transaction transaction) =>
        transaction.Operations.All(operation => operation is RotateKey or VetoRotation or Recover);

    static bool IsFirstKeyOfNewParty(Transaction transaction, KeyId signer) =>
        signer.Number == 1 && IsRegistered(transaction, signer.Party);

    static bool IsRegistered(Transaction transaction, PartyId party)
    {
        foreach (var operation in transaction.Operations)
        {
            if (operation is RegisterParty register && register.Id == party && register.Keys.Count > 0) return true;
        }

        return false;
    }

    static Verdict.Refused? JudgeChecker(LedgerState state, Act act) =>
        SignersOf(state, act, act.Agent).TrueForAll(static key => key.Role == KeyRole.Checker) ? new(Refusal.CheckerCannotActAlone, Facts.None) : null;
}
