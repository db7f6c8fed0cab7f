using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Ledger.Client.Files;
using Ledger.Client.Signing;
using Ledger.Core.Chain;
using Ledger.Core.Crypto;
using Ledger.Core.Parties;
using Ledger.Evm;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger anchor</c>: the anchor contract on an EVM chain, from its making on, and how anchors stand there.</summary>
static class AnchorCommands
{
    const int MaxFile = 1024 * 1024;

    public static Command Make(Shell shell) => Shell.Noun(
        "anchor", "EVM 链上的锚定：付费密钥、部署合约、开立账本、查看。", "Anchors on an EVM chain: the key that pays, making the contract, opening a ledger there, looking.",
        Key(shell), Announce(shell), Deploy(shell), Open(shell), Status(shell));

    static Command Key(Shell shell)
    {
        var path = Options.File("--out", "写入的文件，绝不覆盖；节点从创世文件所在目录读取付费的 relayer*.key.json 与声明所用的 anchor*.key.json", "file to write, never overwritten; a node reads relayer*.key.json, which pays, and anchor*.key.json, under which the bank gives its word, beside its genesis file");
        var password = Options.PasswordFile();
        return shell.Command("key", "生成在 EVM 链上付费的密钥，或银行为锚定作声明的密钥（secp256k1）。", "Make a key that pays on EVM chains, or one under which a bank gives its word for anchors (secp256k1).", [path, password], run =>
        {
            using var key = EvmKey.Create();
            KeyCommands.Write(KeyFile.Lock(key, "relayer", Passwords.New(run, password), KeyFile.RecommendedIterations), run.Required(path));
            run.Output.Record(new("account", "账户", "account", LocalSigner.AddressOf(key).ToString()), new("file", "文件", "file", run.Required(path)));
            return ExitCode.Ok;
        }, "anchor key --out relayer.key.json --password-file pw.txt", "anchor key --out anchor.key.json --password-file pw.txt");
    }

    static Command Announce(Shell shell)
    {
        var genesis = Options.File("--genesis", "创世文件", "genesis file");
        var bank = Options.Party("--bank", "本行的编号", "the bank's number");
        var nodeKey = Options.File("--node-key", "本行现行节点密钥文件", "key file of the bank's node key in force");
        var anchorKey = Options.File("--anchor-key", "锚定密钥文件（ledger anchor key）", "key file of the anchor key (ledger anchor key)");
        var number = Options.Option<ulong>("--number", "序号，自 1 起；同一银行以最大者为准（默认 1）", "from 1; of several of a bank the highest counts (default: 1)", ReachOptions.TryParseNumber, required: false, value: "NUMBER");
        number.DefaultValueFactory = static _ => 1;
        var password = Options.PasswordFile();
        var output = Options.OutFile();
        return shell.Command(
            "announce", "公布本行的锚定密钥：由节点密钥与锚定密钥共同签署，供各行写入锚定文件。", "Announce the bank's anchor key, signed by its node key and by the anchor key itself, for every bank's file of anchors.",
            [genesis, bank, nodeKey, anchorKey, number, password, output], run =>
            {
                var chain = run.Genesis(run.Required(genesis));
                var passwordFile = run.Setting(Setting.PasswordFile, run.Value(password)).Value;
                using var node = Passwords.Open<SigningKey>(run, run.Required(nodeKey), passwordFile);
                if (node.Suite.Name != chain.Chain.Suite.Name) throw StopException.Usage("节点密钥不属于该账本的密码套件。", "The node key is not of the ledger's suite.");
                if (run.Value(number) is 0 or > uint.MaxValue) throw StopException.Usage("--number：1 至 4294967295。", "--number: 1 to 4294967295.");
                using var key = Passwords.Open<EvmKey>(run, run.Required(anchorKey), passwordFile);
                run.WriteExact(AnchorFile.WriteAnnouncement(AnchorAnnouncement.Make(run.Value(bank), (uint)run.Value(number), chain.Origin, node, key)), run.Value(output));
                return ExitCode.Ok;
            }, "anchor announce --genesis genesis.json --bank 91440300XX0000617C --node-key node-91440300XX0000617C.key.json --anchor-key anchor.key.json --password-file pw.txt --out announcement.json");
    }

