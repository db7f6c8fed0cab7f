using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ledger.Core.Chain;
using Ledger.Core.Finality;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Peers;

namespace Ledger.Tests.Peers;

/// <summary>What a node shows its peers, and to whom.</summary>
public sealed class PeerServerTests : IDisposable
{
    static readonly PeerPace Pace = PeerPace.Default;
    readonly TestAuthority authority = new();
    readonly List<IDisposable> open = [];

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        foreach (var one in Enumerable.Reverse(open)) one.Dispose();
        authority.Dispose();
    }

    [Fact]
    public async Task A_peer_is_given_the_final_blocks_with_their_checkpoints_octet_for_octet()
    {
        var chain = FourBanks.OfBlocks(2);
        chain.Append(withCheckpoint: false);
        chain.Append();
        await using var served = await ServedLedger.StartAsync(chain, authority.Of(FourBanks.Bank));
        var client = Client(served, FourBanks.Banks[1]);

        var status = await client.StatusAsync(Cancel);
        Assert.Equal((4UL, FourBanks.Genesis.Origin, FourBanks.Bank.Text, 4UL, 1U), (status.Height, status.Origin, status.Bank, status.DurableHeight, status.Epoch));
        Assert.Equal((chain.Fold.History.Size, chain.Fold.History.Root().ToString(), FourBanks.Genesis.Chain.ChainId.ToString()), (status.Size, status.Root, status.ChainId));
        Assert.Equal(chain.Newest, await client.CheckpointAsync(Cancel));
        var given = await BlocksAsync(client, 0);
        Assert.Equal(chain.Blocks.Select(one => one.Checkpoint), given.Select(one => one.Checkpoint));
        Assert.All(chain.Blocks.Zip(given), pair => Assert.True(pair.First.Block.Payload.Span.SequenceEqual(pair.Second.Block.Payload.Span)));
        Assert.Equal(2, (await BlocksAsync(client, 3)).Count);
        Assert.Empty(await BlocksAsync(client, 5));
        Assert.NotNull(client.CertificateExpires);
    }

    [Fact]
    public async Task An_answer_ends_behind_a_checkpoint_once_it_is_long_enough()
    {
        var chain = FourBanks.OfBlocks(1);
        chain.Append(withCheckpoint: false);
        chain.Append();
        await using var served = await ServedLedger.StartAsync(chain, authority.Of(FourBanks.Bank), options: new(new(IPAddress.Loopback, 0)) { BlocksBytes = 1 });
        var client = Client(served, FourBanks.Banks[1]);

        Assert.Equal([1UL], (await BlocksAsync(client, 1)).Select(one => one.Block.Header.Height));
        Assert.Equal([2UL, 3UL], (await BlocksAsync(client, 2)).Select(one => one.Block.Header.Height));
    }

    [Fact]
    public async Task Who_waits_for_a_block_is_answered_when_it_is_final()
    {
        var chain = FourBanks.OfBlocks(1);
        await using var served = await ServedLedger.StartAsync(chain, authority.Of(FourBanks.Bank));
        var client = Client(served, FourBanks.Banks[1]);

        var waiting = BlocksAsync(client, 2, PeerPages.MaxWait);
        Assert.False(waiting.IsCompleted);
        chain.Append();
        served.Take(chain.Blocks[2].Block, chain.Blocks[2].Checkpoint);
        Assert.Equal(2UL, Assert.Single(await waiting).Block.Header.Height);
    }

    [Fact]
    public async Task Served_are_validators_and_regulators_and_everybody_else_is_refused_by_number()
    {
        await using var served = await ServedLedger.StartAsync(FourBanks.OfBlocks(1), authority.Of(FourBanks.Bank));

        Assert.Single(await BlocksAsync(Client(served, FourBanks.Banks[3]), 1));
        Assert.Single(await BlocksAsync(Client(served, FourBanks.Regulator), 1));
        var refused = await FaultAsync(Client(served, World.Stranger).StatusAsync(Cancel));
        Assert.Equal((PeerFaultKind.Refused, $"HTTP 403, {(int)Refusal.NotAPeer}"), (refused.Kind, refused.Detail));
    }

    [Fact]
    public async Task Words_for_a_rotation_are_given_of_the_contract_that_is_named_and_of_no_other()
    {
        const string Anchor = "7/0x00000000000000000000000000000000000000aa/00bb";
        await using var served = await ServedLedger.StartAsync(FourBanks.OfBlocks(1), authority.Of(FourBanks.Bank), anchors: static (anchor, size) => (anchor == Anchor, size) is (true, null) ? [1, 2, 3] : null);

        Assert.Equal([1, 2, 3], (await Client(served, FourBanks.Banks[3]).RotationAsync(Anchor, Cancel))!.Value.ToArray());
        Assert.Null(await Client(served, FourBanks.Banks[3]).RotationAsync("8" + Anchor, Cancel));
        Assert.Null(await Client(served, FourBanks.Banks[3]).CheckpointWordAsync(Anchor, 1, Cancel));
        await using var anchorsNothing = await ServedLedger.StartAsync(FourBanks.OfBlocks(1), authority.Of(FourBanks.Bank));
        Assert.Null(await Client(anchorsNothing, FourBanks.Banks[3]).RotationAsync(Anchor, Cancel));
    }

    [Fact]
    public async Task A_word_for_a_checkpoint_is_asked_for_by_contract_and_size_and_is_no_longer_than_words_may_be()
    {
        const string Anchor = "7/0x00000000000000000000000000000000000000aa/00bb";
        var octets = 84;
        await using var served = await ServedLedger.StartAsync(
            FourBanks.OfBlocks(1), authority.Of(FourBanks.Bank), anchors: (anchor, size) => (anchor, size) == (Anchor, 18_446_744_073_709_551_615) ? new byte[octets] : null);
        var client = Client(served, FourBanks.Banks[3]);

        Assert.Equal(84, (await client.CheckpointWordAsync(Anchor, ulong.MaxValue, Cancel))!.Value.Length);
        Assert.Null(await client.CheckpointWordAsync(Anchor, 3, Cancel));
        Assert.Null(await client.CheckpointWordAsync("8" + Anchor, ulong.MaxValue, Cancel));
        octets = (8 * 84) + 1;
        Assert.Equal(PeerFaultKind.TooLong, (await FaultAsync(client.CheckpointWordAsync(Anchor, ulong.MaxValue, Cancel))).Kind);
    }

    [Fact]
    public async Task What_waits_for_signatures_is_given_to_banks_alone_and_to_no_regulator()
    {
        await using var served = await ServedLedger.StartAsync(FourBanks.OfBlocks(1), authority.Of(FourBanks.Bank), drafts: static (bank, after) => System.Text.Encoding.ASCII.GetBytes($"{bank} {after}"));

        Assert.Equal($"{FourBanks.Banks[3]} 7", System.Text.Encoding.ASCII.GetString((await Client(served, FourBanks.Banks[3]).DraftsAsync(7, Cancel))!.Value.Span));
        var refused = await FaultAsync(Client(served, FourBanks.Regulator).DraftsAsync(0, Cancel));
        Assert.Equal((PeerFaultKind.Refused, $"HTTP 403, {(int)Refusal.NotAPeer}"), (refused.Kind, refused.Detail));
    }

    [Fact]
    public async Task Without_a_certificate_of_the_authority_nobody_gets_through_the_handshake()
    {
        using var others = new TestAuthority();
        await using var served = await ServedLedger.StartAsync(FourBanks.OfBlocks(1), authority.Of(FourBanks.Bank));

        // It trusts the node that it calls; the node does not trust it.
        var foreign = Keep(new PeerClient(new(FourBanks.Bank, served.Address), Keep(others.Of(FourBanks.Banks[1], authority)), Pace));
        Assert.Equal(PeerFaultKind.NotReached, (await FaultAsync(foreign.StatusAsync(Cancel))).Kind);
        var trusted = Keep(authority.Of(FourBanks.Banks[1]));
        using var bare = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = new() { RemoteCertificateValidationCallback = (_, shown, chain, _) => shown is X509Certificate2 server && trusted.IsServer(server, chain), EnabledSslProtocols = SslProtocols.Tls12 },
        });
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => bare.GetAsync(new Uri(served.Address, "peer/v1/status"), Cancel));
    }

    [Fact]
    public async Task A_server_is_believed_only_with_the_certificate_of_the_bank_that_is_asked()
    {
        using var others = new TestAuthority();
        var chain = FourBanks.OfBlocks(1);
        await using var foreign = await ServedLedger.StartAsync(chain, others.Of(FourBanks.Bank, authority));
        Assert.Equal(PeerFaultKind.CertificateForeign, (await FaultAsync(Client(foreign, FourBanks.Banks[1]).StatusAsync(Cancel))).Kind);

        await using var another = await ServedLedger.StartAsync(chain, authority.Of(FourBanks.Banks[2]));
        var fault = await FaultAsync(Client(another, FourBanks.Banks[1]).StatusAsync(Cancel));
        Assert.Equal((PeerFaultKind.CertificateOfAnother, FourBanks.Banks[2].Text), (fault.Kind, fault.Detail));
        Assert.True(fault.IsLie);
    }

    [Theory]
    [InlineData("blocks", 400, Refusal.QueryInvalid)]
    [InlineData("blocks?from=-1", 400, Refusal.QueryInvalid)]
    [InlineData("blocks?from=1&from=2", 400, Refusal.QueryInvalid)]
    [InlineData("blocks?from=1&wait=31", 400, Refusal.QueryInvalid)]
    [InlineData("reports?epoch=x", 400, Refusal.QueryInvalid)]
    [InlineData("pending?from=1&size=x&root=0", 400, Refusal.QueryInvalid)]
    [InlineData("pending?size=1&root=0", 400, Refusal.QueryInvalid)]
    [InlineData("snapshot?from=0", 400, Refusal.QueryInvalid)]
    [InlineData("snapshot?height=1&height=2&from=0", 400, Refusal.QueryInvalid)]
    [InlineData("snapshot?height=1000000000000&from=0", 400, Refusal.QueryInvalid)]
    [InlineData("snapshot?height=2&from=0", 404, Refusal.NotFound)]
    [InlineData("snapshot?height=1", 400, Refusal.QueryInvalid)]
    [InlineData("snapshot?height=1&from=-1", 400, Refusal.QueryInvalid)]
    [InlineData("snapshot?height=1&from=100", 400, Refusal.QueryInvalid)]
    [InlineData("word?anchor=1", 400, Refusal.QueryInvalid)]
    [InlineData("word?anchor=1&size=-1", 400, Refusal.QueryInvalid)]
    [InlineData("word?anchor=1&size=1&size=2", 400, Refusal.QueryInvalid)]
    [InlineData("word?size=1", 404, Refusal.NotFound)]
    [InlineData("closing", 404, Refusal.NotFound)]
    [InlineData("vote", 404, Refusal.NotFound)]
    [InlineData("nothing", 404, Refusal.NotFound)]
    public async Task What_is_asked_wrongly_is_refused_by_number(string path, int status, Refusal refusal)
    {
        await using var served = await ServedLedger.StartAsync(FourBanks.OfBlocks(1), authority.Of(FourBanks.Bank));
        served.Storage[Node.Storage.SnapshotFolder.PathOf(1)] = new byte[100];
        using var http = Plain(FourBanks.Banks[1]);
        using var answer = await http.GetAsync(new Uri(served.Address, $"peer/v1/{path}"), Cancel);
        Assert.Equal(status, (int)answer.StatusCode);
        using var problem = System.Text.Json.JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel));
        Assert.Equal((int)refusal, problem.RootElement.GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task A_peer_is_given_the_snapshots_as_they_lie_on_disk_from_any_octet_on()
    {
        var chain = FourBanks.OfBlocks(1);
        await using var served = await ServedLedger.StartAsync(chain, authority.Of(FourBanks.Bank));
        var client = Client(served, FourBanks.Regulator);
        Assert.Empty(await client.SnapshotsAsync(Cancel));

        // More than a page of the newer, and one that is too short to be any.
        var newer = new byte[PeerPages.SnapshotBytes + 100];
        RandomNumberGenerator.Fill(newer);
        served.Storage[Node.Storage.SnapshotFolder.PathOf(7)] = newer;
        served.Storage[Node.Storage.SnapshotFolder.PathOf(5)] = new byte[33];
        served.Storage[Node.Storage.SnapshotFolder.PathOf(3)] = new byte[32];
        var held = await client.SnapshotsAsync(Cancel);

        Assert.Equal([new(7, (ulong)newer.Length, Hash256.Read(newer.AsSpan(^32..))), new(5, 33, default)], held);
        Assert.Equal(newer[..PeerPages.SnapshotBytes], (await client.SnapshotAsync(held[0], 0, Cancel))?.ToArray());
        Assert.Equal(newer[PeerPages.SnapshotBytes..], (await client.SnapshotAsync(held[0], PeerPages.SnapshotBytes, Cancel))?.ToArray());
        Assert.Equal(newer[^1..], (await client.SnapshotAsync(held[0], (ulong)newer.Length - 1, Cancel))?.ToArray());

        // A newer one took its place.
        served.Storage.Remove(Node.Storage.SnapshotFolder.PathOf(7));
        Assert.Null(await client.SnapshotAsync(held[0], 0, Cancel));
    }

    [Fact]
    public async Task One_peer_asks_only_so_much_at_once()
    {
        await using var served = await ServedLedger.StartAsync(FourBanks.OfBlocks(1), authority.Of(FourBanks.Bank), options: new(new(IPAddress.Loopback, 0)) { MaxRequestsOfPeer = 1 });
        using var http = Plain(FourBanks.Banks[1]);
        using var waiting = await http.GetAsync(new Uri(served.Address, "peer/v1/blocks?from=2&wait=30"), HttpCompletionOption.ResponseHeadersRead, Cancel);
        using var next = await http.GetAsync(new Uri(served.Address, "peer/v1/status"), Cancel);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.TooManyRequests), (waiting.StatusCode, next.StatusCode));
        Assert.Single(await BlocksAsync(Client(served, FourBanks.Banks[2]), 1));
    }

    [Fact]
    public async Task Votes_reports_and_evidence_are_told_as_they_are_known()
    {
        var set = FourBanks.Set;
        var vote = new Vote(set.ChainId, 1, FourBanks.Bank, 9, new(1_000), 6, [new(VoteKind.Prepare, 7, new(4, 5), new(new byte[64]))], new(new byte[64]));
        Report[] reports = [.. FourBanks.Banks.Select(bank => new Report(set.ChainId, 3, bank, null, new(new byte[64])))];
        var evidence = new Evidence(vote, 0, vote, 0, new(1, 1), [new(3, 3)]);
        await using var served = await ServedLedger.StartAsync(FourBanks.OfBlocks(1), authority.Of(FourBanks.Bank), new Known([vote, vote with { Bank = FourBanks.Banks[2] }], reports, evidence));
        var client = Client(served, FourBanks.Banks[1]);

        Assert.Equal([vote, vote with { Bank = FourBanks.Banks[2] }], await client.VotesAsync(Cancel));
        Assert.Equal(reports, await client.ReportsAsync(3, Cancel));
        Assert.Empty(await client.ReportsAsync(4, Cancel));
        Assert.Equal([evidence], await client.EvidenceAsync(Cancel));
        var status = await client.StatusAsync(Cancel);
        Assert.Equal((8UL, 3U, 77UL), (status.DurableHeight, status.Epoch, status.Position));
    }

    [Fact]
    public async Task Of_each_bank_a_peer_tells_one_vote()
    {
        var set = FourBanks.Set;
        var vote = new Vote(set.ChainId, 1, FourBanks.Bank, 9, new(1_000), 6, [], new(new byte[64]));
        await using var served = await ServedLedger.StartAsync(FourBanks.OfBlocks(1), authority.Of(FourBanks.Bank), new Known([vote, vote with { Sequence = 8 }], [], new(vote, 0, vote, 0, new(1, 1), [])));

        var fault = await FaultAsync(Client(served, FourBanks.Banks[1]).VotesAsync(Cancel));
        Assert.Equal((PeerFaultKind.Malformed, true), (fault.Kind, fault.IsLie));
    }

    [Fact]
    public async Task What_waits_is_given_to_validators_up_to_the_block_that_is_named_and_to_nobody_else()
    {
        var chain = FourBanks.OfBlocks(4);
        var set = FourBanks.Set;
        var vote = new Vote(set.ChainId, 1, FourBanks.Bank, 9, new(1_000), 6, [], new(new byte[64]));
        var known = new Known([vote], [], new(vote, 0, vote, 0, new(1, 1), [])) { Pending = [chain.Blocks[2].Block, chain.Blocks[3].Block], Closing = new byte[] { 1, 2, 3 } };
        await using var served = await ServedLedger.StartAsync(FourBanks.OfBlocks(1), authority.Of(FourBanks.Bank), known);
        var named = new BlockPoint(1, 77, new(7, 7));

        async Task<ulong[]> GivenAsync(PartyId caller, ulong from, BlockPoint upTo) =>
            [.. (await GivenBlocks.AskPreparedAsync(Client(served, caller), from, upTo, Cancel)).Select(static block => block.Header.Height)];

        Assert.Equal((ulong[])[2, 3], await GivenAsync(FourBanks.Banks[1], 2, named));
        Assert.Equal((ulong[])[3], await GivenAsync(FourBanks.Banks[1], 3, named));

        // What stands before was final there meanwhile; and another block is none of those.
        Assert.Empty(await GivenAsync(FourBanks.Banks[1], 1, named));
        Assert.Empty(await GivenAsync(FourBanks.Banks[1], 2, named with { Root = new(7, 8) }));
        Assert.Equal(PeerFaultKind.Refused, (await FaultAsync(GivenAsync(FourBanks.Regulator, 2, named))).Kind);
        Assert.Equal(known.Closing?.ToArray(), (await Client(served, FourBanks.Regulator).ClosingAsync(Cancel))?.ToArray());
        await using var without = await ServedLedger.StartAsync(FourBanks.OfBlocks(1), authority.Of(FourBanks.Bank));
        Assert.Null(await Client(without, FourBanks.Banks[1]).ClosingAsync(Cancel));
        Assert.Empty(await GivenBlocks.AskPreparedAsync(Client(without, FourBanks.Banks[1]), 2, named, Cancel));
    }

    [Fact]
    public void A_node_says_which_of_its_certificates_cannot_serve()
    {
        var soon = TimeProvider.System.GetUtcNow().AddDays(10);
        using var others = new TestAuthority();
        string? Problem(string subject, DateTimeOffset until, ECCurve curve, string ca)
        {
            using var opened = authority.Open(subject, until, curve, ca, out var problem);
            return problem?.English;
        }

        Assert.Null(Problem($"CN={FourBanks.Bank}", soon, ECCurve.NamedCurves.nistP256, authority.CaPath));
        Assert.Contains("P-256", Problem($"CN={FourBanks.Bank}", soon, ECCurve.NamedCurves.nistP384, authority.CaPath), StringComparison.Ordinal);
        Assert.Contains("number", Problem("CN=bank-a", soon, ECCurve.NamedCurves.nistP256, authority.CaPath), StringComparison.Ordinal);
        Assert.Contains("number", Problem($"CN={FourBanks.Bank}, CN={FourBanks.Banks[1]}", soon, ECCurve.NamedCurves.nistP256, authority.CaPath), StringComparison.Ordinal);
        Assert.Contains("valid now", Problem($"CN={FourBanks.Bank}", soon.AddDays(-11), ECCurve.NamedCurves.nistP256, authority.CaPath), StringComparison.Ordinal);
        Assert.Contains("valid now", Problem($"CN={FourBanks.Bank}", soon, ECCurve.NamedCurves.nistP256, others.CaPath), StringComparison.Ordinal);
        Assert.Contains("peer-ca", Problem2(([], null)), StringComparison.Ordinal);
        Assert.Contains("no.pem", Problem2(([], "no.pem")), StringComparison.Ordinal);

        static string? Problem2((string[] Peers, string? File) of)
        {
            var options = new PeerOptions(new(IPAddress.Loopback, 0), [], of.File, of.File, of.File);
            Assert.Null(options.Open(out var problem));
            return problem?.English;
        }
    }

    [Theory]
    [InlineData("91440300MA1000017E=https://10.0.0.1:7303", 1)]
    [InlineData("91440300MA1000017E=https://a.example:7303,91440300MA10000259=https://b.example/", 2)]
    [InlineData("91440300MA1000017E=http://127.0.0.1:7303", null)]
    [InlineData("91440300MA1000017E=https://a.example/x", null)]
    [InlineData("91440300MA1000017E=https://u:p@a.example", null)]
    [InlineData("91440300MA1000017E=https://a.example,91440300MA1000017E=https://b.example", null)]
    [InlineData("91440300MA1000017X=https://a.example", null)]
    [InlineData("https://a.example", null)]
    [InlineData("", null)]
    public void Peers_are_written_as_numbers_and_addresses_under_TLS(string text, int? count) => Assert.Equal(count, PeerAddress.Parse(text)?.Count);

    [Theory]
    [InlineData("127.0.0.1:7303", true)]
    [InlineData("localhost:0", true)]
    [InlineData("[::1]:7303", true)]
    [InlineData("::1:7303", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("bank.example:7303", false)]
    [InlineData("127.0.0.1:70000", false)]
    public void A_node_listens_for_peers_at_an_address_of_its_own_with_a_port(string text, bool isGood) => Assert.Equal(isGood, PeerAddress.ParseListen(text) is not null);

    T Keep<T>(T one)
        where T : IDisposable
    {
        open.Add(one);
        return one;
    }

    PeerClient Client(ServedLedger served, PartyId caller) => Keep(new PeerClient(new(FourBanks.Bank, served.Address), Keep(authority.Of(caller)), Pace));

    HttpClient Plain(PartyId caller)
    {
        var own = Keep(authority.Of(caller));
        return new(new SocketsHttpHandler
        {
            SslOptions = new()
            {
                RemoteCertificateValidationCallback = (_, shown, chain, _) => shown is X509Certificate2 server && own.IsServer(server, chain),
                LocalCertificateSelectionCallback = (_, _, _, _, _) => own.Own,
            },
        });
    }

    static async Task<List<PeerBlock>> BlocksAsync(PeerClient peer, ulong from, TimeSpan wait = default)
    {
        var all = new List<PeerBlock>();
        await foreach (var one in peer.BlocksAsync(from, wait, Cancel)) all.Add(one);
        return all;
    }

    static async Task<PeerFault> FaultAsync(Task asked) => (await Assert.ThrowsAsync<PeerException>(() => asked)).Fault;

    sealed record Known(Vote[] Votes, Report[] All, Evidence Breach) : IVotesKnown
    {
        IReadOnlyList<Vote> IVotesKnown.Votes => Votes;

        public PeerStanding? Standing => new(8, 3, 77);

        public IReadOnlyList<Evidence> Evidence => [Breach];

        public ReadOnlyMemory<byte>? Closing { get; init; }

        public IReadOnlyList<Block> Pending { get; init; } = [];

        public IReadOnlyList<Report> Reports(uint epoch) => epoch == 3 ? All : [];

        public IReadOnlyList<Block> PendingUpTo(ulong size, Hash256 root) => (size, root) == (77, new Hash256(7, 7)) ? Pending : [];
    }
}
