using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Ledger.Client.Signing;
using Ledger.Client.Text;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Core.Wire;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger governance</c>: what the validators' banks decide together.</summary>
static class GovernanceCommands
{
    const string Id = "AAAAAAAAAAAAAAAAAAAAAQ";
    const string Other = "AAAAAAAAAAAAAAAAAAAAAg";

    public static Command Make(Shell shell) => Shell.Noun(
        "governance", "治理：提案、表决、撤回、查看。", "Governance: propose, vote, withdraw, look.", Propose(shell), Vote(shell), Withdraw(shell), Show(shell), List(shell), State(shell));

    static Command Propose(Shell shell) => Shell.Noun(
        "propose", "提案：角色、验证节点、节点密钥、规则集、协议版本、指纹密钥期、产业链方案。", "Propose: roles, validators, node keys, rules, protocol version, fingerprint key epochs, programmes.",
        Roles(shell, "grant-role", ProposalAction.RolesGrant, "授予参与方角色", "that a party gets a role"),
        Roles(shell, "withdraw-role", ProposalAction.RolesWithdraw, "取消参与方角色", "that a party loses a role"),
        AddValidator(shell), RemoveValidator(shell), RotateNodeKey(shell), AdoptRules(shell), RaiseProtocol(shell), OpenEpoch(shell), AdoptProgramme(shell));

    static Command AddValidator(Shell shell)
    {
        var bank = Options.PartyArgument("BANK", "加入的银行", "the bank that joins");
        var (nodeKey, open) = (new NodeKeyOptions(), new ProposalOptions());
        return Submission.Command(
            shell, "add-validator", [bank, .. nodeKey.All, .. open.All],
            (run, now) => nodeKey.AddTo(run, now, run.Value(bank), open.Of(run, now, ProposalAction.ValidatorAdd, run.Value(bank))),
            ("由验证节点的银行提案，加入的银行共同签名", "by a bank that runs a validator; the bank that joins signs too"),
            "governance propose add-validator 91440300XX0000617C --node-key node-91440300XX0000617C.key.json --key bank.key.json --co-sign joining.key.json");
    }

    static Command RemoveValidator(Shell shell)
    {
        var (bank, open) = (Options.PartyArgument("BANK", "移除的银行；可以是提案的银行自己", "the bank that leaves, which may be the one that proposes it"), new ProposalOptions());
        return Submission.Command(
            shell, "remove-validator", [bank, .. open.All], (run, now) => open.Of(run, now, ProposalAction.ValidatorRemove, run.Value(bank)),
            ("由验证节点的银行提案", "by a bank that runs a validator"), "governance propose remove-validator 91440300XX0000617C --key bank.key.json");
    }

    static Command RotateNodeKey(Shell shell)
    {
        var (nodeKey, open) = (new NodeKeyOptions(), new ProposalOptions());
        return Submission.Command(
            shell, "rotate-node-key", [.. nodeKey.All, .. open.All], (run, now) => nodeKey.AddTo(run, now, now.Party, open.Of(run, now, ProposalAction.NodeKeyRotate)),
            ("由验证节点的银行为自己的节点提案", "by a bank that runs a validator, of its own node key"),
            "governance propose rotate-node-key --node-key node-new.key.json --key bank.key.json");
    }

    static Command Roles(Shell shell, string name, ProposalAction action, string chinese, string english)
    {
        var party = Options.PartyArgument("PARTY", "所涉参与方", "whom it is about");
        var roles = Options.Names("--role", "角色；可重复", "the role; may be repeated", Core.Parties.Roles.None, Core.Parties.Roles.Bank);
        var open = new ProposalOptions();
        return Submission.Command(
            shell, name, [party, roles, .. open.All],
            (run, now) => open.Of(run, now, action, run.Value(party), run.Required(roles).Aggregate(Core.Parties.Roles.None, (all, one) => all | one)),
            ($"由验证节点的银行签名：提议{chinese}", $"by a bank that runs a validator: it proposes {english}"),
            $"governance propose {name} 91310115XX0000019T --role gateway --days 7 --key bank.key.json");
    }

