using System.Collections.Immutable;
using Ledger.Core.Finality;
using Ledger.Client.Invoices;
using Ledger.Core.Primitives;

namespace Ledger.Simulation.Model;

/// <summary>A rule of voting that is broken on purpose: each of these forks the ledger.</summary>
public enum Broken
{
    Nothing,
    OnePhase,
    ReportsNothing,
    VotesAfterReport,
    RanksBySize,
    GoesOnAfterLoss,
    ResumesWithoutEnvelope,
    ResumesAtOnce,
    VotesOnAnyBaseAgain,
}

/// <summary>
/// Four banks, one of which signs whatever helps, under an order that shows any branch to anybody at any time, every message seen or not: all states that three banks which vote by
/// <see cref="Ballot"/> can come to. A line of blocks is a text of two characters a block, the epoch and the branch; one that ends with an epoch and = is that before it, voted on again in the epoch. A story names
/// the kinds of moves, one after another, where all of them would be too many: prepare of branch A, of branch B, of any (P), aGain, Commit, Report, Enter, enter behind what is Final, let go of what cannot be (K), Lose,
/// resUme.
/// </summary>
sealed class VoteModel(int[] depths, Broken broken, int losses)
{
    const char Again = '=';

    static readonly PartyId[] Banks = [.. Enumerable.Range(1, 4).Select(static seed => FictionalUscc.Of("440300", seed))];
    static readonly BlockPoint Genesis = new(0, 1, new(1, 0));

    readonly Dictionary<string, BlockPoint> points = new() { [""] = Genesis };
    readonly Dictionary<Hash256, string> lines = new() { [Genesis.Root] = "" };

    /// <summary>How many states were seen and whether there are no others, and two blocks that exclude each other and are both final, where there are.</summary>
    public (int States, bool IsWhole, (string, string)? Fork) Search(int limit, string? story = null)
    {
        var start = new Bank(Ballot.First(1, Genesis), "", [], [], [], Losses: 0);
        Bank[] beginning = [start, start, start];
        var seen = new HashSet<string> { KeyOf(beginning) };
        var frontier = new List<Bank[]> { beginning };
        for (var level = 0; frontier.Count > 0 && (story is null || level < story.Length); level++)
        {
            var next = new List<Bank[]>();
            foreach (var state in frontier)
            {
                foreach (var after in Successors(state, story?[level]))
                {
                    if (!seen.Add(KeyOf(after))) continue;
                    if (Fork(after) is { } fork) return (seen.Count, false, fork);
                    next.Add(after);
                }

                if (seen.Count > limit) return (seen.Count, false, null);
            }

            frontier = next;
        }

        return (seen.Count, true, null);
    }

    /// <summary>Whether a block is final in some state that a story ends in.</summary>
    public bool Reaches(string story, string final)
    {
        var start = new Bank(Ballot.First(1, Genesis), "", [], [], [], Losses: 0);
        List<Bank[]> states = [[start, start, start]];
        foreach (var move in story) states = [.. states.SelectMany(state => Successors(state, move)).DistinctBy(KeyOf)];
        return states.Exists(state => Final(state).Contains(final));
    }

    IEnumerable<Bank[]> Successors(Bank[] state, char? only)
    {
        var certificates = Certified(state);
        for (var i = 0; i < state.Length; i++)
        {
            foreach (var (kind, after) in Moves(state, i, certificates))
            {
                if (only is { } told && told != kind && !(told == 'P' && kind is 'A' or 'B')) continue;
                var copy = (Bank[])state.Clone();
                copy[i] = after;
                yield return copy;
            }
        }
    }

