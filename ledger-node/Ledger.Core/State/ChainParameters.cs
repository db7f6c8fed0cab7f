using Ledger.Core.Crypto;
using Ledger.Core.Primitives;

namespace Ledger.Core.State;

/// <summary>What a chain is for. Only a demo or test chain lets its time be set by hand, and every answer of it says so.</summary>
public enum Purpose : byte
{
    Demo = 1,
    Test = 2,
    Live = 3,
}

/// <summary>What genesis fixes for the whole life of a chain. <paramref name="RetentionDays"/>: how long what is over
/// stays in the state. <paramref name="Voting"/>: how banks decide together.
/// <paramref name="BillRegister"/> tells what became of bills, and where there is none the ledger itself is the register and
/// <paramref name="Authority"/> brings bills in.</summary>
public sealed record ChainParameters(
    string Name,
    Hash256 ChainId,
    CryptoSuite Suite,
    Purpose Purpose,
    int OffsetMinutes,
    int RetentionDays,
    VotingRules Voting,
    PartyId Authority,
    Calendar Calendar,
    PartyId? BillRegister)
{
    /// <summary>Of its checkpoints.</summary>
    public string Origin => OriginOf(Name, ChainId);

    /// <summary>The origin of a chain: the consortium's name with enough of the chain id that no two chains share it.</summary>
    public static string OriginOf(string name, Hash256 chainId) => $"{name}/{chainId.ToString().AsSpan(0, 16)}";

    /// <summary>By which a checkpoint names the one of its signers that has this node key.</summary>
    public uint NoteKeyId(ByteString nodeKey) => Suite.NoteKeyId(Origin, nodeKey);

    public DateOnly DateOf(Timestamp time) => time.DateAt(OffsetMinutes);
}
