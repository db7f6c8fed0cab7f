namespace Ledger.Node;

/// <summary>The program's exit codes, the same as the command line's.</summary>
public static class ExitCode
{
    public const int Ok = 0;
    public const int Fault = 1;
    public const int Usage = 2;
    public const int VerificationFalse = 6;
    public const int CouldNotCheck = 7;

    /// <summary>The node's vote is missing or later than its chain: it signs nothing until its operator resumes.</summary>
    public const int MustResume = 9;

    /// <summary>The data folder holds no chain and this run does not found one, or the node's key has signed a chain before.</summary>
    public const int NotFounded = 10;

    public const int Interrupted = 130;
}
