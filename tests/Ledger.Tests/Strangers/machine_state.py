"""The state that docs/STATE-MACHINE.md writes: nouns as the tables of docs/FORMATS.md spell them, salts, roots, time, and units with what follows from writing them."""
import datetime
from base64 import urlsafe_b64decode
from collections import namedtuple

from genesis_state import FOREVER, H, KEY_ROLES, PARAMETERS, ROLES, SECTIONS, SIZES, USES, ZERO, section_root, u, values_of

NOBODY, NO_ID, LAST_DAY, MINUTE, HOUR, DAY = "", bytes(16), 3652058, 60_000, 3_600_000, 86_400_000
ACTS = {}

Leg = namedtuple("Leg", "act cause giver depth recourse uses at under", defaults=[bytes(16)])
Burden = namedtuple("Burden", "kind reference beneficiary since until")
Claim = namedtuple("Claim", "units since interest costs")
Token = namedtuple("Token", "units holder state leg burdens")


def act(verb):
    """What an accepted operation of this kind writes."""
    def under(function):
        ACTS[verb] = function
        return function
    return under


# Each noun: its section, what its key begins with and consists of, and the fields of its value.
SCHEMAS = {
    "party": (1, "", "party", "name:text roles:u16 region:text size:u8 chain:text sponsor:party standing:u8 last:u32 account:hash policy:[currency,amount,amount] registered:date"),
    "key": (2, "", "party u32", "public:bytes use:u8 role:u8 person:text since:time until:time replaces:u32"),
    "mandate": (3, "", "id", "principal:party agent:party verbs:[text] currency:currency cap:amount counterparties:[party] expires:time paper:hash used_on:date used:amount"),
    "document": (4, "", "id", "kind:u8 seller:party buyer:party currency:currency total:amount date:date commitment:hash fingerprints:[text,u32,hash] skeletons:[text,u32,hash]"
                 " distinct:[id] attester:party hand:party attested:time red:amount reserved:amount used:amount reliant:[party]"),
    "instrument": (5, "", "id", "kind:u8 status:u8 obligor:party creditor:party currency:currency face:amount issue:date due:date transferable:flag number:text offer:id"
                   " uses:[id,amount] terms:[hash] confirmation:confirmation bill:bill ended_at:time"),
    "token": (6, "", "id u64", "last:u64 holder:party state:u8 leg:leg burdens:[burden]"),
    "reservation": (7, "", "id", "bank:party instrument:id units:[units] documents:[id] since:time until:time"),
    "offer": (8, "", "id", "kind:u8 status:u8 giver:party to:party hand:party instrument:id units:[units] cause:u8 recourse:flag currency:currency amount:amount uses:[id,amount]"
              " terms:[hash] made:time expires:time ended_at:time"),
    "financing": (9, "", "id", "form:u8 status:u8 applicant:party hand:party financier:party reviewer:party instrument:id units:[units] currency:currency principal:amount start:date"
                  " end:date ended:date count:u8 bounds:u8 rounding:u8 payment:u8 refunds:flag grace:u16 rolled:flag documents:[id] terms:[hash] applied:time reserved_until:time"
                  " committed_until:time query:id registration:id reference:text line:id drawn:amount margin:amount before:[units,leg] ended_at:time"),
    "line": (10, "01", "id", "bank:party debtor:party mode:u8 currency:currency limit:amount drawn:amount until:date"),
    "earmark": (10, "02", "id", "line:id drawn:amount"),
    "listed": (11, "", "u8 party", "proposer:party related:party since:date until:date evidence:hash measure:id"),
    "rules": (12, "", "date", "values:[u64]"),
    "epoch": (13, "", "u32", "commitment:hash sealed:[party,text] opened:time"),
    "minute": (14, "", "u64", "count:u32 digest:hash"),
    "clock": (15, "00", "", "height:u64 time:time"),
    "bank_clock": (15, "01", "party", "clock:time counter:u64"),
    "ordering": (15, "02", "", "epoch:u32 height:u64"),
    "attempts": (16, "01", "party date", "count:u16 subjects:[id]"),
    "spending": (16, "02", "party currency", "day:date amount:amount"),
    "long_lived": (16, "03", "party", "count:u32"),
    "proposal": (17, "01", "id", "action:u8 status:u8 proposer:party made:time expires:time party:party roles:u16 node_key:bytes rules:adopted version:u32 epoch:following programme:settled votes:[party,flag,u64] due:time ended_at:time"),
    "protocol": (17, "03", "", "number:u32 height:u64"),
    "programme": (17, "04", "text", "settings:[date,u16,u16,u16,u16,flag]"),
    "validators_changed": (17, "02", "", "number:u32 height:u64 before:[party,bytes]"),
    "validator": (18, "", "party", "key:bytes"),
    "fingerprint": (19, "", "text u32 hash", "document:id"),
    "freeze": (20, "", "id", "instrument:id units:[units] executor:party second:party authority:text case:hash order:hash since:time until:time kept:time"),
    "pledge": (21, "", "id", "pledgor:party pledgee:party currency:currency amount:amount uses:[id,amount] since:time released:flag ended_at:time"),
    "number": (22, "", "text", "instrument:id"),
    "reference": (23, "01", "text date", "bank:party act:id at:time"),
    "maturity": (23, "02", "id", "agreed:flag rate:u32 missed:[date,amount] stops:date claims:[claim]"),
    "payment": (23, "03", "id", "instrument:id bank:party amount:amount value:date reference:text status:u8 shares:[party,amount,amount,[units]] before:[claim] after:[claim]"
                " announced:[party,amount] until:time ended_at:time"),
    "attestation": (24, "01", "id", "financing:id act:u8 finding:u8 attester:party certificate:hash stated:time at:time ended_at:time"),
    "message": (24, "02", "text", "instrument:id units:units status_before:u8 flow_before:u8 status_after:u8 flow_after:u8 at:time"),
    "pledged": (24, "03", "id", "registry:text seat:u32 tags:hash block:hash second:party stated:time until:time at:time"),
    "skeleton": (25, "", "party text u32 hash", "documents:[id]"),
    "measure": (26, "", "id", "kind:u8 status:u8 by:party institutions:[party] against:party gainer:party evidence:hash made:time in_force:time until:time contested:party reason:hash"
                " decided:party order:hash ended_at:time"),
    "control": (27, "", "party", "controller:party since:date said:[party] evidence:hash former:[party,date]"),
}
PARTS = {
    "confirmation": "requested:amount requested_at:time signed:date deadline:time overdue:flag confirmed:amount disputed:amount answered:time letter:hash waived:flag clause:hash"
                    " consent:hash reason:hash later:flag hand:party",
    "bill": "package:text status:u8 flow:u8 drawer:party acceptor:party undivided:flag ledger:flag mismatch:flag drawn:time",
    "following": "number:u32 commitment:hash sealed:[party,text]",
    "settled": "chain:text since:date tenor:u16 financing:u16 share:u16 depth:u16 contract:flag",
    "adopted": "since:date values:[u64]",
    "leg": "act:id cause:u8 giver:party depth:u16 recourse:flag uses:[id,amount] at:time under:id",
    "claim": "units:units since:date interest:amount costs:amount",
    "burden": "kind:u8 reference:id beneficiary:party since:time until:time",
}
SIZES_OF = {"u8": 1, "u16": 2, "u32": 4, "u64": 8, "time": 8, "date": 4, "amount": 8, "flag": 1}


