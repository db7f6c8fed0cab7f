using System.Text;
using Ledger.Client.Documents;
using Ledger.Client.Files;
using Ledger.Client.Invoices;
using Ledger.Client.Text;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Tests.Invoices;

namespace Ledger.Tests.Documents;

public class InvoiceBatchTests
{
    const string Heading = "销售方名称,销售方识别号,购买方名称,购买方识别号,发票代码,发票号码,开票日期,到期日,币种,金额,税额,价税合计";

    static readonly string Seller = SampleFiles.Supplier.Id.Text;
    static readonly string Buyer = SampleFiles.Core.Id.Text;
    static readonly string Good = $"示例精密零部件有限公司,{Seller},示例装备制造集团有限公司,{Buyer},,26990000000000000001,2026-03-10,2026-09-22,,\"884,955.75\",115044.25,1000000.00";

    [Fact]
    public void A_row_is_an_invoice_and_the_file_is_known_by_its_hash()
    {
        var batch = Read($"{Heading}\r\n{Good}\r\n");

        Assert.Equal(
            new BatchRow(2, new Invoice(
                InvoiceKind.Unstated, "", "26990000000000000001", SampleFiles.Supplier, SampleFiles.Core, Currency.Cny, new(100_000_000), 88_495_575, 11_504_425,
                new DateOnly(2026, 3, 10), [])
            {
                Syntax = InvoiceSyntax.Csv,
                DueDate = new DateOnly(2026, 9, 22),
            }),
            Assert.Single(batch.Rows));
        Assert.Empty(batch.Problems);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes($"{Heading}\r\n{Good}\r\n"))), batch.FileHash);
    }

    [Fact]
    public void Every_encoding_and_both_languages_of_the_heading_say_the_same()
    {
        const string English = "seller_name,seller_id,buyer_name,buyer_id,code,number,issue_date,due_date,currency,net,tax,total";
        var rows = Read($"{Heading}\n{Good}").Rows;

        Assert.Equal(rows, Taken([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes($"{Heading}\n{Good}")]).Rows);
        Assert.Equal(rows, Taken(FileText.Gb18030.GetBytes($"{Heading}\r\n{Good}")).Rows);
        Assert.Equal(rows, Read($"{English}\n{Good}\n").Rows);
        Assert.Equal(rows, Read($"{English.ToUpperInvariant()}\n{Good}\n").Rows);
    }

    [Fact]
    public void Columns_may_stand_in_any_order_and_those_not_needed_may_be_left_out()
    {
        var row = Read($"number,total,tax,net,buyer_id,buyer_name,seller_id,seller_name,issue_date\nHT-1,113,13,100,{Buyer},乙,{Seller},甲,2026/3/1\n").Rows[0].Invoice;

        Assert.Equal(("HT-1", new Amount(11_300), new DateOnly(2026, 3, 1), Currency.Cny), (row.Number, row.Total, row.IssueDate, row.Currency));
    }

    [Theory]
    [InlineData("2026-03-10")]
    [InlineData("2026/3/10")]
    [InlineData("20260310")]
    [InlineData("2026年3月10日")]
    public void Dates_are_read_as_spreadsheets_write_them(string date) =>
        Assert.Equal(new DateOnly(2026, 3, 10), Read($"{Heading}\n{Good.Replace("2026-03-10", date)}").Rows[0].Invoice.IssueDate);

    [Fact]
    public void All_that_is_wrong_is_told_row_by_row()
    {
        var file = string.Join('\n',
            Heading,
            Good,
            "",
            Good.Replace("26990000000000000001", "26990000000000000002").Replace("115044.25", "115044.26"),
            $"甲,{Seller[..^1]}?,,{Buyer},,2.699E+19,2026-02-30,soon,XXX,1,2,3",
            "only,three,fields",
            Good.Replace("26990000000000000001", "2699 0000 0000 0000 0001").Replace("2026-03-10", "2026-03-11"),
            $"甲,{Seller},乙,{Buyer},,R1,2026-03-10,,CNY,-100.00,-13,-113",
            $"甲,{Seller},乙,{Buyer},,Z1,2026-03-10,,CNY,0,0,0.00");

        var batch = Read(file);

        Assert.Equal([2], batch.Rows.Select(row => row.Row));
        Assert.Equal(
            [
                "4 AmountsDisagree total 1000000.00",
                "5 CurrencyUnknown currency XXX",
                $"5 SellerNotIdentified seller_id {Seller[..^1]}?",
                "5 MissingField buyer_name ",
                "5 CsvNumberMangled number 2.699E+19",
                "5 DateInvalid issue_date 2026-02-30",
                "5 DateInvalid due_date soon",
                "6 CsvFieldCountWrong / 3",
                "7 CsvRowRepeated number 26990000000000000001 = row 2",
                "8 RedLetter net -100.00",
                "8 RedLetter tax -13",
                "8 RedLetter total -113",
                "9 AmountInvalid total 0.00",
            ],
            batch.Problems.Select(wrong => $"{wrong.Row} {wrong.Problem.Refusal} {wrong.Problem.Element} {wrong.Problem.Value}"));
    }

    [Fact]
    public void The_same_number_of_two_sellers_is_two_invoices_unless_the_tax_authority_gave_it()
    {
        var other = Good.Replace(Seller, FictionalUscc.Of("310115", 7).Text);

        Assert.Equal(Refusal.CsvRowRepeated, Assert.Single(Read($"{Heading}\n{Good}\n{other}").Problems).Problem.Refusal);
        Assert.Empty(Read($"{Heading}\n{Good.Replace("26990000000000000001", "HT-1")}\n{other.Replace("26990000000000000001", "HT-1")}").Problems);
    }

    [Fact]
    public void Dashes_do_not_make_two_numbers_one()
    {
        var batch = Read(
            "seller_name,seller_id,buyer_name,buyer_id,number,issue_date,net,tax,total\n"
            + $"S,{Seller},B,{Buyer},2026-1-11,2026-01-31,100.00,13.00,113.00\n"
            + $"S,{Seller},B,{Buyer},2026-11-1,2026-11-30,200.00,26.00,226.00");

        Assert.Empty(batch.Problems);
        Assert.Equal(["2026-1-11", "2026-11-1"], batch.Rows.Select(row => row.Invoice.Number));
    }

    [Theory]
    [InlineData("'26990000000000000001", null)]
    [InlineData("No.26990000000000000001", null)]
    [InlineData("２６９９００００００００００００００01。", null)]
    [InlineData("2699000000000000000l", Refusal.InvoiceNumberMalformed)]
    [InlineData("2699OOOOOOOOOOOOOOO1", Refusal.InvoiceNumberMalformed)]
    [InlineData("2699000000000000001", Refusal.InvoiceNumberMalformed)]
    [InlineData("00000001", Refusal.InvoiceNumberMalformed)]
    public void A_number_of_the_tax_authority_is_read_or_refused_and_never_another(string typed, Refusal? refused)
    {
        var batch = Read($"{Heading}\n{Good.Replace("26990000000000000001", typed)}");

        if (refused is null) Assert.Equal("26990000000000000001", Assert.Single(batch.Rows).Invoice.Number);
        else Assert.Equal((refused, typed), (Assert.Single(batch.Problems).Problem.Refusal, batch.Problems[0].Problem.Value));
    }

    [Theory]
    [InlineData("", Refusal.CsvEmpty, "/", null)]
    [InlineData(Heading, Refusal.CsvEmpty, "/", null)]
    [InlineData(Heading + ",金额\nx", Refusal.CsvHeaderWrong, "row 1", "金额")]
    [InlineData(Heading + ",net\nx", Refusal.CsvHeaderWrong, "row 1", "net")]
    [InlineData(Heading + ",remark\nx", Refusal.CsvHeaderWrong, "row 1", "remark")]
    [InlineData("number,net\nx,y", Refusal.CsvHeaderWrong, "row 1", "seller_name / 销售方名称")]
    [InlineData("a;b\nx;y", Refusal.CsvHeaderWrong, "row 1", "a;b")]
    [InlineData(Heading + "\n\"a\"b,c", Refusal.CsvMalformed, "row 2, field 1", null)]
    [InlineData(Heading + "\na,b\"c", Refusal.CsvMalformed, "row 2, field 2", null)]
    [InlineData(Heading + "\na,\"b", Refusal.CsvMalformed, "row 2, field 2", null)]
    [InlineData(Heading + "\na\rb,c", Refusal.CsvMalformed, "row 2, field 1", null)]
    [InlineData(Heading + "\na\u001b[31m,c", Refusal.EncodingUnknown, "encoding", null)]
    [InlineData(Heading + "\na\0,c", Refusal.EncodingUnknown, "encoding", null)]
    public void What_is_no_table_of_invoices_is_refused_whole(string file, Refusal refusal, string element, string? value)
    {
        Assert.False(InvoiceBatch.TryRead(Encoding.UTF8.GetBytes(file), out _, out var problem));
        Assert.Equal(new(refusal, element, value), problem);
    }

    [Fact]
    public void Other_encodings_and_giants_are_refused()
    {
        Assert.False(InvoiceBatch.TryRead([0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Heading)], out _, out var problem));
        Assert.Equal(Refusal.EncodingUnknown, problem.Refusal);
        Assert.False(InvoiceBatch.TryRead(new byte[5_000_001], out _, out problem));
        Assert.Equal(Refusal.FileTooLarge, problem.Refusal);
    }

    [Fact]
    public void Quoted_fields_hold_commas_marks_and_lines_and_rows_are_counted_as_a_spreadsheet_does()
    {
        var file = $"{Heading}\n{Good.Replace("示例精密零部件有限公司", "\"甲, \"\"乙\"\"\n丙\"")}\n{Good.Replace("2026-03-10", "")}";

        var batch = Read(file);

        Assert.Equal("甲, \"乙\"\n丙", batch.Rows[0].Invoice.Seller.Name);
        Assert.Equal((3, Refusal.MissingField), (batch.Problems[0].Row, batch.Problems[0].Problem.Refusal));
    }

    [Theory]
    [InlineData(Language.Chinese)]
    [InlineData(Language.English)]
    public void The_template_is_a_heading_that_is_read(Language language)
    {
        var template = InvoiceBatch.Template(language);

        Assert.Equal(Encoding.UTF8.Preamble, template.AsSpan(0, 3));
        Assert.Equal("26990000000000000001", Taken([.. template, .. Encoding.UTF8.GetBytes(Good)]).Rows[0].Invoice.Number);
    }

    static InvoiceBatch Read(string file) => Taken(Encoding.UTF8.GetBytes(file));

    static InvoiceBatch Taken(byte[] file)
    {
        Assert.True(InvoiceBatch.TryRead(file, out var batch, out var problem), problem?.ToString());
        return batch;
    }
}
