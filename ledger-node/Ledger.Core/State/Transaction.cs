using Ledger.Core.Primitives;

namespace Ledger.Core.State;

/// <summary>
/// One thing that a party wants done: an article of law, which says of itself what it makes, what is staked, and whether it may be. Heirs stand one file a
/// verb; none compiles that leaves an answer out.
/// </summary>
public abstract record Operation
{
    private protected Operation() { }

    /// <summary>The name of its verb, which is its <c>kind</c> on the wire.</summary>
    public abstract string Kind { get; }

    /// <summary>The ids of the things that it makes where it is accepted; none for what is there already and is only changed.</summary>
    public abstract ValueList<UInt128> Makes(LedgerState state);

    /// <summary>
    /// What each party that has a hand in it stakes, on the state that it meets; mandates and signing policies judge by it. What it names and is not
    /// there weighs nothing, for then the act is refused. Only who signs is held to it.
    /// </summary>
    public abstract ValueList<Stake> Stakes(LedgerState state, Act act);

    /// <summary>What it makes happen on the state that it meets, or the first reason why it may not. It changes nothing.</summary>
    public abstract Verdict Judge(LedgerState state, Act act);
}

/// <summary>An operation of one kind, which says what its verb is.</summary>
public abstract record Operation<TSelf> : Operation where TSelf : Operation<TSelf>, IVerb
{
    public sealed override string Kind => TSelf.Verb.Name;
}

/// <summary>
/// What was signed: who acts (an agent when <paramref name="OnBehalfOf"/> names its principal), the client's id, until when the request is good,
/// and operations that succeed or fail together.
/// </summary>
public sealed record Transaction(
    PartyId Party,
    PartyId? OnBehalfOf,
    Id<Transaction> Id,
    Timestamp Expires,
    ValueList<Operation> Operations)
{
    /// <summary>Whose right is judged and whose asset moves.</summary>
    public PartyId Principal => OnBehalfOf ?? Party;
}

/// <summary>
/// A transaction as it came: exact bytes, their hash, the hash of the payload (its identity), and for each signer the message and signature.
/// Nothing is written again in order to verify it.
/// </summary>
public sealed record SignedTransaction(
    Transaction Body,
    ReadOnlyMemory<byte> Bytes,
    Hash256 Hash,
    Hash256 PayloadHash,
    ValueList<KeyId> Signers,
    ValueList<SignedPart> Parts);

/// <summary>
/// A transaction that some of its signers have signed. Who signs is settled before anybody does: every protected header announces all of them, so what is missing is what the text itself
/// says, and whether these are the right ones is judged as if all had signed.
/// </summary>
public sealed record SignedInPart(SignedTransaction Signed, ValueList<KeyId> Announced)
{
    /// <summary>Who is announced and has not signed, ascending.</summary>
    public IEnumerable<KeyId> Missing => Announced.Where(signer => !Signed.Signers.Contains(signer));

    public bool IsWhole => Signed.Signers.Count == Announced.Count;

    /// <summary>What the rulebook would be shown once the missing have signed; none of its signatures stand for them.</summary>
    public SignedTransaction AsIfWhole => Signed with { Signers = Announced };

    /// <summary>Each signature that is there, with its signer.</summary>
    public IEnumerable<(KeyId Signer, SignedPart Part)> Parts => Signed.Signers.Zip(Signed.Parts);

    /// <summary>Whether another text is of the same payload and announces the same signers.</summary>
    public bool IsOfSame(SignedInPart other) => Signed.PayloadHash == other.Signed.PayloadHash && Announced == other.Announced;
}

/// <summary>The signing input of one signer (RFC 7515 section 5.1) and its signature.</summary>
public readonly record struct SignedPart(ByteString Message, ByteString Signature);

/// <summary>Whose act a verb judges: the party whose right it is, the party that signs for it, and everybody who signed.</summary>
public sealed record Act(PartyId Party, PartyId Agent, ValueList<KeyId> Signers)
{
    public bool IsSignedBy(PartyId party)
    {
        foreach (var signer in Signers)
        {
            if (signer.Party == party) return true;
        }

        return false;
    }
}
