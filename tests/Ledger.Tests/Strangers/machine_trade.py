"""Claims, receivables, offers, transfers, freezes and measures (docs/STATE-MACHINE.md)."""
from genesis_state import FOREVER, ZERO

import machine_bills
from machine_signing import agrees, institutions, second_institution
from machine_state import (DAY, HOUR, LAST_DAY, NO_ID, Burden, Leg, act, b64, both, ceiling, day_of, joined, new, run_of, terms_of, total, uses_of)

CAUSES = ["", "issue", "trade", "sale", "realisation", "recourse", "subrogation", "succession", "court", "correction", "conversion"]
ISSUE, TRADE, SALE, REALISATION, RECOURSE, SUCCESSION, COURT, CORRECTION = 1, 2, 3, 4, 5, 7, 8, 9


# Claims and receivables.

def deadline(s, o):
    if o["obligorSize"] not in ("large", "publicBody") or o["creditorSize"] not in ("medium", "small", "micro"):
        return 0
    last = s.today + s.rule("confirmationDays")
    return s.start((s.rolled(last) if s.rule("confirmationRollsOver") else last) + 1)


@act("confirmation.request")
def request(s, o, by):
    amount = int(o["amount"])
    claim = new("confirmation", requested=amount, requested_at=s.now, signed=day_of(o["contractSigned"]), deadline=deadline(s, o), consent=bytes.fromhex(o["supplierConsent"]),
        hand=by.hand)
    s.put_instrument(b64(o["instrument"]), new("instrument", kind=1, status=1, obligor=o["obligor"], creditor=by.actor, currency=o["currency"], face=amount, transferable=True,
        number=o.get("number", ""), terms=terms_of(o), confirmation=claim))


def answered(s, instrument):
    claim = instrument.confirmation
    late = instrument.status == 1 and claim.deadline != 0 and claim.deadline <= s.now
    return claim.but(answered=s.now, overdue=claim.overdue or late)


def undertaking(o):
    return dict(letter=bytes.fromhex(o["letter"]), waived=o["defencesWaived"], clause=bytes.fromhex(o["contractClause"]))


@act("confirmation.confirm")
def confirm(s, o, by):
    id = b64(o["instrument"])
    instrument = s.get("instrument", id)
    amount, reason = int(o["amount"]), o.get("disputeReason")
    claim = answered(s, instrument).but(confirmed=amount, disputed=instrument.confirmation.requested - amount, reason=bytes.fromhex(reason) if reason else ZERO,
        **undertaking(o["undertaking"]))
    s.put("instrument", id, instrument.but(status=2, confirmation=claim))


@act("confirmation.dispute")
def dispute(s, o, by):
    id = b64(o["instrument"])
    instrument, reason = s.get("instrument", id), bytes.fromhex(o["reason"])
    if instrument.status == 1:
        claim = answered(s, instrument).but(disputed=instrument.confirmation.requested, reason=reason)
        s.put("instrument", id, instrument.but(status=3, confirmation=claim))
    else:
        s.put("instrument", id, instrument.but(confirmation=instrument.confirmation.but(later=True, reason=reason)))


@act("receivable.issue")
def issue(s, o, by):
    id, offer, amount = b64(o["instrument"]), b64(o["offer"]), int(o["amount"])
    known = s.get("instrument", id)
    if known:
        number, claim = known.number, known.confirmation
    else:
        number = o.get("number", "")
        claim = new("confirmation", requested=amount, requested_at=s.now, signed=day_of(o["issueDate"]), confirmed=amount, answered=s.now, **undertaking(o["undertaking"]))
    s.charge(uses_of(o), reserved=1)
    s.put_instrument(id, new("instrument", kind=1, status=4, obligor=by.actor, creditor=o["creditor"], currency=o["currency"], face=amount, issue=day_of(o["issueDate"]),
        due=day_of(o["dueDate"]), transferable=o["transferable"], number=number, offer=offer, uses=uses_of(o), terms=known.terms if known else terms_of(o), confirmation=claim))
    s.put("offer", offer, new("offer", kind=1, status=1, giver=by.actor, to=o["creditor"], hand=by.hand, instrument=id, units=((1, amount),), cause=ISSUE, currency=o["currency"],
        amount=amount, uses=uses_of(o), terms=terms_of(o), made=s.now, expires=o["expires"]))
    if o.get("line"):
        s.draw(b64(o["line"]), amount)
        s.put("earmark", id, new("earmark", line=b64(o["line"]), drawn=amount))
    maturity, rate = s.maturity(id), o.get("lateRate")
    agreed = (rate is not None, int(rate or 0))
    if (maturity.agreed, maturity.rate) != agreed:
        s.put("maturity", id, maturity.but(agreed=agreed[0], rate=agreed[1]))


