// Checks notes, proofs and tiles of a ledger under ES256 with golang.org/x/mod/sumdb, which knows nothing of this ledger: signed notes are opened by note, a key of P-256 being told to it as a
// verifier; inclusion and consistency by tlog, and the root of a checkpoint from tiles by its TileHashReader. A witness's line is checked by crypto/ed25519. Standard input: the cases; standard output: for each of them "true", or why not.
package main

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type input struct {
	Name   string
	Points []string
	Needed int
	Cases  []trial

	// A witness's name and its key of Ed25519, where cases have cosigned checkpoints.
	Witness    string
	WitnessKey string
}

type trial struct {
	Kind  string // note, receipt, consistency, tiles or cosigned
	Text  string
	Older string
	Tiles map[string]string
}

// A bank's key, told to package note under the origin and the first octets of the hash of its SubjectPublicKeyInfo.
type bank struct {
	name string
	hash uint32
	key  *ecdsa.PublicKey
}

func (b bank) Name() string    { return b.name }
func (b bank) KeyHash() uint32 { return b.hash }
func (b bank) Verify(msg, sig []byte) bool {
	digest := sha256.Sum256(msg)
	return ecdsa.VerifyASN1(b.key, digest[:], sig)
}

var spki = []byte{0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00}

func bankOf(name, point string) (note.Verifier, error) {
	octets, err := base64.StdEncoding.Strict().DecodeString(point)
	if err != nil {
		return nil, err
	}
	x, y := elliptic.Unmarshal(elliptic.P256(), octets)
	if x == nil {
		return nil, errors.New("no point of P-256")
	}
	hash := sha256.Sum256(append(append([]byte{}, spki...), octets...))
	return bank{name, binary.BigEndian.Uint32(hash[:]), &ecdsa.PublicKey{Curve: elliptic.P256(), X: x, Y: y}}, nil
}

// A checkpoint that as many banks signed as are needed.
func open(text string, in input, banks note.Verifiers) (size int64, root tlog.Hash, err error) {
	opened, err := note.Open([]byte(text), banks)
	if err != nil {
		return 0, root, err
	}
	if len(opened.Sigs) < in.Needed {
		return 0, root, errors.New("too few signatures")
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != in.Name || lines[3] != "" {
		return 0, root, errors.New("no checkpoint of this origin")
	}
	size, err = strconv.ParseInt(lines[1], 10, 64)
	if err != nil || strconv.FormatInt(size, 10) != lines[1] {
		return 0, root, errors.New("no size")
	}
	root, err = hashOf(lines[2])
	return size, root, err
}

func hashOf(text string) (tlog.Hash, error) {
	hash, err := tlog.ParseHash(text)
	if err == nil && hash.String() != text {
		err = errors.New("another spelling of a hash")
	}
	return hash, err
}

func hashesOf(lines []string) ([]tlog.Hash, error) {
	var hashes []tlog.Hash
	for _, line := range lines {
		hash, err := hashOf(line)
		if err != nil {
			return nil, err
		}
		hashes = append(hashes, hash)
	}
	return hashes, nil
}

// The lines before the first empty line, and what is behind it.
func parts(text string) ([]string, string, error) {
	head, rest, found := strings.Cut(text, "\n\n")
	if !found {
		return nil, "", errors.New("no note")
	}
	return strings.Split(head, "\n"), rest, nil
}

func receipt(text string, in input, banks note.Verifiers) error {
	lines, signed, err := parts(text)
	if err != nil || len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" || !strings.HasPrefix(lines[1], "extra ") || !strings.HasPrefix(lines[2], "index ") {
		return errors.New("no receipt")
	}
	leaf, err := base64.StdEncoding.Strict().DecodeString(lines[1][len("extra "):])
	if err != nil {
		return err
	}
	index, err := strconv.ParseInt(lines[2][len("index "):], 10, 64)
	if err != nil {
		return err
	}
	proof, err := hashesOf(lines[3:])
	if err != nil {
		return err
	}
	size, root, err := open(signed, in, banks)
	if err != nil {
		return err
	}
	return tlog.CheckRecord(proof, size, root, index, tlog.RecordHash(leaf))
}

