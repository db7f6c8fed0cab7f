using Ledger.Core.Chain;
using Ledger.Core.Finality;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Node.Ordering;
using Ledger.Simulation.Machine;

namespace Ledger.Simulation.Checkers;

/// <summary>
/// That no bank which keeps the rules ever posts against them, whatever its disk forgot meanwhile: two roots of one size, a commit that no quorum prepared, a vote behind a report or against what a quorum committed to before, a report below
/// its own commits (but for those that something else became final instead of), or anything that is not durable; and that whoever votes is a validator at that time, under the key of that time. It
/// forgets nothing.
/// </summary>
sealed class VoteWatch(PartyId? liar, Auditor auditor)
{
    readonly Dictionary<PartyId, Record> records = [];
    readonly Dictionary<BlockPoint, HashSet<PartyId>> prepared = [];
    readonly Dictionary<(ulong Size, Hash256 Root), uint> first = [];
    readonly HashSet<BlockPoint> again = [];
    readonly Dictionary<BlockPoint, HashSet<PartyId>> committed = [];
    readonly Dictionary<uint, ulong> sureIn = [];
    BlockPoint sure;

    public int Votes { get; private set; }

    public int Reports { get; private set; }

    /// <summary>The blocks that were voted on again in a later epoch than that in which they were prepared first, as points of that.</summary>
    public IReadOnlyCollection<BlockPoint> Again => again;

    /// <summary>What a bank says leaves it; <paramref name="fold"/> and <paramref name="disk"/> are its own, and <paramref name="told"/> is the last that it told to be final.</summary>
    public void Posts(PartyId bank, Posting kind, ReadOnlyMemory<byte> octets, Fold fold, SimDisk disk, ulong told)
    {
        if (kind == Posting.End) return;
        if (!disk.IsFlushed(FolderLayout.Ballot)) throw new BrokenPromise($"{bank} posts a {kind} that its disk may forget.");
        if (kind == Posting.Vote && !disk.IsFlushed(FolderLayout.Pending) && Vote.TryRead(octets.Span, out var early) && early.Lines.Any(line => line.Size > fold.History.Size))
            throw new BrokenPromise($"{bank} votes on what its disk may forget.");
        if (!records.TryGetValue(bank, out var record)) records[bank] = record = new(bank);
        if (kind == Posting.Vote && Vote.TryRead(octets.Span, out var vote)) Posts(record, vote, fold, auditor.VotingBehind(told));
        if (kind == Posting.Report && Report.TryRead(octets.Span, out var report)) Posts(record, report);
    }

    void Posts(Record record, Vote vote, Fold fold, ValidatorSet now)
    {
        Votes++;
        if (vote.Bank != record.Bank) throw new BrokenPromise($"{record.Bank} votes as {vote.Bank}.");
        if (now.KeyOf(vote.Bank) is not { } key) throw new BrokenPromise($"{record.Bank} votes, and is no validator.");
        if (!now.Suite.Verify(key, vote.SignedBytes(), vote.Signature.Span)) throw new BrokenPromise($"{record.Bank} votes under another key than the ledger names.");
        foreach (var line in vote.Lines)
        {
            var lines = record.Of(line.Kind, vote.Epoch);
            if (lines.RootOf(line.Size) is { } before)
            {
                if (before != line.Root) throw new BrokenPromise($"{record.Bank} signs two histories of {line.Size} leaves in epoch {vote.Epoch} ({line.Kind}).");
                continue;
            }

            var point = vote.PointOf(line);
            if (record.Reported.Keys.Any(epoch => epoch >= vote.Epoch)) throw new BrokenPromise($"{record.Bank} signs {line.Size} leaves in epoch {vote.Epoch}, behind its report.");
            if (lines.Newest is { } last && (last.Size > line.Size || fold.History.RootAt(last.Size) != last.Root))
                throw new BrokenPromise($"{record.Bank} signs {line.Size} leaves, which do not go on from the {last.Size} that it signed before ({line.Kind}).");
            if (line.Size > fold.History.Size || fold.History.RootAt(line.Size) != line.Root) throw new BrokenPromise($"{record.Bank} signs {line.Size} leaves that it does not have.");
            if (vote.Epoch > sure.Epoch && sure.Size > 0 && (line.Size < sure.Size || fold.History.RootAt(sure.Size) != sure.Root))
                throw new BrokenPromise($"{record.Bank} signs {line.Size} leaves in epoch {vote.Epoch} against the {sure.Size} that a quorum committed to in epoch {sure.Epoch}.");
            if (line.Kind == VoteKind.Prepare) Prepares(record.Bank, point);
            else if (IsPrepared(point)) Commits(record.Bank, point);
            else throw new BrokenPromise($"{record.Bank} commits to {line.Size} leaves that no quorum prepared.");
            lines.Add(line.Size, line.Root);
        }
    }