    IEnumerable<(char Kind, Bank After)> Moves(Bank[] state, int i, List<Certificate> certificates)
    {
        var bank = state[i];
        if (bank.Ballot is not { } ballot)
        {
            foreach (var resumed in Resumptions(state, i)) yield return ('U', resumed);
            yield break;
        }

        var epoch = ballot.Epoch;
        foreach (var branch in "ab")
        {
            var line = bank.Line + (char)('0' + epoch) + branch;
            if (line.Length > 2 * Depth(epoch) + LengthOf(ballot.Base)) continue;
            if (ballot.Prepare(LineOf(line), PointOf(line)) is not { } prepared) continue;
            yield return (branch == 'a' ? 'A' : 'B', bank with
            {
                Ballot = prepared,
                Line = line,
                Prepared = Longest(bank.Prepared, line),
                Committed = broken == Broken.OnePhase ? Longest(bank.Committed, line) : bank.Committed,
            });
        }

        if (broken != Broken.OnePhase && ballot.Base != Genesis && ballot.Prepare(LineOf(bank.Line), ballot.BaseAgain) is { } again)
            yield return ('G', bank with { Ballot = again, Prepared = Longest(bank.Prepared, NameOf(again.Prepared)) });

        foreach (var another in broken == Broken.VotesOnAnyBaseAgain ? certificates : [])
        {
            var moved = ballot with { Base = another.Block, Prepared = another.Block };
            if (ballot.Prepared == ballot.Base && moved.Prepare(LineOf(lines[another.Block.Root]), moved.BaseAgain) is { } any)
                yield return ('G', bank with { Ballot = any, Line = lines[another.Block.Root], Prepared = Longest(bank.Prepared, NameOf(any.Prepared)) });
        }

        foreach (var certificate in broken == Broken.OnePhase ? [] : certificates)
        {
            if (ballot.Commit(LineOf(bank.Line), certificate) is { } committed)
                yield return ('C', bank with { Ballot = committed, Committed = Longest(bank.Committed, NameOf(certificate.Block)) });
        }

        if (epoch < depths.Length)
        {
            // Who reported may only say more, by a certificate or by what is final.
            foreach (var known in ballot.Standing == BallotStanding.HasReported ? certificates : certificates.Append(null))
            {
                var reported = ballot.Report(known);
                if (reported == ballot) continue;
                if (broken == Broken.ReportsNothing) reported = reported with { Reported = null };
                if (broken == Broken.OnePhase) reported = reported with { Reported = bank.Line.Length == 0 ? null : CertificateOf(bank.Line) };
                if (broken == Broken.VotesAfterReport) reported = ballot with { Reported = reported.Reported };
                var said = (epoch, reported.Reported is { } it ? NameOf(it.Block) : null);
                if (broken != Broken.VotesAfterReport || !bank.Reports.Contains(said)) yield return ('R', bank with { Ballot = reported, Reports = bank.Reports.Add(said) });
            }
        }

        // Who is late enters behind an epoch of which it said nothing, or behind what is final in a later one.
        for (var ended = bank.Reports.Any(report => report.Epoch == epoch) ? epoch : epoch + 1; ended < depths.Length; ended++)
        {
            foreach (var entered in Entries(state, ballot, ended, certificates)) yield return ('E', bank with { Ballot = entered, Line = lines[entered.Base.Root] });
        }

        foreach (var line in Final(state))
        {
            if (ballot.EnterBehind(PointOf(line)) is { } entered) yield return ('F', bank with { Ballot = entered, Line = line });
            if (ballot.LetGo(LineOf(line), PointOf(line)) is var kept && kept != ballot) yield return ('K', bank with { Ballot = kept, Line = line });
        }

        if (bank.Losses < losses && state.Sum(static one => one.Losses) < losses && bank.Prepared.Count > 0)
        {
            yield return ('L', bank with
            {
                Ballot = broken == Broken.GoesOnAfterLoss ? ballot with { Prepared = ballot.Base, Lock = null, Standing = BallotStanding.Votes, Reported = null } : null,
                Line = broken == Broken.GoesOnAfterLoss ? lines[ballot.Base.Root] : bank.Line,
                Losses = bank.Losses + 1,
            });
        }
    }

    // By any quorum of reports: of those who reported, and of the fourth bank whatever helps.
    HashSet<Ballot> Entries(Bank[] state, Ballot ballot, uint ended, List<Certificate> certificates)
    {
        var honest = state.Select((bank, i) => bank.Reports.Where(said => said.Epoch == ended).Select(said => ReportOf(i, said)).ToArray()).ToArray();
        Report[] fourth = broken == Broken.OnePhase
            ? [.. state.SelectMany(static bank => bank.Prepared).Append("").Distinct().Select(line => ReportOf(3, (ended, line.Length == 0 ? null : line)))]
            : [ReportOf(3, (ended, null)), .. certificates.Where(one => one.Block.Epoch <= ended).Select(one => ReportOf(3, (ended, NameOf(one.Block))))];
        var entered = new HashSet<Ballot>();
        var from = broken == Broken.VotesAfterReport ? ballot with { Standing = BallotStanding.HasReported } : ballot;
        foreach (var one in honest[0].Prepend(null))
        {
            foreach (var two in honest[1].Prepend(null))
            {
                foreach (var three in honest[2].Prepend(null))
                {
                    foreach (var four in fourth.Prepend(null))
                    {
                        Report[] reports = [.. new[] { one, two, three, four }.OfType<Report>()];
                        if (from.Enter(reports, quorum: 3, Genesis) is not { } next) continue;
                        if (broken == Broken.RanksBySize && reports.Select(static report => report.Certificate?.Block).Max(static block => (block?.Size ?? 0, block?.Epoch ?? 0, block)) is (_, _, { } longest))
                            next = next with { Base = longest, Prepared = longest };
                        entered.Add(next);
                    }
                }
            }
        }

        return entered;
    }

