using Ledger.Core.Parties;
using Ledger.Core.Primitives;

namespace Ledger.Node.Web;

/// <summary>Who looks at a page: nobody in particular, or a party that proved with its key who it is.</summary>
public sealed record Onlooker(PartyId? Party, KeyId? Key, Roles Roles)
{
    public static readonly Onlooker Anonymous = new(null, null, Roles.None);
}
