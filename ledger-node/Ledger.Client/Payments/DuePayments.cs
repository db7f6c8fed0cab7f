using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;

namespace Ledger.Client.Payments;

/// <summary>What the ledger instructs an obligor to pay on a day for one instrument (兑付指令), as of <paramref name="LedgerTime"/>.</summary>
public sealed record DuePayments(
    Id<Instrument> Instrument, PartyId Obligor, Currency Currency, DateOnly On, Timestamp LedgerTime, ValueList<PaymentInstruction> Instructions)
{
    const int DayDigits = 8;
    const int HashDigits = 24;

    static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789ABCDEF");

    /// <summary>
    /// The end-to-end id of an instruction: its day, and a hash of what is to be paid to whom for which units. The same instruction has the same id
    /// however often it is written, so that a bank can tell a payment that was ordered twice; where anything differs, so does the id.
    /// </summary>
    public string EndToEndId(PaymentInstruction instruction)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{Instrument}|{instruction.Payee}|{instruction.Units}|{instruction.Total}|{On:yyyy-MM-dd}");
        return Named(text, HashDigits);
    }

    /// <summary>The day of an id that <see cref="EndToEndId"/> may have made.</summary>
    public static bool TryReadDay(string? endToEndId, out DateOnly day)
    {
        day = default;
        return endToEndId is { Length: DayDigits + HashDigits }
            && DateOnly.TryParseExact(endToEndId.AsSpan(0, DayDigits), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day)
            && !endToEndId.AsSpan(DayDigits).ContainsAnyExcept(HexDigits);
    }

    /// <summary>
    /// The order by which the obligor pays all of it. The ledger knows no account's number, only salted digests: <paramref name="partyOf"/> tells the
    /// name and account of each party.
    /// </summary>
    public PaymentOrder Order(Func<PartyId, PaymentParty> partyOf, TimeSpan offset) => new(
        Named(string.Join('\n', Instructions.Select(EndToEndId)), 16), DateTimeOffset.FromUnixTimeMilliseconds(LedgerTime.UnixMilliseconds).ToOffset(offset),
        partyOf(Obligor), On,
        [
            .. Instructions.Select(one => new PaymentLine(EndToEndId(one), one.Total, Currency, partyOf(one.Payee), $"凭证 {Instrument} {one.Units}")),
        ]);

    string Named(string text, int digits) =>
        On.ToString("yyyyMMdd", CultureInfo.InvariantCulture) + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..digits];
}
