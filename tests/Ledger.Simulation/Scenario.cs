using System.Globalization;

namespace Ledger.Simulation;

/// <summary>What one run is made of; the same is the same run, step by step.</summary>
/// <param name="Seed">Everything that chance decides.</param>
/// <param name="Banks">How many found the ledger.</param>
/// <param name="HasLiar">Whether the last of them breaks every rule.</param>
/// <param name="Rounds">How often trouble comes and ends.</param>
/// <param name="Quiet">How many minutes of ordinary business follow each, at most.</param>
/// <param name="EndsFalsely">
/// Whether the liar also ends epochs by reports of its choice, to each bank by others, with an order that helps it.
/// </param>
/// <param name="Decides">Whether the banks decide by votes, during the run, who is a validator and under which key, and one more bank is there to be let in.</param>
/// <param name="Pace">
/// How many times as seldom as in a rush clients ask, banks propose, the liar acts and trouble comes; storms and what follows them last as many times as long. What only long times bring, such as
/// ends of deadlines, clocks that are asked for and nodes that wait, is most of such a run.
/// </param>
sealed record Scenario(int Seed, int Banks = 4, bool HasLiar = false, int Rounds = 2, int Quiet = 1, bool EndsFalsely = false, bool Decides = false, int Pace = 1)
{
    const int Leisure = 60;
    const int LongLeisure = 600;

    /// <summary>What a seed alone stands for where nothing else is said.</summary>
    public static Scenario Of(int seed) => new(seed, seed % 8 == 6 ? 7 : 4, seed % 2 == 1, EndsFalsely: seed % 4 == 3, Decides: seed % 3 != 1, Pace: (seed % 11) switch
        {
            9 => LongLeisure,
            10 => Leisure,
            _ => 1,
        });

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"seed={Seed} banks={Banks} liar={(HasLiar ? 1 : 0)} rounds={Rounds} quiet={Quiet} ends={(EndsFalsely ? 1 : 0)} decides={(Decides ? 1 : 0)} pace={Pace}");

    /// <summary>As <see cref="ToString"/> writes it, in any order; what is left out is as the seed has it.</summary>
    public static Scenario Parse(string text)
    {
        var said = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(static part => part.Split('=', 2)).ToDictionary(static part => part[0], static part => int.Parse(part[1], CultureInfo.InvariantCulture));
        var scenario = Of(said["seed"]);
        return scenario with
        {
            Banks = said.GetValueOrDefault("banks", scenario.Banks),
            HasLiar = said.GetValueOrDefault("liar", scenario.HasLiar ? 1 : 0) == 1,
            Rounds = said.GetValueOrDefault("rounds", scenario.Rounds),
            Quiet = said.GetValueOrDefault("quiet", scenario.Quiet),
            EndsFalsely = said.GetValueOrDefault("ends", scenario.EndsFalsely ? 1 : 0) == 1,
            Decides = said.GetValueOrDefault("decides", scenario.Decides ? 1 : 0) == 1,
            Pace = said.GetValueOrDefault("pace", scenario.Pace),
        };
    }
}
