package tmuxtest

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"
)

// control is the one client of a private tmux server, in control mode: commands go down its standard input, their
// output and news of the program's output come back on its standard output. The server lives as long as this client.
type control struct {
	cmd      *exec.Cmd
	stdin    io.WriteCloser
	attached chan struct{} // closed when the session is there and this client is attached to it
	changed  chan struct{} // holds one token when something may have changed on the screen
	replies  chan reply    // closed when the server has gone
	stderr   strings.Builder

	mu sync.Mutex // one command at a time
}

// settings are in force before the program starts. Its last screen outlives it.
const settings = `
set-option -g remain-on-exit on
set-option -g remain-on-exit-format ''
set-option -g status off
set-option -g history-limit 20000
set-option -s escape-time 0
`

type reply struct {
	lines []string
	err   error
}

// replyDeadline bounds one command to a server that hangs; a busy machine answers within a second.
const replyDeadline = 60 * time.Second

// newSession is the command line of a server with one session, which runs the program.
func newSession(socket, config string, opts Options, argv []string) []string {
	args := []string{"-S", socket, "-f", config, "-u", "-C", "new-session",
		"-x", strconv.Itoa(opts.Width), "-y", strconv.Itoa(opts.Height)}
	for _, env := range opts.Env {
		args = append(args, "-e", env)
	}
	if opts.Dir != "" {
		args = append(args, "-c", opts.Dir)
	}
	return append(append(args, "--"), argv...)
}

func startControl(socket string, opts Options, argv []string) (*control, error) {
	opts.Width, opts.Height = cmp.Or(opts.Width, 80), cmp.Or(opts.Height, 24)
	config := socket + ".conf"
	if err := os.WriteFile(config, []byte(settings), 0o600); err != nil {
		return nil, err
	}
	c := &control{
		cmd:      exec.Command("tmux", newSession(socket, config, opts, argv)...),
		attached: make(chan struct{}),
		changed:  make(chan struct{}, 1),
		replies:  make(chan reply, 1),
	}
	c.cmd.Env = environment()
	c.cmd.Stderr = &c.stderr
	var err error
	if c.stdin, err = c.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	stdout, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	go c.read(stdout)
	if err := c.awaitSession(); err != nil {
		c.close()
		return nil, err
	}
	// In the file above, and until now, the first of these ends the session before this client is attached to it; in the
	// file the second crashes tmux 3.3a.
	for _, command := range []string{"set-option -g destroy-unattached on", "set-option -g window-size manual",
		fmt.Sprintf("resize-window -x %d -y %d", opts.Width, opts.Height)} {
		if _, err := c.run(command); err != nil {
			c.close()
			return nil, fmt.Errorf("%s: %w", command, err)
		}
	}
	return c, nil
}

// environment is the test's, without what would make tmux believe that it runs inside another one.
func environment() []string {
	var env []string
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, "TMUX") {
			env = append(env, e)
		}
	}
	return env
}

// awaitSession waits until the client is attached: tmux may carry out commands that come earlier before it has a session.
func (c *control) awaitSession() error {
	limit := time.NewTimer(replyDeadline)
	defer limit.Stop()
	select {
	case <-c.attached:
		return nil
	case <-c.replies:
		return c.gone()
	case <-limit.C:
		return errors.New("tmux does not attach to its session")
	}
}

func (c *control) gone() error { return fmt.Errorf("the tmux server has gone %s", c.stderr.String()) }

// run sends one command and returns the lines that it printed.
func (c *control) run(command string) ([]string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, err := io.WriteString(c.stdin, command+"\n"); err != nil {
		return nil, err
	}
	limit := time.NewTimer(replyDeadline)
	defer limit.Stop()
	select {
	case r, ok := <-c.replies:
		if !ok {
			return nil, c.gone()
		}
		return r.lines, r.err
	case <-limit.C:
		return nil, errors.New("no answer from the tmux server")
	}
}

// read takes the server's lines apart until it has gone: replies stand between %begin and %end or %error, everything
// else is news. It ends with the client's output.
func (c *control) read(r io.Reader) {
	defer close(c.replies)
	in := bufio.NewReader(r)
	var guard string // what follows %begin in the reply that is open
	var lines []string
	attached := sync.OnceFunc(func() { close(c.attached) })
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimSuffix(line, "\n")
		kind, rest, _ := strings.Cut(line, " ")
		switch {
		case guard == "" && kind == "%begin":
			guard, lines = rest, nil
		case guard == "":
			if kind == "%session-changed" {
				attached()
			}
			c.news()
		case rest == guard && (kind == "%end" || kind == "%error"):
			c.reply(guard, lines, kind == "%error")
			guard = ""
		default:
			lines = append(lines, line)
		}
	}
}

// reply hands on the output of a command. Those that the client did not ask for, which flag 0 marks, are dropped.
func (c *control) reply(guard string, lines []string, failed bool) {
	if strings.HasSuffix(guard, " 0") {
		return
	}
	r := reply{lines: lines}
	if failed {
		r.err = errors.New(strings.Join(lines, "; "))
	}
	c.replies <- r
}

func (c *control) news() {
	select {
	case c.changed <- struct{}{}:
	default:
	}
}

// close ends the server and with it the program.
func (c *control) close() {
	_, err := io.WriteString(c.stdin, "kill-server\n")
	c.stdin.Close()
	if err == nil {
		for range c.replies {
			continue
		}
	}
	c.cmd.Process.Kill()
	c.cmd.Wait()
}
