using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Ledger.Core.Chain;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.State;
using Ledger.Suites;
using Ledger.Tests.State;
using Ledger.Tests.Vectors;
using static Ledger.Tests.World;

namespace Ledger.Tests.Chain;

/// <summary>What a state proof says is so, and no octet of it can be another.</summary>
public sealed class StateProofFileTests : IDisposable
{
    static readonly Fingerprint Unused = new(Fingerprint.SchemeOf(DocumentKind.Invoice), 1, new(1, 2));

    readonly World world = new();
    readonly Id<Instrument> note;

    public StateProofFileTests()
    {
        note = world.Certificate(A, 500);
        world.Hands(note, A, B, 1, 300);
    }

    public void Dispose() => world.Dispose();

    [Fact]
    public void Who_holds_what_is_proved_and_survives_its_file()
    {
        var proof = Proof(Tables.Instruments.RecordOf(world.State, note), Token(B));

        var read = Reread(proof);

        Assert.True(read.Verify(world.Suite, world.Genesis.Policy).IsTrue);
        Assert.Equal(world.Fold.Last.Header, read.Header);
        Assert.True(Tables.Instruments.TryRead(note, read.Claims[0].Value!.Value.Memory, out var instrument));
        Assert.Equal(world.Instrument(note), instrument);
        Assert.True(TokenTable.TryReadKey(read.Claims[1].Key.Memory, out var key));
        var token = TokenTable.Read(key, read.Claims[1].Value!.Value.Memory);
        Assert.Equal((note, B, "1-300"), (key.Instrument, token?.Holder, token?.Units.ToString()));
    }

    [Fact]
    public void What_is_not_there_is_proved_and_what_is_there_cannot_be_proved_absent()
    {
        var never = world.New<Instrument>();
        var document = world.State.AllDocuments.First();

        Assert.True(Reread(Proof(Tables.Instruments.RecordOf(world.State, never), Tables.Fingerprints.RecordOf(world.State, Unused))).Verify(world.Suite, world.Genesis.Policy).IsTrue);

        var there = Tables.Fingerprints.RecordOf(world.State, document.Fingerprints[0]);
        Assert.Equal(document.Id, Read(there));
        var denied = Reread(Proof(there with { Value = null })).Verify(world.Suite, world.Genesis.Policy);
        Assert.Equal((ProofVerdict.Verified, false), (denied.Header, denied.IsTrue));
    }

    [Fact]
    public void A_claim_that_the_state_does_not_bear_out_says_which_root_was_expected_and_which_was_found()
    {
        var token = Token(B);
        var more = Proof(token with { Value = Token(A).Value });

        var finding = Reread(more).Verify(world.Suite, world.Genesis.Policy);

        var no = Assert.IsType<StateDisagreement>(finding.Disagreement);
        Assert.Equal((true, more.Claims[0].Proof.SectionRoots[(int)Section.Tokens - 1]), (no.IsOfSection, no.Expected));
        Assert.NotEqual(no.Expected, no.Found);

        // A true proof of a state that is not the header's.
        var before = Proof(token);
        world.Hands(note, B, D, 1, 100);
        var later = (before with { Receipt = Proof(Token(A)).Receipt, Header = world.Fold.Last.Header }).Verify(world.Suite, world.Genesis.Policy);
        Assert.Equal((false, world.Fold.Last.Header.StateRoot, before.Header.StateRoot), (later.Disagreement?.IsOfSection, later.Disagreement?.Expected, later.Disagreement?.Found));
    }

    [Fact]
    public void It_is_worth_what_its_checkpoint_is_worth()
    {
        var proof = Proof(Token(B));
        using var stranger = new Signer(world.Genesis.Origin);
        var checkpoint = proof.Receipt.Note.Checkpoint;

        var alone = proof with { Receipt = proof.Receipt with { Note = new(checkpoint, [stranger.Sign(checkpoint)]) } };
        Assert.Equal(new StateFinding(ProofVerdict.Untrusted, null), alone.Verify(world.Suite, world.Genesis.Policy));
        Assert.True(alone.Verify(world.Suite, TrustPolicy.OfThreshold([stranger.VKey], 1)).IsTrue);
    }

    [Fact]
    public void No_octet_of_it_can_change_and_still_be_true()
    {
        foreach (var proof in new[] { Proof(Token(B)), Proof(Tables.Instruments.RecordOf(world.State, world.New<Instrument>())) })
        {
            var octets = proof.Write();
            Assert.True(StateProofFile.Read(octets, out _)?.Verify(world.Suite, world.Genesis.Policy).IsTrue);
            for (var place = 0; place < octets.Length; place++)
            {
                octets[place] ^= 1;
                var read = StateProofFile.Read(octets, out _);
                octets[place] ^= 1;

                // Where nothing stands in a whole branch, the same path shows of other keys too that nothing stands under them.
                if (read?.Claims[0] is { Value: null } claim && claim.Key != proof.Claims[0].Key && Tables.Instruments.TryReadKey(claim.Key.Memory, out var other) && world.State.Instrument(other) is null) continue;
                Assert.False(read?.Verify(world.Suite, world.Genesis.Policy).IsTrue ?? false, $"octet {place}");
            }
        }
    }

