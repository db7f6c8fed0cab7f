using System.Text;
using Ledger.Client.Founding;
using Ledger.Client.Signing;
using Ledger.Core.State;
using Ledger.Core.Wire;

namespace Ledger.Tests.Wire;

public class OperationKindTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData("""{"offer":"AAAAAAAAAAAAAAAAAAAAAQ","kind":"offer.accept"}""")]
    [InlineData("""{"kind":"offer.steal","offer":"AAAAAAAAAAAAAAAAAAAAAQ"}""")]
    [InlineData("""{"kind":7,"offer":"AAAAAAAAAAAAAAAAAAAAAQ"}""")]
    [InlineData("""{"kind":"offer.accept","offer":"\ud800"}""")]
    [InlineData("7")]
    [InlineData("null")]
    public void An_operation_that_does_not_first_say_what_it_is_is_malformed(string operation)
    {
        using var chain = new ChainFixture();
        var payload = $$"""{"party":"{{chain.Bank}}","id":"AAAAAAAAAAAAAAAAAAAAAQ","expires":1,"operations":[{{operation}}]}""";
        var text = Jws.Sign(Encoding.UTF8.GetBytes(payload), chain.Founding.Genesis.Chain.ChainId, [(new(chain.Bank, FoundingKeys.Maker), chain.Founding.Signer(chain.Bank))]);

        Assert.Null(TransactionText.Read(text, chain.Founding.Genesis.Chain.Suite, chain.Founding.Genesis.Chain.ChainId, out var refused));
        Assert.Equal(Refusal.Malformed, refused?.Refusal);
    }
}
