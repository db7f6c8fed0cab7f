using Ledger.Client.Invoices;
using Ledger.Client.Signing;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;

namespace Ledger.Node.Demo;

/// <summary>
/// From an e-invoice to a refused double pledge: parties join, a bank attests the invoice, the debtor confirms and issues, parts move down three
/// tiers, and what was promised once cannot be promised again. Every step goes through the API of a real node.
/// </summary>
public sealed class Story
{
    readonly DemoClient client;
    readonly Narrator narrator;
    readonly Invoice v;
    readonly DemoParty bankX;
    readonly DemoParty bankY;
    readonly DemoParty c;
    readonly DemoParty a;
    readonly DemoParty b;
    readonly DemoParty d;
    readonly Id<Document> documentOfV = DemoClient.NewId<Document>();
    readonly Id<Instrument> instrument = DemoClient.NewId<Instrument>();

    public Story(DemoClient client, Narrator narrator, Invoice v)
    {
        this.client = client;
        this.narrator = narrator;
        this.v = v;
        var banks = client.Genesis.Text.Parties;
        bankX = new("X", banks[0].Id, banks[0].Name, client.Bank(banks[0].Id).Item2);
        bankY = new("Y", banks[1].Id, banks[1].Name, client.Bank(banks[1].Id).Item2);
        c = new("C", v.Buyer.Id, v.Buyer.Name, SigningKey.Create(client.Genesis.Chain.Suite));
        a = new("A", v.Seller.Id, v.Seller.Name, SigningKey.Create(client.Genesis.Chain.Suite));
        b = new("B", Unlike(v, 810), "示例供应商乙有限公司", SigningKey.Create(client.Genesis.Chain.Suite));
        d = new("D", Unlike(v, 820), "示例供应商丁有限公司", Key: null);
    }

    /// <summary>The transaction whose receipt the story hands out: B's acceptance of its part.</summary>
    public Transaction? Accepted { get; private set; }

    /// <summary>Signing keys of the story's own parties, by key name.</summary>
    public IEnumerable<(KeyId Kid, SigningKey Key)> Keys =>
        new[] { c, a, b }.Where(party => party.Key is not null).Select(party => (party.KeyId, party.Key!));

    public async Task TellAsync(CancellationToken cancel)
    {
        await JoinAsync(cancel);
        await ConfirmAndIssueAsync(cancel);
        await MoveDownAsync(cancel);
        await DoublePledgeAsync(cancel);
    }

    async Task JoinAsync(CancellationToken cancel)
    {
        narrator.Heading("一、参与方加入", "I. The parties join");
        await RegisterAsync(c, Roles.CoreEnterprise, SizeClass.Large, "核心企业", "core enterprise, checked by a second bank", cancel);
        await RegisterAsync(a, Roles.Supplier, SizeClass.Small, "一级供应商", "tier-1 supplier", cancel);
        await RegisterAsync(b, Roles.Supplier, SizeClass.Small, "二级供应商", "tier-2 supplier", cancel);

        var paper = new PaperMandate(
            DemoClient.NewId<Mandate>(), bankY.Id, ["offer.accept", "offer.decline", "token.transfer"], v.Currency, new(Amount.MaxMinor), [],
            await client.TermAsync(180, cancel), DemoClient.Salted("授权书"));
        await narrator.StepAsync(
            $"{d} 没有密钥，凭纸质授权书由 {bankY} 代签", $"{d} has no key; {bankY} signs for it under a paper mandate",
            async () => Accepted_(await client.SendAsync(
                bankX.Id, null, Sorted(Signer(bankX), Signer(bankY)), cancel,
                new RegisterParty(d.Id, d.Name, Roles.Supplier, Region(d.Id), SizeClass.Micro, "汽车", [], paper)), "已登记", "registered"));
    }

