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

    [LoggerMessage(5005, LogLevel.Error, "Nothing is ordered, and transactions are refused until it is: {English} {Chinese}，暂停接收交易。")]
    public static partial void OrderNotReached(ILogger log, string english, string chinese);

    [LoggerMessage(5006, LogLevel.Critical, "The order is broken, and transactions are refused until a new epoch begins: {English} {Chinese}，已停止接收交易。")]
    public static partial void OrderBroken(ILogger log, string english, string chinese);

    [LoggerMessage(5007, LogLevel.Information, "Transactions are ordered again. 排序恢复。")]
    public static partial void OrderBack(ILogger log);

    [LoggerMessage(5008, LogLevel.Critical, "OWN VERIFICATION WRONG, and the platform alone verifies from now on: {Fault}. 自有验签结果有误，此后只用平台验签。")]
    public static partial void VerificationWrong(ILogger log, string fault);
}
