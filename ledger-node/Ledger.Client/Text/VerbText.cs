using System.Collections.Frozen;

namespace Ledger.Client.Text;

/// <summary>What people call a verb of the wire.</summary>
public static class VerbText
{
    static readonly FrozenDictionary<string, (string Chinese, string English)> Names = new Dictionary<string, (string, string)>
    {
        ["party.register"] = ("登记参与方", "register a party"),
        ["party.policy"] = ("设定签名规则", "set the signing policy"),
        ["key.rotate"] = ("更换密钥", "rotate a key"),
        ["key.veto"] = ("否决密钥更换", "veto a rotation"),
        ["key.revoke"] = ("撤销密钥", "revoke a key"),
        ["key.reportLost"] = ("密钥报失", "report keys lost"),
        ["key.recover"] = ("恢复密钥", "recover keys"),
        ["mandate.grant"] = ("授权委托", "grant a mandate"),
        ["mandate.revoke"] = ("撤销授权委托", "revoke a mandate"),
        ["document.attest"] = ("登记背景材料", "attest a document"),
        ["document.redLetter"] = ("登记红字冲减", "attest a red letter"),
        ["epoch.open"] = ("开启指纹密钥期", "open a fingerprint key epoch"),
        ["confirmation.request"] = ("确权申请", "request confirmation"),
        ["confirmation.confirm"] = ("确权", "confirm a claim"),
        ["confirmation.dispute"] = ("异议", "dispute a claim"),
        ["receivable.issue"] = ("开立凭证", "issue a receivable"),
        ["receivable.cancel"] = ("凭证作废", "cancel a receivable"),
        ["bill.register"] = ("出票登记", "register a bill"),
        ["bill.presentForAcceptance"] = ("提示承兑", "present a bill for acceptance"),
        ["bill.deliver"] = ("提示收票", "deliver a bill"),
        ["bill.cancel"] = ("撤票", "take a bill back"),
        ["bill.guarantee"] = ("票据保证", "ask for a guarantee of a bill"),
        ["bill.pledge"] = ("质押背书", "pledge a bill"),
        ["bill.releasePledge"] = ("质押解除", "release a pledge of a bill"),
        ["bill.allowTransfer"] = ("撤销不得转让", "let a bill circulate again"),
        ["bill.present"] = ("提示付款", "present a bill for payment"),
        ["bill.recourse"] = ("追索", "ask for recourse"),
        ["bill.settleRecourse"] = ("追索清偿", "settle recourse"),
        ["bill.import"] = ("导入票据", "import a bill"),
        ["bill.attest"] = ("登记机构报文", "attest the bill register's message"),
        ["bill.reconcile"] = ("票据对账", "reconcile a bill with its register"),
        ["offer.accept"] = ("签收", "accept an offer"),
        ["offer.decline"] = ("拒收", "decline an offer"),
        ["offer.withdraw"] = ("撤回", "withdraw an offer"),
        ["token.transfer"] = ("流转", "transfer units"),
        ["token.correct"] = ("更正流转", "correct a transfer"),
        ["payment.receipt"] = ("登记收款", "receipt a payment"),
        ["payment.confirm"] = ("确认到账", "confirm announced money"),
        ["payment.deny"] = ("否认到账", "deny announced money"),
        ["payment.return"] = ("退回收款", "return a payment"),
        ["payment.dispute"] = ("对收款提出异议", "dispute a payment"),
        ["claim.costs"] = ("主张费用", "claim costs"),
        ["instrument.extend"] = ("展期", "extend the due date"),
        ["party.insolvent"] = ("登记破产受理", "enter an insolvency"),
        ["party.solvent"] = ("登记破产终结", "end an insolvency"),
        ["token.freeze"] = ("冻结", "freeze units"),
        ["token.extendFreeze"] = ("续冻", "extend a freeze"),
        ["token.unfreeze"] = ("解冻", "lift a freeze"),
        ["document.pledge"] = ("质押背景材料", "pledge documents"),
        ["document.release"] = ("解除质押", "release a pledge"),
        ["party.account"] = ("登记结算账号", "file a settlement account"),
        ["line.set"] = ("设定授信额度", "set a credit line"),
        ["financing.apply"] = ("融资申请", "apply for financing"),
        ["financing.withdraw"] = ("撤回融资申请", "withdraw an application"),
        ["financing.release"] = ("解除融资锁定", "let go of a financing"),
        ["registry.attest"] = ("登记系统结果见证", "attest a registry answer"),
        ["financing.approve"] = ("融资审批", "approve a financing"),
        ["financing.disburse"] = ("放款", "pay out a financing"),
        ["financing.repay"] = ("还款", "repay a financing"),
        ["financing.settle"] = ("退还余款", "return what is over"),
        ["financing.buyBack"] = ("回购", "buy back"),
        ["financing.reverse"] = ("退汇冲销", "reverse a financing"),
        ["financing.correct"] = ("更正融资", "correct a financing"),
    }.ToFrozenDictionary();

    /// <summary>The verb itself where this program has no name for it.</summary>
    public static string Of(string verb, Language language) =>
        !Names.TryGetValue(verb, out var name) ? verb : language == Language.Chinese ? name.Chinese : name.English;
}
