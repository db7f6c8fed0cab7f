using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Node.Views;

/// <summary>What a party holds, owes, lent and borrowed, in sums by currency.</summary>
static class Portfolios
{
    public static Portfolio Of(Sql sql, ChainParameters chain, ulong height, PartyId party)
    {
        var owner = Things.Find(sql, party);
        var sums = new List<Sum>();
        sums.AddRange(Units("held", sql["""
            SELECT i.currency, SUM(t.last-t.first+1), COUNT(DISTINCT t.instrument) FROM tokens t JOIN instruments i ON i.thing=t.instrument
            WHERE t.holder=?1 AND t.to_height>?2 AND t.from_height<=?2 AND t.state=1 GROUP BY 1 ORDER BY 1
            """].With(owner).With(height)));
        sums.AddRange(Units("owing", sql["""
            SELECT i.currency, SUM(t.last-t.first+1), COUNT(DISTINCT t.instrument) FROM lists l JOIN instruments i ON i.thing=l.thing
            JOIN tokens t ON t.instrument=l.thing WHERE l.list=?3 AND l.owner=?1 AND l.to_height>?2 AND l.from_height<=?2
            AND t.to_height>?2 AND t.from_height<=?2 AND t.state=1 GROUP BY 1 ORDER BY 1
            """].With(owner).With(height).With((long)ListOf.Owing)));

        var point = new PointInTime(sql, chain, height);
        var ids = Lists.Of(sql, height, ListOf.Lent, owner).Select(thing => Things.IdOf<Financing>(sql, thing)).ToArray();
        foreach (var id in ids) point.AddAlone(ThingKey.Of(id));
        var state = point.State();
        var lent = ids.Select(state.Financing).OfType<Financing>().ToArray();
        sums.AddRange(Principals("lent", lent.Where(financing => financing.Financier == party)));
        sums.AddRange(Principals("borrowed", lent.Where(financing => financing.Applicant == party)));
        return new([.. sums]);
    }

    static List<Sum> Units(string kind, Statement rows) =>
        rows.All(row => new Sum(kind, Currency.TryParse(row.Text(0), out var currency) ? currency : default, (UInt128)row.ULong(1), row.Long(2)));

    static IEnumerable<Sum> Principals(string kind, IEnumerable<Financing> financings) => financings.GroupBy(financing => financing.Currency)
        .OrderBy(group => group.Key.Code, StringComparer.Ordinal)
        .Select(group => new Sum(kind, group.Key, group.Aggregate(UInt128.Zero, (sum, financing) => sum + financing.Principal.Minor), group.Count()));
}
