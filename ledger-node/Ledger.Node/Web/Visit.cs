using System.Globalization;
using Ledger.Client.Text;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Nouns;
using Ledger.Node.Private;
using Ledger.Node.Views;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Web;

/// <summary>One request for a page: who asks, in which language, and the ledger as of one height, so that no page contradicts itself.</summary>
public sealed class Visit
{
    public const string LanguageCookie = "language";
    public const string ThemeCookie = "theme";

    /// <summary>The parameter that names the height as of which a page is wanted.</summary>
    public const string Height = "height";

    readonly HttpContext context;

    readonly HashSet<ThingRef> recalled = [];

    public Visit(HttpContext context, LedgerReader ledger, DisclosureDesk? disclosures, Assets assets, Sight sight, string origin, Func<string, IEnumerable<Fingerprint>> fingerprints, bool goesBack = false)
    {
        this.context = context;
        (Ledger, Disclosures) = (ledger, disclosures);
        Assets = assets;
        Sight = sight;
        Origin = origin;
        Fingerprints = fingerprints;
        GoesBack = goesBack;
        View = ledger.View;
        if (goesBack && Query(Height) is { } text && View.Header.Height.ToString(CultureInfo.InvariantCulture) != text) GoTo(text);
        Language = LanguageOf(context.Request);
        Theme = context.Request.Cookies[ThemeCookie] is "light" or "dark" ? context.Request.Cookies[ThemeCookie] : null;
        Library = new(this);
        Reader = new(Language, OffsetMinutes, Name);
    }

    public LedgerReader Ledger { get; }

    /// <summary>What this bank was shown of hidden terms; null where it keeps none.</summary>
    public DisclosureDesk? Disclosures { get; }

    public Assets Assets { get; }

    /// <summary>What the visitor may see, and a note of whose data it was shown.</summary>
    public Sight Sight { get; }

    /// <summary>The party that signed in, or for which somebody did.</summary>
    public PartyId? Party => Sight.Caller.How == CallerKind.Pass ? Sight.Caller.Principal : null;

    /// <summary>As of when the page is. The state of a height that is past has only what was recalled.</summary>
    public NodeView View { get; private set; }

    /// <summary>Whether this page can be had as of an earlier height.</summary>
    public bool GoesBack { get; }

    public bool IsPast { get; private set; }

    /// <summary>The height that was asked for is none that this ledger has had.</summary>
    public bool IsHeightUnknown { get; private set; }

    /// <summary>The fingerprints of a document's number, which only a bank that has the keys can make.</summary>
    public Func<string, IEnumerable<Fingerprint>> Fingerprints { get; }

    public LedgerState State => View.State;

    public Language Language { get; }

    /// <summary>Light or dark where the reader chose one, null where the system's choice holds.</summary>
    public string? Theme { get; }

    public Library Library { get; }

    /// <summary>Who reads what the nouns tell of themselves.</summary>
    public Reader Reader { get; }

    /// <summary>What the page turned out to be; 404 where the thing does not exist or is nobody else's business.</summary>
    public int Status { get; private set; } = StatusCodes.Status200OK;

    /// <summary>This page's own address, safe to be led to.</summary>
    public string Path => LocalAddress.Of(context.Request.Path.ToUriComponent());

    /// <summary>Path and query, to come back to.</summary>
    public string Here => LocalAddress.Of(Path + context.Request.QueryString);

    /// <summary>Where the reader found this node: for addresses that leave the page, as on paper.</summary>
    public string Origin { get; }

    public int OffsetMinutes => Ledger.Genesis.Chain.OffsetMinutes;

    public string this[Word word] => word.In(Language);

    public string this[Word word, params ReadOnlySpan<object?> values] => word.In(Language, values);

    public string Tag => Language == Language.Chinese ? "zh-CN" : "en";

    public string? Query(string name) => context.Request.Query[name] is { Count: 1 } value && !string.IsNullOrEmpty(value) ? value.ToString().Trim() : null;

    public string Route(string name) => context.Request.RouteValues[name] as string ?? "";

    public ulong? RouteNumber(string name) =>
        ulong.TryParse(Route(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    public void Refuse(int status) => Status = status;

    /// <summary>Marks the page as one that is not there, and is false, so that a page can end its search with it.</summary>
    public bool Missing()
    {
        Status = StatusCodes.Status404NotFound;
        return false;
    }

    public string Time(Timestamp time) => Figures.Time(time, OffsetMinutes);

    /// <summary>A party by its name, or by its number where the ledger knows none.</summary>
    public string Name(PartyId party) => (State.Party(party) ?? Ledger.View.State.Party(party))?.Name ?? party.Text;

    /// <summary>Before things of an earlier height are read: the state then has them, as they were.</summary>
    public void Recall(params IEnumerable<ThingRef> things)
    {
        if (!IsPast) return;
        var isMore = false;
        foreach (var thing in things) isMore |= recalled.Add(thing);
        if (isMore) View = View with { State = Ledger.Views.StateAt(View.Header.Height, recalled) };
    }

    /// <summary>A verb of the wire as people call it.</summary>
    public string Verb(string verb) => VerbText.Of(verb, Language);

    public string Sentence(Refusal refusal) => RefusalText.Of(refusal, Facts.None, Language, OffsetMinutes);

    /// <summary>This address with some of its parameters changed; null takes one away.</summary>
    public string With(params ReadOnlySpan<(string Name, string? Value)> changes)
    {
        var query = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (name, value) in context.Request.Query) query[name] = value.ToString();
        foreach (var (name, value) in changes) query[name] = value;
        return Path + QueryString.Create(query.Where(pair => !string.IsNullOrEmpty(pair.Value)));
    }

    /// <summary>The address's parameters but these, for a form that keeps them.</summary>
    public IEnumerable<(string Name, string Value)> Rest(params string[] but) =>
        context.Request.Query.Where(pair => !but.Contains(pair.Key) && !string.IsNullOrEmpty(pair.Value)).Select(pair => (pair.Key, pair.Value.ToString()));

    void GoTo(string text)
    {
        if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var height) && height < View.Header.Height
            && Ledger.Block(height) is { } block && Ledger.Checkpoint(height) is { } note)
        {
            View = new(new LedgerState(Ledger.Genesis.Chain).At(height, block.Header.Time), block.Header, note);
            IsPast = true;
            return;
        }

        IsHeightUnknown = true;
    }

    static Language LanguageOf(HttpRequest request) => request.Cookies[LanguageCookie] switch
    {
        "zh-CN" => Language.Chinese,
        "en" => Language.English,
        _ => Preferred(request.Headers.AcceptLanguage.ToString()),
    };

    // The first of the reader's languages that we have; where it names none, Chinese.
    static Language Preferred(string accepted)
    {
        foreach (var one in accepted.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (one.StartsWith("zh", StringComparison.OrdinalIgnoreCase)) return Language.Chinese;
            if (one.StartsWith("en", StringComparison.OrdinalIgnoreCase)) return Language.English;
        }

        return Language.Chinese;
    }
}
