using Ledger.Core.Parties;
using Ledger.Core.State;

namespace Ledger.Node.Access;

/// <summary>How much of a kind of thing somebody may see.</summary>
public enum Extent
{
    Nothing,

    /// <summary>What <see cref="Sight"/> finds to be the caller's own.</summary>
    Own,

    All,
}

/// <summary>
/// Who may see what: for each role the extent of every resource. A party with several roles has the widest of them. The table is the rule; what is
/// one's own stands with each noun in <see cref="Sight"/>. These rules bind callers of a node, not the disk of a validator.
/// </summary>
public static class Visibility
{
    /// <summary>The rows' order.</summary>
    public static readonly IReadOnlyList<Roles> Rows =
        [Roles.None, Roles.Bank, Roles.CoreEnterprise, Roles.Supplier, Roles.Guarantor, Roles.Platform, Roles.Gateway, Roles.Operator, Roles.Regulator];

    // One column a role, in the order of Rows: Nothing, Own, All.
    static readonly Dictionary<Resource, string> Table = new()
    {
        //                         anon bank core supp guar plat gate oper regu
        [Resource.Public] = /*      */ "A    A    A    A    A    A    A    A    A",
        [Resource.Signed] = /*      */ "A    A    A    A    A    A    A    A    A",
        [Resource.Party] = /*       */ "-    A    A    A    A    A    A    A    A",
        [Resource.Instrument] = /*  */ "-    o    o    o    o    o    o    o    A",
        [Resource.Token] = /*       */ "-    o    o    o    o    o    o    o    A",
        [Resource.Offer] = /*       */ "-    o    o    o    o    o    o    o    A",
        [Resource.Document] = /*    */ "-    o    o    o    o    o    o    o    A",
        [Resource.Fingerprint] = /* */ "-    A    -    -    -    -    -    -    A",
        [Resource.Pledge] = /*      */ "-    o    o    o    o    o    o    o    A",
        [Resource.Financing] = /*   */ "-    o    o    o    o    o    o    o    A",
        [Resource.Line] = /*        */ "-    o    o    o    o    o    -    -    A",
        [Resource.Payment] = /*     */ "-    o    o    o    o    o    o    o    A",
        [Resource.Instruction] = /* */ "-    o    o    o    o    o    -    -    A",
        [Resource.Entry] = /*       */ "-    o    o    o    o    o    o    o    A",
        [Resource.Bundle] = /*      */ "-    -    -    -    -    -    -    -    A",
        [Resource.Block] = /*       */ "-    A    A    A    A    A    A    A    A",
        [Resource.Attempt] = /*     */ "-    o    o    o    o    o    o    o    A",
        [Resource.Disclosure] = /*  */ "-    o    o    o    o    o    -    -    A",
        [Resource.Reads] = /*       */ "-    o    o    o    o    o    o    o    A",
        [Resource.Statistics] = /*  */ "-    o    o    -    -    -    -    A    A",
        [Resource.Search] = /*      */ "-    o    o    o    o    o    o    o    A",
        [Resource.Review] = /*      */ "-    o    -    -    -    -    -    -    A",
        [Resource.Webhook] = /*     */ "-    o    o    o    o    o    o    o    o",
        [Resource.Draft] = /*       */ "-    o    o    o    o    o    o    o    o",
        [Resource.Desk] = /*        */ "-    o    -    -    -    -    -    -    -",
        [Resource.Clock] = /*       */ "-    o    -    -    -    -    -    A    -",
        [Resource.Peers] = /*       */ "-    o    -    -    -    -    -    A    A",
    };

    // What of these an agent sees of its principal's, by the chapter of the verbs that it was given; what is not here needs any one verb.
    static readonly Dictionary<Resource, string[]> Chapters = new()
    {
        [Resource.Document] = ["document", "confirmation", "receivable", "token", "financing"],
        [Resource.Fingerprint] = [],
        [Resource.Pledge] = ["document"],
        [Resource.Financing] = ["financing"],
        [Resource.Line] = ["financing"],
        [Resource.Payment] = ["payment", "claim", "instrument", "financing", "bill"],
        [Resource.Instruction] = ["payment", "claim", "instrument", "financing", "bill"],
        [Resource.Disclosure] = ["financing", "token", "bill", "document", "confirmation", "instrument"],
        [Resource.Bundle] = [],
        [Resource.Reads] = [],
        [Resource.Statistics] = [],
        [Resource.Review] = [],
        [Resource.Webhook] = [],
        [Resource.Draft] = [],
        [Resource.Desk] = [],
        [Resource.Clock] = [],
        [Resource.Peers] = [],
    };

    static readonly Dictionary<(Roles, Resource), Extent> Cells = Read();

    /// <summary>What one role sees of a resource; <see cref="Roles.None"/> is whoever shows no pass.</summary>
    public static Extent Of(Roles role, Resource resource) => Cells[(role, resource)];

    public static Extent Of(Caller caller, Resource resource)
    {
        if (caller.How == CallerKind.Open) return Extent.All;
        var widest = Cells[(Roles.None, resource)];
        if (caller.How == CallerKind.None || !IsMandated(caller, resource)) return widest;
        foreach (var role in Rows)
        {
            if ((caller.Roles & role) != 0 && Cells[(role, resource)] > widest) widest = Cells[(role, resource)];
        }

        return widest;
    }

    /// <summary>Whether all of these are acts of chapters of which an agent was given a verb; for who reads for itself they are.</summary>
    public static bool IsMandated(Caller caller, IEnumerable<Operation> operations) =>
        caller.Mandated is not { } verbs || operations.All(operation => verbs.Any(verb => ChapterOf(verb) == ChapterOf(operation.Kind)));

    /// <summary>Whether an agent was given a verb of this chapter.</summary>
    public static bool IsMandated(Caller caller, string chapter) => caller.Mandated is not { } verbs || verbs.Any(verb => ChapterOf(verb) == chapter);

    static bool IsMandated(Caller caller, Resource resource) =>
        caller.Mandated is not { } verbs
        || (Chapters.TryGetValue(resource, out var chapters) ? verbs.Any(verb => chapters.Contains(ChapterOf(verb))) : verbs.Count > 0);

    static string ChapterOf(string verb) => verb[..verb.IndexOf('.', StringComparison.Ordinal)];

    static Dictionary<(Roles, Resource), Extent> Read()
    {
        var cells = new Dictionary<(Roles, Resource), Extent>();
        foreach (var resource in Enum.GetValues<Resource>())
        {
            var row = Table[resource].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            for (var i = 0; i < Rows.Count; i++)
                cells.Add((Rows[i], resource), row[i] switch { "A" => Extent.All, "o" => Extent.Own, _ => Extent.Nothing });
        }

        return cells;
    }
}
