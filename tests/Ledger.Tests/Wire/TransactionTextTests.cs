using System.Text;
using Ledger.Client.Signing;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Core.Wire;
using static Ledger.Tests.World;

namespace Ledger.Tests.Wire;

/// <summary>What is not exactly the ledger's text is refused by number, and nothing that a stranger sends is ever an exception.</summary>
public class TransactionTextTests
{
    static readonly P256Suite Suite = new();
    static readonly Hash256 Chain = new(5, 6);
    static readonly SigningKey Signer = SigningKey.Create(Suite);
    static readonly KeyId Kid = Key(X);

    const string Withdrawal = """{"kind":"offer.withdraw","offer":"AAAAAAAAAAAAAAAAAAAABw"}""";
    const string Head = """{"party":"91440300MA1000017E","id":"AAAAAAAAAAAAAAAAAAAABQ","expires":60000,"operations":[""";

    [Fact]
    public void What_the_writer_writes_is_read()
    {
        var transaction = new Transaction(X, null, new(5), new(60_000), [new WithdrawOffer(new(7))]);
        var payload = TransactionText.WritePayload(transaction);

        Assert.Equal(Head + Withdrawal + "]}", Encoding.UTF8.GetString(payload));
        var read = Assert.IsType<SignedTransaction>(Read(Encoding.UTF8.GetString(payload), out _));
        Assert.Equal(transaction, read.Body);
        Assert.Equal(Suite.Hash(payload), read.PayloadHash);
        Assert.Equal([Kid], read.Signers);
    }

    [Fact]
    public void Under_a_text_in_part_signatures_may_be_missing_that_it_announces_and_no_others()
    {
        using var other = SigningKey.Create(Suite);
        var (mine, theirs, payload) = (Kid, new KeyId(C, 1), TransactionText.WritePayload(new(X, null, new(5), new(60_000), [new WithdrawOffer(new(7))])));
        var (one, two) = (InPart(payload, (mine, Signer), theirs), InPart(payload, (theirs, other), mine));
        KeyId[] both = [.. ((KeyId[])[mine, theirs]).Order()];

        Assert.Equal([mine], one.Signed.Signers);
        Assert.Equal([theirs], one.Missing);
        Assert.False(one.IsWhole);
        Assert.Equal(both, one.AsIfWhole.Signers);
        Assert.Equal(payload, TransactionText.PayloadOf(one.Signed));
        Assert.Null(TransactionText.Read(one.Signed.Bytes, Suite, Chain, out var refused));
        Assert.Equal(Refusal.SignersDiffer, refused?.Refusal);

        var joined = TransactionText.Join(one, two);
        Assert.Equal(joined, TransactionText.Join(two, one));
        Assert.Equal(both, TransactionText.Read(joined, Suite, Chain, out _)?.Signers);
        Assert.Equal(joined, TransactionText.Join(TransactionText.ReadInPart(joined, Suite, Chain, out _)!, two));
        Assert.Throws<ArgumentException>(() => TransactionText.Join(one, InPart(payload, (theirs, other))));
    }

    [Fact]
    public void A_text_in_part_announces_its_signers_ascending_once_and_not_too_many()
    {
        var payload = TransactionText.WritePayload(new(X, null, new(5), new(60_000), [new WithdrawOffer(new(7))]));
        var many = Enumerable.Range(2, TransactionText.MaxSigners).Select(number => new KeyId(X, (uint)number)).ToArray();
        Assert.NotNull(TransactionText.ReadInPart(Jws.SignInPart(payload, Chain, [(Kid, Signer)], many[1..]), Suite, Chain, out _));
        Assert.Null(TransactionText.ReadInPart(Jws.SignInPart(payload, Chain, [(Kid, Signer)], many), Suite, Chain, out var refused));
        Assert.Equal(Refusal.SignersDiffer, refused?.Refusal);

        foreach (var announced in (string[])["\"91440300MA1000017E#2\",\"91440300MA1000017E#1\"", "\"91440300MA1000017E#1\",\"91440300MA1000017E#1\"", "\"91440300MA1000017E#2\"", ""])
        {
            var header = Base64Url.Encode(Encoding.ASCII.GetBytes($$"""{"alg":"ES256","kid":"91440300MA1000017E#1","typ":"ledger-tx","chain":"{{Chain}}","signers":[{{announced}}]}"""));
            var text = $$"""{"payload":"{{Base64Url.Encode(payload)}}","signatures":[{"protected":"{{header}}","signature":"AAAA"}]}""";
            Assert.Null(TransactionText.ReadInPart(Encoding.ASCII.GetBytes(text), Suite, Chain, out var no));
            Assert.Equal((announced, Refusal.SignersDiffer), (announced, no?.Refusal));
        }
    }

