using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Node.Access;

namespace Ledger.Node.Nouns;

/// <summary>An instrument with its tokens, and those of them that the reader sees. An issue that nobody accepted has none, and owes nothing yet.</summary>
sealed record WholeInstrument(Instrument One, IReadOnlyList<Token> Tokens, IReadOnlyList<Token> Seen)
{
    public static WholeInstrument Of(Instrument one, LedgerState state, Sight sight) =>
        state.Tokens(one.Id) is { } tokens ? new(one, tokens.Span.ToArray(), sight.Seen(one, tokens)) : new(one, [], []);
}

/// <summary>All that is told of an instrument at once: as in lists, and what is owed on it.</summary>
sealed class WholeInstrumentShape() : Shape<WholeInstrument>("Instrument")
{
    protected override IEnumerable<Column<WholeInstrument>> Describe() =>
    [
        .. Shown.Instrument.Columns.Select(column => column.In<WholeInstrument>((whole, _) => whole.One)),
        Object("bill", Shown.Bill, (whole, _) => whole.One.Bill is null ? null : whole).Optional,
        Amount("outstanding", whole => InstrumentNoun.Live(whole.Tokens)).If((whole, _) => whole.Tokens.Count > 0),
        Amount("paid", whole => InstrumentNoun.Sum(whole.Tokens, UnitState.Paid)).If((whole, _) => whole.Tokens.Count > 0),
        Of("payableOn", Kinds.Date, (whole, at) => Rulebook.PayableDay(at.State, whole.One)).If((whole, _) => whole.One.DueDate != DateOnly.MinValue),
        Of("lateRate", Kinds.TextIfAny, (whole, at) => MaturityOf(whole, at)?.LateRate?.ToString() ?? "").Optional,
        Of("overdueOn", Kinds.Dates, (whole, at) => MaturityOf(whole, at)?.OverdueOn ?? []).If(IsMature),
        Of("interestStops", Kinds.Date, (whole, at) => MaturityOf(whole, at)?.InterestStops is { } day && day != DateOnly.MaxValue ? day : DateOnly.MinValue).Optional,
        Objects(
            "lateClaims", Shown.LateClaim,
            (whole, at) => MaturityOf(whole, at)?.Claims.Where(claim => whole.Seen.Any(token => token.Units.Overlaps(claim.Units))) ?? []).If(IsMature),
        Objects("tokens", Shown.Token, (whole, _) => whole.Seen.Select(token => (whole.One, token))),
    ];

    protected override Currency CurrencyOf(WholeInstrument whole, At at) => whole.One.Currency;

    static Maturity? MaturityOf(WholeInstrument whole, At at) => at.State.Maturity(whole.One.Id);

    static bool IsMature(WholeInstrument whole, At at) => MaturityOf(whole, at) is not null;
}

/// <summary>What a package of bills has. One that was delivered has no status of its own: each interval has.</summary>
sealed class BillShape() : Shape<WholeInstrument>("Bill")
{
    protected override IEnumerable<Column<WholeInstrument>> Describe() =>
    [
        Text("packageNumber", one => Of(one).PackageNumber), Party("drawer", one => Of(one).Drawer), Party("acceptor", one => Of(one).Acceptor),
        Flag("undivided", one => Of(one).Undivided), Flag("registerIsLedger", one => Of(one).RegisterIsLedger), Flag("mismatch", one => Of(one).Mismatch),
        Time("drawnUntil", one => Of(one).DrawnUntil).If(IsUndelivered),
        Of("billStatus", Kinds.Text, (one, at) => Rulebook.BillStatusOf(at.State, one.One).ToString()).If(IsUndelivered),
    ];

    static BillAttributes Of(WholeInstrument whole) => whole.One.Bill ?? throw new System.Diagnostics.UnreachableException($"{whole.One.Id}");

    static bool IsUndelivered(WholeInstrument whole, At at) => whole.Tokens.Count == 0;
}

/// <summary>Interest and costs of units that were paid late.</summary>
sealed class LateClaimShape() : Shape<LateClaim>("LateClaim")
{
    protected override IEnumerable<Column<LateClaim>> Describe() =>
        [Of("units", Kinds.Interval, one => one.Units), Date("from", one => one.From), Amount("interest", one => one.Interest), Amount("costs", one => one.Costs)];
}
