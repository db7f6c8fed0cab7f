using Ledger.Core.Primitives;
using Ledger.Node.Ordering;
using Ledger.Simulation.Machine;

namespace Ledger.Simulation.Order;

/// <summary>How a network treats what goes through it.</summary>
sealed class Weather
{
    /// <summary>The longest that a message takes, in milliseconds.</summary>
    public int Delay { get; set; } = 20;

    /// <summary>How many of a hundred messages are lost.</summary>
    public int Lost { get; set; }

    /// <summary>How many of a hundred messages come twice, or with what stood there before.</summary>
    public int Strange { get; set; }

    public int Takes(Random chance) => 1 + chance.Next(Delay);
}

/// <summary>
/// Where banks see what the others posted: of each epoch, kind and bank the newest, and of the end the first. What is posted comes to each bank later, in any order, or not at all; whoever comes back
/// to it is shown all that stands there.
/// </summary>
sealed class SimBoard(Clockwork clock, SimOrder order, Weather weather, Random chance, int banks)
{
    const int Kept = 4;
    const int AskedAgainAfter = 500;

    readonly Dictionary<(uint Epoch, Posting Kind, PartyId? Bank), List<ReadOnlyMemory<byte>>> places = [];
    readonly Dictionary<(uint, Posting, PartyId), ReadOnlyMemory<byte>> waiting = [];

    /// <summary>Where what is shown goes.</summary>
    public Action<int, uint, Posted?> Shows { get; set; } = static (_, _, _) => { };

    public void Post(int poster, uint epoch, Posting kind, PartyId bank, ReadOnlyMemory<byte> octets)
    {
        // What is newer overtakes what waits.
        var isUnderWay = waiting.ContainsKey((epoch, kind, bank));
        waiting[(epoch, kind, bank)] = octets;
        if (!isUnderWay) clock.After(weather.Takes(chance), () => Put(poster, epoch, kind, bank));
    }

    /// <summary>One bank is shown what the others are not: the order lends itself to it.</summary>
    public void ShowOnly(int bank, uint epoch, Posted posted) => clock.After(weather.Takes(chance), () => Shows(bank, epoch, posted));

    /// <summary>All that stands there of an epoch is shown to a bank, once it reaches the order, and that this is all.</summary>
    public void ShowAll(int bank, uint epoch) => clock.After(weather.Takes(chance), () =>
    {
        if (!order.Reaches(bank))
        {
            clock.After(AskedAgainAfter, () => ShowAll(bank, epoch));
            return;
        }

        foreach (var (place, stood) in places.Where(one => one.Key.Epoch == epoch).ToArray()) Shows(bank, epoch, new Posted(place.Kind, place.Bank, stood[^1]));
        Shows(bank, epoch, null);
    });

    /// <summary>An older folder is in the newest's place.</summary>
    public void GoBack(uint epoch)
    {
        foreach (var (place, stood) in places)
        {
            if (place.Epoch == epoch && stood.Count > 1) stood.RemoveAt(stood.Count - 1);
        }
    }

    void Put(int poster, uint epoch, Posting kind, PartyId bank)
    {
        if (!order.Reaches(poster))
        {
            clock.After(AskedAgainAfter, () => Put(poster, epoch, kind, bank));
            return;
        }

        if (!waiting.Remove((epoch, kind, bank), out var octets)) return;
        var place = (epoch, kind, kind == Posting.End ? default(PartyId?) : bank);
        if (!places.TryGetValue(place, out var stood)) places[place] = stood = [];
        else if (kind == Posting.End) return;
        stood.Add(octets);
        if (stood.Count > Kept) stood.RemoveAt(0);
        for (var i = 0; i < banks; i++) Show(i, place);
    }

    void Show(int bank, (uint Epoch, Posting Kind, PartyId? Bank) place)
    {
        if (chance.Next(100) < weather.Lost) return;
        if (chance.Next(100) < weather.Strange) Show(bank, place);
        clock.After(weather.Takes(chance), () =>
        {
            if (!order.Reaches(bank)) return;
            var stood = places[place];
            var octets = chance.Next(100) < weather.Strange ? stood[chance.Next(stood.Count)] : stood[^1];
            Shows(bank, place.Epoch, new Posted(place.Kind, place.Bank, octets));
        });
    }
}
