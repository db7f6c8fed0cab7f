using System.Net;

namespace Ledger.Node.Access;

/// <summary>The names that a machine has for itself.</summary>
public static class LoopbackName
{
    public static bool Is(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
