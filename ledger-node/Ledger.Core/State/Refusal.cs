namespace Ledger.Core.State;

/// <summary>
/// Every way the ledger says no. Numbers are permanent: one is never used again for something else. Below 2000 a refusal leaves no entry and
/// uses no id; from 2000 to 19999 it is an entry of the chain; from 20000 on it never reaches the chain. A name states the fact that barred the way.
/// </summary>
public enum Refusal : ushort
{
    [Says("已受理。", "Accepted.")]
    None = 0,

    // 1000 wire
    [Says("报文不符合账本的格式：{reason}", "The transaction is not in the ledger's format: {reason}")]
    Malformed = 1000,
    [Says("报文过大：单笔交易最多 65,530 字节。", "The transaction is too large: at most 65,530 bytes.")]
    TooLarge = 1001,
    [Says("该交易是为另一条链签署的。", "The transaction was signed for another chain.")]
    WrongChain = 1002,
    [Says("签名算法不是本链所用的算法。", "The signature algorithm is not the one of this chain.")]
    WrongAlgorithm = 1003,
    [Says("签名清单与实际签名不一致。", "The signatures are not exactly those that the headers announce.")]
    SignersDiffer = 1004,
    [Says("交易没有任何操作。", "The transaction has no operations.")]
    NoOperations = 1005,

    // 1500 authentication
    [Says("签名密钥未登记：{reference}", "The signing key is not registered: {reference}")]
    KeyUnknown = 1500,
    [Says("签名验证不通过：{reference}", "The signature does not verify: {reference}")]
    SignatureInvalid = 1501,
    [Says("该交易号已被同一内容使用，返回首次结果。", "This transaction was already answered; the first answer stands.")]
    AlreadyAnswered = 1502,
    [Says("该交易号已用于另一内容的交易，请换用新的交易号。", "This transaction id was already used for different content; choose a new id.")]
    IdUsedForOther = 1503,
    [Says("交易已过有效期，请重新签署。", "The transaction has expired; sign it again.")]
    Expired = 1504,
    [Says("有效期超过账本时间之后 24 小时。", "The expiry is more than 24 hours after ledger time.")]
    ExpiryTooFar = 1505,
    [Says("未到期的长效交易号已达上限。", "Too many long-lived transaction ids of this party are still unexpired.")]
    TooManyLongLivedIds = 1506,
    [Says("签名密钥尚未生效、已停用或已撤销：{reference}", "The signing key is not yet valid, retired or revoked: {reference}")]
    KeyNotValid = 1507,
    [Says("该密钥不是签名用途的密钥：{reference}", "The key is not a signing key: {reference}")]
    KeyUseWrong = 1508,
    [Says("没有操作方自己的签名。", "There is no signature of the acting party.")]
    ActingPartyDidNotSign = 1509,
    [Says("操作方未登记。", "The acting party is not registered.")]
    ActingPartyUnknown = 1510,
    [Says("操作方已报失密钥，对外操作暂停，待恢复。", "The acting party's keys are reported lost; its acts are stopped until recovery.")]
    KeysReportedLost = 1511,
    [Says("操作方已被暂停。", "The acting party is suspended.")]
    PartySuspended = 1512,
    [Says("该操作需要第二人复核签名。", "This act needs a second person's signature (checker).")]
    SecondPersonMissing = 1513,
    [Says("没有可用的授权委托。", "There is no mandate for this act.")]
    NoMandate = 1514,
    [Says("连同当日已用额度，金额超过授权委托的上限。", "With what the day's other acts took, the amount is above the mandate's cap.")]
    MandateCapExceeded = 1515,
    [Says("授权委托不包括该交易对手。", "The mandate does not name this counterparty.")]
    MandateCounterparty = 1516,
    [Says("受托人不得同时是交易对手。", "An agent is never the counterparty of the act it signs.")]
    AgentIsCounterparty = 1517,
    [Says("复核密钥不得单独发起操作。", "A checker's key cannot act alone.")]
    CheckerCannotActAlone = 1518,
    [Says("到期事项仍在处理中，请稍后再试。", "What has come due is still being dealt with; try again shortly.")]
    DeadlinesUnderWay = 1519,
    [Says("同一受托人不得同时代表交易双方。", "One agent never speaks for both sides of an act.")]
    OneHandForBothSides = 1520,
    [Says("新编号须为第 7 版 UUID（RFC 9562）：{reference}", "A new thing's id is a UUID of version 7 (RFC 9562): {reference}")]
    IdWithoutTime = 1521,
    [Says("新编号的生成时间不在账本时间之前 24 小时至之后 10 分钟之内；请先查明此事是否已办，再换新编号：{reference}", "A new thing's id was made more than 24 hours before ledger time or 10 minutes after it; look whether the thing was done, then take a new id: {reference}")]
    IdOfAnotherTime = 1522,

    // 2000 members
    [Says("参与方不存在：{reference}", "There is no such party: {reference}")]
    PartyNotFound = 2000,
    [Says("参与方已登记：{reference}", "The party is already registered: {reference}")]
    PartyAlreadyRegistered = 2001,
    [Says("只有银行可以推荐新的参与方。", "Only a bank can sponsor a party.")]
    SponsorIsNotBank = 2002,
    [Says("银行须由另一家银行推荐。", "A bank's sponsor is another bank.")]
    SponsorIsSelf = 2003,
    [Says("新参与方须以自己的首个密钥签名。", "The new party must sign with its first key.")]
    NewPartyDidNotSign = 2004,
    [Says("该角色须有独立于推荐银行的第二家银行核验法律文件并签名。", "This role needs the check of the legal papers and the signature of a second bank, independent of the first.")]
    SecondBankMissing = 2005,
    [Says("没有密钥的参与方须附纸质授权书哈希及给另一代理人的授权。", "A party without keys needs the hash of its paper mandate and an agent other than the sponsor.")]
    PaperMandateMissing = 2006,
    [Says("公钥不是本套件曲线上的点。", "The public key is not a point on the suite's curve.")]
    PublicKeyInvalid = 2007,
    [Says("该公钥已被登记。", "The public key is already registered.")]
    PublicKeyInUse = 2008,
    [Says("密钥不存在：{reference}", "There is no such key: {reference}")]
    KeyNotFound = 2009,
    [Says("密钥已停用或已撤销。", "The key is already retired or revoked.")]
    KeyAlreadyEnded = 2010,
    [Says("首个密钥须由推荐银行与独立的第二家银行共同签名。", "A first key needs the signatures of the sponsor and of a second bank that is independent of both.")]
    FirstKeyNeedsTwoBanks = 2011,
    [Says("该密钥更换已生效，不能否决。", "The rotation is already in force and cannot be vetoed.")]
    RotationInForce = 2012,
    [Says("只有恢复密钥、法定代表人或推荐银行可以否决。", "Only the recovery key, the legal representative or the sponsor can veto.")]
    VetoNotAllowed = 2013,
    [Says("只有推荐银行可以报失。", "Only the sponsor can report keys lost.")]
    NotTheSponsor = 2014,
    [Says("恢复须由恢复密钥签名，或由推荐银行与独立的第二家银行共同签名。", "Recovery needs the recovery key, or the signatures of the sponsor and of a second bank that is independent of both.")]
    RecoveryNotAuthorised = 2015,
    [Says("密钥并未报失。", "No loss is reported.")]
    KeysNotLost = 2016,
    [Says("没有该授权委托，或操作方无权查看。", "There is no such mandate that the acting party may see.")]
    MandateNotFound = 2017,
    [Says("授权委托的编号已被使用。", "The mandate's id is already used.")]
    MandateIdInUse = 2018,
    [Says("代理人须是另一参与方。", "An agent is another party.")]
    AgentIsPrincipal = 2019,
    [Says("操作名称不存在：{reference}", "There is no such verb: {reference}")]
    VerbUnknown = 2020,
    [Says("期限须是将来的整分钟，且不超过规则允许的最长期限。", "The term must be a whole minute in the future and within the longest term of the rules.")]
    TermInvalid = 2021,
    [Says("签名规则按币种各列一次。", "A signing policy names each currency once.")]
    PolicyInvalid = 2022,
    [Says("名称、地区、人员代号等文字不符合要求：{reason}", "A name, region or person's pseudonym is not in the required form: {reason}")]
    TextInvalid = 2023,
    [Says("报失后至少须保留一个有效的签名密钥，或走恢复程序。", "The last signing key cannot be revoked; rotate it or use recovery.")]
    LastSigningKey = 2024,
    [Says("操作方没有执行该操作的角色。", "The acting party does not have the role for this act.")]
    RoleMissing = 2025,
    [Says("代理人须在登记上签名。", "The agent must sign the registration.")]
    AgentDidNotSign = 2026,
    [Says("有密钥的参与方自行授权，不附纸质授权书。", "A party with keys grants its mandates itself, not on paper.")]
    PaperMandateBesideKeys = 2027,
    [Says("银行登记时须有恢复密钥和封装密钥。", "A bank registers with a recovery key and a sealing key.")]
    BankKeysMissing = 2028,
    [Says("首个密钥须是签名密钥，且不得为复核密钥。", "The first key must be a signing key, and not a checker's.")]
    FirstKeyCannotAct = 2029,
    [Says("更换密钥须由本方操作，或由推荐银行操作并有第二家银行签名。", "A party rotates its own keys, or its sponsor does with a second bank's signature.")]
    RotationNotAuthorised = 2030,
    [Says("该密钥的更换尚在等待期内。", "A change of this key is still waiting to come into force.")]
    RotationPending = 2031,
    [Says("新密钥须与被更换的密钥用途、职能相同。", "The new key must have the use and role of the one that it replaces.")]
    KeyFunctionDiffers = 2032,
    [Says("参与方已报失密钥或已被暂停。", "The party's keys are already reported lost, or it is suspended.")]
    PartyNotActive = 2033,
    [Says("授权委托须列明操作，每项一次。", "A mandate names its verbs, each once.")]
    VerbsNotNamed = 2034,
    [Says("该操作不得委托他人：{reference}", "This verb cannot be given to an agent: {reference}")]
    VerbNotForAgents = 2035,
    [Says("只有委托人、其推荐银行或代理人可以撤销授权委托。", "Only the principal, its sponsor or the agent revokes a mandate.")]
    NotOfTheMandate = 2036,
    [Says("登记结算账号须由其推荐银行共同签名，且该银行不得同时是其代理人。", "The sponsor signs the filing of a settlement account too, and not as the party's agent.")]
    SponsorDidNotSign = 2037,
    [Says("对同一受托人的有效授权已达上限，请先撤销或等待到期。", "This agent holds as many mandates of the principal as it may; revoke one or let one end first.")]
    TooManyMandates = 2038,
    [Says("参与方不是其自身的实际控制人。", "A party is not its own controller.")]
    ControllerIsSelf = 2039,
    [Says("账本上已如此登记。", "That is what the ledger says already.")]
    ControlUnchanged = 2040,
    [Says("该参与方仍计入的原实际控制人已达上限，请待其期满。", "As many former controllers of the party still count as may; wait until one no longer does.")]
    TooManyControllers = 2041,

