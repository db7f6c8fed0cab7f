using System.Text.Json;
using Ledger.Client.Api;
using Ledger.Client.ChainFolder;
using Ledger.Client.Devnet;
using Ledger.Client.Disclosures;
using Ledger.Client.Signing;
using Ledger.Core.Chain;
using Ledger.Core.DoublePledge;
using Ledger.Core.Finality;
using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Core.Wire;

namespace Ledger.Node.Demo;

/// <summary>
/// One ledger of several banks, each with a node of its own: parties speak to their own bank; what two banks must sign waits at their nodes for both; units that are promised at two banks at once are
/// promised once; a bank whose power fails comes back with what it missed; and one that signs two histories is found out by the others, who go on without it.
/// </summary>
public sealed class ConsortiumStory(Cast cast, DemoClient client, Narrator narrator, LocalNetwork network, Func<LocalBank, LedgerApi> nodeOf) : IStory
{
    const ulong FarAhead = 1_000;
    const int MostTries = 10;

    static readonly Rate LoanRate = new(43_500);
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // X, Y and Z of the cast; the last one lies.
    LocalBank First => network.File.Banks[0];

    LocalBank Second => network.File.Banks[1];

    LocalBank Third => network.File.Banks[2];

    LocalBank Liar => network.File.Banks[^1];

    IEnumerable<LocalBank> Honest => network.File.Banks.SkipLast(1);

    public async Task TellAsync(CancellationToken cancel)
    {
        await cast.JoinAsync(cancel);
        var due = await cast.ConfirmAndIssueAsync(cancel);

        narrator.Heading($"三、流转到在另一家银行开户的供应商：{cast.A} 经 {First.Name}，{cast.B} 经 {Second.Name}", $"III. On to a supplier of another bank: {cast.A} speaks to {First.Name}, {cast.B} to {Second.Name}");
        var ofB = await cast.HandOnAsync(cast.A, cast.B, new(1, cast.ToB.Minor), "W1", "流转", "transfers", notTransferable: false, cancel);
        await EverybodyTellsAsync(network.File.Banks, $"每家银行的节点都说 {cast.B.Letter} 持有同样的份额", $"every bank's node tells the same of what {cast.B.Letter} holds", $"v1/tokens?holder={cast.B.Id}", "tokens", cancel);

        await SignInTurnAsync(cancel);
        await PromiseTwiceAtOnceAsync(due, ofB, cancel);
        await LosePowerAsync(cancel);
        await LieAsync(cancel);
        await VerifyAsync(cancel);
    }

    // The clerk of each bank sees it at their own node; no file goes from one to the other.
    async Task SignInTurnAsync(CancellationToken cancel)
    {
        narrator.Heading("四、一笔业务，两家银行各签一次", "IV. One act that two banks sign, each at its own node");
        var (chain, (firstKid, firstKey), (secondKid, secondKey)) = (client.Genesis.Chain.ChainId, client.Bank(cast.X.Id), client.Bank(cast.Y.Id));
        var id = await cast.NewIdAsync<Transaction>(cancel);
        var path = $"v1/drafts/{cast.X.Id}/{id}";
        await narrator.StepAsync($"{cast.X} 在 {First.Name} 登记自己的结算账号，须第二家银行会签", $"{cast.X} files its settlement account at {First.Name}; a second bank must sign with it", async () =>
        {
            var transaction = new Transaction(cast.X.Id, null, id, (await cast.NowAsync(cancel)).Add(Timestamp.Hour), [new FileAccount(DemoClient.Salted("结算账号"))]);
            var put = await nodeOf(First).PutDraftAsync(Jws.SignInPart(TransactionText.WritePayload(transaction), chain, [(firstKid, firstKey)], [secondKid]), cancel);
            return IsNow(put.Body, "waiting") ? new(true, $"在节点等待 {secondKid}", $"it waits at the node for {secondKid}") : new(false, $"{(int)put.Code} {put.Sentence}", $"{(int)put.Code} {put.SentenceEn}");
        });

        JsonElement seen = default;
        await narrator.StepAsync($"{cast.Y} 的经办在 {Second.Name} 看到它", $"the clerk of {cast.Y} sees it at {Second.Name}", async () =>
        {
            using var within = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            within.CancelAfter(Patience);
            while (!within.IsCancellationRequested)
            {
                using var found = await nodeOf(Second).ReadAsync(path, cancel);
                if (found is { RootElement: var draft } && IsNow(draft, "waiting"))
                {
                    seen = draft.Clone();
                    return new(true, "与对方所签的内容逐字节相同，无需传递文件", "octet for octet what the other signed; no file was handed over");
                }

                await Task.Delay(Pause, cancel);
            }

            return new(false, "它没有来", "it did not come");
        });

        await narrator.StepAsync($"{cast.Y} 补签，节点即提交", $"{cast.Y} signs, and its node submits it", async () =>
        {
            if (seen.ValueKind != JsonValueKind.Object || !Base64Url.TryDecode(seen.GetProperty("payload").GetString(), out var payload)) return new(false, "没有内容", "there is nothing to sign");
            var put = await nodeOf(Second).PutDraftAsync(Jws.SignInPart(payload, chain, [(secondKid, secondKey)], [firstKid]), cancel);
            return IsNow(put.Body, "accepted") && put.Body.TryGetProperty("height", out var height)
                ? new(true, $"高度 {height} 定稿", $"final at height {height}")
                : new(false, $"{(int)put.Code} {put.Sentence}", $"{(int)put.Code} {put.SentenceEn}");
        });
    }

