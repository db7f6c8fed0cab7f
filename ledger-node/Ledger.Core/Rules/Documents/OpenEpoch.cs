using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>
/// A new fingerprint key begins (<c>epoch.open</c>): its commitment, and the key sealed to every bank. Earlier epochs stay open, so that a document
/// registered under an old key is still found.
/// </summary>
public sealed record OpenEpoch(uint Number, Hash256 KeyCommitment, ValueList<SealedEpochKey> SealedKeys) : Operation<OpenEpoch>, IVerb
{
    public static Verb Verb { get; } = new("epoch.open", "开启指纹密钥期", "open a fingerprint key epoch");

    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => [];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (act.Party != state.Chain.Authority) return Refusal.NotTheAuthority;
        if (Number != state.Epochs[^1].Number + 1) return Refusal.EpochOutOfOrder;
        var banks = state.AllParties.Where(party => party.Has(Roles.Bank)).Select(party => party.Id).Order();
        if (!banks.SequenceEqual(SealedKeys.Select(key => key.Bank))) return Refusal.SealedKeysIncomplete;

        return new EpochOpened(new(Number, KeyCommitment, SealedKeys, state.Now));
    }
}

public sealed record EpochOpened(Epoch Epoch) : LedgerEvent<EpochOpened>, IEvent
{
    public static (string Chinese, string English) Words => ("指纹密钥期已开启", "epoch opened");

    public override LedgerState Enact(LedgerState state) => state.With(Epoch);

    public override IEnumerable<Told> Tells(LedgerState state) => [Details.Epoch.Is(Epoch.Number)];
}
