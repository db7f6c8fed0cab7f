using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Nouns;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>A parameter of the query.</summary>
sealed record Parameter(string Name, Schema Schema, string Chinese, string English, bool IsRequired = false);

/// <summary>What a request brings: its media types, what is in it, and how large it may be.</summary>
sealed record RouteBody(IReadOnlyList<string> MediaTypes, Schema Schema, long Max);

/// <summary>What is answered with a status.</summary>
sealed record RouteAnswer(string MediaType, Schema Schema, string Says)
{
    /// <summary>Media types of text in which the same is answered to who asks for it.</summary>
    public IReadOnlyList<string> Others { get; init; } = [];
}

/// <summary>
/// One operation of the API and all that is said of it: the server maps it, the front door judges a request by it, the document describes it, and
/// tests are made from it. What stands here is what holds.
/// </summary>
sealed class ApiRoute(string method, string path, string operation, Resource resource, string chinese, string english, RequestDelegate handle)
{
    readonly List<Parameter> query = [];
    readonly SortedDictionary<int, RouteAnswer> answers = [];
    readonly List<Refusal> refusals = [];

    public string Method => method;

    /// <summary>The path below <c>/v1</c>, with its parts that vary in braces; one that goes over several segments begins with <c>**</c>.</summary>
    public string Path => path;

    /// <summary>The same as it is described, where a part in braces may hold slashes.</summary>
    public string Template => path.Replace("{**", "{", StringComparison.Ordinal);

    /// <summary>The operation's name, unique and permanent.</summary>
    public string Operation => operation;

    public Resource Resource => resource;

    public string Chinese => chinese;

    public string English => english;

    public RequestDelegate Handle => handle;

    public IReadOnlyList<Parameter> Query => query;

    public RouteBody? Body { get; private set; }

    public IReadOnlyDictionary<int, RouteAnswer> Answers => answers;

    /// <summary>What else it may refuse with, beside what follows from its other words.</summary>
    public IReadOnlyList<Refusal> Refusals => refusals;

    /// <summary>Whether what it answers with never changes, so that it has an ETag and may be kept.</summary>
    public bool IsImmutable { get; private set; }

    public RateClass Rate { get; private set; } = method == HttpMethods.Get ? RateClass.Read : RateClass.Write;

    /// <summary>Whether it looks things up for its caller, and so waits in its turn with whoever does.</summary>
    public bool LooksUp { get; private set; } = method == HttpMethods.Get && resource != Resource.Public;

    /// <summary>The parts of the path that vary, with what stands there.</summary>
    public IEnumerable<Parameter> PathParts
    {
        get
        {
            var parts = path.Split('/');
            for (var i = 1; i < parts.Length; i++)
            {
                if (!parts[i].StartsWith('{')) continue;
                var name = parts[i].Trim('{', '*', '}');
                var schema = (parts[i - 1], name) switch
                {
                    ("parties", _) or (_, "party") => Schema.Party,
                    ("webhooks", _) => WebhookRoutes.IdSchema,
                    (_, "height" or "leaf" or "epoch") => Schema.Number,
                    ("fingerprints", _) => Schema.Text,
                    (_, "value") => Schema.Hash,
                    (_, "tile") => Schema.Tile,
                    (_, "bundle") => Schema.Bundle,
                    _ => Schema.Id,
                };
                yield return new(name, schema, "", "", IsRequired: true);
            }
        }
    }

    public ApiRoute With(string name, Schema schema, string chinese, string english, bool required = false)
    {
        query.Add(new(name, schema, chinese, english, required));
        return this;
    }

    /// <summary>A list of nouns in pages.</summary>
    public ApiRoute Paged<T>(Noun<T> noun) => Paged(noun.List.Name, noun.Schema);

    /// <summary>A list in pages.</summary>
    public ApiRoute Paged(string name, Schema item) => this
        .With(Page.Cursor, Schema.Base64Url, "上一页返回的 next", "the last page's next")
        .With(Page.Limit, new(new() { ["type"] = "integer", ["minimum"] = 1, ["maximum"] = Http.Query.MaxLimit }), "每页条数", "items a page")
        .Answering(Schema.Page(name, item));

