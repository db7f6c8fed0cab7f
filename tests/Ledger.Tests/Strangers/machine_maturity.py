"""Payments, late claims, costs and extensions (docs/STATE-MACHINE.md, *Maturity*)."""
from collections import namedtuple

from machine_signing import agrees, hand_of_side
from machine_state import DAY, Claim, act, b64, ceiling, day_of, inside, joined, length, new, overlap, run_of, shared, total

Piece = namedtuple("Piece", "token claim owed")
Part = namedtuple("Part", "token units costs interest")


def due_of(part):
    return part.costs + part.interest + length(part.units)


def payable_day(s, instrument):
    since = s.insolvent_since(instrument.obligor)
    payable = s.payable(instrument.due)
    return payable if since is None else min(payable, since)


def pieces(s, id, scope):
    instrument, claims = s.get("instrument", id), s.maturity(id).claims
    payable, reach = payable_day(s, instrument), scope
    for claim in claims:
        if overlap(claim.units, scope):
            reach = (min(reach[0], claim.units[0]), max(reach[1], claim.units[1]))
    found = []
    for token in s.touching(id, [reach]):
        at, end = max(token.units[0], reach[0]), min(token.units[1], reach[1])
        while at <= end:
            over = next((claim for claim in claims if claim.units[0] <= at <= claim.units[1]), None)
            last = min([end] + ([over.units[1]] if over else [claim.units[0] - 1 for claim in claims if claim.units[0] > at]))
            found.append(Piece(token, over, Claim((at, last), over.since if over else payable, 0, 0)))
            at = last + 1
    for claim in claims:
        places = [n for n, piece in enumerate(found) if piece.claim is claim]
        lengths = [length(found[n].owed.units) for n in places]
        for n, interest, costs in zip(places, shared(claim.interest, lengths), shared(claim.costs, lengths)):
            found[n] = found[n]._replace(owed=found[n].owed._replace(interest=interest, costs=costs))
    cut = []
    for piece in found:
        first, last = piece.owed.units
        ends = [first, *[at for at in (scope[0], scope[1] + 1) if first < at <= last], last + 1]
        runs = [(begin, end - 1) for begin, end in zip(ends, ends[1:])]
        lengths = list(map(length, runs))
        for run, interest, costs in zip(runs, shared(piece.owed.interest, lengths), shared(piece.owed.costs, lengths)):
            cut.append(piece._replace(owed=Claim(run, piece.owed.since, interest, costs)))
    return cut


def parts(s, id, found, scope, on):
    instrument, maturity = s.get("instrument", id), s.maturity(id)
    rate = maturity.rate if maturity.agreed else s.rule("lateInterestMillionths", instrument.due)
    since = s.insolvent_since(instrument.obligor)
    until = min([on, maturity.stops] + ([] if since is None else [since]))
    payable, made = payable_day(s, instrument), {}
    for piece in found:
        first, last = piece.owed.units
        if piece.token.state != 1 or not inside(piece.owed.units, scope):
            continue
        days = max(0, until - max(piece.owed.since, payable))
        interest = piece.owed.interest + half_up(last * rate * days) - half_up((first - 1) * rate * days)
        known = made.get(piece.token.units[0])
        made[piece.token.units[0]] = (known._replace(units=(known.units[0], last), costs=known.costs + piece.owed.costs, interest=known.interest + interest)
            if known else Part(piece.token, (first, last), piece.owed.costs, interest))
    return list(made.values())


def half_up(millionths):
    return (2 * millionths + 1_000_000) // 2_000_000


def by_payee(s, dealt):
    sums = {}
    for part, amount in dealt:
        payee = s.pledgee_or_holder(part.token)
        sums[payee] = sums.get(payee, 0) + amount
    return sums


