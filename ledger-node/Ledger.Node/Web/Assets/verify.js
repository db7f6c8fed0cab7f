
// The page around the rules: what was chosen, what was found, in two languages.
const said = {
  zh: {
    skip: '跳到正文', home: '供应链账本', title: '回执核验', save: '下载本页', receipt: '回执或证明', receiptFile: '回执（.tlog-proof、.cose）、状态证明（.state-proof）或一致性证明（.consistency）', receiptText: '或粘贴全文',
    olderFile: '较早的检查点，或含有它的文件（仅一致性证明需要）', trust: '您信任谁',
    intro: '在本浏览器内核验回执、状态证明与一致性证明：不上传任何内容，不询问任何服务器。可将本页另存，断网时从磁盘打开使用。', trustFile: '创世文件（genesis.json）或信任策略（C2SP tlog-policy）',
    chainId: '您所知的链标识（可不填）', check: '核验', language: 'English', noReceipt: '请先选择或粘贴回执或证明。', noTrust: '无法核验：没有信任依据。请选择您信任的创世文件或信任策略。',
    notGenesis: '无法核验：该文件既不是创世文件，也不是可读的信任策略。', policyLine: '无法核验：信任策略第 {0} 行有误。', policyOld: '无法核验：该信任策略已过其使用期限，验证节点可能已变更。请向验证银行取得新的策略。', suiteSm2: '无法核验：该链使用 SM2 与 SM3，浏览器不支持。请用命令行 ledger verify receipt。',
    otherChain: '核验不通过：创世文件不是该链标识的文件。', wrongChainId: '链标识是 64 位小写十六进制数。', noWebCrypto: '无法核验：本浏览器在此地址不提供 WebCrypto。请用 https 或本机地址打开，或将本页另存后从磁盘打开。',
    verified: '为真：核验通过', notReceipt: '为假：文件不是回执，第 {0} 行有误', noLeaf: '无法核验：回执不含记录本身', notIncluded: '为假：该记录不在检查点所示的历史中（第 {0} 叶的证明与历史根不符）',
    untrusted: '为假：检查点缺少法定数量的银行签名，或属于另一条链', badSignature: '为假：检查点上有银行的签名是假的', cannotBeChecked: '无法核验：信任策略要求浏览器不支持的签名类型',
    origin: '检查点来源', size: '历史长度（叶）', root: '历史根', leaf: '叶序号', signedBy: '签名银行', answer: '账本的回答', accepted: '0 已接受', refused: '拒绝 {0}', party: '行为人', onBehalfOf: '被代理人',
    signers: '签名密钥', payload: '所签内容', checked: '已核验', notChecked: '未核验', genesisOf: '创世文件的链标识：{0}', fromNode: '创世文件与回执由本节点提供：请核对链标识与您所知的一致，否则这里的“为真”只说明节点自圆其说。',
    checkedLeaf: '记录的 {0} 字节位于历史的第 {1} 叶（{2} 步证明）', checkedNote: '检查点的 {0} 行签名；{1}', asksGenesis: '创世 {0} 家验证银行中须有 {1} 家签名', asksPolicy: '信任策略所要求的均已具备',
    open1: '创世文件是否属于您所知的链：请填写链标识', open2: '当事方在交易上的签名：由签署检查点的银行核验过', open3: '此后的流转、冻结、清偿或更正', open4: '检查点是否最新', open5: '创世文件的内部规则（本页只用其中的验证者密钥）', otherLeaf: '本页无法解读的记录', provesEnvelope: '为假：该证明所证的是批次信封，不是记录',
    provesHeader: '为假：该证明所证的是区块头，不是记录', provesOther: '为假：该证明所证的内容种类未知，不是记录',
    notCose: '为假：文件不是 COSE 回执（原因 {0}，第 {1} 份）', noRoot: '为假：路径与位置不符，由记录算不出根', falseWord: '为假：银行的签名不是对由记录与路径算出的根所作；记录、位置或签名已被改动', checkedWords: '{0} 家银行对该检查点的签署（COSE_Sign1）；{1}',
    notState: '为假：文件不是状态证明（原因 {0}，第 {1} 行）', headerNotIncluded: '为假：该区块头不在检查点所示的历史中', stateDiffers: '为假：状态并非如此（第 {0} 分区）', expected: '应有的根', found: '实际的根', nowhere: '算不出：路径不通',
    height: '高度', time: '账本时间', claims: '该高度的状态', checkedClaims: '{0} 项断言，各经其路径到状态根；该根所在的区块头是历史的第 {1} 叶（{2} 步证明）', openHeight: '该高度之后的变化：证明只说到该高度为止', openUnits: '未示出的单位由谁持有',
    tokenThere: '{0} 持有 {1} 的第 {2}-{3} 单位（最小货币单位）{4}', tokenState1: '', tokenState2: '，已消灭', tokenState3: '，已清偿', instrumentThere: '凭证或票据 {0}：债务人 {1}，首个债权人 {2}，面额 {3} {4}（最小货币单位）', documentThere: '背景材料 {0}：总额 {1}，已用 {2}，预留 {3}（{4} 最小货币单位）{5}',
    unused: '：未被占用', fingerprintThere: '指纹 {0} 登记于背景材料 {1}', otherThere: '记录 {0}', tokenAbsent: '不存在：{0} 没有始于该单位的份额', instrumentAbsent: '不存在：没有凭证或票据 {0}', documentAbsent: '不存在：没有背景材料 {0}',
    fingerprintAbsent: '指纹 {0} 未被登记：没有用过这份单据', otherAbsent: '没有记录 {0}', notConsistency: '为假：文件不是一致性证明', noOlder: '为假：较早的文件不是检查点，也不含检查点', needsOlder: '请选择较早的检查点，或含有它的文件。',
    otherOrigin: '为假：两个检查点属于不同的链', olderIsLonger: '为假：较早的检查点反而更长', twoHistories: '为假：银行对同一长度签署了两份不同的历史；请保存两份检查点，这是分叉的证据', otherProof: '为假：证明不是由较早的检查点开始', rootsDiffer: '为假：证明没有由较早的根通向较新的根',
    olderSize: '较早的长度（叶）', olderRoot: '较早的根', checkedPrefix: '较新历史的前 {0} 叶就是较早的历史（{1} 步证明）', openLeaves: '新增的内容说了什么，是否符合规则（ledger verify chain）',
  },
  en: {
    skip: 'Skip to content', home: 'Supply-chain ledger', title: 'Receipt verification', save: 'Download this page', receipt: 'Receipt or proof', receiptFile: 'Receipt (.tlog-proof, .cose), state proof (.state-proof) or consistency proof (.consistency)', receiptText: 'or paste all of it',
    olderFile: 'The older checkpoint, or a file that has it (for consistency proofs alone)',
    trust: 'Whom you trust', intro: 'Verifies receipts, state proofs and consistency proofs inside this browser: nothing is uploaded and no server is asked. Save this page and open it from disk, without a network.',
    trustFile: 'Genesis file (genesis.json) or trust policy (C2SP tlog-policy)', chainId: 'The chain id that you know (optional)', check: 'Verify', language: '中文', noReceipt: 'Choose or paste a receipt or proof first.',
    noTrust: 'Could not be checked: there is nothing to trust. Choose the genesis file or the policy that you trust.', notGenesis: 'Could not be checked: the file is neither a genesis file nor a policy that can be read.',
    policyLine: 'Could not be checked: the policy is wrong in line {0}.', policyOld: 'Could not be checked: the policy was good until a day that is over, and the validators may have changed since. Ask a bank for a new one.', suiteSm2: 'Could not be checked: this chain uses SM2 and SM3, which browsers do not know. Use the command line: ledger verify receipt.',
    otherChain: 'False: the genesis file is not that of this chain id.', wrongChainId: 'A chain id is 64 lower-case hexadecimal digits.',
    noWebCrypto: 'Could not be checked: this browser offers no WebCrypto at this address. Open the page over https or on this machine, or save it and open it from disk.',
    verified: 'True: verified', notReceipt: 'False: the file is no receipt; line {0} is wrong', noLeaf: 'Could not be checked: the receipt does not hold the entry itself',
    notIncluded: 'False: the entry is not in the history that the checkpoint names (the proof of leaf {0} does not lead to its root)',
    untrusted: "False: the checkpoint lacks a quorum of the banks' signatures, or is another chain's", badSignature: "False: a bank's signature on the checkpoint does not verify",
    cannotBeChecked: 'Could not be checked: the policy asks for signatures of a type that a browser does not verify', origin: 'Origin', size: 'Size of the history (leaves)', root: 'Root', leaf: 'Leaf', signedBy: 'Signed by',
    answer: "The ledger's answer", accepted: '0 accepted', refused: 'refused {0}', party: 'Acting party', onBehalfOf: 'On behalf of', signers: 'Signing keys', payload: 'What was signed', checked: 'Checked',
    notChecked: 'Not checked', genesisOf: "The genesis file's chain id: {0}", fromNode: 'Genesis and receipt came from this node: compare the chain id with the one that you know, or “true” only says that the node agrees with itself.',
    checkedLeaf: "the entry's {0} octets are leaf {1} of the history ({2} steps of proof)", checkedNote: '{0} signature lines of the checkpoint; {1}', asksGenesis: 'genesis asks for {1} of {0} validating banks',
    asksPolicy: "the policy's quorum is there", open1: 'whether genesis is that of the chain you know: give its id', open2: "the parties' own signatures on the transaction: the banks that signed the checkpoint checked them",
    open3: 'what happened afterwards: transfers, freezes, payments, corrections', open4: 'whether the checkpoint is the newest', open5: "genesis's inner rules (this page takes the validators' keys from it and no more)", otherLeaf: 'an entry that this page cannot read',
    provesEnvelope: "False: what it proves is a batch's envelope, and no entry", provesHeader: "False: what it proves is a block's header, and no entry", provesOther: 'False: what it proves is of no known kind, and no entry',
    notCose: 'False: the file is no COSE receipt (fault {0}, receipt {1})', noRoot: 'False: the path does not fit the place, and the entry leads to no root',
    falseWord: "False: a bank's signature is not over the root to which entry and path lead: entry, place or signature was changed", checkedWords: 'the words of {0} banks on that checkpoint (COSE_Sign1); {1}',
    notState: 'False: the file is no state proof (fault {0}, line {1})', headerNotIncluded: 'False: the header is not in the history that the checkpoint names', stateDiffers: 'False: the state is not as claimed (section {0})', expected: 'Expected root', found: 'Found root',
    nowhere: 'none: the path leads nowhere', height: 'Height', time: 'Ledger time', claims: 'The state at that height', checkedClaims: '{0} claims, each by its path to the state root; the header with that root is leaf {1} of the history ({2} steps of proof)',
    openHeight: 'what happened after that height: a proof speaks of its height alone', openUnits: 'who holds the units that are not shown', tokenThere: '{0} holds units {2}-{3} of {1} (minor units){4}', tokenState1: '', tokenState2: ', extinguished', tokenState3: ', paid',
    instrumentThere: 'instrument {0}: owed by {1}, first to {2}, face {3} {4} (minor units)', documentThere: 'document {0}: total {1}, used {2}, reserved {3} ({4} minor units){5}', unused: ': unused', fingerprintThere: 'fingerprint {0} is registered as document {1}', otherThere: 'record {0}',
    tokenAbsent: 'absent: no token of {0} begins with this unit', instrumentAbsent: 'absent: there is no instrument {0}', documentAbsent: 'absent: there is no document {0}', fingerprintAbsent: 'fingerprint {0} is not registered: the document was never used', otherAbsent: 'no record {0}',
    notConsistency: 'False: the file is no consistency proof', noOlder: 'False: the older file is no checkpoint and has none', needsOlder: 'Choose the older checkpoint, or a file that has it.', otherOrigin: 'False: the two checkpoints are of two chains',
    olderIsLonger: 'False: the older checkpoint is the longer', twoHistories: 'False: the banks signed two histories of one size; keep both checkpoints, they are evidence of a split', otherProof: 'False: the proof does not begin at the older checkpoint',
    rootsDiffer: 'False: the proof does not lead from the older root to the newer', olderSize: 'Size of the older (leaves)', olderRoot: 'Root of the older', checkedPrefix: 'the first {0} leaves of the newer history are the older one ({1} steps of proof)',
    openLeaves: 'what the leaves behind it say, and whether they follow from the rules (ledger verify chain)',
  },
};
let language = new URLSearchParams(location.search).get('lang') ?? (navigator.language.startsWith('zh') || !navigator.language.startsWith('en') ? 'zh' : 'en');
if (!said[language]) language = 'zh';
const say = (name, ...values) => said[language][name].replace(/\{(\d)\}/g, (_, place) => values[Number(place)]);
const element = id => document.getElementById(id);
const built = (tag, text, className) => Object.assign(document.createElement(tag), { textContent: text ?? '', className: className ?? '' });
let trustOctets = null;
let fromNode = false;
let lastShown = () => {};

