"""The state that genesis makes, from docs/FORMATS.md: records, salts, sections and the state root; and the two hashes that headers repeat."""
import datetime, hashlib
from base64 import urlsafe_b64decode

from sm2 import sm3

ROLES = ["bank", "coreEnterprise", "supplier", "regulator", "guarantor", "gateway", "platform", "operator"]
SIZES = ["unstated", "large", "medium", "small", "micro", "publicBody"]
USES, KEY_ROLES = ["", "signing", "recovery", "sealing"], ["", "maker", "checker", "legalRepresentative", "system"]
PARAMETERS = """confirmationDays confirmationRollsOver offerMaximumDays reservationHours rotationDelayHours mandateMaximumDays minimumTransfer
    maximumDepth maximumTokens contractRequired attemptsPerDay longLivedIds receivableTenorMonths receivableTenorMaximumMonths billTenorMonths
    financingTenorMonths financingShareBasisPoints lateInterestMillionths dueDateRollsOver contestHours independenceDays
    emergencyFreezeHours announcementDays lprMillionths""".split()
LATER = ["pledgeReservation"]
FOREVER, SECTIONS, ZERO = 253370764799999, 27, bytes(32)


HASHES = {"ES256": lambda raw: hashlib.sha256(raw).digest(), "SM2": sm3}
chosen = HASHES["ES256"]


def hash_under(suite):
    """What H is from now on: the hash of the suite of the chain that is read."""
    global chosen
    chosen = HASHES[suite]


def H(*parts):
    return chosen(b"".join(parts))


def u(size, value):
    return value.to_bytes(size, "big")


def blob(raw):
    return u(2, len(raw)) + raw


def text(value):
    return blob(value.encode())


def point(value):
    return blob(urlsafe_b64decode(value + "=" * (-len(value) % 4)))


def party(value):
    return u(1, len(value)) + value.encode()


def day(value):
    return u(4, datetime.date.fromisoformat(value).toordinal() - 1)


def listed(items):
    return u(2, len(items)) + b"".join(items)


def parameters(rules):
    return listed([u(8, value) for value in values_of(rules["parameters"])])


def values_of(stated):
    """By their numbers; of those that came later, up to the last that is stated."""
    values = [stated[name] for name in PARAMETERS] + [stated.get(name, 0) for name in LATER]
    while len(values) > len(PARAMETERS) and not values[-1]:
        values.pop()
    return values


def validator_set(g):
    return set_of({v["bank"]: urlsafe_b64decode(v["nodeKey"] + "=" * (-len(v["nodeKey"]) % 4)) for v in g["validators"]})


def set_of(nodes):
    """The hash of validators, a node key for each bank."""
    return H(b"\x19", *[party(bank) + blob(nodes[bank]) for bank in sorted(nodes)])


def rule_set(g):
    return rules_of(g["rules"])


def rules_of(sets):
    """The hash of rule sets, by their dates."""
    return H(b"\x1a", *[day(rules["from"]) + parameters(rules) for rules in sorted(sets, key=lambda rules: rules["from"])])


def section_root(records, step=0):
    if not records:
        return H(b"\x12")
    if len(records) == 1:
        return H(b"\x10", *records[0])
    children = [[r for r in records if (r[0][step // 2] >> (0 if step % 2 else 4)) & 15 == nibble] for nibble in range(16)]
    bitmap = sum(1 << nibble for nibble, child in enumerate(children) if child)
    return H(b"\x11", u(2, bitmap), *[section_root(child, step + 1) for child in children if child])


def state_root(g):
    records = {section: [] for section in range(1, SECTIONS + 1)}

    def put(section, key, value):
        salt = H(b"\x15", bytes.fromhex(g["seed"]), u(1, section), key)
        records[section].append((H(b"\x14", u(1, section), key), H(b"\x18", salt, value)))

    for p in g["parties"]:
        roles = sum(1 << ROLES.index(role) for role in p["roles"])
        put(1, party(p["id"]), text(p["name"]) + u(2, roles) + text(p["region"]) + u(1, SIZES.index(p["size"])) + text(p["industryChain"])
            + party(p["sponsor"]) + u(1, 1) + u(4, len(p["keys"])) + ZERO + listed([]) + u(4, 0))
        for n, k in enumerate(p["keys"], 1):
            put(2, party(p["id"]) + u(4, n), point(k["publicKey"]) + u(1, USES.index(k["use"])) + u(1, KEY_ROLES.index(k["role"]))
                + text(k["person"]) + u(8, g["time"]) + u(8, FOREVER) + u(4, 0))
    for rules in g["rules"]:
        put(12, day(rules["from"]), parameters(rules))
    sealed = [party(key["bank"]) + text(key["sealed"]) for key in g["epoch"]["sealedKeys"]]
    put(13, u(4, 1), bytes.fromhex(g["epoch"]["keyCommitment"]) + listed(sealed) + u(8, g["time"]))
    put(15, b"\x00", u(8, 0) + u(8, g["time"]))
    for v in g["validators"]:
        put(18, party(v["bank"]), point(v["nodeKey"]))
    return H(b"\x13", u(1, SECTIONS), *[section_root(records[section]) for section in range(1, SECTIONS + 1)])
