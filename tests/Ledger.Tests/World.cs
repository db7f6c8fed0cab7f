using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Ledger.Client.Api;
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
using Ledger.Tests.Rules.Governance;

namespace Ledger.Tests;

/// <summary>Under which suite a story is told, and whether in memory or over the API of a node.</summary>
public enum Stage
{
    Es256,
    Sm2,
    Es256OverHttp,
    Sm2OverHttp,
}

/// <summary>
/// A whole ledger, in memory or behind a node's API, for sentences: banks X (which is the authority and the validator), Y, Z and W, the core enterprise C and the suppliers A,
/// B and D, all with real keys. Every transaction is signed, read, verified and folded as a node does it.
/// </summary>
sealed class World : IDisposable
{
    public static readonly PartyId X = Party("91440300MA1000017E");
    public static readonly PartyId Y = Party("91440300MA10000259");
    public static readonly PartyId C = FictionalUscc.Of("440300", 1);
    public static readonly PartyId A = FictionalUscc.Of("440300", 2);
    public static readonly PartyId B = FictionalUscc.Of("440300", 3);
    public static readonly PartyId D = FictionalUscc.Of("440300", 4);

    /// <summary>Two more founding banks, that keep nobody's account: institutions that are independent of whoever gains in a story.</summary>
    public static readonly PartyId Z = FictionalUscc.Of("440300", 61);
    public static readonly PartyId W = FictionalUscc.Of("440300", 62);

    /// <summary>A company that no test registers unless it says so.</summary>
    public static readonly PartyId Stranger = FictionalUscc.Of("440300", 5);

    public const string Morning = "2026-03-12 09:00:00";

    public static TheoryData<Stage> Stages { get; } = [.. Enum.GetValues<Stage>()];

    public static readonly Undertaking Promise = new(new Hash256(1, 1), DefencesWaived: true, new Hash256(1, 2));

    // Keys are costly to make and nothing about them is tested here, so every world gives its members the same ones.
    static readonly ConcurrentDictionary<(string Suite, PartyId Party), SigningKey> MembersKeys = new();

    // Stories look back at what ended long ago; what leaves is a story of its own.
    const int Long = 3_650;

    /// <summary>The industry chain of core enterprises.</summary>
    public const string IndustryChain = "示例产业链";

    readonly FoundingKeys founding;
    readonly Dictionary<KeyId, SigningKey> signers = [];
    readonly List<byte[]> epochKeys = [];
    readonly List<Block> blocks = [];
    readonly List<(Block Block, Checkpoint Checkpoint, LedgerState State)> stored = [];
    readonly Dictionary<ByteString, SigningKey> nodeKeys = [];
    readonly WorldNode? node;
    UInt128 lastId = 1_000_000;

    public World(params (RuleParameter Parameter, long Value)[] rules)
        : this(Morning, rules)
    {
    }

    public World(string begin, params (RuleParameter Parameter, long Value)[] rules)
        : this(Stage.Es256, begin, rules)
    {
    }

    public World(Stage stage, string begin, params (RuleParameter Parameter, long Value)[] rules)
        : this(stage, begin, template => With(template, rules))
    {
    }

    /// <summary>A ledger whose genesis differs from the demo's in more than a parameter.</summary>
    public World(string begin, Func<GenesisText, GenesisText> shape)
        : this(Stage.Es256, begin, shape)
    {
    }

    public World(Stage stage, string begin, Func<GenesisText, GenesisText> shape)
    {
        Clock = At(begin);
        var suite = stage is Stage.Sm2 or Stage.Sm2OverHttp ? KnownSuites.Sm2 : KnownSuites.P256;
        founding = FoundingKeys.Fill(WithAllBanks(shape(FoundingKeys.Preset("demo") with { RetentionDays = Long })) with { Suite = suite.Name }, Clock);
        epochKeys.Add(founding.EpochKey);
        foreach (var (id, key) in founding.Keys)
        {
            if (key is SigningKey signer) signers[id] = signer;
        }

        foreach (var party in new[] { C, A, B, D, Stranger })
            signers[new(party, 1)] = MembersKeys.GetOrAdd((suite.Name, party), _ => SigningKey.Create(suite));
        foreach (var key in founding.NodeKeys.Values) nodeKeys[key.PublicKey] = key;
        Fold = new(founding.Genesis);
        stored.Add((Fold.GenesisBlock, Fold.Checkpoint, Fold.State));
        if (stage is Stage.Es256OverHttp or Stage.Sm2OverHttp)
        {
            node = new(founding, X, Fold);
            node.SetClock(Clock);
        }

        Register(C, "示例核心企业", Roles.CoreEnterprise, SizeClass.Large, Key(X), Key(Y));
        Register(A, "示例供应商甲", Roles.Supplier, SizeClass.Small, Key(X));
        Register(B, "示例供应商乙", Roles.Supplier, SizeClass.Small, Key(X));
        Register(D, "示例供应商丙", Roles.Supplier, SizeClass.Micro, Key(Y));
    }

