using Ledger.Client.Money;
using Ledger.Core.Primitives;

namespace Ledger.Node.Demo;

public enum StoryLanguage
{
    Zh,
    En,
}

/// <summary>Tells the story to a person, step by step, and keeps count of the steps that did not come out as told.</summary>
public sealed class Narrator(TextWriter output, StoryLanguage language)
{
    int step;

    public int Failures { get; private set; }

    public string Say(string chinese, string english) => language == StoryLanguage.Zh ? chinese : english;

    public void Heading(string chinese, string english) => output.WriteLine($"\n{Say(chinese, english)}");

    public void Line(string chinese, string english) => output.WriteLine($"     {Say(chinese, english)}");

    /// <summary>An amount as figures and, in Chinese, in capital characters, as a cheque has it.</summary>
    public string Money(Amount amount, Currency currency)
    {
        return language == StoryLanguage.Zh && currency == Currency.Cny
            ? $"{MoneyText.Format(amount, currency)} 元（{CapitalAmount.Of(amount, CapitalStyle.Payment)}）"
            : MoneyText.FormatWithSymbol(amount, currency);
    }

    /// <summary>Runs a step and says how it went; a step that fails is counted and the story goes on as far as it can.</summary>
    public async Task StepAsync(string chinese, string english, Func<Task<StepResult>> act)
    {
        output.WriteLine($"\n{++step,3}. {Say(chinese, english)}");
        var result = await act();
        if (!result.AsTold) Failures++;
        output.WriteLine($"     {(result.AsTold ? "✓" : "✗")} {Say(result.Chinese, result.English)}");
    }
}

/// <summary>How a step came out, in both languages.</summary>
public sealed record StepResult(bool AsTold, string Chinese, string English);
