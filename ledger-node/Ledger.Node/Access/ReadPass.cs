using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Node.Access;

/// <summary>What a pass is for. One of the first kind can be shown again until it ends, one of the second begins one session of the console.</summary>
public enum PassUse
{
    Read,
    Session,
}

/// <summary>
/// A short pass to read, signed with a party's own ledger key: a JWT (RFC 7519) in JWS compact form. It is read strictly: exactly the members below,
/// each once. Its times are of the world's clock and not the ledger's.
/// </summary>
public sealed record ReadPass(KeyId Key, PartyId? OnBehalfOf, string Id, long Issued, long Expires)
{
    public const string Scheme = "Bearer";

    /// <summary>Three parts of some hundred characters; whatever is longer is no pass.</summary>
    public const int MaxLength = 1_024;

    /// <summary>The type that the header names: a pass for the one use is none for the other.</summary>
    public static string TypeOf(PassUse use) => use switch
    {
        PassUse.Read => "ledger-read+jwt",
        PassUse.Session => "ledger-session+jwt",
    };

    /// <summary>A session outlives its pass by hours, so its pass is made when it is wanted and not before.</summary>
    public static int MaxSecondsOf(PassUse use) => use switch
    {
        PassUse.Read => 300,
        PassUse.Session => 60,
    };

    /// <summary>By how much two clocks may differ.</summary>
    public const int SkewSeconds = 30;

    /// <summary>For whom a pass is made: one chain, at the node of one bank.</summary>
    public static string AudienceOf(Hash256 chain, PartyId bank) => $"{chain}/{bank}";

    /// <summary>The key that a pass says it is of, which nobody has verified yet; null where it says none.</summary>
    public static KeyId? KeyNamedBy(string text) =>
        text.Length <= MaxLength && text.IndexOf('.', StringComparison.Ordinal) is > 0 and var end && TryDecode(text[..end], PassJson.Default.PassHeader, out var head)
        && KeyId.TryParse(head.Kid, out var kid) ? kid : null;

    /// <summary>Reads and verifies a pass, or says why it lets nobody in. <paramref name="now"/> is in unix seconds.</summary>
    public static bool TryRead(
        string text, PassUse use, LedgerState state, PartyId bank, long now, [NotNullWhen(true)] out ReadPass? pass, out Refusal refusal, out string? reason)
    {
        pass = null;
        reason = null;
        refusal = Refusal.PassMalformed;
        if (text.Length > MaxLength || text.Split('.') is not [var header, var payload, var signature])
        {
            reason = text.Length > MaxLength ? "length" : "compact serialization";
            return false;
        }

        if (!TryDecode(header, PassJson.Default.PassHeader, out var head) || !KeyId.TryParse(head.Kid, out var kid))
        {
            reason = "header";
            return false;
        }

        if (!TryDecode(payload, PassJson.Default.PassClaims, out var claims) || !Id<ReadPass>.TryParse(claims.Jti, out _))
        {
            reason = "claims";
            return false;
        }

        if (!Base64Url.TryDecode(signature, out var signed))
        {
            reason = "signature";
            return false;
        }

        PartyId? principal = null;
        if (claims.Sub is { Length: > 0 } sub)
        {
            if (!PartyId.TryParse(sub, out var named) || named == kid.Party)
            {
                reason = "sub";
                return false;
            }

            principal = named;
        }

        refusal = Judge(head, claims, use, kid, state, bank, now);
        if (refusal != Refusal.None) return false;
        if (!state.Chain.Suite.Verify(state.Key(kid)!.PublicKey, Encoding.ASCII.GetBytes($"{header}.{payload}"), signed))
        {
            refusal = Refusal.PassSignatureInvalid;
            return false;
        }

        pass = new(kid, principal, claims.Jti, claims.Iat, claims.Exp);
        return true;
    }

    static Refusal Judge(PassHeader head, PassClaims claims, PassUse use, KeyId kid, LedgerState state, PartyId bank, long now)
    {
        if (head.Typ != TypeOf(use) || head.Alg != state.Chain.Suite.Name) return Refusal.PassAlgorithmWrong;
        if (claims.Aud != AudienceOf(state.Chain.ChainId, bank)) return Refusal.PassForAnother;
        if (claims.Iat < 0 || claims.Exp <= claims.Iat || claims.Exp - claims.Iat > MaxSecondsOf(use)) return Refusal.PassLivesTooLong;

        // Sums of what a caller wrote could leave the range of numbers; sums of the clock cannot.
        if (claims.Exp <= now - SkewSeconds) return Refusal.PassExpired;
        if (claims.Iat > now + SkewSeconds) return Refusal.PassNotYetValid;
        return KeyIsGood(state, kid) ? Refusal.None : Refusal.PassKeyUnknown;
    }

    /// <summary>A key that signs for its party now; a party whose keys are reported lost or that is suspended still may read what it could.</summary>
    public static bool KeyIsGood(LedgerState state, KeyId kid) => state.Key(kid) is { Use: KeyUse.Signing } key && key.IsValidAt(state.Now);

    static bool TryDecode<T>(string part, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, [NotNullWhen(true)] out T? value)
        where T : class
    {
        value = null;
        if (!Base64Url.TryDecode(part, out var bytes)) return false;
        try
        {
            value = JsonSerializer.Deserialize(bytes, type);
        }
        catch (JsonException)
        {
            return false;
        }

        return value is not null;
    }
}

/// <summary>The protected header: exactly these members.</summary>
sealed record PassHeader(string Alg, string Kid, string Typ);

/// <summary>The claims: exactly these members, <c>sub</c> only where the pass is used for a principal.</summary>
sealed record PassClaims(string Aud, long Iat, long Exp, string Jti, string Sub = "");

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    AllowDuplicateProperties = false,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(PassHeader))]
[JsonSerializable(typeof(PassClaims))]
sealed partial class PassJson : JsonSerializerContext;
