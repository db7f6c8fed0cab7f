using System.Text;
using System.Text.Json.Nodes;
using Ledger.Client.Signing;
using Ledger.Core.Chain;
using Ledger.Evm;
using Ledger.Suites;

namespace Ledger.Tests.Anchoring;

/// <summary>The file of anchors, key files that pay, sets of signers: what is taken of them and what is not.</summary>
public sealed class AnchorFileTests : IDisposable
{
    readonly AnchoredWorld world = new();

    [Fact]
    public void What_is_written_is_read_again()
    {
        var file = new AnchorFile([Target() with { Rank = 3, Legacy = true, FromBlock = 17 }]);

        Assert.True(AnchorFile.TryRead(file.Write(), out var read, out _));
        Assert.Equal(file.Anchors.Single() with { Endpoints = [] }, read.Anchors.Single() with { Endpoints = [] });
        Assert.Equal(file.Anchors.Single().Endpoints, read.Anchors.Single().Endpoints);
    }

    [Theory]
    [InlineData("name", "\"Main Net\"")]
    [InlineData("chain", "0")]
    [InlineData("chain", "\"1\"")]
    [InlineData("endpoints", "[]")]
    [InlineData("endpoints", "[\"http://rpc.example\"]")]
    [InlineData("endpoints", "[\"https://rpc.example\",\"https://rpc.example\"]")]
    [InlineData("contract", "\"0x00\"")]
    [InlineData("ledger", "\"\"")]
    [InlineData("maxFeeGwei", "0")]
    [InlineData("maxFeeGwei", "18446744074")]
    [InlineData("everyMinutes", "0")]
    [InlineData("rank", "-1")]
    [InlineData("finalAfter", "1")]
    [InlineData("keyFile", "null")]
    [InlineData("signer", "\"https://signer.example\"")]
    [InlineData("misspelt", "1")]
    public void What_is_not_in_order_is_not_taken(string member, string value)
    {
        var json = JsonNode.Parse(new AnchorFile([Target()]).Write())!;
        json["anchors"]![0]![member] = JsonNode.Parse(value);

        Assert.False(AnchorFile.TryRead(Encoding.UTF8.GetBytes(json.ToJsonString()), out var file, out var problem));
        Assert.Null(file);
        Assert.NotEmpty(problem);
    }

    [Fact]
    public void Two_of_one_name_are_not_taken() => Assert.False(AnchorFile.TryRead(new AnchorFile([Target(), Target()]).Write(), out _, out _));

    [Fact]
    public void A_key_that_pays_lies_in_a_key_file_and_has_the_address_that_everybody_knows()
    {
        // The first account of every test chain.
        Assert.True(EvmKey.TryRead(Convert.FromHexString("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"), out var key));
        using var _ = key;
        Assert.Equal("0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266", LocalSigner.AddressOf(key).ToString());

        Assert.True(KeyFile.TryParse(KeyFile.Lock(key, "relayer", "correct horse", KeyFile.MinIterations).ToJson(), out var file));
        Assert.Equal(KeyFileOpening.Opened, file.TryOpen<EvmKey>("correct horse", out var opened));
        Assert.Equal(key.ToScalar(), opened?.ToScalar());
        Assert.Equal(KeyFileOpening.OtherUse, file.TryOpen<SigningKey>("correct horse", out var none));
        Assert.Null(none);
        opened?.Dispose();
    }

    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141")]
    [InlineData("01")]
    public void What_is_no_scalar_of_the_curve_is_no_key(string hex) => Assert.False(EvmKey.TryRead(Convert.FromHexString(hex), out _));

    [Fact]
    public void A_set_is_read_as_it_is_written_and_its_keys_rise()
    {
        var set = world.Signers;

        Assert.Equal(set, SignerSet.Read(set.Write()));
        Assert.Equal(set.Keys.Select(key => key.Span.ToArray()).OrderBy(Convert.ToHexString, StringComparer.Ordinal), set.Keys.Select(key => key.Span.ToArray()));
        Assert.Null(SignerSet.Read([]));
        Assert.Null(SignerSet.Read([0, 0, .. Encoding.ASCII.GetBytes(AnchoredWorld.Origin)]));
        Assert.Null(SignerSet.Read([1, .. set.Write()[1..]]));
        Assert.Null(SignerSet.Read(set.Write().AsSpan(0, 2 + (4 * SignerSet.KeySize))));
    }

    [Fact]
    public void Lines_that_count_for_nothing_are_passed_over()
    {
        var (checkpoint, banks) = (world.Note(3).Checkpoint, world.Banks);
        var stranger = SigningKey.Create(KnownSuites.P256);
        var (a, b, c) = (AnchoredWorld.Line(banks[0], checkpoint), AnchoredWorld.Line(banks[1], checkpoint), AnchoredWorld.Line(banks[2], checkpoint));
        Assert.NotNull(SignaturesOf(a, b, c));

        Assert.Null(SignaturesOf(a, b));
        Assert.Null(SignaturesOf(a, b, b));
        Assert.Null(SignaturesOf(a, b, AnchoredWorld.Line(stranger, checkpoint)));
        Assert.Null(SignaturesOf(a, b, AnchoredWorld.Line(banks[2], checkpoint with { Size = 4 })));
        Assert.Null(SignaturesOf(a, b, c with { Signature = new((byte[])[.. c.Signature.Span, 0]) }));
        Assert.Null(world.Signers.SignaturesUnder(new(checkpoint with { Origin = "another.example/9414886b1ebf025d" }, [a, b, c]), KnownSuites.P256));

        // A false line beside a good one of the same key takes nothing from it.
        Assert.NotNull(SignaturesOf(a, b, c with { Signature = a.Signature }, c));
        stranger.Dispose();

        (ulong, byte[])? SignaturesOf(params NoteSignature[] lines) => world.Signers.SignaturesUnder(new(checkpoint, [.. lines]), KnownSuites.P256);
    }

    public void Dispose() => world.Dispose();

    AnchorTarget Target() => world.Target(1, [new("https://rpc.example"), new("https://other.example")], default);
}
