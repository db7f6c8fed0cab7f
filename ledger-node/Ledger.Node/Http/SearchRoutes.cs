using System.Collections.Frozen;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Documents;
using Ledger.Node.Nouns;
using Ledger.Node.Views;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary><c>GET /v1/search?q=</c>: whatever a text can stand for, each hit with its type and why it was found. What is not for the caller is no hit.</summary>
static class SearchRoutes
{
    // Hits whose key is an id, by what they are called.
    static readonly FrozenDictionary<string, IGuard> Nouns = new Dictionary<string, IGuard>
    {
        ["instrument"] = Guards.Instrument,
        ["offer"] = Guards.Offer,
        ["measure"] = Guards.Measure,
        ["pledge"] = Guards.Pledge,
        ["financing"] = Guards.Financing,
        ["document"] = Guards.Document,
        ["payment"] = Guards.Payment,
        ["line"] = Guards.Line,
    }.ToFrozenDictionary();

    public static void Map(RouteTable v1, LedgerReader ledger, DocumentService documents, Problems problems) =>
        v1.Get("/search", "search", Resource.Search, "全文与标识检索", "What a text can stand for: numbers, ids, hashes, names", context => Find(context.Request, ledger, documents, problems))
            .With("q", Schema.Text, "检索内容", "what to look for", required: true)
            .AtHeight()
            .Answering(Schema.Object(
                "Hits",
                [
                    new("hits", Schema.List(Schema.Object("Hit", Member.Text("type"), Member.Text("key"), Member.Text("why"), Member.Text("text").Optional))), .. Schema.AsOf,
                ]));

    static IResult Find(HttpRequest request, LedgerReader ledger, DocumentService documents, Problems problems)
    {
        if (!Query.TryRead(request, ["q", Moment.Parameter], out var query, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        if (query["q"] is not { Length: > 0 and <= LedgerViews.LongestSearch } text) return problems.Of(Refusal.QueryInvalid, "q");
        if (Moment.Of(request, ledger, problems, out var problem) is not { } moment) return problem ?? problems.Of(Refusal.HeightNotReached);
        var hits = ledger.Views.Search(text, moment.Height, number => documents.FingerprintsOf(ledger.View.State, number)).Where(hit => IsSeen(hit, ledger, query.Sight)).ToArray();
        return JsonAnswer.Object(json =>
        {
            json.Objects("hits", hits, static (json, hit) =>
            {
                json.WriteString("type", hit.Type);
                json.WriteString("key", hit.Key);
                json.WriteString("why", hit.Why);
                json.Text("text", hit.Text);
            });
            json.AsOf(moment.View);
        });
    }

    static bool IsSeen(Hit hit, LedgerReader ledger, Sight sight)
    {
        if (Nouns.TryGetValue(hit.Type, out var guard)) return IsShown(guard.Under(ledger, hit.Key));
        switch (hit.Type)
        {
            case "block":
                return sight.Of(Resource.Block) != Extent.Nothing;
            case "party" or "key":
                return sight.Of(Resource.Party) != Extent.Nothing;
            case "entry":
                return ulong.TryParse(hit.Key, out var leaf) && ledger.HeightOf(leaf) is { } height && ledger.Block(height) is { } block
                    && EntryJson.IsSeen(sight, ledger.Genesis, block, leaf);
            case "token" when hit.Key.Split(':') is [var id, var run] && Id<Instrument>.TryParse(id, out var whole) && Interval.TryParse(run, out var units):
                var state = ledger.StateWith(ThingRef.To(whole));
                return state.Instrument(whole) is { } instrument && sight.Sees(Guards.Instrument, instrument)
                    && state.Tokens(whole) is { } tokens && tokens.Touching(units).ToArray().All(token => sight.Sees(instrument, token));

            // What is part of something is found by who may see that.
            case "freeze" when Id<Freeze>.TryParse(hit.Key, out var freeze):
                return ledger.View.State.Freeze(freeze) is { } frozen && IsShown(Guards.Instrument.Under(ledger, frozen.Instrument));
            case "attestation" when Id<Attestation>.TryParse(hit.Key, out var attestation):
                return ledger.StateWith(ThingRef.To(attestation)).Attestation(attestation) is { } said && IsShown(Guards.Financing.Under(ledger, said.Financing));
            default:
                return sight.SeesAll(Resource.Entry);
        }

        bool IsShown(Guarded? found)
        {
            if (found?.IsSeen(sight) != true) return false;
            found.Show(sight);
            return true;
        }
    }
}
