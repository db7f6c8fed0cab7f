using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary><c>key.veto</c>: stops a key that waits to come into force. It ends before its beginning, and the key that it was to follow goes on.</summary>
public sealed record VetoRotation(PartyId Party, uint Key) : Operation<VetoRotation>, IVerb
{
    public static Verb Verb { get; } = new("key.veto", "否决密钥更换", "veto a rotation");

    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => [];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Party(Party) is not { } party) return Verdict.No(Refusal.PartyNotFound, Party.Text);
        var id = new KeyId(party.Id, Key);
        if (state.Key(id) is not { } key) return Verdict.No(Refusal.KeyNotFound, id.ToString());
        if (key.Until <= state.Now) return Refusal.KeyAlreadyEnded;
        if (key.From <= state.Now) return Refusal.RotationInForce;
        if (!IsSignedByRecoveryKey(state, act, party.Id)
            && !IsSignedByLegalRepresentative(state, act, party.Id)
            && !IsSignedByActiveParty(state, act, party.Sponsor)) return Refusal.VetoNotAllowed;

        return new RotationVetoed(id);
    }
}

public sealed record RotationVetoed(KeyId Key) : LedgerEvent<RotationVetoed>, IEvent
{
    public static (string Chinese, string English) Words => ("更换已否决", "rotation vetoed");

    public override LedgerState Enact(LedgerState state) => End(state, Key);

    public override IEnumerable<Told> Tells(LedgerState state) => [Details.Key.Is(Key)];
}
