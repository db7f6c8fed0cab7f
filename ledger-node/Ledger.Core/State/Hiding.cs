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
        var seen = Untracked() with { parties = parties.SetItem(default, Nobody) };
        foreach (var noun in nouns)
        {
            seen = noun switch
            {
                Instrument instrument => seen with
                {
                    instruments = seen.instruments.Remove(instrument.Id),
                    tokens = seen.tokens.Remove(instrument.Id),
                    earmarks = seen.earmarks.Remove(instrument.Id),
                    maturities = seen.maturities.Remove(instrument.Id),
                },
                (Instrument instrument, Token token) when seen.Tokens(instrument.Id) is { } whole => seen with
                {
                    tokens = seen.tokens.SetItem(instrument.Id, whole.Rewrite([token.Units], merge: false, NobodysOwn)),
                },
                (Instrument _, Token _) => seen,
                Offer offer => seen with { offers = seen.offers.Remove(offer.Id) },
                Pledge pledge => seen with { pledges = seen.pledges.Remove(pledge.Id) },
                Freeze freeze => seen with { freezes = seen.freezes.Remove(freeze.Id) },
                Document document => seen with { documents = seen.documents.Remove(document.Id) },
                Financing financing => seen with { financings = seen.financings.Remove(financing.Id), reservations = seen.reservations.Remove(financing.Id) },
                CreditLine line => seen with { lines = seen.lines.Remove(line.Id) },
                Payment payment => seen with { payments = seen.payments.Remove(payment.Id) },
                Attestation attestation => seen with { attestations = seen.attestations.Remove(attestation.Id) },
                Mandate mandate => seen.Without(mandate),
                Measure measure => seen with { measures = seen.measures.Remove(measure.Id) },
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