function speak() {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  for (const spoken of document.querySelectorAll('[data-say]')) spoken.textContent = say(spoken.dataset.say);
  element('language').textContent = say('language');
  element('language').lang = language === 'zh' ? 'en' : 'zh-CN';
  lastShown();
}

element('language').addEventListener('click', () => {
  language = language === 'zh' ? 'en' : 'zh';
  speak();
});
if (location.protocol === 'file:') {
  element('home').removeAttribute('href');
  element('save').parentElement.hidden = true;
}

element('receipt-file').addEventListener('change', async event => {
  const file = event.target.files[0];
  if (file) element('receipt-text').value = '';
});
element('trust-file').addEventListener('change', async event => {
  const file = event.target.files[0];
  trustOctets = file ? new Uint8Array(await file.arrayBuffer()) : null;
  fromNode = false;
  tellTrust();
});

async function tellTrust() {
  element('trust-says').textContent = '';
  if (!trustOctets || !globalThis.crypto?.subtle) return;
  const trust = await trustOfGenesis(trustOctets);
  if (trust.chainId) element('trust-says').textContent = say('genesisOf', trust.chainId) + (fromNode ? ' ' + say('fromNode') : '');
}

async function receiptOctets() {
  const file = element('receipt-file').files[0];
  if (element('receipt-text').value) return new TextEncoder().encode(element('receipt-text').value.replaceAll('\r\n', '\n').replace(/\n*$/, '\n'));
  return file ? new Uint8Array(await file.arrayBuffer()) : null;
}

