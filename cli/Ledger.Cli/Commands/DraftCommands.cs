using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Client.Api;
using Ledger.Client.Signing;
using Ledger.Client.Text;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Core.Wire;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger draft</c>: transactions that wait at a node for the signatures of others, so that two people, or clerks at two banks, finish one act without handing files.</summary>
static class DraftCommands
{
    public static Command Make(Shell shell) => Shell.Noun(
        "draft", "待会签的交易：提交、查看、补签、退回、撤回。", "Transactions that wait for signatures: put, look, sign, reject and recall.",
        Put(shell), List(shell), Show(shell), Sign(shell), Reject(shell), Recall(shell));

    static Command Put(Shell shell)
    {
        var payload = Options.File("--payload", "tx build 或 --out 写出的内容", "what tx build or --out wrote");
        var (keys, passwords, node) = (Keys(), PasswordFiles(), Node.Option());
        var awaited = Options.Several<KeyId>("--awaiting", "稍后签名的密钥；可重复", "key that signs later; may be repeated", KeyId.TryParse, required: true, value: "PARTY#N");
        return shell.Command("put", "签名并把交易交给节点等待会签。", "Sign a payload and leave it at the node for others to sign.", [payload, keys, awaited, passwords, node], async (run, cancel) =>
        {
            var signers = Open(run, keys, passwords);
            try
            {
                var api = Node.Open(run, node);
                var chain = await ChainOfAsync(run, api, cancel);
                var text = Jws.SignInPart(run.Read(run.Required(payload)), chain, signers, run.Required(awaited));
                return Submission.TellDraft(run, await api.PutDraftAsync(text, cancel));
            }
            finally
            {
                Close(signers);
            }
        }, "draft put --payload payload.json --key maker.key.json --awaiting 91440300MA1000017E#2 --node http://127.0.0.1:7301");
    }

    static Command List(Shell shell)
    {
        var awaiting = Options.OptionalParty("--awaiting", "只列等待该参与方签名的", "only those that wait for a signature of this party");
        var reading = new Reading(hasHeights: false);
        return shell.Command("list", "列出与自己有关的待会签交易。", "List the drafts in which one has part.", [awaiting, .. reading.All], async (run, cancel) =>
        {
            var path = run.Value(awaiting) is { } party ? NodePaths.List("drafts", "awaiting", party) : "v1/drafts";
            using var found = await (await reading.OpenAsync(run, cancel)).ReadAsync(path, cancel) ?? throw StopException.NotFound(path);
            var drafts = found.RootElement.GetProperty("drafts").EnumerateArray();
            string[] shown = ["party", "id", "verbs", "status", "missing", "expires"];
            if (run.Output.IsJson) run.Output.Answer(found.RootElement);
            else run.Output.Table([.. shown.Select(name => new Field(name, MemberText.Of(name, Language.Chinese), MemberText.Of(name, Language.English), null))], drafts.Select(draft => Row(run, draft, shown)));
            return ExitCode.Ok;
        }, "draft list --awaiting 91440300MA1000017E --key my.key.json");
    }

    static Command Show(Shell shell)
    {
        var (party, id, reading) = (PartyArgument(), IdArgument(), new Reading(hasHeights: false));
        return shell.Command("show", "显示一笔待会签的交易：内容、已签、待签。", "Show a draft: all that it says, who has signed, who is missing.", [party, id, .. reading.All], async (run, cancel) =>
        {
            var (body, payload) = await ReadAsync(run, await reading.OpenAsync(run, cancel), run.Value(party), run.Value(id), cancel);
            Print(run, body, payload);
            return ExitCode.Ok;
        }, "draft show 91440300MA1000017E AAAAAAAAAAAAAAAAAAAAAQ --key my.key.json");
    }

    static Command Sign(Shell shell)
    {
        var (party, id, keys, passwords, node) = (PartyArgument(), IdArgument(), Keys(), PasswordFiles(), Node.Option());
        var yes = Options.Flag("--yes", "已核对内容，不再询问", "the content was checked: do not ask");
        return shell.Command("sign", "显示全部内容，确认后补签；签名齐全时节点即提交。", "Show all that a draft says, and sign it; the last signature submits it.", [party, id, keys, passwords, node, yes], async (run, cancel) =>
        {
            var signers = Open(run, keys, passwords);
            try
            {
                var api = await NamedReader.OpenAsync(run, run.Setting(Setting.Node, run.Value(node)).Value ?? Node.Default, signers[0].Kid, signers[0].Key, onBehalfOf: null, cancel);
                var (body, payload) = await ReadAsync(run, api, run.Value(party), run.Value(id), cancel);
                if (!run.Value(yes)) Confirm(run, body, payload);
                KeyId[] announced = [.. KeysIn(body, "signed"), .. KeysIn(body, "missing")];
                if (signers.FirstOrDefault(signer => !announced.Contains(signer.Kid)) is { Key: not null } foreign)
                    throw new StopException(ExitCode.Refused, $"该交易不由 {foreign.Kid} 签署。", $"{foreign.Kid} is not among those who sign this.");
                var chain = await ChainOfAsync(run, api, cancel);
                var text = Jws.SignInPart(payload, chain, signers, announced.Except(signers.Select(signer => signer.Kid)));
                return Submission.TellDraft(run, await api.PutDraftAsync(text, cancel));
            }
            finally
            {
                Close(signers);
            }
        }, "draft sign 91440300MA1000017E AAAAAAAAAAAAAAAAAAAAAQ --key my.key.json --yes");
    }

