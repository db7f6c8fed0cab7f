using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Wire;

/// <summary>
/// A transaction's one exact text: <c>{"payload":"…","signatures":[{"protected":"…","signature":"…"}]}</c>, a JWS (RFC 7515) without white space,
/// signatures ascending by key id. Reading checks syntax, chain and that exactly the announced signatures are there; it verifies none of them.
/// </summary>
public static class TransactionText
{
    /// <summary>A leaf holds at most 65,535 bytes, five of which say what became of the transaction.</summary>
    public const int MaxSize = 65_530;

    public const int MaxSigners = 16;

    const int LongestKey = 30;

    /// <summary>Reads a transaction, or says what is wrong with it. The bytes must not change afterwards.</summary>
    public static SignedTransaction? Read(ReadOnlyMemory<byte> bytes, CryptoSuite suite, Hash256 chain, out Verdict.Refused? refused)
    {
        SignedTransaction? read = null;
        refused = Refused(() => read = ReadText(bytes, suite, chain, isWhole: true).Signed);
        return read;
    }

    /// <summary>
    /// Reads a text under which signatures may be missing that its headers announce, and no others; at least one is there. All else is as strict as of a whole one.
    /// </summary>
    public static SignedInPart? ReadInPart(ReadOnlyMemory<byte> bytes, CryptoSuite suite, Hash256 chain, out Verdict.Refused? refused)
    {
        SignedInPart? read = null;
        refused = Refused(() => read = ReadText(bytes, suite, chain, isWhole: false));
        return read;
    }

    /// <summary>
    /// The text with the signatures of both, of each signer the first one's. Both are of one payload and announce the same signers.
    /// </summary>
    /// <exception cref="ArgumentException">They do not.</exception>
    public static byte[] Join(SignedInPart one, SignedInPart other)
    {
        if (!one.IsOfSame(other)) throw new ArgumentException("Two payloads are no one transaction.", nameof(other));
        var parts = new SortedDictionary<KeyId, SignedPart>();
        foreach (var (signer, part) in one.Parts.Concat(other.Parts)) parts.TryAdd(signer, part);

        var text = new StringBuilder("{\"payload\":\"");
        var begun = false;
        foreach (var part in parts.Values)
        {
            var (header, payload) = Halves(part);
            text.Append(begun ? "," : $"{payload}\",\"signatures\":[").Append($"{{\"protected\":\"{header}\",\"signature\":\"{part.Signature}\"}}");
            begun = true;
        }

        return Encoding.ASCII.GetBytes(text.Append("]}").ToString());
    }

    /// <summary>The payload's octets as they were signed.</summary>
    public static byte[] PayloadOf(SignedTransaction transaction) => Base64Url.TryDecode(Halves(transaction.Parts[0]).Payload, out var payload) ? payload : throw new UnreachableException();

    public static byte[] WritePayload(Transaction transaction) => JsonSerializer.SerializeToUtf8Bytes(transaction, WireJson.TypeInfo<Transaction>());

    public static byte[] WriteHeader(ProtectedHeader header) => JsonSerializer.SerializeToUtf8Bytes(header, WireJson.TypeInfo<ProtectedHeader>());

    static Verdict.Refused? Refused(Action read)
    {
        try
        {
            read();
            return null;
        }
        catch (RefusedException no)
        {
            return no.Refused;
        }
        catch (JsonException wrong)
        {
            return new(Refusal.Malformed, new(Reason: Say(wrong)));
        }
        catch (NotSupportedException)
        {
            // The serializer's word for an operation that does not say its kind first.
            return new(Refusal.Malformed, new(Reason: "kind"));
        }
    }

    static SignedInPart ReadText(ReadOnlyMemory<byte> bytes, CryptoSuite suite, Hash256 chain, bool isWhole)
    {
        if (bytes.Length > MaxSize) throw new RefusedException(Refusal.TooLarge);
        var text = new Scanner(bytes.Span);
        text.Expect("{\"payload\":\"");
        var payload = text.UntilQuote();
        text.Expect("\",\"signatures\":[");

        var signers = new List<KeyId>();
        var parts = new List<SignedPart>();
        ValueList<KeyId>? announced = null;
        do
        {
            text.Expect("{\"protected\":\"");
            var header = text.UntilQuote();
            text.Expect("\",\"signature\":\"");
            var signature = text.UntilQuote();
            text.Expect("\"}");

            var read = ReadHeader(Decode(header), suite, chain);
            if (signers.Count == MaxSigners || (signers.Count > 0 && signers[^1].CompareTo(read.Kid) >= 0) || (announced ??= read.Signers) != read.Signers)
                throw new RefusedException(Refusal.SignersDiffer);
            signers.Add(read.Kid);
            parts.Add(new(new ByteString(SigningInput(header, payload)), new ByteString(Decode(signature))));
        }
        while (text.Accept(","));
        text.Expect("]}");
        if (!text.IsAtEnd) throw new RefusedException(Refusal.Malformed, "trailing bytes");
        ValueList<KeyId> all = announced ?? [];
        if (isWhole ? all != (ValueList<KeyId>)[.. signers] : !IsAnnouncement(all) || signers.Exists(signer => !all.Contains(signer))) throw new RefusedException(Refusal.SignersDiffer);

        var body = Decode(payload);
        var transaction = JsonSerializer.Deserialize(body, WireJson.TypeInfo<Transaction>()) ?? throw new RefusedException(Refusal.Malformed, "null");
        if (transaction.Operations.Count == 0) throw new RefusedException(Refusal.NoOperations);
        return new(new(transaction, bytes, suite.Hash(bytes.Span), suite.Hash(body), [.. signers], [.. parts]), all);
    }

