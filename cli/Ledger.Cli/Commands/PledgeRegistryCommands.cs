using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Ledger.Client.Signing;
using Ledger.Client.Text;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Evm;

namespace Ledger.Cli.Commands;

/// <summary>The verbs of <c>ledger pledge</c> that speak to the registry on an EVM chain (decision 0092).</summary>
static class PledgeRegistryCommands
{
    const ulong Hour = 3_600;

    const string Example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    const string Reaching = "--contract 0x5fbdb2315678afecb367f032d93f642f64180aa3 --endpoint https://rpc.example --evm-chain 11155111 --paying relayer.key.json --password-file pw.txt";

    static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    public static Command Deploy(Shell shell)
    {
        var reach = new AnchorCommands.ReachOptions();
        var registries = Options.Texts(
            "--registry", "一个联盟：每日额度=账户,账户…；可重复，顺序即编号", "a consortium: tags a day, and the account of each of its banks; may be repeated, and the order is their numbers", "QUOTA=ADDRESS,ADDRESS", required: true);
        return shell.Command(
            "deploy", "部署质押登记合约并核对链上代码；登记方此后不可增减。", "Make the pledge registry with its consortia, for ever, and compare what lies there then.", [registries, .. reach.All], async (run, cancel) =>
            {
                using var chain = reach.Connect(run);
                using var key = reach.OpenKey(run);
                var creation = PledgeContract.Creation([.. run.Required(registries).Select(Registry)]);
                var (signed, receipt) = await AnchorCommands.SendAsync(run, chain, key, null, creation, reach.MaxFee(run), cancel);
                var address = receipt.Succeeded ? await AnchorCommands.Reached(() => chain.CreatedAsync(signed.Hash, cancel)) : default;
                if (!receipt.Succeeded || !await AnchorCommands.Reached(() => new PledgeContract(chain, address).IsPinnedAsync(receipt.Block, cancel)))
                    throw new StopException(ExitCode.VerificationFalse, $"交易 0x{signed.Hash} 未得到该合约。", $"The transaction 0x{signed.Hash} did not make this contract.");
                run.Output.Record(new("contract", "合约", "contract", address.ToString()), new("block", "区块", "block", receipt.Block), new("gas", "消耗", "gas", receipt.GasUsed));
                return ExitCode.Ok;
            }, "pledge deploy --registry 500=0x5fbdb2315678afecb367f032d93f642f64180aa3,0xe7f1725e7734ce288f8367e1bb143e90bb3f0512 --registry 500=0x9fe46736679d2d9a65f0992f2272de9f3c7fa6e0"
                + " --endpoint https://rpc.example --evm-chain 11155111 --paying relayer.key.json --password-file pw.txt");
    }

    public static Command Status(Shell shell)
    {
        var reach = new AnchorCommands.ReachOptions();
        var contract = AnchorCommands.ContractOption();
        var tags = TagsOption();
        return shell.Command("status", "查询标签由谁持有、至何时。", "Ask who has a tag, and until when.", [tags, contract, .. reach.Looking], async (run, cancel) =>
        {
            using var chain = reach.Connect(run);
            var (registry, head) = await OpenAsync(run, chain, run.Value(contract), cancel);
            var rows = new List<IReadOnlyList<JsonNode?>>();
            foreach (var tag in run.Required(tags))
            {
                var holder = await AnchorCommands.Reached(() => registry.HolderAsync(tag, head, cancel));
                rows.Add([tag.ToString(), holder?.Registry, holder?.Claims, holder is null ? null : TimeText.Of(new Timestamp((long)holder.Until * 1000), 0), holder?.Commitment.ToString()]);
            }

            run.Output.Table(
                [
                    new("tag", "标签", "tag", null), new("registry", "登记方", "registry", null, IsFigure: true), new("banks", "银行数", "banks", null, IsFigure: true), new("until", "至", "until", null),
                    new("commitment", "用途承诺", "commitment", null),
                ],
                rows);
            return ExitCode.Ok;
        }, $"pledge status --tag {Example} --contract 0x5fbdb2315678afecb367f032d93f642f64180aa3 --endpoint https://rpc.example --evm-chain 11155111");
    }

