// What the pledge registry takes and what it refuses, on a chain of its own whose clock goes as it is told.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ZeroAddress } from 'ethers';
import { BEGIN, DAY, Model, Pledges, commitment, hand, salt, sealOf, tag } from './pledges.mjs';
import { Chain, Chance, artifact, refused } from './world.mjs';

const free = ['0', '0', '0', `0x${'00'.repeat(32)}`];
let chain;
let now = BEGIN;

before(async () => { chain = await Chain.start(); });
after(() => chain.stop());

/** A contract of its own for each test: the chain's clock goes on from one to the next. */
async function made(sizes = [4, 3], quotas) {
  const latest = Number((await chain.provider.send('eth_getBlockByNumber', ['latest', false])).timestamp);
  now = Math.max(now, latest) + DAY - Math.max(now, latest) % DAY;
  return await Pledges.deploy(chain, sizes, quotas, now);
}

const item = (number, what = number) => ({ tag: tag(number), commitment: commitment(what) });
const [ada, ben, cem, dot] = [1, 2, 3, 4].map(seat => hand(1, seat));
const eve = hand(2, 1);

test("The code on the chain is the artifact's, takes no money, and hands control to nobody", async () => {
  const { contract } = await made();
  assert.equal(await chain.provider.getCode(contract.target), artifact('PledgeRegistry').deployedBytecode);
  assert.equal((await chain.send({ to: contract.target, value: '0x1' })).status, '0x0');
  assert.equal((await chain.send({ to: contract.target, value: '0x1', from: ada, data: contract.interface.encodeFunctionData('announce', [salt]) })).status, '0x0');

  const code = Buffer.from(artifact('PledgeRegistry').deployedBytecode.slice(2), 'hex');
  const found = new Set();
  for (let at = 0; at < code.length; at++) {
    found.add(code[at]);
    // What PUSH1 to PUSH32 push is no instruction.
    if (code[at] >= 0x60 && code[at] <= 0x7f) at += code[at] - 0x5f;
  }
  // CREATE, CALL, CALLCODE, DELEGATECALL, CREATE2, STATICCALL, SELFDESTRUCT.
  for (const instruction of [0xf0, 0xf1, 0xf2, 0xf4, 0xf5, 0xfa, 0xff]) assert.equal(found.has(instruction), false, instruction.toString(16));
});

test('A document that one registry has is refused to the other, until it is given back', async () => {
  const pledges = await made();
  const until = pledges.now + 2 * DAY;
  const { events: [event] } = await pledges.reserve(ada, [item(1)], until);
  assert.deepEqual([event.name, ...event.args].map(String), ['Reserved', tag(1), '1', '1', commitment(1), `${until}`]);
  assert.deepEqual(await pledges.holder(tag(1)), ['1', `${until}`, '1', commitment(1)]);
  await refused(pledges.reserve(eve, [item(1)], until), 'TagIsTaken', tag(1), 1, until);
  await refused(pledges.reserve(eve, [item(1, 9)], until), 'TagIsTaken', tag(1), 1, until);

  const due = pledges.now + 180 * DAY;
  const { events: [lent] } = await pledges.call(ada, 'finance', [tag(1)], due);
  assert.deepEqual([lent.name, ...lent.args].map(String), ['Financed', tag(1), '1', '1', `${due}`]);
  pledges.now += 100 * DAY;
  await refused(pledges.reserve(eve, [item(1)], pledges.now + DAY), 'TagIsTaken', tag(1), 1, due);

  const { events: [over] } = await pledges.call(ada, 'release', [tag(1)]);
  assert.deepEqual([over.name, ...over.args].map(String), ['Released', tag(1), '1', '1', 'true']);
  assert.deepEqual(await pledges.holder(tag(1)), free);
  await pledges.reserve(eve, [item(1)], pledges.now + DAY);
});

test('A reservation and a financing end by themselves, at the second that they named and not one before', async () => {
  const pledges = await made();
  const until = pledges.now + 1000;
  await pledges.reserve(ada, [item(1)], until);
  await pledges.call(eve, 'announce', sealOf(5, [item(1)], until + DAY));
  // Each call is one second later.
  pledges.now = until - 2;
  await refused(pledges.call(eve, 'reserve', [item(1)], until + DAY, salt), 'TagIsTaken', tag(1), 1, until);
  await pledges.call(eve, 'reserve', [item(1)], until + DAY, salt);

  const due = pledges.now + 550 * DAY + 1;
  await pledges.call(eve, 'finance', [tag(1)], due);
  pledges.now = due - 2;
  assert.deepEqual(await pledges.holder(tag(1)), ['2', `${due}`, '1', commitment(1)]);
  assert.deepEqual(await pledges.holder(tag(1)), free);
  await refused(pledges.call(eve, 'finance', [tag(1)], due + DAY), 'ClaimIsNotLive', tag(1));
});

