using System.Globalization;
using System.Text.Json;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Nouns;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Ledger.Node.Http;

/// <summary>
/// Refusals as problem details (RFC 9457): <c>type</c> is <c>urn:ledger:refusal:</c> and the permanent number, <c>title</c> its name, <c>detail</c>
/// and <c>detailZh</c> the sentences, <c>facts</c> what filled them.
/// </summary>
sealed class Problems(LedgerReader ledger)
{
    public const string MediaType = "application/problem+json";

    public static readonly Schema FactsSchema = Schema.Object(
        "Facts", Member.Amount("available").Optional, Member.Currency("currency").Optional,
        new("conflict", Schema.Object("Conflict", Member.Text("kind"), Member.Text("reference"), Member.Time("since").Optional), IsOptional: true),
        Member.Text("reference").Optional, Member.Text("reason").Optional);

    /// <summary>The members that every refusal has.</summary>
    public static Member[] Members =>
    [
        Member.Text("type"), Member.Text("title"), Member.Number("status"), Member.Text("detail").Optional, Member.Text("detailZh").Optional,
        Member.Number("code").Optional, new("facts", FactsSchema, IsOptional: true),
    ];

    public static readonly Schema Schema = Schema.Object("Problem", [.. Members, .. Schema.LedgerTime, Member.Text("traceId")]);

    public IResult Of(Refusal refusal, string? reason = null) => Of(refusal, new Facts(Reason: reason));

    public IResult Of(Refusal refusal, Facts facts) => new JsonAnswer(StatusOf(refusal), MediaType, (json, context) =>
    {
        json.WriteStartObject();
        WriteMembers(json, refusal, facts, StatusOf(refusal));
        json.LedgerTime(ledger, ledger.LedgerTime);
        json.WriteString("traceId", RequestId.Of(context));
        json.WriteEndObject();
    })
    {
        Challenge = ChallengeOf(refusal),
    };

    /// <summary>What is no refusal of the ledger's: the server's own error.</summary>
    public IResult OfStatus(int status) => new JsonAnswer(status, MediaType, (json, context) =>
    {
        json.WriteStartObject();
        json.WriteString("type", "about:blank");
        json.WriteString("title", ReasonPhrases.GetReasonPhrase(status));
        json.WriteNumber("status", status);
        json.LedgerTime(ledger, ledger.LedgerTime);
        json.WriteString("traceId", RequestId.Of(context));
        json.WriteEndObject();
    });

    /// <summary>The members that every refusal has.</summary>
    public void WriteMembers(Utf8JsonWriter json, Refusal refusal, Facts facts, int status)
    {
        json.WriteString("type", string.Create(CultureInfo.InvariantCulture, $"urn:ledger:refusal:{(ushort)refusal}"));
        json.WriteString("title", refusal.ToString());
        json.WriteNumber("status", status);
        WriteSentences(json, refusal, facts);
        json.WriteNumber("code", (ushort)refusal);
        if (facts != Facts.None) WriteFacts(json, facts);
    }

    public void WriteSentences(Utf8JsonWriter json, Refusal refusal, Facts facts)
    {
        json.WriteString("detail", Sentences.English(refusal, facts, Money, Time));
        json.WriteString("detailZh", Sentences.Chinese(refusal, facts, Money, Time));
    }

