using System.Text;
using System.Text.Json.Nodes;
using Ledger.Client.Signing;
using Ledger.Core.Chain;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Evm;
using Ledger.Suites;

namespace Ledger.Tests.Anchoring;

/// <summary>What banks announce and say under their anchor keys, and what is not taken of it.</summary>
public sealed class AnchorKeyTests : IDisposable
{
    static readonly string Golden = Path.Combine(Repository.Root(), "tests", "Ledger.Tests", "Vectors", "anchor");

    readonly KeyedWorld world = new(KnownSuites.Sm2);

    static AnchorAsk Ask(SignerSet set, string text = "text") => new("", 3, set, new(Encoding.ASCII.GetBytes(text)));

    /// <summary>Signed by another program, with the second account of every test chain: a signature of secp256k1 by RFC 6979 is the same everywhere.</summary>
    [Fact]
    public void A_word_over_a_checkpoint_and_over_a_rotation_is_octet_for_octet_what_it_was()
    {
        Assert.True(EvmKey.TryRead(Convert.FromHexString("59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d"), out var key));
        using var _ = key;
        var checkpoint = new Checkpoint(AnchoredWorld.Origin, 42, Hash256.Read([.. Enumerable.Range(0, 32).Select(static i => (byte)i)]));
        Assert.True(EvmAddress.TryParse("0x5fbdb2315678afecb367f032d93f642f64180aa3", out var contract));
        var rotation = new AnchorRotation(31_337, contract, Hash256.Read([.. Enumerable.Repeat((byte)0xAB, 32)]), 2, SignerSet.OfAddresses([LocalSigner.AddressOf(key)], AnchoredWorld.Origin));

        foreach (var (name, text) in ((string, byte[])[])[("checkpoint", checkpoint.SignedBytes()), ("rotation", rotation.SignedBytes())])
        {
            Assert.Equal(File.ReadAllText(Path.Combine(Golden, $"{name}.txt")), Encoding.ASCII.GetString(text));
            var word = AnchorWord.Of(key, text);
            Assert.Equal(File.ReadAllText(Path.Combine(Golden, $"{name}.word")).Trim(), Convert.ToHexStringLower(word.Write()));
            Assert.Null(word.FaultOver(text));
            Assert.Equal(AnchorWordFault.FalseSignature, word.FaultOver([.. text, 10]));
        }
    }

    [Theory]
    [InlineData("announcement-es256.json", P256Suite.SuiteName)]
    [InlineData("announcement-sm2.json", Sm2Suite.SuiteName)]
    public void An_announcement_that_was_made_once_is_still_one(string name, string suiteName)
    {
        var suite = KnownSuites.Find(suiteName)!;
        Assert.True(SigningKey.TryRead(suite, Convert.FromHexString("0101010101010101010101010101010101010101010101010101010101010101"), out var node));
        using var _ = node;
        Freeze(name, node);
        var octets = File.ReadAllBytes(Path.Combine(Golden, name));

        Assert.True(AnchorFile.TryReadAnnouncement(octets, out var read, out var problem), problem);
        Assert.Equal(octets, AnchorFile.WriteAnnouncement(read));
        Assert.True(read.IsSigned(suite, node.PublicKey, AnchoredWorld.Origin));
        Assert.Equal(
            File.ReadAllText(Path.Combine(Golden, "announcement.txt")), Encoding.ASCII.GetString(AnchorAnnouncement.SignedBytes(AnchoredWorld.Origin, read.Party, read.Number, read.Key)));
    }

