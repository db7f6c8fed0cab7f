namespace Ledger.Simulation;

/// <summary>Whatever happens to disks, networks, the order and one bank that lies: no fork, nothing taken back, nothing pledged twice, and the ledger goes on when it is over.</summary>
public sealed class SimulationTests
{
    public static TheoryData<int> Seeds { get; } = [.. Enumerable.Range(0, 24)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void What_is_promised_holds_in_every_run(int seed) => TestContext.Current.TestOutputHelper?.WriteLine($"{new Cluster(Scenario.Of(seed)).Run()}");

    [Fact]
    public void The_same_seed_is_the_same_run()
    {
        ulong Number()
        {
            var cluster = new Cluster(Scenario.Of(3));
            cluster.Run();
            return cluster.Trace.Number;
        }

        Assert.Equal(Number(), Number());
    }

    [Fact]
    public void One_run_again()
    {
        if (Environment.GetEnvironmentVariable("LEDGER_SIMULATION") is not { } asked) return;
        var cluster = new Cluster(Scenario.Parse(asked));
        var figures = cluster.Run();
        TestContext.Current.SendDiagnosticMessage($"{figures}; trace {cluster.Trace.Number:x16}");
        Console.WriteLine($"{figures}; trace {cluster.Trace.Number:x16}");
    }
}
