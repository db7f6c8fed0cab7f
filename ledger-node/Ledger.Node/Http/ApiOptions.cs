namespace Ledger.Node.Http;

/// <summary>
/// Where the API listens. <paramref name="Port"/> 0 is any free port; with <paramref name="NextFreePort"/> a port that is taken is no fault and one
/// of the following is used: <see cref="ApiServer.AddressOf"/> says which.
/// </summary>
public sealed record ApiOptions(string Host, int Port, bool NextFreePort)
{
    public const int DefaultPort = 7160;

    /// <summary>Requests that may be under way at once; further ones wait in the system's queue.</summary>
    public int MaxConnections { get; init; } = 1_000;

    /// <summary>How long a stop waits for answers that are under way.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
