using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>
/// A bank or operator executes an authority's freezing order (冻结, <c>token.freeze</c>), whatever else burdens the units: it names them, or their holder
/// and an amount, which is taken from units that nobody froze before any that are, lowest first. A later order on the same units waits behind the
/// earlier (轮候). The freeze ends with <paramref name="LastDay"/>. One institution alone freezes for an emergency's time; for longer, a second signs too.
/// </summary>
public sealed record FreezeUnits(
    Id<Freeze> Freeze,
    Id<Instrument> Instrument,
    string Authority,
    Hash256 CaseNumber,
    Hash256 Order,
    DateOnly LastDay,
    Interval? Units = null,
    PartyId? Holder = null,
    Amount? Amount = null) : Operation<FreezeUnits>, IVerb
{
    public static Verb Verb { get; } = new("token.freeze", "冻结", "freeze units");

    public override ValueList<UInt128> Makes(LedgerState state) => [Freeze.Value];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Instrument(Instrument) is { } instrument
        ? [new(act.Party, null, instrument.Currency, Amount ?? Units?.Amount ?? default)]
        : [];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Instrument(Instrument) is not { } instrument) return Verdict.No(Refusal.InstrumentNotFound, Instrument.ToString());
        if (state.Freeze(Freeze) is not null) return Refusal.FreezeIdInUse;
        if (instrument.Status != InstrumentStatus.Active || state.Tokens(instrument.Id) is not { } tokens) return Refusal.InstrumentStatusWrong;
        if (state.Party(act.Party) is not { } executor || !executor.Has(Roles.Bank | Roles.Operator)) return Refusal.RoleMissing;
        if (Units is null == Amount is null) return Refusal.UnitsOrAmount;
        if (Amount is null && Holder is not null) return Refusal.HolderNotTaken;
        if (Amount is not null && Holder is null) return Refusal.HolderNotNamed;
        if (Amount is { IsZero: true }) return Refusal.AmountZero;
        if (JudgeFreezable(tokens, this) is { } missing) return missing;

        var units = Units is { } named ? [named] : Lowest(tokens, Holder ?? default, Amount ?? default, token => FirstFreeze(state, token) is null);
        if (units.Count > MostRuns || tokens.Count + (2 * units.Count) > MostTokens) return Refusal.TooManyTokens;
        if (Authority.Length == 0 || !ShownText.IsNoLonger(Authority, LongestAuthority)) return new Verdict.Refused(Refusal.TextInvalid, new(Reason: nameof(Authority)));
        if (!IsFreezeTerm(state, LastDay)) return Refusal.FreezeTermInvalid;

        var second = SecondInstitution(state, act);
        if (second is null && !IsEmergency(state, LastDay)) return Refusal.FreezeNeedsSecond;
        if (JudgeQueue(state, act.Party, isAlone: second is null, tokens, units) is { } queue) return queue;

        var until = EndOf(state, LastDay);
        var kept = second is null ? EndOfPause(state, until) : until;
        return new UnitsFrozen(
            new(Freeze, Instrument, units, act.Party, second, Authority, CaseNumber, Order, state.Now, until, kept),
            OffersOn(state, tokens, units));
    }
}

/// <summary>Units are frozen, and the offers of them that were open are over.</summary>
public sealed record UnitsFrozen(Freeze Freeze, ValueList<Id<Offer>> Lapsed) : LedgerEvent<UnitsFrozen>, IEvent
{
    public static (string Chinese, string English) Words => ("份额已冻结", "units frozen");

    public override LedgerState Enact(LedgerState state)
    {
        var burden = new Encumbrance(EncumbranceKind.Freeze, Freeze.Id.Value, Freeze.Executor, Freeze.Since, Freeze.Until);
        return Burden(LapseOffers(state, Freeze.Instrument, Lapsed), Freeze.Instrument, Freeze.Units, burden).With(Freeze);
    }

    public override IEnumerable<Told> Tells(LedgerState state) =>
    [
        Details.Freeze.Is(Freeze.Id), Details.Instrument.Is(Freeze.Instrument), Details.Units.Is(Freeze.Units),
        Details.Until.Is(Freeze.Until), Details.Second.Is(Freeze.Second), Details.Lapsed.Is(Lapsed),
    ];
}

public static partial class Rulebook
{
    // How many orders of one executor wait on the same units, and of all together: no bank's zeal closes the queue to another.
    const int MostFreezesOfOne = 16;
    const int LongestQueue = 60_000;

    internal const int LongestAuthority = 100;

    // 民诉法解释 485: other property rights are frozen for at most three years, and may be again.
    const int MostFreezeYears = 3;

    // After an emergency's freeze its executor alone freezes the same units no more for as many times its longest term.
    const int PauseAfterEmergency = 10;

    /// <summary>The freeze that is first on units and so the one that executes, or null when none binds them. Burdens stand in the order in which they came.</summary>
    internal static Encumbrance? FirstFreeze(LedgerState state, Token token)
    {
        foreach (var burden in token.Encumbrances)
        {
            if (burden.Kind == EncumbranceKind.Freeze && burden.BindsAt(state.Now)) return burden;
        }

        return null;
    }

    internal static Verdict.Refused? JudgeFreezable(Tokens tokens, FreezeUnits freeze)
    {
        if (freeze.Units is not { } units) return JudgeHolding(tokens, freeze.Holder ?? default, named: null, freeze.Amount);
        if (units.Last > tokens.Face.Minor) return new(Refusal.UnitsDoNotExist, Facts.None);
        return AllOf(tokens, [units], static token => token.State == UnitState.Live) ? null : new(Refusal.UnitsNotLive, Facts.None);
    }

    internal static Refusal? JudgeQueue(LedgerState state, PartyId executor, bool isAlone, Tokens tokens, ValueList<Interval> units)
    {
        foreach (var run in units)
        {
            foreach (var token in tokens.Touching(run))
            {
                var (all, own) = (0, 0);
                foreach (var burden in token.Encumbrances)
                {
                    if (burden.Kind != EncumbranceKind.Freeze) continue;
                    all++;
                    if (burden.Beneficiary != executor) continue;
                    own++;
                    if (isAlone && FreezeNamed(state, new(burden.Reference)).Second is null) return Refusal.FrozenInEmergency;
                }

                if (own >= MostFreezesOfOne || all >= LongestQueue) return Refusal.TooManyFreezes;
            }
        }

        return null;
    }

    internal static bool IsFreezeTerm(LedgerState state, DateOnly lastDay) => lastDay >= state.Today && lastDay < LastDue && lastDay.AddYears(-MostFreezeYears) <= state.Today;

    // A day is whole: what the hours reach into, they allow to its end.
    internal static bool IsEmergency(LedgerState state, DateOnly lastDay) =>
        lastDay <= state.Now.Add(state.Rules[RuleParameter.EmergencyFreezeHours] * Timestamp.Hour).DateAt(state.Chain.OffsetMinutes);

    internal static Timestamp EndOfPause(LedgerState state, Timestamp until)
    {
        var pause = until.Add(PauseAfterEmergency * state.Rules[RuleParameter.EmergencyFreezeHours] * Timestamp.Hour);
        return pause < PartyKey.Forever ? pause : PartyKey.Forever;
    }

    internal static Timestamp EndOf(LedgerState state, DateOnly day) => Timestamp.StartOf(day.AddDays(1), state.Chain.OffsetMinutes);
}
