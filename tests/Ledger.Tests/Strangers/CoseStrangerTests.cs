using System.Text.Json;
using Ledger.Core.Primitives;
using Ledger.Suites.Cose;
using Ledger.Tests.Peers;
using Ledger.Tests.Receipts;
using Ledger.Tests.Web;

namespace Ledger.Tests.Strangers;

/// <summary>Public libraries for CBOR and COSE take the receipts that we give, and refuse them with any octet changed.</summary>
public sealed class CoseStrangerTests
{
    static readonly string Folder = Path.Combine(Repository.Root(), "tests", "Ledger.Tests", "Strangers", "cose");
    static readonly CoseCases Cases = new();

    [Fact]
    public async Task A_cose_library_believes_the_words_of_a_quorum_and_no_changed_octet()
    {
        var good = Cases.By(FourBanks.Quorum).Write();
        var told = new List<byte[]> { good, Cases.By(FourBanks.Banks).Write(), Cases.By(FourBanks.Quorum[..2]).Write() };
        for (var place = 0; place < good.Length; place++)
        {
            var changed = (byte[])good.Clone();
            changed[place] ^= (byte)(1 << (place % 8));
            told.Add(changed);
        }

        var answers = await AskAsync(told, FourBanks.Quorum.Length);
        Assert.Equal(FourBanks.Quorum.Select(KidOf).Order(), answers[0].GetProperty("signers").EnumerateArray().Select(static one => one.GetString()!).Order());
        Assert.Equal(FourBanks.Banks.Length, answers[1].GetProperty("signers").GetArrayLength());
        for (var i = 2; i < told.Count; i++) Assert.False(answers[i].GetProperty("isTrue").GetBoolean(), i == 2 ? "too few" : $"octet {i - 3}: {answers[i]}");
    }

    /// <summary>Each malformed one differs from a good one in one field. How many words there may be, and their order, is our rule alone.</summary>
    [Fact]
    public async Task It_believes_none_that_is_malformed_for_us_even_where_one_bank_is_enough()
    {
        var malformed = Cases.Malformed().Where(static one => one.Kind is not (CoseFaultKind.CountWrong or CoseFaultKind.OutOfOrder)).ToArray();
        var answers = await AskAsync([Cases.By(FourBanks.Bank).Write(), .. malformed.Select(static one => one.Octets)], needed: 1);

        Assert.True(answers[0].GetProperty("isTrue").GetBoolean(), $"{answers[0]}");

        Assert.All(malformed.Zip(answers.Skip(1)), static one => Assert.False(one.Second.GetProperty("isTrue").GetBoolean(), one.First.What));
    }

    static async Task<JsonElement[]> AskAsync(IEnumerable<byte[]> files, int needed)
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules", "@auth0", "cose"))) JavaScript.Absent("npm ci has not been run in tests/Ledger.Tests/Strangers/cose.");
        var keys = FourBanks.Genesis.Text.Validators.ToDictionary(static one => KidOf(one.Bank), static one => Convert.ToBase64String(one.NodeKey.Span));
        var input = JsonSerializer.Serialize(new { origin = FourBanks.Genesis.Origin, needed, keys, cases = files.Select(Convert.ToBase64String) });
        using var answers = JsonDocument.Parse(await JavaScript.StartAsync(Path.Combine(Folder, "verify.mjs"), input));
        return [.. answers.RootElement.EnumerateArray().Select(static answer => answer.Clone())];
    }

    static string KidOf(PartyId bank) => $"{FourBanks.Genesis.Chain.Suite.NoteKeyId(FourBanks.Genesis.Origin, FourBanks.Genesis.Text.Validators.Single(one => one.Bank == bank).NodeKey):x8}";
}