    // 2500 documents
    [Says("没有该背景材料，或操作方无权查看：{reference}", "There is no such document that the acting party may see: {reference}")]
    DocumentNotFound = 2500,
    [Says("背景材料编号已被使用。", "The document's id is already used.")]
    DocumentIdInUse = 2501,
    [Says("只有银行可以见证登记背景材料。", "Only a bank attests a document.")]
    AttesterIsNotBank = 2502,
    [Says("卖方须在登记上签名。", "The seller must sign the attestation.")]
    SellerDidNotSign = 2503,
    [Says("须为每个有效的指纹密钥期各提供一个号码指纹和一个形似指纹。", "A document needs a fingerprint of its number and one of its skeleton for every open key epoch.")]
    FingerprintsIncomplete = 2504,
    [Says("该背景材料已登记：{reference}", "The document is already registered: {reference}")]
    DocumentAlreadyRegistered = 2505,
    [Says("与已登记的同号背景材料内容矛盾：{reference}，登记于 {since}", "It contradicts the document registered under the same number: {reference}, since {since}")]
    DocumentContradicts = 2506,
    [Says("背景材料的买卖双方与本操作不符。", "The document's seller and buyer are not this act's parties.")]
    DocumentPartiesDiffer = 2507,
    [Says("背景材料的币种与本操作不符。", "The document's currency is not this act's.")]
    DocumentCurrencyDiffers = 2508,
    [Says("所引发票金额之和须等于本操作的金额。", "The cited invoices' amounts must add up to the act's amount.")]
    DocumentsDoNotCover = 2509,
    [Says("红字金额不得超过原票总额。", "Red letters cannot exceed the document's total.")]
    RedLetterTooLarge = 2510,
    [Says("背景材料总额须大于零。", "A document's total must be above zero.")]
    DocumentTotalZero = 2511,
    [Says("同一背景材料只能引用一次。", "A document is cited once in an act.")]
    DocumentCitedTwice = 2512,
    [Says("密钥期须逐一递增。", "Key epochs are numbered one after another.")]
    EpochOutOfOrder = 2514,
    [Says("密钥期须为每家银行附上封装的密钥。", "An epoch brings the sealed key of every bank.")]
    SealedKeysIncomplete = 2515,
    [Says("所引材料中须有合同。", "The documents must include a contract.")]
    ContractMissing = 2516,
    [Says("卖方须是登记的参与方。", "The seller must be a registered party.")]
    SellerUnknown = 2517,
    [Says("单据日期晚于账本日期。", "The document is dated after the ledger's date.")]
    DocumentFromTheFuture = 2518,
    [Says("号码与该卖方已登记的背景材料 {reference}（登记于 {since}）看似相同；确非同一份的，须列明并由另一家银行共同签名。", "The number looks like that of document {reference} of the same seller, since {since}; if it is another, name that one as distinct and have a second bank sign.")]
    DocumentLooksLikeAnother = 2519,
    [Says("声明与其不同的背景材料，须恰为看似相同的那些：{reference}", "The documents named as distinct must be those that look alike, each once: {reference}")]
    DistinctFromOthers = 2520,
    [Says("声明材料不同须另一家银行共同签名，且该银行不得是交易双方或卖方的代理人。", "That documents are distinct needs a second bank's signature; it is neither party of the document nor the seller's agent.")]
    DistinctionNeedsSecondBank = 2521,
    [Says("所引用的贸易背景材料经红冲后已不足以支持该操作：{reference}", "After red letters the document no longer backs what it was cited for: {reference}")]
    DocumentNoLongerCovers = 2522,
    [Says("运单、仓单、报关单只作发票的佐证，不能以其金额作为背景。", "A waybill, warehouse receipt or customs declaration is evidence beside an invoice: nothing rests on its amount.")]
    DocumentIsEvidence = 2523,
    [Says("指纹密钥期已达 {reference} 期的上限。", "There are as many key epochs as there can be: {reference}")]
    TooManyEpochs = 2524,

    // 3000 confirmation and issue
    [Says("没有该凭证、其已结束并归档，或操作方无权查看：{reference}", "There is no such instrument that the acting party may see, or it ended and left the ledger's state: {reference}")]
    InstrumentNotFound = 3000,
    [Says("凭证编号已被使用。", "The instrument's id is already used.")]
    InstrumentIdInUse = 3001,
    [Says("只有债务人可以确权、异议或开立。", "Only the obligor confirms, disputes or issues.")]
    NotTheObligor = 3003,
    [Says("债务人与债权人须是不同的参与方。", "Obligor and creditor are two parties.")]
    ObligorIsCreditor = 3004,
    [Says("金额须大于零。", "The amount must be above zero.")]
    AmountZero = 3005,
    [Says("确认金额超过申请金额 {available}。", "More is confirmed than was requested ({available}).")]
    ConfirmedAboveRequested = 3006,
    [Says("该债权已答复，不能重复确权。", "The claim was already answered.")]
    AlreadyAnsweredClaim = 3007,
    [Says("其余部分须说明异议理由。", "The rest needs a reason of dispute.")]
    DisputeReasonMissing = 3008,
    [Says("没有可供答复的确权申请。", "There is no request to answer.")]
    NoRequest = 3009,
    [Says("合同签署日期晚于账本日期。", "The contract is dated after the ledger's date.")]
    ContractFromTheFuture = 3010,
    [Says("开立内容与确权内容不符。", "The issue differs from what was confirmed.")]
    IssueDiffersFromConfirmation = 3011,
    [Says("到期日须晚于开立日。", "The due date must be after the issue date.")]
    DueDateNotAfterIssue = 3012,
    [Says("凭证当前状态不允许该操作。", "The instrument's status does not allow this.")]
    InstrumentStatusWrong = 3013,
    [Says("已有他人依赖该凭证，不能取消。", "Others depend on the instrument; it cannot be cancelled.")]
    InstrumentDependedOn = 3014,
    [Says("取消已签收的凭证须持有人同意并签名。", "Cancelling an accepted instrument needs its holder's signature.")]
    HolderDidNotSign = 3015,
    [Says("平台编号已被使用。", "The platform number is already used.")]
    NumberInUse = 3016,
    [Says("债务人须是核心企业、银行或机关事业单位。", "The obligor must be a core enterprise, a bank or a public body.")]
    ObligorRoleMissing = 3017,
    [Says("开立日期须是账本当日：所填 {reference}，当日为 {reason}", "An issue is dated on the ledger's date: it says {reference}, and today is {reason}")]
    IssueDateIsNotToday = 3018,
    [Says("未经确权的开立须附付款承诺。", "An issue that was not confirmed before must bring the undertaking to pay.")]
    UndertakingMissing = 3019,
    [Says("已确权的债权开立时不得另附付款承诺。", "A confirmed claim has its undertaking; the issue cannot bring another.")]
    UndertakingGivenBefore = 3020,
    [Says("付款期限超过通常期限，须附说明：到期日 {reference}，通常最晚为 {reason}", "The tenor is longer than the usual one and needs a justification: due on {reference}, usually on {reason} at the latest")]
    JustificationMissing = 3021,
    [Says("约定的逾期利率过高。", "The agreed late rate is higher than any may be.")]
    LateRateTooHigh = 3022,
    [Says("约定的逾期利率低于合同订立时的一年期贷款市场报价利率（《保障中小企业款项支付条例》第十七条）：日利率最低为百万分之 {reference}", "The agreed late rate is below the one-year loan prime rate at signing (Regulation on Payments to Small and Medium Enterprises, article 17): the least is {reference} millionths a day")]
    LateRateBelowLpr = 3023,

