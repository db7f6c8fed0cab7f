"""Recomputes what this dossier claims with Python's standard library alone: that every entry and every header is in the history that its checkpoint names, that the state
proof leads to that header's state root, and that the files which OpenSSL checks are the very lines under those checkpoints. Signatures are OpenSSL's part (README.txt).

usage: python3 check.py          in the folder of the dossier
Exit codes: 0 all is as claimed, 6 something is not.
"""
import base64, glob, hashlib, os, struct, sys


class Untrue(Exception):
    pass


def need(holds, what):
    if not holds:
        raise Untrue(what)


def H(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def b64(text):
    octets = base64.b64decode(text, validate=True)
    need(base64.b64encode(octets).decode() == text, f"{text!r} is not base64 in its one spelling")
    return octets


def read(*path):
    with open(os.path.join(*path), "rb") as file:
        return file.read()


def proof(text):
    """A receipt's leaf, index, hashes and note (C2SP tlog-proof)."""
    head, note = text.split("\n\n", 1)
    first, extra, index, *hashes = head.split("\n")
    need(first == "c2sp.org/tlog-proof@v1" and extra.startswith("extra ") and index.startswith("index "), "it is no receipt")
    return b64(extra[6:]), int(index[6:]), [b64(one) for one in hashes], note


def included(leaf, index, hashes, size, root):
    """RFC 9162, 2.1.3.2."""
    place, last, found = index, size - 1, H(b"\x00", leaf)
    need(place <= last, "the leaf is beyond the history")
    for other in hashes:
        need(last > 0, "the way is too long")
        if place & 1 or place == last:
            found = H(b"\x01", other, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = H(b"\x01", found, other)
        place, last = place >> 1, last >> 1
    need(last == 0 and found == root, f"the leaf leads to the root {found.hex()}, and the checkpoint names {root.hex()}")


def checkpoints():
    """The notes of the dossier, each with its origin, size and root, once its files are seen to be its own lines."""
    known = {}
    for folder in sorted(glob.glob("checkpoints/*")):
        note = read(folder, "note").decode()
        text, lines = note.split("\n\n", 1)
        text = (text + "\n").encode()
        need(read(folder, "text") == text, f"{folder}/text is not what is signed")
        origin, size, root = text.decode().split("\n")[:3]
        signatures = {b64(line.split(" ")[2])[:4].hex(): b64(line.split(" ")[2])[4:] for line in lines.splitlines()}
        count = 0
        for name in sorted(os.listdir(folder)):
            key, _, kind = name.partition(".")
            if kind == "der":
                need(read(folder, name) == signatures.get(key), f"{folder}/{name} is not the line of that key")
                count += 1
            elif kind == "signature":
                line = signatures.get(key, b"")
                need(read(folder, name) == line[8:] and len(line) == 72, f"{folder}/{name} is not the line of that key")
                said = b"cosignature/v1\ntime %d\n" % struct.unpack(">Q", line[:8])
                need(read(folder, key + ".message") == said + text, f"{folder}/{key}.message is not what the witness signed")
                count += 1
        need(count > 0, f"{folder} has no signature")
        known[note] = (origin, int(size), b64(root))
        print(f"ok {folder}: {count} signatures for OpenSSL over {size} leaves of {origin}")
    return known


def claim(section, key, value, path, state_root):
    """A record's way to the state root, or that there is none (FORMATS, State proof)."""
    at = 0

    def take(count):
        nonlocal at
        need(len(path) - at >= count, "a path ends in the middle")
        at += count
        return path[at - count:at]

    kind, named, count = take(3)
    need(named == section and 1 <= section <= count, "a path is of another section")
    roots = [take(32) for _ in range(count)]
    steps = []
    for _ in range(take(1)[0]):
        bitmap, siblings = struct.unpack(">HB", take(3))
        steps.append((bitmap, [take(32) for _ in range(siblings)]))
    place = H(b"\x14", bytes([section]), key)

    def nibble(of, depth):
        return of[depth // 2] >> 4 if depth % 2 == 0 else of[depth // 2] & 15

    found = None
    if value is not None:
        need(kind == 1, "the path is none to a record")
        found = H(b"\x10", place, H(b"\x18", take(32), value))
    elif kind == 3:
        other, commitment = take(32), take(32)
        need(other != place and all(nibble(other, i) == nibble(place, i) for i in range(len(steps))), "the other record does not stand in the place")
        found = H(b"\x10", other, commitment)
    else:
        need(kind == 2, "the path is none to an absence")
    need(at == len(path), "something follows a path")
    for depth in reversed(range(len(steps))):
        bitmap, children = steps[depth]
        bit = nibble(place, depth)
        there = bitmap >> bit & 1 == 1
        need(there == (found is not None) and len(children) == bin(bitmap).count("1") - there, "a branch does not fit its bitmap")
        if there:
            children.insert(bin(bitmap & ((1 << bit) - 1)).count("1"), found)
        found = H(b"\x11", struct.pack(">H", bitmap), *children)
    need((found or H(b"\x12")) == roots[section - 1], f"section {section} has another root")
    need(H(b"\x13", bytes([count]), *roots) == state_root, "the sections have another state root")


def main():
    known = checkpoints()
    origins = {origin for origin, _, _ in known.values()}
    need(len(origins) == 1, "there are checkpoints of several ledgers, or none")
    if os.path.exists("genesis.json"):
        chain = hashlib.sha256(read("genesis.json")).hexdigest()
        need(origins.pop().endswith("/" + chain[:16]), "genesis.json is another ledger's")
        print(f"ok genesis.json: chain {chain}")

    entries = set()
    for path in sorted(glob.glob("receipts/*.tlog-proof")):
        leaf, index, hashes, note = proof(read(path).decode())
        need(note in known, f"the checkpoint of {path} is not in checkpoints/")
        _, size, root = known[note]
        included(leaf, index, hashes, size, root)
        entry = f"entries/{index}.json"
        need(os.path.basename(path) == f"{index}.tlog-proof" and leaf[:1] == b"\x02" and read(entry) == leaf[5:], f"{path} is not about {entry}")
        entries.add(entry)
        code = struct.unpack(">H", leaf[1:3])[0]
        print(f"ok {entry}: leaf {index}, " + ("accepted" if code == 0 else f"refused with {code}"))
    need(entries == {path.replace(os.sep, "/") for path in glob.glob("entries/*")}, "there are entries without a receipt")

    for path in sorted(glob.glob("state/*.state-proof")):
        claims, receipt = read(path).decode().split("\n\n", 1)
        first, *lines = claims.split("\n")
        need(first == "ledger-state-proof/1" and lines, f"{path} is no state proof")
        header, index, hashes, note = proof(receipt)
        need(note in known and header[:1] == b"\x03", f"{path} stands under no checkpoint of the dossier")
        _, size, root = known[note]
        included(header, index, hashes, size, root)
        for line in lines:
            kind, section, key, *value, way = line.split(" ")
            need((kind, len(value)) in (("record", 1), ("absent", 0)), f"{line!r} is no claim")
            claim(int(section), b64(key), b64(value[0]) if value else None, b64(way), header[99:131])
        print(f"ok {path}: {len(lines)} claims at height {int.from_bytes(header[35:43], 'big')}")


try:
    main()
except (Untrue, OSError, ValueError, IndexError, struct.error) as wrong:
    print(f"false: {wrong}")
    sys.exit(6)
