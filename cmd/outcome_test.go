package cmd

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/spf13/cobra"

	"github.com/qmpsh/qmpsh/internal/qemutest"
	"github.com/qmpsh/qmpsh/qmpconn"
	"github.com/qmpsh/qmpsh/qmpconn/qmptest"
)

// run is qmpsh in this process, with nothing on standard input.
func run(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("QMPSH_SCHEMA", "")
	var out, errs bytes.Buffer
	code = Main(args, strings.NewReader(""), &out, &errs)
	return code, out.String(), errs.String()
}

func contains(t *testing.T, text string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in:\n%s", want, text)
		}
	}
}

func TestALostConnectionLeavesTheOutcomeUnknown(t *testing.T) {
	server := qmptest.Serve(t, qmptest.Today(func(qmptest.Request) []string { return []string{qmptest.Hangup} }))
	code, stdout, stderr := run(t, server.Socket(), "system_powerdown")
	if code != exitUnknown || stdout != "" {
		t.Errorf("exit code %d, stdout %q", code, stdout)
	}
	contains(t, stderr, "outcome is unknown", "look at the machine before you send it again")
	if n := sent(server, "system_powerdown"); n != 1 {
		t.Errorf("sent %d times", n)
	}
	_, _, stderr = run(t, server.Socket(), "query-status")
	contains(t, stderr, "outcome is unknown\nquery-status was sent, and changes nothing\n")
}

func TestQuitIsASuccessWhenTheServerGoesAwayWithoutAReply(t *testing.T) {
	server := qmptest.Serve(t, qmptest.Today(func(qmptest.Request) []string { return []string{qmptest.Hangup} }))
	code, stdout, stderr := run(t, server.Socket(), "quit")
	if code != exitDone || stdout != "{}\n" || stderr != "" {
		t.Errorf("exit code %d, stdout %q, stderr %q", code, stdout, stderr)
	}
}

func TestATimeoutSaysThatTheCommandWasSent(t *testing.T) {
	server := qmptest.Serve(t, qmptest.Today(func(qmptest.Request) []string { return nil }))
	for command, said := range map[string]string{"query-status": ", and changes nothing", "stop": ": QEMU may still carry it out"} {
		code, _, stderr := run(t, "--timeout", "1s", server.Socket(), command)
		if code != exitTimeout {
			t.Errorf("exit code %d", code)
		}
		contains(t, stderr, "timed out", command+" was sent"+said)
	}
}

func TestATimeoutBehindTheGreetingSaysWhatItWaitedFor(t *testing.T) {
	server := qmptest.Serve(t, qmptest.Script{Greeting: qmptest.GreetingToday, Handler: func(qmptest.Request) []string { return nil }})
	code, _, stderr := run(t, "--timeout", "1s", server.Socket(), "stop")
	if code != exitTimeout {
		t.Errorf("exit code %d", code)
	}
	contains(t, stderr, "the server greeted, but did not answer qmp_capabilities\nnothing was sent\n")
}

func TestATimeoutBeforeTheGreetingSaysWhatItWaitedFor(t *testing.T) {
	server := qmptest.Serve(t, qmptest.Script{})
	code, _, stderr := run(t, "--timeout", "1s", server.Socket(), "query-status")
	if code != exitTimeout {
		t.Errorf("exit code %d", code)
	}
	contains(t, stderr, "error: timed out\n", "no greeting came: another client may hold this monitor\nnothing was sent\n")
}

// TestALineThatCameTooLateWasNotSent: the server went away while the run waited for input.
func TestALineThatCameTooLateWasNotSent(t *testing.T) {
	late := &qmpconn.OpError{Op: "query-status", Addr: "./vm.sock", Err: qmpconn.ErrPeerClosed}
	if got := advice(late, lineNotSent); exitCode(late) != exitConnect || !slices.Equal(got, []string{lineNotSent}) {
		t.Errorf("exit code %d: %q", exitCode(late), got)
	}
}

func TestASecondClientIsToldWhoHoldsTheMonitor(t *testing.T) {
	q := qemutest.Start(t)
	holder := dialRaw(t, q.Socket)
	defer holder.Close()
	code, _, stderr := run(t, q.Socket, "query-status")
	if code != exitConnect {
		t.Errorf("exit code %d", code)
	}
	contains(t, stderr, "another client holds this monitor", "second -qmp socket", "nothing was sent")
}

