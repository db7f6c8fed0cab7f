using System.Net;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node;
using Ledger.Node.Monitoring;
using Ledger.Node.Ordering;
using Ledger.Node.Ordering.Etcd;
using Ledger.Tests.Ordering;
using Ledger.Tests.Storage;

namespace Ledger.Tests.Http;

/// <summary>What becomes of a node whose order is out of reach, or is not what it was.</summary>
public sealed class OrderTests
{
    [Fact]
    public async Task While_the_order_is_not_reached_transactions_are_refused_and_afterwards_they_are_taken()
    {
        var order = new FragileOrder();
        await using var node = new TestNode { Ordering = (_, _) => order };
        await node.InitializeAsync();
        var transaction = node.Sign(TestNode.Draft(node.X, node.Attestation(node.A, node.C, 5)), node.A);

        order.Trouble = new(IsBroken: false, "无应答", "nobody answers");
        Assert.Equal(503, (await node.RefusedAsync(Refusal.OrderNotReached, transaction)).HttpStatus);
        Assert.Equal((Refusal.OrderNotReached, "nobody answers"), (ReadinessChecks.Order(node.Loop).Why()?.Code, ReadinessChecks.Order(node.Loop).Why()?.English));

        // Who only reads is served, and whoever asks is told that acts are not taken.
        using (var health = await node.Api.ReadAsync("v1/health", TestNode.Cancel))
        {
            Assert.Equal("readsOnly", health?.RootElement.GetProperty("status").GetString());
            Assert.Equal((int)Refusal.OrderNotReached, health?.RootElement.GetProperty("trouble").GetProperty("code").GetInt32());
        }

        using (var standing = await node.Api.ReadAsync("v1/node", TestNode.Cancel))
        {
            Assert.False(standing?.RootElement.GetProperty("acts").GetBoolean());
            Assert.True(standing?.RootElement.GetProperty("reads").GetBoolean());
            Assert.Equal((int)Refusal.OrderNotReached, standing?.RootElement.GetProperty("next")[0].GetProperty("code").GetInt32());
        }

        using (var answer = await node.Http.PostAsync("/v1/transactions", new ByteArrayContent(transaction) { Headers = { ContentType = new("application/jose+json") } }, TestNode.Cancel))
            Assert.NotNull(answer.Headers.RetryAfter);

        order.Trouble = null;
        Assert.Null(ReadinessChecks.Order(node.Loop).Why());
        await node.AcceptedAsync(transaction);
    }

    [Fact]
    public async Task When_the_order_breaks_who_waits_is_told_nothing_more_is_taken_and_what_is_final_is_served()
    {
        var order = new FragileOrder();
        await using var node = new TestNode { Ordering = (_, _) => order };
        await node.InitializeAsync();
        var kept = node.Sign(TestNode.Draft(node.X, node.Attestation(node.A, node.C, 5)), node.A);
        await node.AcceptedAsync(kept);
        var height = node.Loop.Reader.View.Header.Height;

        // What was put is delivered no more.
        order.Holds = true;
        var waiting = node.Api.SubmitAsync(node.Sign(TestNode.Draft(node.X, node.Attestation(node.A, node.C, 6)), node.A), wait: true, TestNode.Cancel);
        await order.Held.WaitAsync(TimeSpan.FromSeconds(20), TestNode.Cancel);
        order.Break();

        Assert.Equal(Refusal.OrderBroken, (await waiting.WaitAsync(TimeSpan.FromSeconds(20), TestNode.Cancel)).Code);
        Assert.Equal(503, (await node.RefusedAsync(Refusal.OrderBroken, node.Sign(TestNode.Draft(node.X, node.Attestation(node.A, node.C, 7)), node.A))).HttpStatus);
        Assert.Equal(height, node.Loop.Reader.View.Header.Height);
        Assert.True((await node.AcceptedAsync(kept)).GetProperty("replayed").GetBoolean());
        using var health = await node.Http.GetAsync("/v1/health", TestNode.Cancel);
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
    }

