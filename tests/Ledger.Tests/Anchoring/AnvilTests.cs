using Ledger.Core.Primitives;
using Ledger.Evm;
using Ledger.Node.Anchoring;

namespace Ledger.Tests.Anchoring;

/// <summary>The relayer and the contract that is committed, on a real chain.</summary>
public sealed class AnvilTests : IAsyncLifetime
{
    readonly AnchoredWorld world = new();
    AnvilChain anvil = null!;
    EvmAddress contract;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        anvil = await AnvilChain.StartAsync();
        try
        {
            await anvil.PayAsync(LocalSigner.AddressOf(world.Paying));
            using var chain = Connect();
            contract = await chain.CreatedAsync(await SendAsync(chain, null, AnchorArtifact.Anchor.Creation), Cancel);
            await SendAsync(chain, contract, AnchorContract.Open(world.Signers));
        }
        catch
        {
            // What has not begun is not ended by whoever runs the tests.
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (anvil is not null) await anvil.DisposeAsync();
        world.Dispose();
    }

    [Fact]
    public async Task A_ledger_is_anchored_step_by_step_by_processes_that_end_after_each_of_them()
    {
        world.Grow(1_000);
        foreach (var growth in (int[])[0, 1, 700])
        {
            world.Grow(growth);
            world.Time.Pass(TimeSpan.FromHours(1));
            var before = await CountAsync();
            for (var i = 0; i < 14; i++)
            {
                await StepAsync();
                if (i >= 6) await anvil.MineAsync();
            }

            Assert.Equal(before + 1, await CountAsync());
            Assert.Equal((world.Size, world.Root), await AnchoredAsync());
        }
    }

    [Fact]
    public async Task A_reorganization_loses_an_anchor_and_the_same_octets_bring_it_back()
    {
        using var store = world.OpenStore();
        using var chain = Connect();
        var relayer = Relayer(store, chain);
        await GoAsync(relayer);
        await anvil.MineAsync();
        await GoAsync(relayer);
        var mined = store.UnderWay("test")?.Mined;
        Assert.NotNull(mined);

        await anvil.DoAsync("anvil_reorg", 1, new System.Text.Json.Nodes.JsonArray());
        await GoAsync(relayer);
        Assert.Equal(AnchorStep.Broadcast, store.UnderWay("test")?.Step);
        Assert.Equal(0UL, (await AnchoredAsync()).Size);
        await FinishAsync(relayer, store);

        Assert.Equal((world.Size, world.Root), await AnchoredAsync());
        Assert.Equal(mined.Transaction, store.LastFinal("test")?.Mined?.Transaction);
    }

    [Fact]
    public async Task A_dropped_transaction_and_a_spike_of_the_base_fee_end_in_one_anchor()
    {
        using var store = world.OpenStore();
        using var chain = Connect();
        var relayer = Relayer(store, chain);
        await GoAsync(relayer);
        var first = store.Attempts(store.UnderWay("test")!)[0];

        await anvil.DoAsync("anvil_dropTransaction", $"0x{first.Signed.Hash}");
        await GoAsync(relayer);
        Assert.True(await chain.IsKnownAsync(first.Signed.Hash, Cancel));

        await anvil.DoAsync("anvil_setNextBlockBaseFeePerGas", "0x174876e800");
        await anvil.MineAsync();
        await GoAsync(relayer);
        Assert.Equal(2, store.Attempts(store.UnderWay("test")!).Count);
        await FinishAsync(relayer, store);

        Assert.Equal((world.Size, world.Root), await AnchoredAsync());
        Assert.NotEqual(first.Signed.Hash, store.LastFinal("test")?.Mined?.Transaction);
    }

