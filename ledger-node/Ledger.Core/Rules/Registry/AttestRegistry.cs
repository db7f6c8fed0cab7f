using Ledger.Core.DoublePledge;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>
/// A gateway to the unified registry, or the financier itself, states what the registry answered about a financing (<c>registry.attest</c>). The
/// certificate's number is a salted digest.
/// </summary>
public sealed record AttestRegistry(
    Id<Attestation> Attestation, Id<Financing> Financing, RegistryAct Act, RegistryFinding Finding, Hash256 Certificate, Timestamp StatedAt) : Operation<AttestRegistry>, IVerb
{
    public static Verb Verb { get; } = new("registry.attest", "登记系统结果见证", "attest a registry answer");

    public override ValueList<UInt128> Makes(LedgerState state) => [Attestation.Value];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Financing(Financing) is { } financing ? [new(act.Party, null, financing.Currency, financing.Principal)] : [];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Attestation(Attestation) is not null) return Refusal.AttestationIdInUse;
        if (state.Financing(Financing) is not { } financing) return Verdict.No(Refusal.FinancingNotFound, Financing.ToString());
        if (WhyNotAttested(state, financing, Act) is { } status) return status;
        if (state.Party(act.Party) is not { } attester || !(attester.Has(Roles.Gateway) || attester.Id == financing.Financier))
            return Refusal.AttesterIsNotOfTheRegistry;
        if (!Fits(Finding, Act)) return Refusal.FindingDoesNotFit;
        if (StatedAt > state.Now || StatedAt < financing.AppliedAt) return Refusal.StatementOutOfTime;
        if (!RegistryStep.IsFresh(state, StatedAt)) return Refusal.StatementStale;

        // What came to light at the registry is not covered up by an answer from before.
        if (Act == RegistryAct.Query && state.Attestation(financing.Query) is { } known && StatedAt < known.StatedAt)
            return Verdict.No(Refusal.StatementSuperseded, known.Id.ToString());

        return new RegistryAttested(new(
            Attestation, Financing, Act, Finding, act.Party, Certificate, StatedAt, state.Now));
    }
}

public sealed record RegistryAttested(Attestation Attestation) : LedgerEvent<RegistryAttested>, IEvent
{
    public static (string Chinese, string English) Words => ("登记系统答复已见证", "registry answer attested");

    public override LedgerState Enact(LedgerState state)
    {
        var financing = FinancingNamed(state, Attestation.Financing);
        return state.With(Attestation.Act switch
        {
            RegistryAct.Query => financing with { Query = Attestation.Id },
            RegistryAct.Registration => financing with { Registration = Attestation.Id, Status = FinancingStatus.Registered },
            RegistryAct.Cancellation => financing with { Registration = default },
        }).With(Attestation);
    }

    public override IEnumerable<Told> Tells(LedgerState state) =>
    [
        Details.Attestation.Is(Attestation.Id), Details.Financing.Is(Attestation.Financing), Details.Act.Is(Attestation.Act),
        Details.Finding.Is(Attestation.Finding),
    ];
}

public static partial class Rulebook
{
    // One asks while one may still pay, registers what is approved, and cancels what is over and still registered (登记办法 17).
    internal static Refusal? WhyNotAttested(LedgerState state, Financing financing, RegistryAct act)
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

    internal static bool Fits(RegistryFinding finding, RegistryAct act) =>
        act == RegistryAct.Query == (finding is RegistryFinding.Clear or RegistryFinding.Released or RegistryFinding.Encumbered);
}