test('Nothing is held longer than seven days without a loan, or 550 days with one', async () => {
  const pledges = await made();
  const latest = pledges.now + 61 + 1 + 7 * DAY;
  await refused(pledges.reserve(ada, [item(1)], latest + 1), 'EndIsOutOfBounds', latest + 1, latest);
  await refused(pledges.reserve(ada, [item(1)], pledges.now + 62), 'EndIsOutOfBounds');
  await pledges.reserve(ada, [item(1)], pledges.now + 62 + 7 * DAY);
  const most = pledges.now + 1 + 550 * DAY;
  await refused(pledges.call(ada, 'finance', [tag(1)], most + 1), 'EndIsOutOfBounds', most + 1, most);
  await refused(pledges.call(ada, 'finance', [tag(1)], pledges.now + 1), 'EndIsOutOfBounds');
  await pledges.call(ada, 'finance', [tag(1)], pledges.now + 1 + 550 * DAY);
});

test('Banks of one registry share a document under one commitment, and it is free when the last has given it back', async () => {
  const pledges = await made();
  const until = pledges.now + 3 * DAY;
  await pledges.reserve(ada, [item(1)], until);
  await refused(pledges.reserve(ada, [item(1)], until + 1), 'ClaimIsLive', tag(1), until);
  await refused(pledges.reserve(ben, [item(1, 2)], until), 'CommitmentIsAnother', tag(1), commitment(1));
  await refused(pledges.reserve(ada, [item(1, 2)], until), 'CommitmentIsAnother', tag(1), commitment(1));
  await pledges.reserve(ben, [item(1)], until - DAY);
  assert.deepEqual(await pledges.holder(tag(1)), ['1', `${until}`, '2', commitment(1)]);

  const due = pledges.now + 30 * DAY;
  await pledges.call(ben, 'finance', [tag(1)], due);
  const { events: [event] } = await pledges.call(ada, 'release', [tag(1)]);
  assert.equal(event.args.free, false);
  assert.deepEqual(await pledges.holder(tag(1)), ['1', `${due}`, '1', commitment(1)]);
  await refused(pledges.call(ada, 'release', [tag(1)]), 'ClaimIsNotLive', tag(1));
  await pledges.call(ben, 'release', [tag(1)]);
  assert.deepEqual(await pledges.holder(tag(1)), free);
});

test('Nobody acts for another: not for another registry, nor for another bank of its own', async () => {
  const pledges = await made();
  await pledges.reserve(ada, [item(1)], pledges.now + DAY);
  for (const other of [ben, eve]) {
    await refused(pledges.call(other, 'finance', [tag(1)], pledges.now + DAY), 'ClaimIsNotLive', tag(1));
    await refused(pledges.call(other, 'release', [tag(1)]), 'ClaimIsNotLive', tag(1));
  }
  await refused(pledges.call(ada, 'finance', [tag(2)], pledges.now + DAY), 'ClaimIsNotLive', tag(2));
  await refused(pledges.call(ada, 'release', [tag(2)]), 'ClaimIsNotLive', tag(2));
  await pledges.pay(hand(9, 9));
  const given = { announce: [salt], reserve: [[item(1)], pledges.now + DAY, salt], finance: [[tag(1)], pledges.now + DAY], release: [[tag(1)]], change: [ada, hand(9, 9)] };
  for (const [name, arguments_] of Object.entries(given)) await refused(pledges.call(hand(9, 9), name, ...arguments_), 'HandHasNoSeat');
});

test('A claim of before is no claim on what was reserved since', async () => {
  const pledges = await made();
  await pledges.reserve(ada, [item(1)], pledges.now + 1000);
  pledges.now += 2000;
  await pledges.reserve(eve, [item(1)], pledges.now + DAY);
  await refused(pledges.call(ada, 'release', [tag(1)]), 'ClaimIsNotLive', tag(1));
  await refused(pledges.call(ada, 'finance', [tag(1)], pledges.now + DAY), 'ClaimIsNotLive', tag(1));
  assert.equal((await pledges.holder(tag(1)))[0], '2');

  await pledges.call(eve, 'release', [tag(1)]);
  await pledges.reserve(ben, [item(1)], pledges.now + DAY);
  await refused(pledges.call(ada, 'release', [tag(1)]), 'ClaimIsNotLive', tag(1));
});

