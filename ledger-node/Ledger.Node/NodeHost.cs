using Ledger.Client.Text;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.State;
using Ledger.Node.Monitoring;
using Ledger.Node.Ordering;
using Ledger.Node.Ordering.Etcd;
using Ledger.Node.Peers;
using Ledger.Node.Storage;
using Ledger.Node.Views;
using Ledger.Node.Voting;

namespace Ledger.Node;

/// <summary>Why a node did not open its data folder, in words for its operator.</summary>
public sealed record CannotOpen(int ExitCode, string Reason);

/// <summary>Whom a node asks for what became final without it, and who is told what is wrong with them.</summary>
public sealed record AskedPeers(IReadOnlyList<IPeer> Peers, Action<PeerFault> OnFault)
{
    public static readonly AskedPeers Nobody = new([], static _ => { });
}

/// <summary>
/// Takes a data folder and makes a running ledger of it: one process, the right chain, the right version, every block repeated, a torn tail cut and
/// told. What an operator should know on the way is said.
/// </summary>
public sealed class NodeHost : IDisposable
{
    readonly FolderLock folder;
    readonly BlockLog log;
    readonly IFinality finality;

    NodeHost(FolderLock folder, BlockLog log, IFinality finality, NodeLoop loop, IStorage storage)
    {
        this.folder = folder;
        this.log = log;
        this.finality = finality;
        Loop = loop;
        Breaches = (finality as QuorumFinality)?.Ledger.Breaches ?? new(storage);
    }

    public NodeLoop Loop { get; }

    /// <summary>What this node shows its peers of votes.</summary>
    public IVotesKnown Votes => finality as IVotesKnown ?? new NoVotes(Breaches);

    /// <summary>The proofs that banks broke the rules of voting: found by this node's own count, or shown by peers.</summary>
    public EvidenceFolder Breaches { get; }

    /// <summary>
    /// Opens the chain of <paramref name="genesis"/> in the data folder, or founds it where the options ask for that and the node's key has signed none.
    /// </summary>
    public static NodeHost? Open(NodeOptions options, Genesis genesis, NodeKey key, TimeProvider time, Action<string> say, out CannotOpen? cannot) =>
        Open(options, genesis, key, AskedPeers.Nobody, observes: false, time, say, out cannot);

    /// <summary>The same of a bank that asks others for what it missed.</summary>
    public static NodeHost? Open(NodeOptions options, Genesis genesis, NodeKey key, AskedPeers peers, TimeProvider time, Action<string> say, out CannotOpen? cannot) =>
        Open(options, genesis, key, peers, observes: false, time, say, out cannot);

    /// <summary>Opens the chain of a node that only observes, which goes on by what peers give.</summary>
    public static NodeHost? Observe(NodeOptions options, Genesis genesis, NodeKey key, AskedPeers observed, TimeProvider time, Action<string> say, out CannotOpen? cannot) =>
        Open(options, genesis, key, observed, observes: true, time, say, out cannot);

