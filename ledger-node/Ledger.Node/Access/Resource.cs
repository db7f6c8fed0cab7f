namespace Ledger.Node.Access;

/// <summary>What is read, in the words of the table of who may see what.</summary>
public enum Resource
{
    /// <summary>Checkpoints, genesis, proofs without their leaves, ledger time, health and the description of the API.</summary>
    Public,

    /// <summary>A transaction, which says itself who signed it; a dry run of one; disclosures that open its digests.</summary>
    Signed,

    Party,
    Instrument,
    Token,
    Offer,
    Document,

    /// <summary>Whether a document's number is registered, for who has the fingerprint key and could try to register it.</summary>
    Fingerprint,
    Pledge,
    Financing,
    Line,
    Payment,
    Instruction,

    /// <summary>A transaction with its answer, its receipt and the bytes of its leaf.</summary>
    Entry,

    /// <summary>Leaves of the history in a row, whosever they are.</summary>
    Bundle,

    /// <summary>Header and envelope; which entries are listed with them is for the entries' row to say.</summary>
    Block,

    /// <summary>A double-pledge attempt.</summary>
    Attempt,

    /// <summary>What was hidden under digests.</summary>
    Disclosure,

    /// <summary>Who read a party's data.</summary>
    Reads,

    Statistics,
    Search,

    /// <summary>Near matches and their review.</summary>
    Review,

    /// <summary>Where a party has itself told what happens.</summary>
    Webhook,

    /// <summary>A transaction that waits for signatures.</summary>
    Draft,

    /// <summary>The desk at which the node's own bank prepares attestations and decides about near matches.</summary>
    Desk,

    /// <summary>Setting the time of a demo or test chain.</summary>
    Clock,

    /// <summary>What this node knows of other banks' nodes.</summary>
    Peers,
}
