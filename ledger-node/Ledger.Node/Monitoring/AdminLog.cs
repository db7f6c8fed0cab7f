using Ledger.Client.AdminLog;
using Ledger.Node.Storage;

namespace Ledger.Node.Monitoring;

/// <summary>
/// What operators did to this node, one signed line an act in <c>admin.log</c>, each naming the one before by its hash. A line is on disk before the act
/// is answered. A log that somebody changed is told and stays as it is: the node does not start to write behind it.
/// </summary>
public sealed class AdminLog : IDisposable
{
    public const string FileName = "admin.log";

    readonly IStorageFile file;
    readonly NodeKey key;
    readonly TimeProvider time;
    readonly Lock gate = new();
    long length;

    AdminLog(IStorageFile file, NodeKey key, TimeProvider time, long length, ulong entries, string head)
    {
        (this.file, this.key, this.time, this.length) = (file, key, time, length);
        (Entries, Head) = (entries, head);
    }

    /// <summary>How many acts are in it.</summary>
    public ulong Entries { get; private set; }

    /// <summary>The hash of the last line.</summary>
    public string Head { get; private set; }

    /// <summary>
    /// Opens or begins the log. A last line that a crash tore was never answered: it is cut off, and a line says so. Null and the number of the first
    /// line that is not what this node wrote otherwise.
    /// </summary>
    public static AdminLog? Open(IStorage storage, NodeKey key, Func<byte[], byte[], bool> verify, TimeProvider time, out int faultyLine)
    {
        faultyLine = 0;
        var existing = storage.Open(FileName);
        var file = existing ?? storage.Create(FileName);
        if (existing is null) storage.FlushFolder("");
        var bytes = new byte[file.Length];
        var read = file.Read(0, bytes);
        var report = AdminLogAudit.Read(bytes.AsSpan(0, read), verify);
        if (report.Fault is { } fault && fault != AdminLogFault.Torn)
        {
            faultyLine = report.FaultyLine ?? 0;
            file.Dispose();
            return null;
        }

        var end = bytes.AsSpan(0, read).LastIndexOf((byte)'\n') + 1;
        var log = new AdminLog(file, key, time, end, (ulong)report.Entries.Count, report.Head);
        if (report.Fault == AdminLogFault.Torn)
        {
            file.SetLength(end);
            log.Write("node", "log.cut", $"{read - end} bytes", "ok");
        }

        return log;
    }

    /// <summary>Puts an act on record, durably.</summary>
    public void Write(string who, string act, string detail, string result)
    {
        lock (gate)
        {
            var entry = new AdminEntry(Entries + 1, time.GetUtcNow().ToUnixTimeMilliseconds(), who, act, detail, result, Head);
            var line = entry.Write(bytes => key.Sign(bytes));
            file.Write(length, [.. line, (byte)'\n']);
            file.Flush();
            length += line.Length + 1;
            (Entries, Head) = (entry.Number, AdminEntry.HashOf(line));
        }
    }

    public void Dispose() => file.Dispose();
}
