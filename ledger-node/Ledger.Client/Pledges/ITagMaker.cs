using Ledger.Core.Primitives;

namespace Ledger.Client.Pledges;

/// <summary>
/// Makes tags of documents for a pledge registry: equal for equal names wherever the same secret stands behind them, and saying nothing to who has not the secret.
/// Its kind says how far that goes, and stands beside every tag.
/// </summary>
public interface ITagMaker
{
    TagKind Kind { get; }

    /// <summary>The tag of a name (<see cref="Documents.DocumentOpening.PledgeNames"/>); null where this maker was not asked for it.</summary>
    Hash256? TagOf(ByteString name);
}

/// <summary>What stands behind a tag.</summary>
public enum TagKind
{
    /// <summary>One secret that every registry has: each of them can find out by trial which document any tag stands for, as often as it likes and unseen.</summary>
    Shared,

    /// <summary>A key that nobody has: each trial asks a threshold of banks, who count it.</summary>
    Threshold,
}
