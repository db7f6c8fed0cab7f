using System.Text.Json;
using System.Text.Json.Serialization;
using Ledger.Client.Files;
using Ledger.Core.Chain;

namespace Ledger.Node.Storage;

/// <summary>The process that holds a data folder, as it says itself.</summary>
public sealed record LockHolder(int Pid, DateTimeOffset StartedAt, IReadOnlyList<string> Urls);

/// <summary>A data folder is another process's. <paramref name="Holder"/> is null in the moment before that process has said who it is.</summary>
public sealed record FolderIsHeld(string Folder, LockHolder? Holder)
{
    /// <summary>Who holds the folder, and what to do.</summary>
    public override string ToString()
    {
        var who = Holder is null ? "another process" : FormattableString.Invariant($"process {Holder.Pid}, running since {Holder.StartedAt:yyyy-MM-dd HH:mm:ss}Z");
        var where = Holder is { Urls.Count: > 0 } ? $", at {string.Join(", ", Holder.Urls)}" : "";
        return $"The data folder {Folder} is held by {who}{where}. Stop that process, or give this node another data folder.";
    }
}

/// <summary>
/// One process a data folder. The system's lock on the file is what counts, and it ends with its process however that ends; who holds it stands in a
/// second file, which can be read while the first is locked.
/// </summary>
public sealed partial class FolderLock : IDisposable
{
    const int LinuxWouldBlock = 11;
    const int MacWouldBlock = 35;
    const int WindowsSharingViolation = 32;

    readonly string folder;
    readonly FileStream file;
    LockHolder self;

    FolderLock(string folder, FileStream file, LockHolder self)
    {
        this.folder = folder;
        this.file = file;
        this.self = self;
        Say();
    }

    /// <summary>Takes the folder, which is made where there is none, or says who holds it.</summary>
    public static FolderLock? TryTake(string folder, TimeProvider time, out FolderIsHeld? held)
    {
        held = null;
        folder = Path.GetFullPath(folder);
        OwnerOnly.CreateFolder(folder);
        FileStream file;
        try
        {
            file = new(Path.Combine(folder, FolderLayout.Lock), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException locked) when ((locked.HResult & 0xFFFF) is LinuxWouldBlock or MacWouldBlock or WindowsSharingViolation)
        {
            held = new(folder, Read(folder));
            return null;
        }

        return new(folder, file, new(Environment.ProcessId, time.GetUtcNow(), []));
    }

    /// <summary>Tells those who find the folder held where this process listens.</summary>
    public void Announce(IReadOnlyList<string> urls)
    {
        self = self with { Urls = urls };
        Say();
    }

    public void Dispose()
    {
        File.Delete(Path.Combine(folder, FolderLayout.LockInfo));
        file.Dispose();
    }

    void Say()
    {
        // Written beside and moved, so that a reader finds it whole or not at all.
        var path = Path.Combine(folder, FolderLayout.LockInfo);
        File.WriteAllBytes(path + ".new", JsonSerializer.SerializeToUtf8Bytes(self, Json.Default.LockHolder));
        File.Move(path + ".new", path, overwrite: true);
    }

    static LockHolder? Read(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(folder, FolderLayout.LockInfo)), Json.Default.LockHolder);
        }
        catch (Exception unread) when (unread is IOException or JsonException)
        {
            return null;
        }
    }

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
    [JsonSerializable(typeof(LockHolder))]
    sealed partial class Json : JsonSerializerContext;
}