    // 3500 bills
    [Says("该凭证不是票据。", "The instrument is not a bill.")]
    NotABill = 3500,
    [Says("该凭证是票据，请使用票据操作。", "The instrument is a bill, which has verbs of its own.")]
    IsABill = 3501,
    [Says("票据包号须为 30 位数字，首位为 5 至 8。", "A package number is 30 digits, the first of them 5 to 8.")]
    PackageNumberInvalid = 3502,
    [Says("承兑人与票据包号首位所示的种类不符：5、8 为银票，6、7 为商票。", "The acceptor is not of the kind that the package number begins with: 5 and 8 are banks' acceptances, 6 and 7 commercial ones.")]
    AcceptorDiffersFromNumber = 3503,
    [Says("票据期限超过规则允许的最长期限：到期日 {reference}，最晚为 {reason}", "The bill runs longer than the rules allow: due on {reference}, allowed until {reason}")]
    BillTenorTooLong = 3504,
    [Says("只有出票人可以提示承兑、提示收票或撤票。", "Only the drawer presents a bill for acceptance, delivers it or takes it back.")]
    NotTheDrawer = 3505,
    [Says("票据当前状态不允许该操作：{reason}", "The bill's status does not allow this: {reason}")]
    BillStatusWrong = 3506,
    [Says("票据上的前一操作尚未完成。", "An earlier act on the bill is still under way.")]
    BillActUnderWay = 3507,
    [Says("提示承兑的答复期限最长三日（票据法第四十一条）。", "The drawee answers within three days (Negotiable Instruments Law 41).")]
    AcceptanceTermTooLong = 3508,
    [Says("不得转让票据金额的一部分（票据法第三十三条）。", "A part of a bill's amount cannot be endorsed (Negotiable Instruments Law 33).")]
    PartialEndorsement = 3509,
    [Says("背书不得附有条件（票据法第三十三条）。", "An endorsement has no condition (Negotiable Instruments Law 33).")]
    ConditionalEndorsement = 3510,
    [Says("背书人已记载不得转让（票据法第三十四条）。", "An endorser wrote that the bill goes no further (Negotiable Instruments Law 34).")]
    EndorsementForbidden = 3511,
    [Says("已被拒绝付款或超过提示付款期限，不得背书转让（票据法第三十六条）。", "After dishonour or the period of presentation nothing is endorsed (Negotiable Instruments Law 36).")]
    EndorsementTooLate = 3512,
    [Says("票据每次只背书一个连续的子票区间。", "A bill is endorsed by one unbroken sub-interval at a time.")]
    OneIntervalOnly = 3513,
    [Says("份额上没有操作方所记载的不得转让。", "There is no mark on the units that this party wrote.")]
    NotTheEndorser = 3514,
    [Says("保证人须是承兑人以外的担保机构或银行。", "A guarantor is a guarantee company or a bank, and not the acceptor.")]
    GuarantorUnfit = 3515,
    [Says("未到付款日，不得提示付款：{reason} 起方可提示", "The bill is not payable yet: it is from {reason} on")]
    PresentedEarly = 3516,
    [Says("超过提示付款期限，须作出说明（票据法第五十三条）。", "After the period of presentation it needs an explanation (Negotiable Instruments Law 53).")]
    ExplanationMissing = 3517,
    [Says("份额未被拒绝付款，不得追索（票据法第六十一条）。", "The units are not dishonoured; there is no recourse (Negotiable Instruments Law 61).")]
    BillNotDishonoured = 3518,
    [Says("该当事人对所指份额不负票据责任（票据法第三十四、六十八、六十九条）。", "That party is not liable for these units (Negotiable Instruments Law 34, 68, 69).")]
    NotLiable = 3519,
    [Says("追索权已过时效（票据法第十七条）。", "The right of recourse has lapsed (Negotiable Instruments Law 17).")]
    RecourseTooLate = 3520,
    [Says("追索尚未获同意清偿，或已了结。", "The recourse is not agreed to, or over.")]
    RecourseNotAgreed = 3521,
    [Says("只有收款人的银行可以确认追索款项到账。", "Only the payee's bank says that recourse was paid.")]
    NotTheRecourseBank = 3522,
    [Says("只有票据登记机构或（无登记机构时）创世文件指定的机构可以导入票据。", "Only the bill register, or where there is none the authority of genesis, imports a bill.")]
    NotTheImporter = 3523,
    [Says("导入票据须由持票人签名；账本自任登记时承兑人亦须签名。", "An import needs the holder's signature, and the acceptor's where the ledger is the register.")]
    ImportNotSigned = 3524,
    [Says("出票日期晚于账本日期。", "The bill is dated after the ledger's date.")]
    BillFromTheFuture = 3525,
    [Says("操作方不是创世文件指定的票据登记机构。", "The party is not the bill register that genesis names.")]
    NotTheRegister = 3526,
    [Says("登记机构的报文编号已被使用。", "The register's message id is already used.")]
    MessageIdInUse = 3527,
    [Says("票据与登记系统不一致，待核对。", "The bill differs from the bill register and waits for reconciliation.")]
    BillMismatched = 3528,
    [Says("没有待核对的该报文。", "No mismatch of that message waits for reconciliation.")]
    NoSuchMismatch = 3529,
    [Says("核对须由登记机构以外的一家银行复核并签名。", "A reconciliation needs the signature of a bank other than the register.")]
    ReviewerMissing = 3530,
    [Says("核对结果与登记系统所述不符，请另行办理相应操作。", "That does not lead to what the register says; the act that would is instructed anew.")]
    ReconciliationDiffers = 3531,
    [Says("该保证人已为这些份额提供保证。", "The guarantor already stands in for these units.")]
    AlreadyGuaranteed = 3532,
    [Says("不得转让只能由背书人在贸易背书时记载。", "Only an endorser of a trade writes that the bill goes no further.")]
    MarkIsEndorsers = 3533,

    // 4000 tokens
    [Says("没有该要约、其已结束并归档，或操作方无权查看：{reference}", "There is no such offer that the acting party may see, or it ended and left the ledger's state: {reference}")]
    OfferNotFound = 4000,
    [Says("要约编号已被使用。", "The offer's id is already used.")]
    OfferIdInUse = 4001,
    [Says("要约已签收、拒收、撤回或过期。", "The offer was already answered, withdrawn or has expired.")]
    OfferNotOpen = 4002,
    [Says("要约已过期。", "The offer has expired.")]
    OfferExpired = 4003,
    [Says("只有受让方可以签收或拒收。", "Only the party it was made to accepts or declines.")]
    NotTheOfferee = 4004,
    [Says("只有发出方可以撤回。", "Only the party that made the offer withdraws it.")]
    NotTheOfferor = 4005,
    [Says("所指份额超出凭证范围。", "The instrument has no such units.")]
    UnitsDoNotExist = 4006,
    [Says("所指份额不属于操作方。", "The units are not the acting party's.")]
    UnitsNotHeld = 4007,
    [Says("凭证已到期，不能流转。", "The instrument is due; it no longer circulates.")]
    InstrumentDue = 4008,
    [Says("凭证不得转让。", "The instrument is not transferable.")]
    NotTransferable = 4009,
    [Says("受让方与转让方相同。", "The party cannot hand units to itself.")]
    TransferToSelf = 4010,
    [Says("须且只须给出份额区间或金额之一。", "Name either the units or an amount, not both.")]
    UnitsOrAmount = 4011,
    [Says("流转不得以此为原因。", "A transfer cannot have this cause.")]
    CauseNotTaken = 4012,
    [Says("要约期限须是将来的整分钟，且不超过规则允许的最长期限。", "An offer's term must be a whole minute in the future and within the longest term of the rules.")]
    OfferTermInvalid = 4013,
    [Says("低于最小流转金额。", "Below the smallest amount that may be transferred.")]
    BelowMinimum = 4014,
    [Says("流转层级超过上限。", "The chain of transfers is longer than the rules allow.")]
    TooDeep = 4015,
    [Says("凭证拆分过细。", "The instrument is split into more parts than the rules allow.")]
    TooManyTokens = 4016,
    [Says("冻结编号已被使用。", "The freeze's id is already used.")]
    FreezeIdInUse = 4017,
    [Says("没有该冻结，或操作方无权查看。", "There is no such freeze that the acting party may see.")]
    FreezeNotFound = 4018,
    [Says("只有执行冻结的机构可以解除。", "Only the institution that executed the freeze lifts it.")]
    NotTheExecutor = 4019,
    [Says("份额已消灭或已清偿。", "The units are extinguished or paid.")]
    UnitsNotLive = 4020,
    [Says("份额不足：可用 {available}。", "Not enough free units: {available} available.")]
    NotEnoughHeld = 4021,

    [Says("份额上另有负担：{kind} {reference}，自 {since}", "The units carry another burden: {kind} {reference}, since {since}")]
    UnitsBurdened = 4022,
    [Says("份额上的轮候冻结过多。", "Too many freezing orders wait on these units.")]
    TooManyFreezes = 4023,
    [Says("更正有其专门的操作，不以流转办理。", "A correction has a verb of its own and is no transfer.")]
    CauseHasItsOwnVerb = 4024,
    [Says("该流转由持有人自行办理，不得另列持有人。", "For this cause the holder acts itself and is not named.")]
    HolderNotTaken = 4025,
    [Says("该流转须列明从何持有人转出。", "This cause names the holder from whom the units are taken.")]
    HolderNotNamed = 4026,
    [Says("该流转须附凭据。", "This cause needs the hash of its evidence.")]
    EvidenceMissing = 4027,
    [Says("该流转不附凭据。", "This cause takes no evidence.")]
    EvidenceNotTaken = 4028,
    [Says("该流转不引用贸易背景材料。", "This cause cites no documents.")]
    DocumentsNotTaken = 4029,
    [Says("只有贸易流转和卖出可以约定追索。", "Only a trade or a sale leaves recourse.")]
    RecourseNotTaken = 4030,
    [Says("凭证尚未逾期，不能以此原因流转。", "The instrument is not past its payable day; this cause is too early.")]
    InstrumentNotDue = 4031,
    [Says("受让方须是银行。", "The buyer must be a bank.")]
    BuyerIsNotBank = 4032,
    [Says("这些份额对该受让方没有追索权。", "There is no recourse for these units to this party.")]
    NoRecourse = 4033,
    [Says("转换只能交回债务人。", "A conversion goes to the obligor.")]
    ConversionIsToObligor = 4034,
    [Says("该流转须列明份额区间。", "This cause names its units.")]
    UnitsNotNamed = 4035,
    [Says("这些份额并未全部质押给操作方。", "Not all of these units are pledged to the acting party.")]
    NotThePledgeeOfUnits = 4036,
    [Says("实现质权须持有人签名，或凭裁判文书并由两家相互独立、且独立于质权人和受让方的银行或运营机构签名。", "Realisation needs the holder's signature, or an order and the signatures of two banks or operators that are independent of each other, of the pledgee and of the receiver.")]
    RealisationNotAuthorised = 4037,

