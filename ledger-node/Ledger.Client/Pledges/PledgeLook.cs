using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Ledger.Client.Signing;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Suites.Oprf;

namespace Ledger.Client.Pledges;

/// <summary>A document of a ledger, and a tag of it.</summary>
public sealed record PledgeLookItem(string Document, string Tag);

/// <summary>
/// What a bank saw of a financing's documents in a registry of pledges, for the second bank that looks at the same (FORMATS, Pledges). The ledger is told a digest of the tags and
/// not which they are. Times are in milliseconds; <paramref name="Number"/> is the block's.
/// </summary>
public sealed record PledgeLook(
    string Ledger, string Financing, string Registry, uint Seat, string Salt, IReadOnlyList<PledgeLookItem> Items, ulong Number, string Block, long StatedAt, long Until)
{
    /// <summary>Reads strictly; false for whatever is malformed. Whether it is so is another question.</summary>
    public static bool TryRead(ReadOnlySpan<byte> json, [NotNullWhen(true)] out PledgeLook? look)
    {
        if (!StrictJson.TryRead(json, PledgeJson.Default.PledgeLook, out look)) return false;
        if (IsInOrder(look)) return true;
        look = null;
        return false;
    }

    public byte[] Write() => PledgeJson.Write(this, PledgeJson.Default.PledgeLook);

    /// <summary>What is told to the ledger of the tags: SHA-256 over what they are of and a salt, so that nobody who does not have them can say that these are they.</summary>
    public Hash256 Digest() => Hash256.Read(SHA256.HashData(Encoding.ASCII.GetBytes(
        string.Join('\n', (string[])["ledger-pledge-tags-v1", Ledger, Financing, Salt, .. Items.Select(static item => $"{item.Document} {item.Tag}"), ""]))));

    /// <summary>What the financier submits, and the second bank signs too.</summary>
    public AttestPledge Attestation(PartyId second) =>
        new(Parsed<Id<Financing>>(Id<Financing>.TryParse, Financing), second, Registry, Seat, Digest(), Parsed<Hash256>(Hash256.TryParse, Block), new(StatedAt), new(Until));

    delegate bool Parser<T>(ReadOnlySpan<char> text, out T value);

    static T Parsed<T>(Parser<T> parser, string text) => parser(text, out var value) ? value : throw new InvalidOperationException("What a bank saw was not checked.");

    // Documents ascend, and the tags of one document: what is hashed has one form.
    static bool IsInOrder(PledgeLook look) =>
        Hash256.TryParse(look.Ledger, out _) && Id<Financing>.TryParse(look.Financing, out _) && Hash256.TryParse(look.Salt, out _) && Hash256.TryParse(look.Block, out _)
        && look.Items.Count is > 0 and <= Voprf.MaxElements && look.StatedAt > 0 && look.Until > look.StatedAt
        && look.Items.All(static item => item is not null && Id<Document>.TryParse(item.Document, out _) && Hash256.TryParse(item.Tag, out _))
        && look.Items.Zip(look.Items.Skip(1)).All(static pair => string.CompareOrdinal($"{pair.First.Document} {pair.First.Tag}", $"{pair.Second.Document} {pair.Second.Tag}") < 0);
}
