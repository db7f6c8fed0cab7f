// What the tests stand on: a chain of anvil's on loopback, signers of both curves, and the texts written a second time, as FORMATS says.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createECDH, createHash, createPrivateKey, sign } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { Contract, ContractFactory, Interface, JsonRpcProvider, Network, SigningKey, computeAddress, hashMessage, keccak256 } from 'ethers';

export const repository = new URL('../../', import.meta.url);
export const artifact = name => JSON.parse(readFileSync(new URL(`../artifacts/${name}.json`, import.meta.url), 'utf8'));

const anvil = new URL('../node_modules/@foundry-rs/', import.meta.url);

/** A chain of its own, ended with the test file. */
export class Chain {
  static async start(hardfork = 'osaka') {
    const folder = readdirSync(anvil).find(name => name.startsWith('anvil-') && existsSync(new URL(`${name}/bin/anvil`, anvil)));
    assert.ok(folder, 'npm ci brought no anvil for this machine.');
    const chain = new Chain();
    chain.process = spawn(new URL(`${folder}/bin/anvil`, anvil).pathname, ['--host', '127.0.0.1', '--port', '0', '--hardfork', hardfork]);
    const port = await new Promise((found, failed) => {
      let said = '';
      chain.process.stdout.on('data', data => {
        said += data;
        const listening = /Listening on 127\.0\.0\.1:(\d+)/.exec(said);
        if (listening) found(listening[1]);
      });
      chain.process.stderr.on('data', data => { said += data; });
      chain.process.on('exit', code => failed(new Error(`anvil ended with ${code}: ${said}`)));
    });
    chain.id = 31337n;
    chain.provider = new JsonRpcProvider(`http://127.0.0.1:${port}`, undefined, { staticNetwork: Network.from(31337), cacheTimeout: -1 });
    [chain.sender] = await chain.provider.send('eth_accounts', []);
    return chain;
  }

  stop() {
    this.provider.destroy();
    this.process.removeAllListeners('exit');
    this.process.kill();
  }

  async deploy(name) {
    const { abi, bytecode } = artifact(name);
    const { data } = await new ContractFactory(abi, bytecode).getDeployTransaction();
    // First as a question, so that a refusal has its name.
    await this.#ask(abi, { data });
    const receipt = await this.send({ data });
    const contract = new Contract(receipt.contractAddress, abi, this.provider);
    contract.deployment = receipt;
    return contract;
  }

  /** Carries a call out and gives its receipt; a refusal throws with its name. */
  async call(contract, name, ...given) {
    const receipt = await this.send({ to: contract.target, data: contract.interface.encodeFunctionData(name, given) });
    if (receipt.status !== '0x1') await contract[name].staticCall(...given);
    receipt.events = receipt.logs.map(log => contract.interface.parseLog(log));
    receipt.gas = Number(receipt.gasUsed);
    return receipt;
  }

  async send(transaction) {
    const hash = await this.provider.send('eth_sendTransaction', [{ from: this.sender, gas: '0xe00000', ...transaction }]);
    for (;;) {
      const receipt = await this.provider.send('eth_getTransactionReceipt', [hash]);
      if (receipt) return receipt;
    }
  }

  async #ask(abi, transaction) {
    try {
      await this.provider.call({ from: this.sender, ...transaction });
    } catch (refusal) {
      refusal.revert ??= new Interface(abi).parseError(refusal.data);
      throw refusal;
    }
  }
}

/** The call must be refused by this name, and with these arguments where any are given. */
export async function refused(call, name, ...given) {
  await assert.rejects(call, refusal => {
    assert.equal(refusal.revert?.name, name, refusal.message);
    if (given.length > 0) assert.deepEqual([...refusal.revert.args].map(String), given.map(String));
    return true;
  });
}

/** Numbers that look like chance and are the same for one seed. */
export class Chance {
  #seed;
  #turn = 0;

  constructor(seed) {
    this.#seed = seed;
  }

  octets() {
    return createHash('sha256').update(`${this.#seed} ${this.#turn++}`).digest();
  }

  below(limit) {
    return Number(this.octets().readBigUInt64BE() % BigInt(limit));
  }
}

