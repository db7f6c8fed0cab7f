using System.Threading.Channels;
using Ledger.Client.Founding;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Node;
using Ledger.Node.Ordering;
using Ledger.Node.Ordering.Etcd;
using Ledger.Tests.Storage;

namespace Ledger.Tests.Ordering;

/// <summary>
/// A ledger whose batches the fake cluster orders: it folds what is delivered and keeps it, as a node does with its disk, and can be ended at any moment and
/// begun again on the same folder.
/// </summary>
sealed class OrderedLedger : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    readonly TimeProvider time;
    readonly IReadOnlyList<IEtcdMember> members;
    readonly CancellationTokenSource stop = new();
    readonly Channel<Batch> taken = Channel.CreateUnbounded<Batch>();
    readonly SemaphoreSlim mayFold;

    OrderedLedger(FoundingKeys founding, Fold fold, MemoryStorage disk, IReadOnlyList<IEtcdMember> members, uint epoch, TimeProvider time, bool isSlow)
    {
        Founding = founding;
        Fold = fold;
        Disk = disk;
        Epoch = epoch;
        this.members = members;
        this.time = time;
        mayFold = new(isSlow ? 0 : int.MaxValue);
        Bank = founding.Genesis.Text.Validators[0].Bank;
        Ordering = new(fold, Key(founding), epoch, members, disk, time);
        Reading = ReadAsync();
    }

    public FoundingKeys Founding { get; }

    public Fold Fold { get; }

    public MemoryStorage Disk { get; }

    public PartyId Bank { get; }

    public uint Epoch { get; }

    /// <summary>Whether nobody needs anything of earlier epochs.</summary>
    public bool EarlierEpochsGo { get; set; }

    public EtcdOrdering Ordering { get; }

    public Task Reading { get; }

    public OrderKeys Keys => new(Founding.Genesis.Chain.ChainId, Epoch);

    public static OrderedLedger Begin(IReadOnlyList<IEtcdMember> members, TimeProvider? time = null, bool isSlow = false, FoundingKeys? founding = null, MemoryStorage? disk = null)
    {
        founding ??= FoundingKeys.Fill(FoundingKeys.Preset("demo"), ChainFixture.Start);
        return new(founding, new(founding.Genesis), disk ?? new(), members, 1, time ?? TimeProvider.System, isSlow);
    }

    public static OrderedLedger Begin(FakeEtcd cluster, TimeProvider? time = null, bool isSlow = false) => Begin(cluster.Members, time, isSlow);

    /// <summary>The process is gone, the folder and the chain are there.</summary>
    public async Task<OrderedLedger> RestartAsync(IReadOnlyList<IEtcdMember>? at = null, MemoryStorage? disk = null, uint? epoch = null)
    {
        await EndAsync();
        return new(Founding, Fold, disk ?? Disk, at ?? members, epoch ?? Epoch, time, isSlow: false);
    }

    /// <summary>The bank's own batch, in which nothing is a transaction; the chain remembers what it skipped.</summary>
    public Batch Seal(ulong counter, params string[] lines) => Seal(counter, [.. lines.Select(System.Text.Encoding.UTF8.GetBytes)]);

    public Batch Seal(ulong counter, byte[][] lines)
    {
        var suite = Founding.Genesis.Chain.Suite;
        var unsigned = new Envelope(
            Founding.Genesis.Chain.ChainId, Epoch, Bank, counter, new(ChainFixture.Start.UnixMilliseconds + (long)counter), (uint)lines.Length,
            Envelope.DigestOf(suite, [.. lines.Select(line => suite.Hash(line))]), default);
        return new(unsigned with { Signature = new(Key(Founding).Sign(unsigned.SignedBytes())) }, [.. lines.Select(line => new BatchItem(line, null))]);
    }

    public async Task<bool> SubmitAsync(Batch batch) => await Ordering.SubmitAsync(batch, stop.Token).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);

    /// <summary>The next batch that the fold has taken.</summary>
    public async Task<Batch> TakenAsync() => await taken.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);

    public async Task TakenAsync(ulong counter)
    {
        while ((await TakenAsync()).Envelope.Counter < counter)
        {
            // Those before it.
        }
    }

    public static async Task UntilAsync(Func<bool> isSo)
    {
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        while (!isSo())
        {
            if (System.Diagnostics.Stopwatch.GetElapsedTime(began) > Patience) throw new TimeoutException("What the test waits for did not come.");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Lets so many batches be folded.</summary>
    public void LetFold(int count) => mayFold.Release(count);

    public async Task<OrderTrouble> BrokenAsync()
    {
        await Reading.WaitAsync(Patience, TestContext.Current.CancellationToken);
        var trouble = Assert.IsType<OrderTrouble>(Ordering.Trouble);
        Assert.True(trouble.IsBroken, trouble.English);
        return trouble;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        Founding.Dispose();
    }

    /// <summary>The process is gone.</summary>
    public Task KillAsync() => EndAsync();

    async Task EndAsync()
    {
        if (stop.IsCancellationRequested) return;
        await stop.CancelAsync();
        await Reading.ContinueWith(_ => { }, TaskScheduler.Default).WaitAsync(Patience);
        Ordering.Dispose();
    }

    static NodeKey Key(FoundingKeys founding)
    {
        var (bank, signing) = (founding.Genesis.Text.Validators[0].Bank, founding.NodeKeys[founding.Genesis.Text.Validators[0].Bank]);
        return new(bank, signing.PublicKey, bytes => signing.Sign(bytes), bytes => signing.SignNote(bytes));
    }

    async Task ReadAsync()
    {
        await Task.Yield();
        await foreach (var batch in Ordering.ReadAsync(stop.Token))
        {
            await mayFold.WaitAsync(stop.Token);
            if (Fold.Takes(batch.Envelope))
            {
                Fold.Append(batch.Envelope, batch.Items);
                taken.Writer.TryWrite(batch);
            }

            Ordering.Took(new(Fold.State.Clock(Bank)?.NextCounter ?? 1, EarlierEpochsGo));
        }
    }
}