    static Command Deploy(Shell shell)
    {
        var reach = new ReachOptions();
        var genesis = Options.TextOption("--genesis", "创世文件：由其密码套件选择合约（默认：ES256 账本）", "genesis file, by whose suite the contract is chosen (default: a ledger under ES256)", value: "FILE");
        return shell.Command(
            "deploy", "部署本程序所带的锚定合约（按账本的密码套件与链的能力选择），并核对链上代码。", "Make the anchor contract that suits the ledger's suite and the chain, whose code is in this program, and compare what lies there then.",
            [.. reach.All, genesis], async (run, cancel) =>
            {
                var suite = run.Value(genesis) is { } path ? run.Genesis(path).Chain.Suite.Name : P256Suite.SuiteName;
                using var chain = reach.Connect(run);
                using var key = reach.OpenKey(run);
                var head = await Reached(() => HeadAsync(chain, cancel));
                var artifact = AnchorArtifact.For(suite, await Reached(() => AnchorContract.VerifiesP256Async(chain, head, cancel)));
                var (signed, receipt) = await SendAsync(run, chain, key, null, artifact.Creation, reach.MaxFee(run), cancel);
                var address = receipt.Succeeded ? await Reached(() => chain.CreatedAsync(signed.Hash, cancel)) : default;
                if (!receipt.Succeeded || !await Reached(() => new AnchorContract(chain, address, artifact).IsPinnedAsync(receipt.Block, cancel)))
                    throw new StopException(ExitCode.VerificationFalse, $"交易 0x{signed.Hash} 未得到该合约。", $"The transaction 0x{signed.Hash} did not make this contract.");
                run.Output.Record(
                    new("contract", "合约", "contract", address.ToString()), new("kind", "种类", "kind", artifact.Name), NotProven(run, artifact), new("block", "区块", "block", receipt.Block),
                    new("transaction", "交易", "transaction", $"0x{signed.Hash}"), new("gas", "消耗", "gas", receipt.GasUsed));
                return ExitCode.Ok;
            }, "anchor deploy --endpoint https://rpc.example --evm-chain 11155111 --paying relayer.key.json --password-file pw.txt");
    }

    static Command Open(Shell shell)
    {
        var reach = new ReachOptions();
        var contract = ContractOption();
        var genesis = Options.File("--genesis", "创世文件：其创始验证银行为首个签名集", "genesis file: its founding validators are the first set");
        var announcements = Options.Texts("--announcement", "各验证银行公布的锚定密钥（ledger anchor announce）；合约不核验账本密钥时须逐一给出", "what each validator announced (ledger anchor announce), where the contract verifies no key of the ledger; may be repeated", "FILE");
        var file = Options.OutFile();
        return shell.Command(
            "open", "在合约中开立账本：首个签名集为创世的验证银行；写出节点所用的锚定文件。", "Open a ledger in the contract with the validators of genesis, and write the file by which a node anchors there.",
            [.. reach.All, contract, genesis, announcements, file], async (run, cancel) =>
            {
                var chainGenesis = run.Genesis(run.Required(genesis));
                AnchorAnnouncement[] announced = [.. run.Required(announcements).Select(path => ReadAnnouncement(run, path))];
                using var chain = reach.Connect(run);
                using var key = reach.OpenKey(run);
                var head = await Reached(() => HeadAsync(chain, cancel));
                var anchors = await Reached(() => AnchorContract.FindAsync(chain, run.Value(contract), head, cancel)) ?? throw Another(run.Value(contract));
                if (!anchors.Artifact.IsFor(chainGenesis.Chain.Suite.Name))
                    throw new StopException(ExitCode.Refused, $"{anchors.Artifact.Name} 不适用于 {chainGenesis.Chain.Suite.Name} 账本。", $"{anchors.Artifact.Name} is not for ledgers under {chainGenesis.Chain.Suite.Name}.");
                var set = FirstSet(chainGenesis, anchors.Artifact, announced);
                if (await Reached(() => anchors.LedgerAsync(set.Hash(), head, cancel)) is null)
                {
                    var (signed, receipt) = await SendAsync(run, chain, key, run.Value(contract), AnchorContract.Open(set), reach.MaxFee(run), cancel);
                    if (!receipt.Succeeded) throw new StopException(ExitCode.Refused, $"交易 0x{signed.Hash} 失败。", $"The transaction 0x{signed.Hash} failed.");
                    head = receipt.Block;
                }

                var target = new AnchorTarget(
                    "anchor", chain.Id, run.Required(reach.Endpoints), run.Value(contract).ToString(), set.Hash().ToString(), GweiADay: 20_000_000, run.Value(reach.MaxFeeGwei) ?? ReachOptions.UsualMaxFee,
                    KeyFile: Path.GetFileName(run.Required(reach.Paying)), FromBlock: head);
                run.WriteExact(new AnchorFile([target], announced.Length > 0 ? announced : null).Write(), run.Value(file));
                return ExitCode.Ok;
            }, "anchor open --endpoint https://rpc.example --evm-chain 11155111 --contract 0x5fbdb2315678afecb367f032d93f642f64180aa3 --genesis genesis.json --paying relayer.key.json --password-file pw.txt --out anchors.json");
    }

