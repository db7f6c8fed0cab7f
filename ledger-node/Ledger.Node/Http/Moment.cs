using System.Globalization;
using Ledger.Core.State;
using Ledger.Node.Views;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>
/// When a question is about: now, or the height that <c>?height=</c> names. Things of then are read from their records of then, and everything after
/// that is the same.
/// </summary>
sealed class Moment
{
    public const string Parameter = "height";

    readonly LedgerReader ledger;
    readonly bool isPast;

    Moment(LedgerReader ledger, NodeView view, bool isPast)
    {
        this.ledger = ledger;
        this.isPast = isPast;
        View = view;
    }

    /// <summary>As of when an answer is true. The state of a height that is past has only its time.</summary>
    public NodeView View { get; }

    public ulong Height => View.Header.Height;

    /// <summary>The moment that a request asks about, or the problem to answer with.</summary>
    public static Moment? Of(HttpRequest request, LedgerReader ledger, Problems problems, out IResult? problem)
    {
        problem = null;
        var view = ledger.View;
        if (!request.Query.TryGetValue(Parameter, out var text)) return new(ledger, view, isPast: false);
        if (!ulong.TryParse(text.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var height))
        {
            problem = problems.Of(Refusal.QueryInvalid, Parameter);
            return null;
        }

        if (height == view.Header.Height) return new(ledger, view, isPast: false);
        if (height < view.Header.Height && ledger.Block(height) is { } block && ledger.Checkpoint(height) is { } note)
            return new(ledger, new(new LedgerState(ledger.Genesis.Chain).At(height, block.Header.Time), block.Header, note), isPast: true);
        problem = problems.Of(Refusal.HeightNotReached);
        return null;
    }

    /// <summary>A state that has these things, as they were; what left the state since it was over, as it was last.</summary>
    public LedgerState StateOf(params IEnumerable<ThingRef> things) =>
        isPast ? ledger.Views.StateAt(Height, things) : ledger.StateWith([.. things]);
}
