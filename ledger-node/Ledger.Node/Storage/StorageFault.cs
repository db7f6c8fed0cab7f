using System.Diagnostics.CodeAnalysis;

namespace Ledger.Node.Storage;

/// <summary>
/// The disk did not do what the log asked. When <see cref="MayRetry"/> is true everything is as it was before the call, and it may be made again when
/// there is room; otherwise the log takes nothing more, for nobody knows what is on the disk, and the node must stop and open it anew.
/// </summary>
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "A fault is what the ledger's glossary calls it.")]
public sealed class StorageFault(string file, string doing, bool mayRetry, Exception cause)
    : Exception($"{doing} {file}: {cause.Message}", cause)
{
    public string File { get; } = file;

    public bool MayRetry { get; } = mayRetry;

    /// <summary>Does a step behind which, where it fails, nobody knows what is on the disk.</summary>
    /// <exception cref="StorageFault">It failed, and must not be done again before the file is opened anew.</exception>
    public static void Do(string file, string doing, Action step)
    {
        try
        {
            step();
        }
        catch (IOException cause)
        {
            throw new StorageFault(file, doing, mayRetry: false, cause);
        }
    }
}