test('What is copied from the queue comes a minute too late, and a seal is of no use to another', async () => {
  const pledges = await made();
  const until = pledges.now + DAY;
  const seal = sealOf(1, [item(1)], until);
  assert.equal(seal, await pledges.contract.sealOf(1, [item(1)], until, salt));
  await refused(pledges.call(ada, 'reserve', [item(1)], until, salt), 'SealIsNotAnnounced', seal);
  await pledges.call(ada, 'announce', seal);
  const at = pledges.now;
  await refused(pledges.call(ada, 'announce', seal), 'SealIsAnnounced', seal);

  // Eve sees the seal, and announces the same; then she sees what was in it.
  await pledges.call(eve, 'announce', seal);
  pledges.now = at + 58;
  await refused(pledges.call(ada, 'reserve', [item(1)], until, salt), 'SealIsTooYoung', seal, at + 60);
  await refused(pledges.call(eve, 'reserve', [item(1)], until, salt), 'SealIsNotAnnounced', sealOf(5, [item(1)], until));
  await pledges.call(eve, 'announce', sealOf(5, [item(1)], until));
  await refused(pledges.call(eve, 'reserve', [item(1)], until, salt), 'SealIsTooYoung');
  await pledges.call(ada, 'reserve', [item(1)], until, salt);

  // A call that was carried out is not carried out again.
  await pledges.call(ada, 'release', [tag(1)]);
  await refused(pledges.call(ada, 'reserve', [item(1)], until, salt), 'SealIsNotAnnounced', seal);
});

test('A seal is for these tags, this end and this salt, and lasts a day', async () => {
  const pledges = await made();
  const until = pledges.now + 3 * DAY;
  await pledges.call(ada, 'announce', sealOf(1, [item(1), item(2)], until));
  const at = pledges.now;
  pledges.now += 100;
  for (const other of [[[item(1)], until, salt], [[item(2), item(1)], until, salt], [[item(1), item(2, 3)], until, salt], [[item(1), item(2)], until - 1, salt], [[item(1), item(2)], until, tag(9)]])
    await refused(pledges.call(ada, 'reserve', ...other), 'SealIsNotAnnounced');
  pledges.now = at + DAY;
  await refused(pledges.call(ada, 'reserve', [item(1), item(2)], until, salt), 'SealIsOver', sealOf(1, [item(1), item(2)], until), at + DAY);
  await pledges.reserve(ada, [item(1), item(2)], until);
});

test('Tags are reserved all or none, 64 of them at most', async () => {
  const pledges = await made();
  await pledges.reserve(eve, [item(3)], pledges.now + DAY);
  await refused(pledges.reserve(ada, [item(1), item(2), item(3)], pledges.now + DAY), 'TagIsTaken');
  for (const number of [1, 2]) assert.deepEqual(await pledges.holder(tag(number)), free);
  const many = Array.from({ length: 65 }, (_, at) => item(100 + at));
  await refused(pledges.reserve(ada, many, pledges.now + DAY), 'ItemsDoNotFit', 65);
  await refused(pledges.reserve(ada, [], pledges.now + DAY), 'ItemsDoNotFit', 0);
  await refused(pledges.reserve(ada, [item(1), item(1)], pledges.now + DAY), 'ClaimIsLive');
  await pledges.reserve(ada, many.slice(1), pledges.now + DAY);
  await refused(pledges.call(ada, 'finance', [], pledges.now + DAY), 'ItemsDoNotFit', 0);
  await refused(pledges.call(ada, 'release', []), 'ItemsDoNotFit', 0);
  await refused(pledges.call(ada, 'finance', [tag(101), tag(1)], pledges.now + DAY), 'ClaimIsNotLive', tag(1));
  await refused(pledges.call(ada, 'release', [tag(101), tag(101)]), 'ClaimIsNotLive', tag(101));
  await pledges.call(ada, 'release', many.slice(1).map(one => one.tag));
});

