using System.Buffers;
using Ledger.Core.DoublePledge;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>
/// The financier, and a second bank that looked for itself, state that the documents of a financing are reserved between consortia (<c>pledge.attest</c>). It is good for this
/// financing alone. A further one takes its place, so that a reservation which was lengthened is attested anew.
/// </summary>
public sealed record AttestPledge(
    Id<Financing> Financing, PartyId Second, string Registry, uint Seat, Hash256 Tags, Hash256 Block, Timestamp StatedAt, Timestamp Until) : Operation<AttestPledge>, IVerb
{
    public static Verb Verb { get; } = new("pledge.attest", "联盟间预留见证", "attest a reservation between consortia");

    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Financing(Financing) is { } financing
        ? [new(act.Party, null, financing.Currency, financing.Principal), new(Second, null, financing.Currency, financing.Principal)]
        : [];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Financing(Financing) is not { } financing) return Verdict.No(Refusal.FinancingNotFound, Financing.ToString());
        if (state.Party(Second) is null) return Verdict.No(Refusal.PartyNotFound, Second.Text);
        if (WhyOver(state, financing) is { } over) return over;
        if (!IsBeforePayout(financing) || state.Instrument(financing.Instrument) is not { } instrument) return Refusal.FinancingStatusWrong;
        if (financing.Financier != act.Party) return Refusal.NotTheFinancier;
        if (!SignsAs(state, act, Second, Roles.Bank) || !IsApart(state, financing, instrument, Second)) return Refusal.PledgeSecondBankMissing;
        if (Seat == 0 || !IsContract(Registry)) return Refusal.PledgeRegistryInvalid;
        if (StatedAt > state.Now || StatedAt < financing.AppliedAt) return Refusal.StatementOutOfTime;
        if (!RegistryStep.IsFresh(state, StatedAt)) return Refusal.StatementStale;
        if (Until <= state.Now || Until > StatedAt.Add(LongestPledge)) return Refusal.PledgeTermInvalid;

        return new PledgeAttested(new(Financing, Registry, Seat, Tags, Block, Second, StatedAt, Until, state.Now));
    }
}

public sealed record PledgeAttested(PledgeReservation Reservation) : LedgerEvent<PledgeAttested>, IEvent
{
    public static (string Chinese, string English) Words => ("联盟间预留已见证", "reservation between consortia attested");

    public override LedgerState Enact(LedgerState state) => state.With(Reservation);

    public override IEnumerable<Told> Tells(LedgerState state) =>
        [Details.Financing.Is(Reservation.Financing), Details.Second.Is(Reservation.Second), Details.Until.Is(Reservation.Until)];
}

public static partial class Rulebook
{
    // FINANCED_LONGEST of the contract (decision 0092), in milliseconds.
    internal const long LongestPledge = 550 * Timestamp.Day;

    static readonly SearchValues<char> SmallHex = SearchValues.Create("0123456789abcdef");

    // eip155:11155111:0x5fbd…0aa3, as CAIP-10 has it, in the one spelling that is compared: no zero in front, no capital.
    internal static bool IsContract(string text) =>
        text.Split(':') is ["eip155", [>= '1' and <= '9', ..] chain, ['0', 'x', ..] address] && chain.Length <= 20 && !chain.AsSpan().ContainsAnyExceptInRange('0', '9')
        && address.Length == 42 && !address.AsSpan(2).ContainsAnyExcept(SmallHex);
}
