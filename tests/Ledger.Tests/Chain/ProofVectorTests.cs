using System.Text.Json.Nodes;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;

namespace Ledger.Tests.Chain;

/// <summary>transparency-dev/merkle's good and bad proofs.</summary>
public class ProofVectorTests
{
    [Fact]
    public void Inclusion_proofs_are_judged_as_the_public_vectors_say()
    {
        foreach (var (file, vector) in Vectors("inclusion"))
        {
            // A leaf hash of a wrong length is refused where hashes are read.
            var isIncluded = Bytes(vector["leafHash"]).Length == Hash256.Size && Proofs.VerifyInclusion(
                Sample.Suite, Digest(vector["leafHash"]), Number(vector["leafIdx"]), Number(vector["treeSize"]), Proof(vector),
                Digest(vector["root"]));
            Assert.True(isIncluded != (bool)vector["wantErr"]!, file);
        }
    }

    [Fact]
    public void Consistency_proofs_are_judged_as_the_public_vectors_say()
    {
        foreach (var (file, vector) in Vectors("consistency"))
        {
            var isConsistent = Proofs.VerifyConsistency(
                Sample.Suite, Number(vector["size1"]), Number(vector["size2"]), Proof(vector), Digest(vector["root1"]), Digest(vector["root2"]));
            Assert.True(isConsistent != (bool)vector["wantErr"]!, file);
        }
    }

    static List<(string File, JsonNode Vector)> Vectors(string kind)
    {
        var folder = SharedData.Require("vectors", "rfc6962", kind);
        var files = Directory.GetFiles(folder, "*.json", SearchOption.AllDirectories);
        Assert.True(files.Length > 90, "some ninety vectors of each kind are public");
        return [.. files.Select(file => (file, JsonNode.Parse(File.ReadAllBytes(file))!))];
    }

    static ulong Number(JsonNode? node) => (ulong)node!;

    static Hash256[] Proof(JsonNode vector) => [.. (vector["proof"]?.AsArray() ?? []).Select(Digest)];

    // Some vectors hold roots and proof hashes of a wrong length, which no Hash256 can be. Their own hash stands for them: equal stays equal, and wrong
    // stays wrong.
    static Hash256 Digest(JsonNode? node)
    {
        var bytes = Bytes(node);
        return bytes.Length == Hash256.Size ? Hash256.Read(bytes) : Sample.Suite.Hash(bytes);
    }

    static byte[] Bytes(JsonNode? node) => Convert.FromBase64String((string?)node ?? "");
}
