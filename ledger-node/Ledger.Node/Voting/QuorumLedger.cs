using System.Diagnostics;
using Ledger.Core.Chain;
using Ledger.Core.Finality;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.State;
using Ledger.Node.Ordering;
using Ledger.Node.Storage;

namespace Ledger.Node.Voting;

/// <summary>
/// The ledger of one of several validators: what is ordered is folded and kept, pending; what is pending is voted on; what a quorum committed to is final. Everything that it says to the
/// others it has remembered durably before. It knows no network and no thread: it is told, and says through what it was given; one caller at a time.
/// </summary>
sealed class QuorumLedger : IBlockLine, IDisposable
{
    /// <summary>So many blocks may wait for their finality; the newest final ones are told with them.</summary>
    public const int MaxPending = Vote.MaxBlocks - KeptFinal;

    public const long MaxPendingBytes = 64 * 1024 * 1024;

    /// <summary>A bank that is so little behind sees by the votes what became final; one that is further behind asks for the blocks.</summary>
    public const int KeptFinal = 16;

    /// <summary>For a bank that is further behind than so many blocks the order keeps nothing: it asks the others.</summary>
    const ulong MostBehind = 5_000;

    /// <summary>Without a final block for so long, while blocks wait, the epoch is given up.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Between the turns of the banks to put up the reports by which an epoch ends.</summary>
    public static readonly TimeSpan Turn = TimeSpan.FromSeconds(5);

    readonly Fold fold;
    readonly BlockLog log;
    readonly NodeKey key;
    readonly TimeProvider time;
    readonly Func<Timestamp> clock;
    readonly Action<Posting, ReadOnlyMemory<byte>> post;
    readonly Action<string> say;
    readonly BallotFile file;
    readonly PendingFile pending;
    readonly EvidenceFolder evidence;
    readonly BlockPoint genesis;
    readonly Settled settled;
    readonly List<Waiting> waiting = [];
    readonly SortedDictionary<ulong, Said> said = [];
    readonly Dictionary<PartyId, Vote> newest = [];
    readonly Dictionary<PartyId, Report> reports = [];
    readonly HashSet<ByteString> sealedSince = [];
    readonly Queue<(ulong Height, ulong Counter)> durable = [];
    ValidatorSet set;
    NodeKey? signer;
    Tally tally;
    Ballot? ballot;
    ulong sequence;
    BlockPoint final;
    long movedAt;
    long? reportedByQuorumAt;
    ulong forgettable = 1;
    Closing? ending;
    bool isOrderOver;
    ReadOnlyMemory<byte> notGood;
    OrderTrouble? fork;

    /// <summary>
    /// Goes on behind the chain's last block with what was pending. A node whose ballot is missing, or does not fit what it has, folds and tells, and signs nothing until it may.
    /// </summary>
    public QuorumLedger(
        Fold fold, BlockLog log, IStorage storage, NodeKey key, TimeProvider time, Func<Timestamp> clock, Action<Posting, ReadOnlyMemory<byte>> post, Action<string> say)
    {
        (this.fold, this.log, this.key, this.time, this.clock, this.post, this.say) = (fold, log, key, time, clock, post, say);
        fold.KeepsStepsBack = true;
        genesis = GenesisPoint(fold);
        final = new(fold.Last.Header.Height == 0 ? 0 : fold.State.Ordering.Number, fold.History.Size, fold.History.Root());
        file = BallotFile.Open(storage);
        (ballot, sequence) = (file.Last, file.Sequence);
        Epoch = ballot?.Epoch ?? fold.State.Ordering.Number;
        set = ValidatorSet.InForce(fold.State);
        signer = key.Named(set.KeyOf(key.Bank));
        tally = new(set, Epoch);
        settled = new(this);
        evidence = new(storage);
        pending = PendingFile.Open(storage, out var blocks);
        foreach (var block in blocks)
        {
            if (block.Header.Height > Height && !Recall(block)) break;
        }

        pending.CutAbove(Height);
        movedAt = time.GetTimestamp();
        if (ballot is { Standing: BallotStanding.HasReported }) GiveUp();
        else if (ballot is { } mine) SayAgain(mine);
        else say("this node's ballot is missing: it signs nothing until it was told what became final without it. 本节点的投票记录缺失：在得知其后的终局之前不再签署。");
    }

