using Ledger.Core.Replay;

namespace Ledger.Node;

/// <summary>The banks have raised the protocol above what this program knows: what it would fold from here on is another ledger, so it stops.</summary>
sealed class ProtocolUnknownException(uint number) : Exception(Says(number))
{
    /// <summary>What its operator reads.</summary>
    public static string Says(uint number) =>
        $"By votes the ledger's protocol is {number} from here on, and this program knows it up to {Fold.KnownProtocol}: install a newer one. Everything up to here is final and kept. "
        + $"经表决，账本协议自此为第 {number} 版，而本程序只支持到第 {Fold.KnownProtocol} 版：请升级。此前内容均已终局并保存。";
}
