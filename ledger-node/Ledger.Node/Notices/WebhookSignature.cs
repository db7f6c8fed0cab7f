using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ledger.Node.Notices;

/// <summary>
/// The signature of a delivery as Standard Webhooks has it: HMAC-SHA256 over <c>id.timestamp.body</c> under the subscriber's secret, written
/// <c>v1,</c> and base64. While a secret is being replaced both sign, with a space between.
/// </summary>
static class WebhookSignature
{
    public const string SecretPrefix = "whsec_";

    /// <summary>Between 24 and 64 octets by the standard.</summary>
    const int SecretSize = 32;

    public static string NewSecret() => SecretPrefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretSize));

    public static string Sign(IEnumerable<string> secrets, string id, long unixSeconds, ReadOnlySpan<byte> body)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{unixSeconds}.")), .. body];
        return string.Join(' ', secrets.Select(secret => "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret[SecretPrefix.Length..]), signed))));
    }
}