    /// <summary>Told, before a key signs its first, which one it is.</summary>
    public Action<NodeKey>? Begins { get; init; }

    /// <summary>The bank's key that the ledger names now; any that it has where it names none of them.</summary>
    public NodeKey Signer => signer ?? key;

    /// <summary>In which batches are taken and votes count.</summary>
    public uint Epoch { get; private set; }

    /// <summary>How many blocks wait for their finality.</summary>
    public int Pending => waiting.Count;

    /// <summary>The last block that is folded, final or not.</summary>
    public ulong Height => fold.Last.Header.Height;

    public int EvidenceKept => evidence.Count;

    /// <summary>This bank's vote of this epoch as it was posted last.</summary>
    public Vote? Mine { get; private set; }

    public IReadOnlyCollection<Report> Reports => reports.Values;

    public IReadOnlyList<Evidence> Evidence => evidence.All();

    /// <summary>Below this counter the order need not keep this bank's batches: every validator has them durably, or must ask the others.</summary>
    public ulong Forgettable => forgettable;

    /// <summary>Whether nothing more may be folded before something becomes final, or before blocks are there from which the epoch goes on.</summary>
    public bool IsFull => waiting.Count >= MaxPending || waiting.Sum(static one => (long)one.Block.Payload.Length) >= MaxPendingBytes || (ballot is { } mine && !Has(mine.Base));

    /// <summary>Whether other banks have what this one has not, as far as it can know, or nothing becomes final that waits here.</summary>
    public bool IsBehind => ending is not null || waiting.Count > 0 || newest.Values.Any(vote => vote.DurableHeight > Height) || (ballot is { } mine && !Has(mine.Base));

    /// <summary>That more banks broke the rules than the ledger can bear; nothing is signed any more.</summary>
    public OrderTrouble? Fork => fork;

    /// <summary>That this bank does not validate now, or not under this key: its node follows, signs nothing and orders nothing.</summary>
    public OrderTrouble? Exclusion => IsMember ? null : new(
        IsBroken: false, "本行当前不是验证节点，或其节点密钥已更换：本节点只跟随账本", "this bank is no validator now, or under another node key: its node only follows the ledger") { Refusal = Refusal.NodeNotAValidator };

    bool IsMember => signer is not null;

    /// <summary>Whether a bank votes on what is next to be final, or on what is folded behind it. May be asked beside the writer.</summary>
    public bool IsVoter(PartyId bank) => set.KeyOf(bank) is not null || fold.State.Validator(bank) is not null;

    /// <summary>Why this node does not vote, in words for its operator; null while it does.</summary>
    public (string Chinese, string English)? Silence => ballot switch
    {
        _ when Exclusion is { } excluded => (excluded.Chinese, excluded.English),
        null => ("本节点的投票记录缺失或不符，暂不投票", "this node lost its ballot and does not vote"),
        { Standing: BallotStanding.IsSilent } => ($"本节点已恢复，自第 {Epoch + 1} 纪元起投票", $"this node came back without its ballot and votes again from epoch {Epoch + 1} on"),
        { Standing: BallotStanding.HasReported } => ($"第 {Epoch} 纪元已由本节点上报结束，等待法定多数进入下一纪元", $"epoch {Epoch} is over for this node, which waits for a quorum to enter the next"),
        _ => null,
    };

    public bool Has(BlockPoint point) =>
        point.Size <= final.Size ? point.Size > 0 && fold.History.RootAt(point.Size) == point.Root : waiting.Exists(one => one.Point == point);

    /// <summary>The ballot that a bank begins with, written before its chain is there.</summary>
    public static void Found(IStorage storage, Fold founded)
    {
        using var file = BallotFile.Open(storage);
        file.Write(Ballot.First(1, GenesisPoint(founded)), 0);
    }

    /// <summary>The ballot of a bank that was the only validator up to the last block: that block it alone certified.</summary>
    public static void FoundBehind(IStorage storage, Fold alone, NodeKey key)
    {
        var last = new BlockPoint(alone.State.Ordering.Number, alone.History.Size, alone.History.Root());
        using var file = BallotFile.Open(storage);
        file.Write(Ballot.Behind(new(last, [new(key.Bank, new(key.Sign(Vote.PrepareBytes(alone.Genesis.Chain.ChainId, last))))])), 0);
    }

