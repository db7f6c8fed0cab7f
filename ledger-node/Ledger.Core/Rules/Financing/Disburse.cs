using Ledger.Core.DoublePledge;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>
/// The financier paid out (放款, <c>financing.disburse</c>): the units are its own by a sale, or pledged to it, from this moment. A receivable's
/// financing was registered before, and the registry was asked once more after that.
/// </summary>
public sealed record Disburse(Id<Financing> Financing, string BankReference, ValueList<Hash256> Terms = default) : Operation<Disburse>, IVerb
{
    public static Verb Verb { get; } = new("financing.disburse", "放款", "pay out a financing");

    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Financing(Financing) is { } financing ? [new(act.Party, financing.Applicant, financing.Currency, financing.Principal)] : [];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Financing(Financing) is not { } financing) return Verdict.No(Refusal.FinancingNotFound, Financing.ToString());
        if (WhyOver(state, financing) is { } over) return over;
        if (financing.Status is not (FinancingStatus.Approved or FinancingStatus.Registered) || state.Instrument(financing.Instrument) is not { } instrument)
            return Refusal.FinancingStatusWrong;
        if (financing.Financier != act.Party) return Refusal.NotTheFinancier;
        if (financing.Status == FinancingStatus.Approved && instrument.Kind == InstrumentKind.Receivable) return Refusal.RegistrationMissing;
        if (WhyNotNow(state, instrument, TransferCause.Sale) is { } untimely) return untimely;
        if (JudgeUnits(state, financing) is { } units) return units;
        if (financing.End <= state.Today) return EndsAtTheLatest(financing.End, LatestEnd(state, InstrumentNamed(state, financing.Instrument)));
        if (JudgeStillCovers(state, financing.Documents) is { } uncovered) return uncovered;
        if (JudgeReference(state, state.Today, BankReference) is { } reference) return reference;
        if (RegistryStep.Examine(state, financing) is { } registry) return registry;
        if (PledgeStep.Examine(state, financing, state.Now) is { } unreserved) return unreserved;

        return new FinancingDisbursed(financing.Id, BankReference, Terms);
    }
}

public sealed record FinancingDisbursed(Id<Financing> Financing, string BankReference, ValueList<Hash256> Terms) : LedgerEvent<FinancingDisbursed>, IEvent
{
    public static (string Chinese, string English) Words => ("融资已放款", "financing paid out");

    public override LedgerState Enact(LedgerState state)
    {
        var financing = FinancingNamed(state, Financing);
        state = MovesUnits(financing.Form) ? Sell(state, financing) : PledgeUnits(state, financing);
        foreach (var id in financing.Documents)
        {
            var document = DocumentNamed(state, id);
            if (!document.Reliant.Contains(financing.Financier)) state = state.With(document with { Reliant = document.Reliant.Add(financing.Financier) });
        }

        return Spend(state, state.Today, BankReference, financing.Financier, financing.Id.Value).With(FinancingNamed(state, financing.Id) with
        {
            Status = FinancingStatus.Disbursed,
            Start = state.Today,
            BankReference = BankReference,
            Terms = Joined(financing.Terms, Terms),
        });
    }

    public override IEnumerable<Told> Tells(LedgerState state) => [.. Details.Of(Financing, state), Details.BankReference.Is(BankReference)];
}

public static partial class Rulebook
{
    internal static LedgerState Sell(LedgerState state, Financing financing)
    {
        var tokens = TokensNamed(state, financing.Instrument);
        var before = new List<EarlierLeg>();
        foreach (var units in financing.Units)
        {
            foreach (var token in tokens.Touching(units)) before.Add(new(token.Units.Intersect(units), token.Leg));
        }

        var leg = new Leg(
            LegOf(financing), TransferCause.Sale, financing.Applicant, (ushort)(Depth(tokens, financing.Units) + 1),
            financing.Form == FinancingForm.RecourseFactoring, UsesOf(before, financing.Documents), state.Now);
        return Rewrite(state, financing.Instrument, financing.Units, token => token with
        {
            Holder = financing.Financier,
            Leg = leg,
            Encumbrances = Without(token.Encumbrances, EncumbranceKind.Commitment, financing.Id.Value),
        }).With(financing with { Before = [.. before] });
    }

    internal static LedgerState PledgeUnits(LedgerState state, Financing financing)
    {
        var pledge = new Encumbrance(EncumbranceKind.Pledge, financing.Id.Value, financing.Financier, state.Now, PartyKey.Forever);
        return Rewrite(state, financing.Instrument, financing.Units, token => token with
        {
            Encumbrances = Without(token.Encumbrances, EncumbranceKind.Commitment, financing.Id.Value).Add(pledge),
        });
    }

    /// <summary>The act that a sale's leg names: the financing.</summary>
    static Id<Offer> LegOf(Financing financing) => new(financing.Id.Value);

    // The buyer's leg cites what the seller's was charged with, and charges nothing again.
    static ValueList<DocumentUse> UsesOf(IEnumerable<EarlierLeg> legs, ValueList<Id<Document>> cited)
    {
        var uses = new Dictionary<Id<Document>, Amount>();
        foreach (var leg in legs.Select(run => run.Leg).Distinct())
        {
            foreach (var use in leg.Documents) uses[use.Document] = uses.GetValueOrDefault(use.Document) + use.Amount;
        }

        return [.. cited.Select(document => new DocumentUse(document, uses[document]))];
    }

    /// <summary>All digests of a financing, once each and ascending, as the wire has them.</summary>
    internal static ValueList<Hash256> Joined(ValueList<Hash256> known, ValueList<Hash256> further) => [.. new SortedSet<Hash256>([.. known, .. further])];
}
