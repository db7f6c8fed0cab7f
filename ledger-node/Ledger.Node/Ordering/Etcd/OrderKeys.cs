using System.Globalization;
using System.Text;
using Ledger.Core.Primitives;
using Bytes = Google.Protobuf.ByteString;

namespace Ledger.Node.Ordering.Etcd;

/// <summary>
/// The keys of one chain in one epoch of ordering: <c>C/E/b/bank/counter</c>. Counters have twenty digits, so that keys are in the order of their
/// numbers.
/// </summary>
sealed class OrderKeys(Hash256 chainId, uint epoch)
{
    const string CounterFormat = "D20";
    const int CounterDigits = 20;

    readonly string root = string.Create(CultureInfo.InvariantCulture, $"{chainId}/{epoch}/b/");

    /// <summary>All keys, from the first to behind the last: what etcd takes for both ends.</summary>
    public static Bytes Everything { get; } = Bytes.CopyFrom(0);

    public Bytes First => Bytes.CopyFromUtf8(root);

    /// <summary>Behind the last of this epoch's batches.</summary>
    public Bytes End => Bytes.CopyFromUtf8(root[..^1] + (char)(root[^1] + 1));

    public Bytes Of(PartyId bank, ulong counter) => Bytes.CopyFromUtf8($"{root}{bank.Text}/{counter.ToString(CounterFormat, CultureInfo.InvariantCulture)}");

    /// <summary>Whose batch, and which, a key of this epoch stands for; another key is nobody's.</summary>
    public (PartyId Bank, ulong Counter)? Read(Bytes key)
    {
        if (!key.Span.StartsWith(Encoding.UTF8.GetBytes(root)) || key.Length > root.Length + byte.MaxValue) return null;
        var rest = Encoding.Latin1.GetString(key.Span[root.Length..]).Split('/');
        return rest is [var bank, { Length: CounterDigits } digits] && PartyId.TryParse(bank, out var party)
            && ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var counter)
            ? (party, counter)
            : null;
    }
}
