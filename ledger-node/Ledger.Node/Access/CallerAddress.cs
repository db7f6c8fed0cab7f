using System.Net;
using System.Net.Sockets;

namespace Ledger.Node.Access;

/// <summary>The address from which somebody calls: of the connection, or as a proxy that the operator named says.</summary>
public static class CallerAddress
{
    // Whoever has an IPv6 address has the 64 bits behind its network too.
    const int NetworkBytes = 8;

    /// <summary>The address as it is taken down.</summary>
    public static string Text(IPAddress? address) => Plain(address)?.ToString() ?? "";

    /// <summary>Whom an address stands for where something is counted: itself, and of IPv6 its network.</summary>
    public static string Network(IPAddress? address)
    {
        if (Plain(address) is not { AddressFamily: AddressFamily.InterNetworkV6 } wide || IPAddress.IsLoopback(wide)) return Text(address);
        var bytes = wide.GetAddressBytes();
        bytes.AsSpan(NetworkBytes).Clear();
        return $"{new IPAddress(bytes)}/64";
    }

    static IPAddress? Plain(IPAddress? address) => address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
}
