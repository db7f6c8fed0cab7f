namespace Ledger.Tests;

/// <summary>Public vectors that are not part of this repository: in the folder that LEDGER_SHARED_DATA names, or in <c>shared/data</c> beside the repository.</summary>
static class SharedData
{
    public static string? Path { get; } = Find();

    /// <summary>The full path of a vector; the test is skipped, with the reason, where the vectors are absent.</summary>
    public static string Require(params string[] parts)
    {
        Assert.SkipUnless(Path is not null, "The public vectors (shared/data) are not on this machine.");
        var file = System.IO.Path.Combine([Path!, .. parts]);
        Assert.SkipUnless(File.Exists(file) || Directory.Exists(file), $"The public vector {string.Join('/', parts)} is not on this machine.");
        return file;
    }

    static string? Find()
    {
        if (Environment.GetEnvironmentVariable("LEDGER_SHARED_DATA") is { Length: > 0 } named) return named;

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(System.IO.Path.Combine(folder.FullName, "LedgerNode.slnx"))) continue;
            var data = System.IO.Path.GetFullPath(System.IO.Path.Combine(folder.FullName, "..", "shared", "data"));
            return Directory.Exists(data) ? data : null;
        }

        return null;
    }
}
