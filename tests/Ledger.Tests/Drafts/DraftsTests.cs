using System.Text;
using System.Text.Json;
using Ledger.Client.Api;
using Ledger.Client.Founding;
using Ledger.Client.Signing;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Core.Wire;
using Ledger.Node.Access;
using Ledger.Node.Drafts;
using Ledger.Tests.Http;

namespace Ledger.Tests.Drafts;

/// <summary>Transactions that wait at one node for the signatures of others: bank X attests an invoice of A, which A signs too.</summary>
public sealed class DraftsTests : IAsyncLifetime
{
    readonly TestNode node = new() { Options = RunningNode.Open with { Reads = Node.Access.Reads.Signed } };

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => node.InitializeAsync();

    public ValueTask DisposeAsync() => node.DisposeAsync();

    [Fact]
    public async Task What_one_person_puts_and_another_signs_is_submitted_with_the_last_signature()
    {
        var act = Attested();
        var put = await PutAsync(act, node.X, node.A);
        Assert.Equal("waiting", Status(put));
        Assert.Equal(($"{node.X}#1", $"{node.A}#1"), (Only(put, "signed"), Only(put, "missing")));
        Assert.Null(await node.As(node.A).ReadAsync($"v1/transactions/{act.Party}/{act.Id}", Cancel));

        var signed = await PutAsync(act, node.A, node.X);
        Assert.Equal(("accepted", 0), (Status(signed), signed.Body.GetProperty("code").GetInt32()));
        using var entry = await node.As(node.A).ReadAsync($"v1/transactions/{act.Party}/{act.Id}", Cancel);
        Assert.Equal(signed.Body.GetProperty("leaf").GetUInt64(), entry!.RootElement.GetProperty("leaf").GetUInt64());
    }

    [Fact]
    public async Task To_put_or_to_sign_twice_changes_nothing()
    {
        var act = Attested();
        await PutAsync(act, node.X, node.A);
        var change = Kept(act).Change;
        Assert.Equal("waiting", Status(await PutAsync(act, node.X, node.A)));
        Assert.Equal(change, Kept(act).Change);

        await PutAsync(act, node.A, node.X);
        Assert.Equal("accepted", Status(await PutAsync(act, node.A, node.X)));
    }

    [Fact]
    public async Task Who_has_part_in_a_draft_finds_it_and_a_stranger_finds_nothing()
    {
        var act = Attested();
        await PutAsync(act, node.X, node.A);
        foreach (var party in (PartyId[])[node.X, node.A])
        {
            Assert.Single(await ListAsync(party, ""));
            using var one = await node.As(party).ReadAsync(PathOf(act), Cancel);
            Assert.Equal(Base64Url.Encode(TransactionText.WritePayload(act)), one!.RootElement.GetProperty("payload").GetString());
        }

        Assert.Single(await ListAsync(node.A, $"?awaiting={node.A}"));
        Assert.Empty(await ListAsync(node.A, $"?awaiting={node.X}"));
        Assert.Empty(await ListAsync(node.B, ""));
        Assert.Null(await node.As(node.B).ReadAsync(PathOf(act), Cancel));
        Assert.Equal(Refusal.NotFound, (await node.As(node.B).RejectDraftAsync(act.Party, act.Id, "不同意", Cancel)).Code);
        Assert.Equal(Refusal.NotFound, (await node.As(node.B).RecallDraftAsync(act.Party, act.Id, Cancel)).Code);
        var unnamed = await Assert.ThrowsAsync<NodeAnsweredException>(() => node.Anonymous.ReadAsync("v1/drafts", Cancel));
        Assert.Equal(Refusal.PassMissing, unnamed.Answer.Code);
    }

