using System.Text;
using System.Text.Json;
using Ledger.Core.Chain;
using Ledger.Core.Replay;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Core.Wire;
using Ledger.Suites;

namespace Ledger.Tests.Vectors;

/// <summary>
/// A frozen chain of two segments with every verb. A change here is a change of protocol: chains that exist would stop verifying. Where the protocol
/// is meant to change, LEDGER_FREEZE=1 writes the frozen files anew, and that change is reviewed with them.
/// </summary>
public class GoldenLedgerTests
{
    static readonly string[] SegmentNames = ["000000000000.seg", "000000000004.seg"];

    static bool Freezes => Environment.GetEnvironmentVariable("LEDGER_FREEZE") == "1";

    public GoldenLedgerTests()
    {
        if (!Freezes) return;
        var genesis = Read(JsonSerializer.SerializeToUtf8Bytes(GoldenLedger.Found(), WireJson.TypeInfo<GenesisText>()));
        var (_, segments) = GoldenLedger.Write(genesis);
        Freeze(FolderLayout.Genesis, genesis.Bytes.Span);
        foreach (var (name, bytes) in segments) Freeze(name, bytes);
        Freeze("payloads", Encoding.UTF8.GetBytes(GoldenLedger.Payloads(genesis)));
        Freeze("roots", Encoding.UTF8.GetBytes(GoldenLedger.Roots(genesis, Blocks(genesis, verifySignatures: false))));
    }

    [Fact]
    public void The_frozen_chain_verifies_with_its_signatures_to_the_frozen_roots()
    {
        var genesis = Read(GoldenLedger.Frozen(FolderLayout.Genesis));
        Assert.Equal(Text("roots"), GoldenLedger.Roots(genesis, Blocks(genesis, verifySignatures: true)));
    }

    [Fact]
    public void The_story_told_again_under_fresh_signatures_gives_the_frozen_payloads_and_roots()
    {
        var genesis = Read(GoldenLedger.Frozen(FolderLayout.Genesis));
        Assert.Equal(Text("payloads"), GoldenLedger.Payloads(genesis));

        var (fold, segments) = GoldenLedger.Write(genesis);
        Assert.Equal(Text("roots").Split('\n')[^2].Split(' ')[^1], fold.Last.Header.StateRoot.ToString());
        Assert.Equal(SegmentNames, segments.Select(segment => segment.Name));
    }

    [Fact]
    public void The_frozen_genesis_is_the_one_of_the_fixed_keys_but_for_what_is_sealed_at_random()
    {
        var frozen = Read(GoldenLedger.Frozen(FolderLayout.Genesis)).Text;
        var founded = GoldenLedger.Found();
        Assert.Equal(frozen.Epoch.KeyCommitment, founded.Epoch.KeyCommitment);
        Assert.Equal(frozen, founded with { Epoch = frozen.Epoch });
    }

    [Fact]
    public void A_frozen_payload_is_read_and_written_back_to_the_same_octets_for_every_verb()
    {
        var verbs = new HashSet<string>();
        foreach (var line in Text("payloads").TrimEnd('\n').Split('\n'))
        {
            var (verb, payload) = (line[..line.IndexOf(' ')], Encoding.UTF8.GetBytes(line[(line.IndexOf(' ') + 1)..]));
            var transaction = JsonSerializer.Deserialize(payload, WireJson.TypeInfo<Transaction>());
            Assert.NotNull(transaction);
            Assert.Equal(verb, Rulebook.Verbs[transaction.Operations[0].GetType()]);
            Assert.Equal(payload, TransactionText.WritePayload(transaction));
            verbs.Add(verb);
        }

        Assert.Equal(Rulebook.Verbs.Values.Order(StringComparer.Ordinal), verbs.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_verb_is_accepted_somewhere_in_the_frozen_chain()
    {
        var genesis = Read(GoldenLedger.Frozen(FolderLayout.Genesis));
        var accepted =
            from block in Blocks(genesis, verifySignatures: false)
            from entry in block.Entries
            where entry.Code == (ushort)Refusal.None
            from operation in TransactionText.Read(entry.Transaction.Memory, genesis.Chain.Suite, genesis.Chain.ChainId, out _)!.Body.Operations
            select Rulebook.Verbs[operation.GetType()];
        Assert.Equal(Rulebook.Verbs.Values.Order(StringComparer.Ordinal), accepted.Distinct().Order(StringComparer.Ordinal));
    }

    static List<Block> Blocks(Genesis genesis, bool verifySignatures)
    {
        var audit = new ChainAudit(genesis, verifySignatures);
        var blocks = new List<Block> { audit.Fold.GenesisBlock };
        audit.OnBlock = folded => blocks.Add(folded.Block);
        foreach (var name in SegmentNames) Assert.Null(audit.Read(name, GoldenLedger.Frozen(name)));
        Assert.Null(audit.Finish(SegmentNames[^1]));
        return blocks;
    }

    static Genesis Read(byte[] bytes)
    {
        var genesis = Genesis.Read(bytes, KnownSuites.Find, out var problem);
        Assert.True(genesis is not null, problem);
        return genesis!;
    }

    static string Text(string name) => Encoding.UTF8.GetString(GoldenLedger.Frozen(name));

    static void Freeze(string name, ReadOnlySpan<byte> bytes) => File.WriteAllBytes(Path.Combine(GoldenLedger.Folder, name + ".golden"), bytes);
}
