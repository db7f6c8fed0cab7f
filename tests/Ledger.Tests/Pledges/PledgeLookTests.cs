using System.Text;
using Ledger.Client.Pledges;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;

namespace Ledger.Tests.Pledges;

/// <summary>What one bank saw and another looks at: one form, and one digest of it on the ledger.</summary>
public class PledgeLookTests
{
    static readonly PledgeLook Look = Of(new(1, 2), new(3), new(4), new(1_773_100_800_000));

    /// <summary>A look at one document's tag, for five days from a time.</summary>
    public static PledgeLook Of(Hash256 ledger, Id<Financing> financing, Id<Document> document, Timestamp at) => new(
        ledger.ToString(), financing.ToString(), "eip155:31337:0x5fbdb2315678afecb367f032d93f642f64180aa3", 1, new Hash256(1, 1).ToString(), [new(document.ToString(), new Hash256(2, 2).ToString())],
        7, new Hash256(3, 3).ToString(), at.UnixMilliseconds, at.Add(5 * Timestamp.Day).UnixMilliseconds);

    [Fact]
    public void A_look_has_these_octets_and_the_ledger_is_told_this_digest()
    {
        Assert.Equal(Golden, Encoding.UTF8.GetString(Look.Write()));
        Assert.True(PledgeLook.TryRead(Look.Write(), out var read));
        Assert.Equal(Look.Write(), read.Write());

        // Of what FORMATS says, by another program: printf '%s\n' … | sha256sum.
        Assert.Equal("5f8a70d37160c46adc048280319e45def91c5c5cafea7ae6cfe979db77b74991", Look.Digest().ToString());
        Assert.Equal(Look.Digest(), Look.Attestation(World.W).Tags);
    }

    [Fact]
    public void Another_salt_tag_document_financing_or_ledger_is_another_digest()
    {
        var digests = new[]
        {
            Look, Look with { Salt = new Hash256(1, 2).ToString() }, Look with { Items = [Look.Items[0] with { Tag = new Hash256(2, 3).ToString() }] },
            Look with { Items = [Look.Items[0] with { Document = new Id<Document>(5).ToString() }] }, Look with { Financing = new Id<Financing>(5).ToString() }, Look with { Ledger = new Hash256(1, 3).ToString() },
        }.Select(static look => look.Digest()).ToArray();

        Assert.Equal(digests.Length, digests.Distinct().Count());
    }

    [Theory]
    [InlineData("\"seat\": 1", "\"seat\": 1, \"seat\": 1")]
    [InlineData("\"seat\": 1,", "")]
    [InlineData("\"seat\": 1", "\"seat\": 1, \"further\": 1")]
    [InlineData("\"seat\": 1", "\"seat\": -1")]
    [InlineData("\"until\": 1773532800000", "\"until\": 1773100800000")]
    [InlineData("\"document\": \"AAAAAAAAAAAAAAAAAAAABA\"", "\"document\": \"AAAAAAAAAAAAAAAAAAAABB\"")]
    [InlineData("\"tag\": \"0", "\"tag\": \"x")]
    public void What_is_malformed_is_no_look(string written, string instead)
    {
        Assert.Contains(written, Golden, StringComparison.Ordinal);
        Assert.False(PledgeLook.TryRead(Encoding.UTF8.GetBytes(Golden.Replace(written, instead, StringComparison.Ordinal)), out _));
    }

    [Fact]
    public void Items_ascend_and_stand_once()
    {
        var (low, high) = (Look.Items[0], Look.Items[0] with { Tag = new Hash256(2, 3).ToString() });
        Assert.True(PledgeLook.TryRead((Look with { Items = [low, high] }).Write(), out _));
        Assert.False(PledgeLook.TryRead((Look with { Items = [high, low] }).Write(), out _));
        Assert.False(PledgeLook.TryRead((Look with { Items = [low, low] }).Write(), out _));
        Assert.False(PledgeLook.TryRead((Look with { Items = [] }).Write(), out _));
    }

    static readonly string Golden = File.ReadAllText(Path.Combine(Repository.Root(), "tests", "Ledger.Tests", "Pledges", "look.json.golden"));
}
