using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Ledger.Client.Api;
using Ledger.Client.Documents;
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
using Ledger.Node;
using Ledger.Node.Ordering;
using Ledger.Node.Storage;
using Microsoft.AspNetCore.Builder;

namespace Ledger.Tests.Http;

/// <summary>
/// A node of bank X that listens on a free port, with its chain in a folder of its own. The core enterprise C and the suppliers A and B are members.
/// Its clock stands still, so that what is signed does not expire while a slow machine works.
/// </summary>
public sealed class TestNode : IAsyncLifetime
{
    public static readonly Timestamp Start = new(new DateTimeOffset(2026, 4, 1, 9, 0, 0, TimeSpan.FromHours(8)).ToUnixTimeMilliseconds());

    readonly string folder = Directory.CreateTempSubdirectory("ledger-http-").FullName;
    readonly Dictionary<KeyId, SigningKey> signers = [];
    readonly FoundingKeys founding = FoundingKeys.Fill(FoundingKeys.Preset("demo"), Start);
    readonly HttpClient client = new(new AsDescribed());
    RunningNode node = null!;

    public PartyId X => founding.Genesis.Text.Validators[0].Bank;

    public PartyId Y => founding.Genesis.Text.Parties.Select(party => party.Id).First(bank => bank != X);

    public PartyId C { get; } = FictionalUscc.Of("320500", 100);

    public PartyId A { get; } = FictionalUscc.Of("310115", 1);

    public PartyId B { get; } = FictionalUscc.Of("440300", 3);

    /// <summary>Has a key and is no member.</summary>
    public PartyId Stranger { get; } = FictionalUscc.Of("440300", 4);

    public Genesis Genesis => founding.Genesis;

    /// <summary>Where the chain is kept; a folder on disk when nothing else is named.</summary>
    public IStorage? Storage { get; init; }

    /// <summary>Where disclosures are kept; a node that was given none keeps none.</summary>
    public IStorage? PrivateStorage { get; init; } = new Storage.MemoryStorage();

    /// <summary>How the API is served; whoever reaches it reads everything when nothing else is said.</summary>
    public ServerOptions Options { get; init; } = RunningNode.Open;

    public NodeLoop Loop => node.Loop;

    public NodeDrafts Drafts => node.Drafts;

    public string DraftsFolder => node.DraftsFolder;

    public HttpClient Http => client;

    public LedgerApi Api { get; private set; } = null!;

    /// <summary>The API as somebody asks it who shows nothing.</summary>
    public LedgerApi Anonymous => new(client);

    /// <summary>How much a party may put on the chain in a day; as much as it likes when nothing is said.</summary>
    public DailyQuota? ChainQuota { get; init; }

    /// <summary>What orders its batches; itself when nothing is named.</summary>
    public Func<Fold, NodeKey, IOrdering>? Ordering { get; init; }

    /// <summary>The node's API as a party asks it.</summary>
    public LedgerApi As(PartyId party) => new(client, Passes(party));

    public ReadPasses Passes(PartyId party, PartyId? onBehalfOf = null) =>
        new(KeyOf(party), new(party, 1), Genesis.Chain.ChainId, X, onBehalfOf, TimeProvider.System);

    public byte[] EpochKey => founding.EpochKey;

    public Uri Address => node.Address;

