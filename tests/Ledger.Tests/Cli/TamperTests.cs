using System.Buffers.Binary;
using System.Text.Json;
using Ledger.Cli;
using Ledger.Core.Chain;

namespace Ledger.Tests.Cli;

/// <summary>What tampering looks like.</summary>
public sealed class TamperTests : IDisposable
{
    readonly CommandLine cli = new();
    readonly ChainFixture chain = ChainFixture.Small();
    readonly byte[] honest;

    public TamperTests()
    {
        chain.WriteTo(cli["chain"]);
        honest = File.ReadAllBytes(Segment);
    }

    string Segment => cli["chain", SegmentCodec.FileName(0)];

    public void Dispose()
    {
        cli.Dispose();
        chain.Dispose();
    }

    [Fact]
    public async Task A_changed_byte_is_found_named_and_undone_wherever_it_lies_in_a_record()
    {
        foreach (var (record, length) in Records())
        {
            for (var place = 0; place < length; place += 11)
            {
                // Under another type or length there is no record whose checksum could tell.
                if (place < SegmentCodec.HeadSize) continue;
                var bytes = honest.ToArray();
                bytes[record + place] ^= 0x2A;

                using var report = await FalseAsync(bytes);
                var changed = report.RootElement.GetProperty("tampering").GetProperty("changed");
                Assert.Equal(
                    (record + place, $"{bytes[record + place]:x2}", $"{honest[record + place]:x2}"),
                    (changed.GetProperty("offset").GetInt32(), changed.GetProperty("is").GetString(), changed.GetProperty("was").GetString()));
            }
        }
    }

    [Fact]
    public async Task A_leaf_that_was_changed_has_another_hash_than_it_had()
    {
        var (record, length) = Records().Last(one => honest[one.At] == (byte)RecordType.Block);
        var bytes = honest.ToArray();
        bytes[record + length - 20] ^= 1;

        using var report = await FalseAsync(bytes);

        var tampering = report.RootElement.GetProperty("tampering");
        var leaf = tampering.GetProperty("leaf");
        Assert.Equal("header", leaf.GetProperty("kind").GetString());
        var suite = chain.Founding.Genesis.Chain.Suite;
        var range = leaf.GetProperty("offset").GetInt32()..(leaf.GetProperty("offset").GetInt32() + leaf.GetProperty("length").GetInt32());
        var hashes = tampering.GetProperty("hashes");
        Assert.Equal(MerkleHash.OfLeaf(suite, honest.AsSpan(range)).ToString(), hashes.GetProperty("expected").GetString());
        Assert.Equal(MerkleHash.OfLeaf(suite, bytes.AsSpan(range)).ToString(), hashes.GetProperty("found").GetString());
    }

    [Fact]
    public async Task Who_makes_the_checksum_anew_is_betrayed_by_the_root_that_the_banks_signed()
    {
        var (record, length) = Records().Last(one => honest[one.At] == (byte)RecordType.Block);
        var payload = honest.AsSpan(record + SegmentCodec.HeadSize, length - SegmentCodec.Overhead).ToArray();
        payload[^20] ^= 1;
        var bytes = honest.ToArray();
        SegmentCodec.Write(RecordType.Block, payload, bytes.AsSpan(record));

        using var report = await FalseAsync(bytes);

        var tampering = report.RootElement.GetProperty("tampering");
        Assert.Equal(JsonValueKind.Null, tampering.GetProperty("changed").ValueKind);
        Assert.Contains("signed", tampering.GetProperty("hashes").GetProperty("of").GetString(), StringComparison.Ordinal);
        Assert.NotEqual(tampering.GetProperty("hashes").GetProperty("expected").GetString(), tampering.GetProperty("hashes").GetProperty("found").GetString());
    }

    [Theory]
    [InlineData("en", "expected", "found", "was", "not checked")]
    [InlineData("zh", "应为", "实为", "原为", "未核验")]
    public async Task People_see_a_picture_with_the_byte_marked(string language, params string[] words)
    {
        var (record, _) = Records().Last(one => honest[one.At] == (byte)RecordType.Block);
        var bytes = honest.ToArray();
        bytes[record + 40] ^= 0x2A;
        await File.WriteAllBytesAsync(Segment, bytes, TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.VerificationFalse, await cli.Run("verify", "chain", cli["chain"], "--lang", language));

        Assert.All(words, word => Assert.Contains(word, cli.Output));
        Assert.Contains($"[{bytes[record + 40]:x2}]", cli.Output);
        Assert.Contains("^^", cli.Output);
    }

    [Fact]
    public async Task Whatever_byte_is_changed_the_picture_can_be_drawn()
    {
        for (var place = 0; place < honest.Length; place += 23)
        {
            var bytes = honest.ToArray();
            bytes[place] ^= 0xFF;
            await File.WriteAllBytesAsync(Segment, bytes, TestContext.Current.CancellationToken);

            Assert.Equal((ExitCode.VerificationFalse, place), (await cli.Run("verify", "chain", cli["chain"]), place));
        }
    }

    async Task<JsonDocument> FalseAsync(byte[] bytes)
    {
        await File.WriteAllBytesAsync(Segment, bytes, TestContext.Current.CancellationToken);
        Assert.Equal(ExitCode.VerificationFalse, await cli.Run("verify", "chain", cli["chain"], "-o", "json"));
        return JsonDocument.Parse(cli.Output);
    }

    IEnumerable<(int At, int Length)> Records()
    {
        for (var at = 0; at < honest.Length;)
        {
            var length = SegmentCodec.Overhead + (int)BinaryPrimitives.ReadUInt32BigEndian(honest.AsSpan(at + 1));
            yield return (at, length);
            at += length;
        }
    }
}
