using System.Text;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>
/// The bill register's gateway tells what became of an interval (<c>bill.attest</c>): which pair of codes it had and has, and which instruction that
/// answers, done or not. The register is the legal truth, so a message is never refused for what it says: where it says otherwise than the ledger,
/// the units are locked until somebody has looked. A pair before is missing only for a bill that the register did not know.
/// </summary>
public sealed record AttestBill(
    string MessageId,
    Id<Instrument> Instrument,
    Interval Units,
    BillStatus StatusAfter,
    BillFlow FlowAfter,
    bool Done,
    BillStatus? StatusBefore = null,
    BillFlow? FlowBefore = null,
    Id<Offer>? Offer = null) : Operation<AttestBill>, IVerb
{
    public static Verb Verb { get; } = new("bill.attest", "登记机构报文", "attest the bill register's message");

    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => state.Instrument(Instrument) is { } instrument ? [new(act.Party, null, instrument.Currency, Units.Amount)] : [];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Instrument(Instrument) is not { } instrument || state.IsLeaving(Instrument)) return Verdict.No(Refusal.InstrumentNotFound, Instrument.ToString());
        if (instrument.Bill is null) return Refusal.NotABill;
        if (state.Message(MessageId) is not null) return Refusal.MessageIdInUse;
        if (act.Party != state.Chain.BillRegister) return Refusal.NotTheRegister;
        if (Units.Last > instrument.Face.Minor) return Refusal.UnitsDoNotExist;
        if (!IsMessageId(MessageId)) return new Verdict.Refused(Refusal.TextInvalid, new(Reason: nameof(MessageId)));
        if (Offer is { } named && state.Offer(named) is null) return Verdict.No(Refusal.OfferNotFound, named.ToString());

        var message = new RegisterMessage(
            MessageId, Instrument, Units, (byte)(StatusBefore ?? default), (byte)(FlowBefore ?? default),
            (byte)StatusAfter, (byte)FlowAfter, state.Now);
        if (MeaningOf(state, instrument, message, this) is { } answer) return new BillAttested(message, Offer, answer);
        return LocksTooManyPieces(state, instrument, Units) ? Refusal.TooManyTokens : new BillMismatched(message);
    }
}

/// <summary>What the register's message means to the ledger.</summary>
public enum RegisterAnswer
{
    /// <summary>The instruction was carried out and takes effect.</summary>
    Done = 1,

    /// <summary>The register refused the instruction, or it was withdrawn there: it is closed.</summary>
    Refused = 2,

    /// <summary>It tells what the ledger holds already.</summary>
    AsKnown = 3,
}

public sealed record BillAttested(RegisterMessage Message, Id<Offer>? Offer, RegisterAnswer Answer) : LedgerEvent<BillAttested>, IEvent
{
    public static (string Chinese, string English) Words => ("登记机构报文已登记", "register's message attested");

    public override LedgerState Enact(LedgerState state)
    {
        state = state.With(Message);
        if (Offer is not { } named) return Answer == RegisterAnswer.AsKnown ? state : EnactRegistration(state, this);
        var offer = OfferNamed(state, named);
        return Answer switch
        {
            RegisterAnswer.Done => TakeEffect(state, offer),
            RegisterAnswer.Refused => CloseOffer(state, offer, OfferStatus.Declined),
            RegisterAnswer.AsKnown => IsPaidOtherwise(offer, Message) ? state.With(offer with { Status = OfferStatus.Accepted }) : state,
        };
    }

    public override IEnumerable<Told> Tells(LedgerState state) => [.. Details.Of(Message), Details.Offer.Is(Offer), Details.Answer.Is(Answer)];
}

/// <summary>The register tells otherwise than the ledger: the units are locked, and somebody has to look (电子商业汇票业务管理办法 80).</summary>
public sealed record BillMismatched(RegisterMessage Message) : LedgerEvent<BillMismatched>, IEvent
{
    public static (string Chinese, string English) Words => ("票据与登记机构不一致", "bill differs from the register");

    public override LedgerState Enact(LedgerState state)
    {
        var instrument = InstrumentNamed(state, Message.Instrument);
        state = state.With(Message).With(instrument with { Bill = BillOf(instrument) with { Mismatch = true } });
        if (state.Tokens(instrument.Id) is null) return state;
        var register = state.Chain.BillRegister ?? default;
        var mismatch = new Encumbrance(EncumbranceKind.Mismatch, ReferenceOf(state, Message), register, state.Now, PartyKey.Forever);

        // The newest message says how it stands there; however often the register tells it, the units are locked once.
        return Rewrite(state, instrument.Id, [Message.Units], token => token with
        {
            Encumbrances = [.. token.Encumbrances.Where(static burden => burden.Kind != EncumbranceKind.Mismatch), mismatch],
        });
    }

    public override IEnumerable<Told> Tells(LedgerState state) => Details.Of(Message);
}

