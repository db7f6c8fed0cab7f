// Finishes what our banks evaluated, and evaluates what we blinded, with a library that knows nothing of us. In and out: JSON, octets in hexadecimal.
import { readFileSync } from 'node:fs';
import { p256_oprf } from '@noble/curves/nist.js';

const { voprf } = p256_oprf;
const octets = hex => Uint8Array.from(Buffer.from(hex, 'hex'));
const hex = some => Buffer.from(some).toString('hex');
const { finish, evaluate } = JSON.parse(readFileSync(0, 'utf8'));

console.log(JSON.stringify({
  finished: finish.map(({ publicKey, items, proof }) => {
    try {
      return voprf.finalizeBatch(items.map(item => Object.fromEntries(Object.entries(item).map(([name, value]) => [name, octets(value)]))), octets(publicKey), octets(proof)).map(hex);
    } catch {
      return null;
    }
  }),
  evaluated: evaluate.map(({ secretKey, publicKey, blinded }) => {
    const { evaluated, proof } = voprf.blindEvaluateBatch(octets(secretKey), octets(publicKey), blinded.map(octets));
    return { evaluated: evaluated.map(hex), proof: hex(proof) };
  }),
}));
