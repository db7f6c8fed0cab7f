using System.Text;
using System.Xml;
using System.Xml.Schema;
using Ledger.Client.Files;
using Ledger.Client.Payments;
using Ledger.Client.Text;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Tests.Payments;

/// <summary>Notices of version 08: one credit by itself, and a batch of two in which one goes back.</summary>
public class PaymentNotificationTests
{
    public const string Notice = """
        <?xml version="1.0" encoding="UTF-8"?>
        <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn>
        <GrpHdr><MsgId>N-1</MsgId><CreDtTm>2026-09-22T15:04:05.123+08:00</CreDtTm></GrpHdr>
        <Ntfctn><Id>N-1-1</Id><Acct><Id><Othr><Id>6222021001116245702</Id></Othr></Id></Acct>
        <TxsSummry><TtlNtries><NbOfNtries>2</NbOfNtries><Sum>180300.00</Sum></TtlNtries></TxsSummry>
        <Ntry><Amt Ccy="CNY">180000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
          <BookgDt><DtTm>2026-09-22T10:11:12+08:00</DtTm></BookgDt><ValDt><Dt>2026-09-22</Dt></ValDt><AcctSvcrRef>BK-77</AcctSvcrRef><BkTxCd/>
          <NtryDtls><TxDtls><Refs><EndToEndId>PAY20260922B1</EndToEndId></Refs>
            <RltdPties><Dbtr><Pty><Nm>示例装备制造集团有限公司</Nm></Pty></Dbtr><Cdtr><Pty><Nm>示例五金加工有限公司</Nm></Pty></Cdtr></RltdPties>
            <RmtInf><Ustrd>凭证</Ustrd><Ustrd>1-2</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
        <Ntry><Amt Ccy="CNY">300.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><AcctSvcrRef>BK-78</AcctSvcrRef><BkTxCd/>
          <NtryDtls><Btch><NbOfTxs>2</NbOfTxs><TtlAmt Ccy="CNY">300.00</TtlAmt></Btch>
            <TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><Amt Ccy="CNY">400.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></TxDtls>
            <TxDtls><Refs><AcctSvcrRef>BK-78-2</AcctSvcrRef></Refs><Amt Ccy="CNY">100.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd><SubFmlyCd>RRTN</SubFmlyCd></Fmly></Domn></BkTxCd></TxDtls>
          </NtryDtls></Ntry>
        </Ntfctn></BkToCstmrDbtCdtNtfctn></Document>
        """;

    [Fact]
    public void A_credit_names_the_order_that_it_answers_and_a_batch_is_told_one_by_one()
    {
        var read = Read(Notice);
        var account = new PaymentAccount("6222021001116245702", IsIban: false);

        Assert.Equal(("camt.054.001.08", "N-1"), (read.Version, read.MessageId));
        Assert.Equal(
            [
                new PaymentNotice(
                    account, new(18_000_000), Currency.Cny, IsCredit: true, IsReversal: false, IsReturn: false, null, "BOOK", new DateOnly(2026, 9, 22), new DateOnly(2026, 9, 22),
                    "PAY20260922B1", "BK-77", "BK-77", "示例装备制造集团有限公司", "示例五金加工有限公司", "凭证 1-2"),
                new(account, new(40_000), Currency.Cny, true, false, false, null, "BOOK", null, null, null, null, "BK-78", null, null, null),
                new(account, new(10_000), Currency.Cny, false, false, true, null, "BOOK", null, null, null, "BK-78-2", "BK-78", null, null, null)
                {
                    ReturnReason = "RRTN",
                    ReturnMeaning = "Reversal due to payment return or reimbursement of a credit transfer",
                },
            ],
            read.Notices);
        Assert.Equal([true, true, false], read.Notices.Select(notice => notice.IsMoneyReceived));
    }

    [Fact]
    public void An_entry_without_details_is_one_transaction()
    {
        var read = Read(Notice.Replace("<NtryDtls><TxDtls><Refs>", "<X><TxDtls><Refs>").Replace("</TxDtls></NtryDtls></Ntry>\n<Ntry>", "</TxDtls></X></Ntry>\n<Ntry>"));

        Assert.Equal((null, "BK-77", new Amount(18_000_000)), (read.Notices[0].EndToEndId, read.Notices[0].BankReference, read.Notices[0].Amount));
    }

