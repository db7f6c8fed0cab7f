"""Makes the root of a history from its tiles (C2SP tlog-tiles), with Python's standard library alone.

    root_of_tiles.py FOLDER SIZE

FOLDER has the files that a node serves below /v1/tile/, under the same names; an address such as http://host/tile is asked for them instead. Only those of level 0 tell of leaves; every hash of a higher tile must be what the 256 below it make.
Prints the root in hexadecimal. Exit codes: 0 done, 6 a tile contradicts another, 7 a tile is missing or of another length.
"""

import hashlib
import pathlib
import sys
import urllib.error
import urllib.request

WIDTH, HASH = 256, 32


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def name(level, index, width):
    digits = str(index)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[i : i + 3] for i in range(0, len(digits), 3)]
    path = "/".join([str(level)] + ["x" + group for group in groups[:-1]] + groups[-1:])
    return path if width == WIDTH else f"{path}.p/{width}"


def octets_of(folder, path):
    if not folder.startswith("http://"):
        path = pathlib.Path(folder) / path
        return path.read_bytes() if path.is_file() else b""
    try:
        with urllib.request.urlopen(f"{folder}/{path}") as answer:
            return answer.read()
    except urllib.error.HTTPError:
        return b""


def hashes(folder, level, count):
    found = []
    for index in range(-(-count // WIDTH)):
        width = min(WIDTH, count - index * WIDTH)
        path = name(level, index, width)
        octets = octets_of(folder, path)
        if len(octets) != width * HASH:
            print(f"{path} is missing, or has {len(octets)} octets and not {width * HASH}")
            sys.exit(7)
        found += [octets[i : i + HASH] for i in range(0, len(octets), HASH)]
    return found


def root(row):
    if len(row) == 1:
        return row[0]
    middle = 1 << (len(row) - 1).bit_length() - 1
    return node(root(row[:middle]), root(row[middle:]))


def main(folder, size):
    below = hashes(folder, 0, size)
    leaves = below
    level = 1
    while len(below) >= WIDTH:
        above = hashes(folder, level, len(below) // WIDTH)
        for index, told in enumerate(above):
            if root(below[index * WIDTH : (index + 1) * WIDTH]) != told:
                print(f"hash {index} of level {level} is not what the tile below it makes")
                sys.exit(6)
        below, level = above, level + 1
    print(root(leaves).hex())


main(sys.argv[1], int(sys.argv[2]))
