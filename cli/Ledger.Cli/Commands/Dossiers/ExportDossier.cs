using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Ledger.Client.Api;
using Ledger.Client.Text;
using Ledger.Core.Chain;
using Ledger.Core.Crypto;

namespace Ledger.Cli.Commands.Dossiers;

/// <summary>
/// <c>ledger export dossier</c>: what a court or another bank needs about one thing, in one file that public tools check. Nothing goes in that was not verified here under what the person trusts.
/// </summary>
static class ExportDossier
{
    const string InstrumentKind = "instrument", FinancingKind = "financing", EntryKind = "entry";

    // Whoever reads it goes through it entry by entry.
    const int MaxEntries = 2_000;

    public static Command Make(Shell shell)
    {
        var kind = Options.Text("KIND", "对象：instrument、financing 或 entry", "what it is about: instrument, financing or entry");
        kind.AcceptOnlyFromAmong(InstrumentKind, FinancingKind, EntryKind);
        var id = Options.Text("ID", "其编号；entry 为叶序号，如一次尝试的 leaf", "its id; of an entry its leaf, as an attempt has it");
        var path = Options.File("--out", "写出的 ZIP 文件，不覆盖", "the ZIP file to write; never overwritten");
        var witnessed = Options.Flag("--witnessed", "以见证方已联署的最新检查点为准", "under the newest checkpoint that witnesses cosigned");
        var (cose, reading) = (new CoseGathering(), new Reading(hasHeights: false));
        return shell.Command(
            "dossier", "一份凭证、一笔融资或一条记录的卷宗（ZIP）：记录、回执、状态证明、说明页，公共工具即可核验。",
            "The dossier of an instrument, a financing or an entry (ZIP): entries, receipts, state proof, a page for people, checked by public tools.",
            [kind, id, path, witnessed, .. cose.All, .. reading.All], async (run, cancel) =>
            {
                var trust = cose.Trusted.Of(run);
                if (trust.Suite.Name != P256Suite.SuiteName) throw new StopException(ExitCode.CouldNotCheck, "公共工具只核验 ES256 账本的卷宗。", "Public tools check the dossiers of ledgers under ES256 alone.");
                var made = new Making(run, await reading.OpenAsync(run, cancel), trust, cose, run.Value(witnessed));
                await made.FillAsync(run.Value(kind), run.Value(id), cancel);
                if (cose.Trusted.PolicyFile(run) is { } policy) made.Files.Add("policy.txt", run.Read(policy));
                made.Tell(run.Value(kind), run.Value(id));
                using (var file = new FileStream(run.Required(path), FileMode.CreateNew)) file.Write(made.Files.Zip());
                run.Output.Record(
                    new("file", "文件", "file", run.Required(path)),
                    new("entries", "记录", "entries", made.Entries.Count),
                    new("notShown", "无权查看的记录", "entries that the reader may not see", made.NotShown),
                    new("stateProof", "状态证明", "state proof", made.State is not null));
                return ExitCode.Ok;
            }, "export dossier instrument AAAAAAAAAAAAAAAAAAAAAQ --out dossier.zip --genesis genesis.json",
            "export dossier entry 42 --out attempt.zip --policy policy.txt --witnessed");
    }

    /// <summary>What was fetched and found true, on its way into the file.</summary>
    sealed class Making(Run run, LedgerApi api, Trust trust, CoseGathering cose, bool witnessed)
    {
        public DossierFiles Files { get; } = new();

        public List<TlogProof> Entries { get; } = [];

        public int NotShown { get; private set; }

        public StateProofFile? State { get; private set; }

        public async Task FillAsync(string kind, string id, CancellationToken cancel)
        {
            switch (kind)
            {
                case EntryKind:
                    if (!ulong.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var leaf)) throw StopException.Usage($"{id} 不是叶序号。", $"{id} is no leaf.");
                    await AddEntryAsync(leaf, isOf: null, cancel);
                    break;
                case FinancingKind:
                    using (var financing = await api.ReadAsync(NodePaths.Of(FinancingKind, id), cancel) ?? throw StopException.NotFound(id))
                        await AddInstrumentAsync(financing.RootElement.GetProperty(InstrumentKind).GetString() ?? "", isOf: id, cancel);
                    break;
                default:
                    await AddInstrumentAsync(id, isOf: null, cancel);
                    break;
            }

            if (Entries.Count == 0) throw StopException.NotFound(id);
            if (await api.BytesAsync("v1/genesis", cancel) is { } genesis && Entries[0].Note.Checkpoint.Origin.EndsWith($"/{Convert.ToHexStringLower(SHA256.HashData(genesis))[..16]}", StringComparison.Ordinal))
                Files.Add("genesis.json", genesis);
        }