    [Theory]
    [InlineData("<Sts><Cd>BOOK</Cd></Sts>\n", "<RvslInd>true</RvslInd><Sts><Cd>BOOK</Cd></Sts>\n")]
    [InlineData("<Sts><Cd>BOOK</Cd></Sts>\n", "<Sts><Cd>PDNG</Cd></Sts>\n")]
    [InlineData("<RmtInf>", "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf><RmtInf>")]
    [InlineData("<BkTxCd/>\n  <NtryDtls><TxDtls>", "<BkTxCd><Domn><Fmly><SubFmlyCd>RRTN</SubFmlyCd></Fmly></Domn></BkTxCd>\n  <NtryDtls><TxDtls>")]
    public void What_is_reversed_returned_or_not_booked_is_no_money_received(string old, string @new) =>
        Assert.False(Read(Altered(old, @new)).Notices[0].IsMoneyReceived);

    [Theory]
    [InlineData("<NbOfNtries>2<", "<NbOfNtries>3<", Refusal.PaymentCountDisagrees, "BkToCstmrDbtCdtNtfctn/Ntfctn[1]/TxsSummry/TtlNtries/NbOfNtries", "3")]
    [InlineData("<Sum>180300.00<", "<Sum>180300.01<", Refusal.PaymentSumDisagrees, "BkToCstmrDbtCdtNtfctn/Ntfctn[1]/TxsSummry/TtlNtries/Sum", "180300.01")]
    [InlineData("<NbOfTxs>2<", "<NbOfTxs>1<", Refusal.PaymentCountDisagrees, "BkToCstmrDbtCdtNtfctn/Ntfctn[1]/Ntry[2]/NtryDtls[1]/Btch/NbOfTxs", "1")]
    [InlineData("<TtlAmt Ccy=\"CNY\">300.00<", "<TtlAmt Ccy=\"CNY\">500.00<", Refusal.PaymentSumDisagrees, "BkToCstmrDbtCdtNtfctn/Ntfctn[1]/Ntry[2]/NtryDtls[1]/Btch/TtlAmt", "500.00")]
    [InlineData("<TtlAmt Ccy=\"CNY\">300.00</TtlAmt></Btch>", "</Btch><TxDtls><Amt Ccy=\"CNY\">1</Amt></TxDtls>", Refusal.PaymentCountDisagrees, "BkToCstmrDbtCdtNtfctn/Ntfctn[1]/Ntry[2]/NtryDtls[1]/Btch/NbOfTxs", "2")]
    [InlineData("<Amt Ccy=\"CNY\">400.00</Amt>", "<Amt Ccy=\"CNY\">400.01</Amt>", Refusal.PaymentSumDisagrees, "BkToCstmrDbtCdtNtfctn/Ntfctn[1]/Ntry[2]/NtryDtls[1]/Btch/TtlAmt", "300.00")]
    [InlineData("<Amt Ccy=\"CNY\">400.00</Amt>", "", Refusal.PaymentDetailWithoutAmount, "BkToCstmrDbtCdtNtfctn/Ntfctn[1]/Ntry[2]/NtryDtls[1]/TxDtls[1]/AmtDtls/TxAmt/Amt", null)]
    [InlineData("<Amt Ccy=\"CNY\">400.00</Amt>", "<Amt Ccy=\"EUR\">400.00</Amt>", Refusal.CurrenciesDiffer, "BkToCstmrDbtCdtNtfctn/Ntfctn[1]/Ntry[2]/NtryDtls[1]/TxDtls[1]/Amt", "EUR")]
    [InlineData("<Amt Ccy=\"CNY\">180000.00</Amt>", "<Amt Ccy=\"XXX\">180000.00</Amt>", Refusal.CurrencyUnknown, "BkToCstmrDbtCdtNtfctn/Ntfctn[1]/Ntry[1]/Amt/@Ccy", "XXX")]
    [InlineData("<Amt Ccy=\"CNY\">180000.00</Amt>", "<Amt Ccy=\"CNY\">-180000.00</Amt>", Refusal.AmountInvalid, "BkToCstmrDbtCdtNtfctn/Ntfctn[1]/Ntry[1]/Amt", "-180000.00")]
    [InlineData("<Amt Ccy=\"CNY\">180000.00</Amt>", "<Amt Ccy=\"CNY\">180000.001</Amt>", Refusal.AmountTooFine, "BkToCstmrDbtCdtNtfctn/Ntfctn[1]/Ntry[1]/Amt", "180000.001")]
    [InlineData("<Amt Ccy=\"CNY\">180000.00</Amt>", "", Refusal.MissingField, "BkToCstmrDbtCdtNtfctn/Ntfctn[1]/Ntry[1]/Amt", null)]
    [InlineData("<Amt Ccy=\"CNY\">180000.00</Amt>", "<Amt Ccy=\"CNY\">180000.00</Amt><Amt Ccy=\"CNY\">1.00</Amt>", Refusal.FieldRepeated, "BkToCstmrDbtCdtNtfctn/Ntfctn[1]/Ntry[1]/Amt", null)]
    [InlineData("<CdtDbtInd>DBIT<", "<CdtDbtInd>debit<", Refusal.PaymentCodeUnknown, "BkToCstmrDbtCdtNtfctn/Ntfctn[1]/Ntry[2]/NtryDtls[1]/TxDtls[2]/CdtDbtInd", "debit")]
    [InlineData("<Sts><Cd>BOOK</Cd></Sts>\n", "<Sts><Prtry>gebucht</Prtry></Sts>\n", Refusal.PaymentCodeUnknown, "BkToCstmrDbtCdtNtfctn/Ntfctn[1]/Ntry[1]/Sts/Prtry", "gebucht")]
    [InlineData("<DtTm>2026-09-22T10:11:12+08:00<", "<DtTm>2026-09-22 10:11<", Refusal.DateInvalid, "BkToCstmrDbtCdtNtfctn/Ntfctn[1]/Ntry[1]/BookgDt/DtTm", "2026-09-22 10:11")]
    [InlineData("<Acct><Id><Othr><Id>6222021001116245702</Id></Othr></Id></Acct>", "", Refusal.MissingField, "BkToCstmrDbtCdtNtfctn/Ntfctn[1]/Acct/Id/IBAN", null)]
    public void What_is_wrong_is_named_with_its_place_and_its_value_and_proves_no_payment(string old, string @new, Refusal refusal, string element, string? value)
    {
        var wrong = Read(Altered(old, @new)).Notices.Where(notice => notice.Problem == new ImportProblem(refusal, element, value)).ToArray();

        Assert.NotEmpty(wrong);
        Assert.All(wrong, notice => Assert.False(notice.IsMoneyReceived));
        Assert.All(wrong, notice => Assert.StartsWith($"{(ushort)refusal} ", notice.WhyNotReceived(Language.English), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("camt.054.001.08", "camt.054.001.99", Refusal.NotAPaymentMessage, "/", "{urn:iso:std:iso:20022:tech:xsd:camt.054.001.99}Document")]
    [InlineData("<MsgId>N-1</MsgId>", "", Refusal.MissingField, "BkToCstmrDbtCdtNtfctn/GrpHdr/MsgId", null)]
    public void A_file_that_is_no_notice_is_refused_whole(string old, string @new, Refusal refusal, string element, string? value)
    {
        Assert.False(PaymentNotification.TryRead(Encoding.UTF8.GetBytes(Altered(old, @new)), out _, out var problem));
        Assert.Equal(new(refusal, element, value), problem);
    }

    [Fact]
    public void Version_04_says_the_same_in_its_own_way()
    {
        var older = Notice.Replace("camt.054.001.08", "camt.054.001.04").Replace("<Sts><Cd>BOOK</Cd></Sts>", "<Sts>BOOK</Sts>").Replace("<Pty>", "").Replace("</Pty>", "");

        Assert.Equal(Read(Notice).Notices, Read(older).Notices);
    }

    [Fact]
    public void A_summary_over_several_pages_is_not_held_against_one()
    {
        var page = Altered("<Acct>", "<NtfctnPgntn><PgNb>1</PgNb><LastPgInd>false</LastPgInd></NtfctnPgntn><Acct>").Replace("<NbOfNtries>2<", "<NbOfNtries>9<");

        Assert.Equal(3, Read(page).Notices.Count);
    }

    [Fact]
    public void The_test_notice_is_valid_by_the_schema()
    {
        var schemas = new XmlSchemaSet();
        schemas.Add("urn:iso:std:iso:20022:tech:xsd:camt.054.001.08", SharedData.Require("iso20022", "camt.054.001.08.xsd"));
        var faults = new List<string>();
        var settings = new XmlReaderSettings { Schemas = schemas, ValidationType = ValidationType.Schema };
        settings.ValidationEventHandler += (_, fault) => faults.Add(fault.Message);
        using var reader = XmlReader.Create(new StringReader(Notice), settings);
        while (reader.Read())
        {
        }

        Assert.Empty(faults);
    }

    static PaymentNotification Read(string text)
    {
        Assert.True(PaymentNotification.TryRead(Encoding.UTF8.GetBytes(text), out var read, out var problem), problem?.ToString());
        return read;
    }

    static string Altered(string old, string @new)
    {
        Assert.Contains(old, Notice);
        return Notice.Replace(old, @new);
    }
}
