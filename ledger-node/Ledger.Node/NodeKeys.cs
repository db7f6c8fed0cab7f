using System.Security.Cryptography;
using Ledger.Client.Signing;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Private;

namespace Ledger.Node;

/// <summary>
/// The secrets of a running bank: the node key of its validator, and the fingerprint keys that its sealing key opens. Key files stand beside the
/// genesis file as <c>ledger genesis new</c> leaves them; the password comes from a file or a prompt.
/// </summary>
public sealed record NodeKeys(NodeKey Node, IReadOnlyDictionary<uint, byte[]> EpochKeys)
{
    /// <summary>The key under which the disclosures in <c>private/</c> are sealed; null where the node has none and keeps no disclosures.</summary>
    public byte[]? PrivateKey { get; init; }

    /// <summary>Takes keys that are at hand, as the demo does.</summary>
    public static NodeKeys Of(PartyId bank, SigningKey nodeKey, IReadOnlyDictionary<uint, byte[]> epochKeys) =>
        new(new NodeKey(bank, nodeKey.PublicKey, message => nodeKey.Sign(message), text => nodeKey.SignNote(text)), epochKeys);

    /// <summary>Opens the key files of the validator whose node key lies in <paramref name="folder"/>; null and the reason when they cannot be used.</summary>
    public static NodeKeys? Open(Genesis genesis, string folder, ReadOnlySpan<char> password, out string problem)
    {
        foreach (var validator in genesis.Text.Validators)
        {
            var path = Path.Combine(folder, $"node-{validator.Bank}.key.json");
            if (!File.Exists(path)) continue;
            if (Read<SigningKey>(path, password, out problem, out var iterations) is not { } key) return null;
            if (key.PublicKey != validator.NodeKey)
            {
                problem = $"{path}: not the node key that genesis names for {validator.Bank}";
                return null;
            }

            var keys = Of(validator.Bank, key, OpenEpochs(genesis.State(), validator.Bank, folder, password));
            return keys with
            {
                Node = keys.Node with { Mark = new(MarkFile(folder, validator.Bank)) },
                PrivateKey = OpenPrivate(Path.Combine(folder, PrivateFile(validator.Bank)), password, iterations),
            };
        }

        problem = $"{folder}: no node-<bank>.key.json of a validator of this genesis";
        return null;
    }

    /// <summary>Where it stands that a bank's node key in a folder has signed.</summary>
    public static string MarkFile(string folder, PartyId bank) => Path.Combine(folder, $"node-{bank}.founded.json");

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
    static Dictionary<uint, byte[]> OpenEpochs(LedgerState state, PartyId bank, string folder, ReadOnlySpan<char> password)
    {
        var opened = new Dictionary<uint, byte[]>();
        foreach (var path in SealingKeyFiles(folder, bank))
        {
            if (Read<SealingKey>(path, password, out _, out _) is not { } key) continue;
            foreach (var epoch in state.Epochs)
            {
                foreach (var sealedKey in epoch.SealedKeys)
                {
                    if (sealedKey.Bank == bank && SealedKey.TryOpen(sealedKey.Sealed, key, out var secret)) opened[epoch.Number] = secret;
                }
            }
        }

        return opened;
    }

    static IEnumerable<string> SealingKeyFiles(string folder, PartyId bank)
    {
        var keys = Path.Combine(folder, "keys");
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
