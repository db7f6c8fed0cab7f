using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using Ledger.Client.AdminLog;
using Ledger.Client.Signing;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Node;
using Ledger.Node.Monitoring;
using Ledger.Node.Ordering.Etcd;
using Ledger.Node.Peers;
using Ledger.Suites;
using Ledger.Tests.Http;
using Ledger.Tests.Storage;
using Ledger.Tests.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ledger.Tests.Monitoring;

public sealed class OpsServerTests(TestNode node) : IClassFixture<TestNode>, IAsyncLifetime
{
    const string Token = "a-token-of-the-operator";

    readonly SigningKey key = SigningKey.Create(KnownSuites.P256);
    readonly MemoryStorage disk = new();
    readonly LogLevels levels = LogLevels.Parse(LogLevels.Default) ?? throw new InvalidOperationException();
    readonly HttpClient http = new();
    static readonly PeerBook peers = BookOfOne();
    long free = 10_000;
    DiskGuard guard = null!;
    AdminLog admin = null!;
    WebApplication server = null!;

    public async ValueTask InitializeAsync()
    {
        guard = new(() => free, warnBytes: 1_000, holdBytes: 100);
        guard.Look();
        NodeGauges.Add(node.Loop, guard, TimeProvider.System);
        NodeGauges.Add(node.Loop, lost: () => 0, removedEarly: () => 0);
        NodeGauges.Add(node.Loop, peers, TimeProvider.System);
        NodeGauges.Add(node.Loop, MembersOfOne(), TimeProvider.System);
        NodeGauges.Add(node.Loop, () => (Revision: 9, Ahead: 1, Changes: 2));
        NodeGauges.AddEpochKeys(node.Loop, () => 1);
        NodeGauges.Add(node.Loop, () => [new WitnessGauge("witness.example/regulator", Missed: 4, Disagrees: false)]);
        NodeGauges.Add(node.Loop, () => [new AnchorGauge("evm", Leaves: 4, Seconds: 60, Trouble: 0, IsForked: false, Spent: 21_000, Balance: 1_000_000)]);
        NodeGauges.Add(node.Loop, () => (Waiting: 2, Bytes: 900, IsBroken: false), () => [(World.Y, 3)]);
        NodeGauges.Add(node.Loop, () => new(
            2, 9, 1, TimeSpan.FromSeconds(12), 3, [World.X, World.Y], [new(World.Y, 4, new(1), 8, 20, 19)], [World.X], [World.Y], ("不投票", "it does not vote"), HasLostBallot: true, [new(World.W, 1, "evidence/one")]));
        admin = AdminLog.Open(disk, new(default, key.PublicKey, bytes => key.Sign(bytes), _ => []), founder: null, Verify, TimeProvider.System, out _) ?? throw new InvalidOperationException();
        var settings = NodeSettings.Resolve(_ => null, _ => null, null, out _) ?? throw new InvalidOperationException();
        var running = new TaskCompletionSource();
        ReadinessCheck[] checks =
        [
            ReadinessChecks.Loop(() => running.Task, () => false), ReadinessChecks.Disk(guard), ReadinessChecks.Clock(node.Loop, TimeSpan.FromSeconds(10)), ReadinessChecks.Views(node.Loop),
        ];
        server = OpsServer.Build(new(0, checks, settings, levels, admin, Token), node.Loop, NullLoggerFactory.Instance);
        await server.StartAsync(TestNode.Cancel);
        http.BaseAddress = NodeServer.AddressOf(server);
    }

    // A peer of which everything is known, so that all that can be told is.
    static PeerBook BookOfOne()
    {
        var soon = TimeProvider.System.GetUtcNow().AddDays(10);
        var book = new PeerBook([], soon);
        NameOne(book);
        return book;
    }

    static void NameOne(PeerBook book)
    {
        var peer = new Peers.FakePeer(World.Y, [], 0) { CertificateExpires = book.OwnExpires };
        book.Name([peer]);
        book.Seen(peer, new(new('0', 64), "", World.Y.Text, "", 7, 0, new('0', 64), 7, 1, null), TimeProvider.System.GetUtcNow());
    }

    static EtcdBook MembersOfOne()
    {
        var book = new EtcdBook(["127.0.0.1:2379"], TimeProvider.System.GetUtcNow().AddDays(10));
        book.Note(new("127.0.0.1:2379", IsLeader: true, 9, 5 << 20, 1 << 20, "3.4.23", TimeProvider.System.GetUtcNow(), ["NOSPACE"], null));
        return book;
    }

