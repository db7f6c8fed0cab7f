using System.Buffers.Binary;

namespace Ledger.Node.Ordering.Etcd;

/// <summary>
/// Reads one zlib stream (RFC 1950 and 1951) and nothing that is not exactly one: which put is the first that decodes must be the same for every bank, whatever library and version it runs, so no library is asked. What some
/// readers forgive is refused: anything behind the end, a dictionary, a window that a distance leaves, codes that are not complete or more than that, symbols that stand for nothing.
/// </summary>
ref struct Inflater
{
    const int MaxBits = 15;
    const int EndOfBlock = 256;
    const int MaxLiterals = 286;
    const int MaxDistances = 30;
    const int HeadSize = 2;
    const int ChecksumSize = 4;

    static readonly byte[] LengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
    static readonly Code FixedLiterals = Code.Of([.. Enumerable.Repeat<byte>(8, 144), .. Enumerable.Repeat<byte>(9, 112), .. Enumerable.Repeat<byte>(7, 24), .. Enumerable.Repeat<byte>(8, 8)], mayBeOne: false)!;
    static readonly Code FixedDistances = Code.Of([.. Enumerable.Repeat<byte>(5, 32)], mayBeOne: false)!;

    readonly ReadOnlySpan<byte> stream;
    readonly int window;
    readonly int most;
    int at;
    uint bits;
    int held;
    byte[] plain;
    int size;

    Inflater(ReadOnlySpan<byte> stream, int window, int most)
    {
        this.stream = stream;
        (this.window, this.most) = (window, most);
        plain = new byte[Math.Min(most, Math.Max(1024, 4 * stream.Length))];
    }

    /// <summary>What the stream holds; null where it is not one whole zlib stream, or holds more than <paramref name="most"/> octets.</summary>
    public static byte[]? Read(ReadOnlySpan<byte> value, int most)
    {
        if (value.Length < HeadSize + ChecksumSize) return null;
        var (method, flags) = (value[0], value[1]);
        const byte deflate = 8, largestWindow = 7, presetDictionary = 0x20;
        if ((method & 0xF) != deflate || method >> 4 > largestWindow || ((method << 8) | flags) % 31 != 0 || (flags & presetDictionary) != 0) return null;
        var inflater = new Inflater(value[HeadSize..^ChecksumSize], 1 << ((method >> 4) + 8), most);
        if (!inflater.Blocks()) return null;
        var plain = inflater.plain.AsSpan(0, inflater.size);
        return BinaryPrimitives.ReadUInt32BigEndian(value[^ChecksumSize..]) == Adler32(plain) ? plain.ToArray() : null;
    }

    // The last block says that it is; behind it there is not one whole octet.
    bool Blocks()
    {
        for (var isLast = false; !isLast;)
        {
            if (Take(3) is not (>= 0 and var head)) return false;
            isLast = (head & 1) == 1;
            var isGood = (head >> 1) switch
            {
                0 => Stored(),
                1 => Coded(FixedLiterals, FixedDistances),
                2 => Described(),
                _ => false,
            };
            if (!isGood) return false;
        }

        return at == stream.Length && held < 8;
    }

    bool Stored()
    {
        // What is left of the octet says nothing; whole octets that are held go back.
        at -= held / 8;
        (bits, held) = (0, 0);
        if (stream.Length - at < 4) return false;
        var (length, complement) = (BinaryPrimitives.ReadUInt16LittleEndian(stream[at..]), BinaryPrimitives.ReadUInt16LittleEndian(stream[(at + 2)..]));
        at += 4;
        if ((length ^ complement) != ushort.MaxValue || stream.Length - at < length || !HasRoom(length)) return false;
        stream.Slice(at, length).CopyTo(plain.AsSpan(size));
        (at, size) = (at + length, size + length);
        return true;
    }

    bool Described()
    {
        if (Take(14) is not (>= 0 and var head)) return false;
        var (literals, distances, described) = ((head & 31) + 257, ((head >> 5) & 31) + 1, (head >> 10) + 4);
        if (literals > MaxLiterals || distances > MaxDistances) return false;
        Span<byte> lengths = stackalloc byte[MaxLiterals + MaxDistances];
        lengths.Clear();
        for (var i = 0; i < described; i++)
        {
            if (Take(3) is not (>= 0 and var length)) return false;
            lengths[LengthOrder[i]] = (byte)length;
        }

        if (Code.Of(lengths[..LengthOrder.Length], mayBeOne: false) is not { } code) return false;
        lengths.Clear();
        for (var i = 0; i < literals + distances;)
        {
            if (Symbol(code) is not (>= 0 and var symbol)) return false;
            if (symbol < 16)
            {
                lengths[i++] = (byte)symbol;
                continue;
            }

            var (extra, least) = symbol switch { 16 => (2, 3), 17 => (3, 3), _ => (7, 11) };
            if ((symbol == 16 && i == 0) || Take(extra) is not (>= 0 and var more) || i + least + more > literals + distances) return false;
            lengths.Slice(i, least + more).Fill(symbol == 16 ? lengths[i - 1] : (byte)0);
            i += least + more;
        }

        // A block without distances may leave their code out, or describe a single one.
        return lengths[EndOfBlock] > 0 && Code.Of(lengths[..literals], mayBeOne: false) is { } ofLiterals && Code.Of(lengths.Slice(literals, distances), mayBeOne: true) is { } ofDistances
            && Coded(ofLiterals, ofDistances);
    }

    bool Coded(Code literals, Code distances)
    {
        while (true)
        {
            var symbol = Symbol(literals);
            if (symbol is < 0 or >= MaxLiterals) return false;
            if (symbol == EndOfBlock) return true;
            if (symbol < EndOfBlock)
            {
                if (!HasRoom(1)) return false;
                plain[size++] = (byte)symbol;
                continue;
            }

            if (Length(symbol) is not (>= 0 and var length) || Symbol(distances) is not (>= 0 and < MaxDistances and var far) || Distance(far) is not (> 0 and var distance)) return false;
            if (distance > size || distance > window || !HasRoom(length)) return false;

            // What is copied may be what was just written.
            for (var i = 0; i < length; i++) plain[size + i] = plain[size + i - distance];
            size += length;
        }
    }

    // RFC 1951, section 3.2.5.
    int Length(int symbol)
    {
        if (symbol == 285) return 258;
        if (symbol < 265) return symbol - 254;
        var extra = (symbol - 261) / 4;
        return Take(extra) is >= 0 and var more ? 3 + ((4 + ((symbol - 261) % 4)) << extra) + more : -1;
    }

    int Distance(int symbol)
    {
        if (symbol < 4) return symbol + 1;
        var extra = (symbol - 2) / 2;
        return Take(extra) is >= 0 and var more ? 1 + ((2 + (symbol & 1)) << extra) + more : -1;
    }

    // So many bits, the first the lowest; -1 where the stream has no more.
    int Take(int count)
    {
        Fill(count);
        if (held < count) return -1;
        var taken = (int)(bits & ((1U << count) - 1));
        (bits, held) = (bits >> count, held - count);
        return taken;
    }

    int Symbol(Code code)
    {
        Fill(MaxBits);
        var (symbol, length) = code.At(bits & ((1U << MaxBits) - 1));
        if (length == 0 || length > held) return -1;
        (bits, held) = (bits >> length, held - length);
        return symbol;
    }

    void Fill(int count)
    {
        for (; held < count && at < stream.Length; held += 8) bits |= (uint)stream[at++] << held;
    }

    bool HasRoom(int more)
    {
        if (more > most - size) return false;
        if (size + more > plain.Length) Array.Resize(ref plain, Math.Min(most, Math.Max(2 * plain.Length, size + more)));
        return true;
    }

    // RFC 1950, section 9.
    static uint Adler32(ReadOnlySpan<byte> bytes)
    {
        const uint modulus = 65_521;

        // So many sums of bytes cannot overflow before they are brought back.
        const int run = 5_552;
        uint one = 1, two = 0;
        while (!bytes.IsEmpty)
        {
            var part = bytes[..Math.Min(run, bytes.Length)];
            foreach (var value in part)
            {
                one += value;
                two += one;
            }

            (one, two) = (one % modulus, two % modulus);
            bytes = bytes[part.Length..];
        }

        return (two << 16) | one;
    }

    /// <summary>A prefix code: short words are looked up, longer ones told bit by bit, so that a code costs little to make however many a stream describes.</summary>
    sealed class Code
    {
        const int ShortBits = 9;

        // By what the next bits are: the symbol, and how long its word is in the lowest four bits; 0 where the word is longer, or none.
        readonly ushort[] words = new ushort[1 << ShortBits];
        readonly int[] counts = new int[MaxBits + 1];

        // By the length of their words, and then by number.
        readonly ushort[] symbols;

        Code(int used) => symbols = new ushort[used];

        /// <summary>Null where the lengths make no complete code. With <paramref name="mayBeOne"/> there may also be none, or a single word of one bit.</summary>
        public static Code? Of(ReadOnlySpan<byte> lengths, bool mayBeOne)
        {
            var code = new Code(lengths.Length - lengths.Count((byte)0));
            foreach (var length in lengths)
            {
                if (length > 0) code.counts[length]++;
            }

            var left = 1;
            for (var length = 1; length <= MaxBits; length++)
            {
                left = (2 * left) - code.counts[length];
                if (left < 0) return null;
            }

            var used = code.symbols.Length;
            if (left > 0 && !(mayBeOne && (used == 0 || (used == 1 && code.counts[1] == 1)))) return null;
            Span<int> word = stackalloc int[MaxBits + 2], place = stackalloc int[MaxBits + 2];
            (word[1], place[1]) = (0, 0);
            for (var length = 1; length <= MaxBits; length++) (word[length + 1], place[length + 1]) = ((word[length] + code.counts[length]) << 1, place[length] + code.counts[length]);
            for (var symbol = 0; symbol < lengths.Length; symbol++)
            {
                int length = lengths[symbol];
                if (length == 0) continue;
                code.symbols[place[length]++] = (ushort)symbol;

                // Words are told from their first bit, and bits come lowest first.
                var step = 1 << length;
                for (var fits = Reversed(word[length]++, length); length <= ShortBits && fits < code.words.Length; fits += step) code.words[fits] = (ushort)((symbol << 4) | length);
            }

            return code;
        }

        /// <summary>The symbol with whose word the bits begin, and how long that is; a length of 0 where there is none.</summary>
        public (int Symbol, int Length) At(uint next)
        {
            var found = words[next & ((1 << ShortBits) - 1)];
            if (found != 0) return (found >> 4, found & 0xF);
            int word = 0, first = 0, place = 0;
            for (var length = 1; length <= MaxBits; length++)
            {
                word |= (int)(next >> (length - 1)) & 1;
                var count = counts[length];
                if (word - first < count) return (symbols[place + word - first], length);
                place += count;
                first = (first + count) << 1;
                word <<= 1;
            }

            return (0, 0);
        }

        static int Reversed(int word, int length)
        {
            var reversed = 0;
            for (var i = 0; i < length; i++) reversed |= ((word >> i) & 1) << (length - 1 - i);
            return reversed;
        }
    }
}
