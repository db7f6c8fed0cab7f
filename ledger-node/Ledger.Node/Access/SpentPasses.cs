using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Node.Access;

/// <summary>
/// Passes that are good once and were used, until they have ended. So many of one party are remembered, and whoever uses more at once waits: what one
/// party does costs the others nothing.
/// </summary>
sealed class SpentPasses
{
    public const int MostOfParty = 60;

    readonly Lock gate = new();
    readonly Dictionary<PartyId, Dictionary<string, long>> spent = [];

    /// <summary>Spends a pass, or says that it was spent or that its party has spent too many.</summary>
    public Refusal Spend(ReadPass pass, long now)
    {
        lock (gate)
        {
            if (!spent.TryGetValue(pass.Key.Party, out var ofParty)) spent[pass.Key.Party] = ofParty = new(StringComparer.Ordinal);
            foreach (var (id, ends) in ofParty)
            {
                if (ends <= now) ofParty.Remove(id);
            }

            if (ofParty.ContainsKey(pass.Id)) return Refusal.PassSpent;
            if (ofParty.Count >= MostOfParty) return Refusal.TooManyRequests;
            ofParty.Add(pass.Id, pass.Expires + ReadPass.SkewSeconds);
            return Refusal.None;
        }
    }
}
