namespace Ledger.Tests;

/// <summary>The folder that the tests are built in, for what is tested in its source.</summary>
static class Repository
{
    public static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "LedgerNode.slnx"))) return folder.FullName;
        }

        throw new DirectoryNotFoundException("The tests run inside the repository.");
    }
}
