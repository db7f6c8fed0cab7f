using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Chain;

/// <summary>What is said of one key of the state: that this value stands under it, or, without one, that nothing does; and the way from there to the state root.</summary>
public sealed record StateClaim(byte Section, ByteString Key, ByteString? Value, StateProof Proof)
{
    /// <summary>Null where the state with that root is as claimed; else what does not agree.</summary>
    public StateDisagreement? Disagrees(CryptoSuite suite, Hash256 stateRoot)
    {
        var found = Value is { } value ? Proof.RootOfRecord(suite, Section, Key.Span, value.Span) : Proof.RootOfAbsence(suite, Section, Key.Span);
        if (found != Proof.SectionRoots[Proof.Section - 1]) return new(this, IsOfSection: true, Proof.SectionRoots[Proof.Section - 1], found);
        return Proof.StateRoot(suite) is var root && root == stateRoot ? null : new(this, IsOfSection: false, stateRoot, root);
    }
}

/// <summary>
/// Two roots that should be one: of the claim's section, the one that the proof names and the one to which record and path lead, or of the state, the one in the header and the one that the
/// sections make. Nothing is found where the path leads nowhere.
/// </summary>
public sealed record StateDisagreement(StateClaim Claim, bool IsOfSection, Hash256 Expected, Hash256? Found);
