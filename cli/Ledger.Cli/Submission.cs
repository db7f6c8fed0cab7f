using System.CommandLine;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Client.Api;
using Ledger.Client.Disclosures;
using Ledger.Client.Signing;
using Ledger.Client.Text;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Core.Wire;
using Ledger.Suites;

namespace Ledger.Cli;

/// <summary>
/// What an operation is built from beside its own options: the ledger's time and suite, who acts, and the digests of what the act hides.
/// </summary>
sealed record Circumstances(Timestamp LedgerTime, CryptoSuite Suite, Hash256 ChainId, PartyId Party)
{
    // Issues are dated, and days of interest counted, where the ledgers of this product live.
    const int OffsetMinutes = 480;

    public ValueList<Hash256> Terms { get; init; } = [];

    /// <summary>Whose node is asked; null where none is.</summary>
    public PartyId? NodeBank { get; init; }

    /// <summary>The last instant of the ledger's day: what was computed for a day is signed for no longer.</summary>
    public Timestamp EndOfToday => Timestamp.StartOf(Today.AddDays(1), OffsetMinutes);

    /// <summary>The keys whose files the act takes into use, in the order in which the ledger numbers them.</summary>
    public List<KeyId> KeyFiles { get; } = [];

    /// <summary>The date where the ledgers of this product live, which is all that issues are dated by.</summary>
    public DateOnly Today => LedgerTime.DateAt(OffsetMinutes);

    /// <summary>A whole minute, this many days from now.</summary>
    public Timestamp InDays(uint days) => LedgerTime.CeilingMinute().Add(days * Timestamp.Day);

    public Id<TNoun> NewId<TNoun>() => Client.Signing.NewId.Of<TNoun>(LedgerTime);

    /// <summary>The hash of a piece of evidence: given as 64 hexadecimal digits, or as the file itself.</summary>
    public Hash256 HashOf(string evidence) => Hash256.TryParse(evidence, out var hash) ? hash : Suite.Hash(File.ReadAllBytes(evidence));

    public Hash256? HashOfGiven(string? evidence) => evidence is null ? null : HashOf(evidence);
}

/// <summary>The options of every command that changes the ledger, and the way from an operation to its answer.</summary>
sealed class Submission
{
    const uint DefaultMinutes = 10;

    static readonly ConditionalWeakTable<Command, string> Kinds = [];

    readonly Option<string[]> keys = Options.Texts("--key", "签名密钥文件；多人签名时重复给出（默认：设置中的 key）", "key file; several for several signers (default: the settings' key)", "FILE");
    readonly Option<string[]> others = Options.Texts("--co-sign", "另一当事方的签名密钥文件；可重复", "key file of another party that signs too; may be repeated", "FILE");
    readonly Option<KeyId[]> later = Options.Several<KeyId>(
        "--awaiting", "稍后在别处签名的密钥；可重复。交易作为待会签的草稿交给节点，签名齐全后由节点提交",
        "key that signs later and elsewhere; may be repeated. The node keeps the transaction as a draft and submits it once all have signed", KeyId.TryParse, value: "PARTY#N");
    readonly Option<string[]> passwords = Options.Texts(
        "--password-file", "密钥的密码文件：共用一个，或与密钥依次对应", "password of the keys: one file for all, or one for each in order", "FILE");
    readonly Option<string?> node = Node.Option();
    readonly Option<PartyId?> party = Options.OptionalParty("--as", "操作方（默认：首个密钥所属）", "the acting party (default: the first key's)");
    readonly Option<PartyId?> principal = Options.OptionalParty("--on-behalf-of", "代理人依授权委托操作时的委托人", "the principal, when an agent acts under its mandate");
    readonly Option<uint?> minutes = Options.OptionalWhole("--expires-in", "请求的有效分钟数（默认 10）", "minutes for which the request is good (default: 10)");
    readonly Option<Hash256?> chainId = Options.Optional<Hash256>(
        "--chain-id", "链标识；省略时取自设置，否则以节点所说为准", "the chain's id; without it the settings', or the node's word is taken", Hash256.TryParse);
    readonly Option<bool> dryRun = Options.Flag("--dry-run", "只问账本会如何答复，不作任何改变", "ask what the ledger would answer, and change nothing");
    readonly Option<bool> noWait = Options.Flag("--no-wait", "不等待终局", "do not wait until the answer is final");
    readonly Option<string?> path = Options.TextOption(
        "--out", "不发送，写入该文件：已签名的交易；没有密钥时为待签名的内容（tx sign 读取）",
        "send nothing and write to this file: the signed transaction, or without a key the payload that tx sign takes", value: "FILE");
    readonly Option<string?> genesis = Options.TextOption(
        "--genesis", "与 --out 同用：不连接节点，取该创世文件的算法与链标识、本机时间", "with --out: ask no node, but take suite and chain from this genesis and the time from this machine", value: "FILE");
    readonly HidingOptions? hiding;
    readonly Func<Run, HiddenGiven, HiddenGiven>? agreed;
    readonly ComputedFigures? figures;

