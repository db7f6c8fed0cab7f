using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Ledger.Client.Files;
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
/// How long and how much the log of reads keeps: files of so many bytes, for so many days, all of them together so large, and so much of it a day for the
/// reads of one party, 0 for no bound.
/// </summary>
public sealed record AccessLogLimits(long FileBytes, int Days, long Bytes, long PartyBytes)
{
    // Half a year is what the law wants of such logs at least (网络安全法 第二十一条).
    public static readonly AccessLogLimits Default = new(16L * 1024 * 1024, 183, 16L * 1024 * 1024 * 1024, 256L * 1024 * 1024);
}

/// <summary>
/// Who read whose data: JSON lines that are only appended, in a file a day and a further one where a day's has grown large. A read waits for room in
/// a short queue and never for the disk; where the queue stays full, or the disk takes nothing, the line is lost and counted. Files go when they are older
/// than is kept, and the oldest when all have grown too large, which is told: that nobody brings that about alone is what a party's share is for.
/// </summary>
public sealed class AccessLog : IAsyncDisposable
{
    const int QueueLength = 8_192;
    const int PartDigits = 6;
    const string Extension = ".jsonl";
    static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(50);

    readonly Channel<(string Day, string Line)> queue = Channel.CreateBounded<(string, string)>(new BoundedChannelOptions(QueueLength) { SingleReader = true });
    readonly string folder;
    readonly AccessLogLimits limits;
    readonly TimeProvider time;
    readonly Action<string> say;
    readonly Task writing;
    long dropped;
    long removedEarly;
    long accepted;
    long settled;

    AccessLog(string folder, AccessLogLimits limits, TimeProvider time, Action<string> say)
    {
        (this.folder, this.limits, this.time, this.say) = (folder, limits, time, say);
        Share = limits.PartyBytes == 0 ? null : new(limits.PartyBytes, time);
        Remove();
        writing = Task.Run(WriteAsync);
    }

    /// <summary>Opens the folder, which is made where it is missing and readable by its owner only.</summary>
    public static AccessLog Open(string folder, AccessLogLimits limits, TimeProvider time, Action<string> say)
    {
        OwnerOnly.CreateFolder(folder);
        return new(folder, limits, time, say);
    }

    /// <summary>Lines that were lost.</summary>
    public long Dropped => Interlocked.Read(ref dropped);

    /// <summary>Files that went before their time, because all had grown too large.</summary>
    public long RemovedEarly => Interlocked.Read(ref removedEarly);

    /// <summary>How much of the log each party's reads may fill in a day; null for as much as they do.</summary>
    public DailyQuota? Share { get; }

    /// <summary>Takes a read down.</summary>
    public async ValueTask NoteAsync(AccessRecord read)
    {
        var line = (DayOf(read.At), TextOf(read) + '\n');
        Share?.Add(read.Party, line.Item2.Length);
        if (!queue.Writer.TryWrite(line) && !await WaitAsync(line))
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
        var wanted = Encoding.ASCII.GetBytes($"\"{party.Text}\"");
        var files = Directory.GetFiles(folder, $"*{Extension}").Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal).ToArray();
        var looked = 0L;
        foreach (var name in files)
        {
            if (from is { } start && string.CompareOrdinal(name, start.File) < 0) continue;
            var offset = from is { } place && place.File == name ? place.Offset : 0;
            if (Open(name) is not { } opened) continue;
            using var file = opened;
            if (offset > file.Length) continue;
            file.Position = offset;
            var lines = new WholeLines(file);
            while (lines.TryNext(out var line))
            {
                if (found.Count == most || looked > limits.FileBytes) return (found, (name, offset));
                offset += line.Length + 1;
                looked += line.Length + 1;
                if (Mentions(line, wanted, party) is { } read) found.Add(read);
            }
        }

