using System.Text;
using System.Text.Json;
using Ledger.Client.Disclosures;
using Ledger.Client.Invoices;
using Ledger.Client.Money;
using Ledger.Client.Signing;
using Ledger.Core.Interest;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.Wire;
using Ledger.Suites;
using Ledger.Tests.Http;

namespace Ledger.Tests.Web;

/// <summary>What the browser makes is what the ledger takes: keys, signatures, texts and amounts, tried against the ledger's own code.</summary>
public sealed class ModuleTests(TestNode node) : IClassFixture<TestNode>, IDisposable
{
    readonly JavaScript script = new();

    public void Dispose() => script.Dispose();

    [Fact]
    public async Task Amounts_are_written_and_read_as_the_client_does()
    {
        var random = new Random(7);
        ulong[] amounts = [0, 1, 9, 10, 100, 101, 110, 1_000_50, 10_000_00, 10_001_05, 100_000_000_00, 100_010_000_00, Amount.MaxMinor,
            .. Enumerable.Range(0, 400).Select(i => (ulong)random.NextInt64((long)Math.Pow(10, 1 + (i % 12))))];
        string[] typed = ["1,234.50", "１，２３４．５０", "￥5", "¥ 7.1", "0.5", "00.5", "1,23", "1.234", "-1", "", "1e3", "12,345,678.90", "1.", ".5", "9999999999.99", "10000000000.00", "0", "1 000"];
        var said = await script.RunAsync(
            """
            import { capital, minorUnits, money } from './capital.js';
            import { readFileSync } from 'node:fs';
            const { amounts, typed } = JSON.parse(readFileSync(0, 'utf8'));
            process.stdout.write(JSON.stringify({ capitals: amounts.map(capital), written: amounts.map(one => money(one, 'CNY')), dollars: amounts.map(one => money(one, 'USD')), yen: amounts.map(one => money(one, 'JPY')), read: typed.map(one => minorUnits(one, 'CNY')) }));
            """, JsonSerializer.Serialize(new { amounts = amounts.Select(amount => amount.ToString(System.Globalization.CultureInfo.InvariantCulture)), typed }));
        using var answer = JsonDocument.Parse(said);
        Assert.True(Currency.TryParse("USD", out var dollar));
        Assert.True(Currency.TryParse("JPY", out var yen));
        for (var i = 0; i < amounts.Length; i++)
        {
            var amount = new Amount(amounts[i]);
            Assert.Equal(CapitalAmount.Of(amount, CapitalStyle.Payment), answer.RootElement.GetProperty("capitals")[i].GetString());
            Assert.Equal(MoneyText.FormatWithSymbol(amount, Currency.Cny), answer.RootElement.GetProperty("written")[i].GetString());
            Assert.Equal(MoneyText.FormatWithSymbol(amount, dollar), answer.RootElement.GetProperty("dollars")[i].GetString());
            Assert.Equal(MoneyText.FormatWithSymbol(amount, yen), answer.RootElement.GetProperty("yen")[i].GetString());
        }

        for (var i = 0; i < typed.Length; i++)
            Assert.Equal((typed[i], MoneyText.TryParse(typed[i], Currency.Cny, out var read) ? read.ToString() : null), (typed[i], answer.RootElement.GetProperty("read")[i].GetString()));
    }

