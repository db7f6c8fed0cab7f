using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using System.Text;
using Ledger.Core.State;

namespace Ledger.Client.Files;

/// <summary>The characters of an XML file in UTF-8 or in GB18030, of which GBK and GB2312 are parts. Bytes that do not fit are refused, not replaced.</summary>
static partial class FileText
{
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

        try
        {
            text = encoding.GetString(file);
            return true;
        }
        catch (DecoderFallbackException)
        {
            problem = new(Refusal.EncodingUnknown, "encoding", encoding.WebName);
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