    public Fold Fold { get; }

    /// <summary>The ledger's state, at its own time: a node whose clock was set has the time before a block says so.</summary>
    public LedgerState State => node is null ? Fold.State : Fold.State.At(Fold.State.Height, Clock).WithoutChanges();

    public Genesis Genesis => Fold.Genesis;

    public CryptoSuite Suite => Genesis.Chain.Suite;

    /// <summary>The validator's clock, which the next block takes as its time.</summary>
    public Timestamp Clock { get; private set; }

    /// <summary>The epoch of ordering that the next envelope names.</summary>
    public uint Epoch { get; set; } = 1;

    /// <summary>The API of the node that a story over HTTP is told to.</summary>
    public LedgerApi Api => node?.Api ?? throw new InvalidOperationException("this world has no node");

    /// <summary>That node, of the story over HTTP.</summary>
    public WorldNode Node => node ?? throw new InvalidOperationException("this world has no node");

    /// <summary>A party's key.</summary>
    public SigningKey Signer(KeyId kid) => signers[kid];

    /// <summary>What a founding bank opens fingerprint keys with.</summary>
    public SealingKey SealingKeyOf(PartyId bank) => (SealingKey)founding.Keys[new(bank, FoundingKeys.Sealing)];

    public Uri Address => node?.Address ?? throw new InvalidOperationException("this world has no node");

    /// <summary>What stands at a path of that API, which must be there.</summary>
    public JsonElement Get(string path)
    {
        using var found = Api.ReadAsync(path, TestContext.Current.CancellationToken).GetAwaiter().GetResult();
        Assert.NotNull(found);
        return found.RootElement.Clone();
    }

    /// <summary>With which status and number that API answers a question that is wrong.</summary>
    public (int Status, Refusal Code) Problem(string path)
    {
        using var client = new HttpClient { BaseAddress = Address };
        using var response = client.GetAsync(path, TestContext.Current.CancellationToken).GetAwaiter().GetResult();
        using var problem = JsonDocument.Parse(response.Content.ReadAsStream());
        return ((int)response.StatusCode, (Refusal)problem.RootElement.GetProperty("code").GetInt32());
    }

    /// <summary>Every block after genesis, as a node would have stored it.</summary>
    public IReadOnlyList<Block> Blocks => blocks;

    /// <summary>Genesis' block and those behind it, each with what a checkpoint over it says and the state behind it.</summary>
    public IReadOnlyList<(Block Block, Checkpoint Checkpoint, LedgerState State)> Stored => stored;

    /// <summary>The validator that seals the batches.</summary>
    public PartyId Sealer { get; set; } = X;

    /// <summary>Genesis as it is by default: what is over leaves the state after thirty days.</summary>
    public static GenesisText Forgetful(GenesisText genesis) => genesis with { RetentionDays = 30 };

    /// <summary>Shanghai time.</summary>
    public static Timestamp At(string local) =>
        new(new DateTimeOffset(DateTime.ParseExact(local, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), TimeSpan.FromHours(8)).ToUnixTimeMilliseconds());

    public static DateOnly Date(string date) => DateOnly.ParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static KeyId Key(PartyId party, uint number = 1) => new(party, number);

    public Id<TNoun> New<TNoun>() => Named<TNoun>(++lastId);

    /// <summary>The id that a thing of this number has when it is made now.</summary>
    public Id<TNoun> Named<TNoun>(UInt128 number) => new(Uuid7.Of(Clock, number));

    /// <summary>Time passes; a block without transactions lets the ledger notice.</summary>
    public FoldedBlock Until(string local) => Until(At(local));

