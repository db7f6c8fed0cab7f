using System.Text;
using Ledger.Client.Payments;
using Ledger.Client.Text;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Tests.Payments;

/// <summary>Money that came back, or was told before, is not received; and an entry that cannot be read takes nothing with it.</summary>
public class MoneyThatCameBackTests
{
    const string Credit = "<Ntry><Amt Ccy=\"CNY\">10.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><AcctSvcrRef>R1</AcctSvcrRef></Ntry>";

    public static TheoryData<string, string> Codes => [.. ReturnCodes.All.Select(code => (code.List, code.Code))];

    [Theory]
    [MemberData(nameof(Codes))]
    public void No_published_code_of_a_return_a_reversal_or_a_reserve_lets_a_credit_count(string list, string code)
    {
        var entry = list switch
        {
            ReturnCodes.SubFamilies => With($"<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>{code}</SubFmlyCd></Fmly></Domn></BkTxCd>"),
            ReturnCodes.SwiftTypes => With($"<BkTxCd><Prtry><Cd>N{code}</Cd></Prtry></BkTxCd>"),
            ReturnCodes.GermanCodes => With($"<BkTxCd><Prtry><Cd>NTRF+{code}+9075</Cd><Issr>DK</Issr></Prtry></BkTxCd>"),
            ReturnCodes.Purposes => With($"<NtryDtls><TxDtls><Purp><Cd>{code}</Cd></Purp></TxDtls></NtryDtls>"),
            _ => With($"<NtryDtls><TxDtls><RtrInf><Rsn><Cd>{code}</Cd></Rsn></RtrInf></TxDtls></NtryDtls>"),
        };

        var notice = Assert.Single(Read(entry).Notices);
        Assert.True(notice.IsReturn);
        Assert.False(notice.IsMoneyReceived);
        Assert.Equal(code, notice.ReturnReason);
        Assert.NotNull(notice.ReturnMeaning);
        Assert.Contains(code, notice.WhyNotReceived(Language.Chinese), StringComparison.Ordinal);
    }

    [Fact]
    public void The_lists_are_whole()
    {
        Assert.Equal(
            new[] { (ReturnCodes.SubFamilies, 29), (ReturnCodes.Purposes, 2), (ReturnCodes.Reasons, 104), (ReturnCodes.Reversals, 11), (ReturnCodes.GermanCodes, 15), (ReturnCodes.SwiftTypes, 1) }
                .OrderBy(list => list.Item1, StringComparer.Ordinal),
            ReturnCodes.All.GroupBy(code => code.List).Select(list => (list.Key, list.Count())).OrderBy(list => list.Key, StringComparer.Ordinal));
        Assert.All(ReturnCodes.All, code => Assert.Contains(code.Kind, new[] { "return", "reversal", "adjustment", "reserve" }));
    }

    [Fact]
    public void A_credit_of_the_accounts_own_transfers_came_back()
    {
        const string Issued = "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>";

        Assert.False(Assert.Single(Read(With(Issued)).Notices).IsMoneyReceived);
        Assert.True(Assert.Single(Read(With(Issued.Replace("ICDT", "RCDT", StringComparison.Ordinal))).Notices).IsMoneyReceived);
        Assert.True(Assert.Single(Read(Credit).Notices).IsMoneyReceived);
    }

    [Fact]
    public void A_zero_padded_amount_is_its_amount() =>
        Assert.Equal((new Amount(149_87), true), Only(Credit.Replace(">10.00<", ">000000000000149.87<", StringComparison.Ordinal)));

    [Theory]
    [InlineData("<AmtDtls><InstdAmt><Amt Ccy=\"CNY\">{0}</Amt></InstdAmt></AmtDtls>")]
    [InlineData("<AmtDtls><TxAmt><Amt Ccy=\"CNY\">{0}</Amt></TxAmt></AmtDtls>")]
    [InlineData("<Amt Ccy=\"CNY\">{0}</Amt>")]
    [InlineData("<AmtDtls><InstdAmt><Amt Ccy=\"USD\">1.00</Amt></InstdAmt><CntrValAmt><Amt Ccy=\"CNY\">{0}</Amt></CntrValAmt></AmtDtls>")]
    public void A_batch_is_told_by_whichever_amount_comes_to_what_was_booked(string amount)
    {
        string Detail(string figure) => $"<TxDtls>{amount.Replace("{0}", figure, StringComparison.Ordinal)}</TxDtls>";

        var notices = Read(With($"<NtryDtls>{Detail("6.00")}{Detail("4.00")}</NtryDtls>")).Notices;
        Assert.Equal([(new Amount(6_00), true), (new Amount(4_00), true)], notices.Select(notice => (notice.Amount, notice.IsMoneyReceived)));

        var wrong = Read(With($"<NtryDtls>{Detail("6.00")}{Detail("4.01")}</NtryDtls>")).Notices;
        Assert.All(wrong, notice => Assert.Equal(Refusal.PaymentSumDisagrees, notice.Problem?.Refusal));
    }

