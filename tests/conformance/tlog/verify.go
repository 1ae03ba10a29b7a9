// SPDX-License-Identifier: GPL-2.0-or-later

// verify checks a journal's folder with the Go project's own packages for transparency logs: nothing of
// ours is linked. It prints one line for each thing that held; the first that does not ends it with
// status 1.
//
//	verify FOLDER KEY OLDER COSIGNED WITNESS-KEY PROOFS
//
// KEY is the log's verifier key, OLDER a former checkpoint, COSIGNED the newest one with a witness's
// signature, PROOFS a file of lines "inclusion INDEX SIZE" or "consistency OLD SIZE", each followed by
// its hashes in base64 and an empty line.
package main

import (
	"bufio"
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must(err error, what string) {
	if err != nil {
		fmt.Printf("%s: %v\n", what, err)
		os.Exit(1)
	}
}

func read(path string) []byte {
	data, err := os.ReadFile(path)
	must(err, "reading")
	return data
}

type tree struct {
	origin string
	size   int64
	root   tlog.Hash
}

func parseTree(text string) tree {
	lines := strings.Split(text, "\n")
	if len(lines) < 4 {
		must(errors.New("too short"), "checkpoint")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err, "checkpoint's size")
	root, err := tlog.ParseHash(lines[2])
	must(err, "checkpoint's root")
	return tree{lines[0], size, root}
}

func openCheckpoint(data []byte, verifier note.Verifier) tree {
	opened, err := note.Open(data, note.VerifierList(verifier))
	must(err, "checkpoint")
	parsed := parseTree(opened.Text)
	if parsed.origin != verifier.Name() {
		must(fmt.Errorf("is of %s", parsed.origin), "checkpoint")
	}
	return parsed
}

// witness verifies cosignature/v1, which the note package knows nothing of.
type witness struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func newWitness(vkey string) witness {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		must(errors.New("malformed"), "witness key")
	}
	key, err := base64.StdEncoding.DecodeString(parts[2])
	must(err, "witness key")
	if len(key) != 33 || key[0] != 4 {
		must(errors.New("no key for cosignatures"), "witness key")
	}
	id := sha256.Sum256(append([]byte(parts[0]+"\n"), key...))
	hash := binary.BigEndian.Uint32(id[:4])
	if fmt.Sprintf("%08x", hash) != parts[1] {
		must(errors.New("wrong id"), "witness key")
	}
	return witness{parts[0], hash, key[1:]}
}

func (w witness) Name() string    { return w.name }
func (w witness) KeyHash() uint32 { return w.hash }
func (w witness) Verify(msg, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	seen := fmt.Sprintf("cosignature/v1\ntime %d\n", binary.BigEndian.Uint64(sig))
	return ed25519.Verify(w.key, append([]byte(seen), msg...), sig[8:])
}

// readLog hashes every line; what follows the last newline is blank.
func readLog(path string, records *[]tlog.Hash) tlog.HashReader {
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			if index >= int64(len(stored)) {
				return nil, errors.New("there are not so many entries")
			}
			hashes[i] = stored[index]
		}
		return hashes, nil
	})
	data := read(path)
	for {
		end := bytes.IndexByte(data, '\n')
		if end < 0 {
			break
		}
		hashes, err := tlog.StoredHashes(int64(len(*records)), data[:end], reader)
		must(err, "hashing")
		*records = append(*records, tlog.RecordHash(data[:end]))
		stored = append(stored, hashes...)
		data = data[end+1:]
	}
	if len(bytes.Trim(data, "\t\x00")) > 0 {
		must(errors.New("text after the last entry"), "log")
	}
	return reader
}

func checkTiles(folder string, reader tlog.HashReader) int {
	count := 0
	must(filepath.WalkDir(filepath.Join(folder, "tile"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, _ := filepath.Rel(folder, path)
		tile, err := tlog.ParseTilePath(strings.Replace(name, "tile/", "tile/8/", 1))
		if err != nil {
			return err
		}
		data, err := tlog.ReadTileData(tile, reader)
		if err != nil {
			return err
		}
		if !bytes.Equal(data, read(path)) {
			return fmt.Errorf("%s is not what the log's lines give", name)
		}
		count++
		return nil
	}), "tiles")
	return count
}

func checkProofs(path string, newest tree, records []tlog.Hash, reader tlog.HashReader) (int, int) {
	inclusions, consistencies := 0, 0
	scanner := bufio.NewScanner(bytes.NewReader(read(path)))
	for scanner.Scan() {
		var kind string
		var first, size int64
		_, err := fmt.Sscan(scanner.Text(), &kind, &first, &size)
		must(err, "proof's head")
		var hashes []tlog.Hash
		for scanner.Scan() && scanner.Text() != "" {
			hash, err := tlog.ParseHash(scanner.Text())
			must(err, "proof's hash")
			hashes = append(hashes, hash)
		}
		root, err := tlog.TreeHash(size, reader)
		must(err, "root")
		if size == newest.size {
			root = newest.root
		}
		if kind == "inclusion" {
			must(tlog.CheckRecord(hashes, size, root, first, records[first]), "inclusion")
			inclusions++
		} else {
			old, err := tlog.TreeHash(first, reader)
			must(err, "root")
			must(tlog.CheckTree(hashes, size, root, first, old), "consistency")
			consistencies++
		}
	}
	return inclusions, consistencies
}

func main() {
	folder := os.Args[1]
	verifier, err := note.NewVerifier(strings.TrimSpace(os.Args[2]))
	must(err, "verifier key")
	newest := openCheckpoint(read(filepath.Join(folder, "checkpoint")), verifier)
	older := openCheckpoint(read(os.Args[3]), verifier)
	fmt.Printf("checkpoint of %s over %d entries\n", newest.origin, newest.size)

	office := newWitness(strings.TrimSpace(os.Args[5]))
	both, err := note.Open(read(os.Args[4]), note.VerifierList(verifier, office))
	must(err, "cosigned checkpoint")
	if len(both.Sigs) != 2 {
		must(fmt.Errorf("%d signatures of 2", len(both.Sigs)), "cosigned checkpoint")
	}
	fmt.Println("cosignature of", office.name)

	var records []tlog.Hash
	reader := readLog(filepath.Join(folder, "log"), &records)
	root, err := tlog.TreeHash(newest.size, reader)
	must(err, "root")
	if root != newest.root {
		must(errors.New("the entries are not those that were signed"), "root")
	}
	fmt.Println("root of", len(records), "entries")
	proof, err := tlog.ProveTree(newest.size, older.size, reader)
	must(err, "consistency")
	must(tlog.CheckTree(proof, newest.size, newest.root, older.size, older.root), "consistency")
	fmt.Println("consistent with the checkpoint over", older.size, "entries")
	fmt.Println("tiles:", checkTiles(folder, reader))
	inclusions, consistencies := checkProofs(os.Args[6], newest, records, reader)
	fmt.Println("proofs of inclusion:", inclusions)
	fmt.Println("proofs of consistency:", consistencies)
}
