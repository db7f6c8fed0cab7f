using System.Text.Json;
using Ledger.Client.Founding;
using Ledger.Client.Invoices;
using Ledger.Client.Signing;
using Ledger.Core.Chain;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Core.Wire;
using Ledger.Node;

namespace Ledger.Simulation.Founding;

/// <summary>Some banks that found a ledger together, an enterprise that owes and suppliers that it owes to, with the same keys in every run.</summary>
sealed class Consortium
{
    public static readonly Timestamp Start = new(1_773_100_800_000);

    public static readonly PartyId Debtor = FictionalUscc.Of("440300", 1);
    public static readonly PartyId[] Suppliers = [.. Enumerable.Range(2, 3).Select(seed => FictionalUscc.Of("440300", seed))];

    readonly Dictionary<KeyId, CheapKey> keys = [];
    readonly Dictionary<PartyId, CheapKey> nodeKeys = [];

    public Consortium(int banks)
    {
        var template = FoundingKeys.Preset("consortium");
        PartyId[] ids = [.. Enumerable.Range(0, banks).Select(n => FictionalUscc.Of("440300", 60 + n)).Order()];
        FoundingParty[] parties =
        [
            .. ids.Select((bank, i) => Bank(bank, i, ids[(i + 1) % banks])),
            Company(Debtor, "示例核心企业", Roles.CoreEnterprise, ids[0]),
            .. Suppliers.Select((supplier, i) => Company(supplier, $"示例供应商{i + 1}", Roles.Supplier, ids[i % banks])),
        ];
        foreach (var bank in ids) nodeKeys[bank] = new($"node {bank}");
        var text = template with
        {
            Suite = CheapSuite.One.Name,
            Time = Start,
            Parties = [.. parties],
            Authority = ids[0],
            Validators = [.. ids.Select(bank => new FoundingValidator(bank, nodeKeys[bank].PublicKey))],
            Epoch = new(new(1, 1), [.. ids.Select(bank => new Core.Instruments.SealedEpochKey(bank, "sealed"))]),
        };
        Genesis = Genesis.Read(JsonSerializer.SerializeToUtf8Bytes(text, WireJson.TypeInfo<GenesisText>()), static _ => CheapSuite.One, out var problem) ?? throw new ArgumentException(problem);
        Banks = ids;
    }

    public Genesis Genesis { get; }

    public IReadOnlyList<PartyId> Banks { get; }

    public NodeKey NodeKey(PartyId bank) => new(bank, nodeKeys[bank].PublicKey, bytes => nodeKeys[bank].Sign(bytes), bytes => nodeKeys[bank].SignNote(bytes));

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
