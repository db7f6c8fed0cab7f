using System.Text;
using Ledger.Client.Disclosures;
using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Core.Wire;
using static Ledger.Tests.World;

namespace Ledger.Tests.Web;

/// <summary>
/// What a checker reads before he signs: a file that a maker signed, opened on a page that knows nothing of it beforehand. All that is signed is said
/// there, in words and in yuan, and what the ledger has of the things that it names.
/// </summary>
public sealed class CheckerPageTests : IDisposable
{
    readonly World world = new World(Stage.Es256OverHttp, "2026-03-22 10:00:00").Lends();
    readonly HttpClient client;

    public CheckerPageTests() => client = new() { BaseAddress = world.Address };

    public void Dispose()
    {
        client.Dispose();
        world.Dispose();
    }

    [Fact]
    public async Task A_confirmation_says_the_sum_in_yuan_and_capitals_who_owes_whom_and_that_defences_are_waived()
    {
        var claim = new RequestConfirmation(world.New<Instrument>(), C, Currency.Cny, new(200_000_000), Date("2026-03-01"), SizeClass.Large, SizeClass.Small, new(3, 3), "PO-1");
        world.Accepts(B, claim);

        var said = await SaidAsync(C, new Confirm(claim.Instrument, new(200_000_000), Promise));
        AssertSays("¥2,000,000.00（人民币贰佰万元整）", said);
        AssertSays(C.Text, said);
        AssertSays(B.Text, said);
        AssertSays("放弃抗辩：不以对供应商的抗辩拒绝付款", said);
        AssertSays("账本所载：凭证", said);
        Assert.DoesNotContain("最小", said, StringComparison.Ordinal);

        var kept = await SaidAsync(C, new Confirm(claim.Instrument, new(200_000_000), Promise with { DefencesWaived = false }));
        AssertSays("未放弃抗辩", kept);
    }

    [Fact]
    public async Task An_approval_says_the_principal_and_every_hidden_term_by_its_name_and_value_or_that_it_is_not_shown()
    {
        var note = world.Certificate(D, 12_000_000);
        var hidden = DisclosureSet.Empty.With(Term.Rate, new Rate(38_500)).With(Term.NetProceeds, new Amount(4_900_000)).With(Term.AccountName, "示例供应商");
        var apply = world.Applying(note, FinancingForm.NonRecourseFactoring, 1, 5_000_000) with { Terms = hidden.Digests(world.Suite) };
        world.Accepts(D, apply);
        var approve = world.Approving(apply.Financing) with { Terms = apply.Terms };

        var blind = await SaidAsync(X, approve);
        AssertSays("¥50,000.00（人民币伍万元整）", blind);
        AssertSays("有隐藏条款未出示", blind);
        AssertSays("不占额度（脱核）", blind);

        var file = new DisclosureFile(world.Genesis.Chain.ChainId, D, new(9), 0, hidden);
        var said = await SaidAsync(X, approve, Encoding.UTF8.GetString(file.ToJson()));
        AssertSays("利率\n3.85%", said);
        AssertSays("放款净额\n¥49,000.00（人民币肆万玖仟元整）", said);
        AssertSays("户名\n示例供应商", said);
        Assert.DoesNotContain("未出示", said, StringComparison.Ordinal);
        AssertSays("无追索权保理", said);

        // The same whether the disclosures came beside the transaction or in one file with it.
        Assert.Equal(Said(said), Said(await SaidAsync(X, approve, isOneFile: true, Encoding.UTF8.GetString(file.ToJson()))));
    }

    [Fact]
    public async Task A_transfer_names_each_document_with_its_part_and_an_acceptance_the_offer_that_it_accepts()
    {
        var note = world.Certificate(A, 1_000_000);
        var trade = world.Trade(note, A, B, 1, 300_000);
        var moved = await SaidAsync(A, trade);
        AssertSays("1-300000（¥3,000.00（人民币叁仟元整））", moved);
        AssertSays($"{trade.Documents[0].Document}", moved);
        AssertSays("发票", moved);

        world.Accepts(A, trade);
        var accepted = await SaidAsync(B, new AcceptOffer(trade.Offer));
        AssertSays("签收要约", accepted);
        AssertSays("¥3,000.00（人民币叁仟元整）", accepted);
        AssertSays(A.Text, accepted);
    }

    [Fact]
    public async Task Whatever_kind_of_operation_is_handed_over_no_member_of_it_is_left_unsaid_and_none_keeps_the_wires_name()
    {
        var note = world.Certificate(A, 1_000_000);
        foreach (var operation in new Operation[]
        {
            world.Freezing(note, 1, 5),
            new ReleasePledge(world.New<Offer>(), DebtWasPaid: true), new SetLine(world.New<CreditLine>(), C, CreditMode.Earmarked, Currency.Cny, new(7_00), Date("2027-01-01")),
            new RotateKey(X, 0, world.NewKey(Key(X, 9))),
        })
        {
            var said = await SaidAsync(X, operation);
            Assert.DoesNotMatch(@"(?m)^[a-z]+([A-Z][a-z]+)*$", said.Split("将签署的原文")[0]);
        }
    }

