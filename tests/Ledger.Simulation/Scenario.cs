using System.Globalization;

namespace Ledger.Simulation;

/// <summary>What one run is made of; the same is the same run, step by step.</summary>
/// <param name="Seed">Everything that chance decides.</param>
/// <param name="Banks">How many found the ledger.</param>
/// <param name="HasLiar">Whether the last of them breaks every rule.</param>
/// <param name="Rounds">How often trouble comes and ends.</param>
/// <param name="Quiet">How many minutes of ordinary business follow each, at most.</param>
sealed record Scenario(int Seed, int Banks = 4, bool HasLiar = false, int Rounds = 4, int Quiet = 2)
{
    /// <summary>What a seed alone stands for where nothing else is said.</summary>
    public static Scenario Of(int seed) => new(seed, seed % 7 == 6 ? 7 : 4, seed % 2 == 1);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"seed={Seed} banks={Banks} liar={(HasLiar ? 1 : 0)} rounds={Rounds} quiet={Quiet}");

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
        };
    }
}
