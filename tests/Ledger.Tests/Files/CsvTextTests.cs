using Ledger.Client.Files;

namespace Ledger.Tests.Files;

/// <summary>A table that leaves the ledger runs nothing on the desk of who opens it.</summary>
public class CsvTextTests
{
    [Theory]
    [InlineData("=1+1")]
    [InlineData("+1")]
    [InlineData("-A1")]
    [InlineData("@SUM(A1)")]
    [InlineData("＝1+1")]
    [InlineData("＋1")]
    [InlineData("－1")]
    [InlineData("＠x")]
    [InlineData("﹦1")]
    [InlineData("−1")]
    [InlineData("\t=1")]
    [InlineData("\r=1")]
    [InlineData("\n=1")]
    [InlineData("  =1")]
    [InlineData("\u3000＝1")]
    [InlineData("\u200B=1")]
    [InlineData("\uFEFF=1")]
    [InlineData("\u00A0\u0007@x")]
    public void A_cell_that_a_spreadsheet_would_compute_is_disarmed(string text)
    {
        var cell = CsvText.Row([text])[..^2];

        Assert.StartsWith("'", cell.TrimStart('"'), StringComparison.Ordinal);
        Assert.Contains(text, cell, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("示例供应商")]
    [InlineData("-5")]
    [InlineData("-12.50")]
    [InlineData("a=b")]
    [InlineData("2026-09-22")]
    [InlineData("")]
    public void What_computes_nothing_stays_as_it_is(string text) => Assert.Equal($"{text}\r\n", CsvText.Row([text]));

    [Theory]
    [InlineData("x;=1")]
    [InlineData("x\t=1")]
    [InlineData("x,=1")]
    [InlineData("x\n=1")]
    public void No_separator_of_another_spreadsheet_begins_a_cell(string text) => Assert.Equal($"\"{text}\"\r\n", CsvText.Row([text]));
}
