package editor

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"strings"
	"sync"

	"github.com/chzyer/readline"
	"golang.org/x/term"
)

// lineEditor is the Editor on a terminal.
type lineEditor struct {
	cfg      Config
	in       *stdin
	screen   *screen
	terminal *terminal
	readline *readline.Instance
	signals  *signals
	closing  sync.Once
	reading  sync.Mutex    // one line at a time
	loaded   chan struct{} // closed when the history is
	ended    chan struct{} // closed when readline's loop has seen the end of the input, and touches nothing any more

	mu      sync.Mutex // guards what follows
	prompt  string
	partial string       // the start of a line that Write was given
	depth   int          // of Suspend
	back    terminalMode // the one to come back to when the suspension ends
	active  bool         // a line is being read
	bug     error        // the first panic in a callback or in here

	state // what the line that is being read is like
}

func newLineEditor(cfg Config) (*lineEditor, error) {
	if cfg.History == nil {
		cfg.History = NewHistory("", 0, nil)
	}
	in, err := newStdin(cfg.In)
	if err != nil {
		return nil, fmt.Errorf("the terminal cannot be read: %w", err)
	}
	e := &lineEditor{cfg: cfg, in: in, prompt: cfg.Prompt, loaded: make(chan struct{}), ended: make(chan struct{})}
	prepareOutput(cfg.Out)
	e.screen = newScreen(cfg.Out, cfg.Theme, e.Size)
	e.screen.glyph = cfg.Glyph
	e.screen.busy = in.busy
	in.beforeWait = e.screen.flush
	e.terminal = &terminal{in: cfg.In, out: cfg.Out}
	e.readline, err = readline.NewEx(e.settings())
	if err != nil {
		return nil, err
	}
	// Without an entry, readline's own history has no current one, and some of its keys fail on that.
	e.readline.SaveHistory("")
	e.signals = watchSignals(e)
	go func() {
		defer close(e.loaded)
		cfg.History.Entries()
	}()
	return e, nil
}

// settings makes readline a loop without a face: nothing of it is drawn, completed or kept.
func (e *lineEditor) settings() *readline.Config {
	rc := &readline.Config{
		Stdin:                  e.in,
		Stdout:                 io.Discard,
		Stderr:                 io.Discard,
		AutoComplete:           noCompletion{},
		HistoryLimit:           1,
		DisableAutoSaveHistory: true,
		FuncFilterInputRune:    e.filter,
		FuncIsTerminal:         func() bool { return false },
		FuncGetWidth:           func() int { return 1 << 16 },
		FuncOnWidthChanged:     func(func()) {},
		FuncMakeRaw:            e.enterRaw,
		FuncExitRaw:            e.leaveRaw,
	}
	rc.SetListener(e.listen)
	return rc
}

// noCompletion keeps readline's own candidate list closed.
type noCompletion struct{}

func (noCompletion) Do([]rune, int) ([][]rune, int) { return nil, 0 }

// enterRaw and leaveRaw are readline's way to switch modes at the start and the end of a line. While the terminal
// is in other hands they wait with it.
func (e *lineEditor) enterRaw() error { return e.enter(rawMode) }
func (e *lineEditor) leaveRaw() error { return e.enter(quietMode) }

func (e *lineEditor) enter(mode terminalMode) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.depth > 0 {
		e.back = mode
		return nil
	}
	return e.terminal.enter(mode)
}

func (e *lineEditor) ReadLine(ctx context.Context) (string, error) {
	line, err := e.read(ctx, mode{})
	if err == nil {
		if herr := e.cfg.remember(line); herr != nil {
			e.Print(herr.Error())
		}
	}
	return line, err
}

func (e *lineEditor) ReadSecret(ctx context.Context, prompt string) (string, error) {
	return e.read(ctx, mode{prompt: prompt, secret: true, bare: true})
}

func (e *lineEditor) Ask(ctx context.Context, question string) (bool, error) {
	answer, err := e.read(ctx, mode{prompt: question, bare: true})
	return err == nil && isYes(answer), err
}

