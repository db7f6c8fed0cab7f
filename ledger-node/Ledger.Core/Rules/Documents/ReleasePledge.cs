using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>
/// The pledgee lets go (<c>document.release</c>). The documents' use ends with the pledge, unless the debt behind them was paid: payment frees nothing.
/// </summary>
public sealed record ReleasePledge(Id<Offer> Pledge, bool DebtWasPaid) : Operation<ReleasePledge>, IVerb
{
    public static Verb Verb { get; } = new("document.release", "解除质押", "release a pledge", IsForAgents: true);

    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Pledge(Pledge) is { } pledge ? [new(act.Party, pledge.Pledgor, pledge.Currency, pledge.Amount)] : [];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Pledge(Pledge) is not { } pledge) return Refusal.PledgeNotFound;
        if (pledge.Released) return Refusal.PledgeReleased;
        if (pledge.Pledgee != act.Party) return Refusal.NotThePledgee;
        if (JudgeOtherHand(state, act, pledge.Pledgor) is { } oneHand) return oneHand;

        return new PledgeReleased(Pledge, DebtWasPaid);
    }
}

public sealed record PledgeReleased(Id<Offer> Pledge, bool DebtWasPaid) : LedgerEvent<PledgeReleased>, IEvent
{
    public static (string Chinese, string English) Words => ("质押已解除", "pledge released");

    public override LedgerState Enact(LedgerState state)
    {
        var pledge = PledgeNamed(state, Pledge);
        if (!DebtWasPaid) state = ReleaseUsed(state, pledge.Documents);
        return state.With(pledge with { Released = true });
    }

    public override IEnumerable<Told> Tells(LedgerState state) => [Details.Pledge.Is(Pledge), Details.DebtWasPaid.Is(DebtWasPaid)];
}
