// The rules of a receipt (docs/FORMATS.md, Receipt and Checkpoint): a leaf, its place under a root, and who signed the root. The answer is one of
// true, false and could-not-check, as the command line has it. ES256 chains only: WebCrypto knows no SM2 and no SM3.

export const receiptUtf8 = text => new TextEncoder().encode(text);
export const toHex = octets => Array.from(octets, octet => octet.toString(16).padStart(2, '0')).join('');
export const concat = (...parts) => {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let place = 0;
  for (const part of parts) {
    all.set(part, place);
    place += part.length;
  }
  return all;
};
export const digest = async octets => new Uint8Array(await crypto.subtle.digest('SHA-256', octets));
export const same = (one, other) => one.length === other.length && one.every((octet, place) => octet === other[place]);
const mostLeaves = 18446744073709551615n;

/** Base64 of RFC 4648 section 4 in its one spelling; null for any other. */
export function base64(text) {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return null;
  const binary = atob(text);
  return btoa(binary) === text ? Uint8Array.from(binary, character => character.charCodeAt(0)) : null;
}

export const toBase64 = octets => btoa(Array.from(octets, octet => String.fromCharCode(octet)).join(''));

function base64Url(text) {
  if (typeof text !== 'string' || !/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return null;
  return base64(text.replaceAll('-', '+').replaceAll('_', '/') + '='.repeat((4 - text.length % 4) % 4));
}

export function decimal(text) {
  if (!/^(?:0|[1-9]\d{0,19})$/.test(text)) return null;
  const number = BigInt(text);
  return number <= mostLeaves ? number : null;
}

// UTF-8 without control characters but the line feed, and with a line feed at its end.
export function plainText(octets) {
  if (octets.length === 0 || octets[octets.length - 1] !== 10) return null;
  if (octets.some(octet => octet < 0x20 && octet !== 10)) return null;
  if (octets.length >= 3 && octets[0] === 0xef && octets[1] === 0xbb && octets[2] === 0xbf) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets);
  } catch {
    return null;
  }
}

// No Unicode space, no plus, no control character.
export const isKeyName = text => text.length > 0 && !/[\s\u0085\u0000-\u001f\u007f-\u009f+]/u.test(text.replaceAll('\ufeff', 'x'));

/** A signed note over a checkpoint; null where it is none. */
export function readNote(text) {
  const end = text.indexOf('\n\n') + 1;
  if (end === 0 || !text.endsWith('\n')) return null;
  const lines = text.slice(0, end).split('\n');
  if (lines.length !== 4 || lines[3] !== '' || !isKeyName(lines[0])) return null;
  const size = decimal(lines[1]);
  const root = base64(lines[2]);
  if (size === null || root?.length !== 32) return null;
  const signatures = [];
  for (const line of text.slice(end + 1).split('\n').slice(0, -1)) {
    const space = line.indexOf(' ', 2);
    if (signatures.length === 64 || !line.startsWith('\u2014 ') || space < 0 || !isKeyName(line.slice(2, space))) return null;
    const octets = base64(line.slice(space + 1));
    if (!octets || octets.length <= 4) return null;
    signatures.push({ name: line.slice(2, space), keyId: toHex(octets.subarray(0, 4)), signature: octets.subarray(4) });
  }
  if (signatures.length === 0) return null;
  return { origin: lines[0], size, root, signatures, signed: receiptUtf8(text.slice(0, end)) };
}

/** A receipt's parts, or the number of the line that is wrong. */
export function readReceipt(octets) {
  const text = plainText(octets);
  if (text === null) return { wrongLine: 1 };
  const lines = text.split('\n');
  let at = 0;
  const wrong = () => ({ wrongLine: at + 1 });
  if (lines[at] !== 'c2sp.org/tlog-proof@v1') return wrong();
  at++;
  let leaf = new Uint8Array();
  if (lines[at]?.startsWith('extra ')) {
    leaf = base64(lines[at].slice(6));
    if (!leaf || leaf.length === 0) return wrong();
    at++;
  }
  const index = lines[at]?.startsWith('index ') ? decimal(lines[at].slice(6)) : null;
  if (index === null) return wrong();
  at++;
  const hashes = [];
  for (; lines[at] !== ''; at++) {
    const hash = lines[at] === undefined || hashes.length === 64 ? null : base64(lines[at]);
    if (hash?.length !== 32) return wrong();
    hashes.push(hash);
  }
  if (at === lines.length - 1) return wrong();
  at++;
  const note = readNote(lines.slice(at).join('\n'));
  return note ? { leaf, index, hashes, note } : wrong();
}

