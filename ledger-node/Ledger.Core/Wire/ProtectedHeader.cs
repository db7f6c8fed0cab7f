using Ledger.Core.Primitives;

namespace Ledger.Core.Wire;

/// <summary>The protected header of a signature (RFC 7515): these members and no others.</summary>
public sealed record ProtectedHeader(string Alg, KeyId Kid, string Typ, Hash256 Chain, ValueList<KeyId> Signers)
{
    public const string TransactionType = "ledger-tx";
}
