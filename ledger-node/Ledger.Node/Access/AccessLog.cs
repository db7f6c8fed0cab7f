using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Ledger.Core.Primitives;

namespace Ledger.Node.Access;

/// <summary>
/// One read of another party's data: who (party and key, and for whom), when by the world's clock, what was asked, with what status it was answered,
/// from which address, and whose data it was.
/// </summary>
public sealed record AccessRecord(
    DateTimeOffset At,
    PartyId Party,
    KeyId Key,
    PartyId Principal,
    Resource Resource,
    string Method,
    string Path,
    int Status,
    string From,
    string Request,
    IReadOnlyCollection<PartyId> Of);

/// <summary>
/// Who read whose data: JSON lines that are only appended, in a file a day and a further one where a day's has grown large. A read waits for room in
/// a short queue and never for the disk; where the queue stays full, or the disk takes nothing, the line is lost and counted.
/// </summary>
public sealed class AccessLog : IAsyncDisposable
{
    public const long DefaultFileBytes = 16L * 1024 * 1024;

    const int QueueLength = 8_192;
    static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(50);

    readonly Channel<AccessRecord> queue = Channel.CreateBounded<AccessRecord>(new BoundedChannelOptions(QueueLength) { SingleReader = true });
    readonly string folder;
    readonly long fileBytes;
    readonly Task writing;
    long dropped;
    long accepted;
    long settled;

    AccessLog(string folder, long fileBytes)
    {
        this.folder = folder;
        this.fileBytes = fileBytes;
        writing = Task.Run(WriteAsync);
    }

    /// <summary>Opens the folder, which is made where it is missing and readable by its owner only.</summary>
    public static AccessLog Open(string folder, long fileBytes = DefaultFileBytes)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new(folder, fileBytes);
    }

    /// <summary>Lines that were lost.</summary>
    public long Dropped => Interlocked.Read(ref dropped);

    /// <summary>Takes a read down.</summary>
    public async ValueTask NoteAsync(AccessRecord read)
    {
        if (!queue.Writer.TryWrite(read) && !await WaitAsync(read))
        {
            Interlocked.Increment(ref dropped);
            return;
        }

        Interlocked.Increment(ref accepted);
    }

    /// <summary>
    /// Lines about one party's data, oldest first, from a place on: which file, how far in it. At most <paramref name="most"/> of them, and no more
    /// bytes are looked through at once than a file holds; <c>Next</c> is null where the log has ended.
    /// </summary>
    public (IReadOnlyList<JsonElement> Lines, (string File, long Offset)? Next) Read(PartyId party, (string File, long Offset)? from, int most)
    {
        var found = new List<JsonElement>();
        var files = Directory.GetFiles(folder, "*.jsonl").Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal).ToArray();
        var looked = 0L;
        foreach (var name in files)
        {
            if (from is { } start && string.CompareOrdinal(name, start.File) < 0) continue;
            var offset = from is { } place && place.File == name ? place.Offset : 0;
            using var file = new FileStream(Path.Combine(folder, name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            if (offset > file.Length) continue;
            file.Position = offset;
            foreach (var line in Lines(file))
            {
                if (found.Count == most || looked > fileBytes) return (found, (name, offset));
                offset += line.Length + 1;
                looked += line.Length + 1;
                if (Mentions(line, party) is { } read) found.Add(read);
            }
        }

        return (found, null);
    }

    /// <summary>Waits until what was taken down so far is on disk or counted as lost.</summary>
    public async Task SettleAsync(CancellationToken cancel)
    {
        var wanted = Interlocked.Read(ref accepted);
        while (Interlocked.Read(ref settled) < wanted) await Task.Delay(5, cancel);
    }

    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await writing;
    }

    async ValueTask<bool> WaitAsync(AccessRecord read)
    {
        using var late = new CancellationTokenSource(LongestWait);
        try
        {
            await queue.Writer.WriteAsync(read, late.Token);
            return true;
        }
        catch (Exception full) when (full is OperationCanceledException or ChannelClosedException)
        {
            return false;
        }
    }

    async Task WriteAsync()
    {
        while (await queue.Reader.WaitToReadAsync())
        {
            var lines = new StringBuilder();
            var count = 0;
            var day = "";
            while (queue.Reader.TryPeek(out var next))
            {
                // A line stands in the file of its own day.
                var its = next.At.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
                if (day.Length > 0 && its != day) break;
                day = its;
                queue.Reader.TryRead(out _);
                lines.Append(TextOf(next)).Append('\n');
                count++;
            }

            try
            {
                await File.AppendAllTextAsync(FileOf(day), lines.ToString());
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                Interlocked.Add(ref dropped, count);
            }

            Interlocked.Add(ref settled, count);
        }
    }

    string FileOf(string day)
    {
        for (var part = 1; ; part++)
        {
            var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{day}.{part:D4}.jsonl"));
            var file = new FileInfo(path);
            if (!file.Exists || file.Length < fileBytes) return path;
        }
    }

    static string TextOf(AccessRecord read)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteString("at", read.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            if (read.Party != default)
            {
                json.WriteString("party", read.Party.Text);
                json.WriteString("key", read.Key.ToString());
                if (read.Principal != read.Party) json.WriteString("onBehalfOf", read.Principal.Text);
            }

            json.WriteString("resource", JsonNamingPolicy.CamelCase.ConvertName(read.Resource.ToString()));
            json.WriteString("method", read.Method);
            json.WriteString("path", read.Path);
            json.WriteNumber("status", read.Status);
            json.WriteString("from", read.From);
            json.WriteString("request", read.Request);
            json.WriteStartArray("of");
            foreach (var party in read.Of) json.WriteStringValue(party.Text);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.GetBuffer().AsSpan(0, (int)text.Length));
    }

    // A line that a crash tore is nobody's.
    static JsonElement? Mentions(byte[] line, PartyId party)
    {
        if (line.AsSpan().IndexOf(Encoding.ASCII.GetBytes(party.Text)) < 0) return null;
        try
        {
            using var json = JsonDocument.Parse(line);
            return json.RootElement.GetProperty("of").EnumerateArray().Any(one => one.GetString() == party.Text) ? json.RootElement.Clone() : null;
        }
        catch (Exception torn) when (torn is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    // Whole lines only: the last one may still be on its way to the disk.
    static IEnumerable<byte[]> Lines(FileStream file)
    {
        using var buffered = new BufferedStream(file, 64 * 1024);
        var line = new MemoryStream();
        for (int octet; (octet = buffered.ReadByte()) >= 0;)
        {
            if (octet != '\n')
            {
                line.WriteByte((byte)octet);
                continue;
            }

            yield return line.ToArray();
            line.SetLength(0);
        }
    }
}
