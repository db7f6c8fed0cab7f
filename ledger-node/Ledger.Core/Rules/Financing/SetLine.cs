using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>
/// A bank opens a credit line for a party or changes its limit and term (<c>line.set</c>). What is drawn is no bank's to write: it follows from
/// commitments and payments. Nothing is lent above the limit; what is owed again because a payment went back may be.
/// </summary>
public sealed record SetLine(Id<CreditLine> Line, PartyId Debtor, CreditMode Mode, Currency Currency, Amount Limit, DateOnly Until) : Operation<SetLine>, IVerb
{
    public static Verb Verb { get; } = new("line.set", "设定授信额度", "set a credit line");

    public override ValueList<UInt128> Makes(LedgerState state) => state.Line(Line) is null ? [Line.Value] : [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => [new(act.Party, Debtor, Currency, Limit)];

    public override Verdict Judge(LedgerState state, Act act)
    {
        var known = state.Line(Line);
        if (state.Party(Debtor) is null) return Verdict.No(Refusal.PartyNotFound, Debtor.Text);
        if (state.Party(act.Party) is not { } bank || !bank.Has(Roles.Bank)) return Refusal.RoleMissing;
        if (known is not null && known.Bank != act.Party) return Refusal.NotTheLinesBank;
        if (Mode == CreditMode.None) return Refusal.LineModeInvalid;
        if (Until < state.Today) return Refusal.LineUntilPast;
        if (known is not null && (known.Debtor != Debtor || known.Mode != Mode || known.Currency != Currency)) return Refusal.LineIsFixed;
        if (known is not null && Limit < known.Drawn && Limit < known.Limit) return new Verdict.Refused(Refusal.LimitBelowDrawn, new(known.Drawn, known.Currency));

        return new LineSet(new(Line, act.Party, Debtor, Mode, Currency, Limit, known?.Drawn ?? Amount.Zero, Until));
    }
}

public sealed record LineSet(CreditLine Line) : LedgerEvent<LineSet>, IEvent
{
    public static (string Chinese, string English) Words => ("额度已设定", "line set");

    public override LedgerState Enact(LedgerState state) => state.With(Line);

    public override IEnumerable<Told> Tells(LedgerState state) =>
    [
        Details.Line.Is(Line.Id), Details.Debtor.Is(Line.Debtor), Details.Currency.Is(Line.Currency), Details.Limit.Is(Line.Limit),
        Details.Drawn.Is(Line.Drawn),
    ];
}

public static partial class Rulebook
{
    /// <summary>Whether a line is for this use and has so much left, for something that ends then.</summary>
    internal static Verdict.Refused? JudgeDraw(LedgerState state, Id<CreditLine> id, CreditMode mode, PartyId debtor, Currency currency, Amount amount, DateOnly end)
    {
        if (state.Line(id) is not { } line) return Verdict.No(Refusal.LineNotFound, id.ToString());
        if (line.Mode != mode || line.Debtor != debtor || line.Currency != currency) return new(Refusal.LineDoesNotFit, Facts.None);
        if (line.Until < end) return new(Refusal.LineEndsTooSoon, Facts.None);
        return amount > line.Available ? new(Refusal.LineExhausted, new(line.Available, line.Currency)) : null;
    }

    internal static LedgerState Draw(LedgerState state, Id<CreditLine> id, Amount amount)
    {
        var line = LineNamed(state, id);
        return state.With(line with { Drawn = line.Drawn + amount });
    }
}
