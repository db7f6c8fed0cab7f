"""Lines, the registry's answers and financings (docs/STATE-MACHINE.md)."""
from genesis_state import FOREVER

from machine_state import HOUR, NO_ID, Burden, Leg, act, b64, both, ceiling, day_of, new, run_of, terms_of, total, uses_before

FORMS = ["", "pledgeLoan", "recourseFactoring", "nonRecourseFactoring", "discount"]
MODES = ["", "general", "earmarked", "none", "supplier"]
COUNTS, BOUNDS = ["", "actual360", "actual365", "thirty360"], ["", "first", "last", "both", "neither"]
ROUNDINGS, PAYMENTS = ["", "halfUp", "down", "up"], ["", "prepaid", "atMaturity"]
REGISTRY_ACTS, FINDINGS = ["", "query", "registration", "cancellation"], ["", "clear", "released", "encumbered", "done"]
SALE, RECOURSE = 3, 5


@act("line.set")
def set_line(s, o, by):
    id = b64(o["line"])
    known = s.get("line", id)
    s.put("line", id, new("line", bank=by.actor, debtor=o["debtor"], mode=MODES.index(o["mode"]), currency=o["currency"], limit=int(o["limit"]),
        drawn=known.drawn if known else 0, until=day_of(o["until"])))


@act("financing.apply")
def apply(s, o, by):
    id, instrument = b64(o["financing"]), b64(o["instrument"])
    units = (run_of(o["units"]),) if o.get("units") else s.lowest(instrument, by.actor, int(o["amount"]), s.free)
    until, documents = ceiling(s.now + s.rule("reservationHours") * HOUR), tuple(b64(document) for document in o["documents"])
    s.burden(instrument, units, Burden(2, id, o["financier"], s.now, until))
    s.put("financing", id, new("financing", form=FORMS.index(o["form"]), status=1, applicant=by.actor, hand=by.hand, financier=o["financier"], instrument=instrument, units=units,
        currency=s.get("instrument", instrument).currency, principal=int(o["principal"]), end=day_of(o["end"]), count=COUNTS.index(o["dayCount"]), bounds=BOUNDS.index(o["bounds"]),
        rounding=ROUNDINGS.index(o["rounding"]), payment=PAYMENTS.index(o["payment"]), refunds=o["refundsUnearned"], grace=o["graceDays"], rolled=o["accruesOnRolledDays"],
        documents=documents, terms=terms_of(o), applied=s.now, reserved_until=until, margin=total(units) - int(o["principal"])))
    s.put("reservation", id, new("reservation", bank=o["financier"], instrument=instrument, units=units, documents=documents, since=s.now, until=until))


def end_before_payout(s, id, status):
    financing = s.get("financing", id)
    s.lift(financing.instrument, financing.units, 2 if financing.status == 1 else 3, id)
    drop_reservation(s, id)
    s.occupy(id, s.get("financing", id).but(status=status), 0)


def drop_reservation(s, id):
    if s.get("reservation", id):
        s.remove("reservation", id)


@act("financing.withdraw")
def withdraw(s, o, by):
    end_before_payout(s, b64(o["financing"]), 11)


@act("financing.release")
def release(s, o, by):
    end_before_payout(s, b64(o["financing"]), 9)


@act("registry.attest")
def attest(s, o, by):
    id, financing, kind = b64(o["attestation"]), b64(o["financing"]), REGISTRY_ACTS.index(o["act"])
    s.change("financing", financing, **{1: dict(query=id), 2: dict(registration=id, status=3), 3: dict(registration=NO_ID)}[kind])
    s.put("attestation", id, new("attestation", financing=financing, act=kind, finding=FINDINGS.index(o["finding"]), attester=by.actor,
        certificate=bytes.fromhex(o["certificate"]), stated=o["statedAt"], at=s.now))


@act("pledge.attest")
def attest_pledge(s, o, by):
    s.put("pledged", b64(o["financing"]), new("pledged", registry=o["registry"], seat=o["seat"], tags=bytes.fromhex(o["tags"]), block=bytes.fromhex(o["block"]), second=o["second"],
        stated=o["statedAt"], until=o["until"], at=s.now))


