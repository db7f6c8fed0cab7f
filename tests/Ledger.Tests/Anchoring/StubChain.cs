using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Core.Primitives;
using Ledger.Evm;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Nethereum.Model;

namespace Ledger.Tests.Anchoring;

/// <summary>How an endpoint of the stub misbehaves.</summary>
enum Manner
{
    Honest,
    Hangs,
    Empty,
    NoJson,
    TooMany,
    Broken,
    OtherId,
    NoResult,
    OtherChain,
    LiesOfReceipts,
    LiesOfAnchors,
    Endless,
}

/// <summary>
/// A chain that is as strict as the strictest programs of chains: a transaction takes another's place for 10 % more of both fees only, a nonce that is used up and one that is known are
/// refused, and so is one that the account cannot pay. It carries out nothing but the anchor contract's comparison of sizes.
/// </summary>
sealed class StubChain : IAsyncDisposable
{
    public const ulong Id = 7_777;
    public const ulong Gwei = AnchorTarget.Gwei;

    public static readonly EvmAddress Contract = Address("c0");
    public static readonly EvmAddress KeysAt = Address("5e");

    readonly Lock gate = new();
    readonly AnchoredWorld world;
    readonly List<StubBlock> blocks = [new(Hash(0, 0), Gwei, [])];
    readonly List<StubTransaction> pool = [];
    readonly List<WebApplication> servers = [];
    int salt;
    int asked;

    public StubChain(AnchoredWorld world) => this.world = world;

    public List<Uri> Endpoints { get; } = [];

    /// <summary>Every transaction that an endpoint was given, by hash, as often as it was.</summary>
    public List<Hash256> Given { get; } = [];

    public ulong BaseFee { get; set; } = Gwei;

    public UInt128 Balance { get; set; } = (UInt128)Gwei * Gwei;

    public byte[] Code { get; set; } = AnchorArtifact.Anchor.Code;

    public ulong? Finalized { get; set; }

    /// <summary>What was anchored by somebody else, at a block.</summary>
    public List<(int Block, ulong From, ulong Size, Hash256 Root)> Others { get; } = [];

    /// <summary>Called with the number of the question before and after it is answered; may end whoever asked.</summary>
    public Action<int, bool> Asked { get; set; } = static (_, _) => { };

    public int Questions => asked;

    public int Height => blocks.Count - 1;

    public IReadOnlyList<Hash256> Pool => [.. pool.Select(one => one.Hash)];

    /// <summary>The transactions in blocks, in order.</summary>
    public IReadOnlyList<(Hash256 Hash, bool Succeeded)> Mined => [.. blocks.SelectMany(block => block.Transactions).Select(one => (one.Hash, Outcomes()[one.Hash]))];

    public (ulong Size, Hash256 Root) Anchored => State(Height);

