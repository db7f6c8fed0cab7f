using FsCheck.Xunit;

namespace Ledger.Tests.Laws;

/// <summary>
/// A law is a property that holds for whatever history, operation or value is drawn: tried a hundred times, and ten thousand times where
/// LEDGER_THOROUGH is 1. A failure prints the smallest case found, and the seed that draws it again.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class LawAttribute : PropertyAttribute
{
    public LawAttribute()
    {
        MaxTest = Thorough.IsAsked ? 10_000 : 100;
        QuietOnSuccess = true;
    }
}
