package editor

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/term"
)

// fuzzEnv is how long TestRandomKeys goes on, as a duration; without it, a few seconds.
const fuzzEnv = "QMPSH_FUZZ_PROMPT"

// randomKeys are what a terminal can send, without those that end the program by intent.
func randomKeys() []string {
	keys := []string{"\x1b[200~pasted\ttext {\n} 日本\x1b[201~", "\x1b", "\x1b\x1b", "\x1b\x03", strings.Repeat("burst ", 9),
		"\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1b[H", "\x1b[F", "\x1b[1~", "\x1b[4~", "\x1b[3~", "\x1b[5~", "\x1b[6~", "\x1b[Z",
		"\x1b[1;5C", "\x1b[1;5D", "\x1bb", "\x1bf", "\x1bd", "\x1b\x7f", "\x1b\r", "\x1bOP", "\x1b[12~", "\x1b[99;99;99~", "\x1b]0;x\x07",
		"日", "é", "\u0301", "👩‍👧", "\xff", "de", "big ", "describe ", "{", "}", "events 20 500\r", "hint ", "ask\r", "secret\r", "partial\r"}
	for c := range 32 {
		switch c {
		case 4, 17, 24, 26, 27: // Ctrl-D ends, Ctrl-X waits for a child, Ctrl-Z stops
		default:
			keys = append(keys, string(rune(c)))
		}
	}
	return append(keys, "a", "b", " ", "=", "\t", "\t", "\t", "\x7f", "\r")
}

// TestRandomKeys types at random, resizes, interrupts and prints meanwhile, and expects that the program lives, ends in order and
// leaves the terminal as it was.
func TestRandomKeys(t *testing.T) {
	length := 5 * time.Second
	if text := os.Getenv(fuzzEnv); text != "" {
		var err error
		if length, err = time.ParseDuration(text); err != nil {
			t.Fatal(err)
		}
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	for end := time.Now().Add(length); time.Now().Before(end); seed++ {
		randomRun(t, seed)
		if t.Failed() {
			t.Fatalf("with seed %d", seed)
		}
	}
}

func randomRun(t *testing.T, seed uint64) {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 1))
	master, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer slave.Close()
	before, err := term.GetState(int(slave.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), programEnv+"=1", "TERM=xterm", "GORACE=exitcode=66 log_path="+raceLog(t))
	var stderr bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = slave, slave, &stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var seen output
	drained := make(chan struct{})
	go func() { defer close(drained); seen.drain(master) }()
	seen.await(t, "test>")
	keys := randomKeys()
	for range 300 {
		if random.IntN(20) == 0 {
			size := pty.Winsize{Rows: uint16(1 + random.IntN(60)), Cols: uint16(1 + random.IntN(300))}
			if err := pty.Setsize(master, &size); err != nil {
				t.Fatal(err)
			}
		}
		if random.IntN(60) == 0 {
			cmd.Process.Signal(syscall.SIGINT) // it may have ended, which is seen below
		}
		if _, err := master.WriteString(keys[random.IntN(len(keys))]); err != nil {
			break // the program has ended; why is seen below
		}
	}
	leave(t, cmd, master, &seen, &stderr)
	after, err := term.GetState(int(slave.Fd()))
	if err != nil || *after != *before {
		t.Errorf("the terminal is not as it was: %v, before %v (%v)", after, before, err)
	}
	// A Ctrl-C behind the good-bye may end it like any other program.
	late := strings.Contains(seen.tail(), "LEAVING") && cmd.ProcessState.Sys().(syscall.WaitStatus).Signal() == syscall.SIGINT
	if cmd.ProcessState.ExitCode() != 0 && !late {
		t.Errorf("%v\n%s\n%s", cmd.ProcessState, stderr.String(), seen.tail())
	}
	slave.Close()
	master.Close()
	<-drained
}

// leave ends the program from whatever state the keys have brought it to.
func leave(t *testing.T, cmd *exec.Cmd, master *os.File, seen *output, stderr *bytes.Buffer) {
	t.Helper()
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	limit := time.NewTimer(2 * time.Minute)
	defer limit.Stop()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		// The end of a paste, should one be open; out of a search; an empty line; the end.
		// When it says that it is leaving, Ctrl-C would be a signal to it as to any other program.
		if !strings.Contains(seen.tail(), "LEAVING") {
			master.WriteString("\x1b[201~\a\x03\x03\x04")
		}
		select {
		case <-ended:
			return
		case <-tick.C:
		case <-limit.C:
			cmd.Process.Signal(syscall.SIGQUIT)
			<-ended
			t.Fatalf("the program does not end:\n%s\n%s", seen.tail(), stderr)
		}
	}
}

// output is what a program has written so far.
type output struct {
	mu   sync.Mutex // guards text
	text []byte
}

func (o *output) drain(f *os.File) {
	buf := make([]byte, 4096)
	for {
		n, err := f.Read(buf)
		o.mu.Lock()
		o.text = append(o.text, buf[:n]...)
		o.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (o *output) tail() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return fmt.Sprintf("%q", o.text[max(0, len(o.text)-3000):])
}

func (o *output) await(t *testing.T, text string) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for limit := time.Now().Add(time.Minute); time.Now().Before(limit); <-tick.C {
		if strings.Contains(o.tail(), text) {
			return
		}
	}
	t.Fatalf("%q never came:\n%s", text, o.tail())
}