@act("financing.approve")
def approve(s, o, by):
    id = b64(o["financing"])
    financing, line = s.get("financing", id), b64(o["line"]) if o.get("line") else NO_ID
    earmark = s.get("earmark", financing.instrument)
    is_earmarked = (o["credit"] == "earmarked" and earmark is not None and s.get("line", earmark.line) is not None and s.get("line", earmark.line).bank == financing.financier and line in (NO_ID, earmark.line))
    draws = o["credit"] != "none" and not is_earmarked
    s.lift(financing.instrument, financing.units, 2, id)
    s.burden(financing.instrument, financing.units, Burden(3, id, financing.financier, s.now, o["committedUntil"]))
    if draws:
        s.draw(line, financing.principal)
    drop_reservation(s, id)
    s.change("financing", id, status=2, reviewer=o["reviewer"], committed_until=o["committedUntil"], line=line if draws else NO_ID, drawn=financing.principal if draws else 0)


@act("financing.disburse")
def disburse(s, o, by):
    id = b64(o["financing"])
    financing = s.get("financing", id)

    def uncommitted(token):
        return tuple(burden for burden in token.burdens if (burden.kind, burden.reference) != (3, id))
    if financing.form == 1:
        pledge = Burden(4, id, financing.financier, s.now, FOREVER)
        s.rewrite(financing.instrument, financing.units, lambda token: token._replace(burdens=uncommitted(token) + (pledge,)))
    else:
        before = tuple(((max(run[0], token.units[0]), min(run[1], token.units[1])), token.leg)
                       for run in financing.units for token in s.touching(financing.instrument, [run]))
        leg = Leg(id, SALE, financing.applicant, s.depth(financing.instrument, financing.units) + 1, financing.form == 2,
            uses_before(before, financing.documents), s.now)
        s.rewrite(financing.instrument, financing.units, lambda token: token._replace(holder=financing.financier, leg=leg, burdens=uncommitted(token)))
        s.change("financing", id, before=before)
    s.rely(financing.documents, financing.financier)
    s.spend(o["bankReference"], financing.financier, id)
    s.change("financing", id, status=4, start=s.today, reference=o["bankReference"], terms=both(financing.terms, terms_of(o)))


def end_after_payout(s, id, before, secured, status, further=()):
    released = secured - max(0, secured - before.margin)
    s.occupy(id, s.get("financing", id).but(status=status, ended=s.today, margin=before.margin - released, terms=both(before.terms, further)), 0)


@act("financing.repay")
def repay(s, o, by):
    id = b64(o["financing"])
    financing, secured = s.get("financing", id), s.secured(b64(o["financing"]))
    s.rewrite(financing.instrument, financing.units, lambda token: token._replace(
        burdens=tuple(burden for burden in token.burdens if (burden.kind, burden.reference) != (4, id))), lambda token: s.is_security(id, token))
    s.spend(o["bankReference"], financing.financier, id)
    end_after_payout(s, id, financing, secured, 5, terms_of(o))


@act("financing.settle")
def settle(s, o, by):
    id = b64(o["financing"])
    financing = s.get("financing", id)
    s.spend(o["bankReference"], financing.financier, id)
    s.change("financing", id, status=13, terms=both(financing.terms, terms_of(o)))


@act("financing.buyBack")
def buy_back(s, o, by):
    id = b64(o["financing"])
    financing, secured = s.get("financing", id), s.secured(b64(o["financing"]))
    s.rewrite(financing.instrument, financing.units, lambda token: token._replace(holder=financing.applicant, leg=token.leg._replace(
        cause=RECOURSE, giver=financing.financier, depth=min(token.leg.depth + 1, 65535), recourse=False, at=s.now)), lambda token: s.is_security(id, token))
    for run, leg in financing.before:
        earlier = s.get("financing", leg.act)
        if leg.cause == SALE and earlier and earlier.instrument == financing.instrument and earlier.financier == financing.applicant:
            s.rewrite(financing.instrument, [run], lambda token: token._replace(leg=leg),
                lambda token: token.state == 1 and (token.leg.cause, token.leg.act, token.leg.at) == (RECOURSE, id, s.now))
    s.spend(o["bankReference"], financing.financier, id)
    end_after_payout(s, id, financing, secured, 7, terms_of(o))


def undo(s, id, status):
    financing, secured = s.get("financing", id), s.secured(id)
    s.lift(financing.instrument, financing.units, 4, id)
    for run, leg in financing.before:
        s.rewrite(financing.instrument, [run], lambda token: token._replace(holder=financing.applicant, leg=leg))
    end_after_payout(s, id, financing, secured, status)


@act("financing.reverse")
def reverse(s, o, by):
    id = b64(o["financing"])
    s.spend(o["bankReference"], s.get("financing", id).financier, id)
    undo(s, id, 8)


@act("financing.correct")
def correct(s, o, by):
    undo(s, b64(o["financing"]), 12)
