using Ledger.Core.Primitives;

namespace Ledger.Simulation.Order;

/// <summary>What became of putting a batch.</summary>
enum PutOutcome
{
    Ordered,

    /// <summary>Under this counter stands another batch of this bank.</summary>
    Refused,

    /// <summary>The batch before was put, and is no longer there.</summary>
    Broken,
}

/// <summary>
/// What orders the batches of all banks, and may do so badly: not be reached, lose what it had told, or tell each bank another order. Of each epoch it keeps what was put, and what each bank
/// is shown.
/// </summary>
sealed class SimOrder(int banks, Random chance)
{
    readonly Dictionary<uint, EpochOfOrder> epochs = [];
    readonly bool[] unreachable = new bool[banks];

    /// <summary>Nobody reaches it.</summary>
    public bool IsOut { get; set; }

    public bool Reaches(int bank) => !IsOut && !unreachable[bank];

    public void Cut(int bank, bool isCut) => unreachable[bank] = isCut;

    /// <summary>What stands under a bank's key; null where nothing does.</summary>
    public byte[]? At(uint epoch, PartyId bank, ulong counter) => Of(epoch).Keys.GetValueOrDefault((bank, counter));

    /// <param name="epoch">In whose order it goes.</param>
    /// <param name="bank">Whose it is.</param>
    /// <param name="counter">Its number.</param>
    /// <param name="value">The batch.</param>
    /// <param name="follows">Whether the bank has put the one before into this order too.</param>
    /// <param name="isMine">Whether what stands there is a batch of the bank's; what is not gives way.</param>
    public PutOutcome Put(uint epoch, PartyId bank, ulong counter, byte[] value, bool follows, Predicate<byte[]> isMine)
    {
        var order = Of(epoch);
        if (follows && !order.Keys.ContainsKey((bank, counter - 1))) return PutOutcome.Broken;
        if (order.Keys.TryGetValue((bank, counter), out var stands))
        {
            if (stands.AsSpan().SequenceEqual(value)) return PutOutcome.Ordered;
            if (isMine(stands)) return PutOutcome.Refused;
        }

        order.Keys[(bank, counter)] = value;
        order.Add(value, chance);
        return PutOutcome.Ordered;
    }

    /// <summary>What anybody writes who can, under no key of a bank's.</summary>
    public void PutJunk(uint epoch, byte[] value) => Of(epoch).Add(value, chance);

    /// <summary>How many batches a bank can be shown.</summary>
    public int Length(uint epoch, int bank) => Of(epoch).ViewOf(bank).Count;

    public byte[] Show(uint epoch, int bank, int position) => Of(epoch).ViewOf(bank)[position];

    /// <summary>From now on each bank is shown an order of its own.</summary>
    public void Split(uint epoch) => Of(epoch).Split(banks);

    /// <summary>What it held back it shows, and what comes from now on it shows to all alike.</summary>
    public void Mend()
    {
        IsOut = false;
        Array.Clear(unreachable);
        foreach (var order in epochs.Values) order.Mend();
    }

    /// <summary>An older folder takes the place of the newest: what stood there last was never told, it says.</summary>
    public void GoBack(uint epoch, int by) => Of(epoch).GoBack(by);

    EpochOfOrder Of(uint epoch)
    {
        if (!epochs.TryGetValue(epoch, out var order)) epochs[epoch] = order = new();
        return order;
    }

    sealed class EpochOfOrder
    {
        readonly List<byte[]> all = [];
        List<byte[]>[]? views;
        List<byte[]>[] held = [];
        bool isLying;

        public Dictionary<(PartyId, ulong), byte[]> Keys { get; } = [];

        public List<byte[]> ViewOf(int bank) => views is null ? all : views[bank];

        public void Split(int banks)
        {
            views ??= [.. Enumerable.Range(0, banks).Select(_ => all.ToList())];
            held = [.. Enumerable.Range(0, banks).Select(_ => new List<byte[]>())];
            isLying = true;
        }

        // Each bank sees it now, or behind something that comes later.
        public void Add(byte[] value, Random chance)
        {
            all.Add(value);
            for (var i = 0; i < views?.Length; i++)
            {
                if (isLying && held[i].Count < 8 && chance.Next(2) == 0)
                {
                    held[i].Add(value);
                    continue;
                }

                views[i].Add(value);
                if (!isLying || chance.Next(2) == 0) Release(i);
            }
        }

        public void Mend()
        {
            if (!isLying) return;
            for (var i = 0; i < held.Length; i++) Release(i);
            isLying = false;
        }

        public void GoBack(int by)
        {
            if (views is not null) return;
            var gone = all.TakeLast(by).ToHashSet();
            all.RemoveRange(Math.Max(0, all.Count - by), Math.Min(by, all.Count));
            foreach (var key in Keys.Where(one => gone.Contains(one.Value)).Select(static one => one.Key).ToArray()) Keys.Remove(key);
        }

        void Release(int bank)
        {
            views?[bank].AddRange(held[bank]);
            held[bank].Clear();
        }
    }
}
