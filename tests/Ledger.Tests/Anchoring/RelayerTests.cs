using Ledger.Core.State;
using Ledger.Evm;
using Ledger.Node.Anchoring;
using Ledger.Tests.Laws;

namespace Ledger.Tests.Anchoring;

/// <summary>What a relayer sends, and what it does when a chain, an endpoint or its own process is not as one would like. On a stub that is stricter than most chains.</summary>
public sealed class RelayerTests : IAsyncDisposable
{
    // The thorough form ends a process at every question, the other at every third.
    static readonly int Stride = Thorough.IsAsked ? 1 : 3;

    static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    readonly AnchoredWorld world = new();
    readonly StubChain stub;
    readonly List<IDisposable> opened = [];

    public RelayerTests() => stub = new(world);

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_checkpoint_is_anchored_once_and_followed_until_it_is_final()
    {
        await stub.AddAsync();
        var (store, relayer) = Open();

        await GoAsync(relayer);
        Assert.Equal(AnchorStep.Broadcast, store.UnderWay("test")?.Step);
        stub.Mine();
        await GoAsync(relayer);
        Assert.Equal(AnchorStep.Mined, store.UnderWay("test")?.Step);
        stub.Mine();
        await GoAsync(relayer);
        Assert.Equal(AnchorStep.Confirmed, store.UnderWay("test")?.Step);
        stub.Finalized = 1;
        await GoAsync(relayer);

        Assert.Null(store.UnderWay("test"));
        Assert.Equal((world.Size, world.Root), stub.Anchored);
        Assert.Equal([true], stub.Mined.Select(one => one.Succeeded));
        Assert.Single(stub.Given);
        Assert.Null(relayer.Trouble);
        Assert.Equal(world.Size, relayer.Standing().FinalSize);
    }

    [Fact]
    public async Task Nothing_new_is_not_anchored_again_and_what_is_new_waits_for_its_hour()
    {
        await stub.AddAsync();
        var (store, relayer) = Open();
        await FinishAsync(relayer);
        world.Time.Pass(Hour);
        await GoAsync(relayer);
        Assert.Null(store.UnderWay("test"));

        world.Grow(5);
        await FinishAsync(relayer);

        Assert.Equal((world.Size, world.Root), stub.Anchored);
        Assert.Equal(2, stub.Mined.Count);
        world.Grow(1);
        world.Time.Pass(Hour - TimeSpan.FromSeconds(1));
        await GoAsync(relayer);
        Assert.Null(store.UnderWay("test"));
        world.Time.Pass(TimeSpan.FromSeconds(1));
        await GoAsync(relayer);
        Assert.Equal(AnchorStep.Broadcast, store.UnderWay("test")?.Step);
    }

    [Fact]
    public async Task A_process_that_ends_at_any_question_leaves_an_anchor_that_the_next_one_finishes_and_sends_nothing_else()
    {
        await stub.AddAsync();
        var questions = 0;
        for (var end = 1; ; end += Stride)
        {
            foreach (var isAnswered in (bool[])[false, true])
            {
                await using var own = new StubChain(world);
                await own.AddAsync();
                using var ending = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
                own.Asked = (number, answered) =>
                {
                    if (number == end && answered == isAnswered) ending.Cancel();
                };
                var folder = Directory.CreateDirectory(Path.Combine(world.Folder, $"{end}-{isAnswered}")).FullName;
                await UntilFinalAsync(own, folder, ending.Token);
                own.Asked = static (_, _) => { };
                await UntilFinalAsync(own, folder, Cancel);

                Assert.Equal((world.Size, world.Root), own.Anchored);
                Assert.Single(own.Mined);
                Assert.Single(own.Given.Distinct());
                questions = own.Questions;
            }

            if (end > questions) break;
        }
    }

    [Fact]
    public async Task A_block_that_the_chain_takes_back_is_looked_for_again_and_the_same_octets_are_sent()
    {
        await stub.AddAsync();
        var (store, relayer) = Open();
        await GoAsync(relayer);
        stub.Mine(2);
        await GoAsync(relayer);
        Assert.Equal(AnchorStep.Confirmed, store.UnderWay("test")?.Step);

        stub.Reorganize(2, forgets: true);
        await GoAsync(relayer);
        Assert.Equal(AnchorStep.Broadcast, store.UnderWay("test")?.Step);
        Assert.Equal(0UL, stub.Anchored.Size);
        await FinishAsync(relayer);

        Assert.Equal(world.Size, stub.Anchored.Size);
        Assert.Single(stub.Given.Distinct());
    }

