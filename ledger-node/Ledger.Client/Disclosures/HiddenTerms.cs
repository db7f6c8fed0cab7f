using System.Text.Json;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Core.Wire;

namespace Ledger.Client.Disclosures;

/// <summary>The digests that an operation carries, read where every verb has them: in its member <c>_sd</c> on the wire.</summary>
public static class HiddenTerms
{
    const string Member = "_sd";

    public static ValueList<Hash256> Of(Operation operation)
    {
        using var json = JsonSerializer.SerializeToDocument(operation, WireJson.TypeInfo<Operation>());
        if (!json.RootElement.TryGetProperty(Member, out var digests)) return [];

        // It was read or written by the wire's own rules, so that every digest is one.
        return [.. digests.EnumerateArray().Select(digest =>
            Base64Url.TryDecode(digest.GetString(), out var bytes) ? Hash256.Read(bytes) : throw new InvalidDataException("A digest is not base64url."))];
    }

    /// <summary>The first of the disclosures whose digest the operation does not carry.</summary>
    public static Disclosure? FirstForeign(this DisclosureSet set, Core.Crypto.CryptoSuite suite, Operation operation)
    {
        var digests = Of(operation).ToHashSet();
        return set.All.Select(one => one.Value).FirstOrDefault(disclosure => !digests.Contains(disclosure.Digest(suite)));
    }
}
