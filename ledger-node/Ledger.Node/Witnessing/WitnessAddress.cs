using Ledger.Core.Chain;

namespace Ledger.Node.Witnessing;

/// <summary>A witness that a node asks: the key that its cosignatures are believed by, and where it is.</summary>
public sealed record WitnessAddress(VKey Key, Uri Address)
{
    /// <summary>As many as a note has room for beside the banks' signatures.</summary>
    public const int Most = 16;

    /// <summary>Witnesses as an operator writes them, <c>VKEY=https://host/</c> with commas between; each key once. Null where they are not so written.</summary>
    public static IReadOnlyList<WitnessAddress>? Parse(string text)
    {
        var all = new List<WitnessAddress>();
        foreach (var one in text.Split(','))
        {
            var sign = one.IndexOf('=', StringComparison.Ordinal);
            if (sign < 0 || !VKey.TryParse(one.AsSpan(0, sign).Trim(), out var key) || key.Kind != VKeyKind.Ed25519Cosignature || all.Any(other => other.Key.PublicKey == key.PublicKey)) return null;
            if (!Uri.TryCreate(one[(sign + 1)..].Trim().TrimEnd('/') + "/", UriKind.Absolute, out var address)) return null;
            if (address.UserInfo.Length > 0 || address.Query.Length > 0 || address.Fragment.Length > 0) return null;
            if (address.Scheme != Uri.UriSchemeHttps && !(address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)) return null;
            all.Add(new(key, address));
        }

        return all.Count <= Most ? all : null;
    }
}
