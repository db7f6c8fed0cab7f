using System.CommandLine;
using System.Text.Json;
using Ledger.Cli;
using Ledger.Cli.Help;
using Ledger.Client.Disclosures;
using Ledger.Client.Signing;
using Ledger.Core.Interest;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Core.Wire;
using Ledger.Tests.Pledges;

namespace Ledger.Tests.Cli;

/// <summary>Every verb is built by its command, from the very example that its help shows, without a node and without being sent.</summary>
public sealed class VerbTests : IDisposable
{
    static readonly PartyId Acting = Read("91440300MA1000017E");

    readonly CommandLine cli = new();
    readonly ChainFixture chain = ChainFixture.Small();

    public VerbTests()
    {
        File.WriteAllBytes(cli["genesis.json"], chain.Founding.Genesis.Bytes.ToArray());
        File.Copy(Path.Combine(Repository.Root(), "genesis", "samples", "invoice-1000000.xml"), cli["invoice.xml"]);
    }

    public static TheoryData<string> Kinds => [.. Rulebook.Verbs.Keys];

    public static TheoryData<string> Hiding => [.. Rulebook.Verbs.Values.Where(verb => HiddenTerms.AreIn(verb.Operation)).Select(verb => verb.Name)];

    public void Dispose()
    {
        cli.Dispose();
        chain.Dispose();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_example_of_a_verb_builds_that_verb(string kind)
    {
        var operation = Assert.Single((await BuildAsync(kind)).Operations);

        Assert.Equal(kind, operation.Kind);
    }

    [Theory]
    [MemberData(nameof(Hiding))]
    public async Task What_is_hidden_is_a_digest_on_the_ledger_and_a_disclosure_beside_it(string kind)
    {
        var transaction = await BuildAsync(kind, "--hide", "penaltyRate=0.05%", "--hide", "fees=12.50", "--disclosures-out", cli["disclosures"]);

        var suite = chain.Founding.Genesis.Chain.Suite;
        Assert.True(DisclosureFile.TryRead(File.ReadAllBytes(Assert.Single(Directory.GetFiles(cli["disclosures"]))), out var file, out _));
        Assert.Equal((transaction.Id, new Rate(500), new Amount(1250)), (file.Id, file.Set.Rate(Term.PenaltyRate), file.Set.Amount(Term.Fees)));
        Assert.Subset(HiddenTerms.Of(transaction.Operations[0]).ToHashSet(), file.Set.Digests(suite).ToHashSet());
    }

    [Theory]
    [InlineData("rate", "--disclosures-out", "x")]
    [InlineData("salary=1", "--disclosures-out", "x")]
    [InlineData("rate=3.85001%%", "--disclosures-out", "x")]
    [InlineData("rate=2000%", "--disclosures-out", "x")]
    [InlineData("interest=1.234", "--disclosures-out", "x")]
    [InlineData("rate=3.85%")]
    public async Task A_hidden_term_that_is_not_in_order_or_could_never_be_shown_is_not_signed(string term, params string[] more)
    {
        string[] typed = ["financing", "disburse", "AAAAAAAAAAAAAAAAAAAAAQ", "--reference", "R1", "--as", Acting.Text, "--genesis", cli["genesis.json"], "--out", cli["out"], "--hide", term, .. more];

        Assert.Equal(ExitCode.Usage, await cli.Run(typed));
        Assert.False(File.Exists(cli["out"]));
    }

    [Fact]
    public async Task Terms_that_were_disclosed_before_are_signed_again()
    {
        var set = DisclosureSet.Empty.With(Term.Rate, new Rate(38_500));
        await File.WriteAllBytesAsync(cli["terms.json"], new DisclosureFile(chain.Founding.Genesis.Chain.ChainId, Acting, new(7), 0, set).ToJson(), TestContext.Current.CancellationToken);
        var suite = chain.Founding.Genesis.Chain.Suite;

        var transaction = await BuildAsync("financing.approve", "--terms", cli["terms.json"]);

        Assert.Subset(HiddenTerms.Of(transaction.Operations[0]).ToHashSet(), set.Digests(suite).ToHashSet());
    }

    [Fact]
    public async Task A_signed_transaction_is_written_and_not_sent()
    {
        Assert.Equal(ExitCode.Ok, await cli.Run("key", "new", "--party", Acting.Text, "--number", "1", "--out", cli["k"], "--password-file", cli["pw"]));
        Assert.Equal(ExitCode.Ok, await cli.Run("key", "new", "--party", Acting.Text, "--number", "2", "--out", cli["l"], "--password-file", cli["pw"]));

        Assert.Equal(ExitCode.Ok, await cli.Run(
            "offer", "accept", "AAAAAAAAAAAAAAAAAAAAAQ", "--key", cli["k"], "--co-sign", cli["l"], "--password-file", cli["pw"], "--genesis", cli["genesis.json"], "--out", "-"));

        var founded = chain.Founding.Genesis.Chain;
        var signed = Assert.IsType<SignedTransaction>(TransactionText.Read(System.Text.Encoding.UTF8.GetBytes(cli.Output), founded.Suite, founded.ChainId, out _));
        Assert.Equal(["1", "2"], signed.Signers.Select(signer => signer.ToString().Split('#')[1]));
    }

    [Theory]
    [InlineData]
    [InlineData("--out", "x")]
    [InlineData("--genesis", "x", "--key", "x")]
    public async Task Without_a_key_nothing_is_signed_and_without_out_nothing_is_built_offline(params string[] more) =>
        Assert.Equal(ExitCode.Usage, await cli.Run(["offer", "accept", "AAAAAAAAAAAAAAAAAAAAAQ", .. more]));

    async Task<Transaction> BuildAsync(string kind, params string[] more)
    {
        var terminal = new Terminal(TextWriter.Null, TextWriter.Null, TextReader.Null);
        var command = CliDocument.All(CliProgram.Root(new Shell(terminal, Settings.Read(terminal)))).First(command => Submission.KindOf(command) == kind);
        var example = Examples.Of(command)[0].Split(' ');
        var typed = new List<string>();
        for (var i = 0; i < example.Length; i++)
        {
            if (example[i] is "--key" or "--co-sign" || (more.Length > 0 && example[i] is "--hide" or "--disclosures-out" or "--terms" or "--penalty-rate" or "--fees")) i++;
            else typed.Add(Prepared(example[i]));
        }

        var exit = await cli.Run([.. typed, "--as", Acting.Text, "--genesis", cli["genesis.json"], "--out", cli["payload"], .. more]);
        Assert.Equal((ExitCode.Ok, ""), (exit, cli.Error));
        using var payload = JsonDocument.Parse(await File.ReadAllBytesAsync(cli["payload"], TestContext.Current.CancellationToken));
        return Assert.IsType<Transaction>(JsonSerializer.Deserialize(payload, WireJson.TypeInfo<Transaction>()));
    }

    // The files that an example speaks of are put where this test's folder is.
    string Prepared(string word)
    {
        if (word.EndsWith("=BASE64URL", StringComparison.Ordinal))
        {
            using var sealing = SealingKey.Create();
            return word.Replace("BASE64URL", sealing.PublicKey.ToString(), StringComparison.Ordinal);
        }

        var name = word.Split('=', ',').FirstOrDefault(part => part.Contains('.', StringComparison.Ordinal) && char.IsLetter(part[^1]) && !part.Contains("..", StringComparison.Ordinal));
        if (word == "./disclosures") return cli["disclosures"];
        if (name is null || Rulebook.Verbs.ContainsKey(name) || name is "zhang.san") return word;
        if (name is "opening.json" or "red.json") return cli[name];
        if (!File.Exists(cli[name])) Write(name);
        return word.Replace(name, cli[name], StringComparison.Ordinal);
    }

    void Write(string name)
    {
        if (name.EndsWith(".key.json", StringComparison.Ordinal))
        {
            using var key = SigningKey.Create(chain.Founding.Genesis.Chain.Suite);
            var kid = name == "s1.key.json" ? "91310115XX0000019T#1" : $"{Acting}#1";
            Assert.True(KeyFile.Lock(key, kid, "correct horse", KeyFile.MinIterations).TryWriteNew(cli[name]));
        }
        else if (name.StartsWith("epoch-", StringComparison.Ordinal))
        {
            File.WriteAllText(cli[name], Base64Url.Encode(new byte[SealedKey.KeySize]) + "\n");
        }
        else if (name == "look.json")
        {
            File.WriteAllBytes(cli[name], PledgeLookTests.Of(chain.Founding.Genesis.Chain.ChainId, new(7), new(8), World.At(World.Morning)).Write());
        }
        else if (name == "application.json")
        {
            File.WriteAllBytes(cli[name], new DisclosureFile(chain.Founding.Genesis.Chain.ChainId, Acting, new(7), 0, DisclosureSet.Empty.With(Term.Rate, new Rate(38_500))).ToJson());
        }
        else
        {
            File.WriteAllText(cli[name], name);
        }
    }

    static PartyId Read(string text) => PartyId.TryParse(text, out var party) ? party : throw new ArgumentException(text);
}
