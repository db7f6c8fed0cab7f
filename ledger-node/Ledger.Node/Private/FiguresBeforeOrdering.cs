using Ledger.Client.Disclosures;
using Ledger.Client.Money;
using Ledger.Core.Crypto;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;

namespace Ledger.Node.Private;

/// <summary>Why a transaction is not ordered here, and at which of its operations.</summary>
public sealed record NotOrdered(int Operation, Refusal Refusal, Facts Facts);

/// <summary>
/// Looks behind the digests of a financing's act while it can still be refused. The ledger cannot: it keeps digests and knows no rate. A figure that does
/// not follow from what this node was shown is not ordered by it, and its own bank shows it all, so that its signature never stands under a false one.
/// </summary>
sealed class FiguresBeforeOrdering(DisclosureStore store, CryptoSuite suite, Hash256 chain, PartyId bank)
{
    /// <summary>Null where nothing speaks against it. <paramref name="after"/> is what the ledger would make of it now.</summary>
    public NotOrdered? Judge(LedgerState before, LedgerState after, Transaction transaction, DisclosedBeside? beside)
    {
        foreach (var file in beside?.Files ?? [])
        {
            if (WhyForeign(transaction, file) is { } foreign) return foreign;
        }

        for (var i = 0; i < transaction.Operations.Count; i++)
        {
            var operation = transaction.Operations[i];
            if (FinancingCase.Subject(operation) is not { } id || after.Financing(id) is not { } financing) continue;
            if (HiddenTerms.Of(operation) is { Count: > 0 } digests && Judge(new(i, operation, digests, financing), before, after, transaction, beside) is { } no) return no;
        }

        return null;
    }

    // The disclosures are this transaction's own: what they say was signed with it.
    NotOrdered? WhyForeign(Transaction transaction, DisclosureFile file)
    {
        if (file.Chain != chain) return new(0, Refusal.DisclosedOnAnotherChain, Facts.None);
        if (file.Party != transaction.Party || file.Id != transaction.Id) return new(0, Refusal.DisclosuresOfAnother, Facts.None);
        if (file.Operation >= transaction.Operations.Count) return new(0, Refusal.DisclosedOperationMissing, Facts.None);
        return file.Set.FirstForeign(suite, transaction.Operations[file.Operation]) is { } foreign
            ? new(file.Operation, Refusal.DisclosureNotCommitted, new(Reason: foreign.Name))
            : null;
    }

    NotOrdered? Judge(PricedAct act, LedgerState before, LedgerState after, Transaction transaction, DisclosedBeside? beside)
    {
        var shown = new Dictionary<Hash256, Disclosure>(store.Behind(act.Financing.Terms.Concat(act.Digests)));
        foreach (var (_, disclosure) in beside?.Files.Where(file => file.Operation == act.Index).SelectMany(file => file.Set.All) ?? []) shown[disclosure.Digest(suite)] = disclosure;

        if (IsOwn(act) && act.Digests.Any(digest => !shown.ContainsKey(digest))) return act.No(Refusal.FigureNotShown, new(Reason: Words.OfTheAct));
        var own = DisclosureSet.Of(act.Digests.Select(digest => shown.GetValueOrDefault(digest)).OfType<Disclosure>(), out var problem);
        if (own is null) return act.No(problem?.Refusal ?? Refusal.DisclosuresMalformed, new(Reason: problem?.Reason));

        // What was agreed before comes first, so that it is the later word that contradicts.
        var agreed = DisclosureSet.Empty;
        foreach (var (_, disclosure) in shown.OrderBy(one => act.Digests.Contains(one.Key)))
        {
            if (!Terms.TryParse(disclosure.Name, out var term) || term is not (Term.Rate or Term.PenaltyRate or Term.Fees)) continue;
            if (agreed[term] is not { } earlier) agreed = agreed.With(disclosure);
            else if (earlier.Value != disclosure.Value) return act.No(Refusal.TermContradicts, new(Reference: Words.Of(term)));
        }

        var known = AgreedTerms.Of(agreed, act.Financing.Terms.All(shown.ContainsKey));
        var here = FinancingCase.Of(after, act.Financing, ReturnOf(act, before), known);
        return own.All.Select(one => Judge(act, here, one.Key, own.Amount(one.Key), transaction, after)).FirstOrDefault(no => no is not null);
    }

    NotOrdered? Judge(PricedAct act, FinancingCase here, Term term, Amount? claimed, Transaction transaction, LedgerState after) => here.Of(term) switch
    {
        null => null,
        _ when act.Operation is ApplyForFinancing or ApproveFinancing => act.No(Refusal.FigureTooEarly, new(Reference: Words.Of(term))),
        Figure.TooEarly => act.No(Refusal.FigureTooEarly, new(Reference: Words.Of(term))),
        Figure.Undisclosed { Missing: var missing } when IsOwn(act) => act.No(Refusal.FigureNotShown, new(Reason: string.Join(", ", missing.Select(Words.Of)))),
        Figure.Computed { Amount: var computed } when claimed != computed => act.No(
            Refusal.FigureWrong, new(computed, act.Financing.Currency, Reference: Words.Of(term), Reason: Words.Of(claimed ?? Amount.Zero, act.Financing.Currency))),
        Figure.Computed when IsOfToday(act) && transaction.Expires > EndOf(after) => act.No(Refusal.FigureForADay, Facts.None),
        _ => null,
    };

    // Who pays out, takes back or returns money states figures; its own bank's are checked whole.
    bool IsOwn(PricedAct act) => act.Financing.Financier == bank && act.Operation is Disburse or Repay or SettleFinancing or BuyBack;

    // What a settlement returns was fixed on the day that the money came back.
    static bool IsOfToday(PricedAct act) => act.Operation is Disburse or Repay or BuyBack;

    static Timestamp EndOf(LedgerState state) => Timestamp.StartOf(state.Today.AddDays(1), state.Chain.OffsetMinutes);

    static MoneyBack? ReturnOf(PricedAct act, LedgerState before) => act.Operation switch
    {
        Repay or BuyBack => MoneyBack.Of(before, act.Financing),
        SettleFinancing => before.Financing(act.Financing.Id) is { } earlier ? MoneyBack.Of(before, earlier) : null,
        _ => null,
    };

    sealed record PricedAct(int Index, Operation Operation, ValueList<Hash256> Digests, Financing Financing)
    {
        public NotOrdered No(Refusal refusal, Facts facts) => new(Index, refusal, facts);
    }

    /// <summary>What fills the sentences, which are read in two languages.</summary>
    static class Words
    {
        public const string OfTheAct = "本操作的披露 the act's own disclosures";

        public static string Of(Term term) => $"{Terms.Chinese(term)} {term.Name()}";

        public static string Of(Amount amount, Currency currency) => $"{currency.Code} {MoneyText.Format(amount, currency)}";
    }
}
