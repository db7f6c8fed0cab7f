using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

public static partial class Rulebook
{
    /// <summary>A bank's reference is good for one act on the whole ledger, and stays spent when the act is undone.</summary>
    internal static Verdict.Refused? JudgeReference(LedgerState state, string text)
    {
        if (text.Length is 0 or > 35 || text.AsSpan().ContainsAnyExceptInRange(' ', '~') || text[0] == ' ' || text[^1] == ' ') return new(Refusal.BankReferenceInvalid, Facts.None);
        return state.BankReference(text) is null ? null : Verdict.No(Refusal.BankReferenceUsed, text);
    }

    internal static LedgerState Spend(LedgerState state, string text, PartyId bank, UInt128 act) => state.With(new BankReference(text, bank, act, state.Now));
}
