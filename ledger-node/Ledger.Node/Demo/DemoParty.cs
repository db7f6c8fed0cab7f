using Ledger.Client.Invoices;
using Ledger.Client.Signing;
using Ledger.Core.Primitives;

namespace Ledger.Node.Demo;

/// <summary>A party of the story with the key it signs with; none when it signs through its bank.</summary>
public sealed record DemoParty(string Letter, PartyId Id, string Name, SigningKey? Key)
{
    public KeyId KeyId => new(Id, 1);

    public InvoiceParty OnInvoice => new(Id, Name);

    public override string ToString() => $"{Letter} {Name}";
}
