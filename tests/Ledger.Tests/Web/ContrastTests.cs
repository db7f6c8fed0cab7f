using System.Globalization;
using System.Text.RegularExpressions;

namespace Ledger.Tests.Web;

/// <summary>Text keeps AA contrast (WCAG 2.1, 1.4.3 and 1.4.11) in light and dark: computed from the stylesheets' own colours.</summary>
public partial class ContrastTests
{
    // Which colour is written or drawn on which.
    static readonly (string Text, string Ground)[] Written =
    [
        ("text", "ground"), ("text", "panel"), ("text", "track"), ("quiet", "ground"), ("quiet", "panel"), ("link", "ground"), ("link", "panel"), ("on-accent", "accent"), ("good", "good-ground"),
        ("warn", "warn-ground"), ("bad", "bad-ground"), ("over", "over-ground"), ("good", "panel"), ("bad", "panel"), ("over", "panel"),
    ];

    static readonly (string Shape, string Ground)[] Drawn = [("focus", "panel"), ("focus", "ground"), ("value", "track"), ("burden", "panel")];

    public static TheoryData<string, bool> Themes => new() { { "console.css", false }, { "console.css", true } };

    [Theory]
    [MemberData(nameof(Themes))]
    public void Text_is_readable_in_every_theme(string file, bool dark)
    {
        var colours = Colours(file, dark);
        Assert.All(Written, pair => Assert.True(Contrast(colours[pair.Text], colours[pair.Ground]) >= 4.5, $"{pair.Text} on {pair.Ground}: {Contrast(colours[pair.Text], colours[pair.Ground]):F2}"));
        Assert.All(Drawn, pair => Assert.True(Contrast(colours[pair.Shape], colours[pair.Ground]) >= 3, $"{pair.Shape} on {pair.Ground}: {Contrast(colours[pair.Shape], colours[pair.Ground]):F2}"));
    }

    [Fact]
    public void The_reader_who_chooses_dark_gets_the_colours_of_a_dark_system()
    {
        var css = File.ReadAllText(Path.Combine(JavaScript.Assets, "console.css"));
        var blocks = Block().Matches(css).Where(match => match.Value.Contains("color-scheme: dark", StringComparison.Ordinal)).Select(match => Squeezed(match.Groups[1].Value)).ToArray();
        Assert.Equal(2, blocks.Length);
        Assert.Equal(blocks[0], blocks[1]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_offline_page_is_readable_too(bool dark)
    {
        var colours = Colours("verify.css", dark);
        foreach (var (text, ground) in new[] { ("text", "ground"), ("text", "panel"), ("quiet", "panel"), ("quiet", "ground"), ("link", "ground"), ("on-accent", "accent"), ("good", "panel"), ("bad", "panel"), ("warn", "panel") })
            Assert.True(Contrast(colours[text], colours[ground]) >= 4.5, $"{text} on {ground}");
    }

    [Fact]
    public void The_measure_of_contrast_knows_black_on_white() => Assert.Equal(21, Contrast("#000000", "#ffffff"), 3);

    static Dictionary<string, string> Colours(string file, bool dark)
    {
        var css = File.ReadAllText(Path.Combine(JavaScript.Assets, file));
        var colours = new Dictionary<string, string>();
        var wanted = Block().Matches(css).Where(match => match.Groups[1].Value.Contains("--text:", StringComparison.Ordinal)).ToArray();
        foreach (var match in dark ? wanted : wanted[..1])
        {
            foreach (Match colour in Colour().Matches(match.Groups[1].Value)) colours[colour.Groups[1].Value] = colour.Groups[2].Value;
        }

        return colours;
    }

    static double Contrast(string one, string other)
    {
        var (light, dark) = (Luminance(one), Luminance(other));
        if (light < dark) (light, dark) = (dark, light);
        return (light + 0.05) / (dark + 0.05);
    }

    static double Luminance(string colour)
    {
        double Linear(int at)
        {
            var part = int.Parse(colour.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
            return part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4);
        }

        return (0.2126 * Linear(1)) + (0.7152 * Linear(3)) + (0.0722 * Linear(5));
    }

    static string Squeezed(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    [GeneratedRegex(@":root[^{@]*\{([^}]*)\}")]
    private static partial Regex Block();

    [GeneratedRegex(@"--([a-z0-9-]+):\s*(#[0-9a-f]{6})")]
    private static partial Regex Colour();
}
