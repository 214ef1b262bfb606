package qmpconn

import (
	"net"
	"strconv"
	"syscall"
	"testing"

	"github.com/qmpsh/qmpsh/qmpconn/qmptest"
)

// TestDialInheritedFD takes over a connected socket by its number, once.
func TestDialInheritedFD(t *testing.T) {
	server := qmptest.Serve(t, qmptest.Today(answer("1")))
	nc, err := net.Dial("unix", server.Socket())
	if err != nil {
		t.Fatal(err)
	}
	raw, err := nc.(*net.UnixConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	fd, dupErr := -1, error(nil)
	if err := raw.Control(func(open uintptr) { fd, dupErr = syscall.Dup(int(open)) }); err != nil || dupErr != nil {
		t.Fatal(err, dupErr)
	}
	nc.Close()
	addr, err := ParseAddress("fd:" + strconv.Itoa(fd))
	if err != nil {
		t.Fatal(err)
	}
	c, err := Dial(testContext(t), addr, Options{NegotiationTimeout: patience})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if got := execute(t, c, "query"); got != "1" {
		t.Errorf("got %s", got)
	}
	if !passesFiles(c.nc) {
		t.Error("a unix socket by its number passes no files")
	}
}