    Submission(HidingOptions? hiding, Func<Run, HiddenGiven, HiddenGiven>? agreed, ComputedFigures? figures) =>
        (this.hiding, this.agreed, this.figures) = (hiding, agreed, figures);

    /// <summary>A command that does one thing on the ledger, named as the verb is; <paramref name="note"/> says who does it, or what it takes.</summary>
    public static Command Command<TOperation>(
        Shell shell, string name, IReadOnlyList<Symbol> own, Func<Run, Circumstances, TOperation> build, (string Chinese, string English) note, params string[] examples)
        where TOperation : Operation<TOperation>, IVerb => Command(shell, name, own, build, agreed: null, figures: null, note, examples);

    /// <summary>
    /// A command that hides more than was typed under <c>--hide</c>: terms that it asks for (<paramref name="agreed"/>), or figures that it computes.
    /// </summary>
    public static Command Command<TOperation>(
        Shell shell, string name, IReadOnlyList<Symbol> own, Func<Run, Circumstances, TOperation> build, Func<Run, HiddenGiven, HiddenGiven>? agreed, ComputedFigures? figures,
        (string Chinese, string English) note, params string[] examples)
        where TOperation : Operation<TOperation>, IVerb
    {
        var (kind, chinese, english, _) = TOperation.Verb;
        var submission = new Submission(HiddenTerms.AreIn(typeof(TOperation)) ? new(own.OfType<Option<Currency>>().FirstOrDefault()) : null, agreed, figures);
        var command = shell.Command(
            name, $"{chinese}：{note.Chinese}。", $"{char.ToUpperInvariant(english[0])}{english[1..]} ({chinese}): {note.English}.", [.. own, .. submission.All],
            (run, cancel) => submission.SendAsync(run, build, cancel), examples);
        Kinds.Add(command, kind);
        return command;
    }

    /// <summary>The kind of operation that a command makes; null for one that makes none.</summary>
    public static string? KindOf(Command command) => Kinds.TryGetValue(command, out var kind) ? kind : null;

    IEnumerable<Symbol> All => [.. hiding?.All ?? [], keys, others, later, passwords, node, party, principal, minutes, chainId, dryRun, noWait, path, genesis];

