using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using Ledger.Client.Pledges;
using Ledger.Client.Text;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Core.Wire;
using Ledger.Evm;

namespace Ledger.Cli.Commands;

/// <summary>The verbs of <c>ledger pledge</c> by which two banks look at a reservation, each for itself, and tell the ledger (decision 0095).</summary>
static class PledgeAttestCommands
{
    const string Example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    const string Reaching = "--genesis genesis.json --contract 0x5fbdb2315678afecb367f032d93f642f64180aa3 --endpoint https://rpc.example --endpoint https://other.example --evm-chain 11155111";

    static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    public static Command Look(Shell shell)
    {
        var reach = new AnchorCommands.ReachOptions();
        var contract = AnchorCommands.ContractOption();
        var financing = Options.IdArgument<Financing>("FINANCING", "融资的编号", "the financing's id");
        var items = Options.Texts("--item", "背景材料及其标签：编号=标签；可重复，须齐全", "a document of the financing and a tag of it; may be repeated, and none may be missing", "DOCUMENT=TAG", required: true);
        var genesis = Options.File("--genesis", "本账本的创世文件", "the ledger's genesis file");
        var hand = Options.Option<EvmAddress>("--hand", "本行在登记合约中的账户", "the bank's account in the registry", static (ReadOnlySpan<char> text, out EvmAddress address) => EvmAddress.TryParse(text.ToString(), out address), value: "ADDRESS");
        var output = Options.File("--out", "写入所见，绝不覆盖；交给第二家银行核对", "file for what was seen, never overwritten; it goes to the second bank");
        return shell.Command(
            "look", "等待本行的预留在链上终局，并写下所见，供两家银行见证。", "Wait until what the bank reserved is final on the chain, and write what was seen, for two banks to attest.",
            [financing, items, hand, genesis, contract, .. reach.Looking, output], async (run, cancel) =>
            {
                DemandTwo(run, reach);
                var ledger = run.Genesis(run.Required(genesis)).Chain.ChainId;
                PledgeLookItem[] seen = [.. run.Required(items).Select(Item).OrderBy(static item => $"{item.Document} {item.Tag}", StringComparer.Ordinal)];
                using var chain = reach.Connect(run);
                var (registry, head) = await PledgeRegistryCommands.OpenAsync(run, chain, run.Value(contract), cancel);
                var seat = await AnchorCommands.Reached(() => registry.SeatAsync(run.Value(hand), head, cancel));
                if (seat == 0 || await UntilAsync(registry, ledger, seat, seen, head, cancel) is null) throw NotReserved(head);

                var final = await FinalAsync(run, chain, head, cancel);
                var (hash, seconds) = await AnchorCommands.Reached(() => chain.BlockAsync(final, cancel));
                var until = await UntilAsync(registry, ledger, seat, seen, final, cancel) ?? throw NotReserved(final);
                var look = new PledgeLook(
                    ledger.ToString(), run.Value(financing).ToString(), registry.Name, seat, Hash256.Read(RandomNumberGenerator.GetBytes(Hash256.Size)).ToString(), seen, final, hash.ToString(),
                    Milliseconds(seconds), Milliseconds(until));
                if (!PledgeLook.TryRead(look.Write(), out _)) throw StopException.Usage("每个标签只写一次，至多 64 个。", "A tag is given once, and 64 at most.");
                PledgeCommands.WriteNew(run.Required(output), look.Write());
                return Told(run, look);
            }, $"pledge look AAAAAAAAAAAAAAAAAAAAAQ --item AAAAAAAAAAAAAAAAAAAAAg={Example} --hand 0xe7f1725e7734ce288f8367e1bb143e90bb3f0512 {Reaching} --out look.json");
    }

    public static Command Check(Shell shell)
    {
        var reach = new AnchorCommands.ReachOptions();
        var contract = AnchorCommands.ContractOption();
        var path = Options.Text("FILE", "首家银行所见（ledger pledge look）", "what the first bank saw (ledger pledge look)");
        var genesis = Options.File("--genesis", "本账本的创世文件", "the ledger's genesis file");
        var tags = Options.Texts("--item", "背景材料及本行自行生成的标签：编号=标签；可重复，须齐全", "a document and its tag, which this bank made itself; may be repeated, and none may be missing", "DOCUMENT=TAG", required: true);
        var payload = Options.TextOption("--payload", "待签名的内容，一并核对", "what is to be signed, which is compared too", value: "FILE");
        return shell.Command(
            "check", "第二家银行签名前，以自己的端点与自行生成的标签核对首家银行所见。", "What the second bank does before it signs: compare what the first one saw with its own endpoints, and with tags that it made itself.",
            [path, tags, payload, genesis, contract, .. reach.Looking], async (run, cancel) =>
            {
                DemandTwo(run, reach);
                if (!PledgeLook.TryRead(run.Read(run.Value(path)), out var look))
                    throw new StopException(ExitCode.Fault, $"{run.Value(path)} 不是所见的记录。", $"{run.Value(path)} is not what a bank saw.");
                var ledger = run.Genesis(run.Required(genesis)).Chain.ChainId;
                using var chain = reach.Connect(run);
                var (registry, head) = await PledgeRegistryCommands.OpenAsync(run, chain, run.Value(contract), cancel);
                if (look.Ledger != ledger.ToString()) throw False("它属于另一账本。", "It is of another ledger.");
                if (look.Registry != registry.Name) throw False("它属于另一登记合约。", "It is of another registry.");
                if (!look.Items.ToHashSet().SetEquals(run.Required(tags).Select(Item))) throw False("标签与本行自行生成的不同。", "The tags are not those that this bank made.");
                if (await AnchorCommands.Reached(() => chain.FinalizedAsync(cancel)) is not { } final || look.Number > final) throw False("该区块尚未终局。", "The block is not final yet.");
                var (hash, seconds) = await AnchorCommands.Reached(() => chain.BlockAsync(look.Number, cancel));
                if (hash.ToString() != look.Block || Milliseconds(seconds) != look.StatedAt) throw False("该区块不是链上的区块。", "The block is not the chain's.");
                if (await UntilAsync(registry, ledger, look.Seat, look.Items, look.Number, cancel) is not { } until || Milliseconds(until) != look.Until) throw NotReserved(look.Number);
                if (await UntilAsync(registry, ledger, look.Seat, look.Items, head, cancel) is not { } now || Milliseconds(now) < look.Until) throw NotReserved(head);
                if (run.Value(payload) is { } signing && !IsOf(run.Read(signing), look)) throw False("待签名的内容与所见不符。", "What is to be signed is not what was seen.");
                return Told(run, look);
            }, $"pledge check look.json --item AAAAAAAAAAAAAAAAAAAAAg={Example} {Reaching}", $"pledge check look.json --item AAAAAAAAAAAAAAAAAAAAAg={Example} --payload payload.json {Reaching}");
    }

