using System.Collections.Concurrent;
using Ledger.Node.Storage;

namespace Ledger.Tests.Storage;

/// <summary>A data folder in memory whose disk fails when it is told to. Several tasks may use it at once, each its own files.</summary>
sealed class MemoryStorage : IStorage
{
    readonly ConcurrentDictionary<string, byte[]> files = [];
    readonly ConcurrentDictionary<string, bool> folders = [];
    readonly List<string> steps = [];

    /// <summary>How many bytes can still be written before the disk is full.</summary>
    public long Room { get; set; } = long.MaxValue;

    public bool FlushFails { get; set; }

    /// <summary>A file that nothing can be written to.</summary>
    public string? Refuses { get; set; }

    public bool SetLengthFails { get; set; }

    /// <summary>Whenever a file is read.</summary>
    public Action? OnRead { get; set; }

    public int Flushes { get; private set; }

    /// <summary>Everything that changed something so far, in order.</summary>
    public string[] Steps
    {
        get
        {
            lock (steps) return [.. steps];
        }
    }

    /// <summary>Tells only the steps from now on.</summary>
    public void ForgetSteps()
    {
        lock (steps) steps.Clear();
    }

    public byte[] this[string name]
    {
        get => files[name];
        set => files[name] = value;
    }

    public bool Has(string name) => files.ContainsKey(name);

    public MemoryStorage Copy()
    {
        var copy = new MemoryStorage();
        foreach (var (name, bytes) in files) copy.files[name] = bytes.ToArray();
        foreach (var folder in folders.Keys) copy.folders[folder] = true;
        return copy;
    }

    public IReadOnlyList<string> List(string folder)
    {
        var prefix = folder.Length == 0 ? "" : folder + "/";
        return [.. files.Keys.Concat(folders.Keys).Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Select(name => name[prefix.Length..].Split('/')[0])
            .Distinct().Order(StringComparer.Ordinal)];
    }

    public void CreateFolder(string name) => folders[name] = true;

    public IStorageFile? Open(string name) => files.ContainsKey(name) ? new MemoryFile(this, name) : null;

    public IStorageFile Create(string name)
    {
        files[name] = [];
        return new MemoryFile(this, name);
    }

    public void Rename(string name, string newName)
    {
        Assert.True(files.TryRemove(name, out var bytes));
        files[newName] = bytes!;
        Did($"rename {newName}");
    }

    public void Remove(string name)
    {
        Assert.True(files.TryRemove(name, out _));
        Did($"remove {name}");
    }

    public void FlushFolder(string name) => Did($"flush {name}/");

    void Did(string step)
    {
        lock (steps) steps.Add(step);
    }

    sealed class MemoryFile(MemoryStorage storage, string name) : IStorageFile
    {
        public long Length => storage.files[name].Length;

        public int Read(long offset, Span<byte> buffer)
        {
            storage.OnRead?.Invoke();
            var rest = storage.files[name].AsSpan((int)Math.Min(offset, Length));
            rest = rest[..Math.Min(rest.Length, buffer.Length)];
            rest.CopyTo(buffer);
            return rest.Length;
        }

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            if (storage.Refuses == name) throw new IOException("Input/output error");
            var fits = (int)Math.Min(storage.Room, bytes.Length);
            var end = (int)offset + fits;
            if (end > Length) Resize(end);
            bytes[..fits].CopyTo(storage.files[name].AsSpan((int)offset));
            if (storage.Room != long.MaxValue) storage.Room -= fits;
            storage.Did($"write {name}");
            if (fits < bytes.Length) throw new IOException("No space left on device");
        }

        public void SetLength(long length)
        {
            if (storage.SetLengthFails) throw new IOException("Input/output error");
            Resize((int)length);
        }

        public void Flush()
        {
            if (storage.FlushFails) throw new IOException("Input/output error");
            storage.Flushes++;
            storage.Did($"flush {name}");
        }

        public void Dispose()
        {
        }

        void Resize(int length)
        {
            var bytes = storage.files[name];
            Array.Resize(ref bytes, length);
            storage.files[name] = bytes;
        }
    }
}
