using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Ledger.Client.Signing;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Suites.Oprf;
using Ledger.Suites;

namespace Ledger.Client.Pledges;

/// <summary>
/// A pledge key as everybody may know it: its public elements, the banks that evaluate under it, by number from 1, and the banks that may ask. Who may ask is each evaluator's own to say: it is no part of the
/// key, and not of its id.
/// </summary>
public sealed record PledgeGroup(string Name, IReadOnlyList<string> Commitments, IReadOnlyList<string> Evaluators, IReadOnlyList<PledgeAsker> Askers)
{
    const int MaxName = 64;

    const int MaxAskers = 1_024;

    /// <summary>The key whose shares are the sums of these dealings' shares; null where they are not of the same banks, in the same order, with one threshold.</summary>
    public static PledgeGroup? Of(string name, IReadOnlyList<PledgeDealing> dealings, IReadOnlyList<PledgeAsker> askers)
    {
        if (dealings.Count == 0) return null;
        string[] evaluators = [.. dealings[0].Shares.Select(static one => one.Evaluator)];
        if (dealings.Any(dealing => !dealing.Shares.Select(static one => one.Evaluator).SequenceEqual(evaluators))) return null;
        var sum = SharedKey.Sum([.. dealings.Select(static dealing => KeyOf(dealing.Commitments)).OfType<SharedKey>()]);
        return sum is null ? null : new(name, [.. sum.Commitments.Select(static one => one.ToOctets().ToString())], evaluators, askers);
    }

    /// <summary>Reads strictly; false for whatever is malformed, for names and keys that stand twice, and for a threshold that the evaluators cannot reach.</summary>
    public static bool TryRead(ReadOnlySpan<byte> json, [NotNullWhen(true)] out PledgeGroup? group)
    {
        if (!StrictJson.TryRead(json, PledgeJson.Default.PledgeGroup, out group)) return false;
        if (IsName(group.Name) && AreNames(group.Evaluators) && KeyOf(group.Commitments) is { } key && key.Threshold <= group.Evaluators.Count && key.Threshold > 0
            && group.Askers.Count <= MaxAskers && group.Askers.All(static one => one is not null) && (group.Askers.Count == 0 || AreNames([.. group.Askers.Select(static one => one.Name)])) && group.Askers.All(static one => one.IsGood)) return true;
        group = null;
        return false;
    }

    public byte[] Write() => PledgeJson.Write(this, PledgeJson.Default.PledgeGroup);

    /// <summary>SHA-256 over the key's elements: what an ask and an answer name it by.</summary>
    public Hash256 Id() => Hash256.Read(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join('\n', (string[])["ledger-pledge-key-v1", .. Commitments, ""]))));

    public SharedKey Key() => KeyOf(Commitments) ?? throw new InvalidOperationException("The group was not checked.");

    public PledgeAsker? Asker(string name) => Askers.FirstOrDefault(one => one.Name == name);

    internal static SharedKey? KeyOf(IReadOnlyList<string> commitments)
    {
        var elements = new List<GroupElement>();
        foreach (var text in commitments)
        {
            if (!ByteString.TryParse(text, out var octets) || !GroupElement.TryRead(octets.Span, out var element)) return null;
            elements.Add(element);
        }

        return SharedKey.Of(elements);
    }

    internal static bool AreNames(IReadOnlyList<string> names) => names.Count is > 0 && names.All(IsName) && names.Distinct(StringComparer.Ordinal).Count() == names.Count;

    internal static bool IsName(string? name) => name is { Length: > 0 } && ShownText.IsNoLonger(name, MaxName) && !name.Any(char.IsControl);
}

/// <summary>A bank that may ask: the key that it signs its asks with, and how many elements an evaluator makes for it in a day.</summary>
public sealed record PledgeAsker(string Name, string Suite, string PublicKey, int ADay)
{
    internal bool IsGood => ADay > 0 && KnownSuites.Find(Suite) is { } suite && ByteString.TryParse(PublicKey, out var key) && key.Length == CryptoSuite.PublicKeySize && suite.IsPublicKey(key.Span);

    internal bool Signed(ReadOnlySpan<byte> message, string signature) =>
        KnownSuites.Find(Suite) is { } suite && ByteString.TryParse(PublicKey, out var key) && ByteString.TryParse(signature, out var octets) && octets.Length == CryptoSuite.SignatureSize && suite.Verify(key, message, octets.Span);
}