def split(kinds):
    """The types in a list's brackets; lists may hold lists."""
    found, depth, begin = [], 0, 0
    for at, sign in enumerate(kinds + ","):
        depth += (sign == "[") - (sign == "]")
        if sign == "," and depth == 0:
            found.append(kinds[begin:at])
            begin = at + 1
    return found


def fields(schema):
    return [field.split(":", 1) for field in schema.split()]


FIELDS = {name: fields(parts[3]) for name, parts in SCHEMAS.items()}
FIELDS.update((name, fields(parts)) for name, parts in PARTS.items())


def encoded(kind, value):
    if kind in SIZES_OF:
        return int(value).to_bytes(SIZES_OF[kind], "big")
    if kind in ("id", "hash"):
        return value
    if kind == "currency":
        return value.encode()
    if kind == "party":
        return u(1, len(value)) + value.encode()
    if kind == "text":
        return u(2, len(value.encode())) + value.encode()
    if kind == "bytes":
        return u(2, len(value)) + value
    if kind == "units":
        return u(8, value[0]) + u(8, value[1])
    if kind in ("confirmation", "bill", "adopted", "following", "settled"):
        return b"\x00" if value is None else b"\x01" + spelt(kind, value)
    if kind[0] == "[":
        within = split(kind[1:-1])
        items = [[value] for value in value] if len(within) == 1 else value
        return u(2, len(value)) + b"".join(encoded(one, part) for item in items for one, part in zip(within, item))
    return spelt(kind, value)