    static NodeHost? Open(NodeOptions options, Genesis genesis, NodeKey key, AskedPeers peers, bool observes, TimeProvider time, Action<string> say, out CannotOpen? cannot)
    {
        cannot = null;
        if (!observes && genesis.Text.Validators.Count > 1 && options.Etcd is null)
        {
            cannot = NeedsOneOrder(genesis.Text.Validators.Count);
            return null;
        }

        // An empty folder is left as it is, too: it may be where a disk is to be mounted.
        if (GenesisFile.Read(new DiskStorage(options.Data)) is null && MayNotFound(options, genesis, key) is { } notFounded)
        {
            cannot = notFounded;
            return null;
        }

        if (FolderLock.TryTake(options.Data, time, out var held) is not { } folder)
        {
            cannot = new(ExitCode.Fault, held?.ToString() ?? options.Data);
            return null;
        }

        // Nothing is made or changed in a folder that is not this chain's.
        if (!IsOurs(options, genesis, out cannot))
        {
            folder.Dispose();
            return null;
        }

        var views = LedgerViews.Open(Path.Combine(options.Data, FolderLayout.Views), genesis, say);
        var opened = OpenLog(options, genesis, key, time, views.Take, say, out cannot);
        var clock = opened is null ? null : OpenClock(options, genesis, time, say, out cannot);

        if (opened is not null && cannot is null) cannot = WhyNotVoting(options, opened.Fold, key, observes);

        // What is pending is folded behind it, and is nobody's to read.
        var final = opened is null ? null : new NodeView(opened.Fold.State, opened.Fold.Last.Header, opened.Checkpoint);
        if (opened is { Fold.KnowsNext: false }) cannot = new(ExitCode.Fault, ProtocolUnknownException.Says(opened.Fold.State.Protocol.Number));
        var finality = opened is null || clock is null || cannot is not null ? null : FinalityOf(options, opened, key, peers, observes, clock, time, say, out cannot);
        if (opened is null || clock is null || finality is null || final is null)
        {
            opened?.Log.Dispose();
            views.Dispose();
            folder.Dispose();
            return null;
        }

        views.Follow(opened.Log.ReadBlock, opened.Log.Count - 1);
        var snapshots = options.SnapshotEvery == 0 ? null : new SnapshotFolder(new DiskStorage(options.Data), options.SnapshotEvery, say);
        var loop = new NodeLoop(opened.Fold, final, opened.Log, views, finality, key, clock)
        {
            Snapshots = snapshots,
            ChainQuota = options.PartyChainBytes == 0 ? null : new(options.PartyChainBytes, time),
        };
        if (!observes && options.Etcd is { } etcd)
        {
            say($"ordered by etcd at 由 etcd 排序: {string.Join(", ", etcd.Members.Select(member => member.Authority))}");
            NodeGauges.Add(loop, () => finality.Ordering is EtcdOrdering order ? (order.Revision, order.Ahead, order.Changes) : default);
        }

        if (finality is QuorumFinality quorum)
        {
            NodeGauges.Add(loop, () => quorum.Voting);
            if (quorum.Ledger.Exclusion is { } excluded) say($"{excluded.English}. {excluded.Chinese}。");
        }

        return new(folder, opened.Log, finality, loop, new DiskStorage(options.Data));
    }

    /// <summary>Begins the chain of <paramref name="genesis"/> in a folder that has none. Nothing runs on it yet, and so no order is asked for.</summary>
    public static bool Found(NodeOptions options, Genesis genesis, NodeKey key, TimeProvider time, Action<string> say, out CannotOpen? cannot)
    {
        cannot = MayNotFound(options, genesis, key);
        if (cannot is not null) return false;
        if (FolderLock.TryTake(options.Data, time, out var held) is not { } folder)
        {
            cannot = new(ExitCode.Fault, held?.ToString() ?? options.Data);
            return false;
        }

        using var _ = folder;
        if (!IsOurs(options, genesis, out cannot)) return false;
        if (OpenLog(options, genesis, key, time, _ => { }, say, out cannot) is not { } opened) return false;
        opened.Log.Dispose();
        return true;
    }

