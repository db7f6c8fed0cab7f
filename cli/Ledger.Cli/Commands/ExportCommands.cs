using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Ledger.Client.Api;
using Ledger.Client.Files;
using Ledger.Client.Money;
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

    public static Command Make(Shell shell) => Shell.Noun("export", "导出供人工录入的工作表。", "Sheets for people who type into other systems.", Zhongdeng(shell));

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
