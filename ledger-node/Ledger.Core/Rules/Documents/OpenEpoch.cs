using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>
/// A new fingerprint key begins (<c>epoch.open</c>): its commitment, and the key sealed to every bank. Earlier epochs stay open, so that a document
/// registered under an old key is still found.
/// </summary>
public sealed record OpenEpoch(uint Number, Hash256 KeyCommitment, ValueList<SealedEpochKey> SealedKeys) : Operation
{
    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => [];
}

public sealed record EpochOpened(Epoch Epoch) : LedgerEvent;

public static partial class Rulebook
{
    static Verdict Judge(LedgerState state, Act act, OpenEpoch open)
    {
        if (act.Party != state.Chain.Authority) return Refusal.NotTheAuthority;
        if (open.Number != state.Epochs[^1].Number + 1) return Refusal.EpochOutOfOrder;
        var banks = state.AllParties.Where(party => party.Has(Roles.Bank)).Select(party => party.Id).Order();
        if (!banks.SequenceEqual(open.SealedKeys.Select(key => key.Bank))) return Refusal.SealedKeysIncomplete;

        return new EpochOpened(new(open.Number, open.KeyCommitment, open.SealedKeys, state.Now));
    }

    static LedgerState Enact(LedgerState state, EpochOpened opened) => state.With(opened.Epoch);
}
