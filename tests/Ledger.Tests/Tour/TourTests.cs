using System.Text.RegularExpressions;
using Ledger.Client.Devnet;

namespace Ledger.Tests.Tour;

/// <summary>What the documents tell people to type is typed here, line by line and in order, and does what they say.</summary>
public partial class TourTests
{
    // Every command of an sh block is run unless it begins with one of these.
    static readonly (string Begins, string Why)[] NotRun =
    [
        ("dotnet test", "these are the tests"),
        ("dotnet publish", "makes a program folder for a machine without an SDK, and fetches the runtime for it"),
        ("sudo ", "sets up a service of the machine, as root"),
        ("docker ", "needs Docker, and builds from images of the net"),
        ("ledger devnet partition", "takes root and a kernel that filters packets; the fault tests cut a network"),
        ("ledger devnet heal", "mends what was cut"),
        ("ledger anchor deploy", "asks an EVM chain, and pays; the tests of anchors have one"),
        ("ledger anchor open", "the same"),
        ("ledger anchor status", "looks at what was opened"),
        ("ledger verify anchor", "the same"),
        ("ledger pledge", "asks evaluators of two consortia and an EVM chain, and pays; the operators' story in the tests has all of them"),
        ("ledger payment receipts", "reads what a bank has written; the tests of the command line give it notices"),
        ("ledger payment confirm", "answers what another bank announced, and the session has one; the tests of the command line have two"),
    ];

    // Made from the commands; a house rule parses each of its examples.
    static readonly string[] Generated = [Path.Combine("ledger-node", "docs", "CLI.md")];

    /// <summary>
    /// Documents with commands; those of one line are read one after the other in one session. A newcomer has nothing installed; who reads on has the
    /// programs.
    /// </summary>
    public static TheoryData<string, bool> Sessions => new()
    {
        { "README.md cli/Ledger.Cli/README.md", false },
        { "genesis/README.md", true },
        { "ledger-node/docs/OPERATIONS.md", true },
    };

