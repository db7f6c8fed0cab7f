using System.Net;
using System.Net.Sockets;

namespace Ledger.Client.Devnet;

/// <summary>
/// Ports on loopback that nobody listens on, in rising order from a first one, so that people can remember them. They are below those that a system gives
/// to outgoing connections: what was given away while a node was down, it could not take again.
/// </summary>
public static class LocalPorts
{
    /// <summary>Out of the way of a single node, whose ports are 7301 and 7302.</summary>
    public const int UsualFirst = 7410;

    /// <summary>The lowest that Linux gives to connections by itself.</summary>
    public const int End = 32_768;

    /// <exception cref="DevnetException">There are not so many.</exception>
    public static int[] Free(int first, int count)
    {
        var free = new List<int>(count);
        for (var port = first; port < End && free.Count < count; port++)
        {
            if (IsFree(port)) free.Add(port);
        }

        return free.Count == count
            ? [.. free]
            : throw new DevnetException(DevnetFaultKind.Usage, $"自 {first} 起没有 {count} 个空闲端口（上限 {End - 1}）。", $"There are no {count} free ports from {first} to {End - 1}.");
    }

    /// <summary>Whether somebody on loopback takes connections at a port.</summary>
    public static bool IsServed(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    static bool IsFree(int port)
    {
        // One in all addresses is taken here, too.
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
