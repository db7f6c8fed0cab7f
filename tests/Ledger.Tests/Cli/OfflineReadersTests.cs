using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Ledger.Cli;
using Ledger.Client.AdminLog;
using Ledger.Client.Backups;
using Ledger.Client.Disclosures;
using Ledger.Client.Signing;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.Rules;
using Ledger.Core.Wire;
using Ledger.Suites;
using Ledger.Tests.Laws;

namespace Ledger.Tests.Cli;

/// <summary>
/// Whoever verifies is handed files by somebody who may lie: no file, however it was made, ends the program otherwise than with an answer. Checksums and
/// signatures are made right where the liar could, so that what lies behind them is reached.
/// </summary>
public sealed class OfflineReadersTests : IDisposable
{
    // A tree of commands costs more than most tries, and the reader of a chain less than the program around it: so the readers are tried by themselves, and
    // the program with every kind of answer that they give of a chain, and with a few of so many tries.
    const int OneOf = 50;

    readonly CommandLine cli = new() { KeepsItsTree = true };
    readonly ChainFixture chain = ChainFixture.Small();
    readonly HashSet<(AuditFaultKind?, LeafFaultKind?)> told = [];

    static int Times => Thorough.IsAsked ? 5_000 : 2_000;

    static int Step => Thorough.IsAsked ? 1 : 4;

    public OfflineReadersTests() => File.WriteAllBytes(Genesis, chain.Founding.Genesis.Bytes.ToArray());

    string Genesis => cli["genesis.json"];

    public void Dispose()
    {
        cli.Dispose();
        chain.Dispose();
    }

    [Fact]
    public async Task A_record_of_any_length_whose_checksum_is_right_is_false_and_nothing_worse()
    {
        var honest = Records();
        foreach (var (place, (type, payload)) in honest.Index())
        {
            for (var length = 0; length < payload.Length; length += length < 9 ? 1 : Step)
            {
                var exit = await VerifyAsync([.. honest[..place], (type, payload[..length]), .. honest[(place + 1)..]], length < 4 ? 0 : length);
                Assert.Equal((ExitCode.VerificationFalse, type, length), (exit, type, length));
            }
        }
    }

    [Fact]
    public async Task Records_that_nobody_wrote_are_answered_though_their_checksums_are_right()
    {
        var honest = Records();
        var mutations = new Mutations(20261128);
        for (var i = 0; i < Times; i++)
        {
            var records = honest.ToList();
            var place = mutations.Below(records.Count);
            var (type, payload) = records[place];
            switch (mutations.Below(8))
            {
                case 0:
                    records.RemoveAt(place);
                    break;
                case 1:
                    records.Insert(mutations.Below(records.Count), (type, payload));
                    break;
                case 2:
                    records[place] = ((RecordType)(1 + mutations.Below(3)), payload);
                    break;
                default:
                    records[place] = (type, mutations.Of(payload));
                    break;
            }

            Answered(await VerifyAsync(records, i, i % 4 == 0 ? "json" : "table"), [ExitCode.Ok, ExitCode.VerificationFalse, ExitCode.CouldNotCheck], i);
        }
    }

    /// <summary>Numbers at their ends, where sums and lengths go wrong.</summary>
    [Fact]
    public async Task Fields_at_their_extremes_are_false_and_nothing_worse()
    {
        var honest = Records();
        foreach (var (place, (type, payload)) in honest.Index().Where(one => one.Index < 6))
        {
            for (var at = 0; at < payload.Length; at += Step)
            {
                foreach (var extreme in new byte[] { 0x00, 0x7F, 0xFF })
                {
                    var changed = payload.ToArray();
                    changed.AsSpan(at, Math.Min(8, changed.Length - at)).Fill(extreme);
                    if (changed.AsSpan().SequenceEqual(payload)) continue;
                    var exit = await VerifyAsync([.. honest[..place], (type, changed), .. honest[(place + 1)..]], at);
                    Answered(exit, type == RecordType.Checkpoint ? [ExitCode.Ok, ExitCode.VerificationFalse] : [ExitCode.VerificationFalse], at);
                }
            }
        }
    }

