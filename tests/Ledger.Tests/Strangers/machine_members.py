"""Parties, keys, mandates and documents (docs/STATE-MACHINE.md)."""
from genesis_state import FOREVER, KEY_ROLES, SIZES, USES, ZERO

from machine_signing import institutions, keys_of, says_yes, still_counts, two_banks
from machine_state import HOUR, act, b64, ceiling, day_of, new, number_of_bits, terms_of, uses_of

DOCUMENTS = ["", "invoice", "contract", "waybill", "warehouseReceipt", "customsDeclaration"]


def put_key(s, party, number, key, since, replaces=0):
    s.put("key", (party, number), new("key", public=b64(key["publicKey"]), use=USES.index(key["use"]), role=KEY_ROLES.index(key["role"]), person=key["person"],
        since=since, until=FOREVER, replaces=replaces))


def end_key(s, party, number):
    key = s.get("key", (party, number))
    s.change("key", (party, number), until=s.now)
    for (other, number_), later in list(s.nouns["key"].items()) if key.since <= s.now else ():
        if (other, later.replaces) == (party, number) and later.since > s.now and later.until > s.now:
            s.change("key", (other, number_), until=s.now)
    if key.since > s.now and key.replaces and s.get("key", (party, key.replaces)).until == key.since:
        s.change("key", (party, key.replaces), until=FOREVER)


def mandate_of(principal, m):
    return new("mandate", principal=principal, agent=m["agent"], verbs=tuple(m["verbs"]), currency=m["currency"], cap=int(m["cap"]),
        counterparties=tuple(m["counterparties"]), expires=m["expires"], paper=bytes.fromhex(m["paper"]) if m.get("paper") else ZERO)


@act("party.register")
def register(s, o, by):
    s.put("party", o["id"], new("party", name=o["name"], roles=number_of_bits(o["roles"]), region=o["region"], size=SIZES.index(o["size"]), chain=o["industryChain"],
        sponsor=by.actor, standing=1, last=len(o["keys"]), account=bytes.fromhex(o["account"]) if o.get("account") else ZERO, registered=s.today))
    for number, key in enumerate(o["keys"], 1):
        put_key(s, o["id"], number, key, s.now)
    if o.get("mandate"):
        s.put("mandate", b64(o["mandate"]["id"]), mandate_of(o["id"], o["mandate"]))


@act("party.policy")
def policy(s, o, by):
    s.change("party", by.actor, policy=tuple((limit["currency"], int(limit["perAct"]), int(limit["perDay"])) for limit in o["limits"]))


@act("party.account")
def account(s, o, by):
    s.change("party", by.actor, account=bytes.fromhex(o["account"]))


@act("key.rotate")
def rotate(s, o, by):
    party, replaces = o["party"], o["replaces"]
    at_once = any(key.use == 2 for key in keys_of(s, by, party)) or two_banks(s, by, party)
    since = s.now if at_once else ceiling(s.now + s.rule("rotationDelayHours") * HOUR)
    number = s.get("party", party).last + 1
    s.change("party", party, last=number)
    put_key(s, party, number, o["key"], since, replaces)
    if replaces:
        s.change("key", (party, replaces), until=since)


@act("key.veto")
def veto(s, o, by):
    end_key(s, o["party"], o["key"])


@act("key.revoke")
def revoke(s, o, by):
    end_key(s, by.actor, o["key"])


@act("key.reportLost")
def report_lost(s, o, by):
    s.change("party", o["party"], standing=2)


@act("key.recover")
def recover(s, o, by):
    last = s.get("party", o["party"]).last
    s.change("party", o["party"], standing=1, last=last + len(o["keys"]))
    for number, key in enumerate(o["keys"], last + 1):
        put_key(s, o["party"], number, key, s.now)
    for number in o["revoke"]:
        end_key(s, o["party"], number)


@act("mandate.grant")
def grant(s, o, by):
    s.put("mandate", b64(o["id"]), mandate_of(by.actor, o))


@act("mandate.revoke")
def revoke_mandate(s, o, by):
    s.remove("mandate", b64(o["id"]))


@act("party.control")
def control(s, o, by):
    known, controller = s.get("control", o["party"]), o.get("controller") or ""
    current = known.controller if known else ""
    former = tuple((one, until) for one, until in (known.former if known else ()) if one != controller and still_counts(s, until))
    former += ((current, s.today),) if current else ()
    s.put("control", o["party"], new("control", controller=controller, since=s.today, evidence=bytes.fromhex(o["evidence"]),
        said=(by.actor,) if by.actor == o["party"] and not current else institutions(s, by), former=former if controller else former[-8:]))


def marks(listed):
    return tuple((mark["scheme"], mark["epoch"], bytes.fromhex(mark["value"])) for mark in listed)


def put_marks(s, id, seller, fingerprints, skeletons):
    for mark in fingerprints:
        s.put("fingerprint", mark, new("fingerprint", document=id))
    for mark in skeletons:
        known = s.get("skeleton", (seller, *mark))
        documents = known.documents if known else ()
        if id not in documents:
            s.put("skeleton", (seller, *mark), new("skeleton", documents=documents + (id,)))


@act("document.attest")
def attest(s, o, by):
    id, fingerprints, skeletons = b64(o["document"]), marks(o["fingerprints"]), marks(o["skeletons"])
    s.put("document", id, new("document", kind=DOCUMENTS.index(o["documentKind"]), seller=o["seller"], buyer=o["buyer"], currency=o["currency"], total=int(o["total"]),
        date=day_of(o["date"]), commitment=bytes.fromhex(o["commitment"]), fingerprints=fingerprints, skeletons=skeletons,
        distinct=tuple(b64(other) for other in o["distinctFrom"]), attester=by.actor, hand=says_yes(s, by, o["seller"]), attested=s.now))
    put_marks(s, id, o["seller"], fingerprints, skeletons)


@act("document.redLetter")
def red_letter(s, o, by):
    id = b64(o["document"])
    known = s.get("document", id)
    s.put("document", id, known.but(red=known.red + int(o["amount"])))
    put_marks(s, id, known.seller, marks(o["fingerprints"]), marks(o["skeletons"]))


@act("document.pledge")
def pledge(s, o, by):
    s.charge(uses_of(o), reserved=1)
    s.put("offer", b64(o["offer"]), new("offer", kind=3, status=1, giver=by.actor, to=o["to"], hand=by.hand, cause=2, currency=o["currency"], amount=int(o["amount"]),
        uses=uses_of(o), terms=terms_of(o), made=s.now, expires=o["expires"]))


@act("document.release")
def release(s, o, by):
    id = b64(o["pledge"])
    if not o["debtWasPaid"]:
        s.charge(s.get("pledge", id).uses, used=-1)
    s.change("pledge", id, released=True)
