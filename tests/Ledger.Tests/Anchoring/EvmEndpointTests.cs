using Ledger.Evm;

namespace Ledger.Tests.Anchoring;

/// <summary>What one endpoint answers, and what it may not.</summary>
public sealed class EvmEndpointTests : IAsyncDisposable
{
    readonly AnchoredWorld world = new();
    readonly StubChain stub;

    public EvmEndpointTests() => stub = new(world);

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(nameof(Manner.Hangs), EvmFaultKind.NotReached, "no answer in time")]
    [InlineData(nameof(Manner.Empty), EvmFaultKind.Malformed, "an empty answer")]
    [InlineData(nameof(Manner.NoJson), EvmFaultKind.Malformed, "no JSON")]
    [InlineData(nameof(Manner.TooMany), EvmFaultKind.Refused, "daily request count exceeded")]
    [InlineData(nameof(Manner.Broken), EvmFaultKind.NotReached, "HTTP 500")]
    [InlineData(nameof(Manner.OtherId), EvmFaultKind.Malformed, "another id")]
    [InlineData(nameof(Manner.NoResult), EvmFaultKind.Malformed, "without a result")]
    [InlineData(nameof(Manner.Endless), EvmFaultKind.Malformed, "more than")]
    public async Task Every_bad_answer_has_its_name(string manner, EvmFaultKind kind, string words)
    {
        using var endpoint = new EvmEndpoint(await stub.AddAsync(Enum.Parse<Manner>(manner)), TimeSpan.FromSeconds(kind == EvmFaultKind.NotReached ? 1 : 30));

        var fault = await Assert.ThrowsAsync<EvmException>(() => endpoint.AskAsync("eth_chainId", [], Cancel));

        Assert.Equal(kind, fault.Kind);
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_there_is_no_answer_and_the_path_of_an_address_is_told_to_nobody()
    {
        using var endpoint = new EvmEndpoint(new("http://127.0.0.1:9/v3/secret"), TimeSpan.FromSeconds(30));

        var fault = await Assert.ThrowsAsync<EvmException>(() => endpoint.AskAsync("eth_chainId", [], Cancel));

        Assert.Equal(EvmFaultKind.NotReached, fault.Kind);
        Assert.DoesNotContain("secret", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_asks_can_stop_asking()
    {
        using var endpoint = new EvmEndpoint(await stub.AddAsync(Manner.Hangs), TimeSpan.FromMinutes(5));
        using var stop = new CancellationTokenSource();
        var asking = endpoint.AskAsync("eth_chainId", [], stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    [Theory]
    [InlineData("already known", SendAnswer.Taken)]
    [InlineData("transaction already imported", SendAnswer.Taken)]
    [InlineData("AlreadyKnown", SendAnswer.Taken)]
    [InlineData("nonce too low: next nonce 5, tx nonce 4", SendAnswer.NonceUsed)]
    [InlineData("OldNonce", SendAnswer.NonceUsed)]
    [InlineData("replacement transaction underpriced", SendAnswer.Underpriced)]
    [InlineData("max fee per gas less than block base fee: address 0x0, maxFeePerGas: 1", SendAnswer.Underpriced)]
    [InlineData("FeeTooLow, MaxFeePerGas too low", SendAnswer.Underpriced)]
    [InlineData("insufficient funds for gas * price + value: balance 0", SendAnswer.NoFunds)]
    [InlineData("Upfront cost exceeds account balance", SendAnswer.NoFunds)]
    [InlineData("exceeds block gas limit", SendAnswer.NotTaken)]
    public void Programs_of_chains_are_known_by_their_words(string words, SendAnswer answer) => Assert.Equal(answer, EvmChain.AnswerOf(new(EvmFaultKind.Refused, words)));

    public async ValueTask DisposeAsync()
    {
        await stub.DisposeAsync();
        world.Dispose();
    }
}
