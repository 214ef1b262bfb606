package demo_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/qmpsh/qmpsh/demo"
)

// FuzzInput sends any bytes to a machine. Whatever they are, it neither panics nor stops answering, and all that it
// says is JSON in lines of its own.
func FuzzInput(f *testing.F) {
	for _, seed := range []string{
		`{"execute":"query-status"}`, `{'execute':'stop','id':'\'\u20ac'}`, `[[[{"a":tru}]]`, "\xff\xfe\x00{", `"\ud83d\ude00"`,
		`{"execute":"blockdev-add","arguments":{"driver":"qcow2","node-name":"n","file":{"driver":"file","filename":"/tmp/x"}}}`,
		`{"execute":"device_add","arguments":{"driver":"virtio-rng-pci","bus":"pci.9","id":"r","period":1e400}}`,
		`{"execute":"migrate-set-parameters","arguments":{"max-bandwidth":-1}}{"execute":"migrate","arguments":{"uri":"tcp:b:1"}}`,
		`{"execute":"qom-set","arguments":{"path":"//machine/","property":"type","value":[null]}}`, `-`, `1e`, `{"execute":"quit"}`,
		`{"execute":"transaction","arguments":{"actions":[{"type":"blockdev-snapshot-sync","data":{"device":"drive1","snapshot-file":"/tmp/x"}},{"type":"abort","data":{}}]}}`,
		`{"execute":"drive-mirror","arguments":{"device":"drive1","sync":"full","target":"nbd:h:1","mode":"existing","format":"raw"}}`,
		`{"execute":"human-monitor-command","arguments":{"command-line":"eject -f"}}`,
	} {
		f.Add([]byte(seed), false)
		f.Add([]byte(seed), true)
	}
	f.Fuzz(func(t *testing.T, input []byte, old bool) {
		o := demo.Options{}
		if old {
			o.Compat = demo.Compat11
		}
		m, clock := newMachine(o)
		ours, theirs := net.Pipe()
		ended := make(chan error, 1)
		go func() { ended <- m.ServeConn(context.Background(), theirs) }()
		go func() {
			_, _ = io.WriteString(ours, `{"execute":"qmp_capabilities"}`)
			_, _ = ours.Write(input)
			clock.Advance(time.Minute)
			// Whatever was left open is closed, so that the last command is one.
			_, _ = io.WriteString(ours, "\n\xff\"'\n"+strings.Repeat("]}", 1100)+`{"execute":"query-name","id":"the end"}`)
		}()
		if err := ours.SetReadDeadline(time.Now().Add(patience)); err != nil {
			t.Fatal(err)
		}
		in := bufio.NewReader(ours)
		for {
			line, err := in.ReadString('\n')
			if err != nil {
				if selected(m.Done()) {
					break // it was told to quit
				}
				t.Fatalf("%q: the machine fell silent: %v", input, err)
			}
			if !json.Valid([]byte(line)) || !strings.HasSuffix(line, "\r\n") {
				t.Fatalf("%q: the machine said %q", input, line)
			}
			if strings.Contains(line, `"id": "the end"`) {
				break
			}
		}
		_ = ours.Close()
		<-ended
	})
}

func selected(done <-chan struct{}) bool {
	select {
	case <-done:
		return true
	default:
		return false
	}
}
