using System.Diagnostics.CodeAnalysis;
using Ledger.Client.Files;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Client.Invoices;

/// <summary>The figures of an invoice that agree by the arithmetic of EN 16931 (BR-CO-10 to BR-CO-16), as its profile varies it. In signed minor units.</summary>
readonly record struct StandardTotals(
    long Net, long Tax, long Gross, long Prepaid, long ForOthers, long Rounding, ValueList<InvoiceLine> Lines)
{
    public static bool TryRead(StandardInvoice paper, Currency currency, out StandardTotals totals, [NotNullWhen(false)] out ImportProblem? problem)
    {
        totals = default;
        var figures = new StatedFigures(currency);
        var lines = paper.Lines.Select(line => new InvoiceLine(line.Name ?? "", figures.Part(line.Net)?.Rounded(currency), TaxMinor: null)).ToArray();
        var lineSum = figures.Sum(paper.Lines.Select(line => line.Net));
        var allowances = figures.Sum(paper.Allowances);
        var charges = figures.Sum(paper.Charges);
        var taxes = figures.Sum(paper.Taxes);
        var forOthers = paper.ForOthers.Sum(stated => figures.Of(stated) ?? 0);

        // What is not stated is what it should be.
        var allowanceTotal = figures.Of(paper.AllowanceTotal) ?? allowances.Minor;
        var chargeTotal = figures.Of(paper.ChargeTotal) ?? charges.Minor;
        var lineTotal = figures.Of(paper.LineTotal)
            ?? (!paper.IsWithoutLines ? lineSum.Minor : (figures.Of(paper.Net) ?? figures.Of(paper.Gross) - (figures.Of(paper.Tax) ?? taxes.Minor) ?? 0) + allowanceTotal - chargeTotal);
        var net = figures.Of(paper.Net) ?? lineTotal - allowanceTotal + chargeTotal;
        var tax = figures.Of(paper.Tax) ?? taxes.Minor;
        var (rounding, payable) = (figures.Of(paper.Rounding) ?? 0, figures.Of(paper.Payable) ?? 0);
        var gross = figures.Of(paper.Gross) ?? net + tax;
        var prepaid = figures.Of(paper.Prepaid) ?? (paper.IsMinimum ? gross - payable : 0);

        // Before the norm, UBL's total could contain the rounding.
        var isRounded = !paper.ClaimsTheNorm && rounding != 0 && gross == net + tax + rounding && payable == gross - prepaid + forOthers;

        // A total without lines stands for itself.
        if (paper.IsWithoutLines) lineSum = lineSum with { Minor = lineTotal };
        var slack = paper.IsExtended ? 1 : 0;
        var all = lineSum.Count + allowances.Count + charges.Count;
        problem = figures.Problem
            ?? (gross < 0 ? new ImportProblem(Refusal.RedLetter, paper.Gross.Path, paper.Original) : null)
            ?? (!lineSum.Is(lineTotal, slack) ? Disagrees(paper.LineTotal) : null) // BR-CO-10
            ?? (!allowances.Is(allowanceTotal, slack) ? Disagrees(paper.AllowanceTotal) : null) // BR-CO-11
            ?? (!charges.Is(chargeTotal, slack) ? Disagrees(paper.ChargeTotal) : null) // BR-CO-12
            ?? (Math.Abs(net - (lineTotal - allowanceTotal + chargeTotal)) > slack * all ? Disagrees(paper.Net) : null) // BR-CO-13
            ?? (taxes.Count > 0 && !taxes.Is(tax, slack: 0) ? Disagrees(paper.Tax) : null) // BR-CO-14
            ?? (!isRounded && Math.Abs(gross - (net + tax)) > slack * all ? Disagrees(paper.Gross) : null) // BR-CO-15
            ?? (!isRounded && payable != gross - prepaid + rounding + forOthers ? Disagrees(paper.Payable) : null) // BR-CO-16
            ?? (payable < 0 ? new ImportProblem(Refusal.NothingOwed, paper.Payable.Path, paper.Payable.Text) : null)
            ?? OutOfRange((paper.Gross, gross), (paper.Payable, payable), (paper.Payable, forOthers));
        totals = new(net, tax, isRounded ? gross - rounding : gross, prepaid, forOthers, rounding, [.. lines]);
        return problem is null;
    }

    static ImportProblem Disagrees(Stated stated) => new(Refusal.AmountsDisagree, stated.Path, stated.Text);

    static ImportProblem? OutOfRange(params ReadOnlySpan<(Stated Stated, long Minor)> amounts)
    {
        foreach (var (stated, minor) in amounts)
        {
            if (minor is < 0 or > (long)Amount.MaxMinor) return new(Refusal.AmountInvalid, stated.Path, stated.Text);
        }

        return null;
    }
}
