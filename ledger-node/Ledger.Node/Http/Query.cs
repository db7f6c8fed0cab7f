using System.Globalization;
using Ledger.Core.Primitives;
using Ledger.Node.Access;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>A query whose every parameter is known and stands once: a misspelt filter must not answer with everything.</summary>
readonly struct Query
{
    public const int DefaultLimit = 100;
    public const int MaxLimit = 500;

    readonly IQueryCollection values;

    Query(HttpRequest request)
    {
        values = request.Query;
        Sight = FrontDoor.SightOf(request.HttpContext);
    }

    /// <summary>What the one who asks may see of what is found.</summary>
    public Sight Sight { get; }

    public string? this[string name] => values.TryGetValue(name, out var value) ? value.ToString() : null;

    /// <summary>Reads the query; <paramref name="wrong"/> names the first parameter that is unknown or stands twice.</summary>
    public static bool TryRead(HttpRequest request, ReadOnlySpan<string> known, out Query query, out string? wrong)
    {
        query = new(request);
        wrong = null;
        foreach (var (name, value) in request.Query)
        {
            if (known.Contains(name) && value.Count == 1) continue;
            wrong = name;
            return false;
        }

        return true;
    }

    /// <summary>The one parameter of these that is given, with the party that it names; false when none or several are, or it is no party.</summary>
    public bool TryParty(ReadOnlySpan<string> names, out string name, out PartyId party)
    {
        name = "";
        party = default;
        foreach (var one in names)
        {
            if (this[one] is null) continue;
            if (name.Length > 0) return false;
            name = one;
        }

        return PartyId.TryParse(this[name], out party);
    }

    /// <summary>How many items to answer with.</summary>
    public bool TryLimit(out int limit)
    {
        limit = DefaultLimit;
        return this["limit"] is not { } text
            || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= MaxLimit);
    }

    /// <summary>A part of the path.</summary>
    public static string Path(HttpRequest request, string name) => request.RouteValues[name] as string ?? "";

    public static bool TryPathNumber(HttpRequest request, string name, out ulong number) =>
        ulong.TryParse(Path(request, name), NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