async function chosenTrust() {
  if (!trustOctets) return { problem: 'noTrust' };
  const isJson = trustOctets.find(octet => octet > 0x20) === 0x7b;
  if (isJson) return trustOfGenesis(trustOctets);
  try {
    return await trustOfPolicy(new TextDecoder('utf-8', { fatal: true }).decode(trustOctets));
  } catch {
    return { problem: 'notGenesis' };
  }
}

element('check').addEventListener('click', check);

async function check() {
  if (!globalThis.crypto?.subtle) return showProblem('noWebCrypto', 'warn');
  const octets = await receiptOctets();
  if (!octets) return showProblem('noReceipt', 'warn');
  const trust = await chosenTrust();
  if (trust.problem) return showProblem(trust.problem, 'warn');
  if (trust.wrongLine) return showProblem('policyLine', 'warn', trust.wrongLine);
  const known = element('chain-id').value.trim();
  if (known && !/^[0-9a-f]{64}$/.test(known)) return showProblem('wrongChainId', 'warn');
  if (known && trust.chainId && known !== trust.chainId) return showProblem('otherChain', 'bad');
  const isPinned = Boolean(known) || !trust.chainId;
  const begins = new TextDecoder().decode(octets.subarray(0, 19));
  if (isCose(octets)) {
    const words = await verifyCose(octets, trust);
    lastShown = () => showResult(words, trust, isPinned);
  } else if (begins.startsWith('old ')) {
    const older = element('older-file').files[0];
    if (!older) return showProblem('needsOlder', 'warn');
    const between = await verifyConsistency(octets, new Uint8Array(await older.arrayBuffer()), trust);
    lastShown = () => showConsistency(between, trust, isPinned);
  } else if (begins === 'ledger-state-proof/') {
    const state = await verifyState(octets, trust);
    lastShown = () => showState(state, trust, isPinned);
  } else {
    const found = await verifyReceipt(octets, trust);
    lastShown = () => showResult(found, trust, isPinned);
  }
  lastShown();
}