    [Fact]
    public async Task Who_is_to_sign_and_does_not_says_why_and_everybody_reads_it()
    {
        var act = Attested();
        await PutAsync(act, node.X, node.A);
        Assert.Equal(Refusal.BodyInvalid, (await node.As(node.A).RejectDraftAsync(act.Party, act.Id, "", Cancel)).Code);
        Assert.Equal(Refusal.BodyInvalid, (await node.As(node.A).RejectDraftAsync(act.Party, act.Id, new('长', DraftDesk.LongestReason + 1), Cancel)).Code);
        Assert.Equal(Refusal.BodyInvalid, (await node.As(node.A).RejectDraftAsync(act.Party, act.Id, "a\u202eb", Cancel)).Code);
        Assert.Equal("rejected", Status(await node.As(node.A).RejectDraftAsync(act.Party, act.Id, "金额与合同不符", Cancel)));

        using var read = await node.As(node.X).ReadAsync(PathOf(act), Cancel);
        Assert.Equal((node.A.Text, "金额与合同不符"), (read!.RootElement.GetProperty("endedBy").GetString(), read.RootElement.GetProperty("reason").GetString()));
        await RefusedAsync(Refusal.DraftClosed, act, node.A, node.X);
    }

    [Fact]
    public async Task Only_its_acting_party_recalls_a_draft_and_then_nobody_signs_it()
    {
        var act = Attested();
        await PutAsync(act, node.X, node.A);
        Assert.Equal(Refusal.DraftNotOwn, (await node.As(node.A).RecallDraftAsync(act.Party, act.Id, Cancel)).Code);
        Assert.Equal("recalled", Status(await node.As(node.X).RecallDraftAsync(act.Party, act.Id, Cancel)));
        await RefusedAsync(Refusal.DraftClosed, act, node.A, node.X);
        Assert.Equal(Refusal.DraftClosed, (await node.As(node.A).RejectDraftAsync(act.Party, act.Id, "已撤回", Cancel)).Code);
        Assert.Empty(await ListAsync(node.A, $"?awaiting={node.A}"));
    }

    [Fact]
    public async Task Nobody_rejects_what_has_been_answered()
    {
        var act = Attested();
        await PutAsync(act, node.X, node.A);
        await PutAsync(act, node.A, node.X);
        Assert.Equal(Refusal.DraftClosed, (await node.As(node.A).RejectDraftAsync(act.Party, act.Id, "反悔", Cancel)).Code);
    }

    [Fact]
    public async Task A_draft_is_signed_first_by_its_acting_party()
    {
        await RefusedAsync(Refusal.DraftNotByItsParty, Attested(), node.A, node.X);
    }

    [Fact]
    public async Task What_the_ledger_would_refuse_with_all_signatures_is_refused_under_its_number()
    {
        // Its seller is not among those who will have signed.
        await RefusedAsync(Refusal.SellerDidNotSign, Attested(), node.X, node.Y);
        await RefusedAsync(Refusal.Expired, Attested() with { Expires = TestNode.Start }, node.X, node.A);
        await RefusedAsync(Refusal.ExpiryTooFar, Attested() with { Expires = TestNode.Start.Add(2 * Timestamp.Day) }, node.X, node.A);
        await RefusedAsync(Refusal.KeyUnknown, Attested(), node.X, node.A, node.Stranger);
        Assert.Empty(node.Drafts.Desk.All);
    }

    [Fact]
    public async Task A_key_that_was_revoked_signs_no_draft()
    {
        await node.AcceptedAsync(node.X, new RevokeKey(2));
        var act = Attested();
        var text = Jws.SignInPart(TransactionText.WritePayload(act), node.Genesis.Chain.ChainId, [(new(node.X, 1), node.KeyOf(node.X))], [new(node.X, 2), new(node.A, 1)]);
        Assert.Equal(Refusal.KeyNotValid, (await node.Api.PutDraftAsync(text, Cancel)).Code);
    }

    [Fact]
    public async Task An_altered_a_foreign_and_a_malformed_draft_are_refused_by_number()
    {
        var act = Attested();
        await PutAsync(act, node.X, node.A);

        // Another content under the same id, and other signers.
        await RefusedAsync(Refusal.DraftOfAnother, act with { Operations = [node.Attestation(node.A, node.C, 6)] }, node.X, node.A);
        await RefusedAsync(Refusal.DraftOfAnother, act, node.X, node.A, node.B);

        // The payload was changed behind the signature.
        var text = Encoding.ASCII.GetString(Text(act, [node.A], [node.X]));
        var other = Encoding.ASCII.GetString(Text(act with { Operations = [node.Attestation(node.A, node.C, 6)] }, [node.A], [node.X]));
        var altered = other[..other.IndexOf("\",\"signatures", StringComparison.Ordinal)] + text[text.IndexOf("\",\"signatures", StringComparison.Ordinal)..];
        Assert.Equal(Refusal.SignatureInvalid, (await node.Api.PutDraftAsync(Encoding.ASCII.GetBytes(altered), Cancel)).Code);
        Assert.Equal(Refusal.WrongChain, (await node.Api.PutDraftAsync(Jws.SignInPart(TransactionText.WritePayload(act), new(1, 2), [(new(node.A, 1), node.KeyOf(node.A))], [new(node.X, 1)]), Cancel)).Code);
        Assert.Equal(Refusal.Malformed, (await node.Api.PutDraftAsync("{}"u8.ToArray(), Cancel)).Code);
        Assert.Equal(Refusal.TooLarge, (await node.Api.PutDraftAsync(new byte[TransactionText.MaxSize + 1], Cancel)).Code);
        Assert.Equal("waiting", Kept(act).Status.ToString().ToLowerInvariant());
    }

