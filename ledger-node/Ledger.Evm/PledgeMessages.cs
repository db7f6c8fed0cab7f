using System.Numerics;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.Contracts;

namespace Ledger.Evm;

// The pledge registry's functions as its source spells them. The library fills them in by reflection.

[Function("announce")]
sealed class AnnounceMessage : FunctionMessage
{
    [Parameter("bytes32", "seal", 1)]
    public byte[] Seal { get; set; } = [];
}

sealed class ItemValue
{
    [Parameter("bytes32", "tag", 1)]
    public byte[] Tag { get; set; } = [];

    [Parameter("bytes32", "commitment", 2)]
    public byte[] Commitment { get; set; } = [];
}

[Function("reserve")]
sealed class ReserveMessage : FunctionMessage
{
    [Parameter("tuple[]", "items", 1)]
    public List<ItemValue> Items { get; set; } = [];

    [Parameter("uint40", "until", 2)]
    public ulong Until { get; set; }

    [Parameter("bytes32", "salt", 3)]
    public byte[] Salt { get; set; } = [];
}

[Function("sealOf", "bytes32")]
sealed class SealOfMessage : FunctionMessage
{
    [Parameter("uint32", "seat", 1)]
    public uint Seat { get; set; }

    [Parameter("tuple[]", "items", 2)]
    public List<ItemValue> Items { get; set; } = [];

    [Parameter("uint40", "until", 3)]
    public ulong Until { get; set; }

    [Parameter("bytes32", "salt", 4)]
    public byte[] Salt { get; set; } = [];
}

[Function("finance")]
sealed class FinanceMessage : FunctionMessage
{
    [Parameter("bytes32[]", "tags", 1)]
    public List<byte[]> Tags { get; set; } = [];

    [Parameter("uint40", "until", 2)]
    public ulong Until { get; set; }
}

[Function("release")]
sealed class ReleaseMessage : FunctionMessage
{
    [Parameter("bytes32[]", "tags", 1)]
    public List<byte[]> Tags { get; set; } = [];
}

[Function("holderOf", typeof(HolderAnswer))]
sealed class HolderOfMessage : FunctionMessage
{
    [Parameter("bytes32", "tag", 1)]
    public byte[] Tag { get; set; } = [];
}

[FunctionOutput]
sealed class HolderAnswer : IFunctionOutputDTO
{
    [Parameter("uint16", "registry", 1)]
    public ushort Registry { get; set; }

    [Parameter("uint40", "until", 2)]
    public ulong Until { get; set; }

    [Parameter("uint16", "count", 3)]
    public ushort Count { get; set; }

    [Parameter("bytes32", "commitment", 4)]
    public byte[] Commitment { get; set; } = [];
}

[Function("pledges", typeof(PledgeAnswer))]
sealed class PledgeOfMessage : FunctionMessage
{
    [Parameter("bytes32", "tag", 1)]
    public byte[] Tag { get; set; } = [];
}

[FunctionOutput]
sealed class PledgeAnswer : IFunctionOutputDTO
{
    [Parameter("uint32", "holding", 1)]
    public uint Holding { get; set; }

    [Parameter("uint16", "registry", 2)]
    public ushort Registry { get; set; }

    [Parameter("uint16", "claims", 3)]
    public ushort Claims { get; set; }

    [Parameter("uint40", "until", 4)]
    public ulong Until { get; set; }

    [Parameter("bytes32", "commitment", 5)]
    public byte[] Commitment { get; set; } = [];
}

[Function("claims", typeof(ClaimAnswer))]
sealed class ClaimOfMessage : FunctionMessage
{
    [Parameter("bytes32", "tag", 1)]
    public byte[] Tag { get; set; } = [];

    [Parameter("uint256", "seat", 2)]
    public BigInteger Seat { get; set; }
}

[FunctionOutput]
sealed class ClaimAnswer : IFunctionOutputDTO
{
    [Parameter("uint32", "holding", 1)]
    public uint Holding { get; set; }

    [Parameter("bool", "financed", 2)]
    public bool Financed { get; set; }

    [Parameter("uint40", "until", 3)]
    public ulong Until { get; set; }
}

[Function("seatOf", typeof(SeatAnswer))]
sealed class SeatOfMessage : FunctionMessage
{
    [Parameter("address", "hand", 1)]
    public string Hand { get; set; } = "";
}

[FunctionOutput]
sealed class SeatAnswer : IFunctionOutputDTO
{
    [Parameter("uint32", "seat", 1)]
    public uint Seat { get; set; }
}
