using System.Net;
using System.Net.Sockets;

namespace Ledger.Node.Notices;

/// <summary>
/// Addresses at which nobody on the internet is to be found: the IANA registries of special-purpose addresses for IPv4 and IPv6 (RFC 6890, as of
/// 2025), multicast (RFC 5771, 4291) and what stands for an IPv4 address in another form. Of IPv6 only global unicast (2000::/3, RFC 4291) is left at all,
/// so that a block which is registered later is on the safe side.
/// </summary>
static class SpecialAddresses
{
    static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    static readonly IPNetwork[] Registered =
    [
        .. Networks(
            "0.0.0.0/8",        // this network, RFC 791
            "10.0.0.0/8",       // private use, RFC 1918
            "100.64.0.0/10",    // shared by carriers, RFC 6598
            "127.0.0.0/8",      // loopback, RFC 1122
            "169.254.0.0/16",   // link-local, RFC 3927
            "172.16.0.0/12",    // private use, RFC 1918
            "192.0.0.0/24",     // protocol assignments, RFC 6890
            "192.0.2.0/24",     // documentation, RFC 5737
            "192.31.196.0/24",  // AS112, RFC 7535
            "192.52.193.0/24",  // AMT, RFC 7450
            "192.88.99.0/24",   // 6to4 relays, RFC 7526
            "192.168.0.0/16",   // private use, RFC 1918
            "192.175.48.0/24",  // AS112, RFC 7534
            "198.18.0.0/15",    // benchmarks, RFC 2544
            "198.51.100.0/24",  // documentation, RFC 5737
            "203.0.113.0/24",   // documentation, RFC 5737
            "224.0.0.0/4",      // multicast, RFC 5771
            "240.0.0.0/4"),     // reserved and broadcast, RFC 1112 and 919
        .. Networks(
            "2001::/23",        // protocol assignments, Teredo among them, RFC 2928
            "2001:db8::/32",    // documentation, RFC 3849
            "2002::/16",        // 6to4: stands for an IPv4 address, RFC 3056
            "2620:4f:8000::/48", // AS112, RFC 7534
            "3fff::/20"),       // documentation, RFC 9637
    ];

    public static bool Has(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return (address.AddressFamily == AddressFamily.InterNetworkV6 && !GlobalUnicast.Contains(address)) || Registered.Any(network => network.Contains(address));
    }

    static IEnumerable<IPNetwork> Networks(params string[] networks) => networks.Select(IPNetwork.Parse);
}
