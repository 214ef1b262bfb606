package tui

import (
	"context"
	"image/color"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/creack/pty"

	"github.com/qmpsh/qmpsh/render"
)

// Answers as terminals give them: xterm ends the colour as it was asked, tmux with ESC \.
const (
	lightAnswer = "\x1b]11;rgb:ffff/fdfd/F6F6\x07"
	darkAnswer  = "\x1b]11;rgb:0000/2b2b/3636\x1b\\"
	kindAnswer  = "\x1b[?64;1;2;22c"
)

func asking() *background {
	return &background{done: make(chan struct{}), asked: time.Now(), send: func(tea.Msg) {}}
}

// TestAnswersComeWhole: wherever the bytes of a slow line are cut apart, an answer is handed on in one piece, and every
// key before, between and behind it is handed on as it is.
func TestAnswersComeWhole(t *testing.T) {
	for _, stream := range []string{
		"q" + lightAnswer + kindAnswer + "j",
		"\x1b[A:\x1b]" + darkAnswer + "x\x1b\x1bOA" + kindAnswer + "\x1b[<0;3;4M",
		"\x1b[200~pasted\x1b[201~" + kindAnswer + "\x1b[B",
		"5z/幅" + darkAnswer + "\x1b" + kindAnswer,
	} {
		for first := range len(stream) {
			for second := first; second < len(stream); second++ {
				b, all := asking(), ""
				for _, piece := range []string{stream[:first], stream[first:second], stream[second:]} {
					ready := string(b.sift([]byte(piece)))
					for _, answer := range []string{lightAnswer, darkAnswer, kindAnswer} {
						if n := len(answer); strings.Contains(stream, answer) &&
							strings.Contains(all+ready, answer) && !strings.Contains(all, answer) && !strings.Contains(ready, answer) {
							t.Fatalf("%q cut at %d and %d: an answer of %d bytes came in pieces: %q, %q", stream, first, second, n, all, ready)
						}
					}
					all += ready
				}
				if all != stream {
					t.Fatalf("%q cut at %d and %d became %q", stream, first, second, all)
				}
			}
		}
	}
}

// TestAnswerBrokenOff: an answer that does not go on is dropped, and takes no key with it.
func TestAnswerBrokenOff(t *testing.T) {
	for stream, want := range map[string]string{
		"\x1b]11;rgb:ffq":                    "q",
		"\x1b[?6jk":                          "jk",
		"\x1b[?6\x1b[A":                      "\x1b[A",
		"\x1b]11;" + strings.Repeat("f", 70): strings.Repeat("f", 75-answerMost),
		"\x1b]12;x":                          "\x1b]12;x",
	} {
		if got := string(asking().sift([]byte(stream))); got != want {
			t.Errorf("%q became %q, not %q", stream, got, want)
		}
	}
}

// TestLeaveWaitsForTheAnswer: the terminal is not left while it may still answer, and not kept for long when it does not.
func TestLeaveWaitsForTheAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := asking()
		left := make(chan time.Time)
		leave := func() { b.settle(); left <- time.Now() }
		go leave()
		time.Sleep(time.Second)
		synctest.Wait()
		b.sift([]byte(lightAnswer)) // the other is still to come
		select {
		case <-left:
			t.Fatal("left before the last answer")
		case <-time.After(time.Second / 2):
		}
		b.sift([]byte(kindAnswer))
		if at := <-left; at.Sub(b.asked) != 3*time.Second/2 {
			t.Errorf("left %v after the question", at.Sub(b.asked))
		}

		b = asking()
		go leave()
		if at := <-left; at.Sub(b.asked) != answerTime {
			t.Errorf("left a silent terminal %v after the question", at.Sub(b.asked))
		}

		b = &background{done: make(chan struct{})}
		began := time.Now()
		b.settle()
		b.ask() // would write to no screen
		if !b.asked.IsZero() || time.Since(began) > 0 {
			t.Error("asked after it was left")
		}
	})
}

// TestEscapeIsStillAKey: what begins like an answer and does not go on is the key Esc.
func TestEscapeIsStillAKey(t *testing.T) {
	in, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _, _ = in.Close(), out.Close() }()
	keys := make(chan tea.Msg, 1)
	b := asking()
	b.File, b.send = in, func(m tea.Msg) { keys <- m }
	if _, err := out.WriteString("\x1b"); err != nil {
		t.Fatal(err)
	}
	buffer := make([]byte, 4096)
	if n, err := b.Read(buffer); n != 0 || err != nil {
		t.Fatalf("read %q, %v", buffer[:n], err)
	}
	if key, ok := (<-keys).(tea.KeyPressMsg); !ok || key.String() != "esc" {
		t.Errorf("the key is %v", key)
	}
	if len(b.sift([]byte("]"))) != 1 {
		t.Error("the key was kept for later")
	}
}

