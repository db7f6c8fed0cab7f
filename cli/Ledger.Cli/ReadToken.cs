using Ledger.Client.Api;

namespace Ledger.Cli;

/// <summary>The one place where a read is made in a party's name.</summary>
static class ReadToken
{
    public static Task<LedgerApi> OpenAsync(Run run, string address, string? keyFile, string? passwordFile, CancellationToken cancel)
    {
        // A key that cannot be opened is a mistake even where the node asks nobody who they are.
        if (keyFile is not null)
        {
            foreach (var (_, key) in Submission.OpenKeys(run, [keyFile], passwordFile is null ? [] : [passwordFile])) key.Dispose();
        }

        cancel.ThrowIfCancellationRequested();
        return Task.FromResult(Node.Open(address));
    }
}
