using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ledger.Client.Documents;
using Ledger.Client.Founding;
using Ledger.Client.Invoices;
using Ledger.Client.Signing;
using Ledger.Core.Chain;
using Ledger.Core.Crypto;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Core.Wire;
using Ledger.Suites;

namespace Ledger.Tests.Vectors;

/// <summary>
/// A story told with private keys that anybody can compute, and its frozen chain. Payloads, answers and state roots follow from it; signatures and
/// sealed keys are random, so a chain that was once written with them is kept as it was. Together the stories accept every verb.
/// </summary>
abstract class GoldenStory
{
    public static readonly Timestamp Start = new(1_773_100_800_000);

    protected static readonly CryptoSuite Suite = KnownSuites.P256;
    protected static readonly GenesisText Template = FoundingKeys.Preset("demo");

    protected static readonly PartyId A = Template.Parties[0].Id;
    protected static readonly PartyId B = Template.Parties[1].Id;
    protected static readonly PartyId Core = FictionalUscc.Of("310115", 1);
    protected static readonly PartyId Supplier = FictionalUscc.Of("320500", 2);

    static readonly ConcurrentDictionary<string, UInt128> Names = new();

    static readonly byte[] EpochKey = SHA256.HashData("golden epoch key"u8);

    /// <summary>Told by itself where one chain is enough.</summary>
    public static readonly GoldenStory First = new GoldenLedger();

    public static readonly GoldenStory[] All = [First, new GoldenMoney(), new GoldenBills(), new GoldenRegister(), new GoldenPledges()];

    public static GoldenStory Of(string title) => All.Single(story => story.Title == title);

    public static SigningKey NodeKey => NodeKeyOf(A);

    protected static SigningKey NodeKeyOf(PartyId bank) => Read($"node {bank}");

    /// <summary>What its folder is called.</summary>
    public abstract string Title { get; }

    public string Folder => Path.Combine(Repository.Root(), "tests", "Ledger.Tests", "Vectors", Title);

    /// <summary>The batch that opens the second segment.</summary>
    protected abstract ulong Seam { get; }

    protected abstract IReadOnlyList<Batch> Tell(Genesis genesis);

    /// <summary>The names of the frozen segments, in their order.</summary>
    public string[] SegmentNames => [SegmentCodec.FileName(0), SegmentCodec.FileName(Seam)];

