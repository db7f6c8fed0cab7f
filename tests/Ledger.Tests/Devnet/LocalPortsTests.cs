using System.Net;
using System.Net.Sockets;
using Ledger.Client.Devnet;

namespace Ledger.Tests.Devnet;

public sealed class LocalPortsTests
{
    [Fact]
    public void Whoever_listens_already_keeps_its_port()
    {
        var first = LocalPorts.Free(20_000, 1)[0];
        using var held = new TcpListener(IPAddress.Loopback, first);
        held.Start();

        var free = LocalPorts.Free(first, 3);

        Assert.DoesNotContain(first, free);
        Assert.Equal(free.Order().Distinct(), free);
        Assert.All(free, one => Assert.InRange(one, first + 1, LocalPorts.End - 1));
    }

    [Fact]
    public void Where_there_are_too_few_it_says_so() =>
        Assert.Equal(DevnetFaultKind.Usage, Assert.Throws<DevnetException>(() => LocalPorts.Free(LocalPorts.End - 2, 3)).Kind);
}
