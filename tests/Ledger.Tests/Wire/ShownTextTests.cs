using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Core.Wire;
using Ledger.Tests.Laws;

namespace Ledger.Tests.Wire;

/// <summary>Two texts on the ledger that look the same are not told apart by what nobody sees.</summary>
public class ShownTextTests
{
    static readonly string[] Hidden =
    [
        "\u0000", "\t", "\n", "\u001F", "\u007F", "\u0085", "\u00AD", "\u034F", "\u061C", "\u115F", "\u17B4", "\u180E", "\u200B", "\u200D", "\u200E", "\u200F", "\u2028", "\u2029",
        "\u202A", "\u202E", "\u2060", "\u2064", "\u2066", "\u2069", "\u206F", "\u2800", "\u3164", "\uFE0F", "\uFEFF", "\uFFA0", "\uFFF9", "\uFFFB", "\uFFFE", "\uFFFF", "\uFDD0",
        "\U0001D173", "\U0001FFFE", "\U000E0001", "\U000E0020", "\U000E0100", "\U0010FFFF",
    ];

    static readonly string[] Shown = ["", "示例供应商（深圳）", "𠮷", "e\u0301", "\u3000", "\u00A0", "＝", "Ünïté S.à r.l.", "\U0001F600", "…", "\uFFFD"];

    public static TheoryData<Type> Kinds => [.. Operations.ByKind.Keys.Where(kind => Texts(Sample(kind)).Count > 0)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void No_free_text_of_any_operation_hides_anything(Type kind)
    {
        var operation = Sample(kind);
        foreach (var text in Texts(operation))
        {
            foreach (var hidden in Hidden)
            {
                var thrown = Assert.ThrowsAny<JsonException>(() => Read(Changed(operation, text, $"甲{hidden}乙")));
                Assert.Equal("HiddenTextException", thrown.GetType().Name);
            }

            foreach (var shown in Shown) Assert.NotNull(Read(Changed(operation, text, shown)));
        }
    }

    [Fact]
    public void Half_a_character_is_none()
    {
        Assert.False(ShownText.Is("甲\uD800"));
        Assert.False(ShownText.Is("\uDC00乙"));
        Assert.True(ShownText.Is("\uD840\uDC00"));
    }

    [Fact]
    public void The_platform_knows_no_control_or_format_character_that_is_shown()
    {
        // Some scripts write before a number a sign that is a format character and is seen.
        int[] seen = [0x600, 0x601, 0x602, 0x603, 0x604, 0x605, 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD];
        foreach (var character in Enumerable.Range(0, 0x110000).Where(Rune.IsValid).Select(value => new Rune(value)))
        {
            var isFormat = Rune.GetUnicodeCategory(character) is System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.Format
                or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator;
            if (isFormat && character.Value is < 0x13430 or > 0x1343F && !seen.Contains(character.Value)) Assert.False(ShownText.Is(character.ToString()), $"U+{character.Value:X4}");
        }
    }

    static Operation Sample(Type kind) => Operations.ByKind[kind].Sample(1, new Rnd(7), 1).Single();

    // The paths of members that are free text: those that the wire reads with whatever stands in them.
    static List<string> Texts(Operation operation)
    {
        var found = new List<string>();
        Walk(JsonNode.Parse(JsonSerializer.SerializeToUtf8Bytes(operation, WireJson.TypeInfo<Operation>()))!, "", found, operation);
        return found;
    }

    static void Walk(JsonNode node, string path, List<string> found, Operation operation)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, member) in members)
                {
                    if (member is not null && name != "kind") Walk(member, $"{path}/{name}", found, operation);
                }

                break;
            case JsonArray items:
                for (var i = 0; i < items.Count; i++) Walk(items[i]!, $"{path}/{i}", found, operation);
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String && IsFree(Changed(operation, path, "甲 乙")):
                found.Add(path);
                break;
        }
    }

    static bool IsFree(byte[] json)
    {
        try
        {
            return Read(json) is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    static byte[] Changed(Operation operation, string path, string text)
    {
        var root = JsonNode.Parse(JsonSerializer.SerializeToUtf8Bytes(operation, WireJson.TypeInfo<Operation>()))!;
        var node = root;
        var parts = path.Split('/')[1..];
        foreach (var part in parts[..^1]) node = node is JsonArray list ? list[int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)]! : node[part]!;
        if (node is JsonArray items) items[int.Parse(parts[^1], System.Globalization.CultureInfo.InvariantCulture)] = text;
        else node[parts[^1]] = text;
        return JsonSerializer.SerializeToUtf8Bytes(root);
    }

    static Operation? Read(byte[] json) => JsonSerializer.Deserialize(json, WireJson.TypeInfo<Operation>());
}
