using System.Numerics;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.Contracts;

namespace Ledger.Evm;

// The contract's functions and events as its sources spell them. The library fills them in by reflection.

[Function("open", "bytes32")]
sealed class OpenMessage : FunctionMessage
{
    [Parameter("string", "origin", 1)]
    public string Origin { get; set; } = "";

    [Parameter("bytes", "keys", 2)]
    public byte[] Keys { get; set; } = [];
}

[Function("anchor")]
sealed class AnchorMessage : FunctionMessage
{
    [Parameter("bytes32", "id", 1)]
    public byte[] Id { get; set; } = [];

    [Parameter("uint64", "from", 2)]
    public ulong FromSize { get; set; }

    [Parameter("uint64", "size", 3)]
    public ulong Size { get; set; }

    [Parameter("bytes32", "root", 4)]
    public byte[] Root { get; set; } = [];

    [Parameter("bytes32[]", "proof", 5)]
    public List<byte[]> Proof { get; set; } = [];

    [Parameter("uint64", "signers", 6)]
    public ulong Signers { get; set; }

    [Parameter("bytes", "signatures", 7)]
    public byte[] Signatures { get; set; } = [];
}

[Function("rotate")]
sealed class RotateMessage : FunctionMessage
{
    [Parameter("bytes32", "id", 1)]
    public byte[] Id { get; set; } = [];

    [Parameter("bytes", "keys", 2)]
    public byte[] Keys { get; set; } = [];

    [Parameter("uint64", "signers", 3)]
    public ulong Signers { get; set; }

    [Parameter("bytes", "signatures", 4)]
    public byte[] Signatures { get; set; } = [];
}

[Function("ledgers", typeof(LedgerAnswer))]
sealed class LedgersMessage : FunctionMessage
{
    [Parameter("bytes32", "id", 1)]
    public byte[] Id { get; set; } = [];
}

[FunctionOutput]
sealed class LedgerAnswer : IFunctionOutputDTO
{
    [Parameter("uint64", "size", 1)]
    public ulong Size { get; set; }

    [Parameter("uint24", "set", 2)]
    public uint Set { get; set; }

    [Parameter("bool", "forked", 3)]
    public bool Forked { get; set; }

    [Parameter("address", "keysAt", 4)]
    public string KeysAt { get; set; } = "";

    [Parameter("bytes32", "root", 5)]
    public byte[] Root { get; set; } = [];
}

[Function("sets", "address")]
sealed class SetsMessage : FunctionMessage
{
    [Parameter("bytes32", "id", 1)]
    public byte[] Id { get; set; } = [];

    [Parameter("uint256", "set", 2)]
    public BigInteger Set { get; set; }
}

[Event("Anchored")]
sealed class AnchoredEvent : IEventDTO
{
    [Parameter("bytes32", "id", 1, true)]
    public byte[] Id { get; set; } = [];

    [Parameter("uint64", "size", 2, true)]
    public ulong Size { get; set; }

    [Parameter("bytes32", "root", 3, false)]
    public byte[] Root { get; set; } = [];

    [Parameter("uint64", "from", 4, false)]
    public ulong FromSize { get; set; }

    [Parameter("uint24", "set", 5, false)]
    public uint Set { get; set; }

    [Parameter("uint64", "signers", 6, false)]
    public ulong Signers { get; set; }
}
