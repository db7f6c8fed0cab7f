using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>
/// The party against which a measure was announced, or its bank, objects to it (异议, <c>measure.contest</c>) before it is in force: from now on it has no
/// effect unless a third institution decides so. The end of an insolvency can also be contested by who entered the insolvency.
/// </summary>
public sealed record ContestMeasure(Id<Measure> Measure, Hash256 Reason) : Operation<ContestMeasure>, IVerb
{
    public static Verb Verb { get; } = new("measure.contest", "对措施提出异议", "contest a measure", IsForAgents: true);

    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) =>
        state.Measure(Measure) is { } measure && measure.Gainer != default && measure.Gainer != act.Party ? [Stake.Nothing(act.Party, measure.Gainer)] : [];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Measure(Measure) is not { } measure) return Verdict.No(Refusal.MeasureNotFound, Measure.ToString());
        if (!MayContest(state, measure, act.Party)) return Refusal.NotAgainstThisParty;
        if (measure.Status != MeasureStatus.Standing || measure.InForceFrom <= state.Now) return Refusal.MeasureNotOpen;

        return new MeasureContested(measure.Id, act.Party, Reason);
    }
}

public sealed record MeasureContested(Id<Measure> Measure, PartyId By, Hash256 Reason) : LedgerEvent<MeasureContested>, IEvent
{
    public static (string Chinese, string English) Words => ("措施已被提出异议", "measure contested");

    public override LedgerState Enact(LedgerState state) => state.With(
        MeasureNamed(state, Measure) with { Status = MeasureStatus.Contested, ContestedBy = By, Reason = Reason });

    public override IEnumerable<Told> Tells(LedgerState state) => [Details.Measure.Is(Measure), Details.By.Is(By)];
}

public static partial class Rulebook
{
    internal static bool MayContest(LedgerState state, Measure measure, PartyId party) =>
        party == measure.Against || party == PartyNamed(state, measure.Against).Sponsor
        || (measure.Kind == MeasureKind.Solvency && state.ListEntry(ListKind.Insolvent, measure.Against)?.Proposer == party);
}