    [Theory]
    [InlineData("ledger-state-proof/1\n", "ledger-state-proof/2\n", StateProofFaultKind.NotAStateProof, 1)]
    [InlineData("ledger-state-proof/1\n", "\nledger-state-proof/1\n", StateProofFaultKind.NotAStateProof, 1)]
    [InlineData("\nrecord 5 ", "\nremark 5 ", StateProofFaultKind.LineMalformed, 2)]
    [InlineData("\nrecord 5 ", "\nabsent 5 ", StateProofFaultKind.LineMalformed, 2)]
    [InlineData("\nrecord 5 ", "\nrecord 05 ", StateProofFaultKind.LineMalformed, 2)]
    [InlineData("\nrecord 5 ", "\nrecord 0 ", StateProofFaultKind.LineMalformed, 2)]
    [InlineData("\nrecord 5 ", "\nrecord 32 ", StateProofFaultKind.LineMalformed, 2)]
    [InlineData("\nrecord 5 ", "\nrecord  5 ", StateProofFaultKind.LineMalformed, 2)]
    [InlineData("\nrecord 5 ", "\nrecord 4 ", StateProofFaultKind.PathMalformed, 2)]
    [InlineData("\nrecord 6 ", "\nowner x\nrecord 6 ", StateProofFaultKind.LineMalformed, 3)]
    [InlineData("\n\nc2sp.org", "\n\nc2sp.com", StateProofFaultKind.ReceiptMalformed, 5)]
    [InlineData("\n\nc2sp.org", "\nc2sp.org", StateProofFaultKind.LineMalformed, 4)]
    [InlineData("\n\nc2sp.org", "\n\n\nc2sp.org", StateProofFaultKind.ReceiptMalformed, 5)]
    public void Another_spelling_is_refused_by_its_number(string part, string replacement, StateProofFaultKind kind, int line)
    {
        var text = Encoding.UTF8.GetString(Proof(Tables.Instruments.RecordOf(world.State, note), Token(B)).Write());
        Assert.Contains(part, text, StringComparison.Ordinal);

        Assert.Null(StateProofFile.Read(Encoding.UTF8.GetBytes(text.Replace(part, replacement, StringComparison.Ordinal)), out var fault));
        Assert.Equal(new StateProofFault(kind, line), fault);
    }

    [Fact]
    public void Every_other_fault_has_its_number_too()
    {
        var proof = Proof(Tables.Instruments.RecordOf(world.State, note), Token(B));
        var text = Encoding.UTF8.GetString(proof.Write());
        var lines = text.Split('\n');

        Assert.Equal(new StateProofFault(StateProofFaultKind.TooLarge), FaultOf(text + new string(' ', StateProofFile.MaxSize)));
        Assert.Equal(new StateProofFault(StateProofFaultKind.NotText), FaultOf(text[..^1]));
        Assert.Equal(new StateProofFault(StateProofFaultKind.NotText), FaultOf(text.Replace("\n", "\r\n", StringComparison.Ordinal)));
        Assert.Equal(new StateProofFault(StateProofFaultKind.CountWrong, 2), FaultOf(string.Join('\n', lines.Where(line => !line.StartsWith("record ", StringComparison.Ordinal)))));
        Assert.Equal(new StateProofFault(StateProofFaultKind.OutOfOrder, 3), FaultOf(string.Join('\n', [lines[0], lines[2], lines[1], .. lines[3..]])));
        Assert.Equal(new StateProofFault(StateProofFaultKind.OutOfOrder, 3), FaultOf(string.Join('\n', [lines[0], lines[1], lines[1], .. lines[2..]])));
        Assert.Equal(new StateProofFault(StateProofFaultKind.ReceiptMalformed, 5), FaultOf(text + "anything\n"));
        Assert.Equal(new StateProofFault(StateProofFaultKind.ReceiptMalformed, 5), FaultOf(string.Join('\n', lines[..4]) + "\n"));

        var many = Enumerable.Range(1, StateProofFile.MaxClaims + 1).Select(number => Tables.Instruments.RecordOf(world.State, new((UInt128)number))).ToArray();
        Assert.NotNull(StateProofFile.Read(Proof(many[1..]).Write(), out _));
        Assert.Equal(new StateProofFault(StateProofFaultKind.CountWrong, StateProofFile.MaxClaims + 2), FaultOf(Encoding.UTF8.GetString(Proof(many).Write())));

        var entry = world.Fold.Last.Leaves[1];
        var other = proof with { Receipt = proof.Receipt with { Leaf = new(entry) } };
        Assert.Equal(new StateProofFault(StateProofFaultKind.NotAHeader, 5), FaultOf(Encoding.UTF8.GetString(other.Write())));
    }

