using System.Text;
using System.Text.Json;
using Ledger.Cli;
using Ledger.Core.Chain;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.State;
using static Ledger.Tests.World;

namespace Ledger.Tests.Cli;

/// <summary><c>ledger verify state</c> and <c>verify consistency</c>: true is 0, false is 6 and says what was expected and found, what cannot be checked is 7.</summary>
public sealed class VerifyStateTests : IDisposable
{
    readonly CommandLine cli = new();
    readonly World world = new();
    readonly Id<Instrument> note;

    public VerifyStateTests()
    {
        note = world.Certificate(A, 500);
        world.Hands(note, A, B, 1, 300);
        File.WriteAllBytes(cli["genesis.json"], world.Genesis.Bytes.ToArray());
        var logs = world.Genesis.Policy.Logs;
        File.WriteAllText(cli["policy"], string.Concat(logs.Select(static log => $"log {log}\n")) + "quorum none\n");
    }

    public void Dispose()
    {
        cli.Dispose();
        world.Dispose();
    }

    [Fact]
    public async Task It_tells_who_holds_what_under_a_policy_alone_and_what_it_did_not_check()
    {
        Write(Holding(B));

        Assert.Equal(ExitCode.Ok, await cli.Run("verify", "state", cli["proof"], "--policy", cli["policy"], "--lang", "zh"));
        Assert.Contains("核验通过", cli.Output);
        Assert.Contains($"{B} 持有 {note} 的第 1-300 单位（¥3.00）", cli.Output);
        Assert.Contains($"{note} 未示出的单位由谁持有", cli.Output);

        Write(Holding(A, B));
        Assert.Equal(ExitCode.Ok, await cli.Run("verify", "state", cli["proof"], "--genesis", cli["genesis.json"], "-o", "json"));
        using var report = JsonDocument.Parse(cli.Output);
        Assert.Equal(["1-300", "301-500"], report.RootElement.GetProperty("claims").EnumerateArray().Where(static claim => claim.TryGetProperty("token", out _)).Select(static claim => claim.GetProperty("units").GetString()));
        Assert.DoesNotContain("not shown", cli.Output);
        Assert.Equal(ExitCode.CouldNotCheck, await cli.Run("verify", "state", cli["proof"]));
    }

    [Fact]
    public async Task It_tells_that_a_document_is_unused_and_that_a_claim_is_not_there()
    {
        var free = world.Invoice(A, C, 900);
        var unused = new Fingerprint(Fingerprint.SchemeOf(DocumentKind.Invoice), 1, new(5, 5));
        var taken = world.State.AllDocuments.First(document => !document.Used.IsZero);
        Write(Frozen().Prove([Record(free), Record(taken.Id), Tables.Instruments.RecordOf(world.State, new(9)), Tables.Fingerprints.RecordOf(world.State, unused)]));

        Assert.Equal(ExitCode.Ok, await cli.Run("verify", "state", cli["proof"], "--policy", cli["policy"]));

        Assert.Contains($"document {free}", cli.Output);
        Assert.Single(cli.Output.Split('\n'), static line => line.Contains(": unused", StringComparison.Ordinal));
        Assert.Contains("there is no such receivable or bill", cli.Output);
        Assert.Contains("the fingerprint is not registered", cli.Output);
    }

    [Fact]
    public async Task A_claim_that_is_not_so_is_6_with_the_root_that_was_expected_and_the_one_that_was_found()
    {
        var (mine, hers) = (Token(B), Token(A));
        Write(Frozen().Prove([mine with { Value = hers.Value }]));

        Assert.Equal(ExitCode.VerificationFalse, await cli.Run("verify", "state", cli["proof"], "--policy", cli["policy"], "-o", "json"));
        using var report = JsonDocument.Parse(cli.Output);
        Assert.Equal((int)Section.Tokens, report.RootElement.GetProperty("section").GetInt32());
        Assert.NotEqual(report.RootElement.GetProperty("expectedRoot").GetString(), report.RootElement.GetProperty("foundRoot").GetString());
        Assert.Equal(Convert.ToHexStringLower(mine.Key.Span), report.RootElement.GetProperty("key").GetString());
    }

    [Fact]
    public async Task A_changed_octet_is_6_wherever_it_stands_and_a_file_that_is_none_says_its_number_and_line()
    {
        var octets = Holding(B).Write();
        for (var place = 0; place < octets.Length; place += 41)
        {
            octets[place] ^= 1;
            File.WriteAllBytes(cli["proof"], octets);
            octets[place] ^= 1;
            Assert.Equal((ExitCode.VerificationFalse, place), (await cli.Run("verify", "state", cli["proof"], "--genesis", cli["genesis.json"]), place));
        }

        File.WriteAllText(cli["proof"], Encoding.UTF8.GetString(octets).Replace("\nrecord 6 ", "\nowner 6 ", StringComparison.Ordinal));
        Assert.Equal(ExitCode.VerificationFalse, await cli.Run("verify", "state", cli["proof"], "--genesis", cli["genesis.json"]));
        Assert.Contains("fault 4, line 3", cli.Error);
        Assert.Equal(ExitCode.VerificationFalse, await cli.Run("verify", "state", cli["proof"], "--genesis", cli["genesis.json"], "--lang", "zh"));
        Assert.Contains("原因 4，第 3 行", cli.Error);
    }

