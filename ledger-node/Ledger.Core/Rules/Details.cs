using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>The words in which events tell what happened: one name for one thing, whatever event tells it.</summary>
public static class Details
{
    static readonly List<Detail> all = [];

    /// <summary>All of them, in the order in which an answer's schema names them.</summary>
    public static IReadOnlyList<Detail> All => all;

    public static readonly Detail<PartyId> Party = New<PartyId>("party", Shape.Party);
    public static readonly Detail<IEnumerable<KeyId>> Keys = New<IEnumerable<KeyId>>("keys", Shape.Keys);
    public static readonly IdDetail Mandate = NewId("mandate");
    public static readonly Detail<KeyId> Key = New<KeyId>("key", Shape.Key);
    public static readonly Detail<Timestamp> FromTime = New<Timestamp>("from", Shape.Time);
    public static readonly Detail<PartyId> Agent = New<PartyId>("agent", Shape.Party);
    public static readonly Detail<Timestamp> Expires = New<Timestamp>("expires", Shape.Time);
    public static readonly IdDetail Document = NewId("document");
    public static readonly Detail<Amount> Total = New<Amount>("total", Shape.Amount);
    public static readonly Detail<PartyId> Seller = New<PartyId>("seller", Shape.Party);
    public static readonly Detail<PartyId> Buyer = New<PartyId>("buyer", Shape.Party);
    public static readonly Detail<Amount> Amount = New<Amount>("amount", Shape.Amount);
    public static readonly Detail<Amount> Excess = New<Amount>("excess", Shape.Amount);
    public static readonly Detail<IEnumerable<PartyId>> Alerted = New<IEnumerable<PartyId>>("alerted", Shape.Parties);
    public static readonly IdDetail Instrument = NewId("instrument");
    public static readonly Detail<PartyId> Obligor = New<PartyId>("obligor", Shape.Party);
    public static readonly Detail<Timestamp> Deadline = New<Timestamp>("deadline", Shape.Time);
    public static readonly Detail<Amount> Confirmed = New<Amount>("confirmed", Shape.Amount);
    public static readonly Detail<Amount> Disputed = New<Amount>("disputed", Shape.Amount);
    public static readonly Detail<DateOnly> DueDate = New<DateOnly>("dueDate", Shape.Date);
    public static readonly Detail<Enum> Act = New<Enum>("act", Shape.Name);
    public static readonly Detail<bool> AwaitsRegister = New<bool>("awaitsRegister", Shape.Flag);
    public static readonly IdDetail Offer = NewId("offer");
    public static readonly Detail<Enum> Answer = New<Enum>("answer", Shape.Name);
    public static readonly Detail<string> MessageId = New<string>("messageId", Shape.Text);
    public static readonly Detail<PartyId> Reviewer = New<PartyId>("reviewer", Shape.Party);
    public static readonly Detail<PartyId> Holder = New<PartyId>("holder", Shape.Party);
    public static readonly IdDetail Payment = NewId("payment");
    public static readonly IdDetail Proposal = NewId("proposal");
    public static readonly Detail<Enum> Action = New<Enum>("action", Shape.Name);
    public static readonly Detail<bool> IsFor = New<bool>("isFor", Shape.Flag);
    public static readonly Detail<DateOnly> ValueDate = New<DateOnly>("valueDate", Shape.Date);
    public static readonly Detail<Enum> Status = New<Enum>("status", Shape.Name);
    public static readonly Detail<IEnumerable<PaymentShare>> Shares = New<IEnumerable<PaymentShare>>("shares", Shape.Shares);
    public static readonly Detail<IEnumerable<AnnouncedShare>> Announced = New<IEnumerable<AnnouncedShare>>("announced", Shape.Announced);
    public static readonly Detail<PartyId> Payee = New<PartyId>("payee", Shape.Party);
    public static readonly Detail<DateOnly> Date = New<DateOnly>("date", Shape.Date);
    public static readonly Detail<Enum> How = New<Enum>("how", Shape.Name);
    public static readonly IdDetail Pledge = NewId("pledge");
    public static readonly Detail<bool> DebtWasPaid = New<bool>("debtWasPaid", Shape.Flag);
    public static readonly IdDetail Line = NewId("line");
    public static readonly Detail<PartyId> Debtor = New<PartyId>("debtor", Shape.Party);
    public static readonly Detail<Amount> Limit = New<Amount>("limit", Shape.Amount);
    public static readonly Detail<Amount> Drawn = New<Amount>("drawn", Shape.Amount);
    public static readonly Detail<Timestamp> ReservedUntil = New<Timestamp>("reservedUntil", Shape.Time);
    public static readonly IdDetail Attestation = NewId("attestation");
    public static readonly IdDetail Financing = NewId("financing");
    public static readonly Detail<Enum> Finding = New<Enum>("finding", Shape.Name);
    public static readonly Detail<Timestamp> CommittedUntil = New<Timestamp>("committedUntil", Shape.Time);
    public static readonly Detail<string> BankReference = New<string>("bankReference", Shape.Text);
    public static readonly Detail<bool> Surplus = New<bool>("surplus", Shape.Flag);
    public static readonly Detail<bool> Refund = New<bool>("refund", Shape.Flag);
    public static readonly IdDetail Freeze = NewId("freeze");
    public static readonly Detail<PartyId> Second = New<PartyId>("second", Shape.Party);
    public static readonly Detail<IEnumerable<Id<Offer>>> Lapsed = New<IEnumerable<Id<Offer>>>("lapsed", Shape.Ids);
    public static readonly Detail<Timestamp> Until = New<Timestamp>("until", Shape.Time);
    public static readonly Detail<Currency> Currency = New<Currency>("currency", Shape.Currency);
    public static readonly IdDetail Measure = NewId("measure");
    public static readonly Detail<PartyId> Against = New<PartyId>("against", Shape.Party);
    public static readonly Detail<PartyId> Gainer = New<PartyId>("gainer", Shape.Party);
    public static readonly Detail<PartyId> Bank = New<PartyId>("bank", Shape.Party);
    public static readonly Detail<Timestamp> InForceFrom = New<Timestamp>("inForceFrom", Shape.Time);
    public static readonly Detail<PartyId> By = New<PartyId>("by", Shape.Party);
    public static readonly Detail<PartyId> Controller = New<PartyId>("controller", Shape.Party);
    public static readonly Detail<bool> Upheld = New<bool>("upheld", Shape.Flag);
    public static readonly Detail<Enum> Form = New<Enum>("form", Shape.Name);
    public static readonly Detail<Amount> Principal = New<Amount>("principal", Shape.Amount);
    public static readonly Detail<PartyId> Applicant = New<PartyId>("applicant", Shape.Party);
    public static readonly Detail<PartyId> Financier = New<PartyId>("financier", Shape.Party);
    public static readonly Detail<string> PackageNumber = New<string>("packageNumber", Shape.Text);
    public static readonly Detail<PartyId> Acceptor = New<PartyId>("acceptor", Shape.Party);
    public static readonly Detail<string> Before = New<string>("before", Shape.Text);
    public static readonly Detail<string> After = New<string>("after", Shape.Text);
    public static readonly Detail<PartyId> To = New<PartyId>("to", Shape.Party);
    public static readonly Detail<Interval> Run = New<Interval>("units", Shape.Units);

