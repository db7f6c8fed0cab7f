using System.CommandLine;
using System.Text;
using System.Text.Json;
using Ledger.Client.Files;
using Ledger.Client.Founding;
using Ledger.Client.Signing;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.Wire;
using Ledger.Suites;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger genesis</c>: what all must agree on before the first block.</summary>
static class GenesisCommands
{
    public static Command Make(Shell shell) =>
        Shell.Noun("genesis", "创建一条链，核对他人的创世文件。", "Found a chain, and check what others founded.", New(shell), Hash(shell), Check(shell));

    static Command New(Shell shell)
    {
        var preset = Options.TextOption("--preset", "预设", "a preset", value: "demo|consortium");
        preset.AcceptOnlyFromAmong("demo", "consortium");
        var template = Options.TextOption("--template", "创始方尚无密钥的创世模板", "a genesis whose founders have no keys yet", value: "FILE");
        var folder = Options.File(
            "--out", "新建的目录：genesis.json、keys/、node-<bank>.key.json、epoch-1.key", "folder to make: genesis.json, keys/, node-<bank>.key.json, epoch-1.key", value: "DIR");
        var password = Options.PasswordFile();

        return shell.Command("new", "创建一条链：为模板填入新密钥。", "Found a chain: fill a template with fresh keys.", [preset, template, folder, password], run =>
        {
            using var founding = Fill(run, run.Value(preset), run.Value(template));
            Write(founding, run.Required(folder), Passwords.New(run, password));
            Show(run, founding.Genesis, Path.Combine(run.Required(folder), FolderLayout.Genesis));
            return ExitCode.Ok;
        }, "genesis new --preset demo --out my-ledger --password-file pw.txt", "genesis new --template consortium.json --out founding");
    }

    static Command Hash(Shell shell)
    {
        var file = Options.Text("FILE", "创世文件", "a genesis file");
        return shell.Command("hash", "显示链标识：文件原字节的哈希。", "Print the chain's id: the hash of the file's exact bytes.", [file], run =>
        {
            run.Output.Record(new Field("chainId", "链标识", "chain id", run.Genesis(run.Value(file)).Chain.ChainId.ToString()));
            return ExitCode.Ok;
        }, "genesis hash genesis.json");
    }

    static Command Check(Shell shell)
    {
        var file = Options.Text("FILE", "创世文件", "a genesis file");
        return shell.Command("check", "如节点启动时那样检查创世文件。", "Check a genesis file as a node would at its start.", [file], run =>
        {
            var path = run.Value(file);
            if (Genesis.Read(run.Read(path), KnownSuites.Find, out var problem) is { } genesis)
            {
                Show(run, genesis, path);
                return ExitCode.Ok;
            }

            run.Output.Message($"{path} 无效：{problem}", $"{path} is not valid: {problem}");
            return ExitCode.VerificationFalse;
        }, "genesis check genesis.json");
    }

    static FoundingKeys Fill(Run run, string? preset, string? template)
    {
        if (preset is null == template is null) throw StopException.Usage("请在 --preset 与 --template 中二选一。", "Give either --preset or --template.");
        try
        {
            return FoundingKeys.Fill(preset is not null ? FoundingKeys.Preset(preset) : Template(run, template ?? ""), run.Now);
        }
        catch (Exception wrong) when (wrong is ArgumentException or JsonException)
        {
            throw new StopException(ExitCode.Fault, $"模板无效：{wrong.Message}", $"The template is not valid: {wrong.Message}");
        }
    }

    static GenesisText Template(Run run, string path)
    {
        using var json = new MemoryStream(run.Read(path));
        return FoundingKeys.ReadTemplate(json);
    }

    static void Write(FoundingKeys founding, string folder, string password)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            throw new StopException(ExitCode.Fault, $"目录 {folder} 不是空的。", $"The folder {folder} is not empty.");

        var keys = Path.Combine(folder, "keys");
        OwnerOnly.CreateFolder(keys);
        var files = founding.Keys.Select(pair => (pair.Key.ToString(), pair.Value, Path.Combine(keys, $"{pair.Key}.key.json")))
            .Concat(founding.NodeKeys.Select(pair => ($"node-{pair.Key}", (PrivateKey)pair.Value, Path.Combine(folder, $"node-{pair.Key}.key.json"))));

        // Deriving a key from a password is slow on purpose.
        Parallel.ForEach(files, file => KeyCommands.Write(KeyFile.Lock(file.Item2, file.Item1, password, KeyFile.RecommendedIterations), file.Item3));
        WriteSecret(Path.Combine(folder, "epoch-1.key"), Base64Url.Encode(founding.EpochKey) + "\n");
        File.WriteAllBytes(Path.Combine(folder, FolderLayout.Genesis), founding.Genesis.Bytes.ToArray());
    }

    internal static void WriteSecret(string path, string text)
    {
        using var file = OwnerOnly.Create(path, FileMode.CreateNew);
        file.Write(Encoding.ASCII.GetBytes(text));
    }

    static void Show(Run run, Genesis genesis, string path) => run.Output.Record(
        new("chainId", "链标识", "chain id", genesis.Chain.ChainId.ToString()),
        new("name", "名称", "name", genesis.Chain.Name),
        new("origin", "检查点来源", "origin", genesis.Origin),
        new("purpose", "用途", "purpose", NamedValues.WordOf(genesis.Chain.Purpose)),
        new("suite", "算法", "suite", genesis.Chain.Suite.Name),
        new("parties", "创始参与方", "founding parties", genesis.Text.Parties.Count),
        new("validators", "验证节点", "validators", genesis.Text.Validators.Count),
        new("file", "文件", "file", path));
}
