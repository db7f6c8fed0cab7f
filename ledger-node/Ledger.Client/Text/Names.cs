using Ledger.Client.Disclosures;
using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Parties;
using Ledger.Core.State;

namespace Ledger.Client.Text;

/// <summary>What people call kinds, standings and choices: the same on every page and in every command.</summary>
public static class Names
{
    public static Word Of(InstrumentKind kind) => kind switch
    {
        InstrumentKind.Receivable => new("应收账款凭证", "receivable certificate"),
        InstrumentKind.Bill => new("供应链票据", "supply-chain bill"),
    };

    public static Word Of(InstrumentStatus status) => status switch
    {
        InstrumentStatus.Requested => new("待确权", "waiting for confirmation"),
        InstrumentStatus.Confirmed => new("已确权", "confirmed"),
        InstrumentStatus.Disputed => new("有异议", "disputed"),
        InstrumentStatus.Offered => new("待签收", "pending acceptance"),
        InstrumentStatus.Active => new("持有中", "held"),
        InstrumentStatus.Cancelled => new("已作废", "cancelled"),
        InstrumentStatus.Settled => new("已兑付", "redeemed"),
    };

    public static Word Of(OfferKind kind) => kind switch
    {
        OfferKind.Issue => new("开立", "issue"),
        OfferKind.Transfer => new("流转", "transfer"),
        OfferKind.Pledge => new("背景材料质押", "pledge of documents"),
        OfferKind.Acceptance => new("提示承兑", "presentation for acceptance"),
        OfferKind.Delivery => new("提示收票", "delivery"),
        OfferKind.BillPledge => new("质押背书", "pledge by endorsement"),
        OfferKind.Guarantee => new("保证", "guarantee"),
        OfferKind.Presentation => new("提示付款", "presentation for payment"),
        OfferKind.Recourse => new("追索", "recourse"),
        OfferKind.Cancellation => new("撤票", "cancellation"),
        OfferKind.PledgeRelease => new("质押解除", "release of a pledge"),
        OfferKind.TransferPermission => new("撤销不得转让", "permission to transfer"),
    };

    public static Word Of(OfferStatus status) => status switch
    {
        OfferStatus.Open => new("待签收", "pending acceptance"),
        OfferStatus.Accepted => new("已签收", "accepted"),
        OfferStatus.Declined => new("已拒收", "rejected"),
        OfferStatus.Withdrawn => new("已撤回", "withdrawn"),
        OfferStatus.Expired => new("已过期", "expired"),
        OfferStatus.AwaitsRegister => new("待登记机构确认", "waiting for the bill register"),
        OfferStatus.Lapsed => new("因冻结失效", "lapsed by a freeze"),
        OfferStatus.Dismissed => new("异议成立、已终止", "dismissed"),
    };

    public static Word Of(MeasureKind kind) => kind switch
    {
        MeasureKind.Court => new("司法划转", "court order"),
        MeasureKind.Realisation => new("质权实现", "realisation of a pledge"),
        MeasureKind.Succession => new("承继", "succession"),
        MeasureKind.Insolvency => new("破产受理", "insolvency"),
        MeasureKind.Solvency => new("破产终结", "end of an insolvency"),
    };

    public static Word Of(MeasureStatus status) => status switch
    {
        MeasureStatus.Standing => new("异议期内", "can be contested"),
        MeasureStatus.Contested => new("待裁定", "contested"),
        MeasureStatus.InForce => new("已生效", "in force"),
        MeasureStatus.Dismissed => new("异议成立、已终止", "dismissed"),
        MeasureStatus.Ended => new("已终止", "ended"),
    };

