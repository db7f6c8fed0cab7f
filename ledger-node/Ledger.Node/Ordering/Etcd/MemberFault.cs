using System.Net.Sockets;
using System.Security.Authentication;
using Grpc.Core;

namespace Ledger.Node.Ordering.Etcd;

/// <summary>Why a member failed, in sentences of this program: what a library says of it is in one language, and about itself.</summary>
static class MemberFault
{
    public static (string Chinese, string English) Says(Exception fault)
    {
        if (fault is TimeoutException or OperationCanceledException) return ("未在 2 秒内应答", "no answer within 2 s");
        if (Has<AuthenticationException>(fault) is not null) return ("证书未被接受（本节点的、对方的，或其一已过期）", "a certificate was not accepted: this node's or the member's, or one of them has expired");
        if (Has<SocketException>(fault) is { } socket)
            return socket.SocketErrorCode == SocketError.ConnectionRefused ? ("连接被拒绝：该成员未在运行", "the connection was refused: the member does not run") : ($"网络不通（{socket.SocketErrorCode}）", $"the network does not reach it ({socket.SocketErrorCode})");
        return fault is RpcException rpc ? Says(rpc.Status) : ("连接中断", "the connection broke off");
    }

    static (string Chinese, string English) Says(Status status) => status.StatusCode switch
    {
        StatusCode.ResourceExhausted => ("空间已满：请依次 compact、defrag、alarm disarm", "database space exceeded: compact, defrag, then disarm the alarm"),
        StatusCode.Unavailable when status.Detail.Contains("leader", StringComparison.Ordinal) => ("集群没有主节点：多数成员不可用", "the cluster has no leader: most members are gone"),
        StatusCode.Unavailable => ("该成员不可用", "the member is not available"),
        StatusCode.DeadlineExceeded or StatusCode.Cancelled => ("未在 2 秒内应答", "no answer within 2 s"),
        StatusCode.Unauthenticated or StatusCode.PermissionDenied => ("该成员不允许本节点访问", "the member does not let this node in"),
        _ => ($"该成员拒绝了请求（gRPC {(int)status.StatusCode}）", $"the member refused what it was asked (gRPC {(int)status.StatusCode}: {status.Detail})"),
    };

    static T? Has<T>(Exception fault)
        where T : Exception
    {
        for (var one = fault; one is not null; one = one.InnerException ?? (one as RpcException)?.Status.DebugException)
        {
            if (one is T found) return found;
        }

        return null;
    }
}