    async Task ConfirmAndIssueAsync(CancellationToken cancel)
    {
        narrator.Heading("二、发票变成确权的应收账款", "II. An invoice becomes a confirmed receivable");
        await AttestAsync(v, documentOfV, a, "V", cancel);

        await narrator.StepAsync(
            $"{a} 请求 {c} 确权 {Money(v.Total)}", $"{a} asks {c} to confirm {Money(v.Total)}",
            async () => Accepted_(await client.SendAsync(
                a.Id, null, [Signer(a)], cancel,
                new RequestConfirmation(
                    instrument, c.Id, v.Currency, v.Total, v.IssueDate, SizeClass.Large, SizeClass.Small, DemoClient.Salted("供应商同意以凭证收款"))),
                "申请已记录，30 日答复期开始计时", "on record; the 30-day period runs"));

        await narrator.StepAsync(
            $"{c} 确认全部金额并出具付款承诺函", $"{c} confirms all of it and undertakes to pay",
            async () => Accepted_(await client.SendAsync(
                c.Id, null, [Signer(c)], cancel,
                new Confirm(instrument, v.Total, new(DemoClient.Salted("承诺函"), DefencesWaived: true, DemoClient.Salted("合同第8条")))),
                "已确权，此后不得否认", "confirmed; it can no longer be denied"));

        var offer = DemoClient.NewId<Offer>();
        var today = await client.TodayAsync(cancel);
        var expires = await client.TermAsync(7, cancel);
        await narrator.StepAsync(
            $"{c} 开立应收账款电子凭证，{today.AddMonths(6):yyyy-MM-dd} 到期", $"{c} issues a receivable certificate due {today.AddMonths(6):yyyy-MM-dd}",
            async () => Accepted_(await client.SendAsync(
                c.Id, null, [Signer(c)], cancel,
                new IssueReceivable(
                    offer, instrument, a.Id, v.Currency, v.Total, today, today.AddMonths(6), Transferable: true, [new DocumentUse(documentOfV, v.Total)], expires)),
                "待签收", "waiting for acceptance"));
        await AcceptAsync(a, offer, $"持有 1-{v.Total} 共 {Money(v.Total)}", $"holds 1-{v.Total}, {Money(v.Total)}", cancel);
    }

    async Task MoveDownAsync(CancellationToken cancel)
    {
        narrator.Heading("三、拆分流转三级", "III. Parts move down three tiers");
        await TransferAsync(a, b, ToB, "W1", cancel);
        Accepted = lastSent?.Transaction;
        await TransferAsync(b, d, ToD, "W2", cancel);
    }

    async Task DoublePledgeAsync(CancellationToken cancel)
    {
        narrator.Heading("四、重复质押被拒绝并留痕", "IV. A double pledge is refused and recorded");
        var expires = await client.TermAsync(3, cancel);
        await narrator.StepAsync(
            $"{a} 把已用完的发票 V 再次质押给 {bankY}", $"{a} pledges invoice V, already used, to {bankY}",
            async () => Refused(await client.SendAsync(
                a.Id, null, [Signer(a)], cancel,
                new PledgeDocuments(DemoClient.NewId<Offer>(), bankY.Id, v.Currency, v.Total, [new DocumentUse(documentOfV, v.Total)], expires)),
                Refusal.DocumentUsedUp));

        // The same units promised twice: the first offer stands open while the second is tried.
        var units = new Interval(ToB.Minor + 1, ToB.Minor + ToD.Minor);
        var invoices = new[] { DemoClient.NewId<Document>(), DemoClient.NewId<Document>() };
        await AttestAsync(Generated("W3", b, a, units.Amount), invoices[0], b, "W3", cancel);
        await AttestAsync(Generated("W4", d, a, units.Amount), invoices[1], d, "W4", cancel);
        await narrator.StepAsync(
            $"{a} 将份额 {units} 要约给 {b}", $"{a} offers units {units} to {b}",
            async () => Accepted_(await client.SendAsync(
                a.Id, null, [Signer(a)], cancel,
                Trade(DemoClient.NewId<Offer>(), b, units, invoices[0], expires)), "要约中", "offered"));
        await narrator.StepAsync(
            $"{a} 又将同一份额 {units} 要约给 {d}", $"{a} offers the same units {units} to {d}",
            async () => Refused(await client.SendAsync(
                a.Id, null, [Signer(a)], cancel,
                Trade(DemoClient.NewId<Offer>(), d, units, invoices[1], expires)), Refusal.UnitsOffered));
    }

    SentTransaction? lastSent;

    // Three tenths of V to B, and two fifths of that to D: with V of a million, 300,000 and 120,000.
    Amount ToB => new(Math.Max(v.Total.Minor * 3 / 10, 1));

    Amount ToD => new(Math.Max(ToB.Minor * 2 / 5, 1));

    async Task RegisterAsync(DemoParty party, Roles roles, SizeClass size, string chinese, string english, CancellationToken cancel)
    {
        var key = party.Key ?? throw new ArgumentException("A party without a key joins on paper.", nameof(party));
        await narrator.StepAsync(
            $"{bankX} 推荐 {party} 加入（{chinese}）", $"{bankX} sponsors {party} ({english})",
            async () => Accepted_(await client.SendAsync(
                bankX.Id, null, Sorted(Signer(bankX), Signer(bankY), Signer(party)), cancel,
                new RegisterParty(
                    party.Id, party.Name, roles, Region(party.Id), size, "汽车", [new NewKey(key.PublicKey, KeyUse.Signing, KeyRole.LegalRepresentative, "legal-1")])),
                "已登记", "registered"));
    }

