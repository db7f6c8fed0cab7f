using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Nouns;
using Ledger.Node.Views;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>
/// What happened: <c>/v1/instruments/{id}/history</c> and <c>/tree</c>, <c>/v1/parties/{id}/entries</c>, <c>/v1/entries</c> and <c>/v1/blocks</c>; histories
/// oldest first, the others newest first.
/// </summary>
static class HistoryRoutes
{
    static readonly Schema NodeSchema = Schema.Object(
        "TreeNode", Member.Number("number"), Member.Number("parent").Optional, Member.Id("act"), Member.Names<TransferCause>("cause"), Member.Party("from"), Member.Party("to"),
        Member.Interval("units"), Member.Units("kept"), Member.Number("depth"), Member.Time("at"), Member.Number("height"), Member.Number("leaf"));

    public static void Map(RouteTable v1, LedgerReader ledger, Problems problems)
    {
        v1.Get("/instruments/{id}/history", "getInstrumentHistory", Resource.Instrument, "一张凭证的全部记录", "The entries and deadlines that touched an instrument, oldest first", context => OfInstrument(context.Request, ledger, problems))
            .AtHeight().Paged(Shown.Step);
        v1.Get("/instruments/{id}/tree", "getInstrumentTree", Resource.Instrument, "份额由开立到各持有人的流转树", "Where its units went, from the issue to all who have some", context => Tree(context.Request, ledger, problems))
            .AtHeight().Answering(Schema.Object("Tree", [Member.Id("instrument"), new("nodes", Schema.List(NodeSchema)), .. Schema.AsOf]));
        v1.Get("/parties/{id}/entries", "listEntriesOfParty", Resource.Entry, "与参与方有关的交易，由新到旧", "Entries that a party signed or that concern it, newest first", context => OfParty(context.Request, ledger, problems))
            .AtHeight().Paged("entries", Shown.Step.Schema);
        v1.Get("/entries", "listEntries", Resource.Entry, "可见的交易，由新到旧", "Entries that the caller may see, newest first", context => Entries(context.Request, ledger, problems))
            .AtHeight().Paged("entries", Shown.Step.Schema);
        v1.Get("/blocks", "listBlocks", Resource.Block, "区块，由新到旧", "Blocks, newest first", context => Blocks(context.Request, ledger, problems))
            .AtHeight().Paged("blocks", Schema.Object("BlockBrief", Member.Number("height"), Member.Time("time"), Member.Number("firstLeaf"), Member.Number("entryCount"), Member.Hash("headerHash")));
    }