public static partial class Rulebook
{
    /// <summary>What the message means, or null where it and the ledger contradict each other. What is locked already waits for a person.</summary>
    internal static RegisterAnswer? MeaningOf(LedgerState state, Instrument instrument, RegisterMessage message, AttestBill attest)
    {
        if (IsMismatched(state, instrument, message.Units)) return null;

        BillPair before = PairBefore(message), after = PairAfter(message);
        var offer = attest.Offer is { } named ? state.Offer(named) : null;
        if (offer is null && IsRegistration(state, instrument, message)) return attest.Done ? RegisterAnswer.Done : RegisterAnswer.Refused;
        if (offer is { Status: OfferStatus.AwaitsRegister } && IsOf(offer, message) && StandsAt(state, instrument.Id, message.Units, before))
        {
            if (attest.Done && LeadsTo(state, offer, message, after) && BillTransitions.Allows(ActOf(offer), BillStep.Done, before, after))
                return RegisterAnswer.Done;
            if (!attest.Done && StandsAt(CloseOffer(state, offer, OfferStatus.Declined), instrument.Id, message.Units, after)) return RegisterAnswer.Refused;
        }

        return attest.Done && before != after && (offer is null || IsOf(offer, message)) && BillTransitions.Allows(before, after)
            && StandsAt(state, instrument.Id, message.Units, after)
                ? RegisterAnswer.AsKnown
                : null;
    }

    // However the register cuts a bill by what nobody has settled yet, it makes no more pieces of it than a holder of all of it could: then it tells whole tokens, or
    // what it told is reconciled first. Each reconciliation takes a bank's word.
    internal static bool LocksTooManyPieces(LedgerState state, Instrument instrument, Interval units)
    {
        if (state.Tokens(instrument.Id) is not { } tokens || Cuts(tokens, [units]) is var cuts && cuts == 0) return false;
        var locked = 0;
        foreach (var token in tokens.Span)
        {
            if (token.Encumbrances.Any(static burden => burden.Kind == EncumbranceKind.Mismatch)) locked++;
        }

        return tokens.Count + cuts > MostTokens || locked + cuts > Math.Max(state.Rules[RuleParameter.MaximumTokens], LeastShareOfTokens);
    }

    // A bank's receipt came before the register's word: nothing is left to be done.
    internal static bool IsPaidOtherwise(Offer offer, RegisterMessage message) =>
        offer is { Kind: OfferKind.Presentation, Status: OfferStatus.AwaitsRegister } && PairAfter(message).Flow == BillFlow.Ended;

    static bool LeadsTo(LedgerState state, Offer offer, RegisterMessage message, BillPair after) =>
        WhyNoLonger(state, offer) is null && StandsAt(TakeEffect(state, offer), message.Instrument, message.Units, after);

    internal static bool IsOf(Offer offer, RegisterMessage message) => offer.Instrument == message.Instrument && offer.Units == [message.Units];

    // The bill itself is the instruction: nobody else is asked, and it has no pair before the register knows it.
    static bool IsRegistration(LedgerState state, Instrument instrument, RegisterMessage message) =>
        instrument.Status == InstrumentStatus.Offered && StandsAt(state, instrument.Id, message.Units, default) && PairBefore(message) == default
        && BillTransitions.Allows(BillAct.Registration, BillStep.Done, default, PairAfter(message));

    internal static LedgerState EnactRegistration(LedgerState state, BillAttested attested)
    {
        var instrument = InstrumentNamed(state, attested.Message.Instrument);
        return attested.Answer == RegisterAnswer.Refused
            ? EndPackage(state, instrument)
            : state.With(instrument with { Bill = BillOf(instrument) with { Status = attested.Message.StatusAfter, Flow = attested.Message.FlowAfter } });
    }

    static BillAct ActOf(Offer offer) => offer.Kind switch
    {
        OfferKind.Transfer => BillAct.Endorsement,
        OfferKind.Acceptance => BillAct.Acceptance,
        OfferKind.Delivery => BillAct.Delivery,
        OfferKind.Cancellation => BillAct.Cancellation,
        OfferKind.BillPledge => BillAct.Pledge,
        OfferKind.PledgeRelease => BillAct.PledgeRelease,
        OfferKind.Guarantee => BillAct.Guarantee,
        OfferKind.TransferPermission => BillAct.TransferPermission,
        OfferKind.Presentation => BillAct.Payment,
        OfferKind.Recourse => BillAct.Recourse,
        OfferKind.Issue or OfferKind.Pledge => throw new System.Diagnostics.UnreachableException("No register is told of it."),
    };

    static bool IsMismatched(LedgerState state, Instrument instrument, Interval units)
    {
        if (state.Tokens(instrument.Id) is not { } tokens) return BillOf(instrument).Mismatch;
        foreach (var token in tokens.Touching(units))
        {
            if (token.Encumbrances.Any(burden => burden.Kind == EncumbranceKind.Mismatch)) return true;
        }

        return false;
    }

    static BillPair PairBefore(RegisterMessage message) => new((BillStatus)message.StatusBefore, (BillFlow)message.FlowBefore);

    internal static BillPair PairAfter(RegisterMessage message) => new((BillStatus)message.StatusAfter, (BillFlow)message.FlowAfter);

    internal static bool IsMessageId(string text) =>
        text.Length is >= 1 and <= 64 && !text.AsSpan().ContainsAnyExceptInRange('!', '~');

    // A burden refers to 128 bits, and the register's id is a text.
    internal static UInt128 ReferenceOf(LedgerState state, RegisterMessage message) => state.Chain.Suite.Hash(Encoding.ASCII.GetBytes(message.MessageId)).High;
}