    /// <summary>This node sealed a batch in this run: a final block that holds it is from after whatever it forgot.</summary>
    public void Sealed(Envelope envelope)
    {
        lock (sealedSince)
        {
            if (ballot is null) sealedSince.Add(envelope.Signature);
        }
    }

    /// <summary>Folds the next batch, where it takes a position, and keeps its block durably.</summary>
    public void Take(Batch batch)
    {
        if (batch.Envelope.Epoch != Epoch || !fold.Takes(batch.Envelope)) return;
        var began = Stopwatch.GetTimestamp();
        var folded = fold.Append(batch.Envelope, batch.Items);
        var deciding = Stopwatch.GetElapsedTime(began);
        pending.Append(folded.Block);
        Add(folded, batch.Items, deciding);
        if (ending is not null) Enter(ending);
    }

    /// <summary>Counts what was posted, as far as it is what it says.</summary>
    public void Take(Posted posted)
    {
        switch (posted.Kind)
        {
            case Posting.Vote when Vote.TryRead(posted.Octets.Span, out var vote):
                Take(vote);
                break;
            case Posting.Report when Report.TryRead(posted.Octets.Span, out var report):
                Take(report);
                break;
            case Posting.End when Closing.Read(posted.Octets.Span, set, settled, Epoch) is { } closing:
                Enter(closing);
                break;
            case Posting.End:
                // Those who voted on it may be known here only later.
                notGood = posted.Octets;
                break;
            default:
                // Anybody may write there: it is nobody's word.
                break;
        }
    }

    /// <summary>
    /// A block that another node says is final, with the checkpoint over it or over a later one that is <paramref name="note"/>'s. What waits and is another gives way. Null where it does not go on from what is final
    /// here, does not come out of the ledger's rules, or is not covered by a quorum.
    /// </summary>
    public FinalBlocks? TakeFinal(IReadOnlyList<Block> blocks, Note note)
    {
        var final = Finalise(blocks, note);
        if (final is not null && ending is not null) Enter(ending);
        return final;
    }

    FinalBlocks? Finalise(IReadOnlyList<Block> blocks, Note note)
    {
        blocks = [.. blocks.Where(block => block.EndLeaf > final.Size)];
        if (blocks.Count == 0 || blocks[0].FirstLeaf != final.Size || note.Checkpoint.Size != blocks[^1].EndLeaf) return null;
        if (set.Policy.Check(set.Suite, note).Verdict != TrustVerdict.Trusted) return null;

        // Before anything gives way: the note is of these blocks, and none but the last changes who votes, for the next would be others' to certify.
        var history = fold.History.EdgeAt(final.Size);
        foreach (var leaf in blocks.SelectMany(static block => block.Leaves)) history.Append(MerkleHash.OfLeaf(set.Suite, leaf.Span));
        if (history.Root() != note.Checkpoint.Root || ChangesBeforeItsEnd(blocks)) return null;

        var shared = waiting.Zip(blocks).TakeWhile(static both => both.First.Block.Payload.Span.SequenceEqual(both.Second.Payload.Span)).Count();
        if (shared < blocks.Count) CutWaiting(shared);
        if (blocks.Skip(shared).All(block => Repeat(block, verifySignatures: true)) && waiting[blocks.Count - 1].Point.Root == note.Checkpoint.Root) return Finish(blocks.Count - 1, note);
        CutWaiting(Math.Min(shared, waiting.Count));
        return null;
    }

    // A header says the set that its block leaves.
    bool ChangesBeforeItsEnd(IReadOnlyList<Block> blocks)
    {
        var before = log.ReadBlock(blocks[0].Header.Height - 1)?.Header.ValidatorSet;
        return blocks.Take(blocks.Count - 1).Any(block => block.Header.ValidatorSet != before);
    }

    /// <summary>Signs what it may, and says what became final.</summary>
    public FinalBlocks? Step()
    {
        if (fork is null && IsMember)
        {
            if (ballot is null) BeginToVote();
            Sign();
        }

        // Behind a block that changes who votes, the votes of now count for nothing.
        var last = waiting.FindIndex(static one => one.ChangesSet);
        for (var i = last < 0 ? waiting.Count - 1 : last; i >= 0; i--)
        {
            if (tally.FinalNoteOf(waiting[i].Point) is { } note) return Finish(i, note);
        }

        return null;
    }