def spelt(kind, noun):
    return b"".join(encoded(field_kind, getattr(noun, name)) for name, field_kind in FIELDS[kind])


def nothing(kind):
    if kind in SIZES_OF:
        return 0
    return {"id": NO_ID, "hash": ZERO, "party": NOBODY, "text": "", "bytes": b"", "confirmation": None, "bill": None, "adopted": None, "following": None, "settled": None}.get(kind, ())


class Noun:
    """A record's values by name. It is never changed: what is written is another."""

    def __init__(self, **values):
        self.__dict__.update(values)

    def but(self, **changes):
        return Noun(**{**self.__dict__, **changes})


def new(noun, /, **given):
    assert set(given) <= {name for name, _ in FIELDS[noun]}, given
    return Noun(**{**{name: nothing(kind) for name, kind in FIELDS[noun]}, **given})


def b64(text):
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def day_of(text):
    return datetime.date.fromisoformat(text).toordinal() - 1


def number_of_bits(names):
    return sum(1 << ROLES.index(name) for name in names)


def run_of(text):
    first, last = text.split("-")
    return int(first), int(last)


def length(run):
    return run[1] - run[0] + 1


def total(runs):
    return sum(map(length, runs))


def joined(runs):
    found = []
    for first, last in sorted(runs):
        if found and found[-1][1] + 1 >= first:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return tuple(found)


def overlap(one, other):
    return one[0] <= other[1] and other[0] <= one[1]


def inside(one, other):
    """Whether the first run lies in the second."""
    return other[0] <= one[0] and one[1] <= other[1]


