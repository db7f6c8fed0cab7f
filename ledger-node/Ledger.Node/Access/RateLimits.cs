using System.Threading.RateLimiting;

namespace Ledger.Node.Access;

/// <summary>What a request costs the node, and so which budget it is taken from.</summary>
public enum RateClass
{
    Read,
    Write,

    /// <summary>What reads or writes much at once: search, statistics, bulk.</summary>
    Heavy,

    /// <summary>A pass that must be verified first and names no key that the ledger knows; or one too many of a known key.</summary>
    Pass,

    /// <summary>Health, which whoever has used up the rest may still ask.</summary>
    Health,

    /// <summary>A pass that must be verified first and names a key that the ledger knows, which need not be true.</summary>
    KnownPass,

    /// <summary>What a person changes beside the ledger: with a page's form, a subscription, a review.</summary>
    Form,
}

/// <summary>So many at once, and so many more for each period.</summary>
public sealed record Rate(int Burst, int Each, TimeSpan Period)
{
    public static Rate PerSecond(int each, int burst) => new(burst, each, TimeSpan.FromSeconds(1));
}

/// <summary>How much one caller may ask: a party that showed a pass, else an address.</summary>
public sealed record Rates(Rate Reads, Rate Writes, Rate Heavy, Rate Passes, Rate KnownPasses, Rate Forms)
{
    /// <summary>
    /// Writes stand far above what the ledger commits, for they are the bank's own business; what they bound is a loop gone wild.
    /// </summary>
    public static readonly Rates Default = new(Rate.PerSecond(500, 2_000), Rate.PerSecond(20_000, 40_000), Rate.PerSecond(50, 200), Rate.PerSecond(100, 400), Rate.PerSecond(20, 100),
        Rate.PerSecond(20, 100));

    /// <summary>The same for everything.</summary>
    public static Rates All(Rate rate) => new(rate, rate, rate, rate, rate, rate) { Health = rate };

    /// <summary>Monitoring asks, and every client before it signs, for the ledger's time.</summary>
    public Rate Health { get; init; } = Rate.PerSecond(500, 2_000);

    public Rate Of(RateClass kind) => kind switch
    {
        RateClass.Health => Health,
        RateClass.Read => Reads,
        RateClass.Write => Writes,
        RateClass.Heavy => Heavy,
        RateClass.Pass => Passes,
        RateClass.KnownPass => KnownPasses,
        RateClass.Form => Forms,
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}

/// <summary>Counts requests by caller and class. Callers that were silent for a while cost nothing.</summary>
public sealed class RateLimits(Rates rates) : IDisposable
{
    readonly PartitionedRateLimiter<(string Caller, RateClass Class)> limiter = PartitionedRateLimiter.Create<(string Caller, RateClass Class), (string, RateClass)>(
        key => RateLimitPartition.GetTokenBucketLimiter(key, asked => OptionsOf(rates.Of(asked.Item2))));

    /// <summary>Takes one from the caller's budget, or says after how long there is one.</summary>
    public bool TryTake(string caller, RateClass kind, out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.Zero;
        using var lease = limiter.AttemptAcquire((caller, kind));
        if (lease.IsAcquired) return true;
        retryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : rates.Of(kind).Period;
        return false;
    }

    public void Dispose() => limiter.Dispose();

    static TokenBucketRateLimiterOptions OptionsOf(Rate rate) => new()
    {
        TokenLimit = rate.Burst,
        TokensPerPeriod = rate.Each,
        ReplenishmentPeriod = rate.Period,
        QueueLimit = 0,
    };
}
