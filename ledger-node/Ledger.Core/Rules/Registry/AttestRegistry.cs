using Ledger.Core.DoublePledge;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>
/// A gateway to the unified registry, or the financier itself, states what the registry answered about a financing (<c>registry.attest</c>). The
/// certificate's number is a salted digest.
/// </summary>
public sealed record AttestRegistry(
    Id<Attestation> Attestation, Id<Financing> Financing, RegistryAct Act, RegistryFinding Finding, Hash256 Certificate, Timestamp StatedAt) : Operation
{
    public override ValueList<UInt128> Makes(LedgerState state) => [Attestation.Value];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Financing(Financing) is { } financing ? [new(act.Party, null, financing.Currency, financing.Principal)] : [];
}

public sealed record RegistryAttested(Attestation Attestation) : LedgerEvent;

public static partial class Rulebook
{
    static Verdict Judge(LedgerState state, Act act, AttestRegistry attest)
    {
        if (state.Attestation(attest.Attestation) is not null) return Refusal.AttestationIdInUse;
        if (state.Financing(attest.Financing) is not { } financing) return Verdict.No(Refusal.FinancingNotFound, attest.Financing.ToString());
        if (WhyNotAttested(state, financing, attest.Act) is { } status) return status;
        if (state.Party(act.Party) is not { } attester || !(attester.Has(Roles.Gateway) || attester.Id == financing.Financier))
            return Refusal.AttesterIsNotOfTheRegistry;
        if (!Fits(attest.Finding, attest.Act)) return Refusal.FindingDoesNotFit;
        if (attest.StatedAt > state.Now || attest.StatedAt < financing.AppliedAt) return Refusal.StatementOutOfTime;
        if (!RegistryStep.IsFresh(state, attest.StatedAt)) return Refusal.StatementStale;

        // What came to light at the registry is not covered up by an answer from before.
        if (attest.Act == RegistryAct.Query && state.Attestation(financing.Query) is { } known && attest.StatedAt < known.StatedAt)
            return Verdict.No(Refusal.StatementSuperseded, known.Id.ToString());

        return new RegistryAttested(new(
            attest.Attestation, attest.Financing, attest.Act, attest.Finding, act.Party, attest.Certificate, attest.StatedAt, state.Now));
    }

    static LedgerState Enact(LedgerState state, RegistryAttested attested)
    {
        var attestation = attested.Attestation;
        var financing = FinancingNamed(state, attestation.Financing);
        return state.With(attestation).With(attestation.Act switch
        {
            RegistryAct.Query => financing with { Query = attestation.Id },
            RegistryAct.Registration => financing with { Registration = attestation.Id, Status = FinancingStatus.Registered },
            RegistryAct.Cancellation => financing with { Registration = default },
        });
    }

    // One asks while one may still pay, registers what is approved, and cancels what is over and still registered (登记办法 17).
    static Refusal? WhyNotAttested(LedgerState state, Financing financing, RegistryAct act)
    {
        if (act == RegistryAct.Cancellation)
        {
            return financing.Status == FinancingStatus.Disbursed || IsBeforePayout(financing) || financing.Registration.Value == 0
                ? Refusal.FinancingStatusWrong
                : null;
        }

        if (WhyOver(state, financing) is { } over) return over;
        var sensible = act == RegistryAct.Query ? IsBeforePayout(financing) : financing.Status == FinancingStatus.Approved;
        return sensible ? null : Refusal.FinancingStatusWrong;
    }

    static bool Fits(RegistryFinding finding, RegistryAct act) =>
        act == RegistryAct.Query == (finding is RegistryFinding.Clear or RegistryFinding.Released or RegistryFinding.Encumbered);
}
