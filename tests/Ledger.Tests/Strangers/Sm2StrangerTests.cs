using System.Security.Cryptography;
using Ledger.Client.Signing;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Suites;

namespace Ledger.Tests.Strangers;

/// <summary>A stranger that knows SM2 and SM3 from their standards verifies a chain under them whole, with nothing but its own language.</summary>
public sealed class Sm2StrangerTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("ledger-sm2-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Python_hashes_as_SM3_does()
    {
        string[] asked = [.. Enumerable.Range(1, 200).Select(size => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(size)))];

        Assert.Equal(asked.Select(one => KnownSuites.Sm2.Hash(Convert.FromHexString(one)).ToString()), Answers(asked.Select(static one => $"hash {one}")));
    }

    /// <summary>The standard's example, what we sign, and each of them with a bit of key, message or signature turned.</summary>
    [Fact]
    public void Python_and_the_core_agree_on_SM2_signatures()
    {
        var asked = new List<(byte[] Key, byte[] Message, byte[] Signature)>
        {
            (Convert.FromHexString("0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"),
                "message digest"u8.ToArray(),
                Convert.FromHexString("f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa")),
        };
        for (var size = 1; size < 12; size++)
        {
            using var key = SigningKey.Create(KnownSuites.Sm2);
            var message = RandomNumberGenerator.GetBytes(size * size);
            asked.Add((key.PublicKey.Span.ToArray(), message, key.Sign(message)));
        }

        foreach (var (key, message, signature) in asked.ToArray())
        {
            var place = RandomNumberGenerator.GetInt32(64);
            asked.AddRange([(Turned(key, 1 + place), message, signature), (key, Turned(message, place % message.Length), signature), (key, message, Turned(signature, place))]);
            asked.AddRange([(key, message, [.. new byte[32], .. signature[32..]]), (key, message, [.. signature[..32], .. new byte[32]]), (key, message, [.. signature, 0])]);
        }

        string[] expected = [.. asked.Select(one => KnownSuites.Sm2.Verify(new(one.Key), one.Message, one.Signature) ? "true" : "false")];
        Assert.Equal(12, expected.Count(static one => one == "true"));
        Assert.Equal(expected, Answers(asked.Select(one => $"verify {Convert.ToHexString(one.Key)} {Convert.ToHexString(one.Message)} {Convert.ToHexString(one.Signature)}")));
    }

    [Fact]
    public void Python_verifies_a_chain_under_SM2_with_its_signatures_and_its_state_roots()
    {
        using var world = Traded();
        var chain = world.WriteTo(folder);

        var (code, said) = Python.Start("verify_chain.py", chain);
        Assert.Equal(Python.Verified, code);
        Assert.EndsWith($"root {world.Fold.Checkpoint.Root}; signatures checked with sm2.py", said);
        (code, said) = Python.Start("state_machine.py", chain);
        Assert.Equal(Python.Verified, code);
        Assert.EndsWith($"state root {world.Fold.Last.Header.StateRoot}", said);
    }

    [Theory]
    [InlineData("envelope", "envelope signature")]
    [InlineData("checkpoint", "checkpoint signature")]
    public void Python_finds_a_false_signature_under_SM2(string of, string because)
    {
        using var world = Traded();
        world.WriteTo(folder);
        var records = PythonTests.Records(folder);
        var at = Array.FindLastIndex(records, record => record.Type == (of == "checkpoint" ? RecordType.Checkpoint : RecordType.Block));
        if (of == "checkpoint")
        {
            Assert.True(Note.TryParse(records[at].Payload, out var note));
            records[at].Payload = new Note(note.Checkpoint, [note.Signatures[0] with { Signature = Turned(note.Signatures[0].Signature) }]).Write();
        }
        else
        {
            Assert.True(Block.TryRead(records[at].Payload, out var block));
            var sealedBatch = Assert.IsType<EnvelopeLeaf>(block.Envelope);
            var turned = sealedBatch with { Envelope = sealedBatch.Envelope with { Signature = Turned(sealedBatch.Envelope.Signature) } };
            records[at].Payload = Block.Of(turned, [.. block.Entries], block.Header).Payload.ToArray();
        }

        PythonTests.WriteSegments(records);
        var (code, said) = Python.Start("verify_chain.py", folder);
        Assert.Equal(Python.False, code);
        Assert.Contains(because, said);
    }

    static ByteString Turned(ByteString octets) => new(Turned(octets.Span.ToArray(), 40));

    static World Traded()
    {
        var world = new World(Stage.Sm2, World.Morning);
        world.Hands(world.Certificate(World.A, 100_000), World.A, World.B, 1, 40_000);
        return world;
    }

    static byte[] Turned(byte[] octets, int place)
    {
        var turned = octets.ToArray();
        turned[place] ^= 1;
        return turned;
    }

    string[] Answers(IEnumerable<string> asked)
    {
        var file = Path.Combine(folder, "asked");
        File.WriteAllLines(file, asked);
        var (code, said) = Python.Start("sm2.py", file);
        Assert.Equal(Python.Verified, code);
        return said.Split('\n');
    }
}
