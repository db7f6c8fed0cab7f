using Ledger.Core.Primitives;

namespace Ledger.Node.Notices;

/// <summary>
/// That a party is told of what concerns it: where, of which types (none: all), and how far it has been told. <paramref name="Secrets"/> are one, or two
/// while the older is being replaced. One that failed for so long that it was given up is stopped until somebody replays it.
/// </summary>
public sealed record Webhook(
    string Id,
    PartyId Party,
    string Url,
    IReadOnlyList<string> Types,
    IReadOnlyList<string> Secrets,
    long CreatedAt,
    NoticeId Told,
    int Failures,
    long NextAttemptAt,
    string? LastFault,
    bool IsStopped)
{
    public bool Wants(Notice notice) => NoticeTypes.Fit(Types, notice);
}

/// <summary>When a delivery that failed is tried again: soon, then ever later, for about three days; spread, so that a receiver that comes back is not flooded.</summary>
public static class RetrySchedule
{
    static readonly TimeSpan[] After =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5),
        TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    /// <summary>How long to wait after so many failures, null when it is given up. <paramref name="spread"/> is between 0 and 1.</summary>
    public static TimeSpan? Wait(int failures, double spread) =>
        failures > After.Length ? null : After[failures - 1] * (0.9 + (0.2 * spread));
}
