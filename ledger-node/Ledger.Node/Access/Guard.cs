using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Views;

namespace Ledger.Node.Access;

/// <summary>
/// How a noun is guarded: in which row of <see cref="Visibility"/> it stands, and where that says own, whose it is. Whoever shows a thing names its guard, so
/// that nothing is shown that nobody thought of.
/// </summary>
public class Guard<T>(Resource resource)
{
    public Resource Resource => resource;

    /// <summary>Whether it is the caller's own.</summary>
    public required Func<Sight, T, bool> IsOwn { get; init; }

    /// <summary>Whose data the caller is shown with it, for the log of reads.</summary>
    public required Func<Sight, T, IEnumerable<PartyId>> Parties { get; init; }

    /// <summary>The thing in which the caller may have had a part that only its history tells; null where the thing itself says whose it is.</summary>
    public Func<T, ThingRef>? PartOf { get; init; }

    public virtual Guarded Guarding(T thing) => new Guarded<T>(this, thing);
}

/// <summary>The guard of a noun that the ledger keeps under an id, which is that of a <typeparamref name="TNoun"/>.</summary>
public sealed class Guard<TNoun, T>(Resource resource, Func<LedgerState, Id<TNoun>, T?> find, Func<Id<TNoun>, ThingRef>? thing = null) : Guard<T>(resource), IGuard
    where T : class
{
    /// <summary>For whom it is: a bank acts for those whom it brought in, and of what it names then it is told why it may not be. No read is widened by it.</summary>
    public Func<LedgerState, T, IEnumerable<PartyId>> Customers { get; init; } = static (_, _) => [];

    /// <summary>The instrument that it is about: who is told of an act is told on what it is.</summary>
    public Func<T, Id<Instrument>> About { get; init; } = static _ => default;

    /// <summary>What it belongs to: who is told of that is told of it.</summary>
    public Func<LedgerState, T, Guarded?> Whole { get; init; } = static (_, _) => null;

    public Type Id => typeof(Id<TNoun>);

    public override Guarded Guarding(T thing) => new Guarded<TNoun, T>(this, thing);

    public T? Find(LedgerState state, Id<TNoun> id) => find(state, id);

    /// <summary>What the views have under an id.</summary>
    public ThingRef Thing(Id<TNoun> id) => thing is null ? ThingRef.To(id) : thing(id);

    public Guarded? Under(LedgerState state, object name) => name is Id<TNoun> id && find(state, id) is { } found ? Guarding(found) : null;

    /// <summary>What the ledger has, or had when it left, under an id.</summary>
    public Guarded? Under(LedgerReader ledger, Id<TNoun> id) => find(ledger.StateWith(Thing(id)), id) is { } found ? Guarding(found) : null;

    public Guarded? Under(LedgerReader ledger, string text) => Id<TNoun>.TryParse(text, out var id) ? Under(ledger, id) : null;

    public Guarded? Under(LedgerReader ledger, UInt128 id) => Under(ledger, new Id<TNoun>(id));
}

/// <summary>A guard of a noun with an id, whatever noun that is.</summary>
public interface IGuard
{
    /// <summary>The type of its ids.</summary>
    Type Id { get; }

    /// <summary>What a state has under a name that an act uses, where the name is one of its ids.</summary>
    Guarded? Under(LedgerState state, object name);

    /// <summary>What the ledger has, or had when it left, under an id as it is written.</summary>
    Guarded? Under(LedgerReader ledger, string text);

    Guarded? Under(LedgerReader ledger, UInt128 id);
}

/// <summary>A thing with its guard, where things of several nouns stand together.</summary>
public abstract class Guarded
{
    public abstract object Thing { get; }

    /// <summary>See <see cref="Guard{T}.PartOf"/>; null also where the caller's extent makes it needless to ask.</summary>
    public abstract ThingRef? PartOf(Sight sight);

    public abstract bool IsSeen(Sight sight);

    /// <summary>Notes that it was shown.</summary>
    public abstract void Show(Sight sight);

    /// <summary>Whether it may be told to who acts, for itself or for those whom it brought in.</summary>
    public virtual bool IsKnown(LedgerState state, Sight sight) => IsSeen(sight);

    public virtual Id<Instrument> About => default;
}

class Guarded<T>(Guard<T> guard, T thing) : Guarded
{
    protected T One => thing;

    public override object Thing => thing!;

    public override ThingRef? PartOf(Sight sight) => guard.PartOf is { } part && sight.Of(guard.Resource) == Extent.Own ? part(thing) : null;

    public override bool IsSeen(Sight sight) => sight.Sees(guard, thing);

    public override void Show(Sight sight) => sight.Show(guard, thing);
}

sealed class Guarded<TNoun, T>(Guard<TNoun, T> guard, T thing) : Guarded<T>(guard, thing)
    where T : class
{
    public override bool IsKnown(LedgerState state, Sight sight) =>
        IsSeen(sight) || sight.Sponsors(state, guard.Customers(state, One)) || guard.Whole(state, One)?.IsKnown(state, sight) == true;

    public override Id<Instrument> About => guard.About(One);
}