    static Command Reject(Shell shell)
    {
        var (party, id, reading) = (PartyArgument(), IdArgument(), new Reading(hasHeights: false));
        var reason = Options.TextOption("--reason", "理由，其他签署人可见，至多 200 字", "why, as the others will read it; 200 characters at most", required: true);
        return shell.Command("reject", "退回：不签署，并说明理由。", "Do not sign a draft, and say why.", [party, id, reason, .. reading.All], async (run, cancel) =>
            Submission.TellDraft(run, await (await reading.OpenAsync(run, cancel)).RejectDraftAsync(run.Value(party), run.Value(id), run.Value(reason) ?? "", cancel)),
            "draft reject 91440300MA1000017E AAAAAAAAAAAAAAAAAAAAAQ --reason 金额与合同不符 --key my.key.json");
    }

    static Command Recall(Shell shell)
    {
        var (party, id, reading) = (PartyArgument(), IdArgument(), new Reading(hasHeights: false));
        return shell.Command("recall", "撤回自己的待会签交易。", "Recall a draft of one's own.", [party, id, .. reading.All], async (run, cancel) =>
            Submission.TellDraft(run, await (await reading.OpenAsync(run, cancel)).RecallDraftAsync(run.Value(party), run.Value(id), cancel)),
            "draft recall 91440300MA1000017E AAAAAAAAAAAAAAAAAAAAAQ --key my.key.json");
    }

    static Argument<PartyId> PartyArgument() => Options.PartyArgument("PARTY", "操作方", "the acting party");

    static Argument<Id<Transaction>> IdArgument() => Options.IdArgument<Transaction>("ID", "交易号", "the transaction's id");

    static Option<string[]> Keys() => Options.Texts("--key", "签名密钥文件；可重复（默认：设置中的 key）", "key file; may be repeated (default: the settings' key)", "FILE");

    static Option<string[]> PasswordFiles() => Options.Texts(
        "--password-file", "密钥的密码文件：共用一个，或与密钥依次对应", "password of the keys: one file for all, or one for each in order", "FILE");

    static List<(KeyId Kid, SigningKey Key)> Open(Run run, Option<string[]> keys, Option<string[]> passwords)
    {
        var files = run.Required(keys) is { Length: > 0 } named ? named : run.Setting(Setting.Key).Value is { } usual ? [usual] : [];
        if (files.Length == 0) throw StopException.Usage("请用 --key 给出签名密钥。", "Give the key with --key.");
        return Submission.OpenKeys(run, files, Passwords.FilesOf(run, passwords));
    }

    static void Close(List<(KeyId Kid, SigningKey Key)> signers)
    {
        foreach (var (_, key) in signers) key.Dispose();
    }

    static async Task<Hash256> ChainOfAsync(Run run, LedgerApi api, CancellationToken cancel)
    {
        var chain = (await api.HealthAsync(cancel)).ChainId;
        return Submission.SetChain(run) is { } known && known != chain
            ? throw new StopException(ExitCode.VerificationFalse, $"节点属于另一条链：{chain}", $"The node is another chain's: {chain}")
            : chain;
    }

    static async Task<(JsonElement Body, byte[] Payload)> ReadAsync(Run run, LedgerApi api, PartyId party, Id<Transaction> id, CancellationToken cancel)
    {
        using var found = await api.ReadAsync(NodePaths.Draft(party, id), cancel) ?? throw StopException.NotFound($"{party} {id}");
        var body = found.RootElement.Clone();

        // What is signed is the payload's octets, whatever a node says of them.
        return Base64Url.TryDecode(body.GetProperty("payload").GetString(), out var payload) && Read(payload) is { } transaction && transaction.Party == party && transaction.Id == id
            ? (body, payload)
            : throw new StopException(ExitCode.VerificationFalse, "节点给出的内容不是所询问的交易。", "What the node gave is not the transaction that was asked for.");
    }

    static Transaction? Read(byte[] payload)
    {
        try
        {
            return JsonSerializer.Deserialize(payload, WireJson.TypeInfo<Transaction>());
        }
        catch (Exception malformed) when (malformed is JsonException or NotSupportedException)
        {
            return null;
        }
    }

    static IEnumerable<KeyId> KeysIn(JsonElement body, string name) =>
        body.GetProperty(name).EnumerateArray().Select(one => KeyId.TryParse(one.GetString(), out var key) ? key : throw new StopException(ExitCode.Fault, $"{name}：{one}", $"{name}: {one}"));

    static IReadOnlyList<JsonNode?> Row(Run run, JsonElement draft, string[] names)
    {
        var people = PeopleText.Of(JsonSerializer.SerializeToNode(draft), run.Output.Language);
        return [.. names.Select(name => people?[name] is JsonArray several ? string.Join(' ', several.Select(static one => one?.GetValue<string>())) : people?[name]?.DeepClone())];
    }

    static void Print(Run run, JsonElement body, byte[] payload)
    {
        if (run.Output.IsJson || Read(payload) is not { } transaction)
        {
            run.Output.Answer(body);
            return;
        }

        // In words, what the payload itself says.
        var shown = JsonSerializer.SerializeToNode(Submission.DraftForPeople(run, body)) as JsonObject ?? [];
        foreach (var (name, value) in EntryText.Of(transaction, run.Output.Language)) shown[name] = value?.DeepClone();
        run.Output.Answer(JsonSerializer.SerializeToElement(shown));
    }

    static void Confirm(Run run, JsonElement body, byte[] payload)
    {
        if (!run.MayAsk) throw StopException.Usage("请先用 draft show 核对内容，再以 --yes 签名。", "Check what it says with draft show, then sign it with --yes.");
        Print(run, body, payload);
        run.Terminal.Error.Write(run.Output.Say("签署以上全部内容？输入 yes 确认：", "Sign all of this? Type yes: "));
        if (run.Terminal.Input.ReadLine()?.Trim() != "yes") throw new StopException(ExitCode.Interrupted, "未签名。", "Not signed.");
    }
}
