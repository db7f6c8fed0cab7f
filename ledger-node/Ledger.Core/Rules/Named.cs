using System.Diagnostics;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

// What an event names is there, for the act was judged on it. One that is not is a bug: the node must stop and not go on with a state that
// nobody decided.
public static partial class Rulebook
{
    internal static Party PartyNamed(LedgerState state, PartyId id) => state.Party(id) ?? throw new UnreachableException();

    internal static PartyKey KeyNamed(LedgerState state, KeyId id) => state.Key(id) ?? throw new UnreachableException();

    internal static Mandate MandateNamed(LedgerState state, Id<Mandate> id) => state.Mandate(id) ?? throw new UnreachableException();

    internal static Document DocumentNamed(LedgerState state, Id<Document> id) => state.Document(id) ?? throw new UnreachableException();

    internal static Instrument InstrumentNamed(LedgerState state, Id<Instrument> id) => state.Instrument(id) ?? throw new UnreachableException();

    internal static Confirmation ClaimOf(Instrument instrument) => instrument.Confirmation ?? throw new UnreachableException();

    internal static Tokens TokensNamed(LedgerState state, Id<Instrument> id) => state.Tokens(id) ?? throw new UnreachableException();

    internal static Offer OfferNamed(LedgerState state, Id<Offer> id) => state.Offer(id) ?? throw new UnreachableException();

    internal static Pledge PledgeNamed(LedgerState state, Id<Offer> id) => state.Pledge(id) ?? throw new UnreachableException();

    internal static Measure MeasureNamed(LedgerState state, Id<Measure> id) => state.Measure(id) ?? throw new UnreachableException();

    internal static Proposal ProposalNamed(LedgerState state, Id<Proposal> id) => state.Proposal(id) ?? throw new UnreachableException();

    internal static Validator ValidatorNamed(LedgerState state, PartyId bank) => state.Validator(bank) ?? throw new UnreachableException();

    internal static Freeze FreezeNamed(LedgerState state, Id<Freeze> id) => state.Freeze(id) ?? throw new UnreachableException();

    internal static Financing FinancingNamed(LedgerState state, Id<Financing> id) => state.Financing(id) ?? throw new UnreachableException();

    internal static CreditLine LineNamed(LedgerState state, Id<CreditLine> id) => state.Line(id) ?? throw new UnreachableException();

    internal static Payment PaymentNamed(LedgerState state, Id<Payment> id) => state.Payment(id) ?? throw new UnreachableException();
}