    async Task AttestAsync(Invoice invoice, Id<Document> id, DemoParty seller, string label, CancellationToken cancel)
    {
        var (attest, _) = client.Attestation(invoice);
        await narrator.StepAsync(
            $"{bankX} 核验发票 {label} 原件并登记：{seller.Letter} 开给 {Letter(invoice.Buyer.Id)}，{Money(invoice.Total)}",
            $"{bankX} saw the original of invoice {label} and attests it: {seller.Letter} to {Letter(invoice.Buyer.Id)}, {Money(invoice.Total)}",
            async () => Accepted_(await client.SendAsync(
                bankX.Id, null, seller.Key is null ? Sorted(Signer(bankX), Signer(bankY)) : Sorted(Signer(bankX), Signer(seller)), cancel,
                attest with { Document = id }), "链上只有加盐承诺和带密钥的指纹，没有发票号码", "the ledger holds a salted commitment and a keyed fingerprint, no number"));
    }

    async Task TransferAsync(DemoParty from, DemoParty to, Amount amount, string label, CancellationToken cancel)
    {
        var invoice = DemoClient.NewId<Document>();
        await AttestAsync(Generated(label, to, from, amount), invoice, to, label, cancel);
        var offer = DemoClient.NewId<Offer>();
        var expires = await client.TermAsync(3, cancel);
        await narrator.StepAsync(
            $"{from} 向 {to} 流转 {Money(amount)}", $"{from} transfers {Money(amount)} to {to}",
            async () => Accepted_(await client.SendAsync(
                from.Id, null, [Signer(from)], cancel, Trade(offer, to, null, invoice, expires) with { Amount = amount }), "待签收", "waiting for acceptance"));
        await AcceptAsync(to, offer, $"持有 1-{amount} 共 {Money(amount)}", $"holds 1-{amount}, {Money(amount)}", cancel);
    }

    async Task AcceptAsync(DemoParty party, Id<Offer> offer, string chinese, string english, CancellationToken cancel) =>
        await narrator.StepAsync(
            party.Key is null ? $"{party} 签收（由 {bankY} 代签）" : $"{party} 签收", party.Key is null ? $"{party} accepts ({bankY} signs for it)" : $"{party} accepts",
            async () =>
            {
                lastSent = party.Key is null
                    ? await client.SendAsync(bankY.Id, party.Id, [Signer(bankY)], cancel, new AcceptOffer(offer))
                    : await client.SendAsync(party.Id, null, [Signer(party)], cancel, new AcceptOffer(offer));
                return Accepted_(lastSent, chinese, english);
            });

    Transfer Trade(Id<Offer> offer, DemoParty to, Interval? units, Id<Document> invoice, Timestamp expires) =>
        new(offer, instrument, to.Id, TransferCause.Trade, Recourse: false, [new DocumentUse(invoice, units?.Amount ?? (to == b ? ToB : ToD))], expires, units);

    Invoice Generated(string label, DemoParty seller, DemoParty buyer, Amount total) =>
        DemoInvoices.Generated($"26{seller.Id.RegionCode[..2]}{label[1..].PadLeft(16, '0')}", seller.OnInvoice, buyer.OnInvoice, total, v.IssueDate);

    static StepResult Accepted_(SentTransaction sent, string chinese, string english) => sent.Answer.Code == Refusal.None
        ? new(true, chinese, english)
        : new(false, $"未受理：{(int)sent.Answer.Code} {sent.Answer.Sentence}", $"not accepted: {(int)sent.Answer.Code} {sent.Answer.SentenceEn}");

    // A step that expects a refusal passes only on that one.
    static StepResult Refused(SentTransaction sent, Refusal expected) => sent.Answer.Code == expected
        ? new(true, $"拒绝 {(int)expected}：{sent.Answer.Sentence}（已作为证据上链）", $"refused {(int)expected}: {sent.Answer.SentenceEn} (on the record as evidence)")
        : new(false, $"应为拒绝 {(int)expected}，实为 {(int)sent.Answer.Code} {sent.Answer.Sentence}", $"expected refusal {(int)expected}, got {(int)sent.Answer.Code} {sent.Answer.SentenceEn}");

    string Money(Amount amount) => narrator.Money(amount, v.Currency);

    string Letter(PartyId id) => new[] { c, a, b, d }.First(party => party.Id == id).Letter;

    static (KeyId, SigningKey) Signer(DemoParty party) =>
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
