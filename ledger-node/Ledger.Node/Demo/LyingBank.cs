using Ledger.Client.Devnet;
using Ledger.Core.Chain;
using Ledger.Core.Finality;
using Ledger.Core.Primitives;
using Ledger.Node.Ordering;
using Ledger.Node.Ordering.Etcd;

namespace Ledger.Node.Demo;

/// <summary>A bank that puts something else in the place of its node: under its own key and certificate it says one thing to the others, and then another.</summary>
sealed class LyingBank(LocalNetwork network, LocalBank bank, Genesis genesis, uint epoch)
{
    /// <summary>Posts two votes for different histories of one size; returns when both were seen by everybody who watches.</summary>
    public async Task SignTwoHistoriesAsync(ulong size, CancellationToken cancel)
    {
        using var key = network.OpenNodeKey(bank);
        using var board = new EtcdBoard(genesis.Chain.ChainId, epoch, bank.Id, EtcdMember.Of(new(network.MemberUrls, network.AuthorityPath, bank.CertificatePath, bank.CertificateKeyPath)), TimeProvider.System);

        // The board gives each bank's newest, and then whatever changes: the second lie goes when the first is there.
        Vote? honest = null;
        await foreach (var told in board.ReadAsync(() => [bank.Id], cancel))
        {
            if (told is not { Kind: Posting.Vote } posted || !Vote.TryRead(posted.Octets.Span, out var vote) || vote.Bank != bank.Id) continue;
            honest ??= vote;
            var lies = vote.Sequence - honest.Sequence;
            if (lies == 2) return;
            var root = genesis.Chain.Suite.Hash([.. "a history that is none "u8, (byte)lies]);
            board.Post(Posting.Vote, Sign(honest with { Sequence = vote.Sequence + 1 }, size, root).Write());
        }

        Vote Sign(Vote before, ulong at, Hash256 root)
        {
            var line = new VoteLine(VoteKind.Prepare, at, root, new(key.Sign(Vote.PrepareBytes(genesis.Chain.ChainId, new(epoch, at, root)))));
            var vote = before with { Lines = [line] };
            return vote with { Signature = new(key.Sign(vote.SignedBytes())) };
        }
    }
}