    [Fact]
    public async Task A_party_has_room_for_so_many_and_others_are_not_kept_out_by_it()
    {
        for (var i = 0; i < DraftDesk.MostOfParty; i++) await PutAsync(Attested(), node.X, node.A);
        await RefusedAsync(Refusal.TooManyDrafts, Attested(), node.X, node.A);

        var policy = TestNode.Draft(node.A, new SetPolicy([]));
        await PutAsync(policy, node.A, node.X);
        await node.As(node.A).RecallDraftAsync(policy.Party, policy.Id, Cancel);
    }

    [Fact]
    public void The_customers_of_a_bank_leave_it_its_own_room_and_take_none_of_those_of_another()
    {
        using var folder = new ChainFolder.TemporaryFolder();
        var book = DraftBook.Open(folder.Path, node.Genesis.Chain.Suite, node.Genesis.Chain.ChainId)!;
        var desk = new DraftDesk(book, node.Loop.Reader);
        var one = Read(Attested(), [node.X], [node.A]);

        // A, whom X brought in, fills what all customers of X have together.
        foreach (var act in (Transaction[])[Policy(node.A), Policy(node.A)])
        {
            var text = Read(act, [node.A], [node.X]);
            book.Keep(new(text with { Signed = text.Signed with { Bytes = new byte[DraftDesk.MostBytesOfSponsor / 2] } }, 1));
        }

        Assert.Equal(Refusal.TooManyDrafts, desk.Take(Read(Policy(node.B), [node.B], [node.X])).Refusal);
        Assert.NotNull(desk.Take(one).Draft);

        // Y runs no validator, and X brought it in: its own drafts are a customer's of X, and those of its customers are in a room of theirs.
        Assert.Equal((node.X, node.Y), (DraftBanks.PoolOf(State, node.Y), DraftBanks.PoolOf(State.With(State.Party(node.B)! with { Sponsor = node.Y }), node.B)));
        Assert.Equal(node.X, DraftBanks.PoolOf(State, node.X));
    }

    [Fact]
    public async Task What_an_absent_signature_would_open_is_told_to_nobody_before_it_is_there()
    {
        // Another bank has attested an invoice of A, with A's word.
        var registered = node.Attestation(node.A, node.C, 5);
        await node.AcceptedAsync(node.Y, registered, node.A);
        var (known, fresh) = (TestNode.Draft(node.X, registered with { Document = TestNode.New<Core.Instruments.Document>() }), Attested());

        // X alone is told in either case that the seller did not sign.
        foreach (var act in (Transaction[])[known, fresh]) Assert.Equal(Refusal.SellerDidNotSign, (await node.Api.DryRunAsync(node.Sign(act), Cancel)).Code);

        // That A is announced tells X no more: which of the two the ledger has already, it hears once A has signed.
        Assert.Equal(["waiting", "waiting"], [Status(await PutAsync(known, node.X, node.A)), Status(await PutAsync(fresh, node.X, node.A))]);
        Assert.Equal(["refused", "accepted"], [Status(await PutAsync(known, node.A, node.X)), Status(await PutAsync(fresh, node.A, node.X))]);
    }

