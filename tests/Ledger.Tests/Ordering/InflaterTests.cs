using System.Buffers.Binary;
using System.IO.Compression;
using Ledger.Node.Ordering.Etcd;

namespace Ledger.Tests.Ordering;

/// <summary>A value is one zlib stream to everybody, or to nobody.</summary>
public sealed class InflaterTests
{
    const int Most = 4 * 1024 * 1024;

    static readonly byte[] Head = [0x78, 0x01];

    [Theory]
    [InlineData(CompressionLevel.Fastest)]
    [InlineData(CompressionLevel.Optimal)]
    [InlineData(CompressionLevel.SmallestSize)]
    [InlineData(CompressionLevel.NoCompression)]
    public void What_the_framework_packs_is_read_as_it_was(CompressionLevel level)
    {
        var random = new Random(7);
        foreach (var size in (int[])[1, 2, 300, 70_000, 1_500_000])
        {
            foreach (var kinds in (int[])[1, 2, 20, 256])
            {
                var plain = new byte[size];
                for (var i = 0; i < size; i++) plain[i] = (byte)(i > 5_000 && i % 97 < 60 ? plain[i - 4_321] : random.Next(kinds));
                Assert.Equal(plain, Inflater.Read(Packed(plain, level), Most));
            }
        }
    }

    [Fact]
    public void A_stream_is_read_up_to_what_it_may_become_and_not_further()
    {
        var packed = Packed(new byte[100_000], CompressionLevel.Optimal);
        Assert.Equal(100_000, Inflater.Read(packed, 100_000)?.Length);
        Assert.Null(Inflater.Read(packed, 99_999));
    }

    public static TheoryData<string, byte[]> Strange { get; } = new()
    {
        { "something behind it", [.. Good, 0] },
        { "another stream behind it", [.. Good, .. Good] },
        { "something behind it, and the checksum again", [.. Good, 1, 2, .. Good[^4..]] },
        { "another checksum", [.. Good[..^1], (byte)(Good[^1] ^ 1)] },
        { "no head", Good[2..] },
        { "another method", Whole(0x77, new Bits().Fixed('a')) },
        { "a window beyond the largest", Whole(0x88, new Bits().Fixed('a')) },
        { "a head that is not a multiple", [0x78, 0x02, .. Good[2..]] },
        { "a dictionary", [0x78, 0x20, 0, 0, 0, 1, .. Good[2..]] },
        { "no block", [.. Head, 0, 0, 0, 1] },
        { "no last block", Whole(0x78, new Bits().Add(0, 3).Align().Add(1, 16).Add(0xFFFE, 16).Add('a', 8)) },
        { "a block of the fourth kind", Whole(0x78, new Bits().Add(7, 3).Add(0, 13)) },
        { "a length without its complement", Whole(0x78, new Bits().Add(1, 3).Align().Add(1, 16).Add(0xFFFF, 16).Add('a', 8)) },
        { "fewer octets than said", Whole(0x78, new Bits().Add(1, 3).Align().Add(2, 16).Add(0xFFFD, 16).Add('a', 8)) },
        { "a distance from before the beginning", Whole(0x78, new Bits().Add(3, 3).Literal('a').Word(1, 7).Word(1, 5).Word(0, 7)) },
        { "a distance that the window has left", Whole(0x08, new Bits().Add(0, 3).Align().Add(300, 16).Add(~300 & 0xFFFF, 16).Add(new byte[300]).Add(3, 3).Word(1, 7).Word(16, 5).Add(0, 7).Word(0, 7)) },
        { "a length that stands for nothing", Whole(0x78, new Bits().Add(3, 3).Literal('a').Word(0b11000110, 8).Word(0, 5).Word(0, 7)) },
        { "a distance that stands for nothing", Whole(0x78, new Bits().Add(3, 3).Literal('a').Word(1, 7).Word(30, 5).Word(0, 7)) },
        { "an end that does not come", Whole(0x78, new Bits().Add(3, 3).Literal('a')) },
        { "too many literals", Whole(0x78, Described(literals: 287)) },
        { "too many distances", Whole(0x78, Described(distances: 31)) },
        { "a code of codes that is more than complete", Whole(0x78, Described(codes: [1, 1, 1])) },
        { "a code of codes that is not complete", Whole(0x78, Described(codes: [2, 2])) },
        { "a repetition of nothing", Whole(0x78, Described(codes: [1, 0, 0, 1]).Word(1, 1)) },
        { "a repetition beyond the end", Whole(0x78, Described(codes: [0, 0, 1, 1]).Word(1, 1).Add(127, 7).Word(1, 1).Add(127, 7)) },
        { "no end among the words", Whole(0x78, Described(codes: [0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]).Word(3, 2).Word(3, 2).Word(0, 1).Add(127, 7).Word(0, 1).Add(106, 7).Word(2, 2).Word(2, 2)) },
        { "a code of literals with one word", Whole(0x78, Described(codes: [0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]).Word(0, 1).Add(127, 7).Word(0, 1).Add(107, 7).Word(3, 2).Word(2, 2).Word(0, 1)) },
    };