    public async ValueTask InitializeAsync()
    {
        node = await RunningNode.StartAsync(founding, X, new StandingClock(), Storage ?? new DiskStorage(folder), PrivateStorage, Options, ChainQuota, Ordering);
        client.BaseAddress = Address;
        Api = new(client);
        await RegisterMembersAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await node.DisposeAsync();
        founding.Dispose();
        client.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>A further server over the same node.</summary>
    public WebApplication? Build(ServerOptions options, out Refusal refusal) => node.Build(options, Loop.Disclosures, null, out refusal);

    public Task StopLoopAsync() => node.StopLoopAsync();

    public static Id<T> New<T>() => NewId.Of<T>(Start);

    public static Transaction Draft(PartyId by, params Operation[] operations) =>
        new(by, null, New<Transaction>(), Start.Add(5 * Timestamp.Minute), [.. operations]);

    /// <summary>Signed by the acting party's first key, and by those of the others.</summary>
    public byte[] Sign(Transaction transaction, params PartyId[] others) => Sign(transaction, Genesis.Chain.ChainId, others);

    public byte[] Sign(Transaction transaction, Hash256 chain, params PartyId[] others) =>
        Jws.Sign(TransactionText.WritePayload(transaction), chain, [.. others.Prepend(transaction.Party).Select(party => (new KeyId(party, 1), KeyOf(party)))]);

    public SigningKey KeyOf(PartyId party) => KeyOf(new KeyId(party, 1));

    public SigningKey KeyOf(KeyId kid)
    {
        if (founding.Keys.GetValueOrDefault(kid) is SigningKey bank) return bank;
        if (!signers.TryGetValue(kid, out var key)) signers[kid] = key = SigningKey.Create(Genesis.Chain.Suite);
        return key;
    }

    /// <summary>Submits and demands that it is accepted.</summary>
    public async Task<JsonElement> AcceptedAsync(byte[] transaction)
    {
        var answer = await Api.SubmitAsync(transaction, wait: true, Cancel);
        Assert.True(answer.IsAccepted, answer.SentenceEn);
        return answer.Body;
    }

    public Task<JsonElement> AcceptedAsync(PartyId by, Operation operation, params PartyId[] others) => AcceptedAsync(Sign(Draft(by, operation), others));

    public async Task<SubmitAnswer> RefusedAsync(Refusal expected, byte[] transaction)
    {
        var answer = await Api.SubmitAsync(transaction, wait: true, Cancel);
        Assert.Equal(expected, answer.Code);
        return answer;
    }

    /// <summary>What stands at a path, which must be there.</summary>
    public async Task<JsonElement> GetAsync(string path)
    {
        using var found = await Api.ReadAsync(path, Cancel);
        Assert.NotNull(found);
        return found.RootElement.Clone();
    }

    public async Task<(HttpStatusCode Status, JsonElement Problem)> ProblemAsync(HttpRequestMessage request)
    {
        using var response = await client.SendAsync(request, Cancel);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStreamAsync(Cancel));
        Assert.Equal((int)response.StatusCode, problem.RootElement.GetProperty("status").GetInt32());
        return (response.StatusCode, problem.RootElement.Clone());
    }

    public static HttpRequestMessage Post(string path, byte[] body, string mediaType)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        return new(HttpMethod.Post, path) { Content = content };
    }

    public AttestDocument Attestation(PartyId seller, PartyId buyer, ulong total)
    {
        Assert.True(DocumentOpening.TryCreate(
            new(RandomNumberGenerator.GetBytes(DocumentOpening.SaltSize)), DocumentKind.Invoice, "", New<Document>().ToString(), seller, buyer,
            Currency.Cny, new(total), new(2026, 3, 31), out var opening, out _));
        return opening.Attestation(New<Document>(), Genesis.Chain.Suite, [(1, EpochKey)], distinctFrom: []);
    }

    /// <summary>An invoice that X attested.</summary>
    public async Task<Id<Document>> InvoiceAsync(PartyId seller, PartyId buyer, ulong total)
    {
        var attestation = Attestation(seller, buyer, total);
        await AcceptedAsync(X, attestation, seller);
        return attestation.Document;
    }

    public static IssueReceivable Issue(Id<Offer> offer, Id<Instrument> instrument, PartyId creditor, ulong amount, Id<Document> invoice) => new(
        offer, instrument, creditor, Currency.Cny, new(amount), new(2026, 4, 1), new(2026, 9, 1), Transferable: true, [new(invoice, new(amount))],
        Tomorrow, new Undertaking(new(1, 1), DefencesWaived: true, new(1, 2)));

    /// <summary>A receivable of C that A holds.</summary>
    public async Task<Id<Instrument>> ReceivableAsync(ulong amount)
    {
        var (offer, instrument) = (New<Offer>(), New<Instrument>());
        await AcceptedAsync(C, Issue(offer, instrument, A, amount, await InvoiceAsync(A, C, amount)));
        await AcceptedAsync(A, new AcceptOffer(offer));
        return instrument;
    }

    public static Transfer Transfer(Id<Offer> offer, Id<Instrument> instrument, PartyId to, ulong amount, Id<Document> invoice) => new(
        offer, instrument, to, TransferCause.Trade, Recourse: false, [new(invoice, new(amount))], Tomorrow, Amount: new(amount));

    public static Timestamp Tomorrow => Start.Add(Timestamp.Day);

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    async Task RegisterMembersAsync()
    {
        await AcceptedAsync(X, Registration(C, "示例核心企业", Roles.CoreEnterprise, SizeClass.Large), C, Y);
        await AcceptedAsync(X, Registration(A, "示例供应商甲", Roles.Supplier, SizeClass.Small), A);
        await AcceptedAsync(X, Registration(B, "示例供应商乙", Roles.Supplier, SizeClass.Small), B);
    }

    RegisterParty Registration(PartyId id, string name, Roles roles, SizeClass size) =>
        new(id, name, roles, id.RegionCode.ToString(), size, "", [new(KeyOf(id).PublicKey, KeyUse.Signing, KeyRole.Maker, "zhang.san")]);

    sealed class StandingClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(Start.UnixMilliseconds);
    }
}
