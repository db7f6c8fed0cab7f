using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Ledger.Client.Signing;
using Ledger.Core.Primitives;
using Ledger.Suites.Oprf;

namespace Ledger.Client.Pledges;

/// <summary>
/// What a bank keeps of an ask until it is answered: the names, and the blinds without which the answers are of no use. It is as secret as the documents.
/// </summary>
public sealed record PledgeAsking(string Group, string Id, IReadOnlyList<BlindedName> Names)
{
    public static PledgeAsking Of(PledgeGroup group, IEnumerable<ByteString> names) => new(
        group.Id().ToString(), Id<PledgeAsk>.Read(RandomNumberGenerator.GetBytes(Id<PledgeAsk>.Size)).ToString(),
        [.. names.Select(static name => new BlindedName(name.ToString(), new ByteString(GroupScalar.Random().ToOctets()).ToString()))]);

    public static bool TryRead(ReadOnlySpan<byte> json, [NotNullWhen(true)] out PledgeAsking? asking)
    {
        if (!StrictJson.TryRead(json, PledgeJson.Default.PledgeAsking, out asking)) return false;
        if (Hash256.TryParse(asking.Group, out _) && Id<PledgeAsk>.TryParse(asking.Id, out _) && asking.Names.Count is > 0 and <= Voprf.MaxElements && asking.Names.All(static one => one?.Read() is not null)) return true;
        asking = null;
        return false;
    }

    public byte[] Write() => PledgeJson.Write(this, PledgeJson.Default.PledgeAsking);

    public IReadOnlyList<GroupElement> Blinded() => [.. Parts().Select(static one => Voprf.Blind(one.Name.Span, one.Blind))];

    internal IReadOnlyList<(ByteString Name, GroupScalar Blind)> Parts() => [.. Names.Select(static one => one.Read() ?? throw new InvalidOperationException("The asking was not checked."))];
}

/// <summary>A name in base64url, and its blind.</summary>
public sealed record BlindedName(string Name, string Blind)
{
    internal (ByteString Name, GroupScalar Blind)? Read() =>
        ByteString.TryParse(Name, out var name) && ByteString.TryParse(Blind, out var octets) && GroupScalar.TryRead(octets.Span, out var blind) ? (name, blind) : null;
}
