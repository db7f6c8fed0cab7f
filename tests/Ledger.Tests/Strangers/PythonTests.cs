using System.Diagnostics;
using System.Text;
using Ledger.Core.Chain;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Suites;
using Ledger.Tests.Vectors;

namespace Ledger.Tests.Strangers;

/// <summary>
/// A verifier in another language, written from docs/FORMATS.md, agrees with the frozen chain and refuses every lie about it, among them those of a
/// validator that signs what it changed.
/// </summary>
public sealed class PythonTests : IDisposable
{
    const int Verified = 0, False = 6, NotChecked = 7;

    readonly string folder = Directory.CreateTempSubdirectory("ledger-python-").FullName;

    public PythonTests() => GoldenStory.First.CopyTo(folder);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("cryptography")]
    [InlineData("openssl")]
    public void Python_verifies_the_frozen_chain_and_its_signatures(string tool)
    {
        var (code, said) = Run(tool);
        if (code == NotChecked) Absent($"Python has no {tool} here.");

        Assert.Equal(Verified, code);
        Assert.StartsWith(File.ReadLines(Path.Combine(GoldenStory.First.Folder, "roots.golden")).First().Split(' ')[1], said);
        Assert.EndsWith($"signatures checked with {tool}", said);
    }

    [Fact]
    public void Python_says_so_when_nothing_here_can_check_a_signature()
    {
        var (code, said) = Run("none");
        Assert.Equal(NotChecked, code);
        Assert.EndsWith("signatures not checked", said);
    }

    [Fact]
    public void Python_finds_every_accident()
    {
        var first = Path.Combine(folder, "000000000000.seg");
        var whole = File.ReadAllBytes(first);
        for (var place = 11; place < whole.Length; place += whole.Length / 12)
        {
            var flipped = whole.ToArray();
            flipped[place] ^= 0x20;
            File.WriteAllBytes(first, flipped);
            Assert.Equal(False, Run("none").Code);
        }
    }

    [Theory]
    [InlineData("torn tail")]
    [InlineData("octets after the end")]
    [InlineData("last checkpoint gone")]
    [InlineData("segment missing")]
    [InlineData("segment under another name")]
    [InlineData("genesis changed")]
    public void Python_refuses_a_folder_that_is_not_whole(string how)
    {
        var last = Path.Combine(folder, "000000000004.seg");
        var bytes = File.ReadAllBytes(last);
        switch (how)
        {
            case "torn tail": File.WriteAllBytes(last, bytes[..^3]); break;
            case "octets after the end": File.WriteAllBytes(last, [.. bytes, 0]); break;
            case "last checkpoint gone": WriteSegments(Records()[..^1]); break;
            case "segment missing": File.Delete(Path.Combine(folder, "000000000000.seg")); break;
            case "segment under another name": File.Move(last, Path.Combine(folder, "000000000005.seg")); break;
            case "genesis changed":
                var genesis = Path.Combine(folder, FolderLayout.Genesis);
                File.WriteAllText(genesis, File.ReadAllText(genesis).Replace("golden", "gilded", StringComparison.Ordinal));
                break;
        }

        Assert.Equal(False, Run("none").Code);
    }

    [Theory]
    [InlineData("entry's answer", "checkpoint text")]
    [InlineData("payload", "signature of")]
    [InlineData("transaction's signature", "signature of")]
    [InlineData("checkpoint's signature", "checkpoint signature")]
    [InlineData("envelope's signature", "envelope signature")]
    [InlineData("entries exchanged", "batch digest")]
    [InlineData("skipped transaction's hash", "batch digest")]
    [InlineData("entry withheld", "envelope's bank, counter or count")]
    [InlineData("counter again", "envelope's bank, counter or count")]
    [InlineData("time goes back", "header's place in the chain")]
    [InlineData("state of genesis", "state of genesis")]
    [InlineData("rule set", "validator set or rule set")]
    public void Python_refuses_what_was_changed_even_when_the_validator_signs_it(string what, string because)
    {
        if (Run(null).Code == NotChecked && because.Contains("signature", StringComparison.Ordinal)) Absent("Python has no tool for P-256 here.");

        Lie(what);

        var (code, said) = Run(null);
        Assert.Equal(False, code);
        Assert.Contains(because, said);
    }

    // Every lie but the first and that about a checkpoint's signature is told to the end: digest, links, roots and signatures are made to fit it.
    void Lie(string what)
    {
        var records = Records();
        var suite = KnownSuites.P256;
        var history = new HistoryTree(suite);
        var previous = default(Hash256);
        for (var i = 0; i < records.Length; i++)
        {
            var (file, type, payload) = records[i];
            if (type == RecordType.Opener && history.Size > 0 && what != "entry's answer")
            {
                Assert.True(SegmentOpener.TryRead(payload, out var opener));
                records[i] = (file, type, (opener with { FirstLeaf = history.Size }).Write());
            }
            else if (type == RecordType.Block)
            {
                Assert.True(Block.TryRead(payload, out var block));
                var entries = block.Entries.ToList();
                var (leaf, header) = (block.Envelope, block.Header);
                if (header.Height == 0 && what == "state of genesis") header = header with { StateRoot = new(1, 2) };
                if (header.Height == 5 && leaf is not null) Change(what, ref leaf, ref header, entries, suite);
                if (header.Height == 6 && what == "counter again") leaf = Resigned(leaf! with { Envelope = leaf!.Envelope with { Counter = 5 } });
                header = header with { Previous = previous, FirstLeaf = history.Size };
                block = Block.Of(leaf, [.. entries], header);
                records[i] = (file, type, block.Payload.ToArray());
                if (what == "entry withheld") records[i] = (file, type, payload = Withheld(block));
                foreach (var one in block.Leaves) history.Append(MerkleHash.OfLeaf(suite, one.Span));
                previous = header.LeafHash(suite);
            }
            else if (type == RecordType.Checkpoint && what != "entry's answer")
            {
                Assert.True(Note.TryParse(payload, out var note));
                var text = note.Checkpoint with { Size = history.Size, Root = history.Root() };
                var signature = GoldenStory.NodeKey.SignNote(text.SignedBytes());
                if (what == "checkpoint's signature") signature[^1] ^= 1;
                records[i] = (file, type, new Note(text, [note.Signatures[0] with { Signature = new(signature) }]).Write());
            }
        }

        WriteSegments(records);
    }

    static void Change(string what, ref EnvelopeLeaf leaf, ref Header header, List<EntryLeaf> entries, CryptoSuite suite)
    {
        switch (what)
        {
            case "entry's answer":
                entries[0] = entries[0] with { Code = (ushort)Refusal.OfferNotFound };
                break;
            case "payload":
                entries[0] = UnderSignaturesOf(entries[0], PayloadOf(entries[2]));
                leaf = Resigned(leaf, entries, suite);
                break;
            case "transaction's signature":
                entries[0] = Flipped(entries[0], entries[0].Transaction.Length - 20);
                leaf = Resigned(leaf, entries, suite);
                break;
            case "envelope's signature":
                var signature = leaf.Envelope.Signature.Span.ToArray();
                signature[40] ^= 1;
                leaf = leaf with { Envelope = leaf.Envelope with { Signature = new(signature) } };
                break;
            case "entries exchanged":
                (entries[0], entries[1]) = (entries[1], entries[0]);
                break;
            case "skipped transaction's hash":
                leaf = leaf with { Skipped = [leaf.Skipped[0] with { Hash = new(1, 2) }, .. leaf.Skipped.Skip(1)] };
                break;
            case "time goes back":
                header = header with { Time = GoldenStory.Start };
                break;
            case "rule set":
                header = header with { RuleSet = new(1, 2) };
                break;
        }
    }

    // In the middle of base64url any letter stands for any other.
    static EntryLeaf Flipped(EntryLeaf entry, int place)
    {
        var bytes = entry.Transaction.Span.ToArray();
        bytes[place] = bytes[place] == (byte)'A' ? (byte)'B' : (byte)'A';
        return entry with { Transaction = new(bytes) };
    }

    static string PayloadOf(EntryLeaf entry) => Encoding.ASCII.GetString(entry.Transaction.Span).Split('"')[3];

    static EntryLeaf UnderSignaturesOf(EntryLeaf entry, string payload) =>
        entry with { Transaction = new(Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(entry.Transaction.Span).Replace(PayloadOf(entry), payload, StringComparison.Ordinal))) };

    static EnvelopeLeaf Resigned(EnvelopeLeaf leaf, List<EntryLeaf> entries, CryptoSuite suite)
    {
        var hashes = entries.Select(entry => suite.Hash(entry.Transaction.Span)).ToList();
        foreach (var skipped in leaf.Skipped) hashes.Insert((int)skipped.Position, skipped.Hash);
        return Resigned(leaf with { Envelope = leaf.Envelope with { Digest = Envelope.DigestOf(suite, [.. hashes]) } });
    }

    static EnvelopeLeaf Resigned(EnvelopeLeaf leaf) =>
        leaf with { Envelope = leaf.Envelope with { Signature = new(GoldenStory.NodeKey.Sign(leaf.Envelope.SignedBytes())) } };

    // Our own writer would refuse a block that lacks an entry, so the leaves are put together here.
    static byte[] Withheld(Block block)
    {
        var leaves = block.Leaves.ToList();
        if (block.Header.Height == 5) leaves.RemoveAt(1);
        var payload = new BigEndianWriter(block.Payload.Length).U32((uint)leaves.Count);
        foreach (var leaf in leaves) payload.U16((ushort)leaf.Length).Bytes(leaf.Span);
        return payload.ToArray();
    }

    (string File, RecordType Type, byte[] Payload)[] Records()
    {
        var records = new List<(string, RecordType, byte[])>();
        foreach (var file in Directory.GetFiles(folder, "*.seg").Order(StringComparer.Ordinal))
        {
            ReadOnlySpan<byte> rest = File.ReadAllBytes(file);
            while (!rest.IsEmpty)
            {
                Assert.True(SegmentCodec.TryRead(rest, out var record, out _));
                records.Add((file, record.Type, record.Payload.ToArray()));
                rest = rest[record.Length..];
            }
        }

        return [.. records];
    }

    static void WriteSegments((string File, RecordType Type, byte[] Payload)[] records)
    {
        foreach (var segment in records.GroupBy(record => record.File))
        {
            using var stream = File.Create(segment.Key);
            foreach (var (_, type, payload) in segment)
            {
                var record = new byte[payload.Length + SegmentCodec.Overhead];
                SegmentCodec.Write(type, payload, record);
                stream.Write(record);
            }
        }
    }

    (int Code, string Said) Run(string? tool)
    {
        var script = Path.Combine(Repository.Root(), "tests", "Ledger.Tests", "Strangers", "verify_chain.py");
        string[] arguments = ["-B", script, folder, .. tool is null ? Array.Empty<string>() : [tool]];
        var start = new ProcessStartInfo("python3", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var said = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.Equal("", errors.GetAwaiter().GetResult());
            return (process.ExitCode, said.Trim());
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Absent("python3 is not on this machine.");
            throw;
        }
    }

    // Where the tools are promised, their absence is a failure and no reason to be silent.
    static void Absent(string reason)
    {
        if (Environment.GetEnvironmentVariable("LEDGER_REQUIRE_TOOLS") == "1") Assert.Fail(reason);
        Assert.Skip(reason);
    }
}
