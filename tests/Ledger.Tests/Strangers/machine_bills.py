"""Bills and their register's messages (docs/STATE-MACHINE.md, *Bills*)."""
from genesis_state import FOREVER, H

import machine_trade
from machine_state import DAY, NO_ID, Burden, Leg, act, b64, ceiling, day_of, new, overlap, run_of, terms_of, total, uses_of

STATUSES = ["", "CS01", "CS02", "CS03", "CS04", "CS05", "CS06"]
FLOWS = ["", "TF0101", "TF0301", "TF0302", "TF0303", "TF0304", "TF0305", "TF0401", "TF0402", "TF0501"]
ISSUE, TRADE, RECOURSE = 1, 2, 5
WAITS, FREE, LOCKED, MARKED, PLEDGED, PRESENTED, IN_RECOURSE, OVER = 1, 2, 3, 4, 5, 7, 8, 9
ENDED, SETTLED = (5, OVER), (6, OVER)
# Which steps an act that is done takes, by the kind of its offer.
DONE = {
    4: {((1, LOCKED), (2, WAITS))},
    5: {((2, LOCKED), (3, FREE)), ((2, LOCKED), (3, MARKED))},
    10: {((1, WAITS), ENDED), ((2, WAITS), ENDED)},
    2: {((3, LOCKED), (3, FREE)), ((3, LOCKED), (3, MARKED)), ((3, LOCKED), SETTLED)},
    6: {((3, LOCKED), (3, PLEDGED))},
    11: {((3, PLEDGED), (3, FREE)), ((4, IN_RECOURSE), (4, IN_RECOURSE))},
    7: {((3, LOCKED), (3, FREE)), ((3, LOCKED), (3, MARKED))},
    12: {((3, MARKED), (3, FREE))},
    8: {((4, flow), SETTLED) for flow in (FREE, MARKED, PLEDGED, PRESENTED, IN_RECOURSE)},
    9: {((4, IN_RECOURSE), (4, IN_RECOURSE)), ((4, IN_RECOURSE), SETTLED)},
}
ASKED = {((1, WAITS), (1, LOCKED)), ((2, WAITS), (2, LOCKED)), ((3, FREE), (3, LOCKED)), ((3, MARKED), (3, LOCKED)), *(((4, flow), (4, PRESENTED)) for flow in (FREE, MARKED, PLEDGED))}
TOLD = ({((0, 0), (1, WAITS)), ((4, PRESENTED), (4, IN_RECOURSE))} | ASKED | {(after, before) for before, after in ASKED}
        | {((3, flow), (4, flow)) for flow in (FREE, LOCKED, MARKED, PLEDGED)})
ANY = TOLD.union(*DONE.values())
# Of several burdens the one that tells most comes first.
UNDER = [(7, IN_RECOURSE), (6, PRESENTED), (1, LOCKED), (2, LOCKED), (3, LOCKED), (5, LOCKED), (9, LOCKED), (4, PLEDGED), (8, MARKED)]


def put_bill(s, o, life, drawer, creditor, uses, **bill):
    s.put_instrument(b64(o["instrument"]), new("instrument", kind=2, status=life, obligor=o["acceptor"], creditor=creditor, currency=o["currency"], face=int(o["amount"]),
        issue=day_of(o["issueDate"]), due=day_of(o["dueDate"]), transferable=o["transferable"], number=o["packageNumber"], uses=uses, terms=terms_of(o),
        bill=new("bill", package=o["packageNumber"], drawer=drawer, acceptor=o["acceptor"], undivided=o["undivided"], ledger=s.register is None, **bill)))


@act("bill.register")
def register(s, o, by):
    due = s.start(day_of(o["dueDate"]))
    drawn = due if s.register else min(due, ceiling(s.now + s.rule("offerMaximumDays") * DAY))
    s.charge(uses_of(o), reserved=1)
    put_bill(s, o, 4, by.actor, o["payee"], uses_of(o), status=0 if s.register else 1, flow=0 if s.register else WAITS, drawn=drawn)


@act("bill.import")
def import_bill(s, o, by):
    put_bill(s, o, 5, o["drawer"], o["holder"], (), status=3, flow=FREE if o["transferable"] else MARKED)
    s.whole(b64(o["instrument"]), o["holder"], Leg(NO_ID, ISSUE, o["drawer"], 0, True, (), s.now))


# Offers and instructions.

