using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ledger.Client.Files;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Node.Views;

/// <summary>A metric, by what it is grouped, and for what happened the first and last day; <paramref name="Only"/> leaves one party's own figures.</summary>
public sealed record StatisticsQuestion(Metric Metric, IReadOnlyList<string> By, DateOnly? From = null, DateOnly? To = null, PartyId Only = default);

/// <summary>One group: its names in the order of the question, the currency where the unit is money, and the figure.</summary>
public sealed record StatisticsRow(IReadOnlyList<string> Group, string Currency, Int128 Value);

/// <summary>Figures as of a height, and in bytes that are the same whenever the same is asked.</summary>
public sealed record StatisticsTable(StatisticsQuestion Question, ulong Height, Hash256 Header, IReadOnlyList<StatisticsRow> Rows)
{
    static readonly JsonWriterOptions Canonical = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The members in their order without white space; the last is the SHA-256 of what stands before it, closed by a brace.</summary>
    public byte[] ToJson()
    {
        var body = Body();
        var hash = Convert.ToHexStringLower(SHA256.HashData(body));
        return [.. body.AsSpan(0, body.Length - 1), .. Encoding.ASCII.GetBytes($",\"sha256\":\"{hash}\"}}")];
    }

    /// <summary>
    /// The same for spreadsheets: UTF-8 with its mark, one line a row, and at the end the height, the header and the SHA-256 of all bytes before that last
    /// line. What a spreadsheet would take for a formula has an apostrophe before it.
    /// </summary>
    public byte[] ToCsv()
    {
        string[] heading = [.. Question.By, .. Question.Metric.IsAmount ? ["currency"] : (string[])[], Question.Metric.Code];
        var rows = Rows.Select(row => (string[])
            [.. row.Group, .. Question.Metric.IsAmount ? [row.Currency] : (string[])[], row.Value.ToString(CultureInfo.InvariantCulture)]);
        string[][] end = [["height", Height.ToString(CultureInfo.InvariantCulture)], ["header", Header.ToString()]];
        var body = Encoding.UTF8.GetBytes(CsvText.Of([heading, .. rows, .. end]));
        return [.. body, .. Encoding.ASCII.GetBytes($"sha256,{Convert.ToHexStringLower(SHA256.HashData(body))}\r\n")];
    }