    // As the signatures will stand once they are all there.
    static bool IsAnnouncement(ValueList<KeyId> all)
    {
        for (var i = 1; i < all.Count; i++)
        {
            if (all[i - 1].CompareTo(all[i]) >= 0) return false;
        }

        return all.Count <= MaxSigners;
    }

    static ProtectedHeader ReadHeader(byte[] json, CryptoSuite suite, Hash256 chain)
    {
        if (ReadUsualHeader(json, suite, chain) is { } usual) return usual;
        var header = JsonSerializer.Deserialize(json, WireJson.TypeInfo<ProtectedHeader>()) ?? throw new RefusedException(Refusal.Malformed, "null");
        if (header.Typ != ProtectedHeader.TransactionType) throw new RefusedException(Refusal.Malformed, "typ");
        if (header.Chain != chain) throw new RefusedException(Refusal.WrongChain);
        if (header.Alg != suite.Name) throw new RefusedException(Refusal.WrongAlgorithm);
        return header;
    }

    // One signer's header as WriteHeader spells it, which nearly all are: a fifth of the time that reading a transaction takes would go into the
    // strict reader's work on it. Whatever is spelled otherwise, or is wrong, is for that reader.
    static ProtectedHeader? ReadUsualHeader(ReadOnlySpan<byte> json, CryptoSuite suite, Hash256 chain)
    {
        var text = new Scanner(json);
        return text.Accept("{\"alg\":\"") && text.Accept(suite.Name)
            && text.Accept("\",\"kid\":\"") && text.TryUntilQuote(out var kid) && TryReadKey(kid, out var key)
            && text.Accept("\",\"typ\":\"") && text.Accept(ProtectedHeader.TransactionType)
            && text.Accept("\",\"chain\":\"") && text.TryUntilQuote(out var hash) && IsHash(hash, chain)
            && text.Accept("\",\"signers\":[\"") && text.TryUntilQuote(out var signer) && signer.SequenceEqual(kid)
            && text.Accept("\"]}") && text.IsAtEnd
            ? new(suite.Name, key, ProtectedHeader.TransactionType, chain, [key])
            : null;
    }

    static bool TryReadKey(ReadOnlySpan<byte> ascii, out KeyId key)
    {
        key = default;
        Span<char> text = stackalloc char[LongestKey];
        return ascii.Length <= LongestKey && Ascii.ToUtf16(ascii, text, out var length) == OperationStatus.Done && KeyId.TryParse(text[..length], out key);
    }

    static bool IsHash(ReadOnlySpan<byte> hex, Hash256 wanted)
    {
        Span<char> text = stackalloc char[2 * Hash256.Size];
        return hex.Length == text.Length && Ascii.ToUtf16(hex, text, out _) == OperationStatus.Done && Hash256.TryParse(text, out var hash) && hash == wanted;
    }

    // RFC 7515 section 5.1: the two texts as they came, joined by a dot.
    static byte[] SigningInput(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        var input = new byte[header.Length + 1 + payload.Length];
        header.CopyTo(input);
        input[header.Length] = (byte)'.';
        payload.CopyTo(input.AsSpan(header.Length + 1));
        return input;
    }

    // What SigningInput put together.
    static (string Header, string Payload) Halves(SignedPart part)
    {
        var input = Encoding.ASCII.GetString(part.Message.Span);
        var dot = input.IndexOf('.', StringComparison.Ordinal);
        return (input[..dot], input[(dot + 1)..]);
    }

    static byte[] Decode(ReadOnlySpan<byte> base64Url) =>
        Base64Url.TryDecode(base64Url, out var bytes) ? bytes : throw new RefusedException(Refusal.Malformed, "base64url");

    // The framework's message may hold what the client sent; the path says where to look without repeating it.
    static string Say(JsonException wrong)
    {
        var where = wrong.Path is { Length: > 0 } path ? path : "JSON";
        return wrong is HiddenTextException ? $"{where}: 不可见字符 invisible character" : where;
    }

    /// <summary>Leaves the reader at the first thing that is wrong; it never passes this room's door.</summary>
    sealed class RefusedException(Refusal refusal, string? reason = null) : Exception
    {
        public Verdict.Refused Refused { get; } = new(refusal, new(Reason: reason));
    }

    ref struct Scanner(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> rest = bytes;

        public readonly bool IsAtEnd => rest.IsEmpty;

        public void Expect(ReadOnlySpan<char> text)
        {
            if (!Accept(text)) throw new RefusedException(Refusal.Malformed, $"expected {text}");
        }

        public bool Accept(ReadOnlySpan<char> text)
        {
            if (rest.Length < text.Length || !Ascii.Equals(rest[..text.Length], text)) return false;
            rest = rest[text.Length..];
            return true;
        }

        public ReadOnlySpan<byte> UntilQuote() =>
            TryUntilQuote(out var text) ? text : throw new RefusedException(Refusal.Malformed, "unended string");

        public bool TryUntilQuote(out ReadOnlySpan<byte> text)
        {
            var quote = rest.IndexOf((byte)'"');
            text = quote < 0 ? default : rest[..quote];
            rest = rest[text.Length..];
            return quote >= 0;
        }
    }
}
