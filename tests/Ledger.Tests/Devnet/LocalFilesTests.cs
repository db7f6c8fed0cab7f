using System.Text.Json;
using Ledger.Client.Devnet;
using Ledger.Client.Files;
using Ledger.Core.Chain;
using Ledger.Node;
using Ledger.Node.Ordering.Etcd;
using Ledger.Node.Peers;
using Ledger.Suites;
using Ledger.Tests.ChainFolder;

namespace Ledger.Tests.Devnet;

/// <summary>The folder of a network of four banks, before anything is started: what a node makes of it.</summary>
public sealed class LocalFilesTests : IClassFixture<LocalFilesTests.Made>
{
    readonly Made made;

    public LocalFilesTests(Made made) => this.made = made;

    [Fact]
    public void A_node_takes_each_banks_settings_and_opens_its_keys()
    {
        var genesis = Genesis.Read(File.ReadAllBytes(made.Network.GenesisPath), KnownSuites.Find, out _);
        Assert.NotNull(genesis);
        Assert.Equal(4, genesis.Text.Validators.Count);
        foreach (var bank in made.Network.File.Banks)
        {
            var settings = NodeSettings.Resolve(_ => null, _ => null, File.ReadAllBytes(Path.Combine(bank.Folder, "node.json")), out var problem);
            Assert.Equal("", problem);
            Assert.NotNull(settings);
            Assert.Equal(genesis.Bytes.ToArray(), File.ReadAllBytes(settings[NodeSettings.Genesis] ?? ""));

            var keys = NodeKeys.Open(genesis, bank.Folder, File.ReadLines(settings[NodeSettings.PasswordFile] ?? "").First(), out problem);
            Assert.Equal("", problem);
            Assert.Equal(bank.Id, keys?.Node.Bank);
            Assert.NotEmpty(keys?.EpochKeys.Of(genesis.State()) ?? new Dictionary<uint, byte[]>());
        }
    }

    [Fact]
    public void Each_bank_asks_a_member_of_its_own_first_and_has_a_certificate_for_it()
    {
        var first = new List<Uri>();
        foreach (var bank in made.Network.File.Banks.Take(3))
        {
            var settings = NodeSettings.Resolve(_ => null, _ => null, File.ReadAllBytes(Path.Combine(bank.Folder, "node.json")), out _);
            var members = EtcdAddress.ParseMembers(settings?[NodeSettings.Etcd] ?? "") ?? [];
            Assert.Equal(3, members.Distinct().Count());
            first.Add(members[0]);
            Assert.Null(new EtcdAddress(members, settings?[NodeSettings.EtcdCa], settings?[NodeSettings.EtcdCertificate], settings?[NodeSettings.EtcdKey]).Problem());
        }

        Assert.Equal(3, first.Distinct().Count());
    }

