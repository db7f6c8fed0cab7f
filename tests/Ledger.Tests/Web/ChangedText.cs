using System.Text;

namespace Ledger.Tests.Web;

/// <summary>A text that is good, and what is none of it any more.</summary>
static class ChangedText
{
    /// <summary>One bit of it, anywhere.</summary>
    public static byte[] Flipped(byte[] good, Random random)
    {
        var changed = (byte[])good.Clone();
        changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
        return changed;
    }

    /// <summary>One octet in the middle of each word, so that every part of it is met.</summary>
    public static IEnumerable<byte[]> OneOctetOfEachWord(byte[] good)
    {
        var begin = 0;
        for (var at = 0; at < good.Length; at++)
        {
            if (good[at] is not ((byte)' ' or (byte)'\n')) continue;
            if (at > begin)
            {
                var changed = (byte[])good.Clone();
                changed[begin + ((at - begin) / 2)] ^= 1;
                yield return changed;
            }

            begin = at + 1;
        }
    }

    /// <summary>Each line left out, twice, and longer; and the ends.</summary>
    public static IEnumerable<(string What, byte[] Octets)> LinesOf(byte[] good)
    {
        var lines = Encoding.UTF8.GetString(good).Split('\n');
        byte[] Of(IEnumerable<string> of) => Encoding.UTF8.GetBytes(string.Join('\n', of));
        for (var i = 0; i < lines.Length - 1; i++)
        {
            yield return ($"line {i} left out", Of(lines.Where((_, place) => place != i)));
            yield return ($"line {i} twice", Of(lines.SelectMany((line, place) => place == i ? new[] { line, line } : [line])));
            yield return ($"line {i} with a space", Of(lines.Select((line, place) => place == i ? line + " " : line)));
        }

        yield return ("nothing", []);
        yield return ("no last line feed", good[..^1]);
    }
}