    [Fact]
    public async Task Numbers_of_receipts_at_their_extremes_are_answered()
    {
        var lines = Encoding.UTF8.GetString(WriteReceipt()).Split('\n');
        var (index, note) = (Array.FindIndex(lines, line => line.StartsWith("index ", StringComparison.Ordinal)), Array.IndexOf(lines, ""));
        string[] numbers = ["0", "1", "2", "9223372036854775807", "9223372036854775808", "18446744073709551614", "18446744073709551615"];
        foreach (var (place, size, hashes) in from place in numbers from size in numbers from hashes in new[] { 0, 1, 63, 64, 65 } select (place, size, hashes))
        {
            File.WriteAllText(cli["receipt"], string.Join('\n', [
                .. lines[..index], $"index {place}", .. Enumerable.Repeat(Convert.ToBase64String(new byte[32]), hashes), "", lines[note + 1], size, .. lines[(note + 3)..]]));
            Answered(await cli.Run("verify", "receipt", cli["receipt"], "--genesis", Genesis), [ExitCode.VerificationFalse], hashes);
        }
    }

    [Fact]
    public async Task What_a_node_is_said_to_have_published_is_answered_whatever_it_says()
    {
        chain.WriteTo(cli["data", FolderLayout.Chain]);
        foreach (var isHeld in new[] { false, true })
        {
            using var node = isHeld ? new FileStream(cli["data", FolderLayout.Lock], FileMode.Create, FileAccess.ReadWrite, FileShare.None) : null;
            foreach (var height in new ulong[] { 0, 1, SegmentCodec.MaxHeight, SegmentCodec.MaxHeight + 1, ulong.MaxValue })
            {
                foreach (var length in new ulong[] { 0, 1, 60, long.MaxValue, ulong.MaxValue })
                {
                    File.WriteAllBytes(cli["data", FolderLayout.Published], new PublishedLength(height, length).Write());
                    Answered(await cli.Run("verify", "chain", cli["data"]), [ExitCode.Ok, ExitCode.VerificationFalse, ExitCode.CouldNotCheck], (int)(length % 100));
                    Answered(await cli.Run("backup", cli["data"], "--out", cli["backup"]), [ExitCode.Ok, ExitCode.Fault], (int)(length % 100));
                }
            }
        }
    }

    /// <summary>A validator has the keys for it, so envelope, digest and signature are right over whatever it made up.</summary>
    [Fact]
    public async Task Blocks_that_a_validator_made_up_and_signed_are_answered()
    {
        var honest = Records();
        var place = honest.Index().First(one => one.Item.Type == RecordType.Block && one.Index > 1).Index;
        Assert.True(Block.TryRead(honest[place].Payload, out var block));
        var good = Assert.IsType<EnvelopeLeaf>(block.Envelope).Envelope;
        var payloads = new[]
        {
            chain.Sign(chain.Bank, ChainFixture.Policy(1)), chain.Sign(chain.OtherBank, new WithdrawOffer(new(7))),
            chain.Sign(chain.OtherBank, new PledgeDocuments(new(9), chain.Bank, Currency.Cny, new Amount(30_000_000), [], new(1_773_187_200_000))),
        }.Select(PayloadOf).ToArray();
        var mutations = new Mutations(20261129);
        for (var i = 0; i < Times; i++)
        {
            var entries = new EntryLeaf[1 + mutations.Below(2)];
            for (var j = 0; j < entries.Length; j++) entries[j] = new((ushort)mutations.Below(2), 0, new(Signed(mutations.OfJson(payloads[mutations.Below(payloads.Length)]))));
            var suite = chain.Founding.Genesis.Chain.Suite;
            var envelope = good with
            {
                Digest = Envelope.DigestOf(suite, [.. entries.Select(entry => suite.Hash(entry.Transaction.Span))]), TransactionCount = (uint)entries.Length,
                Clock = i % 5 == 0 ? new(Timestamp.MaxUnixMilliseconds - mutations.Below(3)) : good.Clock, Epoch = i % 7 == 0 ? uint.MaxValue : good.Epoch,
            };
            envelope = envelope with { Signature = new(chain.Founding.NodeKeys[chain.Bank].Sign(envelope.SignedBytes())) };
            var lie = Block.Of(new(envelope, []), entries, block.Header with { EntryCount = (uint)entries.Length, SkippedCount = 0 });
            Answered(await VerifyAsync([.. honest[..place], (RecordType.Block, lie.Payload.ToArray()), .. honest[(place + 1)..]], i), [ExitCode.VerificationFalse], i);
        }
    }

