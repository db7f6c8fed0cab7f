using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>What an operation puts at stake: an amount, towards whom. Nobody and nothing for acts that move no value.</summary>
readonly record struct Load(Currency Currency, Amount Amount, PartyId? Counterparty);

public static partial class Rulebook
{
    /// <summary>Whether the keys are good and the parties may act at all.</summary>
    static Verdict.Refused? JudgeAuthority(LedgerState state, Act act, Transaction transaction)
    {
        foreach (var signer in act.Signers)
        {
            if (IsFirstKeyOfNewParty(transaction, signer)) continue;
            if (state.Key(signer) is not { } key) return Verdict.No(Refusal.KeyUnknown, signer.ToString());
            if (!key.IsValidAt(state.Now)) return Verdict.No(Refusal.KeyNotValid, signer.ToString());
            if (key.Use != KeyUse.Signing && !(key.Use == KeyUse.Recovery && IsOnlyAboutKeys(transaction)))
                return Verdict.No(Refusal.KeyUseWrong, signer.ToString());
        }

        if (!act.IsSignedBy(act.Agent)) return new(Refusal.ActingPartyDidNotSign, Facts.None);
        return JudgeStanding(state, act.Agent, transaction) ?? (act.Agent == act.Party ? null : JudgeStanding(state, act.Party, transaction));
    }

    // Lost keys stop everything but their replacement.
    static Verdict.Refused? JudgeStanding(LedgerState state, PartyId id, Transaction transaction)
    {
        if (state.Party(id) is not { } party) return new(Refusal.ActingPartyUnknown, Facts.None);
        if (party.Standing == Standing.KeysLost && !transaction.Operations.All(operation => operation is Recover)) return new(Refusal.KeysReportedLost, Facts.None);
        return party.Standing == Standing.Suspended ? new(Refusal.PartySuspended, Facts.None) : null;
    }

    static bool IsOnlyAboutKeys(Transaction transaction) =>
        transaction.Operations.All(operation => operation is RotateKey or VetoRotation or Recover);

    static bool IsFirstKeyOfNewParty(Transaction transaction, KeyId signer) =>
        signer.Number == 1 && IsRegistered(transaction, signer.Party);

    static bool IsRegistered(Transaction transaction, PartyId party)
    {
        foreach (var operation in transaction.Operations)
        {
            if (operation is RegisterParty register && register.Id == party && register.Keys.Count > 0) return true;
        }

        return false;
    }

    /// <summary>An agent acts within a mandate of its principal that covers every operation, and is never its counterparty.</summary>
    static Verdict.Refused? JudgeMandate(LedgerState state, Act act, Transaction transaction, ValueList<Load> loads)
    {
        if (act.Agent == act.Party) return null;
        for (var i = 0; i < transaction.Operations.Count; i++)
        {
            if (loads[i].Counterparty == act.Agent) return new(Refusal.AgentIsCounterparty, Facts.None);
            var verb = Verbs[transaction.Operations[i].GetType()];
            Verdict.Refused? nearest = new(Refusal.NoMandate, Facts.None);
            foreach (var mandate in state.Mandates(act.Party, act.Agent))
            {
                if (mandate.Expires <= state.Now || !mandate.Verbs.Contains(verb)) continue;
                nearest = JudgeAgainst(mandate, loads[i]);
                if (nearest is null) break;
            }

            if (nearest is not null) return nearest;
        }

        return null;
    }

    static Verdict.Refused? JudgeAgainst(Mandate mandate, Load load)
    {
        if (load.Counterparty is { } counterparty && mandate.Counterparties.Count > 0 && !mandate.Counterparties.Contains(counterparty))
            return new(Refusal.MandateCounterparty, Facts.None);
        return !load.Amount.IsZero && (load.Currency != mandate.Currency || load.Amount > mandate.Cap)
            ? new(Refusal.MandateCapExceeded, new(mandate.Cap, mandate.Currency))
            : null;
    }

    /// <summary>
    /// One person is enough within the party's limits; above them, and to change them, a second one signs (经办、复核). What single signatures move
    /// in a day adds up.
    /// </summary>
    static Verdict.Refused? JudgePolicy(
        LedgerState state, Act act, Transaction transaction, ValueList<Load> total, out ValueList<SingleSignatureSpent> spent)
    {
        spent = [];
        var signers = SignersOf(state, act);
        if (signers.TrueForAll(static key => key.Role == KeyRole.Checker)) return new(Refusal.CheckerCannotActAlone, Facts.None);
        if (state.Party(act.Agent) is not { Policy: { Count: > 0 } policy } || HasSecondPerson(signers)) return null;
        if (transaction.Operations.Any(operation => operation is INeedsSecondPerson)) return new(Refusal.SecondPersonMissing, Facts.None);

        foreach (var load in total)
        {
            var today = state.Spent(act.Agent, load.Currency, state.Today) + load.Amount;
            if (!policy.Any(limit => limit.Currency == load.Currency && load.Amount <= limit.PerAct && today <= limit.PerDay))
                return new(Refusal.SecondPersonMissing, Facts.None);
            spent = spent.Add(new(act.Agent, load.Currency, state.Today, today));
        }

        return null;
    }

    static List<PartyKey> SignersOf(LedgerState state, Act act)
    {
        var keys = new List<PartyKey>(act.Signers.Count);
        foreach (var signer in act.Signers)
        {
            if (signer.Party == act.Agent && state.Key(signer) is { } key) keys.Add(key);
        }

        return keys;
    }

    static bool HasSecondPerson(List<PartyKey> signers) =>
        signers.Any(second => second.Role is KeyRole.Checker or KeyRole.LegalRepresentative && signers.Any(first => first.Person != second.Person));

