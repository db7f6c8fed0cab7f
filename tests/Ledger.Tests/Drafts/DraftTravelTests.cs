using System.Net;
using System.Text;
using System.Text.Json;
using Ledger.Client.Api;
using Ledger.Client.Founding;
using Ledger.Client.Invoices;
using Ledger.Client.Signing;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Core.Wire;
using Ledger.Node;
using Ledger.Node.Access;
using Ledger.Node.Documents;
using Ledger.Node.Drafts;
using Ledger.Node.Peers;
using Ledger.Tests.ChainFolder;
using Ledger.Tests.Http;
using Ledger.Tests.Peers;
using Ledger.Tests.Voting;
using Microsoft.AspNetCore.Builder;

namespace Ledger.Tests.Drafts;

/// <summary>
/// Four banks vote on one ledger, and each keeps drafts at its own node, behind its own API and its own peers' port: a core enterprise comes in by the word of its sponsor and of a second bank.
/// </summary>
public sealed class DraftTravelTests : IAsyncLifetime
{
    readonly TestAuthority authority = new();
    readonly VotingNetwork network = VotingNetwork.Started();
    readonly SigningKey newcomer;
    readonly PartyId core = FictionalUscc.Of("440300", 77);
    Desk[] desks = [];

    public DraftTravelTests() => newcomer = SigningKey.Create(network.Founding.Genesis.Chain.Suite);

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    Desk First => desks[0];

    Desk Second => desks[1];

    /// <summary>A bank that has no part in what the others do.</summary>
    Desk Third => desks[2];

    public async ValueTask InitializeAsync()
    {
        desks = [.. network.Banks.Take(3).Select(bank => new Desk(network, bank, authority))];
        foreach (var desk in desks) await desk.ServeAsync();
        foreach (var desk in desks) desk.Ask([.. desks.Where(other => other != desk)]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var desk in desks) await desk.DisposeAsync();
        await network.DisposeAsync();
        newcomer.Dispose();
        authority.Dispose();
    }

    [Fact]
    public async Task A_clerk_at_one_bank_begins_an_act_and_a_clerk_at_another_finishes_it()
    {
        var act = Registration();
        Assert.Equal("waiting", await PutAsync(First, act, Sponsor));

        // The second bank's clerk finds it at its own node, reads what it says and signs it there.
        await UntilAsync(() => Second.Found(act) is not null);
        using var listed = await Second.Api(Second.Bank).ReadAsync($"v1/drafts?awaiting={Second.Bank}", Cancel);
        Assert.Equal(act.Id.ToString(), Assert.Single(listed!.RootElement.GetProperty("drafts").EnumerateArray()).GetProperty("id").GetString());
        using var read = await Second.Api(Second.Bank).ReadAsync(PathOf(act), Cancel);
        Assert.Equal(Base64Url.Encode(TransactionText.WritePayload(act)), read!.RootElement.GetProperty("payload").GetString());
        Assert.Equal("accepted", await PutAsync(Second, act, Reviewer));

        // The first hears what came of it, from the ledger.
        await UntilAsync(() => First.Found(act)?.Status == DraftStatus.Accepted);
        Assert.Equal(First.Found(act)!.Answer, Second.Found(act)!.Answer);
        await network.UntilAsync(() => First.Loop.Reader.View.State.Party(core) is not null);
    }

    [Fact]
    public async Task Neither_bank_loses_anything_by_a_restart_between_the_two_signatures()
    {
        var act = Registration();
        await PutAsync(First, act, Sponsor);
        await UntilAsync(() => Second.Found(act) is not null);
        foreach (var desk in (Desk[])[First, Second])
        {
            await desk.RestartAsync();
            desk.Ask([.. desks.Where(other => other != desk)]);
            Assert.Equal(DraftStatus.Waiting, desk.Found(act)!.Status);
        }

        // Their ports are others now.
        foreach (var desk in desks) desk.Ask([.. desks.Where(other => other != desk)]);
        Assert.Equal("accepted", await PutAsync(Second, act, Reviewer));
        await UntilAsync(() => First.Found(act)?.Status == DraftStatus.Accepted);
    }

    [Fact]
    public async Task A_signature_that_is_added_at_either_side_travels_to_the_other()
    {
        var act = Registration();
        await PutAsync(First, act, [Signer(First.Bank)]);
        await UntilAsync(() => Second.Found(act) is not null);
        await PutAsync(Second, act, Reviewer);
        await UntilAsync(() => First.Found(act)!.Text.Signed.Signers.Contains(new(Second.Bank, FoundingKeys.Maker)));
        Assert.Equal([new KeyId(core, 1)], First.Found(act)!.Text.Missing);

        Assert.Equal("accepted", await PutAsync(First, act, [(new(core, 1), newcomer)]));
    }

