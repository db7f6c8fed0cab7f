using System.Diagnostics;
using Ledger.Cli;

namespace Ledger.Tests.Cli;

/// <summary>Completion as shells really do it; where a shell is missing the test says so.</summary>
public sealed class CompletionTests : IDisposable
{
    readonly CommandLine cli = new();

    public void Dispose() => cli.Dispose();

    [Theory]
    [InlineData("tok", "token")]
    [InlineData("token tr", "transfer")]
    [InlineData("token transfer --no", "--node --no-wait --not-transferable --no-color --no-input")]
    [InlineData("token transfer X --cause s", "sale subrogation succession")]
    [InlineData("key list -o j", "json")]
    [InlineData("show pl", "pledge")]
    [InlineData("help", "help")]
    public async Task Bash_completes(string typed, string fitting)
    {
        Tool("bash");
        Assert.Equal(ExitCode.Ok, await cli.Run("completion", "bash"));
        await File.WriteAllTextAsync(cli["completion"], cli.Output, TestContext.Current.CancellationToken);
        var words = typed.Split(' ');

        var said = await RunAsync("bash", "--norc", "-c", $"source '{cli["completion"]}'; COMP_WORDS=(ledger {typed}); COMP_CWORD={words.Length}; _ledger; printf '%s\\n' \"${{COMPREPLY[@]}}\"");

        Assert.Equal(fitting.Split(' ').Order(StringComparer.Ordinal), said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("tok", "token")]
    [InlineData("token tr", "transfer")]
    [InlineData("token transfer X --cause s", "sale subrogation succession")]
    [InlineData("verify chain . --output j", "json")]
    public async Task Zsh_completes(string typed, string fitting)
    {
        Tool("zsh");
        Assert.Equal(ExitCode.Ok, await cli.Run("completion", "zsh", "--lang", "zh"));
        await File.WriteAllTextAsync(cli["completion"], cli.Output, TestContext.Current.CancellationToken);
        var words = typed.Split(' ');

        // The shell's own completion hands the words that fit to _describe; here it only prints those that begin as was typed.
        var said = await RunAsync(
            "zsh", "-f", "-c",
            $"_describe() {{ local one; for one in \"${{(@P)2}}\"; do one=\"${{one%%:*}}\"; [[ \"$one\" == {words[^1]}* ]] && print -r -- \"$one\"; done; return 0 }}\n"
            + $"source '{cli["completion"]}'; words=(ledger {typed}); CURRENT={words.Length + 1}; _ledger");

        Assert.Equal(fitting.Split(' ').Order(StringComparer.Ordinal), said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Zsh_takes_the_script_as_a_completion_of_its_own()
    {
        Tool("zsh");
        Assert.Equal(ExitCode.Ok, await cli.Run("completion", "zsh"));
        await File.WriteAllTextAsync(cli["_ledger"], cli.Output, TestContext.Current.CancellationToken);

        Assert.Equal("_ledger\n", await RunAsync("zsh", "-f", "-c", $"autoload -Uz compinit; compinit -D -u; source '{cli["_ledger"]}'; print -r -- $_comps[ledger]"));
    }

    [Fact]
    public async Task PowerShell_completes()
    {
        Tool("pwsh");
        Assert.Equal(ExitCode.Ok, await cli.Run("completion", "pwsh"));
        await File.WriteAllTextAsync(cli["completion.ps1"], cli.Output, TestContext.Current.CancellationToken);

        var said = await RunAsync("pwsh", "-NoProfile", "-Command", $". '{cli["completion.ps1"]}'; (TabExpansion2 'ledger token tr' 15).CompletionMatches.CompletionText");

        Assert.Equal("transfer", said.Trim());
    }

    static void Tool(string name)
    {
        var isThere = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, name)) || File.Exists(Path.Combine(folder, $"{name}.exe")));

        // Shells that a system comes without stay untested there, even where other tools are demanded.
        Assert.SkipUnless(isThere || (name == "bash" && Environment.GetEnvironmentVariable("LEDGER_REQUIRE_TOOLS") == "1"), $"{name} is not installed");
    }

    static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true }) ?? throw new IOException(program);
        var (said, wrong) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("", await wrong);
        return await said;
    }
}
