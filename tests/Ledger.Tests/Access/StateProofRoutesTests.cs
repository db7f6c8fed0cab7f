using System.Net;
using System.Text.Json;
using Ledger.Core.Chain;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Tests.World;

namespace Ledger.Tests.Access;

/// <summary>What the state holds is proved to whom it is shown, and that it holds nothing, to whom it would be shown.</summary>
public sealed class StateProofRoutesTests(AccessStory story) : IClassFixture<AccessStory>
{
    static readonly Fingerprint Unused = new(Fingerprint.SchemeOf(DocumentKind.Invoice), 1, new(5, 5));

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_holder_gets_a_proof_of_its_own_units_and_who_owes_one_of_all()
    {
        var (mine, whole) = (await ProofAsync(B, $"instruments/{story.Note}/proof"), await ProofAsync(C, $"instruments/{story.Note}/proof"));

        // The first 88 were paid.
        Assert.Equal([(B, "1-88"), (B, "89-300")], Held(mine));
        Assert.Equal([A, B, D], Held(whole).Select(static held => held.Holder).Distinct().Order());
        Assert.Equal(500UL, Held(whole).Where(static held => held.Holder != A).Aggregate(0UL, static (sum, held) => sum + Length(held.Units)));
        Assert.Equal(Held(whole), Held(await ProofAsync(story.Regulator, $"instruments/{story.Note}/proof")));
        Assert.Equal(["301-500"], Held(await ProofAsync(C, $"instruments/{story.Note}/proof?holder={D}")).Select(static held => held.Units));
        Assert.Equal(["1-88"], Held(await ProofAsync(C, $"instruments/{story.Note}/proof?units=7-8")).Select(static held => held.Units));
        Assert.Empty(Held(await ProofAsync(B, $"instruments/{story.Note}/proof?holder={D}")));
    }

    [Fact]
    public async Task That_there_is_no_instrument_is_proved_to_who_would_see_it_and_to_others_it_is_as_what_is_hidden()
    {
        var never = new Id<Instrument>(77);
        var claim = Assert.Single((await ProofAsync(story.Regulator, $"instruments/{never}/proof")).Claims);
        Assert.Null(claim.Value);

        var outsider = story.Outsiders[Roles.Supplier];
        Assert.Equal((HttpStatusCode.NotFound, Refusal.NotFound), await AnswerAsync(outsider, $"instruments/{story.Note}/proof"));
        Assert.Equal((HttpStatusCode.NotFound, Refusal.NotFound), await AnswerAsync(outsider, $"instruments/{never}/proof"));
        Assert.Equal((HttpStatusCode.NotFound, Refusal.NotFound), await AnswerAsync(outsider, $"documents/{new Id<Document>(77)}/proof"));
    }

    [Fact]
    public async Task How_much_of_a_document_is_taken_is_proved_to_its_sides()
    {
        var claim = Assert.Single((await ProofAsync(A, $"documents/{story.Invoice}/proof")).Claims);

        Assert.True(Tables.Documents.TryRead(story.Invoice, claim.Value!.Value.Memory, out var document));
        Assert.Equal(story.World.Document(story.Invoice), document);
        Assert.Equal((HttpStatusCode.NotFound, Refusal.NotFound), await AnswerAsync(B, $"documents/{story.Invoice}/proof"));
    }

