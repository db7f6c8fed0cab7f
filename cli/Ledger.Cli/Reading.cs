using System.CommandLine;
using System.Globalization;
using Ledger.Client.Api;
using Ledger.Core.Primitives;

namespace Ledger.Cli;

/// <summary>How a command reads from a node: which one, as who, and, where that has a meaning, as things stood after an earlier block.</summary>
sealed class Reading(bool hasHeights = true)
{
    readonly Option<string?> node = Node.Option();
    readonly Option<string?> key = Options.TextOption(
        "--key", "以此密钥所属参与方的身份读取（默认：设置中的 key，没有则匿名）", "read as the party of this key (default: the settings' key; anonymous without one)", value: "FILE");
    readonly Option<string?> password = Options.PasswordFile();
    readonly Option<PartyId?> principal = Options.OptionalParty("--on-behalf-of", "凭授权委托，代该参与方读取", "read for this party, under its mandate");
    readonly Option<ulong?> height = Options.Optional<ulong>("--height", "该高度时的状态（默认：最新）", "as things stood at this height (default: the latest)", Options.TryParseHeight);

    public IEnumerable<Symbol> All => hasHeights ? [node, key, password, principal, height] : [node, key, password, principal];

    /// <summary>The node, asked in the name of the key's party where one is given.</summary>
    public Task<LedgerApi> OpenAsync(Run run, CancellationToken cancel) =>
        NamedReader.OpenAsync(
            run, run.Setting(Setting.Node, run.Value(node)).Value ?? Node.Default, run.Value(key), run.Value(password), run.Value(principal), cancel);

    /// <summary>A path with the height that was asked for.</summary>
    public string At(Run run, string path) => hasHeights && run.Value(height) is { } at
        ? string.Create(CultureInfo.InvariantCulture, $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}height={at}")
        : path;
}
