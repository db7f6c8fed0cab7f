// Transactions in their exact text (docs/FORMATS.md, Transactions), and what they say in words. No page is needed for anything here.
import { fromBase64Url, newId, text, toBase64Url, utf8 } from './octets.js';
import { capital, money, percent } from './capital.js';
import { sign } from './keyfile.js';

export class TransactionError extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

const partyOf = kid => kid.slice(0, kid.indexOf('#'));
const numberOf = kid => Number(kid.slice(kid.indexOf('#') + 1));

/** Ascending as the ledger has it: the party as ASCII, then the number as a number. */
export const ascending = kids => [...kids].sort((one, other) =>
  partyOf(one) < partyOf(other) ? -1 : partyOf(one) > partyOf(other) ? 1 : numberOf(one) - numberOf(other));

/** The octets of a payload. `kind` is the first member of each operation; what was left empty is left out. */
export function payloadOf({ party, onBehalfOf, expires, operations, id = newId(Date.now()) }) {
  const body = { party, ...(onBehalfOf ? { onBehalfOf } : {}), id, expires, operations };
  return utf8(JSON.stringify(body));
}

const headerOf = (kid, signers, chain) => toBase64Url(utf8(JSON.stringify({ alg: 'ES256', kid, typ: 'ledger-tx', chain, signers })));

const write = (payload, parts) =>
  `{"payload":"${payload}","signatures":[${parts.map(part => `{"protected":"${part.protected}","signature":"${part.signature}"}`).join(',')}]}`;

/** Signs as the first of several, or alone. The text names all signers; those who have not signed yet are missing from it. */
export async function signFirst(payload, chain, signers, { kid, key }) {
  const all = ascending(new Set([kid, ...signers]));
  const encoded = toBase64Url(payload);
  const header = headerOf(kid, all, chain);
  return write(encoded, [{ protected: header, signature: toBase64Url(await sign(key, utf8(`${header}.${encoded}`))) }]);
}

/** Reads a transaction, complete or with signatures missing: what it says, who is to sign, who has. */
export function read(given, chain) {
  let outer;
  try {
    outer = JSON.parse(given);
  } catch {
    throw new TransactionError('notTransaction');
  }
  const encoded = outer?.payload;
  if (!fromBase64Url(encoded) || !Array.isArray(outer.signatures) || outer.signatures.length === 0 || Object.keys(outer).length !== 2) throw new TransactionError('notTransaction');
  const parts = [];
  let signers = null;
  for (const part of outer.signatures) {
    if (!part || Object.keys(part).length !== 2 || !fromBase64Url(part.protected) || fromBase64Url(part.signature)?.length !== 64) throw new TransactionError('notTransaction');
    const header = parsed(part.protected);
    if (header.typ !== 'ledger-tx' || !Array.isArray(header.signers)) throw new TransactionError('notTransaction');
    if (header.chain !== chain) throw new TransactionError('otherChain');
    if (header.alg !== 'ES256') throw new TransactionError('suiteSm2');
    if (signers !== null && signers.join() !== header.signers.join()) throw new TransactionError('notTransaction');
    signers = header.signers;
    if (!signers.includes(header.kid) || parts.some(other => other.kid === header.kid)) throw new TransactionError('notTransaction');
    parts.push({ kid: header.kid, protected: part.protected, signature: part.signature });
  }
  if (ascending(new Set(signers)).join() !== signers.join()) throw new TransactionError('notTransaction');
  return { encoded, body: parsed(encoded), signers, parts, missing: signers.filter(kid => !parts.some(part => part.kid === kid)) };
}

function parsed(encoded) {
  try {
    return JSON.parse(text(fromBase64Url(encoded)));
  } catch {
    throw new TransactionError('notTransaction');
  }
}

