using Ledger.Node.Storage;

namespace Ledger.Simulation.Machine;

/// <summary>
/// A data folder whose power can fail before any step that changes something. What was not flushed is then there, torn, or not there, as chance has it: of a file each write by itself, of a
/// folder's names those up to some moment.
/// </summary>
sealed class SimDisk(Random chance) : IStorage
{
    readonly Dictionary<string, SimFile> names = [];
    readonly Dictionary<string, SimFile> durableNames = [];
    readonly List<(string Folder, Action<Dictionary<string, SimFile>> Change)> unflushed = [];
    readonly HashSet<string> folders = [];

    /// <summary>Before how many further changes the power fails; null while it does not.</summary>
    public int? FailsIn { get; set; }

    /// <summary>There is no room: files that are there can be read, cut and taken away, and nothing is written.</summary>
    public bool IsFull { get; set; }

    /// <summary>What a disk does that only says that it flushed, file by file.</summary>
    public Predicate<string> Forgets { get; set; } = static _ => false;

    /// <summary>Raised whenever the power failed: files that were open are nobody's.</summary>
    public int Life { get; private set; }

    /// <summary>Whether the disk says so.</summary>
    public bool IsFlushed(string name) => Forgets(name) || !names.TryGetValue(name, out var file) || file.IsFlushed;

    /// <summary>What a file holds that is certain to be there after a power cut; null where there is none.</summary>
    public byte[]? Durable(string name) => durableNames.GetValueOrDefault(name)?.Durable;

    /// <summary>Somebody takes a file away, or puts an old one in its place, while the node is down.</summary>
    public void Replace(string name, byte[]? bytes)
    {
        names.Remove(name);
        durableNames.Remove(name);
        if (bytes is not null) names[name] = durableNames[name] = new(bytes);
    }

    public void Clear()
    {
        Life++;
        IsFull = false;
        names.Clear();
        durableNames.Clear();
        unflushed.Clear();
    }

    /// <summary>The power is gone, and comes back.</summary>
    public void Fail()
    {
        Life++;
        FailsIn = null;
        foreach (var folder in unflushed.GroupBy(static one => one.Folder))
        {
            var all = folder.ToList();
            foreach (var (_, change) in all.Take(chance.Next(all.Count + 1))) change(durableNames);
        }

        unflushed.Clear();
        names.Clear();
        foreach (var (name, file) in durableNames.OrderBy(static one => one.Key, StringComparer.Ordinal))
        {
            file.Fail(chance);
            names[name] = file;
        }
    }

    public IReadOnlyList<string> List(string folder)
    {
        var prefix = folder.Length == 0 ? "" : folder + "/";
        return [.. names.Keys.Concat(folders).Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Select(name => name[prefix.Length..].Split('/')[0])
            .Distinct().Order(StringComparer.Ordinal)];
    }

    public void CreateFolder(string name) => folders.Add(name);

    public IStorageFile? Open(string name) => names.TryGetValue(name, out var file) ? new Handle(this, name, file) : null;

    public IStorageFile Create(string name)
    {
        Changes($"create {name}");
        TakesRoom(name);
        if (names.TryGetValue(name, out var file))
        {
            file.SetLength(0);
        }
        else
        {
            file = new([]);
            Change(name, all => all[name] = file);
        }

        return new Handle(this, name, file);
    }

    public void Rename(string name, string newName)
    {
        Changes($"rename {name}");
        var file = names[name];
        Change(newName, all =>
        {
            all.Remove(name);
            all[newName] = file;
        });
    }

    public void Remove(string name)
    {
        Changes($"remove {name}");
        Change(name, all => all.Remove(name));
    }

    public void FlushFolder(string name)
    {
        Changes($"flush {name}/");
        foreach (var (_, change) in unflushed.Where(one => one.Folder == name)) change(durableNames);
        unflushed.RemoveAll(one => one.Folder == name);
    }

    void Change(string name, Action<Dictionary<string, SimFile>> change)
    {
        change(names);
        unflushed.Add((name.Contains('/', StringComparison.Ordinal) ? name[..name.LastIndexOf('/')] : "", change));
    }

