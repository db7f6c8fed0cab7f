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

/// <summary>The founding banks of a story: their makers' keys, and the fingerprint key that all of them have.</summary>
public sealed record DemoBanks(Genesis Genesis, IReadOnlyDictionary<PartyId, SigningKey> Makers, byte[] EpochKey)
{
    public static DemoBanks Of(FoundingKeys founding) =>
        new(founding.Genesis, founding.Genesis.Text.Parties.ToDictionary(bank => bank.Id, bank => founding.Signer(bank.Id)), founding.EpochKey);
}

/// <summary>Builds, signs and sends the story's transactions over HTTP, as any client would: each party to the node of its bank.</summary>
public sealed class DemoClient(Func<PartyId, LedgerApi> nodeOf, DemoBanks banks)
{
    const long ShortLife = 5 * Timestamp.Minute;
    const int Pending = 202;

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // The highest block that the story was told of: what happens next builds on it.
    ulong known;

    public Genesis Genesis => banks.Genesis;

    /// <summary>The node that a party speaks to.</summary>
    public LedgerApi NodeOf(PartyId party) => nodeOf(party);

    public async Task<Id<TNoun>> NewIdAsync<TNoun>(CancellationToken cancel) => NewId.Of<TNoun>(await NowAsync(cancel));

    public static Hash256 Salted(string what) => Hash256.Read(SHA256.HashData([.. RandomNumberGenerator.GetBytes(16), .. System.Text.Encoding.UTF8.GetBytes(what)]));

    /// <summary>A whole minute, this many days after ledger time.</summary>
    public async Task<Timestamp> TermAsync(int days, CancellationToken cancel) =>
        (await NowAsync(cancel)).CeilingMinute().Add(days * Timestamp.Day);

    public async Task<Timestamp> NowAsync(CancellationToken cancel) => (await nodeOf(Genesis.Text.Parties[0].Id).HealthAsync(cancel)).LedgerTime;

    public async Task<DateOnly> TodayAsync(CancellationToken cancel) => Genesis.Chain.DateOf(await NowAsync(cancel));

    /// <summary>The founding bank's own signer.</summary>
    public (KeyId, SigningKey) Bank(PartyId bank) => (new(bank, FoundingKeys.Maker), banks.Makers[bank]);

    public Task<SentTransaction> SendAsync(
        PartyId party, PartyId? onBehalfOf, IReadOnlyList<(KeyId Kid, SigningKey Key)> signers, CancellationToken cancel, params Operation[] operations) =>
        SendAsync(party, onBehalfOf, signers, DisclosureSet.Empty, cancel, operations);

    /// <summary>With what the transaction's first operation hides, where the node is to see it.</summary>
    public Task<SentTransaction> SendAsync(
        PartyId party, PartyId? onBehalfOf, IReadOnlyList<(KeyId Kid, SigningKey Key)> signers, DisclosureSet shown, CancellationToken cancel, params Operation[] operations) =>
        SendToAsync(nodeOf(party), party, onBehalfOf, signers, shown, cancel, operations);

    /// <summary>The same to a node of one's own choice.</summary>
    public async Task<SentTransaction> SendToAsync(
        LedgerApi node, PartyId party, PartyId? onBehalfOf, IReadOnlyList<(KeyId Kid, SigningKey Key)> signers, DisclosureSet shown, CancellationToken cancel, params Operation[] operations)
    {
        var now = await CaughtUpAsync(node, cancel);

        // Figures hold for the ledger's day, and so does whatever the story signs.
        var (soon, endOfDay) = (now.Add(ShortLife), Timestamp.StartOf(Genesis.Chain.DateOf(now).AddDays(1), Genesis.Chain.OffsetMinutes));
        var transaction = new Transaction(party, onBehalfOf, NewId.Of<Transaction>(now), soon < endOfDay ? soon : endOfDay, [.. operations]);
        var text = Jws.Sign(TransactionText.WritePayload(transaction), Genesis.Chain.ChainId, signers);
        var answer = shown.Count == 0
            ? await node.SubmitAsync(text, wait: true, cancel)
            : await node.SubmitDisclosedAsync(text, [new(Genesis.Chain.ChainId, party, transaction.Id, 0, shown)], cancel);

        // Not yet final: the same again waits for the same answer.
        while (answer.HttpStatus == Pending) answer = await node.SubmitAsync(text, wait: true, cancel);
        if (answer.Body.TryGetProperty("height", out var height) && height.TryGetUInt64(out var taken)) known = Math.Max(known, taken);
        return new(transaction, answer);
    }

    /// <summary>Waits until a node has what the story was told of by another; comes back with the time there.</summary>
    public async Task<Timestamp> CaughtUpAsync(LedgerApi node, CancellationToken cancel)
    {
        while (true)
        {
            var health = await node.HealthAsync(cancel);
            if (health.Height >= known) return health.LedgerTime;
            await Task.Delay(Pause, cancel);
        }
    }

    /// <summary>What a bank puts on the ledger after it saw an invoice's original; the opening stays with the bank.</summary>
    public (AttestDocument Attest, DocumentOpening Opening) Attestation(Id<Document> id, Invoice invoice)
    {
        var suite = Genesis.Chain.Suite;
        if (!DocumentOpening.TryOf(invoice, new(RandomNumberGenerator.GetBytes(DocumentOpening.SaltSize)), out var opening, out var problem))
            throw new ArgumentException($"The story's invoices are the ledger's to have: {problem.Refusal}.", nameof(invoice));
        return (opening.Attestation(id, suite, [(1, banks.EpochKey)], distinctFrom: []), opening);
    }
}

/// <summary>A transaction that was sent, and its answer.</summary>
public sealed record SentTransaction(Transaction Transaction, SubmitAnswer Answer);