    [Fact]
    public async Task What_the_browser_hides_the_client_opens_under_the_same_digest_and_rates_are_read_alike()
    {
        string[] typed = ["3.85%", "0%", "5.775 %", "1000%", "1000.0001%", "03%", "3,85%", "3.85", "3.85001%", "-1%", ""];
        var said = await script.RunAsync(
            """
            import { rateOf } from './capital.js';
            import { hide } from './hidden.js';
            import { readFileSync } from 'node:fs';
            const typed = JSON.parse(readFileSync(0, 'utf8'));
            const hidden = await hide({ rate: '38500', interest: '178383', netProceeds: '11821617' });
            process.stdout.write(JSON.stringify({ rates: typed.map(rateOf), hidden: [...hidden].map(([digest, one]) => [digest, one.text]) }));
            """, JsonSerializer.Serialize(typed));
        using var answer = JsonDocument.Parse(said);

        var suite = node.Genesis.Chain.Suite;
        var disclosures = new List<Disclosure>();
        foreach (var pair in answer.RootElement.GetProperty("hidden").EnumerateArray())
        {
            Assert.True(Disclosure.TryParse(pair[1].GetString()!, out var disclosure));
            Assert.Equal(pair[0].GetString(), Base64Url.Encode(disclosure.Digest(suite).ToBytes()));
            disclosures.Add(disclosure);
        }

        var set = DisclosureSet.Of(disclosures, out _);
        Assert.Equal((new Rate(38_500), new Amount(178_383), new Amount(11_821_617)), (set!.Rate(Term.Rate), set.Amount(Term.Interest), set.Amount(Term.NetProceeds)));
        Assert.Equal(set.Digests(suite), [.. disclosures.Select(disclosure => disclosure.Digest(suite))]);
        uint?[] rates = [38_500, 0, 57_750, 10_000_000, null, null, null, null, null, null, null];
        Assert.Equal(rates.Select(rate => rate?.ToString(System.Globalization.CultureInfo.InvariantCulture)), answer.RootElement.GetProperty("rates").EnumerateArray().Select(rate => rate.GetString()));
    }

    [Fact]
    public async Task A_key_file_opens_with_its_password_and_says_what_is_wrong_otherwise()
    {
        var kid = new KeyId(node.A, 1).ToString();
        var file = Encoding.UTF8.GetString(KeyFile.Lock(node.KeyOf(node.A), kid, "正确 horse", KeyFile.MinIterations).ToJson());
        using var sealing = SealingKey.Create();
        using var sm2 = SigningKey.Create(KnownSuites.Sm2);
        string[] files =
        [
            file, file, file.Replace("\"version\": 1", "\"version\": 2", StringComparison.Ordinal).Replace("\"version\":1", "\"version\":2", StringComparison.Ordinal), "{}", "no json",
            file.Replace(kid, new KeyId(node.B, 1).ToString(), StringComparison.Ordinal),
            Encoding.UTF8.GetString(KeyFile.Lock(sealing, new KeyId(node.A, 4).ToString(), "正确 horse", KeyFile.MinIterations).ToJson()),
            Encoding.UTF8.GetString(KeyFile.Lock(sm2, kid, "正确 horse", KeyFile.MinIterations).ToJson()),
            Encoding.UTF8.GetString(KeyFile.Lock(node.KeyOf(node.A), "node-bank", "正确 horse", KeyFile.MinIterations).ToJson()),
        ];
        string[] passwords = ["正确 horse", "false horse", .. Enumerable.Repeat("正确 horse", files.Length - 2)];
        var said = await script.RunAsync(
            """
            import { openKeyFile } from './keyfile.js';
            import { readFileSync } from 'node:fs';
            const { files, passwords } = JSON.parse(readFileSync(0, 'utf8'));
            const answers = [];
            for (const [place, file] of files.entries()) {
              try {
                const opened = await openKeyFile(file, passwords[place]);
                let exported = 'exported';
                try { await crypto.subtle.exportKey('jwk', opened.key); } catch { exported = 'kept'; }
                answers.push(`${opened.kid} ${opened.key.extractable} ${exported}`);
              } catch (problem) { answers.push(problem.reason ?? String(problem)); }
            }
            process.stdout.write(JSON.stringify(answers));
            """, JsonSerializer.Serialize(new { files, passwords }));

        Assert.Equal([$"{kid} false kept", "wrongPassword", "notKeyFile", "notKeyFile", "notKeyFile", "wrongPassword", "notSigningKey", "suiteSm2", "notPartyKey"], JsonSerializer.Deserialize<string[]>(said) ?? []);
    }

