using System.Text;
using Ledger.Client.Documents;
using Ledger.Client.Files;
using Ledger.Client.Invoices;
using Ledger.Client.Payments;
using Ledger.Tests.Invoices;
using Ledger.Tests.Payments;

namespace Ledger.Tests.Laws;

/// <summary>Whatever bytes a stranger sends, a reader answers with what they say or with a refusal, and never with an exception.</summary>
public class StrangersFileTests
{
    delegate bool Reader(ReadOnlySpan<byte> file, out ImportProblem? problem);

    static readonly Dictionary<string, (byte[] File, Reader Read)> Readers = new()
    {
        ["数电票"] = (SampleInvoice.Write(SampleFiles.Main), (file, out problem) => InvoiceReader.TryRead(file, out _, out problem)),
        ["数电票 GB18030"] = (SampleInvoice.WriteGb18030(SampleFiles.Main), (file, out problem) => InvoiceReader.TryRead(file, out _, out problem)),
        ["UBL"] = (TradePapers.Bytes(TradePapers.Ubl), Opened),
        ["CII"] = (TradePapers.Bytes(TradePapers.CrossIndustry), Opened),
        ["CSV"] = ([.. InvoiceBatch.Template(Client.Text.Language.Chinese), .. Encoding.UTF8.GetBytes($"甲,{SampleFiles.Supplier.Id},乙,{SampleFiles.Core.Id},,HT-1,2026-03-10,,CNY,\"1,000.00\",130,1130.00\r\n")],
            (file, out problem) => InvoiceBatch.TryRead(file, out _, out problem)),
        ["pain.001"] = (Pain001.Write(Orders.E1), (file, out problem) => PaymentListing.TryRead(file, out var listing, out problem) && (listing.TryCheck(out _) || true)),
        ["camt.054"] = (TradePapers.Bytes(PaymentNotificationTests.Notice), (file, out problem) => PaymentNotification.TryRead(file, out _, out problem)),
    };

    public static TheoryData<string> Kinds => [.. Readers.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_file_with_bytes_changed_left_out_or_doubled_is_read_or_refused(string kind)
    {
        var (original, read) = Readers[kind];
        Assert.True(read(original, out _));

        var random = new Random(20260922);
        for (var i = 0; i < (Thorough.IsAsked ? 50_000 : 1_500); i++)
        {
            var file = Mutated(original, random);
            Assert.Equal(read(file, out var problem), problem is null);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_file_cut_anywhere_is_refused_or_read(string kind)
    {
        var (original, read) = Readers[kind];
        for (var length = 0; length < original.Length; length += 7)
            Assert.Equal(read(original.AsSpan(0, length), out var problem), problem is null);
    }

    static bool Opened(ReadOnlySpan<byte> file, out ImportProblem? problem)
    {
        if (!InvoiceReader.TryRead(file, out var invoice, out problem)) return false;
        DocumentOpening.TryOf(invoice, new(new byte[DocumentOpening.SaltSize]), out _, out _);
        return true;
    }

    // Digits and marks for digits and marks as often as noise: changed figures reach deeper than broken XML.
    static byte[] Mutated(byte[] original, Random random)
    {
        var file = original.ToList();
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var at = random.Next(file.Count);
            var length = Math.Min(random.Next(1, 40), file.Count - at);
            switch (random.Next(5))
            {
                case 0:
                    file[at] = (byte)random.Next(256);
                    break;
                case 1:
                    file[at] = (byte)"0123456789.-<>\"'/ E"[random.Next(19)];
                    break;
                case 2:
                    file.RemoveRange(at, length);
                    break;
                case 3:
                    file.InsertRange(at, file.GetRange(at, length));
                    break;
                default:
                    var digits = Enumerable.Range(0, file.Count).Where(i => file[i] is >= (byte)'0' and <= (byte)'9').ToArray();
                    if (digits.Length > 0) file[digits[random.Next(digits.Length)]] = (byte)random.Next('0', '9' + 1);
                    break;
            }

            if (file.Count == 0) break;
        }

        return [.. file];
    }
}
