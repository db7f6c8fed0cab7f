using System.Text;
using Ledger.Core.Primitives;

namespace Ledger.Tests.Primitives;

public class Base64UrlTests
{
    [Fact]
    public void Octets_and_characters_read_alike_and_only_the_canonical_spelling_is_taken()
    {
        const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/= ";
        var canonical = 0;
        foreach (var last in Letters)
        {
            foreach (var before in Letters)
            {
                foreach (var text in new[] { $"{last}", $"{before}{last}", $"A{before}{last}", $"AA{before}{last}", $"AAAA{before}{last}" })
                {
                    var isText = Base64Url.TryDecode(text, out var fromText);
                    Assert.Equal(isText, Base64Url.TryDecode(Encoding.ASCII.GetBytes(text), out var fromOctets));
                    Assert.Equal(fromText, fromOctets);
                    if (isText) canonical++;
                }
            }
        }

        // Of two characters one in sixteen, of three one in four, of four all.
        Assert.Equal((2 * 64 * 4) + (64 * 16) + (64 * 64), canonical);
    }

    [Fact]
    public void Nothing_is_no_bytes()
    {
        Assert.True(Base64Url.TryDecode(ReadOnlySpan<byte>.Empty, out var bytes));
        Assert.Empty(bytes);
    }
}
