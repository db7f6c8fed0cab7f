using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Ledger.Core.Primitives;

namespace Ledger.Core.Chain;

/// <summary>A signature line of a note: who signed, by name and four bytes of key id, and the signature in the form of that key's type.</summary>
public readonly record struct NoteSignature(string KeyName, uint KeyId, ByteString Signature)
{
    const string Dash = "\u2014 ";
    const int KeyIdSize = 4;

    public override string ToString()
    {
        var bytes = new byte[KeyIdSize + Signature.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, KeyId);
        Signature.Span.CopyTo(bytes.AsSpan(KeyIdSize));
        return $"{Dash}{KeyName} {Convert.ToBase64String(bytes)}";
    }

    public static bool TryParse(ReadOnlySpan<char> line, out NoteSignature signature)
    {
        signature = default;
        if (!line.StartsWith(Dash, StringComparison.Ordinal)) return false;

        var rest = line[Dash.Length..];
        var space = rest.IndexOf(' ');
        if (space < 0 || !NoteSyntax.IsKeyName(rest[..space])) return false;
        if (!NoteSyntax.TryDecodeBase64(rest[(space + 1)..], out var bytes) || bytes.Length <= KeyIdSize) return false;

        signature = new(rest[..space].ToString(), BinaryPrimitives.ReadUInt32BigEndian(bytes), new(bytes.AsMemory(KeyIdSize)));
        return true;
    }
}

/// <summary>A checkpoint with signatures (C2SP signed-note). What they are worth is for a <see cref="TrustPolicy"/> to say.</summary>
public sealed record Note(Checkpoint Checkpoint, ValueList<NoteSignature> Signatures)
{
    /// <summary>Four times what C2SP asks of every verifier; more would only cost the verifier time.</summary>
    public const int MaxSignatures = 64;

    public byte[] Write() => Encoding.UTF8.GetBytes(ToString());

    public override string ToString()
    {
        var text = new StringBuilder(Checkpoint.Text).Append('\n');
        foreach (var signature in Signatures) text.Append(signature.ToString()).Append('\n');
        return text.ToString();
    }

    public static bool TryParse(ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out Note? note)
    {
        note = null;
        return NoteSyntax.TryDecodeText(utf8, out var text) && TryParse(text, out note);
    }

    internal static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out Note? note)
    {
        note = null;

        // A checkpoint's text has no empty line, so the first one is the last: what follows is signatures.
        var textEnd = text.IndexOf("\n\n", StringComparison.Ordinal) + 1;
        if (textEnd == 0 || !text.EndsWith('\n') || !Checkpoint.TryParseText(text[..textEnd], out var checkpoint)) return false;

        var signatures = new List<NoteSignature>();
        for (var rest = text[(textEnd + 1)..]; !rest.IsEmpty;)
        {
            var lineEnd = rest.IndexOf('\n');
            if (signatures.Count == MaxSignatures || !NoteSignature.TryParse(rest[..lineEnd], out var signature)) return false;
            signatures.Add(signature);
            rest = rest[(lineEnd + 1)..];
        }

        if (signatures.Count == 0) return false;
        note = new(checkpoint, [.. signatures]);
        return true;
    }
}
