using System.Security.Cryptography;
using Ledger.Client.Signing;
using Ledger.Core.Chain;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Node.Private;

namespace Ledger.Node;

/// <summary>
/// The secrets of a running bank: the node key of its validator, and its sealing key, which opens the fingerprint keys. Key files stand beside the
/// genesis file as <c>ledger genesis new</c> leaves them; the password comes from a file or a prompt.
/// </summary>
public sealed record NodeKeys(NodeKey Node, EpochKeyRing EpochKeys)
{
    const string Ending = ".key.json";
    const string KeysFolder = "keys";

    /// <summary>The key under which the disclosures in <c>private/</c> are sealed; null where the node has none and keeps no disclosures.</summary>
    public byte[]? PrivateKey { get; init; }

    /// <summary>Keys that pay on EVM chains, by the names of their files, <c>relayer*.key.json</c>.</summary>
    public IReadOnlyDictionary<string, EvmKey> Paying { get; init; } = new Dictionary<string, EvmKey>();

    /// <summary>Keys under which the bank gives its word for anchors, of the files <c>anchor*.key.json</c>: where one follows another, both.</summary>
    public IReadOnlyList<EvmKey> Anchoring { get; init; } = [];

    /// <summary>Shares of pledge keys, of the files <c>pledge*.key.json</c>.</summary>
    public IReadOnlyList<PledgeShareKey> PledgeShares { get; init; } = [];

    /// <summary>Takes keys that are at hand, as the demo does.</summary>
    public static NodeKeys Of(CryptoSuite suite, PartyId bank, SigningKey nodeKey, IReadOnlyDictionary<uint, byte[]> epochKeys) => new(NodeKeyOf(bank, nodeKey), new(suite, bank, epochKeys));

    /// <summary>A node key that is at hand.</summary>
    public static NodeKey NodeKeyOf(PartyId bank, SigningKey nodeKey) => new(bank, nodeKey.PublicKey, message => nodeKey.Sign(message), text => nodeKey.SignNote(text));

    /// <summary>
    /// Opens the key files of the bank whose node keys lie in <paramref name="folder"/>: <c>node-BANK.key.json</c>, and <c>node-BANK.NAME.key.json</c> where another is to follow it. Where there are several banks', those of
    /// the first founder. Null and the reason when they cannot be used.
    /// </summary>
    public static NodeKeys? Open(Genesis genesis, string folder, ReadOnlySpan<char> password, out string problem)
    {
        var founders = genesis.Text.Validators;
        var files = NodeKeyFiles(folder).ToLookup(static file => file.Bank, static file => file.Path);
        var bank = founders.Select(static founder => founder.Bank).FirstOrDefault(files.Contains);
        if (bank == default && files.Count == 1) bank = files.Single().Key;
        if (bank == default)
        {
            problem = files.Count == 0
                ? $"{folder}: no node-BANK.key.json here 该目录中没有 node-BANK.key.json"
                : $"{folder}: node keys of several banks, and none of a founder: leave one bank's here 该目录中有多家银行的节点密钥，请只保留一家";
            return null;
        }

        var (node, iterations) = (default(NodeKey), 0);
        foreach (var path in files[bank])
        {
            if (Read<SigningKey>(path, password, out problem, out iterations) is not { } key) return null;
            node = NodeKeyOf(bank, key) with { Mark = new(MarkFile(path)), Other = node };
        }

        problem = "";
        var epochKeys = new EpochKeyRing(genesis.Chain.Suite, bank, new Dictionary<uint, byte[]>(), OpenSealing(bank, folder, password)) { Folder = Path.Combine(folder, KeysFolder) };
        return new(node ?? throw new System.Diagnostics.UnreachableException("A bank was chosen by its files."), epochKeys)
        {
            PrivateKey = OpenPrivate(Path.Combine(folder, PrivateFile(bank)), password, iterations),
            Paying = Open<EvmKey>(folder, "relayer", password).ToDictionary(static one => one.Name, static one => one.Key, StringComparer.Ordinal),
            Anchoring = [.. Open<EvmKey>(folder, "anchor", password).Select(static one => one.Key)],
            PledgeShares = [.. Open<PledgeShareKey>(folder, "pledge", password).Select(static one => one.Key)],
        };
    }

