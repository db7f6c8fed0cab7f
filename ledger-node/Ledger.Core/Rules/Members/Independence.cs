using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

// Whose word counts beside another's. Every verb that asks for a second institution, a reviewer or a third party asks here, so that none can be its own puppet.
public static partial class Rulebook
{
    /// <summary>On whose word units move against or without their holder.</summary>
    internal const Roles Institutions = Roles.Bank | Roles.Operator;

    const Roles Reviewers = Roles.Bank | Roles.Operator | Roles.Platform;

    // Whoever stands further behind is not looked for; each link to there took two banks, or was somebody's word against itself.
    const int MostBehind = 64;

    /// <summary>What makes one hand of two parties.</summary>
    [Flags]
    enum Ties
    {
        /// <summary>A newcomer counts as the hand of the bank that brought it in, for as long as the rules say: nobody makes the second word for its own.</summary>
        Sponsors = 1,

        /// <summary>Who is controlled counts as its controller's hand, for as long as the rules say after that is over too (关联方, 公司法 265).</summary>
        Controllers = 2,

        All = 3,
    }

    /// <summary>Whether two parties are hands of their own: neither is the other, stands behind the same party or signs for the other.</summary>
    internal static bool AreIndependent(LedgerState state, PartyId one, PartyId other) =>
        !AreTied(state, one, other, Ties.All) && !IsAgentOf(state, one, other) && !IsAgentOf(state, other, one);

    /// <summary>Whether an institution is independent of who gains by its word. That one's bank is not: it holds the account that fills.</summary>
    static bool IsIndependentOfGainer(LedgerState state, PartyId institution, PartyId gainer)
    {
        var bank = state.Party(gainer) is { } party && !party.Has(Roles.Bank) ? party.Sponsor : gainer;
        return AreIndependent(state, institution, gainer) && !AreTied(state, institution, bank, Ties.All);
    }

    /// <summary>
    /// Whether two parties are in one group, or one party. Without its <paramref name="ownWord"/> nobody behind the other is believed what it says of itself: that makes no
    /// affiliate of who did not say so too.
    /// </summary>
    internal static bool AreAffiliates(LedgerState state, PartyId one, PartyId other, bool ownWord = true) => AreTied(state, one, other, Ties.Controllers, ownWord);

    static bool AreTied(LedgerState state, PartyId one, PartyId other, Ties ties, bool ownWord = true) =>
        one == other || HaveOneInCommon(Behind(state, one, ties), Behind(state, other, ties, ownWord));

    // Behind most there is nobody but they.
    static bool HaveOneInCommon(List<PartyId> some, List<PartyId> others)
    {
        foreach (var party in some)
        {
            if (others.Contains(party)) return true;
        }

        return false;
    }

    // A party, whoever stands behind it, and whoever stands behind those: nearest first. Who is named as a controller need be no party.
    static List<PartyId> Behind(LedgerState state, PartyId party, Ties ties, bool ownWord = true)
    {
        var behind = new List<PartyId> { party };
        for (var i = 0; i < behind.Count; i++)
        {
            if ((ties & Ties.Sponsors) != 0 && state.Party(behind[i]) is { } known && IsNewcomer(state, known)) Add(known.Sponsor);
            if ((ties & Ties.Controllers) == 0 || state.Control(behind[i]) is not { } control) continue;
            if (ownWord || !control.IsOwnWord) Add(control.Controller);
            foreach (var former in control.Former)
            {
                if (StillCounts(state, former.Until)) Add(former.Controller);
            }
        }

        return behind;

        void Add(PartyId next)
        {
            if (next != default && behind.Count < MostBehind && !behind.Contains(next)) behind.Add(next);
        }
    }

    // Founders have no day on which they came: the consortium agreed on them.
    static bool IsNewcomer(LedgerState state, Party party) => party.RegisteredOn != default && StillCounts(state, party.RegisteredOn);

    /// <summary>Whether a tie that began or ended on a day still makes one hand of two parties.</summary>
    internal static bool StillCounts(LedgerState state, DateOnly since) => state.Today.DayNumber - since.DayNumber < state.Rules[RuleParameter.IndependenceDays];

    /// <summary>Whether a party signs for another under a mandate, and so is no third party to what that one does.</summary>
    static bool IsAgentOf(LedgerState state, PartyId agent, PartyId principal) => state.Mandates(principal, agent).Any(mandate => mandate.Expires > state.Now);

    /// <summary>The institutions that sign, if two of them are independent of each other and of whoever gains; none otherwise.</summary>
    internal static ValueList<PartyId> TwoInstitutions(LedgerState state, Act act, params PartyId[] gainers) =>
        TwoInstitutionsOf(state, act, institution => gainers.All(gainer => IsIndependentOfGainer(state, institution, gainer)));

    /// <summary>
    /// Those that say something about a party which it may not like. It keeps none away by its own word, by which it could make any of them its agent or
    /// affiliate; it and who brought it in speak for it anyhow.
    /// </summary>
    internal static ValueList<PartyId> TwoInstitutionsAbout(LedgerState state, Act act, PartyId party) =>
        TwoInstitutionsOf(state, act, institution => !AreTied(state, institution, party, Ties.Sponsors));

    static ValueList<PartyId> TwoInstitutionsOf(LedgerState state, Act act, Func<PartyId, bool> counts)
    {
        var signing = new SortedSet<PartyId>();
        foreach (var signer in act.Signers)
        {
            if (SignsAs(state, act, signer.Party, Institutions)) signing.Add(signer.Party);
        }

        var free = new List<PartyId>();
        foreach (var one in signing)
        {
            if (!counts(one)) continue;
            foreach (var other in free)
            {
                if (AreIndependent(state, other, one)) return [.. signing];
            }

            free.Add(one);
        }

        return [];
    }

    /// <summary>An institution that signs beside the acting one and is independent of it; null where none does.</summary>
    internal static PartyId? SecondInstitution(LedgerState state, Act act)
    {
        foreach (var signer in act.Signers)
        {
            if (SignsAs(state, act, signer.Party, Institutions) && AreIndependent(state, act.Party, signer.Party)) return signer.Party;
        }

        return null;
    }

    /// <summary>What institutions that sign beside two sides, and for neither of them, vouch for by that.</summary>
    internal static ValueList<Stake> Vouching(LedgerState state, Act act, PartyId side, PartyId other, Currency currency, Amount amount)
    {
        var vouching = new SortedSet<PartyId>();
        foreach (var signer in act.Signers)
        {
            var id = signer.Party;
            if (id != side && id != other && state.Party(id)?.Has(Institutions) == true && !IsAgentOf(state, id, side) && !IsAgentOf(state, id, other)) vouching.Add(id);
        }

        return [.. vouching.Select(id => new Stake(id, null, currency, amount))];
    }

    /// <summary>Whether a bank signs that is independent of all of these: a second word beside the first of them.</summary>
    internal static bool HasSecondBank(LedgerState state, Act act, params ReadOnlySpan<PartyId> others)
    {
        foreach (var signer in act.Signers)
        {
            if (SignsAs(state, act, signer.Party, Roles.Bank) && AreAllIndependent(state, signer.Party, others)) return true;
        }

        return false;
    }

    static bool AreAllIndependent(LedgerState state, PartyId institution, ReadOnlySpan<PartyId> others)
    {
        foreach (var other in others)
        {
            if (!AreIndependent(state, institution, other)) return false;
        }

        return true;
    }

    internal static bool SignsAs(LedgerState state, Act act, PartyId party, Roles roles) => state.Party(party)?.Has(roles) == true && IsSignedByActiveParty(state, act, party);
}