    public static Word Of(ProposalAction action) => action switch
    {
        ProposalAction.RolesGrant => new("授予角色", "grant roles"),
        ProposalAction.RolesWithdraw => new("取消角色", "withdraw roles"),
        ProposalAction.ValidatorAdd => new("加入验证节点", "add a validator"),
        ProposalAction.ValidatorRemove => new("移除验证节点", "remove a validator"),
        ProposalAction.NodeKeyRotate => new("更换节点密钥", "rotate a node key"),
        ProposalAction.RulesAdopt => new("采用规则集", "adopt rules"),
        ProposalAction.ProtocolRaise => new("升级协议版本", "raise the protocol version"),
        ProposalAction.EpochOpen => new("开启指纹密钥期", "open a fingerprint key epoch"),
        ProposalAction.ProgrammeAdopt => new("采用产业链方案", "adopt an industry chain's programme"),
    };

    public static Word Of(Majority majority) => majority switch
    {
        Majority.MoreThanHalf => new("过半数", "more than half"),
        Majority.MoreThanTwoThirds => new("超过三分之二", "more than two thirds"),
        Majority.All => new("全体", "all"),
    };

    public static Word Of(ProposalStatus status) => status switch
    {
        ProposalStatus.Open => new("表决中", "open"),
        ProposalStatus.Adopted => new("已通过、待执行", "adopted"),
        ProposalStatus.Enacted => new("已执行", "enacted"),
        ProposalStatus.Rejected => new("已否决", "rejected"),
        ProposalStatus.Expired => new("已过期", "expired"),
        ProposalStatus.Withdrawn => new("已撤回", "withdrawn"),
        ProposalStatus.Overtaken => new("已无可执行", "overtaken"),
    };

    public static Word Of(TransferCause cause) => cause switch
    {
        TransferCause.Issue => new("开立", "issue"),
        TransferCause.Trade => new("贸易流转", "trade"),
        TransferCause.Sale => new("转让给银行", "sale to a bank"),
        TransferCause.Realisation => new("质权实现", "realisation of a pledge"),
        TransferCause.Recourse => new("追索返还", "recourse"),
        TransferCause.Subrogation => new("代偿", "subrogation"),
        TransferCause.Succession => new("承继", "succession"),
        TransferCause.Court => new("司法划转", "court order"),
        TransferCause.Correction => new("更正", "correction"),
        TransferCause.Conversion => new("转为票据", "conversion into a bill"),
    };

    public static Word Of(EncumbranceKind kind) => kind switch
    {
        EncumbranceKind.Offer => new("要约中", "offered"),
        EncumbranceKind.Reservation => new("融资预占", "reserved"),
        EncumbranceKind.Commitment => new("融资承诺锁定", "committed"),
        EncumbranceKind.Pledge => new("质押", "pledged"),
        EncumbranceKind.Freeze => new("冻结", "frozen"),
        EncumbranceKind.Presentation => new("提示付款中", "presented for payment"),
        EncumbranceKind.Recourse => new("追索中", "in recourse"),
        EncumbranceKind.NotTransferable => new("不得转让", "not transferable"),
        EncumbranceKind.Mismatch => new("与登记机构不一致", "differs from the register"),
        EncumbranceKind.Guarantee => new("保证", "guaranteed"),
    };

    public static Word Of(FinancingForm form) => form switch
    {
        FinancingForm.PledgeLoan => new("质押贷款", "pledge loan"),
        FinancingForm.RecourseFactoring => new("有追索权保理", "recourse factoring"),
        FinancingForm.NonRecourseFactoring => new("无追索权保理", "non-recourse factoring"),
        FinancingForm.Discount => new("贴现", "discount"),
    };

    public static Word Of(FinancingStatus status) => status switch
    {
        FinancingStatus.Applied => new("待审批", "applied for"),
        FinancingStatus.Approved => new("已审批", "approved"),
        FinancingStatus.Registered => new("已登记", "registered"),
        FinancingStatus.Disbursed => new("已放款", "paid out"),
        FinancingStatus.Repaid => new("已还款", "repaid"),
        FinancingStatus.Matured => new("到期收回", "matured"),
        FinancingStatus.BoughtBack => new("已回购", "bought back"),
        FinancingStatus.Reversed => new("已冲销", "reversed"),
        FinancingStatus.Released => new("已解除", "released"),
        FinancingStatus.Lapsed => new("已失效", "lapsed"),
        FinancingStatus.Withdrawn => new("已撤回", "withdrawn"),
        FinancingStatus.Corrected => new("已更正", "corrected"),
        FinancingStatus.Settled => new("已结清", "settled"),
    };

