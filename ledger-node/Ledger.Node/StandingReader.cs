using System.Globalization;
using Ledger.Client.Text;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Anchoring;
using Ledger.Node.Documents;
using Ledger.Node.Health;
using Ledger.Node.Ordering.Etcd;
using Ledger.Node.Peers;
using Ledger.Node.Views;
using Ledger.Node.Voting;
using Ledger.Suites;

namespace Ledger.Node;

/// <summary>Brings together what a running node knows of itself, of the other banks, of what orders and of its certificates.</summary>
public sealed class StandingReader(NodeLoop node, DocumentService documents, ServerOptions options)
{
    /// <summary>Why a node takes no acts or makes none final; null while it does.</summary>
    public static NodeTrouble? TroubleOf(NodeLoop node)
    {
        if (node.OrderTrouble is { } order) return new(order.Refusal, order.Chinese, order.English);
        if (node.HoldsWrites) return new(Refusal.StorageFull, "磁盘空间不足，暂停接收交易", "no room on the disk: transactions are refused");
        if (node.Voting is not { IsStalled: true, Waits: { } waits } voting) return null;
        var seconds = (long)waits.TotalSeconds;
        return new(
            Refusal.FinalityStalled, string.Create(CultureInfo.InvariantCulture, $"{voting.Pending} 个区块等待法定多数（{voting.Quorum} 家）的票已 {seconds} 秒，没有新的终局"),
            string.Create(CultureInfo.InvariantCulture, $"nothing becomes final: blocks that wait for the votes of a quorum of {voting.Quorum}: {voting.Pending}, the oldest for {seconds} s"));
    }

    /// <summary>Whether what is final is answered.</summary>
    public static bool Reads(NodeLoop node) => !node.IsStopping && node.Reader.Views.Standing == ViewsStanding.Following;

    public NodeStanding Now()
    {
        var ledger = node.Reader;
        var view = ledger.View;
        var voting = node.Voting;
        return new()
        {
            Bank = ledger.Bank,
            Version = NodeVersion.Text,
            Order = !node.Orders ? OrderKind.Peers : options.Etcd is null && voting is null ? OrderKind.Embedded : OrderKind.Etcd,
            Time = new(options.Time.GetUtcNow().ToUnixTimeMilliseconds()),
            Height = view.Header.Height,
            Leaves = view.Checkpoint.Checkpoint.Size,
            Root = view.Checkpoint.Checkpoint.Root,
            Epoch = voting?.Epoch ?? node.Epoch,
            Reads = Reads(node),
            Trouble = TroubleOf(node),
            IsOrderBroken = node.OrderTrouble is { IsBroken: true },
            Folded = voting?.Folded ?? view.Header.Height,
            Pending = voting?.Pending ?? 0,
            Waits = voting?.Waits,
            Quorum = voting?.Quorum ?? Core.Chain.Quorum.SizeOf(view.State.Validators.Count()),
            Silence = voting?.Silence,
            HasLostBallot = voting?.HasLostBallot ?? false,
            Breaches = [.. (voting?.Breaches ?? options.Peers?.Breaches ?? []).Select(static breach => new BreachKept(breach.Bank, breach.Epoch, breach.File))],
            HasWrongVerification = KnownSuites.Verification.Fault is not null,
            SplitViews = options.Peers?.SplitViews ?? 0,
            KeyEpochs = node.Orders ? [.. KeyEpochs(view.State)] : [],
            Joined = options.Joined?.Standing,
            Banks = [.. Banks(view, voting)],
            Members = [.. (options.Etcd?.All ?? []).Select(static member => Of(member))],
            Certificates = [.. Certificates()],
            Anchors = [.. options.Anchors().Select(one => Of(one, view.Checkpoint.Checkpoint.Size))],
        };
    }

    IEnumerable<KeyEpochStanding> KeyEpochs(LedgerState state)
    {
        var missing = documents.EpochsWithoutKey(state);
        return state.Epochs.Select(epoch => new KeyEpochStanding(
            epoch.Number, epoch.KeyCommitment, epoch.SealedKeys.Where(key => key.Bank == node.Reader.Bank).Select(static key => key.Sealed).FirstOrDefault(), !missing.Contains(epoch.Number)));
    }

    IEnumerable<BankStanding> Banks(NodeView view, VotingStanding? voting)
    {
        var peers = options.Peers?.All.ToDictionary(static peer => peer.Bank) ?? [];
        var validators = view.State.Validators.Select(static validator => validator.Bank).ToHashSet();
        foreach (var bank in validators.Union(peers.Keys).Append(node.Reader.Bank).Distinct().Order())
        {
            var vote = voting?.Votes.FirstOrDefault(one => one.Bank == bank);
            yield return new(
                bank, bank == node.Reader.Bank, validators.Contains(bank), vote is null ? null : new(vote.Sequence, vote.Clock, vote.DurableHeight, vote.Prepared, vote.Committed),
                voting?.Missing.Contains(bank) ?? false, voting?.Reported.Contains(bank) ?? false, peers.TryGetValue(bank, out var peer) ? Of(peer, view.Header.Height) : null);
        }
    }

    static PeerSeen Of(PeerRecord peer, ulong height) => new(
        peer.Address, peer.Status?.Height, peer.Status is { } status ? height - Math.Min(height, status.Height) : null, peer.Status?.Epoch, peer.Status?.Version, At(peer.LastSeen), At(peer.CertificateExpires),
        peer.Trouble?.IsLie == true, peer.Trouble is { } trouble ? (trouble.Kind.Says(Language.Chinese), trouble.Kind.Says(Language.English)) : null);

    static MemberStanding Of(MemberRecord member) => new(
        member.Address, member.Trouble is null && member.LastSeen is not null, member.IsLeader, member.Revision, member.StoredBytes, member.UsedBytes, member.Version, At(member.LastSeen), member.Alarms, member.Trouble);

    IEnumerable<CertificateStanding> Certificates()
    {
        if (options.Peers?.OwnExpires is { } peers) yield return new(CertificateUse.Peers, At(peers));
        if (options.Etcd?.CertificateExpires is { } etcd) yield return new(CertificateUse.Etcd, At(etcd));
        if (options.Certificate is { } api) yield return new(CertificateUse.Api, At(new DateTimeOffset(api.NotAfter)));
    }

    static ChainStanding Of(AnchorStanding one, ulong size) => new(
        one.Name, one.Chain, one.Contract.ToString(), one.Account.ToString(), one.Anchored, one.Anchored is { } anchored ? size - Math.Min(size, anchored) : null, one.AnchoredSince, one.FinalSize, one.Step?.ToString(),
        one.Attempts, one.Balance, one.SpentToday, one.IsForked, one.Trouble is { } trouble ? new(trouble.Code, trouble.Chinese, trouble.English) : null) { NotProven = one.Artifact?.NotProven };

    static Timestamp At(DateTimeOffset time) => new(time.ToUnixTimeMilliseconds());

    static Timestamp? At(DateTimeOffset? time) => time is { } known ? At(known) : null;
}