    // 4038 to 4040 said who enters a succession and who executes an order; two institutions (4057) took their place.
    [Says("只有已签收的贸易流转或卖出可以更正。", "Only an accepted trade or sale is corrected.")]
    TransferNotCorrectable = 4041,
    [Says("已有后续行为依赖，不能撤销或更正。", "Later acts rely on it; it can no longer be undone.")]
    LaterActsRely = 4042,
    [Says("更正须原持有人签名。", "The former holder must sign a correction.")]
    FormerHolderDidNotSign = 4043,
    [Says("更正须由独立于双方、且不是原持有人开户银行的银行、平台或运营机构复核签名。", "A bank, platform or operator that is independent of both sides, and not the former holder's bank, reviews a correction and signs it.")]
    CorrectionNotReviewed = 4044,
    [Says("要约方已挂失密钥，恢复之前不能签收。", "The offering party's keys were reported lost; nothing of it is accepted before it has recovered.")]
    OfferorLostKeys = 4045,
    [Says("冻结的末日须自今日起，且不超过三年；续冻的末日须在原末日之后。", "A freeze lasts to a day from today on and within three years; an extension to a later day than before.")]
    FreezeTermInvalid = 4046,
    [Says("单一机构只能作短期紧急冻结；更长的冻结须第二家机构共同签名。", "One institution alone freezes for an emergency's time only; for longer a second institution signs too.")]
    FreezeNeedsSecond = 4047,
    [Says("该机构已单独对这些份额作过紧急冻结，再次冻结须第二家机构共同签名。", "This institution has frozen these units alone already; to freeze them again a second institution signs too.")]
    FrozenInEmergency = 4048,
    [Says("向银行转让以取得资金，须按融资申请办理（financing.apply）；仅银行之间转贴现、或由登记机构登记的票据可直接转让。", "Money is raised by a financing (financing.apply): only banks sell bills to banks by an offer, and holders where a register keeps the bills.")]
    SaleIsFinancing = 4049,
    [Says("措施须有两家银行或运营机构签名，二者相互独立，且独立于受益人（不是同一机构、不久前推荐加入者、互为代理人或受益人的开户银行）。", "A measure needs the signatures of two banks or operators that are independent of each other and of who gains: not one party or its newcomer, no agent of the other, and not the gainer's bank.")]
    TwoInstitutionsMissing = 4057,
    [Says("措施尚在异议期内，自 {since} 起方可签收。", "The measure is in its contest period; it can be accepted from {since} on.")]
    MeasureNotInForce = 4058,
    [Says("措施已被提出异议，须由第三家机构裁定。", "The measure is contested; a third institution has to decide.")]
    MeasureIsContested = 4059,
    [Says("没有该措施、其已结束并归档，或操作方无权查看：{reference}", "There is no such measure that the acting party may see, or it ended and left the ledger's state: {reference}")]
    MeasureNotFound = 4060,
    [Says("措施编号已被使用。", "The measure's id is already used.")]
    MeasureIdInUse = 4061,
    [Says("只有措施所针对的参与方或其推荐银行可以提出异议。", "Only the party that a measure is against, or its sponsor, contests it.")]
    NotAgainstThisParty = 4062,
    [Says("措施已生效、已被提出异议或已结束，不能再提异议。", "The measure is in force, contested already or over; it can no longer be contested.")]
    MeasureNotOpen = 4063,
    [Says("该措施没有待裁定的异议。", "No objection to the measure waits for a decision.")]
    MeasureNotContested = 4064,
    [Says("裁定机构须独立于作出措施的两家机构、受益人、异议方及双方的开户银行。", "Who decides is independent of the two institutions, of who gains and of who contests, and is neither side's bank.")]
    DeciderIsNotIndependent = 4065,
    [Says("要约期限须晚于异议期届满。", "The offer's term must be longer than the contest period.")]
    OfferEndsInContest = 4066,
    [Says("对该参与方的另一措施尚未了结：{reference}", "Another measure on this party is not settled yet: {reference}")]
    MeasurePending = 4067,

    // 5000 double pledge: attempts that go on the record
    [Says("份额已要约给他人：{kind} {reference}，自 {since}；可用 {available}", "The units are already offered: {kind} {reference}, since {since}; {available} available")]
    UnitsOffered = 5001,
    [Says("份额已被预占：{kind} {reference}，自 {since}；可用 {available}", "The units are reserved: {kind} {reference}, since {since}; {available} available")]
    UnitsReserved = 5002,
    [Says("份额已被融资承诺锁定：{kind} {reference}，自 {since}；可用 {available}", "The units are locked by a commitment: {kind} {reference}, since {since}; {available} available")]
    UnitsCommitted = 5003,
    [Says("份额已质押：{kind} {reference}，自 {since}；可用 {available}", "The units are pledged: {kind} {reference}, since {since}; {available} available")]
    UnitsPledged = 5004,
    [Says("份额已冻结：{kind} {reference}，自 {since}；可用 {available}", "The units are frozen: {kind} {reference}, since {since}; {available} available")]
    UnitsFrozen = 5005,
    [Says("份额已提示付款，尚未答复：{kind} {reference}，自 {since}；可用 {available}", "The units are presented for payment: {kind} {reference}, since {since}; {available} available")]
    UnitsPresented = 5006,
    [Says("份额正在追索：{kind} {reference}，自 {since}；可用 {available}", "Recourse is under way on the units: {kind} {reference}, since {since}; {available} available")]
    UnitsInRecourse = 5007,
    [Says("份额已注明不得转让：{kind} {reference}，自 {since}；可用 {available}", "The units are marked as not transferable: {kind} {reference}, since {since}; {available} available")]
    UnitsNotTransferable = 5008,
    [Says("份额与票据登记系统不一致，待核对：{kind} {reference}，自 {since}；可用 {available}", "The units differ from the bill register and wait for reconciliation: {kind} {reference}, since {since}; {available} available")]
    UnitsMismatched = 5009,
    [Says("背景材料可用余额不足：可用 {available}。", "The document does not cover this: {available} available.")]
    DocumentUsedUp = 5010,
    [Says("背景材料经红字冲减后已超额使用，不得再用。", "Red letters left the document over-used; no further use.")]
    DocumentOverused = 5011,

    // 6000 financing, here the stand-alone pledge
    [Says("没有该质押、其已结束并归档，或操作方无权查看。", "There is no such pledge that the acting party may see, or it ended and left the ledger's state.")]
    PledgeNotFound = 6000,
    [Says("质押已解除。", "The pledge is already released.")]
    PledgeReleased = 6001,
    [Says("只有质权人可以解除质押。", "Only the pledgee releases a pledge.")]
    NotThePledgee = 6002,
    [Says("质权人须是银行。", "The pledgee must be a bank.")]
    PledgeeIsNotBank = 6003,
    [Says("融资编号已被使用。", "The financing's id is already used.")]
    FinancingIdInUse = 6004,
    [Says("没有该融资、其已结束并归档，或操作方无权查看：{reference}", "There is no such financing that the acting party may see, or it ended and left the ledger's state: {reference}")]
    FinancingNotFound = 6005,
    [Says("融资条款未约定：{reference}", "A term of the financing is not agreed: {reference}")]
    FinancingTermMissing = 6006,
    [Says("融资方须是银行。", "The financier must be a bank.")]
    FinancierIsNotBank = 6007,
    [Says("不能向自己申请融资。", "Nobody finances itself.")]
    FinancierIsApplicant = 6008,
    [Says("融资方已进入破产程序。", "The financier is in insolvency proceedings.")]
    FinancierIsInsolvent = 6009,
    [Says("该融资方式不适用于此类凭证。", "This form of financing does not fit the kind of instrument.")]
    FormDoesNotFit = 6010,
    [Says("融资本金超过上限：最高 {available}", "The principal is above the limit: at most {available}")]
    PrincipalTooLarge = 6011,
    [Says("无追索权保理和贴现须为份额全额。", "Factoring without recourse and discount are for the whole amount of the units.")]
    PrincipalIsNotWhole = 6012,
    [Says("融资到期日不在允许的范围内：所填 {reference}，须晚于今日，最晚 {reason}", "The financing cannot end then: it says {reference}, and must be after today and at the latest on {reason}")]
    FinancingEndInvalid = 6013,
    [Says("申请人尚未登记结算账号。", "The applicant has filed no settlement account.")]
    AccountNotFiled = 6014,
    [Says("所引背景材料须是这些份额流转时已占用的材料：{reference}", "A financing cites the documents that its units' own legs were charged with: {reference}")]
    DocumentNotOfTheLeg = 6015,
    [Says("只有融资申请人可以这样做。", "Only the applicant may do this.")]
    NotTheApplicant = 6016,
    [Says("只有融资方可以这样做。", "Only the financier may do this.")]
    NotTheFinancier = 6017,
    [Says("融资的当前状态不允许该操作。", "The financing's status does not allow this.")]
    FinancingStatusWrong = 6018,
    [Says("融资预占已到期。", "The reservation is over.")]
    ReservationOver = 6019,
    [Says("融资承诺已到期。", "The commitment is over.")]
    CommitmentOver = 6020,
    [Says("复核方须是独立于融资方、申请人和债务人，且不是申请人开户银行的银行、平台或运营方。", "The reviewer must be a bank, platform or operator that is independent of financier, applicant and obligor, and not the applicant's bank.")]
    ReviewerIsNotIndependent = 6021,
    [Says("复核方须共同签名。", "The reviewer must sign too.")]
    ReviewerDidNotSign = 6022,
    [Says("保密条款摘要与融资申请不一致。", "The digests of hidden terms differ from the application's.")]
    TermsDiffer = 6023,
    [Says("融资承诺期限须为整分钟，晚于当前时间，不超过规定天数，且早于凭证付款日终了。", "A commitment ends at a whole minute in the future, within the allowed days and before the end of the day on which the instrument is payable.")]
    CommitmentTermInvalid = 6024,
    [Says("应收账款融资须先办理登记，方可放款。", "A financing of a receivable is registered before it is paid out.")]
    RegistrationMissing = 6025,
    [Says("申请人须共同签名。", "The applicant must sign too.")]
    ApplicantDidNotSign = 6026,
    [Says("该融资方式不适用此操作。", "This is not for this form of financing.")]
    NotOfThisForm = 6027,
    [Says("须写明退还的是余款还是利息。", "It must say whether surplus or interest is returned.")]
    NothingSettled = 6028,
    [Says("该融资方式没有应退余款。", "This form of financing owes no surplus.")]
    SurplusNotOwed = 6029,
    [Says("按约定没有应退利息。", "By its terms no interest is refunded.")]
    RefundNotOwed = 6030,
    [Says("付款日尚未终了，不得回购。", "The day on which it is payable is not over: there is nothing to buy back.")]
    NotDishonoured = 6031,
    [Says("后续操作已依赖该融资，不得冲销或更正。", "Later acts rely on the financing; it is not undone.")]
    FinancingReliedOn = 6032,
    [Says("该票据由登记机构登记：贴现请以背书转让（原因 sale）办理，质押请用票据质押。", "The bill lives at the register: it is discounted by endorsement (a transfer of cause sale) and pledged as bills are.")]
    FinancedAtRegister = 6033,