    [Fact]
    public async Task That_a_fingerprint_is_unused_is_proved_to_banks_and_regulators_and_of_which_document_it_is_to_who_sees_that()
    {
        foreach (var entitled in new[] { X, Y, story.Outsiders[Roles.Bank], story.Regulator }) Assert.Null(Assert.Single((await ProofAsync(entitled, Path(Unused))).Claims).Value);
        foreach (var other in new[] { A, C, story.Outsiders[Roles.Operator] }) Assert.Equal((HttpStatusCode.Forbidden, Refusal.NotForThisRole), await AnswerAsync(other, Path(Unused)));

        var used = story.World.Document(story.Invoice).Fingerprints[0];
        Assert.Equal([(byte)Section.Documents, (byte)Section.Fingerprints], (await ProofAsync(X, Path(used))).Claims.Select(static claim => claim.Section));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, Refusal.ReasonNotShown), await AnswerAsync(story.Outsiders[Roles.Bank], Path(used)));

        static string Path(Fingerprint of) => $"fingerprints/{of.Scheme}/{of.Epoch}/{of.Value}/proof";
    }

    [Fact]
    public async Task Of_another_height_than_the_newest_there_is_no_proof_and_the_answer_says_so()
    {
        var newest = story.World.Node.Loop.Reader.View.Header.Height;

        Assert.Equal(newest, (await ProofAsync(A, $"instruments/{story.Note}/proof?height={newest}")).Header.Height);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, Refusal.ProofHasNoPast), await AnswerAsync(A, $"instruments/{story.Note}/proof?height={newest - 1}"));
        Assert.Equal(Refusal.HeightNotReached, (await AnswerAsync(A, $"instruments/{story.Note}/proof?height={newest + 1}")).Code);
        Assert.Equal(Refusal.QueryInvalid, (await AnswerAsync(A, $"instruments/{story.Note}/proof?height=x")).Code);
    }

    [Fact]
    public async Task A_proof_is_of_what_was_just_done()
    {
        var trade = story.World.Certificate(A, 40);

        Assert.Equal([(A, "1-40")], Held(await ProofAsync(A, $"instruments/{trade}/proof")));
        var more = story.World.Certificate(A, 41);
        Assert.Equal([(A, "1-41")], Held(await ProofAsync(A, $"instruments/{more}/proof")));
    }

    [Fact]
    public async Task Anybody_gets_the_proof_between_two_checkpoints()
    {
        var notes = new ulong[] { 1, 2, 5 }.Select(height => story.World.Node.Loop.Reader.Checkpoint(height)!).ToArray();
        var newest = story.World.Node.Loop.Reader.View.Checkpoint;
        foreach (var old in notes)
        {
            var path = $"v1/consistency?from={old.Checkpoint.Size}";
            foreach (var (newer, asked) in notes.Where(note => note.Checkpoint.Size >= old.Checkpoint.Size).Select(note => (note, $"{path}&height={Height(note)}")).Append((newest, path)))
            {
                Assert.True(ConsistencyProof.TryParse(await story.Http.GetByteArrayAsync(asked, Cancel), out var proof));
                Assert.Equal(newer, proof.Newer);
                Assert.Equal(ConsistencyVerdict.Consistent, ConsistencyProof.Judge(story.World.Suite, old.Checkpoint, newer.Checkpoint, proof));
            }
        }

        Assert.Equal(Refusal.QueryInvalid, (await story.AnswerAsync(null, "v1/consistency?from=0")).Code);
        Assert.Equal(Refusal.QueryInvalid, (await story.AnswerAsync(null, $"v1/consistency?from={newest.Checkpoint.Size + 1}")).Code);
        Assert.Equal(Refusal.HeightNotReached, (await story.AnswerAsync(null, "v1/consistency?from=1&height=999999")).Code);

        ulong Height(Note note) => story.World.Node.Loop.Reader.HeightOf(note.Checkpoint.Size - 1)!.Value;
    }

    Task<(HttpStatusCode Status, Refusal Code)> AnswerAsync(PartyId party, string path) => story.AnswerAsync(story.Passes(party), $"v1/{path}");

    async Task<StateProofFile> ProofAsync(PartyId party, string path)
    {
        var octets = await story.As(party).BytesAsync($"v1/{path}", Cancel);
        Assert.NotNull(octets);
        var proof = StateProofFile.Read(octets, out var fault);
        Assert.Null(fault);
        Assert.True(proof!.Verify(story.World.Suite, story.World.Genesis.Policy).IsTrue);
        return proof;
    }

    static (PartyId Holder, string Units)[] Held(StateProofFile proof) =>
    [
        .. proof.Claims.Where(static claim => claim.Section == (byte)Section.Tokens).Select(static claim =>
            TokenTable.TryReadKey(claim.Key.Memory, out var key) && TokenTable.Read(key, claim.Value!.Value.Memory) is { } token ? (token.Holder, token.Units.ToString()) : throw new JsonException()),
    ];

    static ulong Length(string units) => Interval.TryParse(units, out var interval) ? interval.Last - interval.First + 1 : 0;
}
