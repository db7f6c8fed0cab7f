using System.Security.Cryptography;
using Ledger.Client.Api;
using Ledger.Client.Invoices;
using Ledger.Client.Signing;
using Ledger.Core.Crypto;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Core.Wire;

namespace Ledger.Cli.Bench;

/// <summary>One or more requests that must be sent in order, for the later ones build on the earlier.</summary>
sealed record RequestGroup(IReadOnlyList<IReadOnlyList<ReadOnlyMemory<byte>>> Requests);

/// <summary>
/// What is sent: signed transactions of one operation each, in turn an offer of a part of a receivable and its acceptance. Members, invoices and
/// receivables are put on the ledger before, and everything is signed before, so that neither is measured.
/// </summary>
sealed class Workload : IDisposable
{
    // Each pair's keys sign on one thread.
    const int Pairs = 8;
    const int Parts = 100;
    const ulong PartUnits = 100;
    const int PreparationBulk = 1_000;
    const long Life = 9 * Timestamp.Minute;
    const int Seeds = 1_000_000;
    const string Region = "440300";

    readonly LedgerApi api;
    readonly CryptoSuite suite;
    readonly Hash256 chain;
    readonly IReadOnlyList<(KeyId Kid, SigningKey Key)> banks;
    readonly PartyId obligor;
    readonly SigningKey obligorKey;
    readonly TradingPair[] pairs;

    Workload(LedgerApi api, CryptoSuite suite, Hash256 chain, IReadOnlyList<(KeyId Kid, SigningKey Key)> banks)
    {
        this.api = api;
        this.suite = suite;
        this.chain = chain;
        this.banks = banks;

        // Chosen anew each time: a running node may know those of an earlier run.
        var seed = RandomNumberGenerator.GetInt32(Seeds - 1 - (2 * Pairs));
        obligor = FictionalUscc.Of(Region, seed);
        obligorKey = SigningKey.Create(suite);
        pairs = [.. Enumerable.Range(0, Pairs).Select(i => new TradingPair(
            FictionalUscc.Of(Region, seed + 1 + (2 * i)), SigningKey.Create(suite), FictionalUscc.Of(Region, seed + 2 + (2 * i)), SigningKey.Create(suite)))];
    }

    /// <summary>Puts on the ledger what <paramref name="transactions"/> transfers and acceptances need.</summary>
    public static async Task<Workload> PrepareAsync(
        LedgerApi api, CryptoSuite suite, Hash256 chain, IReadOnlyList<(KeyId Kid, SigningKey Key)> banks, int transactions, Action<int> progress, CancellationToken cancel)
    {
        var work = new Workload(api, suite, chain, banks);
        var now = (await api.HealthAsync(cancel)).LedgerTime;
        await work.SubmitAsync(work.Members(now), _ => { }, cancel);
        await work.SubmitAsync(work.Issues(now, transactions), progress, cancel);
        return work;
    }

    /// <summary>Signs the transactions, as requests of <paramref name="bulk"/> lines. An offer's acceptance is in the same request or the next of its group.</summary>
    public async Task<IReadOnlyList<RequestGroup>> SignAsync(int bulk, CancellationToken cancel)
    {
        var now = (await api.HealthAsync(cancel)).LedgerTime;
        var signed = new List<ReadOnlyMemory<byte>>[pairs.Length];
        await Parallel.ForAsync(0, pairs.Length, cancel, (i, _) =>
        {
            signed[i] = [.. Transfers(pairs[i], now)];
            return ValueTask.CompletedTask;
        });

        var groups = signed.Select(lines => Group(lines, bulk).ToArray()).ToArray();
        return [.. Enumerable.Range(0, groups.Max(one => one.Length)).SelectMany(i => groups.Where(one => i < one.Length).Select(one => one[i]))];
    }

    /// <summary>The signatures of some transactions, for measuring how fast they verify.</summary>
    public IReadOnlyList<SignedMessage> Signatures(IEnumerable<ReadOnlyMemory<byte>> texts)
    {
        var keys = pairs.SelectMany(pair => new[] { (pair.Supplier, pair.SupplierKey), (pair.Receiver, pair.ReceiverKey) })
            .ToDictionary(pair => pair.Item1, pair => pair.Item2.PublicKey);
        return [.. texts.Select(text =>
        {
            var read = TransactionText.Read(text, suite, chain, out _) ?? throw new InvalidOperationException("A transaction of the benchmark's own cannot be read.");
            return new SignedMessage(keys[read.Signers[0].Party], read.Parts[0].Message, read.Parts[0].Signature);
        })];
    }

    public void Dispose()
    {
        obligorKey.Dispose();
        foreach (var pair in pairs) pair.Dispose();
    }

    IEnumerable<byte[]> Members(Timestamp now)
    {
        yield return Register(now, obligor, obligorKey, Roles.CoreEnterprise, SizeClass.Large, banks.Take(2));
        foreach (var pair in pairs)
        {
            yield return Register(now, pair.Supplier, pair.SupplierKey, Roles.Supplier, SizeClass.Small, banks.Take(1));
            yield return Register(now, pair.Receiver, pair.ReceiverKey, Roles.Supplier, SizeClass.Small, banks.Take(1));
        }
    }

