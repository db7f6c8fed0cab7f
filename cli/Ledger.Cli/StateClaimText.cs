using System.Text.Json.Nodes;
using Ledger.Client.Money;
using Ledger.Client.Text;
using Ledger.Core.Chain;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Cli;

/// <summary>What a state proof's claims say, for people and for programs: who holds which units, what is taken of a document, what there is not.</summary>
sealed class StateClaimText
{
    readonly StateProofFile proof;
    readonly Output output;
    readonly int offsetMinutes;
    readonly Dictionary<Id<Instrument>, Instrument> instruments = [];
    readonly SortedDictionary<Id<Instrument>, List<Token>> tokens = [];

    public StateClaimText(StateProofFile proof, Output output, int offsetMinutes)
    {
        (this.proof, this.output, this.offsetMinutes) = (proof, output, offsetMinutes);
        foreach (var claim in proof.Claims)
        {
            if (claim.Value is not { } value) continue;
            if (claim.Section == (byte)Section.Instruments && Tables.Instruments.TryReadKey(claim.Key.Memory, out var id) && Tables.Instruments.TryRead(id, value.Memory, out var instrument)) instruments[id] = instrument;
            if (claim.Section == (byte)Section.Tokens && TokenTable.TryReadKey(claim.Key.Memory, out var key) && TokenTable.Read(key, value.Memory) is { } token)
            {
                if (!tokens.TryGetValue(key.Instrument, out var held)) tokens[key.Instrument] = held = [];
                held.Add(token);
            }
        }
    }

    /// <summary>Each claim: a sentence for people, an object for programs.</summary>
    public JsonArray Claims => [.. proof.Claims.Select(claim => output.IsJson ? Told(claim) : Told(claim)["says"]?.DeepClone())];

    /// <summary>What each holder holds of what is shown, added up.</summary>
    public JsonArray Holdings => [.. tokens.SelectMany(held => held.Value.Where(static token => token.State == UnitState.Live).GroupBy(static token => token.Holder).Select(group => (JsonNode)output.Say(
        $"{group.Key} 持有 {held.Key} 的未清偿单位 {Money(held.Key, Sum(group))}", $"{group.Key} holds outstanding units of {held.Key}: {Money(held.Key, Sum(group))}")))];

    /// <summary>The instruments of which not all units are shown. Tokens partition an instrument's units, so that where all are shown nobody holds more.</summary>
    public IReadOnlyList<Id<Instrument>> NotWhole => [.. tokens.Keys.Where(id => !instruments.TryGetValue(id, out var instrument) || !IsWhole(instrument, tokens[id]))];

    public bool HasHoldings => tokens.Count > 0;

    static bool IsWhole(Instrument instrument, List<Token> shown)
    {
        var next = 1UL;
        foreach (var token in shown)
        {
            if (token.Units.First != next) return false;
            next = token.Units.Last + 1;
        }

        return next == instrument.Face.Minor + 1;
    }

    JsonObject Told(StateClaim claim) => (Section)claim.Section switch
    {
        Section.Instruments when Tables.Instruments.TryReadKey(claim.Key.Memory, out var id) => claim.Value is not { } value
            ? Absent("instrument", id.ToString(), "没有该凭证或票据", "there is no such receivable or bill")
            : Tables.Instruments.TryRead(id, value.Memory, out var instrument) ? Of(instrument) : Unread(claim),
        Section.Tokens when TokenTable.TryReadKey(claim.Key.Memory, out var key) => claim.Value is not { } value
            ? Absent("token", $"{key.Instrument} {key.First}", "没有始于该单位的份额", "no token begins with this unit")
            : TokenTable.Read(key, value.Memory) is { } token ? Of(key.Instrument, token) : Unread(claim),
        Section.Documents when Tables.Documents.TryReadKey(claim.Key.Memory, out var id) => claim.Value is not { } value
            ? Absent("document", id.ToString(), "没有该背景材料", "there is no such document")
            : Tables.Documents.TryRead(id, value.Memory, out var document) ? Of(document) : Unread(claim),
        Section.Fingerprints when Tables.Fingerprints.TryReadKey(claim.Key.Memory, out var fingerprint) => claim.Value is not { } value
            ? Absent("fingerprint", Spelt(fingerprint), "该指纹未被登记：没有用过这份单据", "the fingerprint is not registered: the document was never used")
            : Tables.Fingerprints.TryRead(fingerprint, value.Memory, out var of) ? Of(fingerprint, of) : Unread(claim),
        _ => Unread(claim),
    };

    JsonObject Of(Instrument one) => new()
    {
        ["says"] = output.Say(
            $"凭证或票据 {one.Id}：{Names.Of(one.Status).In(output.Language)}，债务人 {one.Obligor}，首个债权人 {one.Creditor}，面额 {MoneyText.FormatWithSymbol(one.Face, one.Currency)}，到期日 {one.DueDate:yyyy-MM-dd}",
            $"instrument {one.Id}: {Names.Of(one.Status).In(output.Language)}, owed by {one.Obligor}, first to {one.Creditor}, face {MoneyText.FormatWithSymbol(one.Face, one.Currency)}, due {one.DueDate:yyyy-MM-dd}"),
        ["instrument"] = one.Id.ToString(),
        ["status"] = $"{one.Status}",
        ["obligor"] = one.Obligor.Text,
        ["creditor"] = one.Creditor.Text,
        ["currency"] = one.Currency.Code,
        ["face"] = one.Face.ToString(),
    };

