using System.Diagnostics;
using System.Text.Json;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;

namespace Ledger.Node.Http;

/// <summary>What a transaction made happen, in words for the one who asked for it: every event with its kind and what it is about.</summary>
static class Effects
{
    /// <summary>An event: its kind, and of the members that events have those of its kind.</summary>
    public static readonly Schema Schema = Schema.Object(
        "Effect", [Member.Text("kind"),
        .. Array.ConvertAll<Member, Member>(
            [
                Member.Party("party"), new("keys", Schema.List(Schema.Key)), Member.Id("mandate"), new("key", Schema.Key),
                new("from", new(new() { ["type"] = new System.Text.Json.Nodes.JsonArray("integer", "string") })), Member.Party("agent"),
                Member.Time("expires"), Member.Id("document"), Member.Amount("total"), Member.Party("seller"), Member.Party("buyer"), Member.Amount("amount"), Member.Amount("excess"),
                new("alerted", Schema.List(Schema.Party)), Member.Number("epoch"), Member.Id("instrument"), Member.Party("obligor"), Member.Time("deadline"),
                Member.Amount("confirmed"), Member.Amount("disputed"), Member.Date("dueDate"), Member.Text("act"), Member.Bool("awaitsRegister"), Member.Id("offer"), Member.Text("answer"),
                Member.Text("messageId"), Member.Party("reviewer"), Member.Party("holder"), Member.Id("payment"), Member.Date("valueDate"), Member.Text("status"),
                new("shares", Schema.List(Schema.Object("EffectShare", Member.Party("payee"), Member.Amount("costs"), Member.Amount("interest"), Member.Units("retired")))),
                new("announced", Schema.List(PaymentRoutes.Announced)), Member.Party("payee"),
                Member.Date("date"), Member.Text("how"), Member.Id("pledge"), Member.Bool("debtWasPaid"), Member.Id("line"), Member.Party("debtor"), Member.Amount("limit"),
                Member.Amount("drawn"), Member.Time("reservedUntil"), Member.Id("attestation"), Member.Id("financing"), Member.Text("finding"), Member.Time("committedUntil"),
                Member.Text("bankReference"), Member.Bool("surplus"), Member.Bool("refund"), Member.Id("freeze"), Member.Party("second"), new("lapsed", Schema.List(Schema.Id)), Member.Time("until"), Member.Currency("currency"),
                Member.Id("measure"), Member.Party("against"), Member.Party("gainer"), Member.Party("bank"), Member.Time("inForceFrom"), Member.Party("by"), Member.Bool("upheld"),
                Member.Text("form"), Member.Amount("principal"), Member.Party("applicant"), Member.Party("financier"), Member.Text("packageNumber"), Member.Party("acceptor"),
                Member.Text("before"), Member.Text("after"), Member.Party("to"),
                new("units", new(new()
                {
                    ["type"] = new System.Text.Json.Nodes.JsonArray("string", "array"),
                    ["items"] = new System.Text.Json.Nodes.JsonObject { ["type"] = "string" },
                })),
            ],
            static member => member.Optional)]);