    public async ValueTask DisposeAsync()
    {
        node.Loop.HoldsWrites = false;
        await server.StopAsync(CancellationToken.None);
        await server.DisposeAsync();
        admin.Dispose();
        key.Dispose();
        http.Dispose();
    }

    [Fact]
    public async Task Metrics_tell_what_the_ledger_tells()
    {
        var before = await MetricsAsync();
        await node.ReceivableAsync(30_000_000);
        await node.RefusedAsync(Refusal.OfferNotFound, node.Sign(TestNode.Draft(node.A, new AcceptOffer(TestNode.New<Offer>()))));
        var after = await MetricsAsync();

        double Grown(string series) => after.Samples[series] - before.Samples.GetValueOrDefault(series);
        Assert.Equal(node.Loop.Reader.View.Header.Height, after.Samples["ledger_block_height"]);
        Assert.Equal(node.Loop.Reader.View.Checkpoint.Checkpoint.Size, after.Samples["ledger_leaves"]);
        Assert.Equal(30_000_000, Grown("ledger_issued_minor_units_total{currency=\"CNY\"}"));
        Assert.Equal(3, Grown("ledger_entries_total{answer=\"accepted\"}"));
        Assert.Equal(1, Grown($"ledger_mempool_rejected_total{{code=\"{(int)Refusal.OfferNotFound}\"}}"));
        Assert.Equal(Grown("ledger_blocks_total"), Grown("ledger_block_commit_seconds_count"));
        Assert.All(
            after.Samples.Where(one => one.Key.StartsWith("ledger_", StringComparison.Ordinal) && after.Types.GetValueOrDefault(one.Key.Split('{')[0]) == "counter"),
            counter => Assert.True(counter.Value >= before.Samples.GetValueOrDefault(counter.Key), counter.Key));
    }

    [Fact]
    public async Task A_peer_that_is_named_no_more_is_told_no_more()
    {
        string[] ofPeers = ["ledger_peer_reachable", "ledger_peer_false", "ledger_peer_height", "ledger_peer_silence_seconds", "ledger_peer_certificate_seconds"];
        var before = await MetricsAsync();
        Assert.All(ofPeers, series => Assert.Contains($"{series}{{bank=\"{World.Y}\"}}", before.Samples.Keys));

        peers.Name([]);
        var after = await MetricsAsync();
        NameOne(peers);
        Assert.All(ofPeers, series => Assert.DoesNotContain(after.Samples.Keys, one => one.StartsWith(series + "{", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_double_pledge_attempt_is_counted_by_its_number()
    {
        var instrument = await node.ReceivableAsync(1_000);
        var invoice = await node.InvoiceAsync(node.B, node.A, 1_000);
        await node.AcceptedAsync(node.A, TestNode.Transfer(TestNode.New<Offer>(), instrument, node.B, 1_000, invoice));
        var again = await node.InvoiceAsync(node.B, node.A, 1_000);
        var before = await MetricsAsync();

        var refused = await node.Api.SubmitAsync(
            node.Sign(TestNode.Draft(node.A, TestNode.Transfer(TestNode.New<Offer>(), instrument, node.B, 1_000, again) with { Units = Interval.OfWhole(new(1_000)), Amount = null })),
            wait: true, TestNode.Cancel);

        var series = $"ledger_double_pledge_attempts_total{{code=\"{(int)refused.Code}\"}}";
        Assert.Equal(1, (await MetricsAsync()).Samples[series] - before.Samples[series]);
    }

    [Fact]
    public async Task A_node_that_runs_short_of_room_is_alive_and_not_ready_and_says_why()
    {
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/readyz", TestNode.Cancel)).StatusCode);

        free = 500;
        Assert.True(guard.Look());

        using var response = await http.GetAsync("/readyz", TestNode.Cancel);
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestNode.Cancel));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        var failed = Assert.Single(answer.RootElement.GetProperty("failedChecks").EnumerateArray());
        Assert.Equal("disk", failed.GetProperty("component").GetString());
        Assert.Contains("500", failed.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal((int)Refusal.StorageFull, failed.GetProperty("code").GetInt32());

        // Who only reads is served all the same.
        Assert.True(answer.RootElement.GetProperty("reads").GetBoolean());
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/readyz/reads", TestNode.Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/livez", TestNode.Cancel)).StatusCode);
    }

