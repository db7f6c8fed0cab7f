using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Suites.Cose;
using Ledger.Tests.Peers;

namespace Ledger.Tests.Receipts;

/// <summary>COSE receipts of a chain of four banks: good ones, and octets that are none, each with what is wrong with it first.</summary>
sealed class CoseCases
{
    const string Unprotected = "a1 19018c a1 20 81";

    static readonly string Origin = FourBanks.Genesis.Origin;

    readonly FourBanks chain = FourBanks.OfBlocks(6);
    readonly ulong index;
    readonly CoseReceipt first;

    public CoseCases()
    {
        Leaf = new(chain.Blocks[2].Block.Leaves[1]);
        index = chain.Blocks[2].Block.FirstLeaf + 1;
        first = Word(FourBanks.Banks[0]);
    }

    public ByteString Leaf { get; }

    public Checkpoint Checkpoint => chain.Fold.Checkpoint;

    public FourBanks Chain => chain;

    /// <summary>The word of a bank on the entry of the second block, or on another leaf.</summary>
    public CoseReceipt Word(PartyId bank, ulong? leaf = null)
    {
        var suite = FourBanks.Genesis.Chain.Suite;
        var keyId = suite.NoteKeyId(Origin, FourBanks.Genesis.Text.Validators.Single(one => one.Bank == bank).NodeKey);
        var (at, size) = (leaf ?? index, Checkpoint.Size);
        return new(Origin, keyId, size, at, [.. chain.Fold.History.InclusionProof(at, size)], new(FourBanks.SignAs(bank, CoseReceipt.SignedBytes(Origin, keyId, size, Checkpoint.Root))));
    }

    public CoseReceiptFile By(params PartyId[] banks) => CoseReceiptFile.Of(Leaf, banks.Select(bank => Word(bank)));

    /// <summary>What is no COSE receipt, and which fault in which receipt says so.</summary>
    public IEnumerable<(string What, byte[] Octets, CoseFaultKind Kind, int Receipt)> Malformed()
    {
        foreach (var (what, octets, kind) in Files()) yield return (what, octets, kind, 0);
        foreach (var (what, octets, kind) in Words()) yield return (what, File(octets), kind, 1);
        var two = By(FourBanks.Quorum[..2]).Receipts;
        yield return ("two in the wrong order", File(two[1].Write(), two[0].Write()), CoseFaultKind.OutOfOrder, 2);
        yield return ("one bank twice", File(two[0].Write(), two[0].Write()), CoseFaultKind.OutOfOrder, 2);
        yield return ("two of different leaves", File(two[0].Write(), (two[1] with { Index = 3 }).Write()), CoseFaultKind.NotOfOnePlace, 2);
        yield return ("two of different sizes", File(two[0].Write(), (two[1] with { Size = two[1].Size + 1 }).Write()), CoseFaultKind.NotOfOnePlace, 2);
        yield return ("two of different chains", File(two[0].Write(), (two[1] with { Origin = "other.example/0000000000000000" }).Write()), CoseFaultKind.NotOfOnePlace, 2);
        yield return ("the second is none", File(two[0].Write(), [0xf6]), CoseFaultKind.NotSign1, 2);
    }

