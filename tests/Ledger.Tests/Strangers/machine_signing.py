"""Whose signature counts, who is independent of whom, and what stakes take of mandates and policies (docs/STATE-MACHINE.md, *An entry*; docs/FORMATS.md, *Stakes*, *Independence*)."""
from collections import namedtuple

from machine_state import MINUTE, b64, new, run_of, total

Act = namedtuple("Act", "actor hand signers")
Stake = namedtuple("Stake", "party towards currency amount")
INSTITUTIONS = ("bank", "operator")


def keys_of(s, act, party):
    """The keys with which a party signed and that are in force."""
    found = [s.get("key", signer) for signer in act.signers if signer[0] == party]
    return [key for key in found if key and key.since <= s.now < key.until]


def signs(s, act, party):
    known = s.get("party", party)
    return known is not None and known.standing == 1 and any(key.use == 1 and key.role != 2 for key in keys_of(s, act, party))


def mandates(s, principal, agent):
    """By id; those that are over are none."""
    return [(id, mandate) for id, mandate in sorted(s.nouns["mandate"].items())
            if (mandate.principal, mandate.agent) == (principal, agent) and mandate.expires > s.now]


def speaks_for(s, signer, side, party):
    return hand_of_side(s, signer, side, party) or bool(mandates(s, side, signer))


def says_yes(s, act, party, fulfils=lambda mandate: True, towards=None):
    if signs(s, act, party):
        return party
    known = s.get("party", party)
    if known is None or known.standing != 1:
        return None
    for signer, _ in act.signers:
        if speaks_for(s, signer, act.actor, party) or hand_of_side(s, signer, act.hand, party) or (towards and speaks_for(s, signer, towards, party)):
            continue
        if signs(s, act, signer) and any(fulfils(mandate) for _, mandate in mandates(s, party, signer)):
            return signer
    return None


def still_counts(s, since):
    return s.today - since < s.rule("independenceDays")


def behind(s, party, sponsors=True, controllers=True, own_words=True):
    """The party, who stands behind it, and who stands behind those, nearest first."""
    found = [party]
    for one in found:
        known, control = s.get("party", one), s.get("control", one)
        nearer = [known.sponsor] if sponsors and known and known.registered and still_counts(s, known.registered) else []
        if controllers and control:
            own = list(control.said) == [one]
            nearer += [control.controller] * (own_words or not own) + [former for former, until in control.former if still_counts(s, until)]
        for other in nearer:
            if other and len(found) < 64 and other not in found:
                found.append(other)
    return found


def tied(s, one, other, **ties):
    return one == other or bool(set(behind(s, one, **ties)) & set(behind(s, other, **ties)))


def affiliates(s, one, other):
    return tied(s, one, other, sponsors=False)


def independent(s, one, other):
    return not tied(s, one, other) and not mandates(s, one, other) and not mandates(s, other, one)


def affiliates_by_others_word(s, one, other):
    return one == other or bool(set(behind(s, one, sponsors=False)) & set(behind(s, other, sponsors=False, own_words=False)))


def hand_of_side(s, signer, side, party):
    return signer == side or (affiliates(s, signer, side) and not affiliates_by_others_word(s, party, side))


def two_banks(s, act, party):
    sponsor = s.get("party", party).sponsor
    return signs(s, act, sponsor) and any(
        s.has(bank, "bank") and signs(s, act, bank) and independent(s, bank, sponsor) and independent(s, bank, party) for bank, _ in act.signers)


def institutions(s, act):
    return tuple(sorted({party for party, _ in act.signers if s.has(party, *INSTITUTIONS) and signs(s, act, party)}))


def second_institution(s, act):
    return next((party for party, _ in act.signers if s.has(party, *INSTITUTIONS) and signs(s, act, party) and independent(s, act.actor, party)), "")


