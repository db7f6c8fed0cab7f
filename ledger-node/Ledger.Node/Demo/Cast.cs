using System.Globalization;
using Ledger.Client.Disclosures;
using Ledger.Client.Invoices;
using Ledger.Client.Signing;
using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;

namespace Ledger.Node.Demo;

/// <summary>
/// Who plays in the demo's stories, and what they do in more than one of them: every step goes through the API of a real node, signed by whoever's
/// word it is, and tells how it came out.
/// </summary>
public sealed class Cast
{
    readonly DemoClient client;
    readonly Narrator narrator;
    int references;

    public Cast(DemoClient client, Narrator narrator, Invoice v, Timestamp now)
    {
        this.client = client;
        this.narrator = narrator;
        V = v;
        (DocumentOfV, Instrument) = (NewId.Of<Document>(now), NewId.Of<Instrument>(now));
        var suite = client.Genesis.Chain.Suite;
        var banks = client.Genesis.Text.Parties;
        X = new("X", banks[0].Id, banks[0].Name, client.Bank(banks[0].Id).Item2);
        Y = new("Y", banks[1].Id, banks[1].Name, client.Bank(banks[1].Id).Item2);
        Z = new("Z", banks[2].Id, banks[2].Name, client.Bank(banks[2].Id).Item2);
        C = new("C", v.Buyer.Id, v.Buyer.Name, SigningKey.Create(suite));
        A = new("A", v.Seller.Id, v.Seller.Name, SigningKey.Create(suite));
        B = new("B", Unlike(v, 810), "示例供应商乙有限公司", SigningKey.Create(suite));
        D = new("D", Unlike(v, 820), "示例供应商丁有限公司", Key: null);
        P = new("P", Unlike(v, 830), "示例供应链信息服务平台", SigningKey.Create(suite));
    }

    /// <summary>The invoice that everything begins with: A sold to C.</summary>
    public Invoice V { get; }

    public DemoParty X { get; }

    public DemoParty Y { get; }

    /// <summary>Lends nothing: it brings the platform in that reviews what the others lend.</summary>
    public DemoParty Z { get; }

    public DemoParty C { get; }

    public DemoParty A { get; }

    public DemoParty B { get; }

    /// <summary>Has no key: Y signs for it under a paper mandate.</summary>
    public DemoParty D { get; }

    /// <summary>A platform that reviews what banks approve and attests what the registry answered.</summary>
    public DemoParty P { get; }

    public Id<Document> DocumentOfV { get; }

    public Id<Instrument> Instrument { get; }

    // Three tenths of V to B, and two fifths of that to D: with V of a million, 300,000 and 120,000.
    public Amount ToB => new(Math.Max(V.Total.Minor * 3 / 10, 2));

    public Amount ToD => new(Math.Max(ToB.Minor * 2 / 5, 1));

    public Interval OfD => new(1, ToD.Minor);

    public Interval OfB => new(ToD.Minor + 1, ToB.Minor);

    public Interval OfA => new(ToB.Minor + 1, V.Total.Minor);

    /// <summary>The transaction whose receipt the demo hands out: an acceptance by B.</summary>
    public Transaction? Accepted { get; private set; }

    /// <summary>What banks and their customers keep to themselves, as they would file it.</summary>
    public List<DisclosureFile> Disclosed { get; } = [];

    /// <summary>Signing keys of the story's own parties, by key name.</summary>
    public IEnumerable<(KeyId Kid, SigningKey Key)> Keys =>
        new[] { C, A, B, P }.Where(party => party.Key is not null).Select(party => (party.KeyId, party.Key!));

    public Core.Crypto.CryptoSuite Suite => client.Genesis.Chain.Suite;

    public string Money(Amount amount) => narrator.Money(amount, V.Currency);

    /// <summary>A bank's reference that no act has spent.</summary>
    public string NextReference(DemoParty bank) => string.Create(CultureInfo.InvariantCulture, $"{bank.Letter}-{++references:D6}");

    /// <summary>Due half a year from today, or on the last working day before that.</summary>
    public async Task<DateOnly> HalfAYearOnAsync(CancellationToken cancel)
    {
        var due = (await client.TodayAsync(cancel)).AddMonths(6);
        while (!client.Genesis.Chain.Calendar.IsWorkingDay(due)) due = due.AddDays(-1);
        return due;
    }

    /// <summary>Time is set: this chain is a demo, and every answer of its node says so.</summary>
    public async Task SetTimeAsync(Timestamp time, string chinese, string english, CancellationToken cancel) => await narrator.StepAsync(
        $"演示时钟拨到 {Local(time)}：{chinese}", $"the story's clock is set to {Local(time)}: {english}",
        async () => await client.NodeOf(X.Id).SetClockAsync(time, cancel) is { HttpStatus: 200 }
            ? new(true, "账本时间由演示设定，每个回答都如此标明", "ledger time is the story's, and every answer says so")
            : new(false, "未能设定时钟", "the clock was not set"));

