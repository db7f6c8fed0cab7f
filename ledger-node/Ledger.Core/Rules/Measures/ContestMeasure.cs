using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>
/// The party against which a measure was announced, or its bank, objects to it (异议, <c>measure.contest</c>) before it is in force: from now on it has no
/// effect unless a third institution decides so. The end of an insolvency can also be contested by who entered the insolvency.
/// </summary>
public sealed record ContestMeasure(Id<Measure> Measure, Hash256 Reason) : Operation
{
    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) =>
        state.Measure(Measure) is { } measure && measure.Gainer != default && measure.Gainer != act.Party ? [Stake.Nothing(act.Party, measure.Gainer)] : [];
}

public sealed record MeasureContested(Id<Measure> Measure, PartyId By, Hash256 Reason) : LedgerEvent;

public static partial class Rulebook
{
    static Verdict Judge(LedgerState state, Act act, ContestMeasure contest)
    {
        if (state.Measure(contest.Measure) is not { } measure) return Verdict.No(Refusal.MeasureNotFound, contest.Measure.ToString());
        if (!MayContest(state, measure, act.Party)) return Refusal.NotAgainstThisParty;
        if (measure.Status != MeasureStatus.Standing || measure.InForceFrom <= state.Now) return Refusal.MeasureNotOpen;

        return new MeasureContested(measure.Id, act.Party, contest.Reason);
    }

    static bool MayContest(LedgerState state, Measure measure, PartyId party) =>
        party == measure.Against || party == PartyNamed(state, measure.Against).Sponsor
        || (measure.Kind == MeasureKind.Solvency && state.ListEntry(ListKind.Insolvent, measure.Against)?.Proposer == party);

    static LedgerState Enact(LedgerState state, MeasureContested contested) => state.With(
        MeasureNamed(state, contested.Measure) with { Status = MeasureStatus.Contested, ContestedBy = contested.By, Reason = contested.Reason });
}
