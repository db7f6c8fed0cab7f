using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Ledger.Node.Notices;

/// <summary>
/// Where a node may call: only hosts that its operator named, by https; a loopback address also by http, when it is named. A host that is named without a
/// port is called at its scheme's own and at no other, so that nobody learns by subscribing which ports are open. A party could otherwise make the bank's
/// node speak to the bank's own network. The host's addresses are looked at again when a connection is made, for a name may change what it stands for;
/// addresses that are nobody's on the internet are called only when the operator named the address itself.
/// </summary>
public sealed class WebhookTargets(IReadOnlyCollection<string> hosts)
{
    const int MaxLength = 500;

    public bool IsAllowed(string url, out Uri? target)
    {
        target = null;
        if (url.Length > MaxLength || !Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.UserInfo.Length > 0 || parsed.Fragment.Length > 0) return false;
        if (!hosts.Any(host => Names(host, parsed))) return false;
        var isLoopback = IPAddress.TryParse(parsed.IdnHost.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address);
        if (parsed.Scheme != Uri.UriSchemeHttps && !(parsed.Scheme == Uri.UriSchemeHttp && isLoopback)) return false;
        target = parsed;
        return true;
    }

    /// <summary>What makes connections: it follows no redirect, keeps no cookie, uses no proxy, and calls no private address by a public name.</summary>
    public static SocketsHttpHandler Handler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        ConnectCallback = ConnectAsync,
    };

    static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var host = context.DnsEndPoint.Host;
        var isNamed = IPAddress.TryParse(host, out var named);
        IPAddress[] addresses = isNamed ? [named!] : await Dns.GetHostAddressesAsync(host, cancel);
        var callable = isNamed ? addresses : [.. addresses.Where(address => !SpecialAddresses.Has(address))];
        if (callable.Length == 0) throw new HttpRequestException($"{host} stands for no address on the internet.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(callable, context.DnsEndPoint.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // A host, or a host and its port; an address of IPv6 in brackets where a port follows.
    static bool Names(string named, Uri url)
    {
        var port = named.LastIndexOf(':') is > 0 and var colon && (named.IndexOf(':', StringComparison.Ordinal) == colon || named[colon - 1] == ']') ? named[(colon + 1)..] : "";
        var host = port.Length == 0 ? named : named[..^(port.Length + 1)];
        return host.Trim('[', ']').Equals(url.IdnHost.Trim('[', ']'), StringComparison.OrdinalIgnoreCase)
            && (port.Length == 0 ? url.IsDefaultPort : port == url.Port.ToString(CultureInfo.InvariantCulture));
    }
}