    [Fact]
    public async Task Segments_as_they_never_were_are_answered()
    {
        chain.OpenSegment();
        chain.Append();
        var segments = chain.Segments.ToArray();
        var mutations = new Mutations(20261130);
        for (var i = 0; i < Times; i++)
        {
            var place = i % segments.Length;
            var (name, bytes) = segments[place];
            Answered(
                await VerifyAsync([.. segments[..place], (name, mutations.Of(bytes)), .. segments[(place + 1)..]], i),
                [ExitCode.Ok, ExitCode.VerificationFalse, ExitCode.CouldNotCheck], i);
        }
    }

    [Fact]
    public async Task Genesis_as_it_never_was_is_answered()
    {
        chain.WriteTo(cli["chain"]);
        WriteReceipt();
        var good = chain.Founding.Genesis.Bytes.ToArray();
        var mutations = new Mutations(20261201);
        for (var i = 0; i < Times; i++)
        {
            // What a genesis says is made a state of, by all that go on from it.
            var bytes = mutations.OfJson(good);
            if (Core.Chain.Genesis.Read(bytes, KnownSuites.Find, out var problem) is { } read) _ = new ChainAudit(read, verifySignatures: true);
            else Assert.NotEmpty(problem);
            if (i % OneOf > 3) continue;

            File.WriteAllBytes(cli["chain", FolderLayout.Genesis], bytes);
            File.WriteAllBytes(Genesis, bytes);

            // A chain whose segments name the hash of what was made up.
            if (i % OneOf == 0) NameGenesis(bytes);
            string[][] commands = [["verify", "chain", cli["chain"]], ["verify", "chain", cli["chain"]], ["genesis", "check", Genesis], ["verify", "receipt", cli["receipt"], "--genesis", Genesis]];
            Answered(await cli.Run(commands[i % OneOf]), [ExitCode.Ok, ExitCode.VerificationFalse, ExitCode.CouldNotCheck], i);
        }
    }

    [Fact]
    public async Task Receipts_and_policies_that_nobody_wrote_are_answered()
    {
        var receipt = WriteReceipt();
        var policy = Encoding.UTF8.GetBytes(
            $"# trusted\nlog {chain.Founding.Genesis.Policy.Logs[0]}\nwitness one {chain.Founding.Genesis.Policy.Logs[0]}\ngroup some any one\nquorum some\n");
        var mutations = new Mutations(20261202);
        int[] answers = [ExitCode.Ok, ExitCode.VerificationFalse, ExitCode.CouldNotCheck];
        for (var i = 0; i < Times; i++)
        {
            var (changed, trusted) = (mutations.Of(receipt), mutations.Of(policy));
            _ = TrustPolicy.TryParsePolicyFile(Encoding.UTF8.GetString(trusted), out var quorum, out _);
            if (TlogProof.TryParse(i % 2 == 0 ? changed : receipt, out var proof)) _ = proof.Verify(chain.Founding.Genesis.Chain.Suite, quorum ?? chain.Founding.Genesis.Policy);
            if (i % OneOf > 3) continue;

            File.WriteAllBytes(cli["receipt"], i % OneOf == 3 ? receipt : changed);
            File.WriteAllBytes(cli["policy"], trusted);
            string[] trust = i % OneOf < 2 ? ["--genesis", Genesis, "-o", i % OneOf == 0 ? "json" : "table"] : ["--policy", cli["policy"]];
            Answered(await cli.Run(["verify", "receipt", cli["receipt"], .. trust]), answers, i);
        }
    }