    /// <summary>Once a second: says again what may have been lost, gives up an epoch in which nothing becomes final, and ends one that a quorum gave up.</summary>
    /// <param name="isOrdered">Whether the order can be reached: while it cannot, nobody is to blame that nothing becomes final.</param>
    public void Tick(bool isOrdered)
    {
        if (waiting.Count == 0 || !isOrdered) movedAt = time.GetTimestamp();
        else if (time.GetElapsedTime(movedAt) >= Patience) GiveUp();
        if (waiting.Count > 0 && Mine is { } vote && ballot is { Standing: BallotStanding.Votes }) post(Posting.Vote, vote.Write());
        if (ballot is { Standing: BallotStanding.HasReported } && reports.GetValueOrDefault(key.Bank) is { } mine) post(Posting.Report, mine.Write());
        End();
    }

    /// <summary>Nothing more comes of the epoch's order: it is given up, and what it ended with must come from other banks.</summary>
    public void OrderEnded()
    {
        isOrderOver = true;
        GiveUp();
        if (ending is not null) Enter(ending);
    }

    /// <summary>Gives the epoch up: this bank signs no block in it any more, and tells the highest certificate that it knows.</summary>
    public void GiveUp()
    {
        if (ballot is not { } mine || fork is not null || !IsMember) return;
        if (mine.Standing != BallotStanding.HasReported)
        {
            var known = waiting.Select(one => tally.CertificateOf(one.Point)).LastOrDefault(static certificate => certificate is not null);
            ballot = mine = mine.Report(known);
            Remember(mine);
            say($"epoch {Epoch} is given up at height {Height}, of which {Pending} blocks are not final. 本节点在高度 {Height} 结束第 {Epoch} 纪元，其中 {Pending} 个区块未终局。");
        }

        var unsigned = new Report(set.ChainId, Epoch, key.Bank, mine.Reported, default);
        var report = unsigned with { Signature = new(Signer.Sign(unsigned.SignedBytes())) };
        reports.TryAdd(key.Bank, report);
        NoteReports();
        post(Posting.Report, reports[key.Bank].Write());
    }

    /// <summary>Takes back what waits in memory; it stays on disk.</summary>
    public void GoBackToFinal()
    {
        if (waiting.Count > 0) fold.GoBackTo(waiting[0].Block.Header.Height - 1);
    }

    public void Dispose()
    {
        pending.Dispose();
        file.Dispose();
    }

    static BlockPoint GenesisPoint(Fold fold) => new(0, fold.GenesisBlock.EndLeaf, fold.History.RootAt(fold.GenesisBlock.EndLeaf));

    // What was pending when the node ended. Where the ballot had entered a later epoch, what it left behind was still to be cut.
    bool Recall(Block block) =>
        !(ballot is { } mine && block.Envelope is { } leaf && leaf.Envelope.Epoch < mine.Epoch && block.EndLeaf > mine.Base.Size) && Repeat(block, verifySignatures: false);

    bool Repeat(Block block, bool verifySignatures)
    {
        if (block.Envelope is null || block.Header.Height != Height + 1) return false;
        var height = Height;
        if (fold.Repeat(block, verifySignatures, out _) is not { } folded)
        {
            fold.GoBackTo(height);
            return false;
        }

        Add(folded, [], TimeSpan.Zero);
        return true;
    }

    void Add(FoldedBlock folded, IReadOnlyList<BatchItem> items, TimeSpan deciding)
    {
        if (waiting.Count == 0) movedAt = time.GetTimestamp();
        var envelope = folded.Block.Envelope?.Envelope ?? throw new UnreachableException("Block 0 is never pending.");
        if (envelope.Bank == key.Bank) durable.Enqueue((folded.Block.Header.Height, envelope.Counter));
        waiting.Add(new(folded, items, deciding, time.GetTimestamp(), new(envelope.Epoch, fold.History.Size, fold.History.Root())));
    }

    void Take(Vote vote)
    {
        if (vote.Epoch != Epoch || vote.ChainId != set.ChainId) return;
        if (vote.Bank == key.Bank && vote.Sequence > sequence && ballot is { Standing: not BallotStanding.IsSilent } && vote.IsGood(set))
        {
            // It said more than it remembers: its disk was taken back, or another node has its key.
            ballot = null;
            say("this bank's key has signed a vote that this node's ballot does not know: it signs nothing more. Look for a second node, or a data folder that was taken back. 本行密钥签署过本节点投票记录中没有的投票：停止签署，请检查是否有第二个节点或数据目录被回退。");
        }

        if (newest.TryGetValue(vote.Bank, out var before) && before.Sequence >= vote.Sequence) return;
        if (!vote.IsGood(set, before)) return;
        newest[vote.Bank] = vote;
        Count(vote);
        Forget();
    }

