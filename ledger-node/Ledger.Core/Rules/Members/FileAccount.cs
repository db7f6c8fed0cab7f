using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>
/// <c>party.account</c>: a party files the account that it is paid to (结算账号), as a salted digest. Its bank signs with it, for whoever moves the
/// account moves the money.
/// </summary>
public sealed record FileAccount(Hash256 Account) : Operation
{
    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => [Stake.Everything(act.Party)];
}

public sealed record AccountFiled(PartyId Party, Hash256 Account) : LedgerEvent;

public static partial class Rulebook
{
    static Verdict Judge(LedgerState state, Act act, FileAccount file)
    {
        var party = PartyNamed(state, act.Party);
        if (party.Has(Roles.Bank))
        {
            if (!HasSecondBank(state, act, party.Id)) return Refusal.SecondBankMissing;
        }

        // A sponsor that is also the party's agent would be one hand signing for both.
        else if (act.Agent == party.Sponsor || !IsSignedByActiveParty(state, act, party.Sponsor)) return Refusal.SponsorDidNotSign;

        return new AccountFiled(party.Id, file.Account);
    }

    static LedgerState Enact(LedgerState state, AccountFiled filed) => state.With(PartyNamed(state, filed.Party) with { Account = filed.Account });
}
