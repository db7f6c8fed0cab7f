using System.CommandLine;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger party</c>: members of the ledger.</summary>
static class PartyCommands
{
    public static Command Make(Shell shell) => Shell.Noun(
        "party", "参与方：登记、签名规则、结算账号、实际控制人、破产。", "Parties: register, policy, account, controller, insolvency.",
        Register(shell), Policy(shell), Account(shell), Control(shell), Insolvent(shell), Solvent(shell), Show(shell));

    static Command Register(Shell shell)
    {
        var id = Options.PartyArgument("ID", "新参与方的统一社会信用代码或 LEI", "USCC or LEI of the new party");
        var name = Options.TextOption("--name", "登记名称", "its registered name", required: true);
        var roles = Options.Names("--role", "角色；可重复", "its role; may be repeated", Roles.None);
        var region = Options.TextOption("--region", "行政区划六位（默认：取自信用代码）", "six digits (default: those of the USCC)");
        var size = Options.Name<SizeClass>("--size", "企业规模（默认 unstated）", "its size (default: unstated)", SizeClass.Unstated);
        var chain = Options.TextOption("--industry-chain", "所属产业链", "its industry chain");
        var keys = NewKeys.Option();
        var account = Options.Evidence("--account", "结算账号的加盐摘要", "salted digest of the settlement account", required: false);
        var paper = new PaperOptions();

        return Submission.Command(
            shell, "register", [id, name, roles, region, size, chain, keys, account, .. paper.All],
            (run, now) => new RegisterParty(
                run.Value(id), run.Required(name) ?? "", run.Required(roles).Aggregate(Roles.None, (all, one) => all | one),
                run.Value(region) ?? run.Value(id).RegionCode.ToString(), run.Value(size), run.Value(chain) ?? "", NewKeys.Of(run, now, run.Value(id), keys, first: 1), paper.Of(run, now), now.HashOfGiven(run.Value(account))),
            ("由保荐银行签名，新参与方的首个密钥或持纸质授权书的代理人共同签名", "by the sponsoring bank; the new party's first key signs too, or an agent under a mandate on paper"),
            "party register 91310115XX0000019T --name 示例公司 --role supplier --size small --new-key s1.key.json,signing,maker,zhang.san --key bank.key.json --co-sign s1.key.json");
    }

    static Command Policy(Shell shell)
    {
        var limits = Options.Texts(
            "--limit", "一人签名即可的限额：币种,单笔,单日；可重复，不给为总是一人", "up to which one person's signature is enough; may be repeated; none: always", "CURRENCY,PER-ACT,PER-DAY");
        return Submission.Command(
            shell, "policy", [limits], (run, _) => new SetPolicy([.. run.Required(limits).Select(ReadLimit)]), ("由本方按现行规则签名", "by the party, under the policy that it has"),
            "party policy --limit CNY,100000.00,500000.00 --key maker.key.json --key checker.key.json");
    }

    static Command Account(Shell shell)
    {
        var digest = Options.Evidence("--account", "结算账号的加盐摘要", "salted digest of the settlement account");
        return Submission.Command(
            shell, "account", [digest], (run, now) => new FileAccount(now.HashOf(run.Required(digest))), ("由本方签名，保荐银行共同签名", "by the party; its sponsor signs too"),
            "party account --account account.txt --key supplier.key.json --co-sign bank.key.json");
    }

    static Command Control(Shell shell)
    {
        var party = Options.PartyArgument("PARTY", "受控制的参与方", "who is controlled");
        var controller = Options.OptionalParty("--controller", "实际控制人（集团最上层公司）；不给为不再受控制", "the company at the head of its group; none: nobody controls it any more");
        var evidence = Options.Evidence("--evidence", "股权结构等证明", "the evidence: its shareholders");
        return Submission.Command(
            shell, "control", [party, controller, evidence],
            (run, now) => new DeclareControl(run.Value(party), run.Value(controller), now.HashOf(run.Required(evidence))),
            ("参与方自己首次申报，或由两家相互独立的银行或运营方签名", "by the party of itself where nothing is said, else by two banks or operators that are independent of each other"),
            "party control 91320500XX0001003F --controller 91310115XX0000019T --evidence shareholders.pdf --key bank.key.json --co-sign other.key.json");
    }

