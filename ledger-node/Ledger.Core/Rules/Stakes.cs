using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>A person's signature alone moved this much today.</summary>
public sealed record SingleSignatureSpent(PartyId Party, Currency Currency, DateOnly Day, Amount Total) : LedgerEvent<SingleSignatureSpent>, IEvent
{
    public static (string Chinese, string English) Words => ("已计入单人签名限额", "counted against one person's limit");

    public override LedgerState Enact(LedgerState state) =>
        state.With(new Spending(Day, Total), Party, Currency);

    public override IEnumerable<Told> Tells(LedgerState state) => [Details.Party.Is(Party), Details.Currency.Is(Currency), Details.Total.Is(Total)];
}

/// <summary>So much of a mandate's cap the day's acts took.</summary>
public sealed record MandateUsed(Id<Mandate> Mandate, DateOnly Day, Amount Used) : LedgerEvent<MandateUsed>, IEvent
{
    public static (string Chinese, string English) Words => ("已计入授权委托的当日额度", "counted against the mandate's cap of the day");

    // The transaction that used it may also have taken it back.
    public override LedgerState Enact(LedgerState state) => state.Mandate(Mandate) is { } mandate ? state.With(mandate with { UsedOn = Day, Used = Used }) : state;

    public override IEnumerable<Told> Tells(LedgerState state) => [Details.Mandate.Is(Mandate), Details.Total.Is(Used)];
}

public static partial class Rulebook
{
    /// <summary>
    /// What the signatures of a transaction have staked so far. An act is judged on the state that it meets, and a mandate or a policy on all that
    /// one transaction and one day take of it: what is cut into pieces weighs as much as the whole.
    /// </summary>
    sealed class Stakes
    {
        // Most transactions need neither.
        Dictionary<Id<Mandate>, MandateUsed>? mandates;
        Dictionary<(PartyId, Currency), (Amount Here, SingleSignatureSpent Today)>? single;

        public IEnumerable<LedgerEvent> Events => ((IEnumerable<LedgerEvent>?)mandates?.Values ?? []).Concat(single?.Values.Select(static one => one.Today) ?? []);

        public Verdict.Refused? Judge(LedgerState state, Act act, Operation operation)
        {
            var stakes = operation.Stakes(state, act);
            if (JudgeAgent(state, act, operation, stakes) is { } unmandated) return unmandated;
            foreach (var stake in stakes)
            {
                if (HandOf(state, act, operation, stake) is not { } hand) continue;
                if (stake.Party != act.Party && hand != stake.Party && JudgeMandate(state, operation, [stake], stake.Party, hand) is { } beside) return beside;
                if (JudgeHand(state, act, hand, stake) is { } alone) return alone;
            }

            return null;
        }

        // An agent acts within a mandate of its principal that covers the act, and is never its counterparty or of that one's group.
        Verdict.Refused? JudgeAgent(LedgerState state, Act act, Operation operation, ValueList<Stake> stakes)
        {
            if (act.Agent == act.Party) return null;
            ValueList<Stake> own = [.. stakes.Where(stake => stake.Party == act.Party)];
            return own.Any(stake => stake.Towards is { } other && IsHandOfSide(state, act.Agent, other, act.Party, ownWord: !stake.IsNothing))
                ? new(Refusal.AgentIsCounterparty, Facts.None)
                : JudgeMandate(state, operation, own, act.Party, act.Agent);
        }

        Verdict.Refused? JudgeMandate(LedgerState state, Operation operation, ValueList<Stake> stakes, PartyId principal, PartyId agent)
        {
            Verdict.Refused? nearest = new(Refusal.NoMandate, Facts.None);
            foreach (var mandate in state.Mandates(principal, agent))
            {
                if (mandate.Expires <= state.Now || !mandate.Verbs.Contains(operation.Kind)) continue;
                var used = mandates?.GetValueOrDefault(mandate.Id)?.Used ?? mandate.UsedBy(state.Today);
                nearest = null;
                foreach (var stake in stakes)
                {
                    used += stake.Amount;
                    nearest ??= JudgeAgainst(mandate, stake, used);
                }

                if (nearest is not null) continue;
                if (used != mandate.UsedBy(state.Today)) (mandates ??= [])[mandate.Id] = new(mandate.Id, state.Today, used);
                return null;
            }

            return nearest;
        }

        // One person is enough within the party's limits; above them, and for what could take everything, a second one signs (经办、复核).
        Verdict.Refused? JudgeHand(LedgerState state, Act act, PartyId hand, Stake stake)
        {
            if (stake is { Amount.IsZero: true, IsEverything: false }) return null;
            if (state.Party(hand) is not { Policy: { Count: > 0 } policy } || HasSecondPerson(SignersOf(state, act, hand))) return null;
            if (stake.IsEverything) return new(Refusal.SecondPersonMissing, Facts.None);

            var place = (hand, stake.Currency);
            var (here, today) = single?.TryGetValue(place, out var known) == true ? (known.Here, known.Today.Total) : (Amount.Zero, state.Spent(hand, stake.Currency, state.Today));
            (here, today) = (here + stake.Amount, today + stake.Amount);
            if (!policy.Any(limit => limit.Currency == stake.Currency && here <= limit.PerAct && today <= limit.PerDay))
                return new(Refusal.SecondPersonMissing, Facts.None);
            (single ??= [])[place] = (here, new(hand, stake.Currency, state.Today, today));
            return null;
        }
    }

    // Who signs for a stake: the acting side its own, of another party whoever says yes for it.
    internal static PartyId? HandOf(LedgerState state, Act act, Operation operation, Stake stake) =>
        stake.Party == act.Party ? act.Agent : HandBeside(state, act, operation, stake);

    static PartyId? HandBeside(LedgerState state, Act act, Operation operation, Stake stake) =>
        HandOf(state, act, stake.Party, stake.Towards, mandate => Covers(mandate, operation, stake));

    /// <summary>Whether a party beside the acting one agrees to what it stakes by this operation, by its own key or by an agent whose mandate reaches so far.</summary>
    internal static bool Agrees(LedgerState state, Act act, Operation operation, PartyId party) =>
        operation.Stakes(state, act).Any(stake => stake.Party == party && HandOf(state, act, operation, stake) is not null);

    static Verdict.Refused? JudgeAgainst(Mandate mandate, Stake stake, Amount used)
    {
        if (stake.Towards is { } counterparty && mandate.Counterparties.Count > 0 && !mandate.Counterparties.Contains(counterparty))
            return new(Refusal.MandateCounterparty, Facts.None);
        return !stake.Amount.IsZero && (stake.Currency != mandate.Currency || used > mandate.Cap)
            ? new(Refusal.MandateCapExceeded, new(mandate.Cap, mandate.Currency))
            : null;
    }

    /// <summary>Whether a mandate is for this verb and reaches so far. What a day took of it already is judged with the whole act.</summary>
    static bool Covers(Mandate mandate, Operation operation, Stake stake) => mandate.Verbs.Contains(operation.Kind) && JudgeAgainst(mandate, stake, stake.Amount) is null;

    static List<PartyKey> SignersOf(LedgerState state, Act act, PartyId hand)
    {
        var keys = new List<PartyKey>(act.Signers.Count);
        foreach (var signer in act.Signers)
        {
            if (signer.Party == hand && state.Key(signer) is { } key && key.IsValidAt(state.Now)) keys.Add(key);
        }

        return keys;
    }

    static bool HasSecondPerson(List<PartyKey> signers) =>
        signers.Any(second => second.Role is KeyRole.Checker or KeyRole.LegalRepresentative && signers.Any(first => first.Person != second.Person));
}
