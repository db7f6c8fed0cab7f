using System.Buffers.Text;
using System.Text;
using Ledger.Core.Chain;
using Ledger.Tests.Laws;
using Ledger.Tests.Vectors;

namespace Ledger.Tests.Strangers;

/// <summary>
/// A program in another language, written from docs/STATE-MACHINE.md, computes every state root from genesis and blocks alone: of the frozen chains, and of
/// histories that nobody would tell. So the document leaves nothing out that the state depends on.
/// </summary>
public sealed class StateMachineTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("ledger-machine-").FullName;

    public static TheoryData<string> Titles => [.. GoldenStory.All.Select(story => story.Title)];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [MemberData(nameof(Titles))]
    public void Python_recomputes_every_state_root_of_a_frozen_chain_from_the_text(string title)
    {
        GoldenStory.Of(title).CopyTo(folder);
        var blocks = Blocks();

        Assert.Equal((Python.Verified, $"{blocks.Length} blocks, state root {blocks[^1].Header.StateRoot}"), Python.Start("state_machine.py", folder));
    }

    [Theory]
    [InlineData("ledger", "party.policy", "60000000", "60000001")]
    [InlineData("ledger", "document.attest", "\"date\":\"2026", "\"date\":\"2025")]
    [InlineData("ledger", "offer.accept", "\"expires\":1", "\"expires\":2")]
    [InlineData("money", "financing.disburse", "bankReference\":\"", "bankReference\":\"x")]
    [InlineData("money", "payment.receipt", "valueDate\":\"2026", "valueDate\":\"2025")]
    [InlineData("bills", "bill.present", "\"expires\":1", "\"expires\":2")]
    [InlineData("register", "bill.attest", "\"messageId\":\"", "\"messageId\":\"x")]
    public void Python_finds_the_block_in_which_an_operation_was_changed(string title, string verb, string from, string to)
    {
        GoldenStory.Of(title).CopyTo(folder);
        var height = Change(verb, entry => entry with { Transaction = Retold(entry, from, to) });

        var (code, said) = Python.Start("state_machine.py", folder);
        Assert.Equal(Python.False, code);
        Assert.Contains($"height {height} ", said);
    }

    [Theory]
    [InlineData("ledger", "party.policy", 4001)]
    [InlineData("money", "token.transfer", 5001)]
    [InlineData("bills", "bill.register", 4001)]
    public void Python_finds_the_block_in_which_an_answer_was_changed(string title, string verb, ushort answer)
    {
        GoldenStory.Of(title).CopyTo(folder);
        var height = Change(verb, entry => entry with { Code = answer });

        var (code, said) = Python.Start("state_machine.py", folder);
        Assert.Equal(Python.False, code);
        Assert.Contains($"height {height} ", said);
    }

    /// <summary>Stories from the scenes of the frozen ones, with what nobody would send: several operations at once, everybody signing, agents, long pauses.</summary>
    [Fact]
    public void Python_recomputes_every_state_root_of_histories_that_nobody_would_tell()
    {
        const int steps = 40;
        var chains = new List<string>();
        for (var seed = 0; seed < (Thorough.IsAsked ? 400 : 12); seed++)
        {
            var walk = new ToldWalk(ToldWalk.Scenes[seed * 7 % ToldWalk.Scenes.Length]);
            for (var step = 0; step < steps; step++) walk.Step(new Random((seed * 1_000) + step));
            chains.Add(Path.Combine(folder, $"{seed}"));
            walk.WriteTo(chains[^1]);
        }

        var (code, said) = Python.Start("state_machine.py", [.. chains]);
        Assert.True(code == Python.Verified, said);
        Assert.Equal(chains.Count, said.Split('\n').Length);
    }

    Block[] Blocks() =>
    [
        .. PythonTests.Records(folder).Where(record => record.Type == RecordType.Block)
            .Select(record => Block.TryRead(record.Payload, out var block) ? block : throw new InvalidDataException()),
    ];

    // The header and all that follows stand as they were, and say that something else had happened.
    ulong Change(string verb, Func<EntryLeaf, EntryLeaf> change)
    {
        var records = PythonTests.Records(folder);
        for (var i = 0; i < records.Length; i++)
        {
            if (records[i].Type != RecordType.Block || !Block.TryRead(records[i].Payload, out var block) || block.Envelope is not { } envelope) continue;
            var at = block.Entries.Index().Where(entry => entry.Item.Code == 0 && PayloadOf(entry.Item).Contains($"{{\"kind\":\"{verb}\"", StringComparison.Ordinal)).Select(entry => entry.Index).FirstOrDefault(-1);
            if (at < 0) continue;
            EntryLeaf[] entries = [.. block.Entries];
            entries[at] = change(entries[at]);
            records[i].Payload = Block.Of(envelope, entries, block.Header).Payload.ToArray();
            PythonTests.WriteSegments(records);
            return block.Header.Height;
        }

        throw new InvalidDataException(verb);
    }

    static string PayloadOf(EntryLeaf entry) => Encoding.UTF8.GetString(Base64Url.DecodeFromChars(Encoding.ASCII.GetString(entry.Transaction.Span).Split('"')[3]));

    static Core.Primitives.ByteString Retold(EntryLeaf entry, string from, string to)
    {
        var payload = PayloadOf(entry);
        Assert.Contains(from, payload);
        var text = Encoding.ASCII.GetString(entry.Transaction.Span);
        return new(Encoding.ASCII.GetBytes(text.Replace(text.Split('"')[3], Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload.Replace(from, to, StringComparison.Ordinal))), StringComparison.Ordinal)));
    }
}
