using System.Collections.Frozen;
using System.Diagnostics;
using Ledger.Core.State;

namespace Ledger.Client.Text;

/// <summary>What people call that which an act made happen; the names are those of an answer's effects, and the words those of the events themselves.</summary>
public static class EventText
{
    static readonly FrozenDictionary<string, Word> Words = typeof(LedgerEvent).Assembly.GetTypes()
        .Where(static type => type.IsAssignableTo(typeof(IEvent)) && type.IsClass)
        .ToFrozenDictionary(LedgerEvent.KindOf, WordOf);

    public static Word? Find(string name) => Words.GetValueOrDefault(name);

    static Word WordOf(Type type) =>
        type.GetProperty(nameof(IEvent.Words))?.GetValue(null) is (string chinese, string english) ? new(chinese, english) : throw new UnreachableException(type.Name);
}