    [Fact]
    public async Task A_bank_that_has_no_part_in_a_draft_is_given_nothing_of_it()
    {
        var act = Registration();
        await PutAsync(First, act, Sponsor);
        await UntilAsync(() => Second.Found(act) is not null);

        Assert.Null(Third.Found(act));
        using var page = JsonDocument.Parse((await First.Peer(Third.Bank).DraftsAsync(0, Cancel))!.Value);
        Assert.Empty(page.RootElement.GetProperty("drafts").EnumerateArray());
        using var own = JsonDocument.Parse((await First.Peer(Second.Bank).DraftsAsync(0, Cancel))!.Value);
        Assert.Single(own.RootElement.GetProperty("drafts").EnumerateArray());
        using var again = JsonDocument.Parse((await First.Peer(Second.Bank).DraftsAsync(own.RootElement.GetProperty("through").GetUInt64(), Cancel))!.Value);
        Assert.Empty(again.RootElement.GetProperty("drafts").EnumerateArray());
    }

    [Fact]
    public async Task That_a_party_does_not_sign_is_heard_at_the_other_bank_with_its_reason()
    {
        var (rejected, recalled) = (Registration(), Registration());
        foreach (var act in (Transaction[])[rejected, recalled]) await PutAsync(First, act, Sponsor);
        await UntilAsync(() => Second.Found(rejected) is not null && Second.Found(recalled) is not null);
        await Second.Api(Second.Bank).RejectDraftAsync(rejected.Party, rejected.Id, "材料不全", Cancel);
        await First.Api(First.Bank).RecallDraftAsync(recalled.Party, recalled.Id, Cancel);

        await UntilAsync(() => First.Found(rejected)!.Status == DraftStatus.Rejected && Second.Found(recalled)!.Status == DraftStatus.Recalled);
        Assert.Equal(new DraftEnd(Second.Bank, "材料不全"), First.Found(rejected)!.End);
    }

    [Fact]
    public async Task A_lying_node_brings_in_nothing_but_what_its_own_have_signed()
    {
        var act = Registration();
        await PutAsync(First, act, Sponsor);
        await UntilAsync(() => Second.Found(act) is not null);
        var text = Encoding.ASCII.GetString(Second.Found(act)!.Text.Signed.Bytes.Span);

        // A rejection of a party for which another bank speaks, of one that has no part in it, and with a reason that hides something.
        First.Hears(Third.Bank, Page(text, Second.Bank, "no"));
        First.Hears(Second.Bank, Page(text, First.Bank, null));
        First.Hears(Second.Bank, Page(text, Third.Bank, "no"));
        First.Hears(Second.Bank, Page(text, Second.Bank, "a\u202eb"));
        Assert.Equal((DraftStatus.Waiting, null), (First.Found(act)!.Status, First.Found(act)!.End));

        // Drafts that do not concern both, whose signature is no one's, that nobody's acting party signed, or that are no text.
        var (foreign, unsigned) = (Registration(), Registration());
        var signed = Text(foreign, Sponsor);
        Second.Hears(Third.Bank, Page(signed, null, null));
        Second.Hears(First.Bank, Page(signed.Replace("\"signature\":\"", "\"signature\":\"AAAA", StringComparison.Ordinal), null, null));
        First.Hears(Second.Bank, Page(Text(unsigned, Reviewer), null, null));
        First.Hears(Second.Bank, Page("{}", null, null));
        Assert.Null(Second.Found(foreign));
        Assert.Null(First.Found(unsigned));
        Second.Hears(First.Bank, Page(signed, null, null));
        Assert.NotNull(Second.Found(foreign));

        foreach (var junk in (string[])["", "{}", "null", """{"through":1,"drafts":null}""", """{"through":1,"drafts":[null]}""", """{"through":1,"drafts":[],"more":1}""", """{"through":-1,"drafts":[]}"""])
            Assert.Equal((junk, null), (junk, First.Drafts.Hear(Begun(Second.Bank), Encoding.UTF8.GetBytes(junk))));
    }

