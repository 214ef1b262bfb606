package qmpconn

import (
	"net"
	"os"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if socket := os.Getenv(holdEnv); socket != "" {
		hold(socket)
	}
	goleak.VerifyTestMain(m)
}

// holdEnv makes the test binary connect to a socket and stay: a client in a process of its own.
const holdEnv = "QMPCONN_TEST_HOLD"

func hold(socket string) {
	nc, err := net.Dial("unix", socket)
	if err != nil {
		os.Exit(1)
	}
	buf := make([]byte, 1)
	if _, err := nc.Read(buf); err != nil { // the greeting: we hold the monitor
		os.Exit(1)
	}
	_, _ = os.Stdout.Write(buf)
	_, _ = os.Stdin.Read(buf) // until the test ends us
	os.Exit(0)
}
