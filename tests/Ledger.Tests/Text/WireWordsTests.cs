using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ledger.Client.Text;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.Wire;
using Ledger.Tests.Http;

namespace Ledger.Tests.Text;

/// <summary>Nothing that a payload or an answer holds is without words: whatever is shown to people is shown in theirs.</summary>
public sealed class WireWordsTests
{
    public static TheoryData<string> Verbs => [.. Rulebook.Verbs.Keys];

    [Fact]
    public void Every_member_of_an_answer_has_words_in_both_languages()
    {
        var members = new SortedSet<string>(StringComparer.Ordinal);
        Walk(AsDescribed.Document, members);
        Assert.True(members.Count > 200);
        Assert.DoesNotContain(members, member => MemberText.Find(member) is not { Chinese.Length: > 0, English.Length: > 0 });
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Every_member_of_an_operation_and_every_name_in_it_has_words(string verb)
    {
        foreach (var property in Properties(Rulebook.Verbs[verb].Operation))
        {
            Assert.True(MemberText.Find(property.Name) is not null, $"{verb} {property.Name}");
            var type = Of(property.PropertyType);
            if (!type.IsEnum) continue;
            foreach (var value in Spellings(type))
            {
                // No party has the role of none, and nobody writes it.
                if (type == typeof(Core.Parties.Roles) && value == "none") continue;
                Assert.True(ValueText.Find(property.Name, value, null) is not null, $"{verb} {property.Name} {value}");
            }
        }
    }

    [Fact]
    public void What_happens_is_called_by_its_own_words()
    {
        Assert.Equal(new("公告款项被否认", "announced money denied"), EventText.Find("announcementDenied"));
        Assert.Null(EventText.Find("ledgerEvent"));
    }

    [Fact]
    public void A_word_that_stands_for_several_things_is_told_by_what_stands_beside_it()
    {
        Assert.Equal("已结清", ValueText.Find("status", "settled", new() { ["financier"] = "x" })?.Chinese);
        Assert.Equal("已兑付", ValueText.Find("status", "settled", new() { ["face"] = "1" })?.Chinese);
        Assert.Equal("质押", ValueText.Find("kind", "pledge", new() { ["beneficiary"] = "x" })?.Chinese);
        Assert.Equal("背景材料质押", ValueText.Find("kind", "pledge", new() { ["to"] = "x" })?.Chinese);
        Assert.Null(ValueText.Find("name", "settled", null));
    }

    static IEnumerable<JsonPropertyInfo> Properties(Type type)
    {
        foreach (var property in WireJson.Options.GetTypeInfo(type).Properties)
        {
            yield return property;
            var of = Of(property.PropertyType);
            if (!of.IsClass || of == typeof(string)) continue;
            foreach (var inner in Properties(of)) yield return inner;
        }
    }

    // As the wire has them: a bill's status and flow by the register's codes.
    static IEnumerable<string> Spellings(Type type) => type switch
    {
        _ when type == typeof(BillStatus) => Enum.GetValues<BillStatus>().Select(BillCodes.Of),
        _ when type == typeof(BillFlow) => Enum.GetValues<BillFlow>().Select(BillCodes.Of),
        _ => Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName),
    };

    static Type Of(Type type)
    {
        var of = Nullable.GetUnderlyingType(type) ?? type;
        return of.IsGenericType && of.GetGenericTypeDefinition() == typeof(ValueList<>) ? of.GetGenericArguments()[0] : of;
    }

    static void Walk(JsonElement json, SortedSet<string> members)
    {
        if (json.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in json.EnumerateArray()) Walk(item, members);
        }

        if (json.ValueKind != JsonValueKind.Object) return;
        foreach (var (name, value) in json.EnumerateObject().Select(member => (member.Name, member.Value)))
        {
            if (name == "properties" && value.ValueKind == JsonValueKind.Object) members.UnionWith(value.EnumerateObject().Select(member => member.Name));
            Walk(value, members);
        }
    }
}