    IEnumerable<(string, byte[], CoseFaultKind)> Files()
    {
        var name = Text("ledger-cose-receipt/1");
        var word = first.Write();
        byte[] words = [0x81, .. Bytes(word)];
        yield return ("nothing behind the array", [0x83], CoseFaultKind.NotAFile);
        yield return ("an array of two", [0x82, .. name, .. Bytes(Leaf.Span)], CoseFaultKind.NotAFile);
        yield return ("an array without an end", [0x9f, .. name, .. Bytes(Leaf.Span), .. words, 0xff], CoseFaultKind.NotAFile);
        yield return ("an array in a longer head", [0x98, 3, .. name, .. Bytes(Leaf.Span), .. words], CoseFaultKind.NotAFile);
        yield return ("another version", [0x83, .. Text("ledger-cose-receipt/2"), .. Bytes(Leaf.Span), .. words], CoseFaultKind.NotAFile);
        yield return ("its name as octets", [0x83, .. Bytes("ledger-cose-receipt/1"u8), .. Bytes(Leaf.Span), .. words], CoseFaultKind.NotAFile);
        yield return ("a name of more octets than there are", [0x83, 0x7b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], CoseFaultKind.NotAFile);
        yield return ("arrays in arrays without end", [0x83, .. Enumerable.Repeat((byte)0x81, 200_000)], CoseFaultKind.NotAFile);
        yield return ("tags on tags", [0x83, .. Enumerable.Repeat((byte)0xc1, 200_000)], CoseFaultKind.NotAFile);
        yield return ("something behind it", [0x83, .. name, .. Bytes(Leaf.Span), .. words, 0], CoseFaultKind.NotAFile);
        yield return ("too large", [0x83, .. new byte[CoseReceiptFile.MaxSize]], CoseFaultKind.TooLarge);
        yield return ("no leaf", [0x83, .. name, 0x40, .. words], CoseFaultKind.LeafMalformed);
        yield return ("a leaf as text", [0x83, .. name, .. Text("leaf"), .. words], CoseFaultKind.LeafMalformed);
        yield return ("null for a leaf", [0x83, .. name, 0xf6, .. words], CoseFaultKind.LeafMalformed);
        yield return ("a leaf in two parts", [0x83, .. name, 0x5f, 0x41, 2, 0x41, 0, 0xff, .. words], CoseFaultKind.LeafMalformed);
        yield return ("a leaf longer than any", [0x83, .. name, .. Bytes(new byte[65_536]), .. words], CoseFaultKind.LeafMalformed);
        yield return ("no receipt", [0x83, .. name, .. Bytes(Leaf.Span), 0x80], CoseFaultKind.CountWrong);
        yield return ("a receipt that stands alone", [0x83, .. name, .. Bytes(Leaf.Span), .. Bytes(word)], CoseFaultKind.CountWrong);
        yield return ("65 receipts", [0x83, .. name, .. Bytes(Leaf.Span), 0x98, 65, .. Enumerable.Repeat(Bytes(word), 65).SelectMany(static one => one)], CoseFaultKind.CountWrong);
        yield return ("more receipts than octets", [0x83, .. name, .. Bytes(Leaf.Span), 0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], CoseFaultKind.CountWrong);
    }

    IEnumerable<(string, byte[], CoseFaultKind)> Words()
    {
        var (head, proof, sign) = (Protected(), Proof(), Bytes(first.Signature.Span));
        yield return ("no tag", [0x84, .. Bytes(head), .. Under(proof), 0xf6, .. sign], CoseFaultKind.NotSign1);
        yield return ("the tag of COSE_Mac0", [0xd1, 0x84, .. Bytes(head), .. Under(proof), 0xf6, .. sign], CoseFaultKind.NotSign1);
        yield return ("the tag in a longer head", [0xd8, 18, 0x84, .. Bytes(head), .. Under(proof), 0xf6, .. sign], CoseFaultKind.NotSign1);
        yield return ("five members", [0xd2, 0x85, .. Bytes(head), .. Under(proof), 0xf6, .. sign, 0xf6], CoseFaultKind.NotSign1);
        yield return ("something behind it", [.. Sign1(head, Under(proof), [0xf6], sign), 0], CoseFaultKind.NotSign1);
        foreach (var (what, wrong) in ProtectedOtherwise()) yield return (what, Sign1(wrong, Under(proof), [0xf6], sign), CoseFaultKind.ProtectedWrong);
        yield return ("a protected header that is not wrapped", [0xd2, 0x84, .. head, .. Under(proof), 0xf6, .. sign], CoseFaultKind.ProtectedWrong);

        string[] headers =
        [
            "a0", "a1 19018c a0", "a1 19018c a1 21 81 41 00", "a1 19018d a1 20 81 41 00", $"a2 04 41 00 {Unprotected[2..]} 41 00", "a1 19018c a1 20 82 41 00 41 00", "a1 19018c a1 20 80",
            "a1 19018c a2 20 81 41 00 21 81 41 00", "bf 19018c a1 20 81 41 00 ff", "a1 1a0000018c a1 20 81 41 00", "a1 19018c a1 20 81 83 02 01 80", "80", "f6", "a1 fb4078c00000000000 a1 20 81 41 00",
        ];
        foreach (var header in headers) yield return ($"unprotected {header}", Sign1(head, Hex(header), [0xf6], sign), CoseFaultKind.UnprotectedWrong);
        foreach (var (what, wrong) in ProofsOtherwise()) yield return (what, Sign1(head, Under(wrong), [0xf6], sign), CoseFaultKind.ProofWrong);

        foreach (var payload in new[] { Bytes(Checkpoint.Root.ToBytes()), [0x40], [0xf7], [0xf4], [0x00], [0xf8, 22], Text("root") })
            yield return ($"the payload {Convert.ToHexStringLower(payload)}", Sign1(head, Under(proof), payload, sign), CoseFaultKind.PayloadNotDetached);
        foreach (var signature in new[] { Bytes(new byte[63]), Bytes(new byte[65]), [0x40], [0xf6], Text(new string('A', 64)), [0x58, 64] })
            yield return ($"the signature {Convert.ToHexStringLower(signature)}", Sign1(head, Under(proof), [0xf6], signature), CoseFaultKind.SignatureMalformed);
    }

