using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Ledger.Client.Files;
using Ledger.Client.Founding;
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
    const string Keys = "keys";
    const string Password = "password.txt";

    public static string PasswordFile(string folder) => Path.Combine(folder, Password);

    public static string GenesisFile(string folder) => Path.Combine(folder, FolderLayout.Genesis);

    /// <summary>The keys of parties without a node.</summary>
    public static string KeyFolder(string folder) => Path.Combine(folder, Keys);

    public static string KeyFolder(LocalBank bank) => Path.Combine(bank.Folder, Keys);

    public static string KeyFileOf(string keys, KeyId kid) => Path.Combine(keys, $"{kid}.key.json");

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

    public static string ReadPassword(string folder) => File.ReadLines(PasswordFile(folder)).First();

    /// <summary>Locks a key that is only for play: quickly.</summary>
    public static void WriteKey(string keys, KeyId kid, PrivateKey key, string password) =>
        KeyFile.Lock(key, kid.ToString(), password, KeyFile.MinIterations).TryWriteNew(KeyFileOf(keys, kid));

    /// <summary>The signing key in a file that is there.</summary>
    /// <exception cref="DevnetException">It cannot be opened.</exception>
    public static SigningKey ReadKey(string path, string password) =>
        File.Exists(path) && KeyFile.TryParse(File.ReadAllBytes(path), out var file) && file.TryOpen<SigningKey>(password, out var key) == KeyFileOpening.Opened && key is not null
            ? key
            : throw new DevnetException(DevnetFaultKind.Fault, $"密钥文件 {path} 缺失或无法打开。", $"The key file {path} is missing or cannot be opened.");

    /// <summary>The key of a founding bank's maker.</summary>
    public static SigningKey OpenMaker(string folder, DevnetFile network, PartyId bank)
    {
        var keys = network.Banks.FirstOrDefault(one => one.Id == bank) is { } node ? KeyFolder(node) : KeyFolder(folder);
        return ReadKey(KeyFileOf(keys, new(bank, FoundingKeys.Maker)), ReadPassword(folder));
    }

    public static IReadOnlyList<string> MemberArguments(string folder, DevnetFile network, LocalMember member)
    {
        var (certificate, key) = OwnFiles(member.Folder);
        var authority = AuthorityFile(folder);
        return
        [
            "--name", member.Name, "--data-dir", Path.Combine(member.Folder, "data"),
            "--initial-cluster", string.Join(',', network.Etcd.Select(one => $"{one.Name}={Https(one.PeerPort)}")), "--initial-cluster-token", network.ChainId,
            "--listen-client-urls", Https(member.ClientPort), "--advertise-client-urls", Https(member.ClientPort),
            "--listen-peer-urls", Https(member.PeerPort), "--initial-advertise-peer-urls", Https(member.PeerPort),
            "--client-cert-auth", "--trusted-ca-file", authority, "--cert-file", certificate, "--key-file", key,
            "--peer-client-cert-auth", "--peer-trusted-ca-file", authority, "--peer-cert-file", certificate, "--peer-key-file", key,
            "--snapshot-count", "500", "--pre-vote=true", "--quota-backend-bytes", "536870912", "--logger", "zap", "--log-level", "warn",
        ];
    }

    public static string Https(int port) => string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{port}");

    static (string Certificate, string Key) Pair(string folder, string name) => (Path.Combine(folder, $"{name}.pem"), Path.Combine(folder, $"{name}.key"));

    static string Named(string what, int index) => string.Create(CultureInfo.InvariantCulture, $"{what}{index + 1}");

    static void WriteCertificates(string folder, DevnetFile network, DateTimeOffset now)
    {
        using var authority = LocalAuthority.Create($"devnet {network.ChainId[..8]}", now);
        File.WriteAllText(AuthorityFile(folder), authority.Certificate);
        Issue(Operator, OperatorFiles(folder));
        foreach (var member in network.Etcd)
        {
            OwnerOnly.CreateFolder(member.Folder);

            // etcd wants its folder to be its own.
            OwnerOnly.CreateFolder(Path.Combine(member.Folder, "data"));
            Issue(member.Name, OwnFiles(member.Folder));
        }

        foreach (var bank in network.Banks)
        {
            OwnerOnly.CreateFolder(bank.Folder);
            Issue(bank.Bank, OwnFiles(bank.Folder));
        }

        void Issue(string name, (string Certificate, string Key) files)
        {
            var (certificate, key) = authority.Issue(name);
            File.WriteAllText(files.Certificate, certificate);
            WriteSecret(files.Key, key);
        }
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
        Parallel.ForEach(founding.NodeKeys, pair =>
        {
            var name = $"node-{pair.Key}";
            KeyFile.Lock(pair.Value, name, password, KeyFile.MinIterations).TryWriteNew(Path.Combine(withNode[pair.Key].Folder, $"{name}.key.json"));
        });
    }

    // As a bank's operator would write it: its own member of etcd comes first.
    static void WriteSettings(string folder, DevnetFile network, LocalBank bank, int index)
    {
        var members = Enumerable.Range(0, network.Etcd.Count).Select(i => Https(network.Etcd[(index + i) % network.Etcd.Count].ClientPort));
        var settings = new JsonObject
        {
            ["data"] = bank.Data,
            ["genesis"] = GenesisFile(bank.Folder),
            ["password-file"] = PasswordFile(bank.Folder),
            ["port"] = bank.Port,
            ["operations-port"] = bank.OperationsPort,
            ["reads"] = "open",
            ["etcd"] = string.Join(',', members),
            ["etcd-ca"] = AuthorityFile(folder),
            ["etcd-cert"] = bank.CertificatePath,
            ["etcd-key"] = bank.CertificateKeyPath,
        };
        File.WriteAllText(Path.Combine(bank.Folder, Settings), settings.ToJsonString(new() { WriteIndented = true }) + "\n");
    }

    static void WriteSecret(string path, string text)
    {
        using var file = OwnerOnly.Create(path, FileMode.CreateNew);
        file.Write(Encoding.ASCII.GetBytes(text));
    }
}