    async Task<int> SendAsync(Run run, Func<Run, Circumstances, Operation> build, CancellationToken cancel)
    {
        var (files, passwordFiles) = KeysOf(run);
        if (files.Length == 0 && (run.Value(path) is null || run.Value(party) is null))
            throw StopException.Usage("请用 --key 给出签名密钥；或用 --as 与 --out 只写出待签名的内容。", "Give the key with --key, or only write what is to be signed: --as and --out.");
        if (run.Value(genesis) is not null && run.Value(path) is null) throw StopException.Usage("--genesis 须与 --out 同用。", "--genesis needs --out.");

        var signers = OpenKeys(run, files, passwordFiles);
        try
        {
            var now = await CircumstancesAsync(run, run.Value(party) ?? signers[0].Kid.Party, cancel);
            var hidden = await HiddenAsync(run, now, signers, cancel);
            now = now with { Terms = hidden.Digests(now.Suite) };
            var expires = now.LedgerTime.Add((run.Value(minutes) ?? DefaultMinutes) * Timestamp.Minute);
            var transaction = new Transaction(
                now.Party, run.Value(principal), now.NewId<Transaction>(), figures is not null && expires > now.EndOfToday ? now.EndOfToday : expires, [build(run, now)]);
            var payload = TransactionText.WritePayload(transaction);
            var awaited = run.Required(later);
            var text = signers.Count == 0 ? payload : Jws.SignInPart(payload, now.ChainId, signers, awaited);
            if (run.Value(path) is { } file)
            {
                hidden.Write(now.ChainId, transaction);
                run.WriteExact(text, file);
                return ExitCode.Ok;
            }

            var api = Node.Open(run, node);
            if (awaited.Length > 0)
            {
                if (run.Value(dryRun)) throw StopException.Usage("--awaiting 不能与 --dry-run 同用。", "--awaiting does not go with --dry-run.");
                hidden.Write(now.ChainId, transaction);
                return TellDraft(run, await api.PutDraftAsync(text, cancel));
            }

            if (now.KeyFiles.Count > 0) NewKeys.Check(now, await api.DryRunAsync(text, cancel));

            // What was hidden is kept before anything is sent: without its salts nobody could ever show it.
            if (!run.Value(dryRun)) hidden.Write(now.ChainId, transaction);
            var beside = IsForItsBank(transaction, now) ? hidden.Beside(now.ChainId, transaction) : [];
            return Tell(run, transaction, await PostAsync(api, text, beside, run.Value(dryRun), !run.Value(noWait), cancel), run.Value(dryRun));
        }
        finally
        {
            foreach (var (_, key) in signers) key.Dispose();
        }
    }

    /// <summary>Sends, or tries, a transaction with what it hides; a node that keeps no disclosures gets the transaction alone.</summary>
    public static async Task<SubmitAnswer> PostAsync(
        LedgerApi api, ReadOnlyMemory<byte> text, IReadOnlyList<DisclosureFile> beside, bool isDryRun, bool wait, CancellationToken cancel)
    {
        if (beside.Count > 0)
        {
            var answer = isDryRun ? await api.DryRunDisclosedAsync(text, beside, cancel) : await api.SubmitDisclosedAsync(text, beside, cancel);
            if (answer.Code != Refusal.NoPrivateStore) return answer;
        }

        return isDryRun ? await api.DryRunAsync(text, cancel) : await api.SubmitAsync(text, wait, cancel);
    }

    // What was typed, what the command asks for, and what it computes.
    async Task<HiddenGiven> HiddenAsync(Run run, Circumstances now, List<(KeyId Kid, SigningKey Key)> signers, CancellationToken cancel)
    {
        var hidden = hiding?.Of(run) ?? HiddenGiven.None;
        if (agreed is not null) hidden = agreed(run, hidden);
        if (figures is not null)
        {
            if (now.NodeBank is not null && signers.Count > 0)
            {
                var address = run.Setting(Setting.Node, run.Value(node)).Value ?? Node.Default;
                hidden = await figures.AddAsync(run, await NamedReader.OpenAsync(run, address, signers[0].Kid, signers[0].Key, run.Value(principal), cancel), now, hidden, cancel);
            }
            else if (hidden.New.All.Any(one => FinancingCase.Figures.Contains(one.Key)))
            {
                throw StopException.Usage("离线时无法计算金额：请连接节点，由程序计算。", "Offline no figure can be computed: ask a node and let the program compute it.");
            }
        }

        hidden.DemandFolder();
        return hidden;
    }