    /// <summary>
    /// Lets a node go on whose vote was lost, whose chain was taken back behind it, or whose order is broken: from its next block on, in a new epoch of ordering. Asked with
    /// the chain's end, <paramref name="confirm"/> says whether the operator means it.
    /// </summary>
    public static bool Resume(
        NodeOptions options, Genesis genesis, NodeKey key, TimeProvider time, Func<LastSigned, bool> confirm, Action<string> say, out CannotOpen? cannot)
    {
        cannot = null;
        if (FolderLock.TryTake(options.Data, time, out var held) is not { } folder)
        {
            cannot = new(ExitCode.Fault, held?.ToString() ?? options.Data);
            return false;
        }

        using var _ = folder;
        var storage = new DiskStorage(options.Data);
        if (GenesisFile.Read(storage) is null)
        {
            cannot = new(ExitCode.Usage, $"{options.Data} holds no chain: there is nothing to resume. 数据目录中没有链，无可恢复。");
            return false;
        }

        if (!IsOurs(options, genesis, out cannot)) return false;
        if (OpenLog(options, genesis, key, time, _ => { }, say, out cannot) is not { } opened) return false;
        using var log = opened.Log;
        if (IsVotedOn(storage) || opened.Fold.State.Validators.Count() > 1) return Return(storage, opened.Fold, confirm, say, out cannot);
        using var before = VoteFile.Open(storage);
        var end = LastSigned.Of(opened.Fold);

        // An order that is broken is left behind with its epoch; whether it is, its operator knows.
        if (options.Etcd is null && before is not null && Contradiction(before.Last, opened.Fold) is null && !DataVersion.IsOlder(storage))
        {
            cannot = new(ExitCode.Usage, "The vote and the chain agree: this node can simply run. 投票记录与链一致，无需恢复，直接运行即可。");
            return false;
        }

        if (!confirm(end))
        {
            cannot = new(ExitCode.Usage, "Not confirmed; nothing was changed. 未确认，未作任何改动。");
            return false;
        }

        using var votes = VoteFile.Create(storage, end with { Epoch = Math.Max(end.Epoch, before?.Last.Epoch ?? 1) + 1 });
        DataVersion.Write(storage);
        say($"epoch {votes.Last.Epoch} begins behind height {end.Height}. 自高度 {end.Height} 之后进入第 {votes.Last.Epoch} 纪元。");
        return true;
    }

    // Three banks are no quorum without the third, so none of their blocks would ever tell it what became final: its operator does.
    static bool Return(DiskStorage storage, Fold final, Func<LastSigned, bool> confirm, Action<string> say, out CannotOpen? cannot)
    {
        cannot = null;
        if (!QuorumLedger.MayReturn(storage, final))
        {
            cannot = new(ExitCode.Usage, "Where several banks vote a node resumes by itself, behind what became final without it: simply run it. 多家银行投票的链上，节点在得知其后的终局后自行恢复，直接运行即可。");
            return false;
        }

        if (!confirm(LastSigned.Of(final)))
        {
            cannot = new(ExitCode.Usage, "Not confirmed; nothing was changed. 未确认，未作任何改动。");
            return false;
        }

        var epoch = QuorumLedger.Return(storage, final);
        say($"this node votes again from epoch {epoch + 1} on, which begins once all banks report. 各银行上报后，本节点自第 {epoch + 1} 纪元起重新投票。");
        return true;
    }

    /// <summary>Tells a second process where this one listens.</summary>
    public void Announce(IReadOnlyList<string> urls) => folder.Announce(urls);

    public void Dispose()
    {
        finality.Dispose();
        Loop.Snapshots?.Dispose();
        Loop.Reader.Views.Dispose();
        log.Dispose();
        folder.Dispose();
    }

