namespace Ledger.Core.State;

/// <summary>
/// What a kind of operation is: its name on the wire (its <c>kind</c>), what people call it in Chinese and in English, and whether an agent may be given
/// it by a mandate.
/// </summary>
public sealed record Verb(string Name, string Chinese, string English, bool IsForAgents = false)
{
    /// <summary>The record that carries it.</summary>
    public Type Operation { get; private init; } = typeof(Operation);

    public static Verb Of<TOperation>() where TOperation : Operation<TOperation>, IVerb => TOperation.Verb with { Operation = typeof(TOperation) };
}

/// <summary>An operation that says of its kind what it is.</summary>
public interface IVerb
{
    static abstract Verb Verb { get; }
}
