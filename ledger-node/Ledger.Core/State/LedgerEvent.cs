namespace Ledger.Core.State;

/// <summary>
/// Something that happened. Judging returns events; only enacting them changes state. Heirs stand with the verbs that make them; none compiles that leaves
/// an answer out.
/// </summary>
public abstract record LedgerEvent
{
    private protected LedgerEvent() { }

    /// <summary>The name under which it is told.</summary>
    public abstract string Kind { get; }

    /// <summary>The state after it. It never fails, for it was judged on the state that it meets.</summary>
    public abstract LedgerState Enact(LedgerState state);

    /// <summary>What it counts for when a deadline does it: a block opens in a bounded number of them.</summary>
    public virtual int Steps => 1;

    /// <summary>What is told of it to whoever asked for it, in order. <paramref name="state"/> knows what it only names, or does not yet.</summary>
    public abstract IEnumerable<Told> Tells(LedgerState state);

    /// <summary>The name of a kind of events: its type's, in camel case.</summary>
    public static string KindOf(Type type) => char.ToLowerInvariant(type.Name[0]) + type.Name[1..];
}

/// <summary>An event of one kind, which says what people call it.</summary>
public abstract record LedgerEvent<TSelf> : LedgerEvent where TSelf : LedgerEvent<TSelf>, IEvent
{
    static readonly string kind = KindOf(typeof(TSelf));

    public sealed override string Kind => kind;
}

/// <summary>An event that says what people call its kind.</summary>
public interface IEvent
{
    static abstract (string Chinese, string English) Words { get; }
}
