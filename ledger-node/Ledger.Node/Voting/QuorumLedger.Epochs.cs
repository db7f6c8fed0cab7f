using System.Diagnostics;
using Ledger.Core.Finality;
using Ledger.Node.Ordering;

namespace Ledger.Node.Voting;

/// <summary>How an epoch ends and the next begins: this bank gives it up, a quorum's reports close it, and the ledger goes on behind the block that they name.</summary>
sealed partial class QuorumLedger
{
    /// <summary>Between the turns of the banks to put up the reports by which an epoch ends.</summary>
    public static readonly TimeSpan Turn = TimeSpan.FromSeconds(5);

    /// <summary>Reports of a quorum by which an epoch ended, wherever they come from; false where they are none, as far as this bank can know.</summary>
    public bool TakeClosing(ReadOnlyMemory<byte> octets)
    {
        if (Core.Finality.Closing.Read(octets.Span, set, line.Settled, Epoch) is not { } closing) return false;
        Enter(closing);
        return true;
    }

    // What was missing may be there now.
    void GoOn()
    {
        if (ending is { } next) Enter(next.Closing);
    }

    /// <summary>Nothing more comes of the epoch's order: it is given up, and what it ended with must come from other banks.</summary>
    public void OrderEnded()
    {
        isOrderOver = true;
        GiveUp();
        GoOn();
    }

    /// <summary>Gives the epoch up: this bank signs no block in it any more, and tells the highest certificate that it knows.</summary>
    public void GiveUp()
    {
        givesUp = true;
        if (ballot is not { } mine || fork is not null || !IsMember || !hasHeard) return;
        var given = mine.Standing == BallotStanding.HasReported
            ? mine
            : mine.Report(line.Waiting.Select(one => tally.CertificateOf(PointOf(one))).LastOrDefault(static certificate => certificate is not null));

        // What it committed to nobody may be able to judge any more, where others were the validators. What is final since tells more.
        if (given.Reported is { } said && !said.IsGood(set, line.Settled)) given = given.Report(new(line.Final, []));
        if (given != mine) Remember(ballot = given);
        if (mine.Standing != BallotStanding.HasReported)
            say($"epoch {Epoch} is given up at height {Height}, of which {Pending} blocks are not final. 本节点在高度 {Height} 结束第 {Epoch} 纪元，其中 {Pending} 个区块未终局。");

        var unsigned = new Report(set.ChainId, Epoch, key.Bank, given.Reported, default);
        var report = unsigned with { Signature = new(Signer.Sign(unsigned.SignedBytes())) };
        reports[key.Bank] = report;
        post(Posting.Report, report.Write());
        NoteReports();
    }

    /// <summary>Keeps a bank's last word in the epoch.</summary>
    public void Take(Report report)
    {
        if (report.Epoch != Epoch || reports.ContainsKey(report.Bank) || !report.IsGood(set, line.Settled)) return;
        if (report.Bank == key.Bank && ballot is { Standing: BallotStanding.Votes }) Lose();
        reports[report.Bank] = report;
        NoteReports();
    }

    void NoteReports()
    {
        if (reports.Count >= set.Quorum) reportedByQuorumAt ??= time.GetTimestamp();

        // So many that those who are left are no quorum: nothing more becomes final in this epoch, whether or not something waits here.
        if (reports.Count > set.Count - set.Quorum && !reports.ContainsKey(key.Bank)) GiveUp();
    }

    // Whose turn it is puts up the reports of a quorum; whoever is late finds that another did.
    void End()
    {
        if (reportedByQuorumAt is not { } since || Core.Finality.Closing.Of(set, line.Settled, Epoch, reports.Values) is not { } closing) return;
        var banks = line.State.Validators.Select(static validator => validator.Bank).ToList();
        var turn = (banks.IndexOf(key.Bank) - (int)((Epoch + 1) % (uint)banks.Count) + banks.Count) % banks.Count;
        var waited = time.GetElapsedTime(since);
        if (waited >= Turn * turn) post(Posting.End, closing.Write());

        // What stands in the place of the end may be nobody's word. Whoever enters from other reports is safe, and may find that it goes on alone.
        if (waited >= Turn * (banks.Count + 1)) Enter(closing);
    }

    // A bank that has not yet read up to where the epoch ended reads on, and asks for what is missing, and signs nothing more of it.
    void Enter(Closing closing)
    {
        if (fork is not null || closing.Epoch < Epoch) return;
        if (!hasHeard)
        {
            closedEarly = closing;
            return;
        }

        var reported = ballot?.Report(null) ?? Ballot.First(Epoch, line.Genesis).Report(null);
        var next = closing.Enter(reported, line.Genesis) ?? throw new UnreachableException("A closing of this epoch lets everybody in who reported.");
        if (closing.Epoch > Epoch || counted < next.Base.Size || (counted == next.Base.Size && line.Has(next.Base))) next = next.NotBefore(line, line.Final);
        var (final, @base) = (line.Final, next.Base);
        if (!isOrderOver && closing.Epoch == Epoch && !line.Has(@base) && !line.CanTakeBack(@base) && line.Size < @base.Size)
        {
            ending = (closing, @base);
            GiveUp();
            return;
        }

        if (final.Size > @base.Size || (final.Size == @base.Size && final.Root != @base.Root))
        {
            fork = new(
                IsBroken: true, $"法定多数上报的基准为 {@base.Size}，与已终局的 {final.Size} 相悖：超过三分之一的银行违反了规则，请立即停止并公布证据",
                $"a quorum reports that epoch {closing.Epoch} ends at {@base.Size} leaves, and {final.Size} are final here: more than a third of the banks broke the rules; stop and publish");
            say(fork.English);
            return;
        }

        // Whoever misses it may need it before this bank enters another; the ballot is written before the cut, which is done again where a crash came between.
        closings.Write(closing.Write());
        Begin(ballot is null ? null : next, next.Epoch, @base);
        line.Cut(line.IndexOf(@base) + 1);
        say($"epoch {Epoch} begins behind {@base.Size} leaves, height {Height}. 自 {@base.Size} 个叶子（高度 {Height}）之后进入第 {Epoch} 纪元。");
    }

    // A quorum made a block of a later epoch final: this bank missed how that began, and need not know.
    void EnterBehindFinal()
    {
        Begin(ballot?.EnterBehind(line.Final), line.Final.Epoch, line.Final);
        say($"epoch {Epoch} began without this node, which goes on in it behind {line.Final.Size} final leaves. 第 {Epoch} 纪元已在本节点之外开始，本节点自 {line.Final.Size} 个终局叶子之后加入。");
    }

    void Begin(Ballot? next, uint epoch, BlockPoint @base)
    {
        if (next is not null) Remember(ballot = next);
        (Epoch, begins, ending, isOrderOver, notGood) = (epoch, @base, null, false, default);
        (hasHeard, givesUp, closedEarly, counted) = (false, false, null, 0);
        tally = new(set, Epoch);
        said.Clear();
        newest.Clear();
        Mine = null;
        reports.Clear();
        (reportedByQuorumAt, finalSince) = (null, null);
        movedAt = time.GetTimestamp();
    }
}
