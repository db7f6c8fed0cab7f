using System.Text.Json;
using System.Text.Json.Serialization;
using Ledger.Core.Primitives;

namespace Ledger.Node.Peers;

/// <summary>
/// How far a peer says it is. None of it is believed: it only says whom to ask for what. <paramref name="Position"/> is from where in the order somebody who has its final blocks
/// may begin to read; too early does no harm.
/// </summary>
public sealed record PeerStatus(
    string ChainId, string Origin, string Bank, string Version, ulong Height, ulong Size, string Root, ulong DurableHeight, uint Epoch, ulong? Position)
{
    /// <summary>Strictly what FORMATS says, null for anything else.</summary>
    public static PeerStatus? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, PeerJson.Default.PeerStatus) is { } status && Hash256.TryParse(status.ChainId, out _) && Hash256.TryParse(status.Root, out _)
                && status is { Origin.Length: <= 200, Bank.Length: <= 20, Version.Length: <= 100 } ? status : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, PeerJson.Default.PeerStatus);
}

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false, NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(PeerStatus))]
sealed partial class PeerJson : JsonSerializerContext;