    static SignedInPart InPart(byte[] payload, (KeyId Kid, SigningKey Key) signer, params KeyId[] others) =>
        TransactionText.ReadInPart(Jws.SignInPart(payload, Chain, [signer], others), Suite, Chain, out _)!;

    [Fact]
    public void An_agent_names_its_principal_and_nobody_else_names_anybody()
    {
        var transaction = new Transaction(X, C, new(5), new(60_000), [new WithdrawOffer(new(7))]);

        Assert.Equal(transaction, Read(Encoding.UTF8.GetString(TransactionText.WritePayload(transaction)), out _)?.Body);
        Assert.Null(Read(Operation(Withdrawal), out _)?.Body.OnBehalfOf);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("""{"party":"91440300MA1000017E","id":"AAAAAAAAAAAAAAAAAAAABQ","expires":60000}""")]
    [InlineData("""{"party":"91440300MA1000017E","id":"AAAAAAAAAAAAAAAAAAAABQ","operations":[]}""")]
    [InlineData("""{"party":"91440300MA1000017E","id":"AAAAAAAAAAAAAAAAAAAABQ","expires":60000,"operations":null}""")]
    [InlineData("""{"party":null,"id":"AAAAAAAAAAAAAAAAAAAABQ","expires":60000,"operations":[]}""")]
    [InlineData("""{"party":"91440300MA1000017F","id":"AAAAAAAAAAAAAAAAAAAABQ","expires":60000,"operations":[]}""")]
    [InlineData("""{"party":"91440300ma1000017e","id":"AAAAAAAAAAAAAAAAAAAABQ","expires":60000,"operations":[]}""")]
    [InlineData("""{"party":91440300,"id":"AAAAAAAAAAAAAAAAAAAABQ","expires":60000,"operations":[]}""")]
    [InlineData("""{"party":"91440300MA1000017E","id":"AAAAAAAAAAAAAAAAAAAAAA","expires":60000,"operations":[]}""")]
    [InlineData("""{"party":"91440300MA1000017E","id":"AAAAAAAAAAAAAAAAAAAABR","expires":60000,"operations":[]}""")]
    [InlineData("""{"party":"91440300MA1000017E","id":"AAAAAAAAAAAAAAAAAAAABQ==","expires":60000,"operations":[]}""")]
    [InlineData("""{"party":"91440300MA1000017E","id":"AAAAAAAAAAAAAAAAAAAABQ","expires":"60000","operations":[]}""")]
    [InlineData("""{"party":"91440300MA1000017E","id":"AAAAAAAAAAAAAAAAAAAABQ","expires":6e4,"operations":[]}""")]
    [InlineData("""{"party":"91440300MA1000017E","id":"AAAAAAAAAAAAAAAAAAAABQ","expires":60000.0,"operations":[]}""")]
    [InlineData("""{"party":"91440300MA1000017E","id":"AAAAAAAAAAAAAAAAAAAABQ","expires":-1,"operations":[]}""")]
    [InlineData("""{"party":"91440300MA1000017E","id":"AAAAAAAAAAAAAAAAAAAABQ","expires":253370764800000,"operations":[]}""")]
    [InlineData("""{"party":"91440300MA1000017E","id":"AAAAAAAAAAAAAAAAAAAABQ","expires":99999999999999999999,"operations":[]}""")]
    [InlineData("""{"party":"91440300MA1000017E","party":"91440300MA1000017E","id":"AAAAAAAAAAAAAAAAAAAABQ","expires":60000,"operations":[]}""")]
    [InlineData("""{"Party":"91440300MA1000017E","id":"AAAAAAAAAAAAAAAAAAAABQ","expires":60000,"operations":[]}""")]
    [InlineData("""{"party":"91440300MA1000017E","note":"hello","id":"AAAAAAAAAAAAAAAAAAAABQ","expires":60000,"operations":[]}""")]
    [InlineData("""{"party":"91440300MA1000017E","principal":"91440300MA1000017E","id":"AAAAAAAAAAAAAAAAAAAABQ","expires":60000,"operations":[]}""")]
    [InlineData("""{"party":"91440300MA1000017E","id":"AAAAAAAAAAAAAAAAAAAABQ","expires":60000,"operations":[],}""")]
    [InlineData("""{"party":"91440300MA1000017E","id":"AAAAAAAAAAAAAAAAAAAABQ","expires":60000,"operations":[]} {}""")]
    [InlineData("""{"party":"91440300MA1000017E","id":"AAAAAAAAAAAAAAAAAAAABQ","expires":60000,"operations":[]/**/}""")]
    [InlineData("""{"party":"91440300MA1000017E","id":"AAAAAAAAAAAAAAAAAAAABQ","expires":60000,"operations":[]""")]
    [InlineData("""{"party":"\ud800","id":"AAAAAAAAAAAAAAAAAAAABQ","expires":60000,"operations":[]}""")]
    [InlineData("""{"\ud800":1,"party":"91440300MA1000017E","id":"AAAAAAAAAAAAAAAAAAAABQ","expires":60000,"operations":[]}""")]
    public void A_payload_that_is_not_exactly_a_transaction_is_malformed(string payload)
    {
        Assert.Null(Read(payload, out var refused));
        Assert.Equal(Refusal.Malformed, refused?.Refusal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("5")]
    [InlineData("\"offer.withdraw\"")]
    [InlineData("[]")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]")]
    [InlineData("""{"kind":"offer.Withdraw","offer":"AAAAAAAAAAAAAAAAAAAABw"}""")]
    [InlineData("""{"kind":"offer.repeal","offer":"AAAAAAAAAAAAAAAAAAAABw"}""")]
    [InlineData("""{"kind":7,"offer":"AAAAAAAAAAAAAAAAAAAABw"}""")]
    [InlineData("""{"kind":null,"offer":"AAAAAAAAAAAAAAAAAAAABw"}""")]
    [InlineData("""{"Kind":"offer.withdraw","offer":"AAAAAAAAAAAAAAAAAAAABw"}""")]
    [InlineData("""{"$type":"offer.withdraw","offer":"AAAAAAAAAAAAAAAAAAAABw"}""")]
    [InlineData("""{"offer":"AAAAAAAAAAAAAAAAAAAABw","kind":"offer.withdraw"}""")]
    [InlineData("""{"offer":"AAAAAAAAAAAAAAAAAAAABw"}""")]
    [InlineData("""{"kind":"offer.withdraw","kind":"offer.withdraw","offer":"AAAAAAAAAAAAAAAAAAAABw"}""")]
    [InlineData("""{"kind":"offer.withdraw","offer":"AAAAAAAAAAAAAAAAAAAABw","offer":"AAAAAAAAAAAAAAAAAAAABw"}""")]
    [InlineData("""{"kind":"offer.withdraw","$id":"1","offer":"AAAAAAAAAAAAAAAAAAAABw"}""")]
    [InlineData("""{"kind":"offer.withdraw","$ref":"1"}""")]
    [InlineData("""{"kind":"offer.\ud800","offer":"AAAAAAAAAAAAAAAAAAAABw"}""")]
    [InlineData("""{"kind":"offer.withdraw","offer":null}""")]
    [InlineData("""{"kind":"offer.withdraw"}""")]
    [InlineData("""{"kind":"key.revoke","key":1.0}""")]
    [InlineData("""{"kind":"key.revoke","key":1e0}""")]
    [InlineData("""{"kind":"key.revoke","key":01}""")]
    [InlineData("""{"kind":"key.revoke","key":-1}""")]
    [InlineData("""{"kind":"key.revoke","key":"1"}""")]
    [InlineData("""{"kind":"key.revoke","key":4294967296}""")]
    [InlineData("""{"kind":"party.policy","limits":null}""")]
    [InlineData("""{"kind":"party.policy","limits":[null]}""")]
    [InlineData("""{"kind":"party.policy","limits":[{"currency":"CNY","perAct":"01","perDay":"1"}]}""")]
    [InlineData("""{"kind":"party.policy","limits":[{"currency":"CNY","perAct":"1.0","perDay":"1"}]}""")]
    [InlineData("""{"kind":"party.policy","limits":[{"currency":"CNY","perAct":"1e3","perDay":"1"}]}""")]
    [InlineData("""{"kind":"party.policy","limits":[{"currency":"CNY","perAct":"+1","perDay":"1"}]}""")]
    [InlineData("""{"kind":"party.policy","limits":[{"currency":"CNY","perAct":"-1","perDay":"1"}]}""")]
    [InlineData("""{"kind":"party.policy","limits":[{"currency":"CNY","perAct":" 1","perDay":"1"}]}""")]
    [InlineData("""{"kind":"party.policy","limits":[{"currency":"CNY","perAct":"","perDay":"1"}]}""")]
    [InlineData("""{"kind":"party.policy","limits":[{"currency":"CNY","perAct":"١","perDay":"1"}]}""")]
    [InlineData("""{"kind":"party.policy","limits":[{"currency":"CNY","perAct":"1000000000000","perDay":"1"}]}""")]
    [InlineData("""{"kind":"party.policy","limits":[{"currency":"CNY","perAct":1,"perDay":"1"}]}""")]
    [InlineData("""{"kind":"party.policy","limits":[{"currency":"cny","perAct":"1","perDay":"1"}]}""")]
    [InlineData("""{"kind":"party.policy","limits":[{"currency":"XXX","perAct":"1","perDay":"1"}]}""")]
    [InlineData("""{"kind":"document.release","pledge":"AAAAAAAAAAAAAAAAAAAABw","debtWasPaid":"true"}""")]
    [InlineData("""{"kind":"document.release","pledge":"AAAAAAAAAAAAAAAAAAAABw","debtWasPaid":1}""")]
    [InlineData("""{"kind":"token.freeze","freeze":"AAAAAAAAAAAAAAAAAAAABw","instrument":"AAAAAAAAAAAAAAAAAAAABw","units":"0-5","authority":"a","caseNumber":"1111111111111111111111111111111111111111111111111111111111111111","order":"1111111111111111111111111111111111111111111111111111111111111111","lastDay":"2026-12-31"}""")]
    [InlineData("""{"kind":"token.freeze","freeze":"AAAAAAAAAAAAAAAAAAAABw","instrument":"AAAAAAAAAAAAAAAAAAAABw","units":"5-1","authority":"a","caseNumber":"1111111111111111111111111111111111111111111111111111111111111111","order":"1111111111111111111111111111111111111111111111111111111111111111","lastDay":"2026-12-31"}""")]
    [InlineData("""{"kind":"token.freeze","freeze":"AAAAAAAAAAAAAAAAAAAABw","instrument":"AAAAAAAAAAAAAAAAAAAABw","units":"1-05","authority":"a","caseNumber":"1111111111111111111111111111111111111111111111111111111111111111","order":"1111111111111111111111111111111111111111111111111111111111111111","lastDay":"2026-12-31"}""")]
    [InlineData("""{"kind":"token.freeze","freeze":"AAAAAAAAAAAAAAAAAAAABw","instrument":"AAAAAAAAAAAAAAAAAAAABw","units":"1-5","authority":"a","caseNumber":"0000000000000000000000000000000000000000000000000000000000000000","order":"1111111111111111111111111111111111111111111111111111111111111111","lastDay":"2026-12-31"}""")]
    [InlineData("""{"kind":"token.freeze","freeze":"AAAAAAAAAAAAAAAAAAAABw","instrument":"AAAAAAAAAAAAAAAAAAAABw","units":"1-5","authority":"a","caseNumber":"AA11111111111111111111111111111111111111111111111111111111111111","order":"1111111111111111111111111111111111111111111111111111111111111111","lastDay":"2026-12-31"}""")]
    [InlineData("""{"kind":"document.redLetter","document":"AAAAAAAAAAAAAAAAAAAABw","amount":"1","date":"2026-1-1","commitment":"1111111111111111111111111111111111111111111111111111111111111111","fingerprints":[]}""")]
    [InlineData("""{"kind":"document.redLetter","document":"AAAAAAAAAAAAAAAAAAAABw","amount":"1","date":"2026-02-29","commitment":"1111111111111111111111111111111111111111111111111111111111111111","fingerprints":[]}""")]
    [InlineData("""{"kind":"document.redLetter","document":"AAAAAAAAAAAAAAAAAAAABw","amount":"1","date":"2026-01-01T00:00:00","commitment":"1111111111111111111111111111111111111111111111111111111111111111","fingerprints":[]}""")]
    public void An_operation_that_is_not_exactly_its_kinds_is_malformed(string operation)
    {
        Assert.Null(Read(Operation(operation), out var refused));
        Assert.Equal(Refusal.Malformed, refused?.Refusal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""["AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE","AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE"]""", Refusal.Malformed)]
    [InlineData("""["AgEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE","AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE"]""", Refusal.Malformed)]
    [InlineData("""["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]""", Refusal.Malformed)]
    [InlineData("""["AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQF"]""", Refusal.Malformed)]
    [InlineData("""["AQEB"]""", Refusal.Malformed)]
    [InlineData("""[null]""", Refusal.Malformed)]
    [InlineData("""{}""", Refusal.Malformed)]
    [InlineData("""["AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE","AgEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE"]""")]
    public void Hidden_terms_are_ascending_digests_each_once(string terms, Refusal expected = Refusal.None)
    {
        var member = terms.Length == 0 ? "" : $""","_sd":{terms}""";
        var read = Read(
            Operation($$"""{"kind":"document.pledge","offer":"AAAAAAAAAAAAAAAAAAAABw","to":"91440300MA10000259","currency":"CNY","amount":"1","documents":[],"expires":60000{{member}}}"""),
            out var refused);

        Assert.Equal(expected, refused?.Refusal ?? Refusal.None);
        Assert.Equal(expected == Refusal.None, read is not null);
    }

    [Fact]
    public void A_transaction_does_something()
    {
        Assert.Null(Read(Operation(""), out var refused));
        Assert.Equal(Refusal.NoOperations, refused?.Refusal);
    }

    [Theory]
    [InlineData("alg", "SM2", Refusal.WrongAlgorithm)]
    [InlineData("alg", "none", Refusal.WrongAlgorithm)]
    [InlineData("alg", "es256", Refusal.WrongAlgorithm)]
    [InlineData("typ", "JWT", Refusal.Malformed)]
    [InlineData("typ", "LEDGER-TX", Refusal.Malformed)]
    [InlineData("kid", "91440300MA1000017E", Refusal.Malformed)]
    [InlineData("kid", "91440300MA1000017E#0", Refusal.Malformed)]
    [InlineData("kid", "91440300MA1000017E#01", Refusal.Malformed)]
    [InlineData("kid", "91440300MA10000259#1", Refusal.SignersDiffer)]
    [InlineData("chain", "0000000000000000000000000000000000000000000000000000000000000000", Refusal.Malformed)]
    [InlineData("chain", "00000000000000050000000000000006000000000000000000000000000000aa", Refusal.WrongChain)]
    [InlineData("crit", "b64", Refusal.Malformed)]
    [InlineData("jku", "https://example.com", Refusal.Malformed)]
    public void A_header_has_its_five_members_and_no_other(string member, string value, Refusal expected)
    {
        var members = new Dictionary<string, string>
        {
            ["alg"] = "ES256", ["kid"] = $"{Kid}", ["typ"] = "ledger-tx", ["chain"] = $"{Chain}",
        };
        Assert.Null(ReadWithHeader(HeaderOf(members), out var none));
        Assert.Null(none);

        members[member] = value;
        Assert.Equal(expected, Refused(HeaderOf(members)));

        members.Remove(member);
        if (member is "alg" or "kid" or "typ" or "chain") Assert.Equal(Refusal.Malformed, Refused(HeaderOf(members)));

        string HeaderOf(Dictionary<string, string> texts) =>
            $$"""{{{string.Join(',', texts.Select(text => $"\"{text.Key}\":\"{text.Value}\""))}},"signers":["{{Kid}}"]}""";

        Refusal? Refused(string header)
        {
            ReadWithHeader(header, out var refused);
            return refused?.Refusal;
        }
    }

    [Theory]
    [InlineData("{\"alg\"", "{ \"alg\"")]
    [InlineData("\"typ\":\"ledger-tx\"", "\"typ\":\"ledger\\u002dtx\"")]
    [InlineData("\"alg\":\"ES256\",", "")]
    [InlineData("}", "}")]
    public void A_header_may_be_spelled_in_any_way_that_JSON_has(string from, string to)
    {
        var usual = Encoding.UTF8.GetString(TransactionText.WriteHeader(new(Suite.Name, Kid, ProtectedHeader.TransactionType, Chain, [Kid])));
        Assert.Contains(from, usual, StringComparison.Ordinal);
        var header = usual.Replace(from, to, StringComparison.Ordinal);
        if (to.Length == 0) header = header.Replace("}", ",\"alg\":\"ES256\"}", StringComparison.Ordinal);
        var text = Encoding.ASCII.GetString(Signed(Operation(Withdrawal)));
        text = text[..(text.IndexOf('[', StringComparison.Ordinal) + 1)] + Part(header) + "]}";

        var read = TransactionText.Read(Encoding.ASCII.GetBytes(text), Suite, Chain, out var refused);

        Assert.Null(refused);
        Assert.Equal(Kid, Assert.Single(read!.Signers));
    }

    [Fact]
    public void Exactly_the_announced_keys_sign_in_ascending_order()
    {
        KeyId[] both = [Key(X, 1), Key(X, 2)];
        var first = Part(both[0], both);
        var second = Part(both[1], both);

        Assert.Equal(Refusal.None, OfParts(first, second));
        Assert.Equal(Refusal.SignersDiffer, OfParts(second, first));
        Assert.Equal(Refusal.SignersDiffer, OfParts(first));
        Assert.Equal(Refusal.SignersDiffer, OfParts(second));
        Assert.Equal(Refusal.SignersDiffer, OfParts(first, first));
        Assert.Equal(Refusal.SignersDiffer, OfParts(first, second, Part(Key(X, 3), both)));
        Assert.Equal(Refusal.SignersDiffer, OfParts(first, Part(both[1], [both[1], both[0]])));
        Assert.Equal(Refusal.SignersDiffer, OfParts(Part(both[0], [both[0], both[0]])));
        Assert.Equal(Refusal.SignersDiffer, OfParts(Part(both[0], [])));
        Assert.Equal(Refusal.Malformed, OfParts());
    }

    [Fact]
    public void Sixteen_sign_and_seventeen_do_not()
    {
        KeyId[] sixteen = [.. Enumerable.Range(1, TransactionText.MaxSigners).Select(number => Key(X, (uint)number))];
        KeyId[] seventeen = [.. sixteen, Key(X, 17)];

        Assert.Equal(Refusal.None, OfParts([.. sixteen.Select(kid => Part(kid, sixteen))]));
        Assert.Equal(Refusal.SignersDiffer, OfParts([.. seventeen.Select(kid => Part(kid, seventeen))]));
    }

    [Fact]
    public void Keys_ascend_by_number_and_not_by_text()
    {
        KeyId[] kids = [Key(X, 2), Key(X, 10)];

        Assert.Equal(Refusal.None, OfParts([.. kids.Select(kid => Part(kid, kids))]));
    }

    [Theory]
    [InlineData(" ", "")]
    [InlineData("", " ")]
    [InlineData("", "\n")]
    [InlineData("", "\0")]
    [InlineData("\uFEFF", "")]
    public void Nothing_stands_around_the_text(string before, string after)
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes(before), .. Signed(Operation(Withdrawal)), .. Encoding.UTF8.GetBytes(after)];

        Assert.Null(TransactionText.Read(bytes, Suite, Chain, out var refused));
        Assert.Equal(Refusal.Malformed, refused?.Refusal);
    }

