using System.Security.Cryptography;
using System.Text;
using Ledger.Client.Signing;
using Ledger.Core.Primitives;
using Ledger.Node.Access;

namespace Ledger.Tests.Access;

/// <summary>A pass that begins a session of the console, as the browser signs it.</summary>
static class SessionPass
{
    public static string Issue(SigningKey key, KeyId kid, Hash256 chain, PartyId bank)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var header = $$"""{"alg":"{{key.Suite.Name}}","kid":"{{kid}}","typ":"{{ReadPass.TypeOf(PassUse.Session)}}"}""";
        var claims = $$"""{"aud":"{{ReadPass.AudienceOf(chain, bank)}}","iat":{{now}},"exp":{{now + 60}},"jti":"{{Base64Url.Encode(RandomNumberGenerator.GetBytes(16))}}"}""";
        var signed = $"{Base64Url.Encode(Encoding.UTF8.GetBytes(header))}.{Base64Url.Encode(Encoding.UTF8.GetBytes(claims))}";
        return $"{signed}.{Base64Url.Encode(key.Sign(Encoding.ASCII.GetBytes(signed)))}";
    }
}
