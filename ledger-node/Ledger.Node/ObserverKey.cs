using System.Text.Json;
using System.Text.Json.Serialization;
using Ledger.Client.Files;
using Ledger.Client.Signing;
using Ledger.Core.Chain;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;

namespace Ledger.Node;

/// <summary>
/// The key with which a node that only observes signs its admin log, for it has no node key. Made at the first start, readable by its owner only, in no backup. Nothing that others
/// believe stands on it.
/// </summary>
static partial class ObserverKey
{
    /// <summary>The key as a node's, for the party of its certificate; null where the file is there and holds none.</summary>
    public static NodeKey? OpenOrMake(string data, CryptoSuite suite, PartyId party)
    {
        var path = Path.Combine(data, FolderLayout.ObserverKey);
        if (!File.Exists(path))
        {
            Directory.CreateDirectory(data);
            using var made = SigningKey.Create(suite);
            using var file = OwnerOnly.Create(path, FileMode.CreateNew);
            JsonSerializer.Serialize(file, new Secret(Base64Url.Encode(made.ToScalar())), SecretJson.Default.Secret);
        }

        try
        {
            var secret = JsonSerializer.Deserialize(File.ReadAllBytes(path), SecretJson.Default.Secret);
            if (secret is null || !Base64Url.TryDecode(secret.Scalar, out var scalar) || !SigningKey.TryRead(suite, scalar, out var key)) return null;
            return new(party, key.PublicKey, message => key.Sign(message), _ => throw new InvalidOperationException("An observer signs no checkpoint."));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    sealed record Secret(string Scalar);

    [JsonSourceGenerationOptions(
        JsonSerializerDefaults.Web, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
    [JsonSerializable(typeof(Secret))]
    sealed partial class SecretJson : JsonSerializerContext;
}
