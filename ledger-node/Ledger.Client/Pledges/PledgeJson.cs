using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Ledger.Core.Primitives;
using Ledger.Suites.Oprf;

namespace Ledger.Client.Pledges;

/// <summary>The files of this room: unknown, duplicate, missing and null members are refused.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    AllowDuplicateProperties = false,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    WriteIndented = true,
    NewLine = "\n")]
[JsonSerializable(typeof(PledgeDealing))]
[JsonSerializable(typeof(PledgeGroup))]
[JsonSerializable(typeof(PledgeAsk))]
[JsonSerializable(typeof(PledgeAnswer))]
[JsonSerializable(typeof(PledgeAsking))]
[JsonSerializable(typeof(PledgeLook))]
sealed partial class PledgeJson : JsonSerializerContext
{
    public static byte[] Write<T>(T value, JsonTypeInfo<T> type) => [.. JsonSerializer.SerializeToUtf8Bytes(value, type), (byte)'\n'];

    /// <summary>1 to 64 elements in base64url; null where one is none.</summary>
    public static IReadOnlyList<GroupElement>? Elements(IReadOnlyList<string> texts)
    {
        if (texts.Count is 0 or > Voprf.MaxElements) return null;
        var elements = new List<GroupElement>();
        foreach (var text in texts)
        {
            if (!ByteString.TryParse(text, out var octets) || !GroupElement.TryRead(octets.Span, out var element)) return null;
            elements.Add(element);
        }

        return elements;
    }
}
