package cmd

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/qmpsh/qmpsh/syntax"
)

// An entry is one command of the input, of one row or more.
type entry struct {
	row  int          // where it begins, from 1
	line *syntax.Line // nil for blank rows and comments
}

// entries reads commands from the input on a goroutine that ends with its context or with the input. A read that
// blocks is left behind when the run ends: nothing can end it but the input itself.
type entries struct {
	from chan entry
	err  chan error
}

// where says which entry a message is about.
func (e entry) where() string { return fmt.Sprintf("line %d: ", e.row) }

func newEntries(ctx context.Context, r io.Reader) *entries {
	e := &entries{from: make(chan entry, inFlight), err: make(chan error, 1)}
	go e.read(ctx, bufio.NewReader(r))
	return e
}

// byteOrderMark is what some editors put before the first row of a file.
const byteOrderMark = "\ufeff"

// next returns the next command, or io.EOF.
func (e *entries) next(ctx context.Context) (entry, error) {
	select {
	case next, ok := <-e.from:
		if !ok {
			return entry{}, <-e.err
		}
		return next, nil
	case <-ctx.Done():
		return entry{}, ended(ctx, ctx.Err())
	}
}

// ready reports whether next will not wait.
func (e *entries) ready() bool { return len(e.from) > 0 }

func (e *entries) read(ctx context.Context, r *bufio.Reader) {
	defer close(e.from)
	for row := 1; ; {
		next := entry{row: row}
		err := next.read(r, &row)
		if next.line != nil {
			select {
			case e.from <- next:
			case <-ctx.Done():
				e.err <- ctx.Err()
				return
			}
		}
		if err != nil {
			e.err <- err
			return
		}
	}
}

// read reads rows until nothing is open.
func (e *entry) read(r *bufio.Reader, row *int) error {
	var rows syntax.Rows
	for {
		more, err := r.ReadString('\n')
		if *row == 1 {
			more = strings.TrimPrefix(more, byteOrderMark)
		}
		if more != "" {
			*row++
		}
		line := rows.Add(strings.TrimRight(more, "\r\n"))
		if line == nil && err == nil {
			continue
		}
		if line == nil {
			line = rows.Rest()
		}
		if line.Kind != syntax.Blank && line.Kind != syntax.Comment {
			e.line = line
		}
		return err
	}
}
