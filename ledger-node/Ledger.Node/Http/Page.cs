using System.Buffers.Binary;
using System.Text.Json;
using Ledger.Core.Primitives;
using Ledger.Core.State;
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
/// missing the list has ended.
/// </summary>
static class Page
{
    public const string Cursor = "cursor";
    public const string Limit = "limit";

    /// <summary>A page of what belongs to the party that the path names.</summary>
    public static IResult OfParty<T>(
        HttpRequest request, Problems problems, NodeView view, string name, Func<PartyId, IEnumerable<T>> items, Func<T, Place> placeOf,
        Action<Utf8JsonWriter, T> members)
        where T : notnull
    {
        if (!PartyId.TryParse(Query.Path(request, "id"), out var party)) return problems.Of(Refusal.QueryInvalid, "id");
        if (!Query.TryRead(request, [Cursor, Limit], out var query, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        return view.State.Party(party) is null ? problems.Of(Refusal.NotFound) : Answer(problems, query, view, name, items(party), placeOf, members);
    }

    public static IResult Answer<T>(
        Problems problems, Query query, NodeView view, string name, IEnumerable<T> items, Func<T, Place> placeOf, Action<Utf8JsonWriter, T> members)
        where T : notnull
    {
        if (!query.TryLimit(out var limit)) return problems.Of(Refusal.QueryInvalid, Limit);
        Place? after = null;
        if (query[Cursor] is { } cursor)
        {
            if (!Place.TryReadCursor(cursor, out var read)) return problems.Of(Refusal.QueryInvalid, Cursor);
            after = read;
        }

        var sight = query.Sight;
        var rest = items.Where(item => sight.Sees(item)).Select(item => (Item: item, Place: placeOf(item)))
            .Where(one => after is not { } last || one.Place.CompareTo(last) > 0)
            .OrderBy(one => one.Place)
            .Take(limit + 1)
            .ToArray();
        foreach (var (item, _) in rest.Take(limit)) sight.Show(item);
        return JsonAnswer.Object(json =>
        {
            json.Objects(name, rest.Take(limit), (json, one) => members(json, one.Item));
            if (rest.Length > limit) json.WriteString("next", rest[limit - 1].Place.ToCursor());
            json.AsOf(view);
        });
    }
}
