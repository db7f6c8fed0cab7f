using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Ledger.Client.Signing;
using Ledger.Core.Primitives;
using Ledger.Evm;
using Ledger.Tests.Laws;
using Ledger.Tests.Web;
using Nethereum.Model;
using Nethereum.RLP;
using Nethereum.Signer;
using SignedTransaction = Ledger.Evm.SignedTransaction;

namespace Ledger.Tests.Anchoring;

/// <summary>What is used of the library of Ethereum agrees with public vectors and with another library.</summary>
public class EvmTransactionTests
{
    // Each vector is recovered, which takes milliseconds; the thorough form asks all of them.
    static readonly int Stride = Thorough.IsAsked ? 1 : 25;

    [Fact]
    public void Keccak_is_that_of_the_public_vectors()
    {
        var vectors = Read("hashes.json.gz");
        Assert.All(vectors, vector => Assert.Equal(Text(vector, "keccak256"), $"0x{Keccak.Hash(Octets(vector, "data"))}"));
        Assert.NotEmpty(vectors);
    }

    [Fact]
    public void Lists_are_encoded_and_read_as_in_the_public_vectors()
    {
        var vectors = Read("rlp.json.gz");
        Assert.NotEmpty(vectors);
        foreach (var vector in vectors)
        {
            var octets = Octets(vector, "encoded");
            Assert.Equal(octets, Encoded(vector.GetProperty("decoded")));
            Assert.Equal(octets, Encoded(RLP.Decode(octets)));
        }

        static byte[] Encoded(object value) => value switch
        {
            JsonElement { ValueKind: JsonValueKind.Array } list => RLP.EncodeList([.. list.EnumerateArray().Select(static one => Encoded(one))]),
            JsonElement text => RLP.EncodeElement(Convert.FromHexString((text.GetString() ?? "")[2..])),
            RLPCollection list => RLP.EncodeList([.. list.Select(Encoded)]),
            IRLPElement item => RLP.EncodeElement(item.RLPData ?? []),
            _ => throw new InvalidOperationException("There are lists and octets."),
        };
    }

    [Fact]
    public void Transactions_are_encoded_signed_and_recovered_as_in_the_public_vectors()
    {
        var vectors = Read("transactions.json.gz");
        Assert.Equal(3_200, vectors.Count);
        EthECKey.SignRecoverable = true;
        var signed = 0;
        for (var i = 0; i < vectors.Count; i += Stride)
        {
            var (vector, transaction) = (vectors[i], vectors[i].GetProperty("transaction"));
            if (!EvmKey.TryRead(Octets(vector, "privateKey"), out var key))
            {
                Assert.StartsWith("0x00", Text(vector, "privateKey"), StringComparison.Ordinal);
                continue;
            }

            using var _ = key;
            var sender = LocalSigner.AddressOf(key);
            foreach (var (unsigned, raw) in ((string, string)[])[("unsignedLondon", "signedLondon"), ("unsignedEip155", "signedEip155")])
            {
                // A legacy transaction of chain 0 names no chain: it is none of ours.
                if (raw == "signedEip155" && Number(transaction, "chainId") == 0) continue;
                var octets = Octets(vector, raw);
                var read = TransactionFactory.CreateTransaction(octets);
                Assert.Equal(Keccak.Hash(Octets(vector, unsigned)), Hash256.Read(read.RawHash));
                Assert.Equal(octets, read.GetRLPEncoded());
                Assert.Equal(sender.ToString(), read.GetSenderAddress().ToLowerInvariant());

                // Ours carry no money and no list of accesses.
                if (Number(transaction, "value") != 0 || (transaction.TryGetProperty("accessList", out var list) && list.GetArrayLength() > 0)) continue;
                var fees = raw == "signedLondon" ? new EvmFees(Number(transaction, "maxFeePerGas"), Number(transaction, "maxPriorityFeePerGas")) : new EvmFees(Number(transaction, "gasPrice"), null);
                EvmAddress? to = transaction.TryGetProperty("to", out var named) && EvmAddress.TryParse(named.GetString()!.ToLowerInvariant(), out var address) ? address : null;
                var asked = new EvmTransaction(
                    Number(transaction, "chainId"), Number(transaction, "nonce"), to, new(transaction.TryGetProperty("data", out var _) ? Octets(transaction, "data") : []), Number(transaction, "gasLimit"), fees);
                var made = asked.Sign(new EthECKey(key.ToScalar(), isPrivate: true));
                Assert.Equal(octets, made.Raw.Span.ToArray());
                Assert.Equal(Keccak.Hash(octets), made.Hash);
                Assert.Equal(made, SignedTransaction.Read(asked, sender, octets));
                signed++;
            }
        }

        Assert.NotEqual(0, signed);
    }

