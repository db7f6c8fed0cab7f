using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Core.Primitives;

namespace Ledger.Evm;

/// <summary>The newest block that a quorum of endpoints has, and what a transaction must pay there at least; null on a chain without a base fee.</summary>
public readonly record struct EvmHead(ulong Number, ulong? BaseFee);

/// <summary>What became of a transaction that is in a block.</summary>
public readonly record struct EvmReceipt(ulong Block, Hash256 BlockHash, bool Succeeded, ulong GasUsed, UInt128 Price);

/// <summary>One log of a contract, in the order of the chain.</summary>
public sealed record EvmLog(ulong Block, Hash256 BlockHash, ulong Index, ValueList<Hash256> Topics, ByteString Data);

/// <summary>What an endpoint said to a transaction that it was given.</summary>
public enum SendAnswer
{
    /// <summary>Taken, or known already.</summary>
    Taken,

    /// <summary>Its nonce is used up.</summary>
    NonceUsed,

    /// <summary>It pays too little: for the chain of now, or to take the place of one of the same nonce.</summary>
    Underpriced,

    /// <summary>The account cannot pay for it.</summary>
    NoFunds,

    /// <summary>No endpoint took it, for another reason or for none.</summary>
    NotTaken,
}

/// <summary>
/// A chain as several endpoints tell it that have nothing to do with each other: what a quorum of them says alike, more than half. One that lies, is slow
/// or is dead is outvoted; where that leaves no quorum there is no answer.
/// </summary>
public sealed class EvmChain(ulong id, IReadOnlyList<EvmEndpoint> endpoints) : IDisposable
{
    volatile IReadOnlyList<EvmEndpoint> heard = [];

    public ulong Id => id;

    public int Quorum => (endpoints.Count / 2) + 1;

