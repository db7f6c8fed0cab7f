using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;

namespace Ledger.Core.State;

/// <summary>One branch on the way down: which children it has, and the hashes of those that are not on the way, ascending.</summary>
public readonly record struct StateProofStep(ushort Bitmap, ValueList<Hash256> Siblings);

/// <summary>What stands where the way down ends.</summary>
public abstract record StateProofEnd
{
    private protected StateProofEnd()
    {
    }

    /// <summary>The record itself; with its value the salt gives the leaf.</summary>
    public sealed record ThisRecord(Hash256 Salt) : StateProofEnd;

    /// <summary>An empty section, or a branch without that child.</summary>
    public sealed record NoRecord : StateProofEnd;

    /// <summary>The only record of the subtree in which the record would stand, its content blinded.</summary>
    public sealed record OtherRecord(Hash256 Path, Hash256 Commitment) : StateProofEnd;
}

/// <summary>Shows to the holder of a state root that a record has a certain value, or that there is none under a key.</summary>
public sealed record StateProof(byte Section, ValueList<Hash256> SectionRoots, ValueList<StateProofStep> Steps, StateProofEnd End)
{
    // A path has 64 steps, and two records differ at the last of them at the latest.
    const int MaxSteps = 64;

    /// <summary>Whether the state with that root holds exactly this value under the key.</summary>
    public bool Verify(CryptoSuite suite, Hash256 root, byte section, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) =>
        IsUnder(suite, root, RootOfRecord(suite, section, key, value));

    /// <summary>Whether the state with that root holds nothing under the key.</summary>
    public bool VerifyAbsent(CryptoSuite suite, Hash256 root, byte section, ReadOnlySpan<byte> key) => IsUnder(suite, root, RootOfAbsence(suite, section, key));

    /// <summary>The root of its section to which the proof leads from this value under the key; null where it leads nowhere.</summary>
    public Hash256? RootOfRecord(CryptoSuite suite, byte section, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (section != Section || End is not StateProofEnd.ThisRecord record) return null;

        var path = StateHash.Path(suite, section, key);
        return RootOf(suite, path, StateHash.Leaf(suite, path, StateHash.Commitment(suite, record.Salt, value)));
    }

    /// <summary>The root of its section to which the proof leads from there being nothing under the key; null where it leads nowhere.</summary>
    public Hash256? RootOfAbsence(CryptoSuite suite, byte section, ReadOnlySpan<byte> key)
    {
        if (section != Section) return null;

        var path = StateHash.Path(suite, section, key);
        return End switch
        {
            StateProofEnd.NoRecord => RootOf(suite, path, leaf: null),
            StateProofEnd.OtherRecord other when other.Path != path && SharesSteps(other.Path, path) => RootOf(suite, path, StateHash.Leaf(suite, other.Path, other.Commitment)),
            _ => null,
        };
    }

    /// <summary>The state root that the roots of the sections make.</summary>
    public Hash256 StateRoot(CryptoSuite suite) => StateHash.State(suite, SectionRoots.Span);

    public byte[] Write()
    {
        var writer = new BigEndianWriter(1024).U8(Kind).U8(Section).U8((byte)SectionRoots.Count);
        foreach (var sectionRoot in SectionRoots) writer.Hash(sectionRoot);

        writer.U8((byte)Steps.Count);
        foreach (var step in Steps)
        {
            writer.U16(step.Bitmap).U8((byte)step.Siblings.Count);
            foreach (var sibling in step.Siblings) writer.Hash(sibling);
        }

        if (End is StateProofEnd.ThisRecord record) writer.Hash(record.Salt);
        if (End is StateProofEnd.OtherRecord other) writer.Hash(other.Path).Hash(other.Commitment);
        return writer.ToArray();
    }

    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out StateProof? proof)
    {
        proof = null;
        var reader = new BigEndianReader(bytes);
        var (kind, section, sectionCount) = (reader.U8(), reader.U8(), reader.U8());
        if (sectionCount is 0 or > StateTree.MaxSections || section is 0 || section > sectionCount) return false;

        var sectionRoots = new Hash256[sectionCount];
        for (var i = 0; i < sectionRoots.Length; i++) sectionRoots[i] = reader.Hash();

        var stepCount = reader.U8();
        if (stepCount > MaxSteps) return false;

        var steps = new StateProofStep[stepCount];
        for (var i = 0; i < steps.Length; i++)
        {
            var bitmap = reader.U16();
            var siblingCount = reader.U8();
            if (siblingCount > 16) return false;

            var siblings = new Hash256[siblingCount];
            for (var j = 0; j < siblings.Length; j++) siblings[j] = reader.Hash();
            steps[i] = new(bitmap, [.. siblings]);
        }

        StateProofEnd? end = kind switch
        {
            1 => new StateProofEnd.ThisRecord(reader.Hash()),
            2 => new StateProofEnd.NoRecord(),
            3 => new StateProofEnd.OtherRecord(reader.Hash(), reader.Hash()),
            _ => null,
        };
        if (end is null || !reader.IsComplete) return false;

        proof = new(section, [.. sectionRoots], [.. steps], end);
        return true;
    }

    byte Kind => End switch
    {
        StateProofEnd.ThisRecord => 1,
        StateProofEnd.NoRecord => 2,
        StateProofEnd.OtherRecord => 3,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    bool SharesSteps(Hash256 one, Hash256 other)
    {
        for (var depth = 0; depth < Steps.Count; depth++)
        {
            if (one.Nibble(depth) != other.Nibble(depth)) return false;
        }

        return true;
    }

    bool IsUnder(CryptoSuite suite, Hash256 root, Hash256? sectionRoot) => sectionRoot is { } found && found == SectionRoots[Section - 1] && StateRoot(suite) == root;

    /// <summary>Where the way up from the leaf, or from the missing child of the last branch, ends; null where it is no way.</summary>
    Hash256? RootOf(CryptoSuite suite, Hash256 path, Hash256? leaf)
    {
        if (Section is 0 || Section > SectionRoots.Count || SectionRoots.Count > StateTree.MaxSections || Steps.Count > MaxSteps) return null;

        var hash = leaf;
        Span<Hash256> children = stackalloc Hash256[16];
        for (var depth = Steps.Count - 1; depth >= 0; depth--)
        {
            var step = Steps[depth];
            var nibble = path.Nibble(depth);
            var isPresent = StateHash.Has(step.Bitmap, nibble);
            if (isPresent != hash.HasValue) return null;

            var count = BitOperations.PopCount(step.Bitmap);
            if (step.Siblings.Count != count - (isPresent ? 1 : 0)) return null;

            step.Siblings.Span.CopyTo(children);
            if (hash is { } below)
            {
                var rank = StateHash.Rank(step.Bitmap, nibble);
                step.Siblings.Span[rank..].CopyTo(children[(rank + 1)..]);
                children[rank] = below;
            }

            hash = StateHash.Branch(suite, step.Bitmap, children[..count]);
        }

        return hash ?? StateHash.EmptySection(suite);
    }
}
