package manual

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// unpacker returns the program that unpacks a page, or "" for one that needs none. Distributions pack manuals with gzip;
// for the others the program that packed them is there, and a decoder of our own would be linked into every start.
func unpacker(path string) string {
	switch filepath.Ext(path) {
	case ".bz2":
		return "bzip2"
	case ".xz", ".lzma":
		return "xz"
	case ".zst":
		return "zstd"
	}
	return ""
}

// An UnpackerError says that a manual is there, and the program that unpacks it is not.
type UnpackerError struct {
	Program string
}

// Error says which program is missing, and what helps.
func (e *UnpackerError) Error() string {
	return fmt.Sprintf("%s, which unpacks it, is not on $PATH: install it, or unpack the page into a directory of $MANPATH", e.Program)
}

// lookup returns where the program is.
func lookup(program string) (string, error) {
	where, err := exec.LookPath(program)
	if err != nil {
		return "", &UnpackerError{program}
	}
	return where, nil
}

// maxSaid bounds what an unpacker says about a file that it cannot read.
const maxSaid = 4 << 10

// unpack runs the program on the file, and ends it with the context or when there is more than a page can be.
func unpack(ctx context.Context, program string, file *os.File) (string, error) {
	where, err := lookup(program)
	if err != nil {
		return "", err
	}
	text, said := &bounded{most: maxPage}, &bounded{most: maxSaid}
	run := exec.CommandContext(ctx, where, "-dc")
	run.Stdin, run.Stdout, run.Stderr = file, text, said
	run.WaitDelay = time.Second // for what it may have started itself
	err = run.Run()
	switch {
	case text.over:
		return "", errTooLarge
	case ctx.Err() != nil:
		return "", context.Cause(ctx)
	case err != nil:
		return "", fmt.Errorf("%s: %w: %s", program, err, strings.Join(strings.Fields(said.b.String()), " "))
	}
	return text.b.String(), nil
}

// bounded keeps what is written until it is more than most bytes, which it refuses.
type bounded struct {
	b    strings.Builder
	most int
	over bool
}

// Write implements io.Writer.
func (w *bounded) Write(p []byte) (int, error) {
	if w.over = w.over || w.b.Len()+len(p) > w.most; w.over {
		return 0, errTooLarge
	}
	return w.b.Write(p)
}
