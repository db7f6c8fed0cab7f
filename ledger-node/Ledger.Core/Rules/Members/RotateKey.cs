using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>
/// <c>key.rotate</c>: a party's key is followed by a new one of the same function, or, replacing none (0), the party gets a further key.
/// Signed by the recovery key or by two banks it holds at once; otherwise it waits, and can be vetoed, so that a thief of one key does not win the party.
/// </summary>
public sealed record RotateKey(PartyId Party, uint Replaces, NewKey Key) : Operation<RotateKey>, IVerb
{
    public static Verb Verb { get; } = new("key.rotate", "更换密钥", "rotate a key");

    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => Stake.EverythingOf(act);

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Party(Party) is not { } party) return Verdict.No(Refusal.PartyNotFound, Party.Text);
        var replaced = state.Key(new(party.Id, Replaces));
        if (replaced is null && Replaces != 0) return Verdict.No(Refusal.KeyNotFound, new KeyId(party.Id, Replaces).ToString());
        if (replaced is not null && replaced.Until <= state.Now) return Refusal.KeyAlreadyEnded;
        if (replaced is not null && IsChanging(state, replaced)) return Refusal.RotationPending;
        var byTwoBanks = IsSignedByTwoBanks(state, act, party);
        if (party.LastKey == 0 && !byTwoBanks) return Refusal.FirstKeyNeedsTwoBanks;
        if (act.Party != party.Id && !(act.Party == party.Sponsor && byTwoBanks)) return Refusal.RotationNotAuthorised;
        if (party.LastKey == 0 && !CanActAlone(Key.Use, Key.Role)) return Refusal.FirstKeyCannotAct;
        if (replaced is not null && (replaced.Use != Key.Use || replaced.Role != Key.Role)) return Refusal.KeyFunctionDiffers;
        if (WhyNotKeys(state, [Key]) is { } no) return no;

        var atOnce = byTwoBanks || IsSignedByRecoveryKey(state, act, party.Id);
        var delay = state.Rules[RuleParameter.RotationDelayHours] * Timestamp.Hour;
        return new KeyRotated(new PartyKey(
            new(party.Id, party.LastKey + 1), Key.PublicKey, Key.Use, Key.Role, Key.Person,
            From: atOnce ? state.Now : state.Now.Add(delay).CeilingMinute(), PartyKey.Forever, Replaces));
    }
}

public sealed record KeyRotated(PartyKey Key) : LedgerEvent<KeyRotated>, IEvent
{
    public static (string Chinese, string English) Words => ("密钥已更换", "key rotated");

    public override LedgerState Enact(LedgerState state)
    {
        var next = state.With(PartyNamed(state, Key.Id.Party) with { LastKey = Key.Id.Number }).With(Key);
        return Key.Replaces == 0 ? next : next.With(KeyNamed(state, new(Key.Id.Party, Key.Replaces)) with { Until = Key.From });
    }

    public override IEnumerable<Told> Tells(LedgerState state) => [Details.Key.Is(Key.Id), Details.FromTime.Is(Key.From)];
}

public static partial class Rulebook
{
    // Either the key waits itself, or one waits to follow it: nothing else gives a living key an end.
    internal static bool IsChanging(LedgerState state, PartyKey key) => key.From > state.Now || key.Until != PartyKey.Forever;
}