    public static Command Attest(Shell shell)
    {
        var path = Options.Text("FILE", "所见的记录（ledger pledge look）", "what was seen (ledger pledge look)");
        var second = Options.Party("--second", "自行核对并签名的第二家银行", "the second bank, which looked for itself and signs");
        return Submission.Command(
            shell, "attest", [path, second],
            (run, _) => (PledgeLook.TryRead(run.Read(run.Value(path)), out var look) ? look : throw new StopException(ExitCode.Fault, $"{run.Value(path)} 不是所见的记录。", $"{run.Value(path)} is not what a bank saw."))
                .Attestation(run.Value(second)),
            ("由资金方与第二家银行签名", "by the financier, and a second bank that looked for itself signs too"),
            "pledge attest look.json --second 91440300XX0008109Y --key bank.key.json --co-sign other.key.json");
    }

    // The earliest end of the seat's claims at a block, in seconds; null where one is missing, over or for something else.
    static Task<ulong?> UntilAsync(PledgeContract registry, Hash256 ledger, uint seat, IEnumerable<PledgeLookItem> items, ulong block, CancellationToken cancel) => AnchorCommands.Reached(() => registry.ReservedUntilAsync(
        seat, [.. items.Select(item => new PledgeItem(Read<Hash256>(Hash256.TryParse, item.Tag), PledgeContract.Commitment(ledger, Read<Id<Document>>(Id<Document>.TryParse, item.Document))))], block, cancel));

    // A block that was the head is waited for until no other can take its place.
    static async Task<ulong> FinalAsync(Run run, EvmChain chain, ulong head, CancellationToken cancel)
    {
        run.Output.Message("已预留，等待区块终局。", "reserved; waiting until the block is final");
        while (true)
        {
            var final = await AnchorCommands.Reached(() => chain.FinalizedAsync(cancel))
                ?? throw new StopException(ExitCode.CouldNotCheck, "该链不说明哪个区块已终局。", "The chain does not say which block is final.");
            if (final >= head) return final;
            await Task.Delay(Pace, run.Terminal.Time, cancel);
        }
    }

    static bool IsOf(byte[] payload, PledgeLook look)
    {
        try
        {
            return JsonSerializer.Deserialize(payload, WireJson.TypeInfo<Transaction>()) is { Operations: [AttestPledge attest] } && attest == look.Attestation(attest.Second);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    static int Told(Run run, PledgeLook look)
    {
        run.Output.Record(
            new("financing", "融资", "financing", look.Financing), new("registry", "质押登记合约", "registry of pledges", look.Registry), new("seat", "席位", "seat", look.Seat),
            new("tags", "标签（摘要）", "tags (digest)", look.Digest().ToString()), new("block", "区块", "block", look.Block),
            new("statedAt", "区块时间", "time of the block", TimeText.Of(new Timestamp(look.StatedAt), 0)), new("until", "至", "until", TimeText.Of(new Timestamp(look.Until), 0)));
        return ExitCode.Ok;
    }

    // One endpoint is one machine's word: two banks that ask the same one have looked once.
    static void DemandTwo(Run run, AnchorCommands.ReachOptions reach)
    {
        if (run.Required(reach.Endpoints).Distinct(StringComparer.Ordinal).Count() < 2) throw StopException.Usage("请至少给出两个 --endpoint。", "Give two --endpoint at least.");
    }

    static PledgeLookItem Item(string text) => text.Split('=') is [var document, var tag] && Id<Document>.TryParse(document, out _) && Hash256.TryParse(tag, out _)
        ? new(document, tag)
        : throw StopException.Usage($"“{text}”应写作 背景材料编号=标签。", $"'{text}' should be DOCUMENT=TAG.");

    static T Read<T>(Options.TextParser<T> parser, string text) => parser(text, out var value) ? value : throw new InvalidOperationException("It was checked.");

    static long Milliseconds(ulong seconds) => (long)seconds * Timestamp.Second;

    static StopException NotReserved(ulong block) =>
        new(ExitCode.VerificationFalse, $"截至区块 {block}，这些标签并非全部为本账本的这些材料由该席位预留。", $"As of block {block} the seat has not reserved all of these tags for these documents of this ledger.");

    static StopException False(string chinese, string english) => new(ExitCode.VerificationFalse, chinese, english);
}
