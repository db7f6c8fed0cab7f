namespace Ledger.Node.Views;

/// <summary>
/// What a statistic is about, so that two people mean the same by its name. Its unit is <c>minor</c> for minor units of the row's currency, or
/// <c>count</c>; the formula says how it is computed, the source from which tables. A stock is what there is at a height, everything else what happened
/// in a period; it is grouped by what its groups say.
/// </summary>
public sealed record Metric(
    string Code, string NameZh, string NameEn, string Unit, string DefinitionZh, string DefinitionEn, string Formula, string Source, bool IsStock,
    IReadOnlyList<string> Groups)
{
    public bool IsAmount => Unit == "minor";
}

/// <summary>The dictionary of metrics (指标字典), and the names of what they are grouped by.</summary>
public static class Metrics
{
    public static readonly IReadOnlyList<string> Periods = ["day", "month", "quarter", "year"];

    static readonly string[] Debt = ["province", "city", "county", "chain", "coreEnterprise"];
    static readonly string[] DebtInTime = [.. Debt, .. Periods];
    static readonly string[] WithBank = [.. Debt, "bank", .. Periods];
    static readonly string[] Own = ["province", "city", "county", "chain", "bank", .. Periods];

    public static readonly IReadOnlyList<Metric> All =
    [
        Happened("requested", "申请确权金额", "requested for confirmation", "债权人申请核心企业确认的金额", "what creditors asked core enterprises to confirm",
            "sum of the requested amounts of claims in the period", "flows", DebtInTime),
        Happened("confirmed", "确权金额", "confirmed", "核心企业确认的应付金额", "what core enterprises confirmed that they owe",
            "sum of what each confirmation adds to the confirmed amount", "flows", DebtInTime),
        Happened("disputed", "争议金额", "disputed", "核心企业在确权时提出争议的金额", "what core enterprises disputed when asked to confirm",
            "sum of what each answer adds to the disputed amount", "flows", DebtInTime),
        Happened("issued", "开立金额", "issued", "签收生效的凭证或票据面额", "face of instruments that became held, by the first holder's acceptance",
            "sum of faces of instruments when they become active", "flows", DebtInTime),
        Happened("cancelled", "撤销金额", "cancelled", "生效后又撤销的面额", "face of instruments that were cancelled after they were held",
            "sum of faces of instruments cancelled when active", "flows", DebtInTime),
        Happened("transferred", "流转金额", "transferred", "因贸易、司法、继承等原因转让的金额；融资买断与追索不计", "units passed on by trade, court, succession and the like; sales to financiers and recourse are not counted",
            "sum of the lengths of legs whose cause is trade, realisation, subrogation, succession, court or conversion", "legs", DebtInTime),
        Happened("financed", "融资金额", "financed", "金融机构放款的本金，冲正后扣减", "principal that financiers paid out, less what was reversed or corrected",
            "sum of principals at payout, minus principals of payouts undone in the period", "flows", WithBank),
        Happened("repaid", "融资结清本金", "financing ended", "已结清、到期、回购的融资本金", "principal of financings that were repaid, matured or bought back",
            "sum of principals when a financing ends so", "flows", WithBank),
        Happened("paid", "兑付金额", "paid", "银行回执确认的付款总额，含费用与逾期利息", "payments that banks receipted, with costs and late interest",
            "sum of payments at their receipt", "flows", WithBank),
        Happened("paidBack", "退汇金额", "returned payments", "银行退回的付款", "payments that banks took back",
            "sum of payments when they are returned", "flows", WithBank),
        Happened("becameOverdue", "新增逾期金额", "became overdue", "到期日终未付的本金", "principal unpaid at the end of the day on which it was payable",
            "sum of live units when a due date passes unpaid, once for each due date", "flows", DebtInTime),
        Stock("outstanding", "未清偿余额", "outstanding", "minor", "尚未清偿的份额", "units that are held and neither paid nor extinguished",
            "sum of the lengths of live tokens at the height", "tokens", Debt),
        Stock("overdue", "逾期余额", "overdue", "minor", "到期日已过且未清偿的份额", "live units of instruments whose due date has passed",
            "sum of the lengths of live tokens of instruments that were flagged overdue and whose due date lies before the day of the height", "tokens, flows, versions", Debt),
        Stock("financingOutstanding", "融资余额", "financing outstanding", "minor", "已放款未结清的融资本金", "principal that is out and not back",
            "financed less repaid, over all time up to the height", "flows", [.. Debt, "bank"]),
        Counted("instruments", "凭证笔数", "instruments", "生效的凭证或票据笔数", "instruments that became held",
            "number of instruments when they become active", "flows", DebtInTime),
        Counted("financings", "融资笔数", "financings", "放款笔数", "financings that were paid out",
            "number of payouts", "flows", WithBank),
        Counted("parties", "参与方数", "parties", "登记的参与方数；所属银行为其推荐行", "parties that were registered; their bank is the sponsor",
            "number of registrations", "parties", Own),
        Counted("attempts", "重复质押尝试次数", "double-pledge attempts", "上链的重复质押尝试；超过每日限额未上链的不计", "double-pledge attempts on the record; those beyond the day's quotas are not ordered",
            "number of entries refused by the double-pledge check", "attempts", Own),
    ];

    public static Metric? Find(string? code) => All.FirstOrDefault(metric => metric.Code == code);

    /// <summary>The province of the first two digits of a region code (GB/T 2260).</summary>
    public static string? ProvinceOf(string code) => Provinces.GetValueOrDefault(code);

    static Metric Happened(string code, string zh, string en, string definitionZh, string definitionEn, string formula, string source, IReadOnlyList<string> groups) =>
        new(code, zh, en, "minor", definitionZh, definitionEn, formula, source, IsStock: false, groups);

    static Metric Counted(string code, string zh, string en, string definitionZh, string definitionEn, string formula, string source, IReadOnlyList<string> groups) =>
        new(code, zh, en, "count", definitionZh, definitionEn, formula, source, IsStock: false, groups);

    static Metric Stock(string code, string zh, string en, string unit, string definitionZh, string definitionEn, string formula, string source, IReadOnlyList<string> groups) =>
        new(code, zh, en, unit, definitionZh, definitionEn, formula, source, IsStock: true, groups);

    static readonly Dictionary<string, string> Provinces = new(StringComparer.Ordinal)
    {
        ["11"] = "北京市", ["12"] = "天津市", ["13"] = "河北省", ["14"] = "山西省", ["15"] = "内蒙古自治区", ["21"] = "辽宁省", ["22"] = "吉林省", ["23"] = "黑龙江省",
        ["31"] = "上海市", ["32"] = "江苏省", ["33"] = "浙江省", ["34"] = "安徽省", ["35"] = "福建省", ["36"] = "江西省", ["37"] = "山东省", ["41"] = "河南省",
        ["42"] = "湖北省", ["43"] = "湖南省", ["44"] = "广东省", ["45"] = "广西壮族自治区", ["46"] = "海南省", ["50"] = "重庆市", ["51"] = "四川省", ["52"] = "贵州省",
        ["53"] = "云南省", ["54"] = "西藏自治区", ["61"] = "陕西省", ["62"] = "甘肃省", ["63"] = "青海省", ["64"] = "宁夏回族自治区", ["65"] = "新疆维吾尔自治区",
        ["71"] = "台湾省", ["81"] = "香港特别行政区", ["82"] = "澳门特别行政区",
    };
}
