// Octets and their spellings: the same strictness as the ledger's, so that what is read here is read there.

export const utf8 = text => new TextEncoder().encode(text);
export const text = octets => new TextDecoder('utf-8', { fatal: true }).decode(octets);
export const hex = octets => Array.from(octets, octet => octet.toString(16).padStart(2, '0')).join('');

export function toBase64Url(octets) {
  let binary = '';
  for (const octet of octets) binary += String.fromCharCode(octet);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** Null for anything but the one spelling. */
export function fromBase64Url(encoded) {
  if (typeof encoded !== 'string' || !/^[A-Za-z0-9_-]*$/.test(encoded) || encoded.length % 4 === 1) return null;
  const binary = atob(encoded.replaceAll('-', '+').replaceAll('_', '/') + '='.repeat((4 - encoded.length % 4) % 4));
  const octets = Uint8Array.from(binary, character => character.charCodeAt(0));
  return toBase64Url(octets) === encoded ? octets : null;
}

/** A UUID of version 7 (RFC 9562) made at `time`, in milliseconds of Unix time. */
export const newId = time => {
  const octets = crypto.getRandomValues(new Uint8Array(16));
  for (let i = 0; i < 6; i++) octets[i] = Math.floor(time / 2 ** (8 * (5 - i))) % 256;
  octets[6] = 0x70 | (octets[6] & 0x0f);
  octets[8] = 0x80 | (octets[8] & 0x3f);
  return toBase64Url(octets);
};

export const sha256 = async octets => new Uint8Array(await crypto.subtle.digest('SHA-256', octets));