def make(s, by, kind, id, instrument, to, units, expires, terms=()):
    noun = s.get("instrument", instrument)
    units = units or (1, noun.face)
    cause = {5: ISSUE, 9: RECOURSE}.get(kind, TRADE)
    return new("offer", kind=kind, status=1, giver=by.actor, to=to, hand=by.hand, instrument=instrument, units=(units,), cause=cause, recourse=True, currency=noun.currency,
        amount=total([units]), terms=terms, made=s.now, expires=expires)


def offered(kind, to):
    def write(s, o, by):
        id, instrument = b64(o["offer"]), b64(o["instrument"])
        offer = make(s, by, kind, id, instrument, to(s.get("instrument", instrument), o), run_of(o["units"]) if "units" in o else None, o["expires"],
            terms_of(o) if kind == 9 else ())
        s.put("offer", id, offer)
        if kind in (4, 5):
            lock(s, id, instrument)
        elif kind in (6, 7):
            s.burden(instrument, offer.units, Burden(1, id, offer.to, s.now, offer.expires))
        elif kind == 8:
            s.burden(instrument, offer.units, Burden(6, id, offer.giver, s.now, FOREVER))
        else:
            write_dishonour(s, offer)
    return write


def lock(s, id, instrument):
    noun = s.get("instrument", instrument)
    s.put("instrument", instrument, noun.but(offer=id, bill=noun.bill.but(flow=LOCKED)))


def dishonour(s, token):
    """The burden that says since when units are dishonoured, written or not."""
    for burden in token.burdens:
        if burden.kind == 7:
            return burden
        offer = s.get("offer", burden.reference) if burden.kind == 6 else None
        if offer and offer.status == 2 and offer.expires <= s.now:
            return burden._replace(kind=7, since=offer.expires)
    return None


def write_dishonour(s, offer):
    def written(token):
        burden = dishonour(s, token)
        return token._replace(burdens=tuple(other for other in token.burdens if (other.kind, other.reference) != (6, burden.reference)) + (burden,))
    s.rewrite(offer.instrument, offer.units, written, lambda token: dishonour(s, token) not in (None, *token.burdens))


def instruct(s, id, offer):
    if s.register:
        await_register(s, id, offer)
    else:
        s.put("offer", id, offer)
        machine_trade.take_effect(s, id)


def await_register(s, id, offer):
    s.put("offer", id, offer.but(status=6))
    if offer.kind == 4:
        lock(s, id, offer.instrument)
    elif offer.kind in (5, 10):
        s.change("instrument", offer.instrument, offer=id)
    else:
        s.rewrite(offer.instrument, offer.units, lambda token: token._replace(burdens=tuple(
            burden._replace(until=FOREVER) if burden.reference == id and burden.kind in (1, 8) else burden for burden in token.burdens)))


ask_acceptance = offered(4, lambda instrument, o: instrument.obligor)
act("bill.deliver")(offered(5, lambda instrument, o: instrument.creditor))
act("bill.pledge")(offered(6, lambda instrument, o: o["pledgee"]))
act("bill.guarantee")(offered(7, lambda instrument, o: o["guarantor"]))
act("bill.present")(offered(8, lambda instrument, o: instrument.obligor))
act("bill.recourse")(offered(9, lambda instrument, o: o["debtor"]))


@act("bill.presentForAcceptance")
def present_for_acceptance(s, o, by):
    id, instrument = b64(o["offer"]), b64(o["instrument"])
    if s.get("instrument", instrument).obligor != by.actor:
        return ask_acceptance(s, o, by)
    instruct(s, id, make(s, by, 4, id, instrument, by.actor, None, o["expires"]))


@act("bill.cancel")
def cancel(s, o, by):
    id = b64(o["offer"])
    instruct(s, id, make(s, by, 10, id, b64(o["instrument"]), by.actor, None, s.now))


@act("bill.releasePledge")
def release_pledge(s, o, by):
    id, pledge = b64(o["offer"]), s.get("offer", b64(o["pledge"]))
    instruct(s, id, make(s, by, 11, id, pledge.instrument, pledge.giver, pledge.units[0], s.now))


@act("bill.allowTransfer")
def allow_transfer(s, o, by):
    id = b64(o["offer"])
    instruct(s, id, make(s, by, 12, id, b64(o["instrument"]), by.actor, run_of(o["units"]), s.now))


@act("bill.settleRecourse")
def settle_recourse(s, o, by):
    id = b64(o["offer"])
    s.spend(o["bankReference"], by.actor, id)
    if s.register:
        await_register(s, id, s.get("offer", id))
    else:
        machine_trade.take_effect(s, id)


# Effects, by kind; the offer is already accepted.