    public static int StatusOf(Refusal refusal) => refusal switch
    {
        Refusal.None => StatusCodes.Status200OK,
        Refusal.TooLarge or Refusal.BodyTooLarge or Refusal.FileTooLarge => StatusCodes.Status413PayloadTooLarge,
        Refusal.KeyUnknown or Refusal.SignatureInvalid => StatusCodes.Status401Unauthorized,
        (>= Refusal.PassMissing and <= Refusal.PassWithoutMandate) or Refusal.PassSpent => StatusCodes.Status401Unauthorized,
        Refusal.ClockNotSettable or Refusal.NotForThisRole or Refusal.NotAPeer or Refusal.ObservesOnly or Refusal.DraftNotByItsParty or Refusal.DraftNotOwn => StatusCodes.Status403Forbidden,
        Refusal.IdUsedForOther or Refusal.AlreadyAnswered or Refusal.NotYetFinal or Refusal.ClockGoesBack or Refusal.TooManyWebhooks or Refusal.DraftOfAnother or Refusal.TooManyDrafts or Refusal.DraftClosed or Refusal.NotYetWitnessed => StatusCodes.Status409Conflict,
        Refusal.NotFound => StatusCodes.Status404NotFound,
        Refusal.MethodNotAllowed => StatusCodes.Status405MethodNotAllowed,
        Refusal.MediaTypeWrong => StatusCodes.Status415UnsupportedMediaType,
        Refusal.QueryInvalid or Refusal.BodyInvalid => StatusCodes.Status400BadRequest,
        Refusal.TooManyRequests or Refusal.ChainQuotaUsed or Refusal.ReadQuotaUsed or Refusal.PledgeQuotaUsed => StatusCodes.Status429TooManyRequests,
        Refusal.NodeStopping or Refusal.ViewsNotReady or Refusal.OrderNotReached or Refusal.OrderBroken or Refusal.EpochEnded or Refusal.FinalityStalled or Refusal.ClockBehindLedger or Refusal.EpochKeyMissing => StatusCodes.Status503ServiceUnavailable,
        Refusal.StorageFull => StatusCodes.Status507InsufficientStorage,
        Refusal.DisclosuresMalformed => StatusCodes.Status400BadRequest,
        Refusal.DisclosuresNotKept or Refusal.WebhookNotKept or Refusal.DraftNotKept or Refusal.PledgeAskNotKept => StatusCodes.Status507InsufficientStorage,
        Refusal.NoPrivateStore or Refusal.NoAccessLog or Refusal.NoWebhooks or Refusal.NoDrafts or Refusal.NoPledgeShare or Refusal.NoCoseUnderSuite or Refusal.SignsNoReceipts or Refusal.AsksNoWitnesses => StatusCodes.Status501NotImplemented,
        Refusal.HostNotServed => StatusCodes.Status421MisdirectedRequest,
        _ => (ushort)refusal < 1500 ? StatusCodes.Status400BadRequest : StatusCodes.Status422UnprocessableEntity,
    };

    // RFC 6750 section 3: what kind of pass lets in, and that the one which came does not.
    string ChallengeOf(Refusal refusal) => refusal switch
    {
        Refusal.PassMissing => $"{ReadPass.Scheme} realm=\"{ledger.Genesis.Chain.ChainId}\"",
        > Refusal.PassMissing and <= Refusal.PassWithoutMandate =>
            $"{ReadPass.Scheme} realm=\"{ledger.Genesis.Chain.ChainId}\", error=\"invalid_token\", error_description=\"{(ushort)refusal} {refusal}\"",
        _ => "Ledger-Signature",
    };

    static void WriteFacts(Utf8JsonWriter json, Facts facts)
    {
        json.WriteStartObject("facts");
        if (facts.Available is { } available) json.Amount("available", available);
        json.Text("currency", facts.Currency?.Code);
        if (facts.Conflict is { } conflict)
        {
            json.WriteStartObject("conflict");
            json.WriteString("kind", JsonNamingPolicy.CamelCase.ConvertName(conflict.Kind));
            json.WriteString("reference", conflict.Reference);
            json.Time("since", conflict.Since);
            json.WriteEndObject();
        }

        json.Text("reference", facts.Reference);
        json.Text("reason", facts.Reason);
        json.WriteEndObject();
    }

    // With its code and not a sign, which two currencies share; a bare number of units where no currency was told.
    static string Money(Amount amount, Currency? currency)
    {
        if (currency is not { } known) return amount.ToString();
        var digits = amount.ToString().PadLeft(known.MinorDigits + 1, '0');
        var whole = ulong.Parse(digits.AsSpan(0, digits.Length - known.MinorDigits), NumberFormatInfo.InvariantInfo).ToString("#,##0", NumberFormatInfo.InvariantInfo);
        return known.MinorDigits == 0 ? $"{known.Code} {whole}" : $"{known.Code} {whole}.{digits[^known.MinorDigits..]}";
    }

    // In the chain's own offset, the one in which it tells days apart.
    string Time(Timestamp time) => DateTimeOffset.FromUnixTimeMilliseconds(time.UnixMilliseconds)
        .ToOffset(TimeSpan.FromMinutes(ledger.Genesis.Chain.OffsetMinutes))
        .ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture);
}
