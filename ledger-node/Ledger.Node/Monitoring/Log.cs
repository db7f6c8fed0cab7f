using Microsoft.Extensions.Logging;

namespace Ledger.Node.Monitoring;

static partial class Log
{
    [LoggerMessage(5001, LogLevel.Information, "{Text}")]
    public static partial void Said(ILogger log, string text);

    [LoggerMessage(5002, LogLevel.Warning, "{Free} bytes are free where the data folder lies: little room. 磁盘空间偏低。")]
    public static partial void DiskLow(ILogger log, long free);

    [LoggerMessage(5003, LogLevel.Error, "{Free} bytes are free where the data folder lies: transactions are refused until there is room. 磁盘空间不足，暂停接收交易。")]
    public static partial void DiskHolding(ILogger log, long free);

    [LoggerMessage(5004, LogLevel.Information, "{Free} bytes are free where the data folder lies: enough again. 磁盘空间恢复。")]
    public static partial void DiskEnough(ILogger log, long free);
}
