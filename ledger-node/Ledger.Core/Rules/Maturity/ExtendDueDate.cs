using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>
/// An instrument falls due later (展期, <c>instrument.extend</c>): the obligor asks, and every holder, every payee and every beneficiary of a burden
/// agrees (民法典 543). Late interest that was earned stays owed, and the agreed late rate may change.
/// </summary>
public sealed record ExtendDueDate(Id<Instrument> Instrument, DateOnly DueDate, Rate? LateRate = null, ValueList<Hash256> Terms = default) : Operation<ExtendDueDate>, IVerb
{
    public static Verb Verb { get; } = new("instrument.extend", "展期", "extend the due date", IsForAgents: true);

    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Instrument(Instrument) is { } instrument ? [Stake.Nothing(act.Party, instrument.Creditor), .. Waiting(state, instrument)] : [];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Instrument(Instrument) is not { } instrument) return Verdict.No(Refusal.InstrumentNotFound, Instrument.ToString());
        if (instrument.Status != InstrumentStatus.Active || state.Tokens(instrument.Id) is not { } tokens) return Refusal.InstrumentStatusWrong;
        if (instrument.Obligor != act.Party) return Refusal.NotTheObligor;

        // 票据法 9: what is written of a bill's date cannot be altered.
        if (instrument.Kind == InstrumentKind.Bill) return Refusal.BillNotExtendable;
        if (IsInsolvent(state, instrument.Obligor)) return Refusal.ObligorInsolvent;
        if (DueDate <= instrument.DueDate) return Refusal.DueDateNotLater;
        if (JudgeLateRate(state, LateRate, instrument.Obligor, instrument.Creditor, instrument.Confirmation) is { } rate) return rate;
        if ((JudgeTenor(state, instrument.IssueDate, DueDate) ?? JudgeTenorOfProgramme(state, instrument.Obligor, instrument.IssueDate, DueDate)) is { } tenor) return tenor;
        foreach (var party in Concerned(state, tokens).Keys)
        {
            if (party != act.Party && !Agrees(state, act, this, party)) return Verdict.No(Refusal.ConsentMissing, party.Text);
        }


        // A line that left was over long before.
        if (state.Earmark(instrument.Id) is { } earmark && (state.Line(earmark.Line) is not { } line || line.Until < DueDate)) return Refusal.LineEndsTooSoon;

        var whole = Interval.OfWhole(tokens.Face);
        var pieces = Pieces(state, instrument, whole);
        if (pieces.Count > MostParts) return Refusal.TooManyParts;

        // Who consents needs no justification beside it; that the tenor is long is told all the same.
        var payable = state.PayableOn(DueDate);
        var earned = Due(state, instrument, pieces, whole, state.Today).Select(part => new LateClaim(part.Units, payable, part.Interest, part.Costs));
        var extended = new DueDateExtended(
            instrument.Id, DueDate, LateRate, [.. earned.Where(static claim => !claim.Interest.IsZero || !claim.Costs.IsZero)]);
        return IsUsualTenor(state, instrument.IssueDate, DueDate)
            ? extended
            : new Verdict.Accepted([extended, new IssueFlagged(instrument.Id, DueDate)]);
    }
}

public sealed record DueDateExtended(Id<Instrument> Instrument, DateOnly DueDate, Rate? LateRate, ValueList<LateClaim> Claims) : LedgerEvent<DueDateExtended>, IEvent
{
    public static (string Chinese, string English) Words => ("已展期", "due date extended");

    public override LedgerState Enact(LedgerState state)
    {
        var instrument = InstrumentNamed(state, Instrument);
        var maturity = MaturityOf(state, instrument);
        return state.With(instrument with { DueDate = DueDate })
            .With(maturity with { LateRate = LateRate ?? maturity.LateRate, Claims = Claims });
    }

    public override IEnumerable<Told> Tells(LedgerState state) => [Details.Instrument.Is(Instrument), Details.DueDate.Is(DueDate)];
}

public static partial class Rulebook
{
    /// <summary>Who agrees lets so many of its units wait.</summary>
    internal static ValueList<Stake> Waiting(LedgerState state, Instrument instrument) => state.Tokens(instrument.Id) is not { } tokens
        ? []
        : [.. Concerned(state, tokens).Where(one => one.Key != instrument.Obligor).Select(one => new Stake(one.Key, instrument.Obligor, instrument.Currency, one.Value))];

    /// <summary>Everybody whose right an extension puts off, with the live units that it is about.</summary>
    internal static SortedDictionary<PartyId, Amount> Concerned(LedgerState state, Tokens tokens)
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
