using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>
/// <c>key.rotate</c>: a party's key is followed by a new one of the same function, or, replacing none (0), the party gets a further key.
/// Signed by the recovery key or by two banks it holds at once; otherwise it waits, and can be vetoed, so that a thief of one key does not win the party.
/// </summary>
public sealed record RotateKey(PartyId Party, uint Replaces, NewKey Key) : Operation
{
    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => Stake.EverythingOf(act);
}

public sealed record KeyRotated(PartyKey Key) : LedgerEvent;

public static partial class Rulebook
{
    static Verdict Judge(LedgerState state, Act act, RotateKey rotate)
    {
        if (state.Party(rotate.Party) is not { } party) return Verdict.No(Refusal.PartyNotFound, rotate.Party.Text);
        var replaced = state.Key(new(party.Id, rotate.Replaces));
        if (replaced is null && rotate.Replaces != 0) return Verdict.No(Refusal.KeyNotFound, new KeyId(party.Id, rotate.Replaces).ToString());
        if (replaced is not null && replaced.Until <= state.Now) return Refusal.KeyAlreadyEnded;
        if (replaced is not null && IsChanging(state, replaced)) return Refusal.RotationPending;
        var byTwoBanks = IsSignedByTwoBanks(state, act, party);
        if (party.LastKey == 0 && !byTwoBanks) return Refusal.FirstKeyNeedsTwoBanks;
        if (act.Party != party.Id && !(act.Party == party.Sponsor && byTwoBanks)) return Refusal.RotationNotAuthorised;
        if (party.LastKey == 0 && !CanActAlone(rotate.Key.Use, rotate.Key.Role)) return Refusal.FirstKeyCannotAct;
        if (replaced is not null && (replaced.Use != rotate.Key.Use || replaced.Role != rotate.Key.Role)) return Refusal.KeyFunctionDiffers;
        if (WhyNotKeys(state, [rotate.Key]) is { } no) return no;

        var atOnce = byTwoBanks || IsSignedByRecoveryKey(state, act, party.Id);
        var delay = state.Rules[RuleParameter.RotationDelayHours] * Timestamp.Hour;
        return new KeyRotated(new PartyKey(
            new(party.Id, party.LastKey + 1), rotate.Key.PublicKey, rotate.Key.Use, rotate.Key.Role, rotate.Key.Person,
            From: atOnce ? state.Now : state.Now.Add(delay).CeilingMinute(), PartyKey.Forever, rotate.Replaces));
    }

    static LedgerState Enact(LedgerState state, KeyRotated rotated)
    {
        var key = rotated.Key;
        var next = state.With(PartyNamed(state, key.Id.Party) with { LastKey = key.Id.Number }).With(key);
        return key.Replaces == 0 ? next : next.With(KeyNamed(state, new(key.Id.Party, key.Replaces)) with { Until = key.From });
    }

    // Either the key waits itself, or one waits to follow it: nothing else gives a living key an end.
    static bool IsChanging(LedgerState state, PartyKey key) => key.From > state.Now || key.Until != PartyKey.Forever;
}
