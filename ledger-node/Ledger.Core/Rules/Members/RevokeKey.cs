using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary><c>key.revoke</c>: a party ends one of its keys now. What the key signed before stays valid (电子签名法 15).</summary>
public sealed record RevokeKey(uint Key) : Operation<RevokeKey>, IVerb
{
    public static Verb Verb { get; } = new("key.revoke", "撤销密钥", "revoke a key");

    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => [Stake.Everything(act.Party)];

    public override Verdict Judge(LedgerState state, Act act)
    {
        var id = new KeyId(act.Party, Key);
        if (state.Key(id) is not { } key) return Verdict.No(Refusal.KeyNotFound, id.ToString());
        if (key.Until <= state.Now) return Refusal.KeyAlreadyEnded;
        var revoked = new KeyRevoked(id);
        if (!HasActingKey(revoked.Enact(state), act.Party)) return Refusal.LastSigningKey;

        return revoked;
    }
}

public sealed record KeyRevoked(KeyId Key) : LedgerEvent<KeyRevoked>, IEvent
{
    public static (string Chinese, string English) Words => ("密钥已撤销", "key revoked");

    public override LedgerState Enact(LedgerState state) => End(state, Key);

    public override IEnumerable<Told> Tells(LedgerState state) => [Details.Key.Is(Key)];
}