function showProblem(name, tone, ...values) {
  lastShown = () => element('result').replaceChildren(built('p', say(name, ...values), `verdict ${tone}`));
  lastShown();
}

// The verdict, and ways to put facts and points below it.
function begin(found, ...values) {
  const tone = found.isTrue === true ? 'good' : found.isTrue === false ? 'bad' : 'warn';
  const result = element('result');
  result.replaceChildren(built('p', say(found.verdict, ...values), `verdict ${tone}`));
  result.dataset.verdict = found.verdict;
  const list = document.createElement('dl');
  const add = (name, value) => list.append(built('dt', say(name)), built('dd', String(value)));
  const points = (name, lines) => {
    const items = document.createElement('ul');
    items.append(...lines.map(line => built('li', line)));
    result.append(built('h2', say(name)), items);
  };
  return { result, list, add, points };
}

const asked = trust => trust.asks ? say('asksGenesis', trust.asks.of, trust.asks.threshold) : say('asksPolicy');

function showState(found, trust, isPinned) {
  const { result, list, add, points } = begin(found, found.number ?? found.section, found.wrongLine);
  if (found.verdict === 'notState') return;
  add('origin', found.origin);
  add('height', found.height);
  add('time', new Date(found.time + (trust.offsetMinutes ?? 480) * 60000).toISOString().slice(0, 19).replace('T', ' '));
  add('root', found.root);
  result.append(list);
  if (found.verdict === 'stateDiffers') {
    add('expected', found.expected);
    add('found', found.found ?? say('nowhere'));
  }
  if (found.isTrue !== true) return;
  add('signedBy', found.signers.join('; '));
  points('claims', found.claims.map(claimText));
  points('checked', [say('checkedClaims', found.count, found.index, found.steps), say('checkedNote', found.lines, asked(trust))]);
  points('notChecked', [...(isPinned ? [] : [say('open1')]), say('openHeight'), ...(isWhole(found.claims) ? [] : [say('openUnits')])]);
}