    static bool IsNow(JsonElement draft, string status) => draft.ValueKind == JsonValueKind.Object && draft.TryGetProperty("status", out var now) && now.GetString() == status;

    // Neither node knows of the other's when it takes its own; what stands first in their common order is first for everybody.
    async Task PromiseTwiceAtOnceAsync(DateOnly due, Id<Document> invoice, CancellationToken cancel)
    {
        narrator.Heading("五、同一份额，同一时刻，两家银行", "V. The same units, at the same moment, at two banks");
        SentTransaction[] sent = [];
        await narrator.StepAsync(
            $"{cast.B} 同时在 {Second.Name} 向 {cast.Y}、在 {Third.Name} 向 {cast.Z} 申请以份额 {cast.OfB} 质押融资",
            $"{cast.B} asks {cast.Y} at {Second.Name} and {cast.Z} at {Third.Name}, at once, for a loan on units {cast.OfB}",
            async () =>
            {
                sent = await Task.WhenAll(ApplyAsync(Second, cast.Y, due, invoice, cancel), ApplyAsync(Third, cast.Z, due, invoice, cancel));
                var (taken, refused) = (sent.Count(one => one.Answer.IsAccepted), sent.FirstOrDefault(one => DoublePledgeCheck.IsAttempt(one.Answer.Code)));
                return taken == 1 && refused is { Answer: var no }
                    ? new(true, $"一笔受理；另一笔拒绝 {(int)no.Code}：{no.Sentence}（已作为证据上链）", $"one is taken; the other is refused {(int)no.Code}: {no.SentenceEn} (on the record as evidence)")
                    : new(false, $"受理 {taken} 笔：{Codes(sent)}", $"{taken} were taken: {Codes(sent)}");
            });
        await EverybodyTellsAsync(network.File.Banks, "每家银行都记有这次重复质押尝试", "every bank has the attempt on record", "v1/attempts", "attempts", cancel);
    }

    async Task<SentTransaction> ApplyAsync(LocalBank at, DemoParty bank, DateOnly due, Id<Document> invoice, CancellationToken cancel)
    {
        var key = cast.B.Key ?? throw new InvalidOperationException("B signs for itself.");
        var price = DisclosureSet.Empty.With(Term.Rate, LoanRate).With(Term.PenaltyRate, LoanRate).With(Term.Fees, Amount.Zero);
        var principal = new Amount(Math.Max(cast.OfB.Length * 2 / 3, 1));
        return await client.SendToAsync(
            nodeOf(at), cast.B.Id, null, [(cast.B.KeyId, key)], DisclosureSet.Empty, cancel,
            new ApplyForFinancing(
                await cast.NewIdAsync<Financing>(cancel), cast.Instrument, bank.Id, FinancingForm.PledgeLoan, principal, due, [invoice], cast.OfB, Amount: null, DayCount.Actual360, DayBounds.First,
                Rounding.HalfUp, InterestPayment.AtMaturity, RefundsUnearned: true, GraceDays: 30, AccruesOnRolledDays: true, price.Digests(cast.Suite)));
    }

