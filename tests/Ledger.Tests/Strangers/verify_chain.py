#!/usr/bin/env python3
"""Verifies a chain folder (genesis.json and *.seg) from docs/FORMATS.md alone, with Python's standard library.

usage: verify_chain.py FOLDER [cryptography|openssl|none]

What is derived again: framing and checksums, every leaf and root, the chain of headers, the state of genesis, batch digests, the text of every
transaction, checkpoints and who signed them. What is not: the rules, and so the answers and state roots after genesis.
Exit code 0 verified, 6 false, 7 could not be checked (unreadable, an unknown suite, or no tool for P-256 signatures: the second word picks the tool).
"""
import base64, itertools, json, os, re, sys

import genesis_state
from genesis_state import H, ZERO, u
from suites import SUITES

# Numbers that leave no entry: below 2000, and double-pledge attempts beyond the quotas.
SKIPPED = {*range(1000, 1006), *range(1500, 1523), *range(5001, 5012)}
SIGNATURE = rb'\{"protected":"[^"]*","signature":"[^"]*"\}'


class False_(Exception):
    pass


def need(holds, what):
    if not holds:
        raise False_(what)


def b64url(text):
    need(re.fullmatch(r"[A-Za-z0-9_-]*", text) and len(text) % 4 != 1, "base64url")
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    need(base64.urlsafe_b64encode(raw).rstrip(b"=").decode() == text, "base64url has another spelling")
    return raw


def strict_json(raw):
    def once(pairs):
        need(len(dict(pairs)) == len(pairs), "a JSON member stands twice")
        return dict(pairs)
    return json.loads(raw.decode("utf-8"), object_pairs_hook=once)


CRC = []
for n in range(256):
    for _ in range(8):
        n = n >> 1 ^ (0x82F63B78 if n & 1 else 0)
    CRC.append(n)


def crc32c(data):
    crc = 0xFFFFFFFF
    for octet in data:
        crc = crc >> 8 ^ CRC[(crc ^ octet) & 0xFF]
    return crc ^ 0xFFFFFFFF


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, size):
        need(self.at + size <= len(self.data), "bytes are missing")
        self.at += size
        return self.data[self.at - size:self.at]

    def u(self, size):
        return int.from_bytes(self.take(size), "big")

    def end(self):
        need(self.at == len(self.data), "bytes are left over")


class History:
    """The RFC 6962 tree as its complete subtrees, largest first: enough to append and to know the root."""

    def __init__(self):
        self.size, self.peaks = 0, []

    def append(self, value):
        for _ in range((self.size ^ self.size + 1).bit_length() - 1):
            value = H(b"\x01", self.peaks.pop(), value)
        self.peaks.append(value)
        self.size += 1

    def root(self):
        root = self.peaks[-1]
        for left in reversed(self.peaks[:-1]):
            root = H(b"\x01", left, root)
        return root


