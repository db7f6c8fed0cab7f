// What an anchor takes and what it refuses, on a chain of its own, under each curve.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { History } from './history.mjs';
import { Chain, Ledger, artifact, checkpoint, hashOf, keysOf, put, quorumOf, refused, repository, suites } from './world.mjs';

const history = new History([[0, 'leaf'], [40, 'other'], [900, 'last']]);
const fork = new History([[0, 'leaf'], [39, 'other'], [900, 'last']]);
let chain;

before(async () => { chain = await Chain.start(); });
after(() => chain.stop());

// Octets with one bit turned.
const flipped = (octets, at = 0) => Buffer.from(octets).map((octet, index) => index === at ? octet ^ 1 : octet);

for (const name of ['Anchor', 'RecoveringAnchor']) describe(name, () => {
  const suite = suites[name];
  let contract;
  before(async () => { contract = await chain.deploy(name); });

  const opened = (seed, n = 4) => Ledger.open(chain, contract, suite, n, { seed: `${name} ${seed}` });
  const anchored = async (seed, size, n) => {
    const ledger = await opened(seed, n);
    await chain.call(contract, 'anchor', ...ledger.step(history, 0, size));
    return ledger;
  };

  test("The code on the chain is the artifact's, octet for octet, and takes no money", async () => {
    assert.equal(await chain.provider.getCode(contract.target), artifact(name).deployedBytecode);
    const ledger = await opened('money');
    const data = contract.interface.encodeFunctionData('anchor', ledger.step(history, 0, 7));
    assert.equal((await chain.send({ to: contract.target, data, value: '0x1' })).status, '0x0');
    assert.equal((await chain.send({ to: contract.target, value: '0x1' })).status, '0x0');
  });

  test('The code hands control to no other code and cannot end itself', () => {
    const code = Buffer.from(artifact(name).deployedBytecode.slice(2), 'hex');
    const found = new Set();
    for (let at = 0; at < code.length; at++) {
      found.add(code[at]);
      // What PUSH1 to PUSH32 push is no instruction.
      if (code[at] >= 0x60 && code[at] <= 0x7f) at += code[at] - 0x5f;
    }
    // CALL, CALLCODE, DELEGATECALL, CREATE2, SELFDESTRUCT; CREATE and STATICCALL it has.
    for (const instruction of [0xf1, 0xf2, 0xf4, 0xf5, 0xff]) assert.equal(found.has(instruction), false, instruction.toString(16));
    for (const instruction of [0xf0, 0xfa]) assert.equal(found.has(instruction), true, instruction.toString(16));
  });

  test("A ledger's id is the hash of its first set and its name, and of what is stored as its set", async () => {
    const ledger = await opened('id');
    const [event] = ledger.opening.events;
    assert.deepEqual([event.name, event.args.id, event.args.origin], ['Opened', ledger.id, ledger.origin]);

    const code = await chain.provider.getCode(event.args.keysAt);
    assert.equal(code, `0x00${Buffer.from([4]).toString('hex')}${keysOf(ledger.signers).toString('hex')}${Buffer.from(ledger.origin).toString('hex')}`);
    assert.equal(await contract.sets(ledger.id, 1), event.args.keysAt);
    assert.deepEqual([...await contract.ledgers(ledger.id)], [0n, 1n, false, event.args.keysAt, `0x${'00'.repeat(32)}`]);
  });

  test('Checkpoints follow one another, and the log says from which size each went on', async () => {
    const ledger = await opened('follow');
    let from = 0;
    for (const size of [1, 2, 3, 8, 21, 64, 1000]) {
      const { events: [event] } = await chain.call(contract, 'anchor', ...ledger.step(history, from, size));
      const root = `0x${history.root(size).toString('hex')}`;
      assert.deepEqual([event.name, ...event.args], ['Anchored', ledger.id, BigInt(size), root, BigInt(from), 1n, 7n]);
      const { size: newest, root: held } = await contract.ledgers(ledger.id);
      assert.deepEqual([newest, held], [BigInt(size), root]);
      from = size;
    }
  });

  test('Any quorum will do, and all may sign', async () => {
    const ledger = await opened('any', 7);
    let from = 0;
    for (const places of [[0, 1, 2, 3, 4], [2, 3, 4, 5, 6], [0, 2, 3, 5, 6], [0, 1, 2, 3, 4, 5, 6]]) {
      await chain.call(contract, 'anchor', ...ledger.step(history, from, from + 5, places));
      from += 5;
    }
    await refused(contract.anchor.staticCall(...ledger.step(history, from, from + 5, [0, 2, 3, 6])), 'QuorumIsShort', 4, 5);
  });

  test('Every number of banks has its quorum', async () => {
    for (const n of [1, 2, 3, 4, 5, 6, 7, 10, 64]) {
      const ledger = await opened('sizes', n);
      const quorum = quorumOf(n);
      await chain.call(contract, 'anchor', ...ledger.step(history, 0, 5));
      await refused(contract.anchor.staticCall(...ledger.step(history, 5, 6, Array.from({ length: quorum - 1 }, (_, index) => index))), 'QuorumIsShort', quorum - 1, quorum);
    }
  });

  test('What is older, or as long, or goes on from elsewhere is told apart before a signature is looked at', async () => {
    const ledger = await anchored('older', 100);
    const nothing = [history.root(100), [], 0, '0x'];
    await refused(contract.anchor.staticCall(ledger.id, 100, 100, ...nothing), 'SizeIsNotNewer', 100, 100);
    await refused(contract.anchor.staticCall(ledger.id, 0, 99, ...nothing), 'SizeIsNotNewer', 99, 100);
    await refused(contract.anchor.staticCall(ledger.id, 99, 101, ...nothing), 'FromIsNotAnchored', 99, 100);
    await refused(contract.anchor.staticCall(ledger.id, 0, 101, ...nothing), 'FromIsNotAnchored', 0, 100);
    await refused(contract.anchor.staticCall(hashOf(ledger.signers, 'a/0123456789abcdef'), 0, 101, ...nothing), 'LedgerIsNotOpen');
  });

  test('A rewritten history is not anchored, though a quorum signs it', async () => {
    const ledger = await anchored('rewritten', 50);
    await refused(contract.anchor.staticCall(...ledger.step(fork, 50, 100)), 'ProofIsFalse');
    await chain.call(contract, 'anchor', ...ledger.step(history, 50, 100));
  });

  test('A proof is wrong with one bit turned anywhere, and longer, and shorter', async () => {
    for (const [from, size] of [[1, 2], [3, 7], [4, 7], [6, 8], [8, 13], [37, 100]]) {
      const ledger = await anchored(`proof ${from} ${size}`, from);
      const step = ledger.step(history, from, size);
      const proof = step[4];
      const wrong = proof.flatMap((hash, at) => [0, 15, 31].map(octet => put(proof, at, flipped(hash, octet))));
      wrong.push([...proof, proof[0]], [proof[0], ...proof], [...proof, Buffer.alloc(32)], proof.slice(1), proof.slice(0, -1), []);
      for (const other of wrong) await refused(contract.anchor.staticCall(...put(step, 4, other)), 'ProofIsFalse');
      await chain.call(contract, 'anchor', ...step);
    }
  });

  test('Before the first anchor there is nothing to prove, and a proof is refused', async () => {
    const ledger = await opened('first');
    await refused(contract.anchor.staticCall(...put(ledger.step(history, 0, 7), 4, [history.root(7)])), 'ProofIsFalse');
  });

  test("A signature must be the bank's own, whole, over this origin, size and root", async () => {
    const ledger = await opened('own');
    const step = ledger.step(history, 0, 7);
    const [bits, signatures] = step.slice(5);
    const take = (...given) => contract.anchor.staticCall(...step.slice(0, 5), ...given);
    const each = [0, 1, 2].map(at => signatures.subarray(64 * at, 64 * at + 64));

    for (const at of [0, 1, 2]) for (const octet of [1, 33, 63]) await refused(take(bits, flipped(signatures, 64 * at + octet)), 'SignatureIsFalse', at);
    await refused(take(bits, Buffer.concat([each[0], each[0], each[2]])), 'SignatureIsFalse', 1);
    await refused(take(bits, Buffer.concat([each[1], each[0], each[2]])), 'SignatureIsFalse', 0);
    await refused(take(0b1011, signatures), 'SignatureIsFalse', 3);
    await refused(take(bits, Buffer.alloc(192)), 'SignatureIsFalse', 0);
    await refused(take(0b0011, signatures.subarray(0, 128)), 'QuorumIsShort', 2, 3);
    await refused(take(0b0111, signatures.subarray(0, 128)), 'SignaturesDoNotFit', 128, 192);
    await refused(take(bits, signatures.subarray(0, 191)), 'SignaturesDoNotFit', 191, 192);
    await refused(take(bits, Buffer.concat([signatures, each[0]])), 'SignaturesDoNotFit', 256, 192);
    await refused(take(0b10011, signatures), 'SignerIsOutsideTheSet', 19, 4);
    await refused(take(1n << 63n | 3n, signatures), 'SignerIsOutsideTheSet', 1n << 63n | 3n, 4);

    for (const text of [checkpoint('bank-consortium.example/9414886b1ebf025e', 7, history.root(7)), checkpoint(ledger.origin, 8, history.root(7)),
      checkpoint(ledger.origin, 7, history.root(8)), checkpoint(ledger.origin, '07', history.root(7)), `${checkpoint(ledger.origin, 7, history.root(7))}\n`])
      await refused(take(...ledger.sign(text)), 'SignatureIsFalse', 0);

    const strangers = suite.make(4, 'strangers');
    await refused(take(...ledger.note(7, history.root(7), undefined, strangers)), 'SignatureIsFalse', 0);
    assert.equal(await take(bits, signatures).then(() => true), true);
  });

  test('The largest size and the smallest are spelt right', async () => {
    for (const size of [1n, 9n, 10n, 99n, 12345678901234567890n, (1n << 64n) - 1n]) {
      const ledger = await opened(`spelt ${size}`);
      for (const root of [Buffer.alloc(32), Buffer.alloc(32, 255), history.root(Number(size % 1000n) + 1)])
        await contract.anchor.staticCall(ledger.id, 0, size, root, [], ...ledger.note(size, root));
    }
  });

  test("A set takes the place of the one before by a quorum's word, and the one before is heard no more", async () => {
    const ledger = await anchored('rotation', 20);
    const former = ledger.signers;
    const next = suite.make(7, `${name} next`);
    const { events: [event] } = await chain.call(contract, 'rotate', ledger.id, keysOf(next), ...ledger.sign(ledger.rotation(2, next)));
    assert.deepEqual([event.name, event.args.id, event.args.set, event.args.signers], ['Rotated', ledger.id, 2n, 7n]);
    assert.equal(await contract.sets(ledger.id, 2), event.args.keysAt);
    assert.equal(`0x00${(await chain.provider.getCode(event.args.keysAt)).slice(4)}`, `0x0007${keysOf(next).toString('hex')}${Buffer.from(ledger.origin).toString('hex')}`);

    const step = ledger.step(history, 20, 30);
    await refused(contract.anchor.staticCall(...step), 'QuorumIsShort', 3, 5);
    ledger.signers = next;
    await refused(contract.anchor.staticCall(...step.slice(0, 5), ...ledger.note(30, history.root(30), [0, 1, 2, 3, 4], [...former, ...former])), 'SignatureIsFalse', 0);
    const { events: [anchor] } = await chain.call(contract, 'anchor', ...ledger.step(history, 20, 30));
    assert.equal(anchor.args.set, 2n);
  });

  test('A rotation is good for one chain, one contract, one ledger, one number and one set', async () => {
    const ledger = await opened('replay');
    const other = await opened('replay other');
    const elsewhere = await chain.deploy(name);
    const next = suite.make(4, `${name} replay next`);
    const signed = ledger.sign(ledger.rotation(2, next));
    const take = given => contract.rotate.staticCall(ledger.id, keysOf(next), ...given);

    for (const said of [{ chain: 1n }, { contract: elsewhere.target }, { id: other.id }]) await refused(take(ledger.sign(ledger.rotation(2, next, said))), 'SignatureIsFalse', 0);
    for (const number of [1, 3]) await refused(take(ledger.sign(ledger.rotation(number, next))), 'SignatureIsFalse', 0);
    await refused(contract.rotate.staticCall(ledger.id, keysOf(suite.make(4, 'others')), ...signed), 'SignatureIsFalse', 0);
    await refused(take(ledger.sign(ledger.rotation(2, next), [0, 1])), 'QuorumIsShort', 2, 3);
    await refused(take(ledger.note(7, history.root(7))), 'SignatureIsFalse', 0);
    await refused(contract.rotate.staticCall(hashOf(next, ledger.origin), keysOf(next), ...signed), 'LedgerIsNotOpen');

    // The same ledger in another contract, and the same chain under another number.
    await Ledger.open(chain, elsewhere, suite, 4, { seed: `${name} replay` });
    await refused(elsewhere.rotate.staticCall(ledger.id, keysOf(next), ...signed), 'SignatureIsFalse', 0);
    await chain.provider.send('anvil_setChainId', [31338]);
    await refused(take(signed), 'SignatureIsFalse', 0);
    await chain.provider.send('anvil_setChainId', [31337]);

    // There and back again: the first word is not good a second time.
    await chain.call(contract, 'rotate', ledger.id, keysOf(next), ...signed);
    await refused(take(signed), 'SignatureIsFalse', 0);
    await chain.call(contract, 'rotate', ledger.id, keysOf(ledger.signers), ...ledger.sign(ledger.rotation(3, ledger.signers), undefined, next));
    await refused(take(signed), 'SignatureIsFalse', 0);
    // Nor is what was said of a checkpoint a rotation, nor the other way round.
    await refused(contract.anchor.staticCall(...ledger.step(history, 0, 7).slice(0, 5), ...signed), 'SignatureIsFalse', 0);
  });

  test('Two notes of one size with two roots raise the flag, and nothing stops', async () => {
    const ledger = await anchored('fork', 50);
    const [first, second] = [history, fork].map(of => ledger.evidence(1, 50, of.root(50)));
    const { events: [event] } = await chain.call(contract, 'showFork', ledger.id, first, second, fork.root(50), []);
    const [one, two] = [history, fork].map(of => `0x${of.root(50).toString('hex')}`);
    assert.deepEqual([event.name, ...event.args], ['ForkShown', ledger.id, 50n, one, 1n, 50n, two, 1n, two]);
    assert.equal((await contract.ledgers(ledger.id)).forked, true);
    await chain.call(contract, 'anchor', ...ledger.step(history, 50, 60));
    assert.equal((await contract.ledgers(ledger.id)).forked, true);
  });

  test('Two notes of different sizes raise it too, by a proof of the prefix that is not the shorter', async () => {
    const ledger = await anchored('fork sizes', 50);
    const evidence = [ledger.evidence(1, 45, history.root(45)), ledger.evidence(1, 70, fork.root(70)), fork.root(45), fork.consistency(45, 70)];
    await refused(contract.showFork.staticCall(ledger.id, ...put(evidence, 0, ledger.evidence(1, 45, history.root(45), [0, 1]))), 'QuorumIsShort', 2, 3);
    await refused(contract.showFork.staticCall(ledger.id, ...put(evidence, 1, ledger.evidence(1, 70, fork.root(70), [0, 1]))), 'QuorumIsShort', 2, 3);
    await refused(contract.showFork.staticCall(ledger.id, ...put(evidence, 2, history.root(44))), 'ProofIsFalse');
    await refused(contract.showFork.staticCall(ledger.id, ...put(evidence, 3, fork.consistency(44, 70))), 'ProofIsFalse');
    await refused(contract.showFork.staticCall(ledger.id, evidence[1], evidence[0], evidence[2], evidence[3]), 'ProofIsFalse');
    for (const set of [0, 2]) await refused(contract.showFork.staticCall(ledger.id, ...put(evidence, 0, put(evidence[0], 0, set))), 'SetIsUnknown', set);
    assert.equal((await contract.ledgers(ledger.id)).forked, false);
    await chain.call(contract, 'showFork', ledger.id, ...evidence);
    assert.equal((await contract.ledgers(ledger.id)).forked, true);
  });

  test('What a former set signed counts as a fork, and as nothing else', async () => {
    const ledger = await anchored('former', 50);
    const former = ledger.signers;
    ledger.signers = suite.make(5, `${name} former next`);
    await chain.call(contract, 'rotate', ledger.id, keysOf(ledger.signers), ...ledger.sign(ledger.rotation(2, ledger.signers), [0, 1, 2], former));
    const late = ledger.evidence(1, 80, fork.root(80), [0, 1, 2], former);
    await refused(contract.showFork.staticCall(ledger.id, ledger.evidence(2, 60, history.root(60)), put(late, 0, 2), fork.root(60), fork.consistency(60, 80)), 'QuorumIsShort');
    await chain.call(contract, 'showFork', ledger.id, ledger.evidence(2, 60, history.root(60)), late, fork.root(60), fork.consistency(60, 80));
    assert.equal((await contract.ledgers(ledger.id)).forked, true);
  });

  test('No two notes of one history raise the flag', async () => {
    const ledger = await opened('agree');
    for (const [shorter, longer] of [[1, 1], [1, 2], [6, 8], [40, 77], [100, 100]]) {
      const notes = [shorter, longer].map(size => ledger.evidence(1, size, history.root(size)));
      const proof = history.consistency(shorter, longer);
      await refused(contract.showFork.staticCall(ledger.id, ...notes, history.root(shorter), proof), 'NotesAgree');
      await refused(contract.showFork.staticCall(ledger.id, ...notes, flipped(history.root(shorter)), proof), 'ProofIsFalse');
    }
    // Of no leaves there is one history, and the proof from it does not exist.
    const nothing = Buffer.from('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', 'hex');
    await refused(contract.showFork.staticCall(ledger.id, ledger.evidence(1, 0, nothing), ledger.evidence(1, 0, history.root(1)), history.root(1), []), 'ProofIsFalse');
  });

  test('A set has its keys by rising value, each once, 1 to 64 of them, none cut short', async () => {
    const signers = suite.make(65, `${name} many`);
    const octets = suite.octetsOfKey;
    const take = keys => contract.open.staticCall('a.example/0123456789abcdef', keys);
    await take(keysOf(signers.slice(0, 64)));
    await refused(take(keysOf(signers)), 'KeysDoNotFit', 65 * octets, octets);
    await refused(take('0x'), 'KeysDoNotFit', 0, octets);
    await refused(take(keysOf(signers.slice(0, 4)).subarray(1)), 'KeysDoNotFit', 4 * octets - 1, octets);
    await refused(take(keysOf([signers[0], signers[2], signers[1]])), 'KeysAreNotRising', 2);
    await refused(take(keysOf([signers[0], signers[1], signers[1]])), 'KeysAreNotRising', 2);
    await refused(take(Buffer.alloc(octets)), 'KeysAreNotRising', 0);
    const ledger = await opened('keys');
    await refused(contract.rotate.staticCall(ledger.id, keysOf([signers[1], signers[0]]), 7, Buffer.alloc(192)), 'KeysAreNotRising', 1);
    await refused(contract.open.staticCall(ledger.origin, keysOf(ledger.signers)), 'LedgerIsOpen', ledger.id);
  });

  test("An origin is spelt as a checkpoint's is, or not opened", async () => {
    const keys = keysOf(suite.make(1, 'origin'));
    for (const origin of ['a/0123456789abcdef', 'bank-consortium.example/9414886b1ebf025d', `${'z'.repeat(60)}/ffffffffffffffff`]) await contract.open.staticCall(origin, keys);
    for (const origin of ['', '/0123456789abcdef', 'a/0123456789abcde', 'a/0123456789abcdef0', 'a/0123456789abcdeF', 'a/0123456789abcdeg', 'A/0123456789abcdef', 'a b/0123456789abcdef',
      'a+/0123456789abcdef', 'a\n/0123456789abcdef', 'é/0123456789abcdef', 'a/b/0123456789abcdef', 'a/0123456789abcde\n', 'a-0123456789abcdef', `${'z'.repeat(61)}/ffffffffffffffff`])
      await refused(contract.open.staticCall(origin, keys), 'OriginIsNotSpeltRight');
  });

  test('A leaf is in the newest anchored history, or is not', async () => {
    const history = new History(Array.from({ length: 45 }, (_, index) => [index, `leaf ${index}`]));
    const ledger = await opened('leaf');
    await chain.call(contract, 'anchor', ...ledger.step(history, 0, 45));
    for (const index of [0, 1, 31, 32, 39, 40, 43, 44]) {
      const proof = history.inclusion(index, 45);
      assert.equal(await contract.includes(ledger.id, history.leaf(index), index, proof), true);
      assert.equal(await contract.includes(ledger.id, history.leaf(index), index ^ 1, proof), false);
      assert.equal(await contract.includes(ledger.id, flipped(history.leaf(index)), index, proof), false);
      assert.equal(await contract.includes(ledger.id, history.leaf(index), index + 64, proof), false);
      for (const [at, hash] of proof.entries()) assert.equal(await contract.includes(ledger.id, history.leaf(index), index, put(proof, at, flipped(hash, 31))), false);
      for (const other of [[...proof, proof[0]], proof.slice(1), proof.slice(0, -1)]) assert.equal(await contract.includes(ledger.id, history.leaf(index), index, other), false);
    }
    assert.equal(await contract.includes((await opened('leafless')).id, history.leaf(0), 0, []), false);
  });
});

