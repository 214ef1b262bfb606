package qemutest_test

import (
	"bufio"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/qmpsh/qmpsh/internal/qemutest"
)

func TestStartListensAndEnds(t *testing.T) {
	q := qemutest.Start(t)
	if !strings.HasPrefix(greeting(t, q.Socket), `{"QMP":`) {
		t.Fatal("no QMP greeting")
	}
	q.Kill()
	if q.Wait() != -1 {
		t.Fatal("a killed QEMU has no exit code")
	}
}

func TestStorageDaemon(t *testing.T) {
	q := qemutest.StartStorageDaemon(t)
	if !strings.HasPrefix(greeting(t, q.Socket), `{"QMP":`) {
		t.Fatal("no QMP greeting")
	}
}

func greeting(t *testing.T, socket string) string {
	t.Helper()
	conn, err := net.Dial("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return line
}
