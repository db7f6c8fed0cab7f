using System.Text.Json;
using System.Text.Json.Serialization;
using Ledger.Client.Files;
using Ledger.Core.Primitives;

namespace Ledger.Client.Devnet;

/// <summary>A member of the etcd that orders; <paramref name="Process"/> is null while it was never started.</summary>
public sealed record LocalMember(string Name, string Folder, int ClientPort, int PeerPort, LocalProcess? Process);

/// <summary>A bank with its node; or somebody who only observes, with a node that follows the banks' and votes on nothing.</summary>
public sealed record LocalBank(string Name, string Bank, string Title, string Folder, int Port, int OperationsPort, int PeerPort, LocalProcess? Process, bool Observes = false)
{
    [JsonIgnore]
    public string Url => $"http://127.0.0.1:{Port}";

    [JsonIgnore]
    public string OperationsUrl => $"http://127.0.0.1:{OperationsPort}";

    [JsonIgnore]
    public string PeerUrl => $"https://127.0.0.1:{PeerPort}";

    /// <summary>The node's data folder.</summary>
    [JsonIgnore]
    public string Data => Path.Combine(Folder, "data");

    /// <summary>What it shows to etcd and to other banks.</summary>
    [JsonIgnore]
    public string CertificatePath => LocalFiles.OwnFiles(Folder).Certificate;

    [JsonIgnore]
    public string CertificateKeyPath => LocalFiles.OwnFiles(Folder).Key;

    [JsonIgnore]
    public PartyId Id => PartyId.TryParse(Bank, out var id) ? id : default;
}

/// <summary>A test chain of EVM's that runs beside a network for its anchors.</summary>
public sealed record LocalChain(string Program, string Folder, int Port, LocalProcess? Process)
{
    /// <summary>One program under two names: in earnest they would be two that have nothing to do with each other.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Urls => [$"http://127.0.0.1:{Port}", $"http://localhost:{Port}"];
}

/// <summary>
/// That processes of a network are kept from each other: those of one side from those of every other. Who is on no side reaches all. It is the kernel's own, and gone with the <paramref name="Boot"/> in which it was made.
/// </summary>
public sealed record LocalPartition(IReadOnlyList<IReadOnlyList<string>> Sides, string FilterProgram, string Boot);

/// <summary>What <c>devnet.json</c> says: which processes make up a network on this machine, where they listen and where their files are.</summary>
public sealed partial record DevnetFile(
    int Version, string ChainId, string Suite, string NodeProgram, string EtcdProgram, IReadOnlyList<LocalMember> Etcd, IReadOnlyList<LocalBank> Banks,
    LocalPartition? Partition = null, LocalChain? Chain = null)
{
    /// <summary>Those that vote.</summary>
    [JsonIgnore]
    public IEnumerable<LocalBank> Voters => Banks.Where(bank => !bank.Observes);

    public const int Current = 1;
    public const string Name = "devnet.json";

    const int Largest = 1 << 20;

    /// <summary>Null where there is none, or none that this program reads.</summary>
    public static DevnetFile? Read(string folder)
    {
        try
        {
            var path = Path.Combine(folder, Name);
            if (!File.Exists(path) || new FileInfo(path).Length > Largest) return null;
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), DevnetJson.Default.DevnetFile) is { Version: Current } read ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Takes the place of what was there whole.</summary>
    public void Write(string folder)
    {
        var path = Path.Combine(folder, Name);
        using (var file = OwnerOnly.Create(path + ".new", FileMode.Create)) JsonSerializer.Serialize(file, this, DevnetJson.Default.DevnetFile);
        File.Move(path + ".new", path, overwrite: true);
    }

    [JsonSourceGenerationOptions(
        JsonSerializerDefaults.Web, WriteIndented = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true)]
    [JsonSerializable(typeof(DevnetFile))]
    sealed partial class DevnetJson : JsonSerializerContext;
}