    [Fact]
    public async Task What_the_page_cannot_say_it_does_not_sign()
    {
        var note = world.Certificate(A, 1_000_000);
        var good = TransactionText.WritePayload(world.Draft(A, world.Trade(note, A, B, 1, 5)));
        var bad = Encoding.UTF8.GetBytes($$"""{"party":"{{A}}","id":"{{new string('A', 21)}}Q","expires":1,"operations":[{"kind":"token.transfer","instrument":"{{note}}","units":5}]}""");

        Assert.Equal("[true,false,false]", (await SignPageOfNode.RunAsync(
            client,
            """
            const { signFirst, signNext } = await import('./transaction.js');
            const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
            const desk = await open(pages[0], { kid: given.checker, key: privateKey });
            const may = [];
            for (const payload of [given.good, given.bad, '']) {
              await desk.hand(payload ? await signFirst(Uint8Array.from(Buffer.from(payload, 'base64')), given.chain, [given.checker], { kid: given.maker, key: privateKey }) : '');
              may.push(desk.maySign());
            }
            return may;
            """,
            new { good = Convert.ToBase64String(good), bad = Convert.ToBase64String(bad), chain = world.Genesis.Chain.ChainId.ToString(), maker = $"{A}#1", checker = $"{A}#2" },
            "/sign")).GetRawText());
    }

    [Theory]
    [InlineData("constructor")]
    [InlineData("__proto__")]
    [InlineData("valueOf")]
    public async Task A_reference_that_is_a_word_of_every_browser_is_a_reference(string reference)
    {
        var said = await SaidAsync(X, world.Receipt(world.Certificate(A, 1_000_000), PaymentOutcome.Paid, 1_000_000) with { Reference = reference });

        AssertSays(reference, said);
        AssertSays("¥10,000.00（人民币壹万元整）", said);
        Assert.DoesNotContain("function", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task However_many_things_an_act_names_each_is_told_of()
    {
        var offers = new List<Id<Offer>>();
        foreach (var i in Enumerable.Range(1, 3))
        {
            var trade = world.Trade(world.Certificate(A, 1_000_000), A, B, 1, (ulong)i * 100);
            world.Accepts(A, trade);
            offers.Add(trade.Offer);
        }

        // What nobody knows stands between.
        var many = Enumerable.Range(0, 300).Select(_ => world.New<Offer>()).ToArray();
        var said = await SaidAsync(B, [.. new[] { offers[0] }.Concat(many[..150]).Append(offers[1]).Concat(many[150..]).Append(offers[2]).Select(offer => new AcceptOffer(offer))]);
        foreach (var amount in (string[])["¥1.00（", "¥2.00（", "¥3.00（"]) AssertSays(amount, said);
    }

    static string Said(string all) => string.Join('\n', all.Split("将签署的原文")[0].Split('\n').Where(line => !line.StartsWith("请求在", StringComparison.Ordinal)));

    static void AssertSays(string expected, string said) => Assert.True(said.Contains(expected, StringComparison.Ordinal), $"“{expected}” is not in: {said}");

    // The file of a maker who was the first of two to sign, and what the page then says.
    Task<string> SaidAsync(PartyId by, Operation operation, params string[] disclosures) => SaidAsync(by, operation, isOneFile: false, disclosures);

    Task<string> SaidAsync(PartyId by, Operation operation, bool isOneFile, params string[] disclosures) => SaidAsync(by, [operation], isOneFile, disclosures);

    async Task<string> SaidAsync(PartyId by, Operation[] operations, bool isOneFile = false, params string[] disclosures)
    {
        var payload = TransactionText.WritePayload(world.Draft(by, operations));
        var said = await SignPageOfNode.RunAsync(
            client,
            """
            const { signFirst } = await import('./transaction.js');
            const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
            const half = await signFirst(Uint8Array.from(Buffer.from(given.payload, 'base64')), given.chain, [given.checker], { kid: given.maker, key: privateKey });
            const desk = await open(pages[0]);
            const { wrap } = await import('./hidden.js');
            await desk.hand(...(given.isOneFile ? [wrap(half, given.disclosures.map(one => JSON.parse(one)))] : [half, ...given.disclosures]));
            return desk.says();
            """,
            new { payload = Convert.ToBase64String(payload), chain = world.Genesis.Chain.ChainId.ToString(), maker = $"{by}#1", checker = $"{by}#2", isOneFile, disclosures },
            "/sign");
        return said.GetString() ?? "";
    }
}
