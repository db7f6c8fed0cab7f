using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Ledger.Client.Files;
using Ledger.Client.Founding;
using Ledger.Client.Invoices;
using Ledger.Client.Signing;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;

namespace Ledger.Client.Devnet;

/// <summary>
/// The folder of a network on this machine. Each bank and each member of etcd has a folder of its own with what is its own: its keys, its certificate, its
/// data and its log. Beside them lie the authority, genesis, the password of all key files, and the keys of whoever has no node.
/// </summary>
static class LocalFiles
{
    public const int Members = 3;
    public const string Log = "log";
    public const string Settings = "node.json";

    const int PortsOfMember = 2;
    const int PortsOfBank = 3;
    const string Authority = "authority";
    const string Operator = "operator";
    const string Own = "own";
    const string Anchors = "anchors.json";
    const string Keys = "keys";
    const string Password = "password.txt";
    const string Policy = "policy.txt";
    const string ObserverRegion = "110000";
    const int ObserverSeed = 7100;

    public static string PasswordFile(string folder) => Path.Combine(folder, Password);

    /// <summary>Whose signatures a node believes that begins with a snapshot.</summary>
    public static string PolicyFile(string folder) => Path.Combine(folder, Policy);

    public static string GenesisFile(string folder) => Path.Combine(folder, FolderLayout.Genesis);

    /// <summary>The keys of parties without a node.</summary>
    public static string KeyFolder(string folder) => Path.Combine(folder, Keys);

    public static string KeyFolder(LocalBank bank) => Path.Combine(bank.Folder, Keys);

    public static string KeyFileOf(string keys, KeyId kid) => Path.Combine(keys, $"{kid}.key.json");

    static string AuthorityKey(string folder) => Path.Combine(folder, $"{Authority}.key");

    public static string AuthorityFile(string folder) => Path.Combine(folder, $"{Authority}.pem");

    /// <summary>The certificate, and the private key, of whoever looks after the network.</summary>
    public static (string Certificate, string Key) OperatorFiles(string folder) => Pair(folder, Operator);

    /// <summary>The same of a bank, or of a member of etcd, in its folder.</summary>
    public static (string Certificate, string Key) OwnFiles(string own) => Pair(own, Own);

    /// <summary>Makes everything that there is before something is started. The folder is to be new or empty.</summary>
    public static DevnetFile Make(string folder, DevnetWishes wishes, DateTimeOffset now)
    {
        if (Path.Exists(folder) && (!Directory.Exists(folder) || Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            throw new DevnetException(
                DevnetFaultKind.Usage, $"{folder} 不是空目录，且其中没有 {DevnetFile.Name}。", $"{folder} is not empty and holds no {DevnetFile.Name}.");
        }

        var ports = LocalPorts.Free(wishes.FirstPort, (PortsOfBank * wishes.Nodes) + (PortsOfMember * Members));
        using var founding = FoundingKeys.Fill(LocalGenesis.Template(wishes.Nodes, wishes.Suite), new(now.ToUnixTimeMilliseconds()));
        var banks = founding.Genesis.Text.Parties.Take(wishes.Nodes).Select((party, i) => new LocalBank(
            Named("bank", i), party.Id.Text, party.Name, Path.Combine(folder, Named("bank", i)),
            ports[PortsOfBank * i], ports[(PortsOfBank * i) + 1], ports[(PortsOfBank * i) + 2], Process: null)).ToArray();
        var rest = ports[(PortsOfBank * wishes.Nodes)..];
        var members = Enumerable.Range(0, Members).Select(i => new LocalMember(
            Named("etcd", i), Path.Combine(folder, Named("etcd", i)), rest[PortsOfMember * i], rest[(PortsOfMember * i) + 1], Process: null)).ToArray();
        var made = new DevnetFile(DevnetFile.Current, founding.Genesis.Chain.ChainId.ToString(), wishes.Suite, wishes.NodeProgram, wishes.EtcdProgram, members, banks);

        OwnerOnly.CreateFolder(folder);
        WriteSecret(PasswordFile(folder), Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)) + "\n");
        File.WriteAllBytes(GenesisFile(folder), founding.Genesis.Bytes.ToArray());
        WriteCertificates(folder, made, now);
        WriteKeys(folder, made, founding);
        foreach (var (i, bank) in banks.Index()) WriteSettings(folder, made, bank, i);