    [Fact]
    public async Task A_transaction_that_the_browser_signs_is_accepted_by_the_ledger()
    {
        var (offer, instrument) = (TestNode.New<Core.Instruments.Offer>(), TestNode.New<Core.Instruments.Instrument>());
        await node.AcceptedAsync(node.C, TestNode.Issue(offer, instrument, node.A, 500_00, await node.InvoiceAsync(node.A, node.C, 500_00)));

        var jws = await SignedAsync(node.A, $$"""{ kind: 'offer.accept', offer: '{{offer}}' }""");
        var body = await node.AcceptedAsync(Encoding.UTF8.GetBytes(jws));

        Assert.Equal(0, body.GetProperty("code").GetInt32());
        Assert.Equal(Core.Instruments.InstrumentStatus.Active, node.Loop.Reader.View.State.Instrument(instrument)?.Status);
    }

    [Fact]
    public async Task An_agent_signs_in_the_browser_for_a_principal_without_a_key_and_for_nobody_else()
    {
        var principal = FictionalUscc.Of("310115", 91);
        var mandate = new PaperMandate(
            TestNode.New<Core.Parties.Mandate>(), node.Y, ["offer.accept"], Currency.Cny, new(Amount.MaxMinor), [], TestNode.Start.Add(30 * Timestamp.Day),
            Hash256.Read(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)));
        await node.AcceptedAsync(node.X, new RegisterParty(principal, "示例供应商丁", Core.Parties.Roles.Supplier, "310115", Core.Parties.SizeClass.Micro, "", [], mandate), node.Y);
        var invoice = node.Attestation(principal, node.C, 500_00);
        await node.AcceptedAsync(node.X, invoice, node.Y);
        var (offer, instrument) = (TestNode.New<Core.Instruments.Offer>(), TestNode.New<Core.Instruments.Instrument>());
        await node.AcceptedAsync(node.C, TestNode.Issue(offer, instrument, principal, 500_00, invoice.Document));

