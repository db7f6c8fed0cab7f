using System.Reflection;

namespace Ledger.Node;

/// <summary>Which program this is.</summary>
static class NodeVersion
{
    public static readonly string Text = typeof(NodeVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
}
