using System.Net;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;

namespace Ledger.Node.Access;

/// <summary>How the node knows who reads.</summary>
public enum CallerKind
{
    /// <summary>No pass came with the request.</summary>
    None,

    /// <summary>The node is open to whoever reaches it, which only a node on loopback can be.</summary>
    Open,

    /// <summary>A pass signed with a key that is valid on the ledger.</summary>
    Pass,
}

/// <summary>
/// Who reads: <paramref name="Party"/> signed the pass with <paramref name="Key"/>, and reads as <paramref name="Principal"/>, which is itself unless
/// it acts under a mandate (<paramref name="Mandated"/>: the verbs that it was given). The roles are the principal's.
/// </summary>
public sealed record Caller(CallerKind How, PartyId Party, PartyId Principal, KeyId Key, Roles Roles, IReadOnlySet<string>? Mandated)
{
    public static readonly Caller Anonymous = new(CallerKind.None, default, default, default, Roles.None, null);

    public static readonly Caller Open = new(CallerKind.Open, default, default, default, Roles.None, null);

    /// <summary>In whose name its requests are counted: the party's that showed a pass, else that of the address it calls from.</summary>
    public string BudgetOf(IPAddress? address) => How == CallerKind.Pass ? Party.Text : CallerAddress.Network(address);

    /// <summary>A party that reads for itself, as its pass or its session says.</summary>
    public static Caller Of(KeyId key, Party party) => new(CallerKind.Pass, key.Party, key.Party, key, party.Roles, null);

    /// <summary>
    /// A party that reads for its principal. What a principal sees by its office, and not because a thing is its own, goes with no mandate.
    /// </summary>
    public static Caller OnBehalf(KeyId key, Party principal, IEnumerable<Mandate> mandates) => new(
        CallerKind.Pass, key.Party, principal.Id, key, principal.Roles & ~(Roles.Regulator | Roles.Operator | Roles.Gateway),
        mandates.SelectMany(mandate => mandate.Verbs).ToHashSet(StringComparer.Ordinal));
}