    // Rates go to the bank that is asked for money or gives it, and to nobody else's node.
    static bool IsForItsBank(Transaction transaction, Circumstances now) => transaction.Operations[0] switch
    {
        ApplyForFinancing apply => apply.Financier == now.NodeBank,
        var operation => FinancingCase.Subject(operation) is not null && transaction.Principal == now.NodeBank,
    };

    (string[] Files, string[] Passwords) KeysOf(Run run)
    {
        var typed = run.Required(keys);
        var own = typed.Length == 0 && run.Value(path) is null && run.Setting(Setting.Key).Value is { } usual ? [usual] : typed;
        return ([.. own, .. run.Required(others)], Passwords.FilesOf(run, passwords));
    }

    async Task<Circumstances> CircumstancesAsync(Run run, PartyId acting, CancellationToken cancel)
    {
        if (run.Value(genesis) is { } founding)
        {
            var chain = run.Genesis(founding).Chain;
            return new(run.Now, chain.Suite, chain.ChainId, acting);
        }

        var health = await Node.Open(run, node).HealthAsync(cancel);
        if (ExpectedChain(run) is { } known && known != health.ChainId)
            throw new StopException(ExitCode.VerificationFalse, $"节点属于另一条链：{health.ChainId}", $"The node is another chain's: {health.ChainId}");
        var suite = KnownSuites.Find(health.Suite)
            ?? throw new StopException(ExitCode.Fault, $"本程序不支持算法 {health.Suite}。", $"This program does not know the suite {health.Suite}.");
        return new(health.LedgerTime, suite, health.ChainId, acting) { NodeBank = health.Bank };
    }

    Hash256? ExpectedChain(Run run)
    {
        return run.Value(chainId) ?? SetChain(run);
    }

    /// <summary>The chain that the settings name.</summary>
    public static Hash256? SetChain(Run run)
    {
        if (run.Setting(Setting.ChainId) is not { Value: { } set, Source: var source }) return null;
        return Hash256.TryParse(set, out var id) ? id : throw StopException.Usage($"{source} 中的链标识有误。", $"The chain's id in {source} is not in order.");
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
            if (!KeyFile.TryParse(run.ReadSecret(path), out var file) || !KeyId.TryParse(file.Key, out var kid))
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
        var isUnderWay = answer is { HttpStatus: 202, Code: Refusal.None };
        var sentence = isUnderWay
            ? output.Say("已提交，尚未终局；请用 tx wait 等待。", "Under way and not yet final; wait for it with tx wait.")
            : (output.Language == Language.Chinese ? answer.Sentence : answer.SentenceEn) ?? RefusalText.Of(answer.Code, Facts.None, output.Language, offsetMinutes: 480);
        if (output.IsJson) output.Record(ForPrograms(transaction, answer, sentence, isDryRun));
        else output.Record(ForPeople(output, transaction, answer, sentence, isDryRun));
        if (answer.Code != Refusal.None) output.Message(sentence, sentence);
        return CodeOf(answer);
    }

    /// <summary>Prints a draft as it is now, or why the node does not take what was asked.</summary>
    public static int TellDraft(Run run, SubmitAnswer answer)
    {
        run.Output.Answer(run.Output.IsJson ? answer.Body : DraftForPeople(run, answer.Body));

        // A draft that the ledger refused was answered all the same.
        if (answer is { HttpStatus: 200 }) return answer.Code == Refusal.None ? ExitCode.Ok : ExitCode.Refused;
        run.Output.Message(answer.Sentence ?? "", answer.SentenceEn ?? "");
        return CodeOf(answer);
    }

