using System.CommandLine;
using Ledger.Client.Signing;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Suites;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger key</c>: key files, each with one private key under a password.</summary>
static class KeyCommands
{
    public static Command Make(Shell shell) => Shell.Noun("key", "Make and list key files.", New(shell), List(shell));

    static Command New(Shell shell)
    {
        var party = Options.Party("--party", "USCC or LEI of the key's holder");
        var number = Options.Option<uint>("--number", "the key's number on the ledger", Options.TryParseWhole);
        var path = Options.File("--out", "file to write; never overwritten");
        var suite = new Option<string>("--suite") { Description = "ES256 (default) or SM2", DefaultValueFactory = _ => P256Suite.SuiteName };
        suite.AcceptOnlyFromAmong(P256Suite.SuiteName, Sm2Suite.SuiteName);
        var use = new Option<string>("--use") { Description = "signing (default) or sealing", DefaultValueFactory = _ => "signing" };
        use.AcceptOnlyFromAmong("signing", "sealing");
        var password = Options.PasswordFile();

        return shell.Command("new", "Make a private key in a file.", [party, number, path, suite, use, password], run =>
        {
            var id = new KeyId(run.Value(party), run.Value(number));
            using PrivateKey key = run.Value(use) == "sealing" || KnownSuites.Find(run.Required(suite)) is not { } found ? SealingKey.Create() : SigningKey.Create(found);
            Write(KeyFile.Lock(key, id.ToString(), Passwords.New(run, password), KeyFile.RecommendedIterations), run.Required(path));
            run.Output.Record(
                new("key", "密钥", "key", id.ToString()),
                new("suite", "算法", "suite", key.Use),
                new("publicKey", "公钥", "public key", key.PublicKey.ToString()),
                new("file", "文件", "file", run.Required(path)));
            return ExitCode.Ok;
        }, "key new --party 91440300MA1000017E --number 5 --out maker.key.json --password-file pw.txt");
    }

    static Command List(Shell shell)
    {
        var folder = Options.Text("DIR", "a folder with key files");
        return shell.Command("list", "List the key files of a folder. What is shown is believed only once a file was opened.", [folder], run =>
        {
            var files = Directory.EnumerateFiles(run.Value(folder), "*.key.json").Order(StringComparer.Ordinal)
                .Select(path => (Name: Path.GetFileName(path), Key: KeyFile.TryParse(File.ReadAllBytes(path), out var key) ? key : null)).ToArray();
            run.Output.Table(
                [new("file", "文件", "file", null), new("key", "密钥", "key", null), new("suite", "算法", "suite", null), new("publicKey", "公钥", "public key", null)],
                files.Where(file => file.Key is not null).Select(file => (IReadOnlyList<System.Text.Json.Nodes.JsonNode?>)[file.Name, file.Key?.Key, file.Key?.Suite, file.Key?.PublicKey.ToString()]));
            foreach (var (name, _) in files.Where(file => file.Key is null)) run.Output.Message($"{name}：不是密钥文件", $"{name}: not a key file");
            return ExitCode.Ok;
        }, "key list keys");
    }

    internal static void Write(KeyFile file, string path)
    {
        if (!file.TryWriteNew(path)) throw new StopException(ExitCode.Fault, $"{path} 已存在，不予覆盖。", $"{path} exists and is not overwritten.");
    }
}