    [Fact]
    public async Task What_the_policy_asks_for_and_cannot_be_checked_here_is_7_and_a_stranger_is_6()
    {
        Write(Holding(B));
        var checkpoint = world.Fold.Checkpoint;
        var witness = new VKey("w.example", 5, VKeyKind.Ed25519Cosignature, Chain.Sample.Bytes(32, 1));
        Write(Holding(B) with { Receipt = Holding(B).Receipt with { Note = new(checkpoint, [.. Note().Signatures, new("w.example", 5, Chain.Sample.Bytes(64, 1))]) } });
        File.WriteAllText(cli["witnessed"], File.ReadAllText(cli["policy"]).Replace("quorum none\n", $"witness w {witness}\nquorum w\n", StringComparison.Ordinal));
        using var other = new Chain.Signer("other.example/0123456789abcdef");
        File.WriteAllText(cli["stranger"], $"log {other.VKey}\nquorum none\n");

        Assert.Equal(ExitCode.CouldNotCheck, await cli.Run("verify", "state", cli["proof"], "--policy", cli["witnessed"]));
        Assert.Equal(ExitCode.VerificationFalse, await cli.Run("verify", "state", cli["proof"], "--policy", cli["stranger"]));
    }

    [Fact]
    public async Task A_newer_history_begins_with_that_of_any_file_that_has_an_older_checkpoint()
    {
        Write(Holding(B));
        var old = Note();
        File.WriteAllBytes(cli["old.checkpoint"], old.Write());
        File.WriteAllBytes(cli["old.receipt"], Holding(B).Receipt.Write());
        world.Hands(note, B, D, 1, 100);
        var now = Note();
        File.WriteAllBytes(cli["new.checkpoint"], now.Write());
        File.WriteAllBytes(cli["now.consistency"], Between(old, now).Write());

        foreach (var older in new[] { "old.checkpoint", "old.receipt", "proof" })
        {
            Assert.Equal(ExitCode.Ok, await cli.Run("verify", "consistency", cli[older], cli["now.consistency"], "--policy", cli["policy"]));
            Assert.Equal(ExitCode.Ok, await cli.Run("verify", "consistency", cli[older], cli["new.checkpoint"], "--proof", cli["now.consistency"], "--genesis", cli["genesis.json"], "--lang", "zh"));
        }

        Assert.Contains($"较新历史的前 {old.Checkpoint.Size} 叶就是较早的历史", cli.Output);
        Assert.Equal(ExitCode.CouldNotCheck, await cli.Run("verify", "consistency", cli["old.checkpoint"], cli["new.checkpoint"], "--policy", cli["policy"]));
        Assert.Equal(ExitCode.VerificationFalse, await cli.Run("verify", "consistency", cli["new.checkpoint"], cli["old.checkpoint"], "--policy", cli["policy"]));
        Assert.Contains("more than the", cli.Output);
        Assert.Equal(ExitCode.CouldNotCheck, await cli.Run("verify", "consistency", cli["old.checkpoint"], cli["now.consistency"]));

        var wrong = Between(old, now) with { Hashes = [.. Between(old, now).Hashes.Span[1..], new(1, 1)] };
        File.WriteAllBytes(cli["now.consistency"], wrong.Write());
        Assert.Equal(ExitCode.VerificationFalse, await cli.Run("verify", "consistency", cli["old.checkpoint"], cli["now.consistency"], "--policy", cli["policy"], "-o", "json"));
        using var report = JsonDocument.Parse(cli.Output);
        Assert.NotEqual(report.RootElement.GetProperty("newerRoot").GetString(), report.RootElement.GetProperty("foundNewerRoot").GetString());
    }

    [Fact]
    public async Task Two_signed_histories_of_one_size_are_told_as_such()
    {
        File.WriteAllBytes(cli["one"], Note().Write());
        var other = world.Fold.Checkpoint with { Root = new(3, 3) };
        File.WriteAllBytes(cli["other"], world.NoteOf(other, world.State.Validators).Write());

        Assert.Equal(ExitCode.VerificationFalse, await cli.Run("verify", "consistency", cli["one"], cli["other"], "--genesis", cli["genesis.json"]));
        Assert.Contains("the banks signed two histories of one size", cli.Output);
    }

    Note Note() => world.NoteOf(world.Fold.Checkpoint, world.State.Validators.Take(Quorum.SizeOf(world.State.Validators.Count())));

    FrozenLedger Frozen() => Assert.IsType<FrozenLedger>(world.Fold.TryFreeze(Note()));

    StateProofFile Holding(params PartyId[] holders) => Frozen().Prove([Tables.Instruments.RecordOf(world.State, note), .. holders.Select(Token)]);

    StateRecord Token(PartyId holder) => Tables.Tokens.RecordOf(note, world.Tokens(note).First(token => token.Holder == holder));

    StateRecord Record(Id<Document> document) => Tables.Documents.RecordOf(world.State, document);

    ConsistencyProof Between(Note old, Note now) => new(old.Checkpoint.Size, [.. world.Fold.History.ConsistencyProof(old.Checkpoint.Size, now.Checkpoint.Size)], now);

    void Write(StateProofFile proof) => File.WriteAllBytes(cli["proof"], proof.Write());
}
