using System.Text.Json;
using Ledger.Suites.Cose;
using Ledger.Tests.Cli;
using Ledger.Tests.Peers;
using Ledger.Tests.Receipts;

namespace Ledger.Tests.Web;

/// <summary>The browser's page, which reads CBOR by itself, and the command line give one answer to every COSE receipt, good, changed or malformed.</summary>
public sealed class CosePageTests : IDisposable
{
    readonly CoseCases cases = new();
    readonly CommandLine cli = new() { KeepsItsTree = true };
    readonly JavaScript node = new();

    public CosePageTests() => File.WriteAllBytes(cli["genesis.json"], FourBanks.Genesis.Bytes.ToArray());

    public void Dispose()
    {
        cli.Dispose();
        node.Dispose();
    }

    [Fact]
    public async Task It_agrees_with_the_command_line_on_good_and_changed_receipts_and_on_what_is_wrong_with_them()
    {
        var good = cases.By(FourBanks.Quorum);
        var block = cases.Chain.Blocks[2].Block;
        var told = new List<(string Name, byte[] Octets)>
        {
            ("good", good.Write()), ("all four", cases.By(FourBanks.Banks).Write()), ("too few", cases.By(FourBanks.Quorum[..2]).Write()),
            ("another leaf", (good with { Leaf = new(block.Leaves[0]) }).Write()),
            ("an envelope", CoseReceiptFile.Of(new(block.Leaves[0]), FourBanks.Quorum.Select(bank => cases.Word(bank, block.FirstLeaf))).Write()),
            ("a header", CoseReceiptFile.Of(new(block.Leaves[2]), FourBanks.Quorum.Select(bank => cases.Word(bank, block.FirstLeaf + 2))).Write()),
            ("a shorter path", Each(word => word with { Path = [.. word.Path.Skip(1)] })), ("an index beyond the history", Each(word => word with { Index = word.Size })),
            ("the largest index", Each(word => word with { Index = ulong.MaxValue })), ("the largest size", Each(word => word with { Size = ulong.MaxValue })),
            ("another chain", Each(static word => word with { Origin = "other.example/0000000000000000" })), ("a stranger's word", CoseReceiptFile.Of(good.Leaf, good.Receipts.Add(good.Receipts[0] with { KeyId = 7 })).Write()),
        };
        var random = new Random(20261130);
        for (var i = 0; i < 150; i++) told.Add(($"octet {i}", ChangedText.Flipped(good.Write(), random)));
        told.AddRange(cases.Malformed().Where(static one => CoseReceiptFile.IsLike(one.Octets)).Select(static one => (one.What, one.Octets)));

        var (exits, faults) = (new List<int>(), new List<string>());
        foreach (var (_, octets) in told)
        {
            File.WriteAllBytes(cli["receipt"], octets);
            exits.Add(await cli.Run("verify", "receipt", cli["receipt"], "--genesis", cli["genesis.json"]));
            CoseReceiptFile.Read(octets, out var fault);
            faults.Add(fault is null ? "" : $"{(int)fault.Kind} {fault.Receipt}");
        }

        Assert.Equal([0, 6], exits.Distinct().Order());
        Assert.Equal(3, exits.Count(static exit => exit == 0));
        var answers = await AskAsync([.. told.Select(static one => one.Octets)]);
        for (var i = 0; i < told.Count; i++)
        {
            // What was changed out of a file's first octet is no such file to the command line, and is asked of nobody here.
            if (!CoseReceiptFile.IsLike(told[i].Octets)) continue;
            Assert.Equal((told[i].Name, exits[i], faults[i]), (told[i].Name, answers[i].GetProperty("isTrue").ValueKind == JsonValueKind.True ? 0 : 6, FaultOf(answers[i])));
        }

        byte[] Each(Func<CoseReceipt, CoseReceipt> change) => CoseReceiptFile.Of(good.Leaf, good.Receipts.Select(change)).Write();
    }

    [Fact]
    public async Task It_says_who_did_what_and_which_banks_signed()
    {
        var answer = (await AskAsync([cases.By(FourBanks.Quorum).Write()]))[0];

        Assert.Equal("verified", answer.GetProperty("verdict").GetString());
        Assert.Equal(FourBanks.Banks[2].Text, answer.GetProperty("entry").GetProperty("payload").GetProperty("party").GetString());
        Assert.Equal(FourBanks.Quorum.Select(static bank => bank.Text).Order(), answer.GetProperty("signers").EnumerateArray().Select(static one => one.GetString()!.Split(' ')[^1]).Order());
        Assert.Equal(Convert.ToBase64String(cases.Checkpoint.Root.ToBytes()), answer.GetProperty("root").GetString());
    }

    static string FaultOf(JsonElement answer) => answer.TryGetProperty("number", out var number) ? $"{number} {answer.GetProperty("wrongWord")}" : "";

    async Task<JsonElement[]> AskAsync(IReadOnlyList<byte[]> receipts)
    {
        var input = JsonSerializer.Serialize(new { receipts = receipts.Select(Convert.ToBase64String), trust = Convert.ToBase64String(FourBanks.Genesis.Bytes.Span) });
        var output = await node.RunAsync(
            """
            import { trustOfGenesis } from './receipt.js';
            import { verifyCose } from './cose.js';
            let input = '';
            for await (const part of process.stdin.setEncoding('utf8')) input += part;
            const given = JSON.parse(input);
            const octets = text => new Uint8Array(Buffer.from(text, 'base64'));
            const trust = await trustOfGenesis(octets(given.trust));
            const answers = [];
            for (const receipt of given.receipts) answers.push(await verifyCose(octets(receipt), trust));
            process.stdout.write(JSON.stringify(answers, (_, value) => typeof value === 'bigint' ? String(value) : value));
            """, input);
        using var answers = JsonDocument.Parse(output);
        return [.. answers.RootElement.EnumerateArray().Select(static answer => answer.Clone())];
    }
}
