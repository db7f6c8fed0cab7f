using System.Collections.Concurrent;
using System.Reflection;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Node.Views;

/// <summary>Which things and parties an operation or an event names, as the tables have them.</summary>
sealed class Mentions
{
    static readonly ConcurrentDictionary<Type, (Section Section, PropertyInfo? Value)> Ids = new();

    public HashSet<ThingKey> Things { get; } = [];

    public HashSet<PartyId> Parties { get; } = [];

    public void Read(object record)
    {
        foreach (var name in Touches.In(record))
        {
            switch (name)
            {
                case PartyId party: Add(party); break;
                case KeyId key: Add(key.Party); break;
                case Interval or Fingerprint: break;
                default: AddThing(name); break;
            }
        }
    }

    void AddThing(object name)
    {
        var (section, value) = Ids.GetOrAdd(name.GetType(), static type => (ThingKey.SectionOf(type.GetGenericArguments()[0]), type.GetProperty(nameof(Id<Instrument>.Value))));
        if (section != 0 && value?.GetValue(name) is UInt128 id && id != 0) Things.Add(ThingKey.Of(section, id));
    }

    void Add(PartyId party)
    {
        if (party != default) Parties.Add(party);
    }
}
