using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;

namespace Ledger.Simulation.Banks;

/// <summary>
/// What the banks decide by votes during a run: one is let in, one leaves, a node key gives way to another. Never so that one bank that lies were more than the others can bear, or one that lost its ballot were needed.
/// </summary>
sealed class Council(Cluster cluster, PartyId? liar, int pace)
{
    const int MostAtOnce = 2;
    const int Least = 3;

    readonly List<(Propose Said, PartyId By, Timestamp Until)> underWay = [];

    Random Chance => cluster.Chance;

    LedgerState State => cluster.Auditor.State;

    /// <summary>Whether a bank may lose its ballot: what is decided meanwhile must not make it one without which nothing becomes final.</summary>
    public bool MayLose => cluster.Auditor.Set.Quorum < cluster.Auditor.Set.Count && !UnderWay(ProposalAction.ValidatorRemove).Any();

    /// <summary>What the banks' clerks send next: votes on what was proposed, and now and then a proposal.</summary>
    public IEnumerable<byte[]> Next(Timestamp now)
    {
        underWay.RemoveAll(one => State.Proposal(one.Said.Proposal) is { } known ? !known.IsPending : State.Now > one.Until);
        foreach (var proposal in State.PendingProposals.ToArray())
        {
            foreach (var voter in State.Validators)
            {
                if (proposal.HasVoteOf(voter.Bank) || Chance.Next(2) == 0) continue;
                yield return Sign(now, voter.Bank, new VoteOn(proposal.Id, IsFor: Chance.Next(12) > 0));
            }
        }

        if (underWay.Count == MostAtOnce || Chance.Next(3 * pace) > 0 || Proposal(now) is not var (said, by)) yield break;
        underWay.Add((said, by, now.Add(20 * Timestamp.Minute)));
        yield return Sign(now, by, said);
    }

    (Propose Said, PartyId By)? Proposal(Timestamp now)
    {
        PartyId[] honest = [.. State.Validators.Select(static validator => validator.Bank).Where(bank => bank != liar)];
        var by = honest[Chance.Next(honest.Length)];
        switch (Chance.Next(4))
        {
            case 0 when cluster.Banks.FirstOrDefault(bank => State.Validator(bank.Bank) is null) is { } comes && UnusedKeys(comes.Bank).ToArray() is { Length: > 0 } keys:
                return (Changes(now, ProposalAction.ValidatorAdd, comes.Bank, comes.Bank, keys[Chance.Next(keys.Length)]), by);
            case 1 when Leaves(honest) is { } leaves:
                return (Changes(now, ProposalAction.ValidatorRemove, leaves, leaves, null), by);
            case > 1 when UnusedKeys(by).ToArray() is { Length: > 0 } keys:
                return (Changes(now, ProposalAction.NodeKeyRotate, null, by, keys[0]), by);
            default:
                return null;
        }
    }

    // With a liar that stays there must be three others for it; and where one remembers nothing of its votes, all but it must be enough.
    PartyId? Leaves(PartyId[] honest)
    {
        var left = State.Validators.Count() - 1 - UnderWay(ProposalAction.ValidatorRemove).Count();
        if (liar is { } liesStill && State.Validator(liesStill) is not null)
        {
            if (left >= Least && Chance.Next(3) == 0) return liesStill;
            if (left <= Least) return null;
        }

        return left < Least || cluster.Banks.Any(static bank => bank.HasLost) ? null : honest[Chance.Next(honest.Length)];
    }

    IEnumerable<Propose> UnderWay(ProposalAction action) => underWay.Select(static one => one.Said).Where(said => said.Action == action);

    IEnumerable<ByteString> UnusedKeys(PartyId bank) => cluster.Consortium.NodeKeysOf(bank).Where(key => !State.IsKnown(key) && underWay.TrueForAll(one => one.Said.NodeKey != key));

    Propose Changes(Timestamp now, ProposalAction action, PartyId? named, PartyId bank, ByteString? nodeKey) => new(
        cluster.Business.New<Proposal>(now), action, now.CeilingMinute().Add(Timestamp.Hour), named, NodeKey: nodeKey, Proof: nodeKey is { } key ? cluster.Consortium.ProofOf(bank, key) : null);

    byte[] Sign(Timestamp now, PartyId bank, Operation operation) =>
        cluster.Business.Sign(now, bank, operation, operation is Propose { Action: ProposalAction.ValidatorAdd, Party: { } comes } ? [comes] : []);
}