    [Fact]
    public async Task A_transaction_that_comes_into_another_block_is_followed_there()
    {
        await stub.AddAsync();
        var (store, relayer) = Open();
        await GoAsync(relayer);
        stub.Mine();
        await GoAsync(relayer);
        var before = store.UnderWay("test")?.Mined;

        stub.Reorganize(1, forgets: false);
        stub.Mine();
        await GoAsync(relayer);

        Assert.NotEqual(before?.BlockHash, store.UnderWay("test")?.Mined?.BlockHash);
        await FinishAsync(relayer);
        Assert.Single(stub.Mined);
    }

    [Fact]
    public async Task A_dropped_transaction_is_sent_again_as_it_was()
    {
        await stub.AddAsync();
        var (_, relayer) = Open();
        await GoAsync(relayer);
        stub.Forget();

        await GoAsync(relayer);

        Assert.Equal(2, stub.Given.Count);
        Assert.Single(stub.Given.Distinct());
        Assert.Single(stub.Pool);
    }

    [Fact]
    public async Task A_transaction_that_waits_too_long_gives_way_to_one_that_pays_fifteen_per_cent_more()
    {
        await stub.AddAsync();
        var (store, relayer) = Open();
        await GoAsync(relayer);
        var first = Assert.Single(store.Attempts(store.UnderWay("test")!)).Signed.Transaction.Fees;

        world.Time.Pass(TimeSpan.FromSeconds(180));
        await GoAsync(relayer);

        Assert.Null(relayer.Trouble);
        var second = store.Attempts(store.UnderWay("test")!)[0];
        Assert.Equal(new EvmFees((ulong)Math.Ceiling(first.Max * 1.15m), (ulong)Math.Ceiling((first.Tip ?? 0) * 1.15m)), second.Signed.Transaction.Fees);
        Assert.Equal([second.Signed.Hash], stub.Pool);
        await FinishAsync(relayer);
        Assert.Equal([(second.Signed.Hash, true)], stub.Mined);
    }

    [Fact]
    public async Task A_spike_of_the_base_fee_is_followed_at_once_and_not_beyond_what_the_operator_lets_it_pay()
    {
        await stub.AddAsync();
        var (store, relayer) = Open();
        await GoAsync(relayer);

        stub.BaseFee = 50 * StubChain.Gwei;
        stub.Mine();
        await GoAsync(relayer);
        Assert.Equal(101 * StubChain.Gwei, store.Attempts(store.UnderWay("test")!)[0].Signed.Transaction.Fees.Max);

        stub.BaseFee = 2_000 * StubChain.Gwei;
        stub.Mine();
        await GoAsync(relayer);
        Assert.Equal(Refusal.AnchorTooDear, relayer.Trouble?.Code);
        Assert.Empty(stub.Mined);

        stub.BaseFee = 10 * StubChain.Gwei;
        await FinishAsync(relayer);
        Assert.Single(stub.Mined);
    }

    [Fact]
    public async Task A_day_costs_no_more_than_its_budget()
    {
        // Both anchors are of one day.
        world.Time.Pass(TimeSpan.FromDays(1) - world.Time.GetUtcNow().TimeOfDay);
        await stub.AddAsync();
        var (_, relayer) = Open(target => target with { GweiADay = 3UL * 126_000 });
        await FinishAsync(relayer);
        world.Grow(1);
        world.Time.Pass(Hour);

        await GoAsync(relayer);

        Assert.Equal(Refusal.AnchorTooDear, relayer.Trouble?.Code);
        Assert.Single(stub.Given);
        world.Time.Pass(TimeSpan.FromHours(24));
        await FinishAsync(relayer);
        Assert.Equal(world.Size, stub.Anchored.Size);
    }

    [Fact]
    public async Task What_another_bank_anchored_first_is_not_paid_for_again()
    {
        await stub.AddAsync();
        var (store, relayer) = Open(target => target with { Rank = 1 });
        await GoAsync(relayer);
        Assert.Null(store.UnderWay("test"));

        stub.AnchorByAnother(0, world.Size, world.Root);
        world.Time.Pass(TimeSpan.FromMinutes(15));
        await GoAsync(relayer);

        Assert.Empty(stub.Given);
        Assert.Null(store.UnderWay("test"));
    }

