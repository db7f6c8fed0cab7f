namespace Ledger.Cli;

/// <summary>What a script learns from the program. Numbers are permanent.</summary>
public static class ExitCode
{
    public const int Ok = 0;
    public const int Fault = 1;
    public const int Usage = 2;
    public const int NotFound = 3;
    public const int NotAllowed = 4;
    public const int Refused = 5;
    public const int VerificationFalse = 6;
    public const int CouldNotCheck = 7;
    public const int Unreachable = 8;
    public const int Interrupted = 130;
}
