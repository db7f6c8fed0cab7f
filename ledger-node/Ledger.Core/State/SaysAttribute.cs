namespace Ledger.Core.State;

/// <summary>The sentence that a person reads, in Chinese and in English. Words in braces are filled from the refusal's facts.</summary>
[AttributeUsage(AttributeTargets.Field)]
public sealed class SaysAttribute(string chinese, string english) : Attribute
{
    public string Chinese { get; } = chinese;

    public string English { get; } = english;
}
