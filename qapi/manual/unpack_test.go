package manual

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// packers make the files that distributions install, by the suffix of their names.
var packers = map[string][]string{
	".gz": {"gzip", "-c"}, ".bz2": {"bzip2", "-c"}, ".xz": {"xz", "-c"}, ".lzma": {"xz", "-c", "--format=lzma"}, ".zst": {"zstd", "-qc"},
}

// pack packs a text as the suffix says.
func pack(t *testing.T, suffix string, text io.Reader) string {
	t.Helper()
	run := exec.Command(packers[suffix][0], packers[suffix][1:]...)
	run.Stdin = text
	var packed bytes.Buffer
	run.Stdout, run.Stderr = &packed, os.Stderr
	if err := run.Run(); err != nil {
		t.Fatalf("%s: %v", packers[suffix], err)
	}
	return packed.String()
}

// installed writes a page of QEMU's manual as it stands.
func installed(t *testing.T, suffix, data string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "man7", QEMU.Page()+".7"+suffix)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestEveryPackingIsRead(t *testing.T) {
	for suffix := range packers {
		path := installed(t, suffix, pack(t, suffix, strings.NewReader(sample(t, "newer.7"))))
		found, err := findIn([]string{filepath.Dir(filepath.Dir(path))}, QEMU)
		if err != nil || found != path {
			t.Errorf("%s is not found: %q, %v", suffix, found, err)
			continue
		}
		cache := t.TempDir()
		for _, from := range []string{"the page", "the cache"} {
			m, err := Open(t.Context(), path, cache)
			if err != nil {
				t.Errorf("%s from %s: %v", suffix, from, err)
				continue
			}
			if doc, ok := m.Doc("sell-drink"); !ok || doc.Summary != "Sell a drink" {
				t.Errorf("%s from %s: %#v", suffix, from, doc)
			}
		}
	}
}

func TestDamagedPackingIsSaid(t *testing.T) {
	for suffix, program := range packers {
		path := installed(t, suffix, "this is no packed page")
		_, err := Open(t.Context(), path, "")
		if err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", suffix, err)
			continue
		}
		if _, words, _ := strings.Cut(err.Error(), "exit status"); suffix != ".gz" && len(words) < len(": 1 ")+10 {
			t.Errorf("%s: the words of %s are not told: %v", suffix, program[0], err)
		}
		if strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: several lines: %v", suffix, err)
		}
	}
}

func TestPagesAreBounded(t *testing.T) {
	for suffix := range packers {
		bomb := pack(t, suffix, io.LimitReader(zeros{}, maxPage+1))
		if _, err := Open(t.Context(), installed(t, suffix, bomb), ""); !errors.Is(err, errTooLarge) {
			t.Errorf("%s: %v", suffix, err)
		}
	}
}

// zeros reads as zeros, for ever.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func TestMissingUnpackerIsSaid(t *testing.T) {
	readable := install(t, t.TempDir(), QEMU, ".gz", sample(t, "older.7"))
	t.Setenv("PATH", t.TempDir())
	for suffix, program := range map[string]string{".bz2": "bzip2", ".xz": "xz", ".lzma": "xz", ".zst": "zstd"} {
		path := installed(t, suffix, "not read")
		dir := filepath.Dir(filepath.Dir(path))
		found, err := findIn([]string{dir}, QEMU)
		if err != nil || found != path {
			t.Errorf("%s alone is not found: %q, %v", suffix, found, err)
		}
		_, err = Open(t.Context(), path, "")
		if e := (*UnpackerError)(nil); !errors.As(err, &e) || e.Program != program || !strings.Contains(err.Error(), path+": "+program+", ") {
			t.Errorf("%s: %v", suffix, err)
		}
		if got, err := findIn([]string{dir, filepath.Dir(filepath.Dir(readable))}, QEMU); err != nil || got != readable {
			t.Errorf("a page that can be read is behind %s: %q, %v", suffix, got, err)
		}
	}
	if _, err := findIn([]string{t.TempDir()}, QEMU); !errors.Is(err, ErrNotInstalled) {
		t.Errorf("a manual that is not there: %v", err)
	}
}

// TestUnpackerEndsWithTheContext runs a program that never ends.
func TestUnpackerEndsWithTheContext(t *testing.T) {
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "zstd"), []byte("#!/bin/sh\n: > \"$0.started\"\nexec sleep 600\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	path := installed(t, ".zst", "")
	ended := make(chan error, 1)
	go func() {
		_, err := Open(ctx, path, "")
		ended <- err
	}()
	late := time.Now().Add(30 * time.Second)
	for !exists(filepath.Join(bin, "zstd.started")) {
		if time.Now().After(late) {
			t.Fatal("the program is not run")
		}
		time.Sleep(time.Millisecond)
	}
	cancel()
	select {
	case err := <-ended:
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	case <-time.After(30 * time.Second):
		t.Error("it goes on without its context")
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
