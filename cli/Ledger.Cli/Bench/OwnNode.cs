using System.Security.Cryptography;
using Ledger.Client.Founding;
using Ledger.Client.Signing;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Cli.Bench;

/// <summary>A test chain founded for one run in a folder that goes with it, and a node on it.</summary>
sealed class OwnNode : IDisposable
{
    readonly string folder;
    readonly FoundingKeys founding;
    readonly NodeProgram program;

    OwnNode(string folder, FoundingKeys founding, NodeProgram program)
    {
        this.folder = folder;
        this.founding = founding;
        this.program = program;
    }

    public string Url => program.Url;

    /// <summary>The founding banks, each with the key of its maker.</summary>
    public IReadOnlyList<(KeyId Kid, SigningKey Key)> Banks =>
        [.. founding.Genesis.Text.Parties.Select(bank => (new KeyId(bank.Id, FoundingKeys.Maker), founding.Signer(bank.Id)))];

    public static async Task<OwnNode> StartAsync(string program, string suite, Timestamp now, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("ledger-bench-").FullName;
        var founding = FoundingKeys.Fill(FoundingKeys.Preset("demo") with { Purpose = Purpose.Test, Suite = suite }, now);
        try
        {
            var (genesis, password) = (Path.Combine(folder, FolderLayout.Genesis), Path.Combine(folder, "password.txt"));
            var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
            await File.WriteAllBytesAsync(genesis, founding.Genesis.Bytes.ToArray(), cancel);
            await File.WriteAllTextAsync(password, secret + "\n", cancel);

            // A key that lives for a minute may be derived quickly.
            foreach (var (bank, key) in founding.NodeKeys)
                KeyFile.Lock(key, $"node-{bank}", secret, KeyFile.MinIterations).TryWriteNew(Path.Combine(folder, $"node-{bank}.key.json"));
            return new(folder, founding, await NodeProgram.StartAsync(program, Path.Combine(folder, "data"), genesis, password, cancel));
        }
        catch
        {
            founding.Dispose();
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    public void Dispose()
    {
        program.Dispose();
        founding.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