    [Fact]
    public void Charges_that_were_taken_off_explain_what_was_booked()
    {
        const string Charged = "<TxDtls><Amt Ccy=\"CNY\">7.00</Amt><Chrgs><Rcrd><Amt Ccy=\"CNY\">1.00</Amt><CdtDbtInd>DBIT</CdtDbtInd></Rcrd></Chrgs></TxDtls>";

        var batch = Read(With($"<NtryDtls>{Charged}<TxDtls><Amt Ccy=\"CNY\">4.00</Amt></TxDtls></NtryDtls>")).Notices;
        Assert.Equal([(new Amount(6_00), true), (new Amount(4_00), true)], batch.Select(notice => (notice.Amount, notice.IsMoneyReceived)));
        Assert.Equal((new Amount(10_00), true), Only(With("<NtryDtls><TxDtls><AmtDtls><InstdAmt><Amt Ccy=\"CNY\">12.00</Amt></InstdAmt></AmtDtls></TxDtls></NtryDtls>")));
    }

    [Theory]
    [InlineData("<Amt Ccy=\"CNY\">1526.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><NtryDtls><TxDtls><Amt Ccy=\"CNY\">1500.00</Amt></TxDtls></NtryDtls>", Refusal.PaymentSumDisagrees)]
    [InlineData("<Amt Ccy=\"XXX\">1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>", Refusal.CurrencyUnknown)]
    [InlineData("<Amt Ccy=\"CNY\">eins</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>", Refusal.AmountInvalid)]
    [InlineData("<Amt Ccy=\"CNY\">1.00</Amt><CdtDbtInd>Haben</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>", Refusal.PaymentCodeUnknown)]
    [InlineData("<Amt Ccy=\"CNY\">1.00</Amt><Sts><Cd>BOOK</Cd></Sts>", Refusal.MissingField)]
    public void One_unusual_entry_says_why_and_leaves_the_good_credit_beside_it(string entry, Refusal refusal)
    {
        var notices = Read($"<Ntry>{entry}</Ntry>{Credit}").Notices;

        Assert.Equal(2, notices.Count);
        Assert.Equal((refusal, false), (notices[0].Problem?.Refusal, notices[0].IsMoneyReceived));
        Assert.True(notices[1].IsMoneyReceived);
    }

    [Fact]
    public void A_debit_with_its_charges_beside_a_credit_is_in_order()
    {
        const string Debit = "<Ntry><Amt Ccy=\"CNY\">1526.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><NtryDtls><TxDtls><Amt Ccy=\"CNY\">1500.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Chrgs><Rcrd><Amt Ccy=\"CNY\">26.00</Amt><CdtDbtInd>DBIT</CdtDbtInd></Rcrd></Chrgs></TxDtls></NtryDtls></Ntry>";

        Assert.Equal([(new Amount(1526_00), null, false), (new Amount(10_00), null, true)], Read(Debit + Credit).Notices.Select(notice => (notice.Amount, notice.Problem, notice.IsMoneyReceived)));
    }

    [Theory]
    [InlineData("<PgNb>00001</PgNb><LastPgInd>true</LastPgInd>", false)]
    [InlineData("<PgNb>1</PgNb><LastPgInd>false</LastPgInd>", true)]
    [InlineData("<PgNb>2</PgNb><LastPgInd>true</LastPgInd>", true)]
    public void A_summary_of_all_pages_is_not_held_against_one_page_of_version_02(string pages, bool isReceived)
    {
        const string Summary = "<TxsSummry><TtlNtries><NbOfNtries>9</NbOfNtries></TtlNtries></TxsSummry>";
        var file = File(Summary + Credit.Replace("<Sts><Cd>BOOK</Cd></Sts>", "<Sts>BOOK</Sts>", StringComparison.Ordinal)).Replace("001.08", "001.02", StringComparison.Ordinal)
            .Replace("</GrpHdr>", $"<MsgPgntn>{pages}</MsgPgntn></GrpHdr>", StringComparison.Ordinal);

        Assert.Equal(isReceived, Assert.Single(ReadFile(file).Notices).IsMoneyReceived);
        Assert.Equal(isReceived ? 0 : 1, ReadFile(file).Problems.Count);
    }

    [Theory]
    [InlineData("DUPL")]
    [InlineData("COPY")]
    [InlineData("CODU")]
    public void What_was_told_before_does_not_count_again(string mark)
    {
        var notice = Assert.Single(Read($"<CpyDplctInd>{mark}</CpyDplctInd>{Credit}").Notices);

        Assert.Equal((mark, false), (notice.Copy, notice.IsMoneyReceived));
        Assert.Contains(mark, notice.WhyNotReceived(Language.English), StringComparison.Ordinal);
    }

    static (Amount, bool) Only(string entry)
    {
        var notice = Assert.Single(Read(entry).Notices);
        return (notice.Amount, notice.IsMoneyReceived);
    }

    static string With(string fields) => Credit.Replace("</Ntry>", $"{fields}</Ntry>", StringComparison.Ordinal);

    static PaymentNotification Read(string entries) => ReadFile(File(entries));

    static PaymentNotification ReadFile(string text)
    {
        Assert.True(PaymentNotification.TryRead(Encoding.UTF8.GetBytes(text), out var read, out var problem), problem?.ToString());
        return read;
    }

    static string File(string entries) =>
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.054.001.08\"><BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>M</MsgId><CreDtTm>2026-03-01T12:00:00</CreDtTm></GrpHdr>"
        + $"<Ntfctn><Id>N</Id><Acct><Id><Othr><Id>6222020200012345678</Id></Othr></Id></Acct>{entries}</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>";
}