    void Count(Vote vote)
    {
        if (tally.Take(vote) is not { } breach || !breach.IsGood(set) || evidence.Keep(breach) is not { } path) return;
        say($"{breach.Bank} signed two histories in epoch {Epoch}: the proof is {path}. {breach.Bank} 在第 {Epoch} 纪元签署了两段不同的历史，证据见 {path}。");
    }

    void Take(Report report)
    {
        if (report.Epoch != Epoch || reports.ContainsKey(report.Bank) || !report.IsGood(set, settled)) return;
        reports[report.Bank] = report;
        NoteReports();
    }

    void NoteReports()
    {
        if (reports.Count >= set.Quorum) reportedByQuorumAt ??= time.GetTimestamp();

        // So many that those who are left are no quorum: nothing more becomes final in this epoch, whether or not something waits here.
        if (reports.Count > set.Count - set.Quorum && !reports.ContainsKey(key.Bank)) GiveUp();
    }

    void Sign()
    {
        var before = ballot;
        Vote? vote = null;
        while (Prepare() | Commit()) Count(vote = NewVote());
        if (ballot is null || vote is null) return;
        if (ballot == before) throw new UnreachableException("A vote says what its ballot does not.");

        // Before anybody else sees it.
        Remember(ballot);
        newest[key.Bank] = Mine = vote;
        post(Posting.Vote, vote.Write());
    }

    bool Prepare()
    {
        var any = false;
        foreach (var one in waiting)
        {
            if (ballot?.Prepare(this, one.Point) is { } next)
            {
                ballot = next;
                SaidOf(one.Point.Size).Prepare = PrepareLine(one.Point);
                any = true;
            }

            // A block that changes who votes stands alone: who votes on the next is certain once it is final.
            if (one.ChangesSet) break;
        }

        return any;
    }

    bool Commit()
    {
        var any = false;
        foreach (var one in waiting)
        {
            if (tally.CertificateOf(one.Point) is not { } certificate || ballot?.Commit(this, certificate) is not { } next) continue;
            ballot = next;
            SaidOf(one.Point.Size).Commit = CommitLine(one.Point);
            any = true;
        }

        return any;
    }

    // What a node said before it was started again, as far as the newest of it says all: the same of the same blocks.
    void SayAgain(Ballot mine)
    {
        if (mine.Standing != BallotStanding.Votes || !IsMember) return;
        foreach (var one in waiting)
        {
            if (one.Point.Epoch != Epoch || one.Point.Size > mine.Prepared.Size) continue;
            SaidOf(one.Point.Size).Prepare = PrepareLine(one.Point);
            if (mine.Lock?.Block == one.Point) SaidOf(one.Point.Size).Commit = CommitLine(one.Point);
        }

        if (said.Count == 0) return;
        var vote = NewVote();
        Count(vote);
        Remember(mine);
        newest[key.Bank] = Mine = vote;
        post(Posting.Vote, vote.Write());
    }

    VoteLine PrepareLine(BlockPoint point) => new(VoteKind.Prepare, point.Size, point.Root, new(Signer.Sign(Vote.PrepareBytes(set.ChainId, point))));

    VoteLine CommitLine(BlockPoint point) => new(VoteKind.Commit, point.Size, point.Root, new(Signer.SignNote(Vote.CommitBytes(set.Origin, point.Size, point.Root))));

    Said SaidOf(ulong size)
    {
        if (!said.TryGetValue(size, out var lines)) said[size] = lines = new();
        return lines;
    }

    Vote NewVote()
    {
        ValueList<VoteLine> lines =
        [
            .. said.Values.Select(static one => one.Prepare).OfType<VoteLine>(),
            .. said.Values.Select(static one => one.Commit).OfType<VoteLine>(),
        ];
        var unsigned = new Vote(set.ChainId, Epoch, key.Bank, ++sequence, clock(), Height, lines, default);
        return unsigned with { Signature = new(Signer.Sign(unsigned.SignedBytes())) };
    }