def vouching(s, act, side, other, currency, amount):
    beside = {party for party, _ in act.signers if party not in (side, other) and s.has(party, *INSTITUTIONS)
              and not mandates(s, side, party) and not mandates(s, other, party)}
    return [Stake(party, None, currency, amount) for party in sorted(beside)]


# Stakes by operation. Those in everything take nothing, and so are not here; what takes nothing and nobody asks about is not either.

def plain(s, act, o, towards, amount, currency=None):
    return [Stake(act.actor, towards, currency or o["currency"], int(amount))]


def of_instrument(s, act, o, towards, amount):
    instrument = s.get("instrument", b64(o["instrument"]))
    return [Stake(act.actor, towards(instrument), instrument.currency, amount(instrument))]


def wanted(o):
    return int(o["amount"]) if o.get("amount") is not None else total([run_of(o["units"])])


def of_pledge(s, act, o):
    pledge = s.get("pledge", b64(o["pledge"]))
    return [Stake(act.actor, pledge.pledgor, pledge.currency, pledge.amount)]


def of_offer(s, act, o, towards, named="offer"):
    offer = s.get("offer", b64(o[named]))
    return [Stake(act.actor, towards(offer), offer.currency, offer.amount)]


def of_transfer(s, act, o):
    currency, amount = s.get("instrument", b64(o["instrument"])).currency, wanted(o)
    stakes = [Stake(act.actor, o["to"], currency, amount)]
    if o.get("from"):
        stakes += [Stake(o["from"], o["to"], currency, amount)] + vouching(s, act, act.actor, o["from"], currency, amount)
    return stakes


def of_correction(s, act, o):
    offer = s.get("offer", b64(o["offer"]))
    former = s.touching(offer.instrument, offer.units[:1])[0].leg.giver
    return [Stake(act.actor, former, offer.currency, offer.amount), Stake(former, offer.to, offer.currency, offer.amount),
            Stake(o["reviewer"], None, offer.currency, offer.amount)]


def of_freeze(s, act, o):
    freeze = s.get("freeze", b64(o["freeze"]))
    return [Stake(act.actor, None, s.get("instrument", freeze.instrument).currency, total(freeze.units))]


def of_message(s, act, o):
    message = s.get("message", o["messageId"])
    stake = Stake(act.actor, None, s.get("instrument", message.instrument).currency, total([message.units]))
    return [stake, stake._replace(party=o["reviewer"])]


def of_import(s, act, o):
    return [Stake(party, o["holder"], o["currency"], int(o["amount"])) for party in (act.actor, o["acceptor"])]


def of_cancel(s, act, o):
    instrument = s.get("instrument", b64(o["instrument"]))
    active = instrument.status == 5 and instrument.obligor == act.actor
    return [Stake(act.actor, instrument.creditor, instrument.currency, 0)] + (
        [Stake(instrument.creditor, instrument.obligor, instrument.currency, instrument.face)] if active else [])


def of_receipt(s, act, o):
    from machine_maturity import dealt_lump
    id = b64(o["instrument"])
    instrument = s.get("instrument", id)
    own = Stake(act.actor, instrument.obligor, instrument.currency, int(o["amount"]))
    if o.get("payee"):
        return [own] if o["payee"] == act.actor else [own, own._replace(party=o["payee"])]
    if all(party == act.actor for party, _ in act.signers):
        return [own]
    return [own] + [own._replace(party=payee, amount=amount) for payee, amount in dealt_lump(s, act.actor, o).items() if payee != act.actor]


def of_confirmed_payment(s, act, o):
    said = s.get("payment", b64(o["announced"]))
    instrument = s.get("instrument", said.instrument)
    own = Stake(act.actor, instrument.obligor, instrument.currency, sum(amount for payee, amount in said.announced if payee == o["payee"]))
    return [own] if o["payee"] == act.actor else [own, own._replace(party=o["payee"])]


