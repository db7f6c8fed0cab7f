using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using Ledger.Client.Api;
using Ledger.Client.Signing;
using Ledger.Client.Text;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Core.Wire;
using Ledger.Suites;

namespace Ledger.Cli;

/// <summary>What an operation is built from beside its own options: the ledger's time and suite, and who acts.</summary>
sealed record Circumstances(Timestamp LedgerTime, CryptoSuite Suite, Hash256 ChainId, PartyId Party)
{
    /// <summary>The date where the ledgers of this product live, which is all that issues are dated by.</summary>
    public DateOnly Today => LedgerTime.DateAt(offsetMinutes: 480);

    /// <summary>A whole minute, this many days from now.</summary>
    public Timestamp InDays(uint days) => LedgerTime.CeilingMinute().Add(days * Timestamp.Day);

    /// <summary>The hash of a piece of evidence: given as 64 hexadecimal digits, or as the file itself.</summary>
    public Hash256 HashOf(string evidence) => Hash256.TryParse(evidence, out var hash) ? hash : Suite.Hash(File.ReadAllBytes(evidence));
}

/// <summary>The options of every command that changes the ledger, and the way from an operation to its answer.</summary>
sealed class Submission
{
    const uint DefaultMinutes = 10;

    readonly Option<string[]> keys = new("--key") { Description = "key file; several for several signers", Required = true };
    readonly Option<string[]> passwords = new("--password-file") { Description = "password of the keys: one file for all, or one for each in order" };
    readonly Option<string?> node = Node.Option();
    readonly Option<PartyId?> party = Options.Optional<PartyId>("--as", "the acting party (default: the first key's)", PartyId.TryParse);
    readonly Option<PartyId?> principal = Options.Optional<PartyId>("--on-behalf-of", "the principal, when an agent acts under its mandate", PartyId.TryParse);
    readonly Option<uint> minutes = new("--expires-in") { Description = "minutes for which the request is good (default 10)", DefaultValueFactory = _ => DefaultMinutes };
    readonly Option<Hash256?> chainId = Options.Optional<Hash256>("--chain-id", "the chain's id; without it the node's word is taken", Hash256.TryParse);
    readonly Option<bool> dryRun = Options.Flag("--dry-run", "ask what the ledger would answer, and change nothing");
    readonly Option<bool> noWait = Options.Flag("--no-wait", "do not wait until the answer is final");

    /// <summary>A command that does one thing on the ledger.</summary>
    public static Command Command(
        Shell shell, string name, string description, IReadOnlyList<Symbol> own, Func<Run, Circumstances, Operation> build, params string[] examples)
    {
        var submission = new Submission();
        return shell.Command(
            name, description, [.. own, .. submission.All], (run, cancel) => submission.SendAsync(run, build, cancel), examples);
    }

    /// <summary>An id that nobody else will choose.</summary>
    public static Id<TNoun> NewId<TNoun>() => Id<TNoun>.Read(RandomNumberGenerator.GetBytes(Id<TNoun>.Size));

    public static Option<Id<TNoun>?> IdOption<TNoun>(string name = "--id") => Options.Optional<Id<TNoun>>(name, "22 characters of base64url; made when left out", Id<TNoun>.TryParse);

    IEnumerable<Symbol> All => [keys, passwords, node, party, principal, minutes, chainId, dryRun, noWait];

    async Task<int> SendAsync(Run run, Func<Run, Circumstances, Operation> build, CancellationToken cancel)
    {
        var signers = OpenKeys(run, run.Required(keys), run.Value(passwords) ?? []);
        try
        {
            var api = Node.Open(run, node);
            var health = await api.HealthAsync(cancel);
            if (run.Value(chainId) is { } known && known != health.ChainId)
                throw new StopException(ExitCode.VerificationFalse, $"节点属于另一条链：{health.ChainId}", $"The node is another chain's: {health.ChainId}");
            var suite = KnownSuites.Find(health.Suite)
                ?? throw new StopException(ExitCode.Fault, $"本程序不支持算法 {health.Suite}。", $"This program does not know the suite {health.Suite}.");

            var now = new Circumstances(health.LedgerTime, suite, health.ChainId, run.Value(party) ?? signers[0].Kid.Party);
            var transaction = new Transaction(
                now.Party, run.Value(principal), NewId<Transaction>(), now.LedgerTime.Add(run.Value(minutes) * Timestamp.Minute), [build(run, now)]);
            var text = Jws.Sign(TransactionText.WritePayload(transaction), now.ChainId, signers);
            var answer = run.Value(dryRun) ? await api.DryRunAsync(text, cancel) : await api.SubmitAsync(text, !run.Value(noWait), cancel);
            return Tell(run, transaction, answer, run.Value(dryRun));
        }
        finally
        {
            foreach (var (_, key) in signers) key.Dispose();
        }
    }

