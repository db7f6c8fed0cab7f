using System.Globalization;
using System.Text;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Node.Storage;

/// <summary>
/// The clock by which a node seals its batches. On a demo or test chain it can be set for a story: from then on it stands at that time, through
/// restarts too, until it is set further; it never goes back. A live chain's clock cannot be set, whatever lies in its folder.
/// </summary>
public sealed class StoryClock : TimeProvider
{
    const int LongestText = 20;

    readonly TimeProvider real;
    readonly IStorage storage;
    long held;

    StoryClock(TimeProvider real, IStorage storage, bool maySet, long held)
    {
        this.real = real;
        this.storage = storage;
        this.held = held;
        MaySet = maySet;
    }

    /// <summary>Whether this chain is one whose time may be set.</summary>
    public bool MaySet { get; }

    public bool IsHeld => Interlocked.Read(ref held) != 0;

    /// <summary>The clock of a data folder as it was left; null where what is kept there is no time.</summary>
    public static StoryClock? Open(TimeProvider real, IStorage storage, Purpose purpose)
    {
        if (purpose == Purpose.Live) return new(real, storage, maySet: false, held: 0);
        using var file = storage.Open(FolderLayout.StoryClock);
        if (file is null) return new(real, storage, maySet: true, held: 0);

        Span<byte> bytes = stackalloc byte[LongestText];
        var text = Encoding.ASCII.GetString(bytes[..file.Read(0, bytes)]);
        return text.EndsWith('\n') && long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var kept)
            && kept is > 0 and <= Timestamp.MaxUnixMilliseconds
            ? new(real, storage, maySet: true, kept)
            : null;
    }

    /// <summary>
    /// Stands at <paramref name="at"/> from now on. It is kept before it is shown: a crash must not bring back an earlier time. Whatever goes wrong
    /// with the disk is an <see cref="IOException"/>, and the clock is as it was.
    /// </summary>
    public void Hold(Timestamp at)
    {
        if (!MaySet) throw new InvalidOperationException("A live chain's clock is not set.");
        ArgumentOutOfRangeException.ThrowIfLessThan(at.UnixMilliseconds, Math.Max(1, Interlocked.Read(ref held)));
        WholeFile.Write(storage, FolderLayout.StoryClock, Encoding.ASCII.GetBytes($"{at}\n"));
        Interlocked.Exchange(ref held, at.UnixMilliseconds);
    }

    public override DateTimeOffset GetUtcNow() => Interlocked.Read(ref held) is > 0 and var at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : real.GetUtcNow();

    // Only the time of day is the story's: timers and measured spans go on.
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => real.CreateTimer(callback, state, dueTime, period);

    public override long GetTimestamp() => real.GetTimestamp();

    public override long TimestampFrequency => real.TimestampFrequency;
}
