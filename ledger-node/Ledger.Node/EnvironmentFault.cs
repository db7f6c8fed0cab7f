using System.Net.Sockets;
using Ledger.Node.Storage;

namespace Ledger.Node;

/// <summary>What the machine denies a node: a file, a folder, a port. It is said in a sentence; any other exception is a mistake of the program and shows where.</summary>
static class EnvironmentFault
{
    public static bool Is(Exception fault) => fault is IOException or UnauthorizedAccessException or SocketException or StorageFault;

    public static string Describe(Exception fault)
    {
        var (chinese, english) = fault switch
        {
            FileNotFoundException or DirectoryNotFoundException => ("找不到文件或目录", "A file or folder is not there"),
            UnauthorizedAccessException => ("没有权限", "The node is not allowed to"),
            SocketException => ("无法监听该地址或端口", "The node cannot listen there"),
            StorageFault => ("存储故障", "The storage failed"),
            _ => ("读写失败", "Reading or writing failed"),
        };
        return $"{english} {chinese}: {fault.Message}";
    }
}
