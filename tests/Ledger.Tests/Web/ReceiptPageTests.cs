using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Ledger.Core.Chain;
using Ledger.Node.Web;
using Ledger.Tests.Cli;

namespace Ledger.Tests.Web;

/// <summary>The browser's page and the command line give one answer to every receipt, good or changed: true, false, or could not be checked.</summary>
public sealed partial class ReceiptPageTests : IDisposable
{
    readonly ChainFixture chain = ChainFixture.Small();
    readonly CommandLine cli = new();
    readonly JavaScript node = new();

    public ReceiptPageTests() => File.WriteAllBytes(cli["genesis.json"], chain.Founding.Genesis.Bytes.ToArray());

    public void Dispose()
    {
        chain.Dispose();
        cli.Dispose();
        node.Dispose();
    }

    [Fact]
    public async Task It_agrees_with_the_command_line_on_good_and_changed_receipts()
    {
        var good = Receipt();
        var cases = new List<(string Name, byte[] Receipt)> { ("good", good) };
        var random = new Random(20261121);
        for (var i = 0; i < 120; i++) cases.Add(($"octet {i}", ChangedText.Flipped(good, random)));
        cases.AddRange(LinesChanged(good));

        var exits = new List<int>();
        foreach (var (_, receipt) in cases)
        {
            File.WriteAllBytes(cli["receipt"], receipt);
            exits.Add(await cli.Run("verify", "receipt", cli["receipt"], "--genesis", cli["genesis.json"]));
        }

        Assert.Equal([0, 6, 7], exits.Distinct().Order());
        var answers = await AskAsync([.. cases.Select(one => one.Receipt)], chain.Founding.Genesis.Bytes.ToArray(), isPolicy: false);
        for (var i = 0; i < cases.Count; i++) Assert.Equal((cases[i].Name, exits[i]), (cases[i].Name, Exit(answers[i])));
    }

    [Fact]
    public async Task It_agrees_with_the_command_line_under_a_policy_file()
    {
        var vkey = chain.Founding.Genesis.Policy.Logs[0].ToString();
        using var stranger = new ChainFixture();
        var other = stranger.Founding.Genesis.Policy.Logs[0].ToString();
        string[] policies =
        [
            $"log {vkey}\nquorum none\n", $"# mine\nlog {vkey}\nwitness bank {vkey}\nquorum bank\n", $"log {other}\nquorum none\n",
            $"log {vkey}\nwitness one {vkey}\nwitness two {other}\ngroup both all one two\nquorum both\n", $"log {vkey}\nwitness one {vkey}\nwitness two {other}\ngroup any 1 one two\nquorum any\n",
            $"log {vkey}\n", "quorum none\n", $"log {vkey} https://log.example\nquorum nobody\n", $"log {vkey}x\nquorum none\n",
            $"# good until 2020-01-01\nlog {vkey}\nquorum none\n", $"# good until 9999-12-31\nlog {vkey}\nquorum none\n",
        ];
        var receipt = Receipt();
        File.WriteAllBytes(cli["receipt"], receipt);
        foreach (var policy in policies)
        {
            File.WriteAllText(cli["policy"], policy);
            var exit = await cli.Run("verify", "receipt", cli["receipt"], "--policy", cli["policy"]);
            var answer = (await AskAsync([receipt], Encoding.UTF8.GetBytes(policy), isPolicy: true))[0];
            Assert.Equal((policy, exit), (policy, Exit(answer)));
        }
    }

    [Fact]
    public async Task It_decodes_the_entry_and_names_who_signed()
    {
        var answer = (await AskAsync([Receipt()], chain.Founding.Genesis.Bytes.ToArray(), isPolicy: false))[0];

        Assert.Equal("verified", answer.GetProperty("verdict").GetString());
        Assert.Equal(chain.OtherBank.Text, answer.GetProperty("entry").GetProperty("payload").GetProperty("party").GetString());
        Assert.Contains(chain.Bank.Text, answer.GetProperty("signers")[0].GetString());
    }

    [Fact]
    public async Task A_proof_of_what_is_no_entry_is_no_receipt_and_says_what_it_proves()
    {
        var block = chain.Fold.Last;
        byte[][] proofs = [chain.Receipt(block.Leaves[0], block.FirstLeaf).Write(), chain.Receipt(block.Leaves[^1], block.EndLeaf - 1).Write()];

        var answers = await AskAsync(proofs, chain.Founding.Genesis.Bytes.ToArray(), isPolicy: false);

        Assert.Equal(["provesEnvelope", "provesHeader"], answers.Select(answer => answer.GetProperty("verdict").GetString()));
        Assert.All(answers, answer => Assert.Equal(6, Exit(answer)));
    }

    [Fact]
    public async Task It_says_in_which_line_a_file_stops_being_a_receipt()
    {
        var lines = Encoding.UTF8.GetString(Receipt()).Split('\n');
        lines[2] = "index 007";
        var answer = (await AskAsync([Encoding.UTF8.GetBytes(string.Join('\n', lines))], chain.Founding.Genesis.Bytes.ToArray(), isPolicy: false))[0];

        Assert.Equal(("notReceipt", 3), (answer.GetProperty("verdict").GetString(), answer.GetProperty("wrongLine").GetInt32()));
    }