describe('P-256 alone', () => {
  test("The note of the ledger's own documents is anchored, its line's DER made r and s", async () => {
    const formats = readFileSync(new URL('ledger-node/docs/FORMATS.md', repository), 'utf8');
    const [, origin, size, root, line] = /\n {4}(bank-consortium\.example\/[0-9a-f]{16})\n {4}(\d+)\n {4}(\S{44})\n\n {4}— \1 (\S+)\n/.exec(formats);
    const key = Buffer.from(/\n {4}04([0-9a-f]{128})\n/.exec(formats)[1], 'hex');
    const der = Buffer.from(line, 'base64').subarray(4);
    const contract = await chain.deploy('Anchor');
    await chain.call(contract, 'open', origin, key);
    const id = hashOf([{ key }], origin);
    const given = [id, 0, size, Buffer.from(root, 'base64'), [], 1];

    await refused(contract.anchor.staticCall(...given, der), 'SignaturesDoNotFit', der.length, 64);
    await refused(contract.anchor.staticCall(...given, der.subarray(0, 64)), 'SignatureIsFalse', 0);
    await chain.call(contract, 'anchor', ...given, plain(der));
    assert.equal((await contract.ledgers(id)).size, BigInt(size));
  });

  test('The other half of a signature is as good, and counts for nobody twice', async () => {
    const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
    const contract = await chain.deploy('Anchor');
    const ledger = await Ledger.open(chain, contract, suites.Anchor, 4);
    const step = ledger.step(history, 0, 7);
    const signatures = Buffer.from(step[6]);
    const s = order - BigInt(`0x${signatures.subarray(32, 64).toString('hex')}`);
    const mirrored = Buffer.concat([signatures.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex')]);

    await contract.anchor.staticCall(...put(step, 6, Buffer.concat([mirrored, signatures.subarray(64)])));
    await refused(contract.anchor.staticCall(...put(step, 6, Buffer.concat([signatures.subarray(0, 64), mirrored, signatures.subarray(128)]))), 'SignatureIsFalse', 1);
    for (const value of [0n, order]) for (const at of [0, 32]) {
      const out = Buffer.from(signatures);
      out.set(Buffer.from(value.toString(16).padStart(64, '0'), 'hex'), at);
      await refused(contract.anchor.staticCall(...put(step, 6, out)), 'SignatureIsFalse', 0);
    }
  });

  test('A key is a point of the curve, and a point and its mirror are not two', async () => {
    const prime = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
    const contract = await chain.deploy('Anchor');
    const [{ key }] = suites.Anchor.make(1, 'point');
    const x = key.subarray(0, 32);
    const y = Buffer.from((prime - BigInt(`0x${key.subarray(32).toString('hex')}`)).toString(16).padStart(64, '0'), 'hex');
    const take = keys => contract.open.staticCall('a.example/0123456789abcdef', keys);
    await take(Buffer.concat([x, y]));
    await refused(take(Buffer.concat([key, x, y])), 'KeysAreNotRising', 1);
    await refused(take(flipped(key, 63)), 'KeyIsNoPoint', 0);
    await refused(take(Buffer.concat([Buffer.alloc(32, 255), key.subarray(32)])), 'KeyIsNoPoint', 0);
  });

  test('A chain without P256VERIFY gets no anchor that takes P-256, and gets the other', async () => {
    for (const hardfork of ['prague', 'cancun']) {
      const old = await Chain.start(hardfork);
      try {
        await refused(old.deploy('Anchor'), 'P256VerifyIsMissing');
        // Nor does one where something at 0x100 says yes to everything, or says it in another length.
        for (const code of ['0x60015f5260205ff3', '0x60015f5260215ff3']) {
          await old.provider.send('anvil_setCode', ['0x0000000000000000000000000000000000000100', code]);
          await refused(old.deploy('Anchor'), 'P256VerifyIsMissing');
        }
        const contract = await old.deploy('RecoveringAnchor');
        const ledger = await Ledger.open(old, contract, suites.RecoveringAnchor, 4);
        await old.call(contract, 'anchor', ...ledger.step(history, 0, 9));
        await old.call(contract, 'anchor', ...ledger.step(history, 9, 30));
      } finally {
        old.stop();
      }
    }
  });
});

describe('Histories of another hash', () => {
  test('An anchor that cannot prove a history says so, takes no proof and lets no rewritten size back', async () => {
    const contract = await chain.deploy('UnprovenAnchor');
    const ledger = await Ledger.open(chain, contract, suites.UnprovenAnchor, 4);
    assert.deepEqual(await Promise.all(['Anchor', 'RecoveringAnchor'].map(async name => (await chain.deploy(name)).provesHistory())), [true, true]);
    assert.equal(await contract.provesHistory(), false);

    await chain.call(contract, 'anchor', ...ledger.step(history, 0, 50));
    await refused(contract.anchor.staticCall(...ledger.step(history, 50, 60)), 'ProofIsFalse');
    await chain.call(contract, 'anchor', ...put(ledger.step(history, 50, 60), 4, []));
    await refused(contract.anchor.staticCall(...ledger.step(history, 0, 60)), 'SizeIsNotNewer', 60, 60);
    await refused(contract.includes(ledger.id, history.leaf(0), 0, history.inclusion(0, 60)), 'HistoryIsNotProvedHere');
    await refused(contract.isIncluded(history.leaf(0), 0, 60, history.root(60), history.inclusion(0, 60)), 'HistoryIsNotProvedHere');
    await refused(contract.isConsistent(50, history.root(50), 60, history.root(60), history.consistency(50, 60)), 'HistoryIsNotProvedHere');

    const shorter = ledger.evidence(1, 50, history.root(50));
    await refused(contract.showFork.staticCall(ledger.id, shorter, ledger.evidence(1, 70, fork.root(70)), fork.root(50), fork.consistency(50, 70)), 'HistoryIsNotProvedHere');
    await chain.call(contract, 'showFork', ledger.id, shorter, ledger.evidence(1, 50, fork.root(50)), fork.root(50), []);
    assert.equal((await contract.ledgers(ledger.id)).forked, true);
  });
});

// SEQUENCE of two INTEGERs to r‖s of 32 octets each, as the relayer makes it.
function plain(der) {
  const numbers = [];
  for (let at = 2; at < der.length; at += 2 + der[at + 1]) numbers.push(der.subarray(at + 2, at + 2 + der[at + 1]).toString('hex').slice(-64).padStart(64, '0'));
  return Buffer.from(numbers.join(''), 'hex');
}
