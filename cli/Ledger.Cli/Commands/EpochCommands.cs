using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Ledger.Client.Api;
using Ledger.Client.Founding;
using Ledger.Client.Signing;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Suites;
using Base64Url = Ledger.Core.Primitives.Base64Url;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger epoch</c>: the consortium's fingerprint keys, one an epoch.</summary>
static class EpochCommands
{
    public static Command Make(Shell shell) => Shell.Noun("epoch", "指纹密钥期。", "Fingerprint key epochs.", Key(shell), Seal(shell), Take(shell));

    static Command Key(Shell shell)
    {
        var proposal = Options.IdArgument<Proposal>("PROPOSAL", "开启密钥期的提案", "the proposal that opens the epoch");
        var (sealing, password) = SealingKeyOptions();
        var output = Options.File("--out", "写入指纹密钥的文件，绝不覆盖", "file for the fingerprint key; never overwritten");
        var reading = new Reading();
        return shell.Command(
            "key", "打开提案为本行密封的指纹密钥，并与其承诺值核对；表决之前先行核对。", "Open the fingerprint key that a proposal seals to the bank and hold it against its commitment: before the bank votes.",
            [proposal, sealing, password, output, .. reading.All],
            async (run, cancel) =>
            {
                using var opener = Passwords.Open<SealingKey>(run, run.Required(sealing), run.Value(password));
                return await OpenAsync(run, reading, run.Value(proposal), opener, run.Required(output), cancel);
            },
            "epoch key AAAAAAAAAAAAAAAAAAAAAQ --sealing-key sealing.key.json --sealing-password-file pw.txt --out epoch-2.key");
    }

    static Command Seal(Shell shell)
    {
        var number = Number();
        var to = Options.Party("--to", "收件银行；按账本所载其密封公钥密封", "the bank that is to have it: sealed to its sealing key as the ledger has it");
        var (sealing, password) = SealingKeyOptions();
        var given = Options.TextOption("--given", "本行自己收到的密封文件；账本上为本行密封的打不开时使用", "the file that this bank was given itself, where what the ledger seals to it does not open", value: "FILE");
        var output = Options.File("--out", "写入密封文件，绝不覆盖；只有收件银行能打开", "file for the sealed key, which that bank alone opens; never overwritten");
        var reading = new Reading(hasHeights: false);
        return shell.Command(
            "seal", "把一期的指纹密钥密封给另一家银行：后加入的、或自己的打不开的；密封文件可以任何方式送达。",
            "Seal an epoch's fingerprint key to another bank, which came later or whose own does not open; the file may go by any way.", [number, to, sealing, password, given, output, .. reading.All],
            async (run, cancel) =>
            {
                using var opener = Passwords.Open<SealingKey>(run, run.Required(sealing), run.Value(password));
                var api = await reading.OpenAsync(run, cancel);
                var epoch = await EpochAsync(api, run.Value(number), cancel);
                var key = epoch.Opened(run.Value(given) is { } file ? Text(run, file) : epoch.Sealed, opener);
                var bank = run.Required(to);
                using var found = await api.ReadAsync(NodePaths.Party(bank), cancel) ?? throw StopException.NotFound(bank.Text);
                var recipient = found.RootElement.GetProperty("keys").EnumerateArray().LastOrDefault(static one => one.GetProperty("use").GetString() == "sealing" && one.GetProperty("valid").GetBoolean());
                if (recipient.ValueKind != JsonValueKind.Object || !ByteString.TryParse(recipient.GetProperty("publicKey").GetString(), out var publicKey))
                    throw new StopException(ExitCode.Fault, $"{bank} 在账本上没有有效的密封密钥。", $"{bank} has no sealing key on the ledger that is valid.");
                GenesisCommands.WriteSecret(run.Required(output), SealedKey.Seal(key, publicKey) + "\n");
                run.Output.Record(
                    new("number", "期号", "epoch", epoch.Number), new("to", "收件银行", "to", bank.Text), new("sealingKey", "密封密钥", "sealing key", recipient.GetProperty("id").GetString()),
                    new("file", "文件", "file", run.Required(output)));
                return ExitCode.Ok;
            },
            "epoch seal 2 --to 91440300MA10000259 --sealing-key sealing.key.json --out epoch-2.sealed");
    }

    static Command Take(Shell shell)
    {
        var number = Number();
        var given = Options.File("--given", "另一家银行用 ledger epoch seal 为本行密封的文件", "the file that another bank made with ledger epoch seal");
        var (sealing, password) = SealingKeyOptions();
        var keys = Options.File("--keys", "本行节点的 keys 目录，其中有密封密钥；写入 epoch-N.key，绝不覆盖：已有而打不开的改名保留",
            "the node's folder keys, where its sealing key is; epoch-N.key is written there and never overwritten: one that does not open is kept under another name");
        var reading = new Reading(hasHeights: false);
        return shell.Command(
            "take", "核对收到的指纹密钥与账本上的承诺值，并放到节点的 keys 目录；运行中的节点随即使用，无须重启。",
            "Hold a fingerprint key that another bank sealed to this one against the ledger's commitment, and put it where the node finds it, without restart.", [number, given, sealing, password, keys, .. reading.All],
            async (run, cancel) =>
            {
                using var opener = Passwords.Open<SealingKey>(run, run.Required(sealing), run.Value(password));
                var epoch = await EpochAsync(await reading.OpenAsync(run, cancel), run.Value(number), cancel);
                var text = Text(run, run.Required(given));
                epoch.Opened(text, opener);

                // Sealed as it came: the bank's password guards it there as it does the sealing key beside it.
                var path = Path.Combine(run.Required(keys), EpochKeys.FileOf(epoch.Number));
                if (File.Exists(path) && !epoch.Opens(Text(run, path), opener)) PutAside(run, path);
                GenesisCommands.WriteSecret(path, text + "\n");
                run.Output.Record(new("number", "期号", "epoch", epoch.Number), new("keyCommitment", "密钥承诺值", "key commitment", epoch.Commitment.ToString()), new("file", "文件", "file", path));
                return ExitCode.Ok;
            },
            "epoch take 2 --given epoch-2.sealed --sealing-key keys/sealing.key.json --keys keys");
    }

