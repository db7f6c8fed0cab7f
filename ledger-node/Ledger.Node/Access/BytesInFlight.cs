namespace Ledger.Node.Access;

/// <summary>
/// What requests hold in memory while they are read and answered: so much over all, and so much for each caller, so that nobody can fill the memory
/// with what he begins and does not end.
/// </summary>
public sealed class BytesInFlight(long most, long mostOfOne)
{
    readonly Lock gate = new();
    readonly Dictionary<string, long> byCaller = new(StringComparer.Ordinal);
    long held;

    public long Held
    {
        get
        {
            lock (gate) return held;
        }
    }

    /// <summary>What one request of a caller holds, which is given back when it ends.</summary>
    public Load Begin(string caller) => new(this, caller);

    bool Take(Load load, long bytes, bool isBounded)
    {
        lock (gate)
        {
            if (load.IsOver) return false;
            var ofOne = byCaller.GetValueOrDefault(load.Caller) + bytes;
            if (isBounded && (held + bytes > most || ofOne > mostOfOne)) return false;
            held += bytes;
            load.Mine += bytes;
            if (ofOne == 0) byCaller.Remove(load.Caller);
            else byCaller[load.Caller] = ofOne;
            return true;
        }
    }

    void End(Load load)
    {
        lock (gate)
        {
            Take(load, -load.Mine, isBounded: false);
            load.IsOver = true;
        }
    }

    /// <summary>One request's part. Several threads may add to it and take from it; once it is over it holds nothing more.</summary>
    public sealed class Load(BytesInFlight all, string caller) : IDisposable
    {
        internal string Caller => caller;

        internal long Mine { get; set; }

        internal bool IsOver { get; set; }

        /// <summary>Takes so much more, or nothing where that is too much.</summary>
        public bool TryTake(long bytes) => all.Take(this, bytes, isBounded: true);

        /// <summary>Takes what must be held, such as an answer that is owed: it counts against what comes after it.</summary>
        public void Take(long bytes) => all.Take(this, bytes, isBounded: false);

        public void Give(long bytes) => all.Take(this, -bytes, isBounded: false);

        public void Dispose() => all.End(this);
    }
}

/// <summary>A request would hold more than there is room for; the same may be asked again in a moment.</summary>
public sealed class NoRoomException : Exception;
