using System.Diagnostics;
using System.Globalization;
using System.Text;
using Ledger.Core.Primitives;
using Bytes = Google.Protobuf.ByteString;

namespace Ledger.Node.Ordering.Etcd;

/// <summary>
/// The keys of one chain in one epoch of ordering: <c>C/E/b/bank/counter</c> for batches, <c>C/E/v/bank</c> for votes, <c>C/E/r/bank</c> for reports, <c>C/E/end</c>. Counters have
/// twenty digits, so that keys are in the order of their numbers.
/// </summary>
sealed class OrderKeys(Hash256 chainId, uint epoch)
{
    const string CounterFormat = "D20";
    const int CounterDigits = 20;
    const string VotePrefix = "v/";
    const string ReportPrefix = "r/";
    const string EndName = "end";

    readonly string epochRoot = string.Create(CultureInfo.InvariantCulture, $"{chainId}/{epoch}/");
    readonly string root = string.Create(CultureInfo.InvariantCulture, $"{chainId}/{epoch}/b/");

    /// <summary>All keys, from the first to behind the last: what etcd takes for both ends.</summary>
    public static Bytes Everything { get; } = Bytes.CopyFrom(0);

    public Bytes First => Bytes.CopyFromUtf8(root);

    /// <summary>Behind the last of this epoch's batches.</summary>
    public Bytes End => Bytes.CopyFromUtf8(root[..^1] + (char)(root[^1] + 1));

    /// <summary>The first of all keys of the epoch.</summary>
    public Bytes FirstOfEpoch => Bytes.CopyFromUtf8(epochRoot);

    /// <summary>Behind the last of them.</summary>
    public Bytes EndOfEpoch => Bytes.CopyFromUtf8(epochRoot[..^1] + (char)(epochRoot[^1] + 1));

    /// <summary>Directly behind a key.</summary>
    public static Bytes Behind(Bytes key) => Bytes.CopyFrom([.. key.Span, 0]);

    /// <summary>The first of what banks post of the epoch, which all stands behind the batches.</summary>
    public Bytes FirstPosting => Bytes.CopyFromUtf8(epochRoot + EndName);

    /// <summary>Behind the last of it.</summary>
    public Bytes EndPosting => Bytes.CopyFromUtf8(epochRoot + "w");

    /// <summary>Where a bank posts something; the end stands in one place for all.</summary>
    public Bytes Of(Posting kind, PartyId bank) => Bytes.CopyFromUtf8(epochRoot + kind switch
    {
        Posting.Vote => VotePrefix + bank.Text,
        Posting.Report => ReportPrefix + bank.Text,
        Posting.End => EndName,
        _ => throw new UnreachableException(),
    });

    /// <summary>What is posted under a key of this epoch, and whose place it is; null where it is no such key.</summary>
    public (Posting Kind, PartyId? Bank)? PostingOf(Bytes key)
    {
        if (!key.Span.StartsWith(Encoding.UTF8.GetBytes(epochRoot)) || key.Length > epochRoot.Length + byte.MaxValue) return null;
        var rest = Encoding.Latin1.GetString(key.Span[epochRoot.Length..]);
        if (rest == EndName) return (Posting.End, null);
        if (rest.Length < VotePrefix.Length || !PartyId.TryParse(rest.AsSpan(VotePrefix.Length), out var bank)) return null;
        if (rest.StartsWith(VotePrefix, StringComparison.Ordinal)) return (Posting.Vote, bank);
        return rest.StartsWith(ReportPrefix, StringComparison.Ordinal) ? (Posting.Report, bank) : null;
    }

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
