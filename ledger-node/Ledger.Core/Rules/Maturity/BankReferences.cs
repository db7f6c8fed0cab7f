using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

public static partial class Rulebook
{
    /// <summary>A bank's reference is good for one act of a value date on the whole ledger, and stays spent when the act is undone.</summary>
    internal static Verdict.Refused? JudgeReference(LedgerState state, DateOnly valueDate, string text)
    {
        if (text.Length is 0 or > 35 || text.AsSpan().ContainsAnyExceptInRange(' ', '~') || text[0] == ' ' || text[^1] == ' ') return new(Refusal.BankReferenceInvalid, Facts.None);
        return state.BankReference(valueDate, text) is null ? null : Verdict.No(Refusal.BankReferenceUsed, text);
    }

    /// <summary>Whether a value date lies before all that the ledger remembers references of.</summary>
    internal static bool IsTooOld(LedgerState state, DateOnly valueDate) => valueDate < state.Today.AddDays(-state.Chain.RetentionDays);

    internal static LedgerState Spend(LedgerState state, DateOnly valueDate, string text, PartyId bank, UInt128 act) =>
        state.With(new BankReference(valueDate, text, bank, act, state.Now));
}
