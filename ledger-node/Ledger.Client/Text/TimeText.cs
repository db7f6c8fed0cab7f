using System.Globalization;
using Ledger.Core.Primitives;

namespace Ledger.Client.Text;

/// <summary>Ledger time as people read it: <c>yyyy-MM-dd HH:mm:ss</c> at a fixed offset from UTC.</summary>
public static class TimeText
{
    public static string Of(Timestamp time, int offsetMinutes) =>
        DateTime.UnixEpoch.AddMilliseconds(time.UnixMilliseconds + (offsetMinutes * Timestamp.Minute)).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
