using Ledger.Core.Instruments;
using Ledger.Core.Primitives;

namespace Ledger.Node.Web;

/// <summary>
/// A piece of the bar: where it lies in a width of <see cref="IntervalBar.Width"/>, which units it stands for, and of which of the bar's holders;
/// the holder is null where several tokens had to be drawn as one.
/// </summary>
public sealed record BarPiece(int X, int Width, Interval Units, int? Holder, int Tokens, bool IsBurdened, bool IsLive, Token? Token);

/// <summary>
/// The interval bar of an instrument (子票区间): its units from 1 to N, to scale. Tokens too narrow to be seen are drawn together with their
/// neighbours and say how many they are, so that the picture stays readable whatever the number of splits.
/// </summary>
public sealed class IntervalBar
{
    public const int Width = 1200;

    // What is narrower can neither be pointed at nor told apart.
    const int Narrowest = 4;

    /// <summary>Colours and patterns there are; further holders share the last one and are told apart by their label.</summary>
    public const int Styles = 8;

    IntervalBar(IReadOnlyList<BarPiece> pieces, IReadOnlyList<(PartyId Id, ulong Units)> holders, ulong face) => (Pieces, Holders, Face) = (pieces, holders, face);

    public IReadOnlyList<BarPiece> Pieces { get; }

    /// <summary>Who holds units, or held them when they were paid, most units first.</summary>
    public IReadOnlyList<(PartyId Id, ulong Units)> Holders { get; }

    public ulong Face { get; }

    public static int StyleOf(int holder) => Math.Min(holder, Styles - 1);

    /// <summary>The bar of the tokens that are seen; what lies between them stays empty and says nothing of itself.</summary>
    public static IntervalBar Of(IReadOnlyList<Token> tokens, Amount whole, Timestamp now)
    {
        var sums = new Dictionary<PartyId, ulong>();
        foreach (var token in tokens) sums[token.Holder] = sums.GetValueOrDefault(token.Holder) + token.Units.Length;
        (PartyId Id, ulong Units)[] holders = [.. sums.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value))];
        var places = holders.Index().ToDictionary(one => one.Item.Id, one => one.Index);

        var face = whole.Minor;
        var pieces = new List<BarPiece>();
        var crowd = new List<Token>();
        foreach (var token in tokens)
        {
            if (crowd.Count > 0 && crowd[^1].Units.Last + 1 != token.Units.First) Draw(pieces, crowd, places, now, face);
            if (End(token.Units.Last, face) - Start(token.Units.First, face) < Narrowest)
            {
                crowd.Add(token);
                if (End(crowd[^1].Units.Last, face) - Start(crowd[0].Units.First, face) >= Narrowest) Draw(pieces, crowd, places, now, face);
                continue;
            }

            Draw(pieces, crowd, places, now, face);
            crowd.Add(token);
            Draw(pieces, crowd, places, now, face);
        }

        Draw(pieces, crowd, places, now, face);
        return new(pieces, holders, face);
    }

    static void Draw(List<BarPiece> pieces, List<Token> crowd, Dictionary<PartyId, int> places, Timestamp now, ulong face)
    {
        if (crowd.Count == 0) return;
        var units = new Interval(crowd[0].Units.First, crowd[^1].Units.Last);
        var x = Start(units.First, face);
        var one = crowd.TrueForAll(token => token.Holder == crowd[0].Holder) ? places[crowd[0].Holder] : (int?)null;
        pieces.Add(new(
            x, Math.Max(1, End(units.Last, face) - x), units, one, crowd.Count, crowd.Exists(token => IsBurdened(token, now)),
            crowd.Exists(token => token.State == UnitState.Live), crowd.Count == 1 ? crowd[0] : null));
        crowd.Clear();
    }

    static bool IsBurdened(Token token, Timestamp now)
    {
        if (token.State != UnitState.Live) return false;
        foreach (var burden in token.Encumbrances)
        {
            if (burden.BindsAt(now)) return true;
        }

        return false;
    }

    // Rounded at the borders and not in the lengths, so that neighbours meet.
    static int Start(ulong first, ulong face) => (int)((UInt128)(first - 1) * Width / face);

    static int End(ulong last, ulong face) => (int)((UInt128)last * Width / face);
}