    // Behind a final block that was made without it and holds what it sealed since: nothing that it signed before can hold that.
    IEnumerable<Bank> Resumptions(Bank[] state, int i)
    {
        var bank = state[i];
        foreach (var name in FinalNames(state, without: i))
        {
            var line = LineOfName(name);
            if (broken != Broken.ResumesWithoutEnvelope && bank.Prepared.Concat(bank.Committed).Any(signed => signed.StartsWith(line, StringComparison.Ordinal))) continue;
            var resumed = Ballot.Resumed(CertificateOf(name));
            if (broken is Broken.ResumesAtOnce or Broken.ResumesWithoutEnvelope) resumed = resumed with { Standing = BallotStanding.Votes };
            yield return bank with { Ballot = resumed, Line = line };
        }
    }

    // Two banks that keep the rules and the one that does not are a quorum.
    List<Certificate> Certified(Bank[] state) =>
        [.. state.SelectMany(static bank => bank.Prepared.SelectMany(PrefixesOfItsEpoch).Distinct()).GroupBy(static line => line).Where(static all => all.Count() >= 2).Select(all => CertificateOf(all.Key))];

    static List<string> Final(Bank[] state) => [.. FinalNames(state).Select(LineOfName).Distinct()];

    static List<string> FinalNames(Bank[] state, int without = -1) =>
        [.. state.Where((_, i) => i != without).SelectMany(static bank => bank.Committed.SelectMany(Prefixes).Distinct()).GroupBy(static line => line).Where(static all => all.Count() >= 2).Select(static all => all.Key)];

    static (string, string)? Fork(Bank[] state)
    {
        var final = Final(state);
        foreach (var one in final)
        {
            foreach (var other in final)
            {
                if (one.Length <= other.Length && !other.StartsWith(one, StringComparison.Ordinal)) return (one, other);
            }
        }

        return null;
    }

    static IEnumerable<string> Prefixes(string line) => Enumerable.Range(1, line.Length / 2).Select(blocks => line[..(2 * blocks)]);

    static IEnumerable<string> PrefixesOfItsEpoch(string line) => Prefixes(line).Where(prefix => prefix[^2] == line[^2]);

    static ImmutableSortedSet<string> Longest(ImmutableSortedSet<string> signed, string line) =>
        signed.Where(one => one[^2] != line[^2] || !line.StartsWith(one, StringComparison.Ordinal)).Append(line).ToImmutableSortedSet(StringComparer.Ordinal);

    static string KeyOf(Bank[] state) => string.Join('\n', state.Select(static bank => bank.Key).Order(StringComparer.Ordinal));

    int Depth(uint epoch) => depths[epoch - 1];

    int LengthOf(BlockPoint point) => lines[point.Root].Length;

    Certificate CertificateOf(string line) => new(PointOf(line), []);

    Report ReportOf(int bank, (uint Epoch, string? Line) said) => new(default, said.Epoch, Banks[bank], said.Line is null ? null : CertificateOf(said.Line), default);

    BlockPoint PointOf(string line)
    {
        if (points.TryGetValue(line, out var known)) return known;
        var epoch = (uint)(line[^2] - '0');
        var point = line[^1] == Again ? PointOf(line[..^2]) with { Epoch = epoch } : new(epoch, (ulong)(line.Length / 2) + 1, new(2, (ulong)points.Count));
        points[line] = point;
        lines.TryAdd(point.Root, line);
        return point;
    }

    // Of a block in its own epoch its line; of one that is voted on again in a later one, that and the epoch.
    string NameOf(BlockPoint point) => lines[point.Root] is var line && (line.Length == 0 || line[^2] - '0' == point.Epoch) ? line : $"{line}{point.Epoch}{Again}";

    static string LineOfName(string name) => name.Length > 0 && name[^1] == Again ? name[..^2] : name;

    Shown LineOf(string line) => new(this, line);

    sealed record Shown(VoteModel Model, string Line) : IBlockLine
    {
        public bool Has(BlockPoint point) => Model.lines.TryGetValue(point.Root, out var prefix) && Line.StartsWith(prefix, StringComparison.Ordinal);
    }

    sealed record Bank(
        Ballot? Ballot, string Line, ImmutableSortedSet<string> Prepared, ImmutableSortedSet<string> Committed, ImmutableHashSet<(uint Epoch, string? Line)> Reports, int Losses)
    {
        public string Key =>
            $"{Ballot?.Epoch} {Ballot?.Standing} {Ballot?.Base.Root} {Ballot?.Prepared.Root} {Ballot?.Lock?.Block.Root} {Line}|{string.Join(',', Prepared)}|{string.Join(',', Committed)}|"
            + $"{string.Join(',', Reports.Select(static said => $"{said.Epoch}{said.Line ?? "-"}").Order(StringComparer.Ordinal))}|{Losses}";
    }
}
