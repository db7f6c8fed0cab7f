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

namespace Ledger.Tests.Replay;

/// <summary>A chain of the demo preset with one validator, which takes signed transactions and seals them as a node would.</summary>
sealed class DemoChain : IDisposable
{
    public static readonly PartyId Obligor = FictionalUscc.Of("440300", 1);
    public static readonly PartyId Supplier = FictionalUscc.Of("440300", 2);
    public static readonly PartyId SecondTier = FictionalUscc.Of("440300", 3);

    static readonly Timestamp Founded = new(1_780_000_020_000);

    readonly FoundingKeys keys = FoundingKeys.Fill(FoundingKeys.Preset("demo"), Founded);
    readonly Dictionary<PartyId, SigningKey> members = [];
    readonly Dictionary<Block, Note> notes = [];
    ulong counter;
    UInt128 lastId;

    public DemoChain()
    {
        Fold = new(keys.Genesis);
        BankA = Genesis.Text.Parties[0].Id;
        BankB = Genesis.Text.Parties[1].Id;
        Seal(Fold.GenesisBlock);
    }

    public Genesis Genesis => keys.Genesis;

    public Fold Fold { get; }

    /// <summary>The validator.</summary>
    public PartyId BankA { get; }

    public PartyId BankB { get; }

    /// <summary>Every block, from block 0 on.</summary>
    public List<Block> Blocks { get; } = [];

    public Timestamp Now => Fold.State.Now;

    public Note NoteOf(Block block) => notes[block];

    public static DemoChain WithMembers()
    {
        var chain = new DemoChain();
        foreach (var party in (ReadOnlySpan<PartyId>)[Obligor, Supplier, SecondTier]) chain.members[party] = SigningKey.Create(chain.Genesis.Chain.Suite);
        chain.Accept(chain.Register(Obligor, Roles.CoreEnterprise), chain.Register(Supplier, Roles.Supplier), chain.Register(SecondTier, Roles.Supplier));
        return chain;
    }

    public Id<T> NewId<T>() => new(Uuid7.Of(Now, ++lastId));

    /// <summary>The id that a thing of this number has on the chain's first day.</summary>
    public static Id<T> Named<T>(UInt128 number) => new(Uuid7.Of(Founded, number));

    public byte[] Register(PartyId party, Roles roles) => Sign(
        BankA,
        [new RegisterParty(party, $"company {party}", roles, party.RegionCode.ToString(), SizeClass.Large, "", [new(members[party].PublicKey, KeyUse.Signing, KeyRole.Maker, "maker-1")])],
        BankB, party);

    /// <summary>An invoice that the first bank attests; the seller signs with it.</summary>
    public byte[] Attest(Id<Document> id, PartyId seller, PartyId buyer, ulong total) => Sign(
        BankA,
        [new AttestDocument(id, DocumentKind.Invoice, seller, buyer, Currency.Cny, new(total), Fold.State.Today, new(1, id.Value), [new("invoice", 1, new(2, id.Value))], [new("skeleton", 1, new(3, id.Value))], DistinctFrom: [])],
        seller);

    public byte[] Issue(Id<Instrument> instrument, Id<Offer> offer, Id<Document> invoice, ulong amount) => Sign(
        Obligor,
        [
            new IssueReceivable(
                offer, instrument, Supplier, Currency.Cny, new(amount), Fold.State.Today, Fold.State.Today.AddDays(90), Transferable: true,
                [new(invoice, new(amount))], OfferEnd, new(new(3, 3), DefencesWaived: true, new(4, 4))),
        ]);

    public byte[] Transfer(Id<Instrument> instrument, Id<Offer> offer, PartyId from, PartyId to, Id<Document> invoice, Interval units) => Sign(
        from,
        [new Transfer(offer, instrument, to, TransferCause.Trade, Recourse: false, [new(invoice, units.Amount)], OfferEnd, units)]);

    public byte[] AcceptOffer(PartyId party, Id<Offer> offer) => Sign(party, [new AcceptOffer(offer)]);

    public byte[] Sign(PartyId party, ValueList<Operation> operations, params PartyId[] others) => Sign(party, NewId<Transaction>(), operations, others);

    public byte[] Sign(PartyId party, Id<Transaction> id, ValueList<Operation> operations, params PartyId[] others)
    {
        var payload = TransactionText.WritePayload(new(party, null, id, Now.Add(5 * Timestamp.Minute), operations));
        return Jws.Sign(payload, Genesis.Chain.ChainId, [.. others.Prepend(party).Select(signer => (new KeyId(signer, 1), KeyOf(signer)))]);
    }

    /// <summary>Folds a batch and signs the checkpoint over its block; ledger time goes on by a second.</summary>
    public FoldedBlock Batch(params byte[][] transactions) => BatchAt(Now.Add(Timestamp.Second), transactions);

    public FoldedBlock BatchAt(Timestamp clock, params byte[][] transactions)
    {
        var suite = Genesis.Chain.Suite;
        var digest = Envelope.DigestOf(suite, [.. transactions.Select(transaction => suite.Hash(transaction))]);
        var unsigned = new Envelope(Genesis.Chain.ChainId, 1, BankA, ++counter, clock, (uint)transactions.Length, digest, default);
        var envelope = unsigned with { Signature = new(keys.NodeKeys[BankA].Sign(unsigned.SignedBytes())) };
        Assert.True(Fold.Takes(envelope));
        var folded = Fold.Append(envelope, [.. transactions.Select(transaction => new BatchItem(transaction, null))]);
        Seal(folded.Block);
        return folded;
    }

    /// <summary>A batch of transactions all of which must be accepted.</summary>
    public FoldedBlock Accept(params byte[][] transactions)
    {
        var folded = Batch(transactions);
        Assert.All(folded.Answers, answer => Assert.Equal(Refusal.None, answer.Code));
        return folded;
    }

    public void Dispose()
    {
        foreach (var key in members.Values) key.Dispose();
        keys.Dispose();
    }

    Timestamp OfferEnd => Now.Add(Timestamp.Day).CeilingMinute();

    SigningKey KeyOf(PartyId party) => members.TryGetValue(party, out var key) ? key : keys.Signer(party);

    void Seal(Block block)
    {
        var suite = Genesis.Chain.Suite;
        var key = keys.NodeKeys[BankA];
        var checkpoint = Fold.Checkpoint;
        Blocks.Add(block);
        notes[block] = new(checkpoint, [new(Genesis.Origin, suite.NoteKeyId(Genesis.Origin, key.PublicKey), new(key.SignNote(checkpoint.SignedBytes())))]);
    }
}