def accepted(s, id, offer):
    noun = s.get("instrument", offer.instrument)
    s.put("instrument", offer.instrument, noun.but(offer=id, bill=noun.bill.but(status=2, flow=WAITS)))


def delivered(s, id, offer):
    noun = s.get("instrument", offer.instrument)
    s.charge(noun.uses, reserved=-1, used=1)
    s.put("instrument", offer.instrument, noun.but(status=5, offer=id, bill=noun.bill.but(status=3, flow=FREE if noun.transferable else MARKED)))
    s.whole(offer.instrument, offer.to, Leg(id, ISSUE, offer.giver, 0, True, noun.uses, s.now))


def exchanged_for(kind):
    return lambda s, id, offer: s.exchange(offer.instrument, offer.units, 1, id, Burden(kind, id, offer.to, s.now, FOREVER))


def paid(s, id, offer):
    if s.register:
        s.retire(offer.instrument, offer.units, 3)


def recourse_paid(s, id, offer):
    if offer.to == s.get("instrument", offer.instrument).obligor:
        return s.retire(offer.instrument, offer.units, 2)
    leg = Leg(id, RECOURSE, offer.giver, s.depth(offer.instrument, offer.units) + 1, True, (), s.now)
    s.rewrite(offer.instrument, offer.units, lambda token: token._replace(holder=offer.to, leg=leg, burdens=tuple(
        burden._replace(beneficiary=offer.to, since=s.now) if burden.kind == 7 else burden
        for burden in token.burdens if burden.kind == 7 or (burden.kind == 10 and burden.beneficiary != offer.to))))


def end_package(s, id):
    noun = s.get("instrument", id)
    s.charge(noun.uses, reserved=-1)
    s.put("instrument", id, noun.but(status=6, bill=noun.bill.but(status=5, flow=OVER)))


def pledge_released(s, id, offer):
    s.without(offer.instrument, offer.units, lambda burden: (burden.kind, burden.beneficiary) == (4, offer.giver))


def transfer_allowed(s, id, offer):
    s.rewrite(offer.instrument, offer.units, lambda token: token._replace(burdens=tuple(
        burden for burden in token.burdens if (burden.kind, burden.beneficiary) != (8, offer.giver) or token.holder == offer.giver)))


EFFECTS = {4: accepted, 5: delivered, 6: exchanged_for(4), 7: exchanged_for(10), 8: paid, 9: recourse_paid,
           10: lambda s, id, offer: end_package(s, offer.instrument), 11: pledge_released, 12: transfer_allowed}


# A drawing's end.

def awaits(s, id):
    offer = s.get("offer", id)
    return offer is not None and offer.status == 6


def end_drawing(s, id):
    noun = s.get("instrument", id)
    if noun.bill.mismatch or awaits(s, noun.offer):
        return s.put("instrument", id, noun.but(bill=noun.bill.but(drawn=noun.bill.drawn + s.rule("offerMaximumDays") * DAY)))
    offer = s.get("offer", noun.offer)
    if offer and offer.status == 1:
        s.change("offer", noun.offer, status=5)
    end_package(s, id)


# The register's messages.

def pair_of_package(s, noun):
    bill, offer = noun.bill, s.get("offer", noun.offer)
    if noun.status == 4 and bill.drawn <= s.now and not bill.mismatch and not awaits(s, noun.offer):
        return ENDED
    ran_out = bill.flow == LOCKED and offer and offer.status == 1 and offer.expires <= s.now
    return bill.status, WAITS if ran_out else bill.flow


def pair_of_token(s, noun, token):
    if token.state != 1:
        return SETTLED
    kinds = {burden.kind for burden in token.burdens if s.binds(burden)}
    flow = next((flow for kind, flow in UNDER if kind in kinds), FREE if noun.transferable else MARKED)
    return 4 if s.today >= noun.due else 3, flow


def early(pair):
    return (3, pair[1]) if pair[0] == 4 else pair


def stands_at(s, id, units, pair):
    noun = s.get("instrument", id)
    if id not in s.tokens:
        return units == (1, noun.face) and early(pair_of_package(s, noun)) == early(pair)
    return all(early(pair_of_token(s, noun, token)) == early(pair) for token in s.touching(id, [units]))


def leads(rows, before, after):
    return (before, after) in rows or (early(before), early(after)) in rows


def is_mismatched(s, id, units):
    if id not in s.tokens:
        return s.get("instrument", id).bill.mismatch
    return any(burden.kind == 9 for token in s.touching(id, [units]) for burden in token.burdens)