        return (found, null);
    }

    // One that went meanwhile is no longer kept.
    FileStream? Open(string name)
    {
        try
        {
            return new(Path.Combine(folder, name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
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

    async ValueTask<bool> WaitAsync((string Day, string Line) line)
    {
        using var late = new CancellationTokenSource(LongestWait);
        try
        {
            await queue.Writer.WriteAsync(line, late.Token);
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
                // A line stands in the file of its own day, and a file is not longer than it may be by more than some lines.
                if ((day.Length > 0 && next.Day != day) || lines.Length >= limits.FileBytes) break;
                day = next.Day;
                queue.Reader.TryRead(out _);
                lines.Append(next.Line);
                count++;
            }

            try
            {
                var file = FileOf(day);
                var isNew = !File.Exists(file);
                await AppendAsync(file, lines.ToString());
                if (isNew) Remove();
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                Interlocked.Add(ref dropped, count);
            }

            Interlocked.Add(ref settled, count);
        }
    }

    // The newest file stays whatever else: it is the one that is written.
    void Remove()
    {
        try
        {
            var files = new DirectoryInfo(folder).GetFiles($"*{Extension}").OrderBy(static file => file.Name, StringComparer.Ordinal).ToList();
            var first = DayOf(time.GetUtcNow().AddDays(1 - limits.Days));
            var all = files.Sum(static file => file.Length);
            foreach (var file in files.SkipLast(1))
            {
                var isOld = string.CompareOrdinal(file.Name, first) < 0;
                if (!isOld && all <= limits.Bytes) break;
                all -= file.Length;
                file.Delete();
                if (isOld) continue;
                Interlocked.Increment(ref removedEarly);
                say($"{folder}: {file.Name} went before its time, for the log of reads has grown too large. 查阅记录超过容量上限，已提前删除。");
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            say($"{folder}: {fault.Message}");
        }
    }

    static string DayOf(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    // The day's newest, or the one after it: the numbers of those that went are not used again, for the names say which came first. What is called
    // otherwise somebody put there.
    string FileOf(string day)
    {
        var newest = Directory.GetFiles(folder, $"{day}.*{Extension}").Select(path => NumberOf(Path.GetFileName(path.AsSpan())[(day.Length + 1)..])).DefaultIfEmpty().Max();
        return newest > 0 && new FileInfo(Part(newest)).Length < limits.FileBytes ? Part(newest) : Part(newest + 1);

        string Part(int number) => Path.Combine(folder, $"{day}.{number.ToString($"D{PartDigits}", CultureInfo.InvariantCulture)}{Extension}");
    }

    static int NumberOf(ReadOnlySpan<char> part) =>
        part.Length == PartDigits + Extension.Length && int.TryParse(part[..PartDigits], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    // A crash, or a disk that was full, can leave half a line: what comes next begins one of its own.
    static async Task AppendAsync(string path, string lines)
    {
        await using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
        file.Position = Math.Max(0, file.Length - 1);
        var isTorn = file.Length > 0 && file.ReadByte() != '\n';
        await file.WriteAsync(Encoding.UTF8.GetBytes(isTorn ? $"\n{lines}" : lines));
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

    // Whose data a line is about stands at its end, and who read it before that: who reads much is not looked for in all that it read. A line that a
    // crash tore is nobody's.
    static JsonElement? Mentions(ReadOnlySpan<byte> line, ReadOnlySpan<byte> wanted, PartyId party)
    {
        if (line.LastIndexOf("\"of\":["u8) is not (>= 0 and var end) || line[end..].IndexOf(wanted) < 0) return null;
        try
        {
            using var json = JsonDocument.Parse(line.ToArray());
            return json.RootElement.GetProperty("of").EnumerateArray().Any(one => one.GetString() == party.Text) ? json.RootElement.Clone() : null;
        }
        catch (Exception torn) when (torn is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The lines of a file, the whole ones only: the last one may still be on its way to the disk.</summary>
    sealed class WholeLines(FileStream file)
    {
        byte[] held = new byte[64 * 1024];
        int from;
        int to;

        /// <summary>The next line without its end; it stands until the one after it is asked for.</summary>
        public bool TryNext(out ReadOnlySpan<byte> line)
        {
            var looked = from;
            while (true)
            {
                if (held.AsSpan(looked..to).IndexOf((byte)'\n') is >= 0 and var end)
                {
                    line = held.AsSpan(from..(looked + end));
                    from = looked + end + 1;
                    return true;
                }

                held.AsSpan(from..to).CopyTo(held);
                (from, to) = (0, to - from);
                if (to == held.Length) Array.Resize(ref held, 2 * held.Length);
                looked = to;
                to += file.Read(held, to, held.Length - to);
                if (to > looked) continue;
                line = default;
                return false;
            }
        }
    }
}
