using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;

namespace Ledger.Node.Views;

/// <summary>
/// What an operation or an event names: parties, keys, things by their ids, fingerprints and units. It is read off the members of the records themselves, and
/// whatever a verb calls them, ids of one type mean one thing: so no verb can name anything without being understood, and none lists it.
/// </summary>
static class Touches
{
    static readonly ConcurrentDictionary<Type, Member[]> Members = new();

    /// <summary>Every name in a record, also within lists and records that it has, in the order of its members.</summary>
    public static IReadOnlyList<object> In(object record)
    {
        var names = new List<object>();
        Read(record, names);
        return names;
    }

    /// <summary>Whether values of a type say what an operation is about; otherwise they only say how.</summary>
    public static bool IsName(Type type) =>
        type == typeof(PartyId) || type == typeof(KeyId) || type == typeof(Fingerprint) || type == typeof(Interval)
        || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Id<>));

    /// <summary>Whether a type has names in it that stand in its own members. Legs are passed over: whom a unit came from long ago has no part in what happens to it now.</summary>
    public static bool IsRecord(Type type) =>
        type.Namespace is "Ledger.Core.Instruments" or "Ledger.Core.Parties" or "Ledger.Core.Rules" or "Ledger.Core.State" or "Ledger.Core.Interest"
        && !type.IsEnum && !IsName(type) && type != typeof(Leg) && type != typeof(EarlierLeg);

    static void Read(object record, List<object> names)
    {
        foreach (var (property, add) in Members.GetOrAdd(record.GetType(), MembersOf))
        {
            if (property.GetValue(record) is { } value) add(value, names);
        }
    }

    static Member[] MembersOf(Type type) =>
    [
        .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetIndexParameters().Length == 0 && AdderOf(property.PropertyType) is not null)
            .Select(property => new Member(property, AdderOf(property.PropertyType) ?? throw new System.Diagnostics.UnreachableException())),
    ];

    static Action<object, List<object>>? AdderOf(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (IsName(type)) return static (value, names) => names.Add(value);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueList<>))
        {
            if (AdderOf(type.GetGenericArguments()[0]) is not { } add) return null;
            return (value, names) =>
            {
                foreach (var item in (IEnumerable)value) add(item, names);
            };
        }

        return IsRecord(type) ? static (value, names) => Read(value, names) : null;
    }

    readonly record struct Member(PropertyInfo Property, Action<object, List<object>> Add);
}