    // 6500 credit
    [Says("没有该授信额度，或操作方无权查看：{reference}", "There is no such line that the acting party may see: {reference}")]
    LineNotFound = 6500,
    [Says("授信额度属于另一家银行。", "The line is another bank's.")]
    NotTheLinesBank = 6501,
    [Says("不占用额度的方式不能设立额度。", "Financing without a line has no line.")]
    LineModeInvalid = 6502,
    [Says("额度的受信人、方式和币种不得更改。", "A line keeps its debtor, mode and currency.")]
    LineIsFixed = 6503,
    [Says("限额不得低于已占用金额：{available}", "The limit cannot be below what is drawn: {available}")]
    LimitBelowDrawn = 6504,
    [Says("须指明所占用的授信额度。", "The line to be drawn must be named.")]
    LineMissing = 6505,
    [Says("该额度的受信人、方式或币种与本操作不符。", "The line's debtor, mode or currency does not fit.")]
    LineDoesNotFit = 6506,
    [Says("额度在此之前到期。", "The line ends before that.")]
    LineEndsTooSoon = 6507,
    [Says("可用额度不足：{available}", "The line does not suffice: {available} available")]
    LineExhausted = 6508,
    [Says("额度有效期不得早于今日。", "A line does not end before today.")]
    LineUntilPast = 6509,

    // 7000 maturity
    [Says("银行回单号已被使用：{reference}", "The bank reference is already used: {reference}")]
    BankReferenceUsed = 7000,
    [Says("银行回单号须为 1 至 35 个可打印的 ASCII 字符，首尾不得为空格。", "A bank reference is 1 to 35 printable ASCII characters without a space at either end.")]
    BankReferenceInvalid = 7001,
    [Says("该收款须由收款方的银行登记，或由银行会同收款方签名登记；整笔收款也可由债务人的银行登记，其余各份为公告。", "The payee's bank receipts a payment, or a bank beside the payee's own signature; a lump the obligor's bank tells as well, and announces what is not for those whom it serves.")]
    NotThePayeesBank = 7002,
    [Says("该收款方此时并非这些份额的应收款人。", "The payee is not the one entitled to all of these units now.")]
    PayeeNotEntitled = 7003,
    [Says("收款编号已被使用。", "The payment's id is already used.")]
    PaymentIdInUse = 7004,
    [Says("份额与其收款方须同时给出，或都不给出。", "Units and their payee are named together or not at all.")]
    UnitsWithPayee = 7005,
    [Says("份额被冻结或待核对，未经执行机构签名不得兑付：{kind} {reference}，自 {since}", "The units are frozen or under reconciliation and are not paid without the executor's signature: {kind} {reference}, since {since}")]
    PaymentFrozen = 7006,
    [Says("没有该收款、其已结束并归档，或操作方无权查看。", "There is no such payment that the acting party may see, or it ended and left the ledger's state.")]
    PaymentNotFound = 7007,
    [Says("收款当前状态不允许该操作。", "The payment's status does not allow this.")]
    PaymentStatusWrong = 7008,
    [Says("只有登记该收款的银行可以退回。", "Only the bank that receipted a payment returns it.")]
    NotTheReceiptsBank = 7009,
    [Says("凭证尚未逾期。", "The instrument is not overdue.")]
    NotOverdue = 7010,
    [Says("费用须债务人签名，或由执行裁判文书的银行或运营机构签名。", "Costs need the obligor's signature, or that of a bank or operator that executes an order.")]
    CostsNotAcknowledged = 7011,
    [Says("费用合计不得超过这些份额的金额：尚可 {available}。", "Costs cannot exceed the units' amount: {available} left.")]
    CostsTooLarge = 7012,
    [Says("新的到期日须晚于现到期日。", "The new due date must be later than the present one.")]
    DueDateNotLater = 7013,
    [Says("票据的到期日不得更改。", "A bill's due date cannot be changed.")]
    BillNotExtendable = 7014,
    [Says("收款超过应付总额 {available}。", "More is paid than is due ({available}).")]
    PaymentExceedsDue = 7015,
    [Says("未付清：应付 {available}。", "It is not paid in full: {available} is due.")]
    PaymentNotInFull = 7016,
    [Says("已付清，不是部分付款。", "It is paid in full; that is no part payment.")]
    PaymentInFull = 7017,
    [Says("起息日晚于账本日期。", "The value date is after the ledger's date.")]
    ValueDateInFuture = 7018,
    [Says("起息日早于上一笔收款的起息日。", "The value date is before that of an earlier payment on the units.")]
    ValueDateStale = 7019,
    [Says("到期日前的付款须列明份额与收款方。", "A payment before the due date names its units and payee.")]
    PrepaymentNeedsUnits = 7020,
    [Says("到期日前的付款须收款方签名同意。", "A payment before the due date needs the payee's signature.")]
    PrepaymentNotAgreed = 7021,
    [Says("凭证分成的部分过多，请按份额分笔登记。", "The instrument is in too many parts for one act; name fewer units.")]
    TooManyParts = 7022,
    [Says("展期须全体持有人、收款人和权利人签名，尚缺：{reference}", "An extension needs every holder, payee and beneficiary; a signature is missing: {reference}")]
    ConsentMissing = 7023,
    [Says("操作方不是该笔收款的当事人。", "The acting party neither paid nor is to be paid here.")]
    NotOfThePayment = 7024,
    [Says("起息日早于收款方取得这些份额或其质权之日：{reference}", "The value date is before the day on which the payee came to the units or to its pledge: {reference}")]
    ValueDateBeforeRight = 7025,
    [Says("该收款没有待此收款方确认的公告款项，或其期限已过。", "Nothing of this payment is announced to that payee and waits for its word, or its time is over.")]
    NothingAnnounced = 7026,
    [Says("只有收款方或其银行可以确认或否认公告的款项。", "Only the payee or its bank confirms or denies what was announced to it.")]
    NotTheAnnouncedPayee = 7027,
    [Says("该银行在此凭证上待确认的公告过多，请等待确认或先退回。", "This bank has too many announcements open on the instrument; let them be confirmed, or return one first.")]
    TooManyAnnouncements = 7028,
    [Says("起息日早于本链的留存期限，此日的收款已不能登记。", "The value date lies before the chain's retention; nothing can be receipted as of that day any more.")]
    ValueDateTooOld = 7029,

    // 8000 rules and lists
    [Says("债务人已被受理破产申请。", "A petition of insolvency against the obligor has been accepted.")]
    ObligorInsolvent = 8000,
    [Says("付款期限超过最长期限：到期日 {reference}，最晚为 {reason}", "The tenor is longer than any may be: due on {reference}, allowed until {reason}")]
    TenorTooLong = 8001,
    [Says("该参与方已登记为破产。", "The party is already on the list of the insolvent.")]
    AlreadyInsolvent = 8002,
    [Says("该参与方未登记为破产。", "The party is not on the list of the insolvent.")]
    NotInsolvent = 8003,
    [Says("受理日期晚于账本日期。", "The court's date is after the ledger's date.")]
    InsolvencyFromTheFuture = 8004,
    [Says("受理日期早于该参与方最早的未了债务的开立日。", "The court's date is before the issue of the oldest debt that the party still owes.")]
    InsolvencyBeforeDebts = 8005,
    [Says("债务人所属产业链的方案不允许：{reference}，限 {reason}", "The programme of the obligor's industry chain does not allow it: {reference}, limit {reason}")]
    BeyondProgramme = 8006,

    // 9000 consortium
    [Says("只有验证节点的银行可以提案和表决。", "Only banks that run a validator propose and vote.")]
    NotAValidator = 9000,
    [Says("提案编号已被使用。", "The proposal's id is already used.")]
    ProposalIdInUse = 9001,
    [Says("提案不存在：{reference}", "There is no such proposal: {reference}")]
    ProposalNotFound = 9002,
    [Says("提案已有结果或已过期，不能再表决或撤回。", "The proposal is decided or has expired; nobody can vote on it or withdraw it any more.")]
    ProposalNotOpen = 9003,
    [Says("提案的截止时间须为整分钟、在账本时间之后，且不超过创世文件规定的天数。", "A proposal's expiry is a whole minute after ledger time, and no further away than genesis allows.")]
    ProposalTermInvalid = 9004,
    [Says("该银行待决的提案已达创世文件规定的上限，请先撤回或等待结果。", "This bank has as many proposals pending as genesis allows; withdraw one or wait for its result.")]
    TooManyProposals = 9005,
    [Says("提案内容与其事项不符：{reference} 应当填写或不应填写。", "The proposal does not say what its action needs, or says more: {reference}")]
    ActionMembersDiffer = 9006,
    [Says("该银行已对此提案表决，每家银行一票。", "This bank has voted on the proposal already; each bank has one vote.")]
    AlreadyVoted = 9007,
    [Says("只有提案人可以撤回提案。", "Only its proposer withdraws a proposal.")]
    NotTheProposer = 9008,
    [Says("银行角色只能在登记时经两家银行核验取得，不经表决授予或取消。", "The role of a bank comes with registration, checked by two banks, and is neither given nor taken by votes.")]
    RoleNotByVote = 9009,
    [Says("该参与方的角色已是如此。", "The party's roles are so already.")]
    RolesUnchanged = 9010,
    [Says("该银行已是验证节点。", "The bank is a validator already.")]
    AlreadyAValidator = 9020,
    [Says("该参与方不是验证节点。", "The party is no validator.")]
    NoSuchValidator = 9021,
    [Says("最后一个验证节点不能移除。", "The last validator cannot be removed.")]
    LastValidator = 9022,
    [Says("验证节点已达 {reference} 家的上限。", "There are as many validators as there can be: {reference}")]
    TooManyValidators = 9023,
    [Says("只有银行可以成为验证节点。", "Only a bank becomes a validator.")]
    ValidatorIsNotBank = 9024,
    [Says("拟加入的银行没有签名同意。", "The bank that is to be a validator did not sign.")]
    NewValidatorDidNotSign = 9025,
    [Says("节点公钥不在本链的曲线上。", "The node key is no point on the chain's curve.")]
    NodeKeyInvalid = 9026,
    [Says("节点公钥已在使用中。", "The node key is in use.")]
    NodeKeyInUse = 9027,
    [Says("节点密钥的占有证明验证不通过。", "The proof that the bank holds the node key does not verify.")]
    NodeKeyNotProved = 9028,
    [Says("规则集须从账本日期之后的某日起生效。", "A rule set comes into force on a day after the ledger's today.")]
    RulesTooEarly = 9030,
    [Says("已有规则集从该日起生效。", "There is a rule set from that day already.")]
    RulesOfThatDay = 9031,
    [Says("规则集已达 {reference} 个的上限。", "There are as many rule sets as there can be: {reference}")]
    TooManyRuleSets = 9032,
    [Says("该参数决定已登记的期限，不能经表决变更：{reference}", "Deadlines that are on the ledger follow from this parameter, so votes do not change it: {reference}")]
    RuleFixesDeadlines = 9033,
    [Says("协议版本须为现行版本的下一版：{reference}", "The protocol goes on with the version after the one in force: {reference}")]
    ProtocolOutOfOrder = 9040,
    [Says("产业链方案的内容不合规定：{reference}", "The programme is not as it must be: {reference}")]
    ProgrammeInvalid = 9050,
    [Says("产业链方案须从账本日期之后的某日起生效，且不超过 {reference} 天。", "A programme holds from a day after the ledger's today, at most {reference} days ahead.")]
    ProgrammeDateInvalid = 9051,
    [Says("该产业链已有方案从该日起生效。", "The industry chain has settings from that day already.")]
    ProgrammeOfThatDay = 9052,
    [Says("有方案的产业链已达 {reference} 条的上限。", "As many industry chains have a programme as can: {reference}")]
    TooManyProgrammes = 9053,