    [Theory]
    [InlineData("\"payload\":", "\"payload\": ")]
    [InlineData("\"payload\":", "\"Payload\":")]
    [InlineData(",\"signatures\"", ",\"header\":{},\"signatures\"")]
    [InlineData("[{\"protected\"", "[ {\"protected\"")]
    [InlineData("[{\"protected\"", "[{\"header\":{},\"protected\"")]
    [InlineData("\"}]}", "\"}],\"x\":1}")]
    [InlineData("\"}]}", "\"},]}")]
    [InlineData("\"}]}", "=\"}]}")]
    [InlineData("\"}]}", "+\"}]}")]
    [InlineData("\"}]}", "é\"}]}")]
    public void The_text_has_one_spelling(string from, string to)
    {
        var text = Encoding.UTF8.GetString(Signed(Operation(Withdrawal)));
        Assert.Contains(from, text, StringComparison.Ordinal);

        Assert.Null(TransactionText.Read(Encoding.UTF8.GetBytes(text.Replace(from, to, StringComparison.Ordinal)), Suite, Chain, out var refused));
        Assert.Equal(Refusal.Malformed, refused?.Refusal);
    }

    [Fact]
    public void Base64url_with_stray_bits_is_another_spelling_and_refused()
    {
        // 86 characters hold 64 bytes and four bits more, which are zero in the one canonical spelling.
        var text = Encoding.ASCII.GetString(Signed(Operation(Withdrawal)));
        var last = text.LastIndexOf("\"}]}", StringComparison.Ordinal) - 1;
        var stray = text[..last] + (char)(text[last] + 1) + text[(last + 1)..];

        Assert.Null(TransactionText.Read(Encoding.ASCII.GetBytes(stray), Suite, Chain, out var refused));
        Assert.Equal(Refusal.Malformed, refused?.Refusal);
    }

