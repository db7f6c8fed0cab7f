using System.Collections.Concurrent;
using System.Globalization;
using Ledger.Client.Files;
using Ledger.Evm;
using Ledger.Node.Anchoring;
using Ledger.Node.Peers;

namespace Ledger.Node;

/// <summary>The anchoring of a running node: a relayer for each chain of its file, each going its own pace. Whatever becomes of it, the ledger goes on.</summary>
sealed class NodeAnchors : IDisposable
{
    const int MaxFile = 1024 * 1024;

    static readonly TimeSpan Pace = TimeSpan.FromSeconds(5);

    readonly AnchorStore store;
    readonly NodeKeys keys;
    readonly IReadOnlyList<IPeer> peers;
    readonly List<(AnchorTarget Target, EvmChain Chain, AnchorRelayer Relayer)> relayers = [];
    readonly List<IDisposable> opened = [];
    readonly ConcurrentDictionary<string, AnchorStanding> standings = new(StringComparer.Ordinal);

    NodeAnchors(AnchorStore store, NodeKeys keys, IReadOnlyList<IPeer> peers) => (this.store, this.keys, this.peers) = (store, keys, peers);

    /// <summary>How it stands on every chain that has been asked, by name.</summary>
    public IReadOnlyList<AnchorStanding> Standings => [.. standings.Values.OrderBy(static one => one.Name, StringComparer.Ordinal)];

    /// <summary>Null, said why, where the file, a key or the store cannot be used: nothing about anchors keeps a node from running.</summary>
    public static NodeAnchors? Open(string path, LedgerReader ledger, string data, NodeKeys keys, IReadOnlyList<IPeer> peers, TimeProvider time, Action<string> say)
    {
        NodeAnchors? No(string why)
        {
            say($"anchors: {why}. Nothing is anchored. 未启用锚定。");
            return null;
        }

        AnchorFile? file;
        try
        {
            if (!AnchorFile.TryRead(BoundedFile.Read(path, MaxFile), out file, out var problem)) return No($"{path}: {problem}");
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            return No(unread.Message);
        }

        if (file.Anchors.FirstOrDefault(one => one.KeyFile is { } name && !keys.Paying.ContainsKey(name)) is { } keyless) return No($"{keyless.Name}: {keyless.KeyFile} is not beside the genesis file, or does not open");
        if (AnchorStore.Open(data) is not { } store) return No($"{Core.Chain.FolderLayout.Anchors} is damaged, cannot be read, or is another process's");
        var anchors = new NodeAnchors(store, keys, peers);
        foreach (var target in file.Anchors)
        {
            var chain = target.Connect();
            anchors.relayers.Add((target, chain, new(target, chain, anchors.SignerOf(target), store, AnchoredHistory.Of(ledger, file.Announcements), anchors.WordsAsync, time) { Gather = anchors.GatherAsync }));
        }

        return anchors;
    }

    /// <summary>Anchors until cancelled.</summary>
    public Task RunAsync(TimeProvider time, Action<string> say, CancellationToken cancel) => Task.WhenAll(relayers.Select(one => RunAsync(one.Target.Name, one.Relayer, time, say, cancel)));

    /// <summary>
    /// This bank's words for the rotation of a contract that its own ledger and its own endpoints make due, under every key that it holds, or, where a size is named, for the checkpoint of that size that is final
    /// on its own ledger; null where it gives none. Whoever asks names the contract and a size, and nothing of what is signed.
    /// </summary>
    public byte[]? WordsOn(string anchor, ulong? size)
    {
        if (relayers.Select(static one => one.Relayer).FirstOrDefault(one => one.Anchor == anchor) is not { } relayer) return null;
        if (relayer.Artifact is not { TakesWords: true }) return size is null && relayer.Due is { } due ? [.. OwnWords(due).SelectMany(static word => word.Write())] : null;
        return (size is { } named ? relayer.WordOnCheckpoint(named) : relayer.WordOnRotation()) is var (text, set) && OwnWords(set, text) is { Length: > 0 } words ? words : null;
    }

    public void Dispose()
    {
        foreach (var (_, chain, _) in relayers) chain.Dispose();
        foreach (var one in opened) one.Dispose();
        store.Dispose();
    }

