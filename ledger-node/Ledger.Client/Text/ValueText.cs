using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Parties;
using Ledger.Core.State;

namespace Ledger.Client.Text;

/// <summary>The names that stand in a payload or an answer (<c>nonRecourseFactoring</c>), as people say them.</summary>
public static class ValueText
{
    static readonly FrozenDictionary<string, Word> Statuses = Merge(
        new Dictionary<string, Word>
        {
            ["accepted"] = new("已接受", "accepted"),
            ["refused"] = new("已拒绝", "refused"),
            ["underWay"] = new("处理中", "under way"),
            ["wouldBeAccepted"] = new("将被接受", "would be accepted"),
            ["ok"] = new("正常", "ok"),
            ["held"] = new("暂停", "held"),
            ["stopped"] = new("已停止", "stopped"),
            ["waiting"] = new("待会签", "waiting for signatures"),
            ["complete"] = new("签名已齐", "all have signed"),
            ["rejected"] = new("已退回", "rejected"),
            ["recalled"] = new("已撤回", "recalled"),
        },
        Of<InstrumentStatus>(Names.Of), Of<OfferStatus>(Names.Of), Of<FinancingStatus>(Names.Of), Of<PaymentStatus>(Names.Of), Of<MeasureStatus>(Names.Of),
        Of<ProposalStatus>(Names.Of));

    static readonly FrozenDictionary<string, Word> Kinds = Merge(
        new Dictionary<string, Word>
        {
            ["held"] = new("持有", "held"),
            ["owing"] = new("应付", "owing"),
            ["lent"] = new("已融出", "lent"),
            ["borrowed"] = new("已融入", "borrowed"),
        },
        Of<InstrumentKind>(Names.Of), Of<OfferKind>(Names.Of), Of<DocumentKind>(Names.Of), Of<EncumbranceKind>(Names.Of), Of<MeasureKind>(Names.Of));

    // The bill register's codes, each with what it means.
    static readonly FrozenDictionary<string, Word> BillStatuses = Enum.GetValues<BillStatus>().ToFrozenDictionary(BillCodes.Of, status => Coded(Names.Of(status), BillCodes.Of(status)));
    static readonly FrozenDictionary<string, Word> BillFlows = Enum.GetValues<BillFlow>().ToFrozenDictionary(BillCodes.Of, flow => Coded(Names.Of(flow), BillCodes.Of(flow)));

    static readonly FrozenDictionary<string, Word> Sizes = Of<SizeClass>(Names.Of);
    static readonly FrozenDictionary<string, Word> Modes = Of<CreditMode>(Names.Of);

    static readonly FrozenDictionary<string, FrozenDictionary<string, Word>> ByMember = new Dictionary<string, FrozenDictionary<string, Word>>
    {
        ["status"] = Statuses,
        ["kind"] = Kinds,
        ["how"] = Merge([], Of<OfferStatus>(Names.Of), Of<FinancingStatus>(Names.Of)),
        ["mode"] = Modes,
        ["credit"] = Modes,
        ["action"] = Of<ProposalAction>(Names.Of),
        ["majority"] = Of<Majority>(Names.Of),
        ["cause"] = Of<TransferCause>(Names.Of),
        ["form"] = Of<FinancingForm>(Names.Of),
        ["role"] = Of<KeyRole>(Names.Of),
        ["roles"] = Enum.GetValues<Roles>().Where(role => role != Roles.None).ToFrozenDictionary(WordOf, role => Names.Of(role).Single()),
        ["use"] = Of<KeyUse>(Names.Of),
        ["size"] = Sizes,
        ["obligorSize"] = Sizes,
        ["creditorSize"] = Sizes,
        ["standing"] = Of<Standing>(Names.Of),
        ["outcome"] = Of<PaymentOutcome>(Names.Of),
        ["act"] = Merge([], Of<RegistryAct>(Names.Of), Of<OfferKind>(Names.Of), Of<MeasureKind>(Names.Of)),
        ["finding"] = Of<RegistryFinding>(Names.Of),
        ["dayCount"] = Of<DayCount>(Names.Of),
        ["bounds"] = Of<DayBounds>(Names.Of),
        ["rounding"] = Of<Rounding>(Names.Of),
        ["payment"] = Of<InterestPayment>(Names.Of),
        ["documentKind"] = Of<DocumentKind>(Names.Of),
        ["state"] = Of<UnitState>(Names.Of),
        ["purpose"] = Of<Purpose>(Names.Of),
        ["statusBefore"] = BillStatuses,
        ["statusAfter"] = BillStatuses,
        ["flowBefore"] = BillFlows,
        ["flowAfter"] = BillFlows,
        ["answer"] = new Dictionary<string, Word> { ["done"] = new("已办理", "done"), ["refused"] = new("被拒绝", "refused"), ["asKnown"] = new("与账本一致", "as known") }.ToFrozenDictionary(),
        ["clock"] = new Dictionary<string, Word> { ["held"] = new("停在此刻", "held"), ["running"] = new("运行", "running") }.ToFrozenDictionary(),
        ["decision"] = new Dictionary<string, Word> { ["same"] = new("同一份", "same"), ["different"] = new("不同", "different"), ["watch"] = new("留意", "watch") }.ToFrozenDictionary(),
        ["unit"] = new Dictionary<string, Word> { ["minor"] = new("最小货币单位", "minor units"), ["count"] = new("个", "count") }.ToFrozenDictionary(),
    }.ToFrozenDictionary();

