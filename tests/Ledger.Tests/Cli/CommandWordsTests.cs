using System.CommandLine;
using Ledger.Cli;
using Ledger.Cli.Help;
using Ledger.Client.Signing;
using Ledger.Core.Primitives;
using Ledger.Suites;

namespace Ledger.Tests.Cli;

/// <summary>What may be typed: every word that is offered is taken, every word that is not known is refused, and none is taken for another's value.</summary>
public sealed class CommandWordsTests : IDisposable
{
    static readonly RootCommand Root = NewRoot();

    readonly CommandLine cli = new();

    public void Dispose() => cli.Dispose();

    public static TheoryData<string> Commands => [.. CliDocument.All(Root).Where(command => command.Subcommands.Count == 0).Select(HelpPage.PathOf)];

    [Theory]
    [MemberData(nameof(Commands))]
    public void What_completion_offers_the_parser_takes_and_help_shows(string path)
    {
        var command = CliDocument.All(Root).Single(one => HelpPage.PathOf(one) == path);
        string[] typed = [.. path.Split(' ').Skip(1)];
        foreach (var option in command.Options.Concat(HelpPage.Shared(command)).Where(option => option.ValueType != typeof(bool)))
        {
            var offered = option.GetCompletions(System.CommandLine.Completions.CompletionContext.Empty).Select(item => item.Label).ToArray();
            foreach (var word in offered)
            {
                var parsed = Root.Parse([.. typed, option.Name, word], CommandWords.Reading);
                Assert.DoesNotContain(parsed.Errors, error => error.SymbolResult is System.CommandLine.Parsing.OptionResult at && at.Option == option && !at.Implicit);
            }

            if (offered.Length > 0) Assert.Equal(option.HelpName!.Split('|').Order(StringComparer.Ordinal), offered.Order(StringComparer.Ordinal));
            else Assert.DoesNotContain('|', option.HelpName is "FILE|HASH" ? "" : option.HelpName ?? "");
        }
    }