    [Fact]
    public async Task What_a_peer_gives_again_is_not_verified_again_and_what_is_false_is_counted()
    {
        var act = Registration();
        await PutAsync(First, act, Sponsor);
        await UntilAsync(() => Second.Found(act) is not null);
        var (source, forged) = (Begun(First.Bank), Sponsor.Select(one => (one.Item1, newcomer)).ToArray());

        // The signatures of its signers are there already: whatever stands in their places, nobody looks at it.
        Assert.Equal(new(1, IsWhole: true), Second.Drafts.Hear(source, Page(Text(act, forged), null, null)));
        Assert.Equal(0, source.Refused);
        source.EndRound(isMalformed: false);
        Assert.Equal(1, source.Pause);

        // A new draft under them is what no honest node gives; the next round comes later, and ever later, until one brings nothing false.
        for (var round = 1; round <= 7; round++)
        {
            source.BeginRound();
            Assert.Equal(new(1, IsWhole: true), Second.Drafts.Hear(source, Page(Text(Registration(), forged), null, null)));
            source.EndRound(isMalformed: false);
            Assert.Equal((round, Math.Min(1 << round, DraftSource.LongestPause)), (source.Refused, source.Pause));
        }

        source.BeginRound();
        source.EndRound(isMalformed: false);
        Assert.Equal(1, source.Pause);
    }

    [Fact]
    public void A_round_with_a_peer_costs_so_much_and_the_next_goes_on_where_it_ended()
    {
        const int given = 200;
        var forged = Sponsor.Select(one => (one.Item1, newcomer)).ToArray();
        var page = Page([.. Enumerable.Range(0, given).Select(_ => Text(Registration(), forged))]);
        var source = Begun(First.Bank);
        var (heard, isWhole) = (0L, false);
        while (!isWhole)
        {
            source.BeginRound();
            isWhole = Second.Drafts.Hear(source, page)!.Value.IsWhole;
            Assert.InRange(source.Refused, heard + 1, heard + (DraftSource.MostOfRound / DraftSource.CostOfSignature));
            heard = source.Refused;
        }

        Assert.Equal(given, source.Refused);
    }

    [Fact]
    public async Task What_only_blocks_refuse_that_are_not_final_is_no_answer_yet()
    {
        var (act, other) = (Registration(), Registration());
        First.Loop.AnswersWithin = TimeSpan.FromMilliseconds(100);
        await PutAsync(First, act, Sponsor);

        // The same party comes in by another transaction, and two banks' votes on that are missing.
        foreach (var bank in network.Banks.Skip(2)) bank.Withholds = static _ => true;
        var underWay = First.Loop.SubmitAsync(Jws.Sign(TransactionText.WritePayload(other), network.Founding.Genesis.Chain.ChainId, [.. Sponsor, .. Reviewer]), Cancel);
        await UntilAsync(() => First.Loop.Reader.NextState().Party(core) is not null);
        Assert.Null(First.Loop.Reader.View.State.Party(core));
        Assert.Equal("complete", await PutAsync(First, act, Reviewer));
        Assert.Null(First.Found(act)!.Answer);

        foreach (var bank in network.Banks) bank.Withholds = static _ => false;
        Assert.True((await underWay).IsAccepted);
        await UntilAsync(() => First.Found(act)!.Status == DraftStatus.Refused);
    }

    static DraftSource Begun(PartyId bank)
    {
        var source = new DraftSource(bank);
        source.BeginRound();
        return source;
    }

    [Fact]
    public void A_page_between_banks_is_written_as_FORMATS_says()
    {
        var page = new DraftPage(7, [new("TEXT"), new("TEXT", First.Bank.Text, "材料不全")]);
        Assert.Equal($$"""{"through":7,"drafts":[{"text":"TEXT"},{"text":"TEXT","endedBy":"{{First.Bank}}","reason":"\u6750\u6599\u4E0D\u5168"}]}""", Encoding.UTF8.GetString(page.Write()));
        Assert.Equal(page.Drafts, DraftPage.Read(page.Write())!.Drafts);
    }

    [Fact]
    public async Task A_peer_that_asks_as_no_bank_is_refused_by_number()
    {
        var fault = await Assert.ThrowsAsync<PeerException>(async () => await First.Peer(World.Stranger).DraftsAsync(0, Cancel));
        Assert.Equal($"HTTP 403, {(int)Refusal.NotAPeer}", fault.Fault.Detail);
    }

    (KeyId, SigningKey)[] Sponsor => [Signer(First.Bank), (new(core, 1), newcomer)];

    (KeyId, SigningKey)[] Reviewer => [Signer(Second.Bank)];

    (KeyId, SigningKey) Signer(PartyId bank) => (new(bank, FoundingKeys.Maker), network.Founding.Signer(bank));

    Transaction Registration() => new(
        First.Bank, null, NewId.Of<Transaction>(First.Loop.Reader.LedgerTime), First.Loop.Reader.LedgerTime.Add(Timestamp.Hour),
        [new RegisterParty(core, "示例核心企业", Roles.CoreEnterprise, core.RegionCode.ToString(), SizeClass.Large, "", [new(newcomer.PublicKey, KeyUse.Signing, KeyRole.Maker, "zhang.san")])]);

