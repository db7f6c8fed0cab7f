using System.Collections.Concurrent;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Core.Wire;

namespace Ledger.Client.Disclosures;

/// <summary>The digests that an operation carries, found where every verb has them: in its member <c>_sd</c> on the wire.</summary>
public static class HiddenTerms
{
    static readonly ConcurrentDictionary<Type, Func<object, object?>?> Members = new();

    public static ValueList<Hash256> Of(Operation operation) =>
        Members.GetOrAdd(operation.GetType(), Find)?.Invoke(operation) is ValueList<Hash256> digests ? digests : [];

    /// <summary>Whether operations of this kind can hide anything.</summary>
    public static bool AreIn(Type kind) => Members.GetOrAdd(kind, Find) is not null;

    /// <summary>The first of the disclosures whose digest the operation does not carry.</summary>
    public static Disclosure? FirstForeign(this DisclosureSet set, CryptoSuite suite, Operation operation)
    {
        var digests = Of(operation).ToHashSet();
        return set.All.Select(one => one.Value).FirstOrDefault(disclosure => !digests.Contains(disclosure.Digest(suite)));
    }

    static Func<object, object?>? Find(Type kind) => WireJson.Options.GetTypeInfo(kind).Properties.FirstOrDefault(property => property.Name == "_sd")?.Get;
}
