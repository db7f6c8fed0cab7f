using System.Diagnostics.CodeAnalysis;
using System.Xml.Linq;
using System.Xml;
using Ledger.Core.State;

namespace Ledger.Client.Files;

/// <summary>
/// Loads XML from a stranger into a tree whose size and depth are bounded. No document type, hence no entities but the five of XML itself;
/// nothing is fetched from anywhere. Every element is what its name says: none takes another type or declares itself void.
/// </summary>
static class HardenedXml
{
    public const int MaxBytes = 5_000_000;
    public const int MaxDepth = 32;

    // A tree node costs some fifty times the four octets it may be written in: size alone does not bound memory.
    public const int MaxNodes = 200_000;

    // No kind of document has a tenth of it. The platform's reader takes a start tag whole, with work that grows as the square of its attributes, and
    // only then can anybody count them: so they are counted before it reads.
    public const int MaxAttributes = 64;

    static readonly XNamespace Instance = "http://www.w3.org/2001/XMLSchema-instance";

    static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = MaxBytes,
        MaxCharactersFromEntities = 1024,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
    };

    public static bool TryLoad(ReadOnlySpan<byte> file, [NotNullWhen(true)] out XElement? root, [NotNullWhen(false)] out ImportProblem? problem)
    {
        root = null;
        if (file.Length > MaxBytes)
        {
            problem = new(Refusal.FileTooLarge, "/");
            return false;
        }

        if (!FileText.TryDecode(file, out var text, out problem)) return false;

        try
        {
            if (!HasFewAttributes(text) || !IsWithinBounds(text))
            {
                problem = new(Refusal.XmlIsDangerous, "/");
                return false;
            }

            using var reader = XmlReader.Create(new StringReader(text), Settings);
            var loaded = XElement.Load(reader);
            if (Overriding(loaded) is { } attribute)
            {
                problem = new(Refusal.XmlTypeOverridden, attribute.Parent?.Name.LocalName ?? "/", attribute.Value);
                return false;
            }

            root = loaded;
            return true;
        }
        catch (XmlException exception)
        {
            // The reader stops at a document type as it stops at any error; only the text tells the two apart.
            var refusal = text.Contains("<!DOCTYPE", StringComparison.Ordinal) ? Refusal.XmlIsDangerous : Refusal.NotXml;
            problem = new(refusal, $"line {exception.LineNumber}, column {exception.LinePosition}");
            return false;
        }
    }

    // A schema's processor would read such an element as another type, or as absent; a reader of names would not.
    static XAttribute? Overriding(XElement root) =>
        root.DescendantsAndSelf().Attributes().FirstOrDefault(attribute => attribute.Name == Instance + "type" || attribute.Name == Instance + "nil");

    // In well-formed text each attribute has one pair of quotation marks, and only within them, in comments, instructions and character data may an angle
    // bracket stand for itself. What is not well-formed, or has a document type, the reader stops at.
    static bool HasFewAttributes(ReadOnlySpan<char> text)
    {
        while (text.IndexOf('<') is >= 0 and var opened)
        {
            text = text[opened..];
            var end = text.StartsWith("<!--") ? "-->" : text.StartsWith("<![CDATA[") ? "]]>" : text.StartsWith("<?") ? "?>" : "";
            if (end.Length > 0)
            {
                var ended = text.IndexOf(end);
                if (ended < 0) return true;
                text = text[(ended + end.Length)..];
                continue;
            }

            var attributes = 0;
            while (text.IndexOfAny('"', '\'', '>') is >= 0 and var mark && text[mark] != '>')
            {
                var closing = text[(mark + 1)..].IndexOf(text[mark]);
                if (closing < 0) return true;
                if (++attributes > MaxAttributes) return false;
                text = text[(mark + 1 + closing + 1)..];
            }

            var close = text.IndexOf('>');
            if (close < 0) return true;
            text = text[(close + 1)..];
        }

        return true;
    }

    static bool IsWithinBounds(string text)
    {
        using var reader = XmlReader.Create(new StringReader(text), Settings);
        var nodes = 0;
        while (reader.Read())
        {
            nodes += 1 + reader.AttributeCount;
            if (nodes > MaxNodes || reader.Depth > MaxDepth) return false;
        }

        return true;
    }
}
