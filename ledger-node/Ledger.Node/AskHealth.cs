using System.Globalization;
using System.Net.Sockets;

namespace Ledger.Node;

/// <summary>Asks the operations port of a node on this machine: what a container's health check runs.</summary>
static class AskHealth
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    public static async Task<int> RunAsync(NodeSettings settings, CancellationToken cancel)
    {
        using var http = new HttpClient { Timeout = Patience };
        try
        {
            var port = settings[NodeSettings.OperationsPort];
            using var answer = await http.GetAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/readyz")), cancel);
            Console.WriteLine(await answer.Content.ReadAsStringAsync(cancel));
            return answer.IsSuccessStatusCode ? ExitCode.Ok : ExitCode.Fault;
        }
        catch (Exception silent) when (silent is HttpRequestException or SocketException or TaskCanceledException or UriFormatException)
        {
            Console.Error.WriteLine($"no answer 没有应答: {silent.Message}");
            return ExitCode.Fault;
        }
    }
}
