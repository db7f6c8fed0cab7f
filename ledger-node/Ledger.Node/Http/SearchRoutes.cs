using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Documents;
using Ledger.Node.Views;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary><c>GET /v1/search?q=</c>: whatever a text can stand for, each hit with its type and why it was found. What is not for the caller is no hit.</summary>
static class SearchRoutes
{
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
        var hits = ledger.Views.Search(text, moment.Height, documents.FingerprintsOf).Where(hit => IsSeen(hit, ledger, query.Sight)).ToArray();
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
        var state = ledger.View.State;
        return hit.Type switch
        {
            "block" => sight.Of(Resource.Block) != Extent.Nothing,
            "party" or "key" => sight.Of(Resource.Party) != Extent.Nothing,
            "entry" => ulong.TryParse(hit.Key, out var leaf) && ledger.HeightOf(leaf) is { } height && ledger.Block(height) is { } block
                && EntryJson.IsSeen(sight, ledger.Genesis, block, leaf),
            "instrument" => Is(With(ThingRef.To(IdOf<Instrument>(hit))).Instrument(IdOf<Instrument>(hit))),
            "token" => With(ThingRef.To(IdOf<Instrument>(hit))).Instrument(IdOf<Instrument>(hit)) is { } instrument && sight.Sees(instrument)
                && Interval.TryParse(hit.Key.AsSpan(hit.Key.IndexOf(':', StringComparison.Ordinal) + 1), out var units)
                && With(ThingRef.To(instrument.Id)).Tokens(instrument.Id) is { } tokens && tokens.Touching(units).ToArray().All(token => sight.Sees(instrument, token)),
            "offer" => Is(With(ThingRef.To(IdOf<Offer>(hit))).Offer(IdOf<Offer>(hit))),
            "pledge" => Is(With(ThingRef.ToPledge(IdOf<Offer>(hit))).Pledge(IdOf<Offer>(hit))),
            "financing" => Is(With(ThingRef.To(IdOf<Financing>(hit))).Financing(IdOf<Financing>(hit))),
            "document" => Is(state.Document(IdOf<Document>(hit))),
            "payment" => Is(With(ThingRef.To(IdOf<Payment>(hit))).Payment(IdOf<Payment>(hit))),
            "line" => Is(state.Line(IdOf<CreditLine>(hit))),
            "freeze" => Is(state.Freeze(IdOf<Freeze>(hit)) is { } freeze ? state.Instrument(freeze.Instrument) : null),
            "measure" => Is(With(ThingRef.To(IdOf<Measure>(hit))).Measure(IdOf<Measure>(hit))),
            "attestation" => Is(With(ThingRef.To(IdOf<Attestation>(hit))).Attestation(IdOf<Attestation>(hit)) is { } attestation ? With(ThingRef.To(attestation.Financing)).Financing(attestation.Financing) : null),
            _ => sight.SeesAll(Resource.Entry),
        };

        LedgerState With(ThingRef thing) => ledger.StateWith(thing);

        bool Is(object? noun)
        {
            if (noun is null || !sight.Sees(noun)) return false;
            sight.Show(noun);
            return true;
        }
    }

    static Id<TNoun> IdOf<TNoun>(Hit hit) => Id<TNoun>.TryParse(hit.Key.AsSpan(0, Math.Min(hit.Key.Length, 22)), out var id) ? id : default;
}
