using System.Text.Json;
using System.Text.Json.Serialization;
using Ledger.Core.Primitives;

namespace Ledger.Node;

/// <summary>Which chain a node key has begun to sign, and where its data folder was then.</summary>
public sealed record FoundedChain(int Version, string ChainId, string NodeKey, string Data, DateTimeOffset At);

/// <summary>
/// The file beside a node key that says that the key has signed. A data folder can be lost, or another one mounted in its place, and would look new; the
/// key would then sign a second history at the sizes of the first. So the mark lies with the key, and goes where the key goes.
/// </summary>
public partial class FoundingMark(string path)
{
    const int Version = 1;

    public string Path => path;

    /// <summary>Whether this key has signed, so far as the mark can say: one that cannot be read is taken for its own.</summary>
    public virtual bool IsOf(ByteString nodeKey) =>
        File.Exists(path) && (Read() is not { } founded || founded.NodeKey == nodeKey.ToString());

    /// <summary>What the mark says; null where there is none that can be read.</summary>
    public FoundedChain? Read()
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), MarkJson.Default.FoundedChain);
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Leaves the mark; returns when it is durable.</summary>
    /// <exception cref="IOException">It could not be written; so with UnauthorizedAccessException.</exception>
    public void Write(Hash256 chainId, ByteString nodeKey, string data, DateTimeOffset at)
    {
        var founded = new FoundedChain(Version, chainId.ToString(), nodeKey.ToString(), System.IO.Path.GetFullPath(data), at);
        using (var file = File.Create(path + ".new"))
        {
            JsonSerializer.Serialize(file, founded, MarkJson.Default.FoundedChain);
            file.Flush(flushToDisk: true);
        }

        File.Move(path + ".new", path, overwrite: true);
        new Storage.DiskStorage(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path)) ?? ".").FlushFolder("");
    }

    /// <summary>Takes the mark away again, where nothing that was signed has left the machine.</summary>
    public void Remove() => File.Delete(path);

    [JsonSourceGenerationOptions(
        JsonSerializerDefaults.Web, WriteIndented = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true)]
    [JsonSerializable(typeof(FoundedChain))]
    sealed partial class MarkJson : JsonSerializerContext;
}