    public static Word Of(PaymentStatus status) => status switch
    {
        PaymentStatus.Received => new("已收款", "received"),
        PaymentStatus.Returned => new("已退回", "returned"),
        PaymentStatus.Disputed => new("有异议", "disputed"),
        PaymentStatus.Announced => new("公告到账", "announced"),
    };

    public static Word Of(DocumentKind kind) => kind switch
    {
        DocumentKind.Invoice => new("发票", "invoice"),
        DocumentKind.Contract => new("合同", "contract"),
        DocumentKind.Waybill => new("运单", "waybill"),
        DocumentKind.WarehouseReceipt => new("仓单", "warehouse receipt"),
        DocumentKind.CustomsDeclaration => new("报关单", "customs declaration"),
    };

    public static Word Of(CreditMode mode) => mode switch
    {
        CreditMode.General => new("综合授信", "general line"),
        CreditMode.Earmarked => new("专项授信", "earmarked line"),
        CreditMode.None => new("不占额度（脱核）", "no line"),
        CreditMode.Supplier => new("申请人自有额度", "the applicant's own line"),
    };

    public static Word Of(SizeClass size) => size switch
    {
        SizeClass.Unstated => new("未填", "not stated"),
        SizeClass.Large => new("大型企业", "large"),
        SizeClass.Medium => new("中型企业", "medium"),
        SizeClass.Small => new("小型企业", "small"),
        SizeClass.Micro => new("微型企业", "micro"),
        SizeClass.PublicBody => new("机关事业单位", "public body"),
    };

    public static Word Of(Standing standing) => standing switch
    {
        Standing.Active => new("正常", "active"),
        Standing.KeysLost => new("密钥已报失", "keys reported lost"),
        Standing.Suspended => new("已暂停", "suspended"),
    };

    public static Word Of(KeyUse use) => use switch
    {
        KeyUse.Signing => new("签名", "signing"),
        KeyUse.Recovery => new("恢复", "recovery"),
        KeyUse.Sealing => new("加密", "sealing"),
    };

    public static Word Of(KeyRole role) => role switch
    {
        KeyRole.Maker => new("经办", "maker"),
        KeyRole.Checker => new("复核", "checker"),
        KeyRole.LegalRepresentative => new("法定代表人", "legal representative"),
        KeyRole.System => new("系统", "system"),
    };

    public static IEnumerable<Word> Of(Roles roles)
    {
        (Roles Role, Word Name)[] all =
        [
            (Roles.Bank, new("银行", "bank")), (Roles.CoreEnterprise, new("核心企业", "core enterprise")), (Roles.Supplier, new("供应商", "supplier")),
            (Roles.Regulator, new("监管机构", "regulator")), (Roles.Guarantor, new("保证人", "guarantor")), (Roles.Gateway, new("登记网关", "gateway")),
            (Roles.Platform, new("平台", "platform")), (Roles.Operator, new("运营方", "operator")),
        ];
        return all.Where(one => (roles & one.Role) != 0).Select(one => one.Name);
    }

    public static Word Of(UnitState state) => state switch
    {
        UnitState.Live => new("有效", "live"),
        UnitState.Extinguished => new("已消灭", "extinguished"),
        UnitState.Paid => new("已兑付", "redeemed"),
    };

    public static Word Of(BillStatus status) => status switch
    {
        BillStatus.Issued => new("已出票", "issued"),
        BillStatus.Accepted => new("已承兑", "accepted"),
        BillStatus.Held => new("已收票", "held"),
        BillStatus.Due => new("票据到期", "due"),
        BillStatus.Ended => new("票据已结束", "ended"),
        BillStatus.Settled => new("已结清", "settled"),
    };

