using Ledger.Core.Chain;
using Ledger.Core.State;

namespace Ledger.Tests.Voting;

/// <summary>An order that stands still or breaks ends its epoch, and nothing that was final goes with it.</summary>
[Collection(Networks.Name)]
public sealed class EpochTests
{
    [Fact]
    public async Task Where_nothing_becomes_final_a_quorum_ends_the_epoch_and_goes_on_from_what_it_had()
    {
        await using var network = VotingNetwork.Started(new Hurried());
        var (first, second, third) = (network.Banks[0], network.Banks[1], network.Banks[2]);
        var before = await first.SubmitAsync(network.Act(first.Bank, 1));
        await network.AgreeAsync(before.Height!.Value);
        await third.KillAsync();
        await network.Banks[3].KillAsync();

        var waits = first.SubmitAsync(network.Act(first.Bank, 2));
        await network.UntilAsync(() => first.Ledger.Silence is not null && second.Ledger.Silence is not null);
        third.Start();
        await network.UntilAsync(() => first.Loop.Epoch == 2 && second.Loop.Epoch == 2 && third.Loop.Epoch == 2);
        Assert.Equal(Refusal.EpochEnded, (await waits).Code);

        var after = await second.SubmitAgainAsync(network.Act(second.Bank, 3));
        Assert.True(after.IsAccepted, $"{after.Code}");
        await network.AgreeAsync(after.Height!.Value);
        Assert.Equal(2U, first.Loop.Reader.View.State.Ordering.Number);
        Assert.Equal(before.Leaf, third.Loop.Reader.FirstAnswer(first.Bank, before.Transaction!.Body.Id)?.Leaf);

        // Who slept through it all enters the new epoch by what was put up for all.
        network.Banks[3].Start();
        await network.AgreeAsync(after.Height.Value);
        Assert.Equal(2U, network.Banks[3].Loop.Epoch);
    }

    [Fact]
    public async Task An_order_that_lost_what_it_had_told_is_left_with_its_epoch()
    {
        await using var network = VotingNetwork.Started(new Hurried());
        var first = network.Banks[0];
        var acts = Enumerable.Range(1, 4).Select(n => network.Act(first.Bank, (ulong)n)).ToArray();
        var revision = 0L;
        var answers = new List<ulong?>();
        foreach (var act in acts)
        {
            revision = revision == 0 && answers.Count == 2 ? network.Etcd.Revision : revision;
            answers.Add((await first.SubmitAsync(act)).Leaf);
        }

        await network.AgreeAsync(first.Height);
        network.Etcd.GoBackTo(revision);
        network.Etcd.Put(new Ledger.Node.Ordering.Etcd.OrderKeys(network.Founding.Genesis.Chain.ChainId, 1).Of(first.Bank, 99), "junk"u8);

        await network.UntilAsync(() => network.Banks.All(bank => bank.Loop.Epoch == 2));
        var last = await network.Banks[3].SubmitAgainAsync(network.Act(network.Banks[3].Bank, 9));
        Assert.True(last.IsAccepted, $"{last.Code}");
        await network.AgreeAsync(last.Height!.Value);
        foreach (var (act, leaf) in acts.Zip(answers)) Assert.Equal(leaf, (await first.SubmitAgainAsync(act)).Leaf);
    }

    [Fact]
    public async Task A_bank_that_lost_its_ballot_follows_and_signs_nothing_in_the_epoch_in_which_it_came_back()
    {
        await using var network = VotingNetwork.Started(new Hurried());
        var (first, lost) = (network.Banks[0], network.Banks[3]);
        await network.AgreeAsync((await first.SubmitAsync(network.Act(first.Bank, 1))).Height!.Value);
        await lost.KillAsync();
        lost.Disk[FolderLayout.Ballot] = [];
        lost.Start();
        Assert.NotNull(lost.Ledger.Silence);
        Assert.Null(lost.Ledger.Mine);

        var height = (await first.SubmitAsync(network.Act(first.Bank, 2))).Height!.Value;
        await network.AgreeAsync(height);
        await network.UntilAsync(() => lost.Told.Any(line => line.Contains("has its ballot again", StringComparison.Ordinal)));
        Assert.Contains("epoch 2", lost.Ledger.Silence?.English, StringComparison.Ordinal);
        Assert.Null(lost.Ledger.Mine);

        // When the epoch ends it votes again: three are left, and it is one of them.
        await network.Banks[1].KillAsync();
        var waits = first.SubmitAsync(network.Act(first.Bank, 3));
        await network.UntilAsync(() => first.Loop.Epoch == 2 && lost.Loop.Epoch == 2);
        await waits;
        var answer = await lost.SubmitAgainAsync(network.Act(lost.Bank, 4));
        Assert.True(answer.IsAccepted, $"{answer.Code}");
        Assert.Null(lost.Ledger.Silence);
    }

    [Fact]
    public async Task A_bank_taken_back_to_an_older_disk_signs_nothing_against_what_it_signed()
    {
        await using var network = VotingNetwork.Started();
        var (first, other) = (network.Banks[0], network.Banks[3]);
        await network.AgreeAsync((await first.SubmitAsync(network.Act(first.Bank, 1))).Height!.Value);
        await other.KillAsync();
        var older = other.Disk.Copy();
        other.Start();
        var height = (await other.SubmitAsync(network.Act(other.Bank, 2))).Height!.Value;
        await network.AgreeAsync(height);
        await other.KillAsync();

        // As a backup is: everything but what says how far it signed and read.
        foreach (var name in new[] { FolderLayout.Ballot, FolderLayout.OrderPosition, FolderLayout.Outbox, FolderLayout.Pending }) older[name] = [];
        other.Disk = older;
        other.Start();
        await network.AgreeAsync(height);
        Assert.All(network.Banks, bank => Assert.Equal(0, bank.Ledger.EvidenceKept));
        Assert.True((await first.SubmitAsync(network.Act(first.Bank, 3))).IsAccepted);
    }
}
