using Ledger.Core.Primitives;
using Ledger.Node.Access;
using Ledger.Node.Notices;
using Ledger.Tests.Views;

namespace Ledger.Tests.Notices;

/// <summary>Everything that a party is ever told of a world that has a node.</summary>
static class NoticesOf
{
    public static Notice[] Party(World world, PartyId party) => All(world, (source, after) => source.After(after, party, static _ => true, 7));

    public static Notice[] Sight(World world, Sight sight) => All(world, (source, after) => source.After(after, sight, static _ => true, 7));

    static Notice[] All(World world, Func<LedgerNotices, NoticeId, NoticePage> next)
    {
        var loop = world.Node.Loop;
        loop.Reader.Views.ReachForSure(loop.Reader.View.Header.Height);
        var (source, all, at) = (new LedgerNotices(loop.Reader), new List<Notice>(), NoticeId.None);
        while (true)
        {
            var page = next(source, at);
            if (page.Through == at) return [.. all];
            all.AddRange(page.Notices);
            at = page.Through;
        }
    }
}
