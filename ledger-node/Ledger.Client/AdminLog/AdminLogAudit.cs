using Ledger.Core.Primitives;

namespace Ledger.Client.AdminLog;

/// <summary>
/// What an auditor finds in an admin log. <paramref name="Entries"/> are the good ones before the first fault; <paramref name="FaultyLine"/> counts from 1.
/// <paramref name="Head"/> is the hash of the last good line: a monitoring system that keeps it notices a log that was cut short. <paramref name="Signer"/> is
/// whose key signs the next; null in a log without a good line.
/// </summary>
public sealed record AdminLogReport(IReadOnlyList<AdminEntry> Entries, string Head, ByteString? Signer, int? FaultyLine, AdminLogFault? Fault);

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
    /// <param name="file">The log's octets.</param>
    /// <param name="verify">Whether a signature of a text is a key's.</param>
    /// <param name="keys">With one of which the log may begin. From then on its signer names the next one.</param>
    public static AdminLogReport Read(ReadOnlySpan<byte> file, Func<ByteString, byte[], byte[], bool> verify, IEnumerable<ByteString> keys)
    {
        var entries = new List<AdminEntry>();
        var (head, first, signer) = (AdminEntry.First, keys.Distinct().ToArray(), default(ByteString?));
        while (!file.IsEmpty)
        {
            var end = file.IndexOf((byte)'\n');
            if (end < 0) return new(entries, head, signer, entries.Count + 1, AdminLogFault.Torn);
            var line = file[..end];
            if (!AdminEntry.TryRead(line, IsSigned, out var entry)) return new(entries, head, signer, entries.Count + 1, AdminLogFault.NotSigned);
            if (entry.Previous != head || entry.Number != (ulong)entries.Count + 1) return new(entries, head, signer, entries.Count + 1, AdminLogFault.ChainBroken);
            entries.Add(entry);
            head = AdminEntry.HashOf(line);
            if (entry.Act == AdminEntry.NextKey && ByteString.TryParse(entry.Detail, out var next)) signer = next;
            file = file[(end + 1)..];
        }

        return new(entries, head, signer, null, null);

        bool IsSigned(byte[] message, byte[] signature)
        {
            foreach (var key in signer is { } known ? [known] : first)
            {
                if (!verify(key, message, signature)) continue;
                signer = key;
                return true;
            }

            return false;
        }
    }
}
