using static Ledger.Client.Text.ListedAs;

namespace Ledger.Client.Text;

/// <summary>
/// What people are shown of each noun in a list, wherever it is listed: on a page, in a file for a spreadsheet, or on a terminal. Who is told more of a thing
/// than stands here asks for the thing itself. A list that cannot tell a column leaves it out.
/// </summary>
public static class NounLists
{
    static readonly ListColumn Units = new("units");
    static readonly ListColumn Instrument = new("instrument");

    public static readonly NounList Instruments = new(
        "instruments", IdOf("instrument"), new("kind"), new("status"), new("obligor", Party), new("creditor", Party), new("face", Amount), new("outstanding", Amount),
        new("issueDate"), new("dueDate"), new("number") { Word = new("平台编号", "platform number") });

    public static readonly NounList Tokens = new(
        "tokens", Instrument, Units, new("amount", Amount), new("obligor", Party), new("holder", Party), new("standing"), new("encumbrances"), new("dueDate"),
        new("billStatus"), new("leg.cause"), new("leg.from", Party), new("leg.depth", Number), new("leg.at", Time) { Word = new("自", "since") },
        new("voucher") { Word = new("凭证打印", "voucher") });

    public static readonly NounList Offers = new(
        "offers", IdOf("offer"), new("kind"), new("status"), new("from", Party) { Word = new("发出方", "from") }, new("to", Party), new("amount", Amount), Instrument, Units,
        new("madeAt", Time), new("expires", Time));

    public static readonly NounList Measures = new(
        "measures", IdOf("measure"), new("kind"), new("status"), new("against", Party), new("gainer", Party), new("institutions"), new("inForceFrom", Time),
        new("until", Time));

    public static readonly NounList Proposals = new(
        "proposals", IdOf("proposal"), new("action"), new("party", Party) { Word = new("所涉参与方", "about") }, new("roles"), new("status"), new("proposer", Party), new("votesFor", Number),
        new("votesNeeded", Number), new("madeAt", Time), new("expires", Time));

    public static readonly NounList Pledges = new(
        "pledges", IdOf("pledge"), new("pledgor", Party), new("pledgee", Party), new("amount", Amount), new("released"), new("since", Time));

    public static readonly NounList Documents = new(
        "documents", IdOf("document"), new("documentKind"), new("seller", Party), new("buyer", Party), new("date"), new("total", Amount), new("redLetters", Amount),
        new("available", Amount), new("attester", Party));

    public static readonly NounList Financings = new(
        "financings", IdOf("financing"), new("form"), new("status"), new("applicant", Party), new("financier", Party), new("principal", Amount), new("start"), new("end"),
        Instrument, Units);

    public static readonly NounList Lines = new(
        "lines", IdOf("line"), new("bank", Party), new("debtor", Party), new("mode"), new("limit", Amount), new("drawn", Amount), new("available", Amount), new("until"));

    public static readonly NounList Payments = new(
        "payments", IdOf("payment"), Instrument, new("valueDate"), new("amount", Amount), new("status"), new("bank", Party), new("reference"),
        new("shares") { Word = new("收款方", "payees") }, new("announced"));

    public static readonly NounList Attempts = new(
        "attempts", new("at", Time), new("party", Party), new("code", Number), new("code", Refusal) { Word = new("说明", "what it says") }, new("height", Number),
        new("leaf", Number));

    public static readonly NounList Parties = new(
        "parties", new("id") { Word = new("统一社会信用代码或 LEI", "USCC or LEI") }, new("name"), new("roles"), new("size"), new("region"), new("sponsor", Party), new("standing"));

    public static readonly NounList Keys = new(
        "keys", new("id") { Word = new("密钥", "key") }, new("use"), new("role"), new("person"), new("from", Time) { Word = new("生效", "valid from") },
        new("until", Time) { Word = new("失效", "valid until") });

    public static readonly NounList Steps = new("steps", new("entry", Number) { Word = new("记录", "entry") }, new("at", Time), new("act"), new("party", Party), new("answer"));

    public static readonly NounList Legs = new(
        "legs", new("no", Number) { Word = new("序号", "no.") }, new("at", Time), new("cause"), new("from", Party) { Word = new("背书人（转出）", "endorser") },
        new("to", Party) { Word = new("被背书人（接收）", "endorsee") }, new("amount", Amount), Units, new("leaf", Number) { Word = new("记录", "entry") });

    public static readonly NounList Instructions = new(
        "instructions", Units, new("payee", Party), new("principal", Amount), new("interest", Amount) { Word = new("逾期利息", "late interest") }, new("costs", Amount),
        new("total", Amount), new("announced", Amount));

    /// <summary>All of them.</summary>
    public static IReadOnlyList<NounList> All =>
        [Instruments, Tokens, Offers, Measures, Proposals, Pledges, Documents, Financings, Lines, Payments, Attempts, Parties, Keys, Steps, Legs, Instructions];

    // The one noun that an item is, by its own name.
    static ListColumn IdOf(string noun) => new("id") { Word = MemberText.Find(noun) ?? throw new System.Diagnostics.UnreachableException(noun) };
}
