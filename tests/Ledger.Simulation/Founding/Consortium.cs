using System.Diagnostics;
using System.Text.Json;
using Ledger.Client.Founding;
using Ledger.Client.Invoices;
using Ledger.Client.Signing;
using Ledger.Core.Chain;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Core.Wire;
using Ledger.Node;

namespace Ledger.Simulation.Founding;

/// <summary>
/// Some banks that found a ledger together, perhaps one that they know and that is no validator yet, an enterprise that owes and suppliers that it owes to, with the same keys in every run.
/// </summary>
sealed class Consortium
{
    public static readonly Timestamp Start = new(1_773_100_800_000);

    public static readonly PartyId Debtor = FictionalUscc.Of("440300", 1);
    public static readonly PartyId[] Suppliers = [.. Enumerable.Range(2, 3).Select(seed => FictionalUscc.Of("440300", seed))];

    // As many node keys has each bank, one to follow another.
    const int NodeKeysEach = 4;

    readonly Dictionary<KeyId, CheapKey> keys = [];
    readonly Dictionary<PartyId, CheapKey[]> nodeKeys = [];

    /// <param name="banks">How many there are.</param>
    /// <param name="comesLater">Which of them found nothing with the others; null for none.</param>
    public Consortium(int banks, int? comesLater)
    {
        var template = FoundingKeys.Preset("consortium");
        PartyId[] ids = [.. Enumerable.Range(0, banks).Select(n => FictionalUscc.Of("440300", 60 + n)).Order()];
        FoundingParty[] parties =
        [
            .. ids.Select((bank, i) => Bank(bank, i, ids[(i + 1) % banks])),
            Company(Debtor, "示例核心企业", Roles.CoreEnterprise, ids[0]),
            .. Suppliers.Select((supplier, i) => Company(supplier, $"示例供应商{i + 1}", Roles.Supplier, ids[i % banks])),
        ];
        foreach (var bank in ids) nodeKeys[bank] = [.. Enumerable.Range(1, NodeKeysEach).Select(number => new CheapKey($"node {bank} {number}"))];
        Founders = [.. ids.Where((_, number) => number != comesLater)];
        var text = template with
        {
            Suite = CheapSuite.One.Name,
            Time = Start,
            Parties = [.. parties],
            Authority = Founders[0],
            Validators = [.. Founders.Select(bank => new FoundingValidator(bank, nodeKeys[bank][0].PublicKey))],
            Epoch = new(new(1, 1), [.. ids.Select(bank => new Core.Instruments.SealedEpochKey(bank, "sealed"))]),
        };
        Genesis = Genesis.Read(JsonSerializer.SerializeToUtf8Bytes(text, WireJson.TypeInfo<GenesisText>()), static _ => CheapSuite.One, out var problem) ?? throw new ArgumentException(problem);
        Banks = ids;
    }

    public Genesis Genesis { get; }

    public IReadOnlyList<PartyId> Banks { get; }

    public IReadOnlyList<PartyId> Founders { get; }

    public IEnumerable<ByteString> NodeKeysOf(PartyId bank) => nodeKeys[bank].Select(static key => key.PublicKey);

    /// <summary>All that a bank's node holds, the first one first.</summary>
    public NodeKey NodeKey(PartyId bank, FoundingMark? mark)
    {
        NodeKey? others = null;
        foreach (var key in nodeKeys[bank].Reverse()) others = new(bank, key.PublicKey, bytes => key.Sign(bytes), bytes => key.SignNote(bytes)) { Mark = mark, Other = others };
        return others ?? throw new UnreachableException("Each bank has some.");
    }

    /// <summary>By which a bank proves that a node key is its own.</summary>
    public ByteString ProofOf(PartyId bank, ByteString nodeKey) => new(nodeKeys[bank].First(key => key.PublicKey == nodeKey).Sign(Rulebook.NodeKeyText(Genesis.Chain.ChainId, bank, nodeKey)));

    public byte[] Sign(Transaction transaction, params PartyId[] with) => Jws.Sign(
        TransactionText.WritePayload(transaction), Genesis.Chain.ChainId, [.. with.Prepend(transaction.Party).Distinct().Select(party => (new KeyId(party, 1), (SigningKey)keys[new(party, 1)]))]);

    FoundingParty Bank(PartyId bank, int number, PartyId sponsor)
    {
        Span<byte> scalar = stackalloc byte[PrivateKey.ScalarSize];
        scalar[^1] = (byte)(number + 1);
        if (!SealingKey.TryRead(scalar, out var sealing)) throw new ArgumentException("not a scalar", nameof(number));
        using (sealing)
        {
            return new(bank, $"示例银行{number + 1}", Roles.Bank, "440300", SizeClass.Large, "", sponsor,
            [
                Key(bank, 1, KeyUse.Signing, KeyRole.Maker), Key(bank, 2, KeyUse.Signing, KeyRole.Checker), Key(bank, 3, KeyUse.Recovery, KeyRole.LegalRepresentative),
                new(sealing.PublicKey, KeyUse.Sealing, KeyRole.System, "system"),
            ]);
        }
    }

    FoundingParty Company(PartyId party, string name, Roles roles, PartyId sponsor) =>
        new(party, name, roles, "440300", SizeClass.Small, "", sponsor, [Key(party, 1, KeyUse.Signing, KeyRole.Maker)]);

    NewKey Key(PartyId party, uint number, KeyUse use, KeyRole role)
    {
        var key = keys[new(party, number)] = new($"{party} {number}");
        return new(key.PublicKey, use, role, $"person-{number}");
    }
}
