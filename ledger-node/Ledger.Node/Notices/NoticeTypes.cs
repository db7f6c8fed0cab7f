using Ledger.Core.Rules;
using Ledger.Core.State;

namespace Ledger.Node.Notices;

/// <summary>
/// What a notice can be about: the verbs of an entry, joined with <c>+</c>; a double-pledge attempt; what a deadline did. Who asks for a type gets every
/// notice of which it is a part.
/// </summary>
public static class NoticeTypes
{
    /// <summary>A refused entry that is a double-pledge attempt, whatever its verbs.</summary>
    public const string Attempt = "attempt";

    /// <summary>So many may be asked for at once.</summary>
    public const int MaxAsked = 100;

    static readonly HashSet<string> Known =
    [
        Attempt, .. Rulebook.Verbs.Keys,
        .. Enum.GetValues<DeadlineKind>().Select(kind => Rulebook.Ended(new(default, kind, default))?.Kind).OfType<string>(),
    ];

    /// <summary>The first of some types that no notice ever has; null when there are notices of each.</summary>
    public static string? FirstUnknown(IEnumerable<string> types) => types.FirstOrDefault(type => !Known.Contains(type));

    /// <summary>Whether a notice is of one of these types; of any where none is named.</summary>
    public static bool Fit(IReadOnlyCollection<string> types, Notice notice) => types.Count == 0 || notice.Type.Split('+').Any(types.Contains);
}
