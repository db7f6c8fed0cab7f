using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;

namespace Ledger.Tests.Laws;

/// <summary>Whatever is there after an act and was not before, the act said that it makes, and its name says that it was made now.</summary>
static class MadeLaw
{
    public static void Holds(LedgerState before, SignedTransaction asked, Decision decision)
    {
        if (!decision.IsAccepted) return;
        var named = asked.Body.Operations.SelectMany(operation => operation.Makes(before)).ToHashSet();
        for (var change = decision.After.Changes; change != before.Changes && change is not null; change = change.Earlier)
        {
            if (change.Value is null || IsThere(before, change.Section, change.Key) is not { } place || place.IsThere) continue;
            Assert.Contains(place.Id, named);
            Assert.True(Uuid7.TryTimeOf(place.Id, out var made) && made >= before.Now.Add(-Timestamp.Day) && made <= before.Now.Add(10 * Timestamp.Minute), $"{change.Section}");
        }
    }

    // The records whose key, without the tag before it, is the id of a thing that somebody named.
    static (UInt128 Id, bool IsThere)? IsThere(LedgerState state, Section section, byte[] key)
    {
        var id = key.Length >= Id<object>.Size ? Id<object>.Read(key.AsSpan(key.Length - Id<object>.Size)).Value : default;
        return section switch
        {
            Section.Mandates => (id, state.Mandate(new(id)) is not null),
            Section.Documents => (id, state.Document(new Id<Core.Instruments.Document>(id)) is not null),
            Section.Instruments => (id, state.Instrument(new(id)) is not null),
            Section.Offers => (id, state.Offer(new(id)) is not null),
            Section.Financings => (id, state.Financing(new(id)) is not null),
            Section.Freezes => (id, state.Freeze(new(id)) is not null),
            Section.Lines when key[0] == 1 => (id, state.Line(new(id)) is not null),
            Section.Payments when key[0] == 3 => (id, state.Payment(new(id)) is not null),
            Section.Attestations when key[0] == 1 => (id, state.Attestation(new(id)) is not null),
            _ => null,
        };
    }
}
