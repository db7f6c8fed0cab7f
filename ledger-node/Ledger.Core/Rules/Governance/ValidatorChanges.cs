using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

public static partial class Rulebook
{
    /// <summary>As many as can sign one note.</summary>
    public const int MostValidators = 64;

    /// <summary>What a node key signs to prove that its bank holds it: on this chain, as this bank's.</summary>
    public static byte[] NodeKeyText(Hash256 chainId, PartyId bank, ByteString nodeKey) =>
        new BigEndianWriter(160).Bytes("ledger-node-key\n"u8).Hash(chainId).Party(bank).Bytes(nodeKey.Span).ToArray();

    static Verdict.Refused? WhyNotAdded(LedgerState state, Proposal proposal)
    {
        if (state.Party(proposal.Party) is not { } party) return Verdict.No(Refusal.PartyNotFound, proposal.Party.Text);
        if (!party.Has(Roles.Bank)) return new(Refusal.ValidatorIsNotBank, Facts.None);
        if (state.Validator(proposal.Party) is not null) return new(Refusal.AlreadyAValidator, Facts.None);
        if (state.Validators.Count() >= MostValidators) return Verdict.No(Refusal.TooManyValidators, $"{MostValidators}");
        return WhyNotNodeKey(state, proposal.NodeKey);
    }

    static Verdict.Refused? WhyNotRemoved(LedgerState state, Proposal proposal)
    {
        if (state.Validator(proposal.Party) is null) return new(Refusal.NoSuchValidator, Facts.None);
        return state.Validators.Count() == 1 ? new(Refusal.LastValidator, Facts.None) : null;
    }

    // Whoever proposes it is the validator, and may have been removed since.
    static Verdict.Refused? WhyNotRotated(LedgerState state, Proposal proposal) =>
        state.Validator(proposal.Proposer) is null ? new(Refusal.NoSuchValidator, Facts.None) : WhyNotNodeKey(state, proposal.NodeKey);

    static Verdict.Refused? WhyNotNodeKey(LedgerState state, ByteString nodeKey)
    {
        if (!state.Chain.Suite.IsPublicKey(nodeKey.Span)) return new(Refusal.NodeKeyInvalid, Facts.None);
        if (state.IsKnown(nodeKey)) return new(Refusal.NodeKeyInUse, Facts.None);

        // A checkpoint names its signers by four octets of their keys, and whoever tries long enough finds another's.
        var id = state.Chain.NoteKeyId(nodeKey);
        return state.Validators.Any(validator => state.Chain.NoteKeyId(validator.NodeKey) == id) ? new(Refusal.NodeKeyInUse, Facts.None) : null;
    }

    // A seat is nobody's but its bank's: otherwise a proposer would sit on it under a key of its own.
    internal static Verdict.Refused? WhyNotAgreed(LedgerState state, Act act, Propose proposed)
    {
        if (proposed.NodeKey is not { } nodeKey) return null;
        var bank = proposed.Party ?? act.Party;
        if (!IsSignedByActiveParty(state, act, bank)) return new(Refusal.NewValidatorDidNotSign, Facts.None);
        return state.Chain.Suite.Verify(nodeKey, NodeKeyText(state.Chain.ChainId, bank, nodeKey), (proposed.Proof ?? default).Span)
            ? null
            : new(Refusal.NodeKeyNotProved, Facts.None);
    }
}