    JsonObject Of(Id<Instrument> instrument, Token one)
    {
        string[] burdens = [.. one.Encumbrances.Where(burden => burden.BindsAt(proof.Header.Time)).Select(Burden)];
        return new()
        {
            ["says"] = output.Say(
                $"{one.Holder} 持有 {instrument} 的第 {one.Units} 单位（{Money(instrument, one.Units.Amount)}），{Names.Of(one.State).In(output.Language)}，{(burdens.Length == 0 ? "无负担" : string.Join('、', burdens))}",
                $"{one.Holder} holds units {one.Units} of {instrument} ({Money(instrument, one.Units.Amount)}), {Names.Of(one.State).In(output.Language)}, {(burdens.Length == 0 ? "free of burdens" : string.Join(", ", burdens))}"),
            ["token"] = instrument.ToString(),
            ["units"] = one.Units.ToString(),
            ["holder"] = one.Holder.Text,
            ["state"] = $"{one.State}",
            ["burdens"] = new JsonArray([.. burdens.Select(static burden => (JsonNode)burden)]),
        };
    }

    JsonObject Of(Document one)
    {
        var isUnused = one.Used.IsZero && one.Reserved.IsZero;
        return new()
        {
            ["says"] = output.Say(
                $"背景材料 {one.Id}：{Names.Of(one.Kind).In(output.Language)}，销售方 {one.Seller}，购买方 {one.Buyer}，总额 {MoneyText.FormatWithSymbol(one.Total, one.Currency)}，已用 {MoneyText.FormatWithSymbol(one.Used, one.Currency)}，预留 {MoneyText.FormatWithSymbol(one.Reserved, one.Currency)}{(isUnused ? "：未被占用" : "")}",
                $"document {one.Id}: {Names.Of(one.Kind).In(output.Language)}, sold by {one.Seller} to {one.Buyer}, total {MoneyText.FormatWithSymbol(one.Total, one.Currency)}, used {MoneyText.FormatWithSymbol(one.Used, one.Currency)}, reserved {MoneyText.FormatWithSymbol(one.Reserved, one.Currency)}{(isUnused ? ": unused" : "")}"),
            ["document"] = one.Id.ToString(),
            ["currency"] = one.Currency.Code,
            ["total"] = one.Total.ToString(),
            ["used"] = one.Used.ToString(),
            ["reserved"] = one.Reserved.ToString(),
            ["isUnused"] = isUnused,
        };
    }

    JsonObject Of(Fingerprint fingerprint, Id<Document> document) => new()
    {
        ["says"] = output.Say($"指纹 {Spelt(fingerprint)} 登记于背景材料 {document}", $"fingerprint {Spelt(fingerprint)} is registered as document {document}"),
        ["fingerprint"] = Spelt(fingerprint),
        ["document"] = document.ToString(),
    };

    JsonObject Absent(string kind, string name, string chinese, string english) => new()
    {
        ["says"] = output.Say($"不存在 {name}：{chinese}", $"absent {name}: {english}"),
        ["absent"] = kind,
        ["name"] = name,
    };

    JsonObject Unread(StateClaim claim) => new()
    {
        ["says"] = output.Say(
            $"第 {claim.Section} 分区，键 {Convert.ToHexStringLower(claim.Key.Span)}：{(claim.Value is { } value ? $"{value.Length} 字节" : "无记录")}",
            $"section {claim.Section}, key {Convert.ToHexStringLower(claim.Key.Span)}: {(claim.Value is { } octets ? $"{octets.Length} octets" : "no record")}"),
        ["section"] = claim.Section,
        ["key"] = Convert.ToHexStringLower(claim.Key.Span),
        ["value"] = claim.Value is { } bytes ? Convert.ToHexStringLower(bytes.Span) : null,
    };

    string Burden(Encumbrance burden)
    {
        var (kind, until) = (Names.Of(burden.Kind).In(output.Language), burden.Until == PartyKey.Forever ? "" : output.Say($"，至 {Time(burden.Until)}", $", until {Time(burden.Until)}"));
        return output.Say($"{kind}（{burden.Beneficiary}{until}）", $"{kind} ({burden.Beneficiary}{until})");
    }

    string Time(Timestamp time) => TimeText.Of(time, offsetMinutes);

    // Only the instrument's own record says in which currency its units are.
    string Money(Id<Instrument> id, Amount amount) => instruments.TryGetValue(id, out var instrument)
        ? MoneyText.FormatWithSymbol(amount, instrument.Currency)
        : output.Say($"{amount} 个最小单位", $"{amount} minor units");

    static Amount Sum(IEnumerable<Token> tokens) => tokens.Aggregate(Amount.Zero, static (sum, token) => sum + token.Units.Amount);

    static string Spelt(Fingerprint fingerprint) => $"{fingerprint.Scheme}/{fingerprint.Epoch}/{fingerprint.Value}";
}
