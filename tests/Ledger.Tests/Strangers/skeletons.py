#!/usr/bin/env python3
"""Makes fingerprints and skeletons of canonical numbers by docs/FORMATS.md.

usage: skeletons.py TABLE KEY NUMBERS

TABLE is the table of look-alikes, KEY an epoch's key in hexadecimal. NUMBERS has a line for each document: kind, seller, buyer, code and number with tabs
between. For each a line is printed: fingerprint and skeleton, under SHA-256.
"""
import hashlib, hmac, sys


def table(path):
    looks = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.startswith("#"):
                continue
            characters, sign, *text = line.rstrip("\n").split(" ", 2)
            first, _, last = characters.partition("-")
            if sign == ":":
                looks.update({int(first, 16) + i: like for i, like in enumerate(text[0])})
            elif sign == ">":
                looks[int(first, 16)] = text[0]
            else:
                for code in range(int(first, 16), int(last or first, 16) + 1):
                    looks[code] = chr(code) if sign == "=" else ""
    return looks


def main(path, key, numbers):
    looks, key = table(path), bytes.fromhex(key)

    def mark(*lines):
        return hmac.new(key, "".join(line + "\n" for line in lines).encode(), hashlib.sha256).hexdigest()

    with open(numbers, encoding="utf-8") as file:
        for line in file:
            kind, seller, buyer, code, number = line.rstrip("\n").split("\t")
            bones = "".join(looks[ord(character)] for character in code + number)
            while bones.startswith("N0"):
                bones = bones[2:]
            national = kind == "invoice" and (code + number).isdigit() and len(code + number) in (18, 20)
            print(
                mark("ledger-fingerprint-v1", kind, code, number, *([] if national else [seller, buyer])),
                mark("ledger-skeleton-v2", bones, seller))
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 4:
        print(__doc__)
        sys.exit(2)
    sys.exit(main(*sys.argv[1:]))