    [Fact]
    public async Task A_bank_of_the_next_rank_does_after_its_turn_what_the_first_left_undone()
    {
        await stub.AddAsync();
        var (_, relayer) = Open(target => target with { Rank = 2 });
        await GoAsync(relayer);
        world.Time.Pass(TimeSpan.FromMinutes(30) - TimeSpan.FromSeconds(1));
        await GoAsync(relayer);
        Assert.Empty(stub.Given);

        world.Time.Pass(TimeSpan.FromSeconds(1));
        await FinishAsync(relayer);

        Assert.Equal(world.Size, stub.Anchored.Size);
    }

    [Fact]
    public async Task A_pending_anchor_that_was_overtaken_by_a_smaller_one_is_made_anew_behind_it_under_the_same_nonce()
    {
        var smaller = (world.Size, world.Root);
        world.Grow(4);
        await stub.AddAsync();
        var (store, relayer) = Open();
        await GoAsync(relayer);
        stub.BaseFee = 100 * StubChain.Gwei;
        stub.AnchorByAnother(0, smaller.Size, smaller.Root);
        stub.BaseFee = StubChain.Gwei;

        await GoAsync(relayer);

        var newest = store.Attempts(store.UnderWay("test")!)[0];
        Assert.Equal((smaller.Size, world.Size, 0UL), (newest.From, newest.Size, newest.Signed.Transaction.Nonce));
        await FinishAsync(relayer);
        Assert.Equal((world.Size, world.Root), stub.Anchored);
        Assert.Equal([(newest.Signed.Hash, true)], stub.Mined);
    }

    [Fact]
    public async Task A_pending_anchor_that_says_nothing_new_any_more_frees_its_nonce_for_the_price_of_nothing()
    {
        await stub.AddAsync();
        var (store, relayer) = Open();
        await GoAsync(relayer);
        stub.BaseFee = 100 * StubChain.Gwei;
        stub.AnchorByAnother(0, world.Size, world.Root);
        stub.BaseFee = StubChain.Gwei;
        world.Time.Pass(TimeSpan.FromSeconds(180));

        await GoAsync(relayer);

        var newest = store.Attempts(store.UnderWay("test")!)[0].Signed.Transaction;
        Assert.Equal((21_000UL, 0, 0UL), (newest.Gas, newest.Data.Length, newest.Nonce));
        stub.Mine(3);
        await GoAsync(relayer);
        Assert.Null(store.UnderWay("test"));
        Assert.Single(stub.Mined);
    }

    [Fact]
    public async Task An_anchor_that_failed_in_its_block_is_over_and_a_new_one_follows_under_the_next_nonce()
    {
        var smaller = (world.Size, world.Root);
        world.Grow(4);
        await stub.AddAsync();
        var (_, relayer) = Open();
        await GoAsync(relayer);
        stub.AnchorByAnother(0, smaller.Size, smaller.Root);
        stub.Mine();

        await FinishAsync(relayer);
        Assert.Equal([false], stub.Mined.Select(one => one.Succeeded));
        world.Time.Pass(Hour);
        await FinishAsync(relayer);

        Assert.Equal((world.Size, world.Root), stub.Anchored);
        Assert.Equal([false, true], stub.Mined.Select(one => one.Succeeded));
    }

    [Fact]
    public async Task A_history_that_is_not_ours_is_not_anchored_upon()
    {
        await stub.AddAsync();
        var (_, relayer) = Open();
        await FinishAsync(relayer);
        world.Rewrite(1);
        world.Grow(2);
        world.Time.Pass(Hour);

        await GoAsync(relayer);

        Assert.Equal(Refusal.AnchorContradicts, relayer.Trouble?.Code);
        Assert.Single(stub.Given);
    }

    [Fact]
    public async Task A_checkpoint_under_fewer_lines_than_the_contract_asks_for_is_not_sent()
    {
        await stub.AddAsync();
        world.Signing = 2;
        var (_, relayer) = Open();

        await GoAsync(relayer);

        Assert.Equal(Refusal.AnchorSetOutdated, relayer.Trouble?.Code);
        Assert.Empty(stub.Given);
        world.Signing = 4;
        await FinishAsync(relayer);
        Assert.Equal(world.Size, stub.Anchored.Size);
    }

