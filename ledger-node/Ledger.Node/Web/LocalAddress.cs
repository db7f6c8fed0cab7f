namespace Ledger.Node.Web;

/// <summary>
/// An address within this node as a browser may be given it: a path and a query in plain ASCII. A browser drops tabs and line feeds and takes a
/// backslash for a slash, and what then begins with two slashes is another host: so an address is first read as a browser reads it, and only what is
/// this node's own is written.
/// </summary>
static class LocalAddress
{
    const string Start = "/";
    const string Host = "http://node";

    /// <summary>What somebody named, escaped where it must be; the first page where it is no address of this node.</summary>
    public static string Of(string? named)
    {
        if (named is null || !named.StartsWith('/') || !Uri.TryCreate(Host + named, UriKind.Absolute, out var read)) return Start;
        var local = read.PathAndQuery + read.Fragment;
        return read.Authority == "node" && !local.StartsWith("//", StringComparison.Ordinal) && local.All(char.IsAscii) ? local : Start;
    }
}
