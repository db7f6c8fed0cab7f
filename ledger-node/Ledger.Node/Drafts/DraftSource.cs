using Ledger.Core.Primitives;

namespace Ledger.Node.Drafts;

/// <summary>
/// Another bank's node as a giver of drafts, and what it may cost: it is listened to for so long in a round, and one that gives what no honest node gives is asked ever less often. One caller at a time.
/// </summary>
public sealed class DraftSource(PartyId bank)
{
    /// <summary>What a round may cost, in texts read: a small part of the time between two rounds, with the slowest suite too.</summary>
    public const int MostOfRound = 1_024;

    /// <summary>A signature that is verified costs as much as so many texts read.</summary>
    public const int CostOfSignature = 8;

    /// <summary>At most so many times the usual time lies between two rounds.</summary>
    public const int LongestPause = 32;

    const int MostHeard = 8 * MostOfRound;

    // Of the page that is being heard: where a round ends within it, it is asked for again.
    readonly HashSet<Hash256> heard = [];
    int left;
    int refusedInRound;

    public PartyId Bank => bank;

    /// <summary>How many times the usual time the next round is waited for.</summary>
    public int Pause { get; private set; } = 1;

    /// <summary>How many drafts it gave that no honest node gives.</summary>
    public long Refused { get; private set; }

    internal bool HasPatience => left > 0;

    public void BeginRound() => (left, refusedInRound) = (MostOfRound, 0);

    /// <summary>The next round comes later where this one brought what no honest node gives, and as usual where it did not.</summary>
    public void EndRound(bool isMalformed) => Pause = isMalformed || refusedInRound > 0 ? Math.Min(2 * Pause, LongestPause) : 1;

    internal bool HasHeard(Hash256 digest) => heard.Contains(digest);

    internal void Heard(Hash256 digest, bool isHonest)
    {
        // One page is so long at the most; what is given beyond, by ever other pages, is heard again.
        if (heard.Count == MostHeard) heard.Clear();
        heard.Add(digest);
        if (isHonest) return;
        refusedInRound++;
        Refused++;
    }

    internal void EndPage() => heard.Clear();

    internal void Read() => left--;

    internal void Verify(int signatures) => left -= signatures * CostOfSignature;
}
