using System.Buffers.Binary;
using System.Text;

namespace Ledger.Tests.Cli;

/// <summary>
/// Files that nobody wrote, made of one that somebody did: cut, flipped, filled with extremes, put together anew. A seed gives the same ones always.
/// </summary>
sealed class Mutations(int seed)
{
    static readonly ulong[] Extremes = [0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, long.MaxValue, 1UL << 63, ulong.MaxValue];

    static readonly string[] Values =
    [
        "null", "true", "-1", "0", "1e400", "2147483647", "4294967295", "9007199254740991", "9223372036854775807", "253370764799999", "\"999999999999\"", "9223372036854775808", "18446744073709551616", "0.5", "\"\"", "[]", "{}", "[[[[[[[[{}]]]]]]]]",
        "\"\\ud800\"", "\"\\u0000\"", "\"..\"", "\"/\"", "\"-0\"", "\"99999999999999999999999999999999999999999\"", "\"\u202e\"", "\"" + new string('A', 40_000) + "\"",
    ];

    readonly Random random = new(seed);

    public int Below(int end) => random.Next(end);

    public byte[] Of(ReadOnlySpan<byte> good)
    {
        var bytes = good.ToArray();
        for (var times = random.Next(1, 4); times > 0; times--) bytes = Once(bytes);
        return bytes;
    }

    /// <summary>The same for a text in JSON, whose values are also put in the place of each other's kind.</summary>
    public byte[] OfJson(ReadOnlySpan<byte> good)
    {
        if (random.Next(4) == 0) return Of(good);
        var text = Encoding.UTF8.GetString(good);
        var places = Enumerable.Range(0, text.Length - 1).Where(place => text[place] == ':' || (text[place] is '[' or ',' && text[place + 1] is '"' or '{' or '[')).ToArray();
        if (places.Length == 0) return Of(good);
        var start = places[random.Next(places.Length)] + 1;
        var end = EndOfValue(text, start);
        return Encoding.UTF8.GetBytes(text[..start] + Values[random.Next(Values.Length)] + text[end..]);
    }

    byte[] Once(byte[] bytes)
    {
        var at = random.Next(bytes.Length + 1);
        var length = random.Next(Math.Min(bytes.Length - at, 40) + 1);
        switch (random.Next(8))
        {
            case 0:
                return bytes[..at];
            case 1:
                return [.. bytes[..at], .. bytes[(at + length)..]];
            case 2:
                return [.. bytes[..at], .. bytes[at..(at + length)], .. bytes[at..]];
            case 3:
                var noise = new byte[random.Next(1, 40)];
                random.NextBytes(noise);
                return [.. bytes[..at], .. noise, .. bytes[at..]];
            case 4 or 5:
                Span<byte> extreme = stackalloc byte[sizeof(ulong)];
                BinaryPrimitives.WriteUInt64BigEndian(extreme, Extremes[random.Next(Extremes.Length)]);
                var size = Math.Min(1 << random.Next(4), bytes.Length - at);
                extreme[(sizeof(ulong) - size)..].CopyTo(bytes.AsSpan(at));
                return bytes;
            case 6:
                if (bytes.Length > 0) bytes[Math.Min(at, bytes.Length - 1)] ^= (byte)(1 << random.Next(8));
                return bytes;
            default:
                bytes.AsSpan(at, length).Clear();
                return bytes;
        }
    }

    static int EndOfValue(string text, int start)
    {
        var (depth, isInText) = (0, false);
        for (var place = start; place < text.Length; place++)
        {
            var one = text[place];
            if (isInText && one == '\\') place++;
            else if (one == '"') isInText = !isInText;
            else if (isInText) continue;
            else if (depth == 0 && one is (',' or '}' or ']')) return place;
            else if (one is '{' or '[') depth++;
            else if (one is '}' or ']') depth--;
        }

        return text.Length;
    }
}
