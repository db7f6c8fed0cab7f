// Compiles the contracts and writes artifacts/NAME.json; with --check it writes nothing, and fails where a rebuild is not, byte for byte, what is there.
// What comes out depends on src/ and the pinned compiler alone: no metadata is appended, so neither paths nor comments are in the bytecode.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const solc = createRequire(import.meta.url)('solc');
const at = name => new URL(name, import.meta.url);
const contracts = ['Anchor', 'PledgeRegistry', 'RecoveringAnchor', 'UnprovenAnchor'];

const input = {
  language: 'Solidity',
  sources: Object.fromEntries(readdirSync(at('src/')).sort().map(file => [file, { content: readFileSync(at(`src/${file}`), 'utf8') }])),
  settings: {
    viaIR: true,
    optimizer: { enabled: true, runs: 200 },
    evmVersion: 'cancun',
    metadata: { bytecodeHash: 'none', appendCBOR: false },
    outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object'] } },
  },
};

const output = JSON.parse(solc.compile(JSON.stringify(input)));
if (output.errors?.length) {
  console.error(output.errors.map(error => error.formattedMessage).join('\n'));
  process.exit(1);
}

let stale = 0;
for (const name of contracts) {
  const { abi, evm } = output.contracts[`${name}.sol`][name];
  const built = JSON.stringify({
    contract: name,
    compiler: solc.version(),
    settings: { ...input.settings, outputSelection: undefined },
    abi,
    bytecode: `0x${evm.bytecode.object}`,
    deployedBytecode: `0x${evm.deployedBytecode.object}`,
  }, null, 2) + '\n';

  const file = at(`artifacts/${name}.json`);
  if (!process.argv.includes('--check')) writeFileSync(file, built);
  else if (readFileSync(file, 'utf8') !== built) {
    console.error(`artifacts/${name}.json is not what src/ gives.`);
    stale++;
  }
  console.log(`${name}: ${evm.deployedBytecode.object.length / 2} octets`);
}
process.exit(stale ? 1 : 0);
