using System.Security.Cryptography;
using System.Text;
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
/// A story in which every verb is accepted once, told with private keys that anybody can compute. Payloads, answers and state roots follow from it;
/// signatures and sealed keys are random, so a chain that was once written with them is kept as it was.
/// </summary>
static class GoldenLedger
{
    public static readonly Timestamp Start = new(1_773_100_800_000);

    static readonly DateOnly Today = new(2026, 3, 10);
    static readonly byte[] EpochKey = SHA256.HashData("golden epoch key"u8);
    static readonly CryptoSuite Suite = KnownSuites.P256;
    static readonly GenesisText Template = FoundingKeys.Preset("demo");

    static readonly PartyId A = Template.Parties[0].Id;
    static readonly PartyId B = Template.Parties[1].Id;
    static readonly PartyId Core = FictionalUscc.Of("310115", 1);
    static readonly PartyId Supplier = FictionalUscc.Of("320500", 2);
    static readonly PartyId Keyless = FictionalUscc.Of("320583", 3);

    static readonly KeyId A1 = new(A, 1), A2 = new(A, 2), B1 = new(B, 1), B2 = new(B, 2), Core1 = new(Core, 1), Supplier1 = new(Supplier, 1), Supplier2 = new(Supplier, 2);

    public static string Folder => Path.Combine(Repository.Root(), "tests", "Ledger.Tests", "Vectors", "ledger");

