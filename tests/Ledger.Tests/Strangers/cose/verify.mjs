// Verifies COSE receipts of a chain under ES256 as docs/FORMATS.md says, with public libraries alone: cborg reads the file strictly, @auth0/cose verifies each bank's COSE_Sign1 over the detached root.
// Standard input: { origin, needed, keys: { kid in hexadecimal: point in base64 }, cases: [file in base64] }. Standard output: for each case the places of the banks that signed, or why not.

import { createHash, webcrypto } from 'node:crypto';
import { Sign1 } from '@auth0/cose';
import { decode, Tagged } from 'cborg';

let input = '';
for await (const part of process.stdin.setEncoding('utf8')) input += part;
const given = JSON.parse(input);
const octets = text => new Uint8Array(Buffer.from(text, 'base64'));
const strict = { strict: true, useMaps: true, allowIndefinite: false, allowUndefined: false, allowBigInt: true, rejectDuplicateMapKeys: true };
const hash = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();
const must = (isSo, what) => {
  if (!isSo) throw new Error(what);
};
const isCount = value => typeof value === 'bigint' || Number.isSafeInteger(value);
const keys = new Map();
for (const [kid, point] of Object.entries(given.keys)) keys.set(kid, await webcrypto.subtle.importKey('raw', octets(point), { name: 'ECDSA', namedCurve: 'P-256' }, true, ['verify']));

// RFC 9162 section 2.1.3.2.
function rootOf(leaf, index, size, path) {
  must(index < size, 'index');
  let [place, last, found] = [index, size - 1n, hash(Uint8Array.of(0), leaf)];
  for (const sibling of path) {
    must(last !== 0n && sibling instanceof Uint8Array && sibling.length === 32, 'path');
    if ((place & 1n) === 1n || place === last) {
      found = hash(Uint8Array.of(1), sibling, found);
      while ((place & 1n) === 0n && place !== 0n) [place, last] = [place >> 1n, last >> 1n];
    } else {
      found = hash(Uint8Array.of(1), found, sibling);
    }
    [place, last] = [place >> 1n, last >> 1n];
  }
  must(last === 0n, 'path');
  return found;
}

async function verify(file) {
  const [name, leaf, receipts, ...rest] = decode(file, strict);
  must(name === 'ledger-cose-receipt/1' && rest.length === 0 && leaf instanceof Uint8Array && receipts.length > 0, 'file');
  const signers = new Set();
  let one = null;
  for (const receipt of receipts) {
    // The COSE library reads what is near CBOR too: the strict one goes first.
    must(receipt[0] === 0xd2, 'tag');
    const { value: parts } = decode(receipt, { ...strict, tags: Tagged.preserve(18) });
    must(parts.length === 4 && parts[0] instanceof Uint8Array && parts[2] === null && parts[3] instanceof Uint8Array, 'COSE_Sign1');
    decode(parts[0], strict);
    const word = Sign1.decode(receipt);
    const said = word.protectedHeaders;
    must(word instanceof Sign1 && word.payload === null && said.size === 5 && said.get(1) === -7 && said.get(395) === 1, 'protected header');
    must(said.get(15).size === 1 && said.get(15).get(1) === given.origin, 'issuer');
    must(word.unprotectedHeaders.size === 1 && word.unprotectedHeaders.get(396).size === 1 && word.unprotectedHeaders.get(396).get(-1).length === 1, 'unprotected header');
    const [size, index, path, ...more] = decode(word.unprotectedHeaders.get(396).get(-1)[0], strict);
    must(more.length === 0 && [size, index, said.get('tree-size')].every(isCount) && BigInt(said.get('tree-size')) === BigInt(size), 'size');
    const place = JSON.stringify([String(size), String(index), path.map(step => Buffer.from(step).toString('hex'))]);
    must(one === null || one === place, 'two places');
    one = place;
    const kid = Buffer.from(said.get(4)).toString('hex');
    if (!keys.has(kid)) continue;
    await word.verify(keys.get(kid), { detachedPayload: rootOf(leaf, BigInt(index), BigInt(size), path) });
    signers.add(kid);
  }
  must(signers.size >= given.needed, 'too few');
  return [...signers];
}

const answers = [];
for (const file of given.cases) {
  try {
    answers.push({ isTrue: true, signers: await verify(octets(file)) });
  } catch (no) {
    answers.push({ isTrue: false, why: no.message });
  }
}
process.stdout.write(JSON.stringify(answers));
