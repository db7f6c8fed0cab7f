using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Ledger.Cli.Commands.Dossiers;
using Ledger.Client.Api;
using Ledger.Client.ChainFolder;
using Ledger.Client.Files;
using Ledger.Client.Money;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger export</c>: sheets for people who type into other systems.</summary>
static class ExportCommands
{
    static readonly Field[] Columns =
    [
        new("kind", "登记种类", "kind of registration", null), new("securedParty", "担保权人", "secured party", null), new("securedPartyId", "担保权人代码", "its id", null),
        new("grantor", "担保人", "grantor", null), new("grantorId", "担保人代码", "its id (grantor)", null), new("currency", "币种", "currency", null),
        new("amount", "主债权金额", "secured amount", null, IsFigure: true), new("from", "起始日", "from", null), new("to", "到期日", "to", null),
        new("description", "担保财产描述", "description of the property", null), new("financing", "融资编号", "financing", null),
    ];

    public static Command Make(Shell shell) => Shell.Noun("export", "导出供人工录入的工作表、供核验回执的信任策略、公共工具可核验的卷宗。", "Sheets for people who type into other systems; the policy that receipts are verified by; dossiers that public tools check.", Zhongdeng(shell), Policy(shell), ExportDossier.Make(shell));

    static Command Policy(Shell shell)
    {
        var path = Options.Text("PATH", "节点的数据目录，或其 chain 目录的副本", "a node's data folder, or a copy of its chain folder");
        var (chainId, file) = (VerifyCommands.ChainIdOption(), Options.OutFile());
        var days = Options.Days("--days", "策略可用的天数（默认 90）：验证节点会变更，文件不会随之更新", "for how many days it may be used (default: 90): validators change, and a file does not hear of it", 90);
        var witnesses = Options.Texts("--witness", "并要求该见证方联署（ledger-node witness 启动时显示的公钥）；可重复", "demand the word of this witness too (the key that ledger-node witness shows at its start); may be repeated", "VKEY");
        return shell.Command(
            "policy", "核验整条链，导出现任验证节点的信任策略（C2SP tlog-policy）。", "Verify a whole chain and export the trust policy of its validators now (C2SP tlog-policy).", [path, days, witnesses, chainId, file], (run, cancel) =>
            {
                var keys = run.Required(witnesses).Select(Witness).ToArray();
                if (keys.DistinctBy(static key => key.PublicKey).Count() != keys.Length) throw StopException.Usage("同一见证方给出了两次。", "A witness is named twice.");
                var folder = Directory.Exists(run.Value(path)) ? ChainFolder.Open(run.Value(path)) : throw StopException.NotFound(run.Value(path));
                ChainVerdict verdict;
                using (var watcher = new VerifyChain.ChainWatcher(run, cancel)) verdict = folder.Verify(run.Value(chainId), watcher);
                if (verdict is not ChainVerdict.Verified verified) return Task.FromResult(VerifyChain.Tell(run, run.Value(path), verdict, audit: null));
                var until = run.Now.Add(run.Value(days) * Timestamp.Day).DateAt(offsetMinutes: 0);
                run.WriteExact(System.Text.Encoding.UTF8.GetBytes(PolicyText.Of(verified.Report, keys, until)), run.Value(file));
                return Task.FromResult(ExitCode.Ok);
            },
            "export policy ./data --out policy.txt", "export policy ./copy-of-chain --days 30 --chain-id 3f1c… --out policy.txt",
            "export policy ./data --witness witness.example/regulator+f14261ae+BOM1bksU4y+494SXfOMw3Z7lU5FIpoLvePSUXEnxq2JE --out policy.txt");
    }

    static VKey Witness(string text) => VKey.TryParse(text, out var key) && key.Kind == VKeyKind.Ed25519Cosignature
        ? key
        : throw StopException.Usage($"{text} 不是见证方的公钥。", $"{text} is no witness's key.");

    static Command Zhongdeng(Shell shell)
    {
        var party = Options.Party("--party", "资金方银行", "the financing bank");
        var (path, reading) = (Options.OutFile(), new Reading(hasHeights: false));
        return shell.Command(
            "zhongdeng", "中登网登记工作表（CSV）：仅供人工录入，不是系统接口。", "A worksheet (CSV) for registering at 中登网 by hand; it is no interface to that system.", [party, path, .. reading.All],
            async (run, cancel) =>
            {
                var api = await reading.OpenAsync(run, cancel);
                var rows = new List<IReadOnlyList<string>> { Columns.Select(column => run.Output.Say(column.Chinese, column.English)).ToArray() };
                string? cursor = null;
                do
                {
                    using var page = await api.ReadAsync($"{NodePaths.Of(run.Value(party), "financings")}?limit=500{(cursor is null ? "" : $"&cursor={cursor}")}", cancel)
                        ?? throw StopException.NotFound(run.Value(party).Text);
                    foreach (var one in page.RootElement.GetProperty("financings").EnumerateArray())
                    {
                        if (one.GetProperty("financier").GetString() == run.Value(party).Text) rows.Add(await RowAsync(api, one, cancel));
                    }

                    cursor = page.RootElement.TryGetProperty("next", out var next) ? next.GetString() : null;
                }
                while (cursor is not null);

                run.WriteExact(System.Text.Encoding.UTF8.GetBytes(CsvText.Of(rows)), run.Value(path));
                run.Output.Message("这是供人工录入的工作表，不是与中登网的接口；内容须由登记人核对。", "This is a worksheet to type from, no interface to 中登网; whoever registers checks it.");
                return ExitCode.Ok;
            },
            "export zhongdeng --party 91440300MA1000017E --lang zh --out 登记工作表.csv");
    }

    static async Task<IReadOnlyList<string>> RowAsync(LedgerApi api, JsonElement financing, CancellationToken cancel)
    {
        string Text(string name) => financing.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
        var amount = Amount.TryParse(Text("principal"), out var principal) && Currency.TryParse(Text("currency"), out var currency) ? MoneyText.Format(principal, currency) : "";
        var units = string.Join("、", financing.GetProperty("units").EnumerateArray().Select(unit => unit.GetString()));
        var isPledge = Text("form") == "pledgeLoan";
        return
        [
            isPledge ? "应收账款质押" : "应收账款转让（保理）", await NameAsync(api, Text("financier"), cancel), Text("financier"), await NameAsync(api, Text("applicant"), cancel), Text("applicant"),
            Text("currency"), amount, Text("start"), Text("end"),
            string.Create(CultureInfo.InvariantCulture, $"应收账款电子凭证 {Text("instrument")} 的份额 {units}"), Text("id"),
        ];
    }

    static async Task<string> NameAsync(LedgerApi api, string id, CancellationToken cancel)
    {
        using var party = await api.ReadAsync(NodePaths.Of("party", id), cancel);
        return party?.RootElement.GetProperty("name").GetString() ?? id;
    }
}