@act("receivable.cancel")
def cancel(s, o, by):
    id = b64(o["instrument"])
    instrument = s.get("instrument", id)
    if instrument.status == 4:
        return close(s, instrument.offer, 4)
    s.charge(instrument.uses, used=-1)
    s.release_earmark(id)
    s.change("instrument", id, status=6)
    for token in s.tokens.pop(id):
        s.remove("token", (id, token.units[0]))


# Offers.

def close(s, id, status):
    offer = s.get("offer", id)
    end(s, id, offer, status)
    if offer.kind == 1:
        s.release_earmark(offer.instrument)
        if s.get("maturity", offer.instrument):
            s.remove("maturity", offer.instrument)
        instrument = s.get("instrument", offer.instrument)
        again = dict(status=2, transferable=True, offer=NO_ID) if instrument.confirmation.consent != ZERO else dict(status=6)
        s.put("instrument", offer.instrument, instrument.but(face=instrument.confirmation.requested, issue=0, due=0, uses=(), **again))
    elif offer.kind == 2:
        s.lift(offer.instrument, offer.units, 1, id)
        if s.get("instrument", offer.instrument).bill:
            s.lift(offer.instrument, offer.units, 8, id)
    elif offer.kind in (4, 5):
        instrument = s.get("instrument", offer.instrument)
        if instrument.status == 4 and instrument.offer == id:
            s.put("instrument", offer.instrument, instrument.but(bill=instrument.bill.but(flow=1)))
    elif offer.kind in (6, 7):
        s.lift(offer.instrument, offer.units, 1, id)
    elif offer.kind == 8 and status == 4:
        s.lift(offer.instrument, offer.units, 6, id)
    elif offer.kind == 8:
        s.exchange(offer.instrument, offer.units, 6, id, Burden(7, id, offer.giver, offer.expires if status == 5 else s.now, FOREVER))


def end(s, id, offer, status):
    s.charge(offer.uses, reserved=-1)
    s.put("offer", id, offer.but(status=status))
    measure = s.get("measure", id)
    if offer.kind == 2 and measure and measure.kind <= 3 and measure.status in (1, 2):
        s.change("measure", id, status=5)


@act("offer.decline")
def decline(s, o, by):
    close(s, b64(o["offer"]), 3)


@act("offer.withdraw")
def withdraw(s, o, by):
    close(s, b64(o["offer"]), 4)


@act("offer.accept")
def accept(s, o, by):
    id = b64(o["offer"])
    offer = s.get("offer", id)
    instrument = s.get("instrument", offer.instrument)
    if offer.kind == 9:
        s.change("offer", id, status=2)
    elif s.register and instrument and instrument.bill:
        machine_bills.await_register(s, id, offer)
    else:
        take_effect(s, id)


def take_effect(s, id):
    s.change("offer", id, status=2)
    offer = s.get("offer", id)
    if offer.kind == 1:
        s.charge(offer.uses, reserved=-1, used=1)
        s.change("instrument", offer.instrument, status=5, terms=both(s.get("instrument", offer.instrument).terms, offer.terms))
        s.whole(offer.instrument, offer.to, Leg(id, ISSUE, offer.giver, 0, False, offer.uses, s.now))
    elif offer.kind == 2:
        move(s, id, offer)
        if s.get("instrument", offer.instrument).bill:
            s.exchange(offer.instrument, offer.units, 8, id, Burden(8, id, offer.giver, s.now, FOREVER))
    elif offer.kind == 3:
        s.rely([document for document, _ in offer.uses], offer.to)
        s.charge(offer.uses, reserved=-1, used=1)
        s.put("pledge", id, new("pledge", pledgor=offer.giver, pledgee=offer.to, currency=offer.currency, amount=offer.amount, uses=offer.uses, since=s.now))
    else:
        machine_bills.EFFECTS[offer.kind](s, id, offer)


