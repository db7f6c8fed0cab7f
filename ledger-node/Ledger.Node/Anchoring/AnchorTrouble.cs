using Ledger.Core.State;

namespace Ledger.Node.Anchoring;

/// <summary>Why nothing is anchored on a chain just now, by the permanent number, with the words of whoever said so. The relayer tries again by itself.</summary>
public sealed record AnchorTrouble(Refusal Code, string Words)
{
    public string English => Sentences.English(Code, new(Reason: Words), static (_, _) => "", static _ => "");

    public string Chinese => Sentences.Chinese(Code, new(Reason: Words), static (_, _) => "", static _ => "");
}

/// <summary>What stops this turn of a relayer.</summary>
sealed class AnchorStopped(Refusal code, string words) : Exception(words)
{
    public AnchorTrouble Trouble { get; } = new(code, words);
}
