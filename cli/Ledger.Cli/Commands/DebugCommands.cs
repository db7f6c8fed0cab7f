using System.CommandLine;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ledger.Client.Api;
using Ledger.Client.ChainFolder;
using Ledger.Client.Files;
using Ledger.Core.Chain;

namespace Ledger.Cli.Commands;

/// <summary>
/// <c>ledger debug bundle</c>: what somebody who helps from afar needs to know of a node, and nothing that they must not have. Only what is named here
/// is ever put in: no key, no password, no disclosure, no token, no transaction.
/// </summary>
static partial class DebugCommands
{
    const int LastLines = 500;
    const string Masked = "***";

    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Make(Shell shell) => Shell.Noun("debug", "排查故障。", "Find out what is wrong.", Bundle(shell));

    static Command Bundle(Shell shell)
    {
        var data = Options.File("--data", "节点的数据目录", "the node's data folder", value: "DIR");
        var path = Options.File("--out", "写出的 ZIP 文件，不覆盖", "the ZIP file to write; never overwritten");
        var log = Options.TextOption("--log", $"节点的日志文件，取末尾 {LastLines} 行", $"the node's log file; its last {LastLines} lines are taken", value: "FILE");
        var quick = Options.Flag("--no-verify", "不核验链（链很长时）", "do not verify the chain (where it is long)");
        var node = Node.Option();
        return shell.Command(
            "bundle", "收集版本、创世、高度、设置、文件大小、日志、核验摘要与节点状态；绝不含密钥、密码、披露与令牌。",
            "Collect versions, genesis, heights, settings, sizes, log lines, a verification and the node's health; never keys, passwords, disclosures or tokens.",
            [data, path, log, quick, node], async (run, cancel) =>
            {
                var folder = run.Required(data);
                if (!Directory.Exists(folder)) throw StopException.NotFound(folder);
                using var file = OwnerOnly.Create(run.Required(path), FileMode.CreateNew);
                using (var zip = new ZipArchive(file, ZipArchiveMode.Create))
                {
                    Write(zip, "version.json", Json(VersionCommand.Fields().Select(field => KeyValuePair.Create(field.Name, field.Value))));
                    Write(zip, "settings.json", Settings(run, run.Value(node)));
                    Write(zip, "files.csv", Sizes(folder));
                    if (FindGenesis(folder) is { } genesis) Write(zip, FolderLayout.Genesis, await File.ReadAllTextAsync(genesis, cancel));
                    Write(zip, "verify.json", run.Value(quick) ? "{}" : Verification(run, folder, cancel));
                    Write(zip, "health.json", await HealthAsync(run, run.Value(node), cancel));
                    if (run.Value(log) is { } lines) Write(zip, "log.txt", LogOf(lines));
                }

                run.Output.Record(
                    new("file", "文件", "file", run.Required(path)),
                    new("bytes", "字节", "bytes", new FileInfo(run.Required(path)).Length),
                    new("notInside", "不含", "not inside", run.Output.Say("密钥文件、密码、披露、令牌、交易内容", "key files, passwords, disclosures, tokens, transactions")));
                return ExitCode.Ok;
            }, "debug bundle --data ./data --out bundle.zip", "debug bundle --data ./data --log node.log --out bundle.zip --node http://127.0.0.1:7301");
    }

    // The paths of somebody's files can say who they are; their being set is what helps.
    static string Settings(Run run, string? node) => Json(Setting.All.Select(setting =>
    {
        var row = ConfigCommands.Row(run, setting, setting == Setting.Node ? node : null);
        return KeyValuePair.Create(setting.Name, (JsonNode?)new JsonObject
        {
            ["value"] = setting.IsPath && row[1] is not null ? Masked : Harmless(row[1]?.GetValue<string>()),
            ["source"] = row[2]?.DeepClone(),
        });
    }));

    // An address can hold a password, wherever it is told of.
    internal static string? Harmless(string? value) => value is null ? null : Secret().Replace(UserOfAddress().Replace(value, Masked), Masked);

    static string Sizes(string folder) => CsvText.Of(
        new DirectoryInfo(folder).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
            .OrderBy(file => file.FullName, StringComparer.Ordinal)
            .Select(file => (IEnumerable<string>)
            [
                Path.GetRelativePath(folder, file.FullName), file.Length.ToString(CultureInfo.InvariantCulture), file.LastWriteTimeUtc.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ])
            .Prepend(["file", "bytes", "written"]));