    [Fact]
    public async Task What_a_service_signed_is_taken_only_octet_for_octet()
    {
        using var key = EvmKey.Create();
        var signer = new LocalSigner(key);
        var asked = new EvmTransaction(1, 7, signer.Address, new((byte[])[1, 2, 3]), 50_000, new(3_000_000_000, 1_000_000_000));
        var raw = (await signer.SignAsync(asked, TestContext.Current.CancellationToken)).Raw.Span.ToArray();
        Assert.NotNull(SignedTransaction.Read(asked, signer.Address, raw));

        for (var i = 0; i < raw.Length; i++)
        {
            byte[] flipped = [.. raw];
            flipped[i] ^= 1;
            Assert.Null(SignedTransaction.Read(asked, signer.Address, flipped));
        }

        Assert.Null(SignedTransaction.Read(asked, signer.Address, [.. raw, 0]));
        Assert.Null(SignedTransaction.Read(asked, signer.Address, []));
        Assert.Null(SignedTransaction.Read(asked with { Nonce = 8 }, signer.Address, raw));
        Assert.Null(SignedTransaction.Read(asked, default, raw));
    }

    [Fact]
    public async Task Another_library_reads_our_transactions_as_they_were_meant()
    {
        if (!Directory.Exists(Path.Combine(Contracts, "node_modules", "ethers"))) JavaScript.Absent("npm ci has not been run in contracts.");
        using var key = EvmKey.Create();
        var signer = new LocalSigner(key);
        var (raws, expected) = (new List<string>(), new List<string>());
        for (var i = 0; i < 40; i++)
        {
            EvmAddress? to = i % 5 == 0 ? null : signer.Address;
            var fees = i % 2 == 0 ? new EvmFees(1_000_000_000UL << (i / 4), (ulong)i) : new(7_000_000_000, null);
            var transaction = new EvmTransaction((ulong)(1 + (i * i * 1_000)), (ulong)(i * 100), to, new(Enumerable.Repeat((byte)i, 3 * i).ToArray()), 21_000 + (ulong)i, fees);
            var signed = await signer.SignAsync(transaction, TestContext.Current.CancellationToken);
            raws.Add("0x" + Convert.ToHexStringLower(signed.Raw.Span));
            expected.Add(string.Create(CultureInfo.InvariantCulture,
                $"0x{signed.Hash} {signer.Address} {to?.ToString() ?? "null"} {transaction.Chain} {transaction.Nonce} {transaction.Gas} {fees.Max} {fees.Tip?.ToString(CultureInfo.InvariantCulture) ?? "null"} 0x{Convert.ToHexStringLower(transaction.Data.Span)} 0"));
        }

        const string script = """
            import { Transaction } from 'ethers';
            import { readFileSync } from 'node:fs';
            for (const raw of JSON.parse(readFileSync(0, 'utf8'))) {
              const t = Transaction.from(raw);
              console.log([t.hash, t.from.toLowerCase(), t.to?.toLowerCase() ?? null, t.chainId, t.nonce, t.gasLimit, t.maxFeePerGas ?? t.gasPrice, t.maxPriorityFeePerGas, t.data, t.value].map(String).join(' '));
            }
            """;
        var told = await JavaScript.StartAsync(Contracts, ["--input-type=module", "-e", script], JsonSerializer.Serialize(raws));

        Assert.Equal(expected, told.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(7, 9)]
    [InlineData(100, 115)]
    [InlineData(101, 117)]
    [InlineData(1_000_000_000, 1_150_000_000)]
    public void A_bump_is_fifteen_per_cent_rounded_up_and_never_nothing(ulong fee, ulong bumped) => Assert.Equal(new EvmFees(bumped, bumped), new EvmFees(fee, fee).Bumped());

    static string Contracts { get; } = Path.Combine(Repository.Root(), "contracts");

    static List<JsonElement> Read(string file)
    {
        using var stream = new GZipStream(File.OpenRead(SharedData.Require("vectors", "ethereum", file)), CompressionMode.Decompress);
        using var json = JsonDocument.Parse(stream);
        return [.. json.RootElement.EnumerateArray().Select(static one => one.Clone())];
    }

    static string Text(JsonElement vector, string name) => vector.GetProperty(name).GetString() ?? "";

    static byte[] Octets(JsonElement vector, string name) => Convert.FromHexString(Text(vector, name)[2..]);

    static ulong Number(JsonElement vector, string name) => !vector.TryGetProperty(name, out var value) ? 0
        : value.ValueKind == JsonValueKind.Number ? value.GetUInt64()
        : value.GetString() is { Length: > 2 } hex ? ulong.Parse(hex.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) : 0;
}
