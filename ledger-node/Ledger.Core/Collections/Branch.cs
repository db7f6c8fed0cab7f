using System.Runtime.CompilerServices;

namespace Ledger.Core.Collections;

/// <summary>Where ways part: behind each a branch, what ends there, or nothing.</summary>
sealed class Branch
{
    public EightWays Ways;

    public Branch Copy() => new() { Ways = Ways };
}

[InlineArray(Count)]
struct EightWays
{
    public const int Count = 8;

    object? first;
}
