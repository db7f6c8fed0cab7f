using Ledger.Client.Devnet;
using Ledger.Tests.ChainFolder;

namespace Ledger.Tests.Devnet;

/// <summary>Processes that live on: told from others by when they began, and stopped only then.</summary>
public sealed class LocalProcessTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public LocalProcessTests() => Assert.SkipUnless(LocalProcess.IsPossible, "there is no /proc");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task One_is_paused_goes_on_and_ends_at_its_starters_word()
    {
        var sleeper = LocalProcess.Start(folder.Path, folder["log"], "sleep", ["600"]);
        try
        {
            Assert.Equal(ProcessState.Running, sleeper.State);
            Assert.True(sleeper.Send(ProcessSignal.Stop));
            await UntilAsync(() => sleeper.State == ProcessState.Stopped);
            Assert.True(sleeper.Send(ProcessSignal.Cont));
            await UntilAsync(() => sleeper.State == ProcessState.Running);
        }
        finally
        {
            sleeper.Send(ProcessSignal.Kill);
        }

        await UntilAsync(() => !sleeper.IsThere);
        Assert.False(sleeper.Send(ProcessSignal.Term));
    }

    [Fact]
    public void Of_another_process_under_the_same_number_nothing_is_ended()
    {
        var sleeper = LocalProcess.Start(folder.Path, folder["log"], "sleep", ["600"]);
        try
        {
            var before = sleeper with { Since = "1@of-another-boot" };
            Assert.Equal(ProcessState.Ended, before.State);
            Assert.False(before.Send(ProcessSignal.Kill));
            Assert.True(sleeper.IsThere);
        }
        finally
        {
            sleeper.Send(ProcessSignal.Kill);
        }
    }

    [Fact]
    public async Task What_it_says_is_in_its_log_and_no_variable_of_the_starter_sets_it()
    {
        Environment.SetEnvironmentVariable("LEDGER_NODE_OF_A_TEST", "1");
        var process = LocalProcess.Start(folder.Path, folder["log"], "/bin/sh", ["-c", "echo said $LEDGER_NODE_OF_A_TEST; pwd >&2"]);
        await UntilAsync(() => !process.IsThere);
        Environment.SetEnvironmentVariable("LEDGER_NODE_OF_A_TEST", null);

        Assert.Equal(["said", folder.Path], await File.ReadAllLinesAsync(folder["log"], TestContext.Current.CancellationToken));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder["log"]));
    }

    static async Task UntilAsync(Func<bool> isSo)
    {
        while (!isSo()) await Task.Delay(20, TestContext.Current.CancellationToken);
    }
}
