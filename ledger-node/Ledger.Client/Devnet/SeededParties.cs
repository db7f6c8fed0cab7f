using System.Security.Cryptography;
using System.Text;
using Ledger.Client.Api;
using Ledger.Client.Founding;
using Ledger.Client.Invoices;
using Ledger.Client.Signing;
using Ledger.Core.Chain;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Core.Wire;

namespace Ledger.Client.Devnet;

/// <summary>
/// Companies to play with: an enterprise that owes and two suppliers, each brought in at another bank's node, with their keys in the network's folder. Their
/// registrations are the first blocks that the banks agree on. Done again, nothing is registered twice.
/// </summary>
sealed class SeededParties(string folder, DevnetFile network, Genesis genesis)
{
    const long ShortLife = 10 * Timestamp.Minute;

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    static readonly (int Seed, string Name, Roles Roles, SizeClass Size)[] Companies =
    [
        (7001, "示例核心企业有限公司", Roles.CoreEnterprise, SizeClass.Large),
        (7002, "示例供应商甲有限公司", Roles.Supplier, SizeClass.Small),
        (7003, "示例供应商乙有限公司", Roles.Supplier, SizeClass.Small),
    ];

    public async Task RegisterAsync(CancellationToken cancel)
    {
        foreach (var (i, (seed, name, roles, size)) in Companies.Index())
        {
            var voters = network.Voters.ToArray();
            await RegisterAsync(voters[i % voters.Length], FictionalUscc.Of("440300", seed), name, roles, size, cancel);
        }
    }

    /// <summary>Peers are served to who is on the ledger as somebody who looks after it.</summary>
    public Task RegisterAsync(LocalBank observer, CancellationToken cancel) => RegisterAsync(network.Banks[0], observer.Id, observer.Title, Roles.Regulator, SizeClass.Large, cancel);

    async Task RegisterAsync(LocalBank sponsor, PartyId id, string name, Roles roles, SizeClass size, CancellationToken cancel)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(sponsor.Url) };
        await RegisterAsync(new LedgerApi(http), sponsor, id, name, roles, size, cancel);
    }

    async Task RegisterAsync(LedgerApi api, LocalBank sponsor, PartyId id, string name, Roles roles, SizeClass size, CancellationToken cancel)
    {
        if (await api.ReadAsync($"v1/parties/{id}", cancel) is { } there)
        {
            there.Dispose();
            return;
        }

        var password = LocalFiles.ReadPassword(folder);
        var kid = new KeyId(id, 1);
        var path = LocalFiles.KeyFileOf(LocalFiles.KeyFolder(folder), kid);
        if (!File.Exists(path))
        {
            using var made = SigningKey.Create(genesis.Chain.Suite);
            LocalFiles.WriteKey(LocalFiles.KeyFolder(folder), kid, made, password);
        }

        using var key = LocalFiles.ReadKey(path, password);

        // A second bank checks what the sponsor says.
        var second = genesis.Text.Parties.First(party => party.Id != sponsor.Id).Id;
        var banks = new[] { sponsor.Id, second }.Select(bank => (Kid: new KeyId(bank, FoundingKeys.Maker), Key: LocalFiles.OpenMaker(folder, network, bank))).ToArray();
        try
        {
            var now = (await api.HealthAsync(cancel)).LedgerTime;
            var operation = new RegisterParty(
                id, name, roles, id.RegionCode.ToString(), size, "汽车", [new NewKey(key.PublicKey, KeyUse.Signing, KeyRole.LegalRepresentative, "legal-1")],
                Account: Hash256.Read(SHA256.HashData([.. RandomNumberGenerator.GetBytes(16), .. Encoding.UTF8.GetBytes(name)])));
            var transaction = new Transaction(sponsor.Id, null, NewId.Of<Transaction>(now), now.Add(ShortLife), [operation]);
            (KeyId Kid, SigningKey Key)[] signers = [.. banks.Append((Kid: kid, Key: key)).OrderBy(signer => signer.Kid)];
            await SubmitAsync(api, Jws.Sign(TransactionText.WritePayload(transaction), genesis.Chain.ChainId, signers), name, cancel);
        }
        finally
        {
            foreach (var (_, held) in banks) held.Dispose();
        }
    }

    // Until it is final: the banks that vote may still be on their way to each other.
    static async Task SubmitAsync(LedgerApi api, byte[] text, string name, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                var answer = await api.SubmitAsync(text, wait: true, cancel);
                if (answer.IsAccepted) return;
                if (answer.HttpStatus is not (202 or 503))
                {
                    throw new DevnetException(
                        DevnetFaultKind.Fault, $"{name} 未能登记：{(int)answer.Code} {answer.Sentence}", $"{name} was not registered: {(int)answer.Code} {answer.SentenceEn}");
                }
            }
            catch (NodeUnreachableException)
            {
                // The same bytes again do no harm.
            }

            await Task.Delay(Pause, cancel);
        }
    }
}