    byte[] Body()
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Canonical))
        {
            json.WriteStartObject();
            json.WriteString("metric", Question.Metric.Code);
            json.WriteString("unit", Question.Metric.Unit);
            json.WriteStartArray("by");
            foreach (var by in Question.By) json.WriteStringValue(by);
            json.WriteEndArray();
            if (Question.From is { } from) json.WriteString("from", Day(from));
            if (Question.To is { } to) json.WriteString("to", Day(to));
            if (Question.Only != default) json.WriteString("party", Question.Only.Text);
            json.WriteStartArray("rows");
            foreach (var row in Rows)
            {
                json.WriteStartObject();
                for (var i = 0; i < Question.By.Count; i++) json.WriteString(Question.By[i], row.Group[i]);
                if (Question.Metric.IsAmount) json.WriteString("currency", row.Currency);
                json.WriteString("value", row.Value.ToString(CultureInfo.InvariantCulture));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteNumber("height", Height);
            json.WriteString("header", Header.ToString());
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

/// <summary>
/// Computes a metric from the tables as they were at a height. The database sums by party, instrument, bank, currency and day; only then are regions and
/// periods made of these, so that no figure depends on the order of rows.
/// </summary>
sealed class Statistics(Sql sql, ChainParameters chain, ulong height)
{
    // A sum is kept in two halves: no number of rows is too many for 64 bits.
    static string Split(string amount) => $"SUM({amount}/1000000), SUM({amount}%1000000)";

    readonly Dictionary<long, (string Id, string Region, string Chain)> parties = [];

    // Whose figures alone are asked for; 0 for everybody's. Then only rows of its own are read, by their indexes: how many others there are costs nothing.
    long only;

    public StatisticsTable Of(StatisticsQuestion question)
    {
        var metric = question.Metric;
        var sums = new SortedDictionary<string[], Int128>(Comparer<string[]>.Create(Compare));
        only = question.Only == default ? 0 : Things.Find(sql, question.Only) is var known and > 0 ? known : -1;
        foreach (var part in PartsOf(metric.Code))
        {
            if (part.Day is { } day && (day < (question.From?.DayNumber ?? 0) || day > (question.To?.DayNumber ?? int.MaxValue))) continue;
            string[] group = [.. question.By.Select(by => Name(by, part)), metric.IsAmount ? part.Currency : ""];
            sums[group] = sums.GetValueOrDefault(group) + (metric.IsAmount ? part.Amount : part.Count);
        }

        var header = Lists.Block(sql, height)?.Hash ?? default;
        return new(question, height, header, [.. sums.Where(pair => pair.Value != 0).Select(pair => new StatisticsRow(pair.Key[..^1], pair.Key[^1], pair.Value))]);
    }

    List<Part> PartsOf(string metric) => metric switch
    {
        "requested" => Flows(Flow.Requested),
        "confirmed" => Flows(Flow.Confirmed),
        "disputed" => Flows(Flow.Disputed),
        "issued" or "instruments" => Flows(Flow.Issued),
        "cancelled" => Flows(Flow.Cancelled),
        "financed" => Flows(Flow.Financed),
        "financings" => [.. Flows(Flow.Financed, "AND f.amount>0")],
        "repaid" => Flows(Flow.Repaid),
        "paid" => Flows(Flow.Paid),
        "paidBack" => Flows(Flow.PaidBack),
        "becameOverdue" => Flows(Flow.Overdue),
        "transferred" => Transferred(),
        "outstanding" => Outstanding(),
        "overdue" => Overdue(),
        "financingOutstanding" => [.. Timeless(Flows(Flow.Financed), 1), .. Timeless(Flows(Flow.Repaid), -1)],
        "parties" => Registered(),
        "attempts" => Attempted(),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    static IEnumerable<Part> Timeless(List<Part> parts, int sign) => parts.Select(part => part with { Day = null, Amount = sign * part.Amount });

    // Who owes is told what becomes of its debts, but not who raised money on them.
    List<Part> Flows(Flow flow, string but = "")
    {
        var own = only == 0 ? "" : flow is Flow.Financed or Flow.Repaid ? "AND (f.party=?3 OR f.bank=?3)" : "AND (f.party=?3 OR f.bank=?3 OR f.obligor=?3)";
        return Asked(sql[$"""
            SELECT f.party, f.obligor, f.bank, f.currency, {DayOf("b.time")}, {Split("f.amount")}, COUNT(*) FROM flows f JOIN blocks b ON b.height=f.height
            WHERE f.height<=?1 AND f.flow=?2 {own} {but} GROUP BY 1, 2, 3, 4, 5
            """].With(height).With((long)flow)).All(PartOf);
    }

    List<Part> Transferred() => Asked(sql[$"""
        SELECT l.giver, i.obligor, 0, i.currency, {DayOf("b.time")}, {Split("(l.last-l.first+1)")}, SUM(l.part=0)
        FROM {(only == 0
            ? "legs l"
            : $"(SELECT * FROM legs WHERE giver=?2 UNION ALL SELECT g.* FROM lists o CROSS JOIN legs g ON g.instrument=o.thing WHERE o.list={(int)ListOf.OwedBy} AND o.owner=?2 AND g.giver<>?2) l")}
        CROSS JOIN instruments i ON i.thing=l.instrument CROSS JOIN blocks b ON b.height=l.height
        WHERE l.cause IN (2, 4, 6, 7, 8, 10) AND l.height<=?1 GROUP BY 1, 2, 3, 4, 5
        """].With(height)).All(PartOf);

    List<Part> Outstanding() => Asked(sql[$"""
        SELECT i.creditor, i.obligor, 0, i.currency, NULL, {Split("(t.last-t.first+1)")}, COUNT(DISTINCT t.instrument)
        FROM {(only == 0 ? "instruments i" : $"{Own} CROSS JOIN instruments i ON i.thing=o.thing")} CROSS JOIN tokens t ON t.instrument=i.thing
        WHERE t.state=1 AND t.from_height<=?1 AND t.to_height>?1 GROUP BY 1, 2, 3, 4
        """].With(height)).All(PartOf);

    // What was flagged may have been put off since: the due date is the instrument's own as of the height.
    List<Part> Overdue()
    {
        var flagged = Asked(sql[$"""
            SELECT DISTINCT f.instrument FROM {(only == 0 ? "flows f" : $"{Own} CROSS JOIN flows f ON f.instrument=o.thing")}
            WHERE f.height<=?1 AND f.flow={(int)Flow.Overdue} ORDER BY 1
            """].With(height)).All(static row => row.Long(0));
        var point = new PointInTime(sql, chain, height);
        foreach (var thing in flagged) point.AddAlone(ThingKey.Of(Things.IdOf<Instrument>(sql, thing)));
        var state = point.State();
        var parts = new List<Part>();
        foreach (var thing in flagged)
        {
            if (state.Instrument(Things.IdOf<Instrument>(sql, thing)) is not { } instrument || instrument.DueDate >= state.Today) continue;
            var live = sql["SELECT SUM(last-first+1) FROM tokens WHERE instrument=?1 AND state=1 AND from_height<=?2 AND to_height>?2"].With(thing).With(height).Number();
            if (live > 0)
                parts.Add(new(Things.Find(sql, instrument.Creditor), Things.Find(sql, instrument.Obligor), 0, instrument.Currency.Code, null, live, 1));
        }

        return parts;
    }

    List<Part> Registered() => Asked(sql[$"""
        SELECT p.thing, p.thing, p.sponsor, '', {DayOf("b.time")}, 0, 0, COUNT(*) FROM parties p JOIN blocks b ON b.height=p.height
        WHERE p.height<=?1 {(only == 0 ? "" : "AND (p.thing=?2 OR p.sponsor=?2)")} GROUP BY 1, 2, 3, 4, 5
        """].With(height)).All(PartOf);

    // An attempt is its maker's own.
    List<Part> Attempted() => Asked(sql[$"""
        SELECT a.party, a.party, p.sponsor, '', {DayOf("b.time")}, 0, 0, COUNT(*) FROM attempts a JOIN parties p ON p.thing=a.party JOIN blocks b ON b.height=a.height
        WHERE a.height<=?1 {(only == 0 ? "" : "AND a.party=?2")} GROUP BY 1, 2, 3, 4, 5
        """].With(height)).All(PartOf);

    // The instruments that the one who asks owes or was owed first, once each.
    static string Own => $"(SELECT DISTINCT thing FROM lists WHERE list IN ({(int)ListOf.OwedBy}, {(int)ListOf.OwedTo}) AND owner=?2) o";

    // Bound last, and only where a text names it.
    Statement Asked(Statement statement) => only == 0 ? statement : statement.With(only);

    // Days since 0001-01-01 in the chain's own offset, as dates are counted everywhere here.
    string DayOf(string time) => string.Create(
        CultureInfo.InvariantCulture, $"(({time}+{chain.OffsetMinutes * Timestamp.Minute})/{Timestamp.Day}+{new DateOnly(1970, 1, 1).DayNumber})");

    static Part PartOf(Statement row) => new(
        row.Long(0), row.Long(1), row.Long(2), row.Text(3), row.IsNull(4) ? null : row.Int(4), ((Int128)row.Long(5) * 1_000_000) + row.Long(6), row.Long(7));

    // Whose region and chain: the debtor's for debts, the party's own where it is counted itself.
    string Name(string by, Part part)
    {
        var obligor = Named(part.Obligor);
        return by switch
        {
            "province" => Prefix(obligor.Region, 2),
            "city" => Prefix(obligor.Region, 4),
            "county" => obligor.Region,
            "chain" => obligor.Chain,
            "coreEnterprise" => obligor.Id,
            "bank" => part.Bank == 0 ? "" : Named(part.Bank).Id,
            _ => Period(by, DateOnly.FromDayNumber(part.Day ?? 0)),
        };
    }

    static string Period(string by, DateOnly day) => by switch
    {
        "day" => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        "month" => day.ToString("yyyy-MM", CultureInfo.InvariantCulture),
        "quarter" => string.Create(CultureInfo.InvariantCulture, $"{day.Year:D4}-Q{((day.Month - 1) / 3) + 1}"),
        _ => day.ToString("yyyy", CultureInfo.InvariantCulture),
    };

    static string Prefix(string region, int digits) => region.Length >= digits ? region[..digits] : region;

    (string Id, string Region, string Chain) Named(long party)
    {
        if (parties.TryGetValue(party, out var known)) return known;
        return parties[party] = sql["SELECT id, region, chain FROM parties WHERE thing=?1"].With(party)
            .First(static row => (row.Text(0), row.Text(1), row.Text(2)), ("", "", ""));
    }

    static int Compare(string[]? one, string[]? other)
    {
        for (var i = 0; i < one?.Length; i++)
        {
            if (string.CompareOrdinal(one[i], other?[i]) is var order and not 0) return order;
        }

        return 0;
    }

    readonly record struct Part(long Party, long Obligor, long Bank, string Currency, int? Day, Int128 Amount, long Count);
}
