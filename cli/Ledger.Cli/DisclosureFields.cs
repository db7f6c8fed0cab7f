using System.Text.Json.Nodes;
using Ledger.Client.Disclosures;
using Ledger.Client.Money;
using Ledger.Client.Text;
using Ledger.Core.Primitives;

namespace Ledger.Cli;

/// <summary>What disclosures showed, as fields of a verification's result.</summary>
static class DisclosureFields
{
    static readonly Field[] FigureColumns =
    [
        new("financing", "融资", "financing", null), new("term", "条款", "term", null), new("claimed", "所签", "signed", null, IsFigure: true),
        new("computed", "复算", "computed", null, IsFigure: true), new("agrees", "相符", "agrees", null), new("height", "高度", "height", null, IsFigure: true),
    ];

    static readonly Field[] FalseColumns =
    [
        new("height", "高度", "height", null, IsFigure: true), new("id", "交易号", "transaction", null), new("term", "条款", "term", null), new("reason", "原因", "why it is false", null),
    ];

    /// <summary>Figures and false disclosures as people read them: a row each.</summary>
    public static void ShowTables(Output output, DisclosureReport report)
    {
        if (output.Form != Form.Table) return;
        if (report.Figures.Count > 0)
        {
            output.Line();
            output.Table(FigureColumns, report.Figures.Select(figure => (IReadOnlyList<JsonNode?>)
            [
                figure.Financing.ToString(), output.Say(Names.Of(figure.Term)), Money(figure.Claimed, figure.Currency), Money(figure.Computed, figure.Currency),
                output.Verdict(figure.Agrees, figure.Agrees ? "✓" : "✗"), figure.Place.Height,
            ]));
        }

        if (report.False.Count == 0) return;
        output.Line();
        output.Table(FalseColumns, report.False.Select(wrong => (IReadOnlyList<JsonNode?>)
            [wrong.Place.Height, wrong.Place.Id.ToString(), Named(output, wrong.Term), output.Say(wrong.Chinese, wrong.English)]));
    }

    public static Field[] Of(Output output, DisclosureReport report) =>
    [
        new("disclosureFiles", "披露文件", "files of disclosures", report.Files),
        new("hiddenTerms", "链上隐藏条款", "hidden terms on the chain", report.Digests),
        new("termsOpened", "其中已披露且摘要相符", "of these disclosed, under their digests", report.Opened),
        new("figuresChecked", "已复算金额", "figures computed again", report.Figures.Count),
        .. output.Form == Form.Table ? [] : Lists(output, report),
    ];

    static Field[] Lists(Output output, DisclosureReport report) =>
    [
        new("figures", "复算结果", "figures", List(report.Figures, figure => new(Place(figure.Place))
        {
            ["financing"] = figure.Financing.ToString(),
            ["term"] = figure.Term.Name(),
            ["claimed"] = figure.Claimed,
            ["computed"] = figure.Computed,
            ["agrees"] = figure.Agrees,
        })),
        new("falseDisclosures", "不符的披露", "false disclosures", List(report.False, wrong => new(Place(wrong.Place))
        {
            ["term"] = wrong.Term,
            ["reason"] = output.Say(wrong.Chinese, wrong.English),
        })),
    ];

    /// <summary>What they left open, each with its reason.</summary>
    public static void AddUnchecked(JsonArray open, Output output, DisclosureReport report)
    {
        if (report.Hidden > 0) open.Add(output.Say($"{report.Hidden} 个隐藏条款没有披露", $"{report.Hidden} hidden terms that nobody disclosed here"));
        if (report.FilesElsewhere > 0)
        {
            open.Add(output.Say(
                $"{report.FilesElsewhere} 个披露文件所指的操作不在此链上，或未被受理", $"{report.FilesElsewhere} files of disclosures whose operation is not on this chain, or was not accepted"));
        }

        foreach (var one in report.Unchecked)
        {
            open.Add(output.Say(
                $"融资 {one.Financing} 的{Names.Of(one.Term).Chinese}（高度 {one.Place.Height}）：{one.Chinese}", $"{Names.Of(one.Term).English} of financing {one.Financing} (height {one.Place.Height}): {one.English}"));
        }
    }

    // What was signed may be no amount at all; then it is shown as it is.
    static string Money(string minor, Currency currency) => Amount.TryParse(minor, out var amount) ? MoneyText.FormatWithSymbol(amount, currency) : minor;

    static string Named(Output output, string term) => Enum.GetValues<Term>().Where(one => one.Name() == term).Select(one => output.Say(Names.Of(one))).SingleOrDefault() ?? term;

    static JsonArray List<T>(IEnumerable<T> items, Func<T, JsonObject> write) => new([.. items.Select(write)]);

    static IEnumerable<KeyValuePair<string, JsonNode?>> Place(OperationPlace place) =>
    [
        new("height", place.Height), new("party", place.Party.Text), new("id", place.Id.ToString()), new("operation", place.Operation),
    ];
}