    static Command Status(Shell shell)
    {
        var path = Options.Text("FILE", "锚定文件（ledger anchor open）", "the file of anchors (ledger anchor open)");
        return shell.Command("status", "显示各链上最新的锚定。", "Show the newest anchor on each chain.", [path], async (run, cancel) =>
        {
            var rows = new List<IReadOnlyList<JsonNode?>>();
            var isGood = true;
            foreach (var target in Read(run, run.Value(path)).Anchors)
            {
                using var chain = target.Connect();
                var (artifact, anchored, trouble) = await LookAsync(target, chain, cancel);
                isGood &= trouble is null && anchored is { IsForked: false };
                rows.Add([
                    target.Name, target.Chain, target.Contract, anchored?.Size, anchored is { Size: > 0 } ? Convert.ToBase64String(anchored.Root.ToBytes()) : null, anchored?.SetNumber, anchored?.IsForked, artifact?.NotProven is var (chinese, english) ? run.Output.Say(chinese, english) : null, trouble,
                ]);
            }

            run.Output.Table(
                [
                    new("name", "名称", "name", null), new("chain", "链", "chain", null), new("contract", "合约", "contract", null), new("size", "已锚定条目", "anchored leaves", null, IsFigure: true), new("root", "根", "root", null),
                    new("set", "签名集", "set", null, IsFigure: true), new("forked", "出现分叉", "forked", null), new("notProven", "链上未证明", "not proven on chain", null), new("trouble", "问题", "trouble", null),
                ],
                rows);
            return isGood ? ExitCode.Ok : ExitCode.Fault;
        }, "anchor status anchors.json", "anchor status anchors.json -o json");
    }

    /// <summary>The chains of a file.</summary>
    internal static AnchorFile Read(Run run, string path)
    {
        if (!File.Exists(path)) throw StopException.NotFound(path);
        return AnchorFile.TryRead(BoundedFile.Read(path, MaxFile), out var file, out var problem) ? file : throw StopException.Usage($"{path}：{problem}", $"{path}: {problem}");
    }

    /// <summary>An answer of the chain, or the end of the command: what could not be asked is neither true nor false.</summary>
    internal static async Task<T> Reached<T>(Func<Task<T>> question)
    {
        try
        {
            return await question();
        }
        catch (EvmException fault)
        {
            var code = fault.Kind switch
            {
                EvmFaultKind.Refused => ExitCode.Refused,
                EvmFaultKind.NotReached => ExitCode.Unreachable,
                EvmFaultKind.Malformed or EvmFaultKind.OtherChain or EvmFaultKind.Disagree => ExitCode.CouldNotCheck,
            };
            throw new StopException(code, $"链的答复：{Why(fault)}", $"The chain says: {Why(fault)}");
        }
    }

    internal static async Task<ulong> HeadAsync(EvmChain chain, CancellationToken cancel)
    {
        await chain.ConfirmAsync(cancel);
        return (await chain.HeadAsync(cancel)).Number;
    }

    /// <summary>What the chain leaves unproven, in words.</summary>
    internal static Field NotProven(Run run, AnchorArtifact artifact) => new("notProven", "链上未证明", "not proven on chain", artifact.NotProven is var (chinese, english) ? run.Output.Say(chinese, english) : null);

    static AnchorAnnouncement ReadAnnouncement(Run run, string path)
    {
        if (!File.Exists(path)) throw StopException.NotFound(path);
        return AnchorFile.TryReadAnnouncement(BoundedFile.Read(path, MaxFile), out var announced, out var problem) ? announced : throw StopException.Usage($"{path}：{problem}", $"{path}: {problem}");
    }

    internal static SignerSet FirstSet(Genesis genesis, AnchorArtifact artifact, IReadOnlyList<AnchorAnnouncement> announced)
    {
        var founders = genesis.Text.Validators;
        if (!artifact.TakesWords) return SignerSet.Of(founders.Select(static founder => founder.NodeKey), genesis.Origin);
        var found = AnnouncedSet.Of(announced, founders.Select(static founder => new Validator(founder.Bank, founder.NodeKey)), genesis.Chain.Suite, genesis.Origin);
        var missing = string.Join(", ", found.Missing);
        return found.Set ?? throw new StopException(
            ExitCode.Refused, $"缺少以创世节点密钥签署的锚定密钥公告，或两行公布了同一密钥：{missing}", $"No announcement that the node key of genesis signed, or two banks announced one key: {missing}");
    }

