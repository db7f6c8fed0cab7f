using System.Reflection;
using Ledger.Client.Invoices;
using Ledger.Core.State;

namespace Ledger.Tests.Invoices;

public class ImportRefusalTests
{
    [Fact]
    public void The_numbers_are_permanent() =>
        Assert.Equal(
            [
                "20001 NotXml", "20002 XmlIsDangerous", "20003 TooLarge", "20004 NotAnInvoice", "20005 MissingField", "20006 SellerNumberInvalid",
                "20007 BuyerNumberInvalid", "20008 NumberInvalid", "20009 AmountInvalid", "20010 AmountsDisagree", "20011 CapitalAmountDisagrees",
                "20012 DateInvalid", "20013 RedLetter", "20014 EncodingUnknown", "20015 FieldRepeated",
            ],
            Enum.GetValues<ImportRefusal>().Select(refusal => $"{(ushort)refusal} {refusal}"));

    [Fact]
    public void Every_refusal_has_a_sentence_in_both_languages() =>
        Assert.All(Enum.GetNames<ImportRefusal>(), name =>
        {
            var says = typeof(ImportRefusal).GetField(name)?.GetCustomAttribute<SaysAttribute>();
            Assert.EndsWith("。", says?.Chinese);
            Assert.EndsWith(".", says?.English);
        });
}