    // 10000 registry
    [Says("见证编号已被使用。", "The attestation's id is already used.")]
    AttestationIdInUse = 10000,
    [Says("只有登记网关或融资方可以见证登记系统的结果。", "Only a gateway or the financier attests what the registry answered.")]
    AttesterIsNotOfTheRegistry = 10001,
    [Says("登记结果与登记事项不符。", "The finding does not fit the act.")]
    FindingDoesNotFit = 10002,
    [Says("登记系统时间不得早于融资申请或晚于账本时间。", "The registry's time lies before the application or in the future.")]
    StatementOutOfTime = 10003,
    [Says("登记结果已过时。", "The registry's answer is stale.")]
    StatementStale = 10004,
    [Says("已有更新的查询结果：{reference}", "A later query is known: {reference}")]
    StatementSuperseded = 10005,
    [Says("缺少登记系统查询结果。", "The registry was not asked.")]
    QueryMissing = 10006,
    [Says("登记后须再次查询，方可放款。", "The registry is asked again after the registration, before the money leaves.")]
    QueryBeforeRegistration = 10007,
    [Says("查询结果已过时，须重新查询。", "The query is stale; the registry must be asked again.")]
    QueryStale = 10008,
    [Says("登记系统显示已有他人权利：{reference}", "The registry knows of another's claim: {reference}")]
    RegistryEncumbered = 10009,
    [Says("背景材料未在联盟之间预留，或预留未经见证。", "The documents are not reserved with other consortia, or nobody attested it.")]
    PledgeReservationMissing = 10010,
    [Says("联盟间预留结束过早：须长于融资承诺，放款时亦须至少再留两小时。", "The reservation with other consortia ends too soon: it outlasts a commitment, and a payout too, by two hours.")]
    PledgeReservationEnds = 10011,
    [Says("联盟间预留须由独立于各方的第二家银行自行核对并签名。", "A second bank, independent of all sides, looks at the reservation for itself and signs.")]
    PledgeSecondBankMissing = 10012,
    [Says("质押登记合约须写作 eip155:链号:0x地址（小写），席位自 1 起。", "The registry of pledges is written eip155:chain:0xaddress in small letters, and seats count from 1.")]
    PledgeRegistryInvalid = 10013,
    [Says("联盟间预留须在账本时间之后结束，且自所见区块起不超过 550 天。", "A reservation with other consortia ends after ledger time, and within 550 days of the block that was looked at.")]
    PledgeTermInvalid = 10014,

    // 20000 import: why a file is not taken in as an invoice, or as a payment message
    [Says("文件不是格式良好的 XML。", "The file is not well-formed XML.")]
    NotXml = 20001,
    [Says("XML 含有文档类型声明或实体，或嵌套、节点数量超限，不予读取。", "The XML declares a document type or entities, or nests or repeats beyond bounds; it is not read.")]
    XmlIsDangerous = 20002,
    [Says("文件超过 5 MB。", "The file is larger than 5 MB.")]
    FileTooLarge = 20003,
    [Says("XML 的根元素不是已支持的发票格式。", "The XML's root element is no invoice syntax that is supported.")]
    NotAnInvoice = 20004,
    [Says("缺少必填项。", "A required field is missing.")]
    MissingField = 20005,
    [Says("销售方识别号不是有效的统一社会信用代码或 LEI。", "The seller's number is not a valid USCC or LEI.")]
    SellerNumberInvalid = 20006,
    [Says("购买方识别号不是有效的统一社会信用代码或 LEI。", "The buyer's number is not a valid USCC or LEI.")]
    BuyerNumberInvalid = 20007,
    [Says("数电票号码须为 20 位数字。", "The number of a fully digital e-invoice has 20 digits.")]
    NumberInvalid = 20008,
    [Says("金额不是有效的数字，或超出范围。", "An amount is not a figure, or out of range.")]
    AmountInvalid = 20009,
    [Says("金额、税额、价税合计或明细之间不一致。", "Net amount, tax, total and lines do not agree.")]
    AmountsDisagree = 20010,
    [Says("大写金额与小写金额不一致。", "The amount in capital characters differs from the figures.")]
    CapitalAmountDisagrees = 20011,
    [Says("日期无效。", "A date is not one that the format allows.")]
    DateInvalid = 20012,
    [Says("红字发票不能登记；它冲减所对应的蓝字发票。", "A red-letter invoice cannot be registered; it lowers the blue one that it names.")]
    RedLetter = 20013,
    [Says("编码不是 UTF-8 或 GB18030，或内容与编码不符。", "The encoding is neither UTF-8 nor GB18030, or the bytes do not fit it.")]
    EncodingUnknown = 20014,
    [Says("只应出现一次的项出现多次。", "A field that may stand once stands more than once.")]
    FieldRepeated = 20015,
    [Says("XML 以 xsi:type 或 xsi:nil 改变了元素的含义，不予读取。", "The XML changes what an element means by xsi:type or xsi:nil; it is not read.")]
    XmlTypeOverridden = 20016,
    [Says("币种不是账本所支持的 ISO 4217 代码。", "The currency is no ISO 4217 code that the ledger knows.")]
    CurrencyUnknown = 20017,
    [Says("同一文件内的币种不一致。", "The currencies in one file differ.")]
    CurrenciesDiffer = 20018,
    [Says("该类型的单据不能作为应收账款的发票（如形式发票、更正发票、预付款发票）。", "A paper of this type is no invoice of a receivable (such as pro forma, corrected or prepayment ones).")]
    InvoiceTypeNotTaken = 20019,
    [Says("文件未载明销售方的统一社会信用代码或 LEI，不能登记到账本。", "The file names no USCC or LEI of the seller; the ledger cannot register it.")]
    SellerNotIdentified = 20020,
    [Says("文件未载明购买方的统一社会信用代码或 LEI，不能登记到账本。", "The file names no USCC or LEI of the buyer; the ledger cannot register it.")]
    BuyerNotIdentified = 20021,
    [Says("发票已无应付余额，不能登记到账本。", "Nothing is left to pay on the invoice; the ledger cannot register it.")]
    NothingOwed = 20022,
    [Says("号码为空、超过 100 个字符或含有不可见、难以辨认的字符，不能登记到账本。", "The number is empty, longer than 100 characters, or has characters that nobody sees or can tell from others; the ledger cannot register it.")]
    DocumentNumberUnusable = 20023,
    [Says("发票已转让或保理，应收账款已不属于销售方，不能再登记。", "The invoice's receivable was assigned or factored already; it is no longer the seller's to register.")]
    InvoiceAssigned = 20024,
    [Says("发票载明由销售方以外的人收款，应收账款可能已转让，不能按此文件登记。", "The invoice names another payee than its seller: the receivable may be assigned, and the ledger cannot register it from this file.")]
    PayeeIsAnother = 20025,
    [Says("金额的小数位多于币种所允许的位数。", "An amount has more decimals than its currency.")]
    AmountTooFine = 20026,
    [Says("发票号码须为 20 位数字，或 10 位或 12 位发票代码加 8 位号码，不能登记到账本：{reference}", "An invoice of the tax authority has 20 digits, or a code of 10 or 12 and a number of 8; the ledger cannot register this: {reference}")]
    InvoiceNumberMalformed = 20027,
    [Says("只有发票有代码，该类材料只填号码。", "Only an invoice has a code; this kind of document has its number alone.")]
    DocumentHasNoCode = 20028,
    [Says("CSV 格式错误：引号不配对，或引号后有多余字符。", "The CSV is malformed: a quotation mark without its pair, or text beside a quoted field.")]
    CsvMalformed = 20030,
    [Says("CSV 表头有误：缺列、重复列或不认识的列。", "The CSV's heading is wrong: a column is missing, stands twice or is not known.")]
    CsvHeaderWrong = 20031,
    [Says("该行的列数与表头不一致。", "The row has more or fewer fields than the heading.")]
    CsvFieldCountWrong = 20032,
    [Says("该行的发票在文件中重复。", "The row's invoice stands more than once in the file.")]
    CsvRowRepeated = 20033,
    [Says("CSV 中没有发票。", "The CSV holds no invoice.")]
    CsvEmpty = 20034,
    [Says("号码已被电子表格改写为科学计数法；请将该列设为文本后重新导出。", "A spreadsheet rewrote the number in scientific notation; make the column text and export again.")]
    CsvNumberMangled = 20035,
    [Says("不是已支持的支付报文（pain.001 或 camt.054）或其版本。", "The file is no payment message that is supported (pain.001 or camt.054), or not in a supported version.")]
    NotAPaymentMessage = 20050,
    [Says("报文所载笔数与明细不一致。", "The message's count differs from what it lists.")]
    PaymentCountDisagrees = 20051,
    [Says("报文所载合计与明细不一致。", "The message's sum differs from what it lists.")]
    PaymentSumDisagrees = 20052,
    [Says("报文含有不支持的代码或指示。", "The message has a code or an indicator that is not supported.")]
    PaymentCodeUnknown = 20053,
    [Says("批量入账的明细未载明各笔金额。", "A batch's details do not say the amount of each.")]
    PaymentDetailWithoutAmount = 20054,
    [Says("文本为空、过长或含有报文不允许的字符。", "A text is empty, too long or has characters that the message does not allow.")]
    PaymentTextInvalid = 20055,
    [Says("账号无效：IBAN 校验不符，或账号为空或超过 34 个字符。", "The account is not valid: the IBAN's check digits differ, or it is empty or longer than 34 characters.")]
    AccountInvalid = 20056,
    [Says("端到端标识在报文中重复。", "An end-to-end id stands more than once in the message.")]
    EndToEndIdRepeated = 20057,
    [Says("支付指令没有明细。", "The payment order lists no payment.")]
    PaymentOrderEmpty = 20058,

