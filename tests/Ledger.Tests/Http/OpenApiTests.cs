using System.Text.Json;
using Ledger.Node.Access;
using Ledger.Node.Documents;
using Ledger.Node.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ledger.Tests.Http;

/// <summary>The description of the API says what the API does, and stands in the repository as it is served.</summary>
public sealed class OpenApiTests(TestNode node) : IClassFixture<TestNode>
{
    public const string Committed = "ledger-node/docs/openapi.json";

    /// <summary>Whether this run writes the description anew, and so holds nothing against the old one.</summary>
    public static bool IsRenewing => Environment.GetEnvironmentVariable("LEDGER_RENEW") == "1";

    RouteTable Table => ApiRoutes.Of(node.Loop, new DocumentService(node.Genesis.Chain.Suite, new(node.Genesis.Chain.Suite, default, new Dictionary<uint, byte[]>())), null, node.Options, NullLogger.Instance);

    [Fact]
    public async Task The_committed_description_is_the_served_one_else_run_the_tests_with_LEDGER_RENEW_1()
    {
        var served = await node.Api.BytesAsync("v1/openapi.json", TestNode.Cancel);
        var path = Path.Combine(Repository.Root(), Committed);
        if (IsRenewing) await File.WriteAllBytesAsync(path, served!, TestNode.Cancel);

        Assert.Equal(await File.ReadAllTextAsync(path, TestNode.Cancel), System.Text.Encoding.UTF8.GetString(served!));
    }

    [Fact]
    public void Every_operation_has_a_name_of_its_own_both_sentences_and_an_answer()
    {
        var table = Table.All;

        Assert.Equal(table.Count, table.Select(route => route.Operation).Distinct().Count());
        Assert.Equal(table.Count, table.Select(route => $"{route.Method} {route.Path}").Distinct().Count());
        Assert.All(table, route =>
        {
            Assert.NotEmpty(route.English);
            Assert.Contains(route.Chinese, letter => letter > '\u4e00');
            Assert.NotEmpty(route.Answers);
            Assert.Equal(route.Method is not ("GET" or "DELETE"), route.Body is not null);
        });
    }

    [Fact]
    public void Every_reference_of_the_description_leads_somewhere_and_nothing_is_described_for_nobody()
    {
        var document = AsDescribed.Document;
        var named = document.GetProperty("components").GetProperty("schemas").EnumerateObject().Select(schema => schema.Name).ToArray();
        var used = References(document).Distinct().Select(reference => reference["#/components/schemas/".Length..]).ToArray();

        Assert.Equal(named.Order(StringComparer.Ordinal), used.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_line_of_a_bulks_answer_is_as_described()
    {
        var accepted = node.Sign(TestNode.Draft(node.X, node.Attestation(node.A, node.C, 5)), node.A);
        var refused = node.Sign(TestNode.Draft(node.X, node.Attestation(node.A, node.C, 5) with { Total = default }), node.A);
        byte[] lines = [.. accepted, (byte)'\n', .. refused, (byte)'\n', .. "{}"u8, (byte)'\n'];

        using var answer = await node.Http.SendAsync(TestNode.Post("v1/transactions/bulk", lines, "application/x-ndjson"), TestNode.Cancel);
        var told = (await answer.Content.ReadAsStringAsync(TestNode.Cancel)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(3, told.Length);
        var schema = AsDescribed.Document.GetProperty("components").GetProperty("schemas").GetProperty("BulkLine");
        foreach (var line in told)
        {
            using var json = JsonDocument.Parse(line);
            Assert.Empty(JsonSchema.Faults(schema, json.RootElement, AsDescribed.Document));
        }
    }

    // What public linters ask of a description: one that they complain of is one that generators stumble over.
    [Fact]
    public void Every_array_says_of_what_and_every_tag_is_declared()
    {
        var declared = AsDescribed.Document.GetProperty("tags").EnumerateArray().Select(tag => tag.GetProperty("name").GetString()).ToArray();
        var operations = AsDescribed.Document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()).ToArray();

        Assert.Equal(declared.Distinct().Order(StringComparer.Ordinal), operations.SelectMany(one => one.Value.GetProperty("tags").EnumerateArray()).Select(tag => tag.GetString()).Distinct().Order(StringComparer.Ordinal));
        Assert.All(operations, one => Assert.False(string.IsNullOrEmpty(one.Value.GetProperty("description").GetString())));
        Assert.Empty(ArraysOfNothing(AsDescribed.Document, "#"));
    }

    static IEnumerable<string> ArraysOfNothing(JsonElement json, string at) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(member => ArraysOfNothing(member.Value, $"{at}/{member.Name}"))
            .Concat(json.TryGetProperty("type", out var type) && type.ValueKind != JsonValueKind.Object && type.ToString().Contains("array", StringComparison.Ordinal) && !json.TryGetProperty("items", out _) ? [at] : []),
        JsonValueKind.Array => json.EnumerateArray().SelectMany((item, i) => ArraysOfNothing(item, $"{at}/{i}")),
        _ => [],
    };

    // A reader of the description must not have to guess: what needs nothing says that too.
    [Fact]
    public void Every_operation_says_whether_it_needs_a_pass() =>
        Assert.Empty(Table.All.Where(route =>
        {
            var operation = AsDescribed.Document.GetProperty("paths").GetProperty($"/v1{route.Template}").GetProperty(route.Method.ToLowerInvariant());
            var needs = Visibility.Of(Caller.Anonymous, route.Resource) == Extent.Nothing;
            return !operation.TryGetProperty("security", out var said) || (needs ? """[{"readPass":[]}]""" : "[]") != JsonSerializer.Serialize(said);
        }).Select(route => route.Operation));

    static IEnumerable<string> References(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(member => member.Name == "$ref" ? [member.Value.GetString()!] : References(member.Value)),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(References),
        _ => [],
    };
}
