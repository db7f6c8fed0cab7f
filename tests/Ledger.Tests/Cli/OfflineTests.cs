namespace Ledger.Tests.Cli;

/// <summary>Commands that need no node, and the small chain that they are given.</summary>
public abstract class OfflineTests : IDisposable
{
    private protected readonly CommandLine cli = new();
    private protected readonly ChainFixture chain = ChainFixture.Small();

    public void Dispose()
    {
        cli.Dispose();
        chain.Dispose();
        GC.SuppressFinalize(this);
    }
}