    [Fact]
    public void An_announcement_is_its_banks_for_one_ledger_one_number_and_one_key_that_it_holds()
    {
        var (said, node) = (world.Announcements[0], world.Ledger.NodeKeyOf(0).PublicKey);
        Assert.True(said.IsSigned(world.Suite, node, AnchoredWorld.Origin));

        Assert.False(said.IsSigned(world.Suite, world.Ledger.NodeKeyOf(1).PublicKey, AnchoredWorld.Origin));
        Assert.False(said.IsSigned(world.Suite, node, "another.example/9414886b1ebf025d"));
        Assert.False((said with { Bank = KeyedWorld.Banks[1].Text }).IsSigned(world.Suite, node, AnchoredWorld.Origin));
        Assert.False((said with { Number = 2 }).IsSigned(world.Suite, node, AnchoredWorld.Origin));
        Assert.False((said with { Address = world.Announcements[1].Address }).IsSigned(world.Suite, node, AnchoredWorld.Origin));
        Assert.False((said with { Proof = world.Announcements[1].Proof }).IsSigned(world.Suite, node, AnchoredWorld.Origin));

        // Another bank's key, which it does not hold, under its own node key: the proof cannot be made.
        var text = AnchorAnnouncement.SignedBytes(AnchoredWorld.Origin, KeyedWorld.Banks[0], 1, world.Announcements[1].Key);
        var taken = said with { Address = world.Announcements[1].Address, Signature = Convert.ToHexStringLower(world.Ledger.NodeKeyOf(0).Sign(text)), Proof = world.Announcements[1].Proof };
        Assert.False(taken.IsSigned(world.Suite, node, AnchoredWorld.Origin));
    }

    [Fact]
    public void The_set_is_of_every_validator_by_its_highest_number_under_its_node_key_in_force()
    {
        Assert.Equal(world.Opened.Keys.Order(Comparer<ByteString>.Create(static (a, b) => a.Span.SequenceCompareTo(b.Span))), world.Opened.Keys);
        world.Change(2, number: 5);
        world.Announce(2, number: 7);
        var key = world.Keys[2];
        world.Change(2, number: 6);
        var set = world.Announced().Set;
        Assert.Contains(new ByteString(LocalSigner.AddressOf(key).ToBytes()), set!.Keys);
        Assert.DoesNotContain(new ByteString(LocalSigner.AddressOf(world.Keys[2]).ToBytes()), set.Keys);

        world.Ledger.Replace(2);
        var waiting = world.Announced();
        Assert.Null(waiting.Set);
        Assert.Equal([KeyedWorld.Banks[2]], waiting.Missing);

        // One key for two banks is no set, and is nobody's fault by name.
        world.Keys[2] = world.Keys[3];
        world.Announce(2, number: 8);
        Assert.Null(world.Announced().Set);
        Assert.Empty(world.Announced().Missing);
    }

    [Fact]
    public void What_a_bank_gives_counts_once_for_each_key_of_the_set_and_every_fault_has_a_name()
    {
        var ask = Ask(world.Opened);
        byte[] Word(int bank) => AnchorWord.Of(world.Keys[bank], ask.Text.Span).Write();

        Assert.NotNull(Gather(Word(0), Word(1), Word(2)).Signed);
        Assert.Null(Gather(Word(0), Word(1)).Signed);
        Assert.Null(Gather(Word(0), Word(1), Word(1)).Signed);
        Assert.Null(Gather([.. Word(0), .. Word(0), .. Word(0)], Word(1)).Signed);

        // No more than a quorum's, for each costs gas.
        var all = Gather(Word(0), Word(1), Word(2), Word(3));
        Assert.Equal((3 * 64, 3, 4), (all.Signed!.Value.Signatures.Length, System.Numerics.BitOperations.PopCount(all.Signed.Value.Signers), all.Count));

        Assert.Equal(AnchorWordFault.Silent, FaultOf(null));
        Assert.Equal(AnchorWordFault.Silent, FaultOf([]));
        Assert.Equal(AnchorWordFault.Malformed, FaultOf(Word(0)[1..]));
        Assert.Equal(AnchorWordFault.Malformed, FaultOf([.. Enumerable.Repeat(Word(0), 9).SelectMany(static word => word)]));
        Assert.Equal(AnchorWordFault.ForeignKey, FaultOf(KeyedWorld.OfAForeignKey(ask, world.Keys[0])));
        Assert.Equal(AnchorWordFault.FalseSignature, FaultOf(AnchorWord.Of(world.Keys[0], "other"u8).Write()));
        Assert.Equal(AnchorWordFault.FalseSignature, FaultOf([.. Word(0)[..20], .. Word(1)[20..]]));
        Assert.Equal(AnchorWordFault.FalseSignature, FaultOf([.. Word(0)[..20], .. new byte[64]]));
        Assert.Equal(AnchorWordFault.FalseSignature, FaultOf([.. Word(0)[..20], .. Enumerable.Repeat((byte)255, 32), .. Word(0)[52..]]));
        Assert.Equal(AnchorWordFault.HighS, FaultOf(KeyedWorld.OfAHighS(ask, world.Keys[0])));

        // One good word of a bank is enough, whatever else it gives.
        Assert.Null(FaultOf([.. KeyedWorld.OfAForeignKey(ask, world.Keys[0]), .. Word(0)]));

        AnchorWords Gather(params byte[][] given) => AnchorWords.Gather(ask, given.Select((octets, bank) => new GivenWords(KeyedWorld.Banks[bank], new(octets))));
        AnchorWordFault? FaultOf(byte[]? octets) => AnchorWords.Gather(ask, [new(KeyedWorld.Banks[0], octets is null ? null : new(octets))]).Faults.Select(static one => (AnchorWordFault?)one.Fault).SingleOrDefault();
    }

