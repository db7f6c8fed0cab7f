using Ledger.Core.Chain;
using Ledger.Core.Crypto;
using Ledger.Core.Finality;
using Ledger.Core.Primitives;

namespace Ledger.Client.Mirroring;

/// <summary>How far a mirror has come in what it fetches.</summary>
public readonly record struct MirrorProgress(ulong Done, ulong Total, bool IsOfEntries);

/// <summary>What a look at a node came to.</summary>
public abstract record MirrorLook
{
    private protected MirrorLook()
    {
    }

    /// <summary>The node's history is the copy's, or goes on from it, or is a beginning of it.</summary>
    public sealed record Agrees(Note Shown, ulong Before, Note Held, int FetchedTiles, ulong FetchedEntries) : MirrorLook;

    /// <summary>The node shows a history of which neither begins with the other, and the proof lies in <paramref name="File"/>. <paramref name="IsGood"/>: under the policy of now, both are believed.</summary>
    public sealed record Contradicts(SplitView View, string File, bool IsGood) : MirrorLook;
}

/// <summary>
/// Keeps a copy of a history. It takes a checkpoint only when the policy believes it, when its history goes on from the one that is held, and when every tile of it is here; what it holds it never gives up for another. One caller at a time.
/// </summary>
public sealed class Mirror
{
    readonly MirrorFolder folder;
    readonly CryptoSuite suite;
    readonly TrustPolicy policy;
    readonly TimeProvider time;
    readonly Action<MirrorProgress> tell;

    // Tiles and bundles before these are known to be here.
    readonly Dictionary<int, ulong> whole = [];
    ulong wholeBundles;

    // Whether what is held makes its checkpoint's root; where a file was lost or altered, it is fetched again.
    bool isSound;

    Mirror(MirrorFolder folder, CryptoSuite suite, TrustPolicy policy, TimeProvider time, Action<MirrorProgress> tell, Note? held) =>
        (this.folder, this.suite, this.policy, this.time, this.tell, Held) = (folder, suite, policy, time, tell, held);

    /// <summary>The checkpoint up to which everything is here.</summary>
    public Note? Held { get; private set; }

    /// <summary>Goes on with a copy that was taken, or begins one.</summary>
    /// <exception cref="MirrorException">The checkpoint that lies there cannot be read.</exception>
    public static Mirror Open(MirrorFolder folder, CryptoSuite suite, TrustPolicy policy, TimeProvider time, Action<MirrorProgress> tell)
    {
        var mirror = new Mirror(folder, suite, policy, time, tell, folder.Checkpoint());
        mirror.isSound = mirror.Held is { Checkpoint: var held } && mirror.IsSound(held);
        return mirror;
    }

    /// <summary>Asks a node what it shows, holds that against the copy, and takes what is new. With <paramref name="withEntries"/> also the leaves.</summary>
    /// <exception cref="MirrorException">The node gave nothing that is of use; the copy is what it was, or better.</exception>
    public async Task<MirrorLook> LookAsync(LogSource source, bool withEntries, CancellationToken cancel)
    {
        var shown = await source.CheckpointAsync(cancel);

        // Witnesses are asked once a minute: what they have not seen yet is not what a policy with witnesses believes.
        if (policy.Check(suite, shown).Verdict == TrustVerdict.Untrusted && await source.WitnessedAsync(cancel) is { } witnessed) shown = witnessed;
        Judge(source, shown);
        if (Held is { } before && before.Checkpoint.Origin != shown.Checkpoint.Origin)
        {
            throw new MirrorException(
                MirrorFault.Untrusted, $"节点 {source.Address} 属于另一份账本：{shown.Checkpoint.Origin}，镜像为 {before.Checkpoint.Origin}。",
                $"The node at {source.Address} is of another log: {shown.Checkpoint.Origin}, and the mirror is of {before.Checkpoint.Origin}.");
        }

        var size = Held?.Checkpoint.Size ?? 0;
        var fetched = 0;
        if (Held is { } held && shown.Checkpoint.Size <= size && (isSound || shown.Checkpoint != held.Checkpoint))
        {
            if (AgainstOwn(held, shown) is { } found) return await ContradictAsync(source, found, cancel);
        }
        else
        {
            var tiles = new VerifiedTiles(suite, shown.Checkpoint, folder, source);
            await tiles.NeedAsync(size, cancel);
            if (Held is { } older && size > 0 && tiles.History.RootAt(size) is var root && root != older.Checkpoint.Root)
                return await ContradictAsync(source, new(null, default, older, shown, root, [.. tiles.History.ConsistencyProof(size)]), cancel);
            await TakeAsync(tiles, shown, cancel);
            fetched = tiles.Fetched;
        }

        var entries = withEntries ? await TakeEntriesAsync(source, cancel) : 0;
        return new MirrorLook.Agrees(shown, size, Held ?? shown, fetched, entries);
    }

    void Judge(LogSource source, Note shown)
    {
        switch (policy.Check(suite, shown).Verdict)
        {
            case TrustVerdict.Untrusted:
                throw new MirrorException(
                    MirrorFault.Untrusted, $"节点 {source.Address} 的检查点（{shown.Checkpoint.Size} 叶）缺少信任策略所要求的签名，或属于另一份账本。若验证银行已变更，请换用新的策略。",
                    $"The checkpoint of {shown.Checkpoint.Size} leaves of the node at {source.Address} lacks signatures that the policy asks for, or is of another log. Where the validators changed, use a new policy.");
            case TrustVerdict.BadSignature:
                throw new MirrorException(MirrorFault.Untrusted, $"节点 {source.Address} 的检查点上有签名是假的。", $"A signature on the checkpoint of the node at {source.Address} does not verify.");
            case TrustVerdict.CannotBeChecked:
                throw new MirrorException(
                    MirrorFault.CannotBeChecked, $"无法核验节点 {source.Address} 的检查点：信任策略要求本程序不支持的签名类型。",
                    $"The checkpoint of the node at {source.Address} cannot be checked: the policy asks for signatures of a type that this program does not verify.");
            case TrustVerdict.Trusted:
                break;
        }
    }

