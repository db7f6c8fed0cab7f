using Ledger.Tests;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace Ledger.Tests;

/// <summary>What takes longest begins first, so that no processor waits at the end for one class that began late.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    static readonly string[] Long =
    [
        "Ledger.Tests.Laws.MoneyLawTests", "Ledger.Tests.Ordering.RealEtcdTests", "Ledger.Tests.Cli.OfflineReadersTests", "Ledger.Tests.Web.BrowserTests", "Ledger.Tests.Laws.", "Ledger.Tests.Tour.",
        "Ledger.Tests.Kills.", "Ledger.Tests.ChainFolder.", "Ledger.Tests.Replay.", "Ledger.Tests.Demo.",
    ];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection => [.. testCollections.OrderBy(PlaceOf)];

    static int PlaceOf<TTestCollection>(TTestCollection collection)
        where TTestCollection : ITestCollection
    {
        var place = Array.FindIndex(Long, name => collection.TestCollectionDisplayName.Contains(name, StringComparison.Ordinal));
        return place < 0 ? Long.Length : place;
    }
}
