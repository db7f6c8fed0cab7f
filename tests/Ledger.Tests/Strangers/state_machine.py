#!/usr/bin/env python3
"""Recomputes the state after every block of a chain folder (genesis.json and *.seg) from docs/STATE-MACHINE.md and docs/FORMATS.md, with Python's standard library.

usage: state_machine.py FOLDER...

What an entry says of itself, accepted or refused with which number, is taken as it stands; every record that it writes, and what deadlines write, is computed, and each header's
time and state root must be what comes out. Signatures, checkpoints and links are verify_chain.py's.
Exit code 0 so it is, 6 false: of the first folder that is, at which height. A chain under an unknown suite is 7, could not be checked.
"""
import heapq, json, os, sys

import machine_bills, machine_financing, machine_governance, machine_maturity, machine_members, machine_trade  # noqa: F401 each brings its operations
from genesis_state import H, HASHES, hash_under, u
from machine_signing import Act, Taken, is_long_lived
from machine_state import ACTS, DAY, MINUTE, State, b64, ceiling, new, uses_of
from verify_chain import Reader

MOST_STEPS, PORTION = 10_000, 1_000
LEAVE = {12: "offer", 13: "pledge", 14: "financing", 15: "attestation", 16: "payment", 17: "measure", 18: "instrument", 23: "proposal"}
KIND_OF = {name: kind for kind, name in LEAVE.items()}


class False_(Exception):
    pass


def deadlines(s, name, key):
    """The deadlines of a record: when, of which kind, of which thing."""
    noun = s.get(name, key)
    if name == "maturity":
        yield from deadlines(s, "instrument", key)
    elif name == "reference" and any(value == key[1] for _, value in s.nouns["reference"]):
        yield s.start(key[1] + s.retention + 1), 19, key[1]
    elif noun is None:
        return
    elif name == "offer" and noun.status == 1:
        yield noun.expires, 1, key
    elif name == "instrument":
        claim = noun.confirmation
        if noun.status == 1 and claim and claim.deadline and not claim.overdue:
            yield claim.deadline, 2, key
        elif noun.status == 4 and noun.bill:
            yield noun.bill.drawn, 8, key
        elif noun.status == 5 and noun.due not in [due for due, _ in s.maturity(key).missed]:
            yield s.start(s.payable(noun.due) + 1), 7, key
    elif name == "mandate":
        yield noun.expires, 3, key
    elif name == "freeze":
        yield noun.kept, 4, key
    elif name == "financing" and noun.status == 1:
        yield noun.reserved_until, 5, key
    elif name == "financing" and noun.status in (2, 3):
        yield noun.committed_until, 6, key
    elif name == "payment" and noun.announced:
        yield noun.until, 9, key
    elif name == "measure" and noun.status == 1:
        yield noun.in_force, 10, key
    elif name == "measure" and noun.status == 2:
        yield noun.until, 11, key
    elif name == "proposal" and noun.status == 1:
        yield noun.expires, 21, key
    elif name == "proposal" and noun.status == 2:
        yield noun.due, 22, key
    elif name == "line" and noun.drawn == 0:
        yield s.start(noun.until + s.retention + 1), 20, key
    if name in KIND_OF and noun.ended_at:
        yield ceiling(noun.ended_at + s.retention * DAY), KIND_OF[name], key


def fire(s):
    """Fires what is due, the first always next: of those that are waiting, the first that its record still has."""
    waiting = [(due, name, key) for name in s.nouns for key in s.nouns[name] for due in deadlines(s, name, key)]
    heapq.heapify(waiting)
    steps = 0
    while steps < MOST_STEPS and waiting and waiting[0][0][0] <= s.now:
        due, name, key = waiting[0]
        if due not in deadlines(s, name, key):
            heapq.heappop(waiting)
            continue
        s.written.clear()
        removed = FIRE[due[1]](s, due[2])
        steps += max(removed, 1) if 12 <= due[1] <= 20 or due[1] == 23 else 1
        for name, key in s.written:
            for due in deadlines(s, name, key):
                heapq.heappush(waiting, (due, name, key))


def overdue_answer(s, id):
    instrument = s.get("instrument", id)
    s.put("instrument", id, instrument.but(confirmation=instrument.confirmation.but(overdue=True)))


def leaves(name):
    return lambda s, id: take(s, [(name, id)])