    void Posts(Record record, Report report)
    {
        Reports++;
        var said = report.Certificate?.Block;
        if (record.Reported.TryGetValue(report.Epoch, out var before))
        {
            if (before != said && said?.CompareTo(before ?? default) is not > 0) throw new BrokenPromise($"{record.Bank} reports less of epoch {report.Epoch} than it did.");
        }

        // What an epoch before left above all that a quorum committed to in it, its reports need not tell of, and who goes on behind such reports lets go of it.
        if (record.HighestCommit(report.Epoch, auditor) is var (epoch, size) && (epoch == report.Epoch || size <= sureIn.GetValueOrDefault(epoch)) && (said is not { } block || (block.Epoch, block.Size).CompareTo((epoch, size)) < 0))
            throw new BrokenPromise($"{record.Bank} committed to {size} leaves in epoch {epoch}, and reports less: {said?.Size} of epoch {said?.Epoch}.");
        record.Reported[report.Epoch] = said;
    }

    void Prepares(PartyId bank, BlockPoint point)
    {
        Of(prepared, point).Add(bank);
        if (!first.TryAdd((point.Size, point.Root), point.Epoch) && first[(point.Size, point.Root)] < point.Epoch) again.Add(point);
    }

    void Commits(PartyId bank, BlockPoint point)
    {
        Of(committed, point).Add(bank);
        if (!IsOfQuorum(point, Of(committed, point))) return;
        sureIn[point.Epoch] = Math.Max(sureIn.GetValueOrDefault(point.Epoch), point.Size);
        if (point.CompareTo(sure) > 0) sure = point;
    }

    bool IsPrepared(BlockPoint point) => IsOfQuorum(point, Of(prepared, point));

    // With whatever the liar signs, while it is a validator.
    bool IsOfQuorum(BlockPoint point, HashSet<PartyId> signers)
    {
        var set = auditor.Voting(point.Size);
        return signers.Count(bank => set.KeyOf(bank) is not null) + (liar is { } signs && set.KeyOf(signs) is not null ? 1 : 0) >= set.Quorum;
    }

    static HashSet<PartyId> Of(Dictionary<BlockPoint, HashSet<PartyId>> signed, BlockPoint point)
    {
        if (!signed.TryGetValue(point, out var banks)) signed[point] = banks = [];
        return banks;
    }

    sealed class Record(PartyId bank)
    {
        readonly Dictionary<(VoteKind, uint), Lines> lines = [];

        public PartyId Bank => bank;

        public Dictionary<uint, BlockPoint?> Reported { get; } = [];

        public Lines Of(VoteKind kind, uint epoch)
        {
            if (!lines.TryGetValue((kind, epoch), out var found)) lines[(kind, epoch)] = found = new();
            return found;
        }

        // A bank remembers its last commit alone; once something else is final in its place, nothing of those before it must be told, for they are final too, or never will be.
        public (uint Epoch, ulong Size)? HighestCommit(uint upTo, Auditor auditor)
        {
            var commits = lines.Where(one => one.Key.Item1 == VoteKind.Commit && one.Key.Item2 <= upTo && one.Value.Newest is not null).ToArray();
            if (commits.Length == 0) return null;
            var ((_, epoch), highest) = commits.MaxBy(static one => one.Key.Item2);
            return highest.Newest is not var (size, root) || auditor.Excludes(size, root) ? null : (epoch, size);
        }
    }

    /// <summary>What a bank signed of one kind in one epoch, each behind what it signed before.</summary>
    sealed class Lines
    {
        readonly Dictionary<ulong, Hash256> roots = [];

        public (ulong Size, Hash256 Root)? Newest { get; private set; }

        public Hash256? RootOf(ulong size) => roots.TryGetValue(size, out var root) ? root : null;

        public void Add(ulong size, Hash256 root)
        {
            roots.Add(size, root);
            Newest = (size, root);
        }
    }
}
