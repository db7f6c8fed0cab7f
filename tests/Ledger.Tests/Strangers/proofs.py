"""Verifies the proofs that people take away (docs/FORMATS.md, State proof files and Consistency proof files), of chains under ES256, with Python's standard library and a tool for P-256.

usage: proofs.py state GENESIS FILE [cryptography|openssl]
       proofs.py consistency GENESIS OLDER-CHECKPOINT FILE [cryptography|openssl]

Prints what was proved. Exit codes: 0 true, 6 false, 7 could not be checked.
"""
import base64, hashlib, json, struct, sys

import p256

FIRST, RECEIPT = "ledger-state-proof/1", "c2sp.org/tlog-proof@v1"


def need(holds, what):
    if not holds:
        print(f"false: {what}")
        sys.exit(6)


def H(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def b64(text):
    try:
        octets = base64.b64decode(text, validate=True)
    except ValueError:
        octets = None
    need(octets is not None and base64.b64encode(octets).decode() == text, f"{text!r} is not base64 in its one spelling")
    return octets


def number(text, least=0, most=2**64 - 1):
    need(text.isascii() and text.isdigit() and str(int(text)) == text and least <= int(text) <= most, f"{text!r} is no number from {least} to {most}")
    return int(text)


def text_of(octets):
    try:
        text = octets.decode()
    except UnicodeDecodeError:
        text = ""
    need(text.endswith("\n") and not any(ord(c) < 32 and c != "\n" for c in text), "it is no text")
    return text


class Note:
    """A checkpoint that a quorum of genesis's validators signed."""

    def __init__(self, text, genesis, verify):
        end = text.find("\n\n") + 1
        lines = text[:end].split("\n")
        need(end > 0 and len(lines) == 4, "what should be a checkpoint is none")
        self.origin, self.size, self.root = lines[0], number(lines[1]), b64(lines[2])
        need(len(self.root) == 32, "the root has not 32 octets")
        chain = hashlib.sha256(genesis).hexdigest()
        told = json.loads(genesis)
        need(self.origin == f"{told['name']}/{chain[:16]}", f"the checkpoint is of {self.origin}, expected {told['name']}/{chain[:16]}")
        keys = {}
        for validator in told["validators"]:
            point = base64.urlsafe_b64decode(validator["nodeKey"] + "==")
            keys[H(p256.SPKI + point)[:4]] = point
        signed, signatures = set(), text[end + 1:].split("\n")
        need(len(signatures) > 1 and signatures[-1] == "", "there is no signature")
        for line in signatures[:-1]:
            words = line.split(" ")
            need(len(words) == 3 and words[0] == "\u2014", "a signature line is malformed")
            raw = b64(words[2])
            need(len(raw) > 4, "a signature line is malformed")
            if words[1] != self.origin or raw[:4] not in keys:
                continue
            signature = p256.of_der(raw[4:])
            need(signature is not None and verify(keys[raw[:4]], text[:end].encode(), signature), "a validator's signature is false")
            signed.add(raw[:4])
        need(len(signed) >= 2 * len(keys) // 3 + 1, f"{len(signed)} of {len(keys)} validators signed")
        self.text = text[:end]


def node(left, right):
    return H(b"\x01", left, right)


def included(leaf, index, size, hashes, root):
    need(index < size, "the leaf is beyond the history")
    place, last, found = index, size - 1, leaf
    for other in hashes:
        need(last > 0, "the inclusion proof is too long")
        if place & 1 or place == last:
            found = node(other, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node(found, other)
        place, last = place >> 1, last >> 1
    need(last == 0 and found == root, f"the header leads to root {found.hex()}, expected {root.hex()}")


def consistent(old, now, hashes, first, second):
    if old == now:
        need(not hashes and first == second, "one size has two roots")
        return
    need(0 < old < now and hashes, "the proof is too short, or the older checkpoint is the longer")
    place, last = old - 1, now - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    rest = list(hashes)
    a = b = first if old & (old - 1) == 0 else rest.pop(0)
    for other in rest:
        need(last > 0, "the proof is too long")
        if place & 1 or place == last:
            a, b = node(other, a), node(other, b)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            b = node(b, other)
        place, last = place >> 1, last >> 1
    need(last == 0 and a == first and b == second, f"the proof leads from {a.hex()} to {b.hex()}, expected from {first.hex()} to {second.hex()}")


def claim_holds(section, key, value, path, state_root):
    at = 0

    def take(count):
        nonlocal at
        need(len(path) - at >= count, "a path ends in the middle")
        at += count
        return path[at - count:at]

    kind, named, count = take(3)
    need(named == section and 1 <= section <= count <= 31, "a path is of another section")
    roots = [take(32) for _ in range(count)]
    steps = []
    for _ in range(take(1)[0]):
        bitmap, siblings = struct.unpack(">HB", take(3))
        steps.append((bitmap, [take(32) for _ in range(siblings)]))
    need(len(steps) <= 64, "a path is too long")
    place = H(b"\x14", bytes([section]), key)
    step = lambda of, depth: of[depth // 2] >> 4 if depth % 2 == 0 else of[depth // 2] & 15
    if value is not None:
        need(kind == 1, "the path is none to a record")
        found = H(b"\x10", place, H(b"\x18", take(32), value))
    elif kind == 3:
        other, commitment = take(32), take(32)
        need(other != place and all(step(other, i) == step(place, i) for i in range(len(steps))), "the other record does not stand in the place")
        found = H(b"\x10", other, commitment)
    else:
        need(kind == 2, "the path is none to an absence")
        found = None
    need(at == len(path), "something follows a path")
    for depth in reversed(range(len(steps))):
        bitmap, children = steps[depth]
        bit = step(place, depth)
        there = bitmap >> bit & 1 == 1
        need(there == (found is not None) and len(children) == bin(bitmap).count("1") - there, "a branch does not fit its bitmap")
        if there:
            children.insert(bin(bitmap & ((1 << bit) - 1)).count("1"), found)
        found = H(b"\x11", struct.pack(">H", bitmap), *children)
    found = found if found is not None else H(b"\x12")
    need(found == roots[section - 1], f"section {section} has root {found.hex()}, expected {roots[section - 1].hex()}")
    root = H(b"\x13", bytes([count]), *roots)
    need(root == state_root, f"the state root is {root.hex()}, expected {state_root.hex()}")


def state(genesis, octets, verify):
    need(len(octets) <= 2 * 1024 * 1024, "the file is too large")
    lines = text_of(octets).split("\n")
    need(lines[0] == FIRST, "it is no state proof")
    end = lines.index("", 1)
    claims = []
    for line in lines[1:end]:
        words = line.split(" ")
        need((words[0], len(words)) in (("record", 5), ("absent", 4)), f"{words[0]!r} is no claim")
        value = b64(words[3]) if words[0] == "record" else None
        claims.append((number(words[1], 1, 31), b64(words[2]), value, b64(words[-1])))
    need(1 <= len(claims) <= 256, "there are no claims, or too many")
    need(all(one[:2] < other[:2] for one, other in zip(claims, claims[1:])), "claims are out of order")
    rest = lines[end + 1:]
    need(len(rest) > 3 and rest[0] == RECEIPT and rest[1].startswith("extra ") and rest[2].startswith("index ") and "" in rest[3:], "the header has no receipt")
    leaf, index = b64(rest[1][6:]), number(rest[2][6:])
    gap = rest.index("", 3)
    hashes = [b64(line) for line in rest[3:gap]]
    need(len(hashes) <= 64 and all(len(one) == 32 for one in hashes), "the inclusion proof is malformed")
    need(len(leaf) == 195 and leaf[:3] == b"\x03\x00\x01", "the leaf is no header")
    note = Note("\n".join(rest[gap + 1:]), genesis, verify)
    included(H(b"\x00", leaf), index, note.size, hashes, note.root)
    for section, key, value, path in claims:
        claim_holds(section, key, value, path, leaf[99:131])
    print(f"height {int.from_bytes(leaf[35:43], 'big')}")
    for section, key, value, _ in claims:
        print(section, key.hex(), "absent" if value is None else value.hex())


def consistency(genesis, older, octets, verify):
    text = text_of(octets)
    end = text.find("\n\n")
    lines = text[:max(end, 0)].split("\n")
    need(end > 0 and lines[0].startswith("old ") and len(lines) <= 64, "it is no consistency proof")
    hashes = [b64(line) for line in lines[1:]]
    need(all(len(one) == 32 for one in hashes), "a hash has not 32 octets")
    old, now = Note(text_of(older), genesis, verify), Note(text[end + 2:], genesis, verify)
    need(number(lines[0][4:]) == old.size, f"the proof begins at {lines[0][4:]}, expected {old.size}")
    consistent(old.size, now.size, hashes, old.root, now.root)
    print(f"{old.size} {now.size} {now.root.hex()}")


def main(command, *rest):
    files = 2 if command == "state" else 3
    tool, verify = p256.signature_tool(rest[files] if len(rest) > files else None)
    if tool is None:
        print("no tool for P-256")
        sys.exit(7)
    octets = [open(name, "rb").read() for name in rest[:files]]
    {"state": state, "consistency": consistency}[command](*octets, verify)


if __name__ == "__main__":
    main(*sys.argv[1:])