// read reads one line.
func (e *lineEditor) read(ctx context.Context, m mode) (string, error) {
	e.reading.Lock()
	defer e.reading.Unlock()
	if err := ctx.Err(); err != nil {
		return "", err
	}
	if e.in.ended() {
		return "", io.EOF
	}
	e.flushPartial()
	e.screen.remove()
	e.state.start(m)
	e.mu.Lock()
	e.active = true
	e.mu.Unlock()
	e.in.begin()
	done := e.takeInterrupts()
	told := make(chan struct{})
	stop := context.AfterFunc(ctx, func() { e.in.interrupt(); close(told) })
	line, err := e.readline.Readline()
	if !stop() {
		<-told
	}
	done()
	e.in.end()
	e.mu.Lock()
	e.active = false
	bug := e.bug
	e.bug = nil
	e.mu.Unlock()
	switch {
	case bug != nil:
		e.screen.remove()
		return "", bug
	case ctx.Err() != nil:
		e.screen.remove()
		return "", ctx.Err()
	case errors.Is(err, readline.ErrInterrupt):
		return "", ErrInterrupt
	case err != nil:
		e.screen.finish("")
		return "", io.EOF
	}
	return line, nil
}

func (e *lineEditor) Print(text string) {
	if text != "" {
		e.screen.print(wholeLines(text))
	}
}

func (e *lineEditor) Write(b []byte) (int, error) {
	e.mu.Lock()
	text := e.partial + string(b)
	end := strings.LastIndexByte(text, '\n') + 1
	e.partial = text[end:]
	e.mu.Unlock()
	if end > 0 {
		e.screen.print(text[:end])
	}
	return len(b), nil
}

func (e *lineEditor) flushPartial() {
	e.mu.Lock()
	text := e.partial
	e.partial = ""
	e.mu.Unlock()
	e.Print(text)
}

func (e *lineEditor) SetPrompt(prompt string) {
	e.mu.Lock()
	changed := e.prompt != prompt
	e.prompt = prompt
	e.mu.Unlock()
	if changed {
		e.Refresh()
	}
}

func (e *lineEditor) Refresh() {
	if e.reads() {
		e.in.post(key{code: keyRedraw})
	}
}

func (e *lineEditor) SetStatus(text string) {
	switch {
	case e.reads():
	case text == "":
		e.screen.remove()
	default:
		e.screen.show(frame{prompt: text})
	}
}

func (e *lineEditor) Suspend() {
	e.mu.Lock()
	e.depth++
	first := e.depth == 1
	e.mu.Unlock()
	if !first {
		return
	}
	e.in.pause()
	e.screen.suspend()
	e.mu.Lock()
	defer e.mu.Unlock()
	e.back = e.terminal.present()
	e.terminal.enter(usualMode)
	e.signals.leaveQuit()
}

func (e *lineEditor) Resume() {
	e.mu.Lock()
	e.depth--
	last := e.depth == 0
	if last {
		e.signals.takeQuit()
		e.terminal.enter(e.back)
	}
	e.mu.Unlock()
	if !last {
		return
	}
	e.screen.resume()
	e.in.resume()
}

func (e *lineEditor) Size() (width, height int) {
	if w, h, err := term.GetSize(int(e.cfg.Out.Fd())); err == nil && w > 0 && h > 0 {
		return w, h
	}
	return 80, 24
}

func (e *lineEditor) Interactive() bool { return true }

func (e *lineEditor) Close() error {
	e.closing.Do(func() {
		// Not readline's Close: that announces the end of the input once too often, so that one of its goroutines would
		// wait for ever for somebody to hear of it, waits for another that may not have begun, and leaves the first
		// one running. Here the loops end as at the end of any input, and are waited for.
		e.in.Close()
		e.reading.Lock() // the line that is being read has ended, and no other begins
		defer e.reading.Unlock()
		e.readline.Terminal.KickRead()
		<-e.ended
		e.readline.Config.Stdin.Close()
		e.flushPartial()
		e.screen.close()
		e.terminal.close()
		e.signals.stop() // not before: what a signal ended now would leave the terminal as it is while a line is read
		e.in.release()
		<-e.loaded
	})
	return nil
}

// reads reports whether a line is being read.
func (e *lineEditor) reads() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.active
}

// away reports whether the terminal is in other hands.
func (e *lineEditor) away() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.depth > 0
}

// noteBug keeps the first panic for the reader of the line.
func (e *lineEditor) noteBug(cause any) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.bug == nil {
		e.bug = fmt.Errorf("a bug in the line editor: %v\n%s", cause, debug.Stack())
	}
}