    public async Task<Uri> AddAsync(Manner manner = Manner.Honest)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.MapPost("/", context => AnswerAsync(context, manner));
        await app.StartAsync();
        servers.Add(app);
        var address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        Endpoints.Add(address);
        return address;
    }

    public void Mine(int count = 1)
    {
        lock (gate)
        {
            for (var i = 0; i < count; i++)
            {
                var taken = new List<StubTransaction>();
                foreach (var one in pool.OrderBy(static one => one.Nonce).ToArray())
                {
                    if (one.MaxFee < BaseFee || one.Nonce != NonceAt(Height) + (ulong)taken.Count) continue;
                    taken.Add(one);
                    pool.Remove(one);
                }

                blocks.Add(new(Hash((ulong)blocks.Count, salt), BaseFee, taken));
            }
        }
    }

    /// <summary>The last blocks never were, and others are in their place; their transactions wait again, or are forgotten.</summary>
    public void Reorganize(int depth, bool forgets)
    {
        lock (gate)
        {
            var gone = blocks[^depth..];
            blocks.RemoveRange(blocks.Count - depth, depth);
            Others.RemoveAll(one => one.Block > Height);
            salt++;
            for (var i = 0; i < depth; i++) blocks.Add(new(Hash((ulong)blocks.Count, salt), BaseFee, []));
            if (!forgets) pool.AddRange(gone.SelectMany(static block => block.Transactions));
        }
    }

    public void Forget() => pool.Clear();

    public void AnchorByAnother(ulong from, ulong size, Hash256 root)
    {
        Mine();
        Others.Add((Height, from, size, root));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in servers) await server.DisposeAsync();
    }

    async Task AnswerAsync(HttpContext context, Manner manner)
    {
        using var question = await JsonDocument.ParseAsync(context.Request.Body);
        var (id, method) = (question.RootElement.GetProperty("id").GetInt64(), question.RootElement.GetProperty("method").GetString() ?? "");
        var parameters = question.RootElement.GetProperty("params");
        switch (manner)
        {
            case Manner.Hangs:
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return;
            case Manner.Empty:
                return;
            case Manner.NoJson:
                await context.Response.WriteAsync("<html>welcome</html>");
                return;
            case Manner.TooMany:
                context.Response.StatusCode = 429;
                await context.Response.WriteAsync("""{"jsonrpc":"2.0","error":{"code":-32005,"message":"daily request count exceeded"}}""");
                return;
            case Manner.Broken:
                context.Response.StatusCode = 500;
                await context.Response.WriteAsync("oops");
                return;
            case Manner.NoResult:
                await context.Response.WriteAsync($$"""{"jsonrpc":"2.0","id":{{id}}}""");
                return;
            case Manner.Endless:
                for (var i = 0; i <= EvmEndpoint.MaxAnswer / 100_000 && !context.RequestAborted.IsCancellationRequested; i++) await context.Response.WriteAsync(new(' ', 100_000));
                return;
        }

        JsonObject answer;
        var number = Interlocked.Increment(ref asked);
        Asked(number, false);
        lock (gate)
        {
            try
            {
                answer = new() { ["result"] = Of(method, parameters, manner) };
            }
            catch (StubRefusal refusal)
            {
                answer = new() { ["error"] = new JsonObject { ["code"] = -32000, ["message"] = refusal.Message, ["data"] = refusal.Reason } };
            }
        }

        Asked(number, true);
        answer["jsonrpc"] = "2.0";
        answer["id"] = manner == Manner.OtherId ? id + 1 : id;
        await context.Response.WriteAsync(answer.ToJsonString());
    }

    JsonNode? Of(string method, JsonElement parameters, Manner manner) => method switch
    {
        "eth_chainId" => Hex(manner == Manner.OtherChain ? Id + 1 : Id),
        "eth_getBlockByNumber" => Block(parameters[0].GetString() ?? ""),
        "eth_maxPriorityFeePerGas" => Hex(Gwei),
        "eth_gasPrice" => Hex(2 * Gwei),
        "eth_getCode" => Text(parameters[0].GetString() == Contract.ToString() ? Code : parameters[0].GetString() == KeysAt.ToString() ? world.Signers.Write() : []),
        "eth_getBalance" => Hex(Balance),
        "eth_getTransactionCount" => Hex(NonceAt(NumberOf(parameters[1]))),
        "eth_call" => Ledgers(NumberOf(parameters[1]), manner),
        "eth_estimateGas" => Estimate(parameters[0]),
        "eth_sendRawTransaction" => Take(Convert.FromHexString((parameters[0].GetString() ?? "")[2..])),
        "eth_getTransactionByHash" => Known(HashOf(parameters[0])) ? new JsonObject { ["hash"] = parameters[0].GetString() } : null,
        "eth_getTransactionReceipt" => Receipt(HashOf(parameters[0]), manner),
        _ => throw new StubRefusal($"the method {method} does not exist"),
    };

    JsonObject? Block(string tag)
    {
        if (tag == "finalized" && Finalized is null) throw new StubRefusal("'finalized' tag not supported");
        var number = tag == "latest" ? Height : tag == "finalized" ? (int)(Finalized ?? 0) : (int)ulong.Parse(tag.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        if (number > Height) return null;
        return new() { ["number"] = Hex((ulong)number), ["hash"] = $"0x{blocks[number].Hash}", ["baseFeePerGas"] = Hex(BaseFee), ["timestamp"] = Hex((ulong)number * 12) };
    }

    JsonNode Ledgers(int block, Manner manner)
    {
        var (size, root) = State(block);
        if (manner == Manner.LiesOfAnchors) (size, root) = (1_000_000, Hash(1, 1));
        return Text([.. Word(size), .. Word(1), .. Word(0), .. new byte[12], .. KeysAt.ToBytes(), .. root.ToBytes()]);
    }

    JsonNode Estimate(JsonElement call)
    {
        var data = Convert.FromHexString((call.GetProperty("data").GetString() ?? "")[2..]);
        if (data.Length > 4 && Why(data, State(Height).Size) is { } reason) throw new StubRefusal("execution reverted", reason);
        return Hex(105_000);
    }

    // The contract's first two questions; the rest it asks on a real chain.
    static string? Why(byte[] data, ulong anchored)
    {
        var (from, size) = (Number(data, 1), Number(data, 2));
        if (size <= anchored) return Text([.. Keccak.Hash("SizeIsNotNewer(uint64,uint64)"u8).ToBytes()[..4], .. Word(size), .. Word(anchored)]);
        return from == anchored ? null : Text([.. Keccak.Hash("FromIsNotAnchored(uint64,uint64)"u8).ToBytes()[..4], .. Word(from), .. Word(anchored)]);
    }

    JsonNode Take(byte[] raw)
    {
        var model = TransactionFactory.CreateTransaction(raw);
        var (hash, chain, nonce, max, tip, gas, to, data) = model switch
        {
            Transaction1559 typed => (Hash256.Read(typed.Hash), (ulong)typed.ChainId, (ulong)(typed.Nonce ?? 0), (ulong)(typed.MaxFeePerGas ?? 0), (ulong)(typed.MaxPriorityFeePerGas ?? 0), (ulong)(typed.GasLimit ?? 0), typed.ReceiverAddress, typed.Data),
            LegacyTransactionChainId old => (Hash256.Read(old.Hash), Big(old.ChainId), Big(old.Nonce), Big(old.GasPrice), Big(old.GasPrice), Big(old.GasLimit), "0x" + Convert.ToHexStringLower(old.ReceiveAddress), "0x" + Convert.ToHexStringLower(old.Data ?? [])),
            _ => throw new StubRefusal("transaction type not supported"),
        };
        Given.Add(hash);
        if (chain != Id) throw new StubRefusal("invalid chain id for signer");
        if (Known(hash)) throw new StubRefusal("already known");
        if (nonce < NonceAt(Height)) throw new StubRefusal("nonce too low: next nonce " + NonceAt(Height));
        if ((UInt128)gas * max > Balance) throw new StubRefusal("insufficient funds for gas * price + value");
        var before = pool.SingleOrDefault(one => one.Nonce == nonce);
        if (before is not null)
        {
            if (max <= before.MaxFee || tip <= before.Tip || max * 10 < before.MaxFee * 11 || tip * 10 < before.Tip * 11) throw new StubRefusal("replacement transaction underpriced");
            pool.Remove(before);
        }

        pool.Add(new(hash, nonce, max, tip, to.ToLowerInvariant(), Convert.FromHexString((data ?? "0x").Replace("0x", "", StringComparison.Ordinal))));
        return $"0x{hash}";
    }

    bool Known(Hash256 hash) => pool.Any(one => one.Hash == hash) || blocks.Any(block => block.Transactions.Any(one => one.Hash == hash));

    JsonObject? Receipt(Hash256 hash, Manner manner)
    {
        var number = blocks.FindIndex(block => block.Transactions.Any(one => one.Hash == hash));
        if (manner == Manner.LiesOfReceipts) number = Math.Max(number, 0);
        if (number < 0) return null;
        var succeeded = manner == Manner.LiesOfReceipts || Outcomes()[hash];
        return new()
        {
            ["transactionHash"] = $"0x{hash}", ["blockNumber"] = Hex((ulong)number), ["blockHash"] = $"0x{blocks[number].Hash}", ["status"] = Hex(succeeded ? 1UL : 0UL), ["gasUsed"] = Hex(105_000),
            ["effectiveGasPrice"] = Hex(blocks[number].BaseFee + Gwei),
        };
    }

    ulong NonceAt(int block) => (ulong)blocks.Take(block + 1).Sum(static one => one.Transactions.Count);

    (ulong Size, Hash256 Root) State(int block)
    {
        var state = (Size: 0UL, Root: default(Hash256));
        for (var i = 0; i <= block; i++)
        {
            foreach (var (_, from, size, root) in Others.Where(one => one.Block == i && one.From == state.Size)) state = (size, root);
            foreach (var one in blocks[i].Transactions.Where(one => one.Does(state.Size))) state = (Number(one.Data, 2), Hash256.Read(one.Data.AsSpan(4 + (3 * 32), 32)));
        }

        return state;
    }

    Dictionary<Hash256, bool> Outcomes()
    {
        var (size, outcomes) = (0UL, new Dictionary<Hash256, bool>());
        for (var i = 0; i < blocks.Count; i++)
        {
            foreach (var (_, from, other, _) in Others.Where(one => one.Block == i && one.From == size)) size = other;
            foreach (var one in blocks[i].Transactions)
            {
                outcomes[one.Hash] = one.Data.Length == 0 || one.Does(size);
                if (one.Data.Length > 0 && one.Does(size)) size = Number(one.Data, 2);
            }
        }

        return outcomes;
    }

    int NumberOf(JsonElement tag) => tag.GetString() == "latest" ? Height : (int)ulong.Parse((tag.GetString() ?? "")[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    static Hash256 HashOf(JsonElement hex) => Hash256.Read(Convert.FromHexString((hex.GetString() ?? "")[2..]));

    static ulong Big(byte[] octets) => (ulong)new System.Numerics.BigInteger(octets, isUnsigned: true, isBigEndian: true);

    static ulong Number(byte[] data, int word) => System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(data.AsSpan(4 + (32 * word) + 24));

    static byte[] Word(ulong number)
    {
        var word = new byte[32];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(word.AsSpan(24), number);
        return word;
    }

    static string Hex(UInt128 number) => "0x" + number.ToString("x", CultureInfo.InvariantCulture);

    static string Text(byte[] octets) => "0x" + Convert.ToHexStringLower(octets);

    static Hash256 Hash(ulong number, int salt) => Keccak.Hash([.. BitConverter.GetBytes(number), .. BitConverter.GetBytes(salt)]);

    static EvmAddress Address(string octet) => EvmAddress.TryParse("0x" + string.Concat(Enumerable.Repeat(octet, 20)), out var address) ? address : default;

    sealed record StubBlock(Hash256 Hash, ulong BaseFee, List<StubTransaction> Transactions);

    sealed record StubTransaction(Hash256 Hash, ulong Nonce, ulong MaxFee, ulong Tip, string To, byte[] Data)
    {
        public bool Does(ulong anchored) => Data.Length > 4 && Why(Data, anchored) is null;
    }

    sealed class StubRefusal(string message, string? reason = null) : Exception(message)
    {
        public string? Reason { get; } = reason;
    }
}
