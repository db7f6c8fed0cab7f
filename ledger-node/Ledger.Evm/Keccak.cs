using Ledger.Core.Primitives;
using Nethereum.Util;

namespace Ledger.Evm;

/// <summary>Keccak-256, the hash of EVM chains; its padding is not that of SHA-3.</summary>
public static class Keccak
{
    public static Hash256 Hash(ReadOnlySpan<byte> octets) => Hash256.Read(new Sha3Keccack().CalculateHash(octets.ToArray()));
}
