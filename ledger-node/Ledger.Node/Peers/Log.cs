using Microsoft.Extensions.Logging;

namespace Ledger.Node.Peers;

static partial class Log
{
    [LoggerMessage(6001, LogLevel.Warning, "{Party} called from {Address} and is no peer: neither a validator nor a registered regulator. 来访者不是联盟节点。")]
    public static partial void PeerRefused(ILogger log, string party, string address);
}
