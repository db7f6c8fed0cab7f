using System.Globalization;
using System.Text.Json;
using Ledger.Core.DoublePledge;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Prometheus;

namespace Ledger.Node.Monitoring;

/// <summary>
/// What a node counts and measures, under the names that dashboards use: base units, <c>_total</c> for what only grows. Counters begin with the
/// process, as monitoring expects; sums of money are whole minor units and carry their currency.
/// </summary>
public sealed class NodeMetrics
{
    const string CurrencyLabel = "currency";
    const string CodeLabel = "code";
    const string Accepted = "accepted";
    const string Refused = "refused";

    // A fold or a flush below a tenth of a millisecond or above ten seconds is told as such and no more.
    static readonly HistogramConfiguration Within = new() { Buckets = [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10] };

    readonly Histogram fold;
    readonly Histogram commit;
    readonly Counter blocks;
    readonly Counter entries;
    readonly Counter refused;
    readonly Counter skipped;
    readonly Counter rejected;
    readonly Counter attempts;
    readonly Counter overdue;
    readonly Counter issued;
    readonly Counter transferred;
    readonly Counter financed;
    readonly Counter redeemed;
    readonly Counter returned;
    readonly Counter deliveries;

    public NodeMetrics()
    {
        Factory = Metrics.WithCustomRegistry(Registry);
        fold = Factory.CreateHistogram("ledger_block_fold_seconds", "Deciding, applying and hashing one block", Within);
        commit = Factory.CreateHistogram("ledger_block_commit_seconds", "Writing and flushing one block with its checkpoint", Within);
        blocks = Factory.CreateCounter("ledger_blocks_total", "Blocks made final");
        entries = Factory.CreateCounter("ledger_entries_total", "Transactions that became entries, by whether they were accepted", "answer");
        refused = Factory.CreateCounter("ledger_entries_refused_total", "Refused entries, by refusal number", CodeLabel);
        skipped = Factory.CreateCounter("ledger_transactions_skipped_total", "Transactions of a batch that left no entry, by refusal number", CodeLabel);
        rejected = Factory.CreateCounter("ledger_mempool_rejected_total", "Transactions answered without being ordered, by refusal number", CodeLabel);
        attempts = Factory.CreateCounter("ledger_double_pledge_attempts_total", "Double-pledge attempts that went on the record, by refusal number", CodeLabel);
        overdue = Factory.CreateCounter("ledger_overdue_total", "Instruments that became overdue");
        issued = Factory.CreateCounter("ledger_issued_minor_units_total", "Face of accepted issues, in minor units", CurrencyLabel);
        transferred = Factory.CreateCounter("ledger_transferred_minor_units_total", "Accepted transfers, in minor units", CurrencyLabel, "cause");
        financed = Factory.CreateCounter("ledger_financed_minor_units_total", "Principal of disbursed financings, in minor units", CurrencyLabel, "form");
        redeemed = Factory.CreateCounter("ledger_redeemed_minor_units_total", "Payments that banks receipted, in minor units", CurrencyLabel);
        returned = Factory.CreateCounter("ledger_returned_minor_units_total", "Payments that came back, in minor units", CurrencyLabel);
        deliveries = Factory.CreateCounter("ledger_webhook_deliveries_total", "Notices that were sent to subscribers, by what became of them", "result");

        // A series that begins with its first event hides that event from whoever asks how much it grew.
        foreach (var refusal in Enum.GetValues<Refusal>().Where(DoublePledgeCheck.IsAttempt)) attempts.WithLabels(Code(refusal));
        foreach (var answer in (string[])[Accepted, Refused]) entries.WithLabels(answer);
        foreach (var sum in (Counter[])[issued, redeemed, returned]) sum.WithLabels(Currency.Cny.Code);
    }

    /// <summary>The node's own: two nodes in one process do not mix.</summary>
    public CollectorRegistry Registry { get; } = Metrics.NewCustomRegistry();

    /// <summary>Makes what others in the node measure.</summary>
    public MetricFactory Factory { get; }

    /// <summary>A block is final: what it took, and what it did.</summary>
    public void Committed(FoldedBlock folded, TimeSpan folding, TimeSpan committing)
    {
        fold.Observe(folding.TotalSeconds);
        commit.Observe(committing.TotalSeconds);
        blocks.Inc();
        foreach (var happened in folded.Opening) Count(folded.State, happened);
        foreach (var answer in folded.Answers)
        {
            var code = Code(answer.Code);
            if (answer.Leaf is null)
            {
                skipped.WithLabels(code).Inc();
                continue;
            }

            entries.WithLabels(answer.Code == Refusal.None ? Accepted : Refused).Inc();
            if (answer.Code != Refusal.None) refused.WithLabels(code).Inc();
            if (DoublePledgeCheck.IsAttempt(answer.Code)) attempts.WithLabels(code).Inc();
            foreach (var happened in answer.Events) Count(folded.State, happened);
        }
    }

    /// <summary>A transaction was answered without being ordered.</summary>
    public void Rejected(Refusal refusal) => rejected.WithLabels(Code(refusal)).Inc();

    /// <summary>What became of a notice that was sent to a subscriber.</summary>
    public void Delivered(string result) => deliveries.WithLabels(JsonNamingPolicy.CamelCase.ConvertName(result)).Inc();

    void Count(LedgerState state, LedgerEvent happened)
    {
        switch (happened)
        {
            case OfferAccepted accepted when state.Offer(accepted.Offer) is { } offer:
                if (offer.Kind is OfferKind.Issue or OfferKind.Delivery) issued.WithLabels(offer.Currency.Code).Inc(offer.Amount.Minor);
                else if (offer.Kind == OfferKind.Transfer) transferred.WithLabels(offer.Currency.Code, Lower(offer.Cause)).Inc(offer.Amount.Minor);
                break;
            case FinancingDisbursed disbursed when state.Financing(disbursed.Financing) is { } financing:
                financed.WithLabels(financing.Currency.Code, Lower(financing.Form)).Inc(financing.Principal.Minor);
                break;
            case PaymentReceived { Payment: var payment } when state.Instrument(payment.Instrument) is { } paid:
                redeemed.WithLabels(paid.Currency.Code).Inc(payment.Received.Minor);
                break;
            case PaymentReturned back when state.Payment(back.Payment) is { } payment && state.Instrument(payment.Instrument) is { } unpaid:
                returned.WithLabels(unpaid.Currency.Code).Inc(payment.Received.Minor);
                break;
            case PaymentBecameOverdue:
                overdue.Inc();
                break;
            default:
                // Nothing that is counted in money.
                break;
        }
    }

    static string Code(Refusal refusal) => ((ushort)refusal).ToString(CultureInfo.InvariantCulture);

    static string Lower<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
