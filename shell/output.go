package shell

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"

	"github.com/qmpsh/qmpsh/render"
	"github.com/qmpsh/qmpsh/syntax"
)

// A sink is where a return goes: to the screen, through a filter, to another program, or to a file.
type sink struct {
	filter *render.Filter
	tail   *syntax.Tail // Shell, File or Append; nil for the screen
}

// newSink reads the tail of a line, before anything is sent.
func newSink(tail *syntax.Tail) (sink, error) {
	if tail == nil {
		return sink{}, nil
	}
	if tail.Text == "" {
		return sink{}, errors.New("nothing stands behind the last | or >: nothing was sent")
	}
	if tail.Kind != syntax.JQ {
		return sink{tail: tail}, nil
	}
	filter, err := render.CompileFilter(tail.Text)
	return sink{filter: filter}, err
}

// show prints a reply.
func (s *shell) show(ctx context.Context, name string, r reply, out sink) error {
	switch {
	case out.tail != nil && out.tail.Kind == syntax.Shell:
		return s.pipe(ctx, out.tail.Text, r.returned)
	case out.tail != nil:
		return s.save(out.tail, r.returned)
	}
	p := s.printer()
	p.Command = name
	var b bytes.Buffer
	if out.filter != nil {
		if err := p.Filtered(ctx, &b, out.filter, r.returned); err != nil {
			s.page(ctx, b.String())
			return err
		}
	} else if isEmpty(r.returned) && p.Terminal && p.Format == render.Auto {
		s.ed.Print(s.timed(s.theme().Paint(render.RoleGood, "ok"), "ok", r))
		return nil
	} else if err := p.Return(&b, r.returned); err != nil {
		return err
	}
	s.page(ctx, b.String())
	if s.options().time {
		s.ed.Print(s.timed("", "", r))
	}
	return nil
}

// timed is text with the time that a command took at the right end of the row.
func (s *shell) timed(styled, plain string, r reply) string {
	took := render.Duration(r.took)
	width, _ := s.ed.Size()
	gap := max(2, min(width, 80)-1-render.Width(plain)-render.Width(took))
	return styled + strings.Repeat(" ", gap) + s.theme().Paint(render.RoleDim, took)
}

// wrapped is text in rows that fit the window, broken between words.
func (s *shell) wrapped(text string) string {
	width, _ := s.ed.Size()
	return strings.Join(render.Wrap(text, width-1), "\n")
}

// page prints text, through the user's pager when it has more rows than the window.
func (s *shell) page(ctx context.Context, text string) {
	pager := s.cfg.Getenv("PAGER")
	if pager == "" {
		pager = "less"
	}
	width, height := s.ed.Size()
	if !s.options().pager || !s.ed.Interactive() || rowsOf(text, width) < height {
		s.ed.Print(text)
		return
	}
	var env []string
	if s.cfg.Getenv("LESS") == "" {
		env = []string{"LESS=FRX"} // less would show our colours as text
	}
	if err := s.child(ctx, pager, strings.NewReader(text), env...); err != nil {
		s.ed.Print(text)
	}
}

// rowsOf counts the rows that text takes in a window.
func rowsOf(text string, width int) int {
	n := 0
	for line := range strings.Lines(text) {
		n += max(1, (render.Width(strings.TrimSuffix(line, "\n"))+width-1)/width)
	}
	return n
}

// child runs a command of the user's shell on the terminal, with what env adds to the environment.
func (s *shell) child(ctx context.Context, command string, stdin io.Reader, env ...string) error {
	s.ed.Suspend()
	defer s.ed.Resume()
	shell := s.cfg.Getenv("SHELL")
	if shell == "" {
		shell = "/bin/sh"
	}
	cmd := exec.CommandContext(ctx, shell, "-c", command)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = stdin, s.cfg.Out, os.Stderr
	cmd.Env = append(os.Environ(), env...)
	err := ignoringInterrupts(cmd.Run)
	if s.ed.Interactive() {
		// Where the program has left a row without an end, this many blanks go on in the next one, which stays empty.
		width, _ := s.ed.Size()
		fmt.Fprint(s.cfg.Out, strings.Repeat(" ", width-1)+"\r")
	}
	return err
}

// pipe gives a return to a program of the user's.
func (s *shell) pipe(ctx context.Context, command string, returned json.RawMessage) error {
	err := s.child(ctx, command, bytes.NewReader(append(bytes.TrimSpace(returned), '\n')))
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return fmt.Errorf("the command ran; %s ended with %s", command, exit.ProcessState)
	}
	if err != nil {
		return fmt.Errorf("the command ran; %s did not: %w", command, err)
	}
	return nil
}

// save writes a return to a file.
func (s *shell) save(tail *syntax.Tail, returned json.RawMessage) error {
	flags := os.O_CREATE | os.O_WRONLY | os.O_TRUNC
	if tail.Kind == syntax.Append {
		flags = os.O_CREATE | os.O_WRONLY | os.O_APPEND
	}
	path := expandHome(tail.Text, s.cfg.Getenv)
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s is not a regular file: the command ran, its return was not written", path)
	}
	f, err := os.OpenFile(path, flags, 0o666)
	if err != nil {
		return fmt.Errorf("the command ran, its return was not written: %w", err)
	}
	p := render.Printer{Format: s.options().format}
	var b bytes.Buffer
	err = p.Return(&b, returned)
	if err == nil {
		_, err = f.Write(b.Bytes())
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("the command ran, its return was not wholly written: %w", err)
	}
	s.ed.Print(fmt.Sprintf("%s written to %s", render.Size(float64(b.Len())), render.Clean(path)))
	return nil
}

func expandHome(path string, getenv func(string) string) string {
	if rest, ok := strings.CutPrefix(path, "~/"); ok && getenv("HOME") != "" {
		return getenv("HOME") + "/" + rest
	}
	return path
}

// again shows the last return once more, through the tail of a line.
func (s *shell) again(ctx context.Context, line *syntax.Line) error {
	if err := statableLast(line); err != nil {
		return err
	}
	out, err := newSink(line.Tail)
	if err != nil {
		return err
	}
	if s.last == nil {
		return errors.New("there is no last return yet")
	}
	return s.show(ctx, "", reply{returned: s.last}, out)
}

func statableLast(line *syntax.Line) error {
	if len(line.Problems) > 0 {
		p := line.Problems[0]
		return &lineError{line.Source, []syntax.Diagnostic{{Span: p.Span, Message: p.Message}}}
	}
	return nil
}
