using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

public static partial class Rulebook
{
    const int LongestPerson = 64;

    /// <summary>Why these public keys cannot be registered, or null.</summary>
    internal static Verdict? WhyNotKeys(LedgerState state, ValueList<NewKey> keys)
    {
        for (var i = 0; i < keys.Count; i++)
        {
            if (!IsPseudonym(keys[i].Person)) return TextIsInvalid("person");
            if (!keys[i].IsPointOfItsCurve(state.Chain.Suite)) return Refusal.PublicKeyInvalid;
            if (state.IsKnown(keys[i].PublicKey)) return Refusal.PublicKeyInUse;
            for (var earlier = 0; earlier < i; earlier++)
            {
                if (keys[earlier].PublicKey == keys[i].PublicKey) return Refusal.PublicKeyInUse;
            }
        }

        return null;
    }

    /// <summary>Keys that are valid at once, numbered after the last one that the party ever had.</summary>
    internal static ValueList<PartyKey> Numbered(LedgerState state, PartyId party, uint lastKey, ValueList<NewKey> keys)
    {
        var numbered = new PartyKey[keys.Count];
        for (var i = 0; i < keys.Count; i++)
        {
            var id = new KeyId(party, lastKey + 1 + (uint)i);
            numbered[i] = new(id, keys[i].PublicKey, keys[i].Use, keys[i].Role, keys[i].Person, state.Now, PartyKey.Forever, Replaces: 0);
        }

        return [.. numbered];
    }

    internal static bool CanActAlone(KeyUse use, KeyRole role) => use == KeyUse.Signing && role != KeyRole.Checker;

    /// <summary>Whether the party can still act for itself: without such a key it could not even name another.</summary>
    internal static bool HasActingKey(LedgerState state, PartyId party)
    {
        for (uint number = 1; number <= PartyNamed(state, party).LastKey; number++)
        {
            var key = KeyNamed(state, new(party, number));
            if (CanActAlone(key.Use, key.Role) && key.IsValidAt(state.Now)) return true;
        }

        return false;
    }

    /// <summary>
    /// Ends a key now; what it signed before stays valid. A key that has not begun ends before its beginning, so it is never valid, and the key
    /// that it was to follow goes on as before: otherwise that one would run out with nothing to follow it. One that waits to follow the key ends with it:
    /// whoever no longer trusts a key does not wait for what was named with it.
    /// </summary>
    internal static LedgerState End(LedgerState state, KeyId id)
    {
        var key = KeyNamed(state, id);
        var next = state.With(key with { Until = state.Now });
        if (key.From <= state.Now) return Successor(state, key) is { } waiting ? next.With(waiting with { Until = state.Now }) : next;
        if (key.Replaces == 0) return next;

        // Another end than the one that this rotation set is a revocation, and no veto undoes that.
        var replaced = KeyNamed(state, new(id.Party, key.Replaces));
        return replaced.Until == key.From ? next.With(replaced with { Until = PartyKey.Forever }) : next;
    }

    // Only a key that waits gives a living one an end.
    static PartyKey? Successor(LedgerState state, PartyKey key)
    {
        if (key.Until == PartyKey.Forever) return null;
        for (var number = PartyNamed(state, key.Id.Party).LastKey; number > key.Id.Number; number--)
        {
            var later = KeyNamed(state, new(key.Id.Party, number));
            if (later.Replaces == key.Id.Number && later.From > state.Now && later.Until > state.Now) return later;
        }

        return null;
    }

    /// <summary>A person is named by letters and digits that tell nobody who that is.</summary>
    public static bool IsPseudonym(string person)
    {
        if (person.Length is 0 or > LongestPerson) return false;
        foreach (var character in person)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('-' or '.' or '_')) return false;
        }

        return true;
    }

    internal static Verdict.Refused TextIsInvalid(string field) => new Verdict.Refused(Refusal.TextInvalid, new Facts(Reason: field));
}
