using System.Security.Cryptography;
using System.Text;
using Ledger.Client.Files;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Suites;

namespace Ledger.Node.Witnessing;

/// <summary>
/// A witness's own key (Ed25519), which signs cosignatures and nothing else. Made at the first start, readable by its owner only, beside the folder of what it cosigned: a key that came
/// without that folder is not used, for it would cosign what it has forgotten.
/// </summary>
public sealed class WitnessKey
{
    /// <summary>The name of its file.</summary>
    public const string FileName = "witness.key";

    /// <summary>The folder of what was cosigned under it.</summary>
    public const string CosignedFolder = "cosigned";

    readonly byte[] seed;

    WitnessKey(string name, byte[] seed) => (this.seed, VKey) = (seed, VKey.OfCosigner(name, new(Ed25519.PublicKey(seed))));

    /// <summary>What policies name it by.</summary>
    public VKey VKey { get; }

    /// <summary>The key in a folder, with the name under which it signs; null and why where there is one that is not to be used.</summary>
    /// <exception cref="IOException">It could not be read, or not be written.</exception>
    public static WitnessKey? OpenOrMake(string folder, string name, out string problem)
    {
        var (path, cosigned) = (Path.Combine(folder, FileName), Path.Combine(folder, CosignedFolder));
        if (!File.Exists(path))
        {
            // The folder comes first: what is cut between the two makes its key at the next start.
            OwnerOnly.CreateFolder(cosigned);
            DurableFile.Write(path, Encoding.ASCII.GetBytes(Base64Url.Encode(RandomNumberGenerator.GetBytes(Ed25519.SeedSize)) + "\n"));
        }

        problem = $"{path} is here without {cosigned}: this key would cosign what it has forgotten. Move it away, and begin with a new one. 该密钥已无其联署记录，请移走并启用新密钥。";
        if (!Directory.Exists(cosigned)) return null;
        problem = $"{path} holds no key. 该文件不含密钥。";
        var text = Encoding.ASCII.GetString(BoundedFile.Read(path, 2 * Ed25519.SeedSize)).TrimEnd('\n');
        if (!Base64Url.TryDecode(text, out var seed) || seed.Length != Ed25519.SeedSize) return null;
        problem = "";
        return new(name, seed);
    }

    /// <summary>The line with which it says that it saw a checkpoint, and when.</summary>
    public NoteSignature Cosign(Checkpoint checkpoint, ulong unixSeconds) => new(
        VKey.Name, VKey.KeyId, new Cosignature(unixSeconds, new(Ed25519.Sign(seed, Cosignature.SignedBytes(checkpoint.SignedBytes(), unixSeconds)))).Write());
}
