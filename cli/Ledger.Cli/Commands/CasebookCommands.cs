using System.CommandLine;
using System.Text.Json.Nodes;
using Ledger.Cli.Casebooks;
using Ledger.Client.ChainFolder;
using Ledger.Client.Disclosures;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Core.Wire;
using LiteDB;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger casebook</c>: what was verified as one file of documents, to be asked without a node.</summary>
static class CasebookCommands
{
    const int DefaultLimit = 100;

    public static Command Make(Shell shell) => Shell.Noun(
        "casebook", "案卷：把核验过的链或回执整理成一个可查询的文件。", "A casebook: a verified chain, or verified receipts, as one file that can be asked.", Build(shell), Query(shell));

    static Command Build(Shell shell)
    {
        var path = Options.Text("PATH", "链目录（或数据目录），或回执文件，或存放回执 *.tlog-proof 的目录", "a chain (or data) folder, or a receipt, or a folder of receipts, *.tlog-proof");
        var output = Options.File("--out", "案卷文件；已有者被重新生成", "the casebook; one that is there is made anew");
        var genesis = Options.TextOption("--genesis", "回执所属链的创世文件", "for receipts: the genesis of their chain", value: "FILE");
        var chainId = VerifyCommands.ChainIdOption();
        var disclosures = Options.TextOption("--disclosures", "披露目录，一并核对并收入", "folder of disclosures, to be held against the chain and taken in", value: "DIR");
        return shell.Command(
            "build", "核验并生成案卷；不为真者不收入。", "Verify and make a casebook; what is not true does not go in.", [path, output, genesis, chainId, disclosures], (run, cancel) =>
            {
                var isReceipt = File.Exists(run.Value(path));
                if (!isReceipt && !Directory.Exists(run.Value(path))) throw StopException.NotFound(run.Value(path));
                using var casebook = new Casebook(run.Required(output));
                string[] receipts = isReceipt ? [run.Value(path)] : Directory.GetFiles(run.Value(path), "*.tlog-proof").Order(StringComparer.Ordinal).ToArray();
                if (!isReceipt && (receipts.Length == 0 || HoldsAChain(run.Value(path)))) return Task.FromResult(OfChain(run, casebook, run.Value(path), run.Value(chainId), run.Value(disclosures), cancel));
                if (run.Value(genesis) is not { } trusted) throw StopException.Usage("核验回执需要 --genesis。", "To verify receipts --genesis is needed.");
                return Task.FromResult(OfReceipts(run, casebook, receipts, run.Genesis(trusted), run.Value(chainId)));
            }, "casebook build ./data --out case.litedb", "casebook build ./receipts --genesis genesis.json --out mine.litedb");
    }

    // A receipt may lie in a node's data folder too.
    static bool HoldsAChain(string path) => File.Exists(Path.Combine(path, FolderLayout.Genesis)) || File.Exists(Path.Combine(path, FolderLayout.Chain, FolderLayout.Genesis));

    static int OfChain(Run run, Casebook casebook, string path, Hash256? chainId, string? disclosures, CancellationToken cancel)
    {
        var files = disclosures is null ? [] : DisclosureCommands.ReadFolder(disclosures);
        var audit = files.Count == 0 ? null : new DisclosureAudit(files);
        LedgerState? last = null;
        ChainVerdict verdict;
        using (var watcher = new VerifyChain.ChainWatcher(run, cancel))
        {
            verdict = ChainFolder.Open(path).Verify(chainId, watcher, block =>
            {
                casebook.Add(block);
                audit?.Read(block);
                last = block.State;
            });
        }

        // What is said of a chain that is false, or cannot be read, is the verifier's to say.
        if (verdict is not ChainVerdict.Verified { Report: var report } || audit?.Finish() is { IsGood: false }) return VerifyChain.Tell(run, path, verdict, audit);
        if (last is not null) casebook.Add(last);
        casebook.Add(files.Where(file => file.Chain == report.Genesis.Chain.ChainId));
        return Tell(run, casebook.Finish(report.Genesis.Chain.ChainId, report.Height, "chain"));
    }

    static int OfReceipts(Run run, Casebook casebook, IReadOnlyList<string> receipts, Genesis genesis, Hash256? chainId)
    {
        if (chainId is { } known && known != genesis.Chain.ChainId)
            throw new StopException(ExitCode.VerificationFalse, "核验不通过：创世文件不是该链标识的文件。", "False: the genesis file is not that of this chain id.");
        foreach (var path in receipts)
        {
            if (!TlogProof.TryParse(run.Read(path), out var proof) || proof.Verify(genesis.Chain.Suite, genesis.Policy) != ProofVerdict.Verified
                || !EntryLeaf.TryRead(proof.Leaf.Memory, out var entry)
                || TransactionText.Read(entry.Transaction.Memory, genesis.Chain.Suite, genesis.Chain.ChainId, out _) is not { } signed)
            {
                throw new StopException(
                    ExitCode.VerificationFalse, $"核验不通过：{path}（详见 ledger verify receipt）。", $"False: {path} (ledger verify receipt says why).");
            }

            casebook.Add(proof.Index, entry, signed);
        }

        return Tell(run, casebook.Finish(genesis.Chain.ChainId, null, "receipts"));
    }

