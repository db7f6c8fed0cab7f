using System.Security.Cryptography;
using Ledger.Client.Api;
using Ledger.Client.Disclosures;
using Ledger.Client.Documents;
using Ledger.Client.Founding;
using Ledger.Client.Invoices;
using Ledger.Client.Signing;
using Ledger.Core.Chain;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Core.Wire;

namespace Ledger.Node.Demo;

/// <summary>Builds, signs and sends the story's transactions over HTTP, as any client would.</summary>
public sealed class DemoClient(LedgerApi api, FoundingKeys founding)
{
    const long ShortLife = 5 * Timestamp.Minute;

    public Genesis Genesis => founding.Genesis;

    public LedgerApi Api => api;

    public async Task<Id<TNoun>> NewIdAsync<TNoun>(CancellationToken cancel) => NewId.Of<TNoun>(await NowAsync(cancel));

    public static Hash256 Salted(string what) => Hash256.Read(SHA256.HashData([.. RandomNumberGenerator.GetBytes(16), .. System.Text.Encoding.UTF8.GetBytes(what)]));

    /// <summary>A whole minute, this many days after ledger time.</summary>
    public async Task<Timestamp> TermAsync(int days, CancellationToken cancel) =>
        (await api.HealthAsync(cancel)).LedgerTime.CeilingMinute().Add(days * Timestamp.Day);

    public async Task<Timestamp> NowAsync(CancellationToken cancel) => (await api.HealthAsync(cancel)).LedgerTime;

    public async Task<DateOnly> TodayAsync(CancellationToken cancel) => Genesis.Chain.DateOf((await api.HealthAsync(cancel)).LedgerTime);

    /// <summary>The founding bank's own signer.</summary>
    public (KeyId, SigningKey) Bank(PartyId bank) => (new(bank, FoundingKeys.Maker), founding.Signer(bank));

    public Task<SentTransaction> SendAsync(
        PartyId party, PartyId? onBehalfOf, IReadOnlyList<(KeyId Kid, SigningKey Key)> signers, CancellationToken cancel, params Operation[] operations) =>
        SendAsync(party, onBehalfOf, signers, DisclosureSet.Empty, cancel, operations);

    /// <summary>With what the transaction's first operation hides, where the node is to see it.</summary>
    public async Task<SentTransaction> SendAsync(
        PartyId party, PartyId? onBehalfOf, IReadOnlyList<(KeyId Kid, SigningKey Key)> signers, DisclosureSet shown, CancellationToken cancel, params Operation[] operations)
    {
        var now = await NowAsync(cancel);
        var transaction = new Transaction(party, onBehalfOf, NewId.Of<Transaction>(now), now.Add(ShortLife), [.. operations]);
        var text = Jws.Sign(TransactionText.WritePayload(transaction), Genesis.Chain.ChainId, signers);
        return new(transaction, shown.Count == 0
            ? await api.SubmitAsync(text, wait: true, cancel)
            : await api.SubmitDisclosedAsync(text, [new(Genesis.Chain.ChainId, party, transaction.Id, 0, shown)], cancel));
    }

    /// <summary>What a bank puts on the ledger after it saw an invoice's original; the opening stays with the bank.</summary>
    public (AttestDocument Attest, DocumentOpening Opening) Attestation(Id<Document> id, Invoice invoice)
    {
        var suite = Genesis.Chain.Suite;
        if (!DocumentOpening.TryOf(invoice, new(RandomNumberGenerator.GetBytes(DocumentOpening.SaltSize)), out var opening, out var problem))
            throw new ArgumentException($"The story's invoices are the ledger's to have: {problem.Refusal}.", nameof(invoice));
        return (opening.Attestation(id, suite, [(1, founding.EpochKey)], distinctFrom: []), opening);
    }
}

/// <summary>A transaction that was sent, and its answer.</summary>
public sealed record SentTransaction(Transaction Transaction, SubmitAnswer Answer);
