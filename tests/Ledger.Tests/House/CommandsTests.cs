using System.CommandLine;
using System.Text.RegularExpressions;
using Ledger.Cli;
using Ledger.Cli.Help;
using Ledger.Client.Text;
using Ledger.Core.Rules;

namespace Ledger.Tests.House;

/// <summary>The command line says all that can be done on the ledger, in both languages, and the documents say what it says.</summary>
public partial class CommandsTests
{
    static readonly RootCommand Root = NewRoot();

    static IEnumerable<Command> Shown => CliDocument.All(Root).Where(command => !HelpPage.PathOf(command).StartsWith("ledger docs", StringComparison.Ordinal));

    public static TheoryData<string> Verbs => [.. Rulebook.Verbs.Values];

    public static TheoryData<string> Documents => [.. Files().Select(file => Path.GetRelativePath(Repository.Root(), file))];

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Every_kind_of_operation_has_its_command(string kind) => Assert.Contains(Shown, command => Submission.KindOf(command) == kind);

    [Fact]
    public void Every_command_argument_and_option_is_explained_in_both_languages()
    {
        foreach (var command in CliDocument.All(Root))
        {
            foreach (var symbol in command.Options.Concat<Symbol>(command.Arguments).Prepend(command))
            {
                var place = $"{HelpPage.PathOf(command)} {symbol.Name}";
                Assert.True(HelpWords.Of(symbol, Language.English).Length > 0, place);
                Assert.True(HelpWords.Of(symbol, Language.Chinese).Any(character => character is >= '一' and <= '鿿'), place);
            }
        }
    }

    [Fact]
    public void Every_command_that_does_something_leads_with_an_example_of_its_own_and_the_parser_takes_it()
    {
        foreach (var command in Shown.Where(command => command.Subcommands.Count == 0))
        {
            var examples = Examples.Of(command);
            Assert.NotEmpty(examples);
            foreach (var example in examples)
            {
                Assert.StartsWith(HelpPage.PathOf(command)["ledger ".Length..], example);
                AssertParses(example);
            }
        }
    }

    [Fact]
    public void The_document_of_commands_is_in_step() =>
        Assert.Equal(CliDocument.Write(Root), File.ReadAllText(Path.Combine(Repository.Root(), "ledger-node", "docs", "CLI.md")));

    [Theory]
    [MemberData(nameof(Documents))]
    public void What_documents_tell_people_to_type_is_what_the_program_takes(string document)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root(), document)).Replace("\\\n", " ", StringComparison.Ordinal);
        foreach (var line in text.Split('\n'))
        {
            if (Typed().Match(line) is { Success: true } match) AssertParses(match.Groups["args"].Value);
        }
    }

    [Fact]
    public void Command_lines_are_found_in_the_documents() =>
        Assert.InRange(Files().SelectMany(File.ReadLines).Count(line => Typed().IsMatch(line)), 20, 2_000);

    static IEnumerable<string> Files() =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root(), "ledger-node", "docs"), "*.md", SearchOption.AllDirectories).Append(Path.Combine(Repository.Root(), "README.md"));

    static RootCommand NewRoot()
    {
        var terminal = new Terminal(TextWriter.Null, TextWriter.Null, TextReader.Null);
        return CliProgram.Root(new Shell(terminal, Settings.Read(terminal)));
    }

    static void AssertParses(string typed)
    {
        // What documents leave open: variables, brackets around what may be left out, words in capitals for ids.
        var words = Words(Optional().Replace(typed, match => match.Value.Contains('|', StringComparison.Ordinal) && !match.Value.Contains("--", StringComparison.Ordinal) ? "" : match.Groups[1].Value));
        var parsed = Root.Parse(words is ["help", .. var about] ? [.. about, "--help"] : words);
        var wrong = parsed.Errors.Select(one => one.Message).Where(message => !IsAboutAPlaceholder(message) && parsed.Action is not HelpPage);
        Assert.Equal((typed, ""), (typed, string.Join(" ", wrong)));
    }

    // INSTRUMENT is no id, and that is no mistake of the document.
    static bool IsAboutAPlaceholder(string message) =>
        Placeholder().Match(message) is { Success: true } match && (match.Groups[1].Value.Length == 0 || match.Groups[1].Value.All(character => char.IsUpper(character) || character is '-' or '_' or '$' or '/' or '…'));

    static string[] Words(string typed)
    {
        var end = typed.IndexOf(" #", StringComparison.Ordinal);
        var text = end < 0 ? typed : typed[..end];
        return [.. Word().Matches(text).Select(match => match.Value.Trim('"', '\'')).TakeWhile(word => word is not (">" or "|" or "&&"))];
    }

    [GeneratedRegex("""^(?:    |\s*-?\s*)?(?:\$ )?(?:dotnet run --project cli/Ledger\.Cli -- |ledger )(?<args>(?!\(\))[^:：].*)$""")]
    private static partial Regex Typed();

    [GeneratedRegex("""\[([^\]]*)\]""")]
    private static partial Regex Optional();

    [GeneratedRegex("""'([^']*)' is not in the required form""")]
    private static partial Regex Placeholder();

    [GeneratedRegex("""'[^']*'|"[^"]*"|\S+""")]
    private static partial Regex Word();
}
