using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>
/// Units are offered to another party (流转, <c>token.transfer</c>), by their holder or, where the cause says so, by one who acts against or for it:
/// then <paramref name="From"/> names the holder. It names the units, or an amount: then free units are taken lowest first. A trade cites this tier's own
/// documents, on which the receiver is the seller; <paramref name="Evidence"/> is the hash of the paper that another cause rests on. An
/// endorsement of a bill may say that it goes no further (不得转让, 票据法 34); a condition is read in order to be refused (33).
/// </summary>
public sealed record Transfer(
    Id<Offer> Offer,
    Id<Instrument> Instrument,
    PartyId To,
    TransferCause Cause,
    bool Recourse,
    ValueList<DocumentUse> Documents,
    Timestamp Expires,
    Interval? Units = null,
    Amount? Amount = null,
    ValueList<Hash256> Terms = default,
    PartyId? From = null,
    Hash256? Evidence = null,
    bool? NotTransferable = null,
    Hash256? Condition = null) : Operation<Transfer>, IVerb
{
    public static Verb Verb { get; } = new("token.transfer", "流转", "transfer units", IsForAgents: true);

    public override ValueList<UInt128> Makes(LedgerState state) => [Offer.Value];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Instrument(Instrument) is { Currency: var currency }
        ?
        [
            new(act.Party, To, currency, Staked),
            .. From is { } holder ? [new Stake(holder, To, currency, Staked), .. Vouching(state, act, act.Party, holder, currency, Staked)] : (ValueList<Stake>)[],
        ]
        : [];

    Amount Staked => Amount ?? Units?.Amount ?? default;

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Instrument(Instrument) is not { } instrument) return Verdict.No(Refusal.InstrumentNotFound, Instrument.ToString());
        if (state.Offer(Offer) is not null || state.Measure(new(Offer.Value)) is not null) return Refusal.OfferIdInUse;
        if (state.Party(To) is null) return Verdict.No(Refusal.PartyNotFound, To.Text);
        if (instrument.Status != InstrumentStatus.Active || state.Tokens(instrument.Id) is not { } tokens) return Refusal.InstrumentStatusWrong;
        if (Cause == TransferCause.Issue) return Refusal.CauseNotTaken;
        if (Cause == TransferCause.Correction) return Refusal.CauseHasItsOwnVerb;
        if (!instrument.Transferable && IsBargain(Cause)) return Refusal.NotTransferable;
        var holder = From ?? act.Party;
        if (JudgeEndorsement(state, holder, instrument, tokens, this) is { } endorsement) return endorsement;
        if (WhyNotNow(state, instrument, Cause) is { } untimely) return untimely;
        if (JudgeShape(this) is { } shapeless) return shapeless;
        if (JudgeActor(state, act, instrument, this, holder) is { } unentitled) return unentitled;
        if (To == holder) return Refusal.TransferToSelf;
        if (Units is null == Amount is null) return Refusal.UnitsOrAmount;
        if (Amount is { IsZero: true }) return Refusal.AmountZero;
        if (JudgeHolding(tokens, holder, Units, Amount) is { } holding) return holding;

        var units = Units is { } named ? [named] : LowestFirst(state, tokens, holder, Amount ?? default);
        if (instrument.Kind == InstrumentKind.Bill && units.Count > 1) return Refusal.OneIntervalOnly;
        var amount = Sum(units);
        if (IsBargain(Cause) && (JudgeSize(state, tokens, units, amount) ?? JudgeDepthOfProgramme(state, instrument, Depth(tokens, units))) is { } size) return size;
        if (From is null ? IsTooScattered(state, tokens, holder, units) : tokens.Count + 2 > MostTokens) return Refusal.TooManyTokens;
        if (!IsOfferTerm(state, Expires)) return Refusal.OfferTermInvalid;
        var measure = MeasureFor(state, act, this, holder);
        if (measure is not null && measure.Until <= measure.InForceFrom) return Refusal.OfferEndsInContest;
        if (JudgeReceiver(state, act, instrument, tokens, this, units) is { } receiver) return receiver;
        if (Cause == TransferCause.Trade
            && JudgeBackground(state, act, Documents, To, holder, instrument.Currency, amount) is { } background) return background;
        if (JudgeBurdens(state, act, instrument, this, units) is { } burdened) return burdened;

        var offered = new TransferOffered(new(
            Offer, OfferKind.Transfer, OfferStatus.Open, act.Party, To, act.Agent, instrument.Id, units, Cause, Recourse,
            instrument.Currency, amount, Documents, Terms, state.Now, Expires), NotTransferable == true);
        return measure is null ? offered : new Verdict.Accepted([offered, Announced(state, measure)]);
    }
}