    static IResult OfInstrument(HttpRequest request, LedgerReader ledger, Problems problems)
    {
        if (!Id<Instrument>.TryParse(Query.Path(request, "id"), out var id)) return problems.Of(Refusal.QueryInvalid, "id");
        if (!Query.TryRead(request, [Page.Cursor, Page.Limit, Moment.Parameter], out var query, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        if (Moment.Of(request, ledger, problems, out var problem) is not { } moment) return problem ?? problems.Of(Refusal.HeightNotReached);
        if (moment.StateOf(ThingRef.To(id)).Instrument(id) is not { } instrument || !query.Sight.Sees(Guards.Instrument, instrument)) return problems.Of(Refusal.NotFound);
        var seen = new SeenSteps(ledger, query.Sight);
        return Page.Answer(problems, query, moment.View, "steps", (after, limit) =>
            [.. ledger.Views.History(ThingRef.To(id), moment.Height, (ulong)after.Major, (uint)after.Minor, limit, query.Sight.SeesBy(Resource.Entry))
                .Select(step => seen.LineOf(step, new(step.Leaf, step.Number)))]);
    }

    static IResult OfParty(HttpRequest request, LedgerReader ledger, Problems problems)
    {
        if (!PartyId.TryParse(Query.Path(request, "id"), out var party)) return problems.Of(Refusal.QueryInvalid, "id");
        if (!Query.TryRead(request, [Page.Cursor, Page.Limit, Moment.Parameter], out var query, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        if (ledger.View.State.Party(party) is null) return problems.Of(Refusal.NotFound);
        return Newest(request, ledger, problems, query, party);
    }

    static IResult Entries(HttpRequest request, LedgerReader ledger, Problems problems)
    {
        if (!Query.TryRead(request, [Page.Cursor, Page.Limit, Moment.Parameter], out var query, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        return Newest(request, ledger, problems, query, query.Sight.SeesAll(Resource.Entry) ? default : query.Sight.Caller.Principal);
    }

    // Newest first: places count down from the largest number.
    static IResult Newest(HttpRequest request, LedgerReader ledger, Problems problems, Query query, PartyId party)
    {
        if (Moment.Of(request, ledger, problems, out var problem) is not { } moment) return problem ?? problems.Of(Refusal.HeightNotReached);
        var seen = new SeenSteps(ledger, query.Sight);
        return Page.Answer(problems, query, moment.View, "entries", (after, limit) =>
        {
            var before = Down((ulong)after.Major);
            var (steps, through) = party == default
                ? Whole(ledger.Views.Entries(moment.Height, before, limit), limit)
                : ledger.Views.EntriesOf(party, moment.Height, before, limit, query.Sight.SeesBy(Resource.Entry));
            return new Fetched([.. steps.Select(step => seen.LineOf(step, new(Down(step.Leaf), 0)))], through is { } last ? new(Down(last), 0) : null);
        });
    }

    static IResult Blocks(HttpRequest request, LedgerReader ledger, Problems problems)
    {
        if (!Query.TryRead(request, [Page.Cursor, Page.Limit, Moment.Parameter], out var query, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        if (Moment.Of(request, ledger, problems, out var problem) is not { } moment) return problem ?? problems.Of(Refusal.HeightNotReached);
        return Page.Answer(problems, query, moment.View, "blocks", (after, limit) =>
        {
            // The block of the cursor was shown; block 0 is the last.
            var before = Down((ulong)after.Major);
            if (before == 0) return [];
            return [.. ledger.Views.Blocks(Math.Min(before - 1, moment.Height), limit).Select(LineOf)];
        });
    }

    static Line LineOf(BlockRow block) => new(Guards.Block.Guarding(block), new(Down(block.Height), 0), json =>
    {
        json.WriteNumber("height", block.Height);
        json.Time("time", block.Time);
        json.WriteNumber("firstLeaf", block.FirstLeaf);
        json.WriteNumber("entryCount", block.Entries);
        json.Hash("headerHash", block.Hash);
    });

    static (IReadOnlyList<HistoryStep> Found, ulong? Through) Whole(IReadOnlyList<HistoryStep> steps, int limit) => (steps, steps.Count < limit ? null : steps[^1].Leaf);

    static ulong Down(ulong number) => long.MaxValue - number;

    static IResult Tree(HttpRequest request, LedgerReader ledger, Problems problems)
    {
        if (!Id<Instrument>.TryParse(Query.Path(request, "id"), out var id)) return problems.Of(Refusal.QueryInvalid, "id");
        if (Moment.Of(request, ledger, problems, out var problem) is not { } moment) return problem ?? problems.Of(Refusal.HeightNotReached);
        var sight = FrontDoor.SightOf(request.HttpContext);
        if (moment.StateOf(ThingRef.To(id)).Instrument(id) is not { } instrument || !sight.Sees(Guards.Instrument, instrument)) return problems.Of(Refusal.NotFound);

        // A leg that is not shown leaves those below it without a parent; whose they were before is then not told.
        var nodes = ledger.Views.Tree(id, moment.Height).Where(one => sight.Part(instrument, one.Leg.From, one.Leg.To, [one.Units]).Count > 0).ToArray();
        var shown = nodes.Select(one => one.Number).ToHashSet();
        sight.Show([instrument.Obligor, .. nodes.SelectMany(one => new[] { one.Leg.From, one.Leg.To })]);
        return JsonAnswer.Object(json =>
        {
            json.Id("instrument", id);
            json.Objects("nodes", nodes, (json, one) =>
            {
                json.WriteNumber("number", one.Number);
                if (shown.Contains(one.Parent)) json.WriteNumber("parent", one.Parent);
                json.Id("act", one.Leg.Act);
                json.Name("cause", one.Leg.Cause);
                json.Party("from", one.Leg.From);
                json.Party("to", one.Leg.To);
                json.Interval("units", one.Units);
                json.Units("kept", one.Kept);
                json.WriteNumber("depth", one.Leg.Depth);
                json.Time("at", one.Leg.At);
                json.WriteNumber("height", one.Leg.Height);
                json.WriteNumber("leaf", one.Leg.Leaf);
            });
            json.AsOf(moment.View);
        });
    }

    /// <summary>Steps as lines of a list, those left out whose entries are not for the caller.</summary>
    sealed class SeenSteps(LedgerReader ledger, Sight sight)
    {
        Core.Chain.Block? last;

        public Line LineOf(HistoryStep step, Place place)
        {
            if (!sight.Sees(step))
            {
                if (step.Deadline is not null) return Line.Gone(place);
                if (last?.Header.Height != step.Height) last = ledger.Block(step.Height);
                if (last is not { } block || !EntryJson.IsSeen(sight, ledger.Genesis, block, step.Leaf)) return Line.Gone(place);
            }

            else
            {
                sight.Show(step.Party, step.Principal);
            }

            return Line.Of(Shown.Step, step, place, new(ledger.View.State, sight));
        }
    }
}
