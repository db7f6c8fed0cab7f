using System.Text;
using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;
using FsCheck;
using FsCheck.Fluent;
using Ledger.Client.Payments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Tests.Laws;

namespace Ledger.Tests.Payments;

public class Pain001Tests
{
    static readonly XNamespace Iso = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.10";

    [Fact]
    public void The_order_says_who_pays_whom_how_much_and_when()
    {
        var message = XElement.Parse(Encoding.UTF8.GetString(Pain001.Write(Orders.E1)));
        string Text(string path) => path.Split('/').Aggregate(message, (at, name) => at.Element(Iso + name)!).Value;

        Assert.Equal("20260922-C-0001", Text("CstmrCdtTrfInitn/GrpHdr/MsgId"));
        Assert.Equal("2026-09-22T09:30:00+08:00", Text("CstmrCdtTrfInitn/GrpHdr/CreDtTm"));
        Assert.Equal(("3", "1000000.00"), (Text("CstmrCdtTrfInitn/GrpHdr/NbOfTxs"), Text("CstmrCdtTrfInitn/GrpHdr/CtrlSum")));
        Assert.Equal(("3", "1000000.00"), (Text("CstmrCdtTrfInitn/PmtInf/NbOfTxs"), Text("CstmrCdtTrfInitn/PmtInf/CtrlSum")));
        Assert.Equal("2026-09-22", Text("CstmrCdtTrfInitn/PmtInf/ReqdExctnDt/Dt"));
        Assert.Equal("示例装备制造集团有限公司", Text("CstmrCdtTrfInitn/PmtInf/Dbtr/Nm"));
        Assert.Equal("102305033332", Text("CstmrCdtTrfInitn/PmtInf/DbtrAgt/FinInstnId/ClrSysMmbId/MmbId"));
        Assert.Equal(
            ["PAY20260922X1 CNY 120000.00 1001", "PAY20260922B1 CNY 180000.00 1002", "PAY20260922A1 CNY 700000.00 DE89370400440532013000"],
            message.Descendants(Iso + "CdtTrfTxInf").Select(line =>
                $"{line.Descendants(Iso + "EndToEndId").Single().Value} {line.Descendants(Iso + "InstdAmt").Single().Attribute("Ccy")?.Value} {line.Descendants(Iso + "InstdAmt").Single().Value} {line.Element(Iso + "CdtrAcct")?.Value}"));
    }

    [Fact]
    public void Chinese_names_are_written_as_they_are()
    {
        var text = Encoding.UTF8.GetString(Pain001.Write(Orders.E1));

        Assert.StartsWith("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.10\">", text);
        Assert.Contains("<Nm>示例五金加工有限公司</Nm>", text);
        Assert.Contains("<Nm>Müller &amp; Söhne &lt;GmbH&gt;</Nm>", text);
    }

    [Fact]
    public void Every_order_that_is_written_is_valid_by_the_schema()
    {
        var schema = Schema();
        Prop.ForAll(Orders.Any, order => Assert.Empty(Faults(Pain001.Write(order), schema))).Check(Thorough.Config);
        Assert.Empty(Faults(Pain001.Write(Orders.E1), schema));
    }

    [Fact]
    public void The_schema_is_asked_in_earnest()
    {
        var text = Encoding.UTF8.GetString(Pain001.Write(Orders.E1));

        Assert.NotEmpty(Faults(Encoding.UTF8.GetBytes(text.Replace("<PmtMtd>TRF<", "<PmtMtd>XXX<")), Schema()));
        Assert.NotEmpty(Faults(Encoding.UTF8.GetBytes(text.Replace("<BtchBookg>false</BtchBookg>", "<Unknown/>")), Schema()));
    }

    [Fact]
    public void What_is_written_reads_back_and_agrees_with_itself() =>
        Prop.ForAll(Orders.Any, order =>
        {
            var listing = Read(Pain001.Write(order));

            Assert.True(listing.TryCheck(out var problem), problem?.ToString());
            Assert.Equal(order.MessageId, listing.MessageId);
            Assert.Equal(
                order.Lines.Select(line => new ListedPayment(
                    order.ExecutionDate, order.Debtor.Name, order.Debtor.Account, line.EndToEndId, line.Amount, line.Currency, null,
                    line.Creditor.Name, line.Creditor.Account, line.Remittance)),
                listing.Payments);
        }).Check(Thorough.Config);