func consistency(text, older string, in input, banks note.Verifiers) error {
	lines, signed, err := parts(text)
	if err != nil {
		return err
	}
	oldSize, oldRoot, err := open(older, in, banks)
	if err != nil {
		return err
	}
	if lines[0] != "old "+strconv.FormatInt(oldSize, 10) {
		return errors.New("another older size")
	}
	proof, err := hashesOf(lines[1:])
	if err != nil {
		return err
	}
	size, root, err := open(signed, in, banks)
	if err != nil {
		return err
	}
	return tlog.CheckTree(proof, size, root, oldSize, oldRoot)
}

// Tiles as a node gives them; package tlog names the height of a tile, which C2SP tlog-tiles leaves out.
type shelf map[string]string

func (s shelf) Height() int { return 8 }

func (s shelf) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var data [][]byte
	for _, tile := range tiles {
		name := strings.TrimPrefix(tile.Path(), "tile/8/")
		octets, err := base64.StdEncoding.DecodeString(s[name])
		if err != nil || len(octets) == 0 {
			return nil, fmt.Errorf("no tile %s", name)
		}
		data = append(data, octets)
	}
	return data, nil
}

func (s shelf) SaveTiles(tiles []tlog.Tile, data [][]byte) {}

func tiles(text string, given map[string]string, in input, banks note.Verifiers) error {
	size, root, err := open(text, in, banks)
	if err != nil {
		return err
	}
	reader := tlog.TileHashReader(tlog.Tree{N: size, Hash: root}, shelf(given))
	for index := int64(0); index < size; index++ {
		hashes, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, index)})
		if err != nil {
			return err
		}
		proof, err := tlog.ProveRecord(size, index, reader)
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(proof, size, root, index, hashes[0]); err != nil {
			return err
		}
	}
	return nil
}

// A witness's key: it signs the text behind a line that says what this is and one that says when (C2SP tlog-cosignature).
type witness struct {
	name string
	key  ed25519.PublicKey
}

func (w witness) Name() string { return w.name }

func (w witness) KeyHash() uint32 {
	hash := sha256.Sum256(append(append([]byte(w.name), '\n', 4), w.key...))
	return binary.BigEndian.Uint32(hash[:])
}

func (w witness) Verify(msg, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	head := fmt.Sprintf("cosignature/v1\ntime %d\n", binary.BigEndian.Uint64(sig))
	return ed25519.Verify(w.key, append([]byte(head), msg...), sig[8:])
}

// A checkpoint that as many banks signed as are needed, and the witness too.
func cosigned(text string, in input, known []note.Verifier) error {
	key, err := base64.StdEncoding.Strict().DecodeString(in.WitnessKey)
	if err != nil || len(key) != ed25519.PublicKeySize {
		return errors.New("no key of a witness")
	}
	one := witness{in.Witness, key}
	if _, _, err := open(text, in, note.VerifierList(known...)); err != nil {
		return err
	}
	_, err = note.Open([]byte(text), note.VerifierList(one))
	return err
}

func main() {
	var in input
	if err := json.NewDecoder(os.Stdin).Decode(&in); err != nil {
		panic(err)
	}
	var known []note.Verifier
	for _, point := range in.Points {
		one, err := bankOf(in.Name, point)
		if err != nil {
			panic(err)
		}
		known = append(known, one)
	}
	banks := note.VerifierList(known...)

	answers := []string{}
	for _, one := range in.Cases {
		var err error
		switch one.Kind {
		case "note":
			_, _, err = open(one.Text, in, banks)
		case "receipt":
			err = receipt(one.Text, in, banks)
		case "consistency":
			err = consistency(one.Text, one.Older, in, banks)
		case "tiles":
			err = tiles(one.Text, one.Tiles, in, banks)
		case "cosigned":
			err = cosigned(one.Text, in, known)
		default:
			err = errors.New("unknown kind")
		}
		if err == nil {
			answers = append(answers, "true")
		} else {
			answers = append(answers, err.Error())
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(answers); err != nil {
		panic(err)
	}
}