    [Fact]
    public async Task Without_the_words_of_the_former_set_what_enough_of_it_signed_is_anchored_and_nothing_else()
    {
        await stub.AddAsync();
        world.Replace(3);
        world.Speaking.RemoveRange(0, 2);
        var (_, relayer) = Open();

        // The first three sign as before; the fourth is another.
        await FinishAsync(relayer);
        Assert.Equal(world.Size, stub.Anchored.Size);
        Assert.Equal(world.Voting, relayer.Due?.Next);
        var given = stub.Given.Count;

        // And no sooner than ever.
        world.Grow(1);
        await GoAsync(relayer);
        Assert.Equal(given, stub.Given.Count);

        // What was due before the banks changed again is due no more, though no turn came since.
        world.Replace(0);
        Assert.Null(relayer.Due);
        world.Time.Pass(Hour);
        await GoAsync(relayer);
        Assert.Equal(Refusal.AnchorSetOutdated, relayer.Trouble?.Code);
        Assert.Equal(given, stub.Given.Count);
    }

    [Fact]
    public async Task Another_chain_another_contract_and_an_empty_account_are_refused_by_name()
    {
        var other = await stub.AddAsync(Manner.OtherChain);
        var (_, relayer) = Open();
        await GoAsync(relayer);
        Assert.Equal(Refusal.AnchorChainIsAnother, relayer.Trouble?.Code);

        stub.Endpoints.Remove(other);
        await stub.AddAsync();
        stub.Code = [.. stub.Code, 0];
        (_, relayer) = Reopen();
        await GoAsync(relayer);
        Assert.Equal(Refusal.AnchorContractIsAnother, relayer.Trouble?.Code);

        stub.Code = AnchorArtifact.Anchor.Code;
        stub.Balance = 1;
        await GoAsync(relayer);
        Assert.Equal(Refusal.AnchorOutOfFunds, relayer.Trouble?.Code);
        stub.Balance = UInt128.MaxValue >> 1;
        await FinishAsync(relayer);
        Assert.Equal(world.Size, stub.Anchored.Size);
    }

    [Theory]
    [InlineData(nameof(Manner.Hangs))]
    [InlineData(nameof(Manner.Empty))]
    [InlineData(nameof(Manner.NoJson))]
    [InlineData(nameof(Manner.TooMany))]
    [InlineData(nameof(Manner.Broken))]
    [InlineData(nameof(Manner.OtherId))]
    [InlineData(nameof(Manner.NoResult))]
    [InlineData(nameof(Manner.OtherChain))]
    [InlineData(nameof(Manner.LiesOfReceipts))]
    [InlineData(nameof(Manner.LiesOfAnchors))]
    [InlineData(nameof(Manner.Endless))]
    public async Task One_bad_endpoint_of_three_changes_nothing(string manner)
    {
        foreach (var one in (Manner[])[Enum.Parse<Manner>(manner), Manner.Honest, Manner.Honest]) await stub.AddAsync(one);
        var (store, relayer) = Open(target => target with { TimeoutSeconds = 1 });

        await GoAsync(relayer);
        Assert.Equal(AnchorStep.Broadcast, store.UnderWay("test")?.Step);
        await FinishAsync(relayer);

        Assert.Equal((world.Size, world.Root), stub.Anchored);
        Assert.Single(stub.Mined);
        Assert.Single(stub.Given.Distinct());
    }

    [Fact]
    public async Task Two_endpoints_that_contradict_each_other_let_nothing_be_sent()
    {
        foreach (var one in (Manner[])[Manner.LiesOfAnchors, Manner.Honest]) await stub.AddAsync(one);
        var (_, relayer) = Open();

        await GoAsync(relayer);

        Assert.Equal(Refusal.AnchorNoQuorum, relayer.Trouble?.Code);
        Assert.Empty(stub.Given);
    }

    [Fact]
    public async Task A_chain_without_a_base_fee_takes_transactions_of_the_older_form()
    {
        await stub.AddAsync();
        var (store, relayer) = Open(target => target with { Legacy = true });
        await GoAsync(relayer);
        world.Time.Pass(TimeSpan.FromSeconds(180));
        await GoAsync(relayer);

        Assert.Null(relayer.Trouble);
        Assert.Equal([new EvmFees(2_300_000_000, null), new(2 * StubChain.Gwei, null)], store.Attempts(store.UnderWay("test")!).Select(one => one.Signed.Transaction.Fees));
        await FinishAsync(relayer);
        Assert.Equal(world.Size, stub.Anchored.Size);
    }