    [Fact]
    public void Version_09_is_read_too_and_an_unknown_one_is_not()
    {
        var text = Encoding.UTF8.GetString(Pain001.Write(Orders.E1));

        Assert.Equal(Read(Pain001.Write(Orders.E1)).Payments, Read(Encoding.UTF8.GetBytes(text.Replace("pain.001.001.10", "pain.001.001.09"))).Payments);
        Assert.False(PaymentListing.TryRead(Encoding.UTF8.GetBytes(text.Replace("pain.001.001.10", "pain.001.001.11")), out _, out var problem));
        Assert.Equal(Refusal.NotAPaymentMessage, problem.Refusal);
    }

    [Theory]
    [InlineData("<PmtMtd>TRF<", "<PmtMtd>CHK<", Refusal.PaymentCodeUnknown, "PmtMtd", "CHK")]
    [InlineData("<Dt>2026-09-22<", "<Dt>2026-09-31<", Refusal.DateInvalid, "ReqdExctnDt/Dt", "2026-09-31")]
    [InlineData("Ccy=\"CNY\">120000.00<", "Ccy=\"CNY\">120000.005<", Refusal.AmountTooFine, "CdtTrfTxInf[1]/Amt/InstdAmt", "120000.005")]
    [InlineData("<InstdAmt Ccy=\"CNY\">120000.00</InstdAmt>", "", Refusal.MissingField, "CdtTrfTxInf[1]/Amt/InstdAmt", null)]
    [InlineData("<EndToEndId>PAY20260922X1</EndToEndId>", "", Refusal.MissingField, "CdtTrfTxInf[1]/PmtId/EndToEndId", null)]
    [InlineData("<EndToEndId>PAY20260922X1</EndToEndId>", "<EndToEndId>A</EndToEndId><EndToEndId>B</EndToEndId>", Refusal.FieldRepeated, "CdtTrfTxInf[1]/PmtId/EndToEndId", null)]
    public void What_a_bank_cannot_send_is_refused_with_its_place(string old, string @new, Refusal refusal, string element, string? value)
    {
        var text = Encoding.UTF8.GetString(Pain001.Write(Orders.E1));
        Assert.Contains(old, text);

        Assert.False(PaymentListing.TryRead(Encoding.UTF8.GetBytes(text.Replace(old, @new)), out _, out var problem));
        Assert.Equal(new(refusal, $"CstmrCdtTrfInitn/PmtInf[1]/{element}", value), problem);
    }

