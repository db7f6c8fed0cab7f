import { base64, concat, decimal, digest, isIncluded, judgeNote, leafHash, nodeHash, plainText, readNote, readReceipt, receiptUtf8, same, toBase64, toHex } from './receipt.js';

// The rules of state proof files and consistency proof files (docs/FORMATS.md). ES256 chains only, as receipts.
const largestState = 2 * 1024 * 1024;
const mostClaims = 256;
const mostSections = 31;
const mostSteps = 64;
const kinds = { 4: 'document', 5: 'instrument', 6: 'token', 19: 'fingerprint' };

/** Fixed binary front to back; a read past the end yields nothing and spoils the reader. */
function reader(octets) {
  let at = 0;
  let spoiled = false;
  const take = count => {
    spoiled ||= octets.length - at < count;
    if (spoiled) return new Uint8Array(count);
    at += count;
    return octets.subarray(at - count, at);
  };
  const number = count => take(count).reduce((sum, octet) => sum * 256n + BigInt(octet), 0n);
  const text = count => new TextDecoder().decode(take(count));
  return {
    take, number, text,
    u8: () => take(1)[0], u16: () => Number(number(2)), id: () => toBase64(take(16)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, ''),
    party: () => text(take(1)[0]), words: () => text(Number(number(2))),
    isComplete: () => !spoiled && at === octets.length, isGood: () => !spoiled,
  };
}

function readPath(octets) {
  const from = reader(octets);
  const [kind, section, count] = [from.u8(), from.u8(), from.u8()];
  if (count === 0 || count > mostSections || section === 0 || section > count) return null;
  const roots = Array.from({ length: count }, () => from.take(32));
  const stepCount = from.u8();
  if (stepCount > mostSteps) return null;
  const steps = [];
  for (let place = 0; place < stepCount; place++) {
    const [bitmap, siblings] = [from.u16(), from.u8()];
    if (siblings > 16) return null;
    steps.push({ bitmap, siblings: Array.from({ length: siblings }, () => from.take(32)) });
  }
  const end = { 1: () => ({ salt: from.take(32) }), 2: () => ({}), 3: () => ({ path: from.take(32), commitment: from.take(32) }) }[kind]?.();
  return end && from.isComplete() ? { kind, section, roots, steps, ...end } : null;
}

// Of a header what is told and what the claims are held against; null for any other leaf.
function readHeader(leaf) {
  const from = reader(leaf);
  if (from.u8() !== 3 || from.u16() !== 1) return null;
  const chain = from.take(32);
  const [height, time, previous, firstLeaf, entries, skipped] = [from.number(8), from.number(8), from.take(32), from.number(8), from.number(4), from.number(4)];
  const [stateRoot, validators, rules] = [from.take(32), from.take(32), from.take(32)];
  const isZero = octets => octets.every(octet => octet === 0);
  if (!from.isComplete() || time > 253402300799999n || [chain, stateRoot, validators, rules].some(isZero)) return null;
  const isGenesis = height === 0n;
  if (isGenesis !== isZero(previous) || isGenesis !== (firstLeaf === 0n) || (isGenesis && (entries !== 0n || skipped !== 0n))) return null;
  return { height, time: Number(time), stateRoot };
}

const compare = (one, other) => {
  if (one.section !== other.section) return one.section - other.section;
  for (let place = 0; place < Math.min(one.key.length, other.key.length); place++) if (one.key[place] !== other.key[place]) return one.key[place] - other.key[place];
  return one.key.length - other.key.length;
};

/** A state proof's parts, or the number of what is wrong and its line. */
export function readState(octets) {
  const no = (number, wrongLine = 0) => ({ number, wrongLine });
  if (octets.length > largestState) return no(1);
  const text = plainText(octets);
  if (text === null) return no(2);
  const lines = text.split('\n');
  if (lines[0] !== 'ledger-state-proof/1') return no(3, 1);
  const claims = [];
  let at = 1;
  for (; at < lines.length - 1 && lines[at] !== ''; at++) {
    if (claims.length === mostClaims) return no(5, at + 1);
    const words = lines[at].split(' ');
    const isRecord = words[0] === 'record' && words.length === 5;
    const section = words.length > 1 ? decimal(words[1]) : null;
    if ((!isRecord && !(words[0] === 'absent' && words.length === 4)) || section === null || section < 1n || section > BigInt(mostSections)) return no(4, at + 1);
    const [key, value, encoded] = [base64(words[2]), isRecord ? base64(words[3]) : undefined, base64(words.at(-1))];
    if (!key || value === null || !encoded) return no(4, at + 1);
    const path = readPath(encoded);
    if (path?.section !== Number(section)) return no(7, at + 1);
    const claim = { section: Number(section), key, value, path };
    if (claims.length > 0 && compare(claims.at(-1), claim) >= 0) return no(6, at + 1);
    claims.push(claim);
  }
  if (claims.length === 0) return no(5, at + 1);
  const receipt = readReceipt(receiptUtf8(lines.slice(at + 1).join('\n')));
  if (receipt.wrongLine) return no(8, at + 2);
  const header = readHeader(receipt.leaf);
  return header ? { claims, receipt, header } : no(9, at + 2);
}

