using System.Diagnostics;
using Ledger.Core.Chain;
using Ledger.Core.Finality;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.State;
using Ledger.Node.Ordering;
using Ledger.Node.Peers;
using Ledger.Node.Storage;

namespace Ledger.Node.Voting;

/// <summary>
/// The ledger of one of several validators: what is ordered is folded and kept, pending; what is pending is voted on; what a quorum committed to is final. Everything that it says to the
/// others it has remembered durably before. It knows no network and no thread: it is told, and says through what it was given; one caller at a time.
/// </summary>
sealed partial class QuorumLedger : IDisposable
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

    readonly BlockLine line;
    readonly NodeKey key;
    readonly TimeProvider time;
    readonly Func<Timestamp> clock;
    readonly Action<Posting, ReadOnlyMemory<byte>> post;
    readonly Action<string> say;
    readonly BallotFile file;
    readonly ClosingFile closings;
    readonly EvidenceFolder evidence;
    readonly SortedDictionary<ulong, Said> said = [];
    readonly Dictionary<PartyId, Vote> newest = [];
    readonly Dictionary<PartyId, Report> reports = [];
    readonly HashSet<ByteString> sealedSince = [];
    ValidatorSet set;
    NodeKey? signer;
    Tally tally;
    Ballot? ballot;
    BlockPoint begins;
    ulong sequence;
    long movedAt;
    long? reportedByQuorumAt;

    // Up to which size this bank itself saw a quorum commit in this epoch: its reports cannot leave that out.
    ulong counted;

    // The height at which something was final in this epoch.
    ulong? finalSince;
    (Closing Closing, BlockPoint Base)? ending;
    bool isOrderOver;

    // What this bank said in the epoch is read before it says more: its folder may have been taken back.
    bool hasHeard;
    bool givesUp;
    Closing? closedEarly;
    ReadOnlyMemory<byte> notGood;
    OrderTrouble? fork;

    /// <summary>
    /// Goes on behind the chain's last block with what was pending. A node whose ballot is missing, or does not fit what it has, folds and tells, and signs nothing until it may.
    /// </summary>
    public QuorumLedger(
        Fold fold, BlockLog log, IStorage storage, NodeKey key, TimeProvider time, Func<Timestamp> clock, Action<Posting, ReadOnlyMemory<byte>> post, Action<string> say)
    {
        (this.key, this.time, this.clock, this.post, this.say) = (key, time, clock, post, say);
        set = ValidatorSet.InForce(fold.State);
        file = BallotFile.Open(storage);
        (ballot, sequence) = (file.Last, file.Sequence);
        signer = key.Named(set.KeyOf(key.Bank));
        line = new(fold, log, storage, key.Bank, time, ballot);
        closings = new(storage);
        evidence = new(storage);
        (Epoch, begins) = ballot is { } known ? (known.Epoch, known.Base) : (Math.Max(line.Final.Epoch, 1), line.Final);
        tally = new(set, Epoch);
        movedAt = time.GetTimestamp();
        if (line.Final.Epoch > Epoch) EnterBehindFinal();
        if (line.Final.Epoch == Epoch) finalSince = fold.Last.Header.Height;
        if (ballot is null) say("this node's ballot is missing: it signs nothing until it was told what became final without it. 本节点的投票记录缺失：在得知其后的终局之前不再签署。");
    }

    /// <summary>Told, before a key signs its first, which one it is.</summary>
    public Action<NodeKey>? Begins { get; init; }

    /// <summary>The bank's key that the ledger names now; any that it has where it names none of them.</summary>
    public NodeKey Signer => signer ?? key;

    /// <summary>Whether it may speak: what stands in the places of this epoch was read.</summary>
    public bool HasHeard => hasHeard;

    /// <summary>Whether other banks are a quorum with this one; one that does not vote is none of it, for nobody need have shown it anything.</summary>
    public bool IsQuorumWith(IEnumerable<PartyId> others) => others.Count(bank => bank != key.Bank && set.KeyOf(bank) is not null) + 1 >= set.Quorum;

    /// <summary>In which batches are taken and votes count.</summary>
    public uint Epoch { get; private set; }

    /// <summary>How many blocks wait for their finality.</summary>
    public int Pending => line.Waiting.Count;

    /// <summary>The last block that is folded, final or not.</summary>
    public ulong Height => line.Height;

    public EvidenceFolder Breaches => evidence;

    /// <summary>This bank's vote of this epoch as it was posted last.</summary>
    public Vote? Mine { get; private set; }

    /// <summary>The newest vote of each bank in this epoch.</summary>
    public IReadOnlyList<Vote> Votes => [.. newest.Values];

    public IReadOnlyCollection<Report> Reports => reports.Values;

    public IReadOnlyList<Evidence> Evidence => evidence.All();

    /// <summary>What every validator has durably, or must ask the others for: of the epochs before all is, once what became final in this one is.</summary>
    public Forgettable Forgettable { get; private set; } = new(1, EarlierEpochs: false);

    /// <summary>Who votes on what is next to be final, or on what is folded behind it. May be asked beside the writer.</summary>
    public IReadOnlyCollection<PartyId> Voters => [.. set.Banks.Union(line.State.Validators.Select(static validator => validator.Bank))];

    /// <summary>The reports by which this bank entered its epoch, or an earlier one, as they are written.</summary>
    public ReadOnlyMemory<byte>? Closing => closings.Last;

    /// <summary>What waits for its finality, for whoever must have it too.</summary>
    public IReadOnlyList<Waiting> WaitingBlocks => line.Waiting;

    /// <summary>What other banks may have to go on from: what waits, and what gave way to other blocks since something was final.</summary>
    public IReadOnlyList<(Block Block, BlockPoint Point)> NotFinal => line.NotFinal;

    /// <summary>The state behind the last block that is folded. May be asked beside the writer.</summary>
    public LedgerState Tip => line.State;

    /// <summary>A certified block from which the epoch goes on, or from which the next one will, and which is not here; null where there is none.</summary>
    public BlockPoint? Missing => ending is { } next && !line.Has(next.Base) ? next.Base : line.Has(begins) ? null : begins;

    /// <summary>
    /// Whether nothing more may be folded before something becomes final, or before blocks are there from which the epoch goes on. What came over from epochs before becomes final without any of this one, for that from which it
    /// goes on is voted on in it.
    /// </summary>
    public bool IsFull => !line.Has(begins) || Pending >= MaxPending || line.Waiting.Sum(static one => (long)one.Block.Payload.Length) >= MaxPendingBytes;

    /// <summary>Whether other banks have what this one has not, as far as it can know, or nothing becomes final that waits here.</summary>
    public bool IsBehind => ending is not null || line.Waiting.Count > 0 || !line.Has(begins) || ballot is { Standing: BallotStanding.HasReported } || newest.Values.Any(vote => vote.DurableHeight > Height);

    /// <summary>That more banks broke the rules than the ledger can bear; nothing is signed any more.</summary>
    public OrderTrouble? Fork => fork;

    /// <summary>That this bank does not validate now, or not under this key: its node follows, signs nothing and orders nothing.</summary>
    public OrderTrouble? Exclusion => IsMember ? null : new(
        IsBroken: false, "本行当前不是验证节点，或其节点密钥已更换：本节点只跟随账本", "this bank is no validator now, or under another node key: its node only follows the ledger") { Refusal = Refusal.NodeNotAValidator };

    bool IsMember => signer is not null;

    /// <summary>Whether a bank votes on what is next to be final, or on what is folded behind it. May be asked beside the writer.</summary>
    public bool IsVoter(PartyId bank) => set.KeyOf(bank) is not null || line.State.Validator(bank) is not null;

    /// <summary>Why this node does not vote, in words for its operator; null while it does.</summary>
    public (string Chinese, string English)? Silence => ballot switch
    {
        _ when Exclusion is { } excluded => (excluded.Chinese, excluded.English),
        null => ("本节点的投票记录缺失或不符，暂不投票", "this node lost its ballot and does not vote"),
        { Standing: BallotStanding.IsSilent } => ($"本节点已恢复，自第 {Epoch + 1} 纪元起投票", $"this node came back without its ballot and votes again from epoch {Epoch + 1} on"),
        { Standing: BallotStanding.HasReported } => ($"第 {Epoch} 纪元已由本节点上报结束，等待法定多数进入下一纪元", $"epoch {Epoch} is over for this node, which waits for a quorum to enter the next"),
        _ => null,
    };

    /// <summary>Since when the oldest block that is not final waits, by the clock that counts on; null where none does.</summary>
    public long? WaitsSince => line.Waiting is [var first, ..] ? first.Since : null;

    /// <summary>How voting stands now, for whoever asks beside the one who writes; how long something waits is for him to say.</summary>
    public VotingStanding Standing()
    {
        var oldest = line.Waiting is [var first, ..] ? first.Point.Size : 0;
        VoteSeen[] votes = [.. newest.Values.Select(vote => new VoteSeen(
            vote.Bank, vote.Sequence, vote.Clock, vote.DurableHeight, FarthestOf(vote, VoteKind.Prepare), FarthestOf(vote, VoteKind.Commit))).OrderBy(static vote => vote.Bank)];
        PartyId[] missing = oldest == 0 ? [] : [.. set.Banks.Where(bank => !votes.Any(vote => vote.Bank == bank && Math.Max(vote.Prepared, vote.Committed) >= oldest)).Order()];
        return new(Epoch, Height, Pending, Waits: null, set.Quorum, [.. set.Banks.Order()], votes, missing, [.. reports.Keys.Order()], Silence, ballot is null or { Standing: BallotStanding.IsSilent }, evidence.Kept);
    }

    static ulong FarthestOf(Vote vote, VoteKind kind) => vote.Lines.Where(line => line.Kind == kind).Select(static line => line.Size).DefaultIfEmpty().Max();

    /// <summary>The ballot that a bank begins with, written before its chain is there.</summary>
    public static void Found(IStorage storage, Fold founded)
    {
        using var file = BallotFile.Open(storage);
        file.Write(Ballot.First(1, BlockLine.GenesisOf(founded)), 0);
    }

    /// <summary>The ballot of a bank that was the only validator up to the last block: that block it alone certified.</summary>
    public static void FoundBehind(IStorage storage, Fold alone, NodeKey key)
    {
        var last = new BlockPoint(alone.State.Ordering.Number, alone.History.Size, alone.History.Root());
        using var file = BallotFile.Open(storage);
        file.Write(Ballot.Behind(new(last, [new(key.Bank, new(key.Sign(Vote.PrepareBytes(alone.Genesis.Chain.ChainId, last))))])), 0);
    }

    /// <summary>Whether a bank lost its ballot and is one without which nothing becomes final; any other need only run, for the others go on without it.</summary>
    public static bool MayReturn(IStorage storage, Fold final)
    {
        using var file = BallotFile.Open(storage);
        var set = ValidatorSet.InForce(final.State);
        return file.Last is null && set.Quorum == set.Count;
    }

    /// <summary>By its operator's word, the ballot of a bank that lost its own: behind the last final block, silent in the epoch that is returned, and voting from the next.</summary>
    public static uint Return(IStorage storage, Fold final)
    {
        var epoch = Math.Max(final.State.Ordering.Number, 1);
        using var file = BallotFile.Open(storage);
        file.Write(Ballot.Returned(epoch, final.Last.Header.Height == 0 ? BlockLine.GenesisOf(final) : new(epoch, final.History.Size, final.History.Root())), file.Sequence + 1);
        return epoch;
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
        if (batch.Envelope.Epoch != Epoch || !line.Takes(batch.Envelope)) return;
        line.Take(batch);
        GoOn();
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
            case Posting.End:
                // Those who voted on it may be known here only later.
                if (!TakeClosing(posted.Octets)) notGood = posted.Octets;
                break;
            default:
                // Anybody may write there: it is nobody's word.
                break;
        }
    }

    /// <summary>Blocks that a peer says are final. What waits and is another gives way. Null where nothing becomes final by them that was not.</summary>
    public FinalBlocks? TakeFinal(CoveredBlocks given, PartyId giver, out PeerFault? fault)
    {
        var count = line.TakeCovered(given, set.Policy, giver, out fault);
        var final = count > 0 ? Finish(count, given.Checkpoint) : null;
        if (final is not null) GoOn();
        return final;
    }

    /// <summary>Blocks that a peer says stand up to a certified one that was missing here when it was asked.</summary>
    public PeerFault? TakePrepared(IReadOnlyList<Block> blocks, BlockPoint prepared, PartyId giver)
    {
        if (Missing != prepared) return null;
        var fault = line.TakePrepared(blocks, prepared, set.Policy, giver);
        if (fault is null) GoOn();
        return fault;
    }

    /// <summary>
    /// All was read that stands in the places of this epoch, or, where nothing can be read there, all that others were shown. From here on this bank signs: what it said before and forgot, with a data folder that was taken
    /// back, it would have found.
    /// </summary>
    public void Heard()
    {
        if (hasHeard) return;
        hasHeard = true;
        LeaveMark();

        // What gave way where an epoch ended, and a later one goes on from.
        if (!line.Has(begins)) line.TakeBack(begins, set.Policy);
        if (givesUp || ballot is { Standing: BallotStanding.HasReported }) GiveUp();
        else if (ballot is { } mine) SayAgain(mine);
        if (closedEarly is { } closing) Enter(closing);
    }

    /// <summary>Signs what it may, and says what became final.</summary>
    public FinalBlocks? Step()
    {
        if (fork is null && IsMember && hasHeard)
        {
            if (ballot is null) BeginToVote();
            Sign();
        }

        // Behind a block that changes who votes, the votes of now count for nothing.
        var last = line.Waiting.TakeWhile(static one => !one.ChangesSet).Count();
        for (var i = Math.Min(last, line.Waiting.Count - 1); i >= 0; i--)
        {
            if (tally.FinalNoteOf(PointOf(line.Waiting[i])) is not { } note) continue;
            counted = line.Waiting[i].Point.Size;
            return Finish(i + 1, note);
        }

        return null;
    }

    /// <summary>Once a second: says again what may have been lost, gives up an epoch in which nothing becomes final, and ends one that a quorum gave up.</summary>
    /// <param name="isOrdered">Whether the order can be reached: while it cannot, nobody is to blame that nothing becomes final.</param>
    public void Tick(bool isOrdered)
    {
        if (Pending == 0 || !isOrdered) movedAt = time.GetTimestamp();
        else if (time.GetElapsedTime(movedAt) >= Patience) GiveUp();
        if (Pending > 0 && Mine is { } vote && ballot is { Standing: BallotStanding.Votes }) post(Posting.Vote, vote.Write());
        if (ballot is { Standing: BallotStanding.HasReported } && reports.GetValueOrDefault(key.Bank) is { } mine) post(Posting.Report, mine.Write());
        End();
    }

    /// <summary>Takes back what waits in memory; it stays on disk.</summary>
    public void GoBackToFinal() => line.GoBackToFinal();

    public void Dispose()
    {
        line.Dispose();
        file.Dispose();
    }

    /// <summary>Counts what a bank signed, in whatever order it comes.</summary>
    public void Take(Vote vote)
    {
        if (vote.Epoch != Epoch || vote.ChainId != set.ChainId) return;
        if (vote.Bank == key.Bank && vote.Sequence > sequence && vote.IsGood(set))
        {
            // Who knows already that it forgot is told nothing new, and numbers what it says from here on above it.
            if (ballot is { Standing: not BallotStanding.IsSilent }) Lose();
            sequence = vote.Sequence;
        }

        // One that is older may say what the newest does not: the order, or its bank, showed them to different banks.
        if (newest.TryGetValue(vote.Bank, out var before) && before == vote) return;
        if (!vote.IsGood(set, before)) return;
        if (before is null || before.Sequence < vote.Sequence) newest[vote.Bank] = vote;
        Count(vote);
        Forget();
    }

    // It said more than it remembers: its disk was taken back, or another node has its key.
    void Lose()
    {
        ballot = null;
        file.Lose();
        say("this bank's key has signed what this node's ballot does not know: it signs nothing more. Look for a second node, or a data folder that was taken back. 本行密钥签署过本节点投票记录中没有的内容：停止签署，请检查是否有第二个节点或数据目录被回退。");
    }

    void Count(Vote vote)
    {
        if (tally.Take(vote) is not { } breach || !breach.IsGood(set) || evidence.Keep(breach) is not { } path) return;
        say($"{breach.Bank} signed two histories in epoch {Epoch}: the proof is {path}. {breach.Bank} 在第 {Epoch} 纪元签署了两段不同的历史，证据见 {path}。");
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
        foreach (var one in line.Waiting)
        {
            if (ballot?.Prepare(line, PointOf(one)) is { } next)
            {
                ballot = next;
                SaidOf(one.Point.Size).Prepare = PrepareLine(next.Prepared);
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
        foreach (var one in line.Waiting)
        {
            if (tally.CertificateOf(PointOf(one)) is not { } certificate || ballot?.Commit(line, certificate) is not { } next) continue;
            ballot = next;
            SaidOf(one.Point.Size).Commit = CommitLine(one.Point);
            any = true;
        }

        return any;
    }

    // What waits is voted on in its own epoch, and that from which an epoch goes on in that one.
    BlockPoint PointOf(Waiting one) => one.Point.Size == begins.Size && one.Point.Root == begins.Root ? one.Point with { Epoch = Epoch } : one.Point;

    // What a node said before it was started again, as far as the newest of it says all: the same of the same blocks. Where the last that it prepared gave way to what others made
    // final, what waits here now is not what it said.
    void SayAgain(Ballot mine)
    {
        if (mine.Standing != BallotStanding.Votes || !IsMember || !line.Has(mine.Prepared)) return;
        foreach (var one in line.Waiting)
        {
            var point = PointOf(one);
            if (point.Epoch != Epoch || point.CompareTo(mine.Prepared) > 0) continue;
            SaidOf(point.Size).Prepare = PrepareLine(point);
            if (mine.Lock?.Block == point) SaidOf(point.Size).Commit = CommitLine(point);
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

    FinalBlocks Finish(int count, Note note)
    {
        var done = line.Finish(count, note);
        Resume(done);
        if (ballot is { } mine && mine.LetGo(line, line.Final) is var kept && kept != mine) Remember(ballot = kept);
        if (line.Final.Epoch > Epoch) EnterBehindFinal();
        if (line.Final.Epoch == Epoch) finalSince ??= done[^1].Block.Header.Height;
        tally.Forget(line.Final.Size);
        movedAt = time.GetTimestamp();
        while (said.Count(one => one.Key <= line.Final.Size) > KeptFinal) said.Remove(said.Keys.First());
        if (done.Any(static one => one.ChangesSet)) Renew(done[^1].Folded.State);
        return new([.. done.Select(static one => new FinalBlock(one.Folded, one.Items, one.Deciding))], note, time.GetElapsedTime(done[0].Since));
    }

    // The set that voted on the block before is not the one that votes from here on. What was signed with a key that the ledger no longer names counts for nobody.
    void Renew(LedgerState state)
    {
        set = ValidatorSet.InForce(state);
        var named = key.Named(set.KeyOf(key.Bank));
        if (named != signer)
        {
            (signer, Mine) = (named, null);
            LeaveMark();
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

        foreach (var report in reports.Values.Where(report => !report.IsGood(set, line.Settled)).ToArray()) reports.Remove(report.Bank);
        if (ballot is { Standing: BallotStanding.HasReported } && !reports.ContainsKey(key.Bank)) GiveUp();
        if (notGood.Length > 0) TakeClosing(notGood);
    }

    // A bank that came by votes with this key, which never signed anything: it sealed nothing that the ledger knows, and nobody has seen a vote of it. One whose key was changed since may have reported in this
    // epoch under the key before, and that counts where the epoch ends: it comes back as any bank does that lost its ballot. So does one of which the ledger no longer tells how it came.
    void BeginToVote()
    {
        if (line.State.Clock(key.Bank) is not null || newest.ContainsKey(key.Bank) || signer is not { IsUnused: true } unused || !CameWith(unused.PublicKey)) return;
        Remember(ballot = Ballot.First(Epoch, line.Final));
        LeaveMark();
        say($"this bank votes for the first time, behind height {Height - (ulong)Pending}. 本行自高度 {Height - (ulong)Pending} 之后首次参与投票。");
    }

    // Before a key signs anything, and behind the ballot: where the node ends between the two, nothing is signed, and who comes back with a ballot leaves the mark then. The other way around a power cut between them would
    // leave a bank that is taken for one that lost its ballot.
    void LeaveMark()
    {
        if (ballot is not null && signer is { IsUnused: true } unused) Begins?.Invoke(unused);
    }

    bool CameWith(ByteString nodeKey) => line.State.AllProposals.Any(proposal =>
        proposal is { Action: ProposalAction.ValidatorAdd, Status: ProposalStatus.Enacted } && proposal.Party == key.Bank && proposal.NodeKey == nodeKey);

    // Whatever this bank signed and forgot is not behind a block that holds what it sealed since. It may have reported in this epoch, so it votes from the next one on.
    void Resume(IReadOnlyList<Waiting> done)
    {
        if (ballot is not null || tally.CertificateOf(PointOf(done[^1])) is not { } certificate) return;
        lock (sealedSince)
        {
            if (!done.Any(one => one.Block.Envelope?.Envelope is { } envelope && envelope.Bank == key.Bank && sealedSince.Contains(envelope.Signature))) return;
            ballot = Ballot.Resumed(certificate);
            sealedSince.Clear();
        }

        Remember(ballot);
        say($"this node has its ballot again, at height {done[^1].Block.Header.Height}, and votes from epoch {Epoch + 1} on. 本节点已在高度 {done[^1].Block.Header.Height} 恢复投票记录，自第 {Epoch + 1} 纪元起投票。");
    }

    // What all validators have, or a quorum has had for long; who says nothing in this epoch has none, and may be in an earlier one.
    void Forget()
    {
        var heights = set.Banks.Select(bank => newest.TryGetValue(bank, out var vote) ? vote.DurableHeight : 0).OrderDescending().ToArray();
        var least = Math.Max(heights[^1], heights[set.Quorum - 1] - Math.Min(heights[set.Quorum - 1], MostBehind));
        Forgettable = new(line.OwnBelow(least), finalSince is { } first && least >= first);
    }

    // Each under a number of its own, by which the newer one is known.
    void Remember(Ballot signed) => file.Write(signed, ++sequence);

    sealed class Said
    {
        public VoteLine? Prepare { get; set; }

        public VoteLine? Commit { get; set; }
    }
}