    IEnumerable<(string, byte[])> ProtectedOtherwise()
    {
        var (kid, issuer, size) = (Convert.ToHexStringLower(Kid()), Convert.ToHexStringLower(Text(Origin)), $"{first.Size:x2}");
        var tree = Convert.ToHexStringLower(Text("tree-size"));
        string Of(string alg = "01 26", string by = "", string who = "", string vds = "19018b 01", string of = "", int count = 5) =>
            $"a{count} {alg} {(by.Length > 0 ? by : $"04 44 {kid}")} {(who.Length > 0 ? who : $"0f a1 01 {issuer}")} {vds} {(of.Length > 0 ? of : $"{tree} {Number(first.Size)}")}";

        yield return ("no protected header", []);
        yield return ("an empty protected header", Hex("a0"));
        yield return ("EdDSA", Hex(Of(alg: "01 27")));
        yield return ("ES256 by its name", Hex(Of(alg: $"01 {Convert.ToHexStringLower(Text("ES256"))}")));
        yield return ("the algorithm in a longer head", Hex(Of(alg: "01 3806")));
        yield return ("a critical header more", Hex($"a6 01 26 02 81 04 {Of()["a5 01 26 ".Length..]}"));
        yield return ("a kid of three", Hex(Of(by: "04 43 010203")));
        yield return ("a kid of text", Hex(Of(by: "04 64 31323334")));
        yield return ("no issuer", Hex(Of(who: "0f a0")));
        yield return ("a subject beside the issuer", Hex(Of(who: $"0f a2 01 {issuer} 02 61 78")));
        yield return ("an issuer with a space", Hex(Of(who: "0f a1 01 63 612062")));
        yield return ("an issuer that is not UTF-8", Hex(Of(who: "0f a1 01 62 c328")));
        yield return ("another structure", Hex(Of(vds: "19018b 02")));
        yield return ("a structure below zero", Hex(Of(vds: "19018b 20")));
        yield return ("a structure as a fraction", Hex(Of(vds: "19018b f93c00")));
        yield return ("no size", Hex(Of(of: " ", count: 4)));
        yield return ("a size below zero", Hex(Of(of: $"{tree} 20")));
        yield return ("a size in a longer head", Hex(Of(of: $"{tree} 19 00{size}")));
        yield return ("a size as a big number", Hex(Of(of: $"{tree} c2 41 {size}")));
        yield return ("a size under another name", Hex(Of(of: $"{Convert.ToHexStringLower(Text("tree_size"))} {Number(first.Size)}")));
        yield return ("one label twice", Hex($"a5 01 26 01 26 {Of()["a5 01 26 ".Length..]}"));
        yield return ("labels out of order", Hex($"a5 04 44 {kid} 01 26 0f a1 01 {issuer} 19018b 01 {tree} {Number(first.Size)}"));
        yield return ("a map without an end", [0xbf, .. Protected()[1..], 0xff]);
        yield return ("something behind the map", [.. Protected(), 0]);
    }