    /// <summary>Opens key files; each with its own password, or all with one.</summary>
    public static List<(KeyId Kid, SigningKey Key)> OpenKeys(Run run, string[] files, string[] passwordFiles)
    {
        if (passwordFiles.Length > 1 && passwordFiles.Length != files.Length)
            throw StopException.Usage("密码文件须只有一个，或与密钥一一对应。", "Give one password file, or one for each key.");

        var opened = new List<(KeyId, SigningKey)>();
        for (var i = 0; i < files.Length; i++)
        {
            var path = files[i];
            if (!KeyFile.TryParse(run.Read(path), out var file) || !KeyId.TryParse(file.Key, out var kid))
                throw new StopException(ExitCode.Fault, $"{path} 不是签名密钥文件。", $"{path} is no signing key's file.");
            var password = Passwords.Existing(run, passwordFiles.Length == 0 ? null : passwordFiles[passwordFiles.Length == 1 ? 0 : i], path);
            if (file.TryOpen<SigningKey>(password, out var key) is var opening && key is null)
            {
                throw new StopException(
                    opening == KeyFileOpening.WrongPasswordOrChanged ? ExitCode.NotAllowed : ExitCode.Fault,
                    $"{path} 无法打开：{(opening == KeyFileOpening.WrongPasswordOrChanged ? "密码错误，或文件被改动" : "不是所需用途的密钥")}。",
                    $"{path} cannot be opened: {(opening == KeyFileOpening.WrongPasswordOrChanged ? "the password is wrong, or the file was changed" : "it is not a key of the use asked for")}.");
            }

            opened.Add((kid, key));
        }

        return opened;
    }

    /// <summary>Prints an answer and says with which code the program ends.</summary>
    public static int Tell(Run run, Transaction? transaction, SubmitAnswer answer, bool isDryRun)
    {
        var output = run.Output;
        var sentence = (output.Language == Language.Chinese ? answer.Sentence : answer.SentenceEn) ?? RefusalText.Of(answer.Code, Facts.None, output.Language, offsetMinutes: 480);
        Field[] about = transaction is null ? [] :
        [
            new("party", "操作方", "party", transaction.Party.Text),
            new("transactionId", "交易号", "transaction id", transaction.Id.ToString()),
            new("operations", "操作", "operations", JsonSerializer.SerializeToNode(transaction, WireJson.TypeInfo<Transaction>())?["operations"]?.DeepClone()),
        ];
        output.Record([
            new("answer", "答复", "answer", sentence),
            new("code", "编号", "code", (ushort)answer.Code),
            new("name", "名称", "name", answer.Code.ToString()),
            new("dryRun", "试运行", "dry run", isDryRun),
            .. about,
            new("node", "节点答复", "the node's answer", JsonSerializer.SerializeToNode(answer.Body)),
        ]);
        if (answer.Code != Refusal.None) output.Message(sentence, sentence);
        return CodeOf(answer);
    }

    static int CodeOf(SubmitAnswer answer) => (answer.HttpStatus, answer.Code) switch
    {
        (401 or 403, _) => ExitCode.NotAllowed,
        (404, _) => ExitCode.NotFound,
        (_, Refusal.NotYetFinal or Refusal.TooManyRequests or Refusal.NodeStopping) => ExitCode.Unreachable,
        (502 or 503 or 504, _) => ExitCode.Unreachable,
        (>= 500, _) => ExitCode.Fault,
        (_, Refusal.None) => ExitCode.Ok,
        _ => ExitCode.Refused,
    };
}
