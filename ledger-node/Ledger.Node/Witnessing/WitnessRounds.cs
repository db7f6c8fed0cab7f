using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Ledger.Core.Chain;
using Ledger.Suites;

namespace Ledger.Node.Witnessing;

/// <summary>
/// Shows a node's newest checkpoint to its witnesses once a minute, and keeps what they say under it. Nothing waits for them: the ledger goes on, and what they have not cosigned is as final as what they have.
/// </summary>
public sealed class WitnessRounds(LedgerReader ledger, IReadOnlyList<WitnessAddress> witnesses, HttpMessageInvoker http, Action<string> say, TimeProvider time)
{
    /// <summary>Between two rounds.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    /// <summary>For so many rounds, what more witnesses cosigned is not given up for something newer that fewer did.</summary>
    public const int RoundsOfFewer = 10;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    const int MaxAnswer = 16 * 1024;

    readonly Lock gate = new();
    readonly Dictionary<VKey, ulong> known = [];
    readonly Dictionary<VKey, int> missed = [];
    readonly HashSet<VKey> disagreeing = [];
    readonly Dictionary<VKey, string> told = [];
    Dictionary<VKey, NoteSignature> lines = [];
    int fewer;
    volatile Note? newest;

    /// <summary>The newest checkpoint that witnesses cosigned, with their lines behind the banks'; null before the first.</summary>
    public Note? Newest => newest;

    /// <summary>Of each witness for how many rounds it has not cosigned what it was shown, and whether it says that this node's history does not go on from what it cosigned.</summary>
    public IReadOnlyList<(string Name, int Missed, bool Disagrees)> Standings
    {
        get
        {
            lock (gate) return [.. witnesses.Select(witness => (witness.Key.Name, missed.GetValueOrDefault(witness.Key), disagreeing.Contains(witness.Key)))];
        }
    }

    /// <summary>What asks without following redirections.</summary>
    public static HttpMessageInvoker NewClient() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = Patience, PooledConnectionLifetime = Every });

    /// <summary>Asks until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(Every, time);
        do await AskAsync(cancel);
        while (await timer.WaitForNextTickAsync(cancel));
    }

    /// <summary>One round; one caller at a time.</summary>
    public async Task AskAsync(CancellationToken cancel)
    {
        var note = ledger.View.Checkpoint;
        if (newest?.Checkpoint == note.Checkpoint && lines.Count == witnesses.Count) return;
        var said = await Task.WhenAll(witnesses.Select(async witness => (witness.Key, Line: await AskAsync(witness, note, cancel))));
        var good = new Dictionary<VKey, NoteSignature>();
        foreach (var (key, line) in said)
        {
            if (line is { } signature) good[key] = signature;
        }

        Take(note, good);
    }

    // A witness that is away for a while takes nobody's receipt away who needs its word too.
    void Take(Note note, Dictionary<VKey, NoteSignature> good)
    {
        if (newest?.Checkpoint == note.Checkpoint)
        {
            foreach (var (key, line) in lines) good.TryAdd(key, line);
        }

        if (good.Count == 0 || (good.Count < lines.Count && ++fewer < RoundsOfFewer)) return;
        fewer = 0;
        lines = good;
        newest = note with { Signatures = [.. note.Signatures, .. good.Values.Take(Note.MaxSignatures - note.Signatures.Count)] };
    }

    async Task<NoteSignature?> AskAsync(WitnessAddress witness, Note note, CancellationToken cancel)
    {
        var size = note.Checkpoint.Size;
        try
        {
            // A witness that has seen another size than the one remembered says which; then it is asked once more.
            for (var isLast = false; ; isLast = true)
            {
                ulong from;
                lock (gate) from = known.GetValueOrDefault(witness.Key);

                // Another bank has shown it more: there is nothing to be said of less, and the next round has it.
                if (from > size) return null;
                var proof = from == 0 ? new(0, [], note) : ledger.Consistency(from, note);
                var (status, body) = await PostAsync(witness.Address, proof.Write(), cancel);
                if (status == HttpStatusCode.Conflict && !isLast && ulong.TryParse(body.TrimEnd('\n'), NumberStyles.None, CultureInfo.InvariantCulture, out var has))
                {
                    lock (gate) known[witness.Key] = has;
                    continue;
                }

                if (status == HttpStatusCode.UnprocessableEntity)
                {
                    lock (gate) disagreeing.Add(witness.Key);
                    return Fail(witness, $"says that this node's history does not go on from the {from} leaves that it cosigned: find out which history others have (Peers and observers)", $"称本节点的历史不以其已联署的 {from} 叶为前缀，请与其他银行核对");
                }

                if (status != HttpStatusCode.OK) return Fail(witness, string.Create(CultureInfo.InvariantCulture, $"answers HTTP {(int)status}"), string.Create(CultureInfo.InvariantCulture, $"答复 HTTP {(int)status}"));
                if (LineOf(witness.Key, note, body) is not { } line) return Fail(witness, "gives no cosignature of its key", "未给出其密钥的联署");
                lock (gate)
                {
                    known[witness.Key] = size;
                    missed.Remove(witness.Key);
                    disagreeing.Remove(witness.Key);
                    told.Remove(witness.Key);
                }

                return line;
            }
        }
        catch (Exception unreached) when (unreached is HttpRequestException or SocketException or IOException)
        {
            return Fail(witness, $"does not answer: {unreached.Message}", "没有应答");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return Fail(witness, "takes too long", "应答过慢");
        }
    }

    async Task<(HttpStatusCode Status, string Body)> PostAsync(Uri address, byte[] body, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, "add-checkpoint")) { Content = new ByteArrayContent(body) };
        using var answer = await http.SendAsync(request, either.Token);
        using var stream = await answer.Content.ReadAsStreamAsync(either.Token);
        var read = new byte[MaxAnswer];
        var length = await stream.ReadAtLeastAsync(read, read.Length, throwOnEndOfStream: false, either.Token);
        return (answer.StatusCode, Encoding.UTF8.GetString(read, 0, length));
    }

    // Lines of other keys are nobody's here.
    static NoteSignature? LineOf(VKey key, Note note, string body)
    {
        foreach (var text in body.Split('\n'))
        {
            if (NoteSignature.TryParse(text, out var line) && line.KeyId == key.KeyId && line.KeyName == key.Name && CosignatureKeys.Verify(key, note.Checkpoint.SignedBytes(), line.Signature.Span)) return line;
        }

        return null;
    }

    // What is the same as in the round before was told.
    NoteSignature? Fail(WitnessAddress witness, string english, string chinese)
    {
        lock (gate)
        {
            missed[witness.Key] = missed.GetValueOrDefault(witness.Key) + 1;
            if (told.GetValueOrDefault(witness.Key) == english) return null;
            told[witness.Key] = english;
        }

        say($"witness {witness.Key.Name} at {witness.Address} {english}. 见证方{chinese}。");
        return null;
    }
}
