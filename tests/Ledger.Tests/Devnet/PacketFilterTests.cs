using Ledger.Client.Devnet;

namespace Ledger.Tests.Devnet;

/// <summary>What the kernel is told to keep from whom.</summary>
public sealed class PacketFilterTests
{
    [Fact]
    public void Who_is_on_one_side_neither_asks_those_of_another_nor_hears_their_answers()
    {
        var rules = new PacketFilter(new string('a', 64)).RulesOf([[("bank1", [1, 2]), ("etcd1", [3])], [("bank2", [4])], [("bank3", [5])]]);

        string[] lines = [.. rules.Split('\n').Where(static line => line.EndsWith(" drop", StringComparison.Ordinal)).Select(static line => line[(line.LastIndexOf('/') + 1)..])];
        Assert.Equal(
        [
            "bank1\" tcp dport { 4, 5 } drop", "etcd1\" tcp dport { 4, 5 } drop", "bank2\" tcp dport { 1, 2, 3, 5 } drop", "bank3\" tcp dport { 1, 2, 3, 4 } drop",
            "bank1\" tcp sport { 4, 5 } drop", "etcd1\" tcp sport { 4, 5 } drop", "bank2\" tcp sport { 1, 2, 3, 5 } drop", "bank3\" tcp sport { 1, 2, 3, 4 } drop",
        ], lines);
    }

    [Fact]
    public void What_was_said_before_is_over_in_the_same_moment()
    {
        var filter = new PacketFilter(new string('a', 64));
        Assert.StartsWith(filter.None, filter.RulesOf([[("bank1", [1])], [("bank2", [2])]]), StringComparison.Ordinal);
        Assert.Contains("delete table inet ledger_devnet_aaaaaaaaaaaa", filter.None, StringComparison.Ordinal);
    }
}
