namespace Ledger.Evm;

/// <summary>Why a chain gave no answer that can be used.</summary>
public enum EvmFaultKind
{
    /// <summary>Too few endpoints answered in time.</summary>
    NotReached,

    /// <summary>What came back is no answer to what was asked: no JSON, another id, no result, or a result of another form.</summary>
    Malformed,

    /// <summary>The endpoint, or a quorum of them, says no.</summary>
    Refused,

    /// <summary>The endpoint speaks for another chain.</summary>
    OtherChain,

    /// <summary>Enough endpoints answered, and no quorum of them alike.</summary>
    Disagree,
}

/// <summary>An endpoint, or a quorum of them, has no answer that can be used. The message names endpoints by host alone: a path may hold a key.</summary>
public sealed class EvmException(EvmFaultKind kind, string message, byte[]? data = null) : Exception(message)
{
    public EvmFaultKind Kind { get; } = kind;

    /// <summary>What a contract gave as its reason, where it did.</summary>
    public byte[]? Reason { get; } = data;
}
