using Ledger.Cli;
using Ledger.Client.Text;

namespace Ledger.Tests.Cli;

public sealed class ProgramTests : IDisposable
{
    readonly CommandLine cli = new();

    public void Dispose() => cli.Dispose();

    [Theory]
    [InlineData("--help")]
    [InlineData("key", "new", "-h")]
    [InlineData("token", "transfer", "-h")]
    [InlineData("--version")]
    public async Task Help_and_version_are_results(params string[] args)
    {
        Assert.Equal(ExitCode.Ok, await cli.Run(args));
        Assert.NotEmpty(cli.Output);
        Assert.Empty(cli.Error);
    }

    [Theory]
    [InlineData("key")]
    [InlineData("key", "new")]
    [InlineData("token", "transfer")]
    [InlineData("verify")]
    public async Task Help_begins_with_examples(params string[] command)
    {
        Assert.Equal(ExitCode.Ok, await cli.Run([.. command, "--help"]));
        Assert.StartsWith($"Examples:{Environment.NewLine}  ledger {string.Join(' ', command)} ", cli.Output);
    }

    [Theory]
    [InlineData("fly")]
    [InlineData("key", "new")]
    [InlineData("genesis", "hash")]
    [InlineData("genesis", "hash", "x", "--output", "xml")]
    [InlineData("party", "show", "not-a-party")]
    [InlineData("tx", "show", "91440300MA1000017E", "tooshort")]
    public async Task A_usage_error_is_2_and_a_message(params string[] args)
    {
        Assert.Equal(ExitCode.Usage, await cli.Run(args));
        Assert.Empty(cli.Output);
        Assert.NotEmpty(cli.Error);
    }

    [Theory]
    [InlineData("genesis", "genesi")]
    [InlineData("transfer", "token", "tranfser")]
    [InlineData("--party", "key", "new", "--praty", "x")]
    [InlineData("--lang", "version", "--lnag")]
    public async Task What_was_mistyped_is_suggested(string meant, params string[] typed)
    {
        Assert.Equal(ExitCode.Usage, await cli.Run(typed));
        Assert.Contains($"Did you mean {meant}?", cli.Error);
        Assert.Equal(ExitCode.Usage, await cli.Run(["--lang", "zh", .. typed]));
        Assert.Contains($"是否想输入：{meant}？", cli.Error);
    }

    [Theory]
    [InlineData("fly")]
    [InlineData("token")]
    [InlineData("genesis", "hash")]
    [InlineData("genesis", "hash", "x", "--output", "xml")]
    [InlineData("party", "show", "not-a-party")]
    [InlineData("key", "new", "--party", "91440300MA1000017E")]
    [InlineData("key", "new", "--party")]
    [InlineData("genesis", "hash", "x", "--lang", "zh", "--lang", "en")]
    public async Task A_wrong_command_line_is_explained_in_Chinese_too(params string[] args)
    {
        Assert.Equal(ExitCode.Usage, await cli.Run(["--lang", "zh", .. args]));
        Assert.All(cli.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Contains(line, character => character is >= '一' and <= '鿿'));
    }

    [Theory]
    [InlineData("en", "Exit codes:", "  130  interrupted (Ctrl-C)")]
    [InlineData("zh", "退出码：", "  130  已中断（Ctrl-C）")]
    public async Task Help_tells_the_exit_codes(string language, params string[] lines)
    {
        Assert.Equal(ExitCode.Ok, await cli.Run("help", "--lang", language));
        Assert.All(lines, line => Assert.Contains(line, cli.Output));
    }

    [Fact]
    public async Task Help_about_a_command_is_that_commands_help()
    {
        Assert.Equal(ExitCode.Ok, await cli.Run("token", "transfer", "--help"));
        var help = cli.Output;

        Assert.Equal(ExitCode.Ok, await cli.Run("help", "token", "transfer"));
        Assert.Equal(help, cli.Output);
    }

    [Fact]
    public async Task Colours_and_progress_are_for_people_who_want_them()
    {
        using var chain = ChainFixture.Small();
        chain.WriteTo(cli["chain"]);
        string[] verify = ["verify", "chain", cli["chain"]];

        await cli.Run(verify);
        Assert.DoesNotContain('\u001b', cli.Output);
        Assert.Empty(cli.Error);

        cli.IsTerminal = true;
        await cli.Run(verify);
        Assert.Contains("\u001b[32m", cli.Output);
        Assert.Contains("height 1", cli.Error);
        Assert.EndsWith(" \r", cli.Error);

        await cli.Run([.. verify, "--no-color"]);
        Assert.DoesNotContain('\u001b', cli.Output);
        foreach (var (name, value) in new[] { ("NO_COLOR", "1"), ("TERM", "dumb") })
        {
            cli.Variables[name] = value;
            await cli.Run(verify);
            Assert.DoesNotContain('\u001b', cli.Output);
            cli.Variables.Remove(name);
        }
    }

    [Fact]
    public async Task A_missing_file_is_3()
    {
        Assert.Equal(ExitCode.NotFound, await cli.Run("genesis", "hash", cli["absent"]));
        Assert.Equal(ExitCode.NotFound, await cli.Run("verify", "chain", cli["absent"]));
    }

    [Fact]
    public async Task The_language_is_the_flags_or_the_environments()
    {
        await cli.Run("genesis", "hash", cli["absent"], "--lang", "zh");
        Assert.StartsWith("找不到", cli.Error);
        await cli.Run("genesis", "hash", cli["absent"]);
        Assert.StartsWith("Not found", cli.Error);
        cli.Variables["LANG"] = "zh_CN.UTF-8";
        await cli.Run("genesis", "hash", cli["absent"]);
        Assert.StartsWith("找不到", cli.Error);
    }

    [Fact]
    public async Task An_interrupted_command_is_130()
    {
        using var interrupted = new CancellationTokenSource();
        await interrupted.CancelAsync();
        using StringWriter output = new(), error = new();
        var exit = await CliProgram.RunAsync(["party", "show", "91440300MA1000017E", "--node", "http://127.0.0.1:1"], output, error, new StringReader(""), interrupted.Token);

        Assert.Equal(ExitCode.Interrupted, exit);
    }

    [Fact]
    public async Task The_refusals_document_is_printed_as_it_is()
    {
        Assert.Equal(ExitCode.Ok, await cli.Run("docs", "refusals"));
        Assert.Equal(RefusalsDocument.Write(), cli.Output);
    }
}