    [Theory]
    [MemberData(nameof(Sessions))]
    public async Task What_a_document_tells_people_to_type_works_line_by_line(string documents, bool areProgramsInstalled)
    {
        if (ShellSession.WhyNot() is { } why)
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("LEDGER_REQUIRE_TOOLS") == "1", why);
            Assert.Fail(why);
        }

        var cancel = TestContext.Current.CancellationToken;
        var commands = documents.Split(' ').SelectMany(TypedCommand.Of).Where(command => !IsExcluded(command)).ToArray();
        Assert.NotEmpty(commands);
        using var session = await ShellSession.OpenAsync(areProgramsInstalled, cancel);
        await session.RunAllAsync(commands, cancel);
    }

    [Fact]
    public void Every_document_with_commands_is_run() =>
        Assert.Equal(Sessions.SelectMany(row => row.Data.Item1.Split(' ')).Order(StringComparer.Ordinal), Documents().Where(document => TypedCommand.Of(document).Any(command => !IsExcluded(command))).Order(StringComparer.Ordinal));

    [Fact]
    public void What_is_not_run_is_in_a_document() =>
        Assert.All(NotRun, one => Assert.Contains(Documents().SelectMany(TypedCommand.Of), command => command.Bare.StartsWith(one.Begins, StringComparison.Ordinal)));

    /// <summary>So that no command hides in a block that nobody runs.</summary>
    [Fact]
    public void Commands_stand_in_blocks_that_say_they_are_sh()
    {
        foreach (var document in Documents().Except(Generated))
        {
            var fence = "";
            foreach (var (index, line) in File.ReadLines(Path.Combine(Repository.Root(), document)).Index())
            {
                var text = line.TrimStart();
                if (text.StartsWith("```", StringComparison.Ordinal)) fence = fence.Length == 0 ? text : "";
                else if (fence is not ("```sh" or "```bash") && (fence.Length > 0 || line.StartsWith("    ", StringComparison.Ordinal)))
                    Assert.False(Begins().IsMatch(text), $"{document}:{index + 1}: {text}");
            }
        }
    }

    [Theory]
    [InlineData("ledger verify chain broken             # exit code 6: file, offset", 6, "ledger verify chain broken")]
    [InlineData("ledger verify chain data", 0, "ledger verify chain data")]
    [InlineData("ledger x --key 'A#1.key.json' # says 6", 0, "ledger x --key 'A#1.key.json'")]
    public void A_comment_may_promise_an_exit_code(string text, int code, string bare)
    {
        var command = new TypedCommand("a", 1, text);
        Assert.Equal((code, bare), (command.ExitCode, command.Bare));
    }

    [Fact]
    public async Task A_line_that_does_not_do_what_it_says_stops_the_session_and_is_shown_with_its_output()
    {
        if (ShellSession.WhyNot() is { } why) Assert.Skip(why);
        using var session = await ShellSession.OpenAsync(areInstalled: false, TestContext.Current.CancellationToken);
        TypedCommand[] commands = [new("a", 1, "NAME=value"), new("a", 2, "echo \"it is $NAME\"; (exit 3) # exit code 3"), new("a", 3, "echo sad | grep happy"), new("a", 4, "echo later")];
        var failure = await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(() => session.RunAllAsync(commands, TestContext.Current.CancellationToken));

        Assert.Contains("a:3: echo sad | grep happy\n\nended with 1 and not with 0", failure.Message, StringComparison.Ordinal);
        Assert.Contains("it is value", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("later", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_that_stops_half_way_leaves_no_network_running()
    {
        if (ShellSession.WhyNot() is { } why) Assert.Skip(why);
        Assert.SkipUnless(HasEtcd, "etcd is not on this machine (Debian's etcd-server).");
        DevnetFile? network = null;
        using (var session = await ShellSession.OpenAsync(areInstalled: true, TestContext.Current.CancellationToken))
        {
            TypedCommand[] commands = [new("a", 1, "ledger devnet up --nodes 1 --dir play/net --first-port 24700"), new("a", 2, "cat play/net/devnet.json; false")];
            var failure = await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(() => session.RunAllAsync(commands, TestContext.Current.CancellationToken));
            Assert.Contains("a:2: cat", failure.Message, StringComparison.Ordinal);
            network = DevnetFile.Read(Path.Combine(session.Here, "play", "net"));
            Assert.True(network?.Banks[0].Process is { IsThere: true });
        }

        Assert.NotNull(network);
        Assert.All(network.Banks, bank => Assert.False(bank.Process is { IsThere: true }));
        Assert.All(network.Etcd, member => Assert.False(member.Process is { IsThere: true }));
    }

    static bool IsExcluded(TypedCommand command) => NotRun.Any(one => command.Bare.StartsWith(one.Begins, StringComparison.Ordinal)) || (NeedsEtcd(command) && !HasEtcd);

    // Where the tools are promised, what needs them is run.
    static bool HasEtcd => Environment.GetEnvironmentVariable("LEDGER_REQUIRE_TOOLS") == "1" || LocalProcess.Find("etcd", Environment.GetEnvironmentVariable("PATH")) is not null;

    static bool NeedsEtcd(TypedCommand command) =>
        command.Bare.Contains("devnet", StringComparison.Ordinal) || command.Bare.StartsWith("$REQUEST", StringComparison.Ordinal) || command.Bare.Contains("127.0.0.1:74", StringComparison.Ordinal);

    // Decisions tell what was decided, in their day's words.
    static IEnumerable<string> Documents() =>
        Directory.EnumerateFiles(Repository.Root(), "*.md", new EnumerationOptions { RecurseSubdirectories = true })
            .Select(file => Path.GetRelativePath(Repository.Root(), file))
            .Where(file => !file.Split('/').Any(part => part is "artifacts" or "node_modules" or "bin" or "obj" or "decisions"));

    [GeneratedRegex(@"^(ledger|ledger-node|dotnet|curl|docker|systemctl|sudo) \S")]
    private static partial Regex Begins();
}