    [Fact]
    public async Task What_a_signing_service_changed_is_not_sent()
    {
        await stub.AddAsync();
        var signer = new Tampering(new LocalSigner(world.Paying));
        var (_, relayer) = Open(static target => target, signer);

        await GoAsync(relayer);
        Assert.Equal(Refusal.AnchorNotSigned, relayer.Trouble?.Code);
        Assert.Empty(stub.Given);

        signer.Honest = true;
        await FinishAsync(relayer);
        Assert.Equal(world.Size, stub.Anchored.Size);
    }

    [Fact]
    public void One_process_has_the_store_and_a_damaged_one_is_left_as_it_is()
    {
        using (world.OpenStore()) Assert.Null(AnchorStore.Open(world.Folder));
        var path = Path.Combine(world.Folder, Core.Chain.FolderLayout.Anchors);
        File.WriteAllText(path, "not a file of anchors, but longer than a header of one would be");

        Assert.Null(AnchorStore.Open(world.Folder));
        Assert.StartsWith("not", File.ReadAllText(path), StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        Close();
        await stub.DisposeAsync();
        world.Dispose();
    }

    (AnchorStore Store, AnchorRelayer Relayer) Open(Func<AnchorTarget, AnchorTarget>? with = null, IEvmSigner? signer = null)
    {
        var target = world.Target(StubChain.Id, stub.Endpoints, StubChain.Contract);
        target = with is null ? target : with(target);
        var (chain, store) = (target.Connect(), world.OpenStore());
        opened.AddRange([chain, store]);
        return (store, new(target, chain, signer ?? new LocalSigner(world.Paying), store, world.History, world.WordsAsync, world.Time));
    }

    (AnchorStore Store, AnchorRelayer Relayer) Reopen()
    {
        Close();
        return Open();
    }

    void Close()
    {
        foreach (var one in opened) one.Dispose();
        opened.Clear();
    }

    // A process from its start until it ends or the anchor is final; the chain goes on meanwhile.
    async Task UntilFinalAsync(StubChain chain, string folder, CancellationToken cancel)
    {
        var target = world.Target(StubChain.Id, chain.Endpoints, StubChain.Contract);
        using var connected = target.Connect();
        using var store = AnchorStore.Open(folder) ?? throw new InvalidOperationException("The store cannot be opened.");
        var relayer = new AnchorRelayer(target, connected, new LocalSigner(world.Paying), store, world.History, world.WordsAsync, world.Time);
        try
        {
            while (store.LastFinal("test") is null)
            {
                while (await relayer.StepAsync(cancel)) cancel.ThrowIfCancellationRequested();
                cancel.ThrowIfCancellationRequested();
                chain.Mine();
                chain.Finalized = (ulong)chain.Height;
            }
        }
        catch (OperationCanceledException) when (!Cancel.IsCancellationRequested)
        {
            // The process ended.
        }
    }

    static async Task GoAsync(AnchorRelayer relayer)
    {
        while (await relayer.StepAsync(Cancel))
        {
        }
    }

    // Blocks come until nothing is under way.
    async Task FinishAsync(AnchorRelayer relayer)
    {
        await GoAsync(relayer);
        for (var i = 0; i < 12 && relayer.Standing().Step is not null; i++)
        {
            stub.Mine();
            stub.Finalized = (ulong)stub.Height;
            await GoAsync(relayer);
        }

        Assert.Null(relayer.Standing().Step);
        Assert.Null(relayer.Trouble);
    }

    /// <summary>A signing service that pays itself a little more than it was asked for, until it is honest.</summary>
    sealed class Tampering(LocalSigner key) : IEvmSigner
    {
        public bool Honest { get; set; }

        public EvmAddress Address => key.Address;

        public async Task<Evm.SignedTransaction> SignAsync(EvmTransaction transaction, CancellationToken cancel)
        {
            var signed = await key.SignAsync(Honest ? transaction : transaction with { Gas = transaction.Gas + 1 }, cancel);
            return Evm.SignedTransaction.Read(transaction, Address, signed.Raw.Span.ToArray()) ?? throw new EvmException(EvmFaultKind.Malformed, "another transaction");
        }
    }
}