/** Adds a signature to what somebody else signed. Nobody checks his own: a key that signed is refused, and so is one that was not named. */
export async function signNext(transaction, chain, { kid, key }) {
  if (transaction.parts.some(part => part.kid === kid)) throw new TransactionError('ownTransaction');
  if (!transaction.signers.includes(kid)) throw new TransactionError('notNamed');
  const header = headerOf(kid, transaction.signers, chain);
  const part = { kid, protected: header, signature: toBase64Url(await sign(key, utf8(`${header}.${transaction.encoded}`))) };
  const order = kids => ascending(kids);
  const parts = [...transaction.parts, part];
  const sorted = order(parts.map(one => one.kid)).map(one => parts.find(other => other.kid === one));
  return write(transaction.encoded, sorted);
}

/** A pass that begins a session, once: a JWT of a minute of the world's clock. */
export async function sessionPass({ kid, key }, chain, bank, principal) {
  const now = Math.floor(Date.now() / 1000);
  const header = toBase64Url(utf8(JSON.stringify({ alg: 'ES256', kid, typ: 'ledger-session+jwt' })));
  const claims = toBase64Url(utf8(JSON.stringify({ aud: `${chain}/${bank}`, iat: now, exp: now + 60, jti: newId(now * 1000), ...(principal ? { sub: principal } : {}) })));
  return `${header}.${claims}.${toBase64Url(await sign(key, utf8(`${header}.${claims}`)))}`;
}

/** What a table has under a name. A payload's words are anybody's: what every object of the browser has by itself is not in the table. */
export const own = (table, ...names) => names.reduce((found, name) => found && Object.hasOwn(found, name) ? found[name] : undefined, table);

const fill = (sentence, ...values) => sentence.replace(/\{(\d)\}/g, (_, place) => values[Number(place)] ?? '--');

const sentences = {
  'offer.accept': 'saysAccept', 'offer.decline': 'saysDecline', 'offer.withdraw': 'saysWithdraw', 'token.transfer': 'saysTransfer', 'confirmation.request': 'saysRequest',
  'confirmation.confirm': 'saysConfirm', 'receivable.issue': 'saysIssue', 'financing.apply': 'saysApply', 'financing.withdraw': 'saysWithdrawApplication',
  'financing.approve': 'saysApprove', 'financing.disburse': 'saysDisburse', 'financing.repay': 'saysRepay', 'financing.settle': 'saysSettle', 'financing.buyBack': 'saysBuyBack', 'registry.attest': 'saysAttest', 'payment.receipt': 'saysReceipt', 'payment.confirm': 'saysConfirmPayment', 'payment.deny': 'saysDenyPayment', 'bill.present': 'saysPresentBill',
};

// Members by which an operation names something that the ledger may have: what money it is about and who is on the other side is known there.
const nouns = ['instrument', 'offer', 'financing', 'document'];

const isId = text => /^[A-Za-z0-9_-]{21}[AQgw]$/.test(text);

/** What a payload names: ids that the ledger may know, and parties. */
export function named(body) {
  const texts = [];
  const walk = value => {
    if (typeof value === 'string') texts.push(value);
    else if (value && typeof value === 'object') Object.values(value).forEach(walk);
  };
  walk([body.party, body.onBehalfOf, body.operations]);
  const parties = texts.filter(text => /^[0-9A-Z]{18}$|^[0-9A-Z]{20}$/.test(text));
  return { ids: [...new Set(texts.filter(isId))], parties: [...new Set(parties)] };
}

const thingOf = (operation, known) => nouns.map(noun => own(known.things, operation[noun])).find(Boolean);

const sumOf = (minor, currency, words) =>
  currency === undefined ? fill(words.minorUnits, minor) : money(minor, currency) + (currency === 'CNY' ? `（${capital(minor)}）` : '');

const nameOf = (known, party) => party ? `${own(known.names, party) ?? ''} ${party}`.trim() : '--';

const timeOf = (known, at) => new Date(at + known.offsetMinutes * 60000).toISOString().slice(0, 19).replace('T', ' ');

const wordOf = (known, member, value) => own(known.tables?.values, member, value) ?? value;

/**
 * What a payload does, in words, one line an operation. It is read from the payload and not from the form that made it; names of parties, and what
 * the things are that a payload only names, come from the page.
 */
