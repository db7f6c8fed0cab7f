using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using System.Text;
using Ledger.Core.State;

namespace Ledger.Client.Files;

/// <summary>The characters of a file in UTF-8 or in GB18030, of which GBK and GB2312 are parts. Bytes that do not fit are refused, not replaced.</summary>
static partial class FileText
{
    /// <summary>The text of an XML file, in the encoding that it declares.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> file, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out ImportProblem? problem)
    {
        text = null;
        problem = null;
        var marked = file.StartsWith(Encoding.UTF8.Preamble);
        if (marked) file = file[Encoding.UTF8.Preamble.Length..];

        var declared = Encoding.ASCII.GetString(file[..Math.Min(file.Length, 200)]);
        var name = Declaration().Match(declared).Groups["name"].Value.ToUpperInvariant();
        if (Named(name) is not { } encoding || (marked && encoding != Utf8))
        {
            problem = new(Refusal.EncodingUnknown, "encoding", name);
            return false;
        }

        if (TryDecode(file, encoding, out text)) return true;
        problem = new(Refusal.EncodingUnknown, "encoding", encoding.WebName);
        return false;
    }

    /// <summary>
    /// The text of a file that declares nothing, as spreadsheets write tables: UTF-8 where it begins with the mark or all of it fits, else GB18030.
    /// A text holds no control characters but tabs and lines' ends.
    /// </summary>
    public static bool TryDetect(ReadOnlySpan<byte> file, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out ImportProblem? problem)
    {
        problem = null;
        var marked = file.StartsWith(Encoding.UTF8.Preamble);
        if (marked) file = file[Encoding.UTF8.Preamble.Length..];
        if ((TryDecode(file, Utf8, out text) || (!marked && TryDecode(file, Gb18030, out text)))
            && !text.Any(character => char.IsControl(character) && character is not ('\t' or '\r' or '\n'))) return true;

        text = null;
        problem = new(Refusal.EncodingUnknown, "encoding");
        return false;
    }

    static bool TryDecode(ReadOnlySpan<byte> file, Encoding encoding, [NotNullWhen(true)] out string? text)
    {
        try
        {
            text = encoding.GetString(file);
            return true;
        }
        catch (DecoderFallbackException)
        {
            text = null;
            return false;
        }
    }

    static Encoding? Named(string name) => name switch
    {
        "" or "UTF-8" or "UTF8" => Utf8,
        "GB18030" or "GBK" or "GB2312" => Gb18030,
        _ => null,
    };

    public static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static readonly Encoding Gb18030 =
        CodePagesEncodingProvider.Instance.GetEncoding("GB18030", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;

    [GeneratedRegex("""^<\?xml\s[^>]*?encoding\s*=\s*["'](?<name>[^"']*)["']""")]
    private static partial Regex Declaration();
}
