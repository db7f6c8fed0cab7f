using Ledger.Client.Api;

namespace Ledger.Cli;

/// <summary>The one place where a read is made in a party's name.</summary>
static class ReadToken
{
    /// <summary>The node at an address, asked as the party of the key that was typed or set; anonymously where there is none.</summary>
    public static Task<LedgerApi> OpenAsync(Run run, string address, string? keyFile, string? passwordFile, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (run.Setting(Setting.Key, keyFile).Value is { } file)
        {
            // A key that cannot be opened is a mistake even where the node asks nobody who they are.
            var password = run.Setting(Setting.PasswordFile, passwordFile).Value;
            foreach (var (_, key) in Submission.OpenKeys(run, [file], password is null ? [] : [password])) key.Dispose();
        }

        return Task.FromResult(Node.Open(address));
    }
}
