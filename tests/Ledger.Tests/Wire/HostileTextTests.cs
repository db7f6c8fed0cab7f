using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Ledger.Client.Signing;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Core.Wire;
using Ledger.Tests.Laws;

namespace Ledger.Tests.Wire;

/// <summary>Whatever a stranger does to a good transaction, reading it answers: it never throws, and what it takes it takes whole.</summary>
public class HostileTextTests
{
    static readonly P256Suite Suite = new();
    static readonly Hash256 Chain = new(5, 6);
    static readonly SigningKey Signer = SigningKey.Create(Suite);
    static readonly KeyId Kid = World.Key(World.X);

    [Law]
    public Property Any_byte_of_the_text_can_be_anything() =>
        Prop.ForAll(
            Operations.All.ToArbitrary(), Hits.ToArbitrary(), (operation, hits) => Answers(Mutated(Signed(Payload(operation)), hits)));

    [Law]
    public Property Any_byte_of_a_signed_payload_can_be_anything() =>
        Prop.ForAll(
            Operations.All.ToArbitrary(), Hits.ToArbitrary(), (operation, hits) => Answers(Signed(Mutated(Payload(operation), hits))));

    [Law]
    public Property Any_byte_of_a_signed_header_can_be_anything() =>
        Prop.ForAll(Hits.ToArbitrary(), hits =>
        {
            var header = TransactionText.WriteHeader(new(Suite.Name, Kid, ProtectedHeader.TransactionType, Chain, [Kid]));
            var text = $$"""{"payload":"e30","signatures":[{"protected":"{{Base64Url.Encode(Mutated(header, hits))}}","signature":"AAAA"}]}""";
            return Answers(Encoding.ASCII.GetBytes(text));
        });

    [Law]
    public Property A_payload_can_be_any_tokens_of_JSON() =>
        Prop.ForAll(
            Gen.Elements(Tokens).ListOf().Select(tokens => string.Concat(tokens)).ToArbitrary(),
            tokens => Answers(Signed(Encoding.UTF8.GetBytes(tokens)))
                && Answers(Signed(Encoding.UTF8.GetBytes(Head + tokens + "]}"))));

    const string Head = """{"party":"91440300MA1000017E","id":"AAAAAAAAAAAAAAAAAAAABQ","expires":60000,"operations":[""";

    static readonly string[] Tokens =
    [
        "{", "}", "[", "]", ",", ":", "null", "true", "0", "-0", "1e9", "1.5", "\"\"", "\"kind\"", "\"offer.withdraw\"", "\"token.transfer\"", "\"party\"", "\"offer\"",
        "\"units\"", "\"1-5\"", "\"\\ud800\"", "\"\\u0000\"", "\"$id\"", "\"$ref\"", "\"$values\"", "\"_sd\"", "\"AAAAAAAAAAAAAAAAAAAABw\"", "\"91440300MA1000017E\"", " ", "\n",
    ];

    /// <summary>Where a byte is hit, in thousandths of the whole, and what it becomes.</summary>
    static readonly Gen<(int Place, int Value)[]> Hits =
        (from place in Gen.Choose(0, 999)
         from value in Gen.OneOf(Gen.Choose(0, 255), Gen.Elements("\"\\{}[]:,0-eu$".Select(c => (int)c).ToArray()))
         select (place, value)).NonEmptyListOf().Select(hits => hits.Take(4).ToArray());

    static byte[] Payload(Operation operation) =>
        TransactionText.WritePayload(new(World.X, null, new(5), new(60_000), [operation]));

    static byte[] Signed(byte[] payload) => Jws.Sign(payload, Chain, [(Kid, Signer)]);

    static byte[] Mutated(byte[] bytes, (int Place, int Value)[] hits)
    {
        foreach (var (place, value) in hits) bytes[place * bytes.Length / 1000] = (byte)value;
        return bytes;
    }

    static bool Answers(byte[] bytes)
    {
        var read = TransactionText.Read(bytes, Suite, Chain, out var refused);
        if (read is null) return refused is { Refusal: >= Refusal.Malformed and <= Refusal.NoOperations };

        // What was read says the same when it is written and read again.
        var again = TransactionText.Read(Signed(TransactionText.WritePayload(read.Body)), Suite, Chain, out _);
        return refused is null && read.Hash == Suite.Hash(bytes) && read.Body == again?.Body;
    }
}
