package cmd

import (
	"bufio"
	"net"
	"testing"
)

// dialRaw holds a monitor: it connects and waits for the greeting.
func dialRaw(t *testing.T, socket string) net.Conn {
	t.Helper()
	conn, err := net.Dial("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bufio.NewReader(conn).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	return conn
}