    byte[] Register(Timestamp now, PartyId party, SigningKey key, Roles roles, SizeClass size, IEnumerable<(KeyId Kid, SigningKey Key)> signers) => Sign(
        now, banks[0].Kid.Party, [.. signers, (new(party, 1), key)],
        new RegisterParty(party, "示例有限公司", roles, Region, size, "", [new(key.PublicKey, KeyUse.Signing, KeyRole.System, "system")]));

    IEnumerable<byte[]> Issues(Timestamp now, int transactions)
    {
        var receivables = (transactions + (2 * Parts * Pairs) - 1) / (2 * Parts * Pairs);
        for (var i = 0; i < receivables; i++)
        {
            foreach (var pair in pairs)
            {
                foreach (var text in Issue(now, pair)) yield return text;
            }
        }
    }

    IEnumerable<byte[]> Issue(Timestamp now, TradingPair pair)
    {
        var face = new Amount(Parts * PartUnits);
        var today = now.DateAt(offsetMinutes: 480);
        var (instrument, offer, first, second) = (NewId.Of<Instrument>(now), NewId.Of<Offer>(now), NewId.Of<Document>(now), NewId.Of<Document>(now));
        var (bank, supplier, receiver) = (banks[0], (new KeyId(pair.Supplier, 1), pair.SupplierKey), (new KeyId(pair.Receiver, 1), pair.ReceiverKey));
        pair.Receivables.Add(new(instrument, second));
        yield return Sign(now, bank.Kid.Party, [bank, supplier], Attest(first, pair.Supplier, obligor, face, today));
        yield return Sign(now, bank.Kid.Party, [bank, receiver], Attest(second, pair.Receiver, pair.Supplier, face, today));
        yield return Sign(now, obligor, [(new(obligor, 1), obligorKey)], new IssueReceivable(
            offer, instrument, pair.Supplier, Currency.Cny, face, today, today.AddMonths(3), Transferable: true, [new(first, face)],
            now.CeilingMinute().Add(Timestamp.Day), new(new(1, 1), DefencesWaived: true, new(1, 2))));
        yield return Sign(now, pair.Supplier, [supplier], new AcceptOffer(offer));
    }

    static AttestDocument Attest(Id<Document> id, PartyId seller, PartyId buyer, Amount total, DateOnly date) => new(
        id, DocumentKind.Invoice, seller, buyer, Currency.Cny, total, date, new(1, 1), [Mark(Fingerprint.SchemeOf(DocumentKind.Invoice))], [Mark(Fingerprint.SkeletonScheme)], DistinctFrom: []);

    static Fingerprint Mark(string scheme) => new(scheme, 1, Hash256.Read(RandomNumberGenerator.GetBytes(Hash256.Size)));

    IEnumerable<ReadOnlyMemory<byte>> Transfers(TradingPair pair, Timestamp now)
    {
        var until = now.CeilingMinute().Add(Timestamp.Day);
        foreach (var (instrument, invoice) in pair.Receivables)
        {
            for (var part = 0UL; part < Parts; part++)
            {
                var offer = NewId.Of<Offer>(now);
                var units = new Interval((part * PartUnits) + 1, (part + 1) * PartUnits);
                yield return Sign(now, pair.Supplier, [(new(pair.Supplier, 1), pair.SupplierKey)], new Transfer(
                    offer, instrument, pair.Receiver, TransferCause.Trade, Recourse: false, [new(invoice, units.Amount)], until, units));
                yield return Sign(now, pair.Receiver, [(new(pair.Receiver, 1), pair.ReceiverKey)], new AcceptOffer(offer));
            }
        }
    }

    static IEnumerable<RequestGroup> Group(List<ReadOnlyMemory<byte>> lines, int bulk)
    {
        // With an odd number of lines an offer's acceptance may be the first line of the next request.
        var size = bulk % 2 == 0 ? bulk : 2 * bulk;
        foreach (var group in lines.Chunk(size)) yield return new([.. group.Chunk(bulk)]);
    }

    byte[] Sign(Timestamp now, PartyId party, IReadOnlyList<(KeyId Kid, SigningKey Key)> signers, Operation operation)
    {
        var transaction = new Transaction(party, null, NewId.Of<Transaction>(now), now.Add(Life), [operation]);
        return Jws.Sign(TransactionText.WritePayload(transaction), chain, signers);
    }

    async Task SubmitAsync(IEnumerable<byte[]> transactions, Action<int> progress, CancellationToken cancel)
    {
        var done = 0;
        foreach (var chunk in transactions.Chunk(PreparationBulk))
        {
            var answers = await api.SubmitBulkAsync([.. chunk.Select(text => (ReadOnlyMemory<byte>)text)], cancel);
            if (answers.FirstOrDefault(answer => !answer.IsAccepted) is { } refused) throw new NodeAnsweredException(refused);
            progress(done += chunk.Length);
        }
    }
}
