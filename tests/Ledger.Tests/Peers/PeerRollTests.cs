using Ledger.Core.Primitives;
using Ledger.Node.Peers;

namespace Ledger.Tests.Peers;

/// <summary>Whom a node asks its operator changes while it runs.</summary>
public sealed class PeerRollTests
{
    static readonly PeerAddress one = At(FourBanks.Banks[1], 1);
    static readonly PeerAddress two = At(FourBanks.Banks[2], 1);
    static readonly PeerAddress three = At(FourBanks.Banks[3], 1);

    readonly List<PeerAddress> opened = [];
    readonly PeerRoll roll;

    public PeerRollTests() => roll = new(FourBanks.Bank, address =>
    {
        opened.Add(address);
        return new FakePeer(address.Bank, [], 0);
    });

    [Fact]
    public void Who_is_named_is_asked_and_never_the_node_itself()
    {
        Assert.True(roll.Name([one, At(FourBanks.Bank, 1), two]));
        Assert.Equal([one.Bank, two.Bank], roll.Select(static peer => peer.Bank));
        Assert.Equal((2, two.Bank), (roll.Count, roll[1].Bank));
    }

    [Fact]
    public void Who_stays_stays_as_it_is_and_who_moved_is_opened_anew()
    {
        roll.Name([one, two]);
        IPeer[] before = [.. roll];
        var moved = At(two.Bank, 2);
        Assert.True(roll.Name([three, moved, one]));
        Assert.Equal([one, two, three, moved], opened);
        Assert.Same(before[0], roll[2]);
        Assert.NotSame(before[1], roll[1]);

        Assert.False(roll.Name([three, moved, At(FourBanks.Bank, 1), one]));
        Assert.True(roll.Name([one]));
        Assert.Equal([before[0]], roll);
        Assert.Equal(4, opened.Count);
    }

    [Fact]
    public void Whoever_goes_through_them_has_those_of_when_that_began()
    {
        roll.Name([one, two]);
        using var going = roll.GetEnumerator();
        Assert.True(going.MoveNext());
        roll.Name([three]);
        Assert.True(going.MoveNext());
        Assert.Equal(two.Bank, going.Current.Bank);
        Assert.False(going.MoveNext());
    }

    [Fact]
    public void What_is_known_of_who_stays_is_kept_and_of_who_goes_or_moved_is_not()
    {
        IPeer[] known = [new FakePeer(one.Bank, [], 0), new FakePeer(two.Bank, [], 0)];
        var book = new PeerBook(known, null);
        foreach (var peer in known) book.Failed(new(peer.Bank, PeerFaultKind.Malformed));
        book.Name([known[0], new FakePeer(three.Bank, [], 0)]);
        Assert.Equal([(one.Bank, true), (three.Bank, false)], book.All.Select(static record => (record.Bank, record.Trouble is not null)));

        book.Failed(new(two.Bank, PeerFaultKind.Malformed));
        book.Name([new FakePeer(one.Bank, [], 0) { Address = "https://elsewhere" }]);
        Assert.Equal([(one.Bank, false)], book.All.Select(static record => (record.Bank, record.Trouble is not null)));
    }

    static PeerAddress At(PartyId bank, int port) => new(bank, new($"https://127.0.0.1:{port}/"));
}
