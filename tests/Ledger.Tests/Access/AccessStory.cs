using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Ledger.Client.Api;
using Ledger.Client.Disclosures;
using Ledger.Client.Invoices;
using Ledger.Client.Signing;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Node;
using Ledger.Node.Access;
using Ledger.Node.Private;
using Ledger.Tests.Http;
using Ledger.Tests.Rules.Governance;
using Microsoft.AspNetCore.Builder;
using static Ledger.Tests.World;

namespace Ledger.Tests.Access;

/// <summary>
/// A ledger with something of everything on it, behind a node of X that lets nobody read without a pass. C owes A; A passed parts on to B and, beside
/// it, to D; D raised money from X; and of every role there is a party that has nothing to do with any of it.
/// </summary>
public sealed class AccessStory : IAsyncLifetime
{
    readonly World world = new World(Stage.Es256OverHttp, "2026-03-22 10:00:00").Lends();
    readonly string folder = Directory.CreateTempSubdirectory("ledger-access-").FullName;
    readonly HttpClient http = new(new AsDescribed());
    WebApplication? server;

    internal World World => world;

    public AccessLog Log { get; private set; } = null!;

    public HttpClient Http => http;

    public ServerOptions Options { get; private set; } = null!;

    /// <summary>For each role a party that has no part in the story.</summary>
    public IReadOnlyDictionary<Roles, PartyId> Outsiders { get; private set; } = null!;

    public PartyId Regulator => Outsiders[Roles.Regulator];

    /// <summary>C's debt to A, of which B has 1–300 and D 301–500.</summary>
    public Id<Instrument> Note { get; private set; }

    /// <summary>A's offer of other units to B, which B has not answered.</summary>
    public Id<Offer> Offer { get; private set; }

    /// <summary>Z and W take units of A for B; nobody has contested it.</summary>
    public Id<Measure> Measure { get; private set; }

    public Id<Document> Invoice { get; private set; }

    public Id<Offer> Pledge { get; private set; }

    public Id<Financing> Financing { get; private set; }

    public Id<CreditLine> Line { get; private set; }

    public Id<Payment> Payment { get; private set; }

    /// <summary>That A is a gateway, on which nobody has voted.</summary>
    public Id<Proposal> Proposal { get; private set; }

    /// <summary>A's transfer of 1–300 to B, and A's to D.</summary>
    public Transaction ToB { get; private set; } = null!;

    public Transaction ToD { get; private set; } = null!;

    /// <summary>A's transfer with hidden terms.</summary>
    public Transaction Hidden => ToB;

    public ValueTask InitializeAsync()
    {
        Tell();
        var proposed = FourBanks.Role(world, A);
        world.Accepts(X, proposed);
        Proposal = proposed.Proposal;
        Log = AccessLog.Open(folder, AccessLogLimits.Default with { FileBytes = 256 * 1024 }, TimeProvider.System, _ => { });
        Options = new("127.0.0.1", 0, NextFreePort: false) { Reads = Reads.Signed, AccessLog = Log, Witnessed = () => World.Node.Loop.Reader.View.Checkpoint };
        var chain = world.Genesis.Chain;
        var desk = new DisclosureDesk(DisclosureStore.Open(new PrivateFolder(new Storage.MemoryStorage()), RunningNode.PrivateKey, chain.Suite, chain.ChainId, _ => { }), chain.Suite, chain.ChainId, World.X);
        return StartAsync(desk);
    }

    async ValueTask StartAsync(DisclosureDesk desk)
    {
        server = world.Node.Serve(Options, desk);
        await server.StartAsync();
        http.BaseAddress = NodeServer.AddressOf(server);
        var set = new DisclosureFile(world.Genesis.Chain.ChainId, ToB.Party, ToB.Id, 0, Terms);
        Assert.True((await Anonymous.DiscloseAsync(set.ToJson(), TestContext.Current.CancellationToken)).IsAccepted);
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null) await server.DisposeAsync();
        if (Log is not null) await Log.DisposeAsync();
        world.Dispose();
        http.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    readonly ConcurrentDictionary<(PartyId Party, PartyId? OnBehalfOf), ReadPasses> passes = [];

    public string LogFolder => folder;

    public LedgerApi Anonymous => new(http);

    public LedgerApi As(PartyId party, PartyId? onBehalfOf = null) => new(http, Passes(party, onBehalfOf));

    /// <summary>A party uses one pass for many reads, as clients do.</summary>
    public ReadPasses Passes(PartyId party, PartyId? onBehalfOf = null) =>
        passes.GetOrAdd((party, onBehalfOf), one => Passes(Key(one.Party), one.OnBehalfOf, TimeProvider.System));

