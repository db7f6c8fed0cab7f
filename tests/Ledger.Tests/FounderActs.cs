using System.Security.Cryptography;
using Ledger.Client.Founding;
using Ledger.Client.Signing;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Core.Wire;

namespace Ledger.Tests;

/// <summary>Signed acts of founding banks, each by its maker and its checker, good for an hour.</summary>
static class FounderActs
{
    public static byte[] Act(this FoundingKeys founding, DateTimeOffset now, Operation operation, params ReadOnlySpan<PartyId> banks) =>
        founding.Act(now, operation, Id<Transaction>.Read(RandomNumberGenerator.GetBytes(16)), banks);

    /// <summary>The first of the banks acts, and the others sign too.</summary>
    public static byte[] Act(this FoundingKeys founding, DateTimeOffset now, Operation operation, Id<Transaction> id, params ReadOnlySpan<PartyId> banks)
    {
        var transaction = new Transaction(banks[0], null, id, new(now.ToUnixTimeMilliseconds() + 3_600_000), [operation]);
        var signers = new List<(KeyId, SigningKey)>();
        foreach (var bank in banks) signers.AddRange([(new(bank, FoundingKeys.Maker), founding.Signer(bank)), (new(bank, FoundingKeys.Checker), founding.Signer(bank, FoundingKeys.Checker))]);
        return Jws.Sign(TransactionText.WritePayload(transaction), founding.Genesis.Chain.ChainId, [.. signers]);
    }
}