// onTerminal runs qmpsh on a terminal of its own and returns what it wrote there.
func onTerminal(t *testing.T, typed string, args ...string) (code int, screen string) {
	t.Helper()
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	master, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer master.Close()
	if err := pty.Setsize(master, &pty.Winsize{Rows: 24, Cols: 80}); err != nil {
		t.Fatal(err)
	}
	shown := make(chan string, 1)
	go func() {
		all, _ := io.ReadAll(master) // a terminal whose other end is gone gives an error, not an end
		shown <- string(all)
	}()
	if _, err := io.WriteString(master, typed); err != nil {
		t.Fatal(err)
	}
	code = Main(args, slave, slave, slave)
	if err := slave.Close(); err != nil {
		t.Fatal(err)
	}
	select {
	case screen = <-shown:
	case <-time.After(30 * time.Second):
		t.Fatal("the terminal does not end")
	}
	return code, screen
}

// evil is a label with an escape sequence that would clear the screen, as JSON has it.
const evil = `"a\u001b[2J\u001b]0;owned\u0007b"`

func evilServer(t *testing.T) *qmptest.Server {
	return qmptest.Serve(t, qmptest.Today(func(r qmptest.Request) []string {
		if r.Command == "query-chardev" {
			return []string{r.Return(`[{"frontend-open": false, "filename": "null", "label": ` + evil + `}]`)}
		}
		return []string{r.Error("GenericError", "no \x1b[31mred\x1b[m here")}
	}))
}

func TestALabelWithAnEscapeSequenceReachesNoTerminal(t *testing.T) {
	server := evilServer(t)
	for _, format := range []string{"auto", "json", "jsonl", "yaml", "table", "tree"} {
		_, screen := onTerminal(t, "", "--color", "never", "-o", format, server.Socket(), "query-chardev")
		if strings.ContainsAny(screen, "\x1b\x07") {
			t.Errorf("-o %s: a control character passed: %q", format, screen)
		}
	}
	_, screen := onTerminal(t, "", "--color", "never", "-r", "--jq", ".[].label", server.Socket(), "query-chardev")
	if strings.ContainsAny(screen, "\x1b\x07") {
		t.Errorf("--jq -r: a control character passed: %q", screen)
	}
	code, screen := onTerminal(t, "", "--color", "never", "-v", server.Socket(), "x-anything")
	if code != exitRefused || strings.ContainsAny(screen, "\x1b\x07") {
		t.Errorf("exit code %d, an error's control character passed: %q", code, screen)
	}
}

func TestALabelWithAnEscapeSequenceStaysByteForByteInJSON(t *testing.T) {
	_, stdout, _ := run(t, evilServer(t).Socket(), "query-chardev")
	contains(t, stdout, evil)
}

func TestColourIsForTerminalsThatWantIt(t *testing.T) {
	q := qemutest.Start(t)
	for _, tt := range []struct {
		name, term, noColor string
		args                []string
		want                bool
	}{
		{"a terminal", "xterm-256color", "", nil, true},
		{"NO_COLOR", "xterm-256color", "1", nil, false},
		{"TERM=dumb", "dumb", "", nil, false},
		{"never", "xterm-256color", "", []string{"--color", "never"}, false},
		{"always", "xterm-256color", "1", []string{"--color", "always"}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv("TERM", tt.term)
			t.Setenv("NO_COLOR", tt.noColor)
			code, screen := onTerminal(t, "", append(tt.args, q.Socket, "query-status")...)
			if code != exitDone {
				t.Fatalf("exit code %d: %s", code, screen)
			}
			if got := strings.Contains(screen, "\x1b["); got != tt.want {
				t.Errorf("colour %v, want %v: %q", got, tt.want, screen)
			}
		})
	}
}

func TestASecretIsAskedForWithoutEcho(t *testing.T) {
	q := qemutest.Start(t)
	code, screen := onTerminal(t, "hunter2\r", q.Socket, "object-add", "qom-type=secret", "id=s0", "data=?")
	if code != exitDone {
		t.Fatalf("exit code %d: %s", code, screen)
	}
	contains(t, screen, "data (not shown): ")
	code, stdout, _ := run(t, q.Socket, "object-add", "qom-type=secret", "id=s1", "data=?")
	if code != exitUsage || stdout != "" {
		t.Errorf("without a terminal: exit code %d", code)
	}
}

