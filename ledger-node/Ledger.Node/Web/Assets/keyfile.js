// Opens a key file (docs/FORMATS.md, Key files) with WebCrypto. What comes out can sign and cannot be exported.
import { fromBase64Url, toBase64Url, utf8 } from './octets.js';

export class KeyFileError extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };

function decoded(encoded, size) {
  const octets = fromBase64Url(encoded);
  if (!octets || octets.length !== size) throw new KeyFileError('notKeyFile');
  return octets;
}

function exactly(value, names) {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw new KeyFileError('notKeyFile');
  if (Object.keys(value).sort().join() !== [...names].sort().join()) throw new KeyFileError('notKeyFile');
}

/** The key's id and the key that signs with it. Throws a KeyFileError that says which of the few things is wrong. */
export async function openKeyFile(json, password) {
  let file;
  try {
    file = JSON.parse(json);
  } catch {
    throw new KeyFileError('notKeyFile');
  }
  exactly(file, ['version', 'suite', 'key', 'publicKey', 'kdf', 'cipher']);
  exactly(file.kdf, ['name', 'iterations', 'salt']);
  exactly(file.cipher, ['name', 'nonce', 'tag', 'ciphertext']);
  if (file.version !== 1 || file.kdf.name !== 'PBKDF2-SHA256' || file.cipher.name !== 'AES-256-GCM') throw new KeyFileError('notKeyFile');
  if (!Number.isInteger(file.kdf.iterations) || file.kdf.iterations < 100000 || file.kdf.iterations > 10000000) throw new KeyFileError('notKeyFile');
  if (file.suite === 'SM2') throw new KeyFileError('suiteSm2');
  if (file.suite !== 'ES256') throw new KeyFileError('notSigningKey');
  if (!/^[0-9A-Z]{18}(?:[0-9A-Z]{2})?#[1-9]\d{0,8}$/.test(file.key)) throw new KeyFileError('notPartyKey');

  const point = decoded(file.publicKey, 65);
  const salt = decoded(file.kdf.salt, 16);
  const nonce = decoded(file.cipher.nonce, 12);
  const sealed = new Uint8Array([...decoded(file.cipher.ciphertext, 32), ...decoded(file.cipher.tag, 16)]);
  const bound = utf8(['1', file.suite, file.key, file.publicKey, file.kdf.name, file.kdf.iterations, file.kdf.salt, file.cipher.name, file.cipher.nonce].join('\n') + '\n');

  const secret = await crypto.subtle.importKey('raw', utf8(password), 'PBKDF2', false, ['deriveKey']);
  const cipherKey = await crypto.subtle.deriveKey(
    { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: file.kdf.iterations }, secret, { name: 'AES-GCM', length: 256 }, false, ['decrypt']);
  let scalar;
  try {
    scalar = new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: nonce, additionalData: bound, tagLength: 128 }, cipherKey, sealed));
  } catch {
    throw new KeyFileError('wrongPassword');
  }

  try {
    const [x, y] = [toBase64Url(point.subarray(1, 33)), toBase64Url(point.subarray(33))];
    const key = await crypto.subtle.importKey('jwk', { kty: 'EC', crv: 'P-256', x, y, d: toBase64Url(scalar) }, algorithm, false, ['sign']);
    const open = await crypto.subtle.importKey('raw', point, algorithm, false, ['verify']);
    const probe = utf8('ledger-key-probe\n');
    const isPair = await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, open, await sign(key, probe), probe);
    if (!isPair) throw new KeyFileError('notThisKey');
    return { kid: file.key, key };
  } catch {
    throw new KeyFileError('notThisKey');
  } finally {
    scalar.fill(0);
  }
}

/** r‖s, 64 octets: the signature of a transaction and of a pass. */
export const sign = async (key, octets) => new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key, octets));