    [Fact]
    public void Whatever_the_records_are_a_claim_is_true_of_the_naive_models_state_and_no_other_is() =>
        Prop.ForAll(Records, drawn =>
        {
            var (tree, naive) = (new StateTree(world.Suite, 3), new NaiveStateTree(3));
            var held = drawn.GroupBy(static one => (one.Section, one.Key)).ToDictionary(static group => group.Key, static group => group.Last().Value);
            foreach (var ((section, key), value) in held)
            {
                var salt = world.Suite.Hash([section, key]);
                tree.Put(section, [key], [value], salt);
                naive.Put(section, [key], [value], salt.ToBytes());
            }

            var root = Hash256.Read(naive.Root());
            for (byte section = 1; section <= 3; section++)
            {
                for (byte key = 0; key < 12; key++)
                {
                    byte? has = held.TryGetValue((section, key), out var value) ? value : null;
                    var claim = new StateClaim(section, new(new[] { key }), has is { } there ? new ByteString(new[] { there }) : null, tree.Prove(section, [key]));
                    if (claim.Disagrees(world.Suite, root) is not null) return false;
                    if ((claim with { Value = has is null ? new ByteString(new byte[] { 1 }) : null }).Disagrees(world.Suite, root) is null) return false;
                    if ((claim with { Value = new ByteString(new[] { (byte)((has ?? 0) ^ 1) }) }).Disagrees(world.Suite, root) is null) return false;
                    if ((claim with { Key = new(new[] { (byte)(key + 100) }) }).Disagrees(world.Suite, root) is null && has is not null) return false;
                }
            }

            return true;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_golden_file_is_what_the_frozen_chain_proves()
    {
        var story = GoldenStory.Of("ledger");
        var genesis = Genesis.Read(story.Frozen(FolderLayout.Genesis), KnownSuites.Find, out _)!;
        var audit = new ChainAudit(genesis, verifySignatures: false);
        foreach (var name in story.SegmentNames) Assert.Null(audit.Read(name, story.Frozen(name)));
        var frozen = Assert.IsType<FrozenLedger>(audit.Fold.TryFreeze(audit.Covered!));
        var held = frozen.State.AllInstruments.OrderBy(static one => one.Id).First(one => frozen.State.Tokens(one.Id) is not null);
        var document = frozen.State.AllDocuments.MinBy(static one => one.Id)!;

        var octets = frozen.Prove(
        [
            Tables.Instruments.RecordOf(frozen.State, held.Id), Tables.Instruments.RecordOf(frozen.State, new(1)),
            .. frozen.State.Tokens(held.Id)!.Span.ToArray().Select(token => Tables.Tokens.RecordOf(held.Id, token)),
            Tables.Documents.RecordOf(frozen.State, document.Id), Tables.Fingerprints.RecordOf(frozen.State, document.Fingerprints[0]), Tables.Fingerprints.RecordOf(frozen.State, Unused),
        ]).Write();

        // Written anew where the protocol is meant to change, as the stories are.
        var path = Path.Combine(story.Folder, "state-proof.golden");
        if ((Environment.GetEnvironmentVariable("LEDGER_FREEZE") ?? "").Split(',').Contains("ledger")) File.WriteAllBytes(path, octets);
        Assert.Equal(File.ReadAllBytes(path), octets);
        Assert.True(StateProofFile.Read(octets, out _)?.Verify(genesis.Chain.Suite, genesis.Policy).IsTrue);
    }

    static Arbitrary<(byte Section, byte Key, byte Value)[]> Records { get; } = (
        from section in Gen.Choose(1, 3)
        from key in Gen.Choose(0, 11)
        from value in Gen.Choose(0, 255)
        select ((byte)section, (byte)key, (byte)value)).ArrayOf().ToArbitrary();

    StateProofFile Proof(params StateRecord[] records) =>
        Assert.IsType<FrozenLedger>(world.Fold.TryFreeze(world.NoteOf(world.Fold.Checkpoint, world.State.Validators.Take(Quorum.SizeOf(world.State.Validators.Count()))))).Prove(records);

    StateRecord Token(PartyId holder) => Tables.Tokens.RecordOf(note, world.Tokens(note).First(token => token.Holder == holder));

    static Id<Document>? Read(StateRecord record) =>
        Tables.Fingerprints.TryReadKey(record.Key.Memory, out var fingerprint) && Tables.Fingerprints.TryRead(fingerprint, record.Value!.Value.Memory, out var document) ? document : null;

    static StateProofFile Reread(StateProofFile proof)
    {
        var read = StateProofFile.Read(proof.Write(), out var fault);
        Assert.Null(fault);
        Assert.Equal(proof, read);
        return read!;
    }

    static StateProofFault? FaultOf(string text)
    {
        Assert.Null(StateProofFile.Read(Encoding.UTF8.GetBytes(text), out var fault));
        return fault;
    }
}
