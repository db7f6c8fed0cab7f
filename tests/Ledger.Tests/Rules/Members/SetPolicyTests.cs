using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.Rules.Members.Consortium;

namespace Ledger.Tests.Rules.Members;

public class SetPolicyTests
{
    static readonly PolicyLimit Yuan = new(Currency.Cny, new Amount(100_000), new Amount(500_000));

    [Fact]
    public void A_party_sets_its_limits_and_lifts_them()
    {
        var limited = Founded.After(Supplier, new SetPolicy([Yuan]), Key(Supplier, 1));

        Assert.Equal([Yuan], limited.PartyOf(Supplier).Policy);
        Assert.Empty(limited.After(Supplier, new SetPolicy([]), Key(Supplier, 1)).PartyOf(Supplier).Policy);
    }

    [Fact]
    public void A_policy_names_each_currency_once()
    {
        Assert.True(Currency.TryParse("USD", out var dollar));

        Assert.Equal(Refusal.PolicyInvalid, Founded.Refuses(Supplier, new SetPolicy([Yuan, Yuan with { PerAct = Amount.Zero }]), Key(Supplier, 1)));
        Assert.Equal(2, Founded.After(Supplier, new SetPolicy([Yuan, Yuan with { Currency = dollar }]), Key(Supplier, 1)).PartyOf(Supplier).Policy.Count);
    }

}
