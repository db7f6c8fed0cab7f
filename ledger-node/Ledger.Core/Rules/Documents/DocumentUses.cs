using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

public static partial class Rulebook
{
    /// <summary>
    /// Whether the cited documents back an act of <paramref name="amount"/>: each exists, is cited once, is between these parties in this currency,
    /// and the invoices add up to the amount; so do the contracts where any is cited or the rules demand one. How much is left is not judged here. Who
    /// signed one for its seller does not sign for its buyer what rests on it.
    /// </summary>
    internal static Verdict.Refused? JudgeBackground(
        LedgerState state, Act act, ValueList<DocumentUse> uses, PartyId seller, PartyId? buyer, Currency currency, Amount amount)
    {
        Amount contracts = default, invoices = default;
        for (var i = 0; i < uses.Count; i++)
        {
            var use = uses[i];
            if (state.Document(use.Document) is not { } document) return Verdict.No(Refusal.DocumentNotFound, use.Document.ToString());
            if (!document.IsBackground) return Verdict.No(Refusal.DocumentIsEvidence, use.Document.ToString());
            if (use.Amount.IsZero) return new(Refusal.AmountZero, Facts.None);
            for (var j = 0; j < i; j++)
            {
                if (uses[j].Document == use.Document) return new(Refusal.DocumentCitedTwice, Facts.None);
            }

            if (document.Seller != seller || (buyer is { } named && document.Buyer != named)) return new(Refusal.DocumentPartiesDiffer, Facts.None);
            if (act.Party != seller && IsHandOfSide(state, act.Agent, document.SellersHand, seller)) return new(Refusal.OneHandForBothSides, Facts.None);
            if (document.Currency != currency) return new(Refusal.DocumentCurrencyDiffers, Facts.None);
            if (document.Kind == DocumentKind.Contract) contracts += use.Amount;
            else invoices += use.Amount;
        }

        if (invoices != amount || (!contracts.IsZero && contracts != amount)) return new(Refusal.DocumentsDoNotCover, Facts.None);
        if (contracts.IsZero && state.Rules.Is(RuleParameter.ContractRequired)) return new(Refusal.ContractMissing, Facts.None);
        return null;
    }

    /// <summary>
    /// What was cited may have been cancelled since by red letters: it backs nothing more while more of it is taken than is left of it. Nobody who only
    /// answers attempted that.
    /// </summary>
    internal static Verdict.Refused? JudgeStillCovers(LedgerState state, IEnumerable<Id<Document>> cited)
    {
        foreach (var id in cited)
        {
            var document = DocumentNamed(state, id);
            if (document.Taken > document.NetTotal) return Verdict.No(Refusal.DocumentNoLongerCovers, id.ToString());
        }

        return null;
    }

    /// <summary>An offer holds its documents' amounts until it is answered.</summary>
    internal static LedgerState Reserve(LedgerState state, ValueList<DocumentUse> uses) =>
        Charge(state, uses, static (document, amount) => document with { Reserved = document.Reserved + amount });

    /// <summary>What was held for an offer is used by its acceptance.</summary>
    static LedgerState UseReserved(LedgerState state, ValueList<DocumentUse> uses) =>
        Charge(state, uses, static (document, amount) => document with { Reserved = document.Reserved - amount, Used = document.Used + amount });

    static LedgerState ReleaseReserved(LedgerState state, ValueList<DocumentUse> uses) =>
        Charge(state, uses, static (document, amount) => document with { Reserved = document.Reserved - amount });

    internal static LedgerState ReleaseUsed(LedgerState state, ValueList<DocumentUse> uses) =>
        Charge(state, uses, static (document, amount) => document with { Used = document.Used - amount });

    static LedgerState Charge(LedgerState state, ValueList<DocumentUse> uses, Func<Document, Amount, Document> charge)
    {
        foreach (var use in uses) state = state.With(charge(DocumentNamed(state, use.Document), use.Amount));
        return state;
    }
}