    static Command AdoptRules(Shell shell)
    {
        var file = Options.File("--rules", "规则集文件：{\"from\": 日期, \"parameters\": {…}}，与创世文件中的一项相同，参数须齐全", "a rule set as genesis has them, {\"from\": date, \"parameters\": {…}}, with every parameter");
        var open = new ProposalOptions();
        return Submission.Command(
            shell, "adopt-rules", [file, .. open.All],
            (run, now) => open.Of(run, now, ProposalAction.RulesAdopt) with { Rules = ReadRules(run, run.Required(file)) },
            ("由验证节点的银行提案；从账本日期之后的某日起生效", "by a bank that runs a validator; they come into force on a day after the ledger's today"),
            "governance propose adopt-rules --rules rules-2027.json --key bank.key.json");
    }

    static Command RaiseProtocol(Shell shell)
    {
        var version = Options.Argument<uint>("VERSION", "下一协议版本", "the next version of the protocol", Options.TryParseWhole);
        var open = new ProposalOptions();
        return Submission.Command(
            shell, "raise-protocol", [version, .. open.All], (run, now) => open.Of(run, now, ProposalAction.ProtocolRaise) with { Version = run.Value(version) },
            ("由验证节点的银行提案；不支持该版本的节点在其之前停止", "by a bank that runs a validator; a node that does not know the version stops before it"),
            "governance propose raise-protocol 2 --key bank.key.json");
    }

    static Command OpenEpoch(Shell shell)
    {
        var number = Options.Option<uint>("--number", "期号", "the epoch's number", Options.TryParseWhole);
        var key = Options.File("--epoch-key", "指纹密钥文件；不存在时生成", "the fingerprint key's file; made when it is not there");
        var banks = Options.Texts("--bank", "银行及其密封公钥（见 party show）；每家银行一个", "a bank and its sealing key (see party show); one for each bank", "PARTY=PUBLICKEY", required: true);
        var open = new ProposalOptions();
        return Submission.Command(
            shell, "open-epoch", [number, key, banks, .. open.All],
            (run, now) => open.Of(run, now, ProposalAction.EpochOpen) with { Epoch = FingerprintKeys.Sealed(run, now.Suite, run.Value(number), run.Required(key), run.Required(banks)) },
            ("由验证节点的银行提案；密钥为每家银行分别密封，各行用 ledger epoch key 核对后再表决", "by a bank that runs a validator; the key is sealed to each bank, which checks it with ledger epoch key before it votes"),
            "governance propose open-epoch --number 2 --epoch-key epoch-2.key --bank 91440300MA1000017E=BASE64URL --bank 91440300XX0008109Y=BASE64URL --key bank.key.json");
    }

    static Command AdoptProgramme(Shell shell)
    {
        var chain = Options.Text("CHAIN", "产业链名称，与参与方登记的相同", "the industry chain, as its parties are registered with it");
        var from = Options.Date("--from", "生效日", "the day from which it holds");
        var tenor = Whole("--tenor-months", "凭证最长期限（月）", "the longest tenor of a receivable, in months");
        var financing = Whole("--financing-months", "融资最长期限（月）", "the longest financing, in months");
        var share = Whole("--financing-share", "融资比例上限（万分之）", "the largest share that may be financed, in basis points");
        var depth = Whole("--depth", "首手之后最多流转手数", "how many hands units may pass through after the first");
        var (contract, open) = (Options.Flag("--contract", "开立须有合同", "an issue needs a contract"), new ProposalOptions());
        return Submission.Command(
            shell, "adopt-programme", [chain, from, tenor, financing, share, depth, contract, .. open.All],
            (run, now) => open.Of(run, now, ProposalAction.ProgrammeAdopt) with
            {
                Programme = new(run.Value(chain), new(run.Value(from), run.Value(tenor), run.Value(financing), run.Value(share), run.Value(depth), run.Value(contract))),
            },
            ("由验证节点的银行提案；方案只收紧、不放宽规则", "by a bank that runs a validator; a programme narrows the rules and never widens them"),
            "governance propose adopt-programme 示例产业链 --from 2027-01-01 --tenor-months 6 --financing-months 6 --financing-share 8000 --depth 3 --contract --key bank.key.json");
    }

