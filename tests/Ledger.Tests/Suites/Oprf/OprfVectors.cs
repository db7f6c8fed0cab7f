using System.Text.Json;
using Ledger.Suites.Oprf;

namespace Ledger.Tests.Suites.Oprf;

/// <summary>What RFC 9380 and RFC 9497 give as examples; the file says where they are from.</summary>
static class OprfVectors
{
    static readonly JsonElement All = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root(), "tests", "Ledger.Tests", "Suites", "Oprf", "vectors.json"))).RootElement;

    public static JsonElement HashToCurve => All.GetProperty("hashToCurve");

    public static JsonElement Voprf => All.GetProperty("voprf");

    public static byte[] Octets(JsonElement hex) => Convert.FromHexString(hex.GetString()!);

    public static GroupScalar Scalar(JsonElement hex) => GroupScalar.TryRead(Octets(hex), out var scalar) ? scalar : throw new InvalidOperationException("No scalar.");

    public static GroupElement Element(JsonElement hex) => GroupElement.TryRead(Octets(hex), out var element) ? element : throw new InvalidOperationException("No element.");

    public static VoprfProof Proof(JsonElement hex) => VoprfProof.TryRead(Octets(hex), out var proof) ? proof : throw new InvalidOperationException("No proof.");
}