func TestLosingTheConnectionWhileAskingForTheSchemaHasSentNothing(t *testing.T) {
	server := qmptest.Serve(t, qmptest.Today(func(qmptest.Request) []string { return []string{qmptest.Hangup} }))
	code, stdout, stderr := run(t, server.Socket(), "block_resize", "device=a", "size=1")
	if code != exitConnect || stdout != "" {
		t.Errorf("exit code %d, stdout %q", code, stdout)
	}
	contains(t, stderr, "closed by the server", "nothing was sent")
}

func TestASchemaThatCannotBeReadCanBeDoneWithout(t *testing.T) {
	server := qmptest.Serve(t, qmptest.Today(func(r qmptest.Request) []string { return []string{r.Return("{}")} }))
	code, _, stderr := run(t, server.Socket(), "block_resize", "device=a", "size=1")
	if code != exitFailed {
		t.Errorf("exit code %d", code)
	}
	contains(t, stderr, "read the schema", "--no-check", "nothing was sent")
	if code, _, stderr := run(t, "--no-check", server.Socket(), "block_resize", "device=a", "size=1"); code != exitDone {
		t.Errorf("--no-check: exit code %d: %s", code, stderr)
	}
}

func TestAServerThatRefusesCapabilitiesIsAConnectionError(t *testing.T) {
	server := qmptest.Serve(t, qmptest.Script{
		Greeting: qmptest.GreetingToday,
		Handler:  func(r qmptest.Request) []string { return []string{r.Error("GenericError", "no way")} },
	})
	code, _, stderr := run(t, server.Socket(), "query-status")
	if code != exitConnect {
		t.Errorf("exit code %d", code)
	}
	contains(t, stderr, "it refused qmp_capabilities: no way", "nothing was sent")
}

// TestAServerThatGoesAwayInsteadOfNegotiating: a command that changes nothing has gone out with the negotiation by then.
func TestAServerThatGoesAwayInsteadOfNegotiating(t *testing.T) {
	for command, said := range map[string]string{"query-status": "query-status was sent, and changes nothing", "stop": "nothing was sent"} {
		server := qmptest.Serve(t, qmptest.Script{
			Greeting: qmptest.GreetingToday,
			Handler:  func(qmptest.Request) []string { return []string{qmptest.Hangup} },
		})
		code, _, stderr := run(t, server.Socket(), command)
		if code != exitConnect {
			t.Errorf("exit code %d", code)
		}
		contains(t, stderr, "closed by the server", said)
	}
}

// TestWhatGoesOutWithTheNegotiation: nothing that could change anything, or that needs the schema.
func TestWhatGoesOutWithTheNegotiation(t *testing.T) {
	for words, want := range map[string]bool{
		"query-status":                true,
		"query-block | .[].device":    true,
		`{"execute": "query-status"}`: true,
		"stop":                        false,
		"query-stats target=vm":       false,
		`{"exec-oob": "query-yank"}`:  false,
	} {
		if command := first(parseWords([]string{words})); (command != nil) != want {
			t.Errorf("%s: %+v", words, command)
		}
	}
}

// TestOwnWords: every sub-command is one, and no other word.
func TestOwnWords(t *testing.T) {
	tree := (&app{}).root()
	names := []string{cobra.ShellCompRequestCmd, cobra.ShellCompNoDescRequestCmd, "help"}
	for _, c := range tree.Commands() {
		names = append(names, c.Name())
	}
	for _, name := range names {
		if !isOwn(name) {
			t.Errorf("%s would be sent to QEMU", name)
		}
	}
	if isOwn("query-status") || isOwn("") {
		t.Error("a QMP command is taken for a sub-command")
	}
}

// TestHelpFitsATerminal: nothing breaks where 80 columns are.
func TestHelpFitsATerminal(t *testing.T) {
	for _, c := range append((&app{}).root().Commands(), &cobra.Command{}) {
		_, help, _ := run(t, strings.Fields(c.Name()+" --help")...)
		for line := range strings.Lines(help) {
			if len(line) > 80+len("\n") {
				t.Errorf("%s: %d columns: %s", c.Name(), len(line)-1, line)
			}
		}
	}
}