    static string? FindGenesis(string folder) =>
        new[] { Path.Combine(folder, FolderLayout.Chain, FolderLayout.Genesis), Path.Combine(folder, FolderLayout.Genesis) }.FirstOrDefault(File.Exists);

    static string Verification(Run run, string folder, CancellationToken cancel)
    {
        using var progress = new VerifyChain.ChainWatcher(run, cancel);
        var verdict = ChainFolder.Open(folder).Verify(null, progress);
        var (report, said) = verdict switch
        {
            ChainVerdict.Verified good => (good.Report, "verified"),
            ChainVerdict.Falsified bad => (bad.Report, $"false: {bad.Fault.File} at {bad.Fault.Offset}, height {bad.Fault.Height}: {bad.Fault.English}"),
            ChainVerdict.CannotBeChecked unknown => (null, $"could not be checked: {unknown.English}"),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        return Json([KeyValuePair.Create("verdict", (JsonNode?)said), .. report is null ? [] : VerifyChain.Counted(report).Select(field => KeyValuePair.Create(field.Name, field.Value))]);
    }

    static async Task<string> HealthAsync(Run run, string? node, CancellationToken cancel)
    {
        try
        {
            using var answer = await Node.Open(run.Setting(Setting.Node, node).Value ?? Node.Default).ReadAsync("v1/health", cancel);
            return answer is null ? "{}" : JsonSerializer.Serialize(answer.RootElement, Indented);
        }
        catch (Exception silent) when (silent is NodeUnreachableException or NodeAnsweredException or JsonException)
        {
            return Json([KeyValuePair.Create("unreachable", (JsonNode?)Harmless(silent.Message))]);
        }
    }

    static string LogOf(string path)
    {
        var last = new Queue<string>();
        var isInside = false;
        foreach (var line in File.ReadLines(path))
        {
            if (last.Count == LastLines) last.Dequeue();

            // A key in PEM goes over many lines, and its last may be short.
            isInside |= line.Contains("-----BEGIN ", StringComparison.Ordinal);
            last.Enqueue(isInside ? Masked : Harmless(line) ?? "");
            isInside &= !line.Contains("-----END ", StringComparison.Ordinal);
        }

        return string.Join('\n', last) + "\n";
    }

    static string Json(IEnumerable<KeyValuePair<string, JsonNode?>> members) =>
        new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone()))).ToJsonString(Indented);

    static void Write(ZipArchive zip, string name, string text)
    {
        using var entry = zip.CreateEntry(name).Open();
        entry.Write(Encoding.UTF8.GetBytes(text));
    }

    [GeneratedRegex("""(?<=://)[^/@\s]+(?=@)""")]
    private static partial Regex UserOfAddress();

    // What stands behind a word for a secret, with whatever prefix that word has; what begins as tokens of known kinds do, however short; JWS parts; and
    // runs of 24 and more digits of base64, base64url or hexadecimal, of which keys are made, also where a writer of JSON or of addresses escaped some of
    // them: ids are shorter, and hashes are elsewhere in the bundle.
    [GeneratedRegex("""
        (?ix)
        (?<= (?:password|passwd|passphrase|pwd|secret|token|authorization|bearer|basic|cookie|salt|credential|api[_-]?key|private[_-]?key|signature|口令|密码|密钥|令牌) s?
            ["'*]{0,2} \s* (?:[:=：]|\s|is) \s* (?:(?:bearer|basic)\s+)? ["']? ) [^\s"',;&]+
        | \b (?:whsec_|sk_|pk_|rk_|gh[opsur]_|github_pat_|glpat-|xox[a-z]-|hvs\.|npm_|pypi-|AKIA|ASIA|AIza) (?:[A-Za-z0-9_+/=.-]|\\u[0-9a-f]{4}|%[0-9a-f]{2})+
        | eyJ[A-Za-z0-9_.=-]+
        | (?:[A-Za-z0-9_+/-]|\\u002[bBfF]|%2[bBfF]){24,} (?:=|\\u003d|%3d){0,2}
        """)]
    private static partial Regex Secret();
}
