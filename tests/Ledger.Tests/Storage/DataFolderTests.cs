using System.Diagnostics;
using System.Text;
using Ledger.Core.Chain;
using Ledger.Node.Storage;
using Ledger.Tests.Replay;

namespace Ledger.Tests.Storage;

public sealed class DataFolderTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("ledger-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_log_on_a_disk_is_the_one_that_was_written()
    {
        using var chain = DemoChain.WithMembers();
        var storage = new DiskStorage(folder);
        using (var log = chain.Found(storage, segmentSize: 1))
        {
            log.Append(chain.Records(chain.Blocks[1]));
            log.Flush();
            Assert.NotNull(log.ReadBlock(1));
        }

        var inMemory = chain.Stored(segmentSize: 1);
        foreach (var name in (ReadOnlySpan<string>)[StoredChain.FirstSegment, "chain/000000000001.seg", "chain/genesis.json", FolderLayout.Published])
            Assert.Equal(inMemory[name], File.ReadAllBytes(Path.Combine(folder, name)));

        File.AppendAllText(Path.Combine(folder, "chain/000000000001.seg"), "torn");
        var recovered = chain.Recovered(storage, segmentSize: 1);
        Assert.Equal(4, recovered.Cut?.Bytes);
        recovered.Log.Dispose();
    }

    [Fact]
    public void A_folder_has_one_holder_who_is_named_to_the_second()
    {
        using (var held = FolderLock.TryTake(folder, TimeProvider.System, out var nobody))
        {
            Assert.NotNull(held);
            Assert.Null(nobody);
            held.Announce(["http://127.0.0.1:8080"]);

            Assert.Null(FolderLock.TryTake(folder, TimeProvider.System, out var holder));

            Assert.Equal(Environment.ProcessId, holder?.Holder?.Pid);
            var sentence = holder?.ToString();
            Assert.Contains(folder, sentence, StringComparison.Ordinal);
            Assert.Contains($"process {Environment.ProcessId}", sentence, StringComparison.Ordinal);
            Assert.Contains("http://127.0.0.1:8080", sentence, StringComparison.Ordinal);
            Assert.Contains("Stop that process", sentence, StringComparison.Ordinal);
        }

        Assert.False(File.Exists(Path.Combine(folder, FolderLayout.LockInfo)));
        using var again = FolderLock.TryTake(folder, TimeProvider.System, out _);
        Assert.NotNull(again);
    }

    [Fact]
    public void What_a_dead_process_left_of_its_lock_holds_nobody_up()
    {
        File.WriteAllText(Path.Combine(folder, FolderLayout.Lock), "");
        File.WriteAllText(Path.Combine(folder, FolderLayout.LockInfo), """{"pid":1,"startedAt":"2026-01-01T00:00:00+00:00","urls":[]}""");

        using var taken = FolderLock.TryTake(folder, TimeProvider.System, out _);

        Assert.NotNull(taken);
        Assert.Contains($"\"pid\":{Environment.ProcessId}", File.ReadAllText(Path.Combine(folder, FolderLayout.LockInfo)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_process_finds_the_folder_held_and_takes_it_when_the_first_is_killed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/flock"), "There is no flock program here to be the other process.");
        using var other = Process.Start(new ProcessStartInfo("/usr/bin/flock", ["-o", Path.Combine(folder, FolderLayout.Lock), "cat"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        other.StandardInput.WriteLine("held");
        other.StandardInput.Flush();
        Assert.Equal("held", other.StandardOutput.ReadLine());

        Assert.Null(FolderLock.TryTake(folder, TimeProvider.System, out var held));
        Assert.Contains("held by another process", held?.ToString(), StringComparison.Ordinal);

        other.Kill(entireProcessTree: true);
        other.WaitForExit();
        using var taken = FolderLock.TryTake(folder, TimeProvider.System, out _);
        Assert.NotNull(taken);
    }

    [Fact]
    public void A_new_folder_gets_this_layouts_number()
    {
        using var taken = FolderLock.TryTake(folder, TimeProvider.System, out _);
        var storage = new DiskStorage(folder);

        Assert.True(DataVersion.TryOpen(storage, out _));
        Assert.Equal("2\n", File.ReadAllText(Path.Combine(folder, FolderLayout.DataVersion)));
        Assert.True(DataVersion.TryOpen(storage, out _));
    }

    [Theory]
    [InlineData("3\n", "layout 3")]
    [InlineData("10\n", "layout 10")]
    [InlineData("0\n", "no layout number")]
    [InlineData("02\n", "no layout number")]
    [InlineData("-1\n", "no layout number")]
    [InlineData("1", "no layout number")]
    [InlineData("1\n1\n", "no layout number")]
    [InlineData("one\n", "no layout number")]
    public void A_folder_of_a_newer_program_is_refused_and_left_alone(string version, string says)
    {
        var storage = new MemoryStorage { [FolderLayout.DataVersion] = Encoding.ASCII.GetBytes(version) };

        Assert.False(DataVersion.TryOpen(storage, out var problem));

        Assert.Contains(says, problem, StringComparison.Ordinal);
        Assert.Empty(storage.Steps);
    }

    [Fact]
    public void A_folder_that_holds_something_else_is_refused_and_left_alone()
    {
        var storage = new MemoryStorage { ["holiday.jpg"] = [1], ["lost+found"] = [], [FolderLayout.Lock] = [] };

        Assert.False(DataVersion.TryOpen(storage, out var problem));

        Assert.Contains("holiday.jpg", problem, StringComparison.Ordinal);
        Assert.Empty(storage.Steps);
    }
}