test('A registry that reserves everything comes to the end of its quota, and a bank to the end of its share', async () => {
  const pledges = await made([4, 3], [100, 640]);
  const some = (first, count) => Array.from({ length: count }, (_, at) => item(first + at));
  const until = () => pledges.now + 2 * DAY;
  await refused(pledges.reserve(ada, some(0, 26), until()), 'ShareIsUsedUp', 1, 25);
  await pledges.reserve(ada, some(0, 20), until());
  await refused(pledges.reserve(ada, some(20, 6), until()), 'ShareIsUsedUp', 1, 5);
  await pledges.reserve(ada, some(20, 5), until());
  await refused(pledges.reserve(ada, some(25, 1), until()), 'ShareIsUsedUp', 1, 0);
  // What it gives back is used all the same.
  await pledges.call(ada, 'release', some(0, 25).map(one => one.tag));
  await refused(pledges.reserve(ada, some(0, 1), until()), 'ShareIsUsedUp', 1, 0);

  // A seat that is given up leaves larger shares, and no more for all.
  for (const [at, one] of [ben, cem].entries()) await pledges.reserve(one, some(100 * (at + 1), 25), until());
  for (const one of [ben, cem, dot]) await pledges.call(one, 'change', ada, ZeroAddress);
  await pledges.reserve(ben, some(300, 8), until());
  await refused(pledges.reserve(dot, some(400, 18), until()), 'QuotaIsUsedUp', 1, 17);
  await pledges.reserve(dot, some(400, 17), until());
  await refused(pledges.reserve(cem, some(500, 1), until()), 'QuotaIsUsedUp', 1, 0);
  await pledges.reserve(eve, some(500, 50), until());

  pledges.now += DAY;
  await pledges.reserve(cem, some(600, 33), until());
});

test("A registry's seats change by the word of more than two thirds of them, and of nobody else", async () => {
  const pledges = await made();
  const next = hand(7, 1);
  await pledges.pay(next);
  await pledges.reserve(ada, [item(1)], pledges.now + DAY);
  await pledges.call(ada, 'change', ada, next);
  await refused(pledges.call(ada, 'change', ada, next), 'WordIsGiven', 1);
  await pledges.call(ben, 'change', ada, next);
  await refused(pledges.call(eve, 'change', ada, next), 'HandHasNoSeat', ada);
  assert.equal(await pledges.contract.seatOf(next), 0n);
  const { events } = await pledges.call(cem, 'change', ada, next);
  assert.deepEqual(events.map(one => one.name), ['ChangeAsked', 'Seated']);

  // It takes over what the hand before it had, and that one is heard no more.
  assert.equal(await pledges.contract.seatOf(next), 1n);
  await refused(pledges.call(ada, 'release', [tag(1)]), 'HandHasNoSeat', ada);
  await pledges.call(next, 'release', [tag(1)]);
});

test('A word is for one change, and is over when another was made', async () => {
  const pledges = await made();
  const [one, two] = [hand(7, 1), hand(7, 2)];
  for (const from of [ada, ben]) await pledges.call(from, 'change', ZeroAddress, one);
  for (const from of [ada, ben, cem]) await pledges.call(from, 'change', ZeroAddress, two);
  assert.equal(await pledges.contract.seatOf(two), 8n);
  await pledges.call(cem, 'change', ZeroAddress, one);
  assert.equal(await pledges.contract.seatOf(one), 0n);
  for (const from of [ada, ben, dot]) await pledges.call(from, 'change', ZeroAddress, one);
  assert.equal(await pledges.contract.seatOf(one), 9n);
});

test('A further seat reserves from the next day on, so that seats that come and go have no more than their registry', async () => {
  const pledges = await made([1, 1], [64, 64]);
  const further = hand(7, 1);
  await pledges.pay(further);
  await pledges.call(ada, 'change', ZeroAddress, further);
  await refused(pledges.reserve(further, [item(1)], pledges.now + DAY), 'ShareIsUsedUp', 3, 0);
  pledges.now += DAY;
  await pledges.reserve(further, [item(1)], pledges.now + DAY);
});

test('Seats are one account each, one a registry at least, 64 at most', async () => {
  const pledges = await made([64, 1], [64, 64]);
  await refused(pledges.call(ada, 'change', ZeroAddress, hand(7, 1)), 'SeatsDoNotFit', 64);
  await refused(pledges.call(eve, 'change', eve, ZeroAddress), 'SeatsDoNotFit', 1);
  await refused(pledges.call(eve, 'change', ZeroAddress, ada), 'HandIsNotFree', ada);
  await refused(pledges.call(eve, 'change', ZeroAddress, ZeroAddress), 'HandIsNotFree', ZeroAddress);
  await refused(pledges.call(eve, 'change', ada, hand(7, 1)), 'HandHasNoSeat', ada);
});

