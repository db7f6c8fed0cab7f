using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>
/// <c>party.account</c>: a party files the account that it is paid to (结算账号), as a salted digest. Its bank signs with it, for whoever moves the
/// account moves the money.
/// </summary>
public sealed record FileAccount(Hash256 Account) : Operation<FileAccount>, IVerb
{
    public static Verb Verb { get; } = new("party.account", "登记结算账号", "file a settlement account", IsForAgents: true);

    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => [Stake.Everything(act.Party)];

    public override Verdict Judge(LedgerState state, Act act)
    {
        var party = PartyNamed(state, act.Party);
        if (party.Has(Roles.Bank))
        {
            if (!HasSecondBank(state, act, party.Id)) return Refusal.SecondBankMissing;
        }

        // A sponsor that is also the party's agent would be one hand signing for both.
        else if (act.Agent == party.Sponsor || !IsSignedByActiveParty(state, act, party.Sponsor)) return Refusal.SponsorDidNotSign;

        return new AccountFiled(party.Id, Account);
    }
}

public sealed record AccountFiled(PartyId Party, Hash256 Account) : LedgerEvent<AccountFiled>, IEvent
{
    public static (string Chinese, string English) Words => ("结算账号已登记", "account filed");

    public override LedgerState Enact(LedgerState state) => state.With(PartyNamed(state, Party) with { Account = Account });

    public override IEnumerable<Told> Tells(LedgerState state) => [Details.Party.Is(Party)];
}
