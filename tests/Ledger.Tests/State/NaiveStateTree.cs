using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Ledger.Tests.State;

/// <summary>The state tree as FORMATS.md defines it, written from the definition alone: all records of a section, sorted anew for each question.</summary>
sealed class NaiveStateTree(int sectionCount)
{
    readonly Dictionary<(byte Section, string Key), (byte[] Path, byte[] Leaf)> records = [];

    public void Put(byte section, byte[] key, byte[] value, byte[] salt)
    {
        var path = Hash(0x14, [section], key);
        records[(section, Convert.ToHexString(key))] = (path, Hash(0x10, path, Hash(0x18, salt, value)));
    }

    public void Remove(byte section, byte[] key) => records.Remove((section, Convert.ToHexString(key)));

    public byte[] Root() =>
        Hash(0x13, [(byte)sectionCount], [.. Enumerable.Range(1, sectionCount).SelectMany(section => SectionRoot((byte)section))]);

    byte[] SectionRoot(byte section)
    {
        var leaves = records.Where(record => record.Key.Section == section).Select(record => record.Value).ToList();
        return leaves.Count == 0 ? Hash(0x12) : Subtree(leaves, 0);
    }

    static byte[] Subtree(List<(byte[] Path, byte[] Leaf)> leaves, int depth)
    {
        if (leaves.Count == 1) return leaves[0].Leaf;

        var bitmap = new byte[2];
        var children = leaves.GroupBy(leaf => Nibble(leaf.Path, depth)).OrderBy(child => child.Key).ToList();
        BinaryPrimitives.WriteUInt16BigEndian(bitmap, (ushort)children.Sum(child => 1 << child.Key));
        return Hash(0x11, bitmap, [.. children.SelectMany(child => Subtree([.. child], depth + 1))]);
    }

    static int Nibble(byte[] path, int depth) => depth % 2 == 0 ? path[depth / 2] >> 4 : path[depth / 2] & 0xF;

    static byte[] Hash(byte tag, params byte[][] parts) => SHA256.HashData([tag, .. parts.SelectMany(part => part)]);
}