test('A contract is made with two registries or more, each with seats and a quota', async () => {
  const { contract } = await made();
  const deploying = (hands, quotas) => chain.provider.call({ from: chain.sender, data: artifact('PledgeRegistry').bytecode + contract.interface.encodeDeploy([hands, quotas]).slice(2) })
    .catch(refusal => { refusal.revert ??= contract.interface.parseError(refusal.data); throw refusal; });
  await refused(deploying([[ada]], [64]), 'RegistriesDoNotFit', 1);
  await refused(deploying([[ada], [eve]], [64]), 'RegistriesDoNotFit', 2);
  await refused(deploying([[ada], [eve]], [64, 63]), 'RegistriesDoNotFit', 2);
  await refused(deploying([[ada], []], [64, 64]), 'SeatsDoNotFit', 0);
  await refused(deploying([[ada], [ada]], [64, 64]), 'HandIsNotFree', ada);
  await refused(deploying([[ada], [ZeroAddress]], [64, 64]), 'HandIsNotFree', ZeroAddress);
});

test('Whatever is called in whatever order, the contract does what its rules say', async () => {
  const begin = process.env.LEDGER_CHANCE ?? 'pledge';
  const runs = process.env.LEDGER_THOROUGH === '1' ? 5 : 2;
  for (let run = 0; run < runs; run++) {
    const chance = new Chance(`${begin} ${run}`);
    const sizes = [1 + chance.below(4), 1 + chance.below(3), 1];
    const quotas = sizes.map(() => 64 + chance.below(10));
    const pledges = await made(sizes, quotas);
    const model = new Model(sizes, quotas);
    const hands = [...sizes.flatMap((seats, registry) => Array.from({ length: seats }, (_, seat) => hand(registry + 1, seat + 1))), hand(7, 1), hand(7, 2)];
    for (const spare of hands.slice(-2)) await pledges.pay(spare);
    const pick = list => list[chance.below(list.length)];
    const tags = Array.from({ length: 6 }, (_, number) => tag(number));

    for (let step = 0; step < 150; step++) {
      pledges.now += pick([0, 0, 0, 3600, 3600, 20_000, 2 * DAY, 5 * DAY]);
      const from = pick(hands);
      const kind = chance.below(10);
      let [asked, given] = [null, null];
      try {
        if (kind < 5) {
          // More than there are tags, now and then, so that quotas end.
          const count = chance.below(6) === 0 ? 20 + chance.below(40) : 1 + chance.below(2);
          const items = Array.from({ length: count }, (_, at) => count > 2 ? item(1000 * step + at) : item(chance.below(6), chance.below(2)));
          const until = pledges.now + 62 + pick([-1, 1, 1000, DAY, 3 * DAY, 7 * DAY, 7 * DAY + 1]);
          if (await pledges.contract.seatOf(from) === 0n) asked = 'HandHasNoSeat';
          else asked = model.reserve(from, items, until, pledges.now + 62);
          await pledges.reserve(from, items, until, { with_: word32(step) });
        } else if (kind < 7) {
          const [some, until] = [Array.from({ length: 1 + chance.below(2) }, () => pick(tags)), pledges.now + 1 + pick([0, 1, 5000, 30 * DAY, 550 * DAY, 550 * DAY + 1])];
          asked = model.finance(from, some, until, pledges.now + 1);
          await pledges.call(from, 'finance', some, until);
        } else if (kind < 9) {
          const some = Array.from({ length: 1 + chance.below(2) }, () => pick(tags));
          asked = model.release(from, some);
          await pledges.call(from, 'release', some);
        } else {
          const [old, next] = [pick([null, ...hands]), pick([null, ...hands])];
          asked = model.change(from, old, next, pledges.now + 1);
          await pledges.call(from, 'change', old ?? ZeroAddress, next ?? ZeroAddress);
        }
      } catch (refusal) {
        if (!refusal.revert) throw refusal;
        given = refusal.revert.name;
      }
      const said = `LEDGER_CHANCE seed ${begin} ${run}, step ${step}`;
      assert.equal(given, asked, said);
      for (const one of tags) assert.deepEqual(await pledges.holder(one), model.shown(one, pledges.now), said);
    }
  }
});

const word32 = number => `0x${number.toString(16).padStart(64, '0')}`;
