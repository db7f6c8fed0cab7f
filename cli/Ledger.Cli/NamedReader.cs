using Ledger.Client.Api;
using Ledger.Client.Signing;
using Ledger.Core.Primitives;

namespace Ledger.Cli;

/// <summary>The one place where a read is made in a party's name.</summary>
static class NamedReader
{
    /// <summary>
    /// The node at an address, asked under passes that the key signs as they are needed; anonymously where no key was typed or set. A pass is whoever
    /// holds it: it goes to another machine over TLS only.
    /// </summary>
    public static async Task<LedgerApi> OpenAsync(Run run, string address, string? keyFile, string? passwordFile, PartyId? onBehalfOf, CancellationToken cancel)
    {
        if (run.Setting(Setting.Key, keyFile).Value is not { } file) return Node.Open(address);
        var uri = Node.AddressOf(address);
        if (uri.Scheme == Uri.UriSchemeHttp && !uri.IsLoopback)
            throw StopException.Usage("通行证只经 HTTPS 发往其他机器：请使用 https 地址。", "A pass goes to another machine over HTTPS only: use an https address.");

        // The key lives as long as the command.
        var password = run.Setting(Setting.PasswordFile, passwordFile).Value;
        var (kid, key) = Submission.OpenKeys(run, [file], password is null ? [] : [password])[0];
        var health = await Node.Open(address).HealthAsync(cancel);
        return new(new HttpClient { BaseAddress = uri }, new ReadPasses(key, kid, health.ChainId, health.Bank, onBehalfOf, TimeProvider.System));
    }
}
