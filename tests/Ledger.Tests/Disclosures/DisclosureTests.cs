using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Ledger.Client.Disclosures;
using Ledger.Core.Crypto;
using Ledger.Core.Interest;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Suites;
using Ledger.Tests.Laws;
using static Ledger.Tests.World;

namespace Ledger.Tests.Disclosures;

public class DisclosureTests
{
    static readonly P256Suite Suite = new();

    // RFC 9901, 4.2.1 to 4.2.3, and the plain-text properties of its example in section 5.
    [Theory]
    [InlineData("WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0", "family_name", "Möbius", "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0")]
    [InlineData("WyIyR0xDNDJzS1F2ZUNmR2ZyeU5STjl3IiwgImdpdmVuX25hbWUiLCAiSm9obiJd", "given_name", "John", "jsu9yVulwQQlhFlM_3JlzMaSFzglhQG0DpfayQwLUK4")]
    [InlineData("WyJlbHVWNU9nM2dTTklJOEVZbnN4QV9BIiwgImZhbWlseV9uYW1lIiwgIkRvZSJd", "family_name", "Doe", "TGf4oLbgwd5JQaHyKVQZU9UdGE0w5rtDsrZzfUaomLo")]
    [InlineData("WyI2SWo3dE0tYTVpVlBHYm9TNXRtdlZBIiwgImVtYWlsIiwgImpvaG5kb2VAZXhhbXBsZS5jb20iXQ", "email", "johndoe@example.com", "JzYjH4svliH0R3PyEMfeZu6Jt69u5qehZo7F7EPYlSE")]
    [InlineData("WyJlSThaV205UW5LUHBOUGVOZW5IZGhRIiwgInBob25lX251bWJlciIsICIrMS0yMDItNTU1LTAxMDEiXQ", "phone_number", "+1-202-555-0101", "PorFbpKuVu6xymJagvkFsFXAbRoc2JGlAUA2BA4o7cI")]
    [InlineData("WyJBSngtMDk1VlBycFR0TjRRTU9xUk9BIiwgImJpcnRoZGF0ZSIsICIxOTQwLTAxLTAxIl0", "birthdate", "1940-01-01", "jdrTE8YcbY4EifugihiAe_BPekxJQZICeiUQwY9QqxI")]
    public void The_published_disclosures_of_the_standard_have_their_published_digests(string text, string name, string value, string digest)
    {
        Assert.True(Disclosure.TryParse(text, out var disclosure));

        Assert.Equal((name, value), (disclosure.Name, disclosure.Value));
        Assert.Equal(digest, Base64Url.Encode(disclosure.Digest(Suite).ToBytes()));
    }

    [Fact]
    public void Under_SM2_the_digest_is_SM3()
    {
        Assert.True(Disclosure.TryParse("WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0", out var disclosure));

        Assert.Equal(KnownSuites.Sm2.Hash(Encoding.ASCII.GetBytes(disclosure.Text)), disclosure.Digest(KnownSuites.Sm2));
        Assert.NotEqual(disclosure.Digest(Suite), disclosure.Digest(KnownSuites.Sm2));
    }

    [Fact]
    public void The_same_array_in_another_spelling_is_another_disclosure()
    {
        var (plain, spaced) = (Encoded($"""["{Salt}","fees","100"]"""), Encoded($"""[ "{Salt}", "\u0066ees", "100" ]"""));
        Assert.True(Disclosure.TryParse(plain, out var one));
        Assert.True(Disclosure.TryParse(spaced, out var other));

        Assert.Equal((one.Name, one.Value), (other.Name, other.Value));
        Assert.NotEqual(one.Digest(Suite), other.Digest(Suite));
    }

    [Theory]
    [InlineData("""["22CharactersOfBase64url","fees"]""")]
    [InlineData("""["22CharactersOfBase64url","fees","1","2"]""")]
    [InlineData("""["22CharactersOfBase64url","fees",1]""")]
    [InlineData("""["22CharactersOfBase64url","fees",null]""")]
    [InlineData("""["22CharactersOfBase64url","fees",["1"]]""")]
    [InlineData("""["22CharactersOfBase64url","","1"]""")]
    [InlineData("""["22CharactersOfBase64url","_sd","1"]""")]
    [InlineData("""["22CharactersOfBase64url","...","1"]""")]
    [InlineData("""["only21characters00000","fees","1"]""")]
    [InlineData("""["22 haracters not in it","fees","1"]""")]
    [InlineData("""["22CharactersOfBase64url","fees","1"]]""")]
    [InlineData("""["22CharactersOfBase64url","fees","\ud800"]""")]
    [InlineData("""{"salt":"22CharactersOfBase64url"}""")]
    [InlineData("")]
    public void What_is_no_array_of_salt_name_and_value_is_not_read(string json) => Assert.False(Disclosure.TryParse(Encoded(json), out _));

