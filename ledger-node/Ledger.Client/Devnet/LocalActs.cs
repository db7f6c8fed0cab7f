using System.Text.Json;
using Ledger.Client.Api;
using Ledger.Client.Founding;
using Ledger.Client.Signing;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Core.Wire;

namespace Ledger.Client.Devnet;

/// <summary>Acts on a network of this machine, signed with the keys that lie in its folder and sent to a bank's node until they are final.</summary>
sealed class LocalActs(string folder, DevnetFile network, Genesis genesis)
{
    const long ShortLife = 10 * Timestamp.Minute;

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    /// <summary>Does for the bank whose node is asked what <paramref name="operation"/> says, which is told ledger time. Refusals that are named are as good as a yes.</summary>
    /// <exception cref="DevnetException">It was refused.</exception>
    public async Task DoAsync(LocalBank at, Func<Timestamp, Operation> operation, IEnumerable<KeyId> signers, (string Chinese, string English) what, IReadOnlyList<Refusal> orElse, CancellationToken cancel)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(at.Url) };
        var api = new LedgerApi(http);
        var now = (await api.HealthAsync(cancel)).LedgerTime;
        var keys = signers.Order().Select(kid => (Kid: kid, Key: LocalFiles.OpenKey(folder, network, kid))).ToArray();
        byte[] text;
        try
        {
            text = Jws.Sign(TransactionText.WritePayload(new(at.Id, null, NewId.Of<Transaction>(now), now.Add(ShortLife), [operation(now)])), genesis.Chain.ChainId, keys);
        }
        finally
        {
            foreach (var (_, key) in keys) key.Dispose();
        }

        await SubmitAsync(api, text, what, orElse, cancel);
    }

    /// <summary>Whatever the node has at a path; null where it has nothing.</summary>
    public static async Task<JsonDocument?> ReadAsync(LocalBank at, string path, CancellationToken cancel)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(at.Url) };
        return await new LedgerApi(http).ReadAsync(path, cancel);
    }

    /// <summary>Of a bank, who makes and who checks.</summary>
    public static IEnumerable<KeyId> Both(PartyId bank) => [new(bank, FoundingKeys.Maker), new(bank, FoundingKeys.Checker)];

    // Until it is final: the banks that vote may still be on their way to each other.
    static async Task SubmitAsync(LedgerApi api, byte[] text, (string Chinese, string English) what, IReadOnlyList<Refusal> orElse, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                var answer = await api.SubmitAsync(text, wait: true, cancel);
                if (answer.IsAccepted || orElse.Contains(answer.Code)) return;
                if (answer.HttpStatus is not (202 or 503))
                    throw new DevnetException(DevnetFaultKind.Fault, $"{what.Chinese}：{(int)answer.Code} {answer.Sentence}", $"{what.English}: {(int)answer.Code} {answer.SentenceEn}");
            }
            catch (NodeUnreachableException)
            {
                // The same bytes again do no harm.
            }

            await Task.Delay(Pause, cancel);
        }
    }
}