export const leafHash = leaf => digest(concat(Uint8Array.of(0), leaf));
export const nodeHash = (left, right) => digest(concat(Uint8Array.of(1), left, right));

/** RFC 9162 section 2.1.3.2: the root to which a leaf and its path lead; null where the path cannot be one. */
export async function includedRoot(hash, index, size, hashes) {
  if (index >= size) return null;
  let [place, last, found] = [index, size - 1n, hash];
  for (const sibling of hashes) {
    if (last === 0n) return null;
    if ((place & 1n) === 1n || place === last) {
      found = await nodeHash(sibling, found);
      while ((place & 1n) === 0n && place !== 0n) {
        place >>= 1n;
        last >>= 1n;
      }
    } else {
      found = await nodeHash(found, sibling);
    }
    place >>= 1n;
    last >>= 1n;
  }
  return last === 0n ? found : null;
}

export async function isIncluded(hash, index, size, hashes, root) {
  const found = await includedRoot(hash, index, size, hashes);
  return found !== null && same(found, root);
}

const spkiHead = Uint8Array.of(0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00);
const keyIdOf = async point => toHex((await digest(concat(spkiHead, point))).subarray(0, 4));

// A DER signature in its shortest spelling as r‖s; null for any other.
function fromDer(der) {
  if (der.length < 8 || der[0] !== 0x30 || der[1] !== der.length - 2 || der[1] > 0x7f) return null;
  const out = new Uint8Array(64);
  let at = 2;
  for (let part = 0; part < 2; part++) {
    const size = der[at + 1];
    if (der[at] !== 0x02 || !size || size > 33 || at + 2 + size > der.length) return null;
    let number = der.subarray(at + 2, at + 2 + size);
    if (number[0] & 0x80 || (number[0] === 0 && (size === 1 || !(number[1] & 0x80)))) return null;
    if (number[0] === 0) number = number.subarray(1);
    if (number.length > 32) return null;
    out.set(number, part * 32 + 32 - number.length);
    at += 2 + size;
  }
  return at === der.length ? out : null;
}

async function isSigned(point, octets, der) {
  const signature = fromDer(der);
  return signature !== null && isSignedRaw(point, octets, signature);
}

/** The same of a signature as r‖s. */
export async function isSignedRaw(point, octets, signature) {
  try {
    const key = await crypto.subtle.importKey('raw', point, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);
    return await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, signature, octets);
  } catch {
    return false;
  }
}

/** Whom genesis makes believed: more than two thirds of its validators, each under the chain's origin. Its chain id is the hash of its octets. */
export async function trustOfGenesis(octets) {
  let genesis;
  try {
    genesis = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets));
  } catch {
    return { problem: 'notGenesis' };
  }
  if (genesis?.suite === 'SM2') return { problem: 'suiteSm2' };
  if (genesis?.version !== 1 || genesis.suite !== 'ES256' || typeof genesis.name !== 'string' || !Array.isArray(genesis.validators) || genesis.validators.length === 0) return { problem: 'notGenesis' };
  const chainId = toHex(await digest(octets));
  const origin = `${genesis.name}/${chainId.slice(0, 16)}`;
  const names = new Map((Array.isArray(genesis.parties) ? genesis.parties : []).map(party => [party.id, party.name]));
  const keys = [];
  for (const validator of genesis.validators) {
    const point = base64Url(validator?.nodeKey);
    if (point?.length !== 65) return { problem: 'notGenesis' };
    keys.push({ name: origin, keyId: await keyIdOf(point), kind: 'p256', point, label: `${names.get(validator.bank) ?? ''} ${validator.bank}`.trim() });
  }
  const threshold = Math.floor(2 * keys.length / 3) + 1;
  return { chainId, names, offsetMinutes: genesis.offsetMinutes, logs: keys, quorum: { threshold, members: keys.map(key => ({ key })) }, asks: { threshold, of: keys.length } };
}

