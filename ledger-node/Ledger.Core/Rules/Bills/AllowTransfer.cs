using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>The endorser that wrote 不得转让 takes it back for these units (<c>bill.allowTransfer</c>): they circulate again.</summary>
public sealed record AllowTransfer(Id<Offer> Offer, Id<Instrument> Instrument, Interval Units) : Operation<AllowTransfer>, IVerb
{
    public static Verb Verb { get; } = new("bill.allowTransfer", "撤销不得转让", "let a bill circulate again", IsForAgents: true);

    public override ValueList<UInt128> Makes(LedgerState state) => [Offer.Value];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => [];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Instrument(Instrument) is not { } instrument) return Verdict.No(Refusal.InstrumentNotFound, Instrument.ToString());
        if (instrument.Bill is null) return Refusal.NotABill;
        if (state.Offer(Offer) is not null) return Refusal.OfferIdInUse;
        if (instrument.Status != InstrumentStatus.Active || state.Tokens(instrument.Id) is not { } tokens) return Refusal.InstrumentStatusWrong;
        if (state.Today >= instrument.DueDate) return Refusal.InstrumentDue;
        if (JudgeBillUnits(tokens, Units, static _ => true) is { } wrong) return wrong;
        foreach (var token in tokens.Touching(Units))
        {
            if (!token.Encumbrances.Any(burden => IsMarkOf(burden, act.Party, token))) return Refusal.NotTheEndorser;
        }

        if (IsTooScattered(state, tokens, act.Party, [Units])) return Refusal.TooManyTokens;

        return Instructed(state, OfUnits(state, act, instrument, OfferKind.TransferPermission, Offer, act.Party, Units, default));
    }
}

public static partial class Rulebook
{
    static LedgerState EnactPermission(LedgerState state, Offer instructed) =>
        Rewrite(state, instructed.Instrument, instructed.Units, token => token with
        {
            Encumbrances = [.. token.Encumbrances.Where(burden => !IsMarkOf(burden, instructed.From, token))],
        });

    // A mark that is still only offered is no mark yet: it was written by who holds the units.
    internal static bool IsMarkOf(Encumbrance burden, PartyId endorser, Token token) =>
        burden.Kind == EncumbranceKind.NotTransferable && burden.Beneficiary == endorser && token.Holder != endorser;
}
