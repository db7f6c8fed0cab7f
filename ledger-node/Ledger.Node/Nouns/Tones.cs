using Ledger.Core.Instruments;
using Ledger.Core.Parties;

namespace Ledger.Node.Nouns;

/// <summary>A badge's tone says at a glance whether something waits, went well or went wrong; its word says it too.</summary>
public static class Tones
{
    const string Good = "good", Bad = "bad", Waits = "warn", Over = "over";

    public static string Of(InstrumentStatus status) => status switch
    {
        InstrumentStatus.Requested or InstrumentStatus.Offered => Waits,
        InstrumentStatus.Confirmed or InstrumentStatus.Active => Good,
        InstrumentStatus.Disputed => Bad,
        InstrumentStatus.Cancelled or InstrumentStatus.Settled => Over,
    };

    public static string Of(UnitStanding standing) => standing switch
    {
        UnitStanding.Held => Good,
        UnitStanding.InTransfer or UnitStanding.InFinancing or UnitStanding.Pledged or UnitStanding.Presented or UnitStanding.Due => Waits,
        UnitStanding.Frozen or UnitStanding.InRecourse or UnitStanding.Locked or UnitStanding.Overdue => Bad,
        UnitStanding.Redeemed or UnitStanding.Extinguished => Over,
    };

    public static string Of(OfferStatus status) => status switch
    {
        OfferStatus.Open or OfferStatus.AwaitsRegister => Waits,
        OfferStatus.Accepted => Good,
        OfferStatus.Declined or OfferStatus.Dismissed => Bad,
        OfferStatus.Withdrawn or OfferStatus.Expired or OfferStatus.Lapsed => Over,
    };

    public static string Of(MeasureStatus status) => status switch
    {
        MeasureStatus.Standing or MeasureStatus.Contested => Waits,
        MeasureStatus.InForce => Good,
        MeasureStatus.Dismissed => Bad,
        MeasureStatus.Ended => Over,
    };

    public static string Of(ProposalStatus status) => status switch
    {
        ProposalStatus.Open or ProposalStatus.Adopted => Waits,
        ProposalStatus.Enacted => Good,
        ProposalStatus.Rejected or ProposalStatus.Overtaken => Bad,
        ProposalStatus.Expired or ProposalStatus.Withdrawn => Over,
    };

    public static string Of(PaymentStatus status) => status switch
    {
        PaymentStatus.Received => Good,
        PaymentStatus.Announced => Waits,
        _ => Bad,
    };

    public static string Of(Standing standing) => standing == Standing.Active ? Good : Bad;

    public static string Of(FinancingStatus status) => status switch
    {
        FinancingStatus.Applied or FinancingStatus.Approved or FinancingStatus.Registered => Waits,
        FinancingStatus.Disbursed => Good,
        FinancingStatus.Reversed or FinancingStatus.Corrected => Bad,
        _ => Over,
    };
}
