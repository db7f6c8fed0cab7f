using System.Globalization;
using System.Net;
using Ledger.Core.Primitives;

namespace Ledger.Node.Peers;

/// <summary>Where another bank's node serves its peers.</summary>
public sealed record PeerAddress(PartyId Bank, Uri Address)
{
    /// <summary>More banks than any consortium has; each is asked again and again.</summary>
    public const int Most = 64;

    /// <summary>Peers as an operator writes them, <c>BANK=https://host:port</c> with commas between; each bank once. Null where they are not so written.</summary>
    public static IReadOnlyList<PeerAddress>? Parse(string text)
    {
        var peers = new List<PeerAddress>();
        foreach (var one in text.Split(','))
        {
            var sign = one.IndexOf('=', StringComparison.Ordinal);
            if (sign < 0 || !PartyId.TryParse(one.AsSpan(0, sign).Trim(), out var bank) || peers.Any(peer => peer.Bank == bank)) return null;
            if (!Uri.TryCreate(one[(sign + 1)..].Trim(), UriKind.Absolute, out var address)) return null;
            if (address.Scheme != Uri.UriSchemeHttps || address.PathAndQuery != "/" || address.UserInfo.Length > 0 || address.Fragment.Length > 0) return null;
            peers.Add(new(bank, address));
        }

        return peers.Count <= Most ? peers : null;
    }

    /// <summary>An address of this machine and a port, <c>10.0.0.1:7303</c> or <c>[::]:7303</c>; null where it is none.</summary>
    public static IPEndPoint? ParseListen(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon < 0 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)) return null;
        var host = text[..colon];
        if (host == "localhost") return new(IPAddress.Loopback, port);
        var isBracketed = host.StartsWith('[') && host.EndsWith(']');
        return IPAddress.TryParse(host, out var address) && isBracketed == (address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6) ? new(address, port) : null;
    }
}
