using System.Buffers.Binary;
using System.Text.Json;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Nouns;
using Ledger.Node.Views;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>Where an item stands in a list's order. It does not move when others come and go, so that a page begins where the last one ended.</summary>
readonly record struct Place(UInt128 Major, UInt128 Minor) : IComparable<Place>
{
    public int CompareTo(Place other) => Major != other.Major ? Major.CompareTo(other.Major) : Minor.CompareTo(other.Minor);

    public string ToCursor()
    {
        Span<byte> bytes = stackalloc byte[32];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Major);
        BinaryPrimitives.WriteUInt128BigEndian(bytes[16..], Minor);
        return Base64Url.Encode(bytes);
    }

    public static bool TryReadCursor(string? cursor, out Place place)
    {
        place = default;
        if (!Base64Url.TryDecode(cursor, out var bytes) || bytes.Length != 32) return false;
        place = new(BinaryPrimitives.ReadUInt128BigEndian(bytes), BinaryPrimitives.ReadUInt128BigEndian(bytes.AsSpan(16)));
        return true;
    }
}

/// <summary>
/// A page of a list: at most <c>limit</c> items, after the one that <c>cursor</c> names. <c>next</c> is the cursor of the following page; where it is
/// missing the list has ended. Only what a page needs is read, however long the list is, and what is read is the caller's own wherever not all of it is.
/// </summary>
static class Page
{
    public const string Cursor = "cursor";
    public const string Limit = "limit";

    // Of what a page leaves out no more than this is looked at for it: who may see little of a long list gets what was found so far, and a cursor.
    const int MostLookedAt = 1_000;

    /// <summary>A page of what belongs to the party that the path names.</summary>
    public static IResult OfParty<TNoun, T>(HttpRequest request, LedgerReader ledger, Problems problems, Noun<TNoun, T> noun, Func<PartyId, Slice, ulong, Piece<TNoun>> ids)
        where T : class
    {
        if (!PartyId.TryParse(Query.Path(request, "id"), out var party)) return problems.Of(Refusal.QueryInvalid, "id");
        if (!Query.TryRead(request, [Cursor, Limit, Moment.Parameter], out var query, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        return ledger.View.State.Party(party) is null
            ? problems.Of(Refusal.NotFound)
            : OfNouns(request, ledger, problems, query, noun, (slice, height) => ids(party, slice, height));
    }

    /// <summary>A page of nouns, in the order of their ids' list.</summary>
    public static IResult OfNouns<TNoun, T>(HttpRequest request, LedgerReader ledger, Problems problems, Query query, Noun<TNoun, T> noun, Func<Slice, ulong, Piece<TNoun>> ids)
        where T : class
    {
        if (Moment.Of(request, ledger, problems, out var problem) is not { } moment) return problem ?? problems.Of(Refusal.HeightNotReached);
        return Answer(
            problems, query, moment.View, noun.List.Name,
            (after, limit) =>
            {
                var found = ids(new(after.Major, limit, query.Sight.SeesBy(noun.Guard.Resource)), moment.Height);
                var at = new At(moment.StateOf(found.Select(noun.Guard.Thing)), query.Sight);
                return new Fetched(
                    [.. found.Select(id => noun.Guard.Find(at.State, id) is { } one ? Line.Of(noun, one, new(id.Value, 0), at) : Line.Gone(new(id.Value, 0)))],
                    found.Through is { } through ? new(through.Value, 0) : null);
            });
    }

    /// <summary>A page of what is fetched in pieces that end where fewer come than were asked for.</summary>
    public static IResult Answer(Problems problems, Query query, NodeView view, string name, Func<Place, int, IReadOnlyList<Line>> fetch) =>
        Answer(problems, query, view, name, (after, limit) =>
        {
            var lines = fetch(after, limit);
            return new Fetched(lines, lines.Count < limit ? null : lines[^1].Place);
        });

    /// <summary>
    /// A page of whatever <paramref name="fetch"/> finds after a place, which is all zero for the beginning. What is not for the caller is passed over,
    /// and more is fetched in its place, up to a bound; then the page is short, or empty, and has a <c>next</c> all the same.
    /// </summary>
    public static IResult Answer(Problems problems, Query query, NodeView view, string name, Func<Place, int, Fetched> fetch)
    {
        if (!query.TryLimit(out var limit)) return problems.Of(Refusal.QueryInvalid, Limit);
        var after = default(Place);
        if (query[Cursor] is { } cursor && !Place.TryReadCursor(cursor, out after)) return problems.Of(Refusal.QueryInvalid, Cursor);

        var sight = query.Sight;
        var found = new List<Line>();
        var (through, looked) = ((Place?)after, 0);
        while (through is { } from && found.Count <= limit && looked < MostLookedAt)
        {
            var fetched = fetch(from, limit + 1);
            through = fetched.Through;

            // A piece that is short and yet not the last was long in looking.
            if (fetched.Lines.Count <= limit) looked = MostLookedAt;
            sight.Expect(fetched.Lines.Select(line => line.Thing).OfType<Guarded>());
            foreach (var line in fetched.Lines)
            {
                looked++;
                if (line.Thing?.IsSeen(sight) == true) found.Add(line);
            }
        }

        var next = found.Count > limit ? found[limit - 1].Place : through;
        foreach (var line in found.Take(limit)) line.Thing?.Show(sight);
        return JsonAnswer.Object(json =>
        {
            json.Objects(name, found.Take(limit), static (json, line) => line.Members(json));
            if (next is { } place) json.WriteString("next", place.ToCursor());
            json.AsOf(view);
        });
    }
}

/// <summary>A piece of a list, and after which place it goes on; null where it has ended.</summary>
readonly record struct Fetched(IReadOnlyList<Line> Lines, Place? Through);

/// <summary>One thing of a list, null for what is no more there or is not shown: where it stands, and how it is written.</summary>
readonly record struct Line(Guarded? Thing, Place Place, Action<Utf8JsonWriter> Members)
{
    public static Line Of<T>(Noun<T> noun, T thing, Place place, At at) => new(noun.Guard.Guarding(thing), place, json => noun.Write(json, thing, at));

    public static Line Gone(Place place) => new(null, place, static _ => { });
}
