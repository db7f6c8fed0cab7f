using Ledger.Client.Text;
using Ledger.Core.Chain;
using Ledger.Core.Parties;
using Ledger.Core.Replay;
using Ledger.Core.State;

namespace Ledger.Client.ChainFolder;

/// <summary>One run through the segments of a chain, with what was counted on the way.</summary>
sealed class ChainVerification
{
    readonly ChainAudit audit;
    readonly Genesis genesis;
    readonly bool isChainIdTrusted;
    readonly IProgress<ChainProgress>? progress;
    readonly Action<FoldedBlock>? onBlock;
    ulong blocks, accepted, refused, skipped, checkpoints, signatures;
    long bytesDone, bytesTotal;
    readonly List<OrderingEpoch> resumed = [];
    readonly List<IReadOnlyList<Validator>> sets;

    public ChainVerification(Genesis genesis, bool isChainIdTrusted, bool verifySignatures, IProgress<ChainProgress>? progress, Action<FoldedBlock>? onBlock)
    {
        (this.genesis, this.isChainIdTrusted, this.progress, this.onBlock) = (genesis, isChainIdTrusted, progress, onBlock);
        audit = new(genesis, verifySignatures) { OnBlock = Count, OnCheckpoint = Count };
        sets = [[.. audit.Fold.State.Validators]];
    }

    public ChainVerdict Run(IReadOnlyList<SegmentFile> segments, PublishedLength? upTo)
    {
        bytesTotal = segments.Sum(segment => segment.Length);
        foreach (var segment in segments)
        {
            if (segment.IsTooLong) return Falsified(new(segment.Name, 0, AuditFaultKind.SegmentTooLong, Report().Height + 1));
            if (audit.Read(segment.Name, segment.Read()) is { } fault) return Falsified(fault);
            bytesDone += segment.Length;
        }

        return audit.Finish(segments[^1].Name) is { } uncovered ? Falsified(uncovered) : new ChainVerdict.Verified(Report(), upTo);
    }

    void Count(FoldedBlock block)
    {
        blocks++;
        signatures++;
        if (block.State.Ordering.FirstHeight == block.Block.Header.Height) resumed.Add(block.State.Ordering);
        if (block.State.ChangesValidators) sets.Add([.. block.State.Validators]);
        skipped += block.Block.Header.SkippedCount;
        foreach (var answer in block.Answers)
        {
            if (answer.Code == Refusal.None) accepted++;
            else refused++;
            signatures += (ulong)(answer.Transaction?.Signers.Count ?? 0);
        }

        onBlock?.Invoke(block);
        progress?.Report(new(block.Block.Header.Height, bytesDone, bytesTotal));
    }

    void Count(Note checkpoint)
    {
        checkpoints++;
        var certifying = genesis.PolicyOf(audit.Fold.State.Certifiers).Logs;
        signatures += (ulong)checkpoint.Signatures.Count(line => certifying.Any(key => key.KeyId == line.KeyId));
    }

    ChainVerdict Falsified(AuditFault fault)
    {
        if (fault.Kind == AuditFaultKind.ProtocolUnknown)
        {
            var height = audit.Fold.Last.Header.Height;
            return new ChainVerdict.CannotBeChecked(
                $"至高度 {height} 核验通过；{fault.Kind.Says(Language.Chinese)}", $"verified to height {height}; {fault.Kind.Says(Language.English)}");
        }

        var (chinese, english) = (fault.Kind.Says(Language.Chinese), fault.Kind.Says(Language.English));
        if (fault.Leaf is { } leaf)
        {
            chinese = $"{chinese}：{leaf.Kind.Says(Language.Chinese)}";
            english = $"{english}: {leaf.Kind.Says(Language.English)}";
        }

        return new ChainVerdict.Falsified(new(fault.File, fault.Offset, fault.Height, fault.Leaf?.Leaf, chinese, english) { IsAtTheEnd = fault.Kind == AuditFaultKind.TornTail }, Report());
    }

    // Block 0 is derived, not folded; it counts once anything was read.
    ChainReport Report() => new(
        genesis, isChainIdTrusted, audit.Fold.Checkpoint, audit.Fold.Last.Header.Height, audit.Fold.Last.Header.Time, blocks + 1, accepted, refused, skipped,
        checkpoints, signatures, bytesDone, resumed)
    {
        Validators = [.. audit.Fold.State.Validators],
        ValidatorSet = audit.Fold.State.ValidatorChange?.Number ?? 1,
        EverySet = [.. sets],
        History = audit.Fold.History,
    };
}