    public static Command Reserve(Shell shell)
    {
        var reach = new AnchorCommands.ReachOptions();
        var contract = AnchorCommands.ContractOption();
        var tags = TagsOption();
        var genesis = Options.File("--genesis", "本账本的创世文件", "the ledger's genesis file");
        var document = Options.Option<Id<Document>>("--document", "标签所属背景材料在账本上的编号", "the document's id on the ledger", Id<Document>.TryParse, value: "ID");
        var hours = Options.Option<uint>("--hours", "预留多少小时（默认 24，至多 167）", "for how many hours (default: 24; 167 at most)", Options.TryParseWhole, required: false, value: "N");
        hours.DefaultValueFactory = static _ => 24;
        return shell.Command(
            "reserve", "融资前预留标签：先预告，一分钟后公开；已被另一联盟持有的予以拒绝。", "Reserve tags before anybody lends: announced first and shown a minute later. What another consortium has is refused.",
            [tags, document, genesis, hours, contract, .. reach.All], async (run, cancel) =>
            {
                var commitment = PledgeContract.Commitment(run.Genesis(run.Required(genesis)).Chain.ChainId, run.Value(document));
                PledgeItem[] items = [.. run.Required(tags).Select(tag => new PledgeItem(tag, commitment))];
                using var chain = reach.Connect(run);
                using var key = reach.OpenKey(run);
                var (registry, head) = await OpenAsync(run, chain, run.Value(contract), cancel);
                var seat = await AnchorCommands.Reached(() => registry.SeatAsync(LocalSigner.AddressOf(key), head, cancel));
                foreach (var tag in run.Required(tags))
                {
                    // Told before it costs anything; the contract says it again.
                    if (await AnchorCommands.Reached(() => registry.HolderAsync(tag, head, cancel)) is { } holder && holder.Commitment != commitment)
                        throw new StopException(ExitCode.Refused, $"标签 {tag} 由登记方 {holder.Registry} 持有。", $"The tag {tag} is the registry's of number {holder.Registry}.");
                }

                var salt = Hash256.Read(RandomNumberGenerator.GetBytes(Hash256.Size));
                var until = await SecondsAsync(chain, head, cancel) + (run.Value(hours) * Hour);
                var announced = await SendAsync(run, reach, chain, key, registry, PledgeContract.Announce(PledgeContract.Seal(seat, items, until, salt)), cancel);
                var from = await SecondsAsync(chain, announced.Block, cancel) + PledgeContract.SealRipens;
                run.Output.Message("已预告，约一分钟后公开。", "announced; it is shown in about a minute");
                while (await SecondsAsync(chain, (await AnchorCommands.Reached(() => chain.HeadAsync(cancel))).Number, cancel) < from) await Task.Delay(Pace, run.Terminal.Time, cancel);
                return Told(run, await SendAsync(run, reach, chain, key, registry, PledgeContract.Reserve(items, until, salt), cancel), until);
            }, $"pledge reserve --tag {Example} --document AAAAAAAAAAAAAAAAAAAAAQ --genesis genesis.json {Reaching}");
    }

