using System.Security.Cryptography;
using Ledger.Client.Founding;
using Ledger.Client.Invoices;
using Ledger.Client.Signing;
using Ledger.Core.Chain;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Core.Wire;

namespace Ledger.Benchmarks;

/// <summary>
/// A demo chain with issued receivables and signed single-operation transfers on it, half offers and half acceptances: the work that all
/// benchmarks are about.
/// </summary>
sealed class Workload : IDisposable
{
    const int SplitsPerReceivable = 100;

    static readonly Timestamp Start = new(1_790_000_040_000);

    readonly FoundingKeys founding = FoundingKeys.Fill(FoundingKeys.Preset("demo"), Start);
    readonly PartyId bankX;
    readonly PartyId bankY;
    readonly PartyId obligor = FictionalUscc.Of("440300", 1);
    readonly PartyId supplier = FictionalUscc.Of("440300", 2);
    readonly PartyId receiver = FictionalUscc.Of("440300", 3);
    readonly Dictionary<PartyId, SigningKey> keys = [];
    readonly List<(Id<Instrument> Instrument, Id<Document> Invoice)> receivables = [];
    ulong counter;
    long passed;

    public Workload(int transfers)
    {
        bankX = founding.Genesis.Text.Parties[0].Id;
        bankY = founding.Genesis.Text.Parties[1].Id;
        Fold = new(founding.Genesis);
        Prepare(transfers);
        Transfers = Sign(transfers);
    }

    public Genesis Genesis => founding.Genesis;

    public Fold Fold { get; }

    /// <summary>Transactions in an order in which all of them are accepted.</summary>
    public IReadOnlyList<byte[]> Transfers { get; }

    /// <summary>Every block so far.</summary>
    public List<FoldedBlock> Folded { get; } = [];

    /// <summary>Time goes on, in as many empty blocks as what has come due by then needs.</summary>
    public int Pass(long milliseconds)
    {
        passed += milliseconds;
        var blocks = 0;
        do
        {
            Append([]);
            blocks++;
        }
        while (Fold.State.NextDeadline is { } due && due.At <= Fold.State.Now);

        return blocks;
    }

    public FoldedBlock Append(IReadOnlyList<BatchItem> items)
    {
        var suite = Genesis.Chain.Suite;
        var hashes = items.Select(item => suite.Hash(item.Bytes.Span)).ToArray();
        var envelope = new Envelope(Genesis.Chain.ChainId, 1, bankX, ++counter, Start.Add(1000 + passed), (uint)items.Count, Envelope.DigestOf(suite, hashes), default);
        var signed = envelope with { Signature = new(founding.NodeKeys[bankX].Sign(envelope.SignedBytes())) };
        var folded = Fold.Append(signed, items);
        Folded.Add(folded);
        return folded;
    }

    public byte[] SignNote(byte[] text) => founding.NodeKeys[bankX].SignNote(text);

    public void Dispose()
    {
        foreach (var key in keys.Values) key.Dispose();
        founding.Dispose();
    }

    void Prepare(int transfers)
    {
        foreach (var (party, roles) in new[] { (obligor, Roles.CoreEnterprise), (supplier, Roles.Supplier), (receiver, Roles.Supplier) })
        {
            keys[party] = SigningKey.Create(Genesis.Chain.Suite);
            var key = new NewKey(keys[party].PublicKey, KeyUse.Signing, KeyRole.System, "system");
            Do(bankX, [bankX, bankY, party], new RegisterParty(party, "示例有限公司", roles, party.RegionCode.ToString(), SizeClass.Small, "", [key]));
        }

        for (var i = 0; i < transfers; i += 2 * SplitsPerReceivable) Issue(new Amount(SplitsPerReceivable * 100));
    }

    void Issue(Amount face)
    {
        var (instrument, first, second) = (NewId<Instrument>(), NewId<Document>(), NewId<Document>());
        Do(bankX, [bankX, supplier], Attest(first, supplier, obligor, face));
        Do(bankX, [bankX, receiver], Attest(second, receiver, supplier, face));
        var offer = NewId<Offer>();
        var today = Genesis.Chain.DateOf(Start.Add(1000));
        Do(obligor, [obligor], new IssueReceivable(
            offer, instrument, supplier, Currency.Cny, face, today, today.AddMonths(6), true, [new(first, face)], Start.Add(Timestamp.Day),
            new(new(1, 1), true, new(1, 1))));
        Do(supplier, [supplier], new AcceptOffer(offer));
        receivables.Add((instrument, second));
    }

    List<byte[]> Sign(int transfers)
    {
        var signed = new List<byte[]>(transfers);
        for (var i = 0; i < transfers / 2; i++)
        {
            var offer = NewId<Offer>();
            var (instrument, invoice) = receivables[i / SplitsPerReceivable];
            var part = (ulong)(i % SplitsPerReceivable);
            var units = new Interval((part * 100) + 1, (part + 1) * 100);
            signed.Add(Text(supplier, [supplier], new Transfer(
                offer, instrument, receiver, TransferCause.Trade, false, [new(invoice, units.Amount)], Start.Add(Timestamp.Day), units)));
            signed.Add(Text(receiver, [receiver], new AcceptOffer(offer)));
        }

        return signed;
    }

    static AttestDocument Attest(Id<Document> id, PartyId seller, PartyId buyer, Amount total) => new(
        id, DocumentKind.Invoice, seller, buyer, Currency.Cny, total, new(2026, 3, 1), new(1, 1), [Mark("invoice")], [Mark("skeleton")], DistinctFrom: []);

    static Fingerprint Mark(string scheme) => new(scheme, 1, Hash256.Read(RandomNumberGenerator.GetBytes(32)));

    void Do(PartyId party, PartyId[] signers, Operation operation)
    {
        var answer = Append([new(Text(party, signers, operation), null)]).Answers[0];
        if (answer.Code != Refusal.None) throw new InvalidOperationException($"{operation} was refused: {answer.Code} {answer.Facts}");
    }

    byte[] Text(PartyId party, PartyId[] signers, Operation operation)
    {
        var transaction = new Transaction(party, null, NewId<Transaction>(), Start.Add(5 * Timestamp.Minute), [operation]);
        var pairs = signers.Select(signer => (new KeyId(signer, 1), keys.TryGetValue(signer, out var key) ? key : founding.Signer(signer))).OrderBy(pair => pair.Item1);
        return Jws.Sign(TransactionText.WritePayload(transaction), Genesis.Chain.ChainId, [.. pairs]);
    }

    static Id<TNoun> NewId<TNoun>() => Client.Signing.NewId.Of<TNoun>(Start);
}