    /// <summary>The frozen chain as a folder has it.</summary>
    public void CopyTo(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.GetFiles(Folder, "*.golden"))
        {
            var name = Path.GetFileNameWithoutExtension(file);
            if (name == FolderLayout.Genesis || name.EndsWith(".seg", StringComparison.Ordinal)) File.Copy(file, Path.Combine(folder, name));
        }
    }

    public byte[] Frozen(string name) => File.ReadAllBytes(Path.Combine(Folder, name + ".golden"));

    public string Text(string name) => Encoding.UTF8.GetString(Frozen(name));

    /// <summary>Who is there from the first block on.</summary>
    protected virtual IEnumerable<FoundingParty> Founders => Template.Parties.Take(2);

    /// <summary>The demo preset with the fixed keys, another seed for the salts, and the epoch's key sealed anew.</summary>
    public virtual GenesisText Found() => Template with
    {
        Name = $"golden.{Title}.example",
        Purpose = Purpose.Test,
        Time = Start,
        Seed = Hash("seed"),
        // One set of rules: the first frozen genesis is older than the dated sets of the preset.
        Rules = [new(new(2020, 1, 1), Template.Rules[^1].Parameters)],
        Parties = [.. Founders.Select(party => party with { Keys = FoundersKeys(party.Id) })],
        Validators = [new(A, NodeKey.PublicKey)],
        Epoch = new(
            EpochKeys.Commitment(Suite, EpochKey),
            [.. Founders.Select(party => party.Id).Order().Select(bank => new SealedEpochKey(bank, SealedKey.Seal(EpochKey, Sealing(bank).PublicKey)))]),
    };

    /// <summary>One batch: the bank's clock, how many milliseconds after the start, and its transactions as they are sealed.</summary>
    protected sealed record Batch(long After, params (Transaction Body, KeyId[] Signers)[] Items)
    {
        /// <summary>Bytes that are no transaction at the batch's end.</summary>
        public bool EndsInNoise { get; init; }
    }

    /// <summary>Tells the story on a genesis with signatures of today, and writes segments as a node would: two, so that a reader meets the seam.</summary>
    public (Fold Fold, IReadOnlyList<(string Name, byte[] Bytes)> Segments) Write(Genesis genesis)
    {
        var fold = new Fold(genesis);
        var segments = new List<(string, byte[])>();
        var bytes = new MemoryStream();
        Open(0, 0);
        Put(RecordType.Block, fold.GenesisBlock.Payload.Span);
        Put(RecordType.Checkpoint, Checkpoint(fold).Write());

        foreach (var batch in TellDated(genesis))
        {
            foreach (var other in fold.State.Validators.Select(static validator => validator.Bank).Where(static bank => bank != A).ToArray()) Append(other, batch.After, []);
            var items = batch.Items.Select(item => Sign(genesis, item.Body, item.Signers)).ToList();
            if (batch.EndsInNoise) items.Add("{}"u8.ToArray());
            Append(A, batch.After, items);
        }

        segments[^1] = (segments[^1].Item1, bytes.ToArray());
        return (fold, segments);

        void Append(PartyId bank, long after, IReadOnlyList<byte[]> items)
        {
            if (fold.Last.Header.Height + 1 == Seam) Open(Seam, fold.History.Size);
            var unsigned = new Envelope(
                genesis.Chain.ChainId, 1, bank, fold.State.Clock(bank)?.NextCounter ?? 1, Start.Add(after), (uint)items.Count,
                Envelope.DigestOf(Suite, [.. items.Select(item => Suite.Hash(item))]), default);
            var envelope = unsigned with { Signature = new(NodeKeyOf(bank).Sign(unsigned.SignedBytes())) };
            Assert.True(fold.Takes(envelope));
            Put(RecordType.Block, fold.Append(envelope, [.. items.Select(item => new BatchItem(item, null))]).Block.Payload.Span);
            Put(RecordType.Checkpoint, Checkpoint(fold).Write());
        }

        void Open(ulong height, ulong leaf)
        {
            if (segments.Count > 0) segments[^1] = (segments[^1].Item1, bytes.ToArray());
            bytes = new();
            segments.Add((SegmentCodec.FileName(height), []));
            Put(RecordType.Opener, new SegmentOpener(genesis.Chain.ChainId, height, leaf).Write());
        }

        void Put(RecordType type, ReadOnlySpan<byte> payload)
        {
            var record = new byte[payload.Length + SegmentCodec.Overhead];
            SegmentCodec.Write(type, payload, record);
            bytes.Write(record);
        }
    }

    /// <summary>What the payloads golden file holds: for each transaction its verb and its payload.</summary>
    public string Payloads(Genesis genesis)
    {
        var lines = new StringBuilder();
        foreach (var (body, _) in TellDated(genesis).SelectMany(batch => batch.Items))
            lines.Append(body.Operations[0].Kind).Append(' ').Append(Encoding.UTF8.GetString(TransactionText.WritePayload(body))).Append('\n');
        return lines.ToString();
    }

    /// <summary>What the roots golden file holds: chain id and origin, then each block's height, answers and state root.</summary>
    public static string Roots(Genesis genesis, IEnumerable<Block> blocks)
    {
        var lines = new StringBuilder($"{genesis.Chain.ChainId} {genesis.Origin}\n");
        foreach (var block in blocks)
        {
            var codes = block.Entries.Select(entry => $"{entry.Code}/{entry.OperationIndex}");
            var skipped = (block.Envelope?.Skipped ?? []).Select(one => $"-{one.Code}@{one.Position}");
            lines.Append(string.Join(' ', [$"{block.Header.Height}", .. codes, .. skipped, block.Header.StateRoot.ToString()])).Append('\n');
        }

        return lines.ToString();
    }

    // What the later stories share: parties by their first keys, batches by Shanghai time, and transactions named by their places.
    /// <summary>One batch at a time in Shanghai, <c>yyyy-MM-dd HH:mm</c>; its transactions are good for eight minutes.</summary>
    protected static Batch On(string time, params (PartyId By, Operation Operation, PartyId[] With)[] acts) => new(
        World.At(time + ":00").UnixMilliseconds - Start.UnixMilliseconds,
        [.. acts.Select((act, i) => (
            new Transaction(act.By, null, Name<Transaction>($"{time} {i}"), World.At(time + ":00").Add(8 * Timestamp.Minute), [act.Operation]),
            (KeyId[])[.. act.With.Prepend(act.By).Distinct().Select(party => new KeyId(party, 1))]))]);

    protected static (PartyId By, Operation Operation, PartyId[] With) By(PartyId party, Operation operation, params PartyId[] with) => (party, operation, with);

    /// <summary>Midnight in Shanghai at the beginning of a date, as a term.</summary>
    protected static Timestamp Until(string date) => World.At(date + " 00:00:00");

    protected static DateOnly Date(string date) => World.Date(date);

    protected static RegisterParty Member(PartyId party, string name, Roles roles, SizeClass size) =>
        new(party, name, roles, party.RegionCode.ToString(), size, "", [Public(new(party, 1))]);

    protected static AttestDocument Attest(string name, DocumentOpening opening, int epochs, params Id<Document>[] distinctFrom) =>
        opening.Attestation(Name<Document>(name), Suite, Enumerable.Range(1, epochs).Select(epoch => ((uint)epoch, EpochKey)), [.. distinctFrom]);

    protected static DocumentOpening Opening(string name, DocumentKind kind, string number, PartyId seller, PartyId buyer, ulong total) =>
        DocumentOpening.TryCreate(
            new(Hash($"salt {name}").ToBytes().AsMemory(0, DocumentOpening.SaltSize)), kind, "", number, seller, buyer, Currency.Cny, new(total), new(2026, 3, 1), out var opening, out _)
            ? opening
            : throw new ArgumentException("no opening", nameof(name));

    protected static NewKey Public(KeyId id, KeyRole role = KeyRole.Maker, string person = "maker-1") => new(Key(id).PublicKey, KeyUse.Signing, role, person);

    protected static Hash256 Hash(string name) => Hash256.Read(SHA256.HashData(Encoding.UTF8.GetBytes($"golden {name}")));

    protected static Id<T> Name<T>(string name)
    {
        var id = Id<T>.Read(SHA256.HashData(Encoding.UTF8.GetBytes($"golden {typeof(T).Name} {name}")));
        Names[id.ToString()] = id.Value;
        return id;
    }

    // Things are named before it is known when they are made: each gets its id when a batch first speaks of it.
    IReadOnlyList<Batch> TellDated(Genesis genesis)
    {
        var told = Tell(genesis);
        var dated = new Dictionary<string, string>();
        return [.. told.Select(batch => batch with { Items = [.. batch.Items.Select(item => (Dated(item.Body, Start.Add(batch.After), dated), item.Signers))] })];
    }

    static Transaction Dated(Transaction body, Timestamp time, Dictionary<string, string> dated)
    {
        var text = Encoding.UTF8.GetString(TransactionText.WritePayload(body));
        foreach (var (name, value) in Names)
        {
            if (!text.Contains(name, StringComparison.Ordinal)) continue;
            dated.TryAdd(name, new Id<Transaction>(Uuid7.Of(time, value)).ToString());
            text = text.Replace(name, dated[name], StringComparison.Ordinal);
        }

        return JsonSerializer.Deserialize(text, WireJson.TypeInfo<Transaction>()) ?? throw new InvalidOperationException();
    }

    static SigningKey Key(KeyId id) => Read(id.ToString());

    static byte[] Sign(Genesis genesis, Transaction body, KeyId[] signers) =>
        Jws.Sign(TransactionText.WritePayload(body), genesis.Chain.ChainId, [.. signers.Select(kid => (kid, Key(kid)))]);

    static Note Checkpoint(Fold fold)
    {
        var checkpoint = fold.Checkpoint;
        return new(checkpoint, [.. fold.State.Certifiers.Select(one => LineOf(checkpoint, NodeKeyOf(one.Bank)))]);
    }

    static NoteSignature LineOf(Checkpoint checkpoint, SigningKey key) =>
        new(checkpoint.Origin, Suite.NoteKeyId(checkpoint.Origin, key.PublicKey), new(key.SignNote(checkpoint.SignedBytes())));

    static ValueList<NewKey> FoundersKeys(PartyId bank) =>
    [
        Public(new(bank, 1)),
        Public(new(bank, 2), KeyRole.Checker, "checker-1"),
        new(Key(new(bank, 3)).PublicKey, KeyUse.Recovery, KeyRole.LegalRepresentative, "legal-1"),
        new(Sealing(bank).PublicKey, KeyUse.Sealing, KeyRole.System, "system"),
    ];

    static SigningKey Read(string name) =>
        SigningKey.TryRead(Suite, Scalar(name), out var key) ? key : throw new ArgumentException("not a private key", nameof(name));

    static SealingKey Sealing(PartyId bank) =>
        SealingKey.TryRead(Scalar($"sealing {bank}"), out var key) ? key : throw new ArgumentException("not a private key", nameof(bank));

    static byte[] Scalar(string name) => SHA256.HashData(Encoding.UTF8.GetBytes($"golden key {name}"));
}
