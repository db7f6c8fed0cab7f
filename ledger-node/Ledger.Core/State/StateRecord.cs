using Ledger.Core.Primitives;

namespace Ledger.Core.State;

/// <summary>
/// One record as the state tree has it: its section, the bytes of its key and its value, and the salt that blinds its leaf. Without a value it was
/// removed, and has no salt.
/// </summary>
public readonly record struct StateRecord(Section Section, ByteString Key, ByteString? Value, Hash256 Salt);

/// <summary>A transaction id that the ledger still keeps, and whose it is. The state tree has only the digest of a minute's ids.</summary>
public sealed record KeptId(PartyId Party, Id<Transaction> Id, UsedId Used);

/// <summary>Bytes that are no record of this section, or records that do not belong together. Whoever stored them, it was not this ledger.</summary>
public sealed class StateRecordException(Section section, ByteString key, string message)
    : Exception($"section {(byte)section} ({section}), key {Convert.ToHexStringLower(key.Span)}: {message}")
{
    public Section Section => section;

    public ByteString Key => key;
}