// As `ledger export policy` writes it: the last day, in UTC, on which a policy may be used.
const goodUntil = /^# good until (\d{4}-\d{2}-\d{2})$/m;

/** Whom a policy file (C2SP tlog-policy) makes believed, or the number of the line that is wrong. */
export async function trustOfPolicy(text) {
  const until = goodUntil.exec(text)?.[1];
  if (until && new Date().toISOString().slice(0, 10) > until) return { problem: 'policyOld' };
  const logs = [];
  const names = new Map();
  const members = new Set();
  const witnesses = new Set();
  let quorum = null;
  const lines = text.split('\n');
  for (const [place, line] of lines.slice(0, -1).entries()) {
    const wrong = { wrongLine: place + 1 };
    if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(line)) return wrong;
    const words = line.split(/[ \t]+/).filter(Boolean);
    if (words.length === 0 || words[0].startsWith('#')) continue;
    if (words[0] === 'log' && (words.length === 2 || words.length === 3)) {
      const key = await readVKey(words[1]);
      if (!key || logs.some(other => other.publicKey === key.publicKey)) return wrong;
      logs.push(key);
    } else if (words[0] === 'witness' && (words.length === 3 || words.length === 4)) {
      const key = await readVKey(words[2]);
      if (!key || words[1] === 'none' || names.has(words[1]) || witnesses.has(key.publicKey)) return wrong;
      witnesses.add(key.publicKey);
      names.set(words[1], { key });
    } else if (words[0] === 'group' && words.length >= 4) {
      const group = words.slice(3);
      const threshold = words[2] === 'any' ? 1 : words[2] === 'all' ? group.length : /^[1-9]\d{0,5}$/.test(words[2]) ? Number(words[2]) : 0;
      if (words[1] === 'none' || names.has(words[1]) || threshold < 1 || threshold > group.length) return wrong;
      for (const name of group) {
        if (!names.has(name) || members.has(name)) return wrong;
        members.add(name);
      }
      names.set(words[1], { threshold, members: group.map(name => names.get(name)) });
    } else if (words[0] === 'quorum' && words.length === 2 && quorum === null) {
      if (words[1] !== 'none' && !names.has(words[1])) return wrong;
      quorum = words[1] === 'none' ? { threshold: 0, members: [] } : names.get(words[1]);
    } else {
      return wrong;
    }
  }
  if (lines.at(-1) !== '' || logs.length === 0 || quorum === null) return { wrongLine: lines.length + 1 };
  if (logs[0].kind === 'sm2') return { problem: 'suiteSm2' };
  return { logs, quorum, asks: null };
}

async function readVKey(text) {
  const found = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/u.exec(text);
  const encoded = found && base64(found[3]);
  if (!found || !encoded || encoded.length < 2 || !isKeyName(found[1])) return null;
  const kind = { 1: 'ed25519', 2: 'p256', 4: 'ed25519', 255: 'sm2' }[encoded[0]];
  const material = encoded.subarray(1);
  const key = { text, name: found[1], keyId: found[2], kind, label: text.slice(0, found[1].length + 9), publicKey: toHex(kind === 'ed25519' ? material : material.subarray(-65)) };
  if (kind === 'p256') {
    if (material.length !== spkiHead.length + 65 || !same(material.subarray(0, spkiHead.length), spkiHead)) return null;
    key.point = material.subarray(spkiHead.length);
    return await keyIdOf(key.point) === key.keyId ? key : null;
  }
  if (kind === 'ed25519') {
    const expected = toHex((await digest(concat(receiptUtf8(`${found[1]}\n`), encoded))).subarray(0, 4));
    return material.length === 32 && expected === key.keyId ? key : null;
  }
  return kind === 'sm2' && material.length === 6 + 65 ? key : null;
}

export const missing = 0, unknown = 1, good = 2, bad = 3;

