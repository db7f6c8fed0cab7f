using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Ledger.Core.Chain;
using Ledger.Core.Finality;
using Ledger.Core.Primitives;

namespace Ledger.Node.Peers;

/// <summary>
/// A peer over HTTPS. It is who its certificate stands for: the consortium's authority must have signed it for the bank that is asked, and under which name its machine is
/// called does not matter.
/// </summary>
public sealed class PeerClient : IPeer, IDisposable
{
    // A certificate that was renewed, here or there, is shown within this time.
    static readonly TimeSpan ConnectionLife = TimeSpan.FromMinutes(15);

    readonly PeerCertificates certificates;
    readonly PeerPace pace;
    readonly HttpClient http;
    volatile PeerException? seenAtDoor;
    long expires;

    public PeerClient(PeerAddress peer, PeerCertificates certificates, PeerPace pace)
    {
        (this.certificates, this.pace) = (certificates, pace);
        (Bank, Address) = (peer.Bank, peer.Address.GetLeftPart(UriPartial.Authority));
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = pace.Connecting,
            PooledConnectionLifetime = ConnectionLife,
            MaxConnectionsPerServer = 8,
            MaxResponseHeadersLength = 16,
            SslOptions = new()
            {
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                ClientCertificateContext = SslStreamCertificateContext.Create(certificates.Own, additionalCertificates: null, offline: true),
                RemoteCertificateValidationCallback = (_, shown, chain, _) => IsAsked(shown, chain),
            },
        };
        http = new(handler) { BaseAddress = peer.Address, Timeout = Timeout.InfiniteTimeSpan };
    }

    public PartyId Bank { get; }

    public string Address { get; }

    public DateTimeOffset? CertificateExpires => Interlocked.Read(ref expires) is > 0 and var until ? DateTimeOffset.FromUnixTimeMilliseconds(until) : null;

    public async Task<PeerStatus> StatusAsync(CancellationToken cancel) =>
        PeerStatus.Read(await WholeAsync("status", PeerPages.MaxStatus, cancel) ?? []) is { } status && status.Bank == Bank.Text ? status : throw Malformed();

    public async Task<Note> CheckpointAsync(CancellationToken cancel) =>
        Note.TryParse(await WholeAsync("checkpoint", PeerPages.MaxNote, cancel) ?? [], out var note) ? note : throw Malformed();

    public async Task<IReadOnlyList<Vote>> VotesAsync(CancellationToken cancel)
    {
        Vote[] votes = [.. (await ListAsync("votes", PeerPages.MaxVote, cancel)).Select(bytes => Vote.TryRead(bytes.Span, out var vote) ? vote : throw Malformed())];
        return votes.DistinctBy(static vote => vote.Bank).Count() == votes.Length ? votes : throw Malformed();
    }

    public async Task<IReadOnlyList<Report>> ReportsAsync(uint epoch, CancellationToken cancel) =>
        [.. (await ListAsync($"reports?epoch={epoch}", PeerPages.MaxReport, cancel)).Select(bytes => Report.TryRead(bytes.Span, out var report) && report.Epoch == epoch ? report : throw Malformed())];

    public async Task<IReadOnlyList<Evidence>> EvidenceAsync(CancellationToken cancel) =>
        [.. (await ListAsync("evidence", PeerPages.MaxEvidence, cancel)).Select(bytes => Evidence.TryRead(bytes.Span, out var evidence) ? evidence : throw Malformed())];

    public async IAsyncEnumerable<PeerBlock> BlocksAsync(ulong from, TimeSpan wait, [EnumeratorCancellation] CancellationToken cancel)
    {
        var seconds = (int)Math.Min(wait.TotalSeconds, PeerPages.MaxWait.TotalSeconds);
        var path = string.Create(CultureInfo.InvariantCulture, $"blocks?from={from}{(seconds > 0 ? $"&wait={seconds}" : "")}");

        Block? before = null;

        // What the answer is waited for is no slowness of the peer's.
        using var answer = await BeginAsync(path, pace with { Grace = pace.Grace + TimeSpan.FromSeconds(seconds) }, cancel) ?? throw Malformed();
        await foreach (var (block, note) in RecordsAsync(answer, from))
        {
            if (note is null && before is not null) yield return new(before, null);
            if (note is not null) yield return new(before ?? throw Malformed(), note);
            before = block;
        }

        if (before is not null) yield return new(before, null);
    }

    public async IAsyncEnumerable<Block> PendingAsync(ulong from, BlockPoint upTo, [EnumeratorCancellation] CancellationToken cancel)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"pending?from={from}&size={upTo.Size}&root={upTo.Root}");
        using var answer = await BeginAsync(path, pace, cancel);
        if (answer is null) yield break;
        await foreach (var (block, _) in RecordsAsync(answer, from)) yield return block ?? throw Malformed();
    }

    public Task<ReadOnlyMemory<byte>?> ClosingAsync(CancellationToken cancel) => OctetsAsync("closing", PeerPages.MaxClosing, cancel);

    public Task<ReadOnlyMemory<byte>?> DraftsAsync(ulong after, CancellationToken cancel) =>
        OctetsAsync(string.Create(CultureInfo.InvariantCulture, $"drafts?after={after}"), PeerPages.MaxDrafts, cancel);

    public Task<ReadOnlyMemory<byte>?> RotationAsync(string anchor, CancellationToken cancel) => OctetsAsync($"rotation?anchor={Uri.EscapeDataString(anchor)}", PeerPages.MaxRotation, cancel);

    public Task<ReadOnlyMemory<byte>?> CheckpointWordAsync(string anchor, ulong size, CancellationToken cancel) =>
        OctetsAsync(string.Create(CultureInfo.InvariantCulture, $"word?anchor={Uri.EscapeDataString(anchor)}&size={size}"), PeerPages.MaxWords, cancel);

    public async Task<IReadOnlyList<HeldSnapshot>> SnapshotsAsync(CancellationToken cancel)
    {
        HeldSnapshot[] held = [.. (await ListAsync("snapshots", HeldSnapshot.Size, cancel)).Select(bytes => HeldSnapshot.TryRead(bytes.Span, out var one) ? one : throw Malformed())];
        return held.Zip(held.Skip(1)).All(static pair => pair.First.Height > pair.Second.Height) ? held : throw Malformed();
    }

    public async Task<ReadOnlyMemory<byte>?> SnapshotAsync(HeldSnapshot snapshot, ulong from, CancellationToken cancel)
    {
        var most = (int)Math.Min(PeerPages.SnapshotBytes, snapshot.Length - from);
        var page = await OctetsAsync(string.Create(CultureInfo.InvariantCulture, $"snapshot?height={snapshot.Height}&from={from}"), most, cancel);
        return page is { Length: var length } && length != most ? throw Malformed() : page;
    }

    public void Dispose() => http.Dispose();

    // One after another, each a block or a checkpoint.
    static async IAsyncEnumerable<(Block? Block, Note? Checkpoint)> RecordsAsync(PeerAnswer answer, ulong from)
    {
        for (var height = from; await answer.ReadRecordAsync(height) is { } bytes;)
        {
            if (!SegmentCodec.TryRead(bytes, out var record, out _)) throw answer.Fault(PeerFaultKind.Malformed, height);
            var payload = bytes.AsMemory(SegmentCodec.HeadSize, record.Payload.Length);
            if (record.Type == RecordType.Checkpoint)
            {
                yield return (null, Note.TryParse(payload.Span, out var note) ? note : throw answer.Fault(PeerFaultKind.Malformed, height));
                continue;
            }

            yield return (Block.TryRead(payload, out var block) ? block : throw answer.Fault(PeerFaultKind.Malformed, height), null);
            height++;
        }
    }

    // Asked in the middle of a handshake: what it finds is told to whoever wanted the connection.
    bool IsAsked(X509Certificate? shown, X509Chain? chain)
    {
        if (shown is not X509Certificate2 certificate || !certificates.IsServer(certificate, chain)) return Denied(PeerFaultKind.CertificateForeign, null);
        var party = PeerCertificates.PartyOf(certificate);
        if (party != Bank) return Denied(PeerFaultKind.CertificateOfAnother, party?.Text);
        Interlocked.Exchange(ref expires, new DateTimeOffset(certificate.NotAfter).ToUnixTimeMilliseconds());
        seenAtDoor = null;
        return true;
    }

    bool Denied(PeerFaultKind kind, string? detail)
    {
        seenAtDoor = new(new(Bank, kind, Detail: detail));
        return false;
    }

    PeerException Malformed() => new(new(Bank, PeerFaultKind.Malformed));

    async Task<List<ReadOnlyMemory<byte>>> ListAsync(string path, int maxOfOne, CancellationToken cancel)
    {
        var list = new List<ReadOnlyMemory<byte>>();
        var rest = (await WholeAsync(path, PeerPages.MaxListed * (maxOfOne + sizeof(uint)), cancel) ?? throw Malformed()).AsMemory();
        while (!rest.IsEmpty)
        {
            if (list.Count == PeerPages.MaxListed || rest.Length < sizeof(uint)) throw Malformed();
            var length = BinaryPrimitives.ReadUInt32BigEndian(rest.Span);
            if (length > maxOfOne || length > rest.Length - sizeof(uint)) throw Malformed();
            list.Add(rest.Slice(sizeof(uint), (int)length));
            rest = rest[(sizeof(uint) + (int)length)..];
        }

        return list;
    }

    async Task<ReadOnlyMemory<byte>?> OctetsAsync(string path, int max, CancellationToken cancel) => await WholeAsync(path, max, cancel) is { } octets ? octets : (ReadOnlyMemory<byte>?)null;

    // Null where there is no such thing there.
    async Task<byte[]?> WholeAsync(string path, int max, CancellationToken cancel)
    {
        using var answer = await BeginAsync(path, pace, cancel);
        return answer is null ? null : await answer.ReadAllAsync(max);
    }

    async Task<PeerAnswer?> BeginAsync(string path, PeerPace within, CancellationToken cancel)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        end.CancelAfter(within.Connecting + within.Grace);
        HttpResponseMessage? response = null;
        try
        {
            response = await http.GetAsync($"{PeerPages.Root[1..]}/{path}", HttpCompletionOption.ResponseHeadersRead, end.Token);
            var answer = new PeerAnswer(Bank, response, await response.Content.ReadAsStreamAsync(end.Token), within, cancel);
            if (response.StatusCode == HttpStatusCode.OK) return answer;
            using (answer)
            {
                if (response.StatusCode == HttpStatusCode.NotFound) return null;
                throw new PeerException(new(Bank, PeerFaultKind.Refused, Detail: await WhyAsync(response.StatusCode, answer)));
            }
        }
        catch (OperationCanceledException slow) when (!cancel.IsCancellationRequested)
        {
            response?.Dispose();
            throw new PeerException(new(Bank, PeerFaultKind.TooSlow), slow);
        }
        catch (Exception fault) when (fault is HttpRequestException or SocketException or IOException)
        {
            response?.Dispose();
            if (fault is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } && seenAtDoor is { } denied) throw new PeerException(denied.Fault, fault);
            throw new PeerException(new(Bank, PeerFaultKind.NotReached, Detail: fault.GetBaseException().Message), fault);
        }
    }

    // The number of the refusal is the peer's; the words would be too, and are not repeated.
    static async Task<string> WhyAsync(HttpStatusCode status, PeerAnswer answer)
    {
        try
        {
            using var problem = JsonDocument.Parse(await answer.ReadAllAsync(PeerPages.MaxStatus));
            if (problem.RootElement.TryGetProperty("code", out var code) && code.TryGetUInt16(out var number)) return string.Create(CultureInfo.InvariantCulture, $"HTTP {(int)status}, {number}");
        }
        catch (Exception unread) when (unread is JsonException or InvalidOperationException or PeerException)
        {
            // Its status says enough.
        }

        return string.Create(CultureInfo.InvariantCulture, $"HTTP {(int)status}");
    }
}