    string Text(Transaction act, (KeyId Kid, SigningKey Key)[] signers) => Encoding.ASCII.GetString(Jws.SignInPart(
        TransactionText.WritePayload(act), network.Founding.Genesis.Chain.ChainId, signers, Sponsor.Concat(Reviewer).Select(one => one.Item1).Except(signers.Select(one => one.Kid))));

    async Task<string?> PutAsync(Desk desk, Transaction act, (KeyId, SigningKey)[] signers)
    {
        var answer = await desk.Api(desk.Bank).PutDraftAsync(Encoding.ASCII.GetBytes(Text(act, signers)), Cancel);
        Assert.Equal((200, ""), (answer.HttpStatus, answer.HttpStatus == 200 ? "" : answer.SentenceEn));
        return answer.Body.GetProperty("status").GetString();
    }

    static byte[] Page(string text, PartyId? endedBy, string? reason)
    {
        var draft = new Dictionary<string, string> { ["text"] = text };
        if (endedBy is { } by) draft["endedBy"] = by.Text;
        if (reason is not null) draft["reason"] = reason;
        return JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object> { ["through"] = 1, ["drafts"] = new[] { draft } });
    }

    static byte[] Page(string[] texts) =>
        JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object> { ["through"] = 1, ["drafts"] = texts.Select(static text => new Dictionary<string, string> { ["text"] = text }) });

    static string PathOf(Transaction act) => $"v1/drafts/{act.Party}/{act.Id}";

    Task UntilAsync(Func<bool> isSo) => network.UntilAsync(isSo);

    /// <summary>One bank's node with its drafts in a folder, its API, and its port for peers.</summary>
    sealed class Desk(VotingNetwork network, VotingBank bank, TestAuthority authority) : IAsyncDisposable
    {
        readonly TemporaryFolder folder = new();
        readonly List<IDisposable> open = [];
        CancellationTokenSource stop = new();
        NodeDrafts drafts = null!;
        WebApplication api = null!;
        WebApplication peers = null!;
        Task working = Task.CompletedTask;

        public PartyId Bank => bank.Bank;

        public NodeLoop Loop => bank.Loop;

        public DraftDesk Drafts => drafts.Desk;

        public Draft? Found(Transaction act) => Drafts.Find(act.Party, act.Id);

        public void Hears(PartyId from, byte[] page) => Assert.Equal(new(1, IsWhole: true), Drafts.Hear(Begun(from), page));

        public LedgerApi Api(PartyId party) =>
            new(new HttpClient(new AsDescribed()) { BaseAddress = NodeServer.AddressOf(api) }, new ReadPasses(network.Founding.Signer(party), new(party, FoundingKeys.Maker), network.Founding.Genesis.Chain.ChainId, Bank, null, TimeProvider.System));

        /// <summary>This node as a party's own node asks it.</summary>
        public PeerClient Peer(PartyId asking)
        {
            var certificates = authority.Of(asking);
            var client = new PeerClient(new(Bank, NodeServer.AddressOf(peers)), certificates, PeerPace.Default);
            open.AddRange([certificates, client]);
            return client;
        }

        public async Task ServeAsync()
        {
            var chain = network.Founding.Genesis.Chain;
            drafts = new(Loop, new(DraftBook.Open(folder.Path, chain.Suite, chain.ChainId)!, Loop.Reader), new(Loop.Reader, Reads.Signed));
            var documents = new DocumentService(chain.Suite, new(chain.Suite, Bank, new Dictionary<uint, byte[]>()));
            api = NodeServer.Build(Loop, documents, null, new("127.0.0.1", 0, NextFreePort: false) { Drafts = drafts }, null, out _)!;
            await api.StartAsync(Cancel);
            peers = PeerServer.Build(new(new(IPAddress.Loopback, 0)), authority.Of(Bank), Loop.Reader, bank.Votes, bank.Disk, Drafts.PageFor, anchors: null, logs: null);
            await peers.StartAsync(Cancel);
        }

        public void Ask(IReadOnlyList<Desk> others)
        {
            stop.Cancel();
            stop = new();
            working = drafts.RunAsync([.. others.Select(other => other.Peer(Bank))], static _ => { }, new Hurried(), stop.Token);
        }

        public async Task RestartAsync()
        {
            await EndAsync();
            await bank.RestartAsync();
            await ServeAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await EndAsync();
            foreach (var one in Enumerable.Reverse(open)) one.Dispose();
            stop.Dispose();
            folder.Dispose();
        }

        async Task EndAsync()
        {
            await stop.CancelAsync();
            await working.ContinueWith(static _ => { }, TaskScheduler.Default);
            await api.DisposeAsync();
            await peers.DisposeAsync();
        }
    }
}
