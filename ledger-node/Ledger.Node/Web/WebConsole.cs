using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Ledger.Node.Web;

/// <summary>
/// The console: pages for people, drawn on the server in Chinese or English, beside the API and over the same ledger. It decides nothing, holds no
/// key, and changes nothing but through transactions that a browser signs and posts to the API.
/// </summary>
public sealed class WebConsole
{
    readonly NodeLoop node;
    readonly Assets assets = Assets.Load();
    readonly VerifyPage verify = VerifyPage.Load();

    WebConsole(NodeLoop node) => this.node = node;

    public static void Map(IEndpointRouteBuilder app, NodeLoop node)
    {
        var console = new WebConsole(node);
        console.assets.Map(app);
        console.MapPages(app);
    }

    void MapPages(IEndpointRouteBuilder app)
    {
        Page<OverviewPage>(app, "/");
        Page<TodoPage>(app, "/todo");
        List(app, "/instruments", Lists.Instruments);
        Page<InstrumentPage>(app, "/instruments/{id}", visit => visit.Reads.Instrument(visit.Route("id")) is { } instrument
            ? TokenTables.Legs(visit, instrument, Core.Primitives.Interval.OfWhole(instrument.Face), Words.Lineage)
            : null);
        Page<VoucherPage>(app, "/voucher/{instrument}");
        List(app, "/parties", Lists.Parties);
        Page<PartyPage>(app, "/parties/{id}", visit => visit.Reads.Party(visit.Route("id")) is { } party ? Portfolio.Holdings(visit, party.Id) : null);
        List(app, "/offers", Lists.Offers);
        Page<OfferPage>(app, "/offers/{id}");
        List(app, "/financings", Lists.Financings);
        Page<FinancingPage>(app, "/financings/{id}");
        List(app, "/attempts", Lists.Attempts);
        Page<StatisticsPage>(app, "/statistics");
        List(app, "/blocks", Lists.Blocks);
        Page<BlockPage>(app, "/blocks/{height}");
        Page<EntryPage>(app, "/entries/{leaf}");
        app.MapGet("/entries/{leaf}/receipt", ReceiptAsync);
        Page<SearchPage>(app, "/search");
        Page<SignInPage>(app, "/sign-in");
        Page<SignOutPage>(app, "/sign-out");
        Page<SignPage>(app, "/sign");
        app.MapGet("/verify", verify.WriteAsync);
        app.MapPost("/preferences", PreferAsync);
    }

    Visit VisitOf(HttpContext context) => new(context, node, assets, Onlooker.Anonymous);

    void Page<TPage>(IEndpointRouteBuilder app, string path, Func<Visit, Sheet?>? export = null)
        where TPage : IComponent => app.MapGet(path, async (HttpContext context) =>
    {
        var visit = VisitOf(context);
        if (export is not null && visit.Query("format") is { } format && export(visit) is { } sheet) await ExportAsync(context, visit, sheet, format);
        else await PageAnswer.WriteAsync<TPage>(context, visit);
    });

    void List(IEndpointRouteBuilder app, string path, Func<Visit, Listing> of) => app.MapGet(path, async (HttpContext context) =>
    {
        var visit = VisitOf(context);
        var list = of(visit);
        if (visit.Query("format") is { } format) await ExportAsync(context, visit, list.Sheet, format);
        else await PageAnswer.WriteAsync<ListPage>(context, visit, ("List", list));
    });

    static async Task ExportAsync(HttpContext context, Visit visit, Sheet sheet, string format)
    {
        var name = $"{visit.Path.Trim('/').Replace('/', '-')}-{visit.View.Header.Height}.{(format == "json" ? "json" : "csv")}";
        PageAnswer.Guard(context.Response, "default-src 'none'; frame-ancestors 'none'");
        await TypedResults.File(
            format == "json" ? sheet.ToJson(visit) : sheet.ToCsv(visit), format == "json" ? "application/json; charset=utf-8" : "text/csv; charset=utf-8", name).ExecuteAsync(context);
    }

    async Task ReceiptAsync(HttpContext context)
    {
        var visit = VisitOf(context);
        if (visit.RouteNumber("leaf") is not { } leaf || visit.Reads.Entry(leaf) is not { } entry || visit.Reads.Receipt(entry) is not { } receipt)
        {
            await PageAnswer.WriteAsync<MissingPage>(context, visit);
            return;
        }

        PageAnswer.Guard(context.Response, "default-src 'none'; frame-ancestors 'none'");
        await TypedResults.File(receipt.Write(), "text/plain; charset=utf-8", $"{node.Genesis.Chain.Name}-{leaf}.tlog-proof").ExecuteAsync(context);
    }

    // Language and theme are kept by the reader's browser; nothing here knows who prefers what.
    static async Task PreferAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType)
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var kept = new CookieOptions { Path = "/", SameSite = SameSiteMode.Strict, HttpOnly = true, MaxAge = TimeSpan.FromDays(365), IsEssential = true };
        if (form["language"].ToString() is "zh-CN" or "en") context.Response.Cookies.Append(Visit.LanguageCookie, form["language"].ToString(), kept);
        if (form["theme"].ToString() is "light" or "dark") context.Response.Cookies.Append(Visit.ThemeCookie, form["theme"].ToString(), kept);
        else if (form["theme"].ToString() == "system") context.Response.Cookies.Delete(Visit.ThemeCookie, kept);

        // Back to a page of this node and nowhere else.
        var back = form["back"].ToString();
        context.Response.Redirect(back.StartsWith('/') && !back.StartsWith("//", StringComparison.Ordinal) && !back.Contains('\\', StringComparison.Ordinal) ? back : "/");
    }
}
