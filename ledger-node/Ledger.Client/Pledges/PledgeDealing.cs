using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Ledger.Client.Signing;
using Ledger.Core.Primitives;
using Ledger.Suites.Oprf;

namespace Ledger.Client.Pledges;

/// <summary>
/// One dealer's part of a pledge key: the elements by which each share is checked (Feldman), and the shares, each sealed to the bank that is to have it. A key is one dealing, or the sum of several,
/// and then no dealer had it.
/// </summary>
public sealed record PledgeDealing(string Name, IReadOnlyList<string> Commitments, IReadOnlyList<DealtShare> Shares)
{
    public static PledgeDealing Deal(string name, int threshold, IReadOnlyList<(string Evaluator, ByteString SealingKey)> evaluators)
    {
        var (key, shares) = SharedKey.Deal(threshold, evaluators.Count);
        return new(name, [.. key.Commitments.Select(static one => one.ToOctets().ToString())], [.. evaluators.Zip(shares, static (to, share) => new DealtShare(to.Evaluator, Seal(share, to.SealingKey)))]);
    }

    /// <summary>Reads strictly; false for whatever is malformed, or has no threshold that its shares can reach.</summary>
    public static bool TryRead(ReadOnlySpan<byte> json, [NotNullWhen(true)] out PledgeDealing? dealing)
    {
        if (!StrictJson.TryRead(json, PledgeJson.Default.PledgeDealing, out dealing)) return false;
        if (PledgeGroup.IsName(dealing.Name) && dealing.Shares.All(static one => one is not null) && PledgeGroup.AreNames([.. dealing.Shares.Select(static one => one.Evaluator)]) && PledgeGroup.KeyOf(dealing.Commitments) is { } key && key.Threshold <= dealing.Shares.Count) return true;
        dealing = null;
        return false;
    }

    public byte[] Write() => PledgeJson.Write(this, PledgeJson.Default.PledgeDealing);

    /// <summary>The share of a number, from 1; null where none is sealed to this key, or what is sealed is not the share that the dealer committed to.</summary>
    public GroupScalar? Open(int number, SealingKey sealing)
    {
        if (number < 1 || number > Shares.Count || !SealedKey.TryOpen(Shares[number - 1].Sealed, sealing, out var octets)) return null;
        var isShare = GroupScalar.TryRead(octets, out var share);
        CryptographicOperations.ZeroMemory(octets);
        return isShare && PledgeGroup.KeyOf(Commitments)!.HasShare(number, share!) ? share : null;
    }

    static string Seal(GroupScalar share, ByteString recipient)
    {
        var octets = share.ToOctets();
        try
        {
            return SealedKey.Seal(octets, recipient);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(octets);
        }
    }
}

/// <summary>A share on its way to one bank, a JWE as fingerprint keys are; its place in the list is its number, from 1.</summary>
public sealed record DealtShare(string Evaluator, string Sealed);
