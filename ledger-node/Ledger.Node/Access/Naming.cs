using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Node.Access;

/// <summary>What the ledger has under the names in an operation.</summary>
static class Naming
{
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
}