    [Fact]
    public async Task A_draft_is_a_question_of_the_key_that_signed_it_and_not_of_one_that_it_announces()
    {
        var chain = node.Genesis.Chain;
        var second = new KeyId(node.X, FoundingKeys.Checker);
        var act = Attested();
        var text = TransactionText.ReadInPart(
            Jws.SignInPart(TransactionText.WritePayload(act), chain.ChainId, [(second, node.KeyOf(second))], [new(node.X, 1), new(node.A, 1)]), chain.Suite, chain.ChainId, out _)!;
        Assert.Null(node.Drafts.Desk.Judge(text));

        var told = await node.Loop.Reader.AskViewsAsync(() => new Discretion(node.Loop.Reader, Reads.Signed).Tell(node.Loop.DryRun(text).AsSigned, isDryRun: true), Cancel);
        Assert.Equal((second, Refusal.CheckerCannotActAlone), (told.Caller.Key, told.Answer.Code));
    }

    [Fact]
    public async Task A_draft_that_is_here_no_more_is_not_begun_by_who_does_not_act()
    {
        // As when it expires between being judged and being kept.
        var act = Attested();
        Assert.Equal(Refusal.DraftNotByItsParty, node.Drafts.Desk.Take(Read(act, [node.A], [node.X])).Refusal);
        Assert.Equal(Refusal.Expired, node.Drafts.Desk.Take(Read(act with { Expires = TestNode.Start }, [node.X], [node.A])).Refusal);

        // Nor does one who does not act hear that the id is another's.
        await PutAsync(act, node.X, node.A);
        await RefusedAsync(Refusal.DraftNotByItsParty, act with { Operations = [node.Attestation(node.A, node.C, 6)] }, node.A, node.X);
    }

    [Fact]
    public async Task The_first_fault_of_any_work_on_drafts_ends_all_of_it_and_is_seen()
    {
        var act = Attested();
        await PutAsync(act, node.X, node.A);
        var running = node.Drafts.RunAsync([new FaultyPeer(node.Y)], _ => { }, new Voting.Hurried(), Cancel);
        Assert.Same(running, await Task.WhenAny(running, Task.Delay(Voting.VotingNetwork.Patience, Cancel)));

        await Assert.ThrowsAsync<InvalidOperationException>(() => running);
        Assert.True(node.Drafts.IsBroken);
    }

    sealed class FaultyPeer(PartyId bank) : Peers.FakePeer(bank, [], 0)
    {
        public override Task<ReadOnlyMemory<byte>?> DraftsAsync(ulong after, CancellationToken cancel) => throw new InvalidOperationException("a mistake");
    }

    [Fact]
    public async Task A_draft_is_good_for_as_long_as_its_transaction_and_then_swept()
    {
        var act = Attested();
        await PutAsync(act, node.X, node.A);
        Assert.Equal(200, (await node.As(node.X).SetClockAsync(act.Expires, Cancel)).HttpStatus);

        Assert.Null(await node.As(node.A).ReadAsync(PathOf(act), Cancel));
        await RefusedAsync(Refusal.DraftNotByItsParty, act, node.A, node.X);
        await RefusedAsync(Refusal.Expired, act, node.X, node.A);
        Assert.Single(Reopened().All);
        node.Drafts.Desk.Sweep();
        Assert.Empty(Reopened().All);
    }

    [Fact]
    public async Task A_restarted_node_has_every_draft_with_its_signatures_and_what_came_of_it()
    {
        var (waiting, rejected, done) = (Attested(), Attested(), Attested());
        foreach (var act in (Transaction[])[waiting, rejected, done]) await PutAsync(act, node.X, node.A);
        await node.As(node.A).RejectDraftAsync(rejected.Party, rejected.Id, "不同意", Cancel);
        await PutAsync(done, node.A, node.X);

        var book = Reopened();
        Assert.Equal(
            [DraftStatus.Waiting, DraftStatus.Rejected, DraftStatus.Accepted],
            ((Transaction[])[waiting, rejected, done]).Select(act => book.Find(act.Party, act.Id)!.Status));
        Assert.Equal(node.Drafts.Desk.All.Select(draft => (draft.Key, draft.Change, draft.End, draft.Answer)), book.All.OrderByDescending(draft => draft.Change).Select(draft => (draft.Key, draft.Change, draft.End, draft.Answer)));
    }