    static Option<ushort> Whole(string name, string chinese, string english) =>
        Options.Option<ushort>(name, chinese, english, static (ReadOnlySpan<char> text, out ushort number) => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number));

    static DatedRules ReadRules(Run run, string path)
    {
        try
        {
            return JsonSerializer.Deserialize(run.Read(path), WireJson.TypeInfo<DatedRules>()) ?? throw new JsonException("null");
        }
        catch (JsonException wrong)
        {
            throw StopException.Usage($"{path} 不是完整的规则集：{wrong.Message}", $"{path} is no complete rule set: {wrong.Message}");
        }
    }

    static Command Vote(Shell shell)
    {
        var proposal = Argument();
        var against = Options.Flag("--against", "反对；不给为赞成", "against it; left out: for it");
        return Submission.Command(
            shell, "vote", [proposal, against], (run, _) => new VoteOn(run.Value(proposal), !run.Value(against)),
            ("由验证节点的银行签名，每家一票，投出后不能更改", "by a bank that runs a validator: one vote each, and it stands"),
            $"governance vote {Id} --key bank.key.json", $"governance vote {Other} --against --key bank.key.json");
    }

    static Command Withdraw(Shell shell)
    {
        var proposal = Argument();
        return Submission.Command(
            shell, "withdraw", [proposal], (run, _) => new WithdrawProposal(run.Value(proposal)), ("由提案的银行签名，在提案有结果之前", "by the bank that proposed it, before it is decided"),
            $"governance withdraw {Id} --key bank.key.json");
    }

    static Command Show(Shell shell)
    {
        var (proposal, reading) = (Argument(), new Reading());
        return shell.Command(
            "show", "显示一项提案及其表决。", "Show a proposal and its votes.", [proposal, .. reading.All],
            (run, cancel) => Node.ShowAsync(run, reading, NodePaths.Of("proposal", run.Value(proposal).ToString()), run.Value(proposal).ToString(), cancel),
            $"governance show {Id}");
    }

    static Command List(Shell shell) => new Listing(NounLists.Proposals).Command(
        shell, "list", "列出提案，由新到旧。", "List proposals, newest first.", [], static _ => "v1/proposals", "governance list", "governance list --all -o csv");

    static Command State(Shell shell)
    {
        var reading = new Reading();
        return shell.Command(
            "state", "显示现行约定：验证节点、多数、协议版本、规则集、指纹密钥期、产业链方案。", "Show what is in force: validators, majorities, protocol, rules, fingerprint keys, programmes.", [.. reading.All],
            (run, cancel) => Node.ShowAsync(run, reading, "v1/governance", "governance", cancel), "governance state");
    }

    static Argument<Id<Proposal>> Argument() => Options.IdArgument<Proposal>("PROPOSAL", "提案的编号", "the proposal's id");

    /// <summary>The new node key's file, from which come the public key and the proof that the bank holds it.</summary>
    sealed class NodeKeyOptions
    {
        readonly Option<string> file = Options.File("--node-key", "新节点密钥的文件", "the new node key's file");
        readonly Option<string?> password = Options.TextOption("--node-password-file", "该文件的密码文件；省略时询问", "its password's file; asked for when left out", value: "FILE");

        public IEnumerable<Symbol> All => [file, password];

        public Propose AddTo(Run run, Circumstances now, PartyId bank, Propose proposal)
        {
            using var key = Passwords.Open<SigningKey>(run, run.Required(file), run.Value(password));
            return proposal with { NodeKey = key.PublicKey, Proof = new(key.Sign(Rulebook.NodeKeyText(now.ChainId, bank, key.PublicKey))) };
        }
    }

    /// <summary>What every proposal says, whatever it is about.</summary>
    sealed class ProposalOptions
    {
        readonly Option<uint> days = Options.Days("--days", "表决期限天数（默认 7）", "days for which it is open (default: 7)", 7);
        readonly Option<Id<Proposal>?> id = Options.NewId<Proposal>();

        public IEnumerable<Symbol> All => [days, id];

        public Propose Of(Run run, Circumstances now, ProposalAction action, PartyId? party = null, Roles? roles = null) =>
            new(run.Value(id) ?? now.NewId<Proposal>(), action, now.InDays(run.Value(days)), party, roles);
    }
}
