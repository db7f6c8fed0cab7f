using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ledger.Core.Primitives;

namespace Ledger.Client.Signing;

/// <summary>
/// Passes to read at one node, signed with a party's own key (FORMATS): a JWT for that chain and that node's bank, good for five minutes. Name the node
/// that is meant and do not ask whoever answers: a pass that was made for another's word can be used by it at that other. Safe for many threads.
/// </summary>
public sealed class ReadPasses(SigningKey key, KeyId kid, Hash256 chain, PartyId nodeBank, PartyId? onBehalfOf, TimeProvider time)
{
    const int Seconds = 300;

    // A pass that is about to end might end on its way.
    const int Margin = 60;

    const int IdSize = 16;

    readonly Lock gate = new();
    string? current;
    long ends;

    /// <summary>Passes by which a party reads for itself.</summary>
    public ReadPasses(SigningKey key, KeyId kid, Hash256 chain, PartyId nodeBank)
        : this(key, kid, chain, nodeBank, onBehalfOf: null, TimeProvider.System)
    {
    }

    /// <summary>A pass that is good for at least another minute: the last one, or a new one where that has grown old.</summary>
    public string Current()
    {
        lock (gate)
        {
            var now = time.GetUtcNow().ToUnixTimeSeconds();
            if (current is { } good && now + Margin < ends) return good;
            ends = now + Seconds;
            return current = Issue(now);
        }
    }

    /// <summary>A new pass.</summary>
    public string Issue() => Issue(time.GetUtcNow().ToUnixTimeSeconds());

    string Issue(long now)
    {
        var header = $$"""{"alg":"{{key.Suite.Name}}","kid":"{{kid}}","typ":"ledger-read+jwt"}""";
        var id = Base64Url.Encode(RandomNumberGenerator.GetBytes(IdSize));
        var subject = onBehalfOf is { } principal ? $",\"sub\":\"{principal}\"" : "";
        var claims = string.Create(
            CultureInfo.InvariantCulture, $$"""{"aud":"{{chain}}/{{nodeBank}}","iat":{{now}},"exp":{{now + Seconds}},"jti":"{{id}}"{{subject}}}""");
        var signed = $"{Encode(header)}.{Encode(claims)}";
        return $"{signed}.{Base64Url.Encode(key.Sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    static string Encode(string json) => Base64Url.Encode(Encoding.UTF8.GetBytes(json));
}
