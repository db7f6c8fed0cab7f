using System.Globalization;

namespace Ledger.Evm;

/// <summary>A call that a person sends once and waits for: making a contract, opening a ledger. Whoever is interrupted finds it by its hash.</summary>
public static class EvmSending
{
    const ulong PlainTip = AnchorTarget.Gwei;

    static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    /// <summary>Sends what was asked of the chain first, and returns what became of it once it stands in a block. <paramref name="signed"/> is told of the transaction before anybody has it.</summary>
    /// <exception cref="EvmException">The chain was not reached, or the contract refuses; then nothing was sent. Or what was sent was not taken.</exception>
    public static async Task<(SignedTransaction Signed, EvmReceipt Receipt)> SendAsync(
        EvmChain chain, IEvmSigner signer, EvmAddress? to, byte[] data, ulong maxFee, Action<SignedTransaction> signed, TimeProvider time, CancellationToken cancel)
    {
        await chain.ConfirmAsync(cancel);
        var head = await chain.HeadAsync(cancel);
        await chain.CallAsync(signer.Address, to, data, head.Number, cancel);
        var gas = await chain.GasAsync(signer.Address, to, data, cancel);
        var fees = head.BaseFee is { } baseFee
            ? new EvmFees((ulong)UInt128.Min(maxFee, (2 * (UInt128)baseFee) + PlainTip), Math.Min(maxFee, PlainTip))
            : new EvmFees(await chain.GasPriceAsync(cancel), null);
        if (fees.Max > maxFee || head.BaseFee > maxFee) throw new EvmException(EvmFaultKind.Refused, string.Create(CultureInfo.InvariantCulture, $"a unit of gas costs {Math.Max(fees.Max, head.BaseFee ?? 0)} wei now"));
        var transaction = await signer.SignAsync(new(chain.Id, await chain.NonceAsync(signer.Address, head.Number, cancel), to, new(data), gas + (gas / 5), fees), cancel);
        signed(transaction);
        var (answer, words) = await chain.SendAsync(transaction, cancel);
        if (answer != SendAnswer.Taken) throw new EvmException(EvmFaultKind.Refused, words);
        while (true)
        {
            if (await ReceiptAsync(chain, transaction, cancel) is { } receipt) return (transaction, receipt);
            await Task.Delay(Pace, time, cancel);
        }
    }

    // One endpoint sees a block before another does, and one may be gone for a while: what was sent is waited for all the same.
    static async Task<EvmReceipt?> ReceiptAsync(EvmChain chain, SignedTransaction transaction, CancellationToken cancel)
    {
        try
        {
            return await chain.ReceiptAsync(transaction.Hash, cancel);
        }
        catch (EvmException notYet) when (notYet.Kind is EvmFaultKind.Disagree or EvmFaultKind.NotReached)
        {
            return null;
        }
    }
}
