using System.Numerics;
using Ledger.Core.Primitives;
using Nethereum.Model;
using Nethereum.Signer;

namespace Ledger.Evm;

/// <summary>What a transaction pays for a unit of gas, in wei: at most, and of that at most to whoever makes the block. Without a tip it is of the older form, and <paramref name="Max"/> is its price.</summary>
public readonly record struct EvmFees(ulong Max, ulong? Tip)
{
    /// <summary>What takes the place of a transaction that paid this: 15 % more of both, rounded up, and more in any case. Programs of chains ask for 10 %, and one of them refuses exactly that.</summary>
    public EvmFees Bumped() => new(Bumped(Max), Tip is { } tip ? Bumped(tip) : null);

    static ulong Bumped(ulong fee) => Math.Max(fee + 1, (ulong)((((UInt128)fee * 115) + 99) / 100));
}

/// <summary>What is to be signed. Without <paramref name="To"/> it makes a contract.</summary>
public sealed record EvmTransaction(ulong Chain, ulong Nonce, EvmAddress? To, ByteString Data, ulong Gas, EvmFees Fees)
{
    /// <summary>What it can cost at most.</summary>
    public UInt128 Cost => (UInt128)Gas * Fees.Max;

    internal SignedTransaction Sign(EthECKey key)
    {
        var model = ToModel();
        if (model is Transaction1559 typed) new Transaction1559Signer().SignTransaction(key, typed);
        else new LegacyTransactionSigner().SignTransaction(key.GetPrivateKeyAsBytes(), (LegacyTransactionChainId)model);
        return new(this, new(model.GetRLPEncoded()), Hash256.Read(model.Hash));
    }

    internal ISignedTransaction ToModel()
    {
        var (to, data) = (To?.ToString() ?? "", EvmText.Of(Data.Span));
        return Fees.Tip is { } tip
            ? new Transaction1559(Chain, Nonce, tip, Fees.Max, Gas, to, 0, data, [])
            : new LegacyTransactionChainId(to, BigInteger.Zero, Nonce, Fees.Max, Gas, data, Chain);
    }
}

/// <summary>A transaction as it is sent. Its hash is known before anybody has it.</summary>
public sealed record SignedTransaction(EvmTransaction Transaction, ByteString Raw, Hash256 Hash)
{
    /// <summary>Takes what somebody else signed, if it is this transaction, octet for octet, under this account's signature; null for whatever else it is.</summary>
    public static SignedTransaction? Read(EvmTransaction asked, EvmAddress signer, byte[] raw)
    {
        try
        {
            // The library encodes what it read as it came, and would find nothing behind its end: so what was asked is encoded anew, under the signature that came.
            var model = asked.ToModel();
            model.SetSignature(TransactionFactory.CreateTransaction(raw).Signature);
            return raw.AsSpan().SequenceEqual(model.GetRLPEncoded()) && SenderOf(model) == signer ? new(asked, new(raw), Hash256.Read(model.Hash)) : null;
        }
        catch (Exception malformed) when (malformed is not OutOfMemoryException)
        {
            // The library says "no transaction" with exceptions of many kinds.
            return null;
        }
    }

    static EvmAddress SenderOf(ISignedTransaction model) =>
        EvmAddress.TryParse(model.GetSenderAddress(), out var sender) ? sender : default;
}