const nibble = (path, depth) => depth % 2 === 0 ? path[depth >> 1] >> 4 : path[depth >> 1] & 15;
const bits = bitmap => bitmap.toString(2).replaceAll('0', '').length;
const hash = (tag, ...parts) => digest(concat(Uint8Array.of(tag), ...parts));

// The root of its section to which a claim's path leads; null where it leads nowhere.
async function rootOfClaim({ section, key, value, path: { kind, steps, ...end } }) {
  const path = await hash(0x14, Uint8Array.of(section), key);
  let found = null;
  if (value !== undefined) {
    if (kind !== 1) return null;
    found = await hash(0x10, path, await hash(0x18, end.salt, value));
  } else if (kind === 3) {
    if (same(end.path, path) || steps.some((_, depth) => nibble(end.path, depth) !== nibble(path, depth))) return null;
    found = await hash(0x10, end.path, end.commitment);
  } else if (kind !== 2) {
    return null;
  }
  for (let depth = steps.length - 1; depth >= 0; depth--) {
    const { bitmap, siblings } = steps[depth];
    const place = nibble(path, depth);
    const isThere = (bitmap >> place & 1) === 1;
    if (isThere !== (found !== null) || siblings.length !== bits(bitmap) - (isThere ? 1 : 0)) return null;
    const rank = bits(bitmap & ((1 << place) - 1));
    const children = found ? [...siblings.slice(0, rank), found, ...siblings.slice(rank)] : siblings;
    found = await hash(0x11, Uint8Array.of(bitmap >> 8, bitmap & 255), ...children);
  }
  return found ?? hash(0x12);
}

// What does not agree with the header's state; null where all of it does.
async function disagreement(claim, stateRoot) {
  const [named, found] = [claim.path.roots[claim.section - 1], await rootOfClaim(claim)];
  if (!found || !same(found, named)) return { section: claim.section, expected: toHex(named), found: found && toHex(found) };
  const root = await hash(0x13, Uint8Array.of(claim.path.roots.length), ...claim.path.roots);
  return same(root, stateRoot) ? null : { section: claim.section, expected: toHex(stateRoot), found: toHex(root) };
}

/** A claim as what it says: what kind of thing, under which name, and of what is there some figures. */
export function decodeClaim({ section, key, value }) {
  const kind = kinds[section] ?? 'other';
  const name = reader(key);
  const told = { kind, isThere: value !== undefined };
  if (kind === 'other') return { ...told, name: `${section} ${toHex(key)}` };
  if (kind === 'fingerprint') return { ...told, name: `${name.words()}/${name.number(4)}/${toHex(name.take(32))}`, document: value && reader(value).id() };
  told.name = name.id();
  if (kind === 'token') told.first = name.number(8);
  if (value === undefined) return told;
  const from = reader(value);
  if (kind === 'token') return { ...told, last: from.number(8), holder: from.party(), state: from.u8() };
  if (kind === 'instrument') {
    from.u8();
    return { ...told, status: from.u8(), obligor: from.party(), creditor: from.party(), currency: from.text(3), face: from.number(8) };
  }
  from.u8();
  Object.assign(told, { seller: from.party(), buyer: from.party(), currency: from.text(3), total: from.number(8) });
  from.take(4 + 32);
  for (let list = 0; list < 2; list++) {
    for (let more = from.u16(); more > 0 && from.isGood(); more--) {
      from.words();
      from.take(4 + 32);
    }
  }
  from.take(16 * from.u16());
  from.party();
  from.party();
  from.take(8 + 8);
  return { ...told, reserved: from.number(8), used: from.number(8) };
}