    /// <summary>The frozen chain as a folder has it.</summary>
    public static void CopyTo(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.GetFiles(Folder, "*.golden"))
        {
            var name = Path.GetFileNameWithoutExtension(file);
            if (name == FolderLayout.Genesis || name.EndsWith(".seg", StringComparison.Ordinal)) File.Copy(file, Path.Combine(folder, name));
        }
    }

    public static byte[] Frozen(string name) => File.ReadAllBytes(Path.Combine(Folder, name + ".golden"));

    public static SigningKey Key(KeyId id) => Read(id.ToString());

    public static SigningKey NodeKey => Read($"node {A}");

    /// <summary>The demo preset with the fixed keys, another seed for the salts, and the epoch's key sealed anew.</summary>
    public static GenesisText Found() => Template with
    {
        Name = "golden.ledger.example",
        Purpose = Purpose.Test,
        Time = Start,
        Seed = Hash("seed"),
        // One set of rules: the frozen genesis is older than the dated sets of the preset.
        Rules = [new(new(2020, 1, 1), Template.Rules[^1].Parameters)],
        Parties = [.. Template.Parties.Select(party => party with { Keys = FoundersKeys(party.Id) })],
        Validators = [new(A, NodeKey.PublicKey)],
        Epoch = new(
            EpochKeys.Commitment(Suite, EpochKey),
            [.. Template.Parties.Select(party => party.Id).Order().Select(bank => new SealedEpochKey(bank, SealedKey.Seal(EpochKey, Sealing(bank).PublicKey)))]),
    };

    /// <summary>One batch: the bank's clock, how many milliseconds after the start, and its transactions as they are sealed.</summary>
    public sealed record Batch(long After, params (Transaction Body, KeyId[] Signers)[] Items)
    {
        /// <summary>Bytes that are no transaction at the batch's end.</summary>
        public bool EndsInNoise { get; init; }
    }

    public static IReadOnlyList<Batch> Tell(Genesis genesis)
    {
        var invoice = Opening("invoice", DocumentKind.Invoice, "26990000000000000101", Supplier, Core, 2_000_000_00);
        var contract = Opening("contract", DocumentKind.Invoice, "26990000000000000102", Supplier, Core, 800_000_00);
        var nextTier = Opening("next tier", DocumentKind.Invoice, "26990000000000000103", Keyless, Supplier, 500_000_00);
        var claim = Name<Instrument>("claim");
        var second = Name<Instrument>("second");
        var undertaking = new Undertaking(Hash("undertaking"), DefencesWaived: true, Hash("clause"));

        return
        [
            new(1_000,
                Do("register core", A, [A1, B1, Core1], new RegisterParty(
                    Core, "示例核心企业", Roles.CoreEnterprise, "310115", SizeClass.Large, "汽车", [Public(Core1)])),
                Do("register supplier", A, [A1, Supplier1], new RegisterParty(
                    Supplier, "示例供应商", Roles.Supplier, "320500", SizeClass.Small, "汽车", [Public(Supplier1)], Account: Hash("account"))),
                Do("register keyless", A, [A1, B1], new RegisterParty(
                    Keyless, "示例供应商之供应商", Roles.Supplier, "320583", SizeClass.Micro, "汽车", [], new PaperMandate(
                        Name<Mandate>("paper"), B, ["offer.accept", "offer.decline"], Currency.Cny, new(500_000_00), [Supplier], Minute(180 * 24 * 60), Hash("paper")))),
                Do("policy", B, [B1], new SetPolicy([new(Currency.Cny, new(600_000_00), new(Amount.MaxMinor))])),
                Do("grant", Supplier, [Supplier1], new GrantMandate(
                    Name<Mandate>("granted"), B, ["token.transfer"], Currency.Cny, new(100_000_00), [Keyless], Minute(30))),
                Do("grant again", Supplier, [Supplier1], new GrantMandate(
                    Name<Mandate>("short"), B, ["offer.accept"], Currency.Cny, new(1), [], Minute(20))),
                Do("revoke mandate", Supplier, [Supplier1], new RevokeMandate(Name<Mandate>("granted")))),
            new(2_000,
                Do("rotate", Core, [Core1], new RotateKey(Core, 1, Public(new(Core, 2)))),
                Do("veto", A, [A1], new VetoRotation(Core, 2)),
                Do("further key", Core, [A1, B1, Core1], new RotateKey(Core, 0, Public(new(Core, 3), KeyRole.Checker, "checker-1"))),
                Do("revoke key", Core, [Core1], new RevokeKey(3)),
                Do("lost", A, [A1], new ReportLost(Supplier)),
                Do("recover", A, [A1, B1], new Recover(Supplier, [1], [Public(Supplier2)])),
                Do("epoch", A, [A1], new OpenEpoch(2, genesis.Text.Epoch.KeyCommitment, genesis.Text.Epoch.SealedKeys))),
            new(3_000,
                Do("attest invoice", A, [A1, Supplier2], Attest("invoice", invoice)),
                Do("attest contract", A, [A1, Supplier2], Attest("contract", contract)),
                Do("attest next tier", A, [A1, B1], Attest("next tier", nextTier)),
                Do("red letter", A, [A1], RedLetter("contract", Opening("red letter", DocumentKind.Invoice, "26990000000000000109", Supplier, Core, 50_000_00)))),
            new(4_000,
                Do("request", Supplier, [Supplier2], new RequestConfirmation(
                    claim, Core, Currency.Cny, new(1_000_000_00), new(2026, 2, 1), SizeClass.Large, SizeClass.Small, Hash("consent"), "GOLDEN-0001")),
                Do("confirm", Core, [Core1], new Confirm(claim, new(900_000_00), undertaking, Hash("reason"))),
                Do("issue", Core, [Core1], new IssueReceivable(
                    Name<Offer>("issue"), claim, Supplier, Currency.Cny, new(900_000_00), Today, new(2026, 9, 10), true,
                    [new(Name<Document>("invoice"), new(900_000_00))], Minute(60))),
                Do("accept issue", Supplier, [Supplier2], new AcceptOffer(Name<Offer>("issue"))),
                Do("dispute", Core, [Core1], new Dispute(claim, Hash("later reason")))),
            new(5_000,
                Do("transfer", Supplier, [Supplier2], Part("transfer", claim, 300_000_00, 120) with { Terms = [.. new[] { Hash("price"), Hash("account number") }.Order()] }),
                Do("accept part", B, Keyless, [B1], new AcceptOffer(Name<Offer>("transfer"))),
                Do("transfer to decline", Supplier, [Supplier2], Part("declined", claim, 100_000_00, 120)),
                Do("decline", B, Keyless, [B1], new DeclineOffer(Name<Offer>("declined"))),
                Do("transfer to withdraw", Supplier, [Supplier2], Part("withdrawn", claim, 100_000_00, 120)),
                Do("withdraw", Supplier, [Supplier2], new WithdrawOffer(Name<Offer>("withdrawn"))),
                Do("transfer to expire", Supplier, [Supplier2], Part("expired", claim, null, 30, new Interval(80_000_001, 90_000_000))),
                Do("attempt", Supplier, [Supplier2], Part("twice", claim, null, 120, new Interval(85_000_001, 87_000_000))),
                Do("attempt again", Supplier, [Supplier2], Part("thrice", claim, null, 120, new Interval(85_000_001, 87_000_000))),
                Do("no such offer", Supplier, [Supplier2], new AcceptOffer(Name<Offer>("nowhere"))))
            { EndsInNoise = true },
            new(6_000,
                Do("freeze", A, [A1, A2], new FreezeUnits(
                    Name<Freeze>("freeze"), claim, new(60_000_001, 70_000_000), "示例人民法院", Hash("case"), Hash("order"), Minute(24 * 60))),
                Do("freeze in rank", A, [A1], new FreezeUnits(
                    Name<Freeze>("rank"), claim, new(60_000_001, 65_000_000), "示例人民法院", Hash("case 2"), Hash("order 2"), Minute(40))),
                Do("unfreeze", A, [A1], new UnfreezeUnits(Name<Freeze>("freeze"))),
                Do("pledge", Supplier, [Supplier2], new PledgeDocuments(
                    Name<Offer>("pledge"), B, Currency.Cny, new(700_000_00), [new(Name<Document>("contract"), new(700_000_00))], Minute(60))),
                Do("accept pledge", B, [B1, B2], new AcceptOffer(Name<Offer>("pledge"))),
                Do("release", B, [B1], new ReleasePledge(Name<Offer>("pledge"), DebtWasPaid: false)),
                Do("issue at once", Core, [Core1], new IssueReceivable(
                    Name<Offer>("second"), second, Supplier, Currency.Cny, new(500_000_00), Today, new(2026, 8, 10), false,
                    [new(Name<Document>("invoice"), new(500_000_00))], Minute(60), undertaking, "GOLDEN-0002")),
                Do("accept second", Supplier, [Supplier2], new AcceptOffer(Name<Offer>("second"))),
                Do("cancel", Core, [Core1, Supplier2], new CancelReceivable(second))),
            new(2 * Timestamp.Hour),
        ];
    }

    /// <summary>Tells the story on a genesis with signatures of today, and writes segments as a node would: two, so that a reader meets the seam.</summary>
    public static (Fold Fold, IReadOnlyList<(string Name, byte[] Bytes)> Segments) Write(Genesis genesis)
    {
        var fold = new Fold(genesis);
        var segments = new List<(string, byte[])>();
        var bytes = new MemoryStream();
        Open(0, 0);
        Put(RecordType.Block, fold.GenesisBlock.Payload.Span);
        Put(RecordType.Checkpoint, Checkpoint(fold).Write());

        ulong counter = 1;
        foreach (var batch in Tell(genesis))
        {
            if (counter == 4) Open(fold.Last.Header.Height + 1, fold.History.Size);
            var items = batch.Items.Select(item => Sign(genesis, item.Body, item.Signers)).ToList();
            if (batch.EndsInNoise) items.Add("{}"u8.ToArray());
            var unsigned = new Envelope(
                genesis.Chain.ChainId, 1, A, counter++, Start.Add(batch.After), (uint)items.Count,
                Envelope.DigestOf(Suite, [.. items.Select(item => Suite.Hash(item))]), default);
            var envelope = unsigned with { Signature = new(NodeKey.Sign(unsigned.SignedBytes())) };
            Assert.True(fold.Takes(envelope));
            Put(RecordType.Block, fold.Append(envelope, [.. items.Select(item => new BatchItem(item, null))]).Block.Payload.Span);
            Put(RecordType.Checkpoint, Checkpoint(fold).Write());
        }

        segments[^1] = (segments[^1].Item1, bytes.ToArray());
        return (fold, segments);

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
    public static string Payloads(Genesis genesis)
    {
        var lines = new StringBuilder();
        foreach (var (body, _) in Tell(genesis).SelectMany(batch => batch.Items))
            lines.Append(Rulebook.Verbs[body.Operations[0].GetType()]).Append(' ').Append(Encoding.UTF8.GetString(TransactionText.WritePayload(body))).Append('\n');
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

    static (Transaction, KeyId[]) Do(string name, PartyId party, KeyId[] signers, Operation operation) => Do(name, party, null, signers, operation);

    // One in the story lives longer than ten minutes, so that the quota of long-lived ids is in the state.
    static (Transaction, KeyId[]) Do(string name, PartyId party, PartyId? onBehalfOf, KeyId[] signers, Operation operation) =>
        (new(party, onBehalfOf, Name<Transaction>(name), Minute(name == "freeze" ? 45 : 8), [operation]), signers);

    static Transfer Part(string name, Id<Instrument> instrument, ulong? amount, int minutes, Interval? units = null) => new(
        Name<Offer>(name), instrument, Keyless, TransferCause.Trade, false,
        [new(Name<Document>("next tier"), units?.Amount ?? new(amount ?? 0))], Minute(minutes), units, amount is { } minor ? new Amount(minor) : null);

    static AttestDocument Attest(string name, DocumentOpening opening)
    {
        var fingerprint = opening.Fingerprint(Suite, EpochKey);
        return new(
            Name<Document>(name), opening.Kind, opening.Seller, opening.Buyer, opening.Currency, opening.Total, opening.Date, opening.Commitment(Suite),
            [new(opening.Kind.Name(), 1, fingerprint), new(opening.Kind.Name(), 2, fingerprint)]);
    }

    static AttestRedLetter RedLetter(string document, DocumentOpening opening)
    {
        var numbered = Attest("red letter", opening).Fingerprints;
        return new(Name<Document>(document), opening.Total, Today, opening.Commitment(Suite), numbered);
    }

    static DocumentOpening Opening(string name, DocumentKind kind, string number, PartyId seller, PartyId buyer, ulong total) =>
        DocumentOpening.TryCreate(
            new(Hash($"salt {name}").ToBytes().AsMemory(0, DocumentOpening.SaltSize)), kind, "", number, seller, buyer, Currency.Cny, new(total), new(2026, 3, 1), out var opening)
            ? opening
            : throw new ArgumentException("no opening", nameof(name));

    static byte[] Sign(Genesis genesis, Transaction body, KeyId[] signers) =>
        Jws.Sign(TransactionText.WritePayload(body), genesis.Chain.ChainId, [.. signers.Select(kid => (kid, Key(kid)))]);

    static Note Checkpoint(Fold fold)
    {
        var checkpoint = fold.Checkpoint;
        return new(checkpoint, [new(checkpoint.Origin, Suite.NoteKeyId(checkpoint.Origin, NodeKey.PublicKey), new(NodeKey.SignNote(checkpoint.SignedBytes())))]);
    }

    static ValueList<NewKey> FoundersKeys(PartyId bank) =>
    [
        Public(new(bank, 1)),
        Public(new(bank, 2), KeyRole.Checker, "checker-1"),
        new(Key(new(bank, 3)).PublicKey, KeyUse.Recovery, KeyRole.LegalRepresentative, "legal-1"),
        new(Sealing(bank).PublicKey, KeyUse.Sealing, KeyRole.System, "system"),
    ];

    static NewKey Public(KeyId id, KeyRole role = KeyRole.Maker, string person = "maker-1") => new(Key(id).PublicKey, KeyUse.Signing, role, person);

    static SigningKey Read(string name) =>
        SigningKey.TryRead(Suite, Scalar(name), out var key) ? key : throw new ArgumentException("not a private key", nameof(name));

    static SealingKey Sealing(PartyId bank) =>
        SealingKey.TryRead(Scalar($"sealing {bank}"), out var key) ? key : throw new ArgumentException("not a private key", nameof(bank));

    static byte[] Scalar(string name) => SHA256.HashData(Encoding.UTF8.GetBytes($"golden key {name}"));

    static Hash256 Hash(string name) => Hash256.Read(SHA256.HashData(Encoding.UTF8.GetBytes($"golden {name}")));

    static Id<T> Name<T>(string name) => Id<T>.Read(SHA256.HashData(Encoding.UTF8.GetBytes($"golden {typeof(T).Name} {name}")));

    static Timestamp Minute(int minutes) => Start.Add(minutes * Timestamp.Minute);
}
