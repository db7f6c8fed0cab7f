using Ledger.Client.Signing;
using Ledger.Core.Chain;
using Ledger.Core.Crypto;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Evm;
using Ledger.Node.Anchoring;

namespace Ledger.Tests.Anchoring;

/// <summary>A ledger of four banks that are anchored by keys of their own for it: what each announced, and what each says when it is asked.</summary>
sealed class KeyedWorld : IDisposable
{
    readonly List<AnchorAnnouncement> announcements = [];

    public KeyedWorld(CryptoSuite suite)
    {
        Suite = suite;
        Ledger = new(suite);
        Keys = [.. Enumerable.Range(0, 4).Select(static _ => EvmKey.Create())];
        Says = [.. Enumerable.Repeat<Func<AnchorAsk, EvmKey, byte[]?>>(Honest, 4)];
        for (var bank = 0; bank < 4; bank++) Announce(bank, 1);
        Opened = Announced().Set ?? throw new InvalidOperationException("All announced.");
    }

    public static IReadOnlyList<PartyId> Banks { get; } = [.. Peers.FourBanks.Banks.Take(4)];

    public CryptoSuite Suite { get; }

    public AnchoredWorld Ledger { get; }

    public List<EvmKey> Keys { get; }

    /// <summary>What each bank gives when it is asked; null for nothing.</summary>
    public Func<AnchorAsk, EvmKey, byte[]?>[] Says { get; }

    /// <summary>Every question that was put.</summary>
    public List<AnchorAsk> Asked { get; } = [];

    /// <summary>The set with which the ledger was opened.</summary>
    public SignerSet Opened { get; }

    public IReadOnlyList<AnchorAnnouncement> Announcements => announcements;

    public IEnumerable<Validator> Validators => Banks.Select((bank, place) => new Validator(bank, Ledger.NodeKeyOf(place).PublicKey));

    public AnchoredHistory History => Ledger.History with { Announced = Announced };

    public AnnouncedSet Announced() => AnnouncedSet.Of(announcements, Validators, Suite, AnchoredWorld.Origin);

    public void Announce(int bank, uint number) => announcements.Add(AnchorAnnouncement.Make(Banks[bank], number, AnchoredWorld.Origin, Ledger.NodeKeyOf(bank), Keys[bank]));

    /// <summary>A bank has another anchor key; it says with the former one what it says.</summary>
    public void Change(int bank, uint number)
    {
        var former = Keys[bank];
        Keys[bank] = EvmKey.Create();
        Announce(bank, number);
        Says[bank] = (ask, key) => [.. Honest(ask, former), .. ask.Set.Keys.Contains(new(LocalSigner.AddressOf(key).ToBytes())) ? Honest(ask, key) : []];
    }

    public AnchorTarget Target(ulong chain, IEnumerable<Uri> endpoints, EvmAddress contract) => Ledger.Target(chain, endpoints, contract) with { Ledger = Opened.Hash().ToString() };

    public Task<IReadOnlyList<GivenWords>> GatherAsync(AnchorAsk ask, CancellationToken cancel)
    {
        Asked.Add(ask);
        return Task.FromResult<IReadOnlyList<GivenWords>>([.. Banks.Select((bank, place) => new GivenWords(bank, Says[place](ask, Keys[place]) is { } octets ? new(octets) : null))]);
    }

    public static byte[] Honest(AnchorAsk ask, EvmKey key) => AnchorWord.Of(key, ask.Text.Span).Write();

    public static byte[]? Silent(AnchorAsk ask, EvmKey key) => null;

    /// <summary>Another root of the same size.</summary>
    public static byte[] OfAnotherRoot(AnchorAsk ask, EvmKey key) => AnchorWord.Of(key, new Checkpoint(AnchoredWorld.Origin, ask.Size ?? 0, Keccak.Hash([])).SignedBytes()).Write();

    public static byte[] OfAForeignKey(AnchorAsk ask, EvmKey key)
    {
        using var foreign = EvmKey.Create();
        return Honest(ask, foreign);
    }

    /// <summary>The same r, and an s that is the least in the upper half.</summary>
    public static byte[] OfAHighS(AnchorAsk ask, EvmKey key)
    {
        var word = Honest(ask, key);
        Convert.FromHexString("7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a1").CopyTo(word, 52);
        return word;
    }

    public void Dispose()
    {
        foreach (var key in Keys) key.Dispose();
        Ledger.Dispose();
    }
}