    /// <summary>Where it stands that a bank's node key in a folder has signed.</summary>
    public static string MarkFile(string folder, PartyId bank) => MarkFile(Path.Combine(folder, $"node-{bank}{Ending}"));

    static string MarkFile(string path) => path[..^Ending.Length] + ".founded.json";

    // The last of a bank's is the one whose name says nothing else.
    static IEnumerable<(PartyId Bank, string Path)> NodeKeyFiles(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(folder, $"node-*{Ending}").OrderByDescending(static path => path.Length).ThenByDescending(static path => path, StringComparer.Ordinal))
        {
            if (PartyId.TryParse(Path.GetFileName(path)["node-".Length..].Split('.')[0], out var bank)) yield return (bank, path);
        }
    }

    /// <summary>The name of the file that holds the secret of <see cref="PrivateKey"/>.</summary>
    public static string PrivateFile(PartyId bank) => $"private-{bank}.key.json";

    /// <summary>What seals the disclosures, from the secret of a key file.</summary>
    public static byte[] PrivateKeyOf(PrivateKey secret)
    {
        var scalar = secret.ToScalar();
        var key = SealedFile.KeyOf(scalar);
        CryptographicOperations.ZeroMemory(scalar);
        return key;
    }

    // Made at the first start, readable by its owner only and as hard to guess as the node key beside it, which has the same password. One that is
    // there and does not open is never replaced: what it sealed would be lost for good.
    static byte[]? OpenPrivate(string path, ReadOnlySpan<char> password, int iterations)
    {
        try
        {
            if (!File.Exists(path))
            {
                using var made = SealingKey.Create();
                return KeyFile.Lock(made, Path.GetFileName(path), password, iterations).TryWriteNew(path) ? PrivateKeyOf(made) : null;
            }

            using var key = Read<SealingKey>(path, password, out _, out _);
            return key is null ? null : PrivateKeyOf(key);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Without its sealing key a bank can run a node; only the document service needs the fingerprint keys.
    static List<SealingKey> OpenSealing(PartyId bank, string folder, ReadOnlySpan<char> password)
    {
        var opened = new List<SealingKey>();
        foreach (var path in SealingKeyFiles(folder, bank))
        {
            if (Read<SealingKey>(path, password, out _, out _) is { } key) opened.Add(key);
        }

        return opened;
    }

    // Without them a bank can run a node, which then anchors nothing, gives no word, and answers no ask for tags.
    static List<(string Name, T Key)> Open<T>(string folder, string beginning, ReadOnlySpan<char> password)
        where T : PrivateKey
    {
        var opened = new List<(string, T)>();
        foreach (var path in Directory.EnumerateFiles(folder, $"{beginning}*{Ending}").Order(StringComparer.Ordinal))
        {
            if (Read<T>(path, password, out _, out _) is { } key) opened.Add((Path.GetFileName(path), key));
        }

        return opened;
    }

    static IEnumerable<string> SealingKeyFiles(string folder, PartyId bank)
    {
        var keys = Path.Combine(folder, KeysFolder);
        return Directory.Exists(keys) ? Directory.EnumerateFiles(keys, $"{bank}#*.key.json").Order(StringComparer.Ordinal) : [];
    }

    static T? Read<T>(string path, ReadOnlySpan<char> password, out string problem, out int iterations)
        where T : PrivateKey
    {
        problem = "";
        iterations = 0;
        if (!KeyFile.TryParse(File.ReadAllBytes(path), out var file))
        {
            problem = $"{path}: not a key file";
            return null;
        }

        iterations = file.Iterations;
        var opening = file.TryOpen<T>(password, out var key);
        if (opening == KeyFileOpening.Opened) return key;
        problem = $"{path}: {opening}";
        return null;
    }
}