    public FoldedBlock Until(Timestamp time)
    {
        Clock = time;
        if (node is null) return Append();
        var fresh = node.SetClock(time);
        return new(Fold.Last, [.. fresh.SelectMany(block => block.Opening)], [], State, []);
    }

    /// <summary>Time goes on, and the next block is the first to see it.</summary>
    public void Skip(Timestamp time) => Clock = time;

    public FoldedBlock Pass(long milliseconds) => Until(Clock.Add(milliseconds));

    /// <summary>A term that is good for an offer made now.</summary>
    public Timestamp Tomorrow => Clock.CeilingMinute().Add(Timestamp.Day);

    /// <summary>An order to freeze units to the end of tomorrow, which one institution may execute.</summary>
    public FreezeUnits Freezing(Id<Instrument> note, ulong first, ulong last) =>
        new(New<Freeze>(), note, "深圳市中级人民法院", new(4, 4), new(4, 5), State.Today.AddDays(1), new Interval(first, last));

    public Transaction Draft(PartyId by, params Operation[] operations) => new(by, null, New<Transaction>(), Clock.Add(5 * Timestamp.Minute), [.. operations]);

    /// <summary>Signed by the acting party's first key, unless another of its keys is named, and by the others that are.</summary>
    public byte[] Sign(Transaction transaction, params KeyId[] with)
    {
        KeyId[] kids = with.Any(kid => kid.Party == transaction.Party) ? with : [Key(transaction.Party), .. with];
        return SignOnly(transaction, [.. kids.Distinct()]);
    }

    /// <summary>Signed by these and nobody else, though none of them be the acting party's.</summary>
    public byte[] SignOnly(Transaction transaction, params KeyId[] kids) =>
        Jws.Sign(TransactionText.WritePayload(transaction), Genesis.Chain.ChainId, [.. kids.Select(kid => (kid, signers[kid]))]);

    /// <summary>One block of these transactions, in order.</summary>
    public FoldedBlock Append(params byte[][] transactions)
    {
        if (node is not null) return new(Fold.Last, [], node.Submit(transactions), State, []);

        // Each of several banks says its clock when it begins and as time goes by.
        foreach (var bank in State.Validators.Select(static validator => validator.Bank).Where(bank => bank != Sealer && (State.Clock(bank) is not { } said || said.Clock < Clock)).ToArray()) Append(bank, []);
        return Append(Sealer, transactions);
    }

    FoldedBlock Append(PartyId bank, byte[][] transactions)
    {
        var hashes = transactions.Select(bytes => Suite.Hash(bytes)).ToArray();
        var envelope = Envelope(bank, NodeKeyOf(bank), hashes);
        Assert.True(Fold.Takes(envelope));

        var block = Fold.Append(envelope, [.. transactions.Select(bytes => new BatchItem(bytes, null))]);
        blocks.Add(block.Block);
        stored.Add((block.Block, Fold.Checkpoint, Fold.State));
        return block;
    }

    /// <summary>A bank's next envelope of these transactions under a node key of its own.</summary>
    public Envelope Envelope(PartyId bank, ByteString nodeKey, params Hash256[] hashes)
    {
        var unsigned = new Envelope(
            Genesis.Chain.ChainId, Epoch, bank, Fold.State.Clock(bank)?.NextCounter ?? 1, Clock, (uint)hashes.Length, Core.Chain.Envelope.DigestOf(Suite, hashes), default);
        return unsigned with { Signature = new(nodeKeys[nodeKey].Sign(unsigned.SignedBytes())) };
    }

    public SigningKey NodeSigner(ByteString nodeKey) => nodeKeys[nodeKey];

    /// <summary>A validator's node key of today.</summary>
    public ByteString NodeKeyOf(PartyId bank) => Assert.IsType<Validator>(State.Validator(bank)).NodeKey;

    /// <summary>A node key that nobody has, and the proof that a bank holds it.</summary>
    public (ByteString NodeKey, ByteString Proof) NewNodeKey(PartyId bank)
    {
        var key = SigningKey.Create(Suite);
        nodeKeys[key.PublicKey] = key;
        return (key.PublicKey, new(key.Sign(Rulebook.NodeKeyText(Genesis.Chain.ChainId, bank, key.PublicKey))));
    }

