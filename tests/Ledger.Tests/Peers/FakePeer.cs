using Ledger.Core.Chain;
using Ledger.Core.Finality;
using Ledger.Core.Primitives;
using Ledger.Node.Peers;

namespace Ledger.Tests.Peers;

/// <summary>Gives what it was given, by its place in the list and not by what it is.</summary>
class FakePeer(PartyId bank, IReadOnlyList<(Block Block, Note? Checkpoint)> blocks, ulong claims, int page = int.MaxValue) : IPeer
{
    public Action? OnAsked { get; set; }

    /// <summary>What it shows as its newest checkpoint.</summary>
    public Note? Newest { get; set; }

    /// <summary>What it shows of banks that broke the rules.</summary>
    public IReadOnlyList<Evidence> Proofs { get; set; } = [];

    /// <summary>The files of its snapshots, the newest first.</summary>
    public List<(ulong Height, byte[] File)> Snapshots { get; } = [];

    public PartyId Bank => bank;

    public string Address { get; init; } = $"https://{bank}";

    public DateTimeOffset? CertificateExpires { get; set; }

    public virtual Task<PeerStatus> StatusAsync(CancellationToken cancel) =>
        Task.FromResult(new PeerStatus(FourBanks.Genesis.Chain.ChainId.ToString(), "", bank.Text, "", claims, 0, new('0', 64), claims, 1, null));

    public virtual async IAsyncEnumerable<PeerBlock> BlocksAsync(ulong from, TimeSpan wait, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        OnAsked?.Invoke();
        await Task.Yield();
        cancel.ThrowIfCancellationRequested();
        var given = 0;
        foreach (var (block, note) in blocks.Skip((int)from))
        {
            yield return new(block, note);
            if (++given >= page && note is not null) yield break;
        }
    }

    public IAsyncEnumerable<Block> PendingAsync(ulong from, BlockPoint upTo, CancellationToken cancel) => throw new NotSupportedException();

    public Task<ReadOnlyMemory<byte>?> ClosingAsync(CancellationToken cancel) => throw new NotSupportedException();

    public virtual Task<IReadOnlyList<HeldSnapshot>> SnapshotsAsync(CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<HeldSnapshot>>([.. Snapshots.Select(static one => new HeldSnapshot(one.Height, (ulong)one.File.Length, Hash256.Read(one.File.AsSpan(^Hash256.Size..))))]);

    /// <summary>In pages of a thousand octets.</summary>
    public virtual Task<ReadOnlyMemory<byte>?> SnapshotAsync(HeldSnapshot snapshot, ulong from, CancellationToken cancel)
    {
        OnAsked?.Invoke();
        cancel.ThrowIfCancellationRequested();
        return Task.FromResult(Snapshots.Find(one => one.Height == snapshot.Height) is { File: { } file } ? file.AsMemory((int)from, Math.Min(1_000, file.Length - (int)from)) : (ReadOnlyMemory<byte>?)null);
    }

    public Task<Note> CheckpointAsync(CancellationToken cancel) => Task.FromResult(Newest ?? blocks[^1].Checkpoint ?? throw new InvalidOperationException());

    public Task<IReadOnlyList<Vote>> VotesAsync(CancellationToken cancel) => Task.FromResult<IReadOnlyList<Vote>>([]);

    public Task<IReadOnlyList<Report>> ReportsAsync(uint epoch, CancellationToken cancel) => Task.FromResult<IReadOnlyList<Report>>([]);

    public Task<IReadOnlyList<Evidence>> EvidenceAsync(CancellationToken cancel) => Task.FromResult(Proofs);

    public virtual Task<ReadOnlyMemory<byte>?> DraftsAsync(ulong after, CancellationToken cancel) => throw new NotSupportedException();

    public Task<ReadOnlyMemory<byte>?> RotationAsync(string anchor, CancellationToken cancel) => throw new NotSupportedException();

    public Task<ReadOnlyMemory<byte>?> CheckpointWordAsync(string anchor, ulong size, CancellationToken cancel) => throw new NotSupportedException();
}

/// <summary>Is not there.</summary>
sealed class FailingPeer(PartyId bank) : FakePeer(bank, [], 0)
{
    public override Task<PeerStatus> StatusAsync(CancellationToken cancel) => throw new PeerException(new(Bank, PeerFaultKind.NotReached));

    public override IAsyncEnumerable<PeerBlock> BlocksAsync(ulong from, TimeSpan wait, CancellationToken cancel) => throw new PeerException(new(Bank, PeerFaultKind.NotReached));

    public override Task<IReadOnlyList<HeldSnapshot>> SnapshotsAsync(CancellationToken cancel) => throw new PeerException(new(Bank, PeerFaultKind.NotReached));
}

/// <summary>Waits for what becomes final, as a node does.</summary>
sealed class LivePeer(PartyId bank, FourBanks chain) : FakePeer(bank, chain.Blocks, 0)
{
    TaskCompletionSource grown = new();

    public void Append()
    {
        chain.Append();
        Interlocked.Exchange(ref grown, new()).SetResult();
    }

    public override async IAsyncEnumerable<PeerBlock> BlocksAsync(ulong from, TimeSpan wait, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var next = grown.Task;
        if (from > chain.Height && wait > TimeSpan.Zero) await next.WaitAsync(cancel);
        await foreach (var one in base.BlocksAsync(from, wait, cancel)) yield return one;
    }
}