    /// <summary>A read that can be asked for any height of the chain.</summary>
    public ApiRoute AtHeight() => this
        .With(Moment.Parameter, Schema.Number, "历史高度；缺省为最新", "as of this height; the latest where none is named")
        .Refusing(Refusal.HeightNotReached, Refusal.ViewsNotReady);

    public ApiRoute Taking(IEnumerable<string> mediaTypes, Schema schema, long max)
    {
        Body = new([.. mediaTypes], schema, max);
        return this;
    }

    /// <summary>Answers 200 with an object of JSON.</summary>
    public ApiRoute Answering(Schema schema) => Answering(StatusCodes.Status200OK, JsonAnswer.MediaType, schema, "OK");

    public ApiRoute Answering(int status, string mediaType, Schema schema, string says)
    {
        answers[status] = new(mediaType, schema, says);
        return this;
    }

    /// <summary>What is answered with 200 can be had as a text of another type too.</summary>
    public ApiRoute OrAs(string mediaType)
    {
        var answer = answers[StatusCodes.Status200OK];
        answers[StatusCodes.Status200OK] = answer with { Others = [.. answer.Others, mediaType] };
        return this;
    }

    public ApiRoute Refusing(params ReadOnlySpan<Refusal> others)
    {
        refusals.AddRange(others);
        return this;
    }

    public ApiRoute Immutable()
    {
        IsImmutable = true;
        return this;
    }

    public ApiRoute Heavy() => At(RateClass.Heavy);

    /// <summary>A read, whatever its method.</summary>
    public ApiRoute AsRead()
    {
        LooksUp = true;
        return At(RateClass.Read);
    }

    /// <summary>Takes what it costs from a budget that is not the method's own.</summary>
    public ApiRoute At(RateClass rate)
    {
        Rate = rate;
        return this;
    }
}

/// <summary>The one table of all routes. Each noun's file registers its own beside their handlers.</summary>
sealed class RouteTable
{
    readonly List<ApiRoute> all = [];

    public IReadOnlyList<ApiRoute> All => all;

    public ApiRoute Get(string path, string operation, Resource resource, string chinese, string english, Func<HttpContext, IResult> answer) =>
        Add(new(HttpMethods.Get, path, operation, resource, chinese, english, context => answer(context).ExecuteAsync(context)));

    public ApiRoute Get(string path, string operation, Resource resource, string chinese, string english, Func<HttpContext, Task<IResult>> answer) =>
        Add(new(HttpMethods.Get, path, operation, resource, chinese, english, async context => await (await answer(context)).ExecuteAsync(context)));

    public ApiRoute Post(string path, string operation, Resource resource, string chinese, string english, Func<HttpContext, Task<IResult>> answer) =>
        Add(new(HttpMethods.Post, path, operation, resource, chinese, english, async context => await (await answer(context)).ExecuteAsync(context)));

    public ApiRoute Delete(string path, string operation, Resource resource, string chinese, string english, Func<HttpContext, IResult> answer) =>
        Add(new(HttpMethods.Delete, path, operation, resource, chinese, english, context => answer(context).ExecuteAsync(context)));

    public ApiRoute Put(string path, string operation, Resource resource, string chinese, string english, Func<HttpContext, Task<IResult>> answer) =>
        Add(new(HttpMethods.Put, path, operation, resource, chinese, english, async context => await (await answer(context)).ExecuteAsync(context)));

    /// <summary>One that writes its answer itself, such as a stream.</summary>
    public ApiRoute Stream(string method, string path, string operation, Resource resource, string chinese, string english, RequestDelegate handle) =>
        Add(new(method, path, operation, resource, chinese, english, handle));

    ApiRoute Add(ApiRoute route)
    {
        all.Add(route);
        return route;
    }
}
