using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Ledger.Client.Documents;
using Ledger.Client.Invoices;
using Ledger.Core.Chain;
using Ledger.Core.Crypto;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.State;
using Ledger.Suites;
using Ledger.Tests.Laws;
using Ledger.Tests.Vectors;

namespace Ledger.Tests.Strangers;

/// <summary>
/// A verifier in another language, written from docs/FORMATS.md, agrees with the frozen chain and refuses every lie about it, among them those of a
/// validator that signs what it changed.
/// </summary>
public sealed class PythonTests : IDisposable
{
    const int Verified = Python.Verified, False = Python.False, NotChecked = Python.NotChecked;

    readonly string folder = Directory.CreateTempSubdirectory("ledger-python-").FullName;

    public PythonTests() => GoldenStory.First.CopyTo(folder);

    public static TheoryData<string> Titles => [.. GoldenStory.All.Select(story => story.Title)];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("cryptography")]
    [InlineData("openssl")]
    public void Python_verifies_the_frozen_chain_and_its_signatures(string tool)
    {
        var (code, said) = Run(tool);
        if (code == NotChecked) Python.Absent($"Python has no {tool} here.");

        Assert.Equal(Verified, code);
        Assert.StartsWith(File.ReadLines(Path.Combine(GoldenStory.First.Folder, "roots.golden")).First().Split(' ')[1], said);
        Assert.EndsWith($"signatures checked with {tool}", said);
    }

    [Theory]
    [MemberData(nameof(Titles))]
    public void Python_verifies_every_frozen_chain(string title)
    {
        var story = GoldenStory.Of(title);
        var chain = Path.Combine(folder, title);
        story.CopyTo(chain);

        var (code, said) = Python.Start("verify_chain.py", chain);
        if (code == NotChecked) Python.Absent("Python has no tool for P-256 here.");

        Assert.Equal(Verified, code);
        Assert.StartsWith(story.Text("roots").Split('\n', ' ')[1], said);
    }

    /// <summary>The tables of the document are the reader's only grammar, so a record that they do not spell is found by its octets.</summary>
    [Theory]
    [MemberData(nameof(Titles))]
    public void Every_record_of_a_frozen_chain_is_spelt_as_the_document_says_and_all_of_them_give_its_root(string title)
    {
        var story = GoldenStory.Of(title);
        var (records, root) = Told(story);
        var (code, said) = Spelt(records, root);

        Assert.True(code == Verified, said);
        Assert.Equal(False, Spelt(records, new string('0', 64)).Code);
        foreach (var place in new[] { 0, records.Length / 2, records.Length - 1 })
        {
            // An octet too many, and one too few.
            Assert.Equal(False, Spelt([.. records[..place], records[place] + "00", .. records[(place + 1)..]], root).Code);
            Assert.Equal(False, Spelt([.. records[..place], records[place][..^2], .. records[(place + 1)..]], root).Code);
        }
    }

    [Fact]
    public void The_frozen_chains_have_records_of_every_row_of_the_document()
    {
        var met = new HashSet<string>();
        var rows = 0;

        // Reservations and long-lived ids pass, so two stories are also told in part.
        var told = GoldenStory.All.Select(story => Told(story)).Append(Told(GoldenStory.First, height: 6)).Append(Told(GoldenStory.Of("money"), height: 3));
        foreach (var (records, root) in told)
        {
            var said = Spelt(records, root).Said.Split(' ');
            rows = int.Parse(said[0], CultureInfo.InvariantCulture);
            met.UnionWith(said[2..]);
        }

        Assert.Empty(Enumerable.Range(0, rows).Select(row => row.ToString(CultureInfo.InvariantCulture)).Except(met));
    }

    [Fact]
    public void Python_makes_the_fingerprints_and_skeletons_of_numbers()
    {
        var (seller, buyer, key) = (FictionalUscc.Of("320500", 2), FictionalUscc.Of("310115", 1), Enumerable.Range(0, 32).Select(n => (byte)n).ToArray());
        var openings = new List<DocumentOpening>();
        foreach (var (kind, code, number) in ((DocumentKind, string, string)[])
        [
            (DocumentKind.Invoice, "", "26990000000000000101"), (DocumentKind.Invoice, "3100261130", "00000123"), (DocumentKind.Contract, "", "26990000000000000101"),
            .. Enumerable.Range(0, 300).Select(seed => (DocumentKind.Contract, "", $"No.{Documents.DocumentNumberTests.AnyNumber(new(seed))}①Ñ贰")),
        ])
        {
            Assert.True(DocumentOpening.TryCreate(
                new(new byte[DocumentOpening.SaltSize]), kind, code, number, seller, buyer, Currency.Cny, new(1), new(2026, 3, 1), out var opening, out _));
            openings.Add(opening);
        }

        var file = Path.Combine(folder, "numbers");
        File.WriteAllLines(file, openings.Select(one => string.Join('\t', one.Kind.Name(), seller, buyer, one.Code, one.Number)));
        var (exit, said) = Python.Start(
            "skeletons.py", Path.Combine(Repository.Root(), "ledger-node", "Ledger.Client", "Documents", "look-alikes.txt"), Convert.ToHexString(key), file);

        Assert.Equal(Verified, exit);
        Assert.Equal(openings.Select(one => $"{one.Fingerprint(KnownSuites.P256, key)} {one.Skeleton(KnownSuites.P256, key)}"), said.Split('\n'));
    }

    [Fact]
    public void Python_says_so_when_nothing_here_can_check_a_signature()
    {
        var (code, said) = Run("none");
        Assert.Equal(NotChecked, code);
        Assert.EndsWith("signatures not checked", said);
    }

    [Fact]
    public void Python_follows_a_chain_into_the_epoch_in_which_its_only_validator_resumed_it_and_not_back()
    {
        using var chain = ChainFixture.Small();
        chain.Epoch = 3;
        chain.Append();
        var (code, said) = Python.Start("verify_chain.py", chain.WriteTo(Path.Combine(folder, "resumed")), "none");
        Assert.Equal(NotChecked, code);
        Assert.EndsWith("signatures not checked", said);

        var records = Records(Path.Combine(folder, "resumed"));
        var place = Array.FindLastIndex(records, record => record.Type == RecordType.Block);
        BinaryPrimitives.WriteUInt32BigEndian(records[place].Payload.AsSpan(4 + 2 + 1 + 2 + 32), 0);
        WriteSegments(records);
        (code, said) = Python.Start("verify_chain.py", Path.Combine(folder, "resumed"), "none");
        Assert.Equal(False, code);
        Assert.Contains("epoch of ordering", said);
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
    [InlineData("segment without a block")]
    [InlineData("checkpoint twice")]
    [InlineData("name like a segment's")]
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
            case "segment without a block": File.WriteAllBytes(Path.Combine(folder, SegmentCodec.FileName(99)), []); break;
            case "checkpoint twice": WriteSegments([.. Records(), Records()[^1]]); break;
            case "name like a segment's": File.WriteAllBytes(Path.Combine(folder, "000000000000.seg.old"), bytes); break;
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
    [InlineData("skipped for no reason", "skipped list")]
    [InlineData("operation of an accepted entry", "an entry's code")]
    [InlineData("entry withheld", "envelope's bank, counter or count")]
    [InlineData("counter again", "envelope's bank, counter or count")]
    [InlineData("time goes back", "header's place in the chain")]
    [InlineData("state of genesis", "state of genesis")]
    [InlineData("rule set", "a rule set that nobody proposed")]
    public void Python_refuses_what_was_changed_even_when_the_validator_signs_it(string what, string because)
    {
        if (Run(null).Code == NotChecked && because.Contains("signature", StringComparison.Ordinal)) Python.Absent("Python has no tool for P-256 here.");

        Lie(what);

        var (code, said) = Run(null);
        Assert.Equal(False, code);
        Assert.Contains(because, said);
    }

    /// <summary>A line of a key that nobody here knows is ignored, but spelt as every line is.</summary>
    [Theory]
    [InlineData("— witness.example AAAAAAA=", true)]
    [InlineData("— wit+ness.example AAAAAAA=", false)]
    [InlineData("— wit\u00a0ness.example AAAAAAA=", false)]
    [InlineData("— wit\u0085ness.example AAAAAAA=", false)]
    [InlineData("— witness.example AAAAAAB=", false)]
    [InlineData("— witness.example AAAAAA==", false)]
    [InlineData("— witness.example AAAAAAA", false)]
    [InlineData("—  AAAAAAA=", false)]
    [InlineData("", false)]
    public void Python_and_the_core_agree_on_the_spelling_of_lines_of_unknown_keys(string line, bool isGood)
    {
        var records = Records();
        records[^1].Payload = [.. records[^1].Payload, .. Encoding.UTF8.GetBytes(line + "\n")];
        WriteSegments(records);

        Assert.Equal(isGood, Note.TryParse(records[^1].Payload, out _));
        Assert.Equal(isGood ? NotChecked : False, Run("none").Code);
    }

    [Fact]
    public void Python_and_the_core_take_sixty_four_signature_lines_and_no_more()
    {
        var records = Records();
        var line = Encoding.UTF8.GetBytes("— witness.example AAAAAAA=\n");
        records[^1].Payload = [.. records[^1].Payload, .. Enumerable.Repeat(line, Note.MaxSignatures - 1).SelectMany(static one => one)];
        WriteSegments(records);
        Assert.Equal(NotChecked, Run("none").Code);

        records[^1].Payload = [.. records[^1].Payload, .. line];
        WriteSegments(records);
        Assert.False(Note.TryParse(records[^1].Payload, out _));
        Assert.Equal(False, Run("none").Code);
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
                if (what == "skipped for no reason" && header.Height == 5) records[i] = (file, type, payload = SkippedFor(block, 2001));
                if (what == "operation of an accepted entry" && header.Height == 5) records[i] = (file, type, payload = OperationOf(block));
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

    // The number stands behind the position of the first skipped transaction, of which each has 38 octets at the leaf's end.
    static byte[] SkippedFor(Block block, ushort reason)
    {
        var payload = block.Payload.ToArray();
        var leaf = block.Leaves[0].Length;
        BinaryPrimitives.WriteUInt16BigEndian(payload.AsSpan(4 + 2 + leaf - (38 * block.Envelope!.Skipped.Count) + 4), reason);
        return payload;
    }

    // The number of the operation stands behind the code of the first entry, which follows the envelope.
    static byte[] OperationOf(Block block)
    {
        Assert.Equal(0, block.Entries[0].Code);
        var payload = block.Payload.ToArray();
        payload[4 + 2 + block.Leaves[0].Length + 2 + 1 + 2 + 1] = 1;
        return payload;
    }

    // Our own writer would refuse a block that lacks an entry, so the leaves are put together here.
    static byte[] Withheld(Block block)
    {
        var leaves = block.Leaves.ToList();
        if (block.Header.Height == 5) leaves.RemoveAt(1);
        var payload = new BigEndianWriter(block.Payload.Length).U32((uint)leaves.Count);
        foreach (var leaf in leaves) payload.U16((ushort)leaf.Length).Bytes(leaf.Span);
        return payload.ToArray();
    }

    (string File, RecordType Type, byte[] Payload)[] Records() => Records(folder);

    internal static (string File, RecordType Type, byte[] Payload)[] Records(string folder)
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

    internal static void WriteSegments((string File, RecordType Type, byte[] Payload)[] records)
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

    /// <summary>The records that a frozen chain holds at its end, or after the block of a height, and the root that the header there names.</summary>
    static (string[] Records, string Root) Told(GoldenStory story, ulong height = ulong.MaxValue)
    {
        var genesis = Genesis.Read(story.Frozen(FolderLayout.Genesis), KnownSuites.Find, out _);
        Assert.NotNull(genesis);
        var blocks = new List<Block>();
        string[] lines = [];
        var audit = new ChainAudit(genesis, verifySignatures: false);
        audit.OnBlock = folded =>
        {
            if (folded.Block.Header.Height > height) return;
            blocks.Add(folded.Block);
            lines = [.. Lines(genesis, blocks, audit.Fold)];
        };
        foreach (var name in story.SegmentNames) Assert.Null(audit.Read(name, story.Frozen(name)));
        return (lines, blocks[^1].Header.StateRoot.ToString());
    }

    static IEnumerable<string> Lines(Genesis genesis, List<Block> blocks, Fold fold) =>
        from record in ChainRecords.Of(genesis, blocks)
        let salt = Assert.IsType<StateProofEnd.ThisRecord>(fold.Prove(record.Key.Section, record.Key.Key.Span).End).Salt
        orderby record.Key.Section
        select $"{(int)record.Key.Section} {Convert.ToHexStringLower(record.Key.Key.Span)} {salt} {Convert.ToHexStringLower(record.Value)}";

    (int Code, string Said) Spelt(string[] records, string root)
    {
        var file = Path.Combine(folder, "records");
        File.WriteAllLines(file, records);
        return Python.Start("state_records.py", Path.Combine(Repository.Root(), "ledger-node", "docs", "FORMATS.md"), file, root);
    }

    (int Code, string Said) Run(string? tool) => Python.Start("verify_chain.py", [folder, .. tool is null ? Array.Empty<string>() : [tool]]);
}
