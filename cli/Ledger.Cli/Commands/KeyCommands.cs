using System.CommandLine;
using Ledger.Client.Signing;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Suites;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger key</c>: key files, each with one private key under a password, and what the ledger knows of keys.</summary>
static class KeyCommands
{
    public static Command Make(Shell shell) => Shell.Noun(
        "key", "密钥文件，以及账本上的密钥：更换、撤销、报失、恢复。", "Key files; and keys on the ledger: rotate, veto, revoke, report lost, recover.",
        New(shell), List(shell), Rotate(shell), Veto(shell), Revoke(shell), ReportLost(shell), Recover(shell));

    static Command New(Shell shell)
    {
        var party = Options.Party("--party", "密钥所属参与方", "USCC or LEI of the key's holder");
        var number = Options.Option<uint>("--number", "密钥在账本上的编号", "the key's number on the ledger", Options.TryParseWhole);
        var path = Options.File("--out", "写入的文件，绝不覆盖", "file to write; never overwritten");
        var suite = Options.OneOf("--suite", "算法（默认 ES256）", "the suite (default: ES256)", P256Suite.SuiteName, P256Suite.SuiteName, Sm2Suite.SuiteName);
        var use = Options.OneOf("--use", "用途（默认 signing）", "what it is for (default: signing)", "signing", "signing", "sealing");
        var password = Options.PasswordFile();

        return shell.Command("new", "生成私钥文件。", "Make a private key in a file.", [party, number, path, suite, use, password], run =>
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
        var folder = Options.Text("DIR", "存放密钥文件的目录", "a folder with key files");
        return shell.Command(
            "list", "列出目录中的密钥文件；所示内容须打开文件后方可相信。", "List the key files of a folder. What is shown is believed only once a file was opened.", [folder], run =>
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

    static Command Rotate(Shell shell)
    {
        var party = Options.OptionalParty("--party", "密钥所属参与方（默认：操作方）", "whose key it is (default: the acting party)");
        var replaces = Options.OptionalWhole("--replaces", "被替换的密钥编号；省略为新增", "the number of the key that it replaces; a further key without it");
        var keys = NewKeys.Option(required: true);
        return Submission.Command(
            shell, "rotate", [party, replaces, keys],
            (run, now) => new RotateKey(
                run.Value(party) ?? now.Party, run.Value(replaces) ?? 0,
                NewKeys.Of(run, now, run.Value(party) ?? now.Party, keys) is [var one] ? one : throw StopException.Usage("请给出恰好一个 --new-key。", "Give exactly one --new-key.")),
            ("由本方签名，或由保荐银行与另一银行签名；未经恢复密钥签名的等待 72 小时", "by the party, or its sponsor with a second bank; without the recovery key it waits 72 hours"),
            "key rotate --replaces 1 --new-key new.key.json,signing,maker,zhang.san --key old.key.json");
    }

    static Command Veto(Shell shell)
    {
        var (party, number) = (Options.PartyArgument("PARTY", "密钥所属参与方", "whose rotation it is"), NumberArgument());
        return Submission.Command(
            shell, "veto", [party, number], (run, _) => new VetoRotation(run.Value(party), run.Value(number)), ("由恢复密钥、法定代表人或保荐银行签名", "by the recovery key, the legal representative or the sponsor"),
            "key veto 91310115XX0000019T 3 --key recovery.key.json");
    }

    static Command Revoke(Shell shell)
    {
        var number = NumberArgument();
        return Submission.Command(
            shell, "revoke", [number], (run, _) => new RevokeKey(run.Value(number)), ("由本方签名；先前的行为仍有效", "by the party; acts before stay valid"), "key revoke 2 --key maker.key.json");
    }

    static Command ReportLost(Shell shell)
    {
        var party = Options.PartyArgument("PARTY", "丢失密钥的参与方", "who lost its keys");
        return Submission.Command(
            shell, "report-lost", [party], (run, _) => new ReportLost(run.Value(party)), ("由其保荐银行签名；立即停止其对外行为", "by its sponsor; its outgoing acts stop at once"),
            "key report-lost 91310115XX0000019T --key bank.key.json");
    }

    static Command Recover(Shell shell)
    {
        var party = Options.OptionalParty("--party", "恢复密钥的参与方（默认：操作方）", "whose keys (default: the acting party)");
        var revoke = Options.Several<uint>("--revoke", "同时撤销的密钥编号；可重复", "the number of a key that ends with it; may be repeated", Options.TryParseWhole);
        var keys = NewKeys.Option();
        return Submission.Command(
            shell, "recover", [party, revoke, keys], (run, now) => new Recover(run.Value(party) ?? now.Party, [.. run.Required(revoke)], NewKeys.Of(run, now, run.Value(party) ?? now.Party, keys)),
            ("由本方的恢复密钥签名，或由保荐银行与另一银行签名", "by the party's recovery key, or its sponsor with a second bank"),
            "key recover --revoke 1 --new-key new.key.json,signing,maker,zhang.san --key recovery.key.json");
    }

    static Argument<uint> NumberArgument() => Options.Argument<uint>("NUMBER", "密钥编号", "the key's number", Options.TryParseWhole);

    internal static void Write(KeyFile file, string path)
    {
        if (!file.TryWriteNew(path)) throw new StopException(ExitCode.Fault, $"{path} 已存在，不予覆盖。", $"{path} exists and is not overwritten.");
    }
}