    /// <summary>Any leaf can be put under a root and signed by who has the key.</summary>
    [Fact]
    public async Task Entries_that_a_validator_made_up_are_answered()
    {
        var suite = chain.Founding.Genesis.Chain.Suite;
        var entry = chain.Fold.Last.Leaves[1].ToArray();
        var mutations = new Mutations(20261203);
        for (var i = 0; i < Times; i++)
        {
            var leaf = i % 3 == 0 ? mutations.Of(entry) : new EntryLeaf((ushort)mutations.Below(1 << 16), 0, new(Signed(mutations.OfJson(PayloadOf(new EntryLeaf(0, 0, new(entry.AsSpan(5).ToArray())).Transaction.Span.ToArray()))))).Write();
            if (leaf.Length == 0) continue;
            var root = MerkleHash.OfLeaf(suite, leaf);
            var checkpoint = new Checkpoint(chain.Founding.Genesis.Origin, 1, root);
            var key = chain.Founding.NodeKeys[chain.Bank];
            var note = new Note(checkpoint, [new(checkpoint.Origin, suite.NoteKeyId(checkpoint.Origin, key.PublicKey), new(key.SignNote(checkpoint.SignedBytes())))]);
            File.WriteAllBytes(cli["receipt"], new TlogProof(new(leaf), 0, [], note).Write());
            string[] trust = i % 8 == 0 ? ["--genesis", Genesis] : ["--policy", Policy()];
            Answered(await cli.Run(["verify", "receipt", cli["receipt"], .. trust, "--lang", i % 2 == 0 ? "zh" : "en"]), [ExitCode.Ok, ExitCode.VerificationFalse], i);
        }
    }

    [Fact]
    public async Task Snapshots_that_nobody_wrote_are_answered_though_their_checksums_are_right()
    {
        using var stream = new MemoryStream();
        Snapshot.Write(stream, chain.Fold.Freeze(chain.SignedCheckpoint()), TestContext.Current.CancellationToken);
        var good = stream.ToArray();
        var body = ContentOf(good);
        Directory.CreateDirectory(cli["data", FolderLayout.Snapshots]);
        var file = cli["data", FolderLayout.Snapshots, FolderLayout.SnapshotName(3)];
        File.WriteAllBytes(cli["good.snap"], good);
        chain.WriteTo(cli["chain"]);
        for (var length = 0; length < good.Length; length++)
        {
            Assert.False(IsSnapshot(good[..length]), $"{length}");
            if (length % OneOf > 0) continue;
            File.WriteAllBytes(file, good[..length]);
            Assert.Equal((ExitCode.VerificationFalse, length), (await cli.Run("verify", "snapshot", file, "--genesis", Genesis), length));
            Answered(await cli.Run("snapshot", "list", cli["data"]), [ExitCode.Ok], length);
            Answered(await cli.Run("snapshot", "compare", file, cli["good.snap"]), length < body ? [ExitCode.VerificationFalse, ExitCode.CouldNotCheck] : [ExitCode.Ok, ExitCode.VerificationFalse, ExitCode.CouldNotCheck], length);
        }

        // Every field of the head, with both hashes right.
        for (var at = 0; at < 16 + 2 + 32 + Header.Size; at++)
        {
            foreach (var extreme in new byte[] { 0x00, 0x7F, 0xFF })
            {
                var changed = good[..body];
                changed.AsSpan(at, 8).Fill(extreme);
                var made = Checked(changed, good[(body + Hash256.Size)..^Hash256.Size]);
                _ = IsSnapshot(made);
                if (at % 10 > 0) continue;
                File.WriteAllBytes(file, made);
                Answered(await cli.Run("verify", "snapshot", file, "--genesis", Genesis), [ExitCode.Ok, ExitCode.VerificationFalse], at);
                Answered(await cli.Run("snapshot", "compare", cli["good.snap"], file), [ExitCode.Ok, ExitCode.VerificationFalse, ExitCode.CouldNotCheck], at);
            }
        }

        var mutations = new Mutations(20261204);
        for (var i = 0; i < Times; i++)
        {
            var made = (i % 4) switch
            {
                0 => mutations.Of(good),
                1 => Checked(good[..body], mutations.Of(good.AsSpan()[(body + Hash256.Size)..^Hash256.Size])),
                _ => Checked(mutations.Of(good.AsSpan()[..body]), good[(body + Hash256.Size)..^Hash256.Size]),
            };
            _ = IsSnapshot(made);
            if (i % OneOf > 4) continue;
            File.WriteAllBytes(file, made);
            string[][] commands =
            [
                ["verify", "snapshot", file, "--genesis", Genesis, "-o", "json"], ["verify", "snapshot", file, "--genesis", Genesis],
                ["verify", "snapshot", file, "--genesis", Genesis, "--chain", cli["chain"]], ["snapshot", "compare", cli["good.snap"], file], ["snapshot", "list", cli["data"]],
            ];
            Answered(await cli.Run(commands[i % OneOf]), [ExitCode.Ok, ExitCode.VerificationFalse, ExitCode.CouldNotCheck], i);
        }
    }

