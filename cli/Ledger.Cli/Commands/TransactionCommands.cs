using System.CommandLine;
using System.Text.Json;
using Ledger.Client.Api;
using Ledger.Client.Signing;
using Ledger.Client.Text;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Core.Wire;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger tx</c>: transactions step by step, so that building, signing and sending can be done by different people in different places.</summary>
static class TransactionCommands
{
    public static Command Make(Shell shell) => Shell.Noun(
        "tx", "逐步构造、签名、发送交易，查询与等待其结果。", "Build, sign, send and look up transactions.",
        Build(shell), Sign(shell), Send(shell), DryRun(shell), Get(shell), Wait(shell), Receipt(shell));

    static Command Build(Shell shell)
    {
        var party = Options.Party("--party", "操作方", "the acting party");
        var principal = Options.OptionalParty("--on-behalf-of", "代理人依授权委托操作时的委托人", "the principal, when an agent acts under its mandate");
        var operations = Options.File("--operations", "操作的 JSON 数组，- 为标准输入", "JSON array of operations, or - for standard input");
        var minutes = Options.OptionalWhole("--expires-in", "有效分钟数（默认 10）", "minutes from now (default: 10)");
        var node = Options.TextOption("--node", "从该节点取时间，而不是本机时钟", "take the time from this node and not from this machine's clock", value: "URL");
        var path = Options.OutFile();

        return shell.Command("build", "写出待签名的内容。", "Write a payload that is to be signed.", [party, principal, operations, minutes, node, path], async (run, cancel) =>
        {
            var now = run.Value(node) is null ? run.Now : (await Node.Open(run, node).HealthAsync(cancel)).LedgerTime;
            var transaction = new Transaction(
                run.Value(party), run.Value(principal), NewId.Of<Transaction>(now), now.Add((run.Value(minutes) ?? 10) * Timestamp.Minute),
                ReadOperations(run.Read(run.Required(operations))));
            run.WriteExact(TransactionText.WritePayload(transaction), run.Value(path));
            return ExitCode.Ok;
        }, "tx build --party 91440300MA1000017E --operations operations.json --out payload.json");
    }

    static Command Sign(Shell shell)
    {
        var payload = Options.File("--payload", "tx build 或 --out 写出的内容", "what tx build or --out wrote");
        var keys = Options.Texts("--key", "签名密钥文件；多人签名时重复给出（默认：设置中的 key）", "key file; several for several signers (default: the settings' key)", "FILE");
        var passwords = Options.Texts(
            "--password-file", "密钥的密码文件：共用一个，或与密钥依次对应", "password of the keys: one file for all, or one for each in order", "FILE");
        var genesis = Options.File("--genesis", "该链的创世文件", "the chain's genesis");
        var path = Options.OutFile();

        return shell.Command("sign", "签名：写出交易唯一的确切文本。", "Sign a payload: writes the transaction's one exact text.", [payload, keys, passwords, genesis, path], run =>
        {
            var chain = run.Genesis(run.Required(genesis)).Chain;
            var files = run.Required(keys) is { Length: > 0 } named ? named : run.Setting(Setting.Key).Value is { } usual ? [usual] : [];
            if (files.Length == 0) throw StopException.Usage("请用 --key 给出签名密钥。", "Give the key with --key.");
            var signers = Submission.OpenKeys(run, files, Passwords.FilesOf(run, passwords));
            var text = Jws.Sign(run.Read(run.Required(payload)), chain.ChainId, signers);
            foreach (var (_, key) in signers) key.Dispose();
            if (TransactionText.Read(text, chain.Suite, chain.ChainId, out var refused) is null && refused is { } no)
            {
                var (chinese, english) = (RefusalText.Of(no.Refusal, no.Facts, Language.Chinese, 0), RefusalText.Of(no.Refusal, no.Facts, Language.English, 0));
                throw new StopException(ExitCode.Refused, chinese, english);
            }

            run.WriteExact(text, run.Value(path));
            return ExitCode.Ok;
        }, "tx sign --payload payload.json --key maker.key.json --key checker.key.json --genesis genesis.json --out tx.json");
    }

    static Command Send(Shell shell)
    {
        var file = SignedArgument();
        var node = Node.Option();
        var noWait = Options.Flag("--no-wait", "不等待终局", "do not wait until the answer is final");
        var dryRun = Options.Flag("--dry-run", "只问账本会如何答复，不作任何改变", "ask what the ledger would answer, and change nothing");
        var disclosures = DisclosuresBeside();
        return shell.Command(
            "send", "发送已签名的交易并显示答复。", "Send a signed transaction and print its answer.", [file, node, noWait, dryRun, disclosures],
            (run, cancel) => PostAsync(run, file, node, disclosures, run.Value(dryRun), !run.Value(noWait), cancel), "tx send tx.json --node http://127.0.0.1:7301");
    }

    static Command DryRun(Shell shell)
    {
        var (file, node, disclosures) = (SignedArgument(), Node.Option(), DisclosuresBeside());
        return shell.Command(
            "dry-run", "只问账本会如何答复，不作任何改变。", "Ask what the ledger would answer, and change nothing.", [file, node, disclosures],
            (run, cancel) => PostAsync(run, file, node, disclosures, isDryRun: true, wait: false, cancel), "tx dry-run tx.json");
    }