def of_return(s, act, o):
    payment = s.get("payment", b64(o["payment"]))
    instrument = s.get("instrument", payment.instrument)
    return [Stake(act.actor, instrument.obligor, instrument.currency, payment.amount)]


def of_costs(s, act, o):
    instrument, amount = s.get("instrument", b64(o["instrument"])), int(o["amount"])
    return [Stake(act.actor, instrument.obligor, instrument.currency, amount), Stake(instrument.obligor, act.actor, instrument.currency, amount),
            *vouching(s, act, act.actor, instrument.obligor, instrument.currency, amount)]


def of_extension(s, act, o):
    id = b64(o["instrument"])
    instrument, waiting = s.get("instrument", id), {}
    for token in s.tokens[id]:
        if token.state == 1:
            for party in {token.holder, *(burden.beneficiary for burden in token.burdens if s.binds(burden))}:
                waiting[party] = waiting.get(party, 0) + total([token.units])
    return [Stake(act.actor, instrument.creditor, instrument.currency, 0)] + [
        Stake(party, instrument.obligor, instrument.currency, amount) for party, amount in sorted(waiting.items()) if party != instrument.obligor]


def of_decision(s, act, o):
    measure = s.get("measure", b64(o["measure"]))
    return of_offer(s, act, o, lambda offer: None, "measure") if measure.kind <= 3 else []


def of_contest(s, act, o):
    gainer = s.get("measure", b64(o["measure"])).gainer
    return [Stake(act.actor, gainer, "", 0)] if gainer not in ("", act.actor) else []


def of_payout(s, act, o, beside="reviewer"):
    financing = s.get("financing", b64(o["financing"]))
    own = Stake(act.actor, financing.applicant, financing.currency, financing.principal)
    return [own] + ([Stake(o[beside], None, financing.currency, financing.principal)] if beside in o else [])


def of_ending(s, act, o):
    financing = s.get("financing", b64(o["financing"]))
    return [Stake(financing.financier, financing.applicant, financing.currency, total(financing.units)),
            Stake(financing.applicant, financing.financier, financing.currency, financing.principal)] + (
        [Stake(o["reviewer"], None, financing.currency, financing.principal)] if o["kind"] == "financing.correct" else [])


STAKES = {
    "confirmation.request": lambda s, a, o: plain(s, a, o, o["obligor"], o["amount"]),
    "document.pledge": lambda s, a, o: plain(s, a, o, o["to"], o["amount"]),
    "line.set": lambda s, a, o: plain(s, a, o, o["debtor"], o["limit"]),
    "document.attest": lambda s, a, o: plain(s, a, o, None, o["total"]),
    "document.redLetter": lambda s, a, o: plain(s, a, o, None, o["amount"], s.get("document", b64(o["document"])).currency),
    "document.release": of_pledge,
    "bill.releasePledge": lambda s, a, o: of_offer(s, a, o, lambda offer: offer.giver, "pledge"),
    "confirmation.confirm": lambda s, a, o: of_instrument(s, a, o, lambda i: i.creditor, lambda i: int(o["amount"])),
    "receivable.issue": lambda s, a, o: plain(s, a, o, o["creditor"], o["amount"]),
    "bill.deliver": lambda s, a, o: of_instrument(s, a, o, lambda i: i.creditor, lambda i: i.face),
    "receivable.cancel": of_cancel,
    "bill.import": of_import,
    "bill.pledge": lambda s, a, o: of_instrument(s, a, o, lambda i: o["pledgee"], lambda i: wanted(o)),
    "bill.attest": lambda s, a, o: of_instrument(s, a, o, lambda i: None, lambda i: wanted(o)),
    "bill.reconcile": of_message,
    "bill.settleRecourse": lambda s, a, o: of_offer(s, a, o, lambda offer: offer.to),
    "offer.accept": lambda s, a, o: of_offer(s, a, o, lambda offer: offer.giver),
    "token.transfer": of_transfer,
    "token.correct": of_correction,
    "token.freeze": lambda s, a, o: of_instrument(s, a, o, lambda i: None, lambda i: wanted(o)),
    "token.extendFreeze": of_freeze,
    "token.unfreeze": of_freeze,
    "payment.receipt": of_receipt,
    "payment.return": of_return,
    "payment.confirm": of_confirmed_payment,
    "claim.costs": of_costs,
    "measure.contest": of_contest,
    "measure.decide": of_decision,
    "instrument.extend": of_extension,
    "financing.apply": lambda s, a, o: of_instrument(s, a, o, lambda i: o["financier"], lambda i: wanted(o)),
    "financing.approve": of_payout,
    "financing.disburse": of_payout,
    "financing.release": of_payout,
    "registry.attest": lambda s, a, o: [stake._replace(towards=None) for stake in of_payout(s, a, o)],
    "pledge.attest": lambda s, a, o: [stake._replace(towards=None) for stake in of_payout(s, a, o, beside="second")],
    "financing.repay": of_ending,
    "financing.settle": of_ending,
    "financing.buyBack": of_ending,
    "financing.reverse": of_ending,
    "financing.correct": of_ending,
}


