using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Health;
using static Ledger.Tests.World;

namespace Ledger.Tests.Health;

/// <summary>What an operator is told to do, by how a node stands.</summary>
public sealed class NextStepTests
{
    static readonly Timestamp Now = new(1_790_000_000_000);
    static readonly Timestamp Later = Now.Add(90 * 24 * 60 * Timestamp.Minute);
    static readonly Timestamp Soon = Now.Add(3 * 24 * 60 * Timestamp.Minute);

    static NodeStanding Well { get; } = new()
    {
        Bank = X,
        Version = "1",
        Order = OrderKind.Etcd,
        Time = Now,
        Height = 7,
        Leaves = 20,
        Root = default,
        Epoch = 1,
        Reads = true,
        Folded = 7,
        Quorum = 3,
        Banks = [Bank(X, isOwn: true), Bank(Y), Bank(Z), Bank(W)],
        Members = [Member("m1", isLeader: true), Member("m2"), Member("m3")],
        Certificates = [new(CertificateUse.Peers, Later), new(CertificateUse.Etcd, Later)],
    };

    [Fact]
    public void A_node_that_joined_from_a_snapshot_is_to_run_until_what_came_before_is_verified()
    {
        var step = Assert.Single(NextStep.Of(Well with { Joined = (9, 4) }));
        Assert.Contains("verified up to height 4", step.English, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_own_verification_was_wrong_the_chain_is_to_be_verified_by_the_platform()
    {
        var step = Assert.Single(NextStep.Of(Well with { HasWrongVerification = true }));
        Assert.Contains("--verification platform", step.English, StringComparison.Ordinal);
        Assert.Contains("--verification platform", step.Chinese, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_history_on_a_chain_comes_before_everything_and_a_chain_that_is_not_reached_is_named()
    {
        var chain = new ChainStanding("sepolia", 11_155_111, "0x", "0x", 7, 13, Now, null, null, 0, null, 0, IsForked: false, Trouble: null);
        Assert.Empty(NextStep.Of(Well with { Anchors = [chain] }));

        var late = Assert.Single(NextStep.Of(Well with { Anchors = [chain with { Trouble = new(Refusal.AnchorNoQuorum, "没有", "none answers") }] }));
        Assert.Equal((Refusal.AnchorNoQuorum, "Anchors on sepolia: none answers"), (late.Code, late.English));

        var node = Well with { Trouble = new(Refusal.StorageFull, "满", "full"), Anchors = [chain with { Trouble = new(Refusal.AnchorContradicts, "另一份", "another") }] };
        Assert.Equal([Refusal.AnchorContradicts, Refusal.StorageFull], NextStep.Of(node).Select(step => step.Code));
        Assert.Contains("Another history", NextStep.Of(Well with { Anchors = [chain with { IsForked = true }] }).Single().English, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_all_is_well_nothing_is_to_be_done() => Assert.Empty(NextStep.Of(Well));

    [Fact]
    public void Whose_votes_are_missing_is_said_by_name()
    {
        var node = Well with
        {
            Trouble = new(Refusal.FinalityStalled, "等待", "it waits"),
            Banks = [Bank(X, isOwn: true), Bank(Y), Bank(Z) with { IsAwaited = true }, Bank(W) with { IsAwaited = true }],
        };

        var step = Assert.Single(NextStep.Of(node));
        Assert.Equal(Refusal.FinalityStalled, step.Code);
        Assert.Contains($"{Z}, {W}", step.English, StringComparison.Ordinal);
        Assert.Contains($"{Z}、{W}", step.Chinese, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Refusal.OrderNotReached, "majority")]
    [InlineData(Refusal.OrderBroken, "next epoch")]
    [InlineData(Refusal.NodeNotAValidator, "vote")]
    [InlineData(Refusal.StorageFull, "Make room")]
    public void Each_trouble_has_its_own_step_under_its_number(Refusal code, string says)
    {
        var step = Assert.Single(NextStep.Of(Well with { Trouble = new(code, "某事", "something") }));
        Assert.Equal(code, step.Code);
        Assert.Contains(says, step.English, StringComparison.Ordinal);
        Assert.NotEqual(step.English, step.Chinese);
    }

    [Fact]
    public void A_broken_order_of_one_validator_is_left_by_hand() =>
        Assert.Contains("ledger node resume", Assert.Single(NextStep.Of(Well with { Banks = [Bank(X, isOwn: true)], Trouble = new(Refusal.OrderBroken, "某事", "something") })).English, StringComparison.Ordinal);

    [Fact]
    public void A_member_that_is_out_of_space_and_one_that_is_gone_are_told()
    {
        var node = Well with { Members = [Member("m1", isLeader: true), Member("m2") with { Alarms = ["NOSPACE"] }, Member("m3") with { Answers = false, Trouble = ("未应答", "no answer") }] };

        var told = NextStep.Of(node);
        Assert.Equal(2, told.Count);
        Assert.Contains("m2 is out of space", told[0].English, StringComparison.Ordinal);
        Assert.Contains("m3 does not answer", told[1].English, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fingerprint_key_that_the_bank_lacks_is_told_with_the_command_that_puts_it_there()
    {
        var step = Assert.Single(NextStep.Of(Well with { KeyEpochs = [new(1, default, null, HasKey: true), new(2, default, null, HasKey: false)] }));
        Assert.Equal(Refusal.EpochKeyMissing, step.Code);
        Assert.All((string[])[step.English, step.Chinese], text => Assert.Contains("ledger epoch take 2", text, StringComparison.Ordinal));
    }

    [Fact]
    public void A_certificate_is_told_of_two_weeks_before_its_end()
    {
        var node = Well with { Certificates = [new(CertificateUse.Peers, Soon), new(CertificateUse.Etcd, Later)], Banks = [Bank(X, isOwn: true), Bank(Y, Soon), Bank(Z), Bank(W)] };

        var told = NextStep.Of(node);
        Assert.Equal(2, told.Count);
        Assert.Contains("among peers ends in 3 days", told[0].English, StringComparison.Ordinal);
        Assert.Contains(Y.Text, told[1].English, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_signed_against_the_rules_comes_before_all_else()
    {
        var node = Well with { SplitViews = 1, Breaches = [new(X, 1, "evidence/one"), new(Y, 1, "evidence/other")], Trouble = new(Refusal.StorageFull, "某事", "something") };

        Assert.Collection(NextStep.Of(node), step => Assert.Contains("split view", step.English, StringComparison.Ordinal), step => Assert.Contains("evidence", step.English, StringComparison.Ordinal), step => Assert.Equal(Refusal.StorageFull, step.Code));
    }

    static BankStanding Bank(PartyId bank, bool isOwn = false) => Bank(bank, Later, isOwn);

    static BankStanding Bank(PartyId bank, Timestamp until, bool isOwn = false) =>
        new(bank, isOwn, Validates: true, new(1, Now, 7, 20, 20), IsAwaited: false, HasReported: false, isOwn ? null : new("https://bank", 7, 0, 1, "1", Now, until, IsFalse: false, null));

    static MemberStanding Member(string address, bool isLeader = false) => new(address, Answers: true, isLeader, 9, 1 << 20, 1 << 19, "3.4.23", Now, [], null);
}