def left_to_say(s, id, bank, made):
    said = {}
    for payment in s.nouns["payment"].values():
        if payment.instrument == id and payment.bank == bank and payment.announced and payment.until > s.now:
            for payee, amount in payment.announced:
                said[payee] = said.get(payee, 0) + amount
    left = [due_of(part) for part in made]
    for payee, amount in said.items():
        own = [n for n, part in enumerate(made) if s.pledgee_or_holder(part.token) == payee]
        for n, share in zip(own, shared(amount, [due_of(made[n]) for n in own])):
            left[n] = max(0, left[n] - share)
    return left


def deal(amount, made, weights):
    return [(part, share) for part, share in zip(made, shared(amount, weights)) if share]


def whole(s, id):
    return 1, s.get("instrument", id).face


def dealt_lump(s, bank, o):
    id = b64(o["instrument"])
    made = parts(s, id, pieces(s, id, whole(s, id)), whole(s, id), day_of(o["valueDate"]))
    return by_payee(s, deal(int(o["amount"]), made, left_to_say(s, id, bank, made)))


def telling(s, id, claims):
    payable = payable_day(s, s.get("instrument", id))
    return tuple(sorted(claim for claim in claims if claim.since > payable or claim.interest or claim.costs))


def replaced(s, id, found, scope, goes, by):
    return telling(s, id, [claim for claim in s.maturity(id).claims if not overlap(claim.units, scope)]
        + [piece.owed for piece in found if piece.claim and piece.token.state == 1 and not goes(piece)] + list(by))


def put_claims(s, id, claims):
    maturity = s.maturity(id)
    if maturity.claims != claims:
        s.put("maturity", id, maturity.but(claims=claims))


def receive(s, key, payment, found, scope, dealt):
    """Writes a payment whose dealt parts are received."""
    id = payment.instrument
    shares, left = {}, []
    for part, amount in dealt:
        costs = min(amount, part.costs)
        interest = min(amount - costs, part.interest)
        principal = amount - costs - interest
        first, last = part.units
        retired = [(first, first + principal - 1)] if principal else []
        if principal < length(part.units):
            left.append(Claim((first + principal, last), payment.value, part.interest - interest, part.costs - costs))
        payee = s.pledgee_or_holder(part.token)
        known = shares.get(payee, (0, 0, ()))
        shares[payee] = known[0] + costs, known[1] + interest, joined([*known[2], *retired])
    reached = {part.token.units[0] for part, _ in dealt}

    def is_paid(piece):
        return inside(piece.owed.units, scope) and piece.token.units[0] in reached
    claims = replaced(s, id, found, scope, is_paid, left)
    payment = payment.but(shares=tuple((payee, *share) for payee, share in shares.items()), before=tuple(piece.owed for piece in found if is_paid(piece)), after=tuple(left))
    s.spend(payment.reference, payment.bank, key, payment.value)
    s.put("payment", key, payment)
    for _, _, _, retired in payment.shares:
        s.rewrite(id, retired, lambda token: token._replace(state=3))
    put_claims(s, id, claims)
    count_in_time(s, payment, -1)
    s.settle(id)


def count_in_time(s, payment, sign):
    maturity = s.get("maturity", payment.instrument)
    retired = sum(total(runs) for _, _, _, runs in payment.shares)
    if maturity and retired:
        missed = tuple((due, unpaid if payment.value > s.payable(due) else max(0, unpaid + sign * retired)) for due, unpaid in maturity.missed)
        if missed != maturity.missed:
            s.put("maturity", payment.instrument, maturity.but(missed=missed))