    [Fact]
    public async Task Backups_that_nobody_made_are_answered_and_write_nowhere_else()
    {
        chain.WriteTo(cli["data", FolderLayout.Chain]);
        File.WriteAllText(cli["data", FolderLayout.DataVersion], "2\n");
        var end = chain.Segments.Last();
        File.WriteAllBytes(cli["data", FolderLayout.Published], new PublishedLength(0, (ulong)end.Bytes.Length).Write());
        Assert.Equal(ExitCode.Ok, await cli.Run("backup", cli["data"], "--out", cli["backup"]));
        var manifest = cli["backup", BackupManifest.FileName];
        var good = File.ReadAllBytes(manifest);
        var before = Entries();
        var mutations = new Mutations(20261205);
        for (var i = 0; i < Times; i++)
        {
            File.WriteAllBytes(manifest, mutations.OfJson(good));
            if (i % (BackupManifest.Read(cli["backup"]) is null ? OneOf : 5) > 0) continue;
            Answered(await cli.Run("backup", "--check", "--out", cli["backup"]), [ExitCode.Ok, ExitCode.VerificationFalse, ExitCode.CouldNotCheck], i);
            Answered(
                await cli.Run("restore", cli["backup"], "--data", cli["restored"]), [ExitCode.Ok, ExitCode.Fault, ExitCode.VerificationFalse, ExitCode.CouldNotCheck], i);
            if (Directory.Exists(cli["restored"])) Directory.Delete(cli["restored"], recursive: true);
            Assert.Equal(before, Entries());
        }
    }

    [Fact]
    public async Task Disclosures_that_nobody_made_are_answered()
    {
        chain.WriteTo(cli["chain"]);
        Directory.CreateDirectory(cli["disclosed"]);
        var set = DisclosureSet.Empty.With(Term.Price, new Amount(5)).With(Term.Contact, "somebody");
        var good = new DisclosureFile(chain.Founding.Genesis.Chain.ChainId, chain.Bank, new(7), 0, set).ToJson();
        var mutations = new Mutations(20261206);
        for (var i = 0; i < Times; i++)
        {
            var made = mutations.OfJson(good);
            if (!DisclosureFile.TryRead(made, out _, out _) && i % OneOf > 0) continue;
            File.WriteAllBytes(cli["disclosed", "one.json"], made);
            Answered(await cli.Run("verify", "chain", cli["chain"], "--disclosures", cli["disclosed"]), [ExitCode.Ok, ExitCode.VerificationFalse, ExitCode.CouldNotCheck], i);
        }
    }

    [Fact]
    public async Task Admin_logs_that_nobody_wrote_are_answered_though_the_node_signed_them()
    {
        var key = chain.Founding.NodeKeys[chain.Bank];
        Func<byte[], byte[]> sign = bytes => key.Sign(bytes);
        var first = new AdminEntry(1, 1_773_100_800_000, "node", "start", "port=1", "ok", AdminEntry.First).Write(sign);
        byte[] good = [.. first, (byte)'\n', .. new AdminEntry(2, 1_773_100_801_000, "node", "stop", "", "ok", AdminEntry.HashOf(first)).Write(sign), (byte)'\n'];
        var mutations = new Mutations(20261207);
        foreach (var at in new[] { long.MinValue, -1, 0, long.MaxValue })
        {
            File.WriteAllBytes(cli["admin.log"], [.. new AdminEntry(1, at, "\u202e", "start", "", "", AdminEntry.First).Write(sign), (byte)'\n']);
            Answered(await cli.Run("audit", "admin-log", cli["admin.log"], "--genesis", Genesis), [ExitCode.Ok, ExitCode.VerificationFalse], 0);
        }

        for (var i = 0; i < Times; i++)
        {
            // Who has the node's key signs what he likes.
            var made = mutations.OfJson(good);
            _ = AdminLogAudit.Read(made, (_, _, _) => true, [default]);
            if (i % OneOf > 0) continue;
            File.WriteAllBytes(cli["admin.log"], made);
            Answered(await cli.Run("audit", "admin-log", cli["admin.log"], "--genesis", Genesis), [ExitCode.Ok, ExitCode.VerificationFalse], i);
        }
    }

