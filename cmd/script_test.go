package cmd

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/qmpsh/qmpsh/internal/qemutest"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"qmpsh": func() { os.Exit(Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// TestScripts runs qmpsh from scripts as a person's shell does, against real QEMUs.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(env *testscript.Env) error {
			cache := env.WorkDir + "/.cache"
			env.Setenv("XDG_CACHE_HOME", cache)
			env.Setenv("HOME", env.WorkDir)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			// qemu [ARG...] starts a QEMU and sets $SOCK and $DIR.
			"qemu": func(ts *testscript.TestScript, _ bool, args []string) {
				q := qemutest.Start(t, args...)
				ts.Setenv("SOCK", q.Socket)
				ts.Setenv("DIR", q.Dir)
			},
			"qemu-img": func(ts *testscript.TestScript, _ bool, args []string) {
				ts.Check(ts.Exec("qemu-img", args...))
			},
			// wait-socket PATH waits until somebody listens there.
			"wait-socket": waitSocket,
			// code N PROGRAM [ARG...] runs a program that must end with exit code N.
			"code": checkCode,
		},
	})
}

func checkCode(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		got = exit.ExitCode()
	case err != nil:
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("exit code %d, not %d", got, want)
	}
}

func waitSocket(ts *testscript.TestScript, _ bool, args []string) {
	path := ts.MkAbs(args[0])
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(30 * time.Second)
	for {
		if conn, err := net.Dial("unix", path); err == nil {
			ts.Check(conn.Close())
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			ts.Fatalf("nobody listens at %s", path)
		}
	}
}