    [Fact]
    public async Task Without_room_transactions_are_refused_before_the_disk_is_full_and_first_answers_still_stand()
    {
        var known = node.Sign(TestNode.Draft(node.X, node.Attestation(node.A, node.C, 5)), node.A);
        await node.AcceptedAsync(known);
        var (height, fresh) = (node.Loop.Reader.View.Header.Height, node.Sign(TestNode.Draft(node.X, node.Attestation(node.A, node.C, 6)), node.A));

        node.Loop.HoldsWrites = true;
        Assert.Equal(507, (await node.RefusedAsync(Refusal.StorageFull, fresh)).HttpStatus);
        Assert.Equal(height, node.Loop.Reader.View.Header.Height);
        Assert.True((await node.AcceptedAsync(known)).GetProperty("replayed").GetBoolean());

        node.Loop.HoldsWrites = false;
        await node.AcceptedAsync(fresh);
    }

    [Fact]
    public async Task The_log_level_changes_at_the_operators_word_and_the_admin_log_keeps_it()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await PutLevelAsync("debug", token: null));
        Assert.Equal(HttpStatusCode.Unauthorized, await PutLevelAsync("debug", "another"));
        Assert.Equal(LogLevels.Default, levels.Text);

        Assert.Equal(HttpStatusCode.OK, await PutLevelAsync("debug:Ledger.Node.Http=trace", Token));
        Assert.Equal(HttpStatusCode.BadRequest, await PutLevelAsync("loud", Token));

        Assert.Equal("debug:Ledger.Node.Http=trace", levels.Text);
        using var file = disk.Open(AdminLog.FileName) ?? throw new InvalidOperationException();
        var bytes = new byte[file.Length];
        file.Read(0, bytes);
        Assert.Equal([("log-level", "ok"), ("log-level", "refused")], AdminLogAudit.Read(bytes, Verify, [key.PublicKey]).Entries.Select(entry => (entry.Act, entry.Result)));
        Assert.Equal(admin.Head, (await JsonAsync("/status")).GetProperty("adminLog").GetProperty("head").GetString());
    }

    [Fact]
    public async Task It_answers_only_to_the_names_of_loopback()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics") { Headers = { Host = "attacker.example" } };

        Assert.Equal(HttpStatusCode.MisdirectedRequest, (await http.SendAsync(request, TestNode.Cancel)).StatusCode);
    }

    [Fact]
    public async Task Settings_are_told_with_where_they_come_from()
    {
        var port = (await JsonAsync("/config")).GetProperty("settings").EnumerateArray().Single(one => one.GetProperty("name").GetString() == "port");

        Assert.Equal(("7301", "default"), (port.GetProperty("value").GetString(), port.GetProperty("source").GetString()));
    }

    [Fact]
    public async Task Dashboard_and_alert_rules_ask_only_for_what_the_node_exports()
    {
        await http.GetAsync("/version", TestNode.Cancel);
        var exported = await MetricsAsync();

        Assert.All(DeployFiles.Expressions(), one =>
        {
            var names = DeployFiles.MetricsIn(one.Expression);
            Assert.NotEmpty(names);
            Assert.All(names, name => Assert.True(exported.Exports(name), $"{one.File}: {name} in {one.Expression}"));
        });
    }

    [Fact]
    public async Task Prometheus_own_checker_finds_nothing_to_say_of_what_is_exported()
    {
        await node.ReceivableAsync(1_000);
        await node.Http.GetAsync("/v1/health", TestNode.Cancel);
        var start = new ProcessStartInfo("promtool", ["check", "metrics"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var promtool = Started(start);
        var said = Task.WhenAll(promtool.StandardOutput.ReadToEndAsync(TestNode.Cancel), promtool.StandardError.ReadToEndAsync(TestNode.Cancel));
        await promtool.StandardInput.WriteAsync(await http.GetStringAsync("/metrics", TestNode.Cancel));
        promtool.StandardInput.Close();
        await promtool.WaitForExitAsync(TestNode.Cancel);

        Assert.Equal("", string.Concat(await said));
        Assert.Equal(0, promtool.ExitCode);
    }

    static Process Started(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new InvalidOperationException("promtool did not start.");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            JavaScript.Absent("promtool is not on this machine.");
            throw;
        }
    }

    async Task<MetricsText> MetricsAsync() => new(await http.GetStringAsync("/metrics", TestNode.Cancel));

    async Task<JsonElement> JsonAsync(string path)
    {
        using var answer = JsonDocument.Parse(await http.GetStringAsync(path, TestNode.Cancel));
        return answer.RootElement.Clone();
    }

    async Task<HttpStatusCode> PutLevelAsync(string spec, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/log-level") { Content = new StringContent(spec, Encoding.UTF8, "text/plain") };
        if (token is not null) request.Headers.Authorization = new("Bearer", token);
        using var response = await http.SendAsync(request, TestNode.Cancel);
        return response.StatusCode;
    }

    static bool Verify(ByteString signer, byte[] message, byte[] signature) => KnownSuites.P256.Verify(signer, message, signature);
}
