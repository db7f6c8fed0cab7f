using System.Text.Json;
using Ledger.Core.Crypto;
using Nethereum.ABI.ABIDeserialisation;
using Nethereum.ABI.Model;

namespace Ledger.Evm;

/// <summary>A contract of <c>contracts/artifacts</c>, which is committed and rebuilt octet for octet; it lies in this program.</summary>
public sealed class AnchorArtifact
{
    readonly ContractABI abi;

    AnchorArtifact(string name, int keySize = 0, bool provesHistory = false)
    {
        (KeySize, ProvesHistory) = (keySize, provesHistory);
        using var file = typeof(AnchorArtifact).Assembly.GetManifestResourceStream($"contracts.{name}.json") ?? throw new InvalidOperationException($"{name} is not in this program.");
        using var json = JsonDocument.Parse(file);
        Name = name;
        Creation = EvmText.Octets(json.RootElement.GetProperty("bytecode"));
        Code = EvmText.Octets(json.RootElement.GetProperty("deployedBytecode"));
        abi = ABIDeserialiserFactory.DeserialiseContractABI(json.RootElement.GetProperty("abi").GetRawText());
    }

    /// <summary>For ledgers under ES256, on chains that verify P-256: the one whose signatures nodes have.</summary>
    public static AnchorArtifact Anchor { get; } = new("Anchor", SignerSet.KeySize, provesHistory: true);

    /// <summary>For ledgers under ES256, on chains that do not verify P-256: banks give their word under anchor keys.</summary>
    public static AnchorArtifact RecoveringAnchor { get; } = new("RecoveringAnchor", EvmAddress.Size, provesHistory: true);

    /// <summary>For ledgers whose hash no chain computes: banks give their word under anchor keys, and that a history goes on is their word too.</summary>
    public static AnchorArtifact UnprovenAnchor { get; } = new("UnprovenAnchor", EvmAddress.Size);

    /// <summary>Every contract of anchors.</summary>
    public static IReadOnlyList<AnchorArtifact> Anchors { get; } = [Anchor, RecoveringAnchor, UnprovenAnchor];

    /// <summary>For consortia that would not lend on one document unknown to each other.</summary>
    public static AnchorArtifact PledgeRegistry { get; } = new("PledgeRegistry");

    /// <summary>The contract for a ledger under a suite, on a chain that verifies P-256 or does not.</summary>
    public static AnchorArtifact For(string suite, bool verifiesP256) => suite != P256Suite.SuiteName ? UnprovenAnchor : verifiesP256 ? Anchor : RecoveringAnchor;

    public string Name { get; }

    /// <summary>Octets of a key in a set of signers.</summary>
    public int KeySize { get; }

    /// <summary>Whether the contract itself proves that each history goes on from the one before it.</summary>
    public bool ProvesHistory { get; }

    /// <summary>What an anchor there leaves unproven, for people; null where the banks' own keys signed and the contract proves the history.</summary>
    public (string Chinese, string English)? NotProven => this == UnprovenAnchor
        ? ("历史未被改写（合约不能计算 SM3，仅凭各银行声明）；各银行以其账本密钥签署过该检查点", "that no anchored history was rewritten (the contract cannot compute SM3 and takes the banks' word); that the banks signed under their ledger's keys")
        : this == RecoveringAnchor ? ("各银行以其账本密钥签署过该检查点", "that the banks signed under their ledger's keys") : null;

    /// <summary>Whether it takes words of anchor keys, and not what stands under the ledger's notes.</summary>
    public bool TakesWords => KeySize == EvmAddress.Size;

    /// <summary>Whether it is for ledgers under this suite: one that proves less than could be proved is for none.</summary>
    public bool IsFor(string suite) => this == For(suite, verifiesP256: true) || this == For(suite, verifiesP256: false);

    /// <summary>What makes the contract.</summary>
    public byte[] Creation { get; }

    /// <summary>What lies at its address then.</summary>
    public byte[] Code { get; }

    /// <summary>The name of the reason that a call was refused for; null where it is none of this contract's.</summary>
    public string? ErrorOf(byte[]? reason) =>
        reason is { Length: >= 4 } ? abi.Errors.FirstOrDefault(error => Selector(error.Sha3Signature).AsSpan().SequenceEqual(reason.AsSpan(0, 4)))?.Name : null;

    static byte[] Selector(string signature) => Convert.FromHexString(signature.Replace("0x", "", StringComparison.Ordinal))[..4];
}
