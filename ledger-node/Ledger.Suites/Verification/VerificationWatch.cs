namespace Ledger.Suites.Verification;

/// <summary>Who answers whether a signature is good.</summary>
public enum VerificationMode
{
    /// <summary>The ledger's own arithmetic under keys that it has tables of, the platform for the rest.</summary>
    Own = 1,

    /// <summary>The platform, because the operator wants it so.</summary>
    Platform,

    /// <summary>The platform, because this processor lacks what the own arithmetic is made of.</summary>
    Unsupported,

    /// <summary>The platform, because the own arithmetic was found wrong.</summary>
    Failed,
}

/// <summary>
/// Watches the own verification of one process: the platform's answer is the one that counts, and who was found to differ from it is never asked again. Safe
/// for many threads.
/// </summary>
public sealed class VerificationWatch
{
    /// <summary>One own yes in so many is put to the platform too; every own no is.</summary>
    public const int SampleEvery = 1000;

    readonly Lock gate = new();
    volatile int mode;
    volatile string? fault;
    long accepted;
    long compared;
    long mismatches;

    public VerificationWatch(bool isSupported) => mode = (int)(isSupported ? VerificationMode.Own : VerificationMode.Unsupported);

    public VerificationMode Mode => (VerificationMode)mode;

    /// <summary>What was found wrong first; null where nothing was.</summary>
    public string? Fault => fault;

    /// <summary>Signatures that the own arithmetic accepted.</summary>
    public long Accepted => Interlocked.Read(ref accepted);

    /// <summary>Own answers that were held against the platform's, and self-tests that failed.</summary>
    public long Compared => Interlocked.Read(ref compared);

    /// <summary>Those of them that were wrong.</summary>
    public long Mismatches => Interlocked.Read(ref mismatches);

    internal bool IsOn => mode == (int)VerificationMode.Own;

    /// <summary>From now on the platform answers.</summary>
    public void UsePlatform()
    {
        lock (gate)
        {
            if (mode == (int)VerificationMode.Own) mode = (int)VerificationMode.Platform;
        }
    }

    /// <summary>Counts an own yes; true where the platform is to be asked about it.</summary>
    internal bool IsSampled() => Interlocked.Increment(ref accepted) % SampleEvery == 1;

    /// <summary>An own answer was the platform's.</summary>
    internal void Agree() => Interlocked.Increment(ref compared);

    internal void Fail(string what)
    {
        Interlocked.Increment(ref mismatches);
        Interlocked.Increment(ref compared);
        lock (gate)
        {
            fault ??= what;
            mode = (int)VerificationMode.Failed;
        }
    }
}