    [Fact]
    public async Task Payloads_and_key_files_that_nobody_made_are_answered()
    {
        var payload = PayloadOf(chain.Sign(chain.Bank, ChainFixture.Policy(1)));
        var key = KeyFile.Lock(chain.Founding.Signer(chain.Bank), $"{chain.Bank}#1", "correct horse", KeyFile.MinIterations).ToJson();
        var mutations = new Mutations(20261208);
        int[] answers = [ExitCode.Ok, ExitCode.Fault, ExitCode.NotAllowed, ExitCode.Refused];
        for (var i = 0; i < Times; i++)
        {
            // A password takes longer than all else, by design.
            var made = mutations.OfJson(payload);
            _ = TransactionText.Read(Signed(made), chain.Founding.Genesis.Chain.Suite, chain.Founding.Genesis.Chain.ChainId, out _);
            if (i % OneOf > 1) continue;
            File.WriteAllBytes(cli["payload"], i % OneOf == 0 ? payload : made);
            File.WriteAllBytes(cli["key"], i % OneOf == 0 ? mutations.OfJson(key) : key);
            string[] sign = ["tx", "sign", "--payload", cli["payload"], "--key", cli["key"], "--genesis", Genesis];
            Answered(await cli.Run([.. sign, "--password-file", cli["pw"], "--out", cli["signed"]]), answers, i);
        }
    }

    [Fact]
    public async Task A_file_that_is_longer_than_any_segment_is_false_and_is_not_read()
    {
        chain.WriteTo(cli["chain"]);
        using (var file = File.OpenWrite(cli["chain", SegmentCodec.FileName(0)])) file.SetLength(SegmentCodec.MaxSegment + 1);

        Assert.Equal(ExitCode.VerificationFalse, await cli.Run("verify", "chain", cli["chain"]));
        Assert.Contains("longer than any", cli.Error);
    }

