using System.Security.Cryptography;
using System.Text;
using Ledger.Client.Founding;
using Ledger.Client.Invoices;
using Ledger.Client.Signing;
using Ledger.Core.Chain;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;

namespace Ledger.Client.Devnet;

/// <summary>
/// Companies to play with: an enterprise that owes and two suppliers, each brought in at another bank's node, with their keys in the network's folder. Their
/// registrations are the first blocks that the banks agree on. Done again, nothing is registered twice.
/// </summary>
sealed class SeededParties(string folder, DevnetFile network, Genesis genesis)
{
    const string Region = "440300";
    const int FirstSeed = 7001;

    static readonly (string Name, Roles Roles, SizeClass Size)[] Companies =
    [
        ("示例核心企业有限公司", Roles.CoreEnterprise, SizeClass.Large),
        ("示例供应商甲有限公司", Roles.Supplier, SizeClass.Small),
        ("示例供应商乙有限公司", Roles.Supplier, SizeClass.Small),
    ];

    readonly LocalActs acts = new(folder, network, genesis);

    public async Task RegisterAsync(CancellationToken cancel)
    {
        foreach (var (i, (name, roles, size)) in Companies.Index())
        {
            var voters = network.Voters.ToArray();
            await RegisterAsync(voters[i % voters.Length], FictionalUscc.Of(Region, FirstSeed + i), name, roles, size, cancel);
        }
    }

    /// <summary>A supplier that a bank brings in which came later.</summary>
    public Task RegisterOneMoreAsync(LocalBank sponsor, CancellationToken cancel)
    {
        var place = network.Voters.Count();
        return RegisterAsync(sponsor, FictionalUscc.Of(Region, FirstSeed + Companies.Length + place), $"示例供应商{sponsor.Name}有限公司", Roles.Supplier, SizeClass.Small, cancel);
    }

    /// <summary>Peers are served to who is on the ledger as somebody who looks after it.</summary>
    public Task RegisterAsync(LocalBank observer, CancellationToken cancel) => RegisterAsync(network.Banks[0], observer.Id, observer.Title, Roles.Regulator, SizeClass.Large, cancel);

    /// <summary>Brings a bank in whose keys lie in its folder, so that it can be voted on.</summary>
    public async Task RegisterBankAsync(LocalBank bank, CancellationToken cancel)
    {
        var keys = FoundingKeys.OfBank.Select(key => new NewKey(LocalFiles.PublicKey(LocalFiles.KeyFolder(bank), new(bank.Id, key.Number), LocalFiles.ReadPassword(folder)), key.Use, key.Role, key.Person));
        await RegisterAsync(network.Banks[0], bank.Id, bank.Title, Roles.Bank, SizeClass.Large, [.. keys], cancel);
    }

    async Task RegisterAsync(LocalBank sponsor, PartyId id, string name, Roles roles, SizeClass size, CancellationToken cancel)
    {
        var kid = new KeyId(id, 1);
        var (keys, password) = (LocalFiles.KeyFolder(folder), LocalFiles.ReadPassword(folder));
        if (!File.Exists(LocalFiles.KeyFileOf(keys, kid)))
        {
            using var made = SigningKey.Create(genesis.Chain.Suite);
            LocalFiles.WriteKey(keys, kid, made, password);
        }

        await RegisterAsync(sponsor, id, name, roles, size, [new NewKey(LocalFiles.PublicKey(keys, kid, password), KeyUse.Signing, KeyRole.LegalRepresentative, "legal-1")], cancel);
    }

    async Task RegisterAsync(LocalBank sponsor, PartyId id, string name, Roles roles, SizeClass size, ValueList<NewKey> keys, CancellationToken cancel)
    {
        if (await LocalActs.ReadAsync(sponsor, $"v1/parties/{id}", cancel) is { } there)
        {
            there.Dispose();
            return;
        }

        // A second bank checks what the sponsor says.
        var second = genesis.Text.Parties.First(party => party.Id != sponsor.Id).Id;
        var account = Hash256.Read(SHA256.HashData([.. RandomNumberGenerator.GetBytes(16), .. Encoding.UTF8.GetBytes(name)]));
        await acts.DoAsync(
            sponsor, _ => new RegisterParty(id, name, roles, id.RegionCode.ToString(), size, "汽车", keys, Account: account),
            [new(sponsor.Id, FoundingKeys.Maker), new(second, FoundingKeys.Maker), new(id, 1)], ($"{name} 未能登记", $"{name} was not registered"), [], cancel);
    }
}