    public Timestamp MorningOf(DateOnly day) => Timestamp.StartOf(day, client.Genesis.Chain.OffsetMinutes).Add(10 * Timestamp.Hour);

    public async Task JoinAsync(CancellationToken cancel)
    {
        narrator.Heading("一、参与方加入", "I. The parties join");
        await RegisterAsync(X, C, Roles.CoreEnterprise, SizeClass.Large, "核心企业", "core enterprise, checked by a second bank", cancel);
        await RegisterAsync(X, A, Roles.Supplier, SizeClass.Small, "一级供应商", "tier-1 supplier", cancel);
        await RegisterAsync(X, B, Roles.Supplier, SizeClass.Small, "二级供应商", "tier-2 supplier", cancel);

        // It reviews what X and Y lend: one that they brought in themselves would be their hand.
        await RegisterAsync(Z, P, Roles.Platform | Roles.Gateway, SizeClass.Medium, "平台兼登记网关", "platform and gateway to the registry", cancel);

        var paper = new PaperMandate(
            await client.NewIdAsync<Mandate>(cancel), Y.Id, ["offer.accept", "offer.decline", "token.transfer", "financing.apply", "bill.present", "bill.recourse"], V.Currency,
            new(Amount.MaxMinor), [], await client.TermAsync(300, cancel), DemoClient.Salted("授权书"));
        await narrator.StepAsync(
            $"{D} 没有密钥，凭纸质授权书由 {Y} 代签", $"{D} has no key; {Y} signs for it under a paper mandate",
            async () => Told(await client.SendAsync(
                X.Id, null, Sorted(Signer(X), Signer(Y)), cancel,
                new RegisterParty(D.Id, D.Name, Roles.Supplier, Region(D.Id), SizeClass.Micro, "汽车", [], paper, DemoClient.Salted("结算账号"))), "已登记", "registered"));
    }

    /// <summary>A bank saw an original and attests it; the ledger never learns its number.</summary>
    public async Task AttestAsync(Invoice invoice, Id<Document> id, DemoParty seller, string label, CancellationToken cancel)
    {
        var (attest, _) = client.Attestation(id, invoice);
        await narrator.StepAsync(
            $"{X} 核验发票 {label} 原件并登记：{seller.Letter} 开给 {Letter(invoice.Buyer.Id)}，{Money(invoice.Total)}",
            $"{X} saw the original of invoice {label} and attests it: {seller.Letter} to {Letter(invoice.Buyer.Id)}, {Money(invoice.Total)}",
            async () => Told(await client.SendAsync(
                X.Id, null, seller.Key is null ? Sorted(Signer(X), Signer(Y)) : Sorted(Signer(X), Signer(seller)), cancel,
                attest), "链上只有加盐承诺和带密钥的指纹，没有发票号码", "the ledger holds a salted commitment and a keyed fingerprint, no number"));
    }

    public Invoice Generated(string label, DemoParty seller, DemoParty buyer, Amount total) =>
        DemoInvoices.Generated($"26{seller.Id.RegionCode[..2]}{label[1..].PadLeft(16, '0')}", seller.OnInvoice, buyer.OnInvoice, total, V.IssueDate);

    /// <summary>An act that is to be taken; who has no key signs through Y.</summary>
    public async Task<SentTransaction> ActAsync(
        string chinese, string english, DemoParty by, Operation operation, string cameOut, string cameOutEnglish, CancellationToken cancel, params DemoParty[] with) =>
        await ActAsync(chinese, english, by, operation, DisclosureSet.Empty, cameOut, cameOutEnglish, cancel, with);

    /// <summary>An act that hides terms: the node's own bank shows them with it.</summary>
    public async Task<SentTransaction> ActAsync(
        string chinese, string english, DemoParty by, Operation operation, DisclosureSet hidden, string cameOut, string cameOutEnglish, CancellationToken cancel, params DemoParty[] with)
    {
        SentTransaction? sent = null;
        await narrator.StepAsync(chinese, english, async () => Told(sent = await SendAsync(by, operation, by == X ? hidden : DisclosureSet.Empty, with, cancel), cameOut, cameOutEnglish));
        return sent ?? throw new InvalidOperationException("The step did not run.");
    }

    /// <summary>An act that the ledger must refuse with this number.</summary>
    public async Task RefusedAsync(string chinese, string english, DemoParty by, Operation operation, Refusal expected, CancellationToken cancel, params DemoParty[] with) =>
        await narrator.StepAsync(chinese, english, async () => Refused(await SendAsync(by, operation, DisclosureSet.Empty, with, cancel), expected));