    /// <summary>A pipe has no end, and a device has one nowhere; a link is what it leads to.</summary>
    [Fact]
    public async Task What_is_no_file_is_neither_waited_for_nor_read_for_ever()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "It has no such files.");
        using (var made = Process.Start("mkfifo", [cli["pipe"]])) await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        string[] names = [FolderLayout.Genesis, SegmentCodec.FileName(0), SegmentCodec.FileName(4), "notes.seg", Path.Combine("..", FolderLayout.Published)];
        foreach (var (name, target) in from name in names from target in new[] { cli["pipe"], "/dev/zero", cli["nowhere"] } select (name, target))
        {
            chain.WriteTo(cli["data", FolderLayout.Chain]);
            var file = cli["data", FolderLayout.Chain, name];
            File.Delete(file);
            File.CreateSymbolicLink(file, target);
            Answered(await cli.Run("verify", "chain", cli["data"]), [ExitCode.Ok, ExitCode.NotFound, ExitCode.VerificationFalse, ExitCode.CouldNotCheck], 0);
            File.Delete(file);
        }

        chain.WriteTo(cli["data", FolderLayout.Chain]);
        var segment = cli["data", FolderLayout.Chain, SegmentCodec.FileName(0)];
        File.Move(segment, cli["elsewhere"]);
        File.CreateSymbolicLink(segment, cli["elsewhere"]);
        Assert.Equal(ExitCode.Ok, await cli.Run("verify", "chain", cli["data"]));

        Assert.Equal(ExitCode.Fault, await cli.Run("verify", "receipt", "/dev/zero", "--genesis", Genesis));
        Directory.CreateDirectory(cli["told"]);
        File.CreateSymbolicLink(cli["told", "one.json"], "/dev/zero");
        Assert.Equal(ExitCode.CouldNotCheck, await cli.Run("verify", "chain", cli["data"], "--disclosures", cli["told"]));
    }

    Task<int> VerifyAsync(IReadOnlyList<(RecordType Type, byte[] Payload)> records, int round, string form = "table") =>
        VerifyAsync([(SegmentCodec.FileName(0), Framed(records))], round, form);

    async Task<int> VerifyAsync(IReadOnlyList<(string Name, byte[] Bytes)> segments, int round, string form = "table")
    {
        var audit = new ChainAudit(chain.Founding.Genesis, verifySignatures: true);
        AuditFault? fault = null;
        foreach (var (name, bytes) in segments) fault ??= audit.Read(name, bytes);
        fault ??= audit.Finish(segments[^1].Name);
        var isEmpty = segments.All(segment => segment.Bytes.Length == 0);
        var answer = isEmpty ? ExitCode.CouldNotCheck : fault is null ? ExitCode.Ok : ExitCode.VerificationFalse;
        if (!told.Add((fault?.Kind, fault?.Leaf?.Kind)) && round % OneOf > 0) return answer;

        chain.WriteTo(cli["chain"]);
        foreach (var (name, bytes) in segments) File.WriteAllBytes(cli["chain", name], bytes);
        Assert.Equal((round, answer), (round, await cli.Run("verify", "chain", cli["chain"], "-o", form)));
        return answer;
    }

    bool IsSnapshot(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        return Snapshot.Read(stream, chain.Founding.Genesis, chain.Founding.Genesis.Policy, out _) is not null;
    }

    void Answered(int exit, int[] answers, int round) => Assert.True(answers.Contains(exit), $"round {round}: {exit}\n{cli.Output}\n{cli.Error}");

    byte[] WriteReceipt()
    {
        var block = chain.Fold.Last;
        var receipt = chain.Receipt(block.Leaves[1], block.FirstLeaf + 1).Write();
        File.WriteAllBytes(cli["receipt"], receipt);
        return receipt;
    }

    string Policy()
    {
        File.WriteAllText(cli["policy"], $"log {chain.Founding.Genesis.Policy.Logs[0]}\nquorum none\n");
        return cli["policy"];
    }

    string[] Entries() => [.. Directory.EnumerateFileSystemEntries(cli["."], "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    (RecordType Type, byte[] Payload)[] Records()
    {
        var records = new List<(RecordType, byte[])>();
        ReadOnlySpan<byte> rest = Assert.Single(chain.Segments).Bytes;
        while (SegmentCodec.TryRead(rest, out var record, out _))
        {
            records.Add((record.Type, record.Payload.ToArray()));
            rest = rest[record.Length..];
        }

        return [.. records];
    }

    static byte[] Framed(IReadOnlyList<(RecordType Type, byte[] Payload)> records)
    {
        using var segment = new MemoryStream();
        foreach (var (type, payload) in records)
        {
            var record = new byte[payload.Length + SegmentCodec.Overhead];
            SegmentCodec.Write(type, payload, record);
            segment.Write(record);
        }

        return segment.ToArray();
    }

    void NameGenesis(byte[] genesis)
    {
        var segment = Assert.Single(chain.Segments).Bytes;
        Assert.True(SegmentCodec.TryRead(segment, out var record, out _));
        SegmentCodec.Write(RecordType.Opener, new SegmentOpener(chain.Founding.Genesis.Chain.Suite.Hash(genesis), 0, 0).Write(), segment.AsSpan(0, record.Length));
        File.WriteAllBytes(cli["chain", SegmentCodec.FileName(0)], segment);
    }

    static byte[] PayloadOf(byte[] transaction)
    {
        var text = Encoding.ASCII.GetString(transaction);
        Assert.True(Base64Url.TryDecode(text.Split('"')[3], out var payload));
        return payload;
    }

    // Signed by the acting bank's maker, whatever it says.
    byte[] Signed(byte[] payload)
    {
        var bank = Encoding.UTF8.GetString(payload).Contains($"\"party\":\"{chain.OtherBank}\"", StringComparison.Ordinal) ? chain.OtherBank : chain.Bank;
        return Jws.Sign(payload, chain.Founding.Genesis.Chain.ChainId, [(new KeyId(bank, Client.Founding.FoundingKeys.Maker), chain.Founding.Signer(bank))]);
    }

    // Where the hash of the contents stands: the only place where what comes before gives it.
    static int ContentOf(ReadOnlySpan<byte> snapshot)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var place = 0; place + Hash256.Size <= snapshot.Length; place++)
        {
            if (hash.GetCurrentHash().AsSpan().SequenceEqual(snapshot.Slice(place, Hash256.Size))) return place;
            hash.AppendData(snapshot.Slice(place, 1));
        }

        throw new ArgumentException("No snapshot.", nameof(snapshot));
    }

    static byte[] Checked(byte[] body, byte[] end)
    {
        byte[] whole = [.. body, .. SHA256.HashData(body), .. end];
        return [.. whole, .. SHA256.HashData(whole)];
    }
}
