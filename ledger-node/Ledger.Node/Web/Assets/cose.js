import { bad, concat, foundOf, good, includedRoot, isKeyName, isSignedRaw, judgeBy, leafHash, missing, plainText, receiptUtf8, same, toBase64, toHex, unknown } from './receipt.js';

// The rules of COSE receipts (docs/FORMATS.md, COSE receipts): a leaf with the words of several banks, each a COSE_Sign1 over a root that stands nowhere in the file.
const largestCose = 256 * 1024;
const coseName = 'ledger-cose-receipt/1';
const mostWords = 64;
const mostPath = 64;
const uint = 0, nint = 1, byteString = 2, textString = 3, array = 4, map = 5, tag = 6;

/** Whether the octets can only be a COSE receipt, and no text. */
export const isCose = octets => octets.length > 0 && octets[0] === 0x83;

/** CBOR front to back in its one encoding: shortest heads, definite lengths, and of each thing only the kind that is asked for. Anything else spoils the reader. */
function cborReader(octets) {
  let at = 0;
  let spoiled = false;
  const spoil = () => {
    spoiled = true;
    return 0n;
  };
  const head = kind => {
    const first = octets[at];
    if (spoiled || first === undefined || first >> 5 !== kind) return spoil();
    at++;
    const short = first & 31;
    if (short < 24) return BigInt(short);
    const width = { 24: 1, 25: 2, 26: 4, 27: 8 }[short];
    if (!width || octets.length - at < width) return spoil();
    const number = octets.subarray(at, at + width).reduce((sum, octet) => sum * 256n + BigInt(octet), 0n);
    at += width;
    return number < (width === 1 ? 24n : 1n << BigInt(width * 4)) ? spoil() : number;
  };
  const count = kind => {
    const number = head(kind);
    return number <= BigInt(octets.length - at) ? Number(number) : Number(spoil());
  };
  const bytes = kind => {
    const size = count(kind);
    at += size;
    return octets.subarray(at - size, at);
  };
  return {
    number: () => head(uint),
    bytes: () => bytes(byteString),
    text: () => {
      const text = plainText(concat(bytes(textString), Uint8Array.of(10)));
      return text === null ? String(spoil()) : text.slice(0, -1);
    },
    array: () => count(array),
    isInt: value => head(value < 0 ? nint : uint) === BigInt(value < 0 ? -1 - value : value) || Boolean(spoil()),
    isArray: size => count(array) === size || Boolean(spoil()),
    isMap: size => count(map) === size || Boolean(spoil()),
    isTag: value => head(tag) === BigInt(value) || Boolean(spoil()),
    isNull: () => (octets[at] === 0xf6 && ++at > 0) || Boolean(spoil()),
    isGood: () => !spoiled,
    isComplete: () => !spoiled && at === octets.length,
  };
}

const cborHead = (kind, number) => {
  const width = number < 24 ? 0 : number < 256 ? 1 : 2;
  return Uint8Array.from([kind << 5 | [number, 24, 25][width], ...[[], [number], [number >> 8, number & 255]][width]]);
};
const cborBytes = octets => concat(cborHead(byteString, octets.length), octets);

// What a bank's key signs (RFC 9052, Sig_structure), over the root that was computed.
const signedWord = (word, root) => {
  const context = receiptUtf8('Signature1');
  return concat(cborHead(array, 4), cborHead(textString, context.length), context, cborBytes(word.protectedHeader), cborBytes(new Uint8Array()), cborBytes(root));
};

function readProtected(octets) {
  const from = cborReader(octets);
  from.isMap(5);
  from.isInt(1);
  from.isInt(-7);
  from.isInt(4);
  const kid = from.bytes();
  from.isInt(15);
  from.isMap(1);
  from.isInt(1);
  const origin = from.text();
  from.isInt(395);
  from.isInt(1);
  const isSize = from.text() === 'tree-size';
  const size = from.number();
  return from.isComplete() && isSize && kid.length === 4 && isKeyName(origin) ? { origin, keyId: toHex(kid), size } : null;
}

