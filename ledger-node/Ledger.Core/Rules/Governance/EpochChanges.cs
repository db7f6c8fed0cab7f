using System.Diagnostics;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

public static partial class Rulebook
{
    /// <summary>A document brings its marks of every epoch, and all of them have room in a transaction.</summary>
    public const int MostEpochs = 32;

    static NextEpoch EpochOf(Proposal proposal) => proposal.Epoch ?? throw new UnreachableException();

    static Verdict.Refused? WhyNotEpoch(LedgerState state, NextEpoch epoch)
    {
        if (epoch.Number != state.Epochs[^1].Number + 1) return new(Refusal.EpochOutOfOrder, Facts.None);
        return state.Epochs.Count >= MostEpochs ? Verdict.No(Refusal.TooManyEpochs, $"{MostEpochs}") : null;
    }

    // Judged when it is proposed and not again: a bank that is registered meanwhile gets the key as one that is registered later does, and holds up nothing.
    internal static Verdict.Refused? WhyNotSealed(LedgerState state, NextEpoch? epoch)
    {
        if (epoch is null) return null;
        var banks = state.AllParties.Where(party => party.Has(Roles.Bank)).Select(party => party.Id).Order();
        return banks.SequenceEqual(epoch.SealedKeys.Select(key => key.Bank)) ? null : new(Refusal.SealedKeysIncomplete, Facts.None);
    }

    // Earlier ones stay open: what was registered under an old key is found under it, and is not registered again.
    static LedgerState WithEpoch(LedgerState state, NextEpoch epoch) => state.With(new Epoch(epoch.Number, epoch.KeyCommitment, epoch.SealedKeys, state.Now));
}