def lists(mandate, verb, stake):
    return verb in mandate.verbs and (stake.towards is None or not mandate.counterparties or stake.towards in mandate.counterparties)


def covers(mandate, verb, stake):
    return lists(mandate, verb, stake) and (stake.amount == 0 or (mandate.currency == stake.currency and stake.amount <= mandate.cap))


def hand_of(s, act, o, stake):
    return act.hand if stake.party == act.actor else says_yes(s, act, stake.party, lambda mandate: covers(mandate, o["kind"], stake), stake.towards)


def agrees(s, act, o, party):
    return any(stake.party == party and hand_of(s, act, o, stake) for stake in STAKES[o["kind"]](s, act, o))


class Taken:
    """What the stakes of one transaction take."""

    def __init__(self):
        self.mandates, self.spendings = {}, {}

    def take(self, s, act, o):
        stakes = STAKES.get(o["kind"], lambda *_: [])(s, act, o)
        own = [stake for stake in stakes if stake.party == act.actor]
        if act.hand != act.actor:
            self.of_mandate(s, o["kind"], act.actor, act.hand, own)
        for stake in stakes:
            hand = hand_of(s, act, o, stake)
            if not hand:
                continue
            if stake.party != act.actor and hand != stake.party:
                self.of_mandate(s, o["kind"], stake.party, hand, [stake])
            policy = s.get("party", hand).policy
            if stake.amount and policy and not second_person(s, act, hand):
                known = s.get("spending", (hand, stake.currency))
                today = known.amount if known and known.day == s.today else 0
                self.spendings[hand, stake.currency] = self.spendings.get((hand, stake.currency), today) + stake.amount

    def of_mandate(self, s, verb, principal, agent, stakes):
        for id, mandate in mandates(s, principal, agent):
            today = mandate.used if mandate.used_on == s.today else 0
            used = self.mandates.get(id, today) + sum(stake.amount for stake in stakes)
            fits = all(lists(mandate, verb, stake) and (stake.amount == 0 or mandate.currency == stake.currency) for stake in stakes)
            if verb in mandate.verbs and fits and (used <= mandate.cap or not any(stake.amount for stake in stakes)):
                if used != today:
                    self.mandates[id] = used
                return

    def write(self, s):
        for id, used in self.mandates.items():
            if s.get("mandate", id):
                s.change("mandate", id, used_on=s.today, used=used)
        for key, amount in self.spendings.items():
            s.put("spending", key, new("spending", day=s.today, amount=amount))


def second_person(s, act, party):
    keys = keys_of(s, act, party)
    return any(second.role in (2, 3) and any(first.person != second.person for first in keys) for second in keys)


def is_long_lived(s, expires):
    return expires > s.now + 10 * MINUTE
