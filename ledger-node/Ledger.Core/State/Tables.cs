using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;

namespace Ledger.Core.State;

/// <summary>
/// Every noun of the state, a line each: its section and tag, how key and value are spelt, its deadlines, and what is kept beside it. From the line follow its bytes, its
/// place in every state, its return from them, and its row in docs/FORMATS.md.
/// </summary>
public static class Tables
{
    public static readonly Table<PartyId, Party> Parties = new(Section.Parties, Codecs.Party, Codecs.Party);
    public static readonly Table<KeyId, PartyKey> Keys = new(Section.Keys, Codecs.KeyId, Codecs.Key) { Upkeep = Beside.OfKey };
    public static readonly Table<Id<Mandate>, Mandate> Mandates = new(Section.Mandates, Codecs.Id, Codecs.Mandate) { Deadlines = [Due.MandateExpires], Upkeep = Beside.OfMandate };
    public static readonly Table<Id<Document>, Document> Documents = new(Section.Documents, Codecs.Id, Codecs.Document);
    public static readonly Table<Id<Instrument>, Instrument> Instruments = new(Section.Instruments, Codecs.Id, Codecs.Instrument) { Deadlines = [Due.ConfirmationDue, Due.DrawingEnds, Due.PaymentOverdue, Due.InstrumentLeaves], Upkeep = Beside.OfInstrument };
    public static readonly TokenTable Tokens = new();
    public static readonly Table<Id<Financing>, Reservation> Reservations = new(Section.Reservations, Codecs.Id, Codecs.Reservation);
    public static readonly Table<Id<Offer>, Offer> Offers = new(Section.Offers, Codecs.Id, Codecs.Offer) { Deadlines = [Due.OfferExpires, Due.OfferLeaves], Upkeep = Beside.OfOffer };
    public static readonly Table<Id<Financing>, Financing> Financings = new(Section.Financings, Codecs.Id, Codecs.Financing) { Deadlines = [Due.ReservationEnds, Due.CommitmentEnds, Due.FinancingLeaves], Upkeep = Beside.OfFinancing };
    public static readonly Table<Id<CreditLine>, CreditLine> Lines = new(Section.Lines, 1, Codecs.Id, Codecs.Line) { Deadlines = [Due.LineLeaves] };
    public static readonly Table<Id<Instrument>, Earmark> Earmarks = new(Section.Lines, 2, Codecs.Id, Codecs.Earmark);
    public static readonly Table<(ListKind Kind, PartyId Subject), ListEntry> Lists = new(Section.Lists, Codecs.Listed, Codecs.ListEntry);
    public static readonly Table<DateOnly, RuleSet> RuleSets = new(Section.RuleSets, Codecs.From, Codecs.Rules) { Upkeep = Beside.OfRules };
    public static readonly Table<uint, Epoch> Epochs = new(Section.Epochs, Codecs.Number, Codecs.Epoch) { Upkeep = Beside.OfEpoch };
    public static readonly Table<long, MinuteOfIds> UsedIds = new(Section.UsedIds, Codecs.Minute, Codecs.IdsOfMinute) { Upkeep = Beside.OfMinute };
    public static readonly Table<Sole, BlockTime> BlockTime = new(Section.Clocks, 0, Codecs.Sole, Codecs.BlockTime) { Upkeep = Beside.OfBlockTime, Fits = static (state, clock) => clock == new BlockTime(state.Height, state.Now) };
    public static readonly Table<PartyId, EnvelopeClock> Clocks = new(Section.Clocks, 1, Codecs.Party, Codecs.Clock);
    public static readonly Table<Sole, OrderingEpoch> Ordering = new(Section.Clocks, 2, Codecs.Sole, Codecs.Ordering) { Fits = static (state, epoch) => epoch.FirstHeight <= state.Height };
    public static readonly Table<(PartyId Party, DateOnly Day), Attempts> Attempts = new(Section.Quotas, 1, Codecs.PartyAndDay, Codecs.Attempts) { Upkeep = Beside.OfAttempts };
    public static readonly Table<(PartyId Party, Currency Currency), Spending> Spendings = new(Section.Quotas, 2, Codecs.PartyAndCurrency, Codecs.Spending);
    public static readonly Table<PartyId, uint> LongLivedIds = new(Section.Quotas, 3, Codecs.Party, Codecs.LongLived);
    public static readonly Table<Id<Proposal>, Proposal> Proposals = new(Section.Proposals, 1, Codecs.Id, Codecs.Proposal) { Deadlines = [Due.ProposalExpires, Due.ProposalDue, Due.ProposalLeaves], Upkeep = Beside.OfProposal };
    public static readonly Table<Sole, ValidatorChange> ValidatorChanges = new(Section.Proposals, 2, Codecs.Sole, Codecs.Change) { Fits = static (state, change) => change.Height <= state.Height };
    public static readonly Table<Sole, ProtocolVersion> Protocol = new(Section.Proposals, 3, Codecs.Sole, Codecs.Protocol) { Fits = static (state, version) => version.Height <= state.Height };
    public static readonly Table<string, Programme> Programmes = new(Section.Proposals, 4, Codecs.Text, Codecs.Programme);
    public static readonly Table<PartyId, Validator> Validators = new(Section.Validators, Codecs.Party, Codecs.Validator) { Upkeep = Beside.OfValidator };
    public static readonly Table<Fingerprint, Id<Document>> Fingerprints = new(Section.Fingerprints, Codecs.Fingerprint, Codecs.Numbered);
    public static readonly Table<Id<Freeze>, Freeze> Freezes = new(Section.Freezes, Codecs.Id, Codecs.Freeze) { Deadlines = [Due.FreezeEnds], Upkeep = Beside.OfFreeze };
    public static readonly Table<Id<Offer>, Pledge> Pledges = new(Section.Pledges, Codecs.Id, Codecs.Pledge) { Deadlines = [Due.PledgeLeaves] };
    public static readonly Table<string, Id<Instrument>> Numbers = new(Section.Numbers, Codecs.Text, Codecs.OfNumber);
    public static readonly Table<(string Text, DateOnly ValueDate), BankReference> References = new(Section.Payments, 1, Codecs.TextAndDay, Codecs.Reference) { Deadlines = [Due.ReferencesLeave], Upkeep = Beside.OfReference };
    public static readonly Table<Id<Instrument>, Maturity> Maturities = new(Section.Payments, 2, Codecs.Id, Codecs.Maturity) { Deadlines = [Due.PaymentOverdue] };
    public static readonly Table<Id<Payment>, Payment> Payments = new(Section.Payments, 3, Codecs.Id, Codecs.Payment) { Deadlines = [Due.AnnouncementEnds, Due.PaymentLeaves], Upkeep = Beside.OfPayment };
    public static readonly Table<Id<Attestation>, Attestation> Attestations = new(Section.Attestations, 1, Codecs.Id, Codecs.Attestation) { Deadlines = [Due.AttestationLeaves] };
    public static readonly Table<string, RegisterMessage> Messages = new(Section.Attestations, 2, Codecs.Text, Codecs.Message) { Upkeep = Beside.OfMessage };
    public static readonly Table<Id<Financing>, PledgeReservation> PledgeReservations = new(Section.Attestations, 3, Codecs.Id, Codecs.PledgeReservation);
    public static readonly Table<(PartyId Seller, Fingerprint Looks), ValueList<Id<Document>>> Skeletons = new(Section.Skeletons, Codecs.Skeleton, Codecs.Alike);
    public static readonly Table<Id<Measure>, Measure> Measures = new(Section.Measures, Codecs.Id, Codecs.Measure) { Deadlines = [Due.MeasureInForce, Due.MeasureLapses, Due.MeasureLeaves] };
    public static readonly Table<PartyId, Control> Controls = new(Section.Controls, Codecs.Party, Codecs.Control);

    /// <summary>All of them, by section and tag: in the order of their records.</summary>
    public static IReadOnlyList<Table> All { get; } =
    [
        .. typeof(Tables).GetFields().Select(static line => line.GetValue(null)).OfType<Table>().OrderBy(static table => table.Section).ThenBy(static table => table.Tag),
    ];

    // Sections are few and tags fewer.
    static readonly Table[][] BySection = [.. Enumerable.Range(0, Sections.Count + 1).Select(static section => All.Where(table => (int)table.Section == section).ToArray())];

    /// <summary>The table that a key is of; null for no table's.</summary>
    internal static Table? Of(Section section, ReadOnlySpan<byte> key)
    {
        if ((int)section >= BySection.Length) return null;
        foreach (var table in BySection[(int)section])
        {
            if (table.Tag is not { } tag || (key.Length > 0 && key[0] == tag)) return table;
        }

        return null;
    }
}