    /// <summary>Without what is for programs, in one language.</summary>
    public static JsonElement DraftForPeople(Run run, JsonElement draft)
    {
        var shown = JsonSerializer.SerializeToNode(draft) as JsonObject ?? [];
        shown.Remove("payload");
        shown.Remove(run.Output.Language == Language.Chinese ? "detail" : "detailZh");
        if (draft.TryGetProperty("code", out var code) && code.GetUInt16() == 0) shown.Remove("code");
        return JsonSerializer.SerializeToElement(shown);
    }

    static Field[] ForPrograms(Transaction? transaction, SubmitAnswer answer, string sentence, bool isDryRun)
    {
        Field[] about = transaction is null ? [] :
        [
            new("party", "操作方", "party", transaction.Party.Text),
            new("transactionId", "交易号", "transaction id", transaction.Id.ToString()),
            new("operations", "操作", "operations", JsonSerializer.SerializeToNode(transaction, WireJson.TypeInfo<Transaction>())?["operations"]?.DeepClone()),
        ];
        return
        [
            new("answer", "答复", "answer", sentence), new("code", "编号", "code", (ushort)answer.Code), new("name", "名称", "name", answer.Code.ToString()),
            new("dryRun", "试运行", "dry run", isDryRun), .. about, new("node", "节点答复", "the node's answer", JsonSerializer.SerializeToNode(answer.Body)),
        ];
    }

    // A person reads the sentence, the number of a refusal, what was signed and what came of it; the rest of an answer is for programs.
    static Field[] ForPeople(Output output, Transaction? transaction, SubmitAnswer answer, string sentence, bool isDryRun)
    {
        var body = JsonSerializer.SerializeToNode(answer.Body) as JsonObject ?? [];
        var effects = body["effects"] as JsonArray ?? [];
        var currency = Currency.TryParse(effects.OfType<JsonObject>().Select(effect => effect["currency"]?.GetValue<string>()).FirstOrDefault(code => code is not null), out var told) ? told : default;
        JsonNode? operations = transaction is null ? null : JsonSerializer.SerializeToNode(transaction, WireJson.TypeInfo<Transaction>())?["operations"]?.DeepClone();
        Field?[] fields =
        [
            new("answer", "答复", "answer", sentence),
            answer.Code == Refusal.None ? null : new("code", "编号", "code", (ushort)answer.Code),
            isDryRun ? new("dryRun", "试运行", "dry run", true) : null,
            Place("party", "操作方", "party"), transaction is null ? Place("id", "交易号", "transaction id") : new("transactionId", "交易号", "transaction id", transaction.Id.ToString()),
            operations is null ? null : new("operations", "操作", "operations", PeopleText.Of(operations, output.Language, currency)),
            Place("height", "高度", "height"), Place("leaf", "叶", "leaf"), Place("ledgerTime", "账本时间", "ledger time"), Place("replayed", "重复请求", "replayed"),
            effects.Count == 0 ? null : new("effects", "结果", "effects", PeopleText.Of(effects, output.Language)),
        ];
        return [.. fields.OfType<Field>()];

        Field? Place(string name, string chinese, string english) =>
            body[name] is { } value ? new(name, chinese, english, PeopleText.Of(new JsonObject { [name] = value.DeepClone() }, output.Language)?[name]?.DeepClone()) : null;
    }

    public static int CodeOf(SubmitAnswer answer) => (answer.HttpStatus, answer.Code) switch
    {
        (401 or 403, _) => ExitCode.NotAllowed,
        (404, _) => ExitCode.NotFound,
        (_, Refusal.NotYetFinal or Refusal.TooManyRequests or Refusal.NodeStopping or Refusal.ChainQuotaUsed) => ExitCode.Unreachable,
        (502 or 503 or 504, _) => ExitCode.Unreachable,
        (>= 500, _) => ExitCode.Fault,
        (< 300, Refusal.None) => ExitCode.Ok,
        (_, Refusal.None or Refusal.QueryInvalid or Refusal.MediaTypeWrong or Refusal.MethodNotAllowed) => ExitCode.Fault,
        _ => ExitCode.Refused,
    };
}
