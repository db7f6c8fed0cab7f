// Registries with their hands on a chain whose clock goes as it is told, and the contract's rules written a second time, naively.
import { AbiCoder, Contract, ContractFactory, getAddress, keccak256 } from 'ethers';
import { artifact } from './world.mjs';

export const DAY = 86_400;

/** Behind any time of a real clock, and the same in every run. */
export const BEGIN = 4_102_444_800;

export const salt = `0x${'5a'.repeat(32)}`;

/** 32 octets for a small number, none of them zero, since zeros cost less. */
export const word = (kind, number) => `0x${kind.repeat(28)}${(0x11111111 + number).toString(16)}`;
export const tag = number => word('a7', number);
export const commitment = number => word('c3', number);

export const hand = (registry, seat) => getAddress(`0x${'b1'.repeat(18)}${(0x10 + registry).toString(16)}${(0x10 + seat).toString(16)}`);

export function sealOf(seat, items, until, with_ = salt) {
  return keccak256(AbiCoder.defaultAbiCoder().encode(['uint32', 'tuple(bytes32 tag, bytes32 commitment)[]', 'uint40', 'bytes32'], [seat, items, until, with_]));
}

/** A contract and whoever acts on it. Each call is a block of its own, at a time that is given. */
export class Pledges {
  static async deploy(chain, sizes, quotas = sizes.map(() => 640), now = BEGIN) {
    const pledges = new Pledges();
    Object.assign(pledges, { chain, now });
    const { abi, bytecode } = artifact('PledgeRegistry');
    const hands = sizes.map((seats, registry) => Array.from({ length: seats }, (_, seat) => hand(registry + 1, seat + 1)));
    await chain.provider.send('anvil_autoImpersonateAccount', [true]);
    for (const one of hands.flat()) await pledges.pay(one);
    const { data } = await new ContractFactory(abi, bytecode).getDeployTransaction(hands, quotas);
    pledges.deployment = await pledges.#mine({ data, from: chain.sender });
    pledges.contract = new Contract(pledges.deployment.contractAddress, abi, chain.provider);
    return pledges;
  }

  pay(account) {
    return this.chain.provider.send('anvil_setBalance', [account, '0x56bc75e2d63100000']);
  }

  /** Carries a call out and gives its events, or throws its refusal by name. */
  async call(from, name, ...given) {
    const data = this.contract.interface.encodeFunctionData(name, given);
    const receipt = await this.#mine({ to: this.contract.target, data, from });
    if (receipt.status !== '0x1') await this.contract[name].staticCall(...given, { from });
    receipt.events = receipt.logs.map(log => this.contract.interface.parseLog(log));
    receipt.gas = Number(receipt.gasUsed);
    return receipt;
  }

  /** Announces, waits and reserves. */
  async reserve(from, items, until, { wait = 60, with_ = salt } = {}) {
    const seat = Number(await this.contract.seatOf(from));
    await this.call(from, 'announce', sealOf(seat, items, until, with_));
    this.now += wait;
    return await this.call(from, 'reserve', items, until, with_);
  }

  async holder(of) {
    await this.#mine({ to: this.chain.sender, from: this.chain.sender });
    return [...await this.contract.holderOf(of)].map(String);
  }

  async #mine(transaction) {
    // A chain's time rises with each block; two calls of one second are two blocks of two.
    this.now++;
    await this.chain.provider.send('evm_setNextBlockTimestamp', [this.now]);
    return await this.chain.send(transaction);
  }
}

/** The rules of the contract over plain lists: each call gives the name of its refusal, or null. */
export class Model {
  constructor(sizes, quotas) {
    this.registries = sizes.map((_, at) => ({ number: at + 1, quota: quotas[at], used: new Map(), words: new Map() }));
    this.seats = sizes.flatMap((seats, at) => Array.from({ length: seats }, (_, seat) => ({ registry: at + 1, hand: hand(at + 1, seat + 1), used: new Map(), since: 0 })));
    this.seats.forEach((seat, at) => { seat.number = at + 1; });
    this.holdings = [];
  }

  holding(of, now) {
    return this.holdings.find(one => one.tag === of && one.claims.length > 0 && one.until > now);
  }

