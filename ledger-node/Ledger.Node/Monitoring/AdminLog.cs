using Ledger.Client.AdminLog;
using Ledger.Core.Primitives;
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
    NodeKey key;
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
    /// line that is not what this node wrote, or that would follow on one whose key is not here, otherwise.
    /// </summary>
    /// <param name="storage">The data folder.</param>
    /// <param name="keys">The bank's keys: one of them goes on with the log.</param>
    /// <param name="founder">With which the log of a founder began, wherever that key is now.</param>
    /// <param name="verify">Whether a signature of a text is a key's.</param>
    /// <param name="time">Whose time is written down.</param>
    /// <param name="faultyLine">Where it is none, from 1.</param>
    public static AdminLog? Open(
        IStorage storage, NodeKey keys, ByteString? founder, Func<ByteString, byte[], byte[], bool> verify, TimeProvider time, out int faultyLine)
    {
        faultyLine = 0;
        var existing = storage.Open(FileName);
        var file = existing ?? storage.Create(FileName);
        if (existing is null) storage.FlushFolder("");
        var bytes = new byte[file.Length];
        var read = file.Read(0, bytes);
        var report = AdminLogAudit.Read(bytes.AsSpan(0, read), verify, founder is { } began ? [.. keys.PublicKeys, began] : keys.PublicKeys);
        var signer = report.Signer is { } last ? keys.Named(last) : keys;
        if (report.Fault is not null and not AdminLogFault.Torn || signer is null)
        {
            faultyLine = report.FaultyLine ?? report.Entries.Count + 1;
            file.Dispose();
            return null;
        }

        var end = bytes.AsSpan(0, read).LastIndexOf((byte)'\n') + 1;
        var log = new AdminLog(file, signer, time, end, (ulong)report.Entries.Count, report.Head);
        if (report.Fault == AdminLogFault.Torn)
        {
            file.SetLength(end);
            log.Write("node", "log.cut", $"{read - end} bytes", "ok");
        }

        return log;
    }

    /// <summary>From the next line on it is signed with another key of the bank.</summary>
    public void HandOver(NodeKey next)
    {
        if (next.PublicKey == key.PublicKey) return;
        Write("node", AdminEntry.NextKey, next.PublicKey.ToString(), "ok");
        lock (gate) key = next;
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
