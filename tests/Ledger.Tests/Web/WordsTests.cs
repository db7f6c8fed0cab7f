using System.Reflection;
using System.Text.RegularExpressions;
using Ledger.Client.Text;
using Ledger.Node.Web;

namespace Ledger.Tests.Web;

/// <summary>Everything that the console says exists in both languages, and says nothing beside its tables.</summary>
public partial class WordsTests
{
    // What is the same in both languages or names the other one.
    static readonly string[] WithoutChinese = ["OtherLanguage", "Comma", "InCurrency", "NoRows", "OneToken", "NodeTitle", "AmountHint", "SaysOther", "ChoiceThirty360"];

    public static TheoryData<string> Tables => ["Words", "BrowserWords"];

    [Theory]
    [MemberData(nameof(Tables))]
    public void Every_word_is_there_in_both_languages_with_the_same_places_to_fill(string table)
    {
        var words = WordsOf(table);
        Assert.NotEmpty(words);
        Assert.All(words, word =>
        {
            Assert.False(string.IsNullOrEmpty(word.Word.Chinese), word.Name);
            Assert.False(string.IsNullOrEmpty(word.Word.English), word.Name);
            Assert.Equal(Places(word.Word.Chinese), Places(word.Word.English));
            if (!WithoutChinese.Contains(word.Name)) Assert.Matches(@"\p{IsCJKUnifiedIdeographs}", word.Word.Chinese);
            if (word.Name != "OtherLanguage") Assert.DoesNotMatch(@"\p{IsCJKUnifiedIdeographs}", word.Word.English);
        });
    }

    [Fact]
    public void Every_kind_and_standing_has_a_name_in_both_languages()
    {
        foreach (var named in typeof(Names).GetMethods(BindingFlags.Public | BindingFlags.Static).Where(method => method.ReturnType == typeof(Word)))
        {
            foreach (var value in Enum.GetValues(named.GetParameters()[0].ParameterType))
            {
                var word = (Word)named.Invoke(null, [value])!;
                Assert.Matches(@"\p{IsCJKUnifiedIdeographs}", word.Chinese);
                Assert.Matches("^[a-zA-Z0-9' -]+$", word.English);
            }
        }
    }

    [Fact]
    public void A_page_says_nothing_that_is_not_in_the_tables()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(JavaScript.Assets, ".."), "*.razor"))
        {
            var source = Comment().Replace(File.ReadAllText(file), "");
            Assert.DoesNotMatch(@"\p{IsCJKUnifiedIdeographs}", source);

            var code = source.IndexOf("@code {", StringComparison.Ordinal);
            var markup = Expression().Replace(code < 0 ? source : source[..code], "");
            Assert.Empty(Literal().Matches(markup).Select(match => $"{Path.GetFileName(file)}: {match.Value}"));
        }
    }

    [Fact]
    public void What_a_module_says_is_in_the_table_that_the_page_hands_it()
    {
        var known = WordsOf("BrowserWords").Select(word => char.ToLowerInvariant(word.Name[0]) + word.Name[1..]).ToHashSet();
        var modules = new[] { "sign-in.js", "sign.js", "transaction.js", "keyfile.js", "hidden.js" }.Select(name => File.ReadAllText(Path.Combine(JavaScript.Assets, name))).ToArray();

        var said = modules.SelectMany(text => Said().Matches(text)).Select(match => match.Groups[1].Value).ToHashSet();
        Assert.True(said.Count > 20);
        Assert.Empty(said.Except(known));

        // And nothing stands in the table that no module says; fields and choices are named by the form.
        var spoken = string.Concat(modules);
        Assert.DoesNotContain(known, name => !name.StartsWith("field", StringComparison.Ordinal) && !name.StartsWith("choice", StringComparison.Ordinal)
            && !spoken.Contains($"words.{name}", StringComparison.Ordinal) && !spoken.Contains($"'{name}'", StringComparison.Ordinal));
    }

    [Fact]
    public void The_offline_page_speaks_both_languages_alike()
    {
        var script = File.ReadAllText(Path.Combine(JavaScript.Assets, "verify.js"));
        var (chinese, english) = (Keys(Between(script, "  zh: {", "  en: {")), Keys(Between(script, "  en: {", "\n};")));
        Assert.True(chinese.Count > 40);
        Assert.Equal(chinese, english);
        Assert.All(SaidByPage().Matches(script).Select(match => match.Groups[1].Value), name => Assert.Contains(name, chinese));
    }

    [Fact]
    public void A_word_is_filled_in_the_order_of_its_numbers() => Assert.Equal("1 found for “x”.", Words.FoundFor.In(Language.English, 1, "x"));

    static (string Name, Word Word)[] WordsOf(string table) =>
        [.. (table == "Words" ? typeof(Words) : typeof(BrowserWords)).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (field.Name, (Word)field.GetValue(null)!))];

    static SortedSet<string> Places(string text) => [.. Place().Matches(text).Select(match => match.Value)];

    static SortedSet<string> Keys(string text) => [.. Key().Matches(Quoted().Replace(text, "''")).Select(match => match.Groups[1].Value)];

    static string Between(string text, string from, string to)
    {
        var start = text.IndexOf(from, StringComparison.Ordinal) + from.Length;
        return text[start..text.IndexOf(to, start, StringComparison.Ordinal)];
    }

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Place();

    [GeneratedRegex(@"@\*.*?\*@", RegexOptions.Singleline)]
    private static partial Regex Comment();

    // Expressions, with up to two levels of brackets inside, and the lines of C# between the tags.
    [GeneratedRegex(@"@(?:foreach|if)?\s*\((?>[^()]+|(?<d>\()|(?<-d>\)))*(?(d)(?!))\)|@[A-Za-z0-9.]+(?:\((?>[^()]+|(?<e>\()|(?<-e>\)))*(?(e)(?!))\)|\[(?>[^\[\]]+|(?<f>\[)|(?<-f>\]))*(?(f)(?!))\]|\.[A-Za-z]+)*|^\s*(?:@?(?:if|else|foreach|for|var|using)\b.*|[{}].*|\(.*)$", RegexOptions.Multiline)]
    private static partial Regex Expression();

    [GeneratedRegex(@"(?<=>)[^<>@{}=]*[A-Za-z]{2,}[^<>@{}=]*(?=<)")]
    private static partial Regex Literal();

    [GeneratedRegex(@"\bwords\.([a-z][A-Za-z0-9]*)\b")]
    private static partial Regex Said();

    [GeneratedRegex(@"\bsay\('([a-zA-Z0-9]+)'")]
    private static partial Regex SaidByPage();

    [GeneratedRegex(@"'(?:[^'\\]|\\.)*'|""[^""]*""")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\b([a-zA-Z0-9]+):")]
    private static partial Regex Key();
}
