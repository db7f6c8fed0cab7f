using System.Text;
using Ledger.Core.Chain;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
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

    /// <summary>Thousands of payments end with a debt of a thousand pieces, and the block after their retention takes some of the debt's own and not all.</summary>
    [Fact]
    public void Python_and_the_fold_stop_at_the_same_record_where_more_leaves_than_one_block_takes()
    {
        const int payments = 9_100, pieces = 550;
        using var world = new World(World.Morning, World.Forgetful);
        var (slow, cut) = (world.Certificate(World.A, payments + 1), world.Certificate(World.A, 2 * pieces));
        var paper = world.Invoice(World.B, World.A, pieces);
        var trades = Enumerable.Range(0, pieces).Select(piece => new Transfer(
            world.New<Offer>(), cut, World.B, TransferCause.Trade, Recourse: false, [new(paper, new(1))], world.Tomorrow, new Interval(((ulong)piece * 2) + 1, ((ulong)piece * 2) + 1))).ToArray();
        Happens([.. trades.Chunk(80).Select(some => world.Draft(World.A, some))]);
        Happens([.. trades.Chunk(200).Select(some => world.Draft(World.B, [.. some.Select(trade => new AcceptOffer(trade.Offer))]))]);

        world.Until(Timestamp.StartOf(world.State.PayableOn(world.Instrument(slow).DueDate), 480).Add(9 * Timestamp.Hour));
        var receipts = Enumerable.Range(0, payments).Select(_ => world.Receipt(slow, PaymentOutcome.PartlyPaid, 1)).Append(world.Receipt(cut, PaymentOutcome.Paid, 2 * pieces));
        Happens([.. receipts.Chunk(150).Select(some => world.Draft(World.X, some))]);
        Assert.Equal((InstrumentStatus.Settled, 2 * pieces), (world.Instrument(cut).Status, world.Tokens(cut).Length));

        world.Pass((30 * Timestamp.Day) + Timestamp.Minute);
        Assert.True(world.State.IsLeaving(cut));
        Assert.InRange(world.Tokens(cut).Length, 1, pieces);
        world.Pass(Timestamp.Second);
        Assert.Null(world.State.Instrument(cut));

        var (code, said) = Python.Start("state_machine.py", world.WriteTo(folder));
        Assert.True(code == Python.Verified, said);

        void Happens(Transaction[] drafts) =>
            Assert.All(world.Append([.. drafts.Select(draft => world.Sign(draft))]).Answers, static answer => Assert.Equal(Refusal.None, answer.Code));
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

    static string PayloadOf(EntryLeaf entry) => Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(Encoding.ASCII.GetString(entry.Transaction.Span).Split('"')[3]));

    static Core.Primitives.ByteString Retold(EntryLeaf entry, string from, string to)
    {
        var payload = PayloadOf(entry);
        Assert.Contains(from, payload);
        var text = Encoding.ASCII.GetString(entry.Transaction.Span);
        return new(Encoding.ASCII.GetBytes(text.Replace(text.Split('"')[3], System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload.Replace(from, to, StringComparison.Ordinal))), StringComparison.Ordinal)));
    }
}