    /// <summary>
    /// Asks every endpoint for which chain it speaks; from then on only those are asked that speak for this one. An address that was ours yesterday may lead elsewhere today, so this comes before
    /// whatever is decided together.
    /// </summary>
    /// <exception cref="EvmException">Fewer than a quorum do.</exception>
    public async Task ConfirmAsync(CancellationToken cancel)
    {
        var said = await EachAsync(endpoints, "eth_chainId", static () => [], EvmText.Number, cancel);
        heard = [.. said.Where(one => one.Fault is null && one.Value == id).Select(static one => one.Endpoint)];
        if (heard.Count >= Quorum) return;
        var others = said.Where(one => one.Fault is null && one.Value != id).Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Endpoint.Name}: chain {one.Value}")).ToArray();
        throw others.Length > 0 ? new(EvmFaultKind.OtherChain, string.Join("; ", others)) : TooFew(said.Select(static one => one.Fault));
    }

    public async Task<EvmHead> HeadAsync(CancellationToken cancel)
    {
        var blocks = await EachAsync(
            heard, "eth_getBlockByNumber", static () => ["latest", false],
            static block => new EvmHead(EvmText.Number(EvmText.Member(block, "number")), EvmText.Maybe(block, "baseFeePerGas") is { } fee ? EvmText.Number(fee) : null), cancel);
        return Shared(blocks, static head => head.Number);
    }

    /// <summary>The newest block that the chain will not take back; null where it does not say.</summary>
    public async Task<ulong?> FinalizedAsync(CancellationToken cancel)
    {
        var blocks = await EachAsync(heard, "eth_getBlockByNumber", static () => ["finalized", false], static block => EvmText.Number(EvmText.Member(block, "number")), cancel);
        return blocks.Count(static one => one.Fault is null) >= Quorum ? Shared(blocks, static number => number) : null;
    }

    /// <summary>What goes to whoever makes the block, as the endpoints advise; null where they advise nothing.</summary>
    public async Task<ulong?> TipAsync(CancellationToken cancel)
    {
        var tips = await EachAsync(heard, "eth_maxPriorityFeePerGas", static () => [], EvmText.Number, cancel);
        return tips.Count(static one => one.Fault is null) >= Quorum ? Shared(tips, static tip => tip) : null;
    }

    /// <summary>The price of gas on a chain without a base fee.</summary>
    public async Task<ulong> GasPriceAsync(CancellationToken cancel) =>
        Shared(await EachAsync(heard, "eth_gasPrice", static () => [], EvmText.Number, cancel), static price => price);

    public Task<byte[]> CodeAsync(EvmAddress address, ulong block, CancellationToken cancel) => OctetsAsync("eth_getCode", () => [address.ToString(), EvmText.Of(block)], cancel);

    /// <exception cref="EvmException">A contract's no has its reason.</exception>
    public Task<byte[]> CallAsync(EvmAddress? from, EvmAddress? to, byte[] data, ulong block, CancellationToken cancel) =>
        OctetsAsync("eth_call", () => [EvmText.Call(from, to, data), EvmText.Of(block)], cancel);

    /// <summary>Transactions of an account that are in blocks: the next one's nonce.</summary>
    public Task<ulong> NonceAsync(EvmAddress account, ulong block, CancellationToken cancel) =>
        AgreedAsync("eth_getTransactionCount", () => [account.ToString(), EvmText.Of(block)], EvmText.Number, cancel);

    public Task<UInt128> BalanceAsync(EvmAddress account, ulong block, CancellationToken cancel) =>
        AgreedAsync("eth_getBalance", () => [account.ToString(), EvmText.Of(block)], EvmText.Quantity, cancel);

    /// <summary>Programs of chains differ by a little, and so do their estimates.</summary>
    public async Task<ulong> GasAsync(EvmAddress from, EvmAddress? to, byte[] data, CancellationToken cancel) =>
        Shared(await EachAsync(heard, "eth_estimateGas", () => [EvmText.Call(from, to, data)], EvmText.Number, cancel), static gas => gas);

    /// <summary>Null while it is in no block.</summary>
    public Task<EvmReceipt?> ReceiptAsync(Hash256 transaction, CancellationToken cancel) =>
        AgreedAsync("eth_getTransactionReceipt", () => [EvmText.Of(transaction)], answer => ReadReceipt(answer, transaction), cancel);

    /// <summary>The address of the contract that a mined transaction made.</summary>
    public Task<EvmAddress> CreatedAsync(Hash256 transaction, CancellationToken cancel) =>
        AgreedAsync("eth_getTransactionReceipt", () => [EvmText.Of(transaction)], static answer => EvmAddress.Read(EvmText.Octets(EvmText.Member(answer, "contractAddress"))), cancel);

    /// <summary>Whether any endpoint has it, in a block or waiting for one.</summary>
    public async Task<bool> IsKnownAsync(Hash256 transaction, CancellationToken cancel) =>
        (await EachAsync(heard, "eth_getTransactionByHash", () => [EvmText.Of(transaction)], static answer => answer.ValueKind == JsonValueKind.Object, cancel)).Any(static one => one.Fault is null && one.Value);

    /// <summary>The hash and the time, in seconds, of a block that is there.</summary>
    public Task<(Hash256 Hash, ulong Seconds)> BlockAsync(ulong number, CancellationToken cancel) => AgreedAsync(
        "eth_getBlockByNumber", () => [EvmText.Of(number), false],
        static block => (EvmText.Hash(EvmText.Member(block, "hash")), EvmText.Number(EvmText.Member(block, "timestamp"))), cancel);

    /// <summary>The logs of a contract with these first topics, in order, which a quorum of endpoints gives alike.</summary>
    public async Task<IReadOnlyList<EvmLog>> LogsAsync(EvmAddress contract, IReadOnlyList<Hash256> topics, ulong from, ulong to, CancellationToken cancel) => await AgreedAsync(
        "eth_getLogs",
        () => [new JsonObject { ["address"] = contract.ToString(), ["fromBlock"] = EvmText.Of(from), ["toBlock"] = EvmText.Of(to), ["topics"] = new JsonArray([.. topics.Select(static topic => (JsonNode)EvmText.Of(topic))]) }],
        answer => (ValueList<EvmLog>)[.. answer.EnumerateArray().Select(log => ReadLog(log, contract))], cancel);

    /// <summary>
    /// Gives a transaction to every endpoint: it is sent when one of them took it. Where none did, the answer is what can be helped: a fee before a nonce, a nonce before funds.
    /// </summary>
    public async Task<(SendAnswer Answer, string Words)> SendAsync(SignedTransaction signed, CancellationToken cancel)
    {
        var said = await EachAsync(heard, "eth_sendRawTransaction", () => [EvmText.Of(signed.Raw.Span)], EvmText.Hash, cancel);
        var answers = said.Select(one => one.Fault is null ? (one.Value == signed.Hash ? SendAnswer.Taken : SendAnswer.NotTaken) : AnswerOf(one.Fault)).ToArray();
        var answer = new[] { SendAnswer.Taken, SendAnswer.Underpriced, SendAnswer.NonceUsed, SendAnswer.NoFunds }.Where(answers.Contains).DefaultIfEmpty(SendAnswer.NotTaken).First();
        return (answer, string.Join("; ", said.Where(one => one.Fault is not null || one.Value != signed.Hash).Select(static one => one.Fault?.Message ?? $"{one.Endpoint.Name}: another transaction's hash")));
    }

    public void Dispose()
    {
        foreach (var endpoint in endpoints) endpoint.Dispose();
    }

    /// <summary>There are no numbers for these: programs of chains are known by their words.</summary>
    public static SendAnswer AnswerOf(EvmException fault)
    {
        if (fault.Kind != EvmFaultKind.Refused) return SendAnswer.NotTaken;
        bool Says(params string[] words) => words.Any(word => fault.Message.Contains(word, StringComparison.OrdinalIgnoreCase));
        if (Says("already known", "already imported", "known transaction", "alreadyknown")) return SendAnswer.Taken;
        if (Says("underpriced", "less than block base fee", "fee cap less than", "max fee per gas less", "fee too low", "feetoolow", "gas price too low", "lower than the minimum")) return SendAnswer.Underpriced;
        if (Says("nonce too low", "nonce is too low", "nonce too small", "oldnonce")) return SendAnswer.NonceUsed;
        return Says("insufficient funds", "insufficientfunds", "upfront cost exceeds", "insufficient balance") ? SendAnswer.NoFunds : SendAnswer.NotTaken;
    }

    Task<byte[]> OctetsAsync(string method, Func<JsonArray> parameters, CancellationToken cancel) => OctetsOf(AgreedAsync(method, parameters, static answer => new ByteString(EvmText.Octets(answer)), cancel));

    static async Task<byte[]> OctetsOf(Task<ByteString> octets) => (await octets).Span.ToArray();

    /// <summary>What a quorum says alike. It is known as soon as that many have said it; the others are not waited for.</summary>
    async Task<T> AgreedAsync<T>(string method, Func<JsonArray> parameters, Func<JsonElement, T> read, CancellationToken cancel)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var asked = heard.Select(endpoint => OneAsync(endpoint, method, parameters(), read, enough.Token)).ToList();
        var said = new List<Said<T>>();
        try
        {
            await foreach (var done in Task.WhenEach(asked).WithCancellation(cancel))
            {
                var one = await done;
                said.Add(one);
                if (one.Fault is null && said.Count(other => other.Fault is null && EqualityComparer<T>.Default.Equals(other.Value, one.Value)) >= Quorum) return one.Value;
            }
        }
        finally
        {
            await enough.CancelAsync();
        }

        // A contract's no is an answer too, and programs of chains say it in words of their own.
        var refusals = said.Where(static one => one.Fault?.Kind == EvmFaultKind.Refused).Select(static one => one.Fault).OfType<EvmException>().ToArray();
        if (refusals.Length >= Quorum) throw refusals.GroupBy(static fault => Convert.ToHexString(fault.Reason ?? [])).MaxBy(static alike => alike.Count())?.First() ?? refusals[0];
        throw said.Count(static one => one.Fault is null) >= Quorum ? new(EvmFaultKind.Disagree, $"{method}: endpoints answer differently") : TooFew(said.Select(static one => one.Fault));
    }

    // The largest that a quorum has: one endpoint alone can neither raise it nor lower it.
    T Shared<T>(IReadOnlyList<Said<T>> said, Func<T, ulong> number)
    {
        var values = said.Where(static one => one.Fault is null).Select(static one => one.Value).OrderByDescending(number).ToArray();
        if (values.Length >= Quorum) return values[Quorum - 1];
        var refusals = said.Where(static one => one.Fault?.Kind == EvmFaultKind.Refused).ToArray();
        throw refusals.Length >= Quorum ? refusals[0].Fault ?? TooFew([]) : TooFew(said.Select(static one => one.Fault));
    }

    EvmException TooFew(IEnumerable<EvmException?> faults) => new(
        EvmFaultKind.NotReached, string.Create(CultureInfo.InvariantCulture, $"{Quorum} of {endpoints.Count} endpoints must answer: {string.Join("; ", faults.OfType<EvmException>().Select(static fault => fault.Message))}"));

    static async Task<IReadOnlyList<Said<T>>> EachAsync<T>(IReadOnlyList<EvmEndpoint> asked, string method, Func<JsonArray> parameters, Func<JsonElement, T> read, CancellationToken cancel) =>
        await Task.WhenAll(asked.Select(endpoint => OneAsync(endpoint, method, parameters(), read, cancel)));

    static async Task<Said<T>> OneAsync<T>(EvmEndpoint endpoint, string method, JsonArray parameters, Func<JsonElement, T> read, CancellationToken cancel)
    {
        try
        {
            return new(endpoint, read(await endpoint.AskAsync(method, parameters, cancel)), null);
        }
        catch (EvmException fault)
        {
            return new(endpoint, default!, fault);
        }
        catch (Exception malformed) when (malformed is FormatException or InvalidOperationException or ArgumentException)
        {
            return new(endpoint, default!, new(EvmFaultKind.Malformed, $"{endpoint.Name}: {method}: {malformed.Message}"));
        }
    }

    static EvmReceipt? ReadReceipt(JsonElement answer, Hash256 transaction)
    {
        if (answer.ValueKind == JsonValueKind.Null) return null;
        if (EvmText.Hash(EvmText.Member(answer, "transactionHash")) != transaction) throw new FormatException("the receipt of another transaction");
        return new(
            EvmText.Number(EvmText.Member(answer, "blockNumber")), EvmText.Hash(EvmText.Member(answer, "blockHash")), EvmText.Number(EvmText.Member(answer, "status")) == 1,
            EvmText.Number(EvmText.Member(answer, "gasUsed")), EvmText.Maybe(answer, "effectiveGasPrice") is { } price ? EvmText.Quantity(price) : 0);
    }

    static EvmLog ReadLog(JsonElement log, EvmAddress contract)
    {
        if (EvmAddress.Read(EvmText.Octets(EvmText.Member(log, "address"))) != contract) throw new FormatException("the log of another contract");
        return new(
            EvmText.Number(EvmText.Member(log, "blockNumber")), EvmText.Hash(EvmText.Member(log, "blockHash")), EvmText.Number(EvmText.Member(log, "logIndex")),
            [.. EvmText.Member(log, "topics").EnumerateArray().Select(EvmText.Hash)], new(EvmText.Octets(EvmText.Member(log, "data"))));
    }

    readonly record struct Said<T>(EvmEndpoint Endpoint, T Value, EvmException? Fault);
}
