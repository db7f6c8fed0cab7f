using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary><c>key.veto</c>: stops a key that waits to come into force. It ends before its beginning, and the key that it was to follow goes on.</summary>
public sealed record VetoRotation(PartyId Party, uint Key) : Operation
{
    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => [];
}

public sealed record RotationVetoed(KeyId Key) : LedgerEvent;

public static partial class Rulebook
{
    static Verdict Judge(LedgerState state, Act act, VetoRotation veto)
    {
        if (state.Party(veto.Party) is not { } party) return Verdict.No(Refusal.PartyNotFound, veto.Party.Text);
        var id = new KeyId(party.Id, veto.Key);
        if (state.Key(id) is not { } key) return Verdict.No(Refusal.KeyNotFound, id.ToString());
        if (key.Until <= state.Now) return Refusal.KeyAlreadyEnded;
        if (key.From <= state.Now) return Refusal.RotationInForce;
        if (!IsSignedByRecoveryKey(state, act, party.Id)
            && !IsSignedByLegalRepresentative(state, act, party.Id)
            && !IsSignedByActiveParty(state, act, party.Sponsor)) return Refusal.VetoNotAllowed;

        return new RotationVetoed(id);
    }

    static LedgerState Enact(LedgerState state, RotationVetoed vetoed) => End(state, vetoed.Key);
}
