using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

// What the programme of the obligor's industry chain forbids today beside the rules: it narrows and never widens, and what stands already stays.
public static partial class Rulebook
{
    internal static Verdict.Refused? JudgeTenorOfProgramme(LedgerState state, PartyId obligor, DateOnly issued, DateOnly due) =>
        state.ProgrammeOf(obligor) is { } programme && due > MonthsAfter(issued, programme.TenorMonths) ? Beyond("tenorMonths", programme.TenorMonths) : null;

    internal static Verdict.Refused? JudgeContractOfProgramme(LedgerState state, PartyId obligor, ValueList<DocumentUse> uses) =>
        state.ProgrammeOf(obligor) is { ContractRequired: true } && uses.All(use => state.Document(use.Document) is not { Kind: DocumentKind.Contract }) ? Beyond("contractRequired", 1) : null;

    internal static Verdict.Refused? JudgeDepthOfProgramme(LedgerState state, Instrument instrument, int depth) =>
        state.ProgrammeOf(instrument.Obligor) is { } programme && depth >= programme.MaximumDepth ? Beyond("maximumDepth", programme.MaximumDepth) : null;

    internal static Verdict.Refused? JudgeFinancingOfProgramme(LedgerState state, Instrument instrument, ApplyForFinancing apply, Amount units)
    {
        if (state.ProgrammeOf(instrument.Obligor) is not { } programme) return null;
        if (apply.Principal.Minor > units.Minor * programme.FinancingShareBasisPoints / 10_000) return Beyond("financingShareBasisPoints", programme.FinancingShareBasisPoints);
        return apply.End > MonthsAfter(state.Today, programme.FinancingTenorMonths) ? Beyond("financingTenorMonths", programme.FinancingTenorMonths) : null;
    }

    static Verdict.Refused Beyond(string setting, int limit) => new(Refusal.BeyondProgramme, new(Reference: setting, Reason: FormattableString.Invariant($"{limit}")));
}
