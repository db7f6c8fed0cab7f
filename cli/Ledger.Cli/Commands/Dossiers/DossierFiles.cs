using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Ledger.Core.Chain;
using Ledger.Core.Crypto;

namespace Ledger.Cli.Commands.Dossiers;

/// <summary>The files of a dossier by their names. The archive depends on nothing else: names in order, no time, nothing compressed.</summary>
sealed class DossierFiles
{
    static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
    static readonly byte[] Ed25519Head = Convert.FromHexString("302A300506032B6570032100");

    readonly SortedDictionary<string, byte[]> files = new(StringComparer.Ordinal);
    readonly Dictionary<string, string> notes = new(StringComparer.Ordinal);

    public void Add(string name, byte[] octets) => files.Add(name, octets);

    public void Add(string name, string text) => Add(name, Encoding.UTF8.GetBytes(text));

    /// <summary>A checkpoint with the lines that are believed, taken apart so that OpenSSL can check them; once, however many receipts stand under it.</summary>
    public void Add(Note note, IEnumerable<VKey> signers)
    {
        if (notes.ContainsKey(note.ToString())) return;
        var folder = $"checkpoints/{note.Checkpoint.Size}" + (files.ContainsKey($"checkpoints/{note.Checkpoint.Size}/note") ? $"-{notes.Count}" : "");
        notes[note.ToString()] = folder;
        var text = note.Checkpoint.SignedBytes();
        Add($"{folder}/note", note.Write());
        Add($"{folder}/text", text);
        foreach (var key in signers)
        {
            var line = note.Signatures.First(one => one.KeyId == key.KeyId && one.KeyName == key.Name).Signature;
            if (key.Kind == VKeyKind.P256)
            {
                Add($"{folder}/{key.KeyId:x8}.der", line.Span.ToArray());
                AddKey(key, P256Suite.SubjectPublicKeyInfo(key.PublicKey.Span));
            }
            else if (key.Kind == VKeyKind.Ed25519Cosignature && Cosignature.TryRead(line.Span, out var word))
            {
                Add($"{folder}/{key.KeyId:x8}.message", Cosignature.SignedBytes(text, word.UnixSeconds));
                Add($"{folder}/{key.KeyId:x8}.signature", word.Signature.Span.ToArray());
                AddKey(key, [.. Ed25519Head, .. key.PublicKey.Span]);
            }
        }
    }

    public byte[] Zip()
    {
        using var made = new MemoryStream();
        using (var zip = new ZipArchive(made, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, octets) in files)
            {
                var entry = zip.CreateEntry(name, CompressionLevel.NoCompression);
                entry.LastWriteTime = NoTime;
                using var into = entry.Open();
                into.Write(octets);
            }
        }

        return made.ToArray();
    }

    void AddKey(VKey key, byte[] subjectPublicKeyInfo)
    {
        files[$"keys/{key.KeyId:x8}.pem"] = Encoding.ASCII.GetBytes(PemEncoding.WriteString("PUBLIC KEY", subjectPublicKeyInfo) + "\n");
        files[$"keys/{key.KeyId:x8}.vkey"] = Encoding.UTF8.GetBytes($"{key}\n");
    }
}
