using System.Reflection;
using Ledger.Core.State;

namespace Ledger.Tests.House;

public class RefusalsTests
{
    [Fact]
    public void The_numbers_of_import_and_interface_are_permanent() =>
        Assert.Equal(
            [
                "20001 NotXml", "20002 XmlIsDangerous", "20003 FileTooLarge", "20004 NotAnInvoice", "20005 MissingField", "20006 SellerNumberInvalid",
                "20007 BuyerNumberInvalid", "20008 NumberInvalid", "20009 AmountInvalid", "20010 AmountsDisagree", "20011 CapitalAmountDisagrees",
                "20012 DateInvalid", "20013 RedLetter", "20014 EncodingUnknown", "20015 FieldRepeated",
                "20016 XmlTypeOverridden", "20017 CurrencyUnknown", "20018 CurrenciesDiffer", "20019 InvoiceTypeNotTaken",
                "20020 SellerNotIdentified", "20021 BuyerNotIdentified", "20022 NothingOwed", "20023 DocumentNumberUnusable", "20024 InvoiceAssigned", "20025 PayeeIsAnother", "20026 AmountTooFine",
                "20027 InvoiceNumberMalformed", "20028 DocumentHasNoCode", "20030 CsvMalformed",
                "20031 CsvHeaderWrong", "20032 CsvFieldCountWrong", "20033 CsvRowRepeated", "20034 CsvEmpty", "20035 CsvNumberMangled",
                "20050 NotAPaymentMessage", "20051 PaymentCountDisagrees", "20052 PaymentSumDisagrees", "20053 PaymentCodeUnknown",
                "20054 PaymentDetailWithoutAmount", "20055 PaymentTextInvalid", "20056 AccountInvalid", "20057 EndToEndIdRepeated",
                "20058 PaymentOrderEmpty",
                "30000 NotFound", "30001 BodyTooLarge", "30002 MediaTypeWrong", "30003 QueryInvalid", "30004 NotYetFinal", "30005 TooManyRequests",
                "30006 NodeStopping", "30007 StorageFull", "30008 MethodNotAllowed", "30009 BindAddressRefused", "30010 HostNotServed", "30011 ClockNotSettable",
                "30012 ClockGoesBack", "30013 BodyInvalid",
                "30014 PassMissing", "30015 PassMalformed", "30016 PassAlgorithmWrong", "30017 PassForAnother", "30018 PassExpired",
                "30019 PassNotYetValid", "30020 PassLivesTooLong", "30021 PassKeyUnknown", "30022 PassSignatureInvalid", "30023 PassWithoutMandate",
                "30024 NotForThisRole", "30025 NoAccessLog", "30026 BindNeedsSignedReads", "30027 BindNeedsTls", "30028 BindNeedsHostName", "30029 PassSpent",
                "30030 DisclosuresMalformed", "30031 DisclosedTermUnknown", "30032 DisclosedValueInvalid", "30033 DisclosedTwice", "30034 DisclosedOnAnotherChain",
                "30035 DisclosedTransactionRefused", "30036 DisclosedOperationMissing", "30037 DisclosureNotCommitted", "30038 DisclosuresNotKept",
                "30039 NoPrivateStore", "30040 ViewsNotReady", "30041 HeightNotReached", "30042 StatisticUnknown", "30043 ReviewNotKept", "30044 PageHasNoPast", "30045 ProofHasNoPast", "30046 ProofTooLarge", "30047 NoCoseUnderSuite", "30048 SignsNoReceipts", "30050 ChainQuotaUsed", "30051 ReadQuotaUsed",
                "30052 FigureWrong", "30053 FigureNotShown", "30054 FigureTooEarly", "30055 TermContradicts", "30056 FigureForADay", "30057 DisclosuresOfAnother",
                "30060 NoWebhooks", "30061 WebhookTargetNotAllowed", "30062 TooManyWebhooks", "30063 NoticeTypeUnknown", "30064 WebhookNotKept", "30070 ReasonNotShown", "30080 OrderNotReached", "30081 OrderBroken", "30082 EpochEnded", "30083 NodeNotAValidator", "30089 ValidatorsChanged",
                "30090 NotAPeer", "30091 ObservesOnly", "30092 FinalityStalled", "30093 ClockBehindLedger", "30094 EpochKeyMissing", "30095 JoinedMarkUnreadable",
                "30100 NoDrafts", "30101 DraftOfAnother", "30102 DraftNotByItsParty", "30103 TooManyDrafts", "30104 DraftClosed", "30105 DraftNotKept", "30106 DraftNotOwn", "30110 SizeOfNoBlock", "30111 HistoryHasNoPath", "30112 NotYetWitnessed", "30113 AsksNoWitnesses", "30114 AnchorWordsMissing", "30115 AnchorKeyNotAnnounced",
                "30120 AnchorChainIsAnother", "30121 AnchorContractIsAnother", "30122 AnchorNotOpen", "30123 AnchorContradicts", "30124 AnchorSetOutdated", "30125 AnchorTooDear", "30126 AnchorNoQuorum",
                "30127 AnchorOutOfFunds", "30128 AnchorCallRefused", "30129 AnchorNotSigned",
                "30130 NoPledgeShare", "30131 PledgeAskRefused", "30132 PledgeAskRepeated", "30133 PledgeQuotaUsed", "30134 PledgeAskNotKept",
            ],
            Enum.GetValues<Refusal>().Where(refusal => (ushort)refusal >= 20_000).Select(refusal => $"{(ushort)refusal} {refusal}"));

    [Fact]
    public void Every_refusal_has_a_sentence_in_both_languages_with_the_same_blanks() =>
        Assert.All(Enum.GetNames<Refusal>(), name =>
        {
            var says = Assert.IsType<SaysAttribute>(typeof(Refusal).GetField(name)?.GetCustomAttribute<SaysAttribute>());
            Assert.NotEmpty(says.Chinese);
            Assert.NotEmpty(says.English);
            Assert.Equal(Blanks(says.Chinese), Blanks(says.English));
        });

    static string[] Blanks(string sentence) =>
        [.. System.Text.RegularExpressions.Regex.Matches(sentence, @"\{(\w+)\}").Select(match => match.Value).Order(StringComparer.Ordinal)];
}
