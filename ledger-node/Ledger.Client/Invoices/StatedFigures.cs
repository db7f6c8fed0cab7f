using Ledger.Client.Files;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Client.Invoices;

/// <summary>Reads figures of one currency and remembers the first that is none.</summary>
sealed class StatedFigures(Currency currency)
{
    public ImportProblem? Problem { get; private set; }

    /// <summary>An amount in minor units; null where nothing is stated.</summary>
    public long? Of(Stated stated)
    {
        if (stated.Text is null) return null;
        CheckCurrency(stated);
        if (Figure.Wrong(stated.Text, currency, out var minor) is { } refusal) Problem ??= new(refusal, stated.Path, stated.Text);
        return minor;
    }

    /// <summary>A part of a total, with all its decimals: a line may have more than its currency, and the total is rounded once.</summary>
    public Figure? Part(Stated stated)
    {
        if (stated.Text is null) return null;
        CheckCurrency(stated);
        if (!Figure.TryParse(stated.Text, out var figure) || figure.Rounded(currency) is null) Problem ??= new(Refusal.AmountInvalid, stated.Path, stated.Text);
        return figure;
    }

    public StatedSum Sum(IEnumerable<Stated> parts)
    {
        var (sum, rounded, count) = (default(Figure), 0L, 0);
        foreach (var stated in parts)
        {
            if (Part(stated) is not { } part) continue;
            sum += part;
            rounded += part.Rounded(currency) ?? 0;
            count++;
        }

        return new(sum.Rounded(currency) ?? 0, rounded, count);
    }

    void CheckCurrency(Stated stated)
    {
        if (stated.Currency is { } named && named != currency.Code) Problem ??= new(Refusal.CurrenciesDiffer, stated.Path, named);
    }
}

/// <summary>A sum rounded once, the sum of its rounded parts, and how many they are.</summary>
readonly record struct StatedSum(long Minor, long OfRounded, int Count)
{
    /// <summary>Whether a total is this sum, give or take <paramref name="slack"/> minor units for each part.</summary>
    public bool Is(long total, int slack) => Math.Abs(total - Minor) <= (long)slack * Count || total == OfRounded;
}
