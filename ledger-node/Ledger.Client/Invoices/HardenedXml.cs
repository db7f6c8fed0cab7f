using System.Diagnostics.CodeAnalysis;
using System.Xml.Linq;
using System.Xml;
using Ledger.Core.State;

namespace Ledger.Client.Invoices;

/// <summary>
/// Loads XML from a stranger into a tree whose size and depth are bounded. No document type, hence no entities but the five of XML itself;
/// nothing is fetched from anywhere.
/// </summary>
static class HardenedXml
{
    public const int MaxBytes = 5_000_000;
    public const int MaxDepth = 32;

    // A tree node costs some fifty times the four octets it may be written in: size alone does not bound memory.
    public const int MaxNodes = 200_000;

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

        if (!XmlText.TryDecode(file, out var text, out problem)) return false;

        try
        {
            if (!IsWithinBounds(text))
            {
                problem = new(Refusal.XmlIsDangerous, "/");
                return false;
            }

            using var reader = XmlReader.Create(new StringReader(text), Settings);
            root = XElement.Load(reader);
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