    // 30000 the programming interface
    [Says("没有这样的资源。", "There is no such thing here.")]
    NotFound = 30000,
    [Says("请求内容过大。", "The request's body is too large.")]
    BodyTooLarge = 30001,
    [Says("不支持该内容类型。", "The media type is not taken here.")]
    MediaTypeWrong = 30002,
    [Says("查询参数不正确：{reason}", "A query parameter is not right: {reason}")]
    QueryInvalid = 30003,
    [Says("交易尚未终局，请稍后查询其结果。", "The transaction is not yet final; ask for its answer later.")]
    NotYetFinal = 30004,
    [Says("请求过于频繁，请稍后再试。", "There are too many requests; try again later.")]
    TooManyRequests = 30005,
    [Says("节点正在停止。", "The node is stopping.")]
    NodeStopping = 30006,
    [Says("节点未能存储该交易（空间不足或存储故障），未予确认；请稍后重发同一交易。", "The node could not store the transaction (storage full or failing); it is not acknowledged. Send the same one again later.")]
    StorageFull = 30007,
    [Says("该资源不支持此请求方法。", "This method is not allowed here.")]
    MethodNotAllowed = 30008,
    [Says("节点所绑定的地址不允许此操作。", "The address that the node is bound to does not allow this.")]
    BindAddressRefused = 30009,
    [Says("请求的主机名不属于本节点。", "The request names a host that this node does not serve.")]
    HostNotServed = 30010,
    [Says("只有演示链或测试链的账本时间可以设定。", "Only a demo or test chain's time can be set.")]
    ClockNotSettable = 30011,
    [Says("账本时间只能向前设定，不能早于最新区块的时间或此前设定的时间。", "Ledger time is only set forward, never before the last block's or what it was set to.")]
    ClockGoesBack = 30012,
    [Says("请求内容不正确：{reason}", "The request's body is not right: {reason}")]
    BodyInvalid = 30013,
    [Says("读取该资源须出示以参与方密钥签署的通行令牌。", "To read this, send a pass signed with a party's key.")]
    PassMissing = 30014,
    [Says("通行令牌格式不正确：{reason}", "The pass is not well formed: {reason}")]
    PassMalformed = 30015,
    [Says("通行令牌的类型或签名算法不是本链所用。", "The pass's type or algorithm is not this chain's.")]
    PassAlgorithmWrong = 30016,
    [Says("通行令牌是签给另一条链或另一节点的。", "The pass was made for another chain or another node.")]
    PassForAnother = 30017,
    [Says("通行令牌已过期。", "The pass has expired.")]
    PassExpired = 30018,
    [Says("通行令牌的签发时间在未来，请校准时钟。", "The pass was issued in the future; set the clock right.")]
    PassNotYetValid = 30019,
    [Says("通行令牌有效期过长：读取至多 300 秒，登录至多 60 秒。", "The pass is good for too long: 300 seconds to read, 60 to sign in.")]
    PassLivesTooLong = 30020,
    [Says("通行令牌的密钥在账本上不存在、不用于签名或已失效。", "The pass's key is not on the ledger, is not for signing, or is no longer valid.")]
    PassKeyUnknown = 30021,
    [Says("通行令牌的签名不正确。", "The pass's signature is not right.")]
    PassSignatureInvalid = 30022,
    [Says("通行令牌所称的委托人没有给予该参与方有效的授权。", "The party has no mandate in force from whom the pass says it reads for.")]
    PassWithoutMandate = 30023,
    [Says("该角色或授权不能读取此类资源。", "This role or mandate reads no such things.")]
    NotForThisRole = 30024,
    [Says("该节点没有查阅记录。", "This node keeps no log of reads.")]
    NoAccessLog = 30025,
    [Says("监听本机以外的地址时，读取必须凭通行令牌。", "On an address beyond this machine reads need a pass.")]
    BindNeedsSignedReads = 30026,
    [Says("监听本机以外的地址须有 TLS 证书，或指明前置的 TLS 代理。", "An address beyond this machine needs a TLS certificate, or a TLS proxy in front that is named.")]
    BindNeedsTls = 30027,
    [Says("监听本机以外的地址须指明对外主机名。", "An address beyond this machine needs the host names that it is called by.")]
    BindNeedsHostName = 30028,
    [Says("该登录凭证已使用过，请重新登录。", "This pass to sign in was used before; sign in again.")]
    PassSpent = 30029,

    // disclosures
    [Says("披露文件格式不正确：{reason}", "The disclosures are not well formed: {reason}")]
    DisclosuresMalformed = 30030,
    [Says("不是已定义的隐藏条款：{reason}", "No hidden term has this name: {reason}")]
    DisclosedTermUnknown = 30031,
    [Says("隐藏条款的值书写不正确：{reason}", "The value of the hidden term is not written as it must be: {reason}")]
    DisclosedValueInvalid = 30032,
    [Says("同一条款只能披露一次：{reason}", "A term is disclosed once: {reason}")]
    DisclosedTwice = 30033,
    [Says("披露属于另一条链。", "The disclosures belong to another chain.")]
    DisclosedOnAnotherChain = 30034,
    [Says("所披露的交易已被拒绝。", "The transaction that they disclose was refused.")]
    DisclosedTransactionRefused = 30035,
    [Says("交易没有该序号的操作。", "The transaction has no operation of that number.")]
    DisclosedOperationMissing = 30036,
    [Says("操作中没有该披露的摘要：{reason}", "The operation does not carry the disclosure's digest: {reason}")]
    DisclosureNotCommitted = 30037,
    [Says("节点未能保存披露（空间不足或存储故障），请稍后重发。", "The node could not keep the disclosures (storage full or failing); send them again later.")]
    DisclosuresNotKept = 30038,
    [Says("该节点没有保存披露的密钥。", "This node has no key to keep disclosures under.")]
    NoPrivateStore = 30039,

    // the read model
    [Says("查询视图正在由链重建或尚未跟上，请稍后再试；账本本身不受影响。", "The views are being made from the chain, or have not caught up; ask again later. The ledger itself goes on.")]
    ViewsNotReady = 30040,
    [Says("没有该高度：链还没有这个区块。", "There is no such height: the chain has no such block yet.")]
    HeightNotReached = 30041,
    [Says("没有这样的指标或分组：{reason}", "There is no such metric, or it is not grouped so: {reason}")]
    StatisticUnknown = 30042,
    [Says("节点未能保存该复核意见（空间不足或存储故障）。", "The node could not keep the review (storage full or failing).")]
    ReviewNotKept = 30043,
    [Says("该页面只显示现在，不能按过去的高度查看。", "This page is of today alone and cannot be had as of an earlier height.")]
    PageHasNoPast = 30044,
    [Says("节点只证明最新终局高度的状态；过去的高度请用当时取得的证明，或由链的副本重放。", "The state is proved as of the newest final height alone: for an earlier one use a proof that was fetched then, or replay a copy of the chain.")]
    ProofHasNoPast = 30045,
    [Says("一份证明放不下这么多记录：请只问一个持有人的，或更少的单位。", "A proof does not hold so many records: ask for those of one holder, or of fewer units.")]
    ProofTooLarge = 30046,
    [Says("本链使用 SM2 与 SM3，COSE 及其公共工具没有这两种算法：请用 tlog-proof 回执。", "This chain is under SM2 and SM3, which COSE and its public tools do not know: use the receipt that is a tlog-proof.")]
    NoCoseUnderSuite = 30047,
    [Says("本节点不签署回执：本行当前不是验证节点，所用密钥不在此处，或尚未参与投票。请向其他验证银行的节点索取。", "This node signs no receipts: its bank is no validator now, its key is not here, or it has not voted yet. Ask the node of another validator.")]
    SignsNoReceipts = 30048,

    // what one party may make a node keep
    [Says("该参与方今日可经本节点上链的字节数（{reason}）已用完，请次日再试，或由本行运营调整。", "Today's {reason} that the party may put on the chain through this node are used up; try tomorrow, or ask the node's bank for more.")]
    ChainQuotaUsed = 30050,
    [Says("该参与方今日可登记的查阅记录（{reason}）已用完，请次日再查，或由本行运营调整。", "Today's {reason} of the log of reads that the party may fill are used up; read again tomorrow, or ask the node's bank for more.")]
    ReadQuotaUsed = 30051,

    // what disclosures show before an act is ordered
    [Says("金额与已披露的条款不符：{reference}应为 {available}，所报为 {reason}。", "A figure does not follow from the disclosed terms: {reference}, expected {available}, found {reason}.")]
    FigureWrong = 30052,
    [Says("本行的融资操作须先向本行节点出示其隐藏的条款：{reason}", "An act of this bank's on a financing shows this node what it hides, before it is ordered: {reason}")]
    FigureNotShown = 30053,
    [Says("此时尚不能约定该金额，由条款和日期计算得出：{reference}", "This figure is computed from terms and dates, and its time has not come: {reference}")]
    FigureTooEarly = 30054,
    [Says("该条款与同一融资先前披露的值不同：{reference}", "The same financing disclosed this term otherwise before: {reference}")]
    TermContradicts = 30055,
    [Says("按当日计算的金额只在当日有效：交易须在账本当日结束前失效，请重新签署。", "Figures of a day hold for that day: let the transaction expire by the end of the ledger's day, and sign it again.")]
    FigureForADay = 30056,
    [Says("随交易附上的披露不属于该交易。", "The disclosures beside the transaction are not its own.")]
    DisclosuresOfAnother = 30057,

