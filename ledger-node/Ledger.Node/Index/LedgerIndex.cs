using Ledger.Core.DoublePledge;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.Rules;
using Ledger.Core.State;

namespace Ledger.Node.Index;

/// <summary>
/// Finds what the ledger's state has no way to: by transaction, by party, by history. It is fed every block in order, by recovery and live alike, and
/// holds nothing that the chain does not tell. One lock guards all of it: a block is applied whole, and every answer is a copy as of one height.
/// </summary>
public sealed class LedgerIndex
{
    readonly Lock gate = new();
    readonly Dictionary<(PartyId, Id<Transaction>), EntryLocation> entries = [];
    readonly List<Attempt> attempts = [];
    readonly Holdings holdings = new();
    readonly Lineage lineage = new();
    readonly HashSet<Id<Instrument>> instruments = [];
    readonly PartyLists<Id<Instrument>> byObligor = new();
    readonly PartyLists<Id<Instrument>> byCreditor = new();
    readonly PartyLists<Id<Offer>> openFrom = new();
    readonly PartyLists<Id<Offer>> openTo = new();
    readonly PartyLists<Id<Document>> bySeller = new();
    readonly PartyLists<Id<Document>> byBuyer = new();
    readonly PartyLists<Id<Document>> byAttester = new();
    readonly PartyLists<Id<Offer>> pledges = new();
    readonly PartyLists<Id<Financing>> financings = new();
    readonly PartyLists<Id<CreditLine>> lines = new();
    readonly PartyLists<Id<Payment>> byPayee = new();
    readonly Dictionary<Id<Instrument>, List<Id<Payment>>> byInstrument = [];
    // Block 0 is one leaf.
    readonly List<ulong> firstLeaves = [0];
    ulong leaves = 1;
    ulong height;

    /// <summary>The height of the last block that was applied; 0 says that there was none.</summary>
    public ulong Height => Read(() => height);

    /// <summary>Goes on behind a height where the blocks up to it are not told: nothing of them is found here.</summary>
    public void BeginBehind(ulong last)
    {
        lock (gate) height = last;
    }

    /// <summary>Takes the next block in.</summary>
    public void Apply(FoldedBlock folded)
    {
        lock (gate)
        {
            var header = folded.Block.Header;
            if (header.Height != height + 1) throw new InvalidOperationException($"The index is at height {height} and was given block {header.Height}.");

            var touched = new Touched();
            foreach (var happened in folded.Opening) Note(folded.State, happened, touched);
            foreach (var answer in folded.Answers)
            {
                if (answer is not { Leaf: { } leaf, Transaction: { } transaction }) continue;
                var body = transaction.Body;
                var location = new EntryLocation(
                    header.Height, leaf, (int)(leaf - folded.Block.FirstLeaf), answer.Code, answer.Operation, transaction.PayloadHash);
                entries[(body.Party, body.Id)] = location;
                if (DoublePledgeCheck.IsAttempt(answer.Code)) attempts.Add(new(body.Principal, answer.Code, header.Time, header.Height, leaf));
                foreach (var happened in answer.Events)
                {
                    Note(folded.State, happened, touched);
                    if (MovedBy(folded.State, happened) is { } offer) lineage.Add(folded.State, offer, header.Time, header.Height, leaf);
                    if (happened is TransferCorrected corrected && folded.State.Offer(corrected.Offer) is { } mistaken)
                        lineage.Correct(mistaken, corrected.Former, header.Time, header.Height, leaf);
                    if (MovedBySale(folded.State, happened) is { } sold) lineage.Follow(folded.State, sold, happened, header.Time, header.Height, leaf);
                }
            }

            foreach (var id in touched.Offers) Follow(folded.State, id);
            foreach (var id in touched.Instruments) holdings.Follow(id, folded.State.Tokens(id));
            firstLeaves.Add(folded.Block.FirstLeaf);
            leaves = folded.Block.EndLeaf;
            height = header.Height;
        }
    }

    /// <summary>The height of the block that a leaf of the history is in, null for a leaf that is not there yet.</summary>
    public ulong? BlockOf(ulong leaf) => Read<ulong?>(() =>
    {
        if (leaf >= leaves) return null;
        var found = firstLeaves.BinarySearch(leaf);
        return (ulong)(found >= 0 ? found : ~found - 1);
    });

    /// <summary>
    /// The entry that answered a transaction id; where an id was used again after its expiry, the newest. It says what the chain says: the words of a
    /// refusal's facts are not on it.
    /// </summary>
    public EntryLocation? Entry(PartyId party, Id<Transaction> id) => Read(() => entries.TryGetValue((party, id), out var found) ? found : null);