    IEnumerable<(string, byte[])> ProofsOtherwise()
    {
        var hash = $"5820 {new string('a', 64)}";
        string Of(string size = "", string place = "", string path = "") => $"83 {(size.Length > 0 ? size : Number(first.Size))} {(place.Length > 0 ? place : Number(first.Index))} {(path.Length > 0 ? path : $"81 {hash}")}";
        yield return ("no proof", []);
        yield return ("two members", Hex($"82 {Number(first.Size)} {Number(first.Index)}"));
        yield return ("another size than the header's", Hex(Of(size: Number(first.Size + 1))));
        yield return ("a size below zero", Hex(Of(size: "20")));
        yield return ("an index below zero", Hex(Of(place: "20")));
        yield return ("an index as a fraction", Hex(Of(place: "fb 4000000000000000")));
        yield return ("an index in a longer head", Hex(Of(place: "1800")));
        yield return ("no path", Hex(Of(path: "80")));
        yield return ("a path of 65", Hex(Of(path: $"98 41 {string.Concat(Enumerable.Repeat(hash, 65))}")));
        yield return ("a path of more hashes than octets", Hex(Of(path: "9b ffffffffffffffff")));
        yield return ("a path without an end", Hex(Of(path: $"9f {hash} ff")));
        yield return ("a path of a text", Hex(Of(path: "81 61 61")));
        yield return ("a hash of 31", Hex(Of(path: $"81 581f {new string('a', 62)}")));
        yield return ("a hash of 33", Hex(Of(path: $"81 5821 {new string('a', 66)}")));
        yield return ("a path as a map", Hex(Of(path: "a0")));
        yield return ("something behind it", [.. Proof(), 0xf6]);
    }

    // Canonical octets from which the cases differ, each put together by hand.
    byte[] Protected() => Hex($"a5 01 26 04 44 {Convert.ToHexStringLower(Kid())} 0f a1 01 {Convert.ToHexStringLower(Text(Origin))} 19018b 01 {Convert.ToHexStringLower(Text("tree-size"))} {Number(first.Size)}");

    byte[] Proof() => [.. Hex($"83 {Number(first.Size)} {Number(first.Index)}"), (byte)(0x80 + first.Path.Count), .. first.Path.SelectMany(static hash => Bytes(hash.ToBytes()))];

    /// <summary>The first bank's word, put together by hand.</summary>
    public byte[] ByHand() => Sign1(Protected(), Under(Proof()), [0xf6], Bytes(first.Signature.Span));

    /// <summary>What the first bank signed, put together by hand.</summary>
    public byte[] SignedByHand() => [0x84, .. Text("Signature1"), .. Bytes(Protected()), 0x40, .. Bytes(Checkpoint.Root.ToBytes())];

    byte[] Kid() => [(byte)(first.KeyId >> 24), (byte)((first.KeyId >> 16) & 255), (byte)((first.KeyId >> 8) & 255), (byte)(first.KeyId & 255)];

    byte[] File(params byte[][] words) => [0x83, .. Text("ledger-cose-receipt/1"), .. Bytes(Leaf.Span), (byte)(0x80 + words.Length), .. words.SelectMany(static word => Bytes(word))];

    static byte[] Sign1(byte[] head, byte[] unprotected, byte[] payload, byte[] signature) => [0xd2, 0x84, .. Bytes(head), .. unprotected, .. payload, .. signature];

    static byte[] Under(byte[] proof) => [.. Hex(Unprotected), .. Bytes(proof)];

    static string Number(ulong number) => number < 24 ? $"{number:x2}" : $"18{number:x2}";

    static byte[] Text(string text) => [(byte)(text.Length < 24 ? 0x60 + text.Length : 0x78), .. text.Length < 24 ? [] : new[] { (byte)text.Length }, .. System.Text.Encoding.ASCII.GetBytes(text)];

    static byte[] Bytes(ReadOnlySpan<byte> octets) => octets.Length switch
    {
        < 24 => [(byte)(0x40 + octets.Length), .. octets],
        < 256 => [0x58, (byte)octets.Length, .. octets],
        < 65_536 => [0x59, (byte)(octets.Length >> 8), (byte)(octets.Length & 255), .. octets],
        _ => [0x5a, 0, (byte)(octets.Length >> 16), (byte)((octets.Length >> 8) & 255), (byte)(octets.Length & 255), .. octets],
    };

    static byte[] Hex(string text) => Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal));
}
