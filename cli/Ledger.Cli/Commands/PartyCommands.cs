using System.CommandLine;
using Ledger.Client.Signing;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger party</c>: members of the ledger.</summary>
static class PartyCommands
{
    public static Command Make(Shell shell) => Shell.Noun("party", "Register and show parties.", Register(shell), Policy(shell), Show(shell));

    static Command Register(Shell shell)
    {
        var id = Options.Argument<PartyId>("ID", "USCC or LEI of the new party", PartyId.TryParse);
        var name = Options.File("--name", "its registered name");
        var roles = Options.Several<Roles>("--role", "bank, coreEnterprise, supplier, regulator, guarantor, gateway, platform or operator; may be repeated", Options.TryParseName, required: true);
        var region = Options.TextOption("--region", "six digits (default: those of the USCC)");
        var size = Options.Option<SizeClass>("--size", "large, medium, small, micro, publicBody or unstated", Options.TryParseName, required: false);
        var chain = Options.TextOption("--industry-chain", "its industry chain");
        var keys = new Option<string[]>("--new-key") { Description = "FILE,USE,ROLE,PERSON of each key, the first first: supplier.key.json,signing,maker,zhang.san", DefaultValueFactory = _ => [] };
        var account = Options.TextOption("--account", "salted digest of the settlement account, 64 hexadecimal digits");
        var paper = new PaperOptions();

        return Submission.Command(
            shell, "register", "Bring in a party; its first key signs too (--key), or an agent does under a mandate on paper.",
            [id, name, roles, region, size, chain, keys, account, .. paper.All],
            (run, now) => new RegisterParty(
                run.Value(id), run.Required(name), run.Required(roles).Aggregate(Roles.None, (all, one) => all | one),
                run.Value(region) ?? run.Value(id).RegionCode.ToString(), run.Value(size), run.Value(chain) ?? "",
                [.. run.Required(keys).Select(text => ReadKey(run, text))], paper.Of(run, now), run.Value(account) is { } digest ? now.HashOf(digest) : null),
            "party register 91310115MA1000033K --name 示例公司 --role supplier --size small --new-key s1.key.json,signing,maker,zhang.san --key bank.key.json --key s1.key.json");
    }

    static Command Policy(Shell shell)
    {
        var limits = new Option<string[]>("--limit") { Description = "CURRENCY,PER-ACT,PER-DAY up to which one person's signature is enough; none: always", DefaultValueFactory = _ => [] };
        return Submission.Command(
            shell, "policy", "Set the party's own signing policy.", [limits],
            (run, _) => new SetPolicy([.. run.Required(limits).Select(ReadLimit)]), "party policy --limit CNY,100000.00,500000.00 --key maker.key.json --key checker.key.json");
    }

    static Command Show(Shell shell)
    {
        var id = Options.Argument<PartyId>("ID", "USCC or LEI", PartyId.TryParse);
        var node = Node.Option();
        return shell.Command(
            "show", "Show a party.", [id, node], (run, cancel) => Node.ShowAsync(run, node, NodePaths.Party(run.Value(id)), run.Value(id).Text, cancel),
            "party show 91440300MA1000017E");
    }

    // The public key is the file's word; the party's signature with the key proves it.
    static NewKey ReadKey(Run run, string text)
    {
        if (text.Split(',') is not [var path, var use, var role, var person]
            || !Options.TryParseName<KeyUse>(use, out var keyUse) || !Options.TryParseName<KeyRole>(role, out var keyRole))
            throw StopException.Usage($"“{text}”应写作 文件,用途,职能,人员代号。", $"'{text}' should be FILE,USE,ROLE,PERSON.");
        return KeyFile.TryParse(run.Read(path), out var file)
            ? new(file.PublicKey, keyUse, keyRole, person)
            : throw new StopException(ExitCode.Fault, $"{path} 不是密钥文件。", $"{path} is no key file.");
    }

    static PolicyLimit ReadLimit(string text) =>
        text.Split(',') is [var code, var perAct, var perDay] && Currency.TryParse(code, out var currency)
            ? new(currency, Options.Money(perAct, currency), Options.Money(perDay, currency))
            : throw StopException.Usage($"“{text}”应写作 币种,单笔,单日。", $"'{text}' should be CURRENCY,PER-ACT,PER-DAY.");

    /// <summary>The mandate that a party without keys gave on paper.</summary>
    sealed class PaperOptions
    {
        readonly Option<string?> paper = Options.TextOption("--paper", "the signed 授权书: a file, or its hash");
        readonly Option<PartyId?> agent = Options.Optional<PartyId>("--agent", "who signs for the party", PartyId.TryParse);
        readonly Option<string[]> verbs = new("--verb") { Description = "what the agent may do: token.transfer; may be repeated", DefaultValueFactory = _ => [] };
        readonly Option<string?> cap = Options.TextOption("--cap", "up to this amount an act, in CNY");
        readonly Option<uint> days = new("--mandate-days") { Description = "days that the mandate lasts (default 365)", DefaultValueFactory = _ => 365 };

        public IEnumerable<Symbol> All => [paper, agent, verbs, cap, days];

        public PaperMandate? Of(Run run, Circumstances now)
        {
            if (run.Value(paper) is not { } letter) return null;
            if (run.Value(agent) is not { } by || run.Value(cap) is not { } most)
                throw StopException.Usage("--paper 须与 --agent、--verb、--cap 同用。", "--paper needs --agent, --verb and --cap.");
            return new(
                Submission.NewId<Mandate>(), by, [.. run.Required(verbs)], Currency.Cny, Options.Money(most, Currency.Cny), [], now.InDays(run.Value(days)), now.HashOf(letter));
        }
    }
}
