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
        if (FinancingOf(operation) is not { } id || state.Financing(id) is not { } financing) return;
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
                    if (state.Financing(story.Id) is { } financing && Retired(payment, financing) is > 0 and var units)
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

    // How many of a financing's units a payment to its financier retired.
    static ulong Retired(Payment payment, Financing financing)
    {
        var units = 0UL;
        foreach (var share in payment.Shares)
        {
            if (share.Payee != financing.Financier) continue;
            foreach (var retired in share.Retired)
            {
                foreach (var run in financing.Units)
                {
                    if (run.Overlaps(retired)) units += run.Intersect(retired).Length;
                }
            }
        }

        return units;
    }

    public (IReadOnlyList<FigureCheck> Figures, IReadOnlyList<FigureUnchecked> Unchecked, IReadOnlyList<FalseDisclosure> Contradictions) Finish()
    {
        var (figures, left, contradictions) = (new List<FigureCheck>(), new List<FigureUnchecked>(), new List<FalseDisclosure>());
        foreach (var story in stories.Values)
        {
            var known = Known.Of(story, contradictions);
            foreach (var act in story.Acts)
            {
                foreach (var (term, disclosure) in act.Disclosed.Set.All)
                {
                    if (Computable(term) is not { } compute) continue;
                    var figure = compute(new(act, act.Return ?? story.Return, known));
                    if (figure.Amount is { } amount) figures.Add(new(act.Place, story.Id, term, disclosure.Value, amount.ToString()));
                    else left.Add(new(act.Place, story.Id, term, figure.Chinese, figure.English));
                }
            }
        }

        return (figures, left, contradictions);
    }

    // The acts that hide something of a financing's price.
    static Id<Financing>? FinancingOf(Operation operation) => operation switch
    {
        ApplyForFinancing apply => apply.Financing,
        ApproveFinancing approve => approve.Financing,
        Disburse disburse => disburse.Financing,
        SettleFinancing settle => settle.Financing,
        BuyBack buyBack => buyBack.Financing,
        Repay repay => repay.Financing,
        _ => null,
    };

    static Func<Case, Figure>? Computable(Term term) => term switch
    {
        Term.Interest => static one => one.AfterPayout(static (figures, _) => figures.Interest),

        // Where nothing is left to pay out, no net proceeds are right.
        Term.NetProceeds => static one => one.AfterPayout(static (figures, _) => figures.NetProceeds ?? Amount.Zero),
        Term.Payoff => static one => one.AfterReturn(static (figures, back) => figures.Payoff(back.On)),
        Term.Surplus => static one => one.AfterPayment(static (figures, back) => figures.Surplus(back.Received, back.On)),
        Term.Refund => static one => one.AfterReturn(static (figures, back) => figures.Refund(back.On)),
        Term.BuyBackPrice => static one => one.AfterReturn(static (figures, back) => figures.BuyBackPrice(back.On)),
        _ => null,
    };

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

    readonly record struct UnitsPaid(Id<Payment> Id, DateOnly ValueDate, ulong Units);

    /// <summary>An act with what it discloses, and the money's return where it came before the act.</summary>
    sealed record PricedAct(OperationPlace Place, Financing Financing, FinancingPlan Plan, OpenedTerms Disclosed, MoneyBack? Return);

    /// <summary>
    /// How the financier's money came back: the day, and what the units paid. Where their obligor paid, the day is the payments' value date, whenever
    /// the ledger was told. <paramref name="Received"/> is no more than units; late interest goes to their payee besides.
    /// </summary>
    sealed record MoneyBack(DateOnly On, bool InOne, bool AllPaid, Amount Received)
    {
        public static MoneyBack Of(LedgerState before, LedgerState after, Financing financing, List<UnitsPaid> payments)
        {
            var (units, live, paid) = (0UL, 0UL, 0UL);
            foreach (var interval in financing.Units)
            {
                units += interval.Length;
                live += Count(before, financing.Instrument, interval, UnitState.Live);
                paid += Count(after, financing.Instrument, interval, UnitState.Paid);
            }

            if (paid < units) return new(financing.EndedOn, live == units && payments.Count == 0, AllPaid: false, new(units));

            // Units that were paid to somebody else brought the financier's money back in another way, and on another day.
            var toFinancier = 0UL;
            foreach (var payment in payments) toFinancier += payment.Units;
            var days = payments.Select(payment => payment.ValueDate).Distinct().ToArray();
            return days is [var day] && toFinancier == units
                ? new(day, InOne: true, AllPaid: true, new(units))
                : new(financing.EndedOn, InOne: false, AllPaid: true, new(units));
        }

        static ulong Count(LedgerState state, Id<Instrument> instrument, Interval units, UnitState status)
        {
            var count = 0UL;
            if (state.Tokens(instrument) is not { } tokens) return count;
            foreach (var token in tokens.Touching(units))
            {
                if (token.State == status) count += token.Units.Intersect(units).Length;
            }

            return count;
        }
    }

    /// <summary>What the parties agreed on. Null is not known: not disclosed, and perhaps there.</summary>
    sealed record Known(Rate? Rate, Rate? PenaltyRate, Amount? Fees)
    {
        public static Known Of(Story story, List<FalseDisclosure> contradictions)
        {
            // When every digest of the application is open, a term that is not among them was not agreed.
            var all = story.Agreed.IsSubsetOf(story.Acts.SelectMany(act => act.Disclosed.Digests));
            return new(
                Told(story, Term.Rate, contradictions) is { } rate ? rate.Set.Rate(Term.Rate) : null,
                Told(story, Term.PenaltyRate, contradictions) is { } penalty ? penalty.Set.Rate(Term.PenaltyRate) : all ? Ledger.Core.Interest.Rate.Zero : null,
                Told(story, Term.Fees, contradictions) is { } fees ? fees.Set.Amount(Term.Fees) : all ? Amount.Zero : null);
        }

        static OpenedTerms? Told(Story story, Term term, List<FalseDisclosure> contradictions)
        {
            OpenedTerms? told = null;
            foreach (var act in story.Acts)
            {
                if (act.Disclosed.Set[term] is not { } disclosed) continue;
                told ??= act.Disclosed;
                if (told.Set[term]?.Value != disclosed.Value)
                {
                    contradictions.Add(new(
                        act.Place, term.Name(), $"与同一融资先前披露的值不同（{told.Set[term]?.Value}）", $"the same financing disclosed it otherwise before ({told.Set[term]?.Value})"));
                }
            }

            return told;
        }
    }

    readonly record struct Figure(Amount? Amount, string Chinese = "", string English = "");

    /// <summary>One claimed figure with everything that it may depend on.</summary>
    sealed record Case(PricedAct Act, MoneyBack? Return, Known Known)
    {
        public Figure AfterPayout(Func<FinancingFigures, MoneyBack, Amount> figure) =>
            Act.Financing.Start == DateOnly.MinValue ? new(null, "尚未放款", "nothing was paid out yet") : Determined(figure, new(default, true, true, default));

        public Figure AfterReturn(Func<FinancingFigures, MoneyBack, Amount> figure) => Return switch
        {
            null => new(null, "至放款时未披露任何条款，或款项尚未归还", "no term was disclosed up to its payout, or the money is not back"),
            { InOne: false } => new(null, "分次归还", "the money came back in parts"),
            { } early when early.On < Act.Plan.Start => new(null, "起息日早于放款日", "it was paid before the payout, by its value date"),
            _ => Determined(figure, Return),
        };

        public Figure AfterPayment(Func<FinancingFigures, MoneyBack, Amount> figure) => Return switch
        {
            { InOne: true, AllPaid: false } => new(null, "份额并非由债务人付清", "the units were not paid by their obligor"),
            { } late when late.On > Act.Plan.Payable => new(null, "逾期付款，所收逾期利息不在此计算", "it was paid late, with late interest that is not reckoned here"),
            _ => AfterReturn(figure),
        };

        // Every figure goes one way with each of what may be unknown, so what is the same at both ends does not depend on it.
        Figure Determined(Func<FinancingFigures, MoneyBack, Amount> figure, MoneyBack back)
        {
            var least = figure(new(Act.Plan, Act.Financing.Form, Known.Rate ?? Rate.Zero, Known.PenaltyRate ?? Rate.Zero, Known.Fees ?? Amount.Zero), back);
            var most = figure(
                new(Act.Plan, Act.Financing.Form, Known.Rate ?? new(Rate.Max), Known.PenaltyRate ?? new(Rate.Max), Known.Fees ?? Act.Plan.Principal), back);
            if (least == most) return new(least);
            var missing = string.Join(", ", Missing());
            return new(null, $"未披露：{missing}", $"not disclosed: {missing}");
        }

        IEnumerable<string> Missing()
        {
            if (Known.Rate is null) yield return Term.Rate.Name();
            if (Known.PenaltyRate is null) yield return Term.PenaltyRate.Name();
            if (Known.Fees is null) yield return Term.Fees.Name();
        }
    }
}
