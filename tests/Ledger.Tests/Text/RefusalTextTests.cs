using Ledger.Client.Files;
using Ledger.Client.Text;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Tests.Text;

public class RefusalTextTests
{
    const int Beijing = 480;

    [Fact]
    public void A_conflict_is_named_by_kind_reference_and_time()
    {
        var facts = new Facts(new Amount(3_50), Currency.Cny, new("Pledge", "AAAAAAAAAAAAAAAAAAAAAQ", new(1_773_100_800_000)));

        Assert.Equal(
            "份额已质押：质押 AAAAAAAAAAAAAAAAAAAAAQ，自 2026-03-10 08:00:00；可用 ¥3.50",
            RefusalText.Of(Refusal.UnitsPledged, facts, Language.Chinese, Beijing));
        Assert.Equal(
            "The units are pledged: pledge AAAAAAAAAAAAAAAAAAAAAQ, since 2026-03-10 00:00:00; ¥3.50 available",
            RefusalText.Of(Refusal.UnitsPledged, facts, Language.English, 0));
    }

    [Fact]
    public void Money_is_shown_in_its_currency_and_units_without_one_as_units()
    {
        Assert.Equal(
            "背景材料可用余额不足：可用 ¥300,000.00。",
            RefusalText.Of(Refusal.DocumentUsedUp, new(new Amount(30_000_000), Currency.Cny), Language.Chinese, Beijing));
        Assert.Equal(
            "Not enough free units: 12 minor units available.",
            RefusalText.Of(Refusal.NotEnoughHeld, new(new Amount(12)), Language.English, Beijing));
    }

    [Fact]
    public void What_was_not_told_is_left_out_and_no_sentence_keeps_a_brace() =>
        Assert.All(Enum.GetValues<Refusal>(), refusal =>
        {
            foreach (var language in Enum.GetValues<Language>())
                Assert.DoesNotContain('{', RefusalText.Of(refusal, Facts.None, language, Beijing));
        });

    [Fact]
    public void A_number_of_a_newer_ledger_is_still_a_sentence() =>
        Assert.Contains("19999", RefusalText.Of((Refusal)19_999, Facts.None, Language.English, Beijing));

    [Fact]
    public void A_file_that_was_not_taken_in_says_where_and_what() =>
        Assert.Equal(
            "An amount is not a figure, or out of range. [EInvoiceData/Total = 18万]",
            RefusalText.Of(new ImportProblem(Refusal.AmountInvalid, "EInvoiceData/Total", "18万"), Language.English));
}
