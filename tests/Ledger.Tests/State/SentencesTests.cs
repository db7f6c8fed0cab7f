using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Tests.State;

public sealed class SentencesTests
{
    public static TheoryData<Refusal> All => [.. Enum.GetValues<Refusal>()];

    static readonly Facts Full = new(new Amount(5), Currency.Cny, new("Freeze", "ref", new Timestamp(7)), Reason: "because");

    [Theory]
    [MemberData(nameof(All))]
    public void No_sentence_shows_a_brace_whether_or_not_its_facts_were_told(Refusal refusal)
    {
        foreach (var facts in (Facts[])[Facts.None, Full])
        {
            var (chinese, english) = (Sentences.Chinese(refusal, facts, Money, Time), Sentences.English(refusal, facts, Money, Time));
            Assert.DoesNotContain('{', chinese);
            Assert.DoesNotContain('{', english);
            Assert.NotEmpty(chinese);
            Assert.NotEmpty(english);
        }
    }

    [Fact]
    public void Facts_fill_the_words_in_braces()
    {
        Assert.Equal("The units are frozen: freeze ref, since t7; 5 CNY available", Sentences.English(Refusal.UnitsFrozen, Full, Money, Time));
        Assert.Equal("份额已冻结：冻结 ref，自 t7；可用 5 CNY", Sentences.Chinese(Refusal.UnitsFrozen, Full, Money, Time));
        Assert.Equal("Not enough free units: 5 CNY available.", Sentences.English(Refusal.NotEnoughHeld, Full, Money, Time));
    }

    [Fact]
    public void Without_its_facts_a_sentence_ends_before_them()
    {
        Assert.Equal("The units are frozen.", Sentences.English(Refusal.UnitsFrozen, Facts.None, Money, Time));
        Assert.Equal("份额已冻结。", Sentences.Chinese(Refusal.UnitsFrozen, Facts.None, Money, Time));
        Assert.Equal("More is confirmed than was requested (—).", Sentences.English(Refusal.ConfirmedAboveRequested, Facts.None, Money, Time));
    }

    static string Money(Amount amount, Currency? currency) => $"{amount} {currency}";

    static string Time(Timestamp time) => $"t{time}";
}