    // Alone this node says what is final; with others a quorum does, by votes that stand beside the batches.
    static IFinality? FinalityOf(NodeOptions options, Recovery.Complete opened, NodeKey key, AskedPeers peers, bool observes, StoryClock clock, TimeProvider time, Action<string> say, out CannotOpen? cannot)
    {
        cannot = null;
        var storage = new DiskStorage(options.Data);
        var fold = opened.Fold;
        if (observes) return new ObserverFinality(fold, opened.Log, peers.Peers, peers.OnFault, say, time);
        if (NamedAlone(storage, fold, key) is { } named)
        {
            if (OpenVotes(options, fold, out cannot) is not { } votes) return null;
            IOrdering ordering = options.Etcd is { } address
                ? new EtcdOrdering(fold, named, Math.Max(votes.Last.Epoch, fold.State.Ordering.Number), EtcdMember.Of(address), storage, time)
                : new EmbeddedOrdering();
            return new SoloFinality(fold, opened.Log, ordering, named, votes);
        }

        // What it signed while it was alone ends with the block that named another.
        if (Holds(storage, FolderLayout.Vote))
        {
            if (OpenVotes(options, fold, out cannot) is not { } votes) return null;
            votes.Dispose();
            if (fold.State.Certifiers.ToArray() is not [var alone] || key.Named(alone.NodeKey) is not { } before)
            {
                cannot = new(ExitCode.MustResume, "This node was alone, and the key with which it certified the last block is not here. 该节点此前独自验证，而其最后所用的节点密钥不在此处。");
                return null;
            }

            QuorumLedger.FoundBehind(storage, fold, before);
            storage.Remove(FolderLayout.Vote);
            storage.FlushFolder("");
        }

        var etcd = options.Etcd ?? throw new System.Diagnostics.UnreachableException("Several validators have an order for all.");
        return new QuorumFinality(
            fold, opened.Checkpoint,
            post => new(fold, opened.Log, storage, key, time, () => new(clock.GetUtcNow().ToUnixTimeMilliseconds()), post, say) { Begins = unused => unused.Mark?.Write(fold.Genesis.Chain.ChainId, unused.PublicKey, options.Data, time.GetUtcNow()) },
            (epoch, signing) => new(
                new EtcdOrdering(fold, signing, epoch, EtcdMember.Of(etcd), storage, time), new EtcdBoard(fold.Genesis.Chain.ChainId, epoch, key.Bank, EtcdMember.Of(etcd), time)),
            new PeerBlocks(peers.Peers, peers.OnFault), time);
    }

    // The key of the only validator there ever was.
    static NodeKey? NamedAlone(DiskStorage storage, Fold fold, NodeKey key) =>
        !IsVotedOn(storage) && fold.State.Validators.ToArray() is [var only] && only.Bank == key.Bank ? key.Named(only.NodeKey) : null;

    static bool Holds(DiskStorage storage, string name) => storage.List("").Contains(name);

    // A ledger of which several banks ever were validators is voted on, however few are left. While the vote of a bank that was alone is there, its first ballot was not durable yet.
    static bool IsVotedOn(DiskStorage storage) => Holds(storage, FolderLayout.Ballot) && !Holds(storage, FolderLayout.Vote);

    static CannotOpen? WhyNotVoting(NodeOptions options, Fold fold, NodeKey key, bool observes)
    {
        var storage = new DiskStorage(options.Data);
        if (observes || NamedAlone(storage, fold, key) is not null) return null;
        if (fold.State.Validators.ToArray() is [var only] && !IsVotedOn(storage))
        {
            return new(ExitCode.Usage, only.Bank == key.Bank
                ? $"The ledger names another node key for {only.Bank} than those here: put node-{only.Bank}.NAME.key.json beside the genesis file. 账本所载的本行节点公钥与此处的密钥都不符：请把新的密钥文件放在创世文件旁。"
                : $"The only validator of this ledger is {only.Bank}, and the node keys here are {key.Bank}'s. 该账本唯一的验证者是 {only.Bank}，此处的节点密钥属于 {key.Bank}。");
        }

        return options.Etcd is not null ? null : NeedsOneOrder(fold.State.Validators.Count());
    }

    static CannotOpen NeedsOneOrder(int validators) => new(
        ExitCode.Usage,
        $"Banks vote on this ledger, which has {validators} validators: their batches need one order for all. Name the etcd members with --etcd. "
        + "该账本由多家银行投票，须由共同的 etcd 排序：请用 --etcd 指明其成员。");

    static bool IsOurs(NodeOptions options, Genesis genesis, out CannotOpen? cannot)
    {
        var storage = new DiskStorage(options.Data);
        cannot = DataVersion.TryOpen(storage, out var problem) ? null : new(ExitCode.Fault, problem);
        if (cannot is null && GenesisFile.Read(storage) is { } stored && !stored.AsSpan().SequenceEqual(genesis.Bytes.Span))
            cannot = OfAnotherChain(options, genesis, genesis.Chain.Suite.Hash(stored));
        cannot ??= WhyNotMarked(storage);
        return cannot is null;
    }

