using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary><c>key.revoke</c>: a party ends one of its keys now. What the key signed before stays valid (电子签名法 15).</summary>
public sealed record RevokeKey(uint Key) : Operation
{
    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => [Stake.Everything(act.Party)];
}

public sealed record KeyRevoked(KeyId Key) : LedgerEvent;

public static partial class Rulebook
{
    static Verdict Judge(LedgerState state, Act act, RevokeKey revoke)
    {
        var id = new KeyId(act.Party, revoke.Key);
        if (state.Key(id) is not { } key) return Verdict.No(Refusal.KeyNotFound, id.ToString());
        if (key.Until <= state.Now) return Refusal.KeyAlreadyEnded;
        var revoked = new KeyRevoked(id);
        if (!HasActingKey(Enact(state, revoked), act.Party)) return Refusal.LastSigningKey;

        return revoked;
    }

    static LedgerState Enact(LedgerState state, KeyRevoked revoked) => End(state, revoked.Key);
}
