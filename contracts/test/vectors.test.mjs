// The public vectors of RFC 6962's tree, through the contract. They are no part of this repository: LEDGER_SHARED_DATA or ../shared/data beside it has them.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { History } from './history.mjs';
import { Chain, repository } from './world.mjs';

const folder = join(process.env.LEDGER_SHARED_DATA || fileURLToPath(new URL('../shared/data', repository)), 'vectors', 'rfc6962');
const skip = existsSync(folder) ? false : 'The public vectors (shared/data) are not on this machine.';
let chain, contract;

before(async () => {
  chain = await Chain.start();
  contract = await chain.deploy('Anchor');
});
after(() => chain.stop());

function vectors(kind) {
  const files = readdirSync(join(folder, kind), { recursive: true }).filter(file => file.endsWith('.json'));
  assert.ok(files.length > 90, 'some ninety vectors of each kind are public');
  // Sizes go up to 2^64 − 1, which no number here holds: as text they come through whole.
  return files.map(file => [file, JSON.parse(readFileSync(join(folder, kind, file), "utf8").replace(/: (\d+)/g, ': "$1"'))]);
}

// Some have hashes of a wrong length, which no word can be. Their own hash stands for them: equal stays equal, and wrong stays wrong; but a leaf that is
// none is no root either.
function word(base64, of = '') {
  const octets = Buffer.from(base64 ?? '', 'base64');
  return octets.length === 32 ? octets : createHash('sha256').update(of).update(octets).digest();
}

test('Inclusion is judged as the public vectors say', { skip }, async () => {
  for (const [file, { leafIdx, treeSize, root, leafHash, proof, wantErr }] of vectors('inclusion'))
    assert.equal(await contract.isIncluded(word(leafHash, 'leaf'), leafIdx, treeSize, word(root), (proof ?? []).map(hash => word(hash))), !wantErr, file);
});

test('Consistency is judged as the public vectors say, but that nothing goes on from no leaves', { skip }, async () => {
  for (const [file, { size1, size2, root1, root2, proof, wantErr }] of vectors('consistency'))
    assert.equal(await contract.isConsistent(size1, word(root1), size2, word(root2), (proof ?? []).map(hash => word(hash))), !wantErr && size1 !== '0', file);
});

test("Every pair of sizes up to 33 has its proof and no other's", async () => {
  const history = new History(Array.from({ length: 33 }, (_, index) => [index, `leaf ${index}`]));
  for (let from = 1; from <= 33; from++) {
    await Promise.all(Array.from({ length: 34 - from }, async (_, more) => {
      const size = from + more;
      const proof = history.consistency(from, size);
      assert.equal(await contract.isConsistent(from, history.root(from), size, history.root(size), proof), true, `${from} ${size}`);
      for (const other of [from - 1, from + 1]) assert.equal(await contract.isConsistent(other, history.root(from), size, history.root(size), proof), false, `${other} ${size}`);
      // Which size a root is of, the signatures say; but no tree of twice the size has so short a proof.
      assert.equal(await contract.isConsistent(from, history.root(from), 2 * size, history.root(size), proof), false, `${from} ${size} twice`);
      assert.equal(await contract.isConsistent(from, history.root(size), size, history.root(from), proof), from === size, `${from} ${size}`);
    }));
  }
});