    static async Task<(AnchorArtifact? Artifact, AnchoredLedger? Anchored, string? Trouble)> LookAsync(AnchorTarget target, EvmChain chain, CancellationToken cancel)
    {
        try
        {
            var head = await HeadAsync(chain, cancel);
            if (await AnchorContract.FindAsync(chain, target.At, head, cancel) is not { } contract) return (null, null, "another contract");
            return await contract.LedgerAsync(target.Id, head, cancel) is { } anchored ? (contract.Artifact, anchored, null) : (contract.Artifact, null, "not open");
        }
        catch (EvmException fault)
        {
            return (null, null, fault.Message);
        }
    }

    internal static Task<(SignedTransaction Signed, EvmReceipt Receipt)> SendAsync(Run run, EvmChain chain, EvmKey key, EvmAddress? to, byte[] data, ulong maxFee, CancellationToken cancel) => Reached(() => EvmSending.SendAsync(
        chain, new LocalSigner(key), to, data, maxFee,
        signed => run.Output.Message($"发送交易 0x{signed.Hash}，等待入块。", $"sending the transaction 0x{signed.Hash}, and waiting for its block"), run.Terminal.Time, cancel));

    static string Why(EvmException fault) => AnchorArtifact.Anchors.Append(AnchorArtifact.PledgeRegistry).Select(one => one.ErrorOf(fault.Reason)).FirstOrDefault(static name => name is not null) is { } name ? $"{name} ({fault.Message})" : fault.Message;

    static StopException Another(EvmAddress contract) => new(ExitCode.VerificationFalse, $"{contract} 不是本程序所带的锚定合约。", $"{contract} is not the anchor contract of this program.");

    internal static Option<EvmAddress> ContractOption() => Options.Option<EvmAddress>(
        "--contract", "合约地址", "the contract's address", static (ReadOnlySpan<char> text, out EvmAddress address) => EvmAddress.TryParse(text.ToString(), out address), value: "ADDRESS");

    /// <summary>How a command reaches a chain, and whose money pays.</summary>
    internal sealed class ReachOptions
    {
        public const ulong UsualMaxFee = 200;

        readonly Option<ulong> evmChain = Options.Option<ulong>("--evm-chain", "EVM 链的编号", "the EVM chain's id", TryParseNumber, value: "NUMBER");
        readonly Option<string?> password = Options.PasswordFile();

        public Option<string[]> Endpoints { get; } = Options.Texts("--endpoint", "JSON-RPC 地址；可重复，多数一致方采信", "a JSON-RPC address; may be repeated, and what more than half say is believed", "URL", required: true);

        public Option<string> Paying { get; } = Options.File("--paying", "付费密钥文件（ledger anchor key）", "key file of the account that pays (ledger anchor key)");

        public Option<ulong?> MaxFeeGwei { get; } = Options.Optional<ulong>("--max-fee-gwei", "每单位 gas 的费用上限（默认 200）", "what a unit of gas may cost at most (default: 200)", TryParseNumber, value: "NUMBER");

        /// <summary>What a command needs that only looks.</summary>
        public IEnumerable<Symbol> Looking => [Endpoints, evmChain];

        public IEnumerable<Symbol> All => [.. Looking, Paying, password, MaxFeeGwei];

        public ulong MaxFee(Run run) => (run.Value(MaxFeeGwei) ?? UsualMaxFee) * AnchorTarget.Gwei;

        public EvmChain Connect(Run run) => new(run.Value(evmChain), [.. run.Required(Endpoints).Select(Endpoint)]);

        public EvmKey OpenKey(Run run) => Passwords.Open<EvmKey>(run, run.Required(Paying), run.Setting(Setting.PasswordFile, run.Value(password)).Value);

        static EvmEndpoint Endpoint(string text) => AnchorTarget.IsAddress(text)
            ? new(new(text), TimeSpan.FromSeconds(30))
            : throw StopException.Usage($"--endpoint {text}：须为 https，本机可用 http。", $"--endpoint {text}: https, or http on this machine.");

        internal static bool TryParseNumber(ReadOnlySpan<char> text, out ulong number) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
