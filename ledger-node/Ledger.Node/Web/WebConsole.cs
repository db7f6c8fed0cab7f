using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ledger.Client.Text;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Drafts;
using Ledger.Node.Health;
using Ledger.Node.Private;
using Ledger.Node.Views;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Ledger.Node.Web;

/// <summary>
/// The console: pages for people, drawn on the server in Chinese or English, beside the API and over the same ledger. It decides nothing, holds no
/// key, and changes nothing but through transactions that a browser signs and posts to the API.
/// </summary>
public sealed class WebConsole(
    LedgerReader ledger, DisclosureDesk? disclosures, DraftDesk? drafts, Gate gate, RateLimits limits, Doorkeeper keeper, Entrance entrance, TimeProvider time,
    Func<string, IEnumerable<Fingerprint>> fingerprints, Func<NodeStanding> standing)
{
    const string SessionCookie = "session";

    // What is over a form's bound shall reach the one who says so.
    const int Allowance = 64 * 1024;

    const int MostDrafts = 500;

    const string NothingRuns = "default-src 'none'; frame-ancestors 'none'";

    readonly Sessions sessions = new(time);
    readonly Assets assets = Assets.Load();
    readonly VerifyPage verify = VerifyPage.Load();

    public void Map(WebApplication app)
    {
        assets.Map(app, TakesFor);
        MapPages(app);

        // What is no address of the API is asked for by people: they get a page that says so. A wrong method stays what it is.
        app.Use((context, next) => context.GetEndpoint() is null && !context.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal) && IsReading(context.Request.Method)
            ? ServeAsync(context, Resource.Public, RateClass.Read, static (context, visit) => PageAnswer.WriteAsync<MissingPage>(context, visit))
            : next(context));
    }

    static bool IsReading(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method);

    void MapPages(IEndpointRouteBuilder app)
    {
        Page<OverviewPage>(app, "/", Resource.Instrument, RateClass.Heavy, goesBack: true);
        Page<TodoPage>(app, "/todo", Resource.Offer, goesBack: true);
        List(app, "/instruments", Resource.Instrument, Lists.Instruments, goesBack: true);
        Page<InstrumentPage>(app, "/instruments/{id}", Resource.Instrument, export: visit => visit.Library.Instrument(visit.Route("id")) is { } instrument
            ? TokenTables.Legs(visit, instrument, Interval.OfWhole(instrument.Face), Words.Lineage)
            : null, goesBack: true);
        Page<VoucherPage>(app, "/voucher/{instrument}", Resource.Token, goesBack: true);
        List(app, "/parties", Resource.Party, Lists.Parties, goesBack: true);
        Page<PartyPage>(app, "/parties/{id}", Resource.Party, export: visit => visit.Library.Party(visit.Route("id")) is { } party ? Portfolio.Holdings(visit, party.Id) : null, goesBack: true);
        List(app, "/offers", Resource.Offer, Lists.Offers, goesBack: true);
        Page<OfferPage>(app, "/offers/{id}", Resource.Offer, goesBack: true);
        Page<MeasurePage>(app, "/measures/{id}", Resource.Offer, goesBack: true);
        List(app, "/proposals", Resource.Party, Lists.Proposals, goesBack: true);
        Page<ProposalPage>(app, "/proposals/{id}", Resource.Party, goesBack: true);
        Page<GovernancePage>(app, "/governance", Resource.Party);
        List(app, "/financings", Resource.Financing, Lists.Financings, goesBack: true);
        Page<FinancingPage>(app, "/financings/{id}", Resource.Financing, goesBack: true);
        List(app, "/documents", Resource.Document, Lists.Documents, goesBack: true);
        Page<DocumentPage>(app, "/documents/{id}", Resource.Document, goesBack: true);
        List(app, "/attempts", Resource.Attempt, Lists.Attempts, goesBack: true);
        app.MapGet("/drafts", (HttpContext context) => ServeAsync(context, Resource.Draft, RateClass.Read, (context, visit) => PageAnswer.WriteAsync<DraftsPage>(context, visit, ("Drafts", SeenBy(visit)))));
        app.MapGet("/drafts/{party}/{id}", (HttpContext context) => ServeAsync(context, Resource.Draft, RateClass.Read, DraftAsync));
        Page<MatchesPage>(app, "/matches", Resource.Review, RateClass.Heavy);
        Post(app, "/matches/{number}", RateClass.Form, context => ServeAsync(context, Resource.Review, RateClass.Write, ReviewAsync));
        app.MapGet("/statistics", (HttpContext context) => ServeAsync(context, Resource.Statistics, RateClass.Heavy, StatisticsAsync, goesBack: true));
        List(app, "/blocks", Resource.Block, Lists.Blocks);
        Page<BlockPage>(app, "/blocks/{height}", Resource.Block);
        Page<EntryPage>(app, "/entries/{leaf}", Resource.Entry);
        app.MapGet("/nodes", (HttpContext context) => ServeAsync(context, Resource.Peers, RateClass.Read, NodesAsync));
        app.MapGet("/entries/{leaf}/receipt", context => ServeAsync(context, Resource.Entry, RateClass.Read, ReceiptAsync));
        Page<SearchPage>(app, "/search", Resource.Search, RateClass.Heavy);
        Page<SignInPage>(app, "/sign-in", Resource.Public);
        Page<SignOutPage>(app, "/sign-out", Resource.Public);
        Page<SignPage>(app, "/sign", Resource.Public);
        app.MapGet("/sign/things", context => ServeAsync(context, Resource.Public, RateClass.Heavy, static (context, visit) =>
        {
            PageAnswer.Guard(context.Response, NothingRuns);
            return TypedResults.Text(SignThings.Json(visit), "application/json", Encoding.UTF8).ExecuteAsync(context);
        }));
        app.MapGet("/verify", TakesFor(RateClass.Read, verify.WriteAsync));
        Post(app, "/preferences", RateClass.Form, PreferAsync);
        app.MapPost("/session", OfOwnPages(SignInAsync));
        Post(app, "/session/end", RateClass.Form, SignOutAsync);
    }

    // Whatever is posted is within a budget, whoever sends it and whatever becomes of it.
    void Post(IEndpointRouteBuilder app, string path, RateClass rate, RequestDelegate serve) => app.MapPost(path, TakesFor(rate, OfOwnPages(serve)));

    // A page elsewhere must not be able to sign its visitor in or out here, nor to change what he reads; and what a page of this node sends is small.
    RequestDelegate OfOwnPages(RequestDelegate serve) => context =>
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = SmallForm.Max + Allowance;
        if (entrance.IsOwnPage(context.Request)) return serve(context);
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    };

    // What is served to anybody is paid from his address's budget.
    RequestDelegate TakesFor(RateClass rate, RequestDelegate serve) => context =>
    {
        if (limits.TryTake(CallerAddress.Network(context.Connection.RemoteIpAddress), rate, out var later)) return serve(context);
        context.Response.Headers.RetryAfter = TurnedAway.SecondsOf(later);
        return AnswerAsync(context, Refusal.TooManyRequests, StatusCodes.Status429TooManyRequests);
    };

    void Page<TPage>(IEndpointRouteBuilder app, string path, Resource resource, RateClass rate = RateClass.Read, Func<Visit, Sheet?>? export = null, bool goesBack = false)
        where TPage : IComponent => app.MapGet(path, (HttpContext context) => ServeAsync(context, resource, rate, async (context, visit) =>
    {
        if (export is not null && visit.Query("format") is { } format && export(visit) is { } sheet) await ExportAsync(context, visit, sheet, format);
        else await PageAnswer.WriteAsync<TPage>(context, visit);
    }, goesBack));

    void List(IEndpointRouteBuilder app, string path, Resource resource, Func<Visit, Listing> of, bool goesBack = false) =>
        app.MapGet(path, (HttpContext context) => ServeAsync(context, resource, RateClass.Heavy, async (context, visit) =>
        {
            var list = of(visit);
            if (visit.Query("format") is { } format) await ExportAsync(context, visit, list.Sheet, format);
            else await PageAnswer.WriteAsync<ListPage>(context, visit, ("List", list));
        }, goesBack));

    // As the API's front door: who calls, whether the budget lasts, whether the role sees such things at all; then what was shown is taken down.
    async Task ServeAsync(HttpContext context, Resource resource, RateClass rate, Func<HttpContext, Visit, Task> serve, bool goesBack = false)
    {
        var caller = CallerOf(context);
        var visit = new Visit(context, ledger, disclosures, assets, new(caller, ledger), entrance.Of(context.Request), fingerprints, goesBack);
        if (keeper.Judge(visit.Sight, context.Connection.RemoteIpAddress, resource, rate) is { } no)
        {
            no.TellWhen(context.Response);
            if (no.Refusal == Refusal.PassMissing) context.Response.Redirect("/sign-in");
            else await RefuseAsync(context, visit, no.Refusal, no.Refusal == Refusal.NotForThisRole ? StatusCodes.Status403Forbidden : StatusCodes.Status429TooManyRequests);
        }
        else if (visit.IsHeightUnknown)
        {
            await RefuseAsync(context, visit, Refusal.HeightNotReached, StatusCodes.Status404NotFound);
        }
        else if (!goesBack && visit.Query(Visit.Height) is not null)
        {
            // A page of today under an address that names another day would be taken for it.
            await RefuseAsync(context, visit, Refusal.PageHasNoPast, StatusCodes.Status400BadRequest);
        }
        else
        {
            try
            {
                // What was written a moment ago counts: the views follow the chain, and a page waits for them.
                if (!await ledger.Views.ReachAsync(ledger.View.Header.Height, context.RequestAborted) || !await TryServeAsync(context, visit, serve))
                {
                    context.Response.Headers.RetryAfter = "2";
                    await RefuseAsync(context, visit, Refusal.ViewsNotReady, StatusCodes.Status503ServiceUnavailable);
                    return;
                }
            }
            catch
            {
                // Who hangs up before the end has seen what came until then.
                await keeper.NoteAsync(context, resource, visit.Sight);
                throw;
            }

            await keeper.NoteAsync(context, resource, visit.Sight);
        }
    }

    static async Task<bool> TryServeAsync(HttpContext context, Visit visit, Func<HttpContext, Visit, Task> serve)
    {
        try
        {
            await ReadLanes.OfNode.RunAsync(visit.Sight.Caller.BudgetOf(context.Connection.RemoteIpAddress), () => serve(context, visit));
            return true;
        }
        catch (ViewsNotReadyException) when (!context.Response.HasStarted)
        {
            return false;
        }
    }

    // The files are the API's own, to the byte, so that whoever compares them with another node's finds them equal.
    static async Task StatisticsAsync(HttpContext context, Visit visit)
    {
        if (visit.Query("format") is not { } format)
        {
            await PageAnswer.WriteAsync<StatisticsPage>(context, visit);
            return;
        }

        var table = StatisticsPage.Of(visit, out _);
        PageAnswer.Guard(context.Response, NothingRuns);
        var name = $"{table.Question.Metric.Code}-{table.Height}";
        await (format == "json"
            ? TypedResults.File(table.ToJson(), "application/json; charset=utf-8", $"{name}.json")
            : TypedResults.File(table.ToCsv(), "text/csv; charset=utf-8", $"{name}.csv")).ExecuteAsync(context);
    }

    // A person's decision about a near match: kept beside the chain, for no consensus needs it.
    static async Task ReviewAsync(HttpContext context, Visit visit)
    {
        var (field, status) = await SmallForm.ReadAsync(context.Request);
        var (decision, note) = (field("decision"), field("note"));
        var isKept = status == StatusCodes.Status200OK && Reviews.Decisions.Contains(decision) && note.Length <= Reviews.LongestNote
            && visit.RouteNumber("number") is { } number && visit.Library.NearMatch(number) is { } match && visit.Library.TryReview(match, decision, note);
        context.Response.Redirect(isKept ? "/matches?kept=yes" : "/matches?kept=no");
    }

    // Whoever has part in a draft; everybody where reads are open.
    IReadOnlyList<Draft> SeenBy(Visit visit) =>
        [.. (visit.Sight.SeesAll(Resource.Draft) ? drafts?.All : drafts?.Of(visit.Sight.Caller.Principal))?.Take(MostDrafts) ?? []];

    Task DraftAsync(HttpContext context, Visit visit)
    {
        var found = PartyId.TryParse(visit.Route("party"), out var party) && Id<Transaction>.TryParse(visit.Route("id"), out var id) ? drafts?.Find(party, id) : null;
        return found is not null && (visit.Sight.SeesAll(Resource.Draft) || found.Concerns(visit.Sight.Caller.Principal))
            ? PageAnswer.WriteAsync<OneDraftPage>(context, visit, ("Draft", found))
            : PageAnswer.WriteAsync<MissingPage>(context, visit);
    }

    // How the banks' nodes are is for the people of this node's bank, operators and regulators.
    Task NodesAsync(HttpContext context, Visit visit) => visit.Sight.IsOwnOrAll(Resource.Peers, ledger.Bank)
        ? PageAnswer.WriteAsync<NodesPage>(context, visit, ("Node", standing()))
        : RefuseAsync(context, visit, Refusal.NotForThisRole, StatusCodes.Status403Forbidden);

    static Task RefuseAsync(HttpContext context, Visit visit, Refusal refusal, int status)
    {
        visit.Refuse(status);
        return PageAnswer.WriteAsync<RefusalPage>(context, visit, ("Refusal", refusal));
    }

    Caller CallerOf(HttpContext context)
    {
        if (sessions.Find(context.Request.Cookies[SessionCookie])?.Caller(ledger) is { } signedIn) return signedIn;
        return gate.Admit(null, out _, out _) ?? Caller.Anonymous;
    }

    static async Task ExportAsync(HttpContext context, Visit visit, Sheet sheet, string format)
    {
        var name = $"{visit.Path.Trim('/').Replace('/', '-')}-{visit.View.Header.Height}.{(format == "json" ? "json" : "csv")}";
        PageAnswer.Guard(context.Response, NothingRuns);
        await TypedResults.File(
            format == "json" ? sheet.ToJson(visit) : sheet.ToCsv(visit), format == "json" ? "application/json; charset=utf-8" : "text/csv; charset=utf-8", name).ExecuteAsync(context);
    }

    async Task ReceiptAsync(HttpContext context, Visit visit)
    {
        if (visit.RouteNumber("leaf") is not { } leaf || visit.Library.Entry(leaf) is not { } entry || visit.Library.Receipt(entry) is not { } receipt)
        {
            await PageAnswer.WriteAsync<MissingPage>(context, visit);
            return;
        }

        PageAnswer.Guard(context.Response, NothingRuns);
        await TypedResults.File(receipt.Write(), "text/plain; charset=utf-8", $"{ledger.Genesis.Chain.Name}-{leaf}.tlog-proof").ExecuteAsync(context);
    }

    // A pass is posted once and becomes a session, whose name only this browser's cookie holds and no script can read.
    async Task SignInAsync(HttpContext context)
    {
        var pass = new byte[ReadPass.MaxLength + 1];
        var length = await context.Request.Body.ReadAtLeastAsync(pass, pass.Length, throwOnEndOfStream: false, context.RequestAborted);
        var text = Encoding.UTF8.GetString(pass.AsSpan(0, length));
        if (!gate.TryPay($"{ReadPass.Scheme} {text}", limits, CallerAddress.Network(context.Connection.RemoteIpAddress), out var later))
        {
            context.Response.Headers.RetryAfter = TurnedAway.SecondsOf(later);
            await AnswerAsync(context, Refusal.TooManyRequests, StatusCodes.Status429TooManyRequests);
            return;
        }

        if (gate.AdmitOnce(text, out var refusal) is not { } caller)
        {
            await AnswerAsync(context, refusal, refusal == Refusal.TooManyRequests ? StatusCodes.Status429TooManyRequests : StatusCodes.Status401Unauthorized);
            return;
        }

        sessions.End(context.Request.Cookies[SessionCookie]);
        context.Response.Cookies.Append(SessionCookie, sessions.Begin(caller.Key, caller.Principal == caller.Party ? null : caller.Principal), SessionOptions(context));
        await AnswerAsync(context, Refusal.None, StatusCodes.Status200OK);
    }

    Task SignOutAsync(HttpContext context)
    {
        sessions.End(context.Request.Cookies[SessionCookie]);
        context.Response.Cookies.Delete(SessionCookie, SessionOptions(context));
        context.Response.Redirect("/sign-in");
        return Task.CompletedTask;
    }

    CookieOptions SessionOptions(HttpContext context) =>
        new() { Path = "/", HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = entrance.IsSecure(context.Request), IsEssential = true };

    static async Task AnswerAsync(HttpContext context, Refusal refusal, int status)
    {
        PageAnswer.Guard(context.Response, NothingRuns);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteNumber("code", (ushort)refusal);
        json.WriteString("detail", RefusalText.Of(refusal, Facts.None, Language.English, 0));
        json.WriteString("detailZh", RefusalText.Of(refusal, Facts.None, Language.Chinese, 0));
        json.WriteEndObject();
    }

    // Language and theme are kept by the reader's browser; nothing here knows who prefers what.
    async Task PreferAsync(HttpContext context)
    {
        var (field, status) = await SmallForm.ReadAsync(context.Request);
        if (status != StatusCodes.Status200OK)
        {
            await AnswerAsync(context, status == StatusCodes.Status413PayloadTooLarge ? Refusal.BodyTooLarge : Refusal.MediaTypeWrong, status);
            return;
        }

        var kept = new CookieOptions { Path = "/", SameSite = SameSiteMode.Strict, HttpOnly = true, Secure = entrance.IsSecure(context.Request), MaxAge = TimeSpan.FromDays(365), IsEssential = true };
        if (field("language") is "zh-CN" or "en") context.Response.Cookies.Append(Visit.LanguageCookie, field("language"), kept);
        if (field("theme") is "light" or "dark") context.Response.Cookies.Append(Visit.ThemeCookie, field("theme"), kept);
        else if (field("theme") == "system") context.Response.Cookies.Delete(Visit.ThemeCookie, kept);
        context.Response.Redirect(LocalAddress.Of(field("back")));
    }

}
