namespace Ledger.Node.Monitoring;

/// <summary>
/// Looks how much room is left where the data folder lies. Below the first bound the node says so and is no longer ready; below the second it takes no
/// more transactions, while there is still room to finish what is under way and to log. With room again it goes on by itself.
/// </summary>
public sealed class DiskGuard(Func<long> freeBytes, long warnBytes, long holdBytes)
{
    long free = long.MaxValue;

    public static DiskGuard Of(string folder, long warnBytes, long holdBytes) =>
        new(() => new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace, warnBytes, holdBytes);

    /// <summary>Bytes that were free at the last look.</summary>
    public long Free => Interlocked.Read(ref free);

    public bool IsLow => Free < warnBytes;

    /// <summary>Whether writes are refused.</summary>
    public bool IsHolding => Free < holdBytes;

    public long WarnBytes => warnBytes;

    /// <summary>Looks now; true when what should be told has changed.</summary>
    public bool Look()
    {
        var (wasLow, wasHolding) = (IsLow, IsHolding);
        Interlocked.Exchange(ref free, freeBytes());
        return (wasLow, wasHolding) != (IsLow, IsHolding);
    }
}
