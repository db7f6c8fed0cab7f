using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ledger.Client.Files;
using Ledger.Core.Chain;
using Ledger.Core.Crypto;
using Ledger.Core.Finality;
using Ledger.Core.Primitives;

namespace Ledger.Node.Witnessing;

/// <summary>What a witness answers, with the media type of a body that is no plain text.</summary>
public sealed record WitnessAnswer(int Status, string Body = "", string MediaType = WitnessAnswer.Text)
{
    public const string Text = "text/plain; charset=utf-8";
    public const string Size = "text/x.tlog.size";
}

/// <summary>
/// Cosigns a checkpoint that a policy believes and that goes on from the one before (C2SP tlog-witness). What it cosigned is on disk before anybody is told, and it never cosigns a shorter history or another, whatever happened to the process between. One request
/// is judged after the other.
/// </summary>
public sealed class Witness(WitnessKey key, CryptoSuite suite, TrustPolicy policy, string folder, Action<string> say, TimeProvider time)
{
    /// <summary>No request is longer: a proof, and a note with as many signatures as one has.</summary>
    public const int MaxRequest = 64 * 1024;

    // More would prove nothing that these do not.
    const int MostSplitViews = 100;

    const string EvidenceFolder = "evidence";

    readonly Lock gate = new();

    /// <summary>Judges what was sent, and cosigns it.</summary>
    /// <exception cref="IOException">What would be cosigned could not be written; then nothing was.</exception>
    /// <exception cref="InvalidDataException">What was cosigned before cannot be read: then nothing more may be.</exception>
    public WitnessAnswer Add(ReadOnlySpan<byte> request)
    {
        if (!ConsistencyProof.TryParse(request, out var proof)) return new(400);
        var (note, checkpoint) = (proof.Newer, proof.Newer.Checkpoint);
        if (policy.Logs.All(log => log.Name != checkpoint.Origin)) return new(404);
        var signed = policy.Check(suite, note);
        if (signed.Verdict != TrustVerdict.Trusted) return new(403);
        if (proof.OldSize > checkpoint.Size) return new(400);

        lock (gate)
        {
            var before = Newest(checkpoint.Origin);
            var size = before?.Checkpoint.Size ?? 0;
            if (proof.OldSize != size) return new(409, string.Create(CultureInfo.InvariantCulture, $"{size}\n"), WitnessAnswer.Size);
            if (!GoesOn(before?.Checkpoint, proof))
            {
                if (before is not null && size == checkpoint.Size && before.Checkpoint.Root != checkpoint.Root) Keep(before, note);
                return new(422);
            }

            // One line of each that was believed: of a key that signed twice, a note that somebody padded has more than it can be read with.
            var line = key.Cosign(checkpoint, (ulong)time.GetUtcNow().ToUnixTimeSeconds());
            var kept = signed.Signers.Select(signer => note.Signatures.First(one => one.KeyId == signer.KeyId && one.KeyName == signer.Name)).Take(Note.MaxSignatures - 1);
            DurableFile.Write(PathOf(checkpoint.Origin), new Note(checkpoint, [.. kept, line]).Write());
            return new(200, line + "\n");
        }
    }

    /// <summary>The newest checkpoint that it cosigned of the origin with that hash, in hexadecimal; 404 where there is none.</summary>
    public WitnessAnswer Show(string originHash)
    {
        if (originHash.Length != 2 * Hash256.Size || !originHash.All(char.IsAsciiHexDigitLower)) return new(404);
        var path = Path.Combine(folder, WitnessKey.CosignedFolder, originHash);
        return File.Exists(path) ? new(200, Encoding.UTF8.GetString(BoundedFile.Read(path, MaxRequest))) : new(404);
    }

    bool GoesOn(Checkpoint? before, ConsistencyProof proof)
    {
        var now = proof.Newer.Checkpoint;
        if (now.Size == 0 && now.Root != MerkleHash.OfNothing(suite)) return false;
        if (before is null || before.Size == 0) return proof.Hashes.Count == 0;
        return Proofs.VerifyConsistency(suite, before.Size, now.Size, proof.Hashes.Span, before.Root, now.Root);
    }

    Note? Newest(string origin)
    {
        var path = PathOf(origin);
        if (!File.Exists(path)) return null;
        return Note.TryParse(BoundedFile.Read(path, MaxRequest), out var note) && note.Checkpoint.Origin == origin ? note : throw new InvalidDataException($"{path} is no checkpoint.");
    }

    // Two roots of one size under the banks' signatures: whoever asked showed it himself.
    void Keep(Note before, Note shown)
    {
        var view = new SplitView(null, new(time.GetUtcNow().ToUnixTimeMilliseconds()), shown, before, before.Checkpoint.Root, []);
        var inner = Path.Combine(folder, EvidenceFolder);
        var path = Path.Combine(inner, view.FileName(suite));
        if (File.Exists(path) || (Directory.Exists(inner) && Directory.EnumerateFiles(inner).Count() >= MostSplitViews)) return;
        OwnerOnly.CreateFolder(inner);
        DurableFile.Write(path, view.Write());
        say($"SPLIT VIEW: the banks signed two histories of {shown.Checkpoint.Size} leaves of {shown.Checkpoint.Origin}; {path} proves it (ledger verify evidence). 分叉：银行对同一长度签署了两份历史，证据已保存。");
    }

    string PathOf(string origin) => Path.Combine(folder, WitnessKey.CosignedFolder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(origin))));
}
