using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Node.Access;

/// <summary>
/// What an operation names. Whatever a verb calls its members, ids of one type mean one thing: so no verb can name a party, a noun or units without being
/// understood, and a test holds every verb to that.
/// </summary>
static class Naming
{
    static readonly ConcurrentDictionary<Type, PropertyInfo[]> Members = new();

    /// <summary>Every party, key, id, fingerprint and run of units in it, also within lists and records that it has.</summary>
    public static IEnumerable<object> In(object whole)
    {
        foreach (var member in MembersOf(whole.GetType()))
        {
            if (member.GetValue(whole) is not { } value) continue;
            foreach (var name in Within(value)) yield return name;
        }
    }

    /// <summary>Whether values of a type say what an operation is about; otherwise they only say how.</summary>
    public static bool IsName(Type type) =>
        type == typeof(PartyId) || type == typeof(KeyId) || type == typeof(Fingerprint) || type == typeof(Interval)
        || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Id<>));

    /// <summary>Whether a type has names in it that stand in its own members.</summary>
    public static bool IsRecord(Type type) =>
        type.Namespace is "Ledger.Core.Instruments" or "Ledger.Core.Parties" or "Ledger.Core.Rules" or "Ledger.Core.State" or "Ledger.Core.Interest"
        && !type.IsEnum && !IsName(type);

    /// <summary>What stands under a name, or nothing. Parties and their keys are everybody's who has a pass.</summary>
    public static IEnumerable<object> Nouns(LedgerState state, object name) => ((object?[])(name switch
    {
        PartyId or KeyId or Interval => [],
        Fingerprint => [],
        Id<Transaction> => [],
        Id<Instrument> id => [state.Instrument(id)],
        Id<Offer> id => [state.Offer(id), state.Pledge(id)],
        Id<Document> id => [state.Document(id)],
        Id<Freeze> id => [state.Freeze(id)],
        Id<Measure> id => [state.Measure(id)],
        Id<Financing> id => [state.Financing(id)],
        Id<CreditLine> id => [state.Line(id)],
        Id<Payment> id => [state.Payment(id)],
        Id<Attestation> id => [state.Attestation(id)],
        Id<Mandate> id => [state.Mandate(id)],
        _ => throw new System.Diagnostics.UnreachableException(name.GetType().Name),
    })).OfType<object>();

    static IEnumerable<object> Within(object value)
    {
        var type = value.GetType();
        if (IsName(type)) return [value];
        if (value is string) return [];
        if (value is IEnumerable many) return many.Cast<object>().SelectMany(Within);
        return IsRecord(type) ? In(value) : [];
    }

    static PropertyInfo[] MembersOf(Type type) =>
        Members.GetOrAdd(type, static type => [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(one => one.GetIndexParameters().Length == 0)]);
}
