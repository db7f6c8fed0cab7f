using System.Text;
using System.Text.Json;
using Ledger.Core.Chain;
using Ledger.Node.Witnessing;
using Ledger.Tests.ChainFolder;
using Ledger.Tests.Peers;
using Ledger.Tests.Web;

namespace Ledger.Tests.Strangers;

/// <summary>Go's own packages for notes and transparent logs, which were not made for this ledger, take its checkpoints, receipts, consistency proofs and tiles, and refuse them with an octet changed.</summary>
public sealed class GoStrangerTests
{
    const string Witness = "witness.example/regulator";

    // More leaves than a tile of the lowest level takes.
    static readonly Lazy<FourBanks> Chain = new(static () => FourBanks.OfBlocks(140));

    [Fact]
    public async Task A_checkpoint_of_a_quorum_is_opened_as_a_signed_note_and_no_other_text_is()
    {
        var checkpoint = Chain.Value.Fold.Checkpoint;
        var good = FourBanks.Sign(checkpoint, FourBanks.Quorum);
        using var stranger = new ChainFixture();

        Assert.Equal("true", Assert.Single(await AskAsync([Of("note", good.Write())])));
        Assert.Equal("true", Assert.Single(await AskAsync([Of("note", FourBanks.Sign(checkpoint, FourBanks.Banks).Write())])));
        byte[][] bad =
        [
            .. ChangedText.OneOctetOfEachWord(good.Write()), FourBanks.Sign(checkpoint, FourBanks.Quorum[..2]).Write(), stranger.SignedCheckpoint().Write(),
            (good with { Signatures = [good.Signatures[0], good.Signatures[0], good.Signatures[0]] }).Write(), (good with { Checkpoint = checkpoint with { Size = checkpoint.Size + 1 } }).Write(),
        ];
        Assert.DoesNotContain("true", await AskAsync(bad.Select(static text => Of("note", text))));
    }

    [Fact]
    public async Task Every_receipt_is_a_proof_that_its_leaf_is_a_record_of_the_log_and_no_changed_one_is()
    {
        var (chain, note) = (Chain.Value, Chain.Value.Newest);
        TlogProof ReceiptOf(ulong leaf)
        {
            var block = chain.Blocks.Single(one => one.Block.FirstLeaf <= leaf && leaf < one.Block.EndLeaf).Block;
            return new(new(block.Leaves[(int)(leaf - block.FirstLeaf)]), leaf, [.. chain.Fold.History.InclusionProof(leaf, note.Checkpoint.Size)], note);
        }

        Assert.All(await AskAsync(Enumerable.Range(0, (int)note.Checkpoint.Size).Select(leaf => Of("receipt", ReceiptOf((ulong)leaf).Write()))), static said => Assert.Equal("true", said));
        var good = ReceiptOf(200);
        byte[][] bad = [.. ChangedText.OneOctetOfEachWord(good.Write()), (good with { Index = 201 }).Write(), (good with { Hashes = [.. good.Hashes.Skip(1)] }).Write(), (good with { Leaf = ReceiptOf(201).Leaf }).Write()];
        Assert.DoesNotContain("true", await AskAsync(bad.Select(static text => Of("receipt", text))));
    }

    [Fact]
    public async Task A_consistency_proof_leads_from_every_older_checkpoint_to_the_newest_and_no_changed_one_does()
    {
        var chain = Chain.Value;
        ConsistencyProof From(ulong size) => new(size, [.. chain.Fold.History.ConsistencyProof(size, chain.Newest.Checkpoint.Size)], chain.Newest);
        var older = chain.Blocks.Skip(1).Select(static one => one.Checkpoint!).ToArray();

        Assert.All(await AskAsync(older.Select(note => Of("consistency", From(note.Checkpoint.Size).Write(), note.Write()))), static said => Assert.Equal("true", said));
        var (old, good) = (older[40], From(older[40].Checkpoint.Size));
        byte[][] bad = [.. ChangedText.OneOctetOfEachWord(good.Write()), From(older[41].Checkpoint.Size).Write(), (good with { Hashes = [.. good.Hashes.Skip(1)] }).Write()];
        Assert.DoesNotContain("true", await AskAsync(bad.Select(text => Of("consistency", text, old.Write()))));
        Assert.DoesNotContain("true", await AskAsync([Of("consistency", good.Write(), older[39].Write())]));
    }

