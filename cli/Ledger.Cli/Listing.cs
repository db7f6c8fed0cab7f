using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Client.Api;
using Ledger.Client.Money;
using Ledger.Client.Text;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Cli;

/// <summary>
/// A list that a node answers page by page. People get columns that were chosen for them, money in figures and names beside ids; programs get the
/// items as they are.
/// </summary>
sealed class Listing(NounList list, string? without = null)
{
    const int OffsetMinutes = 480;
    const uint PageSize = 500;
    const uint DefaultLimit = 100;

    // What was asked for is the same in every item.
    readonly ListColumn[] columns = [.. list.Columns.Where(column => column.Member != without)];

    // Names are a courtesy: a list of many parties is shown without them rather than slowly.
    const int MostNames = 50;

    /// <summary>A command that lists; <paramref name="pathOf"/> says which list, without its pages.</summary>
    public Command Command(Shell shell, string name, string chinese, string english, IReadOnlyList<Symbol> own, Func<Run, string> pathOf, params string[] examples)
    {
        var reading = new Reading();
        var all = Options.Flag("--all", "全部，逐页取完", "everything, page after page");
        var limit = Options.OptionalWhole("--limit", $"最多多少项（默认 {DefaultLimit}）", $"at most so many items (default: {DefaultLimit})");
        var cursor = Options.TextOption("--cursor", "从上一次所示之处继续", "go on where an earlier list ended", value: "CURSOR");
        return shell.Command(name, chinese, english, [.. own, all, limit, cursor, .. reading.All], async (run, cancel) =>
        {
            if (run.Value(limit) == 0) throw StopException.Usage("--limit 至少为 1。", "--limit is at least 1.");
            var api = await reading.OpenAsync(run, cancel);
            var most = run.Value(all) ? uint.MaxValue : run.Value(limit) ?? DefaultLimit;
            var (read, last) = await ReadAsync(run, api, reading.At(run, pathOf(run)), most, run.Value(cursor), cancel);
            await ShowAsync(run, api, read, last, cancel);
            return ExitCode.Ok;
        }, examples);
    }

    async Task<(List<JsonObject> Items, JsonObject Last)> ReadAsync(Run run, LedgerApi api, string path, uint most, string? cursor, CancellationToken cancel)
    {
        using var progress = new Progress(run);
        var read = new List<JsonObject>();
        while (true)
        {
            var query = string.Create(CultureInfo.InvariantCulture, $"{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}limit={Math.Min(PageSize, most - (uint)read.Count)}");
            using var answer = await api.ReadAsync($"{path}{query}{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}", cancel)
                ?? throw StopException.NotFound(path);
            var page = JsonSerializer.SerializeToNode(answer)?.AsObject() ?? [];
            foreach (var item in page[list.Name]?.AsArray() ?? []) read.Add(item?.DeepClone().AsObject() ?? []);
            cursor = page["next"]?.GetValue<string>();
            if (cursor is null || read.Count >= most) return (read, page);
            progress.Tell(() => $"已取 {read.Count} 项 …", () => $"{read.Count} so far …");
        }
    }

    async Task ShowAsync(Run run, LedgerApi api, List<JsonObject> read, JsonObject last, CancellationToken cancel)
    {
        if (run.Output.IsJson)
        {
            last[list.Name] = new JsonArray([.. read]);
            run.Output.Json(last);
            return;
        }

        var names = run.Output.Form == Form.Table ? await NamesAsync(run, api, read, cancel) : [];
        var shown = columns.Where(column => read.Count == 0 || read.Any(item => Find(item, column.Member) is not null)).ToArray();
        var currencies = read.Select(item => item["currency"]?.GetValue<string>()).Distinct().ToArray();
        var unit = currencies is [{ } one] ? one : null;
        run.Output.Table(
            [.. shown.Select(column => Heading(column, unit))],
            read.Select(item => (IReadOnlyList<JsonNode?>)[.. shown.Select(column => Cell(column, item, unit, names, run.Output.Language))]));
        if (last["next"]?.GetValue<string>() is { } next)
            run.Output.Message($"还有更多：--all，或 --cursor {next}", $"There is more: --all, or --cursor {next}");
    }

    static Field Heading(ListColumn column, string? unit)
    {
        var isAmount = column.Kind == ListedAs.Amount;
        var suffix = isAmount && unit is not null ? $" ({unit})" : "";
        return new(column.Member, column.Word.Chinese + suffix, column.Word.English + suffix, null, IsFigure: isAmount || column.Kind == ListedAs.Number);
    }

    static string? Cell(ListColumn column, JsonObject item, string? unit, Dictionary<string, string> names, Language language)
    {
        if (Find(item, column.Member) is not { } value) return null;
        switch (column.Kind)
        {
            case ListedAs.Amount when Amount.TryParse(value.GetValue<string>(), out var amount) && Currency.TryParse(item["currency"]?.GetValue<string>(), out var currency):
                return unit is null ? $"{MoneyText.Format(amount, currency)} {currency.Code}" : MoneyText.Format(amount, currency);
            case ListedAs.Time:
                return TimeText.Of(new Timestamp(value.GetValue<long>()), OffsetMinutes);
            case ListedAs.Refusal:
                return RefusalText.Of((Refusal)value.GetValue<ushort>(), Facts.None, language, OffsetMinutes);
            case ListedAs.Party when value.GetValue<string>() is var id:
                return names.TryGetValue(id, out var name) ? $"{name} {id}" : id;
            default:
                return value is JsonArray array ? string.Join(", ", array.Select(one => Short(column.Name, one, item, language))) : Short(column.Name, value, item, language);
        }
    }

    // Of what holds several things, people are told the one that says most.
    static string? Short(string member, JsonNode? value, JsonObject within, Language language) => value switch
    {
        JsonObject thing when thing["kind"] is { } kind => PeopleText.Named("kind", kind, thing, language),
        JsonObject thing => (thing["document"] ?? thing["payee"] ?? thing["id"])?.GetValue<string>(),
        JsonValue text when text.GetValueKind() == JsonValueKind.String => PeopleText.Named(member, text, within, language),
        JsonValue flag when flag.GetValueKind() is JsonValueKind.True or JsonValueKind.False => (flag.GetValue<bool>(), language) switch
        {
            (true, Language.Chinese) => "是",
            (false, Language.Chinese) => "否",
            (true, _) => "yes",
            _ => "no",
        },
        _ => value?.ToJsonString(),
    };

    static JsonNode? Find(JsonObject item, string member)
    {
        JsonNode? found = item;
        foreach (var name in member.Split('.')) found = (found as JsonObject)?[name];
        return found is JsonArray { Count: 0 } ? null : found;
    }

    async Task<Dictionary<string, string>> NamesAsync(Run run, LedgerApi api, List<JsonObject> read, CancellationToken cancel)
    {
        var parties = columns.Where(column => column.Kind == ListedAs.Party).SelectMany(column => read.Select(item => Find(item, column.Member)?.GetValue<string>())).OfType<string>().Distinct().ToArray();
        var names = new Dictionary<string, string>();
        if (parties.Length > MostNames) return names;
        using var progress = new Progress(run);
        foreach (var party in parties)
        {
            progress.Tell(() => "查询参与方名称 …", () => "looking up names …");
            try
            {
                using var answer = await api.ReadAsync(NodePaths.Of("party", party), cancel);
                if (answer?.RootElement.TryGetProperty("name", out var name) == true && name.GetString() is { Length: > 0 } text) names[party] = text;
            }
            catch (NodeAnsweredException)
            {
                // Whose name the node does not tell is shown by its id.
            }
        }

        return names;
    }
}