    [Theory]
    [InlineData("<NbOfTxs>3<", "<NbOfTxs>4<", Refusal.PaymentCountDisagrees)]
    [InlineData("<CtrlSum>1000000.00<", "<CtrlSum>1000000.01<", Refusal.PaymentSumDisagrees)]
    [InlineData("PAY20260922A1", "PAY20260922B1", Refusal.EndToEndIdRepeated)]
    public void A_message_that_contradicts_itself_is_listed_and_does_not_pass(string old, string @new, Refusal refusal)
    {
        var listing = Read(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Pain001.Write(Orders.E1)).Replace(old, @new)));

        Assert.Equal(3, listing.Payments.Count);
        Assert.False(listing.TryCheck(out var problem));
        Assert.Equal(refusal, problem.Refusal);
    }

    public static TheoryData<PaymentOrder, Refusal, string> Unwritable => new()
    {
        { Orders.E1 with { MessageId = "" }, Refusal.PaymentTextInvalid, "MessageId" },
        { Orders.E1 with { MessageId = new string('9', 36) }, Refusal.PaymentTextInvalid, "MessageId" },
        { Orders.E1 with { Lines = [] }, Refusal.PaymentOrderEmpty, "Lines" },
        { Orders.E1 with { Debtor = Orders.E1.Debtor with { Name = "a\nb" } }, Refusal.PaymentTextInvalid, "Debtor.Name" },
        { Orders.E1 with { Debtor = Orders.E1.Debtor with { Name = " a" } }, Refusal.PaymentTextInvalid, "Debtor.Name" },
        { Orders.E1 with { Debtor = Orders.E1.Debtor with { Name = "\uD800" } }, Refusal.PaymentTextInvalid, "Debtor.Name" },
        { Orders.E1 with { Debtor = Orders.E1.Debtor with { Name = new string('长', 141) } }, Refusal.PaymentTextInvalid, "Debtor.Name" },
        { Orders.E1 with { Debtor = Orders.E1.Debtor with { Account = new("DE89370400440532013001", IsIban: true) } }, Refusal.AccountInvalid, "Debtor.Account" },
        { Orders.E1 with { Debtor = Orders.E1.Debtor with { Account = default } }, Refusal.AccountInvalid, "Debtor.Account" },
        { Orders.E1 with { Debtor = Orders.E1.Debtor with { Account = new(new string('1', 35), IsIban: false) } }, Refusal.AccountInvalid, "Debtor.Account" },
        { Orders.E1 with { Debtor = Orders.E1.Debtor with { Agent = new(null, "1023") } }, Refusal.PaymentTextInvalid, "Debtor.Agent" },
        { With(line => line with { Amount = Amount.Zero }), Refusal.AmountInvalid, "Lines[2].Amount" },
        { With(line => line with { Currency = default }), Refusal.CurrencyUnknown, "Lines[2].Currency" },
        { With(line => line with { EndToEndId = "PAY20260922X1" }), Refusal.EndToEndIdRepeated, "Lines[2].EndToEndId" },
        { With(line => line with { EndToEndId = "付款1" }), Refusal.PaymentTextInvalid, "Lines[2].EndToEndId" },
        { With(line => line with { Remittance = "" }), Refusal.PaymentTextInvalid, "Lines[2].Remittance" },
        { With(line => line with { Creditor = line.Creditor with { Name = "" } }), Refusal.PaymentTextInvalid, "Lines[2].Creditor.Name" },
    };

    [Theory]
    [MemberData(nameof(Unwritable))]
    public void What_a_bank_could_not_take_is_not_written(PaymentOrder order, Refusal refusal, string element)
    {
        Assert.False(Pain001.TryWrite(order, out _, out var problem));
        Assert.Equal((refusal, element), (problem.Refusal, problem.Element));
        Assert.Throws<ArgumentException>(() => Pain001.Write(order));
    }

    [Theory]
    [InlineData("DE89 3704 0044 0532 0130 00", "DE89370400440532013000", true)]
    [InlineData("6222 0210 0111 6245 702", "6222021001116245702", false)]
    public void An_account_is_read_as_people_type_it(string typed, string number, bool isIban)
    {
        Assert.True(PaymentAccount.TryParse(typed, out var account));
        Assert.Equal(new(number, isIban), account);
    }

    [Theory]
    [InlineData("DE88370400440532013000")]
    [InlineData("")]
    [InlineData("账号1")]
    public void What_is_no_account_is_refused(string typed) => Assert.False(PaymentAccount.TryParse(typed, out _));

    internal static PaymentListing Read(byte[] file)
    {
        Assert.True(PaymentListing.TryRead(file, out var listing, out var problem), problem?.ToString());
        return listing;
    }

    static PaymentOrder With(Func<PaymentLine, PaymentLine> change) =>
        Orders.E1 with { Lines = [Orders.E1.Lines[0], change(Orders.E1.Lines[1]), Orders.E1.Lines[2]] };

    static XmlSchemaSet Schema()
    {
        var schemas = new XmlSchemaSet();
        schemas.Add(Iso.NamespaceName, SharedData.Require("iso20022", "pain.001.001.10.xsd"));
        schemas.Compile();
        return schemas;
    }

    static List<string> Faults(byte[] message, XmlSchemaSet schemas)
    {
        var faults = new List<string>();
        var settings = new XmlReaderSettings { Schemas = schemas, ValidationType = ValidationType.Schema, ValidationFlags = XmlSchemaValidationFlags.ReportValidationWarnings };
        settings.ValidationEventHandler += (_, fault) => faults.Add(fault.Message);
        using var reader = XmlReader.Create(new MemoryStream(message), settings);
        while (reader.Read())
        {
        }

        return faults;
    }
}