    public ReadPasses Passes(KeyId kid, PartyId? onBehalfOf, TimeProvider time) =>
        new(world.Signer(kid), kid, world.Genesis.Chain.ChainId, X, onBehalfOf, time);

    /// <summary>With which status and number a question is answered that is asked under a pass.</summary>
    public async Task<(HttpStatusCode Status, Refusal Code)> AnswerAsync(ReadPasses? passes, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (passes is not null) request.Headers.Authorization = new("Bearer", passes.Issue());
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        if (answer.IsSuccessStatusCode) return (answer.StatusCode, Refusal.None);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        return (answer.StatusCode, (Refusal)problem.RootElement.GetProperty("code").GetInt32());
    }

    public ulong LeafOf(Transaction transaction) => world.Node.Loop.Reader.Views.Entry(transaction.Party, transaction.Id)!.Leaf;

    public ulong HeightOf(Transaction transaction) => world.Node.Loop.Reader.Views.Entry(transaction.Party, transaction.Id)!.Height;

    static DisclosureSet Terms { get; } = DisclosureSet.Empty.With(Term.Price, new Amount(290));

    void Tell()
    {
        Outsiders = new Dictionary<Roles, PartyId>
        {
            [Roles.Bank] = Bank(),
            [Roles.CoreEnterprise] = Outsider(Roles.CoreEnterprise, 11),
            [Roles.Supplier] = Outsider(Roles.Supplier, 12),
            [Roles.Guarantor] = Outsider(Roles.Guarantor, 13),
            [Roles.Platform] = Outsider(Roles.Platform, 14),
            [Roles.Gateway] = Outsider(Roles.Gateway, 15),
            [Roles.Operator] = Outsider(Roles.Operator, 16),
            [Roles.Regulator] = Outsider(Roles.Regulator, 17),
        };

        Note = world.Certificate(A, 1_000);
        ToB = HandsOver(B, 1, 300, Terms.Digests(world.Suite));
        ToD = HandsOver(D, 301, 500, []);
        Invoice = world.Instrument(Note).Documents[0].Document;
        var open = world.Trade(Note, A, B, 501, 600);
        world.Accepts(A, open);

        Pledge = world.New<Offer>();
        world.Accepts(A, new PledgeDocuments(Pledge, Y, Currency.Cny, new(50), [new(world.Invoice(A, C, 50), new(50))], world.Tomorrow));
        world.Accepts(Y, new AcceptOffer(Pledge));

        Line = world.Line(C, 20_000_000);
        Financing = world.Financed(D, world.Applying(world.Certificate(D, 12_000_000), FinancingForm.NonRecourseFactoring, 1, 5_000_000), Line);

        world.Refuses(Refusal.UnitsOffered, A, world.Trade(Note, A, D, 501, 550));
        world.Until("2026-10-02 10:00:00");
        var receipt = world.Receipt(Note, PaymentOutcome.PartlyPaid, 300);
        world.Accepts(X, receipt);
        Payment = receipt.Payment;

        // What is open does not outlive a story that goes on for months.
        var late = world.Trade(world.Certificate(A, 70), A, B, 1, 20);
        world.Accepts(A, late);
        Offer = late.Offer;
        var taking = world.Taking(world.Certificate(A, 30), A, B, TransferCause.Court, 1, 30);
        world.Accepts(Z, taking, Key(W));
        Measure = world.MeasureBehind(taking).Id;
    }

    Transaction HandsOver(PartyId to, ulong first, ulong last, ValueList<Hash256> terms)
    {
        var trade = world.Trade(Note, A, to, first, last) with { Terms = terms };
        var transaction = world.Draft(A, trade);
        Accepted(world.Submit(transaction));
        world.Accepts(to, new AcceptOffer(trade.Offer));
        return transaction;
    }

    PartyId Outsider(Roles role, int n)
    {
        var party = FictionalUscc.Of("110000", n);
        world.Accepts(X, world.Registration(party, $"外人{n}", role, SizeClass.Large), Key(party), Key(Y));
        return party;
    }

    PartyId Bank()
    {
        var party = FictionalUscc.Of("110000", 10);
        using var sealing = SealingKey.Create();
        var registration = world.Registration(party, "外行", Roles.Bank, SizeClass.Large) with
        {
            Keys =
            [
                world.NewKey(Key(party)), world.NewKey(Key(party, 2), KeyUse.Recovery, KeyRole.LegalRepresentative, "li.si"),
                new(sealing.PublicKey, KeyUse.Sealing, KeyRole.System, "hsm"),
            ],
        };
        world.Accepts(Z, registration, Key(party), Key(Y));
        return party;
    }
}