    [Fact]
    public async Task Who_waits_longer_than_ten_seconds_hears_that_it_is_on_its_way_and_finds_the_answer_later()
    {
        var order = new FragileOrder();
        await using var node = new TestNode { Ordering = (_, _) => order };
        await node.InitializeAsync();
        Assert.Equal(TimeSpan.FromSeconds(10), node.Loop.AnswersWithin);
        node.Loop.AnswersWithin = TimeSpan.FromMilliseconds(50);
        var transaction = node.Sign(TestNode.Draft(node.X, node.Attestation(node.A, node.C, 6)), node.A);

        order.Holds = true;
        using (var answer = await node.Http.PostAsync("/v1/transactions", new ByteArrayContent(transaction) { Headers = { ContentType = new("application/jose+json") } }, TestNode.Cancel))
        {
            Assert.Equal((HttpStatusCode.Accepted, true), (answer.StatusCode, answer.Headers.Location is not null));
            using var pending = await node.Http.GetAsync(answer.Headers.Location, TestNode.Cancel);
            Assert.Equal(HttpStatusCode.Conflict, pending.StatusCode);
        }

        order.Break();
        await node.RefusedAsync(Refusal.OrderBroken, transaction);
    }

    [Fact]
    public async Task Who_waits_for_what_time_does_is_told_when_the_order_breaks()
    {
        var order = new FragileOrder();
        await using var node = new TestNode { Ordering = (_, _) => order };
        await node.InitializeAsync();
        await node.ReceivableAsync(300);

        order.Holds = true;
        var waiting = node.Loop.SetClockAsync(TestNode.Start.Add(400 * Timestamp.Day), TestNode.Cancel);
        await order.Held.WaitAsync(TimeSpan.FromSeconds(20), TestNode.Cancel);
        Assert.False(waiting.IsCompleted);
        order.Break();

        Assert.Equal(Refusal.OrderBroken, await waiting.WaitAsync(TimeSpan.FromSeconds(20), TestNode.Cancel));
    }

    [Fact]
    public async Task Transactions_whose_counter_a_batch_from_before_a_crash_has_are_sealed_again_behind_it()
    {
        var cluster = new FakeEtcd();
        NodeKey key = null!;
        await using var node = new TestNode
        {
            Ordering = (fold, nodeKey) =>
            {
                key = nodeKey;
                return new EtcdOrdering(fold, nodeKey, epoch: 1, cluster.Members, new MemoryStorage(), TimeProvider.System);
            },
        };
        await node.InitializeAsync();
        var next = node.Loop.Reader.View.State.Clock(node.X)?.NextCounter ?? 1;
        var unsigned = new Envelope(node.Genesis.Chain.ChainId, 1, node.X, next, TestNode.Start, 0, Envelope.DigestOf(node.Genesis.Chain.Suite, []), default);
        var before = new Batch(unsigned with { Signature = new(key.Sign(unsigned.SignedBytes())) }, []);
        cluster.Put(new OrderKeys(node.Genesis.Chain.ChainId, 1).Of(node.X, next), BatchValue.Write(before));

        await node.AcceptedAsync(node.Sign(TestNode.Draft(node.X, node.Attestation(node.A, node.C, 5)), node.A));

        Assert.Equal(next + 2, node.Loop.Reader.View.State.Clock(node.X)?.NextCounter);
    }

    /// <summary>The embedded order, with what can happen to another.</summary>
    sealed class FragileOrder : IOrdering
    {
        readonly EmbeddedOrdering order = new();
        readonly CancellationTokenSource broken = new();
        readonly TaskCompletionSource held = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int MaxBatchBytes => order.MaxBatchBytes;

        public OrderTrouble? Trouble { get; set; }

        /// <summary>Takes what is submitted and delivers nothing.</summary>
        public bool Holds { get; set; }

        public Task Held => held.Task;

        public void Break()
        {
            Trouble = new(IsBroken: true, "丢失", "a revision is missing");
            broken.Cancel();
        }

        public ulong FirstFree(ulong wanted) => order.FirstFree(wanted);

        public async ValueTask<bool> SubmitAsync(Batch batch, CancellationToken cancel)
        {
            if (Holds)
            {
                held.TrySetResult();
                return true;
            }

            return await order.SubmitAsync(batch, cancel);
        }

        public async IAsyncEnumerable<Batch> ReadAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, broken.Token);
            await using var batches = order.ReadAsync(either.Token).GetAsyncEnumerator(either.Token);
            while (await NextAsync(batches)) yield return batches.Current;
        }

        public void Took(Forgettable forgettable) => order.Took(forgettable);

        public void Dispose() => broken.Dispose();

        async ValueTask<bool> NextAsync(IAsyncEnumerator<Batch> batches)
        {
            try
            {
                return await batches.MoveNextAsync();
            }
            catch (OperationCanceledException) when (broken.IsCancellationRequested)
            {
                return false;
            }
        }
    }
}
