using System.CommandLine;

namespace Ledger.Cli;

/// <summary>What offers have in common.</summary>
static class Offers
{
    public static Option<uint> DaysOption(uint days = 7) => Options.Days("--open-for", $"要约有效天数（默认 {days}）", $"days that the offer stands (default: {days})", days);
}