/** Verifies a state proof. `verdict` is verified, notState, notIncluded, untrusted, badSignature, stateDiffers or cannotBeChecked. */
export async function verifyState(octets, trust) {
  const proof = readState(octets);
  if (proof.number) return { verdict: 'notState', isTrue: false, ...proof };
  const { claims, receipt: { leaf, index, hashes, note }, header } = proof;
  const told = { origin: note.origin, size: note.size, index, root: toBase64(note.root), steps: hashes.length, lines: note.signatures.length, height: header.height, time: header.time, count: claims.length };
  if (!await isIncluded(await leafHash(leaf), index, note.size, hashes, note.root)) return { verdict: 'headerNotIncluded', isTrue: false, ...told };
  const judged = await judgeNote(note, trust);
  const signers = judged.signers.map(key => key.label);
  if (judged.verdict !== 'verified') return { verdict: judged.verdict, isTrue: judged.verdict === 'cannotBeChecked' ? null : false, ...told, signers };
  for (const claim of claims) {
    const no = await disagreement(claim, header.stateRoot);
    if (no) return { verdict: 'stateDiffers', isTrue: false, ...told, ...no };
  }
  return { verdict: 'verified', isTrue: true, ...told, signers, claims: claims.map(decodeClaim) };
}

/** A consistency proof file's parts; null where it is none. */
export function readConsistency(octets) {
  const text = plainText(octets);
  const end = text?.indexOf('\n\n') ?? -1;
  if (end < 0) return null;
  const lines = text.slice(0, end).split('\n');
  const old = lines[0].startsWith('old ') ? decimal(lines[0].slice(4)) : null;
  const hashes = lines.slice(1).map(base64);
  const note = readNote(text.slice(end + 2));
  return old !== null && hashes.length <= 63 && hashes.every(one => one?.length === 32) && note ? { old, hashes, note } : null;
}

/** The signed checkpoint that a file is, or has; null where it has none. */
export function noteOf(octets) {
  const text = plainText(octets);
  return (text && readNote(text)) ?? readReceipt(octets).note ?? readConsistency(octets)?.note ?? readState(octets).receipt?.note ?? null;
}

// RFC 9162 section 2.1.4.2: the roots of both trees; null where the proof is too long or too short.
async function consistentRoots(old, now, hashes, oldRoot) {
  if (old === 0n || old > now) return null;
  if (old === now) return hashes.length === 0 ? [oldRoot, oldRoot] : null;
  if (hashes.length === 0) return null;
  let [place, last] = [old - 1n, now - 1n];
  while ((place & 1n) === 1n) [place, last] = [place >> 1n, last >> 1n];
  const isComplete = (old & (old - 1n)) === 0n;
  let first = isComplete ? oldRoot : hashes[0];
  let second = first;
  for (const sibling of isComplete ? hashes : hashes.slice(1)) {
    if (last === 0n) return null;
    if ((place & 1n) === 1n || place === last) {
      [first, second] = [await nodeHash(sibling, first), await nodeHash(sibling, second)];
      while ((place & 1n) === 0n && place !== 0n) [place, last] = [place >> 1n, last >> 1n];
    } else {
      second = await nodeHash(second, sibling);
    }
    [place, last] = [place >> 1n, last >> 1n];
  }
  return last === 0n ? [first, second] : null;
}

/**
 * Verifies that the history under a consistency proof's checkpoint begins with that of an older one, which a file is or has. `verdict` is verified, notConsistency, noOlder, untrusted, badSignature, cannotBeChecked,
 * otherOrigin, olderIsLonger, twoHistories, otherProof or rootsDiffer.
 */
export async function verifyConsistency(octets, older, trust) {
  const proof = readConsistency(octets);
  if (!proof) return { verdict: 'notConsistency', isTrue: false };
  const note = noteOf(older);
  if (!note) return { verdict: 'noOlder', isTrue: false };
  const told = { origin: proof.note.origin, size: proof.note.size, root: toBase64(proof.note.root), olderSize: note.size, olderRoot: toBase64(note.root), steps: proof.hashes.length };
  const signers = [];
  for (const one of [note, proof.note]) {
    const judged = await judgeNote(one, trust);
    if (judged.verdict !== 'verified') return { verdict: judged.verdict, isTrue: judged.verdict === 'cannotBeChecked' ? null : false, ...told };
    signers.push(...judged.signers.map(key => key.label));
  }
  const no = verdict => ({ verdict, isTrue: false, ...told });
  if (note.origin !== proof.note.origin) return no('otherOrigin');
  if (note.size > proof.note.size) return no('olderIsLonger');
  if (note.size === proof.note.size && !same(note.root, proof.note.root)) return no('twoHistories');
  if (proof.old !== note.size) return no('otherProof');
  const roots = await consistentRoots(note.size, proof.note.size, proof.hashes, note.root);
  if (!roots || !same(roots[0], note.root) || !same(roots[1], proof.note.root)) return no('rootsDiffer');
  return { verdict: 'verified', isTrue: true, ...told, signers: [...new Set(signers)] };
}
