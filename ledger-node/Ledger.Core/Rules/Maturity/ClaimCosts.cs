using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>
/// The holder of overdue units adds what it cost to collect them (实现债权的费用, <c>claim.costs</c>): the obligor signs too, or two institutions that
/// execute the order behind <paramref name="Evidence"/>. Costs follow the units and are paid before anything else (民法典 561).
/// </summary>
public sealed record ClaimCosts(Id<Instrument> Instrument, Interval Units, Amount Amount, Hash256 Evidence) : Operation<ClaimCosts>, IVerb
{
    public static Verb Verb { get; } = new("claim.costs", "主张费用", "claim costs", IsForAgents: true);

    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Instrument(Instrument) is { } instrument
        ?
        [
            new(act.Party, instrument.Obligor, instrument.Currency, Amount), new(instrument.Obligor, act.Party, instrument.Currency, Amount),
            .. Vouching(state, act, act.Party, instrument.Obligor, instrument.Currency, Amount),
        ]
        : [];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Instrument(Instrument) is not { } instrument) return Verdict.No(Refusal.InstrumentNotFound, Instrument.ToString());
        if (instrument.Status != InstrumentStatus.Active || state.Tokens(instrument.Id) is not { } tokens) return Refusal.InstrumentStatusWrong;
        if (!IsPastPayable(state, instrument)) return Refusal.NotOverdue;
        if (!Agrees(state, act, this, instrument.Obligor) && TwoInstitutions(state, act, act.Party).Count == 0) return Refusal.CostsNotAcknowledged;
        if (JudgeUnits(tokens, act.Party, Units) is { } holding) return holding;
        if (Amount.IsZero) return Refusal.AmountZero;

        var pieces = Pieces(state, instrument, Units);
        if (pieces.Count > MostParts) return Refusal.TooManyParts;
        bool IsInside(Piece piece) => Units.Contains(piece.Owed.Units);
        var inside = pieces.Where(IsInside).Select(static piece => piece.Owed).ToArray();

        // No law limits costs to the debt; the ledger does, so that no sum of claims can leave its range.
        var room = Amount.Remaining(Units.Amount, inside.Aggregate(Amount.Zero, static (sum, owed) => sum + owed.Costs));
        if (Amount > room) return new Verdict.Refused(Refusal.CostsTooLarge, new(room, instrument.Currency));

        var added = Accrual.ProRata(Amount, [.. inside.Select(static owed => owed.Units.Amount)]);
        var claims = Replaced(state, instrument, pieces, Units, IsInside, inside.Select((owed, i) => owed with { Costs = owed.Costs + added[i] }));
        if (claims.Count > MostParts) return Refusal.TooManyParts;

        return new CostsClaimed(instrument.Id, Units, Amount, claims);
    }
}

public sealed record CostsClaimed(Id<Instrument> Instrument, Interval Units, Amount Amount, ValueList<LateClaim> Claims) : LedgerEvent<CostsClaimed>, IEvent
{
    public static (string Chinese, string English) Words => ("已主张费用", "costs claimed");

    public override LedgerState Enact(LedgerState state) => WithClaims(state, Instrument, Claims);

    public override IEnumerable<Told> Tells(LedgerState state) =>
    [
        Details.Instrument.Is(Instrument), Details.Run.Is(Units), Details.Currency.Is(state.Instrument(Instrument)?.Currency),
        Details.Amount.Is(Amount),
    ];
}
