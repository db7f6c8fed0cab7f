using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json.Serialization;
using Ledger.Core.Primitives;

namespace Ledger.Client.Signing;

/// <summary>
/// The exact text of a transaction: a JWS (RFC 7515) in general JSON form, without white space, signatures ascending by key id. Every protected
/// header names all signers, so who signs is settled before anybody signs.
/// </summary>
public static class Jws
{
    public static byte[] Sign(ReadOnlySpan<byte> payload, Hash256 chain, IReadOnlyList<(KeyId Kid, SigningKey Key)> signers) =>
        SignInPart(payload, chain, signers, []);

    /// <summary>Signs for some of those who sign: <paramref name="others"/> are announced with them, and sign later, elsewhere.</summary>
    public static byte[] SignInPart(ReadOnlySpan<byte> payload, Hash256 chain, IReadOnlyList<(KeyId Kid, SigningKey Key)> signers, IEnumerable<KeyId> others)
    {
        var kids = Ascending(signers.Select(signer => signer.Kid).Concat(others));
        var encodedPayload = Base64Url.Encode(payload);
        var parts = signers.OrderBy(signer => signer.Kid).Select(signer =>
        {
            var header = ProtectedHeader(signer.Kid, kids, signer.Key.Suite.Name, chain);
            return new JwsSignature(header, Base64Url.Encode(signer.Key.Sign(Encoding.ASCII.GetBytes($"{header}.{encodedPayload}"))));
        });
        return Write(encodedPayload, parts);
    }

    /// <summary>What the holder of <paramref name="kid"/> signs when the signers' keys are in different places.</summary>
    public static byte[] SigningInput(KeyId kid, IEnumerable<KeyId> signers, ReadOnlySpan<byte> payload, string suiteName, Hash256 chain) =>
        Encoding.ASCII.GetBytes($"{ProtectedHeader(kid, Ascending(signers), suiteName, chain)}.{Base64Url.Encode(payload)}");

    /// <summary>Puts together the signatures that were made over <see cref="SigningInput"/>, from exactly the signers that it named.</summary>
    public static byte[] Assemble(
        ReadOnlySpan<byte> payload, string suiteName, Hash256 chain, IReadOnlyList<(KeyId Kid, ByteString Signature)> parts)
    {
        var kids = Ascending(parts.Select(part => part.Kid));
        return Write(
            Base64Url.Encode(payload),
            parts.OrderBy(part => part.Kid).Select(part =>
                new JwsSignature(ProtectedHeader(part.Kid, kids, suiteName, chain), part.Signature.ToString())));
    }

    /// <summary>
    /// Turns any JOSE library's general or flattened JSON into the exact text; the signed octets stay as they are. False for anything else: an
    /// unprotected header, other members, a key id that is missing, not one of the ledger's or there twice.
    /// </summary>
    public static bool TryRearrange(ReadOnlySpan<byte> json, [NotNullWhen(true)] out byte[]? text)
    {
        text = null;
        if (!StrictJson.TryRead(json, StrictJson.Default.JwsText, out var jws) || !IsBase64Url(jws.Payload)) return false;

        IReadOnlyList<JwsSignature?> parts;
        if (jws is { Signatures: { Count: > 0 } several, Protected: null, Signature: null }) parts = several;
        else if (jws is { Signatures: null, Protected: { } header, Signature: { } signature }) parts = [new(header, signature)];
        else return false;

        var sorted = new SortedDictionary<KeyId, JwsSignature>();
        foreach (var part in parts)
        {
            if (part is null || !TryReadKid(part.Protected, out var kid) || !IsBase64Url(part.Signature) || !sorted.TryAdd(kid, part)) return false;
        }

        text = Write(jws.Payload, sorted.Values);
        return true;
    }

    static string ProtectedHeader(KeyId kid, IReadOnlyList<KeyId> signers, string suiteName, Hash256 chain)
    {
        if (!signers.Contains(kid)) throw new ArgumentException($"{kid} is not among the signers.", nameof(kid));

        // Key ids, suites and hashes hold no character that JSON would escape.
        var list = string.Join(',', signers.Select(signer => $"\"{signer}\""));
        return Base64Url.Encode(Encoding.ASCII.GetBytes(
            $$"""{"alg":"{{suiteName}}","kid":"{{kid}}","typ":"ledger-tx","chain":"{{chain}}","signers":[{{list}}]}"""));
    }

    static KeyId[] Ascending(IEnumerable<KeyId> kids)
    {
        KeyId[] sorted = [.. kids.Order()];
        if (sorted.Length == 0) throw new ArgumentException("A transaction has a signer.", nameof(kids));
        if (sorted.Distinct().Count() != sorted.Length) throw new ArgumentException("A key signs once.", nameof(kids));
        return sorted;
    }

    static byte[] Write(string payload, IEnumerable<JwsSignature> parts)
    {
        var signatures = string.Join(',', parts.Select(part => $$"""{"protected":"{{part.Protected}}","signature":"{{part.Signature}}"}"""));
        return Encoding.ASCII.GetBytes($$"""{"payload":"{{payload}}","signatures":[{{signatures}}]}""");
    }

    static bool TryReadKid(string header, out KeyId kid)
    {
        kid = default;
        return Base64Url.TryDecode(header, out var json)
            && StrictJson.TryRead(json, StrictJson.Default.KidHeader, out var read)
            && KeyId.TryParse(read.Kid, out kid);
    }

    static bool IsBase64Url(string text) => Base64Url.TryDecode(text, out _);
}

sealed record JwsText(string Payload, IReadOnlyList<JwsSignature?>? Signatures = null, string? Protected = null, string? Signature = null);

sealed record JwsSignature(string Protected, string Signature);

/// <summary>The one member that decides the order; the ledger judges the others.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
sealed record KidHeader(string Kid);
