using System.Net;
using System.Net.Sockets;

namespace Ledger.Node.Notices;

/// <summary>
/// Where a node may call: only hosts that its operator named, by https; a loopback address also by http, when it is named. A party could otherwise make
/// the bank's node speak to the bank's own network. The host's addresses are looked at again when a connection is made, for a name may change what it
/// stands for; addresses of private networks are called only when the operator named the address itself.
/// </summary>
public sealed class WebhookTargets(IReadOnlyCollection<string> hosts)
{
    const int MaxLength = 500;

    public bool IsAllowed(string url, out Uri? target)
    {
        target = null;
        if (url.Length > MaxLength || !Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.UserInfo.Length > 0 || parsed.Fragment.Length > 0) return false;
        if (!hosts.Contains(parsed.IdnHost, StringComparer.OrdinalIgnoreCase)) return false;
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
        var callable = isNamed ? addresses : [.. addresses.Where(address => !IsPrivate(address))];
        if (callable.Length == 0) throw new HttpRequestException($"{host} stands for an address of a private network.");
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

    /// <summary>Loopback, link-local, private and unspecified addresses (RFC 1122, 1918, 3927, 4193, 6598).</summary>
    public static bool IsPrivate(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (IPAddress.IsLoopback(address) || address.IsIPv6LinkLocal || address.IsIPv6SiteLocal || address.IsIPv6UniqueLocal || address.IsIPv6Multicast) return true;
        var bytes = address.GetAddressBytes();
        if (address.AddressFamily == AddressFamily.InterNetworkV6) return bytes.All(one => one == 0);
        return bytes switch
        {
            [0 or 10 or 127, ..] => true,
            [100, >= 64 and < 128, ..] => true,
            [169, 254, ..] => true,
            [172, >= 16 and < 32, ..] => true,
            [192, 168, ..] => true,
            [>= 224, ..] => true,
            _ => false,
        };
    }
}