    /// <summary>Writes an event's members. <paramref name="state"/> tells what an event only names; what it does not know yet is left out.</summary>
    public static void Write(Utf8JsonWriter json, LedgerEvent happened, LedgerState state)
    {
        json.WriteString("kind", JsonNamingPolicy.CamelCase.ConvertName(happened.GetType().Name));
        switch (happened)
        {
            case PartyRegistered registered:
                json.Party("party", registered.Party.Id);
                json.List("keys", registered.Keys, static (json, key) => json.WriteStringValue(key.Id.ToString()));
                if (registered.Mandate is { } paper) json.Id("mandate", paper.Id);
                break;
            case PolicySet set:
                json.Party("party", set.Party);
                break;
            case KeyRotated rotated:
                json.WriteString("key", rotated.Key.Id.ToString());
                json.Time("from", rotated.Key.From);
                break;
            case RotationVetoed vetoed:
                json.WriteString("key", vetoed.Key.ToString());
                break;
            case KeyRevoked revoked:
                json.WriteString("key", revoked.Key.ToString());
                break;
            case KeysReportedLost lost:
                json.Party("party", lost.Party);
                break;
            case KeysRecovered recovered:
                json.Party("party", recovered.Party);
                json.List("keys", recovered.Keys, static (json, key) => json.WriteStringValue(key.Id.ToString()));
                break;
            case MandateGranted granted:
                json.Id("mandate", granted.Mandate.Id);
                json.Party("agent", granted.Mandate.Agent);
                json.Time("expires", granted.Mandate.Expires);
                break;
            case MandateRevoked revoked:
                json.Id("mandate", revoked.Id);
                break;
            case MandateExpired expired:
                json.Id("mandate", expired.Id);
                break;
            case DocumentAttested attested:
                json.Id("document", attested.Document.Id);
                Write(json, attested.Document.Currency);
                json.Amount("total", attested.Document.Total);
                json.Party("seller", attested.Document.Seller);
                json.Party("buyer", attested.Document.Buyer);
                break;
            case RedLetterAttested red:
                json.Id("document", red.Document);
                WriteCurrency(json, state.Document(red.Document));
                json.Amount("amount", red.Amount);
                break;
            case DocumentOverused overused:
                json.Id("document", overused.Document);
                WriteCurrency(json, state.Document(overused.Document));
                json.Amount("excess", overused.Excess);
                json.Parties("alerted", overused.Alerted);
                break;
            case EpochOpened opened:
                json.WriteNumber("epoch", opened.Epoch.Number);
                break;
            case ConfirmationRequested requested:
                json.Id("instrument", requested.Instrument.Id);
                json.Party("obligor", requested.Instrument.Obligor);
                if (requested.Instrument.Confirmation is { } claim)
                {
                    Write(json, requested.Instrument.Currency);
                    json.Amount("amount", claim.Requested);
                    json.Time("deadline", claim.Deadline);
                }

                break;
            case ConfirmationOverdue overdue:
                json.Id("instrument", overdue.Instrument);
                break;
            case ClaimConfirmed confirmed:
                json.Id("instrument", confirmed.Instrument);
                WriteCurrency(json, state.Instrument(confirmed.Instrument));
                json.Amount("confirmed", confirmed.Confirmed);
                json.Amount("disputed", confirmed.Disputed);
                break;
            case ClaimDisputed disputed:
                json.Id("instrument", disputed.Instrument);
                break;
            case ReceivableIssued issued:
                WriteOffer(json, issued.Offer);
                json.Date("dueDate", issued.Instrument.DueDate);
                break;
            case ReceivableCancelled cancelled:
                json.Id("instrument", cancelled.Instrument);
                break;
            case BillRegistered registered:
                WriteBill(json, registered.Instrument);
                break;
            case BillImported imported:
                WriteBill(json, imported.Instrument);
                break;
            case BillActOffered offered:
                WriteOffer(json, offered.Offer);
                json.Name("act", offered.Offer.Kind);
                break;
            case BillActInstructed instructed:
                WriteOffer(json, instructed.Offer);
                json.Name("act", instructed.Offer.Kind);
                json.WriteBoolean("awaitsRegister", instructed.Offer.Status == OfferStatus.AwaitsRegister);
                break;
            case BillDishonoured dishonoured:
                WriteOffer(json, dishonoured.Presentation, state);
                break;
            case RecourseSettled settled:
                WriteOffer(json, settled.Offer, state);
                break;
            case BillAttested attested:
                WriteMessage(json, attested.Message);
                if (attested.Offer is { } answered) json.Id("offer", answered);
                json.Name("answer", attested.Answer);
                break;
            case BillMismatched mismatched:
                WriteMessage(json, mismatched.Message);
                break;
            case BillReconciled reconciled:
                json.WriteString("messageId", reconciled.MessageId);
                json.Party("reviewer", reconciled.Reviewer);
                if (reconciled.Offer is { } carriedOut) json.Id("offer", carriedOut);
                break;
            case TransferOffered offered:
                WriteOffer(json, offered.Offer);
                break;
            case TransferCorrected corrected:
                WriteOffer(json, corrected.Offer, state);
                json.Party("holder", corrected.Former);
                break;
            case IssueFlagged flagged:
                json.Id("instrument", flagged.Instrument);
                json.Date("dueDate", flagged.DueDate);
                break;
            case PaymentReceived { Payment: var payment }:
                json.Id("payment", payment.Id);
                json.Id("instrument", payment.Instrument);
                WriteCurrency(json, state.Instrument(payment.Instrument));
                json.Amount("amount", payment.Amount);
                json.Date("valueDate", payment.ValueDate);
                json.Name("status", payment.Status);
                json.List("shares", payment.Shares, static (json, share) => WriteShare(json, share));
                if (payment.Announced.Count == 0) break;
                json.List("announced", payment.Announced, static (json, share) => WriteShare(json, share));
                json.Time("until", payment.AnnouncedUntil);
                break;
            case AnnouncementConfirmed confirmed:
                json.Id("payment", confirmed.Payment);
                json.Party("payee", confirmed.Payee);
                break;
            case AnnouncementDenied denied:
                json.Id("payment", denied.Payment);
                json.Party("payee", denied.Payee);
                break;
            case AnnouncementLapsed lapsed:
                json.Id("payment", lapsed.Payment);
                break;
            case PaymentReturned returned:
                json.Id("payment", returned.Payment);
                break;
            case PaymentDisputed disputed:
                json.Id("payment", disputed.Payment);
                break;
            case CostsClaimed claimed:
                json.Id("instrument", claimed.Instrument);
                json.Interval("units", claimed.Units);
                WriteCurrency(json, state.Instrument(claimed.Instrument));
                json.Amount("amount", claimed.Amount);
                break;
            case DueDateExtended extended:
                json.Id("instrument", extended.Instrument);
                json.Date("dueDate", extended.DueDate);
                break;
            case InsolvencyEntered { Entry: var entry }:
                json.Party("party", entry.Subject);
                json.Date("date", entry.From);
                json.Id("measure", entry.Measure);
                break;
            case SolvencyEntered entered:
                json.Party("party", entered.Party);
                json.Id("measure", entered.Measure);
                break;
            case MeasureMade { Measure: var measure, Bank: var bank }:
                json.Id("measure", measure.Id);
                json.Name("act", measure.Kind);
                json.Party("against", measure.Against);
                json.Party("bank", bank);
                json.Party("gainer", measure.Gainer);
                json.Time("inForceFrom", measure.InForceFrom);
                json.Time("until", measure.Until);
                break;
            case MeasureContested contested:
                json.Id("measure", contested.Measure);
                json.Party("by", contested.By);
                break;
            case MeasureDecided decided:
                json.Id("measure", decided.Measure);
                json.Party("by", decided.By);
                json.WriteBoolean("upheld", decided.Upheld);
                break;
            case MeasureTookEffect effect:
                json.Id("measure", effect.Measure);
                break;
            case MeasureLapsed lapsed:
                json.Id("measure", lapsed.Measure);
                break;
            case PledgeOffered offered:
                WriteOffer(json, offered.Offer);
                break;
            case OfferAccepted accepted:
                WriteOffer(json, accepted.Offer, state);
                break;
            case OfferClosed closed:
                WriteOffer(json, closed.Offer, state);
                json.Name("how", closed.How);
                break;
            case PledgeReleased released:
                json.Id("pledge", released.Pledge);
                json.WriteBoolean("debtWasPaid", released.DebtWasPaid);
                break;
            case AccountFiled filed:
                json.Party("party", filed.Party);
                break;
            case LineSet set:
                json.Id("line", set.Line.Id);
                json.Party("debtor", set.Line.Debtor);
                Write(json, set.Line.Currency);
                json.Amount("limit", set.Line.Limit);
                json.Amount("drawn", set.Line.Drawn);
                break;
            case FinancingApplied applied:
                WriteFinancing(json, applied.Financing);
                json.Time("reservedUntil", applied.Financing.ReservedUntil);
                break;
            case FinancingClosed closed:
                WriteFinancing(json, closed.Financing, state);
                json.Name("how", closed.How);
                break;
            case RegistryAttested attested:
                json.Id("attestation", attested.Attestation.Id);
                json.Id("financing", attested.Attestation.Financing);
                json.Name("act", attested.Attestation.Act);
                json.Name("finding", attested.Attestation.Finding);
                break;
            case FinancingApproved approved:
                WriteFinancing(json, approved.Financing, state);
                json.Time("committedUntil", approved.CommittedUntil);
                json.Amount("drawn", approved.Drawn);
                break;
            case FinancingDisbursed disbursed:
                WriteFinancing(json, disbursed.Financing, state);
                json.WriteString("bankReference", disbursed.BankReference);
                break;
            case FinancingRepaid repaid:
                WriteFinancing(json, repaid.Financing, state);
                json.WriteString("bankReference", repaid.BankReference);
                break;
            case FinancingSettled settled:
                WriteFinancing(json, settled.Financing, state);
                json.WriteBoolean("surplus", settled.Surplus);
                json.WriteBoolean("refund", settled.Refund);
                json.WriteString("bankReference", settled.BankReference);
                break;
            case FinancingBoughtBack boughtBack:
                WriteFinancing(json, boughtBack.Financing, state);
                json.WriteString("bankReference", boughtBack.BankReference);
                break;
            case FinancingReversed reversed:
                WriteFinancing(json, reversed.Financing, state);
                json.WriteString("bankReference", reversed.BankReference);
                break;
            case FinancingCorrected corrected:
                WriteFinancing(json, corrected.Financing, state);
                json.Party("reviewer", corrected.Reviewer);
                break;
            case UnitsFrozen frozen:
                json.Id("freeze", frozen.Freeze.Id);
                json.Id("instrument", frozen.Freeze.Instrument);
                json.Units("units", frozen.Freeze.Units);
                json.Time("until", frozen.Freeze.Until);
                if (frozen.Freeze.Second is { } second) json.Party("second", second);
                json.List("lapsed", frozen.Lapsed, static (json, offer) => json.WriteStringValue(offer.ToString()));
                break;
            case FreezeExtended extended:
                json.Id("freeze", extended.Freeze);
                json.Time("until", extended.Until);
                json.Party("second", extended.Second);
                break;
            case FreezeLifted lifted:
                json.Id("freeze", lifted.Freeze);
                break;
            case FinancingLapsed lapsed:
                json.Id("financing", lapsed.Financing);
                break;
            case DrawingTermEnded ended:
                json.Id("instrument", ended.Instrument);
                break;
            case PaymentBecameOverdue overdue:
                json.Id("instrument", overdue.Instrument);
                break;
            case MandateUsed used:
                json.Id("mandate", used.Mandate);
                json.Amount("total", used.Used);
                break;
            case SingleSignatureSpent spent:
                json.Party("party", spent.Party);
                Write(json, spent.Currency);
                json.Amount("total", spent.Total);
                break;
            default:
                throw new UnreachableException(happened.GetType().Name);
        }
    }

