using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>
/// An instrument falls due later (展期, <c>instrument.extend</c>): the obligor asks, and every holder, every payee and every beneficiary of a burden
/// agrees (民法典 543). Late interest that was earned stays owed, and the agreed late rate may change.
/// </summary>
public sealed record ExtendDueDate(Id<Instrument> Instrument, DateOnly DueDate, Rate? LateRate = null, ValueList<Hash256> Terms = default) : Operation
{
    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Instrument(Instrument) is { } instrument ? [Stake.Nothing(act.Party, instrument.Creditor), .. Rulebook.Waiting(state, instrument)] : [];
}

public sealed record DueDateExtended(Id<Instrument> Instrument, DateOnly DueDate, Rate? LateRate, ValueList<LateClaim> Claims) : LedgerEvent;

public static partial class Rulebook
{
    static Verdict Judge(LedgerState state, Act act, ExtendDueDate extend)
    {
        if (state.Instrument(extend.Instrument) is not { } instrument) return Verdict.No(Refusal.InstrumentNotFound, extend.Instrument.ToString());
        if (instrument.Status != InstrumentStatus.Active || state.Tokens(instrument.Id) is not { } tokens) return Refusal.InstrumentStatusWrong;
        if (instrument.Obligor != act.Party) return Refusal.NotTheObligor;

        // 票据法 9: what is written of a bill's date cannot be altered.
        if (instrument.Kind == InstrumentKind.Bill) return Refusal.BillNotExtendable;
        if (IsInsolvent(state, instrument.Obligor)) return Refusal.ObligorInsolvent;
        if (extend.DueDate <= instrument.DueDate) return Refusal.DueDateNotLater;
        if (JudgeLateRate(state, extend.LateRate, instrument.Obligor, instrument.Creditor, instrument.Confirmation) is { } rate) return rate;
        if (JudgeTenor(state, instrument.IssueDate, extend.DueDate) is { } tenor) return tenor;
        foreach (var party in Concerned(state, tokens).Keys)
        {
            if (party != act.Party && !Agrees(state, act, extend, party)) return Verdict.No(Refusal.ConsentMissing, party.Text);
        }

        if (state.Earmark(instrument.Id) is { } earmark && LineNamed(state, earmark.Line).Until < extend.DueDate) return Refusal.LineEndsTooSoon;

        var whole = Interval.OfWhole(tokens.Face);
        var pieces = Pieces(state, instrument, whole);
        if (pieces.Count > MostParts) return Refusal.TooManyParts;

        // Who consents needs no justification beside it; that the tenor is long is told all the same.
        var payable = state.PayableOn(extend.DueDate);
        var earned = Due(state, instrument, pieces, whole, state.Today).Select(part => new LateClaim(part.Units, payable, part.Interest, part.Costs));
        var extended = new DueDateExtended(
            instrument.Id, extend.DueDate, extend.LateRate, [.. earned.Where(static claim => !claim.Interest.IsZero || !claim.Costs.IsZero)]);
        return IsUsualTenor(state, instrument.IssueDate, extend.DueDate)
            ? extended
            : new Verdict.Accepted([extended, new IssueFlagged(instrument.Id, extend.DueDate)]);
    }

    /// <summary>Who agrees lets so many of its units wait.</summary>
    internal static ValueList<Stake> Waiting(LedgerState state, Instrument instrument) => state.Tokens(instrument.Id) is not { } tokens
        ? []
        : [.. Concerned(state, tokens).Where(one => one.Key != instrument.Obligor).Select(one => new Stake(one.Key, instrument.Obligor, instrument.Currency, one.Value))];

    static LedgerState Enact(LedgerState state, DueDateExtended extended)
    {
        var instrument = InstrumentNamed(state, extended.Instrument);
        var maturity = MaturityOf(state, instrument);
        return state.With(instrument with { DueDate = extended.DueDate })
            .With(maturity with { LateRate = extended.LateRate ?? maturity.LateRate, Claims = extended.Claims });
    }

    /// <summary>Everybody whose right an extension puts off, with the live units that it is about.</summary>
    static SortedDictionary<PartyId, Amount> Concerned(LedgerState state, Tokens tokens)
    {
        var concerned = new SortedDictionary<PartyId, Amount>();
        foreach (var token in tokens.Span)
        {
            if (token.State != UnitState.Live) continue;
            var parties = new HashSet<PartyId> { token.Holder };
            foreach (var burden in token.Encumbrances)
            {
                if (burden.BindsAt(state.Now)) parties.Add(burden.Beneficiary);
            }

            foreach (var party in parties) concerned[party] = concerned.GetValueOrDefault(party) + token.Units.Amount;
        }

        return concerned;
    }
}
