using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

public static partial class Rulebook
{
    /// <summary>A member's sponsor and a bank that is independent of both answer for it together: as good as the member's own recovery key.</summary>
    internal static bool IsSignedByTwoBanks(LedgerState state, Act act, Party party) =>
        IsSignedByActiveParty(state, act, party.Sponsor) && HasSecondBank(state, act, party.Sponsor, party.Id);

    /// <summary>
    /// Who says yes for a party beside the acting one: itself with its own key, or its agent under a mandate that <paramref name="covers"/> it. The agent
    /// is nobody of the acting side or of who gains, <paramref name="towards"/> whom the party gives something up, nor their agent or of their group: one hand does not
    /// sign for both.
    /// </summary>
    internal static PartyId? HandOf(LedgerState state, Act act, PartyId party, PartyId? towards, Func<Mandate, bool> covers)
    {
        if (IsSignedByActiveParty(state, act, party)) return party;
        if (state.Party(party) is not { Standing: Standing.Active }) return null;
        foreach (var signer in act.Signers)
        {
            if (SpeaksFor(state, signer.Party, act.Party, party) || IsHandOfSide(state, signer.Party, act.Agent, party)) continue;
            if ((towards is { } gainer && SpeaksFor(state, signer.Party, gainer, party)) || !IsSignedByActiveParty(state, act, signer.Party)) continue;
            if (state.Mandates(party, signer.Party).Any(mandate => mandate.Expires > state.Now && covers(mandate))) return signer.Party;
        }

        return null;
    }

    // Its own mouth, or somebody's whom it lets speak.
    static bool SpeaksFor(LedgerState state, PartyId signer, PartyId side, PartyId party) => IsHandOfSide(state, signer, side, party) || IsAgentOf(state, signer, side);

    /// <summary>
    /// Whether who would sign for <paramref name="party"/> is the other <paramref name="side"/> or of its group. Where the party is of that group itself, an
    /// affiliate is no other hand than its own; but not by the side's own word, which would let its group's hands sign for whoever it names. Where nothing is taken from the
    /// side, as by an objection, its <paramref name="ownWord"/> bars nobody either.
    /// </summary>
    internal static bool IsHandOfSide(LedgerState state, PartyId signer, PartyId side, PartyId party, bool ownWord = true) =>
        signer == side || (AreAffiliates(state, signer, side, ownWord) && !AreAffiliates(state, party, side, ownWord: false));

    /// <summary>
    /// Whoever answers for one side neither asked for the other nor is its agent or affiliate: nobody agrees with itself (民法典 168). <paramref name="hand"/> signed
    /// for the side that asked.
    /// </summary>
    internal static Verdict.Refused? JudgeOtherHand(LedgerState state, Act act, PartyId asked, PartyId hand) =>
        act.Agent != act.Party && act.Party != asked
        && (IsHandOfSide(state, act.Agent, hand, act.Party) || SpeaksFor(state, act.Agent, asked, act.Party))
            ? new(Refusal.OneHandForBothSides, Facts.None)
            : null;

    /// <summary>
    /// The same where one party lets go what another gains, and nobody answers: a release, a receipt, units given back. What only objects or asks takes nothing, and
    /// were an agent of both barred from it, the other side could bar it by a mandate of its own.
    /// </summary>
    internal static Verdict.Refused? JudgeOtherHand(LedgerState state, Act act, PartyId gainer) => JudgeOtherHand(state, act, gainer, gainer);

    // A member whose keys are lost, or that is suspended, vouches for nobody.
    // Nor does a checker speak for it alone.
    internal static bool IsSignedByActiveParty(LedgerState state, Act act, PartyId party) =>
        state.Party(party) is { Standing: Standing.Active } && IsSignedWith(state, act, party, static key => CanActAlone(key.Use, key.Role));

    internal static bool IsSignedByRecoveryKey(LedgerState state, Act act, PartyId party) =>
        IsSignedWith(state, act, party, static key => key.Use == KeyUse.Recovery);

    internal static bool IsSignedByLegalRepresentative(LedgerState state, Act act, PartyId party) =>
        IsSignedWith(state, act, party, static key => key is { Use: KeyUse.Signing, Role: KeyRole.LegalRepresentative });

    static bool IsSignedWith(LedgerState state, Act act, PartyId party, Func<PartyKey, bool> counts)
    {
        foreach (var signer in act.Signers)
        {
            if (signer.Party == party && state.Key(signer) is { } key && key.IsValidAt(state.Now) && counts(key)) return true;
        }

        return false;
    }
}