    void Changes(string what)
    {
        if (FailsIn is not { } left) return;
        FailsIn = left - 1;
        if (left <= 0) throw new PowerCut(what);
    }

    void TakesRoom(string name)
    {
        if (IsFull) throw new IOException($"There is no room for {name}.");
    }

    // The last of its room goes to the beginning of what finds too little.
    int Fitting(long offset, int length) => IsFull ? SimFile.Torn(offset, length, chance) : length;

    sealed class Handle(SimDisk disk, string name, SimFile file) : IStorageFile
    {
        readonly int life = disk.Life;

        public long Length => Mine.Length;

        public int Read(long offset, Span<byte> buffer) => Mine.Read(offset, buffer);

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            disk.Changes($"write {name}");
            Mine.Write(offset, bytes[..disk.Fitting(offset, bytes.Length)]);
            disk.TakesRoom(name);
        }

        public void SetLength(long length)
        {
            disk.Changes($"cut {name}");
            if (length > Mine.Length) disk.TakesRoom(name);
            Mine.SetLength(length);
        }

        public void Flush()
        {
            disk.Changes($"flush {name}");
            if (!disk.Forgets(name)) Mine.Flush();
        }

        public void Dispose()
        {
        }

        SimFile Mine => life == disk.Life ? file : throw new InvalidOperationException($"{name} was opened before the power failed.");
    }
}

/// <summary>One file: what all see, what is durable, and what lies between.</summary>
sealed class SimFile(byte[] bytes)
{
    const int Sector = 512;

    readonly List<(long Offset, byte[]? Bytes)> unflushed = [];
    Buffer now = new(bytes);
    readonly Buffer durable = new(bytes);

    public long Length => now.Length;

    public bool IsFlushed => unflushed.Count == 0;

    public byte[] Durable => durable.ToArray();

    public int Read(long offset, Span<byte> buffer) => now.Read((int)offset, buffer);

    public void Write(long offset, ReadOnlySpan<byte> written)
    {
        now.Write((int)offset, written);
        unflushed.Add((offset, written.ToArray()));
    }

    public void SetLength(long length)
    {
        now.SetLength((int)length);
        unflushed.Add((length, null));
    }

    public void Flush()
    {
        foreach (var (offset, written) in unflushed) Do(durable, offset, written);
        unflushed.Clear();
    }

    public void Fail(Random chance)
    {
        foreach (var (offset, written) in unflushed)
        {
            var kept = chance.Next(3);
            if (kept == 1) Do(durable, offset, written);
            else if (kept == 2 && written is not null) Do(durable, offset, written[..Torn(offset, written.Length, chance)]);
        }

        unflushed.Clear();
        now = new(durable.ToArray());
    }

    // Between two sectors, for one is written or it is not.
    public static int Torn(long offset, int length, Random chance)
    {
        var end = (offset + chance.Next(length + 1)) / Sector * Sector;
        return (int)Math.Clamp(end - offset, 0, length);
    }

    static void Do(Buffer buffer, long offset, byte[]? written)
    {
        if (written is null) buffer.SetLength((int)offset);
        else buffer.Write((int)offset, written);
    }

    sealed class Buffer(byte[] first)
    {
        byte[] octets = first.ToArray();

        public int Length { get; private set; } = first.Length;

        public byte[] ToArray() => octets[..Length];

        public int Read(int offset, Span<byte> into)
        {
            var from = octets.AsSpan(0, Length)[Math.Min(offset, Length)..];
            from = from[..Math.Min(from.Length, into.Length)];
            from.CopyTo(into);
            return from.Length;
        }

        public void Write(int offset, ReadOnlySpan<byte> from)
        {
            if (from.IsEmpty) return;
            if (offset + from.Length > Length) SetLength(offset + from.Length);
            from.CopyTo(octets.AsSpan(offset));
        }

        public void SetLength(int length)
        {
            if (length > octets.Length) Array.Resize(ref octets, Math.Max(length, 2 * octets.Length));
            if (length > Length) octets.AsSpan(Length, length - Length).Clear();
            Length = length;
        }
    }
}
