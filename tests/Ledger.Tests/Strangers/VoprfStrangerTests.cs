using System.Text;
using System.Text.Json;
using Ledger.Suites.Oprf;
using Ledger.Tests.Web;

namespace Ledger.Tests.Strangers;

/// <summary>A public library of RFC 9497 finishes what we evaluate, refuses it with any octet of the proof changed, and evaluates what we blind.</summary>
public class VoprfStrangerTests
{
    static readonly string Folder = Path.Combine(Repository.Root(), "tests", "Ledger.Tests", "Strangers", "voprf");

    static readonly byte[][] Inputs = [[0], [.. Enumerable.Repeat((byte)'q', 200)], Encoding.UTF8.GetBytes("ledger-pledge-v1\ncontract\n\n粤采合字〔2026〕第12号\n91310115XX0000019T\n91320500XX0001003F\n"), [.. Enumerable.Range(0, 256).Select(static one => (byte)one)]];

    [Fact]
    public async Task A_public_library_comes_to_the_same_tags_and_takes_no_changed_proof()
    {
        var key = GroupScalar.Random();
        GroupScalar[] blinds = [.. Inputs.Select(static _ => GroupScalar.Random())];
        GroupElement[] blinded = [.. Inputs.Zip(blinds, static (input, blind) => Voprf.Blind(input, blind))];
        var (evaluated, proof) = Voprf.Evaluate(key, blinded);
        var good = proof.ToOctets().Span.ToArray();
        var proofs = new List<byte[]> { good };
        for (var place = 0; place < good.Length; place++)
        {
            var changed = (byte[])good.Clone();
            changed[place] ^= (byte)(1 << (place % 8));
            proofs.Add(changed);
        }

        var items = Inputs.Select((input, at) => new { input = Hex(input), blind = Hex(blinds[at].ToOctets()), blinded = Hex(blinded[at].ToOctets().Span), evaluated = Hex(evaluated[at].ToOctets().Span) }).ToArray();
        using var answer = await AskAsync(new
        {
            finish = proofs.Select(one => new { publicKey = Hex(key.PublicElement.ToOctets().Span), items, proof = Hex(one) }),
            evaluate = new[] { new { secretKey = Hex(key.ToOctets()), publicKey = Hex(key.PublicElement.ToOctets().Span), blinded = blinded.Select(static one => Hex(one.ToOctets().Span)) } },
        });

        var finished = answer.RootElement.GetProperty("finished");
        Assert.Equal(Inputs.Zip(blinds, evaluated).Select(static one => Voprf.Finish(one.First, one.Second, one.Third).ToString()), finished[0].EnumerateArray().Select(static one => one.GetString()));
        for (var place = 0; place < good.Length; place++) Assert.True(finished[place + 1].ValueKind == JsonValueKind.Null, $"octet {place}");

        var theirs = answer.RootElement.GetProperty("evaluated")[0];
        Assert.Equal(evaluated, theirs.GetProperty("evaluated").EnumerateArray().Select(Element));
        Assert.True(VoprfProof.TryRead(Convert.FromHexString(theirs.GetProperty("proof").GetString()!), out var proved));
        Assert.True(Voprf.IsProved(key.PublicElement, blinded, evaluated, proved));
    }

    static async Task<JsonDocument> AskAsync(object asked)
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules", "@noble", "curves"))) JavaScript.Absent("npm ci has not been run in tests/Ledger.Tests/Strangers/voprf.");
        return JsonDocument.Parse(await JavaScript.StartAsync(Path.Combine(Folder, "evaluate.mjs"), JsonSerializer.Serialize(asked)));
    }

    static GroupElement Element(JsonElement hex) => GroupElement.TryRead(Convert.FromHexString(hex.GetString()!), out var element) ? element : throw new InvalidOperationException("No element.");

    static string Hex(ReadOnlySpan<byte> octets) => Convert.ToHexStringLower(octets);
}
