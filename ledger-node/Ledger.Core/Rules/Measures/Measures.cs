using System.Diagnostics;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>
/// Two institutions announce what they do against or without a party (<paramref name="Bank"/> is its sponsor): from now on it or its bank can contest it.
/// </summary>
public sealed record MeasureMade(Measure Measure, PartyId Bank) : LedgerEvent<MeasureMade>, IEvent
{
    public static (string Chinese, string English) Words => ("已作出措施，异议期开始", "measure announced, it can be contested");

    public override LedgerState Enact(LedgerState state) => state.With(Measure);

    public override IEnumerable<Told> Tells(LedgerState state) =>
    [
        Details.Measure.Is(Measure.Id), Details.Act.Is(Measure.Kind), Details.Against.Is(Measure.Against), Details.Bank.Is(Bank),
        Details.Gainer.Is(Measure.Gainer), Details.InForceFrom.Is(Measure.InForceFrom), Details.Until.Is(Measure.Until),
    ];
}

/// <summary>The contest period is over and nobody objected. Checks compared with its end before; this only tidies.</summary>
public sealed record MeasureTookEffect(Id<Measure> Measure) : LedgerEvent<MeasureTookEffect>, IEvent
{
    public static (string Chinese, string English) Words => ("措施已生效", "measure in force");

    public override LedgerState Enact(LedgerState state) => TakeEffect(state, MeasureNamed(state, Measure));

    public override IEnumerable<Told> Tells(LedgerState state) => [Details.Measure.Is(Measure)];
}

/// <summary>A contested measure that nobody decided in time is over.</summary>
public sealed record MeasureLapsed(Id<Measure> Measure) : LedgerEvent<MeasureLapsed>, IEvent
{
    public static (string Chinese, string English) Words => ("措施逾期未裁定，已终止", "contested measure lapsed without a decision");

    public override LedgerState Enact(LedgerState state) => state.With(MeasureNamed(state, Measure) with { Status = MeasureStatus.Ended });

    public override IEnumerable<Told> Tells(LedgerState state) => [Details.Measure.Is(Measure)];
}

public static partial class Rulebook
{
    /// <summary>The measure behind an offer of units, or null for what its holder offers itself.</summary>
    static Measure? MeasureBehind(LedgerState state, Offer offer) =>
        offer.Kind == OfferKind.Transfer && state.Measure(new(offer.Id.Value)) is { IsOnUnits: true } measure ? measure : null;

    internal static MeasureMade Announced(LedgerState state, Measure measure) => new(measure, PartyNamed(state, measure.Against).Sponsor);

    /// <summary>From when a measure that is made now is in force if nobody objects.</summary>
    static Timestamp InForceFrom(LedgerState state) => state.Now.Add(state.Rules[RuleParameter.ContestHours] * Timestamp.Hour).CeilingMinute();

    internal static Verdict.Refused? WhyNotInForce(LedgerState state, Offer offer) => MeasureBehind(state, offer) switch
    {
        null => null,
        { Status: MeasureStatus.Contested } => new(Refusal.MeasureIsContested, Facts.None),
        { } measure when !measure.IsInForceAt(state.Now) => new(Refusal.MeasureNotInForce, new(Conflict: new("Measure", measure.Id.ToString(), measure.InForceFrom))),
        _ => null,
    };

    // An offer that is over takes its measure with it.
    static LedgerState EndMeasureBehind(LedgerState state, Offer offer) =>
        MeasureBehind(state, offer) is { Status: MeasureStatus.Standing or MeasureStatus.Contested } measure
            ? state.With(measure with { Status = MeasureStatus.Ended })
            : state;

    internal static LedgerState TakeEffect(LedgerState state, Measure measure)
    {
        state = state.With(measure with { Status = MeasureStatus.InForce });
        return measure.Kind == MeasureKind.Solvency && state.ListEntry(ListKind.Insolvent, measure.Against) is { } entry
            ? state.With(entry with { Until = state.Today })
            : state;
    }

    static MeasureKind KindOf(TransferCause cause) => cause switch
    {
        TransferCause.Court => MeasureKind.Court,
        TransferCause.Realisation => MeasureKind.Realisation,
        TransferCause.Succession => MeasureKind.Succession,
        _ => throw new UnreachableException(),
    };
}
