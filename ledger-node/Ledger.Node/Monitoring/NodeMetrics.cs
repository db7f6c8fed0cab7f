using System.Diagnostics.Metrics;
using System.Globalization;
using Ledger.Core.DoublePledge;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.Rules;
using Ledger.Core.State;

namespace Ledger.Node.Monitoring;

/// <summary>
/// What a node counts and measures, under the names that dashboards use: base units, <c>_total</c> for what only grows. Counters begin with the
/// process, as monitoring expects; sums of money are whole minor units and carry their currency.
/// </summary>
public sealed class NodeMetrics : IDisposable
{
    const string CurrencyLabel = "currency";

    // A fold or a flush below a tenth of a millisecond or above ten seconds is told as such and no more.
    static readonly double[] Seconds = [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

    readonly Histogram<double> fold;
    readonly Histogram<double> commit;
    readonly Counter<long> blocks;
    readonly Counter<long> entries;
    readonly Counter<long> refused;
    readonly Counter<long> skipped;
    readonly Counter<long> rejected;
    readonly Counter<long> attempts;
    readonly Counter<long> overdue;
    readonly Counter<long> issued;
    readonly Counter<long> transferred;
    readonly Counter<long> financed;
    readonly Counter<long> redeemed;
    readonly Counter<long> returned;
    readonly Counter<long> deliveries;

    public NodeMetrics()
    {
        fold = Meter.CreateHistogram("ledger_block_fold_seconds", "s", "Deciding, applying and hashing one block", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds });
        commit = Meter.CreateHistogram("ledger_block_commit_seconds", "s", "Writing and flushing one block with its checkpoint", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds });
        blocks = Meter.CreateCounter<long>("ledger_blocks_total", null, "Blocks made final");
        entries = Meter.CreateCounter<long>("ledger_entries_total", null, "Transactions that became entries, by whether they were accepted");
        refused = Meter.CreateCounter<long>("ledger_entries_refused_total", null, "Refused entries, by refusal number");
        skipped = Meter.CreateCounter<long>("ledger_transactions_skipped_total", null, "Transactions of a batch that left no entry, by refusal number");
        rejected = Meter.CreateCounter<long>("ledger_mempool_rejected_total", null, "Transactions answered without being ordered, by refusal number");
        attempts = Meter.CreateCounter<long>("ledger_double_pledge_attempts_total", null, "Double-pledge attempts that went on the record, by refusal number");
        overdue = Meter.CreateCounter<long>("ledger_overdue_total", null, "Instruments that became overdue");
        issued = Meter.CreateCounter<long>("ledger_issued_minor_units_total", null, "Face of accepted issues, in minor units");
        transferred = Meter.CreateCounter<long>("ledger_transferred_minor_units_total", null, "Accepted transfers, in minor units");
        financed = Meter.CreateCounter<long>("ledger_financed_minor_units_total", null, "Principal of disbursed financings, in minor units");
        redeemed = Meter.CreateCounter<long>("ledger_redeemed_minor_units_total", null, "Payments that banks receipted, in minor units");
        returned = Meter.CreateCounter<long>("ledger_returned_minor_units_total", null, "Payments that came back, in minor units");
        deliveries = Meter.CreateCounter<long>("ledger_webhook_deliveries_total", null, "Notices that were sent to subscribers, by what became of them");
    }

    /// <summary>
    /// Tells what listens now that nothing has happened yet: a series that begins with its first event hides that event from whoever asks how much it
    /// grew.
    /// </summary>
    public void Begin()
    {
        foreach (var refusal in Enum.GetValues<Refusal>().Where(DoublePledgeCheck.IsAttempt)) attempts.Add(0, Code(refusal));
        foreach (var answer in (string[])["accepted", "refused"]) entries.Add(0, new KeyValuePair<string, object?>("answer", answer));
        foreach (var counter in (Counter<long>[])[blocks, overdue]) counter.Add(0);
        foreach (var sum in (Counter<long>[])[issued, redeemed, returned]) sum.Add(0, Of(Currency.Cny));
    }

    /// <summary>The node's own meter: two nodes in one process do not mix.</summary>
    public Meter Meter { get; } = new("Ledger.Node");

    /// <summary>A block is final: what it took, and what it did.</summary>
    public void Committed(FoldedBlock folded, TimeSpan folding, TimeSpan committing)
    {
        fold.Record(folding.TotalSeconds);
        commit.Record(committing.TotalSeconds);
        blocks.Add(1);
        foreach (var happened in folded.Opening) Count(folded.State, happened);
        foreach (var answer in folded.Answers)
        {
            var code = Code(answer.Code);
            if (answer.Leaf is null)
            {
                skipped.Add(1, code);
                continue;
            }

            entries.Add(1, new KeyValuePair<string, object?>("answer", answer.Code == Refusal.None ? "accepted" : "refused"));
            if (answer.Code != Refusal.None) refused.Add(1, code);
            if (DoublePledgeCheck.IsAttempt(answer.Code)) attempts.Add(1, code);
            foreach (var happened in answer.Events) Count(folded.State, happened);
        }
    }

    /// <summary>A transaction was answered without being ordered.</summary>
    public void Rejected(Refusal refusal) => rejected.Add(1, Code(refusal));

    /// <summary>What became of a notice that was sent to a subscriber.</summary>
    public void Delivered(string result) => deliveries.Add(1, new KeyValuePair<string, object?>("result", System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(result)));

    public void Dispose() => Meter.Dispose();

    void Count(LedgerState state, LedgerEvent happened)
    {
        switch (happened)
        {
            case OfferAccepted accepted when state.Offer(accepted.Offer) is { } offer:
                if (offer.Kind is OfferKind.Issue or OfferKind.Delivery) issued.Add(Minor(offer.Amount), Of(offer.Currency));
                else if (offer.Kind == OfferKind.Transfer) transferred.Add(Minor(offer.Amount), Of(offer.Currency), new("cause", Lower(offer.Cause)));
                break;
            case FinancingDisbursed disbursed when state.Financing(disbursed.Financing) is { } financing:
                financed.Add(Minor(financing.Principal), Of(financing.Currency), new("form", Lower(financing.Form)));
                break;
            case PaymentReceived { Payment: var payment } when state.Instrument(payment.Instrument) is { } paid:
                redeemed.Add(Minor(payment.Amount), Of(paid.Currency));
                break;
            case PaymentReturned back when state.Payment(back.Payment) is { } payment && state.Instrument(payment.Instrument) is { } unpaid:
                returned.Add(Minor(payment.Amount), Of(unpaid.Currency));
                break;
            case PaymentBecameOverdue:
                overdue.Add(1);
                break;
            default:
                // Nothing that is counted in money.
                break;
        }
    }

    // At most twelve digits: no sum of a node's life overflows.
    static long Minor(Amount amount) => (long)amount.Minor;

    static KeyValuePair<string, object?> Of(Currency currency) => new(CurrencyLabel, currency.Code);

    static KeyValuePair<string, object?> Code(Refusal refusal) => new("code", ((ushort)refusal).ToString(CultureInfo.InvariantCulture));

    static string Lower<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
