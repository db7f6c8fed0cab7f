using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;

namespace Ledger.Node.Views;

/// <summary>
/// Which things an operation or an event names. It is read off the members of the records themselves, so that a new verb is found without being
/// listed here. Legs are passed over: whom a unit came from long ago has no part in what happens to it now.
/// </summary>
sealed class Mentions
{
    static readonly ConcurrentDictionary<Type, Action<object, Mentions>[]> Readers = new();

    public HashSet<ThingKey> Things { get; } = [];

    public HashSet<PartyId> Parties { get; } = [];

    public List<Interval> Units { get; } = [];

    public void Read(object record)
    {
        foreach (var read in Readers.GetOrAdd(record.GetType(), ReadersOf)) read(record, this);
    }

    static Action<object, Mentions>[] ReadersOf(Type type) =>
    [
        .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetIndexParameters().Length == 0)
            .Select(property => (property, Read: ReaderOf(property.PropertyType)))
            .Where(one => one.Read is not null)
            .Select(one => (Action<object, Mentions>)((record, mentions) =>
            {
                if (one.property.GetValue(record) is { } value) one.Read?.Invoke(value, mentions);
            })),
    ];

    static Action<object, Mentions>? ReaderOf(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(PartyId)) return static (value, mentions) => mentions.Add((PartyId)value);
        if (type == typeof(KeyId)) return static (value, mentions) => mentions.Add(((KeyId)value).Party);
        if (type == typeof(Interval)) return static (value, mentions) => mentions.Units.Add((Interval)value);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Id<>))
        {
            var section = ThingKey.SectionOf(type.GetGenericArguments()[0]);
            if (section == 0) return null;
            var valueOf = type.GetProperty(nameof(Id<Instrument>.Value));
            return (value, mentions) =>
            {
                if (valueOf?.GetValue(value) is UInt128 id && id != 0) mentions.Things.Add(ThingKey.Of(section, id));
            };
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueList<>))
        {
            if (ReaderOf(type.GetGenericArguments()[0]) is not { } each) return null;
            return (value, mentions) =>
            {
                foreach (var item in (IEnumerable)value) each(item, mentions);
            };
        }

        if (type == typeof(Leg) || type == typeof(EarlierLeg) || type.Namespace is not { } space || type.IsEnum) return null;
        if (!space.StartsWith("Ledger.Core.Instruments", StringComparison.Ordinal) && !space.StartsWith("Ledger.Core.Rules", StringComparison.Ordinal)
            && type != typeof(Party) && type != typeof(Mandate) && type != typeof(Measure)) return null;
        return static (value, mentions) => mentions.Read(value);
    }

    void Add(PartyId party)
    {
        if (party != default) Parties.Add(party);
    }
}