    // What was shown is no longer than what is held, so all that it takes is here.
    SplitView? AgainstOwn(Note held, Note shown)
    {
        var (size, own) = (shown.Checkpoint.Size, OwnHistory(held.Checkpoint));
        if (own.RootAt(size) is var root && root == shown.Checkpoint.Root) return null;
        Hash256[] proof = size == held.Checkpoint.Size ? [] : own.ConsistencyProof(size);
        var isSound = size == held.Checkpoint.Size ? root == held.Checkpoint.Root : Proofs.VerifyConsistency(suite, size, held.Checkpoint.Size, proof, root, held.Checkpoint.Root);
        return isSound ? new(null, default, shown, held, root, [.. proof]) : throw Damaged();
    }

    async Task<MirrorLook> ContradictAsync(LogSource source, SplitView found, CancellationToken cancel)
    {
        var view = found with { ShownBy = await source.BankAsync(cancel), At = new(time.GetUtcNow().ToUnixTimeMilliseconds()) };
        return new MirrorLook.Contradicts(view, folder.Keep(view, suite), view.IsGood(suite, policy));
    }

    async Task TakeAsync(VerifiedTiles tiles, Note shown, CancellationToken cancel)
    {
        var size = shown.Checkpoint.Size;
        var total = Enumerable.Range(0, Tile.MaxLevel).Aggregate(0UL, (sum, level) => sum + Tile.Full(size, level));
        var done = 0UL;
        for (var level = Tile.MaxLevel; level >= 0; level--)
        {
            var full = Tile.Full(size, level);
            for (var index = whole.GetValueOrDefault(level); index < full; index++)
            {
                tell(new(++done, total, IsOfEntries: false));
                var tile = new Tile(level, index, Tile.MaxWidth);
                if (index < Tile.Full(Held?.Checkpoint.Size ?? 0, level) && folder.Has(tile)) continue;
                var octets = await tiles.ReadAsync(tile, cancel);
                if (folder.Read(tile)?.AsSpan().SequenceEqual(octets) != true) folder.Write(tile, octets);
            }
        }

        foreach (var tile in Tile.Edge(size)) folder.Write(tile, await tiles.ReadAsync(tile, cancel));

        // Only now is all of it here, and stays whatever happens.
        folder.Write(shown);
        (Held, isSound) = (shown, true);
        for (var level = 0; level <= Tile.MaxLevel; level++)
        {
            for (var index = whole.GetValueOrDefault(level); index < Tile.Full(size, level); index++) folder.DropPartials(new(level, index, Tile.MaxWidth));
            whole[level] = Tile.Full(size, level);
        }
    }

    async Task<ulong> TakeEntriesAsync(LogSource source, CancellationToken cancel)
    {
        if (Held is not { Checkpoint.Size: var size }) return 0;
        var fetched = 0UL;
        for (var index = wholeBundles; Tile.Of(size, 0, index) is { } tile; index++)
        {
            tell(new(index * Tile.MaxWidth, size, IsOfEntries: true));
            if (!folder.HasBundle(tile))
            {
                var octets = await source.BundleAsync(tile, cancel) ?? throw new MirrorException(
                    MirrorFault.NoAnswer, $"节点 {source.Address} 没有 {MirrorFolder.BundleNameOf(tile)}。", $"The node at {source.Address} does not have {MirrorFolder.BundleNameOf(tile)}.");
                if (!IsOf(octets, tile))
                {
                    throw new MirrorException(
                        MirrorFault.False, $"节点 {source.Address} 的 {MirrorFolder.BundleNameOf(tile)} 不是该历史的叶子。", $"{MirrorFolder.BundleNameOf(tile)} of the node at {source.Address} has other leaves than the history.");
                }

                folder.WriteBundle(tile, octets);
                fetched += (ulong)tile.Width;
            }

            if (tile.Width < Tile.MaxWidth) continue;
            folder.DropPartials(tile);
            wholeBundles = index + 1;
        }

        return fetched;
    }

    // Whether every tile is there, and the last ones make the root. What is in the others is for who verifies the copy.
    bool IsSound(Checkpoint held)
    {
        for (var level = 0; level <= Tile.MaxLevel; level++)
        {
            for (var index = 0UL; Tile.Of(held.Size, level, index) is { } tile; index++)
            {
                if (!folder.Has(tile)) return false;
            }
        }

        return OwnHistory(held).Root() == held.Root;
    }

    bool IsOf(byte[] octets, Tile tile) => MirrorAudit.IsBundleOf(suite, octets, folder.Read(tile) ?? throw Damaged(), tile.Width);

    TiledHistory OwnHistory(Checkpoint held) => new(suite, held.Size, tile => folder.Read(tile) ?? throw Damaged());

    MirrorException Damaged() => new(
        MirrorFault.Folder, $"镜像 {folder.Path} 已损坏：其瓦片不能得出其检查点的根（ledger verify mirror 会指出文件）。", $"The mirror in {folder.Path} is damaged: its tiles do not make the root of its checkpoint (ledger verify mirror names the file).");
}