        // Last, so that a folder with this file holds all the others.
        made.Write(folder);
        return made;
    }

    /// <summary>Adds somebody who observes: a certificate in a name of its own, and no key of a bank.</summary>
    public static DevnetFile AddObserver(string folder, DevnetFile network)
    {
        var number = network.Banks.Count(bank => bank.Observes);
        var ports = FreePorts(network);
        var name = Named("observer", number);
        var observer = new LocalBank(
            name, FictionalUscc.Of(ObserverRegion, ObserverSeed + number).Text, "示例监管机构", Path.Combine(folder, name), ports[0], ports[1], ports[2], Process: null, Observes: true);

        OwnerOnly.CreateFolder(observer.Folder);
        using (var authority = LocalAuthority.Open(File.ReadAllText(AuthorityFile(folder)), File.ReadAllText(AuthorityKey(folder)))) Issue(authority, observer.Bank, OwnFiles(observer.Folder));
        File.Copy(GenesisFile(folder), GenesisFile(observer.Folder));
        var settings = SettingsOf(folder, network, observer);
        settings["observe"] = "on";
        WriteSettings(observer, settings);
        return network with { Banks = [.. network.Banks, observer] };
    }

    /// <summary>
    /// Adds a bank that is to vote: all that its operator has, and its address in the settings of the others for their next start. What is there of it from before, its keys above all, stays.
    /// </summary>
    public static DevnetFile AddBank(string folder, DevnetFile network, Genesis genesis)
    {
        var number = network.Voters.Count();
        var place = genesis.Text.Parties.Count + number - genesis.Text.Validators.Count;
        var (name, ports) = (Named("bank", number), FreePorts(network));
        var bank = new LocalBank(name, LocalGenesis.IdOf(place).Text, LocalGenesis.NameOf(place), Path.Combine(folder, name), ports[0], ports[1], ports[2], Process: null);
        var with = network with { Banks = [.. network.Banks, bank] };

        OwnerOnly.CreateFolder(bank.Folder);
        OwnerOnly.CreateFolder(KeyFolder(bank));
        if (!File.Exists(bank.CertificateKeyPath))
        {
            using var authority = LocalAuthority.Open(File.ReadAllText(AuthorityFile(folder)), File.ReadAllText(AuthorityKey(folder)));
            Issue(authority, bank.Bank, OwnFiles(bank.Folder));
        }

        File.Copy(GenesisFile(folder), GenesisFile(bank.Folder), overwrite: true);
        var password = ReadPassword(folder);
        if (!File.Exists(PasswordFile(bank.Folder))) WriteSecret(PasswordFile(bank.Folder), password + "\n");
        foreach (var (key, use, _, _) in FoundingKeys.OfBank)
        {
            var kid = new KeyId(bank.Id, key);
            if (File.Exists(KeyFileOf(KeyFolder(bank), kid))) continue;
            using var made = FoundingKeys.NewKeyFor(use, genesis.Chain.Suite);
            WriteKey(KeyFolder(bank), kid, made, password);
        }

        if (!File.Exists(NodeKeyFile(bank)))
        {
            using var made = SigningKey.Create(genesis.Chain.Suite);
            WriteNodeKey(bank, made, password);
        }

        WriteSettings(folder, with, bank, number);
        foreach (var other in network.Banks)
        {
            var settings = JsonNode.Parse(File.ReadAllText(Path.Combine(other.Folder, Settings)))?.AsObject() ?? throw new InvalidDataException(other.Folder);
            settings["peers"] = PeersOf(with, other);
            WriteSettings(other, settings);
        }

        return with;
    }

    public static string ReadPassword(string folder) => File.ReadLines(PasswordFile(folder)).First();

    /// <summary>Locks a key that is only for play: quickly.</summary>
    public static void WriteKey(string keys, KeyId kid, PrivateKey key, string password) =>
        KeyFile.Lock(key, kid.ToString(), password, KeyFile.MinIterations).TryWriteNew(KeyFileOf(keys, kid));

    /// <summary>The signing key in a file that is there.</summary>
    /// <exception cref="DevnetException">It cannot be opened.</exception>
    public static SigningKey ReadKey(string path, string password) => ReadKey<SigningKey>(path, password);

    /// <summary>The public key that belongs to a private one, whatever it is for.</summary>
    /// <exception cref="DevnetException">Its file cannot be opened.</exception>
    public static ByteString PublicKey(string keys, KeyId kid, string password)
    {
        using var key = ReadKey<PrivateKey>(KeyFileOf(keys, kid), password);
        return key.PublicKey;
    }

    /// <summary>A key that signs transactions: of a bank with a node, or of somebody without one.</summary>
    /// <exception cref="DevnetException">Its file cannot be opened.</exception>
    public static SigningKey OpenKey(string folder, DevnetFile network, KeyId kid)
    {
        var keys = network.Banks.FirstOrDefault(one => one.Id == kid.Party && !one.Observes) is { } node ? KeyFolder(node) : KeyFolder(folder);
        return ReadKey(KeyFileOf(keys, kid), ReadPassword(folder));
    }

    public static string NodeKeyFile(LocalBank bank) => Path.Combine(bank.Folder, $"{NodeKeyName(bank.Id)}.key.json");

    /// <summary>
    /// How a member of etcd is started. One whose disk was lost when the banks had a chain already begins as a new one of the cluster that is there, which has to know it by then. Where no member has a disk
    /// any more there is none, and they begin a fresh one.
    /// </summary>
    public static IReadOnlyList<string> MemberArguments(string folder, DevnetFile network, LocalMember member)
    {
        var (certificate, key) = OwnFiles(member.Folder);
        var authority = AuthorityFile(folder);
        return
        [
            "--name", member.Name, "--data-dir", Path.Combine(member.Folder, "data"),
            "--initial-cluster", string.Join(',', network.Etcd.Select(one => $"{one.Name}={Https(one.PeerPort)}")), "--initial-cluster-token", network.ChainId,
            "--initial-cluster-state", IsLost(network, member) ? "existing" : "new",
            "--listen-client-urls", Https(member.ClientPort), "--advertise-client-urls", Https(member.ClientPort),
            "--listen-peer-urls", Https(member.PeerPort), "--initial-advertise-peer-urls", Https(member.PeerPort),
            "--client-cert-auth", "--trusted-ca-file", authority, "--cert-file", certificate, "--key-file", key,
            "--peer-client-cert-auth", "--peer-trusted-ca-file", authority, "--peer-cert-file", certificate, "--peer-key-file", key,
            "--snapshot-count", "500", "--pre-vote=true", "--quota-backend-bytes", "536870912", "--logger", "zap", "--log-level", "warn",
        ];
    }

    public static IReadOnlyList<string> ChainArguments(LocalChain chain) =>
    [
        "--host", "127.0.0.1", "--port", chain.Port.ToString(CultureInfo.InvariantCulture), "--hardfork", "osaka", "--block-time", "1", "--slots-in-an-epoch", "1", "--state", Path.Combine(chain.Folder, "state.json"), "--quiet",
    ];

    /// <summary>What a bank's node needs to anchor, for its next start: keys by the names of their files, and the file of chains.</summary>
    public static void WriteAnchors(LocalBank bank, IReadOnlyDictionary<string, PrivateKey> keys, byte[] anchors, string password)
    {
        foreach (var (keyFile, key) in keys) KeyFile.Lock(key, keyFile, password, KeyFile.MinIterations).TryWriteNew(Path.Combine(bank.Folder, keyFile));
        var path = Path.Combine(bank.Folder, Anchors);
        File.WriteAllBytes(path, anchors);
        var settings = JsonNode.Parse(File.ReadAllText(Path.Combine(bank.Folder, Settings)))?.AsObject() ?? throw new InvalidDataException(bank.Folder);
        settings["anchors"] = path;
        WriteSettings(bank, settings);
    }

    public static SigningKey ReadNodeKey(LocalBank bank, string password) => ReadKey<SigningKey>(NodeKeyFile(bank), password);

    public static string Https(int port) => string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{port}");

    static TKey ReadKey<TKey>(string path, string password)
        where TKey : PrivateKey =>
        File.Exists(path) && KeyFile.TryParse(File.ReadAllBytes(path), out var file) && file.TryOpen<TKey>(password, out var key) == KeyFileOpening.Opened && key is not null
            ? key
            : throw new DevnetException(DevnetFaultKind.Fault, $"密钥文件 {path} 缺失或无法打开。", $"The key file {path} is missing or cannot be opened.");

    static string NodeKeyName(PartyId bank) => $"node-{bank}";

    static void WriteNodeKey(LocalBank bank, SigningKey key, string password) => KeyFile.Lock(key, NodeKeyName(bank.Id), password, KeyFile.MinIterations).TryWriteNew(NodeKeyFile(bank));

    // Such as nothing of the network has, running or not.
    public static int[] FreePorts(DevnetFile network)
    {
        var taken = network.Banks.SelectMany(bank => (int[])[bank.Port, bank.OperationsPort, bank.PeerPort]).Concat(network.Etcd.SelectMany(member => (int[])[member.ClientPort, member.PeerPort])).ToHashSet();
        return [.. LocalPorts.Free(network.Banks[0].Port, taken.Count + PortsOfBank).Where(port => !taken.Contains(port)).Take(PortsOfBank)];
    }

    static bool IsLost(DevnetFile network, LocalMember member) =>
        !HasData(member) && network.Etcd.Any(HasData) && network.Banks.Any(static bank => Directory.Exists(Path.Combine(bank.Data, FolderLayout.Chain)));

    static bool HasData(LocalMember member) => Directory.Exists(Path.Combine(member.Folder, "data", "member"));

    static (string Certificate, string Key) Pair(string folder, string name) => (Path.Combine(folder, $"{name}.pem"), Path.Combine(folder, $"{name}.key"));

    static string Named(string what, int index) => string.Create(CultureInfo.InvariantCulture, $"{what}{index + 1}");

    static void WriteCertificates(string folder, DevnetFile network, DateTimeOffset now)
    {
        using var authority = LocalAuthority.Create($"devnet {network.ChainId[..8]}", now);
        File.WriteAllText(AuthorityFile(folder), authority.Certificate);
        WriteSecret(AuthorityKey(folder), authority.Key);
        Issue(authority, Operator, OperatorFiles(folder));
        foreach (var member in network.Etcd)
        {
            OwnerOnly.CreateFolder(member.Folder);

            // etcd wants its folder to be its own.
            OwnerOnly.CreateFolder(Path.Combine(member.Folder, "data"));
            Issue(authority, member.Name, OwnFiles(member.Folder));
        }

        foreach (var bank in network.Banks)
        {
            OwnerOnly.CreateFolder(bank.Folder);
            Issue(authority, bank.Bank, OwnFiles(bank.Folder));
        }
    }

    static void Issue(LocalAuthority authority, string name, (string Certificate, string Key) files)
    {
        var (certificate, key) = authority.Issue(name);
        File.WriteAllText(files.Certificate, certificate);
        WriteSecret(files.Key, key);
    }

    static void WriteKeys(string folder, DevnetFile network, FoundingKeys founding)
    {
        var password = ReadPassword(folder);
        var withNode = network.Banks.ToDictionary(bank => bank.Id);
        OwnerOnly.CreateFolder(KeyFolder(folder));
        foreach (var bank in network.Banks)
        {
            OwnerOnly.CreateFolder(KeyFolder(bank));
            File.WriteAllBytes(GenesisFile(bank.Folder), founding.Genesis.Bytes.ToArray());
            WriteSecret(PasswordFile(bank.Folder), password + "\n");
        }

        // Deriving a key from a password takes its time.
        Parallel.ForEach(founding.Keys, pair => WriteKey(withNode.TryGetValue(pair.Key.Party, out var bank) ? KeyFolder(bank) : KeyFolder(folder), pair.Key, pair.Value, password));
        Parallel.ForEach(founding.NodeKeys, pair => WriteNodeKey(withNode[pair.Key], pair.Value, password));
    }

    // As a bank's operator would write it: its own member of etcd comes first.
    static void WriteSettings(string folder, DevnetFile network, LocalBank bank, int index)
    {
        var members = Enumerable.Range(0, network.Etcd.Count).Select(i => Https(network.Etcd[(index + i) % network.Etcd.Count].ClientPort));
        var settings = SettingsOf(folder, network, bank);
        settings["password-file"] = PasswordFile(bank.Folder);
        settings["etcd"] = string.Join(',', members);
        settings["etcd-ca"] = AuthorityFile(folder);
        settings["etcd-cert"] = bank.CertificatePath;
        settings["etcd-key"] = bank.CertificateKeyPath;
        WriteSettings(bank, settings);
    }

    // What a node has whether it votes or not: its place, and the nodes of all the others that vote; who observes asks other observers too, for they may be shown another history.
    static JsonObject SettingsOf(string folder, DevnetFile network, LocalBank bank)
    {
        var settings = new JsonObject
        {
            ["data"] = bank.Data,
            ["genesis"] = GenesisFile(bank.Folder),
            ["port"] = bank.Port,
            ["operations-port"] = bank.OperationsPort,
            ["reads"] = "open",
            ["peer-listen"] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{bank.PeerPort}"),
            ["peer-ca"] = AuthorityFile(folder),
            ["peer-cert"] = bank.CertificatePath,
            ["peer-key"] = bank.CertificateKeyPath,
        };
        if (PeersOf(network, bank) is { Length: > 0 } peers) settings["peers"] = peers;
        return settings;
    }

    static string PeersOf(DevnetFile network, LocalBank bank) => string.Join(',', network.Banks.Where(peer => peer.Bank != bank.Bank && (bank.Observes || !peer.Observes)).Select(peer => $"{peer.Bank}={peer.PeerUrl}"));

    static void WriteSettings(LocalBank bank, JsonObject settings) =>
        File.WriteAllText(Path.Combine(bank.Folder, Settings), settings.ToJsonString(new() { WriteIndented = true }) + "\n");

    static void WriteSecret(string path, string text)
    {
        using var file = OwnerOnly.Create(path, FileMode.CreateNew);
        file.Write(Encoding.ASCII.GetBytes(text));
    }
}
