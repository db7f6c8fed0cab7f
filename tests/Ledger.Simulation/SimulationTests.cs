using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Ledger.Simulation.Checkers;

namespace Ledger.Simulation;

/// <summary>Whatever happens to disks, networks, the order and one bank that lies: no fork, nothing taken back, nothing pledged twice, and the ledger goes on when it is over.</summary>
public sealed class SimulationTests
{
    const int MostSeeds = 20;
    const int Stories = 8;

    // By what a run says that a rule was broken, and not only that nothing went on.
    static readonly string[] Forks = ["two histories", "behind its report", "reports less", "do not go on from", "another block", "broke the rules", "against the"];

    static readonly Dictionary<string, Figures> gone = [];

    // The same in every run of the tests. A seed that found something is not among them, for with another code it is another run: what 607362734, 20261211 and 84968199 found stands in BallotTests and VotingTests, told
    // step by step. The seeds that alone stand for a slower pace go on for long, so each pace has a short run.
    public static TheoryData<string> Runs { get; } =
    [
        .. Enumerable.Range(0, 8).Select(static seed => Scenario.Of(seed).ToString()),
        .. ((int[])[60, 600]).Select(static pace => (Scenario.Of(8) with { Rounds = 1, Pace = pace }).ToString()),
    ];

    [Theory]
    [MemberData(nameof(Runs))]
    public void What_is_promised_holds_in_every_run(string run) => TestContext.Current.TestOutputHelper?.WriteLine($"{Through(run)}");

    [Fact]
    public void The_runs_go_through_what_they_are_for()
    {
        var all = new Figures();
        for (var seed = 0; seed < MostSeeds && !HasAll(all); seed++) all.Add(Through(Scenario.Of(seed).ToString()));
        TestContext.Current.TestOutputHelper?.WriteLine($"{all}");
        Assert.True(HasAll(all), $"{all}");

        static bool HasAll(Figures all) =>
            all is { Epochs: > 0, WithoutRoom: > 0, Reports: > 0, LetIn: > 0, VotedOut: > 0, KeysChanged: > 0, ChangesVotedAgain: > 0, Refused: > 0 } && all.VotedAgain > all.ChangesVotedAgain && all.Troubles.Count == Cluster.KindsOfTrouble;
    }

    static Figures Through(string run)
    {
        if (!gone.TryGetValue(run, out var figures)) gone[run] = figures = new Cluster(Scenario.Parse(run)).Run();
        return figures;
    }

    [Fact]
    public void The_same_seed_is_the_same_run()
    {
        static ulong Number()
        {
            var cluster = new Cluster(Scenario.Of(1) with { Rounds = 1 });
            cluster.Run();
            return cluster.Trace.Number;
        }

        Assert.Equal(Number(), Number());
    }

    [Theory]
    [InlineData("FlushedBallot")]
    [InlineData("NewestBallot")]
    [InlineData("LastWord")]
    [InlineData("Envelope")]
    [InlineData("Certificates")]
    [InlineData("SecondPhase")]
    public void Where_a_rule_is_left_out_a_run_shows_it(string left)
    {
        for (var seed = 0; seed < MostSeeds; seed++)
        {
            try
            {
                // What an epoch leaves behind tells most where one bank ends epochs as it likes.
                var lies = left == nameof(LeftOut.SecondPhase);
                new Cluster(new(seed, HasLiar: lies, Rounds: 1, EndsFalsely: lies), Enum.Parse<LeftOut>(left)).Run();
            }
            catch (BrokenPromise shown)
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}: {shown.Message.Split('\n')[0]}");
                if (Forks.Any(word => shown.Message.Contains(word, StringComparison.Ordinal))) return;
            }
        }

        Assert.Fail($"{MostSeeds} runs without {left} broke nothing.");
    }

    [Fact]
    public void A_long_branch_that_was_certified_and_forgotten_gives_way_to_what_a_later_epoch_made_final()
    {
        var told = Enumerable.Range(0, Stories).Count(static seed => Forgets(seed, LeftOut.Nothing).WasTold);
        Assert.True(told > Stories / 2, $"{told} of {Stories} stories were told to their end.");
    }

    [Fact]
    public void Where_certificates_count_by_their_length_it_comes_back_and_forks_the_ledger()
    {
        for (var seed = 0; seed < Stories; seed++)
        {
            try
            {
                Forgets(seed, LeftOut.EpochFirst);
            }
            catch (BrokenPromise shown)
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}: {shown.Message.Split('\n')[0]}");
                if (Forks.Any(word => shown.Message.Contains(word, StringComparison.Ordinal))) return;
            }
        }

        Assert.Fail($"{Stories} stories broke nothing.");
    }

    static ForgottenBranch Forgets(int seed, LeftOut left)
    {
        var cluster = new Cluster(new(seed, HasLiar: true, EndsFalsely: true), left);
        var story = new ForgottenBranch(cluster);
        cluster.Run(story.Tell);
        return story;
    }

    /// <summary>
    /// The long form: fresh seeds for so many minutes, from the one that is named or from any. What LEDGER_SIMULATION_WITH says, such as <c>pace=600</c>, holds for each of them. What was gone through
    /// is also written, after every run, to the file that LEDGER_SIMULATION_FIGURES names.
    /// </summary>
    [Fact]
    public void What_is_promised_holds_for_as_long_as_it_is_asked()
    {
        Assert.SkipUnless(double.TryParse(Environment.GetEnvironmentVariable("LEDGER_SIMULATION_MINUTES"), CultureInfo.InvariantCulture, out var minutes), "LEDGER_SIMULATION_MINUTES does not say for how long.");
        var seed = int.TryParse(Environment.GetEnvironmentVariable("LEDGER_SIMULATION_SEED"), CultureInfo.InvariantCulture, out var first) ? first : RandomNumberGenerator.GetInt32(1_000_000_000);

        // What runs beside it keeps its time.
        using (var self = Process.GetCurrentProcess()) self.PriorityClass = ProcessPriorityClass.BelowNormal;
        var began = Stopwatch.GetTimestamp();
        var all = new Figures();
        var runs = 0;
        var with = Environment.GetEnvironmentVariable("LEDGER_SIMULATION_WITH");
        var file = Environment.GetEnvironmentVariable("LEDGER_SIMULATION_FIGURES");
        var figures = "";
        for (; Stopwatch.GetElapsedTime(began).TotalMinutes < minutes; runs++)
        {
            all.Add(new Cluster(Scenario.Parse(string.Create(CultureInfo.InvariantCulture, $"seed={seed + runs} {with}"))).Run());
            figures = string.Create(CultureInfo.InvariantCulture, $"seeds {seed} to {seed + runs} in {Stopwatch.GetElapsedTime(began).TotalMinutes:F1} minutes: {all}");
            if (file is not null) File.WriteAllText(file, figures + "\n");
        }

        Console.WriteLine(figures);
    }

    /// <summary>One run as LEDGER_SIMULATION says it.</summary>
    [Fact]
    public void One_run_again()
    {
        var asked = Environment.GetEnvironmentVariable("LEDGER_SIMULATION");
        Assert.SkipUnless(asked is not null, "LEDGER_SIMULATION names no run.");
        var cluster = new Cluster(Scenario.Parse(asked));
        Console.WriteLine($"{cluster.Run()}; trace {cluster.Trace.Number:x16}");
    }
}