    [Theory]
    [InlineData("--cause", "issue")]
    [InlineData("--cause", "Sale")]
    public async Task A_word_that_is_not_offered_is_not_taken(string option, string word)
    {
        Assert.Equal(ExitCode.Usage, await cli.Run("token", "transfer", "AAAAAAAAAAAAAAAAAAAAAQ", "--to", "91440300MA1000017E", "--units", "1-2", option, word));
        Assert.Contains(word, cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--amount", "token", "transfer", "AAAAAAAAAAAAAAAAAAAAAQ", "--to", "91440300MA1000017E", "--amout", "5.00")]
    [InlineData("--amount", "token", "transfer", "AAAAAAAAAAAAAAAAAAAAAQ", "--to", "--amout")]
    [InlineData("--no-wait", "tx", "send", "--no-wiat")]
    [InlineData("--node", "disclose", "--nod")]
    [InlineData("--out", "tx", "build", "--party", "91440300MA1000017E", "--operations", "--ot", "x")]
    [InlineData("--full", "verify", "chain", "--ful=1")]
    public async Task An_option_that_no_command_has_is_refused_with_what_was_meant_and_never_a_value(string meant, params string[] typed)
    {
        Assert.Equal(ExitCode.Usage, await cli.Run(typed));
        Assert.StartsWith("Unrecognized command or option '--", cli.Error, StringComparison.Ordinal);
        if (HasOption(typed, meant)) Assert.Contains($"Did you mean {meant}?", cli.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, await cli.Run([.. typed, "--lang", "zh"]));
        Assert.StartsWith("无法识别的命令或选项：--", cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("help", "nonsense")]
    [InlineData("help", "token", "nonsense")]
    [InlineData("help", "token", "transfer", "nonsense")]
    [InlineData("token", "nonsense", "--help")]
    [InlineData("nonsense", "--help")]
    [InlineData("token", "transfer", "--nonsense", "--help")]
    public async Task Help_about_what_is_no_command_says_so(params string[] typed)
    {
        Assert.Equal(ExitCode.Usage, await cli.Run(typed));
        Assert.Empty(cli.Output);
        Assert.Contains("nonsense", cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-oAAAAAAAAAAAAAAAAAAAAQ")]
    [InlineData("--AAAAAAAAAAAAAAAAAAAA")]
    [InlineData("-AAAAAAAAAAAAAAAAAAAAQ")]
    public async Task An_id_that_begins_with_a_dash_is_an_id(string id)
    {
        id = id.PadRight(21, 'A')[..21] + "Q";
        Assert.True(Id<Core.Instruments.Offer>.TryParse(id, out _));
        using var chain = ChainFixture.Small();
        File.WriteAllBytes(cli["genesis.json"], chain.Founding.Genesis.Bytes.ToArray());
        string[] building = ["--as", "91440300MA1000017E", "--genesis", cli["genesis.json"], "--out", cli["payload"]];

        Assert.Equal((ExitCode.Ok, ""), (await cli.Run(["offer", "accept", id, .. building]), cli.Error));
        Assert.Contains($"\"offer\":\"{id}\"", File.ReadAllText(cli["payload"]), StringComparison.Ordinal);
        Assert.Equal((ExitCode.Ok, ""), (await cli.Run(["token", "transfer", "AAAAAAAAAAAAAAAAAAAAAQ", "--to", "91440300MA10000259", "--units", "1-2", "--recourse", "no", "--offer-id", id, .. building]), cli.Error));
        Assert.Contains($"\"offer\":\"{id}\"", File.ReadAllText(cli["payload"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--recourse", "recourse", "token", "transfer", "AAAAAAAAAAAAAAAAAAAAAQ", "--to", "91440300MA10000259", "--units", "1-2")]
    [InlineData("--recourse", "recourse", "token", "transfer", "AAAAAAAAAAAAAAAAAAAAAQ", "--to", "91440300MA10000259", "--units", "1-2", "--cause", "sale")]
    [InlineData("--waive-defences", "defencesWaived", "receivable", "confirm", "AAAAAAAAAAAAAAAAAAAAAQ", "--amount", "1", "--undertaking", "{hash}", "--clause", "{hash}")]
    [InlineData("--waive-defences", "defencesWaived", "receivable", "issue", "--creditor", "91440300MA10000259", "--amount", "1", "--due", "2026-09-10", "--issue-date", "2026-03-10", "--document", "AAAAAAAAAAAAAAAAAAAAAQ=1", "--undertaking", "{hash}", "--clause", "{hash}")]
    [InlineData("--debt-was-paid", "debtWasPaid", "document", "release", "AAAAAAAAAAAAAAAAAAAAAQ")]
    public async Task What_decides_a_right_is_said_and_silence_is_never_a_no(string option, string member, params string[] command)
    {
        using var chain = ChainFixture.Small();
        File.WriteAllBytes(cli["genesis.json"], chain.Founding.Genesis.Bytes.ToArray());
        string[] building = [.. command.Select(word => word.Replace("{hash}", new string('a', 64))), "--as", "91440300MA1000017E", "--genesis", cli["genesis.json"], "--out", cli["payload"]];

        Assert.Equal(ExitCode.Usage, await cli.Run(building));
        Assert.Contains(option, cli.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(cli["payload"]));
        foreach (var (word, signed) in new[] { ("yes", "true"), ("no", "false") })
        {
            Assert.Equal((ExitCode.Ok, ""), (await cli.Run([.. building, option, word]), cli.Error));
            Assert.Contains($"\"{member}\":{signed}", File.ReadAllText(cli["payload"]), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_move_that_is_no_bargain_has_no_recourse_to_ask_for()
    {
        using var chain = ChainFixture.Small();
        File.WriteAllBytes(cli["genesis.json"], chain.Founding.Genesis.Bytes.ToArray());

        Assert.Equal((ExitCode.Ok, ""), (await cli.Run(
            "token", "transfer", "AAAAAAAAAAAAAAAAAAAAAQ", "--to", "91440300MA10000259", "--units", "1-2", "--cause", "recourse", "--as", "91440300MA1000017E", "--genesis", cli["genesis.json"],
            "--out", cli["payload"]), cli.Error));
        Assert.Contains("\"recourse\":false", File.ReadAllText(cli["payload"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_variable_of_the_locale_says_nothing_and_the_next_one_counts()
    {
        (cli.Variables["LC_ALL"], cli.Variables["LC_MESSAGES"], cli.Variables["LANG"]) = ("", "", "zh_CN.UTF-8");
        await cli.Run("genesis", "hash", cli["absent"]);
        Assert.StartsWith("找不到", cli.Error, StringComparison.Ordinal);

        cli.Variables["LC_MESSAGES"] = "en_GB.UTF-8";
        await cli.Run("genesis", "hash", cli["absent"]);
        Assert.StartsWith("Not found", cli.Error, StringComparison.Ordinal);

        cli.Variables["LC_ALL"] = "zh_CN.UTF-8";
        await cli.Run("genesis", "hash", cli["absent"]);
        Assert.StartsWith("找不到", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_settings_key_and_password_serve_every_command_that_opens_or_makes_one()
    {
        using var chain = ChainFixture.Small();
        File.WriteAllBytes(cli["genesis.json"], chain.Founding.Genesis.Bytes.ToArray());
        cli.Variables["LEDGER_PASSWORD_FILE"] = cli["pw"];
        cli.Variables["LEDGER_KEY"] = cli["maker.key.json"];

        Assert.Equal((ExitCode.Ok, ""), (await cli.Run("key", "new", "--party", "91440300MA1000017E", "--number", "1", "--out", cli["maker.key.json"]), cli.Error));
        Assert.Equal((ExitCode.Ok, ""), (await cli.Run("genesis", "new", "--preset", "demo", "--out", cli["founding"]), cli.Error));
        Assert.Equal((ExitCode.Ok, ""), (await cli.Run(
            "offer", "accept", "AAAAAAAAAAAAAAAAAAAAAQ", "--as", "91440300MA1000017E", "--genesis", cli["genesis.json"], "--out", cli["payload"]), cli.Error));
        Assert.Equal((ExitCode.Ok, ""), (await cli.Run("tx", "sign", "--payload", cli["payload"], "--genesis", cli["genesis.json"], "--out", cli["signed"]), cli.Error));
        Assert.Contains("\"signatures\"", File.ReadAllText(cli["signed"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_partys_key_files_carry_the_numbers_that_the_ledger_will_give()
    {
        using var chain = ChainFixture.Small();
        File.WriteAllBytes(cli["genesis.json"], chain.Founding.Genesis.Bytes.ToArray());
        foreach (var (file, kid) in new[] { ("second.key.json", "91310115XX0000019T#2"), ("others.key.json", "91440300MA1000017E#1"), ("first.key.json", "91310115XX0000019T#1") })
        {
            using var key = SigningKey.Create(KnownSuites.P256);
            Assert.True(KeyFile.Lock(key, kid, "correct horse", KeyFile.MinIterations).TryWriteNew(cli[file]));
        }

        Task<int> Register(params string[] files) => cli.Run([
            "party", "register", "91310115XX0000019T", "--name", "示例公司", "--role", "supplier", "--as", "91440300MA1000017E", "--genesis", cli["genesis.json"], "--out", cli["payload"],
            .. files.SelectMany(file => new[] { "--new-key", $"{cli[file]},signing,maker,zhang.san" })]);

        Assert.Equal(ExitCode.Usage, await Register("second.key.json"));
        Assert.Contains("--number 1", cli.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, await Register("others.key.json"));
        Assert.Equal(ExitCode.Usage, await Register("second.key.json", "first.key.json"));
        Assert.Equal((ExitCode.Ok, ""), (await Register("first.key.json", "second.key.json"), cli.Error));
    }

    static bool HasOption(string[] typed, string option)
    {
        Command at = Root;
        foreach (var word in typed)
        {
            if (at.Subcommands.FirstOrDefault(inner => inner.Name == word) is not { } inner) break;
            at = inner;
        }

        return at.Options.Concat(HelpPage.Shared(at)).Any(one => one.Name == option);
    }

    static RootCommand NewRoot()
    {
        var terminal = new Terminal(TextWriter.Null, TextWriter.Null, TextReader.Null);
        return CliProgram.Root(new Shell(terminal, Settings.Read(terminal)));
    }
}