    public static Word Of(BillFlow flow) => flow switch
    {
        BillFlow.AwaitsDelivery => new("待收票", "awaits delivery"),
        BillFlow.Free => new("可流通", "free"),
        BillFlow.Locked => new("已锁定", "locked"),
        BillFlow.NotTransferable => new("不得转让", "not transferable"),
        BillFlow.Pledged => new("已质押", "pledged"),
        BillFlow.AwaitsRedemption => new("待赎回", "awaits redemption"),
        BillFlow.Presented => new("提示付款中", "presented"),
        BillFlow.InRecourse => new("追索中", "in recourse"),
        BillFlow.Ended => new("已结束", "ended"),
    };

    public static Word Of(RegistryAct act) => act switch
    {
        RegistryAct.Query => new("查询", "query"),
        RegistryAct.Registration => new("登记", "registration"),
        RegistryAct.Cancellation => new("注销", "cancellation"),
    };

    public static Word Of(RegistryFinding finding) => finding switch
    {
        RegistryFinding.Clear => new("无他人登记", "clear"),
        RegistryFinding.Released => new("曾有登记，已注销", "released"),
        RegistryFinding.Encumbered => new("他人登记有效", "encumbered"),
        RegistryFinding.Done => new("已办理", "done"),
    };

    public static Word Of(PaymentOutcome outcome) => outcome switch
    {
        PaymentOutcome.Paid => new("全额兑付", "paid in full"),
        PaymentOutcome.PartlyPaid => new("部分兑付", "paid in part"),
        PaymentOutcome.Disputed => new("款项有争议", "disputed"),
    };

    public static Word Of(DayCount count) => count switch
    {
        DayCount.Actual360 => new("实际天数除以360", "actual over 360"),
        DayCount.Actual365 => new("实际天数除以365", "actual over 365"),
        DayCount.Thirty360 => new("每月30天除以360", "thirty over 360"),
    };

    public static Word Of(DayBounds bounds) => bounds switch
    {
        DayBounds.First => new("算头不算尾", "first day only"),
        DayBounds.Last => new("算尾不算头", "last day only"),
        DayBounds.Both => new("算头又算尾", "both days"),
        DayBounds.Neither => new("头尾都不算", "neither day"),
    };

    public static Word Of(Rounding rounding) => rounding switch
    {
        Rounding.HalfUp => new("四舍五入", "half up"),
        Rounding.Down => new("舍去", "down"),
        Rounding.Up => new("进位", "up"),
    };

    public static Word Of(InterestPayment payment) => payment switch
    {
        InterestPayment.Prepaid => new("预付", "in advance"),
        InterestPayment.AtMaturity => new("到期付息", "at maturity"),
    };

    public static Word Of(Term term) => term switch
    {
        Term.Rate => new("利率", "rate"),
        Term.PenaltyRate => new("罚息利率", "penalty rate"),
        Term.Fees => new("费用", "fees"),
        Term.NetProceeds => new("放款净额", "net proceeds"),
        Term.Interest => new("利息", "interest"),
        Term.Payoff => new("还款总额", "payoff"),
        Term.Surplus => new("余款", "surplus"),
        Term.Refund => new("退息", "refund"),
        Term.BuyBackPrice => new("回购价款", "buy-back price"),
        Term.LateInterest => new("逾期利息", "late interest"),
        Term.Price => new("价款", "price"),
        Term.Account => new("账号", "account"),
        Term.AccountName => new("户名", "account name"),
        Term.DocumentNumber => new("材料号码", "document number"),
        Term.Contact => new("联系人", "contact"),
        Term.RecourseAmount => new("追索金额", "recourse amount"),
    };

    public static Word Of(Purpose purpose) => purpose switch
    {
        Purpose.Demo => new("演示", "demo"),
        Purpose.Test => new("测试", "test"),
        Purpose.Live => new("正式", "live"),
    };
}