// TestKeepGoingTellsWhatWasOnItsWayWhenTheConnectionIsLost: three commands are sent before the server answers the
// first and goes away.
func TestKeepGoingTellsWhatWasOnItsWayWhenTheConnectionIsLost(t *testing.T) {
	var first qmptest.Request
	server := qmptest.Serve(t, qmptest.Today(func(r qmptest.Request) []string {
		switch r.Command {
		case "query-name":
			first = r
		case "stop":
			return []string{first.Return(`"web01"`), qmptest.Hangup}
		}
		return nil
	}))
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	var stdout, stderr bytes.Buffer
	input := strings.NewReader("query-name\nquery-status\n\nstop\n")
	if code := Main([]string{"--keep-going", server.Socket()}, input, &stdout, &stderr); code != exitUnknown {
		t.Errorf("exit code %d", code)
	}
	if stdout.String() != "\"web01\"\n" {
		t.Errorf("stdout %q", stdout.String())
	}
	contains(t, stderr.String(), "line 2: error: query-status: ", "outcome is unknown",
		"also sent, with their outcome unknown: the commands of lines 4\n", "1 command failed (exit 5)")
}

// TestWhoIsNoMonitorIsTold: what answers at an address may be anything.
func TestWhoIsNoMonitorIsTold(t *testing.T) {
	for _, tt := range []struct {
		name, greeting string
		want           []string
	}{
		{"a human monitor", "QEMU 7.2.22 monitor - type 'help' for more information\r\n(qemu) ",
			[]string{"what it sends is not JSON", "that is the human monitor"}},
		{"an ssh server", "SSH-2.0-OpenSSH_9.2\r\n", []string{`it sent "SSH-2.0-OpenSSH_9.2"`, "try: the socket that QEMU was given with -qmp"}},
		{"another protocol in JSON", "{\"hello\": 1}\r\n", []string{"does not speak QMP", "given with -qmp"}},
		{"one that ends at once", qmptest.Hangup, []string{"closed by the server", "given with -qmp"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			server := qmptest.Serve(t, qmptest.Script{Greeting: tt.greeting})
			code, stdout, stderr := run(t, server.Socket(), "query-status")
			if code != exitConnect || stdout != "" {
				t.Errorf("exit code %d, stdout %q", code, stdout)
			}
			contains(t, stderr, append(tt.want, "nothing was sent")...)
		})
	}
}

func TestASilentServerMayBeAGuestAgent(t *testing.T) {
	server := qmptest.Serve(t, qmptest.Script{})
	if code, _, stderr := run(t, server.Socket(), "guest-info"); code != exitConnect || !strings.Contains(stderr, "--guest-agent") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
}

// TestBytesThatAreNoTextAreNotSent: a file name that is not UTF-8 would arrive as another one.
func TestBytesThatAreNoTextAreNotSent(t *testing.T) {
	server := qmptest.Serve(t, qmptest.Today(nil))
	for _, words := range [][]string{
		{"qom-list", "path=/a\xffb"}, {"qu\xffery"}, {`{"execute": "qom-list", "arguments": {"path": "` + "\xff" + `"}}`},
	} {
		code, _, stderr := run(t, append([]string{server.Socket()}, words...)...)
		if code != exitUsage {
			t.Errorf("%q: exit code %d", words, code)
		}
		contains(t, stderr, "the byte 0xff is not UTF-8", "^", "nothing was sent")
	}
}

// A fullDisk takes nothing.
type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

func TestWhatCouldNotBePrintedWasRun(t *testing.T) {
	server := qmptest.Serve(t, qmptest.Today(nil))
	for _, tt := range []struct{ name, arg, input, want string }{
		{"one", "stop", "", "error: no space left on device\nstop was run: what is missing is only the output\n"},
		{"a query, of which nothing is left", "query-name", "", "error: no space left on device\n"},
		{"piped", "", "stop\n", "error: no space left on device\n1 command was run: what is missing is only the output\n" +
			"stopped at line 1 (exit 1): the lines after it were not run\n"},
		{"piped ahead", "--keep-going", "stop\n", "error: no space left on device\n1 command was run: what is missing is only the output\n" +
			"stopped at line 1 (exit 1): the lines after it were not run\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			args := []string{server.Socket()}
			if tt.arg != "" {
				args = append(args, tt.arg)
			}
			var stderr bytes.Buffer
			if code := Main(args, strings.NewReader(tt.input), fullDisk{}, &stderr); code != exitFailed || stderr.String() != tt.want {
				t.Errorf("exit code %d: %s", code, stderr.String())
			}
		})
	}
}

