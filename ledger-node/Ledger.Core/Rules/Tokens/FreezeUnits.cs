using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>
/// A bank or operator executes an authority's freezing order on units (冻结, <c>token.freeze</c>), whoever holds them and whatever else burdens
/// them. A later order on the same units waits in rank behind the earlier (轮候).
/// </summary>
public sealed record FreezeUnits(
    Id<Freeze> Freeze,
    Id<Instrument> Instrument,
    Interval Units,
    string Authority,
    Hash256 CaseNumber,
    Hash256 Order,
    Timestamp Until) : Operation
{
    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Instrument(Instrument) is { } instrument ? [new(act.Party, null, instrument.Currency, Units.Amount)] : [];
}

public sealed record UnitsFrozen(Freeze Freeze) : LedgerEvent;

public static partial class Rulebook
{
    // A rank is two bytes, and the list of a token's burdens counts in two: no bank's zeal may overflow them.
    const int LongestQueue = 60_000;

    static Verdict Judge(LedgerState state, Act act, FreezeUnits freeze)
    {
        if (state.Instrument(freeze.Instrument) is not { } instrument) return Verdict.No(Refusal.InstrumentNotFound, freeze.Instrument.ToString());
        if (state.Freeze(freeze.Freeze) is not null) return Refusal.FreezeIdInUse;
        if (instrument.Status != InstrumentStatus.Active || state.Tokens(instrument.Id) is not { } tokens) return Refusal.InstrumentStatusWrong;
        if (state.Party(act.Party) is not { } executor || !executor.Has(Roles.Bank | Roles.Operator)) return Refusal.RoleMissing;
        if (freeze.Units.Last > tokens.Face.Minor) return Refusal.UnitsDoNotExist;
        var rank = 0;
        foreach (var token in tokens.Touching(freeze.Units))
        {
            if (token.State != UnitState.Live) return Refusal.UnitsNotLive;
            foreach (var burden in token.Encumbrances)
            {
                if (burden.Kind == EncumbranceKind.Freeze) rank = Math.Max(rank, burden.Rank);
            }
        }

        if (rank >= LongestQueue) return Refusal.TooManyFreezes;
        if (tokens.Count + 2 > MostTokens) return Refusal.TooManyTokens;
        if (freeze.Authority.Length is 0 or > 100) return new Verdict.Refused(Refusal.TextInvalid, new(Reason: nameof(freeze.Authority)));
        if (!freeze.Until.IsWholeMinute || freeze.Until <= state.Now) return Refusal.TermInvalid;

        return new UnitsFrozen(new(
            freeze.Freeze, freeze.Instrument, freeze.Units, act.Party, freeze.Authority, freeze.CaseNumber, freeze.Order,
            (ushort)(rank + 1), state.Now, freeze.Until));
    }

    static LedgerState Enact(LedgerState state, UnitsFrozen frozen)
    {
        var freeze = frozen.Freeze;
        var burden = new Encumbrance(EncumbranceKind.Freeze, freeze.Id.Value, freeze.Executor, freeze.Rank, freeze.Since, freeze.Until);
        return Burden(state, freeze.Instrument, [freeze.Units], burden).With(freeze);
    }
}
