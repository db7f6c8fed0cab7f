using System.Security.Cryptography;
using System.Text.Json;
using Ledger.Client.Signing;
using Ledger.Core.Chain;
using Ledger.Core.Crypto;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Wire;
using Ledger.Suites;

namespace Ledger.Client.Founding;

/// <summary>
/// A chain that is about to begin: its genesis, and every private key that was made for it. A template is a genesis whose founding parties have no
/// keys yet; filling it makes for each bank a maker's, a checker's, a recovery and a sealing key (numbers 1 to 4), for each validator a node key,
/// and the first fingerprint key, sealed to every bank.
/// </summary>
public sealed class FoundingKeys : IDisposable
{
    public const uint Maker = 1;
    public const uint Checker = 2;
    public const uint Recovery = 3;
    public const uint Sealing = 4;

    /// <summary>The keys of a bank by their numbers, with what each is for and who holds it.</summary>
    public static readonly IReadOnlyList<(uint Number, KeyUse Use, KeyRole Role, string Person)> OfBank =
    [
        (Maker, KeyUse.Signing, KeyRole.Maker, "maker-1"),
        (Checker, KeyUse.Signing, KeyRole.Checker, "checker-1"),
        (Recovery, KeyUse.Recovery, KeyRole.LegalRepresentative, "legal-1"),
        (Sealing, KeyUse.Sealing, KeyRole.System, "system"),
    ];

    FoundingKeys(Genesis genesis, IReadOnlyDictionary<KeyId, PrivateKey> keys, IReadOnlyDictionary<PartyId, SigningKey> nodeKeys, byte[] epochKey)
    {
        Genesis = genesis;
        Keys = keys;
        NodeKeys = nodeKeys;
        EpochKey = epochKey;
    }

    public Genesis Genesis { get; }

    /// <summary>Private keys by their names: signing keys, and for each bank a sealing key.</summary>
    public IReadOnlyDictionary<KeyId, PrivateKey> Keys { get; }

    public IReadOnlyDictionary<PartyId, SigningKey> NodeKeys { get; }

    /// <summary>The consortium's first fingerprint key, 32 bytes.</summary>
    public byte[] EpochKey { get; }

    public SigningKey Signer(PartyId party, uint number = Maker) => (SigningKey)Keys[new(party, number)];

    /// <summary>The presets that come with the program, by name: <c>demo</c>, <c>consortium</c>.</summary>
    public static GenesisText Preset(string name)
    {
        using var stream = typeof(FoundingKeys).Assembly.GetManifestResourceStream($"genesis.{name}.json")
            ?? throw new ArgumentException($"There is no preset {name}.", nameof(name));
        return ReadTemplate(stream);
    }

    public static GenesisText ReadTemplate(Stream json) =>
        JsonSerializer.Deserialize(json, WireJson.TypeInfo<GenesisText>()) ?? throw new JsonException("null is no template");

    /// <summary>Fills a template with fresh keys.</summary>
    public static FoundingKeys Fill(GenesisText template, Timestamp time)
    {
        var suite = KnownSuites.Find(template.Suite) ?? throw new ArgumentException($"There is no suite {template.Suite}.", nameof(template));
        var keys = new Dictionary<KeyId, PrivateKey>();
        var nodeKeys = new Dictionary<PartyId, SigningKey>();
        var epochKey = RandomNumberGenerator.GetBytes(32);

        var parties = template.Parties.Select(party => Fill(party, suite, keys)).ToArray();
        var validators = template.Validators.Select(validator =>
        {
            nodeKeys[validator.Bank] = SigningKey.Create(suite);
            return validator with { NodeKey = nodeKeys[validator.Bank].PublicKey };
        }).ToArray();
        var banks = parties.Where(party => party.Roles.HasFlag(Roles.Bank)).Select(party => party.Id).Order();
        ValueList<SealedEpochKey> sealedKeys = [.. banks.Select(bank => new SealedEpochKey(bank, SealedKey.Seal(epochKey, keys[new(bank, Sealing)].PublicKey)))];

        var text = template with
        {
            Time = time,
            Seed = Hash256.Read(RandomNumberGenerator.GetBytes(32)),
            Parties = [.. parties],
            Validators = [.. validators],
            Epoch = new(EpochKeys.Commitment(suite, epochKey), sealedKeys),
        };
        var bytes = JsonSerializer.SerializeToUtf8Bytes(text, WireJson.TypeInfo<GenesisText>());
        var genesis = Genesis.Read(bytes, KnownSuites.Find, out var problem) ?? throw new ArgumentException(problem, nameof(template));
        return new(genesis, keys, nodeKeys, epochKey);
    }

    /// <summary>A fresh private key of the kind that a use takes.</summary>
    public static PrivateKey NewKeyFor(KeyUse use, CryptoSuite suite) => use == KeyUse.Sealing ? SealingKey.Create() : SigningKey.Create(suite);

    public void Dispose()
    {
        foreach (var key in Keys.Values.Concat(NodeKeys.Values)) key.Dispose();
    }

    static FoundingParty Fill(FoundingParty party, CryptoSuite suite, Dictionary<KeyId, PrivateKey> keys)
    {
        if (!party.Roles.HasFlag(Roles.Bank)) throw new ArgumentException($"{party.Id} is no bank: only banks found a chain; others register on it.", nameof(party));
        NewKey Make(uint number, KeyUse use, KeyRole role, string person)
        {
            var key = keys[new(party.Id, number)] = NewKeyFor(use, suite);
            return new(key.PublicKey, use, role, person);
        }

        return party with
        {
            Keys = [.. OfBank.Select(key => Make(key.Number, key.Use, key.Role, key.Person))],
        };
    }
}