    [Fact]
    public async Task Of_a_chain_under_the_other_suite_it_says_that_it_cannot_check()
    {
        using var other = new ChainFixture("SM2");
        other.Append(other.Sign(other.Bank, ChainFixture.Policy(1)));
        var receipt = other.Receipt(other.Fold.Last.Leaves[^1], other.Fold.History.Size - 1).Write();
        var answer = (await AskAsync([receipt], other.Founding.Genesis.Bytes.ToArray(), isPolicy: false))[0];

        Assert.Equal("suiteSm2", answer.GetProperty("problem").GetString());
    }

    [Fact]
    public void The_page_is_one_file_that_asks_nothing_of_a_server()
    {
        var page = Encoding.UTF8.GetString(VerifyPage.Load().Bytes.Span);

        Assert.DoesNotMatch(@"<script[^>]+src=|<link[^>]+stylesheet|@import|url\(", page);
        Assert.Single(Regex.Matches(page, "<script"));
        Assert.DoesNotContain("/*script*/", page, StringComparison.Ordinal);
        Assert.Contains("async function verifyReceipt", page, StringComparison.Ordinal);
        Assert.Contains("async function verifyState", page, StringComparison.Ordinal);
        Assert.Contains("async function verifyCose", page, StringComparison.Ordinal);
        Assert.DoesNotMatch("(?m)^import ", page);
        Assert.DoesNotContain("export ", page, StringComparison.Ordinal);
    }

    byte[] Receipt()
    {
        var block = chain.Fold.Last;
        return chain.Receipt(block.Leaves[1], block.FirstLeaf + 1).Write();
    }

    IEnumerable<(string, byte[])> LinesChanged(byte[] good)
    {
        var text = Encoding.UTF8.GetString(good);
        foreach (var changed in ChangedText.LinesOf(good)) yield return changed;
        yield return ("a mark of byte order", [.. Encoding.UTF8.Preamble, .. good]);
        yield return ("carriage returns", Encoding.UTF8.GetBytes(text.Replace("\n", "\r\n", StringComparison.Ordinal)));
        yield return ("another index", Encoding.UTF8.GetBytes(IndexLine().Replace(text, "index 1\n")));
        yield return ("an index beyond the history", Encoding.UTF8.GetBytes(IndexLine().Replace(text, "index 18446744073709551615\n")));
        yield return ("an index beyond all", Encoding.UTF8.GetBytes(IndexLine().Replace(text, "index 18446744073709551616\n")));

        // The header's leaf is under the same root, and is no entry.
        var block = chain.Fold.Last;
        yield return ("the header", chain.Receipt(block.Leaves[^1], block.EndLeaf - 1).Write());
        yield return ("the envelope", chain.Receipt(block.Leaves[0], block.FirstLeaf).Write());

        // A signature that another chain's bank made, beside and instead of the right one.
        using var stranger = new ChainFixture();
        var foreign = chain.SignedCheckpoint().Checkpoint;
        var key = stranger.Founding.NodeKeys[stranger.Bank];
        var line = new NoteSignature(foreign.Origin, key.Suite.NoteKeyId(foreign.Origin, key.PublicKey), new(key.SignNote(foreign.SignedBytes())));
        var ours = chain.SignedCheckpoint().Signatures[0];
        var proof = chain.Receipt(block.Leaves[1], block.FirstLeaf + 1);
        yield return ("a stranger's line beside", (proof with { Note = new(foreign, [ours, line]) }).Write());
        yield return ("a stranger's line alone", (proof with { Note = new(foreign, [line]) }).Write());
        yield return ("a false line of our key", (proof with { Note = new(foreign, [ours, line with { KeyId = ours.KeyId }]) }).Write());
    }

    async Task<JsonElement[]> AskAsync(IReadOnlyList<byte[]> receipts, byte[] trust, bool isPolicy)
    {
        var input = JsonSerializer.Serialize(new { receipts = receipts.Select(Convert.ToBase64String), trust = Convert.ToBase64String(trust), isPolicy });
        var output = await node.RunAsync(
            """
            import { readFileSync } from 'node:fs';
            import { trustOfGenesis, trustOfPolicy, verifyReceipt } from './receipt.js';
            const given = JSON.parse(readFileSync(0, 'utf8'));
            const octets = text => new Uint8Array(Buffer.from(text, 'base64'));
            const trust = given.isPolicy ? await trustOfPolicy(new TextDecoder().decode(octets(given.trust))) : await trustOfGenesis(octets(given.trust));
            const answers = [];
            for (const receipt of given.receipts) answers.push(trust.problem || trust.wrongLine ? { isTrue: null, problem: trust.problem ?? 'policyLine' } : await verifyReceipt(octets(receipt), trust));
            process.stdout.write(JSON.stringify(answers, (_, value) => typeof value === 'bigint' ? String(value) : value));
            """, input);
        using var answers = JsonDocument.Parse(output);
        return [.. answers.RootElement.EnumerateArray().Select(answer => answer.Clone())];
    }

    static int Exit(JsonElement answer) => answer.GetProperty("isTrue").ValueKind switch
    {
        JsonValueKind.True => 0,
        JsonValueKind.False => 6,
        _ => 7,
    };

    [GeneratedRegex("index [0-9]+\n")]
    private static partial Regex IndexLine();
}