@act("payment.receipt")
def receipt(s, o, by):
    id, key, payee, amount = b64(o["instrument"]), b64(o["payment"]), o.get("payee"), int(o["amount"])
    payment = new("payment", instrument=id, bank=by.actor, amount=amount, value=day_of(o["valueDate"]), reference=o["reference"], status=1)
    if o["outcome"] == "disputed":
        s.spend(payment.reference, by.actor, key, payment.value)
        s.put("payment", key, payment.but(status=3))
        return
    scope = run_of(o["units"]) if payee else whole(s, id)
    agreeing = {party for party in s.nouns["party"] if not payee and party != by.actor and agrees(s, by, o, party)}
    found = pieces(s, id, scope)
    made = parts(s, id, found, scope, payment.value)
    dealt = deal(amount, made, [due_of(part) for part in made] if payee else left_to_say(s, id, by.actor, made))

    def is_received(part):
        to = s.pledgee_or_holder(part.token)
        says = s.bank_of(to) == by.actor and not hand_of_side(s, by.actor, s.get("instrument", id).obligor, to)
        return payee is not None or to == by.actor or says or to in agreeing
    received = [(part, share) for part, share in dealt if is_received(part)]
    announced = by_payee(s, [(part, share) for part, share in dealt if not is_received(part)])
    until = ceiling(s.now + s.rule("announcementDays") * DAY) if announced else 0
    receive(s, key, payment.but(status=1 if received else 4, announced=tuple(announced.items()), until=until), found, scope, received)


def close_share(s, id, payee):
    payment = s.get("payment", id)
    left = tuple(share for share in payment.announced if share[0] != payee)
    s.change("payment", id, announced=left, until=payment.until if left else 0)


@act("payment.confirm")
def confirm(s, o, by):
    said, payee = s.get("payment", b64(o["announced"])), o["payee"]
    id, amount = said.instrument, dict(said.announced)[payee]
    scope = whole(s, id)
    found = pieces(s, id, scope)
    made = [part for part in parts(s, id, found, scope, said.value) if s.pledgee_or_holder(part.token) == payee]
    close_share(s, b64(o["announced"]), payee)
    receive(s, b64(o["payment"]), new("payment", instrument=id, bank=by.actor, amount=amount, value=said.value, reference=o["reference"], status=1),
        found, scope, deal(amount, made, [due_of(part) for part in made]))


@act("payment.deny")
def deny(s, o, by):
    close_share(s, b64(o["payment"]), o["payee"])


@act("payment.return")
def give_back(s, o, by):
    key = b64(o["payment"])
    payment = s.get("payment", key)
    id = payment.instrument
    others = [claim for claim in s.maturity(id).claims if not any(overlap(claim.units, before.units) for before in payment.before)]
    claims = telling(s, id, others + list(payment.before))
    s.spend(o["reference"], s.bank_of(payment.bank), key)
    s.change("payment", key, status=2, announced=(), until=0)
    for _, _, _, retired in payment.shares:
        s.rewrite(id, retired, lambda token: token._replace(state=1))
    if payment.shares:
        s.change("instrument", id, status=5)
    put_claims(s, id, claims)
    count_in_time(s, payment, 1)


@act("payment.dispute")
def dispute(s, o, by):
    s.change("payment", b64(o["payment"]), status=3)


@act("claim.costs")
def costs(s, o, by):
    id, scope = b64(o["instrument"]), run_of(o["units"])
    found = pieces(s, id, scope)
    own = [piece.owed for piece in found if inside(piece.owed.units, scope)]
    added = shared(int(o["amount"]), [length(owed.units) for owed in own])
    put_claims(s, id, replaced(s, id, found, scope, lambda piece: inside(piece.owed.units, scope),
        [owed._replace(costs=owed.costs + more) for owed, more in zip(own, added)]))


@act("instrument.extend")
def extend(s, o, by):
    id, due = b64(o["instrument"]), day_of(o["dueDate"])
    made = parts(s, id, pieces(s, id, whole(s, id)), whole(s, id), s.today)
    claims = tuple(Claim(part.units, s.payable(due), part.interest, part.costs) for part in made if part.interest or part.costs)
    s.change("instrument", id, due=due)
    maturity = s.maturity(id).but(claims=claims)
    s.put("maturity", id, maturity.but(agreed=True, rate=int(o["lateRate"])) if o.get("lateRate") is not None else maturity)


def miss(s, id):
    maturity = s.maturity(id)
    s.put("maturity", id, maturity.but(missed=maturity.missed + ((s.get("instrument", id).due, s.live(id)),)))