    // No amount without its money: an event names the thing, and the thing has the currency.
    static void Write(Utf8JsonWriter json, Currency currency) => json.WriteString("currency", currency.Code);

    static void WriteCurrency(Utf8JsonWriter json, Instrument? instrument)
    {
        if (instrument is not null) Write(json, instrument.Currency);
    }

    static void WriteCurrency(Utf8JsonWriter json, Document? document)
    {
        if (document is not null) Write(json, document.Currency);
    }

    static void WriteFinancing(Utf8JsonWriter json, Id<Financing> id, LedgerState state)
    {
        if (state.Financing(id) is { } financing) WriteFinancing(json, financing);
        else json.Id("financing", id);
    }

    static void WriteFinancing(Utf8JsonWriter json, Financing financing)
    {
        json.Id("financing", financing.Id);
        json.Name("form", financing.Form);
        json.Id("instrument", financing.Instrument);
        json.Units("units", financing.Units);
        Write(json, financing.Currency);
        json.Amount("principal", financing.Principal);
        json.Party("applicant", financing.Applicant);
        json.Party("financier", financing.Financier);
    }

    static void WriteShare(Utf8JsonWriter json, PaymentShare share)
    {
        json.WriteStartObject();
        json.Party("payee", share.Payee);
        json.Amount("costs", share.Costs);
        json.Amount("interest", share.Interest);
        json.Units("retired", share.Retired);
        json.WriteEndObject();
    }