    public Answer Submit(Transaction transaction, params KeyId[] with) => Append(Sign(transaction, with)).Answers[0];

    public Answer Submit(PartyId by, Operation operation, params KeyId[] with) => Submit(Draft(by, operation), with);

    /// <summary>An agent acts for its principal.</summary>
    public Answer SubmitFor(PartyId principal, PartyId agent, Operation operation, params KeyId[] with) =>
        Submit(Draft(agent, operation) with { OnBehalfOf = principal }, with);

    public Answer Accepts(PartyId by, Operation operation, params KeyId[] with) => Accepted(Submit(by, operation, with));

    public Answer Refuses(Refusal expected, PartyId by, Operation operation, params KeyId[] with) => Refused(expected, Submit(by, operation, with));

    public static Answer Accepted(Answer answer)
    {
        Assert.Equal(Refusal.None, answer.Code);
        return answer;
    }

    public static Answer Refused(Refusal expected, Answer answer)
    {
        Assert.Equal(expected, answer.Code);
        return answer;
    }

    /// <summary>The key that signs for <paramref name="kid"/> from now on.</summary>
    public NewKey NewKey(KeyId kid, KeyUse use = KeyUse.Signing, KeyRole role = KeyRole.Maker, string person = "zhang.san")
    {
        if (!signers.TryGetValue(kid, out var key)) signers[kid] = key = SigningKey.Create(Suite);
        return new(key.PublicKey, use, role, person);
    }

    /// <summary>The party has a further key at once, because two banks say so.</summary>
    public KeyId GiveKey(PartyId party, KeyRole role, string person)
    {
        var sponsor = State.Party(party)?.Sponsor ?? X;
        var kid = Key(party, (State.Party(party)?.LastKey ?? 0) + 1);
        Accepts(sponsor, new RotateKey(party, 0, NewKey(kid, KeyUse.Signing, role, person)), Key(sponsor == X ? Y : X));
        return kid;
    }

    /// <summary>An attestation that tells the truth about a document of that number, under every key epoch.</summary>
    public AttestDocument Attestation(DocumentKind kind, string number, PartyId seller, PartyId buyer, ulong total, string? date = null, string code = "", string paper = "")
    {
        var day = date is null ? State.Today : Date(date);
        Assert.True(DocumentOpening.TryCreate(
            new(new byte[DocumentOpening.SaltSize]), kind, code, number, paper, seller, buyer, Currency.Cny, new(total), day, out var opening, out _));
        return opening.Attestation(New<Document>(), Suite, epochKeys.Select((key, i) => ((uint)i + 1, key)), distinctFrom: []);
    }

    /// <summary>A red letter of a number of its own against an invoice.</summary>
    public AttestRedLetter RedLetter(Id<Document> document, ulong amount, string? number = null)
    {
        var letter = Attestation(DocumentKind.Invoice, number ?? $"RED-{++lastId}", A, C, Math.Max(amount, 1));
        return new(document, new(amount), State.Today, new(9, 9), letter.Fingerprints, letter.Skeletons, DistinctFrom: []);
    }

    /// <summary>X attests an invoice of its own number.</summary>
    public Id<Document> Invoice(PartyId seller, PartyId buyer, ulong total) =>
        Attested(X, Attestation(DocumentKind.Invoice, $"INV-{lastId}", seller, buyer, total));

    public Id<Document> Attested(PartyId attester, AttestDocument attestation)
    {
        Accepts(attester, attestation, Key(attestation.Seller));
        return attestation.Document;
    }

    /// <summary>The next key epoch is proposed, and every bank learns its key.</summary>
    public Propose NextEpoch()
    {
        var key = new byte[32];
        key[0] = (byte)epochKeys.Count;
        epochKeys.Add(key);
        var banks = State.AllParties.Where(party => party.Has(Roles.Bank)).Select(party => party.Id).Order();
        return new(
            New<Proposal>(), ProposalAction.EpochOpen, Tomorrow,
            Epoch: new((uint)epochKeys.Count, EpochKeys.Commitment(Suite, key), [.. banks.Select(bank => new SealedEpochKey(bank, "sealed"))]));
    }

    /// <summary>The only validator carries the next key epoch, and the next block opens it.</summary>
    public void OpenEpoch() => this.Carried(NextEpoch());