    // Who offers, which stands under the same name as from when a key is good; and units of many runs as those of one.
    public static readonly Detail<PartyId> From = New<PartyId>("from", Shape.Party);
    public static readonly Detail<ValueList<Interval>> Units = New<ValueList<Interval>>("units", Shape.Runs);

    /// <summary>An offer: what, between whom, for how much.</summary>
    public static IEnumerable<Told> Of(Offer offer) =>
    [
        Offer.Is(offer.Id), Instrument.Is(offer.Instrument), Units.Is(offer.Units.Count > 0 ? offer.Units : null), Currency.Is(offer.Currency),
        Amount.Is(offer.Amount), From.Is(offer.From), To.Is(offer.To),
    ];

    /// <summary>What an event only names is told where the state knows it.</summary>
    public static IEnumerable<Told> Of(Id<Offer> id, LedgerState state) => state.Offer(id) is { } offer ? Of(offer) : [Offer.Is(id)];

    public static IEnumerable<Told> Of(Financing financing) =>
    [
        Financing.Is(financing.Id), Form.Is(financing.Form), Instrument.Is(financing.Instrument), Units.Is(financing.Units), Currency.Is(financing.Currency),
        Principal.Is(financing.Principal), Applicant.Is(financing.Applicant), Financier.Is(financing.Financier),
    ];

    public static IEnumerable<Told> Of(Id<Financing> id, LedgerState state) => state.Financing(id) is { } financing ? Of(financing) : [Financing.Is(id)];

    /// <summary>A bill as it was drawn.</summary>
    public static IEnumerable<Told> Of(Instrument bill) =>
    [
        Instrument.Is(bill.Id), PackageNumber.Is(bill.Number), Acceptor.Is(bill.Obligor), Currency.Is(bill.Currency), Amount.Is(bill.Face), DueDate.Is(bill.DueDate),
    ];

    public static IEnumerable<Told> Of(Proposal proposal) =>
    [
        Proposal.Is(proposal.Id), Action.Is(proposal.Action), By.Is(proposal.Proposer), Party.Is(proposal.Party), Expires.Is(proposal.Expires),
    ];

    public static IEnumerable<Told> Of(RegisterMessage message) =>
    [
        MessageId.Is(message.MessageId), Instrument.Is(message.Instrument), Run.Is(message.Units),
        Before.Is(new BillPair((BillStatus)message.StatusBefore, (BillFlow)message.FlowBefore).ToString()),
        After.Is(new BillPair((BillStatus)message.StatusAfter, (BillFlow)message.FlowAfter).ToString()),
    ];

    // A value that there may not be is told where there is one.
    public static Told Is<T>(this Detail<T> detail, T? value) where T : struct => new(detail, value);

    static Detail<T> New<T>(string name, Shape shape)
    {
        var detail = new Detail<T>(name, shape);
        all.Add(detail);
        return detail;
    }

    static IdDetail NewId(string name)
    {
        var detail = new IdDetail(name);
        all.Add(detail);
        return detail;
    }
}

/// <summary>A detail that is always of one type.</summary>
public sealed record Detail<T>(string Name, Shape Shape) : Detail(Name, Shape)
{
    public Told Is(T? value) => new(this, value);
}

/// <summary>A detail that names something, as its id is written.</summary>
public sealed record IdDetail(string Name) : Detail(Name, Shape.Id)
{
    public Told Is<TNoun>(Id<TNoun> id) => new(this, id == default ? null : id.ToString());

    public Told Is<TNoun>(Id<TNoun>? id) => Is(id ?? default);
}
