package manual

import (
	"bufio"
	"compress/bzip2"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// maxPage bounds a decompressed page: the largest so far has 850 kB.
const maxPage = 32 << 20

// readPage reads and decompresses the page in the file at path.
func readPage(path string) (text string, err error) {
	file, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("read the manual: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	var r io.Reader = bufio.NewReader(file)
	switch filepath.Ext(path) {
	case ".gz":
		if r, err = gzip.NewReader(r); err != nil {
			return "", fmt.Errorf("read the manual %s: %w", path, err)
		}
	case ".bz2":
		r = bzip2.NewReader(r)
	case ".xz", ".zst", ".lzma":
		return "", unsupported(path)
	}
	all, err := io.ReadAll(io.LimitReader(r, maxPage+1))
	if err != nil {
		return "", fmt.Errorf("read the manual %s: %w", path, err)
	}
	if len(all) > maxPage {
		return "", fmt.Errorf("read the manual %s: it is larger than %d MiB", path, maxPage>>20)
	}
	return string(all), nil
}