    public static Command Finance(Shell shell)
    {
        var reach = new AnchorCommands.ReachOptions();
        var contract = AnchorCommands.ContractOption();
        var tags = TagsOption();
        var until = Options.Date("--until", "到期日加宽限，至多 550 天", "the day after which it ends by itself: when the money is due and some days, 550 ahead at most");
        return shell.Command("finance", "登记：已就所预留的标签放款。", "Say that the bank lent on what it has reserved.", [tags, until, contract, .. reach.All], async (run, cancel) =>
        {
            using var chain = reach.Connect(run);
            using var key = reach.OpenKey(run);
            var (registry, _) = await OpenAsync(run, chain, run.Value(contract), cancel);
            var end = (ulong)new DateTimeOffset(run.Value(until).AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).ToUnixTimeSeconds();
            return Told(run, await SendAsync(run, reach, chain, key, registry, PledgeContract.Finance(run.Required(tags), end), cancel), end);
        }, $"pledge finance --tag {Example} --until 2027-03-31 {Reaching}");
    }

    public static Command Release(Shell shell)
    {
        var reach = new AnchorCommands.ReachOptions();
        var contract = AnchorCommands.ContractOption();
        var tags = TagsOption();
        return shell.Command("release", "释放：未放款，或已还清。", "Give tags up: nothing was lent on them, or all was paid back.", [tags, contract, .. reach.All], async (run, cancel) =>
        {
            using var chain = reach.Connect(run);
            using var key = reach.OpenKey(run);
            var (registry, _) = await OpenAsync(run, chain, run.Value(contract), cancel);
            return Told(run, await SendAsync(run, reach, chain, key, registry, PledgeContract.Release(run.Required(tags)), cancel), null);
        }, $"pledge release --tag {Example} {Reaching}");
    }

    internal static async Task<(PledgeContract Registry, ulong Head)> OpenAsync(Run run, EvmChain chain, EvmAddress address, CancellationToken cancel)
    {
        var registry = new PledgeContract(chain, address);
        var head = await AnchorCommands.Reached(() => AnchorCommands.HeadAsync(chain, cancel));
        if (!await AnchorCommands.Reached(() => registry.IsPinnedAsync(head, cancel)))
            throw new StopException(ExitCode.VerificationFalse, $"{address} 不是本程序所带的质押登记合约。", $"{address} is not the pledge registry of this program.");
        return (registry, head);
    }

    static Task<ulong> SecondsAsync(EvmChain chain, ulong block, CancellationToken cancel) => AnchorCommands.Reached(async () => (await chain.BlockAsync(block, cancel)).Seconds);

    static async Task<EvmReceipt> SendAsync(Run run, AnchorCommands.ReachOptions reach, EvmChain chain, EvmKey key, PledgeContract registry, byte[] call, CancellationToken cancel)
    {
        var (signed, receipt) = await AnchorCommands.SendAsync(run, chain, key, registry.Address, call, reach.MaxFee(run), cancel);
        return receipt.Succeeded ? receipt : throw new StopException(ExitCode.Refused, $"交易 0x{signed.Hash} 失败。", $"The transaction 0x{signed.Hash} failed.");
    }

    static int Told(Run run, EvmReceipt receipt, ulong? until)
    {
        run.Output.Record(
            new("block", "区块", "block", receipt.Block), new("gas", "消耗", "gas", receipt.GasUsed), new("until", "至", "until", until is { } end ? TimeText.Of(new Timestamp((long)end * 1000), 0) : null));
        return ExitCode.Ok;
    }

    static Option<Hash256[]> TagsOption() => Options.Several<Hash256>("--tag", "标签（ledger pledge tag）；可重复", "a tag (ledger pledge tag); may be repeated", Hash256.TryParse, required: true);

    static (IReadOnlyList<EvmAddress> Hands, uint Quota) Registry(string text)
    {
        if (text.Split('=') is not [var quota, var accounts] || !uint.TryParse(quota, NumberStyles.None, CultureInfo.InvariantCulture, out var aDay)) throw Malformed(text);
        return ([.. accounts.Split(',').Select(account => EvmAddress.TryParse(account, out var address) ? address : throw Malformed(text))], aDay);
    }

    static StopException Malformed(string text) => StopException.Usage($"“{text}”应写作 每日额度=账户,账户。", $"'{text}' should be QUOTA=ADDRESS,ADDRESS.");
}