def take(s, records):
    """Removes what leaves, and counts it."""
    for name, key in records:
        s.remove(name, key)
    return len(records)


def with_offer(s, id):
    measure = s.get("measure", id)
    return [("offer", id)] + ([("measure", id)] if measure and measure.kind <= 3 else [])


def with_financing(s, id):
    financing = s.get("financing", id)
    return [("financing", id)] + [("attestation", last) for last in (financing.query, financing.registration) if s.get("attestation", last)] + [("pledged", id)] * (s.get("pledged", id) is not None)


def on(s, kind, instrument):
    return sorted(key for key, noun in s.nouns[kind].items() if noun.instrument == instrument)


def is_open(s, instrument):
    return (any(s.get("offer", id).status in (1, 6) for id in on(s, "offer", instrument))
            or any(s.get("financing", id).status in (1, 2, 3, 4) for id in on(s, "financing", instrument))
            or any(s.get("payment", id).announced for id in on(s, "payment", instrument)))


def instrument_leaves(s, id):
    if is_open(s, id):
        s.change("instrument", id)
        return 0
    things = [[(kind, key)] for kind in ("payment", "freeze") for key in reversed(on(s, kind, id))]
    things += [with_financing(s, key) for key in reversed(on(s, "financing", id))] + [with_offer(s, key) for key in reversed(on(s, "offer", id))]
    things += [[("message", key)] for key in on(s, "message", id)]
    tokens = s.tokens.get(id, ())
    things += [[("token", (id, token.units[0]))] for token in reversed(tokens)]
    things += [[(kind, id)] for kind in ("maturity", "earmark", "instrument") if s.get(kind, id)]
    removed = 0
    for thing in things:
        if removed >= PORTION:
            break
        removed += take(s, thing)
    left = tuple(token for token in tokens if s.get("token", (id, token.units[0])))
    if left:
        s.tokens[id] = left
    else:
        s.tokens.pop(id, None)
    return removed


def references_leave(s, value):
    return take(s, [("reference", key) for key in sorted(key for key in s.nouns["reference"] if key[1] == value)[:PORTION]])


FIRE = {
    1: lambda s, id: machine_trade.close(s, id, 5),
    2: overdue_answer,
    3: lambda s, id: s.remove("mandate", id),
    4: machine_trade.lift_freeze,
    5: lambda s, id: machine_financing.end_before_payout(s, id, 10),
    6: lambda s, id: machine_financing.end_before_payout(s, id, 10),
    7: machine_maturity.miss,
    8: machine_bills.end_drawing,
    9: lambda s, id: s.change("payment", id, announced=(), until=0),
    10: machine_trade.take_effect_measure,
    11: lambda s, id: s.change("measure", id, status=5),
    12: lambda s, id: take(s, with_offer(s, id)),
    13: leaves("pledge"),
    14: lambda s, id: take(s, with_financing(s, id)),
    15: leaves("attestation"),
    16: leaves("payment"),
    17: leaves("measure"),
    18: instrument_leaves,
    19: references_leave,
    20: leaves("line"),
    21: lambda s, id: s.change("proposal", id, status=5),
    22: machine_governance.come_due,
    23: leaves("proposal"),
}


