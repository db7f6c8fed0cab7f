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

    [Fact]
    public async Task A_mistyped_command_is_suggested()
    {
        Assert.Equal(ExitCode.Usage, await cli.Run("genesi"));
        Assert.Contains("genesis", cli.Error);
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
