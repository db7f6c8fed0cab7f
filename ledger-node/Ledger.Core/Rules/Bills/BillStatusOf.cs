using System.Diagnostics;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

public static partial class Rulebook
{
    /// <summary>
    /// The register's two codes for an interval of a bill, or, without a token, for the package before it is delivered. An interval's follow from
    /// the date and from what burdens it, and are kept nowhere.
    /// </summary>
    public static BillPair BillStatusOf(LedgerState state, Instrument instrument, Token? token = null)
    {
        if (token is null) return PackageStatus(state, instrument);
        if (token.State != UnitState.Live) return new(BillStatus.Settled, BillFlow.Ended);

        var flow = instrument.Transferable ? BillFlow.Free : BillFlow.NotTransferable;
        foreach (var burden in token.Encumbrances)
        {
            if (burden.BindsAt(state.Now) && Weight(FlowUnder(burden.Kind)) > Weight(flow)) flow = FlowUnder(burden.Kind);
        }

        return new(state.Today >= instrument.DueDate ? BillStatus.Due : BillStatus.Held, flow);
    }

    internal static BillAttributes BillOf(Instrument instrument) => instrument.Bill ?? throw new UnreachableException();

    // An application or a drawing that ran out is over, whether or not its deadline has fired.
    static BillPair PackageStatus(LedgerState state, Instrument instrument)
    {
        if (IsDrawingOver(state, instrument)) return new(BillStatus.Ended, BillFlow.Ended);
        var bill = BillOf(instrument);
        var ranOut = bill.Flow == (byte)BillFlow.Locked
            && state.Offer(instrument.IssueOffer) is { Status: OfferStatus.Open } asked && asked.Expires <= state.Now;
        return new((BillStatus)bill.Status, ranOut ? BillFlow.AwaitsDelivery : (BillFlow)bill.Flow);
    }

    static BillFlow FlowUnder(EncumbranceKind kind) => kind switch
    {
        EncumbranceKind.Offer or EncumbranceKind.Reservation or EncumbranceKind.Commitment or EncumbranceKind.Freeze or EncumbranceKind.Mismatch => BillFlow.Locked,
        EncumbranceKind.Pledge => BillFlow.Pledged,
        EncumbranceKind.Presentation => BillFlow.Presented,
        EncumbranceKind.Recourse => BillFlow.InRecourse,
        EncumbranceKind.NotTransferable => BillFlow.NotTransferable,
        EncumbranceKind.Guarantee => BillFlow.Free,
    };

    // Of several burdens the one tells that says most about what comes next.
    static int Weight(BillFlow flow) => flow switch
    {
        BillFlow.NotTransferable => 1,
        BillFlow.Pledged => 2,
        BillFlow.Locked => 3,
        BillFlow.Presented => 4,
        BillFlow.InRecourse => 5,
        _ => 0,
    };

    /// <summary>Whether all of these units, or an undelivered package as a whole, stand as somebody says.</summary>
    internal static bool StandsAt(LedgerState state, Id<Instrument> id, Interval units, BillPair told)
    {
        var instrument = InstrumentNamed(state, id);
        if (state.Tokens(id) is not { } tokens)
            return units == Interval.OfWhole(instrument.Face) && BillTransitions.Agree(BillStatusOf(state, instrument), told);
        foreach (var token in tokens.Touching(units))
        {
            if (!BillTransitions.Agree(BillStatusOf(state, instrument, token), told)) return false;
        }

        return true;
    }
}