def move(s, id, offer):
    home = offer.to == s.get("instrument", offer.instrument).obligor
    giver = s.touching(offer.instrument, offer.units[:1])[0].holder
    leg = Leg(id, offer.cause, giver, min(s.depth(offer.instrument, offer.units) + 1, 65535), offer.recourse, offer.uses, s.now)
    s.charge(offer.uses, reserved=-1, used=1)

    def moved(token):
        first = s.first_freeze(token)

        def ends(burden):
            return ((burden.kind, burden.reference) == (1, id) or (offer.cause == REALISATION and burden.kind == 4 and burden.beneficiary == offer.giver)
                    or (offer.cause == COURT and burden.kind == 5 and first is not None and first.beneficiary == offer.giver))
        left = tuple(burden for burden in token.burdens if not ends(burden))
        mine = s.purchase_again(offer.to, token, leg.depth) if offer.cause == RECOURSE else None
        mine = mine or (leg if offer.cause == TRADE else leg._replace(uses=token.leg.uses))._replace(
            under=s.purchase_of(offer.instrument, token) if offer.cause in (TRADE, SALE) else NO_ID)
        return token._replace(holder=offer.to, state=2 if home and not any(map(s.binds, left)) else 1, leg=mine, burdens=left)
    s.rewrite(offer.instrument, offer.units, moved)
    if home:
        s.settle(offer.instrument)


# Transfers.

@act("token.transfer")
def transfer(s, o, by):
    id, instrument, cause = b64(o["offer"]), b64(o["instrument"]), CAUSES.index(o["cause"])
    units = (run_of(o["units"]),) if o.get("units") else s.lowest(instrument, by.actor, int(o["amount"]), s.free)
    holder = o.get("from")
    against = cause in (COURT, SUCCESSION) or (cause == REALISATION and not agrees(s, by, o, holder))
    s.charge(uses_of(o), reserved=1)
    s.put("offer", id, new("offer", kind=2, status=1, giver=by.actor, to=o["to"], hand=by.hand, instrument=instrument, units=units, cause=cause, recourse=o["recourse"],
        currency=s.get("instrument", instrument).currency, amount=total(units), uses=uses_of(o), terms=terms_of(o), made=s.now, expires=o["expires"]))
    s.burden(instrument, units, Burden(1, id, o["to"], s.now, o["expires"]))
    if o.get("notTransferable"):
        s.burden(instrument, units, Burden(8, id, by.actor, s.now, o["expires"]))
    if against:
        put_measure(s, by, id, {COURT: 1, REALISATION: 2, SUCCESSION: 3}[cause], holder, o["to"], o.get("evidence"), o["expires"])


@act("token.correct")
def correct(s, o, by):
    id = b64(o["offer"])
    offer = s.get("offer", id)
    former = s.touching(offer.instrument, offer.units[:1])[0].leg.giver
    s.charge(offer.uses, used=-1)
    s.rewrite(offer.instrument, offer.units, lambda token: token._replace(holder=former,
        leg=s.purchase_again(former, token, token.leg.depth - 1) or Leg(id, CORRECTION, offer.to, token.leg.depth - 1, False, uses_of(o), s.now)))


# Freezes.

