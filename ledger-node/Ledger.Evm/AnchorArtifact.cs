using System.Text.Json;
using Nethereum.ABI.ABIDeserialisation;
using Nethereum.ABI.Model;

namespace Ledger.Evm;

/// <summary>A contract of <c>contracts/artifacts</c>, which is committed and rebuilt octet for octet; it lies in this program.</summary>
public sealed class AnchorArtifact
{
    readonly ContractABI abi;

    AnchorArtifact(string name)
    {
        using var file = typeof(AnchorArtifact).Assembly.GetManifestResourceStream($"contracts.{name}.json") ?? throw new InvalidOperationException($"{name} is not in this program.");
        using var json = JsonDocument.Parse(file);
        Name = name;
        Creation = EvmText.Octets(json.RootElement.GetProperty("bytecode"));
        Code = EvmText.Octets(json.RootElement.GetProperty("deployedBytecode"));
        abi = ABIDeserialiserFactory.DeserialiseContractABI(json.RootElement.GetProperty("abi").GetRawText());
    }

    /// <summary>For ledgers under ES256, on chains that verify P-256: the one whose signatures nodes have.</summary>
    public static AnchorArtifact Anchor { get; } = new("Anchor");

    /// <summary>For consortia that would not lend on one document unknown to each other.</summary>
    public static AnchorArtifact PledgeRegistry { get; } = new("PledgeRegistry");

    public string Name { get; }

    /// <summary>What makes the contract.</summary>
    public byte[] Creation { get; }

    /// <summary>What lies at its address then.</summary>
    public byte[] Code { get; }

    /// <summary>The name of the reason that a call was refused for; null where it is none of this contract's.</summary>
    public string? ErrorOf(byte[]? reason) =>
        reason is { Length: >= 4 } ? abi.Errors.FirstOrDefault(error => Selector(error.Sha3Signature).AsSpan().SequenceEqual(reason.AsSpan(0, 4)))?.Name : null;

    static byte[] Selector(string signature) => Convert.FromHexString(signature.Replace("0x", "", StringComparison.Ordinal))[..4];
}