def open_block(s, epoch, bank, counter, clock):
    said = {**{of: known.clock for of, known in s.nouns["bank_clock"].items()}, bank: clock}
    clocks = sorted(said.get(validator, s.now) for validator in s.nouns["validator"])
    s.height, s.now = s.height + 1, max(s.now, clocks[(len(clocks) - 1) // 2])
    if epoch != (s.get("ordering", ()) or new("ordering", epoch=1)).epoch:
        s.put("ordering", (), new("ordering", epoch=epoch, height=s.height))
    s.put("clock", (), new("clock", height=s.height, time=s.now))
    s.put("bank_clock", bank, new("bank_clock", clock=clock, counter=counter + 1))
    for minute in [minute for minute in s.nouns["minute"] if minute < s.now // MINUTE]:
        s.remove("minute", minute)
        for party in s.long_lived.pop(minute, []):
            left = s.get("long_lived", party).count - 1
            if left:
                s.change("long_lived", party, count=left)
            else:
                s.remove("long_lived", party)
    for key in [key for key in s.nouns["attempts"] if key[1] < s.today]:
        s.remove("attempts", key)
    fire(s)
    s.seal(None)


def subject(s, code, o):
    """What a double-pledge attempt was about."""
    if code in (5010, 5011):
        for document, amount in uses_of(o):
            noun = s.get("document", document)
            net, taken = noun.total - noun.red, noun.reserved + noun.used
            if taken > net or amount > net - taken:
                return document
    return b64(o["instrument"]) if "instrument" in o else s.get("offer", b64(o["offer"])).instrument


def entry(s, code, operation, raw):
    signed = json.loads(raw)
    payload = b64(signed["payload"])
    body, hash = json.loads(payload), H(payload)
    signers = tuple((kid.split("#")[0], int(kid.split("#")[1])) for kid in json.loads(b64(signed["signatures"][0]["protected"]))["signers"])
    party, id = body["party"], b64(body["id"])
    by = Act(body.get("onBehalfOf") or party, party, signers)
    on, taken = s if code == 0 else s.trial(), Taken()
    if code == 0 or 5000 <= code < 6000:
        for o in body["operations"][:len(body["operations"]) if code == 0 else operation]:
            taken.take(on, by, o)
            ACTS[o["kind"]](on, o, by)
    if code == 0:
        taken.write(s)
    minute = body["expires"] // MINUTE
    known = s.get("minute", minute) or new("minute")
    s.put("minute", minute, new("minute", count=known.count + 1, digest=H(b"\x1b", known.digest, party.encode(), id, hash)))
    if is_long_lived(s, body["expires"]):
        s.long_lived.setdefault(minute, []).append(party)
        known = s.get("long_lived", party) or new("long_lived")
        s.put("long_lived", party, new("long_lived", count=known.count + 1))
    if 5000 <= code < 6000:
        known = s.get("attempts", (by.actor, s.today)) or new("attempts")
        about = subject(on, code, body["operations"][operation])
        s.put("attempts", (by.actor, s.today), new("attempts", count=known.count + 1, subjects=known.subjects + (about,)))
    s.seal(hash)


def blocks(folder):
    for name in sorted(name for name in os.listdir(folder) if name.endswith(".seg")):
        with open(os.path.join(folder, name), "rb") as file:
            r = Reader(file.read())
        while r.at < len(r.data):
            kind, payload = r.u(1), r.take(r.u(4))
            r.u(4)
            if kind == 2:
                block = Reader(payload)
                yield [block.take(block.u(2)) for _ in range(block.u(4))]


def fold(s, leaves):
    """Folds a block into the state and compares what its header says of it."""
    if len(leaves) > 1:
        r = Reader(leaves[0])
        r.take(1 + 2 + 32)
        epoch, bank = r.u(4), r.take(r.u(1)).decode()
        counter, clock = r.u(8), r.u(8)
        open_block(s, epoch, bank, counter, clock)
        for leaf in leaves[1:-1]:
            entry(s, int.from_bytes(leaf[1:3], "big"), int.from_bytes(leaf[3:5], "big"), leaf[5:])
    header = Reader(leaves[-1])
    header.take(1 + 2 + 32)
    height, time = header.u(8), header.u(8)
    header.take(32 + 8 + 4 + 4)
    if (height, time) != (s.height, s.now) or header.take(32) != s.root():
        raise False_("the header of height %d says another %s" % (height, "state root" if (height, time) == (s.height, s.now) else "height or time"))


def main(folder):
    with open(os.path.join(folder, "genesis.json"), "rb") as file:
        genesis = json.load(file)
    if genesis["suite"] not in HASHES:
        return 7, "could not be checked: another suite than ES256 and SM2"
    hash_under(genesis["suite"])
    s, height = State(genesis), 0
    try:
        for height, leaves in enumerate(blocks(folder)):
            fold(s, leaves)
    except False_ as wrong:
        return 6, "false: %s" % wrong
    except (AssertionError, AttributeError, IndexError, KeyError, StopIteration, TypeError, UnicodeDecodeError, ValueError) as wrong:
        return 6, "false: at height %d an act cannot have happened: %s %s" % (height, type(wrong).__name__, wrong)
    return 0, "%d blocks, state root %s" % (height + 1, s.root().hex())


if __name__ == "__main__":
    if len(sys.argv) < 2:
        print(__doc__)
        sys.exit(2)
    for folder in sys.argv[1:]:
        code, said = main(folder)
        print("%s: %s" % (folder, said) if code and len(sys.argv) > 2 else said)
        if code:
            sys.exit(code)
