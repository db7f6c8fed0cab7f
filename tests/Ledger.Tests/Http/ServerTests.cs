using System.Net;
using Ledger.Client.Api;
using Ledger.Core.State;
using Ledger.Node;

namespace Ledger.Tests.Http;

public sealed class ServerTests(TestNode node) : IClassFixture<TestNode>
{
    [Theory]
    [InlineData("ledger.example")]
    [InlineData("")]
    [InlineData("127.0.0.1:80")]
    public void What_is_no_address_is_not_listened_on(string host)
    {
        Assert.Null(node.Build(new(host, 0, NextFreePort: false), out var refusal));
        Assert.Equal(Refusal.BindAddressRefused, refusal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_a_fault_unless_the_next_free_one_will_do()
    {
        await using var other = node.Build(new("localhost", node.Address.Port, NextFreePort: false), out _)!;
        await Assert.ThrowsAnyAsync<IOException>(() => other.StartAsync(TestNode.Cancel));

        await using var next = node.Build(new("localhost", node.Address.Port, NextFreePort: true), out _)!;
        await next.StartAsync(TestNode.Cancel);
        var address = NodeServer.AddressOf(next);
        Assert.True(address.Port > node.Address.Port);
        using var http = new HttpClient { BaseAddress = address };
        Assert.Equal(node.Genesis.Chain.ChainId, (await new LedgerApi(http).HealthAsync(TestNode.Cancel)).ChainId);
    }

    [Fact]
    public async Task What_routing_refuses_is_a_problem_too()
    {
        var (unknown, notFound) = await node.ProblemAsync(new(HttpMethod.Get, "v1/nothing"));
        Assert.Equal((HttpStatusCode.NotFound, (int)Refusal.NotFound), (unknown, notFound.GetProperty("code").GetInt32()));

        var (wrongMethod, notAllowed) = await node.ProblemAsync(new(HttpMethod.Delete, "v1/health"));
        Assert.Equal((HttpStatusCode.MethodNotAllowed, (int)Refusal.MethodNotAllowed), (wrongMethod, notAllowed.GetProperty("code").GetInt32()));
    }

    [Theory]
    [InlineData("ledger.example")]
    [InlineData("192.168.1.10")]
    public async Task Only_loopbacks_own_names_are_served(string name)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "v1/health");
        request.Headers.Host = name;
        var (_, problem) = await node.ProblemAsync(request);

        Assert.Equal((int)Refusal.HostNotServed, problem.GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task The_server_does_not_say_what_it_is_made_of()
    {
        using var response = await node.Http.GetAsync("v1/health", TestNode.Cancel);

        Assert.Empty(response.Headers.Server);
        Assert.False(response.Headers.Contains("X-Powered-By"));
    }

    [Fact]
    public async Task Nobody_waits_for_a_node_that_has_stopped()
    {
        await using var stopped = new TestNode();
        await stopped.InitializeAsync();
        await stopped.StopLoopAsync();
        var transaction = stopped.Sign(TestNode.Draft(stopped.X, stopped.Attestation(stopped.A, stopped.C, 5)), stopped.A);

        var answer = await stopped.Api.SubmitAsync(transaction, wait: true, TestNode.Cancel);
        Assert.Equal((503, Refusal.NodeStopping), (answer.HttpStatus, answer.Code));

        var bulk = await stopped.Api.SubmitBulkAsync([transaction, "{}"u8.ToArray()], TestNode.Cancel);
        Assert.Equal([503, 400], bulk.Select(one => one.HttpStatus));
    }

    [Fact]
    public async Task A_node_that_is_not_there_is_told_apart_from_one_that_says_no()
    {
        using var http = new HttpClient { BaseAddress = new("http://127.0.0.1:1/") };
        await Assert.ThrowsAsync<NodeUnreachableException>(() => new LedgerApi(http).HealthAsync(TestNode.Cancel));

        var said = await Assert.ThrowsAsync<NodeAnsweredException>(() => node.Api.ReadAsync("v1/offers", TestNode.Cancel));
        Assert.Equal((400, Refusal.QueryInvalid), (said.Answer.HttpStatus, said.Answer.Code));
    }
}