    public IssueReceivable Issuing(PartyId creditor, ulong amount, params DocumentUse[] documents) => new(
        New<Offer>(), New<Instrument>(), creditor, Currency.Cny, new(amount), State.Chain.DateOf(Clock), State.Chain.DateOf(Clock).AddMonths(6),
        Transferable: true, [.. documents], Tomorrow, Promise);

    /// <summary>A certificate of C that its creditor accepted, on an invoice of exactly that total.</summary>
    public Id<Instrument> Certificate(PartyId creditor, ulong amount)
    {
        var issue = Issuing(creditor, amount, new DocumentUse(Invoice(creditor, C, amount), new(amount)));
        Accepts(C, issue);
        Accepts(creditor, new AcceptOffer(issue.Offer));
        return issue.Instrument;
    }

    /// <summary>A trade of these units on an invoice of exactly that total, which X attests.</summary>
    public Transfer Trade(Id<Instrument> instrument, PartyId from, PartyId to, ulong first, ulong last)
    {
        var units = new Interval(first, last);
        return new(
            New<Offer>(), instrument, to, TransferCause.Trade, Recourse: false, [new(Invoice(to, from, units.Length), units.Amount)], Tomorrow, units);
    }

    /// <summary>The units change hands: offered and accepted.</summary>
    public void Hands(Id<Instrument> instrument, PartyId from, PartyId to, ulong first, ulong last)
    {
        var trade = Trade(instrument, from, to, first, last);
        Accepts(from, trade);
        Accepts(to, new AcceptOffer(trade.Offer));
    }

    /// <summary>These units change hands for a cause that needs no documents.</summary>
    public Transfer Moving(Id<Instrument> instrument, PartyId to, TransferCause cause, ulong first, ulong last) =>
        new(New<Offer>(), instrument, to, cause, Recourse: false, [], Tomorrow, new Interval(first, last));

    /// <summary>The same against or without their holder, on paper, for longer than it can be contested.</summary>
    public Transfer Taking(Id<Instrument> instrument, PartyId from, PartyId to, TransferCause cause, ulong first, ulong last) =>
        Moving(instrument, to, cause, first, last) with { From = from, Evidence = new Hash256(6, 7), Expires = Clock.CeilingMinute().Add(10 * Timestamp.Day) };

    /// <summary>Whatever was announced is in force, unless somebody contested it.</summary>
    public FoldedBlock ContestEnds() => Pass((State.Rules[RuleParameter.ContestHours] * Timestamp.Hour) + Timestamp.Minute);

    public Measure Measure(Id<Measure> id) => Assert.IsType<Measure>(State.Measure(id));

    public Measure MeasureBehind(Transfer transfer) => Measure(new(transfer.Offer.Value));

    /// <summary>That a court accepted a petition, to be entered by two institutions.</summary>
    public DeclareInsolvent Insolvency(PartyId party, DateOnly? date = null) => new(New<Measure>(), party, date ?? State.Chain.DateOf(Clock), "深圳市中级人民法院", new(5, 5));

    /// <summary>Y and Z entered that a party is insolvent since today or since a date, and nobody contested it.</summary>
    public void BecomesInsolvent(PartyId party, DateOnly? date = null)
    {
        Accepts(Y, Insolvency(party, date), Key(Z));
        ContestEnds();
    }

    /// <summary>Money for an instrument, valued on the ledger's date and under a bank reference of its own: a lump, unless units and payee are added.</summary>
    public ReceivePayment Receipt(Id<Instrument> instrument, PaymentOutcome outcome, ulong amount) =>
        new(New<Payment>(), instrument, outcome, new(amount), $"REF{++lastId}", State.Chain.DateOf(Clock));

    public Payment Payment(Id<Payment> id) => Assert.IsType<Payment>(State.Payment(id));

    public Document Document(Id<Document> id) => Assert.IsType<Document>(State.Document(id));

    public Instrument Instrument(Id<Instrument> id) => Assert.IsType<Instrument>(State.Instrument(id));

    public Offer Offer(Id<Offer> id) => Assert.IsType<Offer>(State.Offer(id));

    public Token[] Tokens(Id<Instrument> id) => Assert.IsType<Tokens>(State.Tokens(id)).Span.ToArray();