    static Command Insolvent(Shell shell)
    {
        var party = Options.PartyArgument("PARTY", "破产的参与方", "who is insolvent");
        var date = Options.Date("--date", "受理破产申请之日", "the day of the petition's acceptance");
        var court = Options.TextOption("--court", "法院", "the court", required: true);
        var order = Options.Evidence("--order", "裁定书", "the order");
        var id = Options.NewId<Measure>();
        return Submission.Command(
            shell, "insolvent", [party, date, court, order, id],
            (run, now) => new DeclareInsolvent(
                run.Value(id) ?? now.NewId<Measure>(), run.Value(party), run.Value(date), run.Required(court) ?? "", now.HashOf(run.Required(order))),
            ("由两家相互独立的银行或运营方签名，异议期满生效", "by two banks or operators that are independent of each other; in force once its contest period is over"),
            "party insolvent 91320500XX0001003F --date 2026-06-01 --court 某某人民法院 --order order.pdf --key bank.key.json --co-sign other.key.json");
    }

    static Command Solvent(Shell shell)
    {
        var party = Options.PartyArgument("PARTY", "程序终结的参与方", "whose proceedings ended");
        var order = Options.Evidence("--order", "裁定书", "the order");
        var id = Options.NewId<Measure>();
        return Submission.Command(
            shell, "solvent", [party, order, id],
            (run, now) => new DeclareSolvent(run.Value(id) ?? now.NewId<Measure>(), run.Value(party), now.HashOf(run.Required(order))),
            ("由两家相互独立、且独立于该参与方的银行或运营方签名，异议期满生效", "by two banks or operators that are independent of each other and of the party; in force once its contest period is over"),
            "party solvent 91320500XX0001003F --order order.pdf --key bank.key.json --co-sign other.key.json");
    }

    static Command Show(Shell shell)
    {
        var (id, reading) = (Options.PartyArgument("ID", "统一社会信用代码或 LEI", "USCC or LEI"), new Reading());
        return shell.Command(
            "show", "显示一个参与方及其密钥。", "Show a party and its keys.", [id, .. reading.All],
            (run, cancel) => Node.ShowAsync(run, reading, NodePaths.Party(run.Value(id)), run.Value(id).Text, cancel), "party show 91440300MA1000017E");
    }

    static PolicyLimit ReadLimit(string text) =>
        text.Split(',') is [var code, var perAct, var perDay] && Currency.TryParse(code, out var currency)
            ? new(currency, Options.Money(perAct, currency), Options.Money(perDay, currency))
            : throw StopException.Usage($"“{text}”应写作 币种,单笔,单日。", $"'{text}' should be CURRENCY,PER-ACT,PER-DAY.");

    /// <summary>The mandate that a party without keys gave on paper.</summary>
    sealed class PaperOptions
    {
        readonly Option<string> paper = Options.Evidence("--paper", "已签署的授权书", "the signed 授权书", required: false);
        readonly Option<PartyId?> agent = Options.OptionalParty("--agent", "代签的代理人", "who signs for the party");
        readonly Option<string[]> verbs = Options.Texts("--verb", "可代理的操作：token.transfer；可重复", "what the agent may do: token.transfer; may be repeated", "KIND");
        readonly Option<string> cap = Options.AmountOption("单日上限（CNY）", "up to this amount a day, in CNY", required: false, name: "--cap");
        readonly Option<uint> days = Options.Days("--mandate-days", "授权天数（默认 365）", "days that the mandate lasts (default: 365)", 365);

        public IEnumerable<Symbol> All => [paper, agent, verbs, cap, days];

        public PaperMandate? Of(Run run, Circumstances now)
        {
            if (run.Value(paper) is not { } letter) return null;
            if (run.Value(agent) is not { } by || run.Value(cap) is not { } most)
                throw StopException.Usage("--paper 须与 --agent、--verb、--cap 同用。", "--paper needs --agent, --verb and --cap.");
            return new(
                now.NewId<Mandate>(), by, [.. run.Required(verbs)], Currency.Cny, Options.Money(most, Currency.Cny), [], now.InDays(run.Value(days)), now.HashOf(letter));
        }
    }
}
