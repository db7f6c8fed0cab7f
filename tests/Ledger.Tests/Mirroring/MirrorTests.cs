using System.Net;
using System.Net.Http.Headers;
using Ledger.Client.Mirroring;
using Ledger.Core.Chain;
using Ledger.Core.Finality;
using Ledger.Core.Primitives;
using Ledger.Node.Witnessing;
using Ledger.Suites;
using Ledger.Tests.Chain;
using Ledger.Tests.ChainFolder;
using Ledger.Tests.Notices;
using Ledger.Tests.Strangers;

namespace Ledger.Tests.Mirroring;

/// <summary>A copy of a history takes what is signed and goes on from what it holds, whoever gives it, and nothing else.</summary>
public sealed class MirrorTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(1_000)]
    [InlineData(65_537)]
    public async Task A_stranger_makes_the_root_of_a_copy(int size)
    {
        using var log = new FakeLog(size);
        var look = Assert.IsType<MirrorLook.Agrees>(await LookAsync(log, "copy"));

        Assert.Equal(log.Shown.Checkpoint, look.Held.Checkpoint);
        Assert.Equal((Python.Verified, $"{log.Shown.Checkpoint.Root}"), Python.Start("root_of_tiles.py", folder["copy", "tile"], $"{size}"));
        Assert.Equal(look.Held.Write(), await File.ReadAllBytesAsync(folder["copy", "checkpoint"], Cancel));
        Verified("copy", (ulong)size);
    }

    [Fact]
    public async Task A_copy_grows_by_what_is_new_and_never_changes_what_it_has()
    {
        using var log = new FakeLog(70_000);
        var before = new Dictionary<string, byte[]>();
        foreach (var size in (ulong[])[1, 2, 255, 256, 300, 511, 512, 1_000, 65_535, 65_536, 70_000])
        {
            log.Size = size;
            var held = FilesOf("copy");
            log.Asked.Clear();
            await LookAsync(log, "copy");

            Verified("copy", size);
            var now = FilesOf("copy");
            foreach (var (name, octets) in held.Where(one => one.Key != "checkpoint" && now.ContainsKey(one.Key))) Assert.True(octets.AsSpan().SequenceEqual(now[name]), name);

            // What went was the beginning of something longer in its place.
            Assert.All(held.Keys.Except(now.Keys), name => Assert.Contains(".p", name, StringComparison.Ordinal));
            Assert.Empty(log.Asked.Where(path => path.StartsWith("/v1/tile/", StringComparison.Ordinal) && !path.Contains(".p/", StringComparison.Ordinal)).Intersect(before.Keys.Select(name => $"/v1/{name}")));
            before = now;
        }

        Assert.DoesNotContain(FilesOf("copy").Keys, name => name.StartsWith("tile/0/000.p", StringComparison.Ordinal));
        log.Asked.Clear();
        await LookAsync(log, "copy");
        Assert.Equal(["/v1/checkpoint"], log.Asked);
    }

    [Fact]
    public async Task Whatever_request_is_the_last_the_next_run_goes_on_and_ends_with_the_same_files()
    {
        using var log = new FakeLog(1_500);
        await LookAsync(log, "whole", entries: true);
        log.Size = 300;
        await LookAsync(log, "begun", entries: true);
        log.Size = 1_500;

        var cuts = 0;
        for (var isCut = true; isCut; cuts++)
        {
            Copy("begun", "copy");
            var left = cuts;
            log.Instead = _ => left-- > 0 ? null : throw new HttpRequestException("The line is cut.");
            try
            {
                await LookAsync(log, "copy", entries: true);
                isCut = false;
            }
            catch (MirrorException cut)
            {
                Assert.Equal(MirrorFault.Unreachable, cut.Fault);
            }

            Verified("copy", SizeOf("copy"));
            log.Instead = static _ => null;
            await LookAsync(log, "copy", entries: true);
            AssertSame("whole", "copy");
        }

        Assert.True(cuts > 10);
    }

    [Fact]
    public async Task Whatever_files_of_the_next_size_are_there_already_the_checkpoint_that_stands_is_true()
    {
        using var log = new FakeLog(1_500);
        log.Size = 300;
        await LookAsync(log, "begun");
        Copy("begun", "next");
        log.Size = 1_500;
        await LookAsync(log, "next");

        var added = FilesOf("next").Where(one => one.Key is not ("checkpoint" or "mirror.lock") && !FilesOf("begun").ContainsKey(one.Key)).ToArray();
        Assert.NotEmpty(added);
        for (var many = 0; many <= added.Length; many++)
        {
            Copy("begun", "copy");
            foreach (var (name, octets) in added.Take(many)) Put("copy", name, octets);
            if (many > 0) Put("copy", added[many - 1].Key + ".new", added[many - 1].Value[..5]);
            Verified("copy", 300);
            await LookAsync(log, "copy");
            Verified("copy", 1_500);
        }
    }

    [Fact]
    public async Task One_altered_octet_in_any_tile_is_refused_and_not_kept()
    {
        using var log = new FakeLog(1_000);
        log.Size = 300;
        await LookAsync(log, "begun");
        log.Size = 1_000;
        Copy("begun", "copy");
        log.Asked.Clear();
        await LookAsync(log, "copy");
        string[] asked = [.. log.Asked.Where(path => path.StartsWith("/v1/tile", StringComparison.Ordinal))];
        Assert.True(asked.Length >= 4);
        foreach (var path in asked)
        {
            Copy("begun", "copy");
            Assert.True(Tile.TryParse(path["/v1/tile/".Length..], out var tile));
            foreach (var place in (int[])[0, tile.Length / 2, tile.Length - 1])
            {
                var octets = log.Read(tile);
                octets[place] ^= 1;
                Assert.Equal((path, MirrorFault.False), (path, await FailAsync(log, "copy", one => one == path ? FakeLog.Answer(octets) : null)));
            }

            Assert.Equal(MirrorFault.NoAnswer, await FailAsync(log, "copy", one => one == path ? FakeLog.Answer(log.Read(tile)[1..]) : null));
            Assert.Equal(MirrorFault.NoAnswer, await FailAsync(log, "copy", one => one == path ? FakeLog.Answer([.. log.Read(tile), 0]) : null));
            Assert.Equal(MirrorFault.NoAnswer, await FailAsync(log, "copy", one => one == path ? new(HttpStatusCode.NotFound) : null));
            Verified("copy", 300);
        }
    }

    [Fact]
    public async Task What_is_no_answer_is_refused_by_its_name()
    {
        using var log = new FakeLog(300);
        foreach (var status in (HttpStatusCode[])[HttpStatusCode.InternalServerError, HttpStatusCode.Redirect, HttpStatusCode.NotFound, HttpStatusCode.NoContent])
            Assert.Equal((status, MirrorFault.NoAnswer), (status, await FailAsync(log, "copy", _ => new(status) { Headers = { Location = new("http://elsewhere.example/") } })));
        Assert.Equal(MirrorFault.NotAllowed, await FailAsync(log, "copy", _ => new(HttpStatusCode.Unauthorized)));
        Assert.Equal(MirrorFault.NoAnswer, await FailAsync(log, "copy", _ => FakeLog.Answer("no checkpoint\n"u8.ToArray())));
        Assert.Equal(MirrorFault.NoAnswer, await FailAsync(log, "copy", _ => new(HttpStatusCode.OK) { Content = new StreamContent(new Endless()) }));
        Assert.Equal(MirrorFault.Unreachable, await FailAsync(log, "copy", _ => throw new HttpRequestException("nobody there")));
        Assert.False(File.Exists(folder["copy", "checkpoint"]));
    }

    [Fact]
    public async Task A_node_that_never_comes_to_an_end_is_left_and_one_that_asks_for_patience_is_asked_again()
    {
        using var log = new FakeLog(300);
        var time = new ManualTime();
        log.Instead = _ => new(HttpStatusCode.OK) { Content = new StreamContent(new Silent()) };
        var next = time.NextToWait;
        var slow = LookAsync(log, "copy", time: time);
        await next;
        time.Pass(TimeSpan.FromMinutes(10));
        Assert.Equal(MirrorFault.Unreachable, (await Assert.ThrowsAsync<MirrorException>(() => slow)).Fault);

        var refused = 0;
        log.Instead = _ => refused++ > 0 ? null : new(HttpStatusCode.TooManyRequests) { Headers = { RetryAfter = new RetryConditionHeaderValue(TimeSpan.Zero) } };
        Assert.IsType<MirrorLook.Agrees>(await LookAsync(log, "copy"));
        Verified("copy", 300);
    }

    [Theory]
    [InlineData(10, 200)]
    [InlineData(10, 300)]
    [InlineData(10, 301)]
    [InlineData(299, 300)]
    [InlineData(299, 1_000)]
    [InlineData(256, 257)]
    [InlineData(0, 1_000)]
    public async Task Two_histories_leave_a_proof_and_the_copy_as_it_was(int forkAt, ulong shown)
    {
        using FakeLog log = new(300), fork = new(1_000, forkAt) { Size = shown };
        await LookAsync(log, "copy");
        var found = Assert.IsType<MirrorLook.Contradicts>(await LookAsync(fork, "copy"));

        Assert.True(found.IsGood);
        Assert.Equal(FakeLog.Bank, found.View.ShownBy);
        Assert.True(SplitView.TryRead(await File.ReadAllBytesAsync(folder["copy", found.File], Cancel), out var kept));
        Assert.True(kept.IsGood(Sample.Suite, FakeLog.Policy));
        Assert.Equal(new HashSet<Checkpoint> { log.Shown.Checkpoint, fork.Shown.Checkpoint }, [kept.Shown.Checkpoint, kept.Mine.Checkpoint]);
        Verified("copy", 300);
        Assert.IsType<MirrorLook.Agrees>(await LookAsync(log, "copy"));
    }

    [Fact]
    public async Task A_node_that_is_behind_or_level_on_the_same_history_agrees()
    {
        using var log = new FakeLog(1_000);
        await LookAsync(log, "copy");
        foreach (var size in (ulong[])[1, 2, 255, 256, 257, 512, 999, 1_000])
        {
            log.Size = size;
            Assert.Equal(1_000UL, Assert.IsType<MirrorLook.Agrees>(await LookAsync(log, "copy")).Held.Checkpoint.Size);
        }
    }

    [Fact]
    public async Task A_partial_tile_that_gave_way_to_the_full_one_is_had_of_that()
    {
        using var log = new FakeLog(1_000);
        log.Instead = path => Tile.TryParse(path["/v1/".Length..].Replace("tile/", "", StringComparison.Ordinal), out var tile) && tile == new Tile(0, 3, 232) ? new(HttpStatusCode.NotFound)
            : path == "/v1/tile/0/003" ? FakeLog.Answer([.. log.Read(new(0, 3, 232)), .. new byte[24 * Hash256.Size]]) : null;
        Assert.IsType<MirrorLook.Agrees>(await LookAsync(log, "copy"));
        Verified("copy", 1_000);
    }

    [Fact]
    public async Task What_the_policy_does_not_believe_is_not_taken()
    {
        using var log = new FakeLog(300);
        foreach (var signers in (Signer[][])[FakeLog.Banks[..1], FakeLog.Former, [.. FakeLog.Former, FakeLog.Banks[2]]])
        {
            log.SignedBy = signers;
            Assert.Equal(MirrorFault.Untrusted, await FailAsync(log, "copy", static _ => null));
        }

        log.SignedBy = FakeLog.Banks;
        log.Origin = "other.example/log";
        Assert.Equal(MirrorFault.Untrusted, await FailAsync(log, "copy", static _ => null));

        log.Origin = Sample.Origin;
        var altered = log.Shown with { Checkpoint = log.Shown.Checkpoint with { Size = 299 } };
        Assert.Equal(MirrorFault.Untrusted, await FailAsync(log, "copy", path => path == "/v1/checkpoint" ? FakeLog.Answer(altered.Write()) : null));

        var other = new Quorum.Key(VKey.Of(KnownSuites.Sm2, "other", FakeLog.Former[0].VKey.PublicKey));
        var cannot = FakeLog.Policy with { Quorum = other };
        var named = log.Shown with { Signatures = log.Shown.Signatures.Add(new("other", other.VKey.KeyId, Sample.Bytes(64, 1))) };
        Assert.Equal(MirrorFault.CannotBeChecked, await FailAsync(log, "copy", path => path == "/v1/checkpoint" ? FakeLog.Answer(named.Write()) : null, cannot));
        Assert.False(File.Exists(folder["copy", "checkpoint"]));
    }

    [Fact]
    public async Task A_policy_that_demands_a_witness_takes_what_the_witness_cosigned_while_it_has_not_seen_the_newest()
    {
        using var log = new FakeLog(300) { Size = 200 };
        var key = WitnessKey.OpenOrMake(folder["witness"], "witness.example/regulator", out _)!;
        var seen = log.Shown;
        var cosigned = seen with { Signatures = seen.Signatures.Add(key.Cosign(seen.Checkpoint, 1)) };
        log.Size = 300;
        var demanding = FakeLog.Policy with { Quorum = new Quorum.AtLeast(2, [FakeLog.Policy.Quorum, new Quorum.Key(key.VKey)]), Cosignatures = CosignatureKeys.Verify };
        Assert.Equal(MirrorFault.Untrusted, await FailAsync(log, "copy", static _ => null, demanding));
        Assert.Equal(MirrorFault.Untrusted, await FailAsync(log, "copy", path => path == "/v1/witnessed" ? FakeLog.Answer(seen.Write()) : null, demanding));

        log.Instead = path => path == "/v1/witnessed" ? FakeLog.Answer(cosigned.Write()) : null;
        Assert.Equal(cosigned, Assert.IsType<MirrorLook.Agrees>(await LookAsync(log, "copy", policy: demanding)).Held);
    }

    [Fact]
    public async Task Entries_are_kept_where_they_are_given_and_only_those_of_the_hashes()
    {
        using var log = new FakeLog(700);
        log.Size = 300;
        await LookAsync(log, "copy", entries: true);
        Assert.Equal(300UL, Verified("copy", 300).Entries);

        log.Size = 700;
        await LookAsync(log, "copy");
        Assert.Equal(256UL, Verified("copy", 700).Entries);
        foreach (var octets in (byte[][])[[], [0], [0, 1, 7], new byte[512]])
            Assert.Equal(MirrorFault.False, await FailAsync(log, "copy", path => path.Contains("entries", StringComparison.Ordinal) ? FakeLog.Answer(octets) : null, entries: true));
        Assert.Equal(MirrorFault.NotAllowed, await FailAsync(log, "copy", path => path.Contains("entries", StringComparison.Ordinal) ? new(HttpStatusCode.Forbidden) : null, entries: true));
        Assert.Equal(256UL, Verified("copy", 700).Entries);

        Assert.Equal(444UL, Assert.IsType<MirrorLook.Agrees>(await LookAsync(log, "copy", entries: true)).FetchedEntries);
        Assert.Equal(700UL, Verified("copy", 700).Entries);
    }

    [Fact]
    public async Task What_was_lost_is_fetched_again()
    {
        using var log = new FakeLog(1_000);
        await LookAsync(log, "copy", entries: true);
        foreach (var (name, octets) in FilesOf("copy").Where(one => one.Key.StartsWith("tile", StringComparison.Ordinal)))
        {
            File.Delete(folder["copy", name]);
            await LookAsync(log, "copy", entries: true);
            Assert.True(octets.AsSpan().SequenceEqual(FilesOf("copy")[name]), name);
        }
    }

    [Fact]
    public async Task Any_altered_octet_of_a_copy_is_found_and_its_file_named()
    {
        using var log = new FakeLog(600);
        log.Size = 550;
        await LookAsync(log, "copy", entries: true);
        log.Size = 600;
        await LookAsync(log, "copy", entries: true);
        Assert.True(File.Exists(folder["copy", "tile", "0", "002.p", "38"]));

        foreach (var (name, octets) in FilesOf("copy").Where(one => one.Key != "mirror.lock"))
        {
            foreach (var place in (int[])[0, octets.Length / 2, octets.Length - 1])
            {
                var altered = (byte[])octets.Clone();
                altered[place] ^= 1;
                Put("copy", name, altered);
                try
                {
                    Assert.IsNotType<MirrorVerdict.Verified>(Audit("copy"));
                }
                catch (MirrorException unreadable)
                {
                    Assert.Equal(("checkpoint", MirrorFault.Folder), (name, unreadable.Fault));
                }
            }

            Put("copy", name, octets);
        }

        Put("copy", "tile/0/005", log.Read(new(0, 0, 256)));
        Put("copy", "tile/index.html", [1]);
        var report = Verified("copy", 600);
        Assert.Equal((1, "tile/index.html"), (report.Beyond, Assert.Single(report.ForeignFiles)));
        File.Delete(folder["copy", "tile", "0", "001"]);
        Assert.Equal("tile/0/001", Assert.IsType<MirrorVerdict.CannotBeChecked>(Audit("copy")).File);
    }

    [Fact]
    public async Task A_copy_is_neither_read_nor_written_through_a_link()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("Links need a privilege on Windows.");
        using var log = new FakeLog(600);
        log.Size = 300;
        foreach (var link in (string[])["checkpoint", "checkpoint.new", "tile", "tile/0", "tile/0/000", "tile/0/002.p/88", "tile/0/001.new", "mirror.lock", "evidence"])
        {
            log.Size = 300;
            Copy("nothing", "copy");
            await LookAsync(log, "copy");
            File.WriteAllText(folder["victim"], "mine");
            Directory.CreateDirectory(folder["elsewhere"]);
            var path = folder["copy", link];
            if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Delete(path);
            File.CreateSymbolicLink(path, link is "tile" or "tile/0" or "evidence" ? folder["elsewhere"] : folder["victim"]);

            log.Size = 600;
            using var fork = new FakeLog(700, forkAt: 3);
            var failed = await Assert.ThrowsAsync<MirrorException>(() => LookAsync(link == "evidence" ? fork : log, "copy"));
            Assert.Equal((link, MirrorFault.Folder), (link, failed.Fault));
            Assert.Equal("mine", File.ReadAllText(folder["victim"]));
            Assert.Empty(Directory.GetFileSystemEntries(folder["elsewhere"]));
        }
    }

    [Fact]
    public async Task A_folder_is_one_mirrors_and_no_other_folder_is_taken_for_one()
    {
        using var log = new FakeLog(300);
        await LookAsync(log, "copy");
        using (MirrorFolder.Take(folder["copy"])) Assert.Equal(MirrorFault.Folder, Assert.Throws<MirrorException>(() => MirrorFolder.Take(folder["copy"])).Fault);
        Put("other", "letter.txt", [1]);
        Assert.Equal(MirrorFault.Folder, Assert.Throws<MirrorException>(() => MirrorFolder.Take(folder["other"])).Fault);

        using var stranger = new FakeLog(400) { Origin = "other.example/log" };
        var both = new TrustPolicy([.. FakeLog.Policy.Logs, .. FakeLog.Banks.Select(bank => bank.VKey with { Name = "other.example/log" })], new Quorum.AtLeast(0, []));
        Assert.Equal(MirrorFault.Untrusted, await FailAsync(stranger, "copy", static _ => null, both));
        Verified("copy", 300);
    }

    [Theory]
    [InlineData(0, 400, 700)]
    [InlineData(1, 400, 700)]
    [InlineData(256, 400, 400)]
    [InlineData(399, 400, 700)]
    public async Task Two_copies_are_compared_to_the_leaf(int forkAt, ulong one, ulong other)
    {
        using FakeLog log = new(700) { Size = one }, fork = new(700, forkAt) { Size = other };
        await LookAsync(log, "one");
        await LookAsync(fork, "other");
        foreach (var (a, b) in ((string, string)[])[("one", "other"), ("other", "one")])
        {
            var (common, view) = MirrorAudit.Compare(Sample.Suite, MirrorFolder.Open(folder[a]), MirrorFolder.Open(folder[b]), new Timestamp(1))!.Value;
            Assert.Equal((ulong)forkAt, common);
            Assert.True(SplitView.TryRead(view.Write(), out var read) && read == view && read.ShownBy is null);
            Assert.True(view.IsGood(Sample.Suite, FakeLog.Policy));
        }

        log.Size = 700;
        await LookAsync(log, "longer");
        Assert.Null(MirrorAudit.Compare(Sample.Suite, MirrorFolder.Open(folder["one"]), MirrorFolder.Open(folder["longer"]), new Timestamp(1)));
        Assert.Null(MirrorAudit.Compare(Sample.Suite, MirrorFolder.Open(folder["one"]), MirrorFolder.Open(folder["one"]), new Timestamp(1)));
    }

    [Fact]
    public async Task What_is_everybodys_all_can_read_and_entries_only_their_owner()
    {
        using var log = new FakeLog(300);
        await LookAsync(log, "copy", entries: true);
        if (OperatingSystem.IsWindows()) return;
        foreach (var name in (string[])["", "tile", "tile/0"]) Assert.True(File.GetUnixFileMode(folder["copy", name]).HasFlag(UnixFileMode.OtherRead | UnixFileMode.OtherExecute), name);
        foreach (var name in (string[])["checkpoint", "tile/0/000", "tile/1/000.p/1"]) Assert.True(File.GetUnixFileMode(folder["copy", name]).HasFlag(UnixFileMode.OtherRead), name);
        foreach (var name in (string[])["tile/entries", "tile/entries/000"]) Assert.False(File.GetUnixFileMode(folder["copy", name]).HasFlag(UnixFileMode.OtherRead), name);
    }

    async Task<MirrorLook> LookAsync(FakeLog log, string name, bool entries = false, TrustPolicy? policy = null, TimeProvider? time = null)
    {
        using var taken = MirrorFolder.Take(folder[name]);
        using var source = log.Source(time);
        return await Mirror.Open(taken, Sample.Suite, policy ?? FakeLog.Policy, TimeProvider.System, static _ => { }).LookAsync(source, entries, Cancel);
    }

    async Task<MirrorFault> FailAsync(FakeLog log, string name, Func<string, HttpResponseMessage?> instead, TrustPolicy? policy = null, bool entries = false)
    {
        log.Instead = instead;
        var failed = await Assert.ThrowsAsync<MirrorException>(() => LookAsync(log, name, entries, policy));
        log.Instead = static _ => null;
        Assert.NotEmpty(failed.Chinese);
        return failed.Fault;
    }

    MirrorVerdict Audit(string name) => MirrorAudit.Verify(MirrorFolder.Open(folder[name]), Sample.Suite, FakeLog.Policy, static _ => { }, Cancel);

    MirrorReport Verified(string name, ulong size)
    {
        var report = Assert.IsType<MirrorVerdict.Verified>(Audit(name)).Report;
        Assert.Equal(size, report.Checkpoint.Checkpoint.Size);
        return report;
    }

    ulong SizeOf(string name) => MirrorFolder.Open(folder[name]).Checkpoint()?.Checkpoint.Size ?? 0;

    Dictionary<string, byte[]> FilesOf(string name) => Directory.Exists(folder[name])
        ? Directory.EnumerateFiles(folder[name], "*", SearchOption.AllDirectories).ToDictionary(path => Path.GetRelativePath(folder[name], path), File.ReadAllBytes)
        : [];

    void Put(string name, string file, byte[] octets)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder[name, file])!);
        File.WriteAllBytes(folder[name, file], octets);
    }

    void Copy(string from, string to)
    {
        if (Directory.Exists(folder[to])) Directory.Delete(folder[to], recursive: true);
        foreach (var (name, octets) in FilesOf(from)) Put(to, name, octets);
    }

    // Partial tiles of sizes between are no part of the comparison: which there are hangs on when somebody looked.
    void AssertSame(string expected, string actual)
    {
        var (one, other) = (FilesOf(expected), FilesOf(actual));
        foreach (var (name, octets) in one.Where(file => file.Key != "checkpoint")) Assert.True(octets.AsSpan().SequenceEqual(other[name]), name);
        Assert.Equal(SizeOf(expected), SizeOf(actual));
    }

    /// <summary>Octets without end.</summary>
    sealed class Endless : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush() => throw new NotSupportedException();

        public override int Read(byte[] buffer, int offset, int count) => count;

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }

    /// <summary>A line on which nothing comes, until whoever waits has had enough.</summary>
    sealed class Silent : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }
    }
}