        var accept = $$"""{ kind: 'offer.accept', offer: '{{offer}}' }""";
        await node.RefusedAsync(Core.State.Refusal.NoMandate, Encoding.UTF8.GetBytes(await SignedAsync(node.Y, accept, node.A)));
        await node.AcceptedAsync(Encoding.UTF8.GetBytes(await SignedAsync(node.Y, accept, principal)));
        Assert.Equal(Core.Instruments.InstrumentStatus.Active, node.Loop.Reader.View.State.Instrument(instrument)?.Status);
    }

    [Fact]
    public async Task Two_persons_sign_one_transaction_in_two_places_and_nobody_checks_his_own()
    {
        var payload = TransactionText.WritePayload(TestNode.Draft(node.X, new WithdrawOffer(TestNode.New<Core.Instruments.Offer>())));
        var (maker, checker) = (new KeyId(node.X, 1), new KeyId(node.Y, 1));
        var said = await script.RunAsync(
            Opening + """
            const maker = await openKeyFile(given.maker, 'pw');
            const checker = await openKeyFile(given.checker, 'pw');
            const stranger = await openKeyFile(given.stranger, 'pw');
            const half = await signFirst(Uint8Array.from(atob(given.payload), c => c.charCodeAt(0)), given.chain, [checker.kid], maker);
            const handed = read(half, given.chain);
            const why = async act => { try { await act(); return 'done'; } catch (problem) { return problem.reason ?? String(problem); } };
            const own = await why(() => signNext(handed, given.chain, maker));
            const unnamed = await why(() => signNext(handed, given.chain, stranger));
            const elsewhere = await why(() => read(half, 'a'.repeat(64)));
            const whole = await signNext(handed, given.chain, checker);
            process.stdout.write(JSON.stringify([own, unnamed, elsewhere, handed.missing.join(), read(whole, given.chain).missing.join(), whole]));
            """,
            JsonSerializer.Serialize(new
            {
                chain = node.Genesis.Chain.ChainId.ToString(), maker = FileOf(maker), checker = FileOf(checker), stranger = FileOf(new KeyId(node.A, 1)), payload = Convert.ToBase64String(payload),
            }));
        var answers = JsonSerializer.Deserialize<string[]>(said) ?? [];

        Assert.Equal(["ownTransaction", "notNamed", "otherChain", checker.ToString(), ""], answers[..5]);
        var chain = node.Genesis.Chain;
        var read = TransactionText.Read(Encoding.UTF8.GetBytes(answers[5]), chain.Suite, chain.ChainId, out var refused);
        Assert.True(read is not null, refused?.Facts.Reason);
        Assert.Equal([.. new[] { maker, checker }.Order()], read.Signers);
        Assert.All(read.Parts.Zip(read.Signers), pair => Assert.True(chain.Suite.Verify(node.KeyOf(pair.Second.Party).PublicKey, pair.First.Message.Span, pair.First.Signature.Span)));
        Assert.Equal(Jws.Assemble(payload, chain.Suite.Name, chain.ChainId, [.. read.Signers.Zip(read.Parts, (kid, part) => (kid, part.Signature))]), Encoding.UTF8.GetBytes(answers[5]));
    }

    [Theory]
    [InlineData("zh", "签收要约", "人民币伍佰元整")]
    [InlineData("en", "accepts offer", "¥500.00")]
    public async Task What_is_signed_is_said_in_words_and_capitals(string language, string verb, string amount)
    {
        var words = Ledger.Node.Web.WordsForBrowser.Json(language == "zh" ? Client.Text.Language.Chinese : Client.Text.Language.English);
        var said = await script.RunAsync(
            """
            import { describe } from './transaction.js';
            import { readFileSync } from 'node:fs';
            const { words, known, body } = JSON.parse(readFileSync(0, 'utf8'));
            process.stdout.write(describe(body, known, JSON.parse(words)).join('\n'));
            """,
            JsonSerializer.Serialize(new
            {
                words,
                known = new { names = new Dictionary<string, string> { [node.A.Text] = "甲公司", [node.C.Text] = "核心企业" }, offsetMinutes = 480, things = new Dictionary<string, object> { ["abc"] = new { currency = "CNY", amount = "50000", from = node.C.Text } } },
                body = new { party = node.A.Text, id = "x", expires = TestNode.Start.UnixMilliseconds, operations = new[] { new { kind = "offer.accept", offer = "abc" } } },
            }));

        Assert.Contains(verb, said, StringComparison.Ordinal);
        Assert.Contains(amount, said, StringComparison.Ordinal);
        Assert.Contains("甲公司", said, StringComparison.Ordinal);
        Assert.Contains("2026-04-01 09:00:00", said, StringComparison.Ordinal);
    }

    const string Opening = """
        import { openKeyFile } from './keyfile.js';
        import { payloadOf, read, signFirst, signNext } from './transaction.js';
        import { readFileSync } from 'node:fs';
        const given = JSON.parse(readFileSync(0, 'utf8'));

        """;

    string FileOf(KeyId kid) => Encoding.UTF8.GetString(KeyFile.Lock(node.KeyOf(kid.Party), kid.ToString(), "pw", KeyFile.MinIterations).ToJson());

    Task<string> SignedAsync(PartyId by, string operation, PartyId? onBehalfOf = null) => script.RunAsync(
        Opening + $$"""
        const opened = await openKeyFile(given.file, 'pw');
        const payload = payloadOf({ party: given.party, onBehalfOf: given.behalf ?? undefined, expires: given.expires, operations: [{{operation}}] });
        process.stdout.write(await signFirst(payload, given.chain, [], opened));
        """,
        JsonSerializer.Serialize(new
        {
            file = FileOf(new KeyId(by, 1)), party = by.Text, behalf = onBehalfOf?.Text, expires = TestNode.Start.Add(5 * Timestamp.Minute).UnixMilliseconds, chain = node.Genesis.Chain.ChainId.ToString(),
        }));
}
