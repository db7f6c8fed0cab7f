using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Nouns;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>The API's description in OpenAPI 3.1, made from the table of routes and from nothing else, so that two nodes describe it alike.</summary>
static class OpenApi
{
    const string BearerScheme = "readPass";

    static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JsonAnswer.Options.Encoder, NewLine = "\n" };

    public static void Map(RouteTable v1)
    {
        byte[]? whole = null;
        v1.Get("/openapi.json", "getDescription", Resource.Public, "本接口的描述", "This description", _ => TypedResults.Bytes(whole ??= Write(v1), JsonAnswer.MediaType))
            .Answering(Schema.Of("object"));
    }

    public static byte[] Write(RouteTable table)
    {
        var (paths, schemas) = (new JsonObject(), new SortedDictionary<string, Schema>(StringComparer.Ordinal));
        Keep(Problems.Schema, schemas);
        Keep(OutcomeJson.RefusedSchema, schemas);
        foreach (var route in table.All.OrderBy(route => route.Path, StringComparer.Ordinal))
        {
            var path = $"/v1{route.Template}";
            if (paths[path] is not JsonObject operations) paths[path] = operations = [];
            operations[route.Method.ToLowerInvariant()] = Operation(route, schemas);
        }

        var components = new JsonObject();
        foreach (var (name, schema) in schemas) components[name] = schema.Json.DeepClone();
        var document = new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = "ledger-node",
                ["version"] = "1",
                ["description"] = "A permissioned ledger for receivable certificates and bills. Amounts are whole minor units in strings; times are unix milliseconds. "
                    + "应收账款电子凭证与供应链票据账本。金额为最小货币单位的字符串，时间为 Unix 毫秒。",
                ["license"] = new JsonObject { ["name"] = "Apache-2.0", ["identifier"] = "Apache-2.0" },
            },
            ["tags"] = new JsonArray([.. table.All.Select(route => ApiJson.Name(route.Resource)).Distinct().Order(StringComparer.Ordinal).Select(name => new JsonObject { ["name"] = name })]),
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = components,
                ["securitySchemes"] = new JsonObject
                {
                    [BearerScheme] = new JsonObject
                    {
                        ["type"] = "http",
                        ["scheme"] = "bearer",
                        ["bearerFormat"] = "JWT",
                        ["description"] = "A pass of at most 300 seconds, signed with the party's own ledger key (FORMATS). 以参与方密钥签署的短期通行令牌。",
                    },
                },
            },
        };
        return [.. JsonSerializer.SerializeToUtf8Bytes(document, Readable), (byte)'\n'];
    }

    static JsonObject Operation(ApiRoute route, SortedDictionary<string, Schema> schemas)
    {
        var operation = new JsonObject
        {
            ["operationId"] = route.Operation,
            ["summary"] = route.English,
            ["description"] = route.Chinese,
            ["tags"] = new JsonArray(ApiJson.Name(route.Resource)),
        };
        var parameters = new JsonArray();
        foreach (var part in route.PathParts) parameters.Add(Parameter(part, "path", schemas));
        foreach (var part in route.Query) parameters.Add(Parameter(part, "query", schemas));
        if (parameters.Count > 0) operation["parameters"] = parameters;
        if (route.Body is { } body)
        {
            Keep(body.Schema, schemas);
            var content = new JsonObject();
            foreach (var mediaType in body.MediaTypes) content[mediaType] = new JsonObject { ["schema"] = body.Schema.Use() };
            operation["requestBody"] = new JsonObject
            {
                ["required"] = true,
                ["content"] = content,
                ["description"] = string.Create(CultureInfo.InvariantCulture, $"at most {body.Max} bytes"),
            };
        }

        operation["responses"] = Responses(route, schemas);
        operation["security"] = route.Resource is Resource.Public or Resource.Signed ? [] : new JsonArray(new JsonObject { [BearerScheme] = new JsonArray() });
        return operation;
    }

    static JsonObject Responses(ApiRoute route, SortedDictionary<string, Schema> schemas)
    {
        var responses = new JsonObject();
        foreach (var (status, answer) in route.Answers)
        {
            Keep(answer.Schema, schemas);
            var content = new JsonObject { [answer.MediaType] = new JsonObject { ["schema"] = answer.Schema.Use() } };
            foreach (var other in answer.Others) content[other] = new JsonObject { ["schema"] = Schema.Text.Use() };
            responses[Text(status)] = new JsonObject { ["description"] = answer.Says, ["content"] = content };
        }

        if (route.IsImmutable) responses["304"] = new JsonObject { ["description"] = "unchanged under the tag in If-None-Match" };
        foreach (var group in RefusalsOf(route).GroupBy(Problems.StatusOf).OrderBy(group => group.Key))
        {
            responses[Text(group.Key)] = new JsonObject
            {
                ["description"] = string.Join(", ", group.Order().Select(one => $"{Text((ushort)one)} {one}")),
                ["content"] = new JsonObject { [Problems.MediaType] = new JsonObject { ["schema"] = Problems.Schema.Use() } },
            };
        }

        if (Decides(route))
        {
            responses["422"] = new JsonObject
            {
                ["description"] = "refused by the ledger, with the numbers from 1500 of REFUSALS",
                ["content"] = new JsonObject { [Problems.MediaType] = new JsonObject { ["schema"] = OutcomeJson.RefusedSchema.Use() } },
            };
        }

        return responses;
    }

    /// <summary>Every refusal that a route can answer with, but for those of the rules themselves.</summary>
    public static IEnumerable<Refusal> RefusalsOf(ApiRoute route)
    {
        var refusals = new SortedSet<Refusal>(route.Refusals) { Refusal.TooManyRequests, Refusal.HostNotServed, Refusal.QueryInvalid };
        for (var refusal = Refusal.PassMalformed; refusal <= Refusal.PassWithoutMandate; refusal++) refusals.Add(refusal);
        if (route.Resource is not (Resource.Public or Resource.Signed)) refusals.UnionWith([Refusal.PassMissing, Refusal.NotForThisRole, Refusal.ReadQuotaUsed]);
        if (route.PathParts.Any()) refusals.Add(Refusal.NotFound);
        if (route.Body is not null) refusals.UnionWith([Refusal.MediaTypeWrong, Refusal.BodyTooLarge]);
        return refusals;
    }

    static bool Decides(ApiRoute route) =>
        (route.Body?.Schema == TransactionRoutes.TransactionSchema || route.Body?.Schema == DisclosedRoutes.BodySchema)
        && route.Answers.Values.All(answer => answer.MediaType == JsonAnswer.MediaType);

    static JsonObject Parameter(Parameter parameter, string where, SortedDictionary<string, Schema> schemas)
    {
        Keep(parameter.Schema, schemas);
        var json = new JsonObject { ["name"] = parameter.Name, ["in"] = where, ["required"] = parameter.IsRequired, ["schema"] = parameter.Schema.Use() };
        if (parameter.English.Length > 0) json["description"] = $"{parameter.English} {parameter.Chinese}";
        return json;
    }

    static void Keep(Schema schema, SortedDictionary<string, Schema> schemas)
    {
        foreach (var named in schema.Named())
        {
            if (schemas.TryAdd(named.Name!, named) || JsonNode.DeepEquals(schemas[named.Name!].Json, named.Json)) continue;
            throw new InvalidOperationException($"Two schemas have the name {named.Name}.");
        }
    }

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
