package editor

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"strings"
	"sync"

	"golang.org/x/term"
)

// plain is the Editor where nothing can be drawn: lines in, lines out. On a terminal it prompts, and the terminal's own
// line editing is all there is.
type plain struct {
	cfg      Config
	prompts  bool // somebody reads the prompts
	requests chan struct{}
	answers  chan answer
	asked    bool // an answer is still to come; for the reader of lines
	close    sync.Once
	done     chan struct{}

	mu     sync.Mutex // guards what follows, and the output
	prompt string
	held   backlog
	depth  int // of Suspend
}

type answer struct {
	line string
	err  error
}

func newPlain(cfg Config) *plain {
	p := &plain{
		cfg:      cfg,
		prompts:  isTerminal(cfg.In) && isTerminal(cfg.Out),
		prompt:   cfg.Prompt,
		requests: make(chan struct{}),
		answers:  make(chan answer),
		done:     make(chan struct{}),
	}
	go p.scan()
	return p
}

// scan reads a line for each request, so that no more is taken from the input than is wanted. It ends with Close;
// a read that is pending then ends with the process, as there is no other way to end one.
func (p *plain) scan() {
	in := bufio.NewReader(p.cfg.In)
	for {
		select {
		case <-p.done:
			return
		case <-p.requests:
		}
		line, err := in.ReadString('\n')
		if errors.Is(err, io.EOF) && line != "" {
			err = nil
			if p.prompts { // hung up in the middle of a line
				err = io.EOF
			}
		}
		select {
		case p.answers <- answer{strings.TrimRight(line, "\r\n"), err}:
		case <-p.done:
			return
		}
	}
}

// read reads a line. On a terminal, Ctrl-C has the terminal forget the line and comes as a signal.
func (p *plain) read(ctx context.Context, prompt string) (string, error) {
	var interrupts chan os.Signal // none, unless there is a terminal
	if p.prompts {
		interrupts = make(chan os.Signal, 1)
		signal.Notify(interrupts, os.Interrupt)
		defer signal.Stop(interrupts)
		p.mu.Lock()
		io.WriteString(p.cfg.Out, prompt)
		p.mu.Unlock()
	}
	requests := p.requests
	if p.asked { // by a reading that was interrupted
		requests = nil
	}
	for {
		select {
		case requests <- struct{}{}:
			p.asked, requests = true, nil
		case a := <-p.answers:
			p.asked = false
			return a.line, a.err
		case <-interrupts:
			forgetTyped(p.cfg.In) // a signal from elsewhere leaves it
			p.Print("\n")
			return "", ErrInterrupt
		case <-p.done:
			return "", io.EOF
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
}

func (p *plain) ReadLine(ctx context.Context) (string, error) {
	p.mu.Lock()
	prompt := p.prompt
	p.mu.Unlock()
	line, err := p.read(ctx, prompt)
	for err == nil && p.cfg.Open != nil && p.cfg.Open(line) {
		var more string
		if more, err = p.read(ctx, p.cfg.Continuation); err == nil {
			line += "\n" + more
		} else if errors.Is(err, io.EOF) && !p.prompts {
			return line, nil // its reader says what is missing
		}
	}
	if err != nil {
		return "", err
	}
	if p.prompts {
		if herr := p.cfg.remember(line); herr != nil {
			p.Print(herr.Error())
		}
	}
	return line, nil
}

func (p *plain) ReadSecret(ctx context.Context, prompt string) (string, error) {
	if !p.prompts {
		return p.read(ctx, prompt)
	}
	show, err := hideTyping(p.cfg.In)
	if err != nil {
		return "", err
	}
	secret, err := p.read(ctx, prompt)
	show()
	if err == nil {
		p.Print("\n") // the one that was typed was not shown
	}
	return secret, err
}

func (p *plain) Ask(ctx context.Context, question string) (bool, error) {
	answer, err := p.read(ctx, question)
	return err == nil && isYes(answer), err
}

func (p *plain) Print(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.depth > 0 {
		p.held.add(wholeLines(text))
		return
	}
	io.WriteString(p.cfg.Out, wholeLines(text))
}

func (p *plain) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cfg.Out.Write(b)
}

func (p *plain) SetPrompt(prompt string) {
	p.mu.Lock()
	p.prompt = prompt
	p.mu.Unlock()
}

func (p *plain) Suspend() {
	p.mu.Lock()
	p.depth++
	p.mu.Unlock()
}

func (p *plain) Resume() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.depth--; p.depth == 0 {
		io.WriteString(p.cfg.Out, p.held.take())
	}
}

func (p *plain) Size() (width, height int) {
	if w, h, err := term.GetSize(int(p.cfg.Out.Fd())); err == nil && w > 0 && h > 0 {
		return w, h
	}
	return 80, 24
}

func (p *plain) SetStatus(string)  {}
func (p *plain) Refresh()          {}
func (p *plain) Interactive() bool { return false }

func (p *plain) Close() error {
	p.close.Do(func() { close(p.done) })
	return nil
}
