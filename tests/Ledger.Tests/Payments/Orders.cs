using FsCheck;
using FsCheck.Fluent;
using Ledger.Client.Payments;
using Ledger.Core.Primitives;
using Ledger.Tests.Money;

namespace Ledger.Tests.Payments;

/// <summary>The order of E1: what the obligor pays its three holders on the due day; and orders of every kind.</summary>
static class Orders
{
    public static readonly PaymentOrder E1 = new(
        "20260922-C-0001", new DateTimeOffset(2026, 9, 22, 9, 30, 0, TimeSpan.FromHours(8)),
        new("示例装备制造集团有限公司", new("6222021001116245702", IsIban: false)) { Agent = new("ICBKCNBJSZU", "102305033332") },
        new DateOnly(2026, 9, 22),
        [
            new("PAY20260922X1", new(12_000_000), Currency.Cny, new("甲银行股份有限公司", new("1001", IsIban: false)) { Agent = new(null, "104290003582") }, "凭证 hlxNJuOd1l1sqP7_sJTR4w 1-12000000"),
            new("PAY20260922B1", new(18_000_000), Currency.Cny, new("示例五金加工有限公司", new("1002", IsIban: false)), "凭证 hlxNJuOd1l1sqP7_sJTR4w"),
            new("PAY20260922A1", new(70_000_000), Currency.Cny, new("Müller & Söhne <GmbH>", new("DE89370400440532013000", IsIban: true)), null),
        ]);

    static readonly Gen<string> Names = Gen.Elements("示例精密零部件有限公司", "Ada & Co. \"<Ltd>\"", "𠮷野家", "a", new string('长', 140), "]]> &amp;");

    static readonly Gen<PaymentAccount> Accounts = Gen.Elements(
        new PaymentAccount("6222021001116245702", false), new("DE89370400440532013000", true), new("GB29NWBK60161331926819", true), new("1/2-3", false), new(new string('9', 34), false));

    static readonly Gen<PaymentAgent?> Agents = Gen.Elements(null, new PaymentAgent("ICBKCNBJ", null), new PaymentAgent(null, "102305033332"), new PaymentAgent("ICBKCNBJSZU", "102305033332"));

    static readonly Gen<PaymentParty> Parties =
        from name in Names
        from account in Accounts
        from agent in Agents
        select new PaymentParty(name, account) { Agent = agent };

    static readonly Gen<Currency> Currencies = Gen.Elements("CNY", "EUR", "JPY").Select(code => Currency.TryParse(code, out var currency) ? currency : default);

    static readonly Gen<PaymentLine> Lines =
        from amount in Generators.Amounts.Generator.Where(amount => !amount.IsZero)
        from currency in Currencies
        from creditor in Parties
        from remittance in Gen.Elements(null, "凭证 hlxNJuOd1l1sqP7_sJTR4w", "a  b", "<Ustrd>")
        select new PaymentLine("", amount, currency, creditor, remittance);

    public static readonly Arbitrary<PaymentOrder> Any =
        (from debtor in Parties
         from count in Gen.Choose(1, 12)
         from lines in Lines.ArrayOf(count)
         from minutes in Gen.Choose(0, 500_000)
         from offset in Gen.Choose(-14, 14)
         select new PaymentOrder(
             $"MSG-{minutes}", new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.FromHours(offset)).AddMinutes(minutes), debtor,
             new DateOnly(2026, 1, 1).AddDays(minutes % 1000), [.. lines.Select((line, i) => line with { EndToEndId = $"E2E {minutes}/{i}" })])).ToArbitrary();
}
