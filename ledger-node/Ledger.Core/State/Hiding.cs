using System.Diagnostics;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;

namespace Ledger.Core.State;

public sealed partial record LedgerState
{
    /// <summary>
    /// The ledger as it is for somebody who does not see these: what an act that names them is tried on, so that the answer tells nothing of them. They are
    /// not there; of a run of units holder, leg, burdens and state are nobody's, for an instrument's tokens have no gaps. It is for trying one act only: what
    /// else names a hidden noun still does.
    /// </summary>
    public LedgerState Hiding(IEnumerable<object> nouns)
    {
        var seen = Untracked().With(Nobody);
        foreach (var noun in nouns)
        {
            seen = noun switch
            {
                Instrument instrument => seen.Remove(Tables.Instruments, instrument.Id).WithoutTokens(instrument.Id)
                    .Remove(Tables.Earmarks, instrument.Id).Remove(Tables.Maturities, instrument.Id),
                (Instrument instrument, Token token) when seen.Tokens(instrument.Id) is { } whole =>
                    seen.With(instrument.Id, whole.Rewrite([token.Units], merge: false, NobodysOwn)),
                (Instrument _, Token _) => seen,
                Offer offer => seen.Remove(Tables.Offers, offer.Id),
                Pledge pledge => seen.Remove(Tables.Pledges, pledge.Id),
                Freeze freeze => seen.Remove(Tables.Freezes, freeze.Id),
                Document document => seen.Remove(Tables.Documents, document.Id),
                Financing financing => seen.Remove(Tables.Financings, financing.Id).Remove(Tables.Reservations, financing.Id).Remove(Tables.PledgeReservations, financing.Id),
                CreditLine line => seen.Remove(Tables.Lines, line.Id),
                Payment payment => seen.Remove(Tables.Payments, payment.Id),
                Attestation attestation => seen.Remove(Tables.Attestations, attestation.Id),
                Mandate mandate => seen.Remove(Tables.Mandates, mandate.Id),
                Measure measure => seen.Remove(Tables.Measures, measure.Id),
                _ => throw new UnreachableException(noun.GetType().Name),
            };
        }

        return seen;
    }

    // No transaction can name it: a party without a number is refused at the edge.
    static Party Nobody { get; } = new(default, "", Roles.None, "", default, "", default, Standing.Active, LastKey: 0, default, Policy: [], RegisteredOn: default);

    static Token NobodysOwn(Token token) =>
        new(token.Units, default, UnitState.Live, new(default, TransferCause.Issue, default, Depth: 0, Recourse: false, [], default), []);
}
