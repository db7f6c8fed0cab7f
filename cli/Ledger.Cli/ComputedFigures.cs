using System.CommandLine;
using Ledger.Client.Api;
using Ledger.Client.Disclosures;
using Ledger.Client.Money;
using Ledger.Client.Text;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Cli;

/// <summary>
/// The figures that an act on a financing signs. They are computed from the terms that were disclosed, shown before anything is signed, and another figure
/// is refused.
/// </summary>
sealed class ComputedFigures(Argument<Id<Financing>> financing, Func<Run, IReadOnlyList<Term>> wanted)
{
    /// <summary>What the act hides, with its figures; <paramref name="hidden"/> is what was typed.</summary>
    public async Task<HiddenGiven> AddAsync(Run run, LedgerApi api, Circumstances now, HiddenGiven hidden, CancellationToken cancel)
    {
        var terms = wanted(run);
        var reckoning = await api.ReckoningAsync(run.Value(financing), cancel) ?? throw StopException.NotFound(run.Value(financing).ToString());
        var here = AsIfDone(reckoning, now.Today).With(now.Suite, hidden.Again.SelectMany(set => set.All).Select(one => one.Value));
        var set = hidden.New;
        foreach (var term in terms.Union(set.All.Select(one => one.Key).Where(FinancingCase.Figures.Contains)))
        {
            switch (here.Of(term))
            {
                case Figure.Computed { Amount: var amount }:
                    if (set.Amount(term) is { } typed && typed != amount) throw Wrong(term, amount, typed, reckoning.Currency);
                    if (set[term] is null) set = set.With(term, amount);
                    run.Output.Message(
                        $"{term.Chinese()}：{MoneyText.Format(amount, reckoning.Currency)}（按已披露条款计算）", $"{term.Name()}: {MoneyText.Format(amount, reckoning.Currency)} (computed from the disclosed terms)");
                    break;
                case Figure.Undisclosed { Missing: var missing } when reckoning.HasTerms || set[term] is not null:
                    throw Unknown(missing);
                case Figure.TooEarly when set[term] is not null:
                    throw Refused(Refusal.FigureTooEarly, new(Reference: term.Name()));
                case Figure.Beyond { Chinese: var chinese, English: var english }:
                    run.Output.Message($"{term.Chinese()}无法计算：{chinese}。", $"{term.Name()} cannot be computed: {english}.");
                    break;
            }
        }

        return hidden with { New = set };
    }

    public static StopException Refused(Refusal refusal, Facts facts) => new(
        ExitCode.Refused, RefusalText.Of(refusal, facts, Language.Chinese, offsetMinutes: 480), RefusalText.Of(refusal, facts, Language.English, offsetMinutes: 480));

    static Reckoning AsIfDone(Reckoning reckoning, DateOnly today) => reckoning with
    {
        Plain = reckoning.Plain with { IsPaidOut = true, Return = reckoning.Plain.Return ?? (reckoning.IfToday is { } back ? back with { On = today } : null) },
    };

    static StopException Wrong(Term term, Amount computed, Amount typed, Currency currency) => Refused(
        Refusal.FigureWrong, new(computed, currency, Reference: $"{term.Chinese()} {term.Name()}", Reason: MoneyText.FormatWithSymbol(typed, currency)));

    static StopException Unknown(IEnumerable<Term> missing) => new(
        ExitCode.Refused,
        $"不知道{string.Join("、", missing.Select(Terms.Chinese))}，无法计算：请用 --terms 给出申请的披露文件，或先交给节点。",
        $"Not known, so nothing can be computed: {string.Join(", ", missing.Select(Terms.Name))}. Give the application's disclosures with --terms, or hand them to the node first.");
}
