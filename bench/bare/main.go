// Command bare is the least that a Go program does to run QMP commands: what qmpsh's speed is measured against. It
// speaks line by line to a server that it trusts, and shows the replies as they come.
//
//	bare SOCKET              runs query-status once
//	bare SOCKET N            runs it N times, one after the other
//	bare SOCKET N WINDOW     runs it N times with WINDOW commands in flight
package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bare:", err)
		os.Exit(1)
	}
}

func run(args []string, stdout io.Writer) error {
	socket, numbers, err := parse(args)
	if err != nil {
		return err
	}
	conn, err := net.Dial("unix", socket)
	if err != nil {
		return err
	}
	defer conn.Close()
	in := bufio.NewReaderSize(conn, 64<<10)
	if _, err := in.ReadSlice('\n'); err != nil { // the greeting
		return err
	}
	if _, err := io.WriteString(conn, `{"execute":"qmp_capabilities"}`+"\n"); err != nil {
		return err
	}
	if _, err := reply(in); err != nil {
		return err
	}
	out := bufio.NewWriter(stdout)
	defer out.Flush()
	return exchange(conn, in, out, numbers[0], numbers[1])
}

func parse(args []string) (socket string, numbers [2]int, err error) {
	numbers = [2]int{1, 1}
	if len(args) < 1 || len(args) > 3 {
		return "", numbers, fmt.Errorf("usage: bare SOCKET [N [WINDOW]]")
	}
	for i, arg := range args[1:] {
		if numbers[i], err = strconv.Atoi(arg); err != nil {
			return "", numbers, err
		}
	}
	return args[0], numbers, nil
}

// exchange runs n commands with at most window of them unanswered.
func exchange(conn io.Writer, in *bufio.Reader, out io.Writer, n, window int) error {
	command := []byte(`{"execute":"query-status"}` + "\n")
	for sent, received := 0, 0; received < n; {
		if sent < n && sent-received < window {
			if _, err := conn.Write(command); err != nil {
				return err
			}
			sent++
			continue
		}
		line, err := reply(in)
		if err != nil {
			return err
		}
		if _, err := out.Write(line); err != nil {
			return err
		}
		received++
	}
	return nil
}

// reply returns the next line that is no event.
func reply(in *bufio.Reader) ([]byte, error) {
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return nil, err
		}
		if !bytes.Contains(line, []byte(`"event"`)) {
			return line, nil
		}
	}
}
