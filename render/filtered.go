package render

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
)

// Filtered writes the results of a filter over what a command returned: each as Return would, as soon as it is there;
// but where people read (Auto on a terminal, Table) several objects become the rows of one table. What came before a
// failure is written.
func (p Printer) Filtered(ctx context.Context, w io.Writer, f *Filter, raw json.RawMessage) error {
	p.Command = "" // a filter's results have no layout of their own
	if p.Format != Table && !(p.Format == Auto && p.Terminal) {
		first := true
		return f.run(ctx, raw, func(result json.RawMessage) error {
			if p.Format == YAML && !first {
				if _, err := io.WriteString(w, "---\n"); err != nil {
					return err
				}
			}
			first = false
			return p.Return(w, result)
		})
	}
	g := gathering{p: p, w: w}
	err := f.run(ctx, raw, g.add)
	if flushed := g.flush(); err == nil {
		err = flushed
	}
	return err
}

// mostGathered is how many objects are held back for one table; a filter may go on without end.
const mostGathered = 1000

// gathering holds objects back until their table is complete.
type gathering struct {
	p    Printer
	w    io.Writer
	held []json.RawMessage
}

func (g *gathering) add(result json.RawMessage) error {
	if len(result) > 2 && result[0] == '{' {
		g.held = append(g.held, result)
		if len(g.held) < mostGathered {
			return nil
		}
		return g.flush()
	}
	if err := g.flush(); err != nil {
		return err
	}
	return g.p.Return(g.w, result)
}

func (g *gathering) flush() error {
	held := g.held
	g.held = nil
	switch len(held) {
	case 0:
		return nil
	case 1:
		return g.p.Return(g.w, held[0])
	}
	list := append([]byte("["), bytes.Join(rawBytes(held), []byte(","))...)
	return g.p.Return(g.w, append(list, ']'))
}

func rawBytes(held []json.RawMessage) [][]byte {
	plain := make([][]byte, len(held))
	for i, raw := range held {
		plain[i] = raw
	}
	return plain
}
