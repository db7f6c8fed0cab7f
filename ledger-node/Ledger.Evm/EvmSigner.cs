using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Ledger.Client.Signing;
using Nethereum.Signer;

namespace Ledger.Evm;

/// <summary>
/// Whoever signs for the account that pays. It may take long and fail; two calls for one transaction give two signatures that are both good, and either is sent at
/// most under its nonce.
/// </summary>
public interface IEvmSigner
{
    EvmAddress Address { get; }

    /// <exception cref="EvmException">It did not sign, or signed something else.</exception>
    Task<SignedTransaction> SignAsync(EvmTransaction transaction, CancellationToken cancel);
}

/// <summary>The key lies in a key file of this machine, and was opened with its password.</summary>
public sealed class LocalSigner : IEvmSigner
{
    readonly EthECKey key;

    public LocalSigner(EvmKey opened)
    {
        var scalar = opened.ToScalar();
        key = new(scalar, isPrivate: true);
        CryptographicOperations.ZeroMemory(scalar);
        Address = AddressOf(opened);
    }

    public EvmAddress Address { get; }

    public Task<SignedTransaction> SignAsync(EvmTransaction transaction, CancellationToken cancel)
    {
        // Without it a signature takes ten times as long, for the library tries which of four keys it recovers.
        EthECKey.SignRecoverable = true;
        return Task.FromResult(transaction.Sign(key));
    }

    /// <summary>The last 20 octets of the point's keccak-256.</summary>
    public static EvmAddress AddressOf(EvmKey key) => EvmAddress.Read(Keccak.Hash(key.PublicKey.Span[1..]).ToBytes().AsSpan(12));
}

/// <summary>
/// The key lies elsewhere, behind <c>eth_signTransaction</c> as signing services speak it. What comes back is sent only when it is, octet for octet, what was asked for: who could change it
/// could spend the account.
/// </summary>
public sealed class RemoteSigner(EvmEndpoint service, EvmAddress address) : IEvmSigner
{
    public EvmAddress Address => address;

    public async Task<SignedTransaction> SignAsync(EvmTransaction transaction, CancellationToken cancel)
    {
        var asked = new JsonObject
        {
            ["from"] = address.ToString(),
            ["nonce"] = EvmText.Of(transaction.Nonce),
            ["gas"] = EvmText.Of(transaction.Gas),
            ["value"] = "0x0",
            ["data"] = EvmText.Of(transaction.Data.Span),
            ["chainId"] = EvmText.Of(transaction.Chain),
        };
        if (transaction.To is { } to) asked["to"] = to.ToString();
        if (transaction.Fees.Tip is { } tip) (asked["maxFeePerGas"], asked["maxPriorityFeePerGas"]) = (EvmText.Of(transaction.Fees.Max), EvmText.Of(tip));
        else asked["gasPrice"] = EvmText.Of(transaction.Fees.Max);
        var answer = await service.AskAsync("eth_signTransaction", [asked], cancel);
        return SignedTransaction.Read(transaction, address, Raw(answer)) ?? throw new EvmException(EvmFaultKind.Malformed, $"{service.Name}: what it signed is not what was asked for");
    }

    // Some services give the octets, others an object with them.
    static byte[] Raw(System.Text.Json.JsonElement answer)
    {
        try
        {
            return EvmText.Octets(EvmText.Maybe(answer, "raw") ?? answer);
        }
        catch (FormatException)
        {
            return [];
        }
    }
}