    [Theory, MemberData(nameof(Strange))]
    public void What_is_not_exactly_one_stream_is_none(string what, byte[] value) => Assert.True(Inflater.Read(value, Most) is null, what);

    [Fact]
    public void The_same_pieces_put_together_rightly_are_a_stream()
    {
        Assert.Equal("a"u8.ToArray(), Inflater.Read(Good, Most));
        Assert.Equal(new byte[303], Inflater.Read(WithSum(0x18, new Bits().Add(0, 3).Align().Add(300, 16).Add(~300 & 0xFFFF, 16).Add(new byte[300]).Add(3, 3).Word(1, 7).Word(16, 5).Add(0, 7).Word(0, 7), new byte[303]), Most));

        // Literal 0 and the end, two words of one bit, and no distance.
        var described = Described(codes: [0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]).Word(3, 2).Word(0, 1).Add(127, 7).Word(0, 1).Add(106, 7).Word(3, 2).Word(2, 2).Word(0, 1).Word(1, 1);
        Assert.Equal(new byte[1], Inflater.Read(WithSum(0x78, described, new byte[1]), Most));
    }

    [Fact]
    public void No_beginning_of_a_stream_is_one()
    {
        var packed = Packed([.. Enumerable.Range(0, 3_000).Select(static i => (byte)(i * i / 7 % 256))], CompressionLevel.Optimal);
        for (var length = 0; length < packed.Length; length++) Assert.Null(Inflater.Read(packed.AsSpan(0, length), Most));
    }

    [Fact]
    public void Whatever_is_read_of_an_altered_stream_every_other_reader_reads_too()
    {
        var random = new Random(11);
        var packed = Packed([.. Enumerable.Range(0, 2_000).Select(static i => (byte)(i % 7 * (i % 3)))], CompressionLevel.Optimal);
        for (var i = 0; i < 20_000; i++)
        {
            var altered = packed.ToArray();
            for (var times = random.Next(1, 4); times > 0; times--) altered[random.Next(2, altered.Length - 4)] ^= (byte)(1 << random.Next(8));

            // The checksum is not what keeps the readers together: each is asked for what it makes of the octets.
            if (Unchecked(altered) is not { } plain) continue;
            BinaryPrimitives.WriteUInt32BigEndian(altered.AsSpan(altered.Length - 4), Sum(plain));
            if (Inflater.Read(altered, Most) is { } read) Assert.Equal(plain, read);
        }
    }

    static byte[] Good => WithSum(0x78, new Bits().Fixed('a'), "a"u8);

    static byte[]? Unchecked(byte[] value)
    {
        using var plain = new MemoryStream();
        try
        {
            using var deflate = new DeflateStream(new MemoryStream(value[2..]), CompressionMode.Decompress);
            deflate.CopyTo(plain);
        }
        catch (InvalidDataException)
        {
            return null;
        }

        return plain.ToArray();
    }

    static byte[] Packed(byte[] plain, CompressionLevel level)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, level, leaveOpen: true)) zlib.Write(plain);
        return packed.ToArray();
    }

    // A block of described codes up to the lengths of the code of codes, in the order in which they come.
    static Bits Described(int literals = 257, int distances = 1, int[]? codes = null)
    {
        var bits = new Bits().Add(5, 3).Add(literals - 257, 5).Add(distances - 1, 5).Add(Math.Max(codes?.Length ?? 0, 4) - 4, 4);
        for (var i = 0; i < Math.Max(codes?.Length ?? 0, 4); i++) bits.Add(i < codes?.Length ? codes[i] : 0, 3);
        return bits;
    }

    // Whatever it would be read as, its checksum is that.
    static byte[] Whole(byte method, Bits bits) => WithSum(method, bits, Unchecked([0, 0, .. bits.Octets]) ?? []);

    static byte[] WithSum(byte method, Bits bits, ReadOnlySpan<byte> plain)
    {
        var sum = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(sum, Sum(plain));
        return [method, (byte)((31 - (method * 256 % 31)) % 31), .. bits.Octets, .. sum];
    }

    static uint Sum(ReadOnlySpan<byte> plain)
    {
        uint one = 1, two = 0;
        foreach (var octet in plain)
        {
            one = (one + octet) % 65_521;
            two = (two + one) % 65_521;
        }

        return (two << 16) | one;
    }

    sealed class Bits
    {
        readonly List<byte> octets = [];
        int free;

        public byte[] Octets => [.. octets];

        public Bits Add(int value, int count)
        {
            for (var i = 0; i < count; i++)
            {
                if (free == 0)
                {
                    octets.Add(0);
                    free = 8;
                }

                octets[^1] |= (byte)(((value >> i) & 1) << (8 - free--));
            }

            return this;
        }

        public Bits Add(byte[] all)
        {
            foreach (var octet in all) Add(octet, 8);
            return this;
        }

        // A word of a code comes from its first bit.
        public Bits Word(int word, int length)
        {
            for (var i = length - 1; i >= 0; i--) Add((word >> i) & 1, 1);
            return this;
        }

        public Bits Literal(char letter) => Word(0x30 + letter, 8);

        public Bits Fixed(char letter) => Add(3, 3).Literal(letter).Word(0, 7);

        public Bits Align()
        {
            free = 0;
            return this;
        }
    }
}
