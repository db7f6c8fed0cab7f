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

    public static TheoryData<string> Verbs => [.. Rulebook.Verbs.Keys];

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
        foreach (var typed in CommandLines(Path.Combine(Repository.Root(), document))) AssertParses(typed);
    }

    [Fact]
    public void Command_lines_are_found_in_the_documents() => Assert.InRange(Files().Sum(file => CommandLines(file).Count()), 50, 2_000);

    // Lines of code, fenced or indented; in prose the word begins many a line. The line that shows a command's use is no command line.
    static IEnumerable<string> CommandLines(string file)
    {
        var isFenced = false;
        foreach (var line in File.ReadAllText(file).Replace("\\\n", " ", StringComparison.Ordinal).Split('\n'))
        {
            if (line.TrimStart().StartsWith("```", StringComparison.Ordinal)) isFenced = !isFenced;
            var isCode = isFenced || line.StartsWith("    ", StringComparison.Ordinal);
            if (isCode && !line.Contains("[options]", StringComparison.Ordinal) && Typed().Match(line) is { Success: true } match) yield return match.Groups["args"].Value;
        }
    }

    static IEnumerable<string> Files() =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root(), "ledger-node", "docs"), "*.md", SearchOption.AllDirectories).Append(Path.Combine(Repository.Root(), "README.md"))
            .Append(Path.Combine(Repository.Root(), "cli", "Ledger.Cli", "README.md"));

    static RootCommand NewRoot()
    {
        var terminal = new Terminal(TextWriter.Null, TextWriter.Null, TextReader.Null);
        return CliProgram.Root(new Shell(terminal, Settings.Read(terminal)));
    }

    static void AssertParses(string typed)
    {
        // What documents leave open: brackets around what may be left out, a choice, words in capitals for ids.
        var words = Words(typed.Replace("[", "", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal));
        var parsed = Root.Parse(words is ["help", .. var about] ? [.. about, "--help"] : words);
        var wrong = parsed.Errors.Select(one => one.Message).Where(message => !IsAboutAPlaceholder(message) && parsed.Action is not HelpPage);
        Assert.Equal((typed, ""), (typed, string.Join(" ", wrong)));
    }

    // INSTRUMENT is no id, and that is no mistake of the document.
    static bool IsAboutAPlaceholder(string message) =>
        Placeholder().Match(message) is { Success: true } match && (match.Groups[1].Value.Length == 0 || match.Groups[1].Value.EndsWith('…') || match.Groups[1].Value.All(character => char.IsUpper(character) || character is '-' or '_' or '$' or '/' or '…'));

    static string[] Words(string typed)
    {
        var end = typed.IndexOf(" #", StringComparison.Ordinal);
        var text = end < 0 ? typed : typed[..end];
        return [.. Word().Matches(text).Select(match => match.Value.Trim('"', '\'')).TakeWhile(word => word is not (">" or "|" or "&&")).Select(word => word.Split('|')[0])];
    }

    [GeneratedRegex("""^\s*(?:dotnet run --project cli/Ledger\.Cli -- |ledger )(?<args>\S.*)$""")]
    private static partial Regex Typed();

    [GeneratedRegex("""'([^']*)' is not in the required form""")]
    private static partial Regex Placeholder();

    [GeneratedRegex("""'[^']*'|"[^"]*"|\S+""")]
    private static partial Regex Word();
}