    /// <summary>The party that something was offered to takes it.</summary>
    public async Task AcceptAsync(DemoParty party, Id<Offer> offer, string cameOut, string cameOutEnglish, CancellationToken cancel)
    {
        var sent = await ActAsync(
            party.Key is null ? $"{party} 签收（由 {Y} 代签）" : $"{party} 签收", party.Key is null ? $"{party} accepts ({Y} signs for it)" : $"{party} accepts",
            party, new AcceptOffer(offer), cameOut, cameOutEnglish, cancel);
        if (party == B) Accepted ??= sent.Transaction;
    }

    /// <summary>The invoice becomes a confirmed debt and a certificate, which A holds whole; comes back with the day on which it is due.</summary>
    public async Task<DateOnly> ConfirmAndIssueAsync(CancellationToken cancel)
    {
        narrator.Heading("二、发票变成确权的应收账款", "II. An invoice becomes a confirmed receivable");
        var (a, c, v) = (A, C, V);
        await AttestAsync(v, DocumentOfV, a, "V", cancel);
        await ActAsync(
            $"{a} 请求 {c} 确权 {Money(v.Total)}", $"{a} asks {c} to confirm {Money(v.Total)}", a,
            new RequestConfirmation(
                Instrument, c.Id, v.Currency, v.Total, v.IssueDate, SizeClass.Large, SizeClass.Small, DemoClient.Salted("供应商同意以凭证收款")),
            "申请已记录，30 日答复期开始计时", "on record; the 30-day period runs", cancel);
        await ActAsync(
            $"{c} 确认全部金额并出具付款承诺函", $"{c} confirms all of it and undertakes to pay", c,
            new Confirm(Instrument, v.Total, new(DemoClient.Salted("承诺函"), DefencesWaived: true, DemoClient.Salted("合同第8条"))),
            "已确权，此后不得否认", "confirmed; it can no longer be denied", cancel);

        var offer = await NewIdAsync<Offer>(cancel);
        var due = await HalfAYearOnAsync(cancel);
        await ActAsync(
            $"{c} 开立应收账款电子凭证，{due:yyyy-MM-dd} 到期", $"{c} issues a receivable certificate due {due:yyyy-MM-dd}", c,
            new IssueReceivable(
                offer, Instrument, a.Id, v.Currency, v.Total, await TodayAsync(cancel), due, Transferable: true,
                [new DocumentUse(DocumentOfV, v.Total)], await TermAsync(7, cancel)),
            "待签收", "waiting for acceptance", cancel);
        await AcceptAsync(a, offer, $"持有 1-{v.Total} 共 {Money(v.Total)}", $"holds 1-{v.Total}, {Money(v.Total)}", cancel);
        return due;
    }

    /// <summary>One tier pays the next with units: its own invoice, the offer, the acceptance. Returns the invoice's document.</summary>
    public async Task<Id<Document>> HandOnAsync(
        DemoParty from, DemoParty to, Interval units, string label, string verb, string verbEnglish, bool notTransferable, CancellationToken cancel)
    {
        var invoice = await client.NewIdAsync<Document>(cancel);
        await AttestAsync(Generated(label, to, from, units.Amount), invoice, to, label, cancel);
        var offer = await client.NewIdAsync<Offer>(cancel);
        await ActAsync(
            $"{from} 向 {to} {verb} {units}，{Money(units.Amount)}", $"{from} {verbEnglish} {units}, {Money(units.Amount)}, to {to}", from,
            Trade(offer, to, units, invoice, await client.TermAsync(3, cancel)) with { NotTransferable = notTransferable ? true : null },
            "待签收", "waiting for acceptance", cancel);
        await AcceptAsync(to, offer, $"持有 {units} 共 {Money(units.Amount)}", $"holds {units}, {Money(units.Amount)}", cancel);
        return invoice;
    }

    public Transfer Trade(Id<Offer> offer, DemoParty to, Interval units, Id<Document> invoice, Timestamp expires) =>
        new(offer, Instrument, to.Id, TransferCause.Trade, Recourse: false, [new DocumentUse(invoice, units.Amount)], expires, units);

    /// <summary>What only the bank and its customer may read goes beside the ledger to the node, and into their files.</summary>
    public async Task DiscloseAsync(SentTransaction sent, DisclosureSet set, string chinese, string english, CancellationToken cancel)
    {
        var file = new DisclosureFile(client.Genesis.Chain.ChainId, sent.Transaction.Party, sent.Transaction.Id, 0, set);
        Disclosed.Add(file);
        await narrator.StepAsync(chinese, english, async () => await client.NodeOf(file.Party).DiscloseAsync(file.ToJson(), cancel) is { HttpStatus: 200 or 201 }
            ? new(true, "链上只有加盐摘要；节点加密保存原文", "the ledger has salted digests; the node keeps the text encrypted")
            : new(false, "披露未被接收", "the disclosures were not taken"));
    }

