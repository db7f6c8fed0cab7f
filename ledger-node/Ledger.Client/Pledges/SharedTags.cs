using System.Security.Cryptography;
using Ledger.Core.Primitives;

namespace Ledger.Client.Pledges;

/// <summary>Tags for registries that trust each other: HMAC-SHA256 under one secret, whatever the suites of their ledgers.</summary>
public sealed class SharedTags(byte[] secret) : ITagMaker
{
    public const int SecretSize = 32;

    public TagKind Kind => TagKind.Shared;

    public Hash256? TagOf(ByteString name) => Hash256.Read(HMACSHA256.HashData(secret, name.Span));
}