    /// <summary>Who holds what, as a person would write it down: <c>X 1-12 B 13-30</c>.</summary>
    public (PartyId Holder, string Units)[] Holdings(Id<Instrument> id) => [.. Tokens(id).Select(token => (token.Holder, token.Units.ToString()))];

    public Mandate Granted(PartyId principal, PartyId agent, ulong cap, string verb, params PartyId[] counterparties)
    {
        var grant = new GrantMandate(New<Mandate>(), agent, [verb], Currency.Cny, new(cap), [.. counterparties], Clock.CeilingMinute().Add(30 * Timestamp.Day));
        Accepts(principal, grant);
        return Assert.IsType<Mandate>(State.Mandate(grant.Id));
    }

    /// <summary>A checkpoint as these validators sign it.</summary>
    public Note NoteOf(Checkpoint checkpoint, IEnumerable<Validator> signers) => new(checkpoint, [.. signers.Select(signer => new NoteSignature(
        checkpoint.Origin, Suite.NoteKeyId(checkpoint.Origin, signer.NodeKey), new(nodeKeys[signer.NodeKey].SignNote(checkpoint.SignedBytes()))))]);

    /// <summary>
    /// Writes the chain into a folder, as the validators would have stored it under one checkpoint at its end, and one behind each block that changed them. Who certifies, a test may
    /// say: nobody by null.
    /// </summary>
    public string WriteTo(string folder, Func<LedgerState, IEnumerable<Validator>?>? certifiers = null)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, FolderLayout.Genesis), Genesis.Bytes.ToArray());
        using var segment = File.Create(Path.Combine(folder, SegmentCodec.FileName(0)));
        Write(RecordType.Opener, new SegmentOpener(Genesis.Chain.ChainId, 0, 0).Write());
        foreach (var (block, checkpoint, state) in stored)
        {
            Write(RecordType.Block, block.Payload.Span);
            if ((block == Fold.Last || state.ChangesValidators) && (certifiers ?? (static state => state.Certifiers))(state) is { } signers)
                Write(RecordType.Checkpoint, NoteOf(checkpoint, signers).Write());
        }

        return folder;

        void Write(RecordType type, ReadOnlySpan<byte> payload)
        {
            var record = new byte[payload.Length + SegmentCodec.Overhead];
            SegmentCodec.Write(type, payload, record);
            segment.Write(record);
        }
    }

    public void Dispose()
    {
        if (Told is { Length: > 0 } folder && node is null) WriteTo(Path.Combine(folder, Guid.NewGuid().ToString("n")));
        node?.Dispose();
        founding.Dispose();
    }

    // Where it is asked for, every story's chain is kept, so that a verifier in another language can be told all of them.
    static string? Told => Environment.GetEnvironmentVariable("LEDGER_CHAINS");

    void Register(PartyId party, string name, Roles roles, SizeClass size, KeyId sponsor, params KeyId[] seconds) =>
        Accepts(sponsor.Party, Registration(party, name, roles, size), [Key(party), .. seconds]);

    public RegisterParty Registration(PartyId party, string name, Roles roles, SizeClass size) => new(
        party, name, roles, party.RegionCode.ToString(), size, roles.HasFlag(Roles.CoreEnterprise) ? IndustryChain : "", [NewKey(Key(party))]);

    // The demo's banks are X, Y and Z.
    static GenesisText WithAllBanks(GenesisText template) => template with
    {
        Parties =
        [
            .. template.Parties,
            new(W, "示例银行丁", Roles.Bank, "440300", SizeClass.Large, "", Y, []),
        ],
    };

    /// <summary>Genesis with these parameters of its rules.</summary>
    public static GenesisText With(GenesisText template, params (RuleParameter Parameter, long Value)[] rules)
    {
        // Today's rules, and for all times, unless a test is about the years before.
        long[] values = [.. template.Rules[^1].Parameters.Values, .. new long[RuleSet.ParameterCount - template.Rules[^1].Parameters.Values.Count]];
        foreach (var (parameter, value) in rules) values[(int)parameter - 1] = value;
        return template with { Rules = [new(template.Rules[0].From, RuleValues.Of(values))] };
    }

    static PartyId Party(string text) => PartyId.TryParse(text, out var id) ? id : throw new ArgumentException("not a party's number", nameof(text));
}