function claimText(one) {
  if (!one.isThere) return say(`${one.kind}Absent`, one.name);
  if (one.kind === 'token') return say('tokenThere', one.holder, one.name, one.first, one.last, say(`tokenState${one.state}`));
  if (one.kind === 'instrument') return say('instrumentThere', one.name, one.obligor, one.creditor, one.currency, one.face);
  if (one.kind === 'document') return say('documentThere', one.name, one.total, one.used, one.reserved, one.currency, one.used + one.reserved === 0n ? say('unused') : '');
  return say(`${one.kind}There`, one.name, one.document);
}

// Tokens partition an instrument's units: where they are shown without gap up to its face, nobody holds more.
function isWhole(claims) {
  const faces = new Map(claims.filter(one => one.kind === 'instrument' && one.isThere).map(one => [one.name, one.face]));
  const next = new Map();
  for (const one of claims.filter(token => token.kind === 'token' && token.isThere)) {
    if ((next.get(one.name) ?? 1n) !== one.first) return false;
    next.set(one.name, one.last + 1n);
  }
  return [...next].every(([name, end]) => faces.get(name) === end - 1n);
}

function showConsistency(found, trust, isPinned) {
  const { result, list, add, points } = begin(found);
  if (!found.origin) return;
  add('origin', found.origin);
  add('olderSize', found.olderSize);
  add('olderRoot', found.olderRoot);
  add('size', found.size);
  add('root', found.root);
  result.append(list);
  if (found.isTrue !== true) return;
  add('signedBy', found.signers.join('; '));
  points('checked', [say('checkedPrefix', found.olderSize, found.steps), asked(trust)]);
  points('notChecked', [...(isPinned ? [] : [say('open1')]), say('openLeaves')]);
}

function showResult(found, trust, isPinned) {
  const { result, list, add, points } = begin(found, found.number ?? found.wrongLine ?? found.index, found.wrongWord);
  if (found.verdict === 'notReceipt' || found.verdict === 'notCose') return;
  add('origin', found.origin);
  add('size', found.size);
  add(found.verdict === 'falseWord' ? 'found' : 'root', found.root ?? say('nowhere'));
  add('leaf', found.index);
  result.append(list);
  if (found.isTrue !== true) return;
  add('signedBy', found.signers.join('; '));
  const entry = found.entry;
  const nameOf = party => `${trust.names?.get(party) ?? ''} ${party}`.trim();
  if (entry) {
    add('answer', entry.code === 0 ? say('accepted') : say('refused', entry.code));
    add('party', nameOf(entry.payload.party));
    if (entry.payload.onBehalfOf) add('onBehalfOf', nameOf(entry.payload.onBehalfOf));
    add('signers', entry.signers.join(' '));
    result.append(built('h2', say('payload')), built('pre', JSON.stringify(entry.payload, null, 2)));
  } else {
    add('payload', say('otherLeaf'));
  }
  points('checked', [
    say('checkedLeaf', found.octets, found.index, found.steps),
    found.words ? say('checkedWords', found.words, asked(trust)) : say('checkedNote', found.lines, asked(trust))]);
  points('notChecked', [...(isPinned ? [] : [say('open1')]), say('open2'), say('open3'), say('open4'), ...(trust.chainId ? [say('open5')] : [])]);
}

// From a QR code or an entry's page: the receipt and genesis come from this node, and the page says that they do.
async function fromAddress() {
  const leaf = /^#leaf=(\d{1,20})$/.exec(location.hash)?.[1];
  if (!leaf || location.protocol === 'file:') return;
  try {
    const [receipt, genesis] = await Promise.all([fetch(`/entries/${leaf}/receipt`), fetch('/v1/genesis')]);
    if (!receipt.ok || !genesis.ok) return;
    element('receipt-text').value = await receipt.text();
    trustOctets = new Uint8Array(await genesis.arrayBuffer());
    fromNode = true;
    await tellTrust();
    await check();
  } catch {
    // Without the node the page still verifies what is given to it.
  }
}

speak();
fromAddress();
