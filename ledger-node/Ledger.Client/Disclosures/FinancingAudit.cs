using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.Rules;
using Ledger.Core.State;

namespace Ledger.Client.Disclosures;

/// <summary>Follows the financings of which something is disclosed, and computes their figures at the end.</summary>
sealed class FinancingAudit
{
    readonly Dictionary<Id<Financing>, Story> stories = [];
    readonly Dictionary<Id<Instrument>, List<Story>> paidOut = [];
    readonly List<Story> open = [];
    LedgerState? before;

    /// <summary>Looks at every block in turn for how the money of a financing came back.</summary>
    public void Watch(FoldedBlock block)
    {
        foreach (var answer in block.Answers)
        {
            foreach (var happened in answer.Events) Follow(block.State, happened);
        }

        for (var i = open.Count - 1; i >= 0; i--)
        {
            if (block.State.Financing(open[i].Id) is not { } now || now.Status == FinancingStatus.Disbursed || now.EndedOn == DateOnly.MinValue) continue;
            if (before is not null) open[i].Return = MoneyBack.Of(before, block.State, now, open[i].Payments);
            open.RemoveAt(i);
        }

        before = block.State;
    }

    public void Read(LedgerState state, OperationPlace place, Operation operation, ValueList<Hash256> carried, OpenedTerms disclosed)
    {
        if (FinancingCase.Subject(operation) is not { } id || state.Financing(id) is not { } financing) return;
        if (!stories.TryGetValue(id, out var story)) stories[id] = story = new(id);
        story.Acts.Add(new(place, financing, FinancingFigures.PlanOf(state, financing), disclosed, story.Return));
        if (operation is ApplyForFinancing) story.Agreed.UnionWith(carried);

        // To follow every financing through every block would cost more than the chain; and paid out and back within one block leaves nothing to see.
        if (operation is not Disburse || financing.Status != FinancingStatus.Disbursed || !story.IsDisclosed) return;
        open.Add(story);
        if (!paidOut.TryGetValue(financing.Instrument, out var beside)) paidOut[financing.Instrument] = beside = [];
        beside.Add(story);
    }

    // A returned payment revives what was over with it; what is claimed of the day before stays measured by that day.
    void Follow(LedgerState state, LedgerEvent happened)
    {
        switch (happened)
        {
            case PaymentReceived { Payment: var payment } when paidOut.TryGetValue(payment.Instrument, out var beside):
                foreach (var story in beside)
                {
                    if (state.Financing(story.Id) is { } financing && MoneyBack.Retired(payment, financing) is > 0 and var units)
                        story.Payments.Add(new(payment.Id, payment.ValueDate, units));
                }

                break;
            case PaymentReturned returned when state.Payment(returned.Payment) is { } payment && paidOut.TryGetValue(payment.Instrument, out var beside):
                foreach (var story in beside)
                {
                    if (story.Payments.RemoveAll(one => one.Id == payment.Id) == 0 || story.Return is null) continue;
                    story.Return = null;
                    open.Add(story);
                }

                break;
            default:
                break;
        }
    }

    public (IReadOnlyList<FigureCheck> Figures, IReadOnlyList<FigureUnchecked> Unchecked, IReadOnlyList<FalseDisclosure> Contradictions) Finish()
    {
        var (figures, left, contradictions) = (new List<FigureCheck>(), new List<FigureUnchecked>(), new List<FalseDisclosure>());
        foreach (var story in stories.Values)
        {
            var known = Agreed(story, contradictions);
            foreach (var act in story.Acts)
            {
                var here = new FinancingCase(act.Plan, act.Financing.Form, act.Financing.Start != DateOnly.MinValue, act.Return ?? story.Return, known);
                foreach (var (term, disclosure) in act.Disclosed.Set.All)
                {
                    var figure = here.Of(term);
                    if (figure is Figure.Computed { Amount: var amount }) figures.Add(new(act.Place, story.Id, act.Financing.Currency, term, disclosure.Value, amount.ToString()));
                    else if (figure is not null) left.Add(Open(act, story.Id, term, figure));
                }
            }
        }

        return (figures, left, contradictions);
    }

    // A financing of which nothing was disclosed up to its payout was not followed.
    static FigureUnchecked Open(PricedAct act, Id<Financing> financing, Term term, Figure figure)
    {
        var (chinese, english) = figure is Figure.TooEarly && act.Financing.Start != DateOnly.MinValue
            ? ("至放款时未披露任何条款，或款项尚未归还", "no term was disclosed up to its payout, or the money is not back")
            : figure.Why;
        return new(act.Place, financing, term, chinese, english);
    }

    sealed class Story(Id<Financing> id)
    {
        public Id<Financing> Id => id;

        public List<PricedAct> Acts { get; } = [];

        /// <summary>The digests of the application: approval carries the same.</summary>
        public HashSet<Hash256> Agreed { get; } = [];

        public bool IsDisclosed => Acts.Any(act => act.Disclosed.Set.Count > 0);

        /// <summary>What the obligor paid the financier for these units, as it stands.</summary>
        public List<UnitsPaid> Payments { get; } = [];

        public MoneyBack? Return { get; set; }
    }

    /// <summary>An act with what it discloses, and the money's return where it came before the act.</summary>
    sealed record PricedAct(OperationPlace Place, Financing Financing, FinancingPlan Plan, OpenedTerms Disclosed, MoneyBack? Return);

    // When every digest of the application is open, a term that is not among them was not agreed.
    static AgreedTerms Agreed(Story story, List<FalseDisclosure> contradictions)
    {
        var told = DisclosureSet.Empty;
        foreach (var term in new[] { Term.Rate, Term.PenaltyRate, Term.Fees })
        {
            foreach (var act in story.Acts)
            {
                if (act.Disclosed.Set[term] is not { } disclosed) continue;
                if (told[term] is not { } first)
                {
                    told = told.With(disclosed);
                }
                else if (first.Value != disclosed.Value)
                {
                    contradictions.Add(new(
                        act.Place, term.Name(), $"与同一融资先前披露的值不同（{first.Value}）", $"the same financing disclosed it otherwise before ({first.Value})"));
                }
            }
        }

        return AgreedTerms.Of(told, story.Agreed.IsSubsetOf(story.Acts.SelectMany(act => act.Disclosed.Digests)));
    }
}
