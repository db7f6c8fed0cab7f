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

    // Longer chains of newcomers that brought each other in are not followed; each link took two banks.
    const int MostSponsors = 32;

    /// <summary>
    /// Whether two parties are hands of their own: neither is the other, belongs to the same house or signs for the other. Who is affiliated with whom is
    /// to be asked here too, once the ledger knows it.
    /// </summary>
    internal static bool AreIndependent(LedgerState state, PartyId one, PartyId other) =>
        HouseOf(state, one) != HouseOf(state, other) && !IsAgentOf(state, one, other) && !IsAgentOf(state, other, one);

    /// <summary>Whether an institution is independent of who gains by its word. That one's bank is not: it holds the account that fills.</summary>
    static bool IsIndependentOfGainer(LedgerState state, PartyId institution, PartyId gainer)
    {
        var bank = state.Party(gainer) is { } party && !party.Has(Roles.Bank) ? party.Sponsor : gainer;
        return AreIndependent(state, institution, gainer) && HouseOf(state, institution) != HouseOf(state, bank);
    }

    /// <summary>A newcomer counts as the hand of the bank that brought it in, for as long as the rules say: nobody makes the second word for its own.</summary>
    static PartyId HouseOf(LedgerState state, PartyId id)
    {
        for (var steps = 0; steps < MostSponsors && state.Party(id) is { } party && IsNewcomer(state, party); steps++) id = party.Sponsor;
        return id;
    }

    // Founders have no day on which they came: the consortium agreed on them.
    static bool IsNewcomer(LedgerState state, Party party) =>
        party.RegisteredOn != default && state.Today.DayNumber - party.RegisteredOn.DayNumber < state.Rules[RuleParameter.IndependenceDays];

    /// <summary>Whether a party signs for another under a mandate, and so is no third party to what that one does.</summary>
    static bool IsAgentOf(LedgerState state, PartyId agent, PartyId principal) => state.Mandates(principal, agent).Any(mandate => mandate.Expires > state.Now);

    /// <summary>The institutions that sign, if two of them are independent of each other and of whoever gains; none otherwise.</summary>
    internal static ValueList<PartyId> TwoInstitutions(LedgerState state, Act act, params ReadOnlySpan<PartyId> gainers)
    {
        var signing = new SortedSet<PartyId>();
        foreach (var signer in act.Signers)
        {
            if (SignsAs(state, act, signer.Party, Institutions)) signing.Add(signer.Party);
        }

        var free = new List<PartyId>();
        foreach (var one in signing)
        {
            if (!IsIndependentOf(state, one, gainers)) continue;
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

    static bool IsIndependentOf(LedgerState state, PartyId institution, ReadOnlySpan<PartyId> gainers)
    {
        foreach (var gainer in gainers)
        {
            if (!IsIndependentOfGainer(state, institution, gainer)) return false;
        }

        return true;
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
