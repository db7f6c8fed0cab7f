using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using Ledger.Client.Signing;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;

namespace Ledger.Client.Mirroring;

/// <summary>
/// What a node gives of its history. Every answer is bounded in length and in time, no redirection is followed, and nothing is believed: that is for whoever asks. With passes the leaves are asked for in a party's name, the rest by nobody.
/// </summary>
public sealed class LogSource(HttpClient http, ReadPasses? passes, TimeProvider time) : IDisposable
{
    // A slow line may take its time, a node that never ends may not.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    const int SlowestPerSecond = 64 * 1024;

    const int MaxHealth = 64 * 1024;

    // A node says when it has time again; one that never has is left.
    const int MostWaits = 10;
    static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);
    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    /// <summary>The node at an address.</summary>
    public static LogSource Open(Uri address, ReadPasses? passes, TimeProvider time)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.GZip, ConnectTimeout = Patience };
        return new(new(handler) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan }, passes, time);
    }

    public Uri Address => http.BaseAddress!;

    /// <summary>The newest checkpoint.</summary>
    /// <exception cref="MirrorException">There is none that can be read.</exception>
    public async Task<Note> CheckpointAsync(CancellationToken cancel)
    {
        var octets = await GetAsync("v1/checkpoint", MirrorFolder.MaxNote, isNamed: false, cancel);
        return octets is not null && Note.TryParse(octets, out var note) ? note : throw NoAnswer("没有给出检查点", "gives no checkpoint");
    }

    /// <summary>The newest checkpoint that witnesses cosigned; null where the node has none.</summary>
    /// <exception cref="MirrorException">It cannot be read.</exception>
    public async Task<Note?> WitnessedAsync(CancellationToken cancel)
    {
        if (await GetAsync("v1/witnessed", MirrorFolder.MaxNote, isNamed: false, cancel) is not { } octets) return null;
        return Note.TryParse(octets, out var note) ? note : throw NoAnswer("给出的不是检查点", "gives no checkpoint for the one that witnesses cosigned");
    }

    /// <summary>A tile of hashes; null where the node has none.</summary>
    public async Task<byte[]?> TileAsync(Tile tile, CancellationToken cancel)
    {
        if (await GetAsync($"v1/{MirrorFolder.NameOf(tile)}", tile.Length, isNamed: false, cancel) is not { } octets) return null;
        return octets.Length == tile.Length ? octets : throw NoAnswer($"的 {MirrorFolder.NameOf(tile)} 长度不对", $"gives {MirrorFolder.NameOf(tile)} in another length");
    }

    /// <summary>A bundle of leaves; null where the node has none.</summary>
    public Task<byte[]?> BundleAsync(Tile tile, CancellationToken cancel) => GetAsync($"v1/{MirrorFolder.BundleNameOf(tile)}", EntryBundle.MaxSize, isNamed: true, cancel);

    /// <summary>Whose node it says it is; null where it does not say.</summary>
    public async Task<PartyId?> BankAsync(CancellationToken cancel)
    {
        try
        {
            if (await GetAsync("v1/health", MaxHealth, isNamed: false, cancel) is not { } octets) return null;
            using var health = JsonDocument.Parse(octets);
            return health.RootElement.ValueKind == JsonValueKind.Object && health.RootElement.TryGetProperty("bank", out var bank) && bank.ValueKind == JsonValueKind.String && PartyId.TryParse(bank.GetString(), out var party)
                ? party
                : null;
        }
        catch (Exception unsaid) when (unsaid is MirrorException or JsonException)
        {
            return null;
        }
    }

    public void Dispose() => http.Dispose();

    async Task<byte[]?> GetAsync(string path, int most, bool isNamed, CancellationToken cancel)
    {
        for (var waits = 0; ; waits++)
        {
            using var late = new CancellationTokenSource(Patience + TimeSpan.FromSeconds(most / SlowestPerSecond), time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
            TimeSpan later;
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, path);
                if (isNamed && passes is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", passes.Current());
                using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
                switch (answer.StatusCode)
                {
                    case HttpStatusCode.OK:
                        return await ReadAsync(answer, path, most, either.Token);
                    case HttpStatusCode.NotFound:
                        return null;
                    case HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden:
                        throw new MirrorException(MirrorFault.NotAllowed, $"节点 {Address} 不向本请求者提供 {path}。", $"The node at {Address} does not give {path} to who asks.");
                    case HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable when waits < MostWaits:
                        later = answer.Headers.RetryAfter?.Delta ?? ShortestWait;
                        break;
                    case var status:
                        throw NoAnswer($"对 {path} 答复 HTTP {(int)status}", string.Create(CultureInfo.InvariantCulture, $"answers {path} with HTTP {(int)status}"));
                }
            }
            catch (Exception failed) when (failed is HttpRequestException or SocketException or IOException or InvalidDataException)
            {
                throw new MirrorException(MirrorFault.Unreachable, $"节点 {Address} 没有应答：{failed.Message}", $"The node at {Address} does not answer: {failed.Message}", failed);
            }
            catch (OperationCanceledException over) when (!cancel.IsCancellationRequested)
            {
                throw new MirrorException(MirrorFault.Unreachable, $"节点 {Address} 对 {path} 应答过慢。", $"The node at {Address} takes too long over {path}.", over);
            }

            await Task.Delay(later < ShortestWait ? ShortestWait : later > LongestWait ? LongestWait : later, time, cancel);
        }
    }

    async Task<byte[]> ReadAsync(HttpResponseMessage answer, string path, int most, CancellationToken cancel)
    {
        using var body = await answer.Content.ReadAsStreamAsync(cancel);
        using var read = new MemoryStream();
        var part = new byte[Math.Min(most + 1, SlowestPerSecond)];
        while (await body.ReadAsync(part, cancel) is > 0 and var more)
        {
            read.Write(part, 0, more);
            if (read.Length > most) throw NoAnswer($"的 {path} 过长", $"gives more for {path} than there can be");
        }

        return read.ToArray();
    }

    MirrorException NoAnswer(string chinese, string english) => new(MirrorFault.NoAnswer, $"节点 {Address} {chinese}。", $"The node at {Address} {english}.");
}
