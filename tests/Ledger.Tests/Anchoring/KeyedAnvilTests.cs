using Ledger.Core.Crypto;
using Ledger.Core.State;
using Ledger.Evm;
using Ledger.Node.Anchoring;
using Ledger.Suites;

namespace Ledger.Tests.Anchoring;

/// <summary>Ledgers whose keys no contract verifies, anchored by their banks' words on a real chain: under SM2, and under ES256 where a chain does not verify P-256.</summary>
public sealed class KeyedAnvilTests : IAsyncDisposable
{
    readonly List<IDisposable> opened = [];
    KeyedWorld world = null!;
    AnvilChain anvil = null!;
    EvmAddress contract;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var one in opened) one.Dispose();
        if (anvil is not null) await anvil.DisposeAsync();
        world?.Dispose();
    }

    [Fact]
    public async Task A_ledger_under_SM2_is_anchored_by_the_words_of_a_quorum_though_one_bank_is_silent()
    {
        await OpenAsync(KnownSuites.Sm2, AnchorArtifact.UnprovenAnchor);
        world.Says[1] = KeyedWorld.Silent;
        var (store, relayer) = Relayer();
        foreach (var growth in (int[])[0, 700])
        {
            world.Ledger.Grow(growth);
            world.Ledger.Time.Pass(TimeSpan.FromHours(1));
            await FinishAsync(relayer, store);
            Assert.Equal((world.Ledger.Size, world.Ledger.Root), await AnchoredAsync());
        }

        Assert.Equal(AnchorArtifact.UnprovenAnchor, relayer.Standing().Artifact);
        Assert.Equal(4UL, await CountAsync());

        // Whoever looks reads which keys signed, and the silent bank's is not among them.
        using var asked = Connect();
        var found = await AnchorAudit.RunAsync(Target, asked, world.History.RootAt, Cancel);
        Assert.Equal((true, 2, 1), (found.IsTrue, found.Anchors.Count, found.Sets.Count));
        var signers = found.SignersOf(found.Anchors[0]).Select(key => AnnouncedSet.BankOf(EvmAddress.Read(key.Span), world.Announcements, world.Validators, world.Suite, AnchoredWorld.Origin));
        Assert.Equal([KeyedWorld.Banks[0], KeyedWorld.Banks[2], KeyedWorld.Banks[3]], signers.OfType<Core.Primitives.PartyId>().Order());
    }

    public static TheoryData<string, AnchorWordFault> Lies => new()
    {
        { nameof(KeyedWorld.OfAForeignKey), AnchorWordFault.ForeignKey },
        { nameof(KeyedWorld.OfAnotherRoot), AnchorWordFault.FalseSignature },
        { nameof(KeyedWorld.OfAHighS), AnchorWordFault.HighS },
    };

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task A_bank_that_lies_is_named_and_nothing_is_sent_before_a_quorum_has_spoken(string lie, AnchorWordFault fault)
    {
        await OpenAsync(KnownSuites.Sm2, AnchorArtifact.UnprovenAnchor);
        world.Says[2] = typeof(KeyedWorld).GetMethod(lie)!.CreateDelegate<Func<AnchorAsk, Client.Signing.EvmKey, byte[]?>>();
        world.Says[3] = KeyedWorld.Silent;
        var (store, relayer) = Relayer();

        for (var turn = 0; turn < 3; turn++)
        {
            await GoAsync(relayer);
            world.Ledger.Grow(1);
        }

        Assert.Equal((Refusal.AnchorWordsMissing, $"3: 2/3; {KeyedWorld.Banks[2]}: {fault}; {KeyedWorld.Banks[3]}: Silent"), (relayer.Trouble?.Code, relayer.Trouble?.Words));
        Assert.Equal(2UL, await CountAsync());
        Assert.Equal(0UL, (await AnchoredAsync()).Size);

        // The same checkpoint is asked for again, though the ledger has grown: what one bank has not yet, it has soon.
        Assert.Equal([3UL], world.Asked.Select(static ask => ask.Size ?? 0).Distinct());
        world.Says[3] = KeyedWorld.Honest;
        await FinishAsync(relayer, store);
        Assert.Equal(3UL, (await AnchoredAsync()).Size);
        Assert.Equal(3UL, await CountAsync());
    }

    [Fact]
    public async Task The_contract_itself_refuses_what_too_few_said_and_what_one_of_them_did_not_say()
    {
        await OpenAsync(KnownSuites.Sm2, AnchorArtifact.UnprovenAnchor);
        using var chain = Connect();
        await chain.ConfirmAsync(Cancel);
        var head = (await chain.HeadAsync(Cancel)).Number;
        var checkpoint = world.History.Newest().Checkpoint;
        var words = AnchorWords.Gather(new("", checkpoint.Size, world.Opened, new(checkpoint.SignedBytes())), await world.GatherAsync(new("", checkpoint.Size, world.Opened, new(checkpoint.SignedBytes())), Cancel));
        var (signers, signatures) = words.Signed!.Value;

        await chain.CallAsync(null, contract, AnchorContract.Anchor(world.Opened.Hash(), 0, checkpoint, [], (signers, signatures)), head, Cancel);
        Assert.Equal("QuorumIsShort", await WhyAsync(checkpoint, signers & (signers - 1), signatures[64..]));
        Assert.Equal("SignatureIsFalse", await WhyAsync(checkpoint with { Size = 4 }, signers, signatures));
        Assert.Equal("SignatureIsFalse", await WhyAsync(checkpoint, signers, [.. signatures[64..], .. signatures[..64]]));

        async Task<string?> WhyAsync(Core.Chain.Checkpoint said, ulong by, byte[] octets) => AnchorArtifact.UnprovenAnchor.ErrorOf((await Assert.ThrowsAsync<EvmException>(() =>
            chain.CallAsync(null, contract, AnchorContract.Anchor(world.Opened.Hash(), 0, said, [], (by, octets)), head, Cancel))).Reason);
    }

    [Fact]
    public async Task An_anchor_key_that_was_changed_and_a_bank_that_came_take_their_places_by_the_words_of_the_former_set()
    {
        await OpenAsync(KnownSuites.Sm2, AnchorArtifact.UnprovenAnchor);
        var (store, relayer) = Relayer();
        await FinishAsync(relayer, store);

        world.Change(0, number: 2);
        await UntilAsync(relayer, async () => (await LedgerAsync())?.SetNumber == 2);
        Assert.Equal(world.Announced().Set, (await LedgerAsync())?.Signers);

        // What the former node key announced counts no more, so that the set waits; the anchors do not.
        world.Ledger.Replace(1);
        world.Ledger.Grow(5);
        world.Ledger.Time.Pass(TimeSpan.FromHours(1));
        await UntilAsync(relayer, async () => (await AnchoredAsync()).Size == world.Ledger.Size && store.UnderWay("test") is null);
        Assert.Equal(2U, (await LedgerAsync())?.SetNumber);
        Assert.Null(relayer.Due);
        Assert.Equal((Refusal.AnchorKeyNotAnnounced, KeyedWorld.Banks[1].Text), (relayer.Trouble?.Code, relayer.Trouble?.Words));

        world.Change(1, number: 1 + 1);
        await UntilAsync(relayer, async () => (await LedgerAsync())?.SetNumber == 3);
        world.Ledger.Grow(5);
        world.Ledger.Time.Pass(TimeSpan.FromHours(1));
        await UntilAsync(relayer, async () => (await AnchoredAsync()).Size == world.Ledger.Size);
        Assert.Equal(world.Announced().Set, (await LedgerAsync())?.Signers);

        // The contract, its opening, three anchors and two rotations: nothing went twice.
        Assert.Equal(7UL, await CountAsync());
    }

    [Fact]
    public async Task A_chain_that_does_not_verify_P256_takes_words_and_proves_the_history_all_the_same()
    {
        await StartAsync(KnownSuites.P256, "prague");
        using (var chain = Connect())
        {
            await chain.ConfirmAsync(Cancel);
            Assert.False(await AnchorContract.VerifiesP256Async(chain, (await chain.HeadAsync(Cancel)).Number, Cancel));
            var refused = await Assert.ThrowsAsync<EvmException>(() => chain.CallAsync(null, null, AnchorArtifact.Anchor.Creation, 0, Cancel));
            Assert.Equal("P256VerifyIsMissing", AnchorArtifact.Anchor.ErrorOf(refused.Reason));
        }

        await OpenAsync(AnchorArtifact.For(P256Suite.SuiteName, verifiesP256: false));
        var (store, relayer) = Relayer();
        await FinishAsync(relayer, store);
        world.Ledger.Grow(9);
        world.Ledger.Time.Pass(TimeSpan.FromHours(1));
        await FinishAsync(relayer, store);
        Assert.Equal((world.Ledger.Size, world.Ledger.Root), await AnchoredAsync());
        Assert.Equal(AnchorArtifact.RecoveringAnchor, relayer.Artifact);

        // All banks say it, and still it does not go on from what is anchored.
        var since = world.Ledger.Size;
        world.Ledger.Rewrite(1);
        world.Ledger.Grow(4);
        using var asked = Connect();
        await asked.ConfirmAsync(Cancel);
        var note = world.History.Newest();
        var ask = new AnchorAsk("", note.Checkpoint.Size, world.Opened, new(note.Checkpoint.SignedBytes()));
        var words = AnchorWords.Gather(ask, await world.GatherAsync(ask, Cancel)).Signed!.Value;
        var head = (await asked.HeadAsync(Cancel)).Number;
        var false_ = await Assert.ThrowsAsync<EvmException>(() =>
            asked.CallAsync(null, contract, AnchorContract.Anchor(world.Opened.Hash(), since, note.Checkpoint, world.History.Proof(since, note), words), head, Cancel));
        Assert.Equal("ProofIsFalse", AnchorArtifact.RecoveringAnchor.ErrorOf(false_.Reason));
    }

    [Fact]
    public async Task A_bank_gives_its_word_for_what_is_final_on_its_own_ledger_and_for_nothing_behind_a_history_that_is_not_its_own()
    {
        await OpenAsync(KnownSuites.Sm2, AnchorArtifact.UnprovenAnchor);
        var (store, relayer) = Relayer();
        var size = world.Ledger.Size;
        Assert.Null(relayer.WordOnCheckpoint(size));
        await GoAsync(relayer);

        Assert.Equal(world.History.Newest().Checkpoint.SignedBytes(), relayer.WordOnCheckpoint(size)?.Text);
        Assert.Equal(world.Opened, relayer.WordOnCheckpoint(size)?.Set);
        Assert.Null(relayer.WordOnCheckpoint(size + 1));
        Assert.Null(relayer.WordOnCheckpoint(0));
        Assert.Null(relayer.WordOnRotation());
        await FinishAsync(relayer, store);
        Assert.Null(relayer.WordOnCheckpoint(size));

        world.Ledger.Rewrite(1);
        world.Ledger.Grow(1);
        await GoAsync(relayer);
        Assert.Equal(Refusal.AnchorContradicts, relayer.Trouble?.Code);
        Assert.Null(relayer.WordOnCheckpoint(size + 1));
    }

    [Fact]
    public async Task A_contract_that_proves_less_than_could_be_proved_is_not_taken()
    {
        await OpenAsync(KnownSuites.P256, AnchorArtifact.UnprovenAnchor);
        var (_, relayer) = Relayer();
        await GoAsync(relayer);

        Assert.Equal(Refusal.AnchorContractIsAnother, relayer.Trouble?.Code);
        Assert.Equal(2UL, await CountAsync());
    }

    AnchorTarget Target => world.Target(AnvilChain.Id, anvil.Endpoints, contract);

    EvmChain Connect() => Target.Connect();

    async Task StartAsync(CryptoSuite suite, string hardfork)
    {
        world = new(suite);
        anvil = await AnvilChain.StartAsync(hardfork);
        await anvil.PayAsync(LocalSigner.AddressOf(world.Ledger.Paying));
    }

    async Task OpenAsync(CryptoSuite suite, AnchorArtifact artifact)
    {
        await StartAsync(suite, "osaka");
        await OpenAsync(artifact);
    }

    async Task OpenAsync(AnchorArtifact artifact)
    {
        using var chain = Connect();
        contract = await chain.CreatedAsync(await SendAsync(chain, null, artifact.Creation), Cancel);
        await SendAsync(chain, contract, AnchorContract.Open(world.Opened));
    }

    (AnchorStore Store, AnchorRelayer Relayer) Relayer()
    {
        var (store, chain) = (world.Ledger.OpenStore(), Connect());
        opened.AddRange([store, chain]);
        return (store, new(Target, chain, new LocalSigner(world.Ledger.Paying), store, world.History, world.Ledger.WordsAsync, world.Ledger.Time) { Gather = world.GatherAsync });
    }

    static async Task GoAsync(AnchorRelayer relayer)
    {
        while (await relayer.StepAsync(Cancel))
        {
        }
    }

    async Task FinishAsync(AnchorRelayer relayer, AnchorStore store)
    {
        var before = store.LastFinal("test")?.Number;
        await UntilAsync(relayer, () => Task.FromResult(store.LastFinal("test")?.Number != before));
        Assert.Null(relayer.Trouble);
    }

    async Task UntilAsync(AnchorRelayer relayer, Func<Task<bool>> isDone)
    {
        for (var turn = 0; turn < 24 && !await isDone(); turn++)
        {
            await GoAsync(relayer);
            await anvil.MineAsync();
        }

        Assert.True(await isDone(), relayer.Trouble?.English);
    }

    async Task<AnchoredLedger?> LedgerAsync()
    {
        using var chain = Connect();
        await chain.ConfirmAsync(Cancel);
        var head = (await chain.HeadAsync(Cancel)).Number;
        return await AnchorContract.FindAsync(chain, contract, head, Cancel) is { } found ? await found.LedgerAsync(world.Opened.Hash(), head, Cancel) : null;
    }

    async Task<(ulong Size, Core.Primitives.Hash256 Root)> AnchoredAsync() => await LedgerAsync() is { } ledger ? (ledger.Size, ledger.Root) : default;

    async Task<ulong> CountAsync()
    {
        using var chain = Connect();
        await chain.ConfirmAsync(Cancel);
        return await chain.NonceAsync(LocalSigner.AddressOf(world.Ledger.Paying), (await chain.HeadAsync(Cancel)).Number, Cancel);
    }

    async Task<Core.Primitives.Hash256> SendAsync(EvmChain chain, EvmAddress? to, byte[] data)
    {
        var sending = EvmSending.SendAsync(chain, new LocalSigner(world.Ledger.Paying), to, data, 100 * AnchorTarget.Gwei, static _ => { }, TimeProvider.System, Cancel);
        while (!sending.IsCompleted) await anvil.MineAsync();
        var (signed, receipt) = await sending;
        Assert.True(receipt.Succeeded);
        return signed.Hash;
    }
}
