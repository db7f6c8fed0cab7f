using System.CommandLine;

namespace Ledger.Cli;

/// <summary>
/// Terms of an agreement. One that was left out is asked for where somebody sits before the terminal, and refused by its name where nobody does: it is
/// never taken as "no", for both sides sign it.
/// </summary>
sealed class AskedTerms
{
    readonly List<(string Name, Func<Run, bool> IsGiven, Action<Run> Ask)> terms = [];
    readonly List<Symbol> symbols = [];

    public IEnumerable<Symbol> All => symbols;

    /// <summary>A term written as <paramref name="value"/> shows.</summary>
    public Asked<T> Add<T>(string name, string chinese, string english, Options.TextParser<T> tryParse, string value, params string[] words)
        where T : struct
    {
        var option = Options.Optional<T>(name, chinese, english, tryParse, value);

        // Left to itself the parser's library offers an enum's members as C# spells them.
        option.CompletionSources.Clear();
        foreach (var word in words) option.CompletionSources.Add(word);
        symbols.Add(option);
        var asked = new Asked<T>(option, chinese, english, tryParse, value);
        terms.Add((name, asked.IsGiven, run => asked.Of(run)));
        return asked;
    }

    /// <summary>A name of the wire.</summary>
    public Asked<T> AddName<T>(string name, string chinese, string english)
        where T : struct, Enum
    {
        var names = new NamedValues<T>();
        return Add<T>(name, chinese, english, names.TryParse, names.Help, [.. names.Words]);
    }

    public Asked<Agreed> AddAgreed(string name, string chinese, string english) => Add<Agreed>(name, chinese, english, Agreed.TryParse, "yes|no", "yes", "no");

    /// <summary>Asks for what is missing, in order; where nobody can be asked, ends the command with all their names.</summary>
    public void Demand(Run run, params string[] saidOtherwise)
    {
        var missing = terms.Where(term => !term.IsGiven(run) && !saidOtherwise.Contains(term.Name)).ToArray();
        if (missing.Length == 0) return;
        if (run.MayAsk)
        {
            foreach (var term in missing) term.Ask(run);
            return;
        }

        var all = string.Join(", ", missing.Select(term => term.Name));
        throw StopException.Usage($"条款须逐项写明，不作默认：缺少 {all}。", $"Every term is to be said, and none has a default: {all} missing.");
    }
}

/// <summary>Yes or no, said aloud; a flag would make silence a no.</summary>
readonly record struct Agreed(bool Is)
{
    public static bool TryParse(ReadOnlySpan<char> text, out Agreed agreed)
    {
        agreed = new(text is "yes" or "是");
        return agreed.Is || text is "no" or "否";
    }
}

/// <summary>One term that a command asks for where it was left out.</summary>
sealed class Asked<T>(Option<T?> option, string chinese, string english, Options.TextParser<T> tryParse, string value)
    where T : struct
{
    // Who was asked once is not asked again.
    T? answered;

    public bool IsGiven(Run run) => run.Value(option) is not null;

    public T Of(Run run) => run.Value(option) ?? (answered ??= Ask(run));

    T Ask(Run run)
    {
        if (!run.MayAsk) throw StopException.Usage($"缺少 {option.Name}。", $"{option.Name} is missing.");
        while (true)
        {
            run.Terminal.Error.Write(run.Output.Say($"{chinese}（{value}）：", $"{char.ToUpperInvariant(english[0])}{english[1..]} ({value}): "));
            if (run.Terminal.Input.ReadLine() is not { } typed)
                throw StopException.Usage($"缺少 {option.Name}。", $"{option.Name} is missing.");
            if (tryParse(typed.Trim(), out var read)) return read;
        }
    }
}
