using System.Diagnostics.CodeAnalysis;
using Ledger.Core.Chain;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Finality;

public enum VoteKind : byte
{
    /// <summary>The bank has the block durably, and signs no other of its size in this epoch.</summary>
    Prepare = 1,

    /// <summary>The bank knows that a quorum prepared the block: it signs the checkpoint that everybody will be shown.</summary>
    Commit = 2,
}

/// <summary>What a vote says of one block, with the signature that counts by itself: under the prepare, or under the checkpoint's text as in its note.</summary>
public readonly record struct VoteLine(VoteKind Kind, ulong Size, Hash256 Root, ByteString Signature);

/// <summary>
/// All that a bank has said about blocks of an epoch that are not final to it, signed as a whole: the epoch of a commit stands nowhere else. Votes of one bank are
/// numbered, and the newest is enough.
/// </summary>
public sealed record Vote(
    Hash256 ChainId, uint Epoch, PartyId Bank, ulong Sequence, Timestamp Clock, ulong DurableHeight, ValueList<VoteLine> Lines, ByteString Signature)
{
    /// <summary>As many blocks may wait for their finality.</summary>
    public const int MaxBlocks = 64;

    /// <summary>Of each of them what it prepares and what it commits to.</summary>
    public const int MaxLines = 2 * MaxBlocks;

    /// <summary>A note's signature is DER in one suite: 72 octets at the most.</summary>
    const int MaxSignature = 72;

    /// <summary>What a bank signs to prepare a block.</summary>
    public static byte[] PrepareBytes(Hash256 chainId, BlockPoint block) =>
        new BigEndianWriter(96).Bytes("ledger-prepare\n"u8).Hash(chainId).U32(block.Epoch).U64(block.Size).Hash(block.Root).ToArray();

    /// <summary>What a bank signs to commit to a block.</summary>
    public static byte[] CommitBytes(string origin, ulong size, Hash256 root) => new Checkpoint(origin, size, root).SignedBytes();

    public BlockPoint PointOf(VoteLine line) => new(Epoch, line.Size, line.Root);

    public byte[] SignedBytes()
    {
        var writer = new BigEndianWriter(256 + (Lines.Count * 128)).Bytes("ledger-vote\n"u8);
        WriteBody(writer);
        return writer.ToArray();
    }

    /// <summary>Whether the vote and every line of it are signed by the validator that it names.</summary>
    public bool IsGood(ValidatorSet set) => IsGood(set, before: null);

    /// <summary>The same, of a vote that repeats lines of an earlier one which was found good.</summary>
    public bool IsGood(ValidatorSet set, Vote? before)
    {
        var known = before is not null && before.Bank == Bank && before.Epoch == Epoch ? before.Lines.ToHashSet() : [];
        if (ChainId != set.ChainId || set.KeyOf(Bank) is not { } key || !set.Suite.Verify(key, SignedBytes(), Signature.Span)) return false;
        foreach (var line in Lines)
        {
            if (known.Contains(line)) continue;
            var isGood = line.Kind == VoteKind.Prepare
                ? set.Suite.Verify(key, PrepareBytes(ChainId, PointOf(line)), line.Signature.Span)
                : set.Suite.VerifyNote(key, CommitBytes(set.Origin, line.Size, line.Root), line.Signature.Span);
            if (!isGood) return false;
        }

        return true;
    }

    public byte[] Write()
    {
        var writer = new BigEndianWriter(256 + (Lines.Count * 128));
        Write(writer);
        return writer.ToArray();
    }

    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out Vote? vote)
    {
        var reader = new BigEndianReader(bytes);
        vote = Read(ref reader);
        if (!reader.IsComplete) vote = null;
        return vote is not null;
    }

    internal void Write(BigEndianWriter writer)
    {
        WriteBody(writer);
        writer.Bytes(Signature.Span);
    }

    internal static Vote? Read(ref BigEndianReader reader)
    {
        var (chainId, epoch, bank) = (reader.Hash(), reader.U32(), reader.Party());
        var (sequence, clock, height) = (reader.U64(), reader.U64(), reader.U64());
        var lines = new VoteLine[Math.Min((int)reader.U8(), MaxLines + 1)];
        Span<ulong> last = [0, 0];
        for (var i = 0; i < lines.Length; i++)
        {
            var (kind, size, root) = ((VoteKind)reader.U8(), reader.U64(), reader.Hash());
            var length = reader.U8();
            lines[i] = new(kind, size, root, new(reader.Bytes(length).ToArray()));
            if (kind is not (VoteKind.Prepare or VoteKind.Commit) || root.IsZero || length is 0 or > MaxSignature) return null;

            // What a bank says of each kind it says of ever longer histories.
            ref var before = ref last[(int)kind - 1];
            if (size <= before) return null;
            before = size;
        }

        var signature = reader.Bytes(CryptoSuite.SignatureSize);
        if (chainId.IsZero || epoch == 0 || bank == default || sequence == 0 || clock > Timestamp.MaxUnixMilliseconds || lines.Length > MaxLines || signature.IsEmpty) return null;
        return new(chainId, epoch, bank, sequence, new((long)clock), height, [.. lines], new(signature.ToArray()));
    }

    void WriteBody(BigEndianWriter writer)
    {
        writer.Hash(ChainId).U32(Epoch).Party(Bank).U64(Sequence).U64((ulong)Clock.UnixMilliseconds).U64(DurableHeight).U8((byte)Lines.Count);
        foreach (var line in Lines) writer.U8((byte)line.Kind).U64(line.Size).Hash(line.Root).U8((byte)line.Signature.Length).Bytes(line.Signature.Span);
    }
}