  #newest(of) {
    return this.holdings.findLast(one => one.tag === of);
  }

  #seat(account) {
    return this.seats.find(one => one.hand === account);
  }

  #sittingIn(registry) {
    return this.seats.filter(one => one.registry === registry && one.hand !== null);
  }

  reserve(account, items, until, now) {
    const seat = this.#seat(account);
    if (!seat) return 'HandHasNoSeat';
    if (until <= now || until > now + 7 * DAY) return 'EndIsOutOfBounds';
    const registry = this.registries[seat.registry - 1];
    const today = Math.floor(now / DAY);
    const share = Math.floor(registry.quota / this.#sittingIn(seat.registry).length);
    if ((registry.used.get(today) ?? 0) + items.length > registry.quota) return 'QuotaIsUsedUp';
    if (seat.since === today || (seat.used.get(today) ?? 0) + items.length > share) return 'ShareIsUsedUp';

    const before = structuredClone(this.holdings);
    for (const item of items) {
      let held = this.holding(item.tag, now);
      if (!held) this.holdings.push(held = { tag: item.tag, registry: seat.registry, commitment: item.commitment, until: 0, claims: [] });
      const own = held.claims.find(one => one.seat === seat.number);
      const refusal = held.registry !== seat.registry ? 'TagIsTaken' : held.commitment !== item.commitment ? 'CommitmentIsAnother' : own && own.until > now ? 'ClaimIsLive' : null;
      if (refusal) {
        this.holdings = before;
        return refusal;
      }
      if (own) own.until = until;
      else held.claims.push({ seat: seat.number, until });
      held.until = Math.max(held.until, until);
    }
    registry.used.set(today, (registry.used.get(today) ?? 0) + items.length);
    seat.used.set(today, (seat.used.get(today) ?? 0) + items.length);
    return null;
  }

  finance(account, tags, until, now) {
    const seat = this.#seat(account);
    if (!seat) return 'HandHasNoSeat';
    if (until <= now || until > now + 550 * DAY) return 'EndIsOutOfBounds';
    const own = tags.map(of => this.holding(of, now)?.claims.find(one => one.seat === seat.number && one.until > now));
    if (own.some(one => !one)) return 'ClaimIsNotLive';
    tags.forEach((of, at) => {
      own[at].until = until;
      const held = this.holding(of, now);
      held.until = Math.max(held.until, until);
    });
    return null;
  }

  release(account, tags) {
    const seat = this.#seat(account);
    if (!seat) return 'HandHasNoSeat';
    const held = tags.map(of => this.#newest(of));
    if (held.some(one => !one?.claims.some(claim => claim.seat === seat.number)) || new Set(tags).size < tags.length) return 'ClaimIsNotLive';
    for (const one of held) one.claims = one.claims.filter(claim => claim.seat !== seat.number);
    return null;
  }

  change(account, from, to, now) {
    const seat = this.#seat(account);
    if (!seat) return 'HandHasNoSeat';
    const sitting = this.#sittingIn(seat.registry);
    if (from === null && sitting.length === 64) return 'SeatsDoNotFit';
    if (from !== null && to === null && sitting.length === 1) return 'SeatsDoNotFit';
    if (from !== null && !sitting.some(one => one.hand === from)) return 'HandHasNoSeat';
    if (to === null ? from === null : this.#seat(to)) return 'HandIsNotFree';
    const { words } = this.registries[seat.registry - 1];
    const given = words.get(`${from} ${to}`) ?? new Set();
    if (given.has(seat.number)) return 'WordIsGiven';
    words.set(`${from} ${to}`, given.add(seat.number));
    if (3 * given.size <= 2 * sitting.length) return null;

    words.clear();
    if (from === null) this.seats.push({ number: this.seats.length + 1, registry: seat.registry, hand: to, used: new Map(), since: Math.floor(now / DAY) });
    else this.#seat(from).hand = to;
    return null;
  }

  shown(of, now) {
    const held = this.holding(of, now);
    return held ? [held.registry, held.until, held.claims.length, held.commitment].map(String) : ['0', '0', '0', `0x${'00'.repeat(32)}`];
  }
}
