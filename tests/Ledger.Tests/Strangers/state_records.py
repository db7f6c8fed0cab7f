#!/usr/bin/env python3
"""Reads state records by the tables of docs/FORMATS.md themselves, and makes the state root of them.

usage: state_records.py FORMATS.md RECORDS ROOT

RECORDS has a line for each record: section, key, salt and value, hexadecimal but the section, with a space between. Every key and value must be spelt
by a row of the section's table to its last octet, and all of them must give ROOT.
Exit code 0 so it is (the rows that were met are printed), 6 false.
"""
import re, sys

from genesis_state import H, SECTIONS, section_root, u

FIXED = {"u8": 1, "u16": 2, "u32": 4, "u64": 8, "id": 16, "hash": 32, "time": 8, "date": 4, "amount": 8, "units": 16, "flag": 1, "currency": 3}
FOREVER, LAST_DAY = 253370764799999, 3652058


class False_(Exception):
    pass


def fields(spelt):
    """A row's spelling as a list of types; a list in square brackets is a list of types within."""
    spelt, found, depth, begin = spelt.replace("`", ""), [], 0, 0
    for at, sign in enumerate(spelt + "‖"):
        depth += (sign == "[") - (sign == "]")
        if sign == "‖" and depth == 0:
            field = spelt[begin:at].strip()
            found.append(fields(field[1:field.rindex("]")]) if field[0] == "[" else field.split()[0].rstrip(",:;"))
            begin = at + 1
    return found


class Formats:
    def __init__(self, text):
        state = text.split("\n## State records\n")[1].split("\n## ")[0]
        self.rows, section = [], None
        for line in re.findall(r"^\|(.*)\|$", state.split("| section | key | value |")[1].split("\n- ")[0], re.M):
            name, key, value = [cell.strip() for cell in line.split(" | ")] if not line.startswith("---") else ("---",) * 3
            if name != "---":
                section = int(name.split()[0]) if name else section
                self.rows.append((section, fields(key), fields(value)))
        self.named = {}
        for name, spelt in re.findall(r"^- (\w+): ((?:.+\n)(?:  .+\n)*)", state, re.M):
            absent, _, rest = spelt.partition("`00`, or ")
            self.named[name] = (bool(rest), fields((rest or absent).replace("\n", " ")))

    def read(self, types, raw, at=0):
        for kind in types:
            if isinstance(kind, list):
                count, at = int.from_bytes(raw[at:at + 2], "big"), at + 2
                for _ in range(count):
                    at = self.read(kind, raw, at)
            elif kind in FIXED:
                value = int.from_bytes(raw[at:at + FIXED[kind]], "big")
                if kind == "flag" and value > 1 or kind == "time" and value > FOREVER or kind == "date" and value > LAST_DAY:
                    raise False_("%s %d" % (kind, value))
                at += FIXED[kind]
            elif kind in ("text", "bytes", "party"):
                head = 1 if kind == "party" else 2
                size = int.from_bytes(raw[at:at + head], "big")
                if kind != "bytes":
                    raw[at + head:at + head + size].decode("ascii" if kind == "party" else "utf-8")
                at += head + size
            elif kind == "use":
                at += 24
            elif kind in self.named:
                may_be_absent, within = self.named[kind]
                if may_be_absent and raw[at:at + 1] == b"\x00":
                    at += 1
                else:
                    at = self.read(within, raw, at)
            elif re.fullmatch("[0-9a-f]{2}", kind):
                if raw[at:at + 1].hex() != kind:
                    raise False_("not " + kind)
                at += 1
            else:
                raise ValueError("the document has no type " + kind)
            if at > len(raw):
                raise False_("octets are missing")
        return at

    def spells(self, types, raw):
        try:
            return self.read(types, raw) == len(raw)
        except (False_, UnicodeDecodeError):
            return False


def main(document, records, root):
    with open(document, encoding="utf-8") as file:
        formats = Formats(file.read())
    tree, met = {section: [] for section in range(1, SECTIONS + 1)}, set()
    with open(records, encoding="ascii") as file:
        for line in file:
            section, key, salt, value = line.rstrip("\n").split(" ")
            section, key, salt, value = int(section), bytes.fromhex(key), bytes.fromhex(salt), bytes.fromhex(value)
            good = [n for n, row in enumerate(formats.rows) if row[0] == section and formats.spells(row[1], key) and formats.spells(row[2], value)]
            if len(good) != 1:
                return 6, "false: %d rows of section %d spell %s = %s" % (len(good), section, key.hex(), value.hex())
            met.add(good[0])
            tree[section].append((H(b"\x14", u(1, section), key), H(b"\x18", salt, value)))
    made = H(b"\x13", u(1, SECTIONS), *[section_root(tree[section]) for section in range(1, SECTIONS + 1)]).hex()
    if made != root:
        return 6, "false: state root %s" % made
    return 0, "%d rows: %s" % (len(formats.rows), " ".join(map(str, sorted(met))))


if __name__ == "__main__":
    if len(sys.argv) != 4:
        print(__doc__)
        sys.exit(2)
    code, said = main(*sys.argv[1:])
    print(said)
    sys.exit(code)