    FinalBlocks Finish(int index, Note note)
    {
        var done = waiting[..(index + 1)];
        var last = done[^1];
        log.Append(BlockLog.Records([.. done.Select(static one => one.Block)], note));
        log.Flush();
        Resume(done, last.Point);
        final = last.Point;
        waiting.RemoveRange(0, index + 1);
        pending.Drop(last.Block.Header.Height);
        fold.Settle(last.Block.Header.Height);
        tally.Forget(final.Size);
        movedAt = time.GetTimestamp();
        while (said.Count(one => one.Key <= final.Size) > KeptFinal) said.Remove(said.Keys.First());
        if (done.Exists(static one => one.ChangesSet)) Renew(last.Folded.State);

        // Whoever remembers nothing owes nothing to the epochs that went by.
        if (ballot is null && final.Epoch > Epoch) Begin(final.Epoch);
        return new([.. done.Select(static one => new FinalBlock(one.Folded, one.Items, one.Deciding))], note, time.GetElapsedTime(done[0].Since));
    }

    // The set that voted on the block before is not the one that votes from here on. What was signed with a key that the ledger no longer names counts for nobody.
    void Renew(LedgerState state)
    {
        set = ValidatorSet.InForce(state);
        var named = key.Named(set.KeyOf(key.Bank));
        if (named != signer)
        {
            if (ballot is not null && named is { IsUnused: true }) Begins?.Invoke(named);
            (signer, Mine) = (named, null);
            said.Clear();
            say(named is null
                ? $"this bank is no validator from height {Height} on, or under a key that is not here: its node follows. 自高度 {Height} 起本行不是验证节点，或所用密钥不在此处：本节点只跟随账本。"
                : $"this bank signs under the node key {named.PublicKey} from height {Height} on. 自高度 {Height} 起本行以该节点公钥签署。");
        }

        tally = new(set, Epoch);
        foreach (var vote in newest.Values.ToArray())
        {
            if (vote.IsGood(set)) Count(vote);
            else newest.Remove(vote.Bank);
        }

        foreach (var report in reports.Values.Where(report => !report.IsGood(set, settled)).ToArray()) reports.Remove(report.Bank);
        if (ballot is { Standing: BallotStanding.HasReported } && !reports.ContainsKey(key.Bank)) GiveUp();
        if (notGood.Length > 0) Take(new Posted(Posting.End, null, notGood));
    }

    // A bank that came by votes, and whose key never signed anything: it sealed nothing that the ledger knows, and nobody has seen a vote of it.
    void BeginToVote()
    {
        if (fold.State.Clock(key.Bank) is not null || newest.ContainsKey(key.Bank) || signer is not { IsUnused: true } unused) return;
        if (fold.Genesis.Text.Validators.Any(founder => founder.NodeKey == unused.PublicKey)) return;
        Begins?.Invoke(unused);
        Remember(ballot = Ballot.First(Epoch, final));
        say($"this bank votes for the first time, behind height {Height - (ulong)Pending}. 本行自高度 {Height - (ulong)Pending} 之后首次参与投票。");
    }

    // Whatever this bank signed and forgot is not behind a block that holds what it sealed since. It may have reported in this epoch, so it votes from the next one on.
    void Resume(List<Waiting> done, BlockPoint point)
    {
        if (ballot is not null || tally.CertificateOf(point) is not { } certificate) return;
        lock (sealedSince)
        {
            if (!done.Exists(one => one.Block.Envelope?.Envelope is { } envelope && envelope.Bank == key.Bank && sealedSince.Contains(envelope.Signature))) return;
            ballot = Ballot.Resumed(certificate);
            sealedSince.Clear();
        }

        Remember(ballot);
        say($"this node has its ballot again, at height {done[^1].Block.Header.Height}, and votes from epoch {Epoch + 1} on. 本节点已在高度 {done[^1].Block.Header.Height} 恢复投票记录，自第 {Epoch + 1} 纪元起投票。");
    }

    // Whose turn it is puts up the reports of a quorum; whoever is late finds that another did.
    void End()
    {
        if (reportedByQuorumAt is not { } since || Closing.Of(set, settled, Epoch, reports.Values) is not { } closing) return;
        var banks = fold.State.Validators.Select(static validator => validator.Bank).ToList();
        var turn = (banks.IndexOf(key.Bank) - (int)((Epoch + 1) % (uint)banks.Count) + banks.Count) % banks.Count;
        var waited = time.GetElapsedTime(since);
        if (waited >= Turn * turn) post(Posting.End, closing.Write());

        // What stands in the place of the end may be nobody's word. Whoever enters from other reports is safe, and may find that it goes on alone.
        if (waited >= Turn * (banks.Count + 1)) Enter(closing);
    }

