using System.Diagnostics;
using System.Numerics;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;

namespace Ledger.Core.State;

/// <summary>
/// The Merkle tree over everything that the rules may look at: one 16-ary radix tree for each section, one salted leaf for each record. Its
/// shape and root depend only on the records, never on the order in which they came. One writer, and no reader beside it; hashing waits for
/// <see cref="Root"/>, so that a block hashes the upper branches once.
/// </summary>
public sealed class StateTree
{
    public const int MaxSections = 31;

    readonly CryptoSuite suite;
    readonly Node[] sections;
    readonly Slab<Record> records;
    readonly Slab<Branch> branches;
    readonly Slab<Node>[] children;

    /// <summary>An empty tree of sections 1 to <paramref name="sectionCount"/>.</summary>
    public StateTree(CryptoSuite suite, int sectionCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sectionCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sectionCount, MaxSections);
        this.suite = suite;
        sections = new Node[sectionCount];
        records = new(1);
        branches = new(1);
        children = [.. Enumerable.Range(1, 16).Select(width => new Slab<Node>(width))];
    }

    StateTree(StateTree live)
    {
        suite = live.suite;
        sections = [.. live.sections];
        records = live.records.Freeze();
        branches = live.branches.Freeze();
        children = [.. live.children.Select(slab => slab.Freeze())];
    }

    public int SectionCount => sections.Length;

    /// <summary>Writes a record, new or known.</summary>
    public void Put(byte section, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, Hash256 salt) =>
        Put(section, key, new StateLeaf(salt, StateHash.Commitment(suite, salt, value)));

    /// <summary>Writes what a record's leaf was once, as <see cref="LeafOf"/> told it.</summary>
    public void Put(byte section, ReadOnlySpan<byte> key, StateLeaf leaf)
    {
        var record = new Record { Path = StateHash.Path(suite, section, key), Salt = leaf.Salt, Commitment = leaf.Commitment };
        ref var top = ref sections[section - 1];
        top = Insert(top, record, depth: 0);
    }

    /// <summary>Forgets a record; false when there was none.</summary>
    public bool Remove(byte section, ReadOnlySpan<byte> key)
    {
        ref var top = ref sections[section - 1];
        return TryDelete(ref top, StateHash.Path(suite, section, key), depth: 0);
    }

    /// <summary>
    /// The tree as it is now, for readers beside the writer. It costs a reference for every thousand records; what is written later, in either, is
    /// written beside the other.
    /// </summary>
    public StateTree Freeze()
    {
        // Nothing is left to hash: by being read a frozen tree is not written, not even a hash.
        _ = Root();
        return new(this);
    }

    /// <summary>What the tree keeps of a record; null where there is none.</summary>
    public StateLeaf? LeafOf(byte section, ReadOnlySpan<byte> key)
    {
        var path = StateHash.Path(suite, section, key);
        var node = sections[section - 1];
        for (var depth = 0; node.IsBranch; depth++)
        {
            ref readonly var branch = ref branches.Read(node.Run)[0];
            var nibble = path.Nibble(depth);
            node = StateHash.Has(branch.Bitmap, nibble) ? ChildrenOf(branch)[StateHash.Rank(branch.Bitmap, nibble)] : default;
        }

        if (node.IsNone || records.Read(node.Run)[0].Path != path) return null;
        ref readonly var record = ref records.Read(node.Run)[0];
        return new(record.Salt, record.Commitment);
    }

    public bool TryGetSalt(byte section, ReadOnlySpan<byte> key, out Hash256 salt)
    {
        var leaf = LeafOf(section, key);
        salt = leaf?.Salt ?? default;
        return leaf is not null;
    }

    public Hash256 SectionRoot(byte section)
    {
        var top = sections[section - 1];
        return top.IsNone ? StateHash.EmptySection(suite) : HashOf(top);
    }

    public Hash256 Root() => StateHash.State(suite, SectionRoots());

    /// <summary>Proves that the record is there, with its salt, or that there is none under that key.</summary>
    public StateProof Prove(byte section, ReadOnlySpan<byte> key)
    {
        var path = StateHash.Path(suite, section, key);
        var steps = new List<StateProofStep>();
        var node = sections[section - 1];
        for (var depth = 0; node.IsBranch; depth++)
        {
            ref readonly var branch = ref branches.Read(node.Run)[0];
            var nibble = path.Nibble(depth);
            var next = default(Node);
            var siblings = new List<Hash256>();
            var rank = StateHash.Has(branch.Bitmap, nibble) ? StateHash.Rank(branch.Bitmap, nibble) : -1;
            var nodes = ChildrenOf(branch);
            for (var i = 0; i < nodes.Length; i++)
            {
                if (i == rank) next = nodes[i];
                else siblings.Add(HashOf(nodes[i]));
            }

            steps.Add(new(branch.Bitmap, [.. siblings]));
            node = next;
        }

        return new(section, [.. SectionRoots()], [.. steps], End(node, path));
    }

    StateProofEnd End(Node node, Hash256 path)
    {
        if (node.IsNone) return new StateProofEnd.NoRecord();
        ref readonly var record = ref records.Read(node.Run)[0];
        return record.Path == path ? new StateProofEnd.ThisRecord(record.Salt) : new StateProofEnd.OtherRecord(record.Path, record.Commitment);
    }

    Hash256[] SectionRoots()
    {
        var roots = new Hash256[sections.Length];
        for (var i = 0; i < roots.Length; i++) roots[i] = SectionRoot((byte)(i + 1));
        return roots;
    }

    Node Insert(Node node, in Record record, int depth)
    {
        if (node.IsNone) return NewRecord(record);
        if (!node.IsBranch)
        {
            var known = records.Read(node.Run)[0].Path;
            if (known != record.Path) return Fork(node, known, NewRecord(record), record.Path, depth);
            records[node.Run][0] = record;
            return node;
        }

        ref var branch = ref branches[node.Run][0];
        branch.IsStale = true;
        var nibble = record.Path.Nibble(depth);
        if (!StateHash.Has(branch.Bitmap, nibble))
        {
            AddChild(ref branch, nibble, NewRecord(record));
            return node;
        }

        var rank = StateHash.Rank(branch.Bitmap, nibble);
        var child = ChildrenOf(branch)[rank];
        var inserted = Insert(child, record, depth + 1);
        if (inserted != child) WritableChildrenOf(branch)[rank] = inserted;
        return node;
    }

    /// <summary>The branches that two records need from <paramref name="depth"/> down: one for every step that they share, then the fork.</summary>
    Node Fork(Node one, Hash256 onePath, Node other, Hash256 otherPath, int depth)
    {
        var run = branches.Take();
        ref var branch = ref branches[run][0];
        branch = new Branch { IsStale = true };
        var (oneNibble, otherNibble) = (onePath.Nibble(depth), otherPath.Nibble(depth));
        if (oneNibble == otherNibble)
        {
            AddChild(ref branch, oneNibble, Fork(one, onePath, other, otherPath, depth + 1));
        }
        else
        {
            AddChild(ref branch, oneNibble, one);
            AddChild(ref branch, otherNibble, other);
        }

        return Node.OfBranch(run);
    }

    bool TryDelete(ref Node node, Hash256 path, int depth)
    {
        if (node.IsNone) return false;
        if (!node.IsBranch)
        {
            if (records.Read(node.Run)[0].Path != path) return false;
            records.Release(node.Run);
            node = default;
            return true;
        }

        ref var branch = ref branches[node.Run][0];
        var nibble = path.Nibble(depth);
        if (!StateHash.Has(branch.Bitmap, nibble)) return false;

        ref var child = ref WritableChildrenOf(branch)[StateHash.Rank(branch.Bitmap, nibble)];
        if (!TryDelete(ref child, path, depth + 1)) return false;

        branch.IsStale = true;
        if (child.IsNone) RemoveChild(ref branch, nibble);

        // A branch over one record is no branch: the record takes its place, and so on upwards.
        var rest = ChildrenOf(branch);
        if (rest is [{ IsBranch: false } last])
        {
            children[0].Release(branch.Children);
            branches.Release(node.Run);
            node = last;
        }

        return true;
    }

    Node NewRecord(in Record record)
    {
        var run = records.Take();
        records[run][0] = record;
        return Node.OfRecord(run);
    }

    void AddChild(ref Branch branch, int nibble, Node child)
    {
        var old = ChildrenOf(branch);
        var rank = StateHash.Rank(branch.Bitmap, nibble);
        var run = children[old.Length].Take();
        var grown = children[old.Length][run];
        old[..rank].CopyTo(grown);
        grown[rank] = child;
        old[rank..].CopyTo(grown[(rank + 1)..]);
        Replace(ref branch, old.Length, run, (ushort)(branch.Bitmap | (1 << nibble)));
    }

    void RemoveChild(ref Branch branch, int nibble)
    {
        var old = ChildrenOf(branch);
        Debug.Assert(old.Length > 1, "a branch holds two records or more");
        var rank = StateHash.Rank(branch.Bitmap, nibble);
        var run = children[old.Length - 2].Take();
        var shrunk = children[old.Length - 2][run];
        old[..rank].CopyTo(shrunk);
        old[(rank + 1)..].CopyTo(shrunk[rank..]);
        Replace(ref branch, old.Length, run, (ushort)(branch.Bitmap & ~(1 << nibble)));
    }

    void Replace(ref Branch branch, int oldWidth, uint run, ushort bitmap)
    {
        if (oldWidth > 0) children[oldWidth - 1].Release(branch.Children);
        branch.Children = run;
        branch.Bitmap = bitmap;
    }

    ReadOnlySpan<Node> ChildrenOf(in Branch branch)
    {
        var width = BitOperations.PopCount(branch.Bitmap);
        return width == 0 ? [] : children[width - 1].Read(branch.Children);
    }

    Span<Node> WritableChildrenOf(in Branch branch) => children[BitOperations.PopCount(branch.Bitmap) - 1][branch.Children];

    Hash256 HashOf(Node node)
    {
        if (!node.IsBranch)
        {
            ref readonly var record = ref records.Read(node.Run)[0];
            return StateHash.Leaf(suite, record.Path, record.Commitment);
        }

        if (branches.Read(node.Run)[0].IsStale)
        {
            ref var branch = ref branches[node.Run][0];
            var nodes = ChildrenOf(branch);
            Span<Hash256> hashes = stackalloc Hash256[nodes.Length];
            for (var i = 0; i < nodes.Length; i++) hashes[i] = HashOf(nodes[i]);
            branch.Hash = StateHash.Branch(suite, branch.Bitmap, hashes);
            branch.IsStale = false;
        }

        return branches.Read(node.Run)[0].Hash;
    }

    /// <summary>A record's leaf. Its hash is not kept: it costs one short hash, and only where a branch right above it changed.</summary>
    struct Record
    {
        public Hash256 Path;
        public Hash256 Salt;
        public Hash256 Commitment;
    }

    /// <summary>A subtree of two records or more.</summary>
    struct Branch
    {
        public Hash256 Hash;
        public uint Children;
        public ushort Bitmap;
        public bool IsStale;
    }

    /// <summary>Nothing, a record or a branch: the run's number in its slab, and the top bit for a branch.</summary>
    readonly record struct Node(uint Bits)
    {
        const uint BranchBit = 0x8000_0000;

        public bool IsNone => Bits == 0;

        public bool IsBranch => (Bits & BranchBit) != 0;

        public uint Run => Bits & ~BranchBit;

        public static Node OfRecord(uint run) => new(run);

        public static Node OfBranch(uint run) => new(run | BranchBit);
    }
}

/// <summary>A record in the tree: its salt, and the hash that binds its value under it.</summary>
public readonly record struct StateLeaf(Hash256 Salt, Hash256 Commitment);