async function ask(note, key) {
  let answer = missing;
  for (const line of note.signatures) {
    if (line.keyId !== key.keyId || line.name !== key.name) continue;
    if (key.kind !== 'p256') answer = Math.max(answer, unknown);
    else if (await isSigned(key.point, note.signed, line.signature)) answer = Math.max(answer, good);
    else return bad;
  }
  return answer;
}

function judge(quorum, answers) {
  if (quorum.key) return answers.get(quorum.key);
  const all = quorum.members.map(member => judge(member, answers));
  const [goods, unknowns] = [all.filter(one => one === good).length, all.filter(one => one === unknown).length];
  return goods >= quorum.threshold ? good : goods + unknowns >= quorum.threshold ? unknown : missing;
}

export const judgeNote = (note, trust) => judgeBy(note.origin, trust, key => ask(note, key));

/** The verdict on what is signed, by what it says of each key that is trusted. */
export async function judgeBy(origin, trust, askKey) {
  const answers = new Map();
  const visit = async quorum => {
    if (quorum.key) answers.set(quorum.key, await askKey(quorum.key));
    else for (const member of quorum.members) await visit(member);
  };
  for (const key of trust.logs) answers.set(key, await askKey(key));
  await visit(trust.quorum);
  const signers = [...answers].filter(([, answer]) => answer === good).map(([key]) => key);
  if ([...answers.values()].includes(bad)) return { verdict: 'badSignature', signers: [] };
  const fromLog = Math.max(missing, ...trust.logs.filter(key => key.name === origin).map(key => answers.get(key)));
  const enough = judge(trust.quorum, answers);
  if (fromLog === missing || enough === missing) return { verdict: 'untrusted', signers };
  return { verdict: fromLog === unknown || enough === unknown ? 'cannotBeChecked' : 'verified', signers };
}

/** An entry's leaf as what it says; null for other leaves. */
export function decodeEntry(leaf) {
  if (leaf.length < 6 || leaf[0] !== 2) return null;
  try {
    const jws = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(leaf.subarray(5)));
    const payload = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(base64Url(jws.payload)));
    const headers = jws.signatures.map(part => JSON.parse(new TextDecoder().decode(base64Url(part.protected))));
    return { code: leaf[1] * 256 + leaf[2], operation: leaf[3] * 256 + leaf[4], payload, signers: headers.map(header => header.kid), chain: headers[0]?.chain };
  } catch {
    return null;
  }
}

/**
 * Verifies a receipt. `verdict` is verified, notReceipt, noLeaf, notIncluded, untrusted, badSignature, provesEnvelope, provesHeader, provesOther or
 * cannotBeChecked, and `isTrue` is true, false,
 * or null where it could not be checked.
 */
export async function verifyReceipt(octets, trust) {
  const receipt = readReceipt(octets);
  if (receipt.wrongLine) return { verdict: 'notReceipt', isTrue: false, wrongLine: receipt.wrongLine };
  const { leaf, index, hashes, note } = receipt;
  const told = { origin: note.origin, size: note.size, index, root: toBase64(note.root), steps: hashes.length, octets: leaf.length, lines: note.signatures.length };
  if (leaf.length === 0) return { verdict: 'noLeaf', isTrue: null, ...told };
  if (!await isIncluded(await leafHash(leaf), index, note.size, hashes, note.root)) return { verdict: 'notIncluded', isTrue: false, ...told };
  return foundOf(await judgeNote(note, trust), leaf, told);
}

/** What is said of a leaf whose place was found and whose signatures were judged: a receipt is of an entry and of nothing else. */
export function foundOf(judged, leaf, told) {
  const isEntry = leaf.length > 5 && leaf[0] === 2;
  const verdict = judged.verdict === 'verified' && !isEntry ? { 1: 'provesEnvelope', 3: 'provesHeader' }[leaf[0]] ?? 'provesOther' : judged.verdict;
  const isTrue = verdict === 'verified' ? true : verdict === 'cannotBeChecked' ? null : false;
  return { verdict, isTrue, ...told, signers: judged.signers.map(key => key.label), entry: isTrue ? decodeEntry(leaf) : null, kind: leaf[0] };
}
