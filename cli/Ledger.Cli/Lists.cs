namespace Ledger.Cli;

/// <summary>What people are shown of each list, in one place.</summary>
static class Lists
{
    static readonly Column Instrument = new("instrument", "凭证", "instrument");
    static readonly Column Units = new("units", "份额", "units");
    static readonly Column Due = new("dueDate", "到期日", "due");

    public static readonly Listing Tokens = new(
        "tokens", Instrument, Units, new("amount", "金额", "amount", Shown.Amount), new("obligor", "债务人", "obligor", Shown.Party), Due,
        new("billStatus", "票据状态", "bill status"), new("leg.cause", "来由", "cause"), new("leg.from", "前手", "from", Shown.Party), new("encumbrances", "权利负担", "burdens"));

    public static readonly Listing Instruments = new(
        "instruments", new("id", "凭证", "instrument"), new("kind", "种类", "kind"), new("status", "状态", "status"), new("face", "面额", "face", Shown.Amount),
        new("obligor", "债务人", "obligor", Shown.Party), new("creditor", "债权人", "creditor", Shown.Party), new("issueDate", "开立日", "issued"), Due, new("number", "平台编号", "number"));

    public static readonly Listing Offers = new(
        "offers", new("id", "要约", "offer"), new("kind", "种类", "kind"), new("from", "发出方", "from", Shown.Party), new("to", "接收方", "to", Shown.Party),
        new("amount", "金额", "amount", Shown.Amount), Instrument, Units, new("expires", "有效至", "expires", Shown.Time));

    public static readonly Listing Measures = new(
        "measures", new("id", "措施", "measure"), new("kind", "种类", "kind"), new("status", "状态", "status"), new("against", "针对", "against", Shown.Party),
        new("gainer", "受益人", "who gains", Shown.Party), new("institutions", "作出机构", "institutions"),
        new("inForceFrom", "生效", "in force from", Shown.Time), new("until", "至", "until", Shown.Time));

    public static readonly Listing Pledges = new(
        "pledges", new("id", "质押", "pledge"), new("pledgor", "出质人", "pledgor", Shown.Party), new("pledgee", "质权人", "pledgee", Shown.Party),
        new("amount", "金额", "amount", Shown.Amount), new("released", "已解除", "released"), new("since", "自", "since", Shown.Time));

    public static readonly Listing Documents = new(
        "documents", new("id", "背景材料", "document"), new("documentKind", "种类", "kind"), new("seller", "销售方", "seller", Shown.Party), new("buyer", "购买方", "buyer", Shown.Party),
        new("date", "日期", "date"), new("total", "合计", "total", Shown.Amount), new("available", "可用", "available", Shown.Amount));

    public static readonly Listing Financings = new(
        "financings", new("id", "融资", "financing"), new("form", "方式", "form"), new("status", "状态", "status"), new("applicant", "申请人", "applicant", Shown.Party),
        new("financier", "资金方", "financier", Shown.Party), new("principal", "本金", "principal", Shown.Amount), new("start", "起息日", "start"), new("end", "到期日", "end"), Instrument, Units);

    public static readonly Listing Lines = new(
        "lines", new("id", "额度", "line"), new("bank", "银行", "bank", Shown.Party), new("debtor", "债务人", "debtor", Shown.Party), new("mode", "方式", "mode"),
        new("limit", "额度", "limit", Shown.Amount), new("drawn", "已用", "drawn", Shown.Amount), new("available", "可用", "available", Shown.Amount), new("until", "至", "until"));

    public static readonly Listing Payments = new(
        "payments", new("id", "付款", "payment"), Instrument, new("valueDate", "起息日", "value day"), new("amount", "金额", "amount", Shown.Amount), new("status", "状态", "status"),
        new("bank", "银行", "bank", Shown.Party), new("reference", "流水号", "reference"), new("shares", "收款方", "payees"), new("announced", "公告到账、待确认", "announced"));

    public static readonly Listing Attempts = new(
        "attempts", new("at", "时间", "at", Shown.Time), new("party", "操作方", "party", Shown.Party), new("code", "编号", "code", Shown.Number), new("code", "说明", "what it says", Shown.Refusal),
        new("height", "高度", "height", Shown.Number), new("leaf", "叶", "leaf", Shown.Number));
}
