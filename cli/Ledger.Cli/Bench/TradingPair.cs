using Ledger.Client.Signing;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;

namespace Ledger.Cli.Bench;

/// <summary>A receivable that is cut into parts, and the invoice by which its holder owes the receiver.</summary>
sealed record Prepared(Id<Instrument> Instrument, Id<Document> Invoice);

/// <summary>A supplier that passes units on to a receiver, with their keys and the receivables that were prepared for them.</summary>
sealed record TradingPair(PartyId Supplier, SigningKey SupplierKey, PartyId Receiver, SigningKey ReceiverKey) : IDisposable
{
    public List<Prepared> Receivables { get; } = [];

    public void Dispose()
    {
        SupplierKey.Dispose();
        ReceiverKey.Dispose();
    }
}