    [Fact]
    public async Task A_rewritten_history_is_refused_by_the_contract_and_by_whoever_holds_it_against_the_logs()
    {
        var since = world.Size;
        using (var store = world.OpenStore())
        using (var chain = Connect()) await FinishAsync(Relayer(store, chain), store);
        using var asked = Connect();
        var target = world.Target(AnvilChain.Id, anvil.Endpoints, contract);
        var history = world.History;
        var good = await AnchorAudit.RunAsync(target, asked, history.RootAt, Cancel);
        Assert.True(good.IsTrue);
        Assert.Equal(since, good.Last?.Anchor.Size);
        Assert.NotEqual(0UL, good.Last?.Seconds);

        world.Rewrite(1);
        var bad = await AnchorAudit.RunAsync(target, asked, history.RootAt, Cancel);
        Assert.Equal(since, bad.False?.Size);

        // All banks sign it, and still it does not go on from what is anchored.
        world.Grow(4);
        var note = history.Newest();
        var call = AnchorContract.Anchor(world.Id, since, note.Checkpoint, history.Proof(since, note), world.Signers.SignaturesUnder(note, history.Suite)!.Value);
        var head = await asked.HeadAsync(Cancel);
        var refused = await Assert.ThrowsAsync<EvmException>(() => asked.CallAsync(null, contract, call, head.Number, Cancel));
        Assert.Equal("ProofIsFalse", AnchorArtifact.Anchor.ErrorOf(refused.Reason));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Banks_that_changed_give_the_contract_their_set_by_the_words_of_the_former_and_anchors_go_on(bool endsAfterEachStep)
    {
        using (var store = world.OpenStore())
        using (var chain = Connect()) await FinishAsync(Relayer(store, chain), store);

        // Of three who sign from now on the contract knows two.
        world.Replace(0);
        world.Grow(5);
        world.Time.Pass(TimeSpan.FromHours(1));
        for (var i = 0; i < 30 && (await AnchoredAsync()).Size < world.Size; i++)
        {
            await StepsAsync(endsAfterEachStep ? 1 : 5);
            if (i % 3 == 2) await anvil.MineAsync();
        }

        Assert.Equal((world.Size, world.Root), await AnchoredAsync());
        using var asked = Connect();
        await asked.ConfirmAsync(Cancel);
        var ledger = await new AnchorContract(asked, contract).LedgerAsync(world.Id, (await asked.HeadAsync(Cancel)).Number, Cancel);
        Assert.Equal((2U, world.Voting), (ledger?.SetNumber ?? 0, ledger?.Signers));

        // The contract, its opening, two anchors and the rotation: nothing went twice.
        Assert.Equal(5UL, await asked.NonceAsync(LocalSigner.AddressOf(world.Paying), (await asked.HeadAsync(Cancel)).Number, Cancel));
    }

    [Fact]
    public async Task A_rotation_that_fewer_of_the_former_set_signed_the_contract_refuses()
    {
        using var chain = Connect();
        await chain.ConfirmAsync(Cancel);
        world.Replace(0);
        var rotation = new AnchorRotation(AnvilChain.Id, contract, world.Id, 2, world.Voting);
        var head = await chain.HeadAsync(Cancel);
        var good = rotation.SignedBy(world.Signers, world.History.Suite, await world.WordsAsync(rotation, Cancel))!.Value;
        await chain.CallAsync(null, contract, AnchorContract.Rotate(world.Id, rotation.Next, good), head.Number, Cancel);

        // Every line is signed: no word for another chain, contract, ledger, number or set counts for this one.
        AnchorRotation[] others = [rotation with { Chain = 1 }, rotation with { Contract = default }, rotation with { Ledger = default }, rotation with { Number = 3 }, rotation with { Next = world.Signers }];
        foreach (var other in others)
        {
            var signed = other.SignedBy(world.Signers, world.History.Suite, await world.WordsAsync(other, Cancel))!.Value;
            await Assert.ThrowsAsync<EvmException>(() => chain.CallAsync(null, contract, AnchorContract.Rotate(world.Id, rotation.Next, signed), head.Number, Cancel));
            Assert.Null(rotation.SignedBy(world.Signers, world.History.Suite, await world.WordsAsync(other, Cancel)));
        }
    }

    [Fact]
    public async Task What_the_contract_keeps_is_read_as_it_is_and_a_ledger_that_is_not_open_is_none()
    {
        using var chain = Connect();
        await chain.ConfirmAsync(Cancel);
        var (anchors, head) = (new AnchorContract(chain, contract), await chain.HeadAsync(Cancel));

        Assert.True(await anchors.IsPinnedAsync(head.Number, Cancel));
        Assert.Equal(new(0, default, 1, false, world.Signers), await anchors.LedgerAsync(world.Id, head.Number, Cancel));
        Assert.Null(await anchors.LedgerAsync(default, head.Number, Cancel));
    }

    EvmChain Connect() => world.Target(AnvilChain.Id, anvil.Endpoints, contract).Connect();

    AnchorRelayer Relayer(AnchorStore store, EvmChain chain) => new(world.Target(AnvilChain.Id, anvil.Endpoints, contract), chain, new LocalSigner(world.Paying), store, world.History, world.WordsAsync, world.Time);

    Task StepAsync() => StepsAsync(1);

    // Of one process, which then ends.
    async Task StepsAsync(int steps)
    {
        using var store = world.OpenStore();
        using var chain = Connect();
        var relayer = Relayer(store, chain);
        for (var i = 0; i < steps; i++) await relayer.StepAsync(Cancel);
    }

    static async Task GoAsync(AnchorRelayer relayer)
    {
        while (await relayer.StepAsync(Cancel))
        {
        }
    }

    async Task FinishAsync(AnchorRelayer relayer, AnchorStore store)
    {
        for (var i = 0; i < 12 && store.LastFinal("test") is null; i++)
        {
            await GoAsync(relayer);
            await anvil.MineAsync();
        }

        Assert.NotNull(store.LastFinal("test"));
        Assert.Null(relayer.Trouble);
    }

    async Task<(ulong Size, Hash256 Root)> AnchoredAsync()
    {
        using var chain = Connect();
        await chain.ConfirmAsync(Cancel);
        var head = await chain.HeadAsync(Cancel);
        return await new AnchorContract(chain, contract).LedgerAsync(world.Id, head.Number, Cancel) is { } ledger ? (ledger.Size, ledger.Root) : default;
    }

    async Task<ulong> CountAsync()
    {
        using var chain = Connect();
        await chain.ConfirmAsync(Cancel);
        return await chain.NonceAsync(LocalSigner.AddressOf(world.Paying), (await chain.HeadAsync(Cancel)).Number, Cancel);
    }

    async Task<Hash256> SendAsync(EvmChain chain, EvmAddress? to, byte[] data)
    {
        var sending = EvmSending.SendAsync(chain, new LocalSigner(world.Paying), to, data, 100 * AnchorTarget.Gwei, static _ => { }, TimeProvider.System, Cancel);
        while (!sending.IsCompleted) await anvil.MineAsync();
        var (signed, receipt) = await sending;
        Assert.True(receipt.Succeeded);
        return signed.Hash;
    }
}
