// What an act hides from rivals (docs/FORMATS.md, Disclosures): salted disclosures of its terms, the digests that go on the ledger, and the file that shows them.
import { fromBase64Url, hex, sha256, text, toBase64Url, utf8 } from './octets.js';
import { TransactionError } from './transaction.js';

const salt = () => toBase64Url(crypto.getRandomValues(new Uint8Array(16)));

/** Disclosures of terms, by their digests: what stands under each, and the text that was hashed. */
export async function hide(terms) {
  const hidden = [];
  for (const [name, value] of Object.entries(terms)) {
    const disclosure = toBase64Url(utf8(JSON.stringify([salt(), name, value])));
    hidden.push([await sha256(utf8(disclosure)), { name, value, text: disclosure }]);
  }
  // Ascending, so that their order tells nothing about the terms.
  hidden.sort(([one], [other]) => hex(one) < hex(other) ? -1 : 1);
  return new Map(hidden.map(([digest, term]) => [toBase64Url(digest), term]));
}

/** The files that a bank's node and a verifier read, one for each operation that hides something of which the disclosures are here. */
export const filesOf = (chain, body, opened) => body.operations.flatMap((one, operation) => {
  const disclosures = (one._sd ?? []).flatMap(digest => opened.get(digest)?.text ?? []);
  return disclosures.length > 0 ? [{ chain, party: body.party, id: body.id, operation, disclosures }] : [];
});

/** A file that is handed over: a transaction, alone or with the disclosures of what it hides (docs/FORMATS.md, Disclosed transaction). */
export const wrap = (transaction, files) => files.length > 0 ? JSON.stringify({ transaction, disclosures: files }) : transaction;

/** What was handed over, in one file or in several: the one transaction, and the terms that all disclosures open, by their digests. */
export async function handedOver(texts, chain) {
  const transactions = [];
  const opened = new Map();
  for (const given of texts) {
    const { transaction, files } = unwrap(given);
    if (transaction !== null) transactions.push(transaction);
    for (const file of files) await openInto(opened, file, chain);
  }
  if (transactions.length !== 1) throw new TransactionError('oneTransaction');
  return { transaction: transactions[0], opened };
}

// A transaction, one with the disclosures of what it hides, or disclosures alone.
function unwrap(given) {
  try {
    const outer = JSON.parse(given);
    if (typeof outer?.transaction === 'string' && Array.isArray(outer.disclosures)) return { transaction: outer.transaction, files: outer.disclosures };
    if (Array.isArray(outer?.disclosures)) return { transaction: null, files: [outer] };
  } catch {
    // It is no JSON, and whoever reads the transaction will say so.
  }
  return { transaction: given, files: [] };
}

async function openInto(opened, file, chain) {
  if (!Array.isArray(file?.disclosures)) throw new TransactionError('notDisclosures');
  if (file.chain !== chain) throw new TransactionError('otherChain');
  for (const one of file.disclosures) {
    const [, name, value] = partsOf(one);
    opened.set(toBase64Url(await sha256(utf8(one))), { name, value, text: one });
  }
}

function partsOf(disclosure) {
  let parts;
  try {
    parts = JSON.parse(text(fromBase64Url(disclosure)));
  } catch {
    throw new TransactionError('notDisclosures');
  }
  if (!Array.isArray(parts) || parts.length !== 3 || parts.some(part => typeof part !== 'string')) throw new TransactionError('notDisclosures');
  return parts;
}