public sealed record TransferOffered(Offer Offer, bool NotTransferable = false) : LedgerEvent<TransferOffered>, IEvent
{
    public static (string Chinese, string English) Words => ("已发出流转要约", "transfer offered");

    public override LedgerState Enact(LedgerState state)
    {
        var burden = new Encumbrance(EncumbranceKind.Offer, Offer.Id.Value, Offer.To, state.Now, Offer.Expires);
        state = Burden(Reserve(state, Offer.Documents).With(Offer), Offer.Instrument, Offer.Units, burden);
        return NotTransferable ? WriteMark(state, Offer) : state;
    }

    public override IEnumerable<Told> Tells(LedgerState state) => Details.Of(Offer);
}

public static partial class Rulebook
{
    static LedgerState EnactTransfer(LedgerState state, Offer accepted)
    {
        var instrument = InstrumentNamed(state, accepted.Instrument);
        var home = accepted.To == instrument.Obligor;
        var tokens = TokensNamed(state, accepted.Instrument);

        // One act is one leg, however many tokens its units came from: that is what lets them merge. Its giver is who holds the units now: he who made
        // the offer may have acted against him, or have been succeeded since.
        var giver = tokens.Touching(accepted.Units[0])[0].Holder;
        var depth = (ushort)Math.Min(Depth(tokens, accepted.Units) + 1, ushort.MaxValue);
        var leg = new Leg(accepted.Id, accepted.Cause, giver, depth, accepted.Recourse, accepted.Documents, state.Now);

        tokens = tokens.Rewrite(accepted.Units, Merges(instrument), token => Moved(state, accepted, home, leg, token));

        state = WriteUnits(UseReserved(state, accepted.Documents), instrument.Id, accepted.Units, tokens);
        return home && IsSettled(tokens) ? state.With(instrument with { Status = InstrumentStatus.Settled }) : state;
    }

    static Token Moved(LedgerState state, Offer accepted, bool home, Leg leg, Token token)
    {
        var burdens = (ValueList<Encumbrance>)[.. token.Encumbrances.Where(burden => !EndsWith(state, accepted, token, burden))];
        return token with
        {
            Holder = accepted.To,
            State = home && !burdens.Any(burden => burden.BindsAt(state.Now)) ? UnitState.Extinguished : UnitState.Live,
            Leg = accepted.Cause == TransferCause.Recourse && PurchaseBefore(state, accepted.To, token) is { } purchase
                ? OfPurchase(state, purchase, leg.Depth)
                : LegOf(state, accepted, leg, token),
            Encumbrances = burdens,
        };
    }

    // Only a trade brings documents of its own; after any other cause what the units last cited can still be cited. By a bargain they may come back.
    static Leg LegOf(LedgerState state, Offer accepted, Leg leg, Token token) => leg with
    {
        Documents = accepted.Cause == TransferCause.Trade ? leg.Documents : token.Leg.Documents,
        Under = IsBargain(accepted.Cause) ? PurchaseOf(state, accepted.Instrument, token) : default,
    };

    // That units exist and are the holder's is no double-pledge question: a mistake here is no attempt.
    internal static Verdict.Refused? JudgeHolding(Tokens tokens, PartyId holder, Interval? named, Amount? wanted)
    {
        if (wanted is { } amount)
        {
            ulong held = 0;
            foreach (var token in tokens.Span)
            {
                if (token.Holder == holder && token.State == UnitState.Live) held += token.Units.Length;
            }

            return held < amount.Minor ? new(Refusal.NotEnoughHeld, new(new Amount(held))) : null;
        }

        return named is { } units ? JudgeUnits(tokens, holder, units) : new(Refusal.UnitsDoNotExist, Facts.None);
    }

    internal static Verdict.Refused? JudgeUnits(Tokens tokens, PartyId holder, Interval units)
    {
        if (units.Last > tokens.Face.Minor) return new(Refusal.UnitsDoNotExist, Facts.None);
        foreach (var token in tokens.Touching(units))
        {
            if (token.Holder != holder) return new(Refusal.UnitsNotHeld, Facts.None);
            if (token.State != UnitState.Live) return new(Refusal.UnitsNotLive, Facts.None);
        }

        return null;
    }