    /// <summary>Interest on a financing of the demo, as everybody who knows the rate computes it.</summary>
    public async Task<FinancingPlan> PlanAsync(Amount principal, InterestTerms terms, DateOnly end, CancellationToken cancel) =>
        new(principal, terms, await client.TodayAsync(cancel), end, end);

    public Task<Timestamp> NowAsync(CancellationToken cancel) => client.NowAsync(cancel);

    public Task<Id<TNoun>> NewIdAsync<TNoun>(CancellationToken cancel) => client.NewIdAsync<TNoun>(cancel);

    public Task<Timestamp> TermAsync(int days, CancellationToken cancel) => client.TermAsync(days, cancel);

    public Task<DateOnly> TodayAsync(CancellationToken cancel) => client.TodayAsync(cancel);

    Task<SentTransaction> SendAsync(DemoParty by, Operation operation, DisclosureSet shown, DemoParty[] with, CancellationToken cancel)
    {
        var hand = by.Key is null ? Y : by;
        return client.SendAsync(
            hand.Id, by.Key is null ? by.Id : null, Sorted([.. with.Select(party => Signer(party.Key is null ? Y : party)).Append(Signer(hand)).DistinctBy(one => one.Kid)]),
            shown, cancel, operation);
    }

    async Task RegisterAsync(DemoParty sponsor, DemoParty party, Roles roles, SizeClass size, string chinese, string english, CancellationToken cancel)
    {
        var key = party.Key ?? throw new ArgumentException("A party without a key joins on paper.", nameof(party));
        await narrator.StepAsync(
            $"{sponsor} 推荐 {party} 加入（{chinese}）", $"{sponsor} sponsors {party} ({english})",
            async () => Told(await client.SendAsync(
                sponsor.Id, null, Sorted([.. new[] { X, Y, sponsor, party }.Distinct().Select(Signer)]), cancel,
                new RegisterParty(
                    party.Id, party.Name, roles, Region(party.Id), size, "汽车",
                    [new NewKey(key.PublicKey, KeyUse.Signing, KeyRole.LegalRepresentative, "legal-1")], Account: DemoClient.Salted("结算账号"))),
                "已登记", "registered"));
    }

    static StepResult Told(SentTransaction sent, string chinese, string english) => sent.Answer.Code == Refusal.None
        ? new(true, chinese, english)
        : new(false, $"未受理：{(int)sent.Answer.Code} {sent.Answer.Sentence}", $"not accepted: {(int)sent.Answer.Code} {sent.Answer.SentenceEn}");

    // A step that expects a refusal passes only on that one; a double-pledge attempt is evidence, and on the chain.
    static StepResult Refused(SentTransaction sent, Refusal expected)
    {
        var (number, given) = ((int)expected, (int)sent.Answer.Code);
        if (sent.Answer.Code != expected)
            return new(false, $"应为拒绝 {number}，实为 {given} {sent.Answer.Sentence}", $"expected refusal {number}, got {given} {sent.Answer.SentenceEn}");
        var isAttempt = Core.DoublePledge.DoublePledgeCheck.IsAttempt(expected);
        return new(
            true,
            $"拒绝 {number}：{sent.Answer.Sentence}{(isAttempt ? "（已作为证据上链）" : "")}",
            $"refused {number}: {sent.Answer.SentenceEn}{(isAttempt ? " (on the record as evidence)" : "")}");
    }

    public string Letter(PartyId id) => new[] { X, Y, Z, C, A, B, D, P }.First(party => party.Id == id).Letter;

    string Local(Timestamp time) => DateTimeOffset.FromUnixTimeMilliseconds(time.UnixMilliseconds)
        .ToOffset(TimeSpan.FromMinutes(client.Genesis.Chain.OffsetMinutes)).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    static (KeyId Kid, SigningKey Key) Signer(DemoParty party) =>
        (party.KeyId, party.Key ?? throw new ArgumentException("This party signs through its bank.", nameof(party)));

    static List<(KeyId, SigningKey)> Sorted(params (KeyId Kid, SigningKey)[] signers) => [.. signers.OrderBy(signer => signer.Kid)];

    static string Region(PartyId id) => id.RegionCode.ToString();

    // A fictional party that is neither the invoice's seller nor its buyer.
    static PartyId Unlike(Invoice v, int seed)
    {
        var id = FictionalUscc.Of("440300", seed);
        return id == v.Seller.Id || id == v.Buyer.Id ? FictionalUscc.Of("440300", seed + 1) : id;
    }
}
