using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;

namespace Ledger.Node.Drafts;

/// <summary>A draft as one bank's node gives it to another's: its text, and by whom it was ended and why.</summary>
sealed record GivenDraft(string Text, string? EndedBy = null, string? Reason = null)
{
    [JsonIgnore]
    public DraftEnd? End => PartyId.TryParse(EndedBy, out var by) ? new(by, Reason) : null;

    /// <summary>The same for what is the same in every octet.</summary>
    public Hash256 Digest(CryptoSuite suite) => suite.Hash(JsonSerializer.SerializeToUtf8Bytes(this, DraftJson.Default.GivenDraft));

    public static GivenDraft Of(Draft draft) => new(Encoding.ASCII.GetString(draft.Text.Signed.Bytes.Span), draft.End?.By.Text, draft.End?.Reason);
}

/// <summary>Drafts up to the giver's number of a change (FORMATS, <i>Drafts</i>).</summary>
sealed record DraftPage(ulong Through, IReadOnlyList<GivenDraft> Drafts)
{
    /// <summary>Strictly what FORMATS says, null for anything else.</summary>
    public static DraftPage? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, DraftJson.Default.DraftPage) is { } page && page.Drafts.All(static one => one is not null) ? page : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, DraftJson.Default.DraftPage);
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DraftPage))]
[JsonSerializable(typeof(GivenDraft))]
sealed partial class DraftJson : JsonSerializerContext;