    // Taken for none, a damaged mark would end what is still to be verified.
    static CannotOpen? WhyNotMarked(DiskStorage storage)
    {
        try
        {
            JoinedMark.Read(storage);
            return null;
        }
        catch (InvalidDataException)
        {
            return new(ExitCode.Fault, RunNode.WhyNot(Refusal.JoinedMarkUnreadable));
        }
    }

    static CannotOpen OfAnotherChain(NodeOptions options, Genesis genesis, Hash256 found) => new(
        ExitCode.Fault, $"{options.Data} is the data folder of another chain ({found}), not of {genesis.Chain.ChainId}. Nothing was changed. 数据目录属于另一条链，未作任何改动。");

    static Recovery.Complete? OpenLog(
        NodeOptions options, Genesis genesis, NodeKey key, TimeProvider time, Action<FoldedBlock> onBlock, Action<string> say, out CannotOpen? cannot)
    {
        cannot = null;
        var storage = new DiskStorage(options.Data);
        var progress = new ReplayProgress(say);
        switch (Recover(storage, options, genesis, progress, onBlock, say))
        {
            case Recovery.Complete complete:
                progress.Finish();
                if (Used(complete.Fold, key) is { } used) Mark(options, genesis, used, time, say);
                if (complete.Cut is { } cut)
                    say($"{cut.File}: cut a torn tail of {cut.Bytes} bytes at offset {cut.Offset}; nothing in it had been acknowledged. 已截断未确认的残尾。");
                return complete;
            case Recovery.NotFounded:
                return Found(storage, options, genesis, key, time);
            case Recovery.OtherGenesis other:
                cannot = OfAnotherChain(options, genesis, other.Found);
                return null;
            case Recovery.Damaged damaged:
                cannot = new(ExitCode.Fault, $"{Describe(damaged.Fault)} Nothing was changed. {DescribeInChinese(damaged.Fault)}未作任何改动。");
                return null;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    static CannotOpen? MayNotFound(NodeOptions options, Genesis genesis, NodeKey key)
    {
        if (Founder(genesis, key) is not { } founder)
        {
            return new(
                ExitCode.NotFounded,
                $"{options.Data} holds no chain, and the node keys here are none that genesis names for {key.Bank}. A bank that came later begins with ledger-node join. "
                + $"数据目录中没有链，而此处的节点密钥不是创世文件为 {key.Bank} 所列的密钥。后来加入的银行请用 ledger-node join。");
        }

        if (founder.Mark is { } mark && mark.IsOf(founder.PublicKey))
        {
            var before = mark.Read();
            return new(
                ExitCode.NotFounded,
                $"{options.Data} holds no chain, and this node's key has signed one before ({mark.Path}: chain {before?.ChainId}, in {before?.Data}). Founded again, it would sign a "
                + "second history beside the first. Mount or name the right data folder, or restore a backup and resume. "
                + "数据目录中没有链，而本节点的密钥此前已签署过链：再次创建会产生第二份历史。请挂载或指明正确的数据目录，或恢复备份后再 resume。");
        }

        return options.Founds ? null : new(
            ExitCode.NotFounded,
            $"{options.Data} holds no chain. Where ledger {genesis.Origin} begins here, found it once with ledger-node found; where it runs already, this is not its data folder. "
            + "数据目录中没有链。若账本由此开始，请先用 ledger-node found 创建一次；若账本已在运行，则这不是它的数据目录。");
    }

    // The bank's key as genesis names it; null where it names none of them.
    static NodeKey? Founder(Genesis genesis, NodeKey key) => genesis.Text.Validators.FirstOrDefault(one => one.Bank == key.Bank) is { } founder ? key.Named(founder.NodeKey) : null;

    // The key is marked before it signs: after a crash in between nobody knows whether it did.
    static Recovery.Complete Found(DiskStorage storage, NodeOptions options, Genesis genesis, NodeKey key, TimeProvider time)
    {
        key = Founder(genesis, key) ?? throw new System.Diagnostics.UnreachableException("Only a founder founds.");
        key.Mark?.Write(genesis.Chain.ChainId, key.PublicKey, options.Data, time.GetUtcNow());
        try
        {
            var fold = new Fold(genesis);
            var first = Sign(genesis, key, fold.Checkpoint);
            if (genesis.Text.Validators.Count > 1) QuorumLedger.Found(storage, fold);
            return new(BlockLog.Create(storage, fold, first, options.SegmentBytes), fold, first, Cut: null);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or StorageFault)
        {
            // Nobody has seen what was signed, and without genesis in its folder nothing goes on from it.
            if (GenesisFile.Read(storage) is null) key.Mark?.Remove();
            throw;
        }
    }

    // The key that this ledger names for the bank, unless it came by votes and nothing of it is on the ledger yet.
    static NodeKey? Used(Fold fold, NodeKey key) => key.Named(fold.State.Validator(key.Bank)?.NodeKey) is { } named && (named == Founder(fold.Genesis, key) || fold.State.Clock(key.Bank) is not null) ? named : null;

    // A chain that was founded before there were marks, or whose key came back from a backup.
    static void Mark(NodeOptions options, Genesis genesis, NodeKey key, TimeProvider time, Action<string> say)
    {
        if (key.Mark is not { } mark || mark.IsOf(key.PublicKey)) return;
        try
        {
            mark.Write(genesis.Chain.ChainId, key.PublicKey, options.Data, time.GetUtcNow());
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            say($"{mark.Path}: {fault.Message} Nothing beside the key says that it has signed: keep an empty data folder from being founded. 密钥旁未能留下标记。");
        }
    }

    // A snapshot that is damaged, foreign or does not lead to the chain's end is told and passed over; in the end the whole chain is repeated.
    static Recovery Recover(
        IStorage storage, NodeOptions options, Genesis genesis, ReplayProgress progress, Action<FoldedBlock> onBlock, Action<string> say)
    {
        foreach (var height in options.StartsFromSnapshot ? SnapshotFolder.Newest(storage) : [])
        {
            var name = $"{FolderLayout.Snapshots}/{FolderLayout.SnapshotName(height)}";
            if (SnapshotFolder.Read(storage, height, genesis, out var problem) is not { } snapshot)
            {
                say($"{name}: {problem}. It is passed over. 快照不可用，已跳过。");
                continue;
            }

            // What follows the blocks is told of them once it is certain that they lead to the end.
            var told = new List<FoldedBlock>();
            var recovery = BlockLog.OpenFrom(snapshot, storage, genesis, options.SegmentBytes, progress.Report, told.Add);
            if (recovery is Recovery.Damaged damaged)
            {
                say($"{name}: {Describe(damaged.Fault)} It is passed over, and the chain is repeated without it. 快照与链不符，已跳过。");
                continue;
            }

            if (recovery is Recovery.Complete) say($"started from the snapshot of height {height} 自快照启动: {told.Count} blocks behind it");
            foreach (var block in told) onBlock(block);
            return recovery;
        }

        return BlockLog.Open(storage, genesis, options.SegmentBytes, verifySignatures: false, progress.Report, onBlock);
    }

    // A node signs only what goes on from the last that it signed.
    static VoteFile? OpenVotes(NodeOptions options, Fold fold, out CannotOpen? cannot)
    {
        cannot = null;
        var storage = new DiskStorage(options.Data);
        var votes = VoteFile.Open(storage);
        var isOlder = DataVersion.IsOlder(storage);
        if (votes is null && (fold.Last.Header.Height == 0 || isOlder)) votes = VoteFile.Create(storage, LastSigned.Of(fold));
        if (votes is not null && Contradiction(votes.Last, fold) is null)
        {
            if (isOlder) DataVersion.Write(storage);
            return votes;
        }

        var (chinese, english) = votes is null
            ? ("缺少投票记录", "its file vote is missing or cannot be read")
            : Contradiction(votes.Last, fold) ?? default;
        votes?.Dispose();
        cannot = new(
            ExitCode.MustResume,
            $"This node does not sign: {english}. If the chain was restored from a backup, or its end was lost, blocks that were acknowledged may be missing: "
            + $"find out first, and only then let it go on in a new epoch with ledger-node resume. 本节点暂不签署：{chinese}。"
            + "若链由备份恢复或末尾丢失，可能缺少已确认的区块：请先查明，再用 ledger-node resume 以新纪元继续。");
        return null;
    }

    static (string Chinese, string English)? Contradiction(LastSigned vote, Fold fold)
    {
        var end = LastSigned.Of(fold);
        if (vote.Epoch > end.Epoch) return vote == end with { Epoch = vote.Epoch } ? null : Later(vote, end);
        if (vote.Size > end.Size) return Later(vote, end);
        return vote.Size > 0 && fold.History.RootAt(vote.Size) == vote.Root
            ? null
            : ("它签署过的检查点不在这条链上", $"it signed a checkpoint of {vote.Size} leaves that is not of this chain");
    }

    static (string Chinese, string English) Later(LastSigned vote, LastSigned end) => (
        $"它已签署到高度 {vote.Height}（第 {vote.Epoch} 纪元），而链止于高度 {end.Height}（第 {end.Epoch} 纪元）",
        $"it has signed up to height {vote.Height} in epoch {vote.Epoch}, and its chain ends at height {end.Height} in epoch {end.Epoch}");

    static StoryClock? OpenClock(NodeOptions options, Genesis genesis, TimeProvider time, Action<string> say, out CannotOpen? cannot)
    {
        cannot = null;
        var clock = StoryClock.Open(time, new DiskStorage(options.Data), genesis.Chain.Purpose);
        if (clock is null) cannot = new(ExitCode.Fault, $"{Path.Combine(options.Data, FolderLayout.StoryClock)} holds no time. Nothing was changed. 账本时间文件损坏，未作任何改动。");
        else if (clock.IsHeld) say($"the clock is held at {clock.GetUtcNow().ToOffset(TimeSpan.FromMinutes(genesis.Chain.OffsetMinutes)):yyyy-MM-dd HH:mm:ss zzz} 账本时间已设定并停住");
        return clock;
    }

    static string Describe(AuditFault fault) =>
        $"{fault.File}, offset {fault.Offset}, height {fault.Height}{(fault.Leaf is { } leaf ? $", leaf {leaf.Leaf} ({leaf.Kind})" : "")}: {fault.Kind.Says(Language.English)}.";

    static string DescribeInChinese(AuditFault fault) => $"{fault.File}，偏移 {fault.Offset}，高度 {fault.Height}：{fault.Kind.Says(Language.Chinese)}。";

    static Note Sign(Genesis genesis, NodeKey key, Checkpoint checkpoint) => new(
        checkpoint,
        [new NoteSignature(genesis.Origin, genesis.Chain.Suite.NoteKeyId(genesis.Origin, key.PublicKey), new(key.SignNote(checkpoint.SignedBytes())))]);
}

/// <summary>Says how far a long replay is, about once for every twentieth of it.</summary>
sealed class ReplayProgress(Action<string> say)
{
    const int Steps = 20;

    // A chain that is read in a moment needs no progress.
    const long WorthTelling = 8 * 1024 * 1024;

    RecoveryProgress last;
    long told;

    public void Report(RecoveryProgress progress)
    {
        last = progress;
        if (progress.TotalBytes < WorthTelling || progress.Bytes * Steps / progress.TotalBytes <= told) return;
        told = progress.Bytes * Steps / progress.TotalBytes;
        say($"replaying 重放 {100 * told / Steps,3} %  {progress.Blocks} blocks, {progress.Leaves} leaves");
    }

    public void Finish() => say($"opened 已打开: {Math.Max(last.Blocks, 1)} blocks, {Math.Max(last.Leaves, 1)} leaves");
}