    /// <summary>The live units that a party holds, by instrument.</summary>
    public IReadOnlyList<Holding> Held(PartyId holder) => Read(() => holdings.Of(holder));

    public IReadOnlyList<Id<Instrument>> InstrumentsOwedBy(PartyId obligor) => Read(() => byObligor.Of(obligor));

    public IReadOnlyList<Id<Instrument>> InstrumentsOwedTo(PartyId creditor) => Read(() => byCreditor.Of(creditor));

    public IReadOnlyList<Id<Offer>> OpenOffersFrom(PartyId party) => Read(() => openFrom.Of(party));

    public IReadOnlyList<Id<Offer>> OpenOffersTo(PartyId party) => Read(() => openTo.Of(party));

    public IReadOnlyList<Id<Document>> DocumentsSoldBy(PartyId seller) => Read(() => bySeller.Of(seller));

    public IReadOnlyList<Id<Document>> DocumentsBoughtBy(PartyId buyer) => Read(() => byBuyer.Of(buyer));

    public IReadOnlyList<Id<Document>> DocumentsAttestedBy(PartyId attester) => Read(() => byAttester.Of(attester));

    /// <summary>Pledges of documents that a party gave or took, released ones among them.</summary>
    public IReadOnlyList<Id<Offer>> PledgesOf(PartyId party) => Read(() => pledges.Of(party));

    /// <summary>Financings that a party applied for or was asked for, whatever became of them.</summary>
    public IReadOnlyList<Id<Financing>> FinancingsOf(PartyId party) => Read(() => financings.Of(party));

    /// <summary>Credit lines that a bank keeps, or that others keep for a party's debts.</summary>
    public IReadOnlyList<Id<CreditLine>> LinesOf(PartyId party) => Read(() => lines.Of(party));

    /// <summary>Every payment that a bank receipted for an instrument, returned and disputed ones among them.</summary>
    public IReadOnlyList<Id<Payment>> PaymentsOn(Id<Instrument> instrument) =>
        Read<IReadOnlyList<Id<Payment>>>(() => byInstrument.TryGetValue(instrument, out var payments) ? [.. payments] : []);

    /// <summary>The payments in which a party has a share.</summary>
    public IReadOnlyList<Id<Payment>> PaymentsTo(PartyId payee) => Read(() => byPayee.Of(payee));

    /// <summary>Every leg that moved any of the units, oldest first: for one unit, its whole way from hand to hand.</summary>
    public IReadOnlyList<LineageLeg> Legs(Id<Instrument> instrument, Interval units) => Read(() => lineage.Of(instrument, units));

    /// <summary>Every double-pledge attempt on the chain, oldest first.</summary>
    public IReadOnlyList<Attempt> Attempts() => Read<IReadOnlyList<Attempt>>(() => [.. attempts]);

    T Read<T>(Func<T> read)
    {
        lock (gate) return read();
    }

