// Signers, histories, sizes and faults as they come: what is honest is taken, what is not is refused by its name, and no history is rewritten.
// Each case is one question to the chain with a state made for it, so nothing is opened before. LEDGER_THOROUGH=1 asks more, LEDGER_CHANCE=N other ones.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { concat, keccak256, toBeHex } from 'ethers';
import { History } from './history.mjs';
import { Chain, Chance, Ledger, hashOf, keysOf, put, quorumOf, suites } from './world.mjs';

const cases = process.env.LEDGER_THOROUGH === '1' ? 600 : 60;
const origin = 'bank-consortium.example/9414886b1ebf025d';
const contracts = {};
let chain;

before(async () => {
  chain = await Chain.start();
  for (const name of ['Anchor', 'RecoveringAnchor']) contracts[name] = await chain.deploy(name);
});
after(() => chain.stop());

const slot = (...words) => keccak256(concat(words.map(word => toBeHex(word, 32))));

/** The name of the refusal, or 'taken': of a call to a ledger whose newest anchor is of `size` leaves under `root`. */
async function ask(ledger, size, root, name, ...given) {
  const keysAt = '0x00000000000000000000000000000000000a0001';
  const at = slot(ledger.id, 0);
  const state = {
    [ledger.contract.target]: { stateDiff: {
      [at]: toBeHex(BigInt(size) | 1n << 64n | BigInt(keysAt) << 96n, 32),
      [toBeHex(BigInt(at) + 1n, 32)]: size === 0 ? toBeHex(0, 32) : `0x${root.toString('hex')}`,
      [slot(1, slot(ledger.id, 1))]: toBeHex(keysAt, 32),
    } },
    [keysAt]: { code: concat([Uint8Array.of(0, ledger.signers.length), keysOf(ledger.signers), Buffer.from(origin)]) },
  };
  const data = ledger.contract.interface.encodeFunctionData(name, given);
  try {
    await chain.provider.send('eth_call', [{ to: ledger.contract.target, data }, 'latest', state]);
    return 'taken';
  } catch (refusal) {
    return ledger.contract.interface.parseError(refusal.data).name;
  }
}

function flip(octets, chance) {
  const other = Buffer.from(octets);
  other[chance.below(other.length)] ^= 1 << chance.below(8);
  return other;
}

async function one(seed) {
  const chance = new Chance(seed);
  const suite = chance.below(4) === 0 ? 'RecoveringAnchor' : 'Anchor';
  const n = 1 + chance.below(10);
  const signers = suites[suite].make(n, seed);
  const ledger = Object.assign(new Ledger(), { chain, contract: contracts[suite], suite: suites[suite], origin, signers, id: hashOf(signers, origin) });

  const size = 2 + chance.below(2 ** (2 + chance.below(48)));
  const from = 1 + chance.below(size - 1);
  const honest = new History([[0, `${seed}`], ...[from - 1, from, size - 1].filter(at => at > 0 && chance.below(2) === 0).map(at => [at, `${seed} ${at}`])]);
  // Another history that leaves the first at some leaf, and comes back to it behind that.
  const turn = chance.below(size);
  const other = new History([[0, `${seed}`], ...(turn > 0 ? [[turn, 'turned']] : [[0, 'turned']])]);
  const same = new History([[0, `${seed}`]]);

  const places = Array.from({ length: n }, (_, place) => place).sort(() => chance.below(3) - 1).slice(0, quorumOf(n) + chance.below(n - quorumOf(n) + 1)).sort((left, right) => left - right);
  const step = ledger.step(honest, from, size, places);
  const [proof, bits, signatures] = [step[4], step[5], step[6]];
  const anchor = (...given) => ask(ledger, from, honest.root(from), 'anchor', ...given);
  const expect = async (answer, is) => assert.equal(await answer, is, `LEDGER_CHANCE seed ${seed}: ${suite}, ${n} signers, ${from} to ${size}`);

  await expect(anchor(...step), 'taken');
  await expect(anchor(...put(step, 6, flip(signatures, chance))), 'SignatureIsFalse');
  await expect(anchor(...put(step, 3, flip(honest.root(size), chance))), 'SignatureIsFalse');
  await expect(anchor(...put(step, 2, size + 1 + chance.below(1000))), 'SignatureIsFalse');
  const at = chance.below(proof.length);
  const wrong = [put(proof, at, flip(proof[at], chance)), proof.filter((_, i) => i !== at), [...proof.slice(0, at), chance.octets(), ...proof.slice(at)]][chance.below(3)];
  await expect(anchor(...put(step, 4, wrong)), 'ProofIsFalse');
  const few = places.slice(0, quorumOf(n) - 1);
  await expect(anchor(...step.slice(0, 5), ...ledger.note(size, honest.root(size), few)), 'QuorumIsShort');
  await expect(ask(ledger, from, honest.root(from), 'anchor', ...put(step, 1, from - 1)), 'FromIsNotAnchored');
  await expect(ask(ledger, size, honest.root(size), 'anchor', ...step), 'SizeIsNotNewer');

  // Two histories part where the other turns: before what is anchored nobody gets by, and a fork shows; behind it both are lawful.
  const parted = turn < from;
  const rewritten = ledger.step(other, from, size, places);
  await expect(ask(ledger, from, same.root(from), 'anchor', ...rewritten), parted ? 'ProofIsFalse' : 'taken');
  const notes = [[same, from], [other, size]].map(([history, of]) => ledger.evidence(1, of, history.root(of), places));
  const evidence = [ledger.id, ...notes, other.root(from), other.consistency(from, size)];
  await expect(ask(ledger, 0, undefined, 'showFork', ...evidence), parted ? 'taken' : 'NotesAgree');
  await expect(ask(ledger, 0, undefined, 'showFork', ...put(evidence, 3, flip(other.root(from), chance))), 'ProofIsFalse');

  const index = chance.below(size);
  const path = honest.inclusion(index, size);
  const { contract } = ledger;
  assert.equal(await contract.isIncluded(honest.leaf(index), index, size, honest.root(size), path), true);
  assert.equal(await contract.isIncluded(flip(honest.leaf(index), chance), index, size, honest.root(size), path), false);
}

test('Whatever comes, the honest is taken and the rest refused by name', async () => {
  const begin = process.env.LEDGER_CHANCE ?? 'anchor';
  for (let first = 0; first < cases; first += 50)
    await Promise.all(Array.from({ length: Math.min(50, cases - first) }, (_, at) => one(`${begin} ${first + at}`)));
});
