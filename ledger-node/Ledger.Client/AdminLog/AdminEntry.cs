using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ledger.Client.Signing;
using Ledger.Core.Primitives;

namespace Ledger.Client.AdminLog;

/// <summary>
/// One act of an operator, as a line of the admin log: who did what, when, to what end. <paramref name="Previous"/> is the SHA-256 of the line before,
/// in lower-case hexadecimal, zeros for the first: a line that is changed, moved or taken out breaks every later one.
/// </summary>
public sealed record AdminEntry(ulong Number, long At, string Who, string Act, string Detail, string Result, string Previous)
{
    /// <summary>What stands where no line came before.</summary>
    public const string First = "0000000000000000000000000000000000000000000000000000000000000000";

    /// <summary>The act by which a node says, in its detail, with which key the lines behind it are signed.</summary>
    public const string NextKey = "log.key";

    static ReadOnlySpan<byte> Prefix => "ledger-admin-log-v1\n"u8;

    /// <summary>
    /// The line without its end: the entry as JSON, a tab, and the node key's signature in base64url over a prefix of its own and the JSON's octets. The
    /// octets that were signed are those that stand there.
    /// </summary>
    public byte[] Write(Func<byte[], byte[]> sign)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(this, AdminJson.Default.AdminEntry);
        var signature = Base64Url.Encode(sign(Signed(json)));
        return [.. json, (byte)'\t', .. Encoding.ASCII.GetBytes(signature)];
    }

    /// <summary>Reads a line; <paramref name="verify"/> is asked whether the signature is the node key's.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, Func<byte[], byte[], bool> verify, [NotNullWhen(true)] out AdminEntry? entry)
    {
        entry = null;
        var tab = line.IndexOf((byte)'\t');
        if (tab < 0 || !Base64Url.TryDecode(Encoding.ASCII.GetString(line[(tab + 1)..]), out var signature)) return false;
        var json = line[..tab].ToArray();
        return StrictJson.TryRead(json, AdminJson.Default.AdminEntry, out entry) && entry.At is >= 0 and <= Timestamp.MaxUnixMilliseconds && verify(Signed(json), signature);
    }

    /// <summary>How the next line names this one.</summary>
    public static string HashOf(ReadOnlySpan<byte> line) => Convert.ToHexStringLower(SHA256.HashData(line));

    static byte[] Signed(byte[] json) => [.. Prefix, .. json];
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    AllowDuplicateProperties = false,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(AdminEntry))]
sealed partial class AdminJson : JsonSerializerContext;
