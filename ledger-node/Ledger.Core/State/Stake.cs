using Ledger.Core.Primitives;

namespace Ledger.Core.State;

/// <summary>
/// What a party gives up, lets go, takes on or vouches for by an act: so much, towards whom. A stake of nothing says that there is another side, whose
/// hand must not sign it; a stake in everything, that whoever does this could do all that the party can.
/// </summary>
public readonly record struct Stake(PartyId Party, PartyId? Towards, Currency Currency, Amount Amount, bool IsEverything = false)
{
    public static Stake Nothing(PartyId party, PartyId towards) => new(party, towards, default, Amount.Zero);

    public bool IsNothing => Amount.IsZero && !IsEverything;

    public static Stake Everything(PartyId party) => new(party, null, default, Amount.Zero, IsEverything: true);

    /// <summary>A stake in everything of each party that signs.</summary>
    public static ValueList<Stake> EverythingOf(Act act) => [.. act.Signers.Select(static signer => signer.Party).Append(act.Party).Distinct().Select(Everything)];
}