    static Argument<uint> Number() => Options.Argument<uint>("NUMBER", "期号", "the epoch's number", Options.TryParseWhole);

    static (Option<string> Key, Option<string?> Password) SealingKeyOptions() => (
        Options.File("--sealing-key", "本行密封密钥的文件", "the file of the bank's sealing key"),
        Options.TextOption("--sealing-password-file", "该文件的密码文件；省略时询问", "its password's file; asked for when left out", value: "FILE"));

    static string Text(Run run, string path) => Encoding.ASCII.GetString(run.Read(path)).Trim();

    // Whatever it is, nobody but the bank says that it is nothing.
    static void PutAside(Run run, string path)
    {
        var aside = Enumerable.Range(1, int.MaxValue).Select(number => string.Create(CultureInfo.InvariantCulture, $"{path}.unopened-{number}")).First(static name => !File.Exists(name));
        File.Move(path, aside);
        run.Output.Message($"原有文件打不开，已改名保留：{aside}", $"What lay there does not open, and is kept as {aside}");
    }

    static async Task<KeyEpoch> EpochAsync(LedgerApi api, uint number, CancellationToken cancel)
    {
        using var node = await api.ReadAsync("v1/node", cancel) ?? throw StopException.NotFound("v1/node");
        var suite = await SuiteAsync(api, cancel);
        foreach (var epoch in node.RootElement.GetProperty("keyEpochs").EnumerateArray())
        {
            if (epoch.GetProperty("number").GetUInt32() == number && Hash256.TryParse(epoch.GetProperty("keyCommitment").GetString(), out var commitment))
                return new(suite, number, commitment, epoch.TryGetProperty("sealed", out var text) ? text.GetString() ?? "" : "");
        }

        throw StopException.NotFound(number.ToString(CultureInfo.InvariantCulture));
    }

    static async Task<CryptoSuite> SuiteAsync(LedgerApi api, CancellationToken cancel) =>
        KnownSuites.Find((await api.HealthAsync(cancel)).Suite) ?? throw new StopException(ExitCode.Fault, "本程序不支持该链的算法。", "This program does not know the chain's suite.");

    /// <summary>An epoch as the node tells it: the commitment, and the key as the ledger has it sealed to the node's bank, empty where it has not.</summary>
    sealed record KeyEpoch(CryptoSuite Suite, uint Number, Hash256 Commitment, string Sealed)
    {
        public bool Opens(string text, SealingKey opener) => EpochKeys.Open(Suite, Commitment, text, [opener]) is not null;

        public byte[] Opened(string text, SealingKey opener) => EpochKeys.Open(Suite, Commitment, text, [opener])
            ?? throw new StopException(
                ExitCode.VerificationFalse, "此密封密钥打不开该密文，或其中的密钥与账本上的承诺值不符：未作任何改动。",
                "What is sealed does not open with this sealing key, or is not the key that the ledger's epoch committed to. Nothing was changed.");
    }

    static async Task<int> OpenAsync(Run run, Reading reading, Id<Proposal> id, SealingKey opener, string path, CancellationToken cancel)
    {
        var api = await reading.OpenAsync(run, cancel);
        using JsonDocument found = await api.ReadAsync(reading.At(run, NodePaths.Of("proposal", id.ToString())), cancel) ?? throw StopException.NotFound(id.ToString());
        if (!found.RootElement.TryGetProperty("epoch", out var epoch) || !Hash256.TryParse(epoch.GetProperty("keyCommitment").GetString(), out var commitment))
            throw StopException.Usage($"提案 {id} 不开启密钥期。", $"Proposal {id} opens no key epoch.");

        var suite = await SuiteAsync(api, cancel);
        var key = epoch.GetProperty("sealedKeys").EnumerateArray().Select(one => EpochKeys.Open(suite, commitment, one.GetProperty("sealed").GetString() ?? "", [opener])).FirstOrDefault(one => one is not null)
            ?? throw new StopException(
                ExitCode.VerificationFalse, "没有为此密封密钥密封、且与承诺值相符的指纹密钥：请勿赞成该提案。", "No fingerprint key is sealed to this sealing key that is the one committed to: do not vote for the proposal.");
        GenesisCommands.WriteSecret(path, Base64Url.Encode(key) + "\n");
        run.Output.Record(
            new("number", "期号", "epoch", epoch.GetProperty("number").GetUInt32()), new("keyCommitment", "密钥承诺值", "key commitment", commitment.ToString()), new("file", "文件", "file", path));
        return ExitCode.Ok;
    }
}