def can_still_be_done(s, id, offer):
    if offer.kind in (4, 5, 10):
        return s.get("instrument", offer.instrument).offer == id
    return all(token.state == 1 and (offer.kind == 12 or s.pledgee_or_holder(token) == offer.giver) for token in s.touching(offer.instrument, offer.units))


def after(s, change, id, units, pair):
    """Whether units would stand at a pair once something is done."""
    trial = s.trial()
    change(trial)
    return stands_at(trial, id, units, pair)


def reference_of(message):
    return H(message.encode())[:16]


@act("bill.attest")
def attest(s, o, by):
    id, units = b64(o["instrument"]), run_of(o["units"])
    before = STATUSES.index(o.get("statusBefore") or ""), FLOWS.index(o.get("flowBefore") or "")
    then = STATUSES.index(o["statusAfter"]), FLOWS.index(o["flowAfter"])
    named = b64(o["offer"]) if o.get("offer") else None
    offer = s.get("offer", named) if named else None
    s.put("message", o["messageId"], new("message", instrument=id, units=units, status_before=before[0], flow_before=before[1], status_after=then[0], flow_after=then[1], at=s.now))
    noun = s.get("instrument", id)
    concerns = offer is not None and (offer.instrument, offer.units) == (id, (units,))
    if not is_mismatched(s, id, units):
        if offer is None and noun.status == 4 and stands_at(s, id, units, (0, 0)) and before == (0, 0) and then == (1, WAITS):
            if not o["done"]:
                return end_package(s, id)
            return s.put("instrument", id, noun.but(bill=noun.bill.but(status=then[0], flow=then[1])))
        if offer and offer.status == 6 and concerns and stands_at(s, id, units, before):
            if (o["done"] and can_still_be_done(s, named, offer) and leads(DONE[offer.kind], before, then)
                    and after(s, lambda trial: machine_trade.take_effect(trial, named), id, units, then)):
                return machine_trade.take_effect(s, named)
            if not o["done"] and after(s, lambda trial: machine_trade.close(trial, named, 3), id, units, then):
                return machine_trade.close(s, named, 3)
        if o["done"] and before != then and (offer is None or concerns) and leads(ANY, before, then) and stands_at(s, id, units, then):
            if offer and offer.kind == 8 and offer.status == 6 and then[1] == OVER:
                s.change("offer", named, status=2)
            return
    s.put("instrument", id, noun.but(bill=noun.bill.but(mismatch=True)))
    if id in s.tokens:
        mismatch = Burden(9, reference_of(o["messageId"]), s.register, s.now, FOREVER)
        s.rewrite(id, [units], lambda token: token._replace(burdens=tuple(burden for burden in token.burdens if burden.kind != 9) + (mismatch,)))


def lift_mismatch(s, message):
    id = message.instrument
    if id in s.tokens:
        s.without(id, [message.units], lambda burden: burden.kind == 9)
    noun = s.get("instrument", id)
    left = id in s.tokens and is_mismatched(s, id, (1, noun.face))
    s.put("instrument", id, noun.but(bill=noun.bill.but(mismatch=left)))


@act("bill.reconcile")
def reconcile(s, o, by):
    message = s.get("message", o["messageId"])
    id, units, then = message.instrument, message.units, (message.status_after, message.flow_after)
    if not o.get("offer") and not after(s, lambda trial: lift_mismatch(trial, message), id, units, then):
        named = [burden.reference for token in s.touching(id, [units]) for burden in token.burdens if burden.kind in (1, 6)] if id in s.tokens else [s.get("instrument", id).offer]
        for other in dict.fromkeys(named):
            offer = s.get("offer", other)
            if offer and offer.status in (1, 6):
                machine_trade.close(s, other, 3)
    lift_mismatch(s, message)
    if o.get("offer"):
        return machine_trade.take_effect(s, b64(o["offer"]))
    if stands_at(s, id, units, then):
        return
    noun = s.get("instrument", id)
    if id not in s.tokens:
        if noun.status == 4 and then[1] == OVER:
            end_package(s, id)
        elif noun.status == 4 and then[1] == WAITS:
            s.put("instrument", id, noun.but(bill=noun.bill.but(status=then[0], flow=then[1])))
    elif then[1] == OVER:
        s.retire(id, [units], 3)
    elif then[1] in (FREE, MARKED):
        mark = (Burden(8, reference_of(o["messageId"]), s.register, s.now, FOREVER),) if then[1] == MARKED else ()
        s.rewrite(id, [units], lambda token: token._replace(burdens=tuple(burden for burden in token.burdens if burden.kind not in (4, 6, 7, 8)) + mark))
