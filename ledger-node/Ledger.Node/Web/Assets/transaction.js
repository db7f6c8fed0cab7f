// Transactions in their exact text (docs/FORMATS.md, Transactions), and what they say in words. No page is needed for anything here.
import { fromBase64Url, newId, text, toBase64Url, utf8 } from './octets.js';
import { capital, money } from './capital.js';
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
export function payloadOf({ party, onBehalfOf, expires, operations, id = newId() }) {
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
  const claims = toBase64Url(utf8(JSON.stringify({ aud: `${chain}/${bank}`, iat: now, exp: now + 60, jti: newId(), ...(principal ? { sub: principal } : {}) })));
  return `${header}.${claims}.${toBase64Url(await sign(key, utf8(`${header}.${claims}`)))}`;
}

const fill = (sentence, ...values) => sentence.replace(/\{(\d)\}/g, (_, place) => values[Number(place)] ?? '--');

const sentences = {
  'offer.accept': 'saysAccept', 'offer.decline': 'saysDecline', 'offer.withdraw': 'saysWithdraw', 'token.transfer': 'saysTransfer', 'confirmation.request': 'saysRequest',
  'confirmation.confirm': 'saysConfirm', 'receivable.issue': 'saysIssue', 'financing.apply': 'saysApply', 'financing.withdraw': 'saysWithdrawApplication',
  'financing.approve': 'saysApprove', 'financing.disburse': 'saysDisburse', 'financing.repay': 'saysRepay', 'financing.settle': 'saysSettle', 'financing.buyBack': 'saysBuyBack', 'registry.attest': 'saysAttest', 'payment.receipt': 'saysReceipt', 'bill.present': 'saysPresentBill',
};

/**
 * What a payload does, in words, one line an operation. It is read from the payload and not from the form that made it; names of parties and the
 * currency of an instrument, which a payload does not hold, come from the page.
 */
export function describe(body, known, words) {
  const name = party => party ? `${known.names?.[party] ?? ''} ${party}`.trim() : '--';
  const time = at => new Date(at + known.offsetMinutes * 60000).toISOString().slice(0, 19).replace('T', ' ');
  const who = name(body.onBehalfOf ?? body.party);
  const lines = body.operations.map(operation => {
    // The page's own thing, and not one of which both say nothing.
    const about = ['offer', 'instrument', 'financing'].some(noun => known[noun] !== undefined && operation[noun] === known[noun]);
    const currency = operation.currency ?? (about ? known.currency : undefined);
    const minor = operation.amount ?? operation.principal ?? (operation.units ? unitsOf(operation.units) : about ? known.amount : undefined);
    const sum = minor === undefined ? '--' : currency === undefined ? fill(words.minorUnits, minor) : money(minor, currency) + (currency === 'CNY' ? `（${capital(minor)}）` : '');
    const to = name(operation.to ?? operation.obligor ?? operation.creditor ?? operation.financier ?? operation.payee ?? operation.reviewer ?? (about ? known.from : undefined));
    const sentence = words[sentences[operation.kind]];
    if (!sentence) return fill(words.saysOther, operation.kind, JSON.stringify(operation));
    return fill(sentence, who, to, sum, operation.instrument ?? operation.offer ?? operation.financing, operation.units ?? '',
      operation.dueDate ?? operation.end ?? operation.valueDate ?? '', operation.bankReference ?? operation.reference ?? [operation.act, operation.finding].filter(Boolean).join(' '),
      operation.outcome ?? operation.credit ?? '');
  });
  if (body.onBehalfOf) lines.push(fill(words.saysOnBehalf, name(body.party), name(body.onBehalfOf)));
  lines.push(fill(words.saysExpires, time(body.expires), body.id));
  return lines;
}

const unitsOf = units => {
  const [first, last] = units.split('-').map(BigInt);
  return String(last - first + 1n);
};