    [Fact]
    public async Task A_complete_draft_that_nobody_sent_is_sent_by_the_node()
    {
        var act = Attested();
        await PutAsync(act, node.X, node.A);
        var chain = node.Genesis.Chain;

        // As a crash between the last signature and its sending leaves it.
        node.Drafts.Desk.Take(TransactionText.ReadInPart(Text(act, [node.A], [node.X]), chain.Suite, chain.ChainId, out _)!);
        Assert.Equal(DraftStatus.Complete, Kept(act).Status);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var running = node.Drafts.RunAsync([], _ => { }, new Voting.Hurried(), stop.Token);
        while (Kept(act).Status == DraftStatus.Complete) await Task.Delay(10, Cancel);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        Assert.Equal(DraftStatus.Accepted, Kept(act).Status);
    }

    [Fact]
    public async Task What_the_ledger_refuses_when_all_have_signed_is_told_to_all_of_them()
    {
        var (first, second) = (Attested(), Attested());
        second = second with { Operations = first.Operations };
        foreach (var act in (Transaction[])[first, second]) await PutAsync(act, node.X, node.A);
        await PutAsync(first, node.A, node.X);

        var refused = await PutAsync(second, node.A, node.X);
        Assert.Equal("refused", Status(refused));
        using var read = await node.As(node.A).ReadAsync(PathOf(second), Cancel);
        Assert.NotEqual(0, read!.RootElement.GetProperty("code").GetInt32());
        Assert.NotEmpty(read.RootElement.GetProperty("detailZh").GetString()!);
    }

    [Fact]
    public async Task A_damaged_file_of_drafts_is_left_as_it_is_and_the_node_keeps_none()
    {
        var folder = Directory.CreateTempSubdirectory("ledger-damaged-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, Core.Chain.FolderLayout.Drafts), "not a file of drafts, but longer than a header of one would be", Cancel);
        Assert.Null(DraftBook.Open(folder, node.Genesis.Chain.Suite, node.Genesis.Chain.ChainId));
        Assert.StartsWith("not", await File.ReadAllTextAsync(Path.Combine(folder, Core.Chain.FolderLayout.Drafts), Cancel), StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    Transaction Attested() => TestNode.Draft(node.X, node.Attestation(node.A, node.C, 5));

    static Transaction Policy(PartyId party) => TestNode.Draft(party, new SetPolicy([]));

    LedgerState State => node.Loop.Reader.View.State;

    SignedInPart Read(Transaction act, PartyId[] signers, PartyId[] awaited) => TransactionText.ReadInPart(Text(act, signers, awaited), node.Genesis.Chain.Suite, node.Genesis.Chain.ChainId, out _)!;

    byte[] Text(Transaction act, PartyId[] signers, PartyId[] awaited) => Jws.SignInPart(
        TransactionText.WritePayload(act), node.Genesis.Chain.ChainId, [.. signers.Select(signer => (new KeyId(signer, 1), node.KeyOf(signer)))], awaited.Select(party => new KeyId(party, 1)));

    async Task<SubmitAnswer> PutAsync(Transaction act, PartyId signer, params PartyId[] awaited)
    {
        var answer = await node.Api.PutDraftAsync(Text(act, [signer], awaited), Cancel);
        Assert.Equal((Refusal.None, 200), (answer.HttpStatus == 200 ? Refusal.None : answer.Code, answer.HttpStatus));
        return answer;
    }

    async Task RefusedAsync(Refusal expected, Transaction act, PartyId signer, params PartyId[] awaited) =>
        Assert.Equal(expected, (await node.Api.PutDraftAsync(Text(act, [signer], awaited), Cancel)).Code);

    async Task<JsonElement[]> ListAsync(PartyId party, string query)
    {
        using var found = await node.As(party).ReadAsync($"v1/drafts{query}", Cancel);
        return [.. found!.RootElement.Clone().GetProperty("drafts").EnumerateArray()];
    }

    Draft Kept(Transaction act) => node.Drafts.Desk.Find(act.Party, act.Id)!;

    DraftBook Reopened() => DraftBook.Open(node.DraftsFolder, node.Genesis.Chain.Suite, node.Genesis.Chain.ChainId)!;

    static string PathOf(Transaction act) => $"v1/drafts/{act.Party}/{act.Id}";

    static string? Status(SubmitAnswer answer) => answer.Body.GetProperty("status").ToString();

    static string? Only(SubmitAnswer answer, string name) => Assert.Single(answer.Body.GetProperty(name).EnumerateArray()).GetString();
}