    static Command Get(Shell shell)
    {
        var (party, id, reading) = (PartyArgument(), IdArgument(), new Reading(hasHeights: false));
        var get = shell.Command(
            "get", "显示一笔交易及其答复。", "Show a transaction and its answer.", [party, id, .. reading.All],
            (run, cancel) => Node.ShowAsync(run, reading, NodePaths.Transaction(run.Value(party), run.Value(id)), run.Value(id).ToString(), cancel),
            "tx get 91440300MA1000017E AAAAAAAAAAAAAAAAAAAAAQ");
        get.Aliases.Add("show");
        return get;
    }

    static Command Wait(Shell shell)
    {
        var (party, id, reading) = (PartyArgument(), IdArgument(), new Reading(hasHeights: false));
        var seconds = Options.OptionalWhole("--timeout", "最多等待的秒数（默认 60）", "seconds to wait at most (default: 60)");
        return shell.Command("wait", "等到一笔交易终局，然后显示其答复。", "Wait until a transaction is final, then show its answer.", [party, id, seconds, .. reading.All], async (run, cancel) =>
        {
            var api = await reading.OpenAsync(run, cancel);
            var path = NodePaths.Transaction(run.Value(party), run.Value(id));
            var end = run.Terminal.Time.GetUtcNow().AddSeconds(run.Value(seconds) ?? 60);
            using var progress = new Progress(run);
            while (true)
            {
                try
                {
                    using var found = await api.ReadAsync(path, cancel);
                    if (found is not null)
                    {
                        run.Output.Answer(found.RootElement);
                        return found.RootElement.TryGetProperty("code", out var code) && code.GetUInt16() != 0 ? ExitCode.Refused : ExitCode.Ok;
                    }
                }
                catch (NodeAnsweredException answered) when (answered.Answer.Code == Refusal.NotYetFinal)
                {
                    // It is on its way: what was waited for.
                }

                if (run.Terminal.Time.GetUtcNow() >= end)
                    throw new StopException(ExitCode.Unreachable, "等待超时，仍未终局。", "It is still not final; waiting has ended.");
                progress.Tell(() => "等待终局 …", () => "waiting until it is final …");
                await Task.Delay(TimeSpan.FromMilliseconds(200), run.Terminal.Time, cancel);
            }
        }, "tx wait 91440300MA1000017E AAAAAAAAAAAAAAAAAAAAAQ --timeout 30");
    }

    static Command Receipt(Shell shell)
    {
        var (party, id, reading) = (PartyArgument(), IdArgument(), new Reading(hasHeights: false));
        var (path, cose) = (Options.OutFile(), new CoseGathering());
        var witnessed = Options.Flag("--witnessed", "以见证方已联署的最新检查点为准，供要求见证的信任策略核验", "under the newest checkpoint that witnesses cosigned, for policies that ask for their word");
        return shell.Command("receipt", "取回一笔交易的回执，verify receipt 可离线核验。", "Fetch the receipt of a transaction, which verify receipt checks offline.", [party, id, path, witnessed, .. cose.All, .. reading.All], async (run, cancel) =>
        {
            cose.MustBeWhole(run, run.Value(path));
            if (run.Value(witnessed) && cose.IsAsked(run)) throw StopException.Usage("COSE 回执不含见证方的联署：--witnessed 与 --cose 请二选一。", "A COSE receipt has no witness's word: give either --witnessed or --cose.");
            var (by, transaction) = (run.Value(party).Text, run.Value(id).ToString());
            var api = await reading.OpenAsync(run, cancel);
            var receipt = await (run.Value(witnessed) ? api.WitnessedReceiptAsync(by, transaction, cancel) : api.ReceiptAsync(by, transaction, cancel)) ?? throw StopException.NotFound(transaction);
            run.WriteExact(cose.IsAsked(run) ? await cose.GatherAsync(run, api, receipt, cancel) : receipt, run.Value(path));
            return ExitCode.Ok;
        }, "tx receipt 91440300MA1000017E AAAAAAAAAAAAAAAAAAAAAQ --out receipt.tlog-proof",
        "tx receipt 91440300MA1000017E AAAAAAAAAAAAAAAAAAAAAQ --witnessed --out receipt.tlog-proof",
        "tx receipt 91440300MA1000017E AAAAAAAAAAAAAAAAAAAAAQ --cose --also http://127.0.0.1:7419 --policy policy.txt --out receipt.cose");
    }

    static Argument<string> SignedArgument() => Options.Text("FILE", "已签名的交易，- 为标准输入", "a signed transaction, or - for standard input");

    static Argument<PartyId> PartyArgument() => Options.PartyArgument("PARTY", "操作方", "the acting party");

    static Argument<Id<Transaction>> IdArgument() => Options.IdArgument<Transaction>("ID", "交易号", "the transaction's id");

    static Option<string[]> DisclosuresBeside() => Options.Texts(
        "--disclosures", "随交易交给本行节点的披露文件；可重复", "a file of its disclosures, for the node of the own bank; may be repeated", "FILE");

    static async Task<int> PostAsync(
        Run run, Argument<string> file, Option<string?> node, Option<string[]> disclosures, bool isDryRun, bool wait, CancellationToken cancel)
    {
        LedgerApi api = Node.Open(run, node);
        var text = run.Read(run.Value(file));
        var beside = run.Required(disclosures).Select(path => DisclosureCommands.ReadFile(run, path)).ToArray();
        return Submission.Tell(run, null, await Submission.PostAsync(api, text, beside, isDryRun, wait, cancel), isDryRun);
    }

    static ValueList<Operation> ReadOperations(byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, WireJson.TypeInfo<ValueList<Operation>>());
        }
        catch (Exception wrong) when (wrong is JsonException or NotSupportedException)
        {
            throw StopException.Usage($"操作列表有误：{wrong.Message}", $"The operations cannot be read: {wrong.Message}");
        }
    }
}
