using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>
/// <c>key.recover</c>: after a loss the party gets new keys at once, the named ones end, and it may act again. Its recovery key says so, or its
/// sponsor and a second bank do.
/// </summary>
public sealed record Recover(PartyId Party, ValueList<uint> Revoke, ValueList<NewKey> Keys) : Operation<Recover>, IVerb
{
    public static Verb Verb { get; } = new("key.recover", "恢复密钥", "recover keys");

    public override ValueList<UInt128> Makes(LedgerState state) => [];

    // The sponsor that reported the loss was the second word to the party's own recovery key.
    public override ValueList<Stake> Stakes(LedgerState state, Act act) => act.Party == Party ? [] : Stake.EverythingOf(act);

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Party(Party) is not { } party) return Verdict.No(Refusal.PartyNotFound, Party.Text);
        foreach (var number in Revoke)
        {
            var id = new KeyId(party.Id, number);
            if (state.Key(id) is not { } key) return Verdict.No(Refusal.KeyNotFound, id.ToString());
            if (key.Until <= state.Now) return Refusal.KeyAlreadyEnded;
        }

        if (party.Standing != Standing.KeysLost) return Refusal.KeysNotLost;
        if (!MayRecover(state, act, party)) return Refusal.RecoveryNotAuthorised;
        if (WhyNotKeys(state, Keys) is { } no) return no;
        var recovered = new KeysRecovered(party.Id, Revoke, Numbered(state, party.Id, party.LastKey, Keys));
        if (!HasActingKey(recovered.Enact(state), party.Id)) return Refusal.LastSigningKey;

        return recovered;
    }
}

public sealed record KeysRecovered(PartyId Party, ValueList<uint> Revoked, ValueList<PartyKey> Keys) : LedgerEvent<KeysRecovered>, IEvent
{
    public static (string Chinese, string English) Words => ("密钥已恢复", "keys recovered");

    public override LedgerState Enact(LedgerState state)
    {
        var party = PartyNamed(state, Party);
        var next = state.With(party with { Standing = Standing.Active, LastKey = party.LastKey + (uint)Keys.Count });
        foreach (var key in Keys) next = next.With(key);
        foreach (var number in Revoked) next = End(next, new(party.Id, number));
        return next;
    }

    public override IEnumerable<Told> Tells(LedgerState state) => [Details.Party.Is(Party), Details.Keys.Is(Keys.Select(static key => key.Id))];
}

public static partial class Rulebook
{
    internal static bool MayRecover(LedgerState state, Act act, Party party) =>
        act.Party == party.Id ? IsSignedByRecoveryKey(state, act, party.Id)
        : act.Party == party.Sponsor && IsSignedByTwoBanks(state, act, party);
}
