using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>
/// <c>key.recover</c>: after a loss the party gets new keys at once, the named ones end, and it may act again. Its recovery key says so, or its
/// sponsor and a second bank do.
/// </summary>
public sealed record Recover(PartyId Party, ValueList<uint> Revoke, ValueList<NewKey> Keys) : Operation
{
    // The sponsor that reported the loss was the second word to the party's own recovery key.
    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => act.Party == Party ? [] : Stake.EverythingOf(act);
}

public sealed record KeysRecovered(PartyId Party, ValueList<uint> Revoked, ValueList<PartyKey> Keys) : LedgerEvent;

public static partial class Rulebook
{
    static Verdict Judge(LedgerState state, Act act, Recover recover)
    {
        if (state.Party(recover.Party) is not { } party) return Verdict.No(Refusal.PartyNotFound, recover.Party.Text);
        foreach (var number in recover.Revoke)
        {
            var id = new KeyId(party.Id, number);
            if (state.Key(id) is not { } key) return Verdict.No(Refusal.KeyNotFound, id.ToString());
            if (key.Until <= state.Now) return Refusal.KeyAlreadyEnded;
        }

        if (party.Standing != Standing.KeysLost) return Refusal.KeysNotLost;
        if (!MayRecover(state, act, party)) return Refusal.RecoveryNotAuthorised;
        if (WhyNotKeys(state, recover.Keys) is { } no) return no;
        var recovered = new KeysRecovered(party.Id, recover.Revoke, Numbered(state, party.Id, party.LastKey, recover.Keys));
        if (!HasActingKey(Enact(state, recovered), party.Id)) return Refusal.LastSigningKey;

        return recovered;
    }

    static LedgerState Enact(LedgerState state, KeysRecovered recovered)
    {
        var party = PartyNamed(state, recovered.Party);
        var next = state.With(party with { Standing = Standing.Active, LastKey = party.LastKey + (uint)recovered.Keys.Count });
        foreach (var key in recovered.Keys) next = next.With(key);
        foreach (var number in recovered.Revoked) next = End(next, new(party.Id, number));
        return next;
    }

    static bool MayRecover(LedgerState state, Act act, Party party) =>
        act.Party == party.Id ? IsSignedByRecoveryKey(state, act, party.Id)
        : act.Party == party.Sponsor && IsSignedByTwoBanks(state, act, party);
}
