using System.Diagnostics.CodeAnalysis;
using Ledger.Suites.Oprf;

namespace Ledger.Client.Signing;

/// <summary>A bank's share of the key under which tags of documents are made with other banks. It evaluates what is blinded, and does nothing else.</summary>
public sealed class PledgeShareKey : PrivateKey
{
    public const string UseName = "VOPRF-P256";

    PledgeShareKey(GroupScalar share)
        : base(UseName, share.PublicElement.ToPublicKey()) => Share = share;

    public GroupScalar Share { get; }

    public static PledgeShareKey Of(GroupScalar share) => new(share);

    public static bool TryRead(ReadOnlySpan<byte> scalar, [NotNullWhen(true)] out PledgeShareKey? key)
    {
        key = GroupScalar.TryRead(scalar, out var share) ? new(share) : null;
        return key is not null;
    }

    public override byte[] ToScalar() => Share.ToOctets();

    // The package's numbers cannot be wiped.
    protected override void Dispose(bool disposing)
    {
    }
}
