package load

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"strings"
)

// A key says whose schema a file in the cache is. A schema is compiled into a binary, so the binary is the best part of
// a key. Version and package alone are not enough: the emulators of every architecture and the storage daemon of one
// package send the same greeting.
type key struct {
	file string // the file's name; "" when the schema is not to be cached
	text string // the whole key, which the file repeats
}

// BinaryAt returns what identifies the executable at the path; the zero Binary when there is none, or when it is not a
// QEMU: behind a socket that a supervisor made, such as systemd or a tunnel, the kernel names the supervisor, which
// says nothing about the schema.
func BinaryAt(path string) Binary {
	if !strings.Contains(filepath.Base(path), "qemu") {
		return Binary{}
	}
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return Binary{}
	}
	return Binary{Path: path, Size: info.Size(), ModTime: info.ModTime()}
}

func keyOf(ctx context.Context, c Caller, s Server) key {
	greeting := fmt.Sprintf("version %s\npackage %q\n", s.Version, s.Package)
	if s.Binary.Path != "" {
		text := greeting + fmt.Sprintf("binary %q %d %d\n", s.Binary.Path, s.Binary.Size, s.Binary.ModTime.UnixNano())
		return key{file: fileName(text), text: text}
	}
	process := fingerprint(ctx, c, s)
	if process == "" {
		return key{}
	}
	greeting += fmt.Sprintf("address %q\n", s.Address)
	return key{file: fileName(greeting), text: greeting + process}
}

// fileName is a short name for a key. Two keys may share one: the file says whose it is.
func fileName(text string) string { return digest([]byte(text)) + extension }

// digest is a fingerprint of 128 bits, against chance and not against malice.
func digest(text []byte) string {
	h := fnv.New128a()
	_, _ = h.Write(text) // a hash takes everything
	return hex.EncodeToString(h.Sum(nil))
}

// fingerprint tells whether a server whose binary is out of sight is still the process that was asked before: it is at
// the same address, a build that has a name, with the same commands, and its vCPUs run in threads of the same ids. Two
// short questions answer that, where the schema would keep the server's main loop busy for tens of milliseconds. It is
// "" when the process cannot be told from another, and then nothing is cached: a build without a package's name, or
// one out of somebody's working tree, a machine without vCPUs, the storage daemon, a server of before query-cpus-fast.
func fingerprint(ctx context.Context, c Caller, s Server) string {
	if s.Address == "" || s.Package == "" || strings.Contains(s.Package, "dirty") {
		return ""
	}
	reply, err := c.Call(ctx, "query-cpus-fast", nil)
	if err != nil {
		return "" // the caller's error, if it is one, comes back with the next question
	}
	var cpus []struct {
		Thread int    `json:"thread-id"`
		Target string `json:"target"`
	}
	if json.Unmarshal(reply, &cpus) != nil || len(cpus) == 0 || cpus[0].Thread == 0 {
		return ""
	}
	_, commands, err := commandNames(ctx, c)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("threads %v\ncommands %s\n", cpus, digest(commands))
}