    [Fact]
    public async Task The_root_of_a_checkpoint_and_every_proof_under_it_come_from_the_tiles_and_from_no_changed_ones()
    {
        var chain = Chain.Value;
        var tiles = Tiles(chain.Newest.Checkpoint.Size).ToDictionary(static tile => tile.ToString(), tile => chain.Fold.History.Read(tile));
        Assert.Equal(["0/000", $"0/001.p/{chain.Newest.Checkpoint.Size - 256}", "1/000.p/1"], tiles.Keys.Order(StringComparer.Ordinal));

        var text = chain.Newest.Write();
        Assert.Equal("true", Assert.Single(await AskAsync([Of("tiles", text, tiles: tiles)])));
        var bad = tiles.Keys.Where(static name => name[0] == '0').SelectMany(name => new[] { 0, 17, tiles[name].Length - 1 }.Select(place =>
        {
            var changed = (byte[])tiles[name].Clone();
            changed[place] ^= 1;
            return new Dictionary<string, byte[]>(tiles) { [name] = changed };
        })).Append(tiles.Where(static one => one.Key != "0/000").ToDictionary());
        Assert.DoesNotContain("true", await AskAsync(bad.Select(changed => Of("tiles", text, tiles: changed))));
    }

    [Fact]
    public async Task A_witnesss_cosignature_is_that_of_its_key_over_the_text_and_the_time_and_no_changed_one_is()
    {
        using var folder = new TemporaryFolder();
        var key = WitnessKey.OpenOrMake(folder.Path, Witness, out _)!;
        var checkpoint = Chain.Value.Fold.Checkpoint;
        var (banks, line) = (FourBanks.Sign(checkpoint, FourBanks.Quorum), key.Cosign(checkpoint, 1_767_225_600));
        byte[] With(NoteSignature witness) => (banks with { Signatures = [.. banks.Signatures, witness] }).Write();
        byte[] Altered(int place)
        {
            var octets = line.Signature.Span.ToArray();
            octets[place] ^= 1;
            return With(line with { Signature = new(octets) });
        }

        Assert.Equal("true", Assert.Single(await AskAsync([Of("cosigned", With(line))], key.VKey)));
        byte[][] bad =
        [
            .. Enumerable.Range(0, line.Signature.Length).Select(Altered), .. ChangedText.OneOctetOfEachWord(With(line)), banks.Write(), With(line with { KeyId = line.KeyId ^ 1 }),
            With(line with { KeyName = "witness.example/other" }), With(key.Cosign(checkpoint with { Size = checkpoint.Size + 1 }, 1_767_225_600)), new Note(checkpoint, [line]).Write(),
        ];
        Assert.DoesNotContain("true", await AskAsync(bad.Select(static text => Of("cosigned", text)), key.VKey));
    }

    static IEnumerable<Tile> Tiles(ulong size)
    {
        for (var (level, count) = (0, size); count > 0; level++, count /= 256)
        {
            for (var index = 0UL; index < count / 256; index++) yield return new(level, index, 256);
            if (count % 256 > 0) yield return new(level, count / 256, (int)(count % 256));
        }
    }

    static object Of(string kind, byte[] text, byte[]? older = null, Dictionary<string, byte[]>? tiles = null) =>
        new { kind, text = Encoding.UTF8.GetString(text), older = older is null ? "" : Encoding.UTF8.GetString(older), tiles = tiles ?? [] };

    static async Task<string[]> AskAsync(IEnumerable<object> cases, VKey? witness = null)
    {
        var asked = cases.ToArray();
        var points = FourBanks.Genesis.Text.Validators.Select(static one => Convert.ToBase64String(one.NodeKey.Span));
        var said = await Go.StartAsync(JsonSerializer.Serialize(new
        {
            name = FourBanks.Genesis.Origin, points, needed = FourBanks.Quorum.Length, cases = asked, witness = Witness, witnessKey = witness is null ? "" : Convert.ToBase64String(witness.PublicKey.Span),
        }));
        var answers = JsonSerializer.Deserialize<string[]>(said)!;
        Assert.Equal(asked.Length, answers.Length);
        return answers;
    }
}
