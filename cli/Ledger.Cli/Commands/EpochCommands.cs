using System.CommandLine;
using System.Text.Json;
using Ledger.Client.Founding;
using Ledger.Client.Signing;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Suites;
using Base64Url = Ledger.Core.Primitives.Base64Url;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger epoch</c>: the consortium's fingerprint keys, one an epoch.</summary>
static class EpochCommands
{
    public static Command Make(Shell shell) => Shell.Noun("epoch", "指纹密钥期。", "Fingerprint key epochs.", Key(shell));

    static Command Key(Shell shell)
    {
        var proposal = Options.IdArgument<Proposal>("PROPOSAL", "开启密钥期的提案", "the proposal that opens the epoch");
        var sealing = Options.File("--sealing-key", "本行密封密钥的文件", "the file of the bank's sealing key");
        var password = Options.TextOption("--sealing-password-file", "该文件的密码文件；省略时询问", "its password's file; asked for when left out", value: "FILE");
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

    static async Task<int> OpenAsync(Run run, Reading reading, Id<Proposal> id, SealingKey opener, string path, CancellationToken cancel)
    {
        var api = await reading.OpenAsync(run, cancel);
        using JsonDocument found = await api.ReadAsync(reading.At(run, NodePaths.Of("proposal", id.ToString())), cancel) ?? throw StopException.NotFound(id.ToString());
        if (!found.RootElement.TryGetProperty("epoch", out var epoch) || !Hash256.TryParse(epoch.GetProperty("keyCommitment").GetString(), out var commitment))
            throw StopException.Usage($"提案 {id} 不开启密钥期。", $"Proposal {id} opens no key epoch.");

        var suite = KnownSuites.Find((await api.HealthAsync(cancel)).Suite) ?? throw new StopException(ExitCode.Fault, "本程序不支持该链的算法。", "This program does not know the chain's suite.");
        var key = epoch.GetProperty("sealedKeys").EnumerateArray().Select(one => EpochKeys.Open(suite, commitment, one.GetProperty("sealed").GetString() ?? "", [opener])).FirstOrDefault(one => one is not null)
            ?? throw new StopException(
                ExitCode.VerificationFalse, "没有为此密封密钥密封、且与承诺值相符的指纹密钥：请勿赞成该提案。", "No fingerprint key is sealed to this sealing key that is the one committed to: do not vote for the proposal.");
        GenesisCommands.WriteSecret(path, Base64Url.Encode(key) + "\n");
        run.Output.Record(
            new("number", "期号", "epoch", epoch.GetProperty("number").GetUInt32()), new("keyCommitment", "密钥承诺值", "key commitment", commitment.ToString()), new("file", "文件", "file", path));
        return ExitCode.Ok;
    }
}
