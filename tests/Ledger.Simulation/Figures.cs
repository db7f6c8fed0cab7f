using System.Globalization;

namespace Ledger.Simulation;

/// <summary>What was gone through in a run, or in many.</summary>
sealed class Figures
{
    public double Hours { get; set; }

    /// <summary>Those of the hours in which everything came as fast as it can.</summary>
    public double Rush { get; set; }

    public long Steps { get; set; }

    public ulong Blocks { get; set; }

    public long Entries { get; set; }

    public long Refused { get; set; }

    /// <summary>Those among the refused that wanted units or documents which were taken.</summary>
    public long Attempts { get; set; }

    /// <summary>How often units were promised to a bank that is to lend on them.</summary>
    public long Reserved { get; set; }

    /// <summary>How often none of them decided in time.</summary>
    public long Lapsed { get; set; }

    public long Epochs { get; set; }

    public long Crashes { get; set; }

    /// <summary>Those among the crashes in which a node found no room on its disk and stopped itself.</summary>
    public int WithoutRoom { get; set; }

    public long Votes { get; set; }

    public long Reports { get; set; }

    /// <summary>How often a bank was let in by votes.</summary>
    public int LetIn { get; set; }

    /// <summary>How often one was voted out.</summary>
    public int VotedOut { get; set; }

    /// <summary>How often one signed under another node key from a block on.</summary>
    public int KeysChanged { get; set; }

    /// <summary>Blocks that were voted on again in a later epoch than before, once for each epoch.</summary>
    public int VotedAgain { get; set; }

    /// <summary>Those among the changes that were.</summary>
    public int ChangesVotedAgain { get; set; }

    /// <summary>The longest that an act waited for its finality after trouble had ended, in virtual seconds.</summary>
    public double Slowest { get; set; }

    public Dictionary<string, int> Troubles { get; } = [];

    public void Add(Figures other)
    {
        Hours += other.Hours;
        Rush += other.Rush;
        Steps += other.Steps;
        Blocks += other.Blocks;
        Entries += other.Entries;
        Refused += other.Refused;
        Epochs += other.Epochs;
        Crashes += other.Crashes;
        WithoutRoom += other.WithoutRoom;
        Votes += other.Votes;
        Reports += other.Reports;
        LetIn += other.LetIn;
        VotedOut += other.VotedOut;
        KeysChanged += other.KeysChanged;
        VotedAgain += other.VotedAgain;
        ChangesVotedAgain += other.ChangesVotedAgain;
        Attempts += other.Attempts;
        Reserved += other.Reserved;
        Lapsed += other.Lapsed;
        Slowest = Math.Max(Slowest, other.Slowest);
        foreach (var (trouble, times) in other.Troubles) Troubles[trouble] = Troubles.GetValueOrDefault(trouble) + times;
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Hours:F2} cluster-hours ({Rush:F2} of them in a rush), {Steps} steps, {Blocks} blocks, {Entries} entries ({Refused} refused, {Attempts} of them what was taken; {Reserved} applications, of which {Lapsed} lapsed), {Epochs} epochs, {Crashes} crashes ({WithoutRoom} for want of room), {Votes} votes, {Reports} reports, {LetIn} banks let in, {VotedOut} voted out, {KeysChanged} keys changed, {VotedAgain} blocks voted on again ({ChangesVotedAgain} of them changes), slowest recovery {Slowest:F1} s; {string.Join(", ", Troubles.OrderBy(static one => one.Key, StringComparer.Ordinal).Select(static one => $"{one.Key} {one.Value}"))}");
}
