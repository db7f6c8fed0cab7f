using Ledger.Core.State;
using Ledger.Node;
using Ledger.Tests.Http;
using static Ledger.Tests.World;

namespace Ledger.Tests.Hosting;

/// <summary>A transaction has one answer, for ever and for everybody who sends it, however far behind the read model is.</summary>
public sealed class RecentAnswersTests
{
    [Fact]
    public void What_the_read_model_has_is_asked_there_though_later_blocks_held_nothing_new()
    {
        using var world = new World();
        var recent = new RecentAnswers(world.Fold.Last.Header.Height);
        var transaction = world.Sign(world.Draft(A, new Core.Rules.WithdrawOffer(world.New<Core.Instruments.Offer>())));
        var first = world.Append(transaction);
        recent.Take(first, viewed: first.Block.Header.Height - 1);
        var body = first.Answers[0].Transaction!.Body;
        Assert.NotNull(recent.Find(body.Party, body.Id));
        Assert.Equal(first.Block.Header.Height - 1, recent.Since);

        // The same again: a block, and no entry. The read model has the first and not yet the second.
        var again = world.Append(transaction);
        Assert.Equal(Refusal.AlreadyAnswered, again.Answers[0].Code);
        recent.Take(again, viewed: first.Block.Header.Height);

        Assert.Null(recent.Find(body.Party, body.Id));
        Assert.Equal(first.Block.Header.Height, recent.Since);
    }

    [Fact]
    public void What_expired_before_the_read_model_had_it_is_waited_for_there()
    {
        using var world = new World();
        var start = world.Fold.Last.Header.Height;
        var recent = new RecentAnswers(start);
        var first = world.Append(world.Sign(world.Draft(A, new Core.Rules.WithdrawOffer(world.New<Core.Instruments.Offer>()))));
        recent.Take(first, viewed: start);

        recent.Take(world.Pass(Core.Primitives.Timestamp.Hour), viewed: start);

        Assert.Equal(first.Block.Header.Height, recent.Since);
    }
}

/// <summary>Over HTTP, with everything that a node does at once.</summary>
public sealed class SameAnswerTests(TestNode node) : IClassFixture<TestNode>
{
    [Fact]
    public async Task A_thousand_who_send_the_same_at_once_all_get_the_first_answer()
    {
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = 64 };
        using var http = new HttpClient(handler) { BaseAddress = node.Address };
        var api = new Ledger.Client.Api.LedgerApi(http);
        var transaction = node.Sign(TestNode.Draft(node.X, node.Attestation(node.A, node.C, 5)), node.A);

        var answers = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(_ => api.SubmitAsync(transaction, wait: true, TestNode.Cancel)));

        Assert.All(answers, answer => Assert.Equal(Refusal.None, answer.Code));
        Assert.Single(answers.Select(answer => answer.Body.GetProperty("leaf").GetUInt64()).Distinct());
    }
}
