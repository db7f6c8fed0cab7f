namespace Ledger.Client.AdminLog;

/// <summary>
/// What an auditor finds in an admin log. <paramref name="Entries"/> are the good ones before the first fault; <paramref name="FaultyLine"/> counts from 1.
/// <paramref name="Head"/> is the hash of the last good line: a monitoring system that keeps it notices a log that was cut short.
/// </summary>
public sealed record AdminLogReport(IReadOnlyList<AdminEntry> Entries, string Head, int? FaultyLine, AdminLogFault? Fault);

public enum AdminLogFault
{
    /// <summary>The line is not in the form of an entry, or its signature is not the node key's.</summary>
    NotSigned,

    /// <summary>The line before it is another one than when it was written, or its number does not follow.</summary>
    ChainBroken,

    /// <summary>The last line has no end: the process went while it wrote.</summary>
    Torn,
}

/// <summary>Reads an admin log from its first line and believes nothing that does not follow.</summary>
public static class AdminLogAudit
{
    public static AdminLogReport Read(ReadOnlySpan<byte> file, Func<byte[], byte[], bool> verify)
    {
        var entries = new List<AdminEntry>();
        var head = AdminEntry.First;
        while (!file.IsEmpty)
        {
            var end = file.IndexOf((byte)'\n');
            if (end < 0) return new(entries, head, entries.Count + 1, AdminLogFault.Torn);
            var line = file[..end];
            if (!AdminEntry.TryRead(line, verify, out var entry)) return new(entries, head, entries.Count + 1, AdminLogFault.NotSigned);
            if (entry.Previous != head || entry.Number != (ulong)entries.Count + 1) return new(entries, head, entries.Count + 1, AdminLogFault.ChainBroken);
            entries.Add(entry);
            head = AdminEntry.HashOf(line);
            file = file[(end + 1)..];
        }

        return new(entries, head, null, null);
    }
}