// TestThemeFollowsTheTerminal: colours of a light background come with the answer, in every picture after it.
func TestThemeFollowsTheTerminal(t *testing.T) {
	dark, light := render.NewTheme(render.TrueColor, false), render.NewTheme(render.TrueColor, true)
	d := newDriver(t, 80, 24, func(c *Config) { c.Theme = dark }).show(busyMachine())
	picture := func() string { return strings.Join(d.styled(), "\n") }
	good := func(of render.Theme) string { return of.Paint(render.RoleGood, "link ready") }
	if good(dark) == good(light) || !strings.Contains(picture(), good(dark)) {
		t.Fatal("the picture is not one for a dark background at first")
	}
	d.update(tea.BackgroundColorMsg{Color: color.White})
	if !strings.Contains(picture(), good(light)) || strings.Contains(picture(), good(dark)) {
		t.Error("the picture is not one for a light background")
	}
	d.update(tea.BackgroundColorMsg{}) // of no colour
	d.update(tea.BackgroundColorMsg{Color: color.Gray{200}})
	if !strings.Contains(picture(), good(light)) {
		t.Error("a light grey was taken for dark")
	}
	d.update(tea.BackgroundColorMsg{Color: color.Black})
	if !strings.Contains(picture(), good(dark)) {
		t.Error("the picture is not one for a dark background again")
	}
}

// TestWhoIsAsked: a terminal is asked only where nobody told, and where it has colours to choose between.
func TestWhoIsAsked(t *testing.T) {
	colours := render.NewTheme(render.ANSI16, false)
	for _, c := range []struct {
		environ []string
		theme   render.Theme
		want    bool
	}{
		{[]string{"TERM=xterm"}, colours, true},
		{[]string{"TERM=tmux-256color", "COLORFGBG="}, colours, true},
		{[]string{"TERM=xterm"}, visible(render.NewTheme(render.NoStyle, false)), false}, // $NO_COLOR, --color never
		{[]string{"TERM=xterm", "COLORFGBG=0;15"}, colours, false},
		{[]string{"TERM=linux"}, colours, false},
		{[]string{"TERM=vt100"}, colours, false},
	} {
		b := newBackground(Config{Environ: c.environ, Theme: c.theme, Input: os.Stdin}, nil)
		if (b != nil) != c.want {
			t.Errorf("%q: asked is %v", c.environ, b != nil)
		}
	}
}

// TestSlowTerminalAnswers plays a terminal whose answer comes in pieces, with keys before, between and behind:
// the keys count, the picture becomes one for a light background, and
// nothing is left for the next program.
func TestSlowTerminalAnswers(t *testing.T) {
	q := idleMachine(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, "sh", "-c", "'"+os.Args[0]+"'; stty -echo; echo now; read line; echo \"[$line]\"")
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGKILL) } // and reading ends
	c.Env = append(os.Environ(), envSocket+"="+q.Socket, "TERM=xterm", "COLORTERM=truecolor", "COLORFGBG=")
	tty, err := pty.StartWithSize(c, &pty.Winsize{Rows: 24, Cols: 80})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tty.Close() }()
	write := func(text string) {
		t.Helper()
		if _, err := tty.WriteString(text); err != nil {
			t.Fatal(err)
		}
	}
	written := ""
	until := func(text string) {
		t.Helper()
		piece := make([]byte, 4096)
		for !strings.Contains(written, text) && !strings.Contains(ansi.Strip(written), text) {
			n, err := tty.Read(piece)
			if written += string(piece[:n]); err != nil {
				t.Fatalf("%v before %q:\n%q", err, text, written)
			}
		}
	}
	until(inquiry)
	write("5" + lightAnswer[:1])
	write(lightAnswer[1:9])
	until("no block devices") // the key before the answer
	write(lightAnswer[9:] + "6")
	until("no events yet")
	until(strings.Trim(render.NewTheme(render.TrueColor, true).SGR(render.RoleGood), "\x1b[m"))
	write(kindAnswer + "q")
	until("now\r\n")
	write("line\n")
	until("[line]")
	if left := written[strings.Index(written, "nothing is left behind"):]; strings.ContainsAny(left, ";^") {
		t.Errorf("the answer was left behind: %q", left)
	}
	_ = c.Wait()
}