    // How small, how deep and how scattered units may get by bargains; what law moves is not stopped by it.
    internal static Verdict.Refused? JudgeSize(LedgerState state, Tokens tokens, ValueList<Interval> units, Amount amount)
    {
        if (amount.Minor < (ulong)state.Rules[RuleParameter.MinimumTransfer]) return new(Refusal.BelowMinimum, Facts.None);
        return Depth(tokens, units) >= state.Rules[RuleParameter.MaximumDepth] ? new(Refusal.TooDeep, Facts.None) : null;
    }

    // A record counts an instrument's tokens in two bytes, and one act goes over no more runs than this.
    internal const int MostTokens = 60_000;
    internal const int MostRuns = 1_000;

    // Whoever holds little may still cut it a little.
    const int LeastShareOfTokens = 16;

    /// <summary>
    /// Whether cutting these runs out would make too many tokens: an instrument's are bounded, and each holder has its share of the bound, as large as its
    /// share of the units. So nobody who cuts its own small part leaves others unable to move theirs, and whole tokens always move.
    /// </summary>
    internal static bool IsTooScattered(LedgerState state, Tokens tokens, PartyId holder, ValueList<Interval> runs)
    {
        if (runs.Count > MostRuns) return true;
        var cuts = Cuts(tokens, runs);
        if (cuts == 0) return false;
        if (tokens.Count + cuts > MostTokens) return true;
        var (count, units) = (0L, 0UL);
        foreach (var token in tokens.Span)
        {
            if (token.Holder != holder || token.State != UnitState.Live) continue;
            count++;
            units += token.Units.Length;
        }

        var most = state.Rules[RuleParameter.MaximumTokens];
        var share = (long)((UInt128)most * units / tokens.Face.Minor);
        return count + cuts > Math.Max(share, Math.Min(most, LeastShareOfTokens));
    }

    static int Cuts(Tokens tokens, ValueList<Interval> runs)
    {
        var cuts = 0;
        foreach (var run in runs)
        {
            var touched = tokens.Touching(run);
            if (touched[0].Units.First < run.First) cuts++;
            if (run.Last < touched[^1].Units.Last) cuts++;
        }

        return cuts;
    }

    // Free units, lowest first. When they do not suffice the lowest burdened ones complete the claim, so that the check names what holds them.
    internal static ValueList<Interval> LowestFirst(LedgerState state, Tokens tokens, PartyId holder, Amount amount) =>
        Lowest(tokens, holder, amount, token => IsFreeNow(state, token));

    internal static ValueList<Interval> Lowest(Tokens tokens, PartyId holder, Amount amount, Func<Token, bool> isBetter)
    {
        var taken = new List<Interval>();
        var missing = amount.Minor;
        foreach (var better in (ReadOnlySpan<bool>)[true, false])
        {
            foreach (var token in tokens.Span)
            {
                if (missing == 0) break;
                if (token.Holder != holder || token.State != UnitState.Live || isBetter(token) != better) continue;
                var length = Math.Min(missing, token.Units.Length);
                taken.Add(new(token.Units.First, token.Units.First + length - 1));
                missing -= length;
            }
        }

        taken.Sort();
        return Joined(taken);
    }

    static bool IsFreeNow(LedgerState state, Token token)
    {
        foreach (var burden in token.Encumbrances)
        {
            if (burden.BindsAt(state.Now)) return false;
        }

        return true;
    }

    internal static ValueList<Interval> Joined(List<Interval> ascending)
    {
        var joined = new List<Interval>();
        foreach (var next in ascending)
        {
            if (joined.Count > 0 && joined[^1].Last + 1 >= next.First) joined[^1] = new(joined[^1].First, Math.Max(joined[^1].Last, next.Last));
            else joined.Add(next);
        }

        return [.. joined];
    }

    internal static Amount Sum(ValueList<Interval> intervals)
    {
        var sum = Amount.Zero;
        foreach (var units in intervals) sum += units.Amount;
        return sum;
    }

    internal static int Depth(Tokens tokens, ValueList<Interval> intervals)
    {
        var depth = 0;
        foreach (var units in intervals)
        {
            foreach (var token in tokens.Touching(units)) depth = Math.Max(depth, token.Leg.Depth);
        }

        return depth;
    }

    internal static bool IsSettled(Tokens tokens)
    {
        foreach (var token in tokens.Span)
        {
            if (token.State == UnitState.Live) return false;
        }

        return true;
    }
}
