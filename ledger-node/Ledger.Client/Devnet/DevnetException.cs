namespace Ledger.Client.Devnet;

/// <summary>What kept a network on this machine from doing what it was asked, in words for whoever asked.</summary>
public sealed class DevnetException(DevnetFaultKind kind, string chinese, string english) : Exception(english)
{
    public DevnetFaultKind Kind { get; } = kind;

    public string Chinese { get; } = chinese;
}

public enum DevnetFaultKind
{
    /// <summary>What was asked for makes no sense here.</summary>
    Usage,

    /// <summary>There is no such network, process or program.</summary>
    NotFound,

    /// <summary>Something that was started did not do what it should.</summary>
    Fault,
}