    async Task LosePowerAsync(CancellationToken cancel)
    {
        narrator.Heading("六、一家银行断电", "VI. A bank's power fails");
        await narrator.StepAsync($"{Third.Name}（{Third.Title}）的节点被 kill -9", $"the node of {Third.Name} ({Third.Title}) is killed, as with kill -9", async () =>
        {
            await network.SignalAsync(Third.Name, ProcessSignal.Kill, cancel);
            return new(true, "其余银行仍达法定多数", "the others are still a quorum");
        });
        await cast.HandOnAsync(cast.B, cast.D, cast.OfD, "W2", "流转", "transfers", notTransferable: false, cancel);
        await narrator.StepAsync($"{Third.Name} 重新启动", $"{Third.Name} is started again", async () =>
        {
            await network.StartAsync(Third.Name, cancel);
            return await AgreedAsync(network.File.Banks, cancel) is { } height
                ? new(true, $"它补上了缺失的区块，与其余银行在高度 {height} 一致", $"it has what it missed, and agrees with the others at height {height}")
                : new(false, "它没有跟上", "it did not catch up");
        });
        await EverybodyTellsAsync(network.File.Banks, $"问 {Third.Name}：{cast.D.Letter} 持有什么", $"{Third.Name}, too, tells what {cast.D.Letter} holds", $"v1/tokens?holder={cast.D.Id}", "tokens", cancel);
    }

    async Task LieAsync(CancellationToken cancel)
    {
        narrator.Heading("七、一家银行签署两份历史", "VII. A bank signs two histories");
        var status = await network.StatusAsync(cancel);
        var epoch = (uint)(status.Nodes[0].Epoch ?? 1);
        await narrator.StepAsync($"{Liar.Name}（{Liar.Title}）停下节点，用自己的密钥先后为两段不同的历史投票", $"{Liar.Name} ({Liar.Title}) stops its node and votes, under its own key, for two different histories", async () =>
        {
            await network.SignalAsync(Liar.Name, ProcessSignal.Kill, cancel);
            var size = (await CheckpointAsync(First, cancel))?.Checkpoint.Size ?? 0;
            await new LyingBank(network, Liar, client.Genesis, epoch).SignTwoHistoriesAsync(size + FarAhead, cancel);
            return await EvidenceAsync(cancel) is { } file
                ? new(true, $"其余银行各自留下证据，任何人可核验：{file}", $"each of the others has the proof, which anybody can check: {file}")
                : new(false, "没有证据", "there is no evidence");
        });

        await cast.HandOnAsync(cast.A, cast.B, new(cast.OfA.First, cast.OfA.First + cast.ToD.Minor - 1), "W3", "流转", "transfers", notTransferable: false, cancel);
        await narrator.StepAsync($"其余银行没有 {Liar.Name} 也定稿", $"the others make it final without {Liar.Name}", async () =>
        {
            var key = client.Genesis.Text.Validators.First(validator => validator.Bank == Liar.Id).NodeKey;
            var liar = client.Genesis.Chain.Suite.NoteKeyId(client.Genesis.Origin, key);
            return await CheckpointAsync(First, cancel) is { } note && note.Signatures.All(signature => signature.KeyId != liar)
                ? new(true, $"最新检查点有 {note.Signatures.Count} 家银行的签名，没有它的", $"the newest checkpoint has {note.Signatures.Count} signatures, and none of it")
                : new(false, "检查点不符预期", "the checkpoint is not as expected");
        });
    }

