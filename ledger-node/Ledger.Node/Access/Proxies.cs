using System.Net;

namespace Ledger.Node.Access;

/// <summary>The proxies in front of a node, by address or network. Only their word is taken about where a request comes from, and they alone may be many.</summary>
public sealed class Proxies(IReadOnlyList<IPNetwork> networks)
{
    public static readonly Proxies None = new([]);

    public IReadOnlyList<IPNetwork> Networks => networks;

    public bool Contains(IPAddress? address) =>
        address is not null && networks.Any(network => network.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address));

    /// <summary>Reads addresses and networks with commas between; null where one is neither.</summary>
    public static Proxies? Parse(string text)
    {
        var networks = new List<IPNetwork>();
        foreach (var one in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (IPAddress.TryParse(one, out var address)) networks.Add(new(address, address.GetAddressBytes().Length * 8));
            else if (IPNetwork.TryParse(one, out var network)) networks.Add(network);
            else return null;
        }

        return new(networks);
    }
}