    /// <summary>What each operation puts at stake, and the sum for each currency.</summary>
    static (ValueList<Load> Each, ValueList<Load> Total) WeighAll(LedgerState state, Transaction transaction)
    {
        var each = new List<Load>(transaction.Operations.Count);
        var total = new List<Load>(1);
        foreach (var operation in transaction.Operations)
        {
            var load = Weigh(state, operation);
            each.Add(load);
            if (load.Amount.IsZero) continue;
            var known = total.FindIndex(sum => sum.Currency == load.Currency);
            if (known < 0) total.Add(load with { Counterparty = null });
            else total[known] = total[known] with { Amount = total[known].Amount + load.Amount };
        }

        return ([.. each], [.. total]);
    }

    static Load Weigh(LedgerState state, Operation operation) => operation switch
    {
        RequestConfirmation request => new(request.Currency, request.Amount, request.Obligor),
        Confirm confirm when state.Instrument(confirm.Instrument) is { } instrument => new(instrument.Currency, confirm.Amount, instrument.Creditor),
        IssueReceivable issue => new(issue.Currency, issue.Amount, issue.Creditor),
        Transfer transfer when state.Instrument(transfer.Instrument) is { } instrument =>
            new(instrument.Currency, transfer.Amount ?? transfer.Units?.Amount ?? default, transfer.To),
        CorrectTransfer correct when state.Offer(correct.Offer) is { } offer => new(offer.Currency, offer.Amount, offer.From),
        ReceivePayment receipt when state.Instrument(receipt.Instrument) is { } instrument => new(instrument.Currency, receipt.Amount, instrument.Obligor),
        ReturnPayment back when state.Payment(back.Payment) is { } payment && state.Instrument(payment.Instrument) is { } instrument =>
            new(instrument.Currency, payment.Amount, instrument.Obligor),
        DisputePayment dispute when state.Payment(dispute.Payment) is { } payment => NothingTowards(payment.Bank),
        ClaimCosts claim when state.Instrument(claim.Instrument) is { } instrument => new(instrument.Currency, claim.Amount, instrument.Obligor),
        ExtendDueDate extend when state.Instrument(extend.Instrument) is { } instrument => NothingTowards(instrument.Creditor),
        PledgeDocuments pledge => new(pledge.Currency, pledge.Amount, pledge.To),
        AcceptOffer accept when state.Offer(accept.Offer) is { } offer => new(offer.Currency, offer.Amount, offer.From),
        DeclineOffer decline when state.Offer(decline.Offer) is { } offer => NothingTowards(offer.From),
        WithdrawOffer withdraw when state.Offer(withdraw.Offer) is { } offer => NothingTowards(offer.To),
        Dispute dispute when state.Instrument(dispute.Instrument) is { } instrument => NothingTowards(instrument.Creditor),
        CancelReceivable cancel when state.Instrument(cancel.Instrument) is { } instrument => NothingTowards(instrument.Creditor),
        RegisterBill register => NothingTowards(register.Payee),
        PresentForAcceptance present when state.Instrument(present.Instrument) is { } instrument => NothingTowards(instrument.Obligor),
        DeliverBill deliver when state.Instrument(deliver.Instrument) is { } instrument => new(instrument.Currency, instrument.Face, instrument.Creditor),
        CancelBill cancel when state.Instrument(cancel.Instrument) is { } instrument => NothingTowards(instrument.Creditor),
        GuaranteeBill guarantee => NothingTowards(guarantee.Guarantor),
        PledgeBill pledge when state.Instrument(pledge.Instrument) is { } instrument => new(instrument.Currency, pledge.Units.Amount, pledge.Pledgee),
        ReleaseBillPledge release when state.Offer(release.Pledge) is { } pledge => NothingTowards(pledge.From),
        PresentBill present when state.Instrument(present.Instrument) is { } instrument => NothingTowards(instrument.Obligor),
        AskRecourse ask => NothingTowards(ask.Debtor),
        SettleRecourse settle when state.Offer(settle.Offer) is { } recourse => new(recourse.Currency, recourse.Amount, recourse.To),
        ImportBill import => new(import.Currency, import.Amount, import.Holder),
        ReleasePledge release when state.Pledge(release.Pledge) is { } pledge => NothingTowards(pledge.Pledgor),
        SetLine set => new(set.Currency, set.Limit, set.Debtor),
        ApplyForFinancing apply when state.Instrument(apply.Instrument) is { } instrument => new(instrument.Currency, apply.Principal, apply.Financier),
        WithdrawFinancing withdraw when state.Financing(withdraw.Financing) is { } financing => NothingTowards(financing.Financier),
        ReleaseFinancing release when state.Financing(release.Financing) is { } financing => NothingTowards(financing.Applicant),
        ApproveFinancing approve when state.Financing(approve.Financing) is { } financing => new(financing.Currency, financing.Principal, financing.Applicant),
        Disburse disburse when state.Financing(disburse.Financing) is { } financing => new(financing.Currency, financing.Principal, financing.Applicant),
        Repay repay when state.Financing(repay.Financing) is { } financing => NothingTowards(financing.Applicant),
        SettleFinancing settle when state.Financing(settle.Financing) is { } financing => NothingTowards(financing.Applicant),
        BuyBack buyBack when state.Financing(buyBack.Financing) is { } financing => NothingTowards(financing.Applicant),
        ReverseFinancing reverse when state.Financing(reverse.Financing) is { } financing => NothingTowards(financing.Applicant),
        CorrectFinancing correct when state.Financing(correct.Financing) is { } financing => NothingTowards(financing.Applicant),
        _ => default,
    };

    // It moves no value, and yet there is another side, whose hand must not sign it.
    static Load NothingTowards(PartyId counterparty) => new(default, Amount.Zero, counterparty);
}
