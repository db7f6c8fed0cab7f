using System.CommandLine;

namespace Ledger.Cli;

/// <summary>What offers have in common.</summary>
static class Offers
{
    public static Option<uint> DaysOption() => new("--open-for") { Description = "days that the offer stands (default 7)", DefaultValueFactory = _ => 7 };
}
