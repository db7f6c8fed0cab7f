using FsCheck;

namespace Ledger.Tests.Laws;

/// <summary>How often a law is tried: a hundred times, and ten thousand times where LEDGER_THOROUGH is 1.</summary>
static class Thorough
{
    public static bool IsAsked { get; } = Environment.GetEnvironmentVariable("LEDGER_THOROUGH") == "1";

    public static Config Config { get; } = Config.QuickThrowOnFailure.WithMaxTest(IsAsked ? 10_000 : 100).WithQuietOnSuccess(true);
}
