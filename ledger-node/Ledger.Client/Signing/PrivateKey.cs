using System.Diagnostics.CodeAnalysis;
using Ledger.Core.Primitives;
using Ledger.Suites;

namespace Ledger.Client.Signing;

/// <summary>What a key file can hold: a signing key, a sealing key, one of EVM chains or a share of a pledge key, 32 secret bytes and a 65-byte point.</summary>
public abstract class PrivateKey : IDisposable
{
    public const int ScalarSize = 32;

    private protected PrivateKey(string use, ByteString publicKey) => (Use, PublicKey) = (use, publicKey);

    /// <summary>The suite's name for a signing key, <c>ECDH-ES</c> for a sealing key, <c>secp256k1</c> for one of EVM chains, <c>VOPRF-P256</c> for a share.</summary>
    public string Use { get; }

    /// <summary>The uncompressed point, 65 bytes.</summary>
    public ByteString PublicKey { get; }

    /// <summary>False if the use is unknown or the scalar is not a private key of it.</summary>
    public static bool TryRead(string use, ReadOnlySpan<byte> scalar, [NotNullWhen(true)] out PrivateKey? key)
    {
        key = null;
        if (use == SealingKey.UseName) key = SealingKey.TryRead(scalar, out var sealing) ? sealing : null;
        else if (use == EvmKey.UseName) key = EvmKey.TryRead(scalar, out var paying) ? paying : null;
        else if (use == PledgeShareKey.UseName) key = PledgeShareKey.TryRead(scalar, out var share) ? share : null;
        else if (KnownSuites.Find(use) is { } suite) key = SigningKey.TryRead(suite, scalar, out var signing) ? signing : null;
        return key is not null;
    }

    /// <summary>The secret itself, 32 bytes big-endian; whoever asks for it wipes it.</summary>
    public abstract byte[] ToScalar();

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);
}