    [Fact]
    public void Announcements_are_read_again_as_they_were_written_with_their_file()
    {
        var file = new AnchorFile([world.Target(1, [new("https://rpc.example")], default)], world.Announcements);

        Assert.True(AnchorFile.TryRead(file.Write(), out var read, out var problem), problem);
        Assert.Equal(world.Announcements, read.Announcements);
    }

    [Theory]
    [InlineData("bank", "\"91440300\"")]
    [InlineData("number", "0")]
    [InlineData("number", "4294967296")]
    [InlineData("address", "\"0xABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCD\"")]
    [InlineData("address", "\"0x00\"")]
    [InlineData("signature", "\"00\"")]
    [InlineData("proof", "null")]
    [InlineData("misspelt", "1")]
    public void An_announcement_that_is_not_in_order_is_not_taken(string member, string value)
    {
        var json = JsonNode.Parse(new AnchorFile([world.Target(1, [new("https://rpc.example")], default)], world.Announcements).Write())!;
        json["keys"]![0]![member] = JsonNode.Parse(value);

        Assert.False(AnchorFile.TryRead(Encoding.UTF8.GetBytes(json.ToJsonString()), out var file, out var problem));
        Assert.Null(file);
        Assert.NotEmpty(problem);
        Assert.False(AnchorFile.TryReadAnnouncement(Encoding.UTF8.GetBytes(json["keys"]![0]!.ToJsonString()), out _, out _));
    }

    [Fact]
    public void Two_announcements_of_one_bank_under_one_number_are_not_taken()
    {
        var file = new AnchorFile([world.Target(1, [new("https://rpc.example")], default)], [.. world.Announcements, world.Announcements[0]]);

        Assert.False(AnchorFile.TryRead(file.Write(), out _, out var problem));
        Assert.Contains("two of one bank", problem, StringComparison.Ordinal);
    }

    public void Dispose() => world.Dispose();

    // ES256 signs by chance, so that a file is made once; whoever makes it anew changes what is frozen.
    static void Freeze(string name, SigningKey node)
    {
        if (Environment.GetEnvironmentVariable("LEDGER_FREEZE")?.Split(',').Contains("anchor") is not true) return;
        Assert.True(EvmKey.TryRead(Convert.FromHexString("59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d"), out var key));
        using var _ = key;
        File.WriteAllBytes(Path.Combine(Golden, name), AnchorFile.WriteAnnouncement(AnchorAnnouncement.Make(KeyedWorld.Banks[0], 1, AnchoredWorld.Origin, node, key)));
        File.WriteAllBytes(Path.Combine(Golden, "announcement.txt"), AnchorAnnouncement.SignedBytes(AnchoredWorld.Origin, KeyedWorld.Banks[0], 1, LocalSigner.AddressOf(key)));
    }
}
