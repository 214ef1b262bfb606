package load

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/qmpsh/qmpsh/internal/qemutest"
	"github.com/qmpsh/qmpsh/internal/qmptalk"
)

// serverOf describes a real server as the connection would.
func serverOf(tb testing.TB, q *qemutest.QEMU, talk *qmptalk.Talk) Server {
	tb.Helper()
	path, err := os.Readlink(filepath.Join("/proc", strconv.Itoa(q.PID()), "exe"))
	if err != nil {
		tb.Fatal(err)
	}
	v := talk.Greeting.Version.QEMU
	return Server{
		Version: fmt.Sprintf("%d.%d.%d", v.Major, v.Minor, v.Micro), Package: talk.Greeting.Version.Package,
		Address: q.Socket, Binary: BinaryAt(path),
	}
}

func TestRealServersHaveTheirOwnSchema(t *testing.T) {
	l := Loader{Dir: t.TempDir()}
	emulator, daemon := qemutest.Start(t), qemutest.StartStorageDaemon(t)
	for range 2 {
		for _, q := range []*qemutest.QEMU{emulator, daemon} {
			talk := qmptalk.Dial(t, q.Socket)
			got := load(t, l, talk, serverOf(t, q, talk))
			if has := got.Schema.Command("query-status") != nil; has != (q == emulator) {
				t.Errorf("%s: query-status is there: %v (%v)", q.Socket, has, got.Origin)
			}
			talk.Close()
		}
	}
	talk := qmptalk.Dial(t, emulator.Socket)
	if got := load(t, l, talk, serverOf(t, emulator, talk)); got.Origin != FromCache {
		t.Errorf("known already, and still %v", got.Origin)
	}
}

// A server whose binary is out of sight is known by its vCPUs' threads; one without vCPUs is asked every time.
func TestRealServerBehindATunnel(t *testing.T) {
	l := Loader{Dir: t.TempDir()}
	for machine, want := range map[string]Origin{"q35": FromCache, "none": FromServer} {
		q := qemutest.Start(t, "-machine", machine)
		talk := qmptalk.Dial(t, q.Socket)
		server := serverOf(t, q, talk)
		server.Binary, server.Package = Binary{}, "a build with a name"
		if got := load(t, l, talk, server); got.Origin != FromServer {
			t.Errorf("%s: first %v", machine, got.Origin)
		}
		if got := load(t, l, talk, server); got.Origin != want {
			t.Errorf("%s: then %v, want %v", machine, got.Origin, want)
		}
	}
}

// BenchmarkAsk is what the cache saves: the server's work, the wire and parsing.
func BenchmarkAsk(b *testing.B) {
	q := qemutest.Start(b)
	talk := qmptalk.Dial(b, q.Socket)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ask(b.Context(), talk, Server{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCached loads the same schema from the cache.
func BenchmarkCached(b *testing.B) {
	q := qemutest.Start(b)
	talk := qmptalk.Dial(b, q.Socket)
	l, server := Loader{Dir: b.TempDir()}, serverOf(b, q, talk)
	if _, err := l.Load(b.Context(), talk, server); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if got, err := l.Load(b.Context(), talk, server); err != nil || got.Origin != FromCache {
			b.Fatal(got.Origin, err)
		}
	}
}

// BenchmarkCachedBehindATunnel includes the two questions that make sure of the process.
func BenchmarkCachedBehindATunnel(b *testing.B) {
	q := qemutest.Start(b, "-machine", "q35")
	talk := qmptalk.Dial(b, q.Socket)
	l, server := Loader{Dir: b.TempDir()}, serverOf(b, q, talk)
	server.Binary, server.Package = Binary{}, "a build with a name"
	if _, err := l.Load(b.Context(), talk, server); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if got, err := l.Load(b.Context(), talk, server); err != nil || got.Origin != FromCache {
			b.Fatal(got.Origin, err)
		}
	}
}
