namespace Ledger.Client.Mirroring;

/// <summary>What kept a mirror from going on.</summary>
public enum MirrorFault
{
    /// <summary>The folder: somebody else's, of another log, damaged, or with links in it.</summary>
    Folder,

    /// <summary>No answer, or none in time.</summary>
    Unreachable,

    /// <summary>An answer that is none: too long, of another length, not there though it must be.</summary>
    NoAnswer,

    /// <summary>What is asked for is not given to who asks.</summary>
    NotAllowed,

    /// <summary>The checkpoint is not signed as the policy asks.</summary>
    Untrusted,

    /// <summary>The policy asks for signatures that are not checked here.</summary>
    CannotBeChecked,

    /// <summary>Hashes or leaves that do not lead to the checkpoint's root.</summary>
    False,
}

/// <summary>Why a mirror did not go on, in both languages. What it held before it still holds.</summary>
public sealed class MirrorException(MirrorFault fault, string chinese, string english, Exception? cause = null) : Exception(english, cause)
{
    public MirrorFault Fault { get; } = fault;

    public string Chinese { get; } = chinese;
}