    // A word that stands for several things: of which one it is, what stands beside it tells.
    static readonly (string Member, string Beside, FrozenDictionary<string, Word> Words)[] Beside =
    [
        ("status", "financier", Of<FinancingStatus>(Names.Of)), ("status", "to", Of<OfferStatus>(Names.Of)), ("status", "face", Of<InstrumentStatus>(Names.Of)),
        ("status", "valueDate", Of<PaymentStatus>(Names.Of)), ("kind", "beneficiary", Of<EncumbranceKind>(Names.Of)), ("kind", "to", Of<OfferKind>(Names.Of)),
        ("status", "proposal", Of<ProposalStatus>(Names.Of)), ("status", "proposer", Of<ProposalStatus>(Names.Of)),
        ("status", "against", Of<MeasureStatus>(Names.Of)), ("kind", "against", Of<MeasureKind>(Names.Of)), ("act", "against", Of<MeasureKind>(Names.Of)),
        ("how", "financier", Of<FinancingStatus>(Names.Of)), ("act", "attestation", Of<RegistryAct>(Names.Of)),
    ];

    /// <summary>A value of a member, which stands in <paramref name="within"/>; null where it is no name that this program knows.</summary>
    public static Word? Find(string member, string value, JsonObject? within)
    {
        if (member == "kind" && value.Contains('.', StringComparison.Ordinal)) return new(VerbText.Of(value, Language.Chinese), VerbText.Of(value, Language.English));
        if (member == "kind" && EventText.Find(value) is { } happened) return happened;
        if (member == "verbs") return new(VerbText.Of(value, Language.Chinese), VerbText.Of(value, Language.English));
        if (member == "billStatus" && value.Split('/') is [var status, var flow] && BillStatuses.TryGetValue(status, out var life) && BillFlows.TryGetValue(flow, out var free))
            return new($"{life.Chinese}/{free.Chinese}", $"{life.English}/{free.English}");
        foreach (var (name, beside, words) in Beside)
        {
            if (name == member && within?.ContainsKey(beside) == true && words.TryGetValue(value, out var meant)) return meant;
        }

        return ByMember.GetValueOrDefault(member)?.GetValueOrDefault(value);
    }

    /// <summary>All names that a member may have, for a program that has no dictionary of its own.</summary>
    public static IEnumerable<KeyValuePair<string, Word>> Of(string member) => ByMember.GetValueOrDefault(member)?.AsEnumerable() ?? [];

    static FrozenDictionary<string, Word> Of<T>(Func<T, Word> of)
        where T : struct, Enum => Enum.GetValues<T>().ToFrozenDictionary(WordOf, of);

    static Word Coded(Word word, string code) => new($"{word.Chinese}（{code}）", $"{word.English} ({code})");

    static string WordOf<T>(T member)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(member.ToString());

    static FrozenDictionary<string, Word> Merge(Dictionary<string, Word> first, params ReadOnlySpan<FrozenDictionary<string, Word>> rest)
    {
        foreach (var words in rest)
        {
            foreach (var (value, word) in words) first.TryAdd(value, word);
        }

        return first.ToFrozenDictionary();
    }
}
