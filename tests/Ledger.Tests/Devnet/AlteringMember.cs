using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Ledger.Client.Devnet;
using Ledger.Node.Ordering.Etcd.Rpc;

namespace Ledger.Tests.Devnet;

/// <summary>
/// Stands before a member of etcd, under that member's certificate, for one bank alone, and hands it what the member says; while it lies, every long answer has an octet that is another. The octet is the last of a
/// frame, so that what holds the value together (HTTP/2, gRPC, protobuf) is whole: it is the value that is altered.
/// </summary>
sealed class AlteringMember : IAsyncDisposable
{
    const int FrameHead = 9;
    const byte DataFrame = 0;

    // Of gRPC: whether it is compressed, and the length of what follows.
    const int MessageHead = 5;

    // Shorter answers hold no value.
    const int LongEnough = 200;

    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource stop = new();
    readonly X509Certificate2 own, bank;
    readonly int member;
    readonly string authority;
    readonly Task accepting;
    volatile bool lies;
    int alteredBatches;

    public AlteringMember(LocalNetwork network, LocalMember member, LocalBank bank)
    {
        this.member = member.ClientPort;
        authority = network.AuthorityPath;
        own = Certificate(member.Folder);
        this.bank = Certificate(bank.Folder);
        listener.Start();
        accepting = AcceptAsync();
    }

    public Uri Address => new($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

    public bool Lies
    {
        get => lies;
        set => lies = value;
    }

    /// <summary>In how many answers that told what was put it was a batch that was altered, and not a vote or anything else that banks post.</summary>
    public int AlteredBatches => Volatile.Read(ref alteredBatches);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        await accepting;
        own.Dispose();
        bank.Dispose();
        stop.Dispose();
    }

    static X509Certificate2 Certificate(string folder)
    {
        var (certificate, key) = LocalFiles.OwnFiles(folder);
        return X509Certificate2.CreateFromPemFile(certificate, key);
    }

    async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true) serving.Add(ServeAsync(await listener.AcceptTcpClientAsync(stop.Token)));
        }
        catch (Exception over) when (over is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            await Task.WhenAll(serving);
        }
    }

    async Task ServeAsync(TcpClient client)
    {
        try
        {
            using var caller = client;
            using var called = new TcpClient();
            await called.ConnectAsync(IPAddress.Loopback, member, stop.Token);
            await using var near = new SslStream(caller.GetStream());
            await using var far = new SslStream(called.GetStream());
            await near.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = own, ApplicationProtocols = [SslApplicationProtocol.Http2] }, stop.Token);
            await far.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = "127.0.0.1", ClientCertificates = [bank], ApplicationProtocols = [SslApplicationProtocol.Http2],
                    CertificateChainPolicy = Trusting(),
                },
                stop.Token);
            await Task.WhenAny(near.CopyToAsync(far, stop.Token), HandOnAsync(far, near));
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
            // One of the two ends is away; the bank asks again.
        }
    }

    async Task HandOnAsync(SslStream from, SslStream to)
    {
        var head = new byte[FrameHead];
        while (true)
        {
            await from.ReadExactlyAsync(head, stop.Token);
            var frame = new byte[(head[0] << 16) | (head[1] << 8) | head[2]];
            await from.ReadExactlyAsync(frame, stop.Token);
            if (lies && head[3] == DataFrame && frame.Length >= LongEnough)
            {
                if (EndsWithBatch(frame)) Interlocked.Increment(ref alteredBatches);
                frame[^1] ^= 1;
            }

            await to.WriteAsync(head, stop.Token);
            await to.WriteAsync(frame, stop.Token);
            await to.FlushAsync(stop.Token);
        }
    }

    // Whether the frame is one whole answer of a watch, and its last octet that of a batch's value. An answer of another kind has no events.
    static bool EndsWithBatch(byte[] frame)
    {
        if (frame[0] != 0 || BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(1)) != frame.Length - MessageHead) return false;
        return WatchResponse.Parser.ParseFrom(frame, MessageHead, frame.Length - MessageHead).Events is [.., { Kv: { Value.Length: > 0 } put }]
            && put.Key.ToStringUtf8().Split('/') is [_, _, "b", _, _] && frame.AsSpan().EndsWith(put.Value.Span);
    }

    X509ChainPolicy Trusting()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(authority);
        return policy;
    }
}
