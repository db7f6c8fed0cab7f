namespace Ledger.Tests;

/// <summary>
/// Where the public vectors lie: the folder that LEDGER_SHARED_DATA names, else <c>shared/data</c> beside the repository. They are not part of
/// the repository, so a test that needs them is skipped where they are absent.
/// </summary>
static class SharedData
{
    public static string? Path { get; } = Find();

    public static string Require(params string[] parts)
    {
        if (Path is null) Assert.Skip("The public vectors are not on this machine; LEDGER_SHARED_DATA names their folder.");
        var path = System.IO.Path.Combine([Path, .. parts]);
        if (!System.IO.Path.Exists(path)) Assert.Skip($"The public vectors on this machine lack {string.Join('/', parts)}.");
        return path;
    }

    static string? Find()
    {
        if (Environment.GetEnvironmentVariable("LEDGER_SHARED_DATA") is { Length: > 0 } named) return named;

        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "LedgerNode.slnx"))) folder = folder.Parent;
        if (folder?.Parent is not { } parent) return null;
        var data = System.IO.Path.Combine(parent.FullName, "shared", "data");
        return Directory.Exists(data) ? data : null;
    }
}