    [Fact]
    public void Base64url_has_one_spelling_and_a_length()
    {
        var text = Encoded($"""["{Salt}","fees","100"]""");
        Assert.True(Disclosure.TryParse(text, out _));

        Assert.False(Disclosure.TryParse(text + "=", out _));
        Assert.False(Disclosure.TryParse(text + "A", out _));
        Assert.False(Disclosure.TryParse(Encoded($"""["{Salt}","contact","{new string('x', Disclosure.MaxLength)}"]"""), out _));
    }

    [Fact]
    public void Every_term_has_the_name_that_the_formats_fix() =>
        Assert.Equal(
            [
                "rate", "penaltyRate", "fees", "netProceeds", "interest", "payoff", "surplus", "refund", "buyBackPrice", "lateInterest", "price", "account",
                "accountName", "documentNumber", "contact", "recourseAmount",
            ],
            Enum.GetValues<Term>().Select(Terms.Name));

    [Theory]
    [InlineData(Term.Rate, "38500", "038500", "-1", "3.85", "10000001", "")]
    [InlineData(Term.Fees, "0", "00", "+1", "1.00", "1000000000000", "")]
    [InlineData(Term.AccountName, "示例供应商 𠮷", " 示例", "示例\n", "示例 ", "")]
    public void A_value_is_written_as_its_term_is_and_in_no_other_way(Term term, string good, params string[] bad)
    {
        Assert.True(term.Takes(good));
        Assert.All(bad, value => Assert.False(term.Takes(value)));
        Assert.All(bad, value => Assert.Throws<ArgumentException>(() => Disclosure.Create(term, value)));
    }

    // A test's parameters do not carry half a character to the test.
    [Fact]
    public void Half_a_character_is_no_text() => Assert.False(Term.Contact.Takes("王\ud800"));

    [Fact]
    public void The_same_value_never_has_the_same_digest_twice()
    {
        var digests = Enumerable.Range(0, 100).Select(_ => Disclosure.Create(Term.Rate, "38500").Digest(Suite)).ToHashSet();

        Assert.Equal(100, digests.Count);
    }

    [Law]
    public Property Any_set_round_trips_with_its_digests_apart_and_ascending() => Prop.ForAll(Sets.ToArbitrary(), set =>
    {
        var file = new DisclosureFile(new(1, 2), A, new(7), 3, set);
        Assert.True(DisclosureFile.TryRead(file.ToJson(), out var read, out var problem), problem?.ToString());
        Assert.Equal(Values(set), Values(read.Set));

        var digests = read.Set.Digests(Suite);
        Assert.Equal(set.Digests(Suite), digests);
        Assert.Equal(set.Count, digests.Distinct().Count());
        return digests.SequenceEqual(digests.Order());
    });

    [Fact]
    public void A_changed_byte_of_a_disclosure_is_refused_or_has_another_digest()
    {
        var disclosure = Disclosure.Create(Term.Rate, "38500");
        for (var i = 0; i < disclosure.Text.Length; i++)
        {
            foreach (var other in "Aa0_~")
            {
                if (disclosure.Text[i] == other) continue;
                var changed = $"{disclosure.Text[..i]}{other}{disclosure.Text[(i + 1)..]}";
                Assert.True(!Disclosure.TryParse(changed, out var read) || read.Digest(Suite) != disclosure.Digest(Suite), changed);
            }
        }
    }