@act("token.freeze")
def freeze(s, o, by):
    id, instrument = b64(o["freeze"]), b64(o["instrument"])
    units = (run_of(o["units"]),) if o.get("units") else s.lowest(instrument, o["holder"], int(o["amount"]), lambda token: s.first_freeze(token) is None)
    lapse(s, instrument, units)
    second, until = second_institution(s, by), s.start(day_of(o["lastDay"]) + 1)
    kept = until if second else min(FOREVER, until + 10 * s.rule("emergencyFreezeHours") * HOUR)
    s.burden(instrument, units, Burden(5, id, by.actor, s.now, until))
    s.put("freeze", id, new("freeze", instrument=instrument, units=units, executor=by.actor, second=second, authority=o["authority"], case=bytes.fromhex(o["caseNumber"]),
        order=bytes.fromhex(o["order"]), since=s.now, until=until, kept=kept))


def lapse(s, instrument, units):
    lapsing = set()
    for token in s.touching(instrument, units):
        first = s.first_freeze(token)
        for burden in token.burdens:
            if burden.kind == 1 and s.binds(burden):
                offer = s.get("offer", burden.reference)
                executes = offer.cause == COURT and first is not None and first.beneficiary == offer.giver
                if offer.status == 1 and offer.cause != SUCCESSION and not executes:
                    lapsing.add(burden.reference)
    runs = []
    for id in sorted(lapsing):
        offer = s.get("offer", id)
        runs += offer.units
        end(s, id, offer, 7)
    s.without(instrument, joined(runs), lambda burden: burden.kind in (1, 8) and burden.reference in lapsing)


def reterm(s, id, **changes):
    s.change("freeze", id, **changes)
    freeze = s.get("freeze", id)
    s.rewrite(freeze.instrument, freeze.units, lambda token: token._replace(burdens=tuple(
        burden._replace(until=freeze.until) if (burden.kind, burden.reference) == (5, id) else burden for burden in token.burdens)))


@act("token.extendFreeze")
def extend_freeze(s, o, by):
    until = s.start(day_of(o["lastDay"]) + 1)
    reterm(s, b64(o["freeze"]), second=second_institution(s, by), order=bytes.fromhex(o["order"]), until=until, kept=until)


@act("token.unfreeze")
def unfreeze(s, o, by):
    lift_freeze(s, b64(o["freeze"]))


def lift_freeze(s, id):
    freeze = s.get("freeze", id)
    if not freeze.second and freeze.kept > s.now:
        return reterm(s, id, until=s.now)
    s.lift(freeze.instrument, freeze.units, 5, id)
    s.remove("freeze", id)


# Measures.

def put_measure(s, by, id, kind, against, gainer, evidence, until=None):
    in_force = ceiling(s.now + s.rule("contestHours") * HOUR)
    s.put("measure", id, new("measure", kind=kind, status=1, by=by.actor, institutions=institutions(s, by), against=against, gainer=gainer,
        evidence=bytes.fromhex(evidence) if evidence else ZERO, made=s.now, in_force=in_force, until=until or in_force + s.rule("offerMaximumDays") * DAY))


@act("party.insolvent")
def insolvent(s, o, by):
    s.put("listed", (6, o["party"]), new("listed", proposer=by.actor, since=day_of(o["date"]), until=LAST_DAY, evidence=bytes.fromhex(o["order"]), measure=b64(o["measure"])))
    put_measure(s, by, b64(o["measure"]), 4, o["party"], "", o["order"])


@act("party.solvent")
def solvent(s, o, by):
    s.change("listed", (6, o["party"]), measure=b64(o["measure"]))
    put_measure(s, by, b64(o["measure"]), 5, o["party"], o["party"], o["order"])


@act("measure.contest")
def contest(s, o, by):
    s.change("measure", b64(o["measure"]), status=2, contested=by.actor, reason=bytes.fromhex(o["reason"]))


@act("measure.decide")
def decide(s, o, by):
    id = b64(o["measure"])
    s.change("measure", id, decided=by.actor, order=bytes.fromhex(o["order"]))
    if o["upheld"]:
        return take_effect_measure(s, id)
    s.change("measure", id, status=4)
    if s.get("measure", id).kind <= 3:
        close(s, id, 8)


def take_effect_measure(s, id):
    s.change("measure", id, status=3)
    measure = s.get("measure", id)
    if measure.kind == 5:
        s.change("listed", (6, measure.against), until=s.today)