class Verifier:
    def __init__(self, genesis, suite):
        self.g, self.chain, self.suite, self.verify = strict_json(genesis), H(genesis), suite, suite.verify
        self.origin = "%s/%s" % (self.g["name"], self.chain.hex()[:16])
        self.nodes = {v["bank"]: b64url(v["nodeKey"]) for v in self.g["validators"]}
        self.keys = {(p["id"], n): b64url(k["publicKey"]) for p in self.g["parties"] for n, k in enumerate(p["keys"], 1)}
        self.last = {p["id"]: len(p["keys"]) for p in self.g["parties"]}
        self.history, self.previous, self.height, self.time, self.counters, self.covered = History(), ZERO, 0, 0, {}, 0
        self.epoch, self.certifiers, self.proposed, self.rules = 1, None, [], self.g["rules"]

    def transaction(self, raw, code):
        shape = re.fullmatch(rb'\{"payload":"([^"]*)","signatures":\[(%s(?:,%s)*)\]\}' % (SIGNATURE, SIGNATURE), raw)
        need(shape and len(raw) <= 65530, "the text of a transaction")
        payload64 = shape[1].decode()
        body = strict_json(b64url(payload64))
        parts = [(header.decode(), b64url(sig.decode())) for header, sig in re.findall(rb'"protected":"([^"]*)","signature":"([^"]*)"', shape[2])]
        headers = [strict_json(b64url(header)) for header, _ in parts]
        kids = [header["kid"] for header in headers]
        order = [(kid.split("#")[0], int(kid.split("#")[1])) for kid in kids]
        need(len(kids) <= 16 and order == sorted(set(order)), "signers ascend")
        arriving = {(o["id"], 1): b64url(o["keys"][0]["publicKey"]) for o in body["operations"] if o["kind"] == "party.register" and o["keys"]}
        for header, (header64, signature), kid in zip(headers, parts, order):
            need(set(header) == {"alg", "kid", "typ", "chain", "signers"}, "header members")
            need((header["alg"], header["typ"], header["chain"], header["signers"]) == (self.g["suite"], "ledger-tx", self.chain.hex(), kids), "header values")
            point = self.keys.get(kid) or arriving.get(kid)
            need(point and len(signature) == 64, "signer %s#%d" % kid)
            need(self.verify(point, (header64 + "." + payload64).encode(), signature), "signature of %s#%d" % kid)
        for o in body["operations"] if code == 0 else []:
            if o["kind"] == "governance.propose" and o["action"] in ("validatorAdd", "validatorRemove", "nodeKeyRotate", "rulesAdopt"):
                self.proposed.append((o, body.get("onBehalfOf") or body["party"]))
            new = {"party.register": lambda: (o["id"], o["keys"]), "key.rotate": lambda: (o["party"], [o["key"]]),
                   "key.recover": lambda: (o["party"], o["keys"])}.get(o["kind"], lambda: (None, []))()
            for key in new[1]:
                self.last[new[0]] = self.last.get(new[0], 0) + 1
                self.keys[new[0], self.last[new[0]]] = b64url(key["publicKey"])

    def envelope(self, r, leaf, entries):
        need(r.u(1) == 1 and r.u(2) == 1 and r.take(32) == self.chain, "envelope leaf")
        epoch = r.u(4)
        need(epoch >= self.epoch, "epoch of ordering")
        self.epoch = epoch
        bank = r.take(r.u(1)).decode()
        counter, _, count, digest = r.u(8), r.u(8), r.u(4), r.take(32)
        signed, signature, skipped = leaf[3:r.at], r.take(64), {}
        for _ in range(r.u(4)):
            position, code, value = r.u(4), r.u(2), r.take(32)
            need(position < count and code in SKIPPED and value != ZERO and all(position > p for p in skipped), "skipped list")
            skipped[position] = value
        r.end()
        need(bank in self.nodes and counter == self.counters.get(bank, 1) and count == len(skipped) + len(entries) <= 1000, "envelope's bank, counter or count")
        self.counters[bank] = counter + 1
        rest = iter(entries)
        need(H(b"\x17", *[skipped[p] if p in skipped else H(next(rest)) for p in range(count)]) == digest, "batch digest")
        need(self.verify(self.nodes[bank], b"ledger-envelope\n" + signed, signature), "envelope signature")
        return len(skipped)

    def next_set(self, named):
        """The validators that a header names: as they were, or as one proposal of the chain makes them. Who was asked before certifies the header."""
        if genesis_state.set_of(self.nodes) == named:
            return self.nodes
        for o, proposer in [one for one in self.proposed if one[0]["action"] != "rulesAdopt"]:
            bank = o.get("party", proposer)
            others = {other: key for other, key in self.nodes.items() if other != bank}
            changed = others if o["action"] == "validatorRemove" else {**others, bank: b64url(o["nodeKey"])}
            if (bank in self.nodes) == (o["action"] != "validatorAdd") and genesis_state.set_of(changed) == named:
                return changed
        raise False_("a validator set that nobody proposed")

    def next_rules(self, named):
        """The same of rule sets, of which a block may adopt several."""
        known = {rules["from"] for rules in self.rules}
        proposed = [o["rules"] for o, _ in self.proposed if o["action"] == "rulesAdopt" and o["rules"]["from"] not in known]
        for count in range(min(len(proposed), 4) + 1):
            for adopted in itertools.combinations(proposed, count):
                if genesis_state.rules_of([*self.rules, *adopted]) == named:
                    return [*self.rules, *adopted]
        raise False_("a rule set that nobody proposed")

    def block(self, payload):
        need(self.certifiers in (None, self.nodes) or self.covered == self.history.size, "a block behind a change of validators that has no checkpoint")
        r = Reader(payload)
        leaves = [r.take(r.u(2)) for _ in range(r.u(4))]
        r.end()
        need(leaves and all(leaves), "leaves")
        skipped, entries = 0, [leaf[5:] for leaf in leaves[1:-1]]
        if self.history.size:
            need(len(leaves) >= 2 and all(leaf[0] == 2 and len(leaf) > 5 for leaf in leaves[1:-1]), "leaf kinds")
            skipped = self.envelope(Reader(leaves[0]), leaves[0], entries)
            for leaf in leaves[1:-1]:
                code = int.from_bytes(leaf[1:3], "big")
                need((code == 0 and leaf[3:5] == bytes(2)) or 2000 <= code < 20000, "an entry's code")
                self.transaction(leaf[5:], code)
        r = Reader(leaves[-1])
        need(r.u(1) == 3 and r.u(2) == 1 and r.take(32) == self.chain, "header leaf")
        height, time, previous, first = r.u(8), r.u(8), r.take(32), r.u(8)
        need((height, previous, first) == (self.height, self.previous, self.history.size) and time >= self.time, "header's place in the chain")
        need((r.u(4), r.u(4)) == (len(entries), skipped), "header counts")
        state = r.take(32)
        need(height or (len(leaves) == 1 and time == self.g["time"] and state == genesis_state.state_root(self.g)), "state of genesis")
        self.certifiers = self.nodes
        self.nodes = self.next_set(r.take(32))
        self.rules = self.next_rules(r.take(32))
        r.end()
        for leaf in leaves:
            self.previous = H(b"\x00", leaf)
            self.history.append(self.previous)
        self.height, self.time = height + 1, time

    def checkpoint(self, payload):
        signed, _, lines = payload.partition(b"\n\n")
        root = base64.b64encode(self.history.root()).decode()
        need((signed + b"\n").decode() == "%s\n%d\n%s\n" % (self.origin, self.history.size, root), "checkpoint text")
        good, lines = set(), lines.decode()
        need(lines.endswith("\n") and 1 <= lines.count("\n") <= 64, "signature lines")
        for line in lines.split("\n")[:-1]:
            shape = re.fullmatch("\u2014 ([^\\s+\x00-\x1f\x7f-\x9f]+) ([A-Za-z0-9+/]+=*)", line)
            need(shape, "signature line")
            raw = base64.b64decode(shape[2], validate=True)
            need(base64.b64encode(raw).decode() == shape[2] and len(raw) > 4, "signature line")
            for bank, point in self.certifiers.items():
                if shape[1] == self.origin and raw[:4] == self.suite.key_id(self.origin, point):
                    signature = self.suite.of_line(raw[4:])
                    need(signature and self.verify(point, signed + b"\n", signature), "checkpoint signature of " + bank)
                    good.add(bank)
        need(len(good) >= (2 * len(self.certifiers) // 3 + 1 if self.height > 1 else 1), "a quorum's signatures")
        self.covered = self.history.size

    def segment(self, name, data):
        first_height = self.height
        need(name == "%012d.seg" % first_height and self.covered == self.history.size, "segment's place")
        need(len(data) <= 1207959552, "a segment's length")
        r, first, before = Reader(data), True, 1
        while r.at < len(data):
            start, kind, payload = r.at, r.u(1), r.take(r.u(4))
            need(crc32c(data[start:r.at]) == r.u(4), "checksum at offset %d" % start)
            need(kind in (1, 2, 3) and first == (kind == 1), "record type at offset %d" % start)
            if first:
                need(payload == u(2, 1) + self.chain + u(8, self.height) + u(8, self.history.size), "opener")
            else:
                need(kind == 2 or before == 2, "a checkpoint that is not directly behind a block")
                (self.block if kind == 2 else self.checkpoint)(payload)
            first, before = False, kind
        need(self.height > first_height, "a segment without blocks")


def main(folder, asked=None):
    try:
        with open(os.path.join(folder, "genesis.json"), "rb") as file:
            genesis = file.read()
        names = sorted(name for name in os.listdir(folder) if ".seg" in name.lower())
    except OSError as wrong:
        return 7, "could not be checked: %s" % wrong
    verifier = where = None
    try:
        under = strict_json(genesis).get("suite")
        if under not in SUITES:
            return 7, "could not be checked: another suite than ES256 and SM2"
        genesis_state.hash_under(under)
        suite = SUITES[under](asked)
        verifier = Verifier(genesis, suite)
        for name in names:
            where = name
            with open(os.path.join(folder, name), "rb") as file:
                verifier.segment(name, file.read())
        need(verifier.history.size and verifier.covered == verifier.history.size, "the end is not covered by a checkpoint")
    except (False_, ValueError, KeyError, TypeError, IndexError, AttributeError) as wrong:
        return 6, "false: %s, height %s: %s" % (where, verifier and verifier.height, wrong)
    told = "%s: %d blocks, %d leaves, root %s" % (verifier.origin, verifier.height, verifier.history.size, verifier.history.root().hex())
    return (0, "%s; signatures checked with %s" % (told, suite.tool)) if suite.tool else (7, told + "; signatures not checked")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        print(__doc__)
        sys.exit(2)
    code, said = main(*sys.argv[1:])
    print(said)
    sys.exit(code)