    async Task VerifyAsync(CancellationToken cancel)
    {
        narrator.Heading("最后、离线验证每家银行的链", "At last: each bank's chain, verified offline");
        await narrator.StepAsync("逐字节重放并验证", "every byte is replayed and checked", async () =>
        {
            // A node may be a block further than another was when that was read.
            for (var tries = 0; tries < MostTries; tries++)
            {
                await AgreedAsync(Honest, cancel);
                var reports = new List<ChainReport>();
                foreach (var bank in Honest)
                {
                    if (ChainFolder.Open(bank.Data).Verify(client.Genesis.Chain.ChainId, progress: null) is not ChainVerdict.Verified { Report: var report })
                        return new(false, $"{bank.Name} 的链不能核验", $"the chain of {bank.Name} does not verify");
                    reports.Add(report);
                }

                if (reports.Select(report => report.Checkpoint).Distinct().Count() > 1) continue;
                return new(
                    true, $"{reports.Count} 家相同：{reports[0].Blocks} 个区块，{reports[0].Entries} 条记录，{reports[0].Signatures} 个签名",
                    $"the same at {reports.Count} banks: {reports[0].Blocks} blocks, {reports[0].Entries} entries, {reports[0].Signatures} signatures");
            }

            return new(false, "各银行的链不同", "the banks' chains differ");
        });
    }

    async Task EverybodyTellsAsync(IEnumerable<LocalBank> banks, string chinese, string english, string path, string list, CancellationToken cancel) => await narrator.StepAsync(chinese, english, async () =>
    {
        var told = new HashSet<string>();
        var count = 0;
        foreach (var bank in banks)
        {
            await client.CaughtUpAsync(nodeOf(bank), cancel);
            using var answer = await nodeOf(bank).ReadAsync(path, cancel);
            if (answer?.RootElement.TryGetProperty(list, out var items) != true) return new(false, $"{bank.Name} 没有回答", $"{bank.Name} has no answer");
            count = items.GetArrayLength();
            told.Add(items.GetRawText());
        }

        return told.Count == 1 && count > 0
            ? new(true, $"{network.File.Banks.Count} 家一致：{count} 项", $"all {network.File.Banks.Count} agree: {count}")
            : new(false, $"有 {told.Count} 种说法", $"they tell {told.Count} different things");
    });

    // By the proof that an honest node keeps: each has found it by itself.
    async Task<string?> EvidenceAsync(CancellationToken cancel)
    {
        using var within = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        within.CancelAfter(Patience);
        var genesis = client.Genesis;
        var set = new ValidatorSet(genesis.Chain.Suite, genesis.Chain.ChainId, genesis.Origin, genesis.Text.Validators.Select(one => new Validator(one.Bank, one.NodeKey)));
        var found = new List<string>();
        foreach (var bank in Honest)
        {
            var folder = Path.Combine(bank.Data, FolderLayout.Evidence);
            string[] files;
            while ((files = Directory.Exists(folder) ? Directory.GetFiles(folder, $"{Liar.Bank}-*.evidence") : []).Length == 0)
            {
                if (within.IsCancellationRequested) return null;
                await Task.Delay(Pause, cancel);
            }

            if (!Evidence.TryRead(await File.ReadAllBytesAsync(files[0], cancel), out var evidence) || !evidence.IsGood(set)) return null;
            found.Add(files[0]);
        }

        return found[0];
    }

    async Task<Note?> CheckpointAsync(LocalBank bank, CancellationToken cancel)
    {
        await client.CaughtUpAsync(nodeOf(bank), cancel);
        return Note.TryParse(await nodeOf(bank).BytesAsync("v1/checkpoint", cancel), out var note) ? note : null;
    }

    async Task<ulong?> AgreedAsync(IEnumerable<LocalBank> banks, CancellationToken cancel)
    {
        string[] names = [.. banks.Select(bank => bank.Name)];
        using var within = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        within.CancelAfter(Patience);
        while (!within.IsCancellationRequested)
        {
            NodeStatus[] nodes = [.. (await network.StatusAsync(cancel)).Nodes.Where(node => names.Contains(node.Bank.Name))];
            if (nodes.All(node => node.IsReady) && nodes.Select(node => (node.Height, node.Root)).Distinct().Count() == 1) return nodes[0].Height;
            await Task.Delay(Pause, cancel);
        }

        return null;
    }

    static string Codes(IEnumerable<SentTransaction> sent) => string.Join(", ", sent.Select(one => $"{(int)one.Answer.Code} {one.Answer.SentenceEn}"));
}