def shared(amount, weights):
    whole = sum(weights)
    if whole == 0:
        return [0] * len(weights)
    shares = [amount * weight // whole for weight in weights]
    by_rest = sorted(range(len(weights)), key=lambda i: (-(amount * weights[i] % whole), i))
    for i in by_rest[:amount - sum(shares)]:
        shares[i] += 1
    return shares


def is_offer_over(s, key, offer):
    if offer.status != 2:
        return offer.status not in (1, 6)
    instrument = s.get("instrument", offer.instrument)
    return offer.kind == 3 or (offer.kind == 2 and not (instrument and instrument.bill))


def is_superseded(s, key, attestation):
    financing = s.get("financing", attestation.financing)
    return not financing or key not in (financing.query, financing.registration)


# When what is written is over, on the state before.
OVER = {
    "offer": is_offer_over,
    "pledge": lambda s, key, pledge: pledge.released,
    "financing": lambda s, key, financing: 8 <= financing.status <= 12,
    "attestation": is_superseded,
    "payment": lambda s, key, payment: not payment.announced,
    "measure": lambda s, key, measure: (measure.kind == 4 and measure.status in (4, 5)) or (measure.kind == 5 and measure.status == 3),
    "instrument": lambda s, key, instrument: instrument.status in (3, 6, 7),
    "proposal": lambda s, key, proposal: proposal.status >= 3,
}


class State:
    def __init__(self, genesis):
        self.g = genesis
        self.offset = genesis["offsetMinutes"] * MINUTE
        self.retention = genesis["retentionDays"]
        self.register, self.authority = genesis["billRegister"], genesis["authority"]
        self.closed, self.open = ({day_of(day) for day in genesis["calendar"][name]} for name in ("closed", "open"))
        self.nouns = {kind: {} for kind in SCHEMAS}
        self.tokens, self.touched, self.written, self.salts, self.leaves, self.roots = {}, set(), [], {}, {}, {}
        self.long_lived, self.height, self.now = {}, 0, genesis["time"]
        self.found()

    def found(self):
        g = self.g
        for p in g["parties"]:
            self.put("party", p["id"], new("party", name=p["name"], roles=number_of_bits(p["roles"]), region=p["region"], size=SIZES.index(p["size"]),
                chain=p["industryChain"], sponsor=p["sponsor"], standing=1, last=len(p["keys"])))
            for n, key in enumerate(p["keys"], 1):
                self.put("key", (p["id"], n), new("key", public=b64(key["publicKey"]), use=USES.index(key["use"]), role=KEY_ROLES.index(key["role"]), person=key["person"],
                    since=g["time"], until=FOREVER))
        for rules in g["rules"]:
            self.put("rules", day_of(rules["from"]), new("rules", values=tuple(values_of(rules["parameters"]))))
        self.put("epoch", 1, new("epoch", commitment=bytes.fromhex(g["epoch"]["keyCommitment"]), opened=g["time"],
            sealed=tuple((key["bank"], key["sealed"]) for key in g["epoch"]["sealedKeys"])))
        self.put("clock", (), new("clock", time=g["time"]))
        for v in g["validators"]:
            self.put("validator", v["bank"], new("validator", key=b64(v["nodeKey"])))
        self.seal(bytes.fromhex(g["seed"]))

    def trial(self):
        """The same state, to try on it what an act would do."""
        other = object.__new__(State)
        other.__dict__.update(self.__dict__)
        other.nouns = {kind: dict(nouns) for kind, nouns in self.nouns.items()}
        other.tokens, other.touched, other.written = dict(self.tokens), set(self.touched), []
        return other

    # Records.

    def get(self, kind, key):
        return self.nouns[kind].get(key)

    def put(self, kind, key, noun):
        if kind in OVER:
            noun = noun.but(ended_at=self.now if OVER[kind](self, key, noun) else 0)
        known = self.get(kind, key)
        self.nouns[kind][key] = noun
        self.touched.add((kind, key))
        self.written.append((kind, key))
        for last in (known.query, known.registration) if kind == "financing" and known else ():
            if last not in (noun.query, noun.registration) and self.get("attestation", last):
                self.change("attestation", last)

    def change(self, kind, key, **changes):
        self.put(kind, key, self.nouns[kind][key].but(**changes))

    def remove(self, kind, key):
        del self.nouns[kind][key]
        self.touched.add((kind, key))
        self.written.append((kind, key))

    def seal(self, source):
        """Gives what was written its salt: from the payload hash that wrote it, or, for the opening of a block, from the salt before."""
        for kind, key in self.touched:
            section, prefix, parts, _ = SCHEMAS[kind]
            parts, values = parts.split(), key if isinstance(key, tuple) else (key,)
            raw = bytes.fromhex(prefix) + b"".join(encoded(part, value) for part, value in zip(parts, values))
            path = H(b"\x14", u(1, section), raw)
            self.roots.pop(section, None)
            noun = self.nouns[kind].get(key)
            if noun is None:
                self.salts.pop(path, None)
                self.leaves.get(section, {}).pop(path, None)
                continue
            old = self.salts.get(path, ZERO)
            salt = H(b"\x15", source, u(1, section), raw) if source else H(b"\x16", old, u(1, section), raw, u(8, self.height))
            self.salts[path] = salt
            self.leaves.setdefault(section, {})[path] = H(b"\x18", salt, spelt(kind, noun))
        self.touched = set()

    def root(self):
        for section in range(1, SECTIONS + 1):
            if section not in self.roots:
                self.roots[section] = section_root(list(self.leaves.get(section, {}).items()))
        return H(b"\x13", u(1, SECTIONS), *[self.roots[section] for section in range(1, SECTIONS + 1)])

    # Time and rules.

    def day(self, time):
        return (time + self.offset) // DAY + 719162

    def start(self, day):
        return (day - 719162) * DAY - self.offset

    @property
    def today(self):
        return self.day(self.now)

    def rule(self, name, day=None):
        day = self.today if day is None else day
        sets = sorted(self.nouns["rules"])
        chosen = max([since for since in sets if since <= day], default=sets[0])
        return self.nouns["rules"][chosen].values[PARAMETERS.index(name)]

    def rolled(self, day):
        while not (day in self.open or (day not in self.closed and (day % 7) < 5)):
            day += 1
        return day

    def payable(self, due):
        return self.rolled(due) if self.rule("dueDateRollsOver", due) else due

    # Parties.

    def has(self, party, *roles):
        known = self.get("party", party)
        return known is not None and known.roles & number_of_bits(roles) != 0

    def bank_of(self, party):
        return party if self.has(party, "bank") else self.get("party", party).sponsor

    def in_effect(self, measure):
        return measure.status == 3 or (measure.status == 1 and measure.in_force <= self.now)

    def insolvent_since(self, party):
        entry = self.get("listed", (6, party))
        measure = entry and self.get("measure", entry.measure)
        return entry.since if measure and self.in_effect(measure) == (measure.kind == 4) else None

    # Units.

    def binds(self, burden):
        return burden.kind != 10 and burden.until > self.now

    def free(self, token):
        return not any(map(self.binds, token.burdens))

    def first_freeze(self, token):
        return next((burden for burden in token.burdens if burden.kind == 5 and self.binds(burden)), None)

    def pledgee_or_holder(self, token):
        return next((burden.beneficiary for burden in token.burdens if burden.kind == 4 and self.binds(burden)), token.holder)

    def touching(self, instrument, runs):
        return [token for run in runs for token in self.tokens[instrument] if overlap(token.units, run)]

    def depth(self, instrument, runs):
        return max(token.leg.depth for token in self.touching(instrument, runs))

    def live(self, instrument):
        return sum(length(token.units) for token in self.tokens[instrument] if token.state == 1)

    def lowest(self, instrument, holder, amount, better):
        taken = []
        for wanted in (True, False):
            for token in self.tokens[instrument]:
                if amount and token.holder == holder and token.state == 1 and better(token) == wanted:
                    part = min(amount, length(token.units))
                    taken.append((token.units[0], token.units[0] + part - 1))
                    amount -= part
        return joined(taken)

    def set_tokens(self, instrument, tokens, written):
        """Replaces an instrument's tokens; those at the written first units are written, and first units that are none any more are removed."""
        begin = {token.units[0]: token for token in tokens}
        for token in self.tokens.get(instrument, ()):
            if token.units[0] not in begin:
                self.remove("token", (instrument, token.units[0]))
        for first in written:
            token = begin[first]
            self.put("token", (instrument, first), Noun(last=token.units[1], holder=token.holder, state=token.state, leg=token.leg, burdens=token.burdens))
        self.tokens[instrument] = tuple(tokens)

    def whole(self, instrument, holder, leg):
        token = Token((1, self.get("instrument", instrument).face), holder, 1, leg, ())
        self.set_tokens(instrument, [token], [1])

    def rewrite(self, instrument, runs, change, where=lambda token: True):
        noun = self.get("instrument", instrument)
        if noun.status == 6 or not runs:
            return
        before = self.security_in(instrument, runs)
        pieces = []
        for token in self.tokens[instrument]:
            inner = sorted((max(run[0], token.units[0]), min(run[1], token.units[1])) for run in runs if overlap(run, token.units))
            if not inner:
                pieces.append((token, False))
                continue
            at = token.units[0]
            for first, last in inner:
                if at < first:
                    pieces.append((token._replace(units=(at, first - 1)), True))
                piece = token._replace(units=(first, last))
                changes = where(piece)
                pieces.append((change(piece) if changes else piece, changes or piece.units != token.units))
                at = last + 1
            if at <= token.units[1]:
                pieces.append((token._replace(units=(at, token.units[1])), True))
        merged = []
        for token, is_new in pieces:
            if merged and noun.kind == 1 and merged[-1][0][1:] == token[1:]:
                merged[-1] = (token._replace(units=(merged[-1][0].units[0], token.units[1])), True)
            else:
                merged.append((token, is_new))
        self.set_tokens(instrument, [token for token, _ in merged], [token.units[0] for token, is_new in merged if is_new])
        self.keep_earmark(instrument)
        after = self.security_in(instrument, runs)
        for financing in sorted({*before, *after}):
            if before.get(financing, 0) != after.get(financing, 0):
                self.keep_exposure(financing)

    def burden(self, instrument, runs, burden):
        self.rewrite(instrument, runs, lambda token: token._replace(burdens=token.burdens + (burden,)))

    def without(self, instrument, runs, gone):
        self.rewrite(instrument, runs, lambda token: token._replace(burdens=tuple(burden for burden in token.burdens if not gone(burden))))

    def lift(self, instrument, runs, kind, reference):
        self.without(instrument, runs, lambda burden: (burden.kind, burden.reference) == (kind, reference))

    def exchange(self, instrument, runs, kind, reference, to):
        def has(token):
            return any((burden.kind, burden.reference) == (kind, reference) for burden in token.burdens)

        def exchanged(token):
            return token._replace(burdens=tuple(burden for burden in token.burdens if (burden.kind, burden.reference) != (kind, reference)) + (to,))
        self.rewrite(instrument, runs, exchanged, has)

    def retire(self, instrument, runs, state):
        self.rewrite(instrument, runs, lambda token: token._replace(state=state, burdens=()), lambda token: token.state == 1)
        self.settle(instrument)

    def settle(self, instrument):
        if self.live(instrument) == 0:
            self.change("instrument", instrument, status=7)

    # What banks have out on units.

    def keep_earmark(self, instrument):
        earmark = self.get("earmark", instrument)
        if earmark and self.get("line", earmark.line) and self.live(instrument) != earmark.drawn:
            self.draw(earmark.line, self.live(instrument) - earmark.drawn)
            self.change("earmark", instrument, drawn=self.live(instrument))

    def release_earmark(self, instrument):
        earmark = self.get("earmark", instrument)
        if earmark:
            self.draw(earmark.line, -earmark.drawn)
            self.remove("earmark", instrument)

    def draw(self, line, amount):
        if self.get("line", line):
            self.change("line", line, drawn=self.get("line", line).drawn + amount)

    def is_security(self, id, token):
        financing = self.get("financing", id)
        if token.state != 1:
            return False
        if financing.form == 1:
            return any((burden.kind, burden.reference, burden.beneficiary) == (4, id, financing.financier) for burden in token.burdens)
        return token.holder == financing.financier and (token.leg.cause, token.leg.act, token.leg.giver) == (3, id, financing.applicant)

    def secured(self, id):
        financing = self.get("financing", id)
        return sum(min(run[1], token.units[1]) - max(run[0], token.units[0]) + 1
                   for run in financing.units for token in self.tokens.get(financing.instrument, ()) if overlap(run, token.units) and self.is_security(id, token))

    def security_in(self, instrument, runs):
        """How many units of these runs each payout that stands or stood has for its security."""
        found = {}
        for run in runs:
            for token in self.tokens[instrument]:
                if not overlap(run, token.units):
                    continue
                named = {token.leg.act} if token.leg.cause == 3 else set()
                named |= {burden.reference for burden in token.burdens if burden.kind == 4}
                for id in named:
                    financing = self.get("financing", id)
                    if financing and financing.status in (4, 5, 6, 7, 13) and financing.instrument == instrument and self.is_security(id, token):
                        found[id] = found.get(id, 0) + min(run[1], token.units[1]) - max(run[0], token.units[0]) + 1
        return found

    def purchase_of(self, instrument, token):
        """By which financing who holds units bought them."""
        financing = self.get("financing", token.leg.act) if token.leg.cause == 3 else None
        bought = financing and financing.status in (4, 5, 6, 7, 13) and financing.form != 1 and financing.instrument == instrument and self.is_security(token.leg.act, token)
        return token.leg.act if bought else NO_ID

    def purchase_again(self, to, token, depth):
        """The leg of the purchase under which units come back to who passed them on."""
        id = token.leg.under
        purchase = self.get("financing", id) if id != NO_ID else None
        if not purchase or token.leg.giver != to or purchase.financier != to or purchase.status not in (4, 5, 6, 7, 13):
            return None
        return Leg(id, 3, purchase.applicant, depth, purchase.form == 2, uses_before(purchase.before, purchase.documents), self.now)

    def keep_exposure(self, id):
        financing, secured = self.get("financing", id), self.secured(id)
        state = dict(status=6, ended=self.today) if secured == 0 else dict(status=4, ended=0)
        self.occupy(id, financing.but(**state), max(0, secured - financing.margin))

    def occupy(self, id, financing, amount):
        if self.get("line", financing.line):
            self.draw(financing.line, amount - financing.drawn)
            financing = financing.but(drawn=amount)
        self.put("financing", id, financing)

    # What many acts do.

    def charge(self, uses, **by):
        for document, amount in uses:
            noun = self.get("document", document)
            self.put("document", document, noun.but(**{name: getattr(noun, name) + sign * amount for name, sign in by.items()}))

    def put_instrument(self, id, instrument):
        known = self.get("instrument", id)
        self.put("instrument", id, instrument)
        if instrument.number and (known is None or known.number != instrument.number):
            self.put("number", instrument.number, new("number", instrument=id))

    def maturity(self, instrument):
        return self.get("maturity", instrument) or new("maturity", stops=LAST_DAY)

    def spend(self, reference, bank, by, value=None):
        self.put("reference", (reference, self.today if value is None else value), new("reference", bank=bank, act=by, at=self.now))

    def rely(self, documents, party):
        for document in documents:
            noun = self.get("document", document)
            if party not in noun.reliant:
                self.put("document", document, noun.but(reliant=noun.reliant + (party,)))


def uses_before(before, documents):
    sums = {}
    for leg in dict.fromkeys(leg for _, leg in before):
        for document, amount in leg.uses:
            sums[document] = sums.get(document, 0) + amount
    return tuple((document, sums[document]) for document in documents)


def ceiling(time):
    return -(-time // MINUTE) * MINUTE


def uses_of(operation):
    return tuple((b64(use["document"]), int(use["amount"])) for use in operation.get("documents") or [])


def hashes(texts):
    return tuple(b64(text) for text in texts or [])


def terms_of(operation):
    return hashes(operation.get("_sd"))


def both(known, further):
    return tuple(sorted({*known, *further}))
