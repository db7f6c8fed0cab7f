using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;

namespace Ledger.Client.Disclosures;

/// <summary>
/// One hidden value with its salt, as SD-JWT writes it (RFC 9901, 4.2.1): base64url of the JSON array of salt, name and value. The text is kept as it
/// came, for the digest is over its characters, and the same array has many spellings.
/// </summary>
public sealed record Disclosure
{
    /// <summary>What is longer is not read; the longest value that we write needs less.</summary>
    public const int MaxLength = 2_048;

    const int SaltSize = 16;

    // 128 bits in base64url (RFC 9901, 9.3): with less, a rate of which there are a few thousand could be found by trying.
    const int ShortestSalt = 22;

    static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    Disclosure(string text, string salt, string name, string value) => (Text, Salt, Name, Value) = (text, salt, name, value);

    /// <summary>What is hashed, stored and sent.</summary>
    public string Text { get; }

    public string Salt { get; }

    public string Name { get; }

    public string Value { get; }

    /// <summary>A disclosure under a salt that nobody has seen.</summary>
    public static Disclosure Create(Term term, string value)
    {
        if (!term.Takes(value)) throw new ArgumentException($"Not a value of {term.Name()}.", nameof(value));
        var salt = Core.Primitives.Base64Url.Encode(RandomNumberGenerator.GetBytes(SaltSize));
        using var array = new MemoryStream();
        using (var json = new Utf8JsonWriter(array, Plain))
        {
            json.WriteStartArray();
            json.WriteStringValue(salt);
            json.WriteStringValue(term.Name());
            json.WriteStringValue(value);
            json.WriteEndArray();
        }

        return new(Core.Primitives.Base64Url.Encode(array.ToArray()), salt, term.Name(), value);
    }

    /// <summary>
    /// Reads an array of three strings in any spelling of JSON. Whether its name is a term of ours is another question; the two names that RFC 9901
    /// keeps for itself are none.
    /// </summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Disclosure? disclosure)
    {
        disclosure = null;
        if (text.Length > MaxLength || !Core.Primitives.Base64Url.TryDecode(text, out var json)) return false;
        string?[]? parts;
        try
        {
            parts = JsonSerializer.Deserialize(json, DisclosureJson.Default.StringArray);
        }
        catch (JsonException)
        {
            return false;
        }

        if (parts is not [{ } salt, { } name, { } value] || name is "" or "_sd" or "...") return false;
        if (salt.Length < ShortestSalt || salt.Any(character => !char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_'))) return false;
        disclosure = new(text, salt, name, value);
        return true;
    }

    /// <summary>The digest that stands in <c>_sd</c>: over the text's ASCII, not over the JSON inside it (RFC 9901, 4.2.3).</summary>
    public Hash256 Digest(CryptoSuite suite) => suite.Hash(Encoding.ASCII.GetBytes(Text));
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(DisclosureText))]
[JsonSerializable(typeof(string[]))]
sealed partial class DisclosureJson : JsonSerializerContext;
