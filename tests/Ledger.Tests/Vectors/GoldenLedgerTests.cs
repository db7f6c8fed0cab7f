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
/// Frozen chains of two segments with every verb among them. A change here is a change of protocol: chains that exist would stop verifying. Where the
/// protocol is meant to change, LEDGER_FREEZE names the stories whose frozen files are written anew (LEDGER_FREEZE=money,bills), and that change is
/// reviewed with them.
/// </summary>
public class GoldenLedgerTests
{
    static readonly Lazy<bool> Frozen = new(FreezeThoseNamed);

    public GoldenLedgerTests() => _ = Frozen.Value;

    public static TheoryData<string> Titles => [.. GoldenStory.All.Select(story => story.Title)];

    [Theory]
    [MemberData(nameof(Titles))]
    public void The_frozen_chain_verifies_with_its_signatures_to_the_frozen_roots(string title)
    {
        var story = GoldenStory.Of(title);
        var genesis = Read(story.Frozen(FolderLayout.Genesis));
        Assert.Equal(story.Text("roots"), GoldenStory.Roots(genesis, Blocks(story, verifySignatures: true)));
    }

    [Theory]
    [MemberData(nameof(Titles))]
    public void The_story_told_again_under_fresh_signatures_gives_the_frozen_payloads_and_roots(string title)
    {
        var story = GoldenStory.Of(title);
        var genesis = Read(story.Frozen(FolderLayout.Genesis));
        Assert.Equal(story.Text("payloads"), story.Payloads(genesis));

        var (fold, segments) = story.Write(genesis);
        Assert.Equal(story.Text("roots").Split('\n')[^2].Split(' ')[^1], fold.Last.Header.StateRoot.ToString());
        Assert.Equal(story.SegmentNames, segments.Select(segment => segment.Name));
    }

    [Theory]
    [MemberData(nameof(Titles))]
    public void The_frozen_genesis_is_the_one_of_the_fixed_keys_but_for_what_is_sealed_at_random(string title)
    {
        var story = GoldenStory.Of(title);
        var frozen = Read(story.Frozen(FolderLayout.Genesis)).Text;
        var founded = story.Found();
        Assert.Equal(frozen.Epoch.KeyCommitment, founded.Epoch.KeyCommitment);
        Assert.Equal(frozen, founded with { Epoch = frozen.Epoch });
    }

    [Fact]
    public void A_frozen_payload_is_read_and_written_back_to_the_same_octets_for_every_verb()
    {
        var verbs = new HashSet<string>();
        foreach (var line in GoldenStory.All.SelectMany(story => story.Text("payloads").TrimEnd('\n').Split('\n')))
        {
            var (verb, payload) = (line[..line.IndexOf(' ')], Encoding.UTF8.GetBytes(line[(line.IndexOf(' ') + 1)..]));
            var transaction = JsonSerializer.Deserialize(payload, WireJson.TypeInfo<Transaction>());
            Assert.NotNull(transaction);
            Assert.Equal(verb, transaction.Operations[0].Kind);
            Assert.Equal(payload, TransactionText.WritePayload(transaction));
            verbs.Add(verb);
        }

        Assert.Equal(Rulebook.Verbs.Keys.Order(StringComparer.Ordinal), verbs.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_verb_is_accepted_somewhere_in_the_frozen_chains()
    {
        var accepted = GoldenStory.All.SelectMany(Accepted).Select(operation => operation.Kind);
        Assert.Equal(Rulebook.Verbs.Keys.Order(StringComparer.Ordinal), accepted.Distinct().Order(StringComparer.Ordinal));
    }

    /// <summary>What is refused in the later stories is refused on purpose.</summary>
    [Theory]
    [InlineData("money", Refusal.UnitsReserved, Refusal.MeasureIsContested, Refusal.MeasureNotInForce, Refusal.FreezeNeedsSecond, Refusal.TwoInstitutionsMissing)]
    [InlineData("bills", Refusal.ConditionalEndorsement)]
    [InlineData("register")]
    [InlineData("pledges", Refusal.PledgeReservationMissing, Refusal.PledgeReservationEnds)]
    public void Nothing_else_is_refused(string title, params Refusal[] expected) =>
        Assert.Equal(expected, Blocks(GoldenStory.Of(title), verifySignatures: false).SelectMany(block => block.Entries).Select(entry => (Refusal)entry.Code)
            .Where(code => code != Refusal.None));

    static IEnumerable<Operation> Accepted(GoldenStory story)
    {
        var genesis = Read(story.Frozen(FolderLayout.Genesis));
        return
            from block in Blocks(story, verifySignatures: false)
            from entry in block.Entries
            where entry.Code == (ushort)Refusal.None
            from operation in TransactionText.Read(entry.Transaction.Memory, genesis.Chain.Suite, genesis.Chain.ChainId, out _)!.Body.Operations
            select operation;
    }

    static List<Block> Blocks(GoldenStory story, bool verifySignatures)
    {
        var audit = new ChainAudit(Read(story.Frozen(FolderLayout.Genesis)), verifySignatures);
        var blocks = new List<Block> { audit.Fold.GenesisBlock };
        audit.OnBlock = folded => blocks.Add(folded.Block);
        foreach (var name in story.SegmentNames) Assert.Null(audit.Read(name, story.Frozen(name)));
        Assert.Null(audit.Finish(story.SegmentNames[^1]));
        return blocks;
    }

    static Genesis Read(byte[] bytes)
    {
        var genesis = Genesis.Read(bytes, KnownSuites.Find, out var problem);
        Assert.True(genesis is not null, problem);
        return genesis!;
    }

    static bool FreezeThoseNamed()
    {
        foreach (var title in (Environment.GetEnvironmentVariable("LEDGER_FREEZE") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var story = GoldenStory.Of(title);
            Directory.CreateDirectory(story.Folder);
            var genesis = Read(JsonSerializer.SerializeToUtf8Bytes(story.Found(), WireJson.TypeInfo<GenesisText>()));
            var (_, segments) = story.Write(genesis);
            Freeze(story, FolderLayout.Genesis, genesis.Bytes.Span);
            foreach (var (name, bytes) in segments) Freeze(story, name, bytes);
            Freeze(story, "payloads", Encoding.UTF8.GetBytes(story.Payloads(genesis)));
            Freeze(story, "roots", Encoding.UTF8.GetBytes(GoldenStory.Roots(genesis, Blocks(story, verifySignatures: false))));
        }

        return true;
    }

    static void Freeze(GoldenStory story, string name, ReadOnlySpan<byte> bytes) => File.WriteAllBytes(Path.Combine(story.Folder, name + ".golden"), bytes);
}
