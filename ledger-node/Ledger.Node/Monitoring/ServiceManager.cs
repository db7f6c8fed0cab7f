using System.Net.Sockets;
using System.Text;

namespace Ledger.Node.Monitoring;

/// <summary>Tells systemd that the node is ready, or is stopping (sd_notify(3)); says nothing where no service manager asked.</summary>
static class ServiceManager
{
    const string Variable = "NOTIFY_SOCKET";

    public static void Ready() => Tell("READY=1");

    public static void Stopping() => Tell("STOPPING=1");

    static void Tell(string state)
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } path) return;
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

            // An abstract socket's name begins with a zero where the variable has an @.
            socket.Connect(new UnixDomainSocketEndPoint(path[0] == '@' ? '\0' + path[1..] : path));
            socket.Send(Encoding.ASCII.GetBytes(state));
        }
        catch (SocketException)
        {
            // Whoever asked is gone; the node runs all the same.
        }
    }
}
