package manual

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// maxPage bounds a decompressed page: the largest so far has 850 kB.
const maxPage = 32 << 20

// errTooLarge says that a page is larger than maxPage.
var errTooLarge = errors.New("it is too large to be a manual page")

// readPage reads and decompresses the page in the file at path.
func readPage(ctx context.Context, path string) (text string, err error) {
	file, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("read the manual: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if program := unpacker(path); program != "" {
		text, err = unpack(ctx, program, file)
	} else {
		text, err = readFile(file, filepath.Ext(path) == ".gz")
	}
	if err != nil {
		return "", fmt.Errorf("read the manual %s: %w", path, err)
	}
	return text, nil
}

// readFile reads a page that is as it is, or packed as most are.
func readFile(file *os.File, gzipped bool) (text string, err error) {
	var r io.Reader = bufio.NewReader(file)
	if gzipped {
		if r, err = gzip.NewReader(r); err != nil {
			return "", err
		}
	}
	all, err := io.ReadAll(io.LimitReader(r, maxPage+1))
	switch {
	case err != nil:
		return "", err
	case len(all) > maxPage:
		return "", errTooLarge
	}
	return string(all), nil
}