    [Says("该节点不发送通知：运营方未列出任何主机。", "This node calls nobody: its operator has named no hosts.")]
    NoWebhooks = 30060,
    [Says("不能通知该地址：只能用 https 访问运营方列出的主机。", "This address cannot be called: only by https, and only a host that the node's operator named.")]
    WebhookTargetNotAllowed = 30061,
    [Says("该参与方的订阅已达上限。", "The party has as many subscriptions as it may have.")]
    TooManyWebhooks = 30062,
    [Says("没有此类通知：{reason}", "There are no notices of this type: {reason}")]
    NoticeTypeUnknown = 30063,
    [Says("节点未能保存该订阅（空间不足或存储故障）。", "The node could not keep the subscription (storage full or failing).")]
    WebhookNotKept = 30064,

    [Says("不能办理；原因涉及操作方无权查看的事项。", "This cannot be done; why concerns what the acting party may not see.")]
    ReasonNotShown = 30070,

    // the order
    [Says("暂时无法联系排序服务，未予受理；请稍后重发同一交易。", "The service that orders transactions cannot be reached just now; nothing was taken. Send the same transaction again later.")]
    OrderNotReached = 30080,
    [Says("排序服务丢失或改变了已排定的内容，本节点已停止受理交易，未予确认；待运营方处理后请重发同一交易。", "The service that orders transactions has lost or changed what it had ordered, so this node takes none; this one is not acknowledged. Send the same one again once its operator has seen to it.")]
    OrderBroken = 30081,
    [Says("各银行正在更换排序纪元，该交易是否终局此刻未知；请按编号查询，或稍后重发同一交易，不会重复入账。", "The banks are beginning a new epoch of ordering, and whether this transaction became final is not known at this moment. Ask for it by its id, or send the same one again in a while: it has one answer.")]
    EpochEnded = 30082,
    [Says("本行节点当前不是验证节点（或其节点密钥已更换），不受理交易；请改由其他银行的节点提交。", "This bank's node is no validator now, or its key was replaced, and it takes no transactions. Send this one to another bank's node.")]
    NodeNotAValidator = 30083,
    [Says("表决变更了验证节点或节点密钥，本节点须由运营方重新启动后才能受理；请稍后重发同一交易。", "Votes changed the validators or the node key, and this node takes transactions again once its operator has started it anew. Send the same one again in a while.")]
    ValidatorsChanged = 30089,

    // peers
    [Says("证书所代表的一方（{reason}）既不是当前的验证银行，也不是已登记的监管方：节点间接口只向它们开放。", "The party that the certificate stands for, {reason}, is neither a validator of now nor a registered regulator: peers serve nobody else.")]
    NotAPeer = 30090,
    [Says("本节点只观察账本、不受理交易；请向任一验证银行的节点提交。", "This node only observes the ledger and takes no transactions: send this to the node of any validator.")]
    ObservesOnly = 30091,

    // how a node stands
    [Says("已排定的交易等不到法定多数银行的票，暂时没有新的终局；已终局的内容照常可读。", "What is ordered waits for the votes of a quorum of banks, and nothing becomes final just now. What is final can be read as ever.")]
    FinalityStalled = 30092,
    [Says("本节点时钟落后于账本时间，请校准。", "The node's clock is behind ledger time; set it right.")]
    ClockBehindLedger = 30093,
    [Says(
        "本节点没有第 {reference} 期的指纹密钥，暂不能登记背景材料：请另一家银行用 ledger epoch seal 为本行密封该密钥，收到后用 ledger epoch take 放入。",
        "This node lacks the fingerprint key of epoch {reference} and attests no document: have another bank seal it to this one (ledger epoch seal), and put it there with ledger epoch take.")]
    EpochKeyMissing = 30094,
    [Says(
        "数据目录中的 joined 文件无法读取，不知其链还有哪些内容尚未核验，节点未启动：请移走该数据目录，再用 ledger-node join 从空目录重新加入。",
        "The file joined in the data folder cannot be read, so nobody knows what of its chain is still to be verified, and the node does not run. Move the folder away, and begin an empty one with ledger-node join.")]
    JoinedMarkUnreadable = 30095,

    // transactions that wait for further signatures
    [Says("该节点不保管待会签的交易。", "This node keeps no transactions that wait for signatures.")]
    NoDrafts = 30100,
    [Says("同一编号已有内容或签署人不同的待会签交易：请核对，或换一个编号重新签署。", "A draft of the same id is here with another content or other signers: check it, or sign anew under another id.")]
    DraftOfAnother = 30101,
    [Says("待会签的交易须先由操作方自己的密钥签署。", "A draft is signed by a key of its acting party first.")]
    DraftNotByItsParty = 30102,
    [Says("该参与方（或其所属银行）待会签的交易已达上限：请先完成或撤回，或等其过期。", "The party, or its bank, has as many drafts waiting as it may: finish or recall some, or let them expire.")]
    TooManyDrafts = 30103,
    [Says("该交易已不再等待会签（已退回、撤回，或签名已齐）。", "The draft waits for no signature any more: it was rejected, recalled, or has all of them.")]
    DraftClosed = 30104,
    [Says("节点未能保存该待会签交易（空间不足或存储故障）。", "The node could not keep the draft (storage full or failing).")]
    DraftNotKept = 30105,
    [Says("只有操作方可以撤回；其他签署人请退回并说明理由。", "Only the acting party recalls a draft; whoever else is to sign rejects it and says why.")]
    DraftNotOwn = 30106,

    // receipts that a bank signs on demand
    [Says("该长度不是终局历史中某个区块的末尾，或其中尚无该叶：长度取自检查点。", "No final block ends at this size, or the leaf is not within it: take the size of a checkpoint.")]
    SizeOfNoBlock = 30110,
    [Says("只有一叶的历史没有路径，COSE 回执（RFC 9942）须有：请在第一笔交易之后再取。", "A history of one leaf has no path, which a COSE receipt (RFC 9942) has to have: ask again behind the first transaction.")]
    HistoryHasNoPath = 30111,

    // receipts under what witnesses cosigned
    [Says("见证方尚未联署包含该记录的检查点：节点每分钟询问一次，请稍后再取。", "No witness has cosigned a checkpoint that covers this yet: they are asked once a minute, so ask again in a while.")]
    NotYetWitnessed = 30112,
    [Says("该节点不向任何见证方请求联署：请向请求联署的其他银行的节点索取。", "This node asks no witnesses to cosign: ask the node of a bank that does.")]
    AsksNoWitnesses = 30113,

    // words of anchor keys, for contracts that verify no key of the ledger
    [Says("为该检查点作出声明的银行不足法定多数（条目数：已有/需要；各行情况）：{reason}", "Too few banks have given their word for the checkpoint (size: have/need; what each bank did): {reason}")]
    AnchorWordsMissing = 30114,
    [Says("验证银行尚未以其现行节点密钥公布锚定密钥，合约的签名集因此不能变更：{reason}", "A validator has not announced an anchor key under its node key in force, so that the contract's set cannot change: {reason}")]
    AnchorKeyNotAnnounced = 30115,

    // anchors on EVM chains
    [Says("这些端点所属的不是配置的链，未发送任何内容：{reason}", "The endpoints speak for another chain than the one that is set; nothing was sent: {reason}")]
    AnchorChainIsAnother = 30120,
    [Says("该地址上的代码不是本程序所带的锚定合约：{reason}", "What lies at this address is not the anchor contract whose code this program has: {reason}")]
    AnchorContractIsAnother = 30121,
    [Says("账本尚未在该合约中开立（ledger anchor open）：{reason}", "The ledger is not open in the contract (ledger anchor open): {reason}")]
    AnchorNotOpen = 30122,
    [Says("链上所锚定的历史不是本账本的历史，请立即联系其他银行与监管方：{reason}", "What is anchored is not this ledger's history; call the other banks and the supervisor now: {reason}")]
    AnchorContradicts = 30123,
    [Says("检查点上没有合约现行签名集的法定多数签名：银行已变更，须由原签名集的法定多数先行签署轮换（集号，条目数）：{reason}", "No quorum of the set in force in the contract signed the checkpoint: the banks have changed, and a quorum of the former must sign the rotation first (the set's number, the size): {reason}")]
    AnchorSetOutdated = 30124,
    [Says("费用超出运营方允许的上限，暂不锚定：{reason}", "It would cost more than the operator lets it: {reason}")]
    AnchorTooDear = 30125,
    [Says("没有足够的端点给出一致的答复：{reason}", "Too few endpoints answered, or not alike: {reason}")]
    AnchorNoQuorum = 30126,
    [Says("付费账户余额不足：{reason}", "The account that pays has not enough: {reason}")]
    AnchorOutOfFunds = 30127,
    [Says("合约或链拒绝了该调用：{reason}", "The contract, or the chain, refuses the call: {reason}")]
    AnchorCallRefused = 30128,
    [Says("签名服务没有签名，或签的不是所请求的交易：{reason}", "The signing service did not sign, or signed something else than was asked: {reason}")]
    AnchorNotSigned = 30129,

    // tags of documents between consortia
    [Says("本节点没有标签密钥的份额。", "This node has no share of a pledge key.")]
    NoPledgeShare = 30130,
    [Says("不答复该请求：{reason}", "This ask is not answered: {reason}")]
    PledgeAskRefused = 30131,
    [Says("同一编号下已有另一请求。", "Another ask has this id.")]
    PledgeAskRepeated = 30132,
    [Says("该行今日可请求的标签数不足。", "The bank may not ask for so many more tags today.")]
    PledgeQuotaUsed = 30133,
    [Says("请求未能记录，因此不予答复，请稍后再试。", "The ask could not be taken down and is not answered; try again later.")]
    PledgeAskNotKept = 30134,
}