    [Fact]
    public void Nobody_else_gets_into_it_and_no_bank_has_anothers_keys()
    {
        Assert.Empty(OwnerOnly.Wider([made.Network.Folder, .. Directory.EnumerateDirectories(made.Network.Folder, "*", SearchOption.AllDirectories)]));
        Assert.Empty(OwnerOnly.Wider(Directory.EnumerateFiles(made.Network.Folder, "*.key*", SearchOption.AllDirectories)));
        Assert.Empty(OwnerOnly.Wider(Directory.EnumerateFiles(made.Network.Folder, "password.txt", SearchOption.AllDirectories)));
        foreach (var bank in made.Network.File.Banks)
        {
            var keys = Directory.EnumerateFiles(bank.Folder, "*.key.json", SearchOption.AllDirectories).Select(Path.GetFileName).Where(name => name?.StartsWith("private-", StringComparison.Ordinal) == false).ToArray();
            Assert.Equal(5, keys.Length);
            Assert.All(keys, name => Assert.Contains(bank.Bank, name, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Each_bank_serves_the_others_and_asks_all_of_them()
    {
        foreach (var bank in made.Network.File.Banks)
        {
            var settings = NodeSettings.Resolve(_ => null, _ => null, File.ReadAllBytes(Path.Combine(bank.Folder, "node.json")), out _);
            Assert.NotNull(settings);
            var peers = PeerAddress.Parse(settings[NodeSettings.PeersAsked] ?? "") ?? [];
            Assert.Equal(made.Network.File.Banks.Where(other => other != bank).Select(other => (other.Id, new Uri(other.PeerUrl))), peers.Select(peer => (peer.Bank, peer.Address)));

            var options = new PeerOptions(
                PeerAddress.ParseListen(settings[NodeSettings.PeerListen] ?? ""), peers, settings[NodeSettings.PeerCa], settings[NodeSettings.PeerCertificate], settings[NodeSettings.PeerKey]);
            Assert.Equal(bank.PeerPort, options.Listen?.Port);
            Assert.Equal(bank.Id, options.Open(out var problem)?.Bank);
            Assert.Null(problem);
        }
    }

    [Fact]
    public void A_bank_that_comes_later_has_what_is_its_own_and_the_others_know_where_it_is()
    {
        using var folder = new TemporaryFolder();
        var network = LocalNetwork.Make(folder["net"], new(2, "SM2", 23_100, "node", "etcd"), DateTimeOffset.UtcNow, (_, _) => { });
        var genesis = Genesis.Read(File.ReadAllBytes(network.GenesisPath), KnownSuites.Find, out _);
        Assert.NotNull(genesis);
        var with = LocalFiles.AddBank(network.Folder, network.File, genesis);
        var bank = with.Banks[^1];
        Assert.Equal("bank3", bank.Name);
        Assert.DoesNotContain(genesis.Text.Parties, party => party.Id == bank.Id);
        var password = LocalFiles.ReadPassword(network.Folder);
        Assert.Equal(bank.Id, NodeKeys.Open(genesis, bank.Folder, password, out _)?.Node.Bank);
        foreach (var other in with.Banks)
        {
            var settings = NodeSettings.Resolve(_ => null, _ => null, File.ReadAllBytes(Path.Combine(other.Folder, "node.json")), out _);
            Assert.Equal(with.Banks.Where(one => one != other).Select(one => one.Id), PeerAddress.Parse(settings?[NodeSettings.PeersAsked] ?? "")?.Select(peer => peer.Bank));
        }

        // Done again after it was broken off, its keys are the same: they may be on the ledger.
        var keys = Directory.EnumerateFiles(bank.Folder, "*.key*", SearchOption.AllDirectories).ToDictionary(static path => path, File.ReadAllText);
        Assert.Equal(bank, LocalFiles.AddBank(network.Folder, network.File, genesis).Banks[^1]);
        Assert.Equal(keys, Directory.EnumerateFiles(bank.Folder, "*.key*", SearchOption.AllDirectories).ToDictionary(static path => path, File.ReadAllText));
    }

    [Fact]
    public void Who_observes_serves_too_and_asks_the_banks_and_who_observed_before()
    {
        using var folder = new TemporaryFolder();
        var network = LocalNetwork.Make(folder["net"], new(2, "ES256", 23_300, "node", "etcd"), DateTimeOffset.UtcNow, (_, _) => { });
        var first = LocalFiles.AddObserver(network.Folder, network.File);
        var second = LocalFiles.AddObserver(network.Folder, first);
        var observer = second.Banks[^1];
        var settings = NodeSettings.Resolve(_ => null, _ => null, File.ReadAllBytes(Path.Combine(observer.Folder, "node.json")), out _);
        Assert.Equal(first.Banks.Select(one => one.Id), PeerAddress.Parse(settings?[NodeSettings.PeersAsked] ?? "")?.Select(peer => peer.Bank));
        Assert.Equal(observer.PeerPort, PeerAddress.ParseListen(settings?[NodeSettings.PeerListen] ?? "")?.Port);
        Assert.All(network.File.Banks, bank => Assert.DoesNotContain(observer.Bank, File.ReadAllText(Path.Combine(bank.Folder, "node.json")), StringComparison.Ordinal));
    }

    [Fact]
    public void A_member_without_its_disk_begins_anew_in_the_cluster_that_orders_the_chain()
    {
        using var folder = new TemporaryFolder();
        var network = LocalNetwork.Make(folder["net"], new(2, "ES256", 23_200, "node", "etcd"), DateTimeOffset.UtcNow, (_, _) => { });
        var (lost, kept) = (network.File.Etcd[0], network.File.Etcd[1]);
        Assert.Equal("new", State(lost));

        Directory.CreateDirectory(Path.Combine(kept.Folder, "data", "member"));
        Directory.CreateDirectory(Path.Combine(network.File.Banks[1].Data, FolderLayout.Chain));
        Assert.Equal(("existing", "new"), (State(lost), State(kept)));

        // No member has one: there is no cluster to begin in.
        Directory.Delete(Path.Combine(kept.Folder, "data"), recursive: true);
        Assert.Equal(("new", "new"), (State(lost), State(kept)));

        string State(LocalMember member) => LocalFiles.MemberArguments(network.Folder, network.File, member).SkipWhile(static word => word != "--initial-cluster-state").ElementAt(1);
    }

    [Fact]
    public void No_port_is_given_twice()
    {
        int[] ports = [.. made.Network.File.Banks.SelectMany(bank => (int[])[bank.Port, bank.OperationsPort, bank.PeerPort]), .. made.Network.File.Etcd.SelectMany(member => (int[])[member.ClientPort, member.PeerPort])];
        Assert.Equal((18, 18), (ports.Length, ports.Distinct().Count()));
    }

    [Fact]
    public void What_devnet_json_says_is_read_as_it_was_written()
    {
        using var folder = new TemporaryFolder();
        var file = made.Network.File with { Partition = new([["bank1"], ["bank2", "etcd1"]], "nft", "boot"), Banks = [.. made.Network.File.Banks.Select((bank, i) => bank with { Process = i == 0 ? null : new(i, $"{i}@boot") })] };
        file.Write(folder.Path);

        var read = DevnetFile.Read(folder.Path);
        Assert.NotNull(read);
        Assert.Equal(file with { Banks = [], Etcd = [], Partition = null }, read with { Banks = [], Etcd = [], Partition = null });
        Assert.Equal(file.Partition.Sides, read.Partition?.Sides);
        Assert.Equal(file.Partition with { Sides = [] }, read.Partition! with { Sides = [] });
        Assert.Equal(file.Banks, read.Banks);
        Assert.Equal(file.Etcd, read.Etcd);
        Assert.Empty(OwnerOnly.Wider(folder[DevnetFile.Name]));
    }

    [Fact]
    public void What_was_written_before_a_network_could_have_observers_and_be_cut_is_read()
    {
        using var folder = new TemporaryFolder();
        made.Network.File.Write(folder.Path);
        var text = File.ReadAllText(folder[DevnetFile.Name]);
        File.WriteAllText(folder[DevnetFile.Name], System.Text.RegularExpressions.Regex.Replace(text, ",\\s*\"(observes\": false|partition\": null)", ""));

        Assert.DoesNotContain("observes", File.ReadAllText(folder[DevnetFile.Name]), StringComparison.Ordinal);
        Assert.Equal(made.Network.File.Banks, DevnetFile.Read(folder.Path)?.Banks);
    }

    [Theory]
    [InlineData("""{"version":2}""")]
    [InlineData("""[]""")]
    [InlineData("")]
    public void What_is_none_is_not_taken_for_one(string text)
    {
        using var folder = new TemporaryFolder();
        Assert.Null(DevnetFile.Read(folder.Path));
        File.WriteAllText(folder[DevnetFile.Name], text);
        Assert.Null(DevnetFile.Read(folder.Path));
    }

    [Fact]
    public void Its_file_knows_no_other_members()
    {
        using var folder = new TemporaryFolder();
        made.Network.File.Write(folder.Path);
        var text = File.ReadAllText(folder[DevnetFile.Name]);
        using (var json = JsonDocument.Parse(text)) Assert.Equal(1, json.RootElement.GetProperty("version").GetInt32());
        File.WriteAllText(folder[DevnetFile.Name], text.Replace("\"version\"", "\"vision\": 1, \"version\"", StringComparison.Ordinal));
        Assert.Null(DevnetFile.Read(folder.Path));
    }

    public sealed class Made : IDisposable
    {
        readonly TemporaryFolder folder = new();

        public Made() => Network = LocalNetwork.Make(folder["net"], new(4, "ES256", 23_000, "node", "etcd"), DateTimeOffset.UtcNow, (_, _) => { });

        public LocalNetwork Network { get; }

        public void Dispose() => folder.Dispose();
    }
}