const rising = keys => keys.sort((left, right) => Buffer.compare(left.key, right.key));

/** The signers that each contract counts: `make` gives n of them by rising key, `sign` 64 octets over a text. */
export const suites = {
  Anchor: {
    octetsOfKey: 64,
    make: (n, seed) => rising(Array.from({ length: n }, (_, index) => {
      const pair = createECDH('prime256v1');
      pair.setPrivateKey(createHash('sha256').update(`${seed} ${index}`).digest());
      const key = pair.getPublicKey().subarray(1);
      const [x, y, d] = [key.subarray(0, 32), key.subarray(32), pair.getPrivateKey()].map(part => part.toString('base64url'));
      return { key, secret: createPrivateKey({ key: { kty: 'EC', crv: 'P-256', x, y, d }, format: 'jwk' }) };
    })),
    sign: (signer, text) => sign('sha256', Buffer.from(text), { key: signer.secret, dsaEncoding: 'ieee-p1363' }),
  },
  RecoveringAnchor: {
    octetsOfKey: 20,
    make: (n, seed) => rising(Array.from({ length: n }, (_, index) => {
      const secret = new SigningKey(createHash('sha256').update(`${seed} ${index}`).digest());
      return { key: Buffer.from(computeAddress(secret.publicKey).slice(2), 'hex'), secret };
    })),
    sign: (signer, text) => Buffer.from(signer.secret.sign(hashMessage(Buffer.from(text))).compactSerialized.slice(2), 'hex'),
  },
};
suites.UnprovenAnchor = suites.RecoveringAnchor;

export const quorumOf = n => Math.floor(2 * n / 3) + 1;
export const keysOf = signers => Buffer.concat(signers.map(signer => signer.key));
export const hashOf = (signers, origin) => keccak256(Buffer.concat([Uint8Array.of(0, signers.length), keysOf(signers), Buffer.from(origin)]));

/** The same with another value at a place; Array.with is not in node 18. */
export const put = (list, at, value) => list.map((one, i) => (i === at ? value : one));

export const checkpoint = (origin, size, root) => `${origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`;
export const rotation = (origin, chain, contract, id, set, hash) => `ledger-anchor-rotation-v1\n${origin}\nchain ${chain}\n` +
  `contract ${contract.toLowerCase().slice(2)}\nledger ${id.slice(2)}\nset ${set}\nkeys ${hash.slice(2)}\n`;

/** A ledger on a contract, with its signers at hand. */
export class Ledger {
  static async open(chain, contract, suite, n, { origin = 'bank-consortium.example/9414886b1ebf025d', seed = 'bank' } = {}) {
    const ledger = new Ledger();
    Object.assign(ledger, { chain, contract, suite, origin, signers: suite.make(n, seed) });
    ledger.id = hashOf(ledger.signers, origin);
    ledger.opening = await chain.call(contract, 'open', origin, keysOf(ledger.signers));
    return ledger;
  }

  /** The signatures of the signers at these places, by default a quorum's, the first: [bitmap, octets]. */
  sign(text, places = Array.from({ length: quorumOf(this.signers.length) }, (_, index) => index), signers = this.signers) {
    return [places.reduce((bits, place) => bits | 1n << BigInt(place), 0n), Buffer.concat(places.map(place => this.suite.sign(signers[place], text)))];
  }

  note(size, root, places, signers) {
    return this.sign(checkpoint(this.origin, size, root), places, signers);
  }

  /** The arguments of an honest anchor of the history's first leaves behind what is anchored. */
  step(history, from, size, places) {
    const root = history.root(size);
    return [this.id, from, size, root, from === 0 ? [] : history.consistency(from, size), ...this.note(size, root, places)];
  }

  /** A note as `showFork` takes it. */
  evidence(set, size, root, places, signers) {
    return [set, size, root, ...this.note(size, root, places, signers)];
  }

  rotation(set, next, { chain = this.chain.id, contract = this.contract.target, id = this.id } = {}) {
    return rotation(this.origin, chain, contract, id, set, hashOf(next, this.origin));
  }
}