    // Lists only grow from what happened; offers and holdings are read from the state that the block leaves, once for however many events.
    void Note(LedgerState state, LedgerEvent happened, Touched touched)
    {
        switch (happened)
        {
            case ConfirmationRequested requested:
                Note(requested.Instrument);
                break;
            case ReceivableIssued issued:
                Note(issued.Instrument);
                touched.Offers.Add(issued.Offer.Id);
                break;
            case ReceivableCancelled cancelled:
                touched.Instruments.Add(cancelled.Instrument);
                if (state.Instrument(cancelled.Instrument) is { } taken) touched.Offers.Add(taken.IssueOffer);
                break;
            case BillRegistered registered:
                Note(registered.Instrument);
                break;
            case BillImported imported:
                Note(imported.Instrument);
                touched.Instruments.Add(imported.Instrument.Id);
                break;
            case BillActOffered offered:
                touched.Offers.Add(offered.Offer.Id);
                break;
            case RecourseSettled settled when state.Offer(settled.Offer) is { } recourse:
                touched.Instruments.Add(recourse.Instrument);
                break;
            case BillAttested attested:
                touched.Instruments.Add(attested.Message.Instrument);
                if (attested.Offer is { } answered) touched.Offers.Add(answered);
                break;
            case BillReconciled reconciled when state.Message(reconciled.MessageId) is { } message:
                touched.Instruments.Add(message.Instrument);
                break;
            case TransferOffered offered:
                touched.Offers.Add(offered.Offer.Id);
                break;
            case TransferCorrected corrected when state.Offer(corrected.Offer) is { } mistaken:
                touched.Instruments.Add(mistaken.Instrument);
                break;
            case PaymentReceived received:
                Note(received.Payment);
                touched.Instruments.Add(received.Payment.Instrument);
                break;
            case PaymentReturned returned when state.Payment(returned.Payment) is { } payment:
                touched.Instruments.Add(payment.Instrument);
                break;
            case PledgeOffered offered:
                touched.Offers.Add(offered.Offer.Id);
                break;
            case OfferClosed closed:
                touched.Offers.Add(closed.Offer);
                break;
            case OfferAccepted accepted when state.Offer(accepted.Offer) is { } offer:
                touched.Offers.Add(offer.Id);
                if (offer.Kind == OfferKind.Pledge) Note(offer);
                else touched.Instruments.Add(offer.Instrument);
                break;
            case FinancingApplied { Financing: var financing }:
                financings.Add(financing.Applicant, financing.Id);
                financings.Add(financing.Financier, financing.Id);
                break;
            case FinancingDisbursed or FinancingReversed or FinancingCorrected or FinancingBoughtBack when MovedBySale(state, happened) is { } sold:
                touched.Instruments.Add(sold.Instrument);
                break;
            case LineSet { Line: var line }:
                lines.Add(line.Bank, line.Id);
                lines.Add(line.Debtor, line.Id);
                break;
            case DocumentAttested { Document: var document }:
                bySeller.Add(document.Seller, document.Id);
                byBuyer.Add(document.Buyer, document.Id);
                byAttester.Add(document.Attester, document.Id);
                break;
            default:
                // Members, keys, mandates, freezes, clocks: nothing that is looked up here.
                break;
        }
    }

    // The offer by which units came to somebody with this event. What a bill register is told of moves with its message.
    static Offer? MovedBy(LedgerState state, LedgerEvent happened)
    {
        var (id, isToldLater) = happened switch
        {
            OfferAccepted accepted => (accepted.Offer, state.Chain.BillRegister is not null),
            RecourseSettled settled => (settled.Offer, state.Chain.BillRegister is not null),
            BillAttested { Answer: RegisterAnswer.Done, Offer: { } told } => (told, false),
            BillReconciled { Offer: { } told } => (told, false),
            _ => (default, false),
        };
        if (state.Offer(id) is not { } offer || (isToldLater && state.Instrument(offer.Instrument) is { Bill: not null })) return null;
        return offer.Kind is OfferKind.Issue or OfferKind.Transfer or OfferKind.Delivery || (offer.Kind == OfferKind.Recourse && happened is not OfferAccepted)
            ? offer
            : null;
    }

    // The financing whose payout moved units, or whose units went back with this event; a pledge moves none.
    static Financing? MovedBySale(LedgerState state, LedgerEvent happened)
    {
        Id<Financing>? id = happened switch
        {
            FinancingDisbursed disbursed => disbursed.Financing,
            FinancingReversed reversed => reversed.Financing,
            FinancingCorrected corrected => corrected.Financing,
            FinancingBoughtBack boughtBack => boughtBack.Financing,
            _ => null,
        };
        return id is { } known && state.Financing(known) is { Form: not FinancingForm.PledgeLoan } financing ? financing : null;
    }

    void Note(Instrument instrument)
    {
        if (!instruments.Add(instrument.Id)) return;
        byObligor.Add(instrument.Obligor, instrument.Id);
        byCreditor.Add(instrument.Creditor, instrument.Id);
    }

    void Note(Offer pledge)
    {
        pledges.Add(pledge.From, pledge.Id);
        pledges.Add(pledge.To, pledge.Id);
    }

    void Note(Payment payment)
    {
        if (!byInstrument.TryGetValue(payment.Instrument, out var payments)) byInstrument[payment.Instrument] = payments = [];
        payments.Add(payment.Id);
        foreach (var share in payment.Shares) byPayee.Add(share.Payee, payment.Id);
    }

    void Follow(LedgerState state, Id<Offer> id)
    {
        if (state.Offer(id) is not { } offer) return;
        if (offer.Status == OfferStatus.Open)
        {
            openFrom.Add(offer.From, id);
            openTo.Add(offer.To, id);
        }
        else
        {
            openFrom.Remove(offer.From, id);
            openTo.Remove(offer.To, id);
        }
    }

    sealed class Touched
    {
        public HashSet<Id<Offer>> Offers { get; } = [];

        public HashSet<Id<Instrument>> Instruments { get; } = [];
    }
}