func TestHelpThatCannotBePrintedIsAFailure(t *testing.T) {
	for _, words := range []string{
		"--help", "-h", "help", "help dash", "exec --help", "demo -h", "--version", "completion bash", "completion zsh",
		"completion fish", "completion powershell", "demo query-status", "demo query-status --jq .status",
	} {
		var stderr bytes.Buffer
		code := Main(strings.Fields(words), strings.NewReader(""), fullDisk{}, &stderr)
		if want := "error: no space left on device\n"; code != exitFailed || stderr.String() != want {
			t.Errorf("%s: exit code %d: %s", words, code, &stderr)
		}
	}
}

// TestOutputThatIsLostIsToldOnce: nothing more can be shown, so that going on is of no use, whatever the flags. Replies
// that are larger than the buffer fail one by one.
func TestOutputThatIsLostIsToldOnce(t *testing.T) {
	large := `"` + strings.Repeat("x", pipeful) + `"`
	for _, flags := range [][]string{nil, {"--keep-going"}} {
		for name, value := range map[string]string{"small": "1", "large": large} {
			server := qmptest.Serve(t, qmptest.Today(func(r qmptest.Request) []string { return []string{r.Return(value)} }))
			input, typed := io.Pipe() // it does not end, so that the output has to end the run
			go func() {
				for err := error(nil); err == nil; {
					_, err = io.WriteString(typed, "stop\n")
				}
			}()
			var stderr bytes.Buffer
			code := Main(append(flags, server.Socket()), input, fullDisk{}, &stderr)
			_ = input.Close()
			told := strings.Split(stderr.String(), "\n")
			if code != exitFailed || len(told) != 4 || told[0] != "error: no space left on device" ||
				!strings.HasSuffix(told[1], "run: what is missing is only the output") ||
				!strings.HasPrefix(told[2], "stopped at line ") {
				t.Errorf("%v, %s replies: exit code %d:\n%s", flags, name, code, &stderr)
			}
			if n := sent(server, "stop"); !strings.HasPrefix(told[1], counted(n, "command")+" w") {
				t.Errorf("%v, %s replies: %d commands were sent, and it tells:\n%s", flags, name, n, &stderr)
			}
		}
	}
}

// sent is how often a server was sent a command.
func sent(server *qmptest.Server, command string) int {
	n := 0
	for _, r := range server.Requests() {
		if r.Command == command {
			n++
		}
	}
	return n
}

func TestATimeoutEndsAPromptToo(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	q := qemutest.Start(t)
	code, screen := onTerminal(t, "", "--color", "never", "--timeout", "3s", q.Socket)
	if code != exitTimeout {
		t.Errorf("exit code %d", code)
	}
	contains(t, screen, ".help for help", "timed out")
	silent := qmptest.Serve(t, qmptest.Script{})
	if code, screen := onTerminal(t, "", "--timeout", "200ms", silent.Socket()); code != exitTimeout {
		t.Errorf("before there is a connection: exit code %d: %s", code, screen)
	}
}

func TestAFilterOfOneCommandIsNothingForAPrompt(t *testing.T) {
	code, screen := onTerminal(t, "", "--jq", ".status", "./none.sock")
	if code != exitUsage || !strings.Contains(screen, "--jq filters what one command returns") {
		t.Errorf("exit code %d: %s", code, screen)
	}
}

// writes counts how often it is written to.
type writes int

func (w *writes) Write(text []byte) (int, error) {
	*w++
	return len(text), nil
}

// TestOutputOfManyRowsIsWrittenAtOnce: grep -q goes away at the first row, and the write of another one fails.
func TestOutputOfManyRowsIsWrittenAtOnce(t *testing.T) {
	_, schema, _ := run(t, "demo", "query-qmp-schema")
	source := "--schema=" + filepath.Join(t.TempDir(), "schema.json")
	if err := os.WriteFile(strings.TrimPrefix(source, "--schema="), []byte(schema), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ args, stdin string }{
		{"demo query-commands --jq .[].name -r", ""},
		{"demo query-commands -o jsonl", ""},
		{"demo query-commands --jq .[] -o yaml", ""},
		{source + " schema --jq .[].name", ""},
		{source + " schema --dump --jq .[].name", ""},
		{"demo", "query-commands | .[]\n"},
	} {
		var w writes
		var errs bytes.Buffer
		if code := Main(strings.Fields(c.args), strings.NewReader(c.stdin), &w, &errs); code != exitDone || w != 1 {
			t.Errorf("%s: exit code %d, %d writes, stderr %s", c.args, code, w, &errs)
		}
	}
}
