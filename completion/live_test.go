package completion

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/qmpsh/qmpsh/internal/qemutest"
	"github.com/qmpsh/qmpsh/qapi"
)

// A client is the least that asks a real server.
type client struct {
	conn net.Conn
	in   *json.Decoder
}

func dial(t *testing.T, socket string) *client {
	t.Helper()
	conn, err := net.Dial("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	c := &client{conn, json.NewDecoder(conn)}
	var greeting json.RawMessage
	if err := c.in.Decode(&greeting); err != nil {
		t.Fatal(err)
	}
	c.must(t, "qmp_capabilities", "")
	return c
}

func (c *client) Call(_ context.Context, name string, arguments json.RawMessage) (json.RawMessage, error) {
	message := fmt.Sprintf(`{"execute":%q`, name)
	if len(arguments) > 0 {
		message += `,"arguments":` + string(arguments)
	}
	if _, err := fmt.Fprintln(c.conn, message+"}"); err != nil {
		return nil, err
	}
	for {
		var reply struct {
			Return json.RawMessage
			Error  *struct{ Class, Desc string }
		}
		if err := c.in.Decode(&reply); err != nil {
			return nil, err
		}
		if reply.Error != nil {
			return nil, refusal{reply.Error.Desc}
		}
		if reply.Return != nil {
			return reply.Return, nil
		}
	}
}

func (c *client) must(t *testing.T, name, arguments string) json.RawMessage {
	t.Helper()
	reply, err := c.Call(t.Context(), name, json.RawMessage(arguments))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return reply
}

// What a real machine has is what the menu shows.
func TestLiveValuesOfARealMachine(t *testing.T) {
	dir := qemutest.Dir(t)
	disk := qemutest.Image(t, dir, "disk.qcow2", "qcow2", "16M")
	q := qemutest.StartIn(t, dir, "-machine", "q35", "-S", "-m", "32",
		"-blockdev", "driver=qcow2,node-name=disk0,file.driver=file,file.node-name=disk0-file,file.filename="+disk,
		"-object", "iothread,id=io0", "-object", "secret,id=sec0,data=x",
		"-device", "pcie-root-port,id=rp0", "-device", "virtio-scsi-pci,id=scsi0,iothread=io0",
		"-device", "scsi-hd,drive=disk0,id=hd0,bus=scsi0.0",
		"-netdev", "user,id=user0", "-device", "virtio-net-pci,netdev=user0,id=net0",
		"-chardev", "null,id=sink0")
	c := dial(t, q.Socket)
	s, err := qapi.Parse(c.must(t, "query-qmp-schema", ""))
	if err != nil {
		t.Fatal(err)
	}
	c.must(t, "block-dirty-bitmap-add", `{"node":"disk0","name":"daily"}`)
	r := NewRefresher(c, s)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- r.Run(ctx) }()
	e := New(s, nil, r, Options{Local: true})
	for _, tt := range []struct{ line, want string }{
		{`blockdev-add driver=qcow2 node-name=n file=`, "disk0"},
		{`block_resize node-name=`, "disk0-file"},
		{`block_set_io_throttle id=`, "hd0"},
		{`block-dirty-bitmap-clear node=disk0 name=`, "daily"},
		{`device_del id=`, "net0"},
		{`device_add driver=virtio-blk-pci bus=`, "rp0"},
		{`device_add driver=virtio-blk-pci bus=p`, "pcie.0"},
		{`device_add driver=scsi-cd bus=`, "scsi0.0"},
		{`device_add driver=virtio-n`, "virtio-net-pci"},
		{`device_add driver=virtio-net-pci m`, "mac"},
		{`device_add driver=virtio-blk-pci iothread=`, "io0"},
		{`object-del id=`, "sec0"},
		{`blockdev-add driver=luks file=f key-secret=`, "sec0"},
		{`x-blockdev-set-iothread node-name=n iothread=`, "io0"},
		{`netdev_del id=`, "user0"},
		{`set_link name=`, "net0"},
		{`chardev-remove id=`, "sink0"},
		{`qom-list path=/machine/peri`, "/machine/peripheral/"},
		{`qom-get path=/machine property=`, "graphics"},
		{`qom-list-types implements=pci-d`, "pci-device"},
		{`query-cpu-model-expansion type=full model.name=m`, "max"},
		{`migrate-set-capabilities capabilities.0.capability=x`, "xbzrle"},
		{`migrate-set-parameters max-bandwidth=`, "134217728"},
		{`query-command-line-options option=dr`, "drive"},
		{`trace-event-get-state name=vm_state`, "vm_state_notify"},
		{`human-monitor-command command-line=inf`, "info"},
		{`screendump device=`, "net0"},
		{`block-commit device=disk0 backing-file=` + dir + `/`, filepath.Join(dir, "disk.qcow2")},
	} {
		awaitOffer(t, e, r, tt.line, tt.want)
	}
	cancel()
	<-done
}

// awaitOffer waits until a line is offered a candidate.
func awaitOffer(t *testing.T, e *Engine, r *Refresher, line, want string) {
	t.Helper()
	deadline := time.After(30 * time.Second)
	for {
		got := e.Complete(line, len(line))
		if slices.ContainsFunc(got.Candidates, func(c Candidate) bool { return c.Text == want }) {
			return
		}
		if !got.Pending {
			t.Errorf("%s: offered %v, not %s", line, got.Candidates[:min(5, len(got.Candidates))], want)
			return
		}
		select {
		case <-r.Changed():
		case <-deadline:
			t.Fatalf("%s: no answer", line)
		}
	}
}
