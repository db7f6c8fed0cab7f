using Ledger.Core.Crypto;
using Ledger.Core.Primitives;

namespace Ledger.Core.Parties;

public enum KeyUse : byte
{
    Signing = 1,
    Recovery = 2,
    Sealing = 3,
}

/// <summary>The function of the person who holds a key: 经办, 复核, 法定代表人, or a system without a person.</summary>
public enum KeyRole : byte
{
    Maker = 1,
    Checker = 2,
    LegalRepresentative = 3,
    System = 4,
}

/// <summary>
/// A party's public key. <paramref name="Person"/> is the party's own pseudonym for its holder: two keys of one pseudonym are one person.
/// Valid from <paramref name="From"/> until just before <paramref name="Until"/>; what was signed while it was valid stays valid (电子签名法 15).
/// <paramref name="Replaces"/> is the number of the key that this one follows, 0 for none: until <paramref name="From"/> the change can be vetoed.
/// </summary>
public sealed record PartyKey(
    KeyId Id,
    ByteString PublicKey,
    KeyUse Use,
    KeyRole Role,
    string Person,
    Timestamp From,
    Timestamp Until,
    uint Replaces)
{
    public static readonly Timestamp Forever = new(Timestamp.MaxUnixMilliseconds);

    public bool IsValidAt(Timestamp time) => From <= time && time < Until;
}

/// <summary>A public key as a payload brings it, before the ledger gives it a number.</summary>
public sealed record NewKey(ByteString PublicKey, KeyUse Use, KeyRole Role, string Person)
{
    /// <summary>Keys that sign are of the chain's suite. A sealing key is of P-256 on every chain: what is sealed to it is a JWE (RFC 7518), which knows no SM2.</summary>
    public bool IsPointOfItsCurve(CryptoSuite suite) => Use == KeyUse.Sealing ? P256Suite.IsPoint(PublicKey.Span) : suite.IsPublicKey(PublicKey.Span);
}