        public void Tell(string kind, string id)
        {
            var page = new DossierPage(run, trust, kind, id, Entries, State, NotShown);
            Files.Add("check.py", Asset("check.py"));
            Files.Add("index.html", page.Html());
            Files.Add("README.txt", page.Readme());
        }

        async Task AddInstrumentAsync(string id, string? isOf, CancellationToken cancel)
        {
            foreach (var leaf in await LeavesAsync(id, cancel)) await AddEntryAsync(leaf, isOf, cancel);
            if (await api.BytesAsync($"{NodePaths.Of(InstrumentKind, id)}/proof", cancel) is not { } octets) return;
            if (StateProofFile.Read(octets, out _) is not { } proof) throw False("状态证明", "the state proof");
            var finding = proof.Verify(trust.Suite, trust.Policy);
            if (finding.Header == ProofVerdict.Untrusted && witnessed)
            {
                run.Output.Message("状态证明所在的检查点尚无见证方联署，未放入卷宗。", "No witness has cosigned the checkpoint of the state proof; it is left out.");
                return;
            }

            if (!finding.IsTrue) throw False("状态证明", "the state proof");
            State = proof;
            Files.Add($"state/{InstrumentKind}.state-proof", octets);
            Files.Add(proof.Receipt.Note, trust.Policy.Check(trust.Suite, proof.Receipt.Note).Signers);
        }

        async Task<SortedSet<ulong>> LeavesAsync(string id, CancellationToken cancel)
        {
            var leaves = new SortedSet<ulong>();
            string? cursor = null;
            do
            {
                using var page = await api.ReadAsync($"{NodePaths.Of(InstrumentKind, id)}/history?limit=500{(cursor is null ? "" : $"&cursor={cursor}")}", cancel) ?? throw StopException.NotFound(id);
                foreach (var step in page.RootElement.GetProperty("steps").EnumerateArray())
                {
                    // A deadline that fired is in no entry, but in the header of its block.
                    if (!step.TryGetProperty("deadline", out _)) leaves.Add(step.GetProperty("leaf").GetUInt64());
                }

                cursor = page.RootElement.TryGetProperty("next", out var next) ? next.GetString() : null;
            }
            while (cursor is not null);

            return leaves.Count <= MaxEntries ? leaves : throw new StopException(ExitCode.Usage, $"记录多于 {MaxEntries} 条。", $"There are more than {MaxEntries} entries.");
        }

        // Of a financing only what names it.
        async Task AddEntryAsync(ulong leaf, string? isOf, CancellationToken cancel)
        {
            if (await api.BytesAsync(string.Create(CultureInfo.InvariantCulture, $"v1/receipts/{leaf}{(witnessed ? "?under=witnessed" : "")}"), cancel) is not { } receipt)
            {
                NotShown++;
                return;
            }

            if (!TlogProof.TryParse(receipt, out var proof) || proof.Index != leaf || proof.Verify(trust.Suite, trust.Policy) != ProofVerdict.Verified || !EntryLeaf.TryRead(proof.Leaf.Memory, out var entry))
                throw False($"第 {leaf} 叶的回执", $"the receipt of leaf {leaf}");
            if (isOf is not null && !Says(proof, entry, isOf)) return;
            Entries.Add(proof);
            Files.Add($"entries/{leaf}.json", entry.Transaction.Span.ToArray());
            Files.Add($"receipts/{leaf}.tlog-proof", receipt);
            Files.Add(proof.Note, trust.Policy.Check(trust.Suite, proof.Note).Signers);
            if (cose.IsAsked(run)) Files.Add($"receipts/{leaf}.cose", await cose.GatherAsync(run, api, receipt, cancel));
        }

        bool Says(TlogProof proof, EntryLeaf entry, string id) =>
            (trust.ChainId ?? EntryText.ChainOf(entry.Transaction.Span)) is { } chain && EntryText.Of(proof.Leaf.Memory, trust.Suite, chain, Language.English)?.ToJsonString().Contains($"\"{id}\"", StringComparison.Ordinal) == true;

        static StopException False(string chinese, string english) =>
            new(ExitCode.VerificationFalse, $"核验不通过：节点所给的{chinese}不成立，未写出文件。", $"False: {english} that the node gave does not verify; no file was written.");

        static byte[] Asset(string name)
        {
            using var file = typeof(ExportDossier).Assembly.GetManifestResourceStream($"dossier.{name}") ?? throw new InvalidOperationException($"{name} is not in this program.");
            using var read = new MemoryStream();
            file.CopyTo(read);
            return read.ToArray();
        }
    }
}