    [Fact]
    public void A_file_has_exactly_its_members()
    {
        var good = $$"""{"chain":"{{new string('a', 64)}}","party":"{{A}}","id":"AAAAAAAAAAAAAAAAAAAAAQ","operation":0,"disclosures":["{{Encoded($"""["{Salt}","fees","1"]""")}}"]}""";
        Assert.True(Reads(good));

        Assert.All(
            new[]
            {
                good.Replace("\"operation\":0,", ""), good.Replace("\"operation\":0", "\"operation\":0,\"operation\":0"), good.Replace("\"operation\":0", "\"operation\":-1"),
                good.Replace("\"operation\":0", "\"operation\":65536"), good.Replace("\"operation\":0", "\"operation\":\"0\""), good.Replace("\"id\"", "\"Id\""),
                good.Replace("{\"chain\"", "{\"more\":1,\"chain\""), good.Replace("aaaa", "AAAA"), good.Replace(A.Text, "x"), good + "1", good[..^1], "[]", "null", "",
                good.Replace("AAAAAAAAAAAAAAAAAAAAAQ", "AAAAAAAAAAAAAAAAAAAAAA"), System.Text.RegularExpressions.Regex.Replace(good, @"\[""W.*?\]", "[]"),
                System.Text.RegularExpressions.Regex.Replace(good, @"\[""W.*?\]", "[null]"), System.Text.RegularExpressions.Regex.Replace(good, @"\[""W.*?\]", "null"),
            },
            text => Assert.False(Reads(text), text));
        Assert.False(DisclosureFile.TryRead(Encoding.UTF8.GetBytes(good + new string(' ', DisclosureFile.MaxSize)), out _, out var large));
        Assert.Equal(Refusal.DisclosuresMalformed, large.Refusal);
    }

    [Theory]
    [InlineData(Refusal.DisclosedTermUnknown, "discount=1")]
    [InlineData(Refusal.DisclosedValueInvalid, "rate=3.85")]
    [InlineData(Refusal.DisclosedTwice, "fees=1", "fees=1")]
    public void An_unknown_term_a_wrong_value_and_a_term_twice_have_their_numbers(Refusal expected, params string[] terms)
    {
        var disclosures = terms.Select((term, i) => Read($"{Salt[..^1]}{i}", term.Split('=')[0], term.Split('=')[1]));

        Assert.Null(DisclosureSet.Of(disclosures, out var problem));
        Assert.Equal(expected, problem?.Refusal);
    }

    [Fact]
    public void A_set_gives_each_term_as_what_it_is()
    {
        var set = DisclosureSet.Empty.With(Term.Rate, new Rate(38_500)).With(Term.Fees, new Amount(0)).With(Term.Account, "6222 0200");

        Assert.Equal((new Rate(38_500), Amount.Zero, "6222 0200"), (set.Rate(Term.Rate), set.Amount(Term.Fees), set.Text(Term.Account)));
        Assert.Null(set.Rate(Term.PenaltyRate));
        Assert.Null(set.Amount(Term.Rate));
        Assert.Throws<ArgumentException>(() => set.With(Term.Rate, new Amount(1)));
    }

    /// <summary>Any terms, with values of every kind.</summary>
    public static readonly Gen<DisclosureSet> Sets =
        from chosen in Gen.SubListOf(Enum.GetValues<Term>())
        from numbers in Gen.Choose(0, (int)Rate.Max).ArrayOf(chosen.Count)
        select chosen.Zip(numbers).Aggregate(Nothing, (set, one) => one.First.Kind() switch
        {
            TermKind.Amount => set.With(one.First, new Amount((ulong)one.Second)),
            TermKind.Rate => set.With(one.First, new Rate((uint)one.Second)),
            _ => set.With(one.First, $"号码\"{one.Second}\\𠮷"),
        });

    // A file discloses something.
    static DisclosureSet Nothing => DisclosureSet.Empty.With(Term.Price, new Amount(1));

    const string Salt = "2GLC42sKQveCfGfryNRN9w";

    static bool Reads(string json) => DisclosureFile.TryRead(Encoding.UTF8.GetBytes(json), out _, out _);

    static (Term, string)[] Values(DisclosureSet set) => [.. set.All.Select(one => (one.Key, one.Value.Value))];

    static Disclosure Read(string salt, string name, string value)
    {
        Assert.True(Disclosure.TryParse(Encoded($"""["{salt}","{name}","{value}"]"""), out var disclosure));
        return disclosure;
    }

    static string Encoded(string json) => Base64Url.Encode(Encoding.UTF8.GetBytes(json));
}