    static void WriteShare(Utf8JsonWriter json, AnnouncedShare share)
    {
        json.WriteStartObject();
        json.Party("payee", share.Payee);
        json.Amount("amount", share.Amount);
        json.WriteEndObject();
    }

    static void WriteBill(Utf8JsonWriter json, Instrument bill)
    {
        json.Id("instrument", bill.Id);
        json.WriteString("packageNumber", bill.Number);
        json.Party("acceptor", bill.Obligor);
        Write(json, bill.Currency);
        json.Amount("amount", bill.Face);
        json.Date("dueDate", bill.DueDate);
    }

    static void WriteMessage(Utf8JsonWriter json, RegisterMessage message)
    {
        json.WriteString("messageId", message.MessageId);
        json.Id("instrument", message.Instrument);
        json.Interval("units", message.Units);
        json.WriteString("before", new BillPair((BillStatus)message.StatusBefore, (BillFlow)message.FlowBefore).ToString());
        json.WriteString("after", new BillPair((BillStatus)message.StatusAfter, (BillFlow)message.FlowAfter).ToString());
    }

    static void WriteOffer(Utf8JsonWriter json, Id<Offer> id, LedgerState state)
    {
        if (state.Offer(id) is { } offer) WriteOffer(json, offer);
        else json.Id("offer", id);
    }

    static void WriteOffer(Utf8JsonWriter json, Offer offer)
    {
        json.Id("offer", offer.Id);
        json.Id("instrument", offer.Instrument);
        if (offer.Units.Count > 0) json.Units("units", offer.Units);
        Write(json, offer.Currency);
        json.Amount("amount", offer.Amount);
        json.Party("from", offer.From);
        json.Party("to", offer.To);
    }
}