export function describe(body, known, words) {
  const who = nameOf(known, body.onBehalfOf ?? body.party);
  const lines = [];
  for (const operation of body.operations) {
    const thing = thingOf(operation, known);
    const currency = operation.currency ?? thing?.currency;
    const minor = operation.amount ?? operation.principal ?? operation.total ?? (operation.units ? unitsOf(operation.units) : thing?.amount);
    const to = operation.to ?? operation.obligor ?? operation.creditor ?? operation.financier ?? operation.payee ?? operation.reviewer ?? thing?.from;
    const sentence = words[own(sentences, operation.kind)];
    lines.push(sentence
      ? fill(sentence, who, nameOf(known, to), minor === undefined ? '--' : sumOf(minor, currency, words), operation.instrument ?? operation.offer ?? operation.financing ?? operation.announced ?? operation.payment, operation.units ?? '',
        operation.dueDate ?? operation.end ?? operation.valueDate ?? '',
        operation.bankReference ?? operation.reference ?? ['act', 'finding'].filter(name => operation[name]).map(name => wordOf(known, name, operation[name])).join(' '),
        operation.outcome ? wordOf(known, 'outcome', operation.outcome) : operation.credit ? wordOf(known, 'credit', operation.credit) : '')
      : fill(words.saysOther, who, own(known.tables?.verbs, operation.kind) ?? operation.kind));
    if (operation.undertaking) lines.push(fill(operation.undertaking.defencesWaived ? words.saysWaives : words.saysKeepsDefences, who));
  }
  if (body.onBehalfOf) lines.push(fill(words.saysOnBehalf, nameOf(known, body.party), nameOf(known, body.onBehalfOf)));
  lines.push(fill(words.saysExpires, timeOf(known, body.expires), body.id));
  return lines;
}

/**
 * Everything that an operation says, member by member: nothing that is signed is left out. `opened` has the disclosures that were handed over, by
 * their digests; a digest that none of them opens stands here as what it is.
 */
export function details(operation, known, words, opened = new Map()) {
  const shape = own(known.tables?.shapes, operation.kind) ?? {};
  const currency = operation.currency ?? thingOf(operation, known)?.currency;
  const rows = [];
  const say = (label, member, value, money) => {
    if (Array.isArray(value)) {
      if (value.length === 0) rows.push({ label, text: '--' });
      value.forEach((one, place) => say(value.length > 1 ? `${label} ${place + 1}` : label, member, one, money));
    } else if (value !== null && typeof value === 'object') {
      const of = value.currency ?? own(known.things, value.document)?.currency ?? money;
      for (const [inner, one] of Object.entries(value)) say(`${label} · ${own(known.tables?.members, inner) ?? inner}`, inner, one, of);
    } else {
      rows.push(said(label, member, value, money));
    }
  };
  const said = (label, member, value, money) => {
    switch (own(shape, member)) {
      case 'amount': return { label, text: sumOf(value, money, words) };
      case 'units': return { label, text: `${value}（${sumOf(unitsOf(value), money, words)}）` };
      case 'party': return { label, text: nameOf(known, value) };
      case 'time': return { label, text: timeOf(known, value) };
      case 'flag': return { label, text: value ? words.yes : words.no, isFlag: true };
      case 'name': return { label, text: wordOf(known, member, value) };
      case 'rate': return { label, text: percent(value) };
      case 'terms': return term(label, value, money);
      default: return { label, text: String(value), thing: own(known.things, value) };
    }
  };
  const term = (label, digest, money) => {
    const disclosed = opened.get(digest);
    if (!disclosed) return { label, text: fill(words.termHidden, digest), isBad: true };
    const { label: name, kind } = own(known.tables?.terms, disclosed.name) ?? { label: disclosed.name, kind: 'text' };
    return { label: `${label} · ${name}`, text: kind === 'amount' ? sumOf(disclosed.value, money, words) : kind === 'rate' ? percent(disclosed.value) : disclosed.value };
  };
  for (const [member, value] of Object.entries(operation)) {
    if (member !== 'kind') say(own(known.tables?.members, member) ?? member, member, value, currency);
  }
  return rows;
}

const unitsOf = units => {
  const [first, last] = units.split('-').map(BigInt);
  return String(last - first + 1n);
};