    [Fact]
    public void A_transaction_fits_into_a_leaf_with_its_answer()
    {
        string WithNumber(int length) => Operation(
            $$"""{"kind":"confirmation.request","instrument":"AAAAAAAAAAAAAAAAAAAABw","obligor":"91440300MA10000259","currency":"CNY","amount":"1","contractSigned":"2026-01-01","obligorSize":"large","creditorSize":"small","supplierConsent":"1111111111111111111111111111111111111111111111111111111111111111","number":"{{new string('n', length)}}"}""");
        var length = ((TransactionText.MaxSize - Signed(WithNumber(0)).Length) * 3 / 4) - 3;
        while (Signed(WithNumber(length + 1)).Length <= TransactionText.MaxSize) length++;

        Assert.NotNull(Read(WithNumber(length), out _));
        Assert.Null(Read(WithNumber(length + 1), out var refused));
        Assert.Equal(Refusal.TooLarge, refused?.Refusal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(11)]
    public void Bytes_that_are_no_text_at_all_are_malformed(int length)
    {
        Assert.Null(TransactionText.Read(new byte[length], Suite, Chain, out var refused));
        Assert.Equal(Refusal.Malformed, refused?.Refusal);
    }

    [Fact]
    public void Invalid_utf8_in_a_payload_is_malformed_wherever_it_stands()
    {
        var good = Encoding.UTF8.GetBytes(Operation(Withdrawal));
        for (var i = 0; i < good.Length; i++)
        {
            var bad = good.ToArray();
            bad[i] = 0xFF;
            Assert.Null(TransactionText.Read(Jws.Sign(bad, Chain, [(Kid, Signer)]), Suite, Chain, out var refused));
            Assert.Equal(Refusal.Malformed, refused?.Refusal);
        }
    }

    static string Operation(string operation) => Head + operation + "]}";

    static byte[] Signed(string payload) => Jws.Sign(Encoding.UTF8.GetBytes(payload), Chain, [(Kid, Signer)]);

    static SignedTransaction? Read(string payload, out Verdict.Refused? refused) => TransactionText.Read(Signed(payload), Suite, Chain, out refused);

    /// <summary>Null when the header is refused, and null without a refusal when it is taken: these headers carry a signature that is no signature.</summary>
    static SignedTransaction? ReadWithHeader(string header, out Verdict.Refused? refused)
    {
        var read = TransactionText.Read(Text(Part(header)), Suite, Chain, out refused);
        Assert.Equal(refused is null, read is not null);
        return null;
    }

    static string Part(KeyId kid, KeyId[] signers) =>
        Part(Encoding.UTF8.GetString(TransactionText.WriteHeader(new(Suite.Name, kid, ProtectedHeader.TransactionType, Chain, [.. signers]))));

    static string Part(string header) => $$"""{"protected":"{{Base64Url.Encode(Encoding.UTF8.GetBytes(header))}}","signature":"AAAA"}""";

    static byte[] Text(params string[] parts) =>
        Encoding.UTF8.GetBytes($$"""{"payload":"{{Base64Url.Encode(Encoding.UTF8.GetBytes(Operation(Withdrawal)))}}","signatures":[{{string.Join(',', parts)}}]}""");

    static Refusal OfParts(params string[] parts)
    {
        TransactionText.Read(Text(parts), Suite, Chain, out var refused);
        return refused?.Refusal ?? Refusal.None;
    }
}