    // A bank that has not yet read up to where the epoch ended reads on, and signs nothing more of it.
    void Enter(Closing closing)
    {
        if (fork is not null) return;
        var reported = ballot?.Report(null);
        var next = closing.Enter(reported ?? Ballot.First(Epoch, genesis).Report(null), genesis) ?? throw new UnreachableException("A closing of this epoch lets everybody in who reported.");
        if (!isOrderOver && !Has(next.Base) && fold.History.Size < next.Base.Size)
        {
            ending = closing;
            GiveUp();
            return;
        }

        (ending, isOrderOver, notGood) = (null, false, default);

        // Where something of a later epoch is final here already, that goes on from this base too.
        if (final.Epoch > Epoch ? !Has(next.Base) : final.Size > next.Base.Size || (final.Size == next.Base.Size && final.Root != next.Base.Root))
        {
            fork = new(
                IsBroken: true, $"法定多数上报的基准为 {next.Base.Size}，与已终局的 {final.Size} 相悖：超过三分之一的银行违反了规则，请立即停止并公布证据",
                $"a quorum reports that epoch {Epoch} ends at {next.Base.Size} leaves, and {final.Size} are final here: more than a third of the banks broke the rules; stop and publish");
            say(fork.English);
            return;
        }

        // Written before the cut, which is done again where a crash came between.
        if (ballot is not null) Remember(ballot = next);
        CutWaiting(waiting.FindIndex(one => one.Point == next.Base) + 1);
        Begin(next.Epoch);
        say($"epoch {Epoch} begins behind {next.Base.Size} leaves, height {Height}. 自 {next.Base.Size} 个叶子（高度 {Height}）之后进入第 {Epoch} 纪元。");
    }

    void Begin(uint epoch)
    {
        Epoch = epoch;
        tally = new(set, Epoch);
        said.Clear();
        newest.Clear();
        Mine = null;
        reports.Clear();
        reportedByQuorumAt = null;
        movedAt = time.GetTimestamp();
    }

    void CutWaiting(int keeps)
    {
        if (keeps == waiting.Count) return;
        fold.GoBackTo(waiting[keeps].Block.Header.Height - 1);
        waiting.RemoveRange(keeps, waiting.Count - keeps);
        pending.CutAbove(Height);
    }

    // Of this bank's batches, which all validators have, or a quorum has had for long; who says nothing has none.
    void Forget()
    {
        var heights = set.Banks.Select(bank => newest.TryGetValue(bank, out var vote) ? vote.DurableHeight : 0).OrderDescending().ToArray();
        var least = Math.Max(heights[^1], heights[set.Quorum - 1] - Math.Min(heights[set.Quorum - 1], MostBehind));
        while (durable.TryPeek(out var oldest) && oldest.Height <= least && oldest.Height <= Height) forgettable = durable.Dequeue().Counter + 1;
    }

    // Each under a number of its own, by which the newer one is known.
    void Remember(Ballot signed) => file.Write(signed, ++sequence);

    /// <summary>The final blocks alone, each with the epoch in which it was ordered: by epochs a new one is begun.</summary>
    sealed class Settled(QuorumLedger ledger) : IBlockLine
    {
        public bool Has(BlockPoint point)
        {
            if (point == ledger.genesis || point == ledger.final) return true;
            if (point.Size == 0 || point.Size > ledger.final.Size || ledger.log.BlockOf(point.Size - 1) is not { } height) return false;
            return ledger.log.ReadBlock(height) is { } block && block.EndLeaf == point.Size && block.Envelope?.Envelope.Epoch == point.Epoch && ledger.fold.History.RootAt(point.Size) == point.Root;
        }
    }

    sealed class Said
    {
        public VoteLine? Prepare { get; set; }

        public VoteLine? Commit { get; set; }
    }

    sealed record Waiting(FoldedBlock Folded, IReadOnlyList<BatchItem> Items, TimeSpan Deciding, long Since, BlockPoint Point)
    {
        public Block Block => Folded.Block;

        public bool ChangesSet => Folded.State.ChangesValidators;
    }
}
