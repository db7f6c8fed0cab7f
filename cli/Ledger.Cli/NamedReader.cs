using Ledger.Client.Api;
using Ledger.Client.Signing;
using Ledger.Core.Primitives;

namespace Ledger.Cli;

/// <summary>The one place where a read is made in a party's name.</summary>
static class NamedReader
{
    /// <summary>
    /// The node at an address, asked with passes of the key that was typed or set; anonymously where there is none. A pass is for one bank's node. On
    /// this machine the node is asked whose it is; a node elsewhere could name another, and use the pass there, so the settings name its bank. A
    /// pass is whoever holds it: it goes to another machine over TLS only.
    /// </summary>
    public static async Task<LedgerApi> OpenAsync(Run run, string address, string? keyFile, string? passwordFile, PartyId? onBehalfOf, CancellationToken cancel) =>
        Node.Open(address, await PassesAsync(run, address, keyFile, passwordFile, onBehalfOf, cancel));

    /// <summary>The passes with which a node is asked in that way; null where no key was typed or set.</summary>
    public static async Task<ReadPasses?> PassesAsync(Run run, string address, string? keyFile, string? passwordFile, PartyId? onBehalfOf, CancellationToken cancel)
    {
        if (run.Setting(Setting.Key, keyFile).Value is not { } file) return null;
        MustBeSafe(Node.AddressOf(address));

        // A key that cannot be opened is a mistake even where the node asks nobody who they are. It stays open: a long export needs further passes.
        var password = run.Setting(Setting.PasswordFile, passwordFile).Value;
        var (kid, key) = Submission.OpenKeys(run, [file], password is null ? [] : [password])[0];
        return await PassesAsync(run, address, kid, key, onBehalfOf, cancel);
    }

    /// <summary>The same with a key that is open already.</summary>
    public static async Task<LedgerApi> OpenAsync(Run run, string address, KeyId kid, SigningKey key, PartyId? onBehalfOf, CancellationToken cancel) =>
        Node.Open(address, await PassesAsync(run, address, kid, key, onBehalfOf, cancel));

    static async Task<ReadPasses> PassesAsync(Run run, string address, KeyId kid, SigningKey key, PartyId? onBehalfOf, CancellationToken cancel)
    {
        var uri = Node.AddressOf(address);
        MustBeSafe(uri);
        var named = BankOf(run);
        if (named is null && !uri.IsLoopback)
        {
            throw StopException.Usage(
                $"请用设置 {Setting.NodeBank.Name} 或变量 {Setting.NodeBank.Variable} 指明该节点属于哪家银行：通行证只对该银行的节点有效。",
                $"Say whose node it is, with the setting {Setting.NodeBank.Name} or the variable {Setting.NodeBank.Variable}: a pass is for that bank's node alone.");
        }

        var health = await Node.Open(address).HealthAsync(cancel);
        if (Submission.SetChain(run) is { } known && known != health.ChainId)
            throw new StopException(ExitCode.VerificationFalse, $"节点属于另一条链：{health.ChainId}", $"The node is another chain's: {health.ChainId}");
        return new(key, kid, health.ChainId, named ?? health.Bank, onBehalfOf, TimeProvider.System);
    }

    static void MustBeSafe(Uri uri)
    {
        if (uri.Scheme == Uri.UriSchemeHttp && !uri.IsLoopback)
            throw StopException.Usage("通行证只经 HTTPS 发往其他机器：请使用 https 地址。", "A pass goes to another machine over HTTPS only: use an https address.");
    }

    static PartyId? BankOf(Run run)
    {
        if (run.Setting(Setting.NodeBank) is not { Value: { } set, Source: var source }) return null;
        return PartyId.TryParse(set, out var bank) ? bank : throw StopException.Usage($"{source} 中的银行编号有误。", $"The bank's id in {source} is not in order.");
    }
}