    // As peers are asked for it.
    static string NameOf(AnchorRotation rotation) => string.Create(CultureInfo.InvariantCulture, $"{rotation.Chain}/{rotation.Contract}/{rotation.Ledger}");

    // A key that is not in the set says nothing.
    byte[] OwnWords(SignerSet set, byte[] text) =>
        [.. keys.Anchoring.Where(key => set.Keys.Contains(new(LocalSigner.AddressOf(key).ToBytes()))).Take(AnchorWords.MostOfABank).SelectMany(key => AnchorWord.Of(key, text).Write())];

    // This bank's own word, and what its peers say to the same question.
    async Task<IReadOnlyList<GivenWords>> GatherAsync(AnchorAsk ask, CancellationToken cancel)
    {
        var given = peers.Select(async peer => new GivenWords(peer.Bank, await AskAsync(peer, ask, cancel) is { Length: > 0 } octets ? new(octets) : null));
        return [new(keys.Node.Bank, new(OwnWords(ask.Set, ask.Text.Memory.ToArray()))), .. await Task.WhenAll(given)];
    }

    static Task<ReadOnlyMemory<byte>> AskAsync(IPeer peer, AnchorAsk ask, CancellationToken cancel) =>
        AskAsync(ask.Size is { } size ? peer.CheckpointWordAsync(ask.Anchor, size, cancel) : peer.RotationAsync(ask.Anchor, cancel));

    // Of a key that has signed nothing the former set knows nothing.
    IEnumerable<RotationWord> OwnWords(AnchorRotation rotation)
    {
        var text = rotation.SignedBytes();
        for (var key = keys.Node; key is not null; key = key.Other)
        {
            if (!key.IsUnused) yield return RotationWord.Of(key.PublicKey, key.Sign(text));
        }
    }

    async Task<IReadOnlyCollection<RotationWord>> WordsAsync(AnchorRotation rotation, CancellationToken cancel)
    {
        var given = await Task.WhenAll(peers.Select(peer => AskAsync(peer.RotationAsync(NameOf(rotation), cancel))));
        return [.. OwnWords(rotation), .. given.SelectMany(static octets => octets.ToArray().Chunk(RotationWord.Size)).Select(static octets => RotationWord.TryRead(octets, out var word) ? word : null).OfType<RotationWord>()];
    }

    // Who is not reached, or does not know of it, gives none.
    static async Task<ReadOnlyMemory<byte>> AskAsync(Task<ReadOnlyMemory<byte>?> asked)
    {
        try
        {
            return await asked ?? default;
        }
        catch (PeerException)
        {
            return default;
        }
    }

    IEvmSigner SignerOf(AnchorTarget target)
    {
        if (target.KeyFile is { } name) return new LocalSigner(keys.Paying[name]);
        if (target.Signer is not { } address || !EvmAddress.TryParse(target.Account ?? "", out var account)) throw new System.Diagnostics.UnreachableException("The file was checked.");
        var service = new EvmEndpoint(new(address), TimeSpan.FromSeconds(target.TimeoutSeconds));
        opened.Add(service);
        return new RemoteSigner(service, account);
    }

    async Task RunAsync(string name, AnchorRelayer relayer, TimeProvider time, Action<string> say, CancellationToken cancel)
    {
        Core.State.Refusal? told = null;
        try
        {
            while (true)
            {
                var goesOn = await relayer.StepAsync(cancel);
                standings[name] = relayer.Standing();
                if (relayer.Trouble?.Code != told)
                {
                    told = relayer.Trouble?.Code;
                    say(relayer.Trouble is { } trouble ? $"anchor {name}: {trouble.English} {trouble.Chinese} ({(ushort)trouble.Code})" : $"anchor {name}: goes on 恢复");
                }

                if (!goesOn) await Task.Delay(Pace, time, cancel);
            }
        }
        catch (Exception bug) when (bug is not OperationCanceledException)
        {
            // A mistake in anchoring, or a disk that is full, is no reason to stop a ledger.
            say($"anchor {name}: {bug.Message} Nothing is anchored there until the node is started again. 锚定故障，重启节点前不再锚定。");
        }
    }
}
