package cmd

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/qmpsh/qmpsh/qapi"
	"github.com/qmpsh/qmpsh/render"
)

// An output prints returns as the flags say.
type output struct {
	w       io.Writer
	printer render.Printer
	filter  *render.Filter // nil without --jq
}

// output reads the flags about what is printed.
func (a *app) output() (*output, error) {
	format, err := render.ParseFormat(a.opts.format)
	if err != nil {
		return nil, &usageError{fmt.Errorf("-o: %w", err)}
	}
	if _, err := a.colorMode(); err != nil {
		return nil, err
	}
	o := &output{w: a.stdout, printer: a.printer(a.stdout)}
	o.printer.Format, o.printer.Raw = format, a.opts.rawStrings
	if a.opts.filter != "" {
		if o.filter, err = render.CompileFilter(a.opts.filter); err != nil {
			return nil, &usageError{err}
		}
	}
	return o, nil
}

// wasRun adds to a failure to print what a command returned that it was run, which is worth knowing of one that changes
// something.
func wasRun(command string, err error) error {
	if err == nil {
		return nil
	}
	if _, harmless := qapi.ReadOnly(command); harmless {
		return err
	}
	return &printError{command + " was run", err}
}

// pipeful is what a pipe holds on Linux.
const pipeful = 64 << 10

// atOnce lets show print in one piece as much as a pipe holds. A reader that has seen enough, as grep -q has at the first
// row, would let the write of the next row fail, and in a script with pipefail the run with it.
func (o *output) atOnce(show func(*output) error) error {
	buffered := bufio.NewWriterSize(o.w, pipeful)
	whole := *o
	whole.w = buffered
	err := show(&whole)
	if lost := buffered.Flush(); err == nil {
		err = lost
	}
	return err
}

// print writes what a command returned, or what the filter makes of it. A filter's results have no layout of their own.
func (o *output) print(ctx context.Context, command string, returned json.RawMessage) error {
	if o.filter == nil {
		p := o.printer
		p.Command = command
		return p.Return(o.w, returned)
	}
	return o.printer.Filtered(ctx, o.w, o.filter, returned)
}

// documents separates in YAML what several commands return: without, it would be no YAML. It writes on w, which it
// hands everything else.
type documents struct {
	w    io.Writer
	some bool // something was written
	open bool // of this document
}

// next begins another document.
func (d *documents) next() { d.open = false }

// Write implements io.Writer.
func (d *documents) Write(text []byte) (int, error) {
	if d.some && !d.open {
		if _, err := io.WriteString(d.w, "---\n"); err != nil {
			return 0, err
		}
	}
	d.some, d.open = true, true
	return d.w.Write(text)
}

// filtered lets show print. With --jq it shows JSON, and what is printed is what the filter makes of it.
func (o *output) filtered(ctx context.Context, show func(*output) error) error {
	if o.filter == nil {
		return show(o)
	}
	var text bytes.Buffer
	if err := show(&output{w: &text, printer: render.Printer{Format: render.JSON}}); err != nil {
		return err
	}
	return o.atOnce(func(o *output) error { return o.printer.Filtered(ctx, o.w, o.filter, text.Bytes()) })
}

// printer is how things look on a stream.
func (a *app) printer(stream any) render.Printer {
	mode, err := a.colorMode()
	if err != nil {
		mode = render.ColorNever
	}
	terminal := isTerminal(stream)
	profile := render.ColorProfile(mode, terminal, a.getenv)
	return render.Printer{
		Terminal: terminal,
		Width:    width(stream),
		Theme:    render.NewTheme(profile, render.LightBackground(a.getenv)),
	}
}

func (a *app) colorMode() (render.ColorMode, error) {
	switch a.opts.color {
	case "auto":
		return render.ColorAuto, nil
	case "always":
		return render.ColorAlways, nil
	case "never":
		return render.ColorNever, nil
	}
	return 0, &usageError{fmt.Errorf("--color %q: it is auto, always or never", a.opts.color)}
}