    static int Tell(Run run, IReadOnlyList<(string Name, int Count)> counts)
    {
        run.Output.Table(
            [new("collection", "集合", "collection", null), new("documents", "文档数", "documents", null, IsFigure: true)],
            counts.Select(one => (IReadOnlyList<JsonNode?>)[one.Name, one.Count]));
        return ExitCode.Ok;
    }

    static Command Query(Shell shell)
    {
        var file = Options.Text("FILE", "案卷文件", "a casebook");
        var collection = Options.Text("COLLECTION", "集合：entries、attempts、instruments、tokens、documents、parties、offers、financings、lines、payments、disclosures", "a collection: entries, attempts, instruments, tokens, documents, parties, offers, financings, lines, payments, disclosures");
        var where = Options.Texts("--where", "条件（LiteDB 表达式），可多次：code > 0", "a condition (an expression of LiteDB), may be given several times: code > 0", "EXPRESSION");
        var select = Options.TextOption("--select", "所取成员，以逗号分隔：_id,party,code", "members, with commas between: _id,party,code", value: "MEMBERS");
        var order = Options.TextOption("--order", "排序依据", "what to sort by", value: "EXPRESSION");
        var limit = Options.OptionalWhole("--limit", $"最多多少项（默认 {DefaultLimit}，0 为全部）", $"at most so many (default: {DefaultLimit}, 0 for all)");
        return shell.Command("query", "查询案卷，无需节点。", "Ask a casebook; no node is needed.", [file, collection, where, select, order, limit], run =>
        {
            if (!File.Exists(run.Value(file))) throw StopException.NotFound(run.Value(file));
            try
            {
                using var database = new LiteDatabase(new ConnectionString { Filename = run.Value(file), ReadOnly = true });
                if (!database.CollectionExists(run.Value(collection)))
                {
                    var names = string.Join(", ", database.GetCollectionNames().Order(StringComparer.Ordinal));
                    throw StopException.Usage($"案卷中没有集合“{run.Value(collection)}”；有：{names}。", $"There is no collection '{run.Value(collection)}' in this casebook, only: {names}.");
                }

                var query = database.GetCollection(run.Value(collection)).Query();
                foreach (var condition in run.Value(where) ?? []) query = query.Where(BsonExpression.Create(condition));
                if (run.Value(order) is { } by) query = query.OrderBy(BsonExpression.Create(by));
                var found = run.Value(limit) is 0 ? query.ToEnumerable() : query.Limit((int)(run.Value(limit) ?? DefaultLimit)).ToEnumerable();
                Show(run, [.. found.Select(Node)], run.Value(select));
                return ExitCode.Ok;
            }
            catch (Exception unusable) when (unusable is LiteException or NotSupportedException)
            {
                // A file of a few octets is taken for one that is yet to be made, which reading does not allow.
                if (unusable is NotSupportedException or LiteException { ErrorCode: LiteException.INVALID_DATABASE })
                    throw StopException.Usage($"{run.Value(file)} 不是案卷：请用 ledger casebook build 生成。", $"{run.Value(file)} is no casebook: ledger casebook build makes one.");
                throw new StopException(ExitCode.Usage, $"案卷或表达式无法使用：{unusable.Message}", $"The casebook or an expression cannot be used: {unusable.Message}");
            }
        }, "casebook query case.litedb attempts --select _id,party,code,answerZh", "casebook query case.litedb entries --where \"party = '91310115XX0000019T'\" --order _id --output csv");
    }

    static JsonObject Node(BsonDocument document) => JsonNode.Parse(LiteDB.JsonSerializer.Serialize(document))?.AsObject() ?? [];

    static void Show(Run run, IReadOnlyList<JsonObject> found, string? select)
    {
        string[] members = select is null ? [.. found.SelectMany(one => one.Select(member => member.Key)).Distinct()] : select.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        run.Output.Table(
            [.. members.Select(member => new Field(member, member, member, null))],
            found.Select(one => (IReadOnlyList<JsonNode?>)[.. members.Select(member => Find(one, member))]));
    }

    static JsonNode? Find(JsonObject one, string member)
    {
        JsonNode? found = one;
        foreach (var name in member.Split('.')) found = (found as JsonObject)?[name];
        return Plain(found);
    }

    // LiteDB writes a number beyond 32 bits as {"$numberLong":"…"}.
    static JsonNode? Plain(JsonNode? value) => value switch
    {
        JsonObject { Count: 1 } wrapped when wrapped["$numberLong"]?.GetValue<string>() is { } digits => JsonValue.Create(long.Parse(digits, System.Globalization.CultureInfo.InvariantCulture)),
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, Plain(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Plain)]),
        _ => value?.DeepClone(),
    };
}
