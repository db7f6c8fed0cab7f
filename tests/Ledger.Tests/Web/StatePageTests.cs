using System.Text.Json;
using Ledger.Core.Chain;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.State;
using Ledger.Tests.Cli;
using static Ledger.Tests.World;

namespace Ledger.Tests.Web;

/// <summary>The browser's page and the command line give one answer to every state proof and consistency proof, good or changed.</summary>
public sealed class StatePageTests : IDisposable
{
    static readonly Fingerprint Unused = new(Fingerprint.SchemeOf(DocumentKind.Invoice), 1, new(5, 5));

    readonly World world = new();
    readonly Id<Instrument> note;
    readonly CommandLine cli = new();
    readonly JavaScript node = new();

    public StatePageTests()
    {
        note = world.Certificate(A, 500);
        world.Hands(note, A, B, 1, 300);
        File.WriteAllBytes(cli["genesis.json"], world.Genesis.Bytes.ToArray());
    }

    public void Dispose()
    {
        world.Dispose();
        cli.Dispose();
        node.Dispose();
    }

    [Fact]
    public async Task It_agrees_with_the_command_line_on_good_and_changed_state_proofs()
    {
        var good = Whole().Write();
        var cases = new List<(string Name, byte[] Proof)> { ("good", good) };
        var random = new Random(20261130);
        for (var i = 0; i < 80; i++) cases.Add(($"octet {i}", ChangedText.Flipped(good, random)));
        cases.AddRange(LinesChanged(good));
        cases.Add(("a record denied", Frozen().Prove([Token(B) with { Value = null }]).Write()));
        cases.Add(("another value", Frozen().Prove([Token(B) with { Value = Token(A).Value }]).Write()));
        cases.Add(("another header's", (Whole() with { Receipt = Later() }).Write()));

        var exits = new List<int>();
        var faults = new List<string>();
        foreach (var (_, proof) in cases)
        {
            File.WriteAllBytes(cli["proof"], proof);
            exits.Add(await cli.Run("verify", "state", cli["proof"], "--genesis", cli["genesis.json"]));
            StateProofFile.Read(proof, out var fault);
            faults.Add(fault is null ? "" : $"{(int)fault.Kind} {fault.Line}");
        }

        Assert.Equal([0, 6], exits.Distinct().Order());
        var answers = await AskAsync(cases.Select(static one => (one.Proof, (byte[]?)null)));
        for (var i = 0; i < cases.Count; i++)
        {
            Assert.Equal((cases[i].Name, exits[i]), (cases[i].Name, Exit(answers[i])));
            Assert.Equal((cases[i].Name, faults[i]), (cases[i].Name, answers[i].TryGetProperty("number", out var number) ? $"{number} {answers[i].GetProperty("wrongLine")}" : ""));
        }
    }

    [Fact]
    public async Task It_says_who_holds_what_and_what_is_not_there()
    {
        var claims = (await AskAsync([(Whole().Write(), null)]))[0].GetProperty("claims").EnumerateArray().ToArray();

        string Of(string kind, string member) => string.Join(' ', claims.Where(claim => claim.GetProperty("kind").GetString() == kind).Select(claim => claim.TryGetProperty(member, out var value) ? value.ToString() : "-"));
        Assert.Equal("1 301", Of("token", "first"));
        Assert.Equal("300 500", Of("token", "last"));
        Assert.Equal($"{B} {A}", Of("token", "holder"));
        Assert.Equal($"{new Id<Instrument>(9)} {note}", Of("instrument", "name"));
        Assert.Equal("- 500", Of("instrument", "face"));
        Assert.Equal("500", Of("document", "used"));
        Assert.Equal("False", Of("fingerprint", "isThere"));
    }