function readPlace(octets) {
  const from = cborReader(octets);
  from.isArray(3);
  const [size, index] = [from.number(), from.number()];
  const steps = from.array();
  if (!from.isGood() || steps < 1 || steps > mostPath) return null;
  const path = Array.from({ length: steps }, () => from.bytes());
  return from.isComplete() && path.every(hash => hash.length === 32) ? { size, index, path } : null;
}

// One bank's word, or the number of what is wrong.
function readWord(octets) {
  const from = cborReader(octets);
  if (!from.isTag(18) || !from.isArray(4)) return { number: 5 };
  const protectedHeader = from.bytes();
  const said = from.isGood() ? readProtected(protectedHeader) : null;
  if (!said) return { number: 6 };
  from.isMap(1);
  from.isInt(396);
  from.isMap(1);
  from.isInt(-1);
  from.isArray(1);
  const proof = from.bytes();
  if (!from.isGood()) return { number: 7 };
  const place = readPlace(proof);
  if (!place || place.size !== said.size) return { number: 8 };
  if (!from.isNull()) return { number: 9 };
  const signature = from.bytes();
  if (!from.isGood() || signature.length !== 64) return { number: 10 };
  return from.isComplete() ? { ...said, ...place, protectedHeader, signature } : { number: 5 };
}

const isOnePlace = (one, other) =>
  one.origin === other.origin && one.size === other.size && one.index === other.index && one.path.length === other.path.length && one.path.every((hash, place) => same(hash, other.path[place]));

/** A COSE receipt's parts, or the number of what is wrong and in which word, from 1. */
export function readCose(octets) {
  const no = (number, wrongWord = 0) => ({ number, wrongWord });
  if (octets.length > largestCose) return no(1);
  const from = cborReader(octets);
  if (!from.isArray(3) || from.text() !== coseName || !from.isGood()) return no(2);
  const leaf = from.bytes();
  if (!from.isGood() || leaf.length < 1 || leaf.length > 65535) return no(3);
  const count = from.array();
  if (!from.isGood() || count < 1 || count > mostWords) return no(4);
  const words = [];
  while (words.length < count) {
    const inner = from.bytes();
    const word = from.isGood() ? readWord(inner) : { number: 5 };
    if (word.number) return no(word.number, words.length + 1);
    if (words.length > 0 && !isOnePlace(words[0], word)) return no(11, words.length + 1);
    if (words.length > 0 && words.at(-1).keyId >= word.keyId) return no(12, words.length + 1);
    words.push(word);
  }
  return from.isComplete() ? { leaf, words } : no(2);
}

async function askWords(words, root, key) {
  const word = words.find(one => one.keyId === key.keyId && one.origin === key.name);
  if (!word) return missing;
  if (key.kind !== 'p256') return unknown;
  return await isSignedRaw(key.point, signedWord(word, root), word.signature) ? good : bad;
}

/**
 * Verifies a COSE receipt. `verdict` is notCose, noRoot, falseWord or one of those of a tlog-proof, and `isTrue` is true, false, or null where it could not be checked.
 */
export async function verifyCose(octets, trust) {
  const file = readCose(octets);
  if (file.number) return { verdict: 'notCose', isTrue: false, number: file.number, wrongWord: file.wrongWord };
  const { leaf, words } = file;
  const { origin, size, index, path } = words[0];
  const root = await includedRoot(await leafHash(leaf), index, size, path);
  const told = { origin, size, index, root: root && toBase64(root), steps: path.length, octets: leaf.length, words: words.length };
  if (!root) return { verdict: 'noRoot', isTrue: false, ...told };
  const judged = await judgeBy(origin, trust, key => askWords(words, root, key));
  return judged.verdict === 'badSignature' ? { verdict: 'falseWord', isTrue: false, ...told } : foundOf(judged, leaf, told);
}
