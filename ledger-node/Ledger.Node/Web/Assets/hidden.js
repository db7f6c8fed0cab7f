// What an act hides from rivals (docs/FORMATS.md, Disclosures): salted disclosures of its terms, the digests that go on the ledger, and the file that shows them.
import { fromBase64Url, hex, sha256, text, toBase64Url, utf8 } from './octets.js';

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

/** The file that a bank's node and a verifier read; whoever hides something keeps it. */
export const fileOf = (chain, body, hidden) => ({ chain, party: body.party, id: body.id, operation: 0, disclosures: [...hidden.values()].map(one => one.text) });

/** A yearly rate as people write it, 3.85%, in millionths; null for anything else. */
export function rateOf(typed) {
  const read = /^(0|[1-9]\d{0,3})(?:\.(\d{1,4}))?\s*[%％]$/.exec(typed.trim());
  if (!read) return null;
  const millionths = BigInt(read[1]) * 10000n + BigInt((read[2] ?? '').padEnd(4, '0'));
  return millionths > 10000000n ? null : String(millionths);
}

/** Millionths as people write them. */
export function percent(millionths) {
  const all = BigInt(millionths);
  const rest = String(all % 10000n).padStart(4, '0').replace(/0+$/, '');
  return `${all / 10000n}${rest ? `.${rest}` : ''}%`;
}

/** A file that is handed over: a transaction, alone or with the disclosures of what it hides (docs/FORMATS.md, Disclosed transaction). */
export const wrap = (transaction, files) => files.length > 0 ? JSON.stringify({ transaction, disclosures: files }) : transaction;

/** The transaction of such a file, and the disclosures beside it. */
export function unwrap(given) {
  try {
    const outer = JSON.parse(given);
    if (typeof outer?.transaction === 'string' && Array.isArray(outer.disclosures)) return { transaction: outer.transaction, files: outer.disclosures };
  } catch {
    // It is no JSON, and whoever reads the transaction will say so.
  }
  return { transaction: given, files: [] };
}

/** What disclosures say, by their digests; one that cannot be read says nothing. */
export async function open(files) {
  const opened = new Map();
  for (const one of files.flatMap(file => file?.disclosures ?? [])) {
    try {
      const [, name, value] = JSON.parse(text(fromBase64Url(one)));
      opened.set(toBase64Url(await sha256(utf8(one))), { name: String(name), value: String(value), text: one });
    } catch {
      // Whoever checks sees that a digest stays closed.
    }
  }
  return opened;
}