    [Fact]
    public async Task It_agrees_with_the_command_line_on_consistency_proofs()
    {
        var old = Note();
        var receipt = Whole().Receipt.Write();
        world.Hands(note, B, D, 1, 100);
        var now = Note();
        var good = Between(old, now);
        var cases = new List<(string Name, byte[] Older, byte[] Proof)>
        {
            ("good", old.Write(), good.Write()), ("by a receipt", receipt, good.Write()), ("by itself", good.Write(), good.Write()),
            ("longer", now.Write(), Between(old, old).Write()), ("another size", old.Write(), (good with { OldSize = good.OldSize - 1 }).Write()),
            ("too short", old.Write(), (good with { Hashes = [.. good.Hashes.Span[1..]] }).Write()), ("too long", old.Write(), (good with { Hashes = [.. good.Hashes, new(1, 1)] }).Write()),
            ("two histories", old.Write(), new ConsistencyProof(old.Checkpoint.Size, [], world.NoteOf(old.Checkpoint with { Root = new(3, 3) }, Signers)).Write()),
            ("another root", world.NoteOf(old.Checkpoint with { Root = new(3, 3) }, Signers).Write(), good.Write()), ("no checkpoint", "anything\n"u8.ToArray(), good.Write()),
        };
        var random = new Random(20261130);
        for (var i = 0; i < 60; i++) cases.Add(($"octet {i}", old.Write(), ChangedText.Flipped(good.Write(), random)));

        var exits = new List<int>();
        foreach (var (_, older, proof) in cases)
        {
            File.WriteAllBytes(cli["older"], older);
            File.WriteAllBytes(cli["between"], proof);
            exits.Add(await cli.Run("verify", "consistency", cli["older"], cli["between"], "--genesis", cli["genesis.json"]));
        }

        Assert.Equal([0, 6], exits.Distinct().Order());
        var answers = await AskAsync(cases.Select(static one => (one.Proof, (byte[]?)one.Older)));
        for (var i = 0; i < cases.Count; i++) Assert.Equal((cases[i].Name, exits[i]), (cases[i].Name, Exit(answers[i])));
    }

    StateProofFile Whole()
    {
        var document = world.State.AllDocuments.Where(static one => !one.Used.IsZero).MinBy(static one => one.Id)!;
        return Frozen().Prove(
        [
            Tables.Instruments.RecordOf(world.State, note), Tables.Instruments.RecordOf(world.State, new(9)), Token(A), Token(B), Tables.Documents.RecordOf(world.State, document.Id),
            Tables.Fingerprints.RecordOf(world.State, Unused),
        ]);
    }

    TlogProof Later()
    {
        world.Hands(note, B, D, 1, 10);
        return Frozen().Prove([Token(A)]).Receipt;
    }

    IEnumerable<Core.Parties.Validator> Signers => world.State.Validators.Take(Quorum.SizeOf(world.State.Validators.Count()));

    Note Note() => world.NoteOf(world.Fold.Checkpoint, Signers);

    FrozenLedger Frozen() => Assert.IsType<FrozenLedger>(world.Fold.TryFreeze(Note()));

    StateRecord Token(PartyId holder) => Tables.Tokens.RecordOf(note, world.Tokens(note).First(token => token.Holder == holder));

    ConsistencyProof Between(Note old, Note now) => new(old.Checkpoint.Size, [.. world.Fold.History.ConsistencyProof(old.Checkpoint.Size, now.Checkpoint.Size)], now);

    static IEnumerable<(string, byte[])> LinesChanged(byte[] good)
    {
        foreach (var changed in ChangedText.LinesOf(good)) yield return changed;
        yield return ("more behind it", [.. good, .. "more\n"u8]);
        yield return ("too large", [.. good, .. new byte[StateProofFile.MaxSize]]);
    }

    async Task<JsonElement[]> AskAsync(IEnumerable<(byte[] Proof, byte[]? Older)> cases)
    {
        var input = JsonSerializer.Serialize(new { cases = cases.Select(static one => new { proof = Convert.ToBase64String(one.Proof), older = one.Older is null ? null : Convert.ToBase64String(one.Older) }), trust = Convert.ToBase64String(world.Genesis.Bytes.Span) });
        var output = await node.RunAsync(
            """
            import { readFileSync } from 'node:fs';
            import { trustOfGenesis } from './receipt.js';
            import { verifyConsistency, verifyState } from './state.js';
            const given = JSON.parse(readFileSync(0, 'utf8'));
            const octets = text => new Uint8Array(Buffer.from(text, 'base64'));
            const trust = await trustOfGenesis(octets(given.trust));
            const answers = [];
            for (const { proof, older } of given.cases) answers.push(await (older === null ? verifyState(octets(proof), trust) : verifyConsistency(octets(proof), octets(older), trust)));
            process.stdout.write(JSON.stringify(answers, (_, value) => typeof value === 'bigint' ? String(value) : value));
            """, input);
        using var answers = JsonDocument.Parse(output);
        return [.. answers.RootElement.EnumerateArray().Select(static answer => answer.Clone())];
    }

    static int Exit(JsonElement answer) => answer.GetProperty("isTrue").ValueKind switch
    {
        JsonValueKind.True => 0,
        JsonValueKind.False => 6,
        _ => 7,
    };
}
