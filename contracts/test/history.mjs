// RFC 9162's tree by its definition, section 2.1.1 to 2.1.4: recursive, where the contract goes by steps, so that they agree by no common mistake.
import { createHash } from 'node:crypto';

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const parent = (left, right) => sha256(Uint8Array.of(1), left, right);

export const leaf = name => sha256(Uint8Array.of(0), name);

// The largest power of two below n.
function split(n) {
  let k = 1;
  while (2 * k < n) k *= 2;
  return k;
}

/** A history in runs of one leaf each, so that one of 10^9 leaves and more fits into memory: [[first index, leaf's octets], …], ascending from 0. */
export class History {
  #runs;
  #roots = new Map();

  constructor(runs) {
    this.#runs = runs.map(([from, name]) => [from, leaf(name)]);
  }

  leaf(index) {
    return this.#runs.findLast(([from]) => from <= index)[1];
  }

  root(size) {
    return this.#hash(0, size);
  }

  /** PATH(index, D[size]), section 2.1.3.1. */
  inclusion(index, size) {
    const path = (at, from, to) => {
      if (to - from === 1) return [];
      const middle = from + split(to - from);
      return at < middle ? [...path(at, from, middle), this.#hash(middle, to)] : [...path(at, middle, to), this.#hash(from, middle)];
    };
    return path(index, 0, size);
  }

  /** PROOF(prefix, D[size]), section 2.1.4.1. */
  consistency(prefix, size) {
    const subproof = (m, from, to, whole) => {
      if (m === to - from) return whole ? [] : [this.#hash(from, to)];
      const k = split(to - from);
      return m <= k
        ? [...subproof(m, from, from + k, whole), this.#hash(from + k, to)]
        : [...subproof(m - k, from + k, to, false), this.#hash(from, from + k)];
    };
    return subproof(prefix, 0, size, true);
  }

  #hash(from, to) {
    const run = this.#runs.findLastIndex(([start]) => start <= from);
    const uniform = run === this.#runs.length - 1 || this.#runs[run + 1][0] >= to;
    const key = uniform ? `${run} ${to - from}` : `${from}-${to}`;
    if (!this.#roots.has(key)) {
      const middle = from + split(to - from);
      this.#roots.set(key, to - from === 1 ? this.leaf(from) : parent(this.#hash(from, middle), this.#hash(middle, to)));
    }
    return this.#roots.get(key);
  }
}
