using Ledger.Core.Chain;
using Ledger.Core.Replay;
using Ledger.Suites;
using Ledger.Tests.Vectors;
using Ledger.Tests.Web;

namespace Ledger.Tests.Strangers;

/// <summary>A verifier in another language, written from docs/FORMATS.md, takes the proofs that we give and refuses them with an octet changed in any of their parts.</summary>
public sealed class ProofStrangerTests : IDisposable
{
    static readonly GoldenStory Story = GoldenStory.Of("ledger");

    readonly string folder = Directory.CreateTempSubdirectory("ledger-proofs-").FullName;

    public ProofStrangerTests() => File.WriteAllBytes(this["genesis"], Story.Frozen(FolderLayout.Genesis));

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Python_takes_the_frozen_state_proof_and_no_other_octets()
    {
        var good = Story.Frozen("state-proof");
        var proof = StateProofFile.Read(good, out _)!;

        var (code, said) = Run("state", good);
        if (code == Python.NotChecked) Python.Absent("Python has no tool for P-256 here.");
        Assert.True(code == Python.Verified, said);
        Assert.Equal(
            [$"height {proof.Header.Height}", .. proof.Claims.Select(static claim => $"{claim.Section} {Hex(claim.Key)} {(claim.Value is { } value ? Hex(value) : "absent")}")], said.Split('\n'));
        foreach (var changed in ChangedText.OneOctetOfEachWord(good)) Assert.Equal(Python.False, Run("state", changed).Code);
        Assert.Equal(Python.False, Run("state", [.. good, .. "more\n"u8]).Code);
    }

    [Fact]
    public void Python_takes_a_consistency_proof_between_frozen_checkpoints_and_no_other_octets()
    {
        var genesis = Genesis.Read(Story.Frozen(FolderLayout.Genesis), KnownSuites.Find, out _)!;
        var audit = new ChainAudit(genesis, verifySignatures: false);
        var notes = new List<Note>();
        audit.OnCheckpoint = notes.Add;
        foreach (var name in Story.SegmentNames) Assert.Null(audit.Read(name, Story.Frozen(name)));
        var (old, now) = (notes.First(static note => note.Checkpoint.Size > 2), notes[^1]);
        var good = new ConsistencyProof(old.Checkpoint.Size, [.. audit.Fold.History.ConsistencyProof(old.Checkpoint.Size, now.Checkpoint.Size)], now).Write();

        var (code, said) = Run("consistency", good, old);
        if (code == Python.NotChecked) Python.Absent("Python has no tool for P-256 here.");
        Assert.Equal((Python.Verified, $"{old.Checkpoint.Size} {now.Checkpoint.Size} {now.Checkpoint.Root}"), (code, said));
        foreach (var changed in ChangedText.OneOctetOfEachWord(good)) Assert.Equal(Python.False, Run("consistency", changed, old).Code);
    }

    (int Code, string Said) Run(string command, byte[] proof, Note? older = null)
    {
        File.WriteAllBytes(this["proof"], proof);
        if (older is not null) File.WriteAllBytes(this["older"], older.Write());
        return older is null ? Python.Start("proofs.py", command, this["genesis"], this["proof"]) : Python.Start("proofs.py", command, this["genesis"], this["older"], this["proof"]);
    }

    string this[string name] => Path.Combine(folder, name);

    static string Hex(Core.Primitives.ByteString octets) => Convert.ToHexStringLower(octets.Span);
}
