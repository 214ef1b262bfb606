package load

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/qmpsh/qmpsh/qapi"
)

// A scripted server answers from a table; what is not in it is refused as an unknown command.
type scripted struct {
	answers map[string]string
	asked   []string
}

type refusal struct{ class string }

func (r refusal) Error() string    { return "refused: " + r.class }
func (r refusal) QMPClass() string { return r.class }

func (s *scripted) Call(_ context.Context, name string, _ json.RawMessage) (json.RawMessage, error) {
	s.asked = append(s.asked, name)
	answer, ok := s.answers[name]
	if !ok {
		return nil, fmt.Errorf("%s: %w", name, refusal{"CommandNotFound"})
	}
	if answer == "" {
		return nil, errors.New("the link is gone")
	}
	return json.RawMessage(answer), nil
}

const introspection = `[{"meta-type":"object","name":"0","members":[]},
	{"meta-type":"command","name":"stop","arg-type":"0","ret-type":"0"}]`

func modern() *scripted {
	return &scripted{answers: map[string]string{
		"query-qmp-schema": introspection,
		"query-commands":   `[{"name":"stop"}]`,
		"query-cpus-fast":  `[{"thread-id":4711,"target":"x86_64"}]`,
	}}
}

func load(t *testing.T, l Loader, c Caller, s Server) Loaded {
	t.Helper()
	loaded, err := l.Load(t.Context(), c, s)
	if err != nil {
		t.Fatal(err)
	}
	if loaded.CacheErr != nil {
		t.Error(loaded.CacheErr)
	}
	return loaded
}

// binary makes a file that passes for QEMU's.
func binary(t *testing.T, name, content string) Binary {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o755); err != nil {
		t.Fatal(err)
	}
	return BinaryAt(path)
}

func TestAskedOnceThenCached(t *testing.T) {
	l := Loader{Dir: filepath.Join(t.TempDir(), "not", "there", "yet")}
	server := Server{Version: "7.2.22", Package: "p", Binary: binary(t, "qemu-system-x86_64", "1")}
	c := modern()
	if got := load(t, l, c, server); got.Origin != FromServer || got.Schema.Command("stop") == nil {
		t.Errorf("first: %v", got.Origin)
	}
	got := load(t, l, c, server)
	if got.Origin != FromCache || got.Schema.Command("stop") == nil {
		t.Errorf("second: %v", got.Origin)
	}
	if string(got.Schema.Introspection()) != introspection {
		t.Errorf("the introspection changed in the cache: %s", got.Schema.Introspection())
	}
	if !slices.Equal(c.asked, []string{"query-qmp-schema"}) {
		t.Errorf("asked %q", c.asked)
	}
}

func TestAnotherServerNeverGetsIt(t *testing.T) {
	l := Loader{Dir: t.TempDir()}
	first := Server{Version: "7.2.22", Package: "p", Binary: binary(t, "qemu-system-x86_64", "1")}
	load(t, l, modern(), first)
	newer := first
	newer.Binary.ModTime = newer.Binary.ModTime.Add(time.Nanosecond)
	for name, other := range map[string]Server{
		"version":      {Version: "7.2.23", Package: "p", Binary: first.Binary},
		"package":      {Version: "7.2.22", Package: "q", Binary: first.Binary},
		"architecture": {Version: "7.2.22", Package: "p", Binary: binary(t, "qemu-system-aarch64", "1")},
		"upgrade":      newer,
		"hidden":       {Version: "7.2.22", Package: "p", Address: "tcp:h:1"},
	} {
		if got := load(t, l, modern(), other); got.Origin != FromServer {
			t.Errorf("%s: %v", name, got.Origin)
		}
	}
	if got := load(t, l, modern(), first); got.Origin != FromCache {
		t.Errorf("the first again: %v", got.Origin)
	}
}

func TestHiddenBinary(t *testing.T) {
	server := Server{Version: "7.2.22", Package: "p", Address: "tcp:h:1"}
	for _, c := range []struct {
		name   string
		change func(*scripted, *Server)
		want   Origin
	}{
		{"the same process", func(*scripted, *Server) {}, FromCache},
		{"started again", func(c *scripted, _ *Server) { c.answers["query-cpus-fast"] = `[{"thread-id":9}]` }, FromServer},
		{"other commands", func(c *scripted, _ *Server) { c.answers["query-commands"] = `[{"name":"s"}]` }, FromServer},
		{"no vCPUs", func(c *scripted, _ *Server) { c.answers["query-cpus-fast"] = `[]` }, FromServer},
		{"no such question", func(c *scripted, _ *Server) { delete(c.answers, "query-cpus-fast") }, FromServer},
		{"nonsense", func(c *scripted, _ *Server) { c.answers["query-commands"] = `7` }, FromServer},
		{"elsewhere", func(_ *scripted, s *Server) { s.Address = "tcp:h:2" }, FromServer},
		{"a build without a name", func(_ *scripted, s *Server) { s.Package = "" }, FromServer},
		{"a working tree", func(_ *scripted, s *Server) { s.Package = "v7.2-1-gabc-dirty" }, FromServer},
	} {
		l := Loader{Dir: t.TempDir()}
		caller, again := modern(), server
		load(t, l, caller, server)
		c.change(caller, &again)
		if got := load(t, l, caller, again); got.Origin != c.want {
			t.Errorf("%s: %v, want %v", c.name, got.Origin, c.want)
		}
		if schemas, _ := l.files(); c.name == "started again" && len(schemas) != 1 {
			t.Errorf("%s: %d files, want the one replaced", c.name, len(schemas))
		}
	}
}

func TestDamagedFileIsReplaced(t *testing.T) {
	l := Loader{Dir: t.TempDir()}
	server := Server{Version: "7.2.22", Package: "p", Binary: binary(t, "qemu-system-x86_64", "1")}
	load(t, l, modern(), server)
	schemas, _ := l.files()
	path := filepath.Join(l.Dir, schemas[0].name)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, damage := range map[string][]byte{
		"empty":     nil,
		"cut":       whole[:len(whole)/2],
		"one bit":   append(bytes.Clone(whole[:len(whole)-1]), whole[len(whole)-1]^1),
		"key":       bytes.Replace(whole, []byte("7.2.22"), []byte("7.2.21"), 1),
		"something": []byte("#!/bin/sh\n\n"),
	} {
		if err := os.WriteFile(path, damage, 0o600); err != nil {
			t.Fatal(err)
		}
		if got := load(t, l, modern(), server); got.Origin != FromServer {
			t.Errorf("%s: %v", name, got.Origin)
		}
		if again, err := os.ReadFile(path); err != nil || !bytes.Equal(again, whole) {
			t.Errorf("%s: not replaced: %v", name, err)
		}
	}
}

func TestSeveralAtOnce(t *testing.T) {
	l := Loader{Dir: t.TempDir()}
	server := Server{Version: "7.2.22", Package: "p", Binary: binary(t, "qemu-system-x86_64", "1")}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 20 {
				got, err := l.Load(context.Background(), modern(), server)
				if err != nil || got.CacheErr != nil || got.Schema.Command("stop") == nil {
					t.Errorf("%+v %v", got, err)
				}
			}
		})
	}
	all.Wait()
	entries, err := os.ReadDir(l.Dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("the directory holds %v %v", entries, err)
	}
}

func TestCacheThatCannotBeWritten(t *testing.T) {
	notDir := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(notDir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	server := Server{Version: "7.2.22", Package: "p", Binary: binary(t, "qemu-system-x86_64", "1")}
	got, err := Loader{Dir: notDir}.Load(t.Context(), modern(), server)
	if err != nil || got.Origin != FromServer {
		t.Fatalf("%+v %v", got, err)
	}
	if got.CacheErr == nil || !strings.HasPrefix(got.CacheErr.Error(), "keep the schema: ") {
		t.Errorf("the reason is %v", got.CacheErr)
	}
}

// A server without introspection that is later than 1.1 may have changed what 1.1 had, and cannot say so.
func TestServerBetweenTheEmbeddedAndIntrospection(t *testing.T) {
	c := &scripted{answers: map[string]string{
		"query-commands": `[{"name":"block_resize"},{"name":"transaction"},{"name":"drive-mirror"}]`,
	}}
	for version, judges := range map[string]bool{
		"0.15.1": true, "1.0.50": true, "1.1.2": true, "1.1.50": false, "1.2.0": false, "2.4.1": false, "": false,
	} {
		schema := load(t, Loader{}, c, Server{Version: version}).Schema
		for command, arguments := range map[string]string{
			"block_resize": `{"node-name":"n","size":1}`,
			"transaction":  `{"actions":[{"type":"drive-backup","data":{"device":"d"}}]}`,
		} {
			problems := schema.Check(command, []byte(arguments))
			if len(problems) == 0 || qapi.Fatal(problems) != judges {
				t.Errorf("QEMU %s: %s is judged so: %+v", version, command, problems)
			}
		}
		if problems := schema.Check("drive-mirror", []byte(`{"device":7}`)); len(problems) != 0 {
			t.Errorf("QEMU %s: an unknown command is judged: %+v", version, problems)
		}
		if !qapi.Fatal(schema.Check("block-resize", nil)) {
			t.Errorf("QEMU %s: a command that it has not passes", version)
		}
	}
}

func TestOldServer(t *testing.T) {
	l := Loader{Dir: t.TempDir()}
	server := Server{Version: "1.0.50", Binary: binary(t, "qemu-system-x86_64", "1")}
	c := &scripted{answers: map[string]string{
		"query-commands": `[{"name":"query-status"},{"name":"block-stream"},{"name":"from-elsewhere"}]`,
	}}
	for range 2 {
		got := load(t, l, c, server)
		if got.Origin != FromCompat || len(got.Schema.Commands()) != 3 {
			t.Fatalf("%v with %d commands", got.Origin, len(got.Schema.Commands()))
		}
		if problems := got.Schema.Check("block-stream", []byte(`{"device":7}`)); len(problems) != 1 {
			t.Errorf("a wrong type is not seen: %+v", problems)
		}
		if problems := got.Schema.Check("from-elsewhere", []byte(`{"device":7}`)); len(problems) != 0 {
			t.Errorf("an unknown command is judged: %+v", problems)
		}
		if got.Schema.Event("BLOCK_JOB_COMPLETED") == nil {
			t.Error("the events are missing")
		}
	}
}

func TestGuestAgent(t *testing.T) {
	c := &scripted{answers: map[string]string{
		"guest-info": `{"version":"7.2","supported_commands":[{"name":"guest-ping","enabled":true},{"name":"guest-exec","enabled":false}]}`,
	}}
	got := load(t, Loader{Dir: t.TempDir()}, c, Server{GuestAgent: true})
	if got.Origin != FromAgent || len(got.Schema.Commands()) != 2 || !got.Schema.Command("guest-exec").Open {
		t.Errorf("%v: %+v", got.Origin, got.Schema.Commands())
	}
	known, err := qapi.Parse([]byte(`[{"meta-type":"command","name":"guest-ping"},{"meta-type":"command","name":"guest-new"}]`))
	if err != nil {
		t.Fatal(err)
	}
	got = load(t, Loader{Agent: known}, c, Server{GuestAgent: true})
	if got.Schema.Command("guest-ping").Open || got.Schema.Command("guest-new") != nil {
		t.Errorf("with a source: %+v", got.Schema.Commands())
	}
}

func TestFailures(t *testing.T) {
	server := Server{Version: "7.2.22", Binary: binary(t, "qemu-system-x86_64", "1")}
	for want, c := range map[string]*scripted{
		"ask what the server can do: the link is gone":         {answers: map[string]string{"query-qmp-schema": ""}},
		"read the schema: json":                                {answers: map[string]string{"query-qmp-schema": "7"}},
		"ask what the server can do: query-commands: refused":  {},
		"ask what the server can do: query-commands: json":     {answers: map[string]string{"query-commands": "7"}},
		"ask what the guest agent can do: guest-info: refused": {},
	} {
		server.GuestAgent = strings.Contains(want, "agent")
		if _, err := (Loader{}).Load(t.Context(), c, server); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v, want %s…", err, want)
		}
	}
}

func TestBinaryAt(t *testing.T) {
	if b := binary(t, "qemu-storage-daemon", "123"); b.Size != 3 || b.ModTime.IsZero() {
		t.Errorf("%+v", b)
	}
	for _, b := range []Binary{binary(t, "systemd", "1"), BinaryAt(t.TempDir() + "/qemu-gone"), BinaryAt("")} {
		if b != (Binary{}) {
			t.Errorf("%+v is taken for a QEMU", b)
		}
	}
}

func TestRecent(t *testing.T) {
	l := Loader{Dir: t.TempDir()}
	if _, _, err := l.Recent(); err == nil {
		t.Error("an empty cache has a schema")
	}
	old := Server{Version: "5.2.0", Package: "p", Binary: binary(t, "qemu-system-x86_64", "1")}
	load(t, l, modern(), old)
	load(t, l, modern(), Server{Version: "7.2.22", Package: `D "1"`, Address: "tcp:h:1"})
	schemas, _ := l.files()
	past := time.Now().Add(-time.Hour)
	for _, file := range schemas {
		if err := os.Chtimes(filepath.Join(l.Dir, file.name), past, past); err != nil {
			t.Fatal(err)
		}
	}
	if got := load(t, l, modern(), old); got.Origin != FromCache {
		t.Fatal(got.Origin)
	}
	s, whose, err := l.Recent()
	if err != nil || s.Command("stop") == nil || whose != "QEMU 5.2.0 (p), "+old.Binary.Path {
		t.Errorf("%q %v", whose, err)
	}
	if err := os.WriteFile(filepath.Join(l.Dir, "0"+extension), []byte("damaged"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(l.Dir, keyOf(t.Context(), modern(), old).file)); err != nil {
		t.Fatal(err)
	}
	if _, whose, err := l.Recent(); err != nil || whose != `QEMU 7.2.22 (D "1"), tcp:h:1` {
		t.Errorf("%q %v", whose, err)
	}
}

func TestPrune(t *testing.T) {
	l := Loader{Dir: t.TempDir()}
	past := time.Now().Add(-2 * unfinishedMost)
	for i := range filesMost + 5 {
		path := filepath.Join(l.Dir, fmt.Sprint(i, extension))
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, past, past.Add(time.Duration(i)*time.Second)); err != nil {
			t.Fatal(err)
		}
	}
	for name, age := range map[string]time.Time{"1": past, "2": time.Now()} {
		path := filepath.Join(l.Dir, unfinished+name)
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, age, age); err != nil {
			t.Fatal(err)
		}
	}
	load(t, l, modern(), Server{Version: "7.2.22", Binary: binary(t, "qemu-system-x86_64", "1")})
	schemas, leftovers := l.files()
	if len(schemas) != filesMost || len(leftovers) != 0 {
		t.Errorf("%d schemas, %d left over", len(schemas), len(leftovers))
	}
	if _, err := os.Stat(filepath.Join(l.Dir, unfinished+"2")); err != nil {
		t.Error("a file that is being written was removed")
	}
	if _, err := os.Stat(filepath.Join(l.Dir, "0"+extension)); err == nil {
		t.Error("the oldest file is still there")
	}
}

func TestDirIsTheUsers(t *testing.T) {
	want, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	if dir, err := Dir(); err != nil || dir != filepath.Join(want, "qmpsh") {
		t.Errorf("%q %v", dir, err)
	}
	t.Setenv("HOME", "")
	t.Setenv("XDG_CACHE_HOME", "")
	t.Setenv("LocalAppData", "")
	if dir, err := Dir(); err == nil {
		t.Errorf("without a home the cache is in %q", dir)
	}
}

// oneDoc knows one name.
type oneDoc struct{}

func (oneDoc) Doc(string) (qapi.Doc, bool) {
	return qapi.Doc{Types: map[string]string{"mode": "PauseMode"}}, true
}

func (oneDoc) TypeDoc(string) (qapi.Doc, bool) {
	return qapi.Doc{Members: map[string]string{"soft": "", "hard": ""}}, true
}

func TestNamesFromTheDocsAreCached(t *testing.T) {
	c := &scripted{answers: map[string]string{"query-qmp-schema": `[
		{"meta-type":"enum","name":"7","values":["soft","hard"]},
		{"meta-type":"object","name":"0","members":[{"name":"mode","type":"7"}]},
		{"meta-type":"command","name":"stop","arg-type":"0"}]`}}
	l := Loader{Dir: t.TempDir(), Docs: func(*qapi.Schema) qapi.Docs { return oneDoc{} }}
	server := Server{Version: "7.2.22", Binary: binary(t, "qemu-system-x86_64", "1")}
	for _, origin := range []Origin{FromServer, FromCache} {
		got := load(t, l, c, server)
		if name := got.Schema.Command("stop").Args.Member("mode").Type.Describe(); name != "PauseMode" || got.Origin != origin {
			t.Errorf("%v: the mode is %s", got.Origin, name)
		}
	}
}

func TestOriginsAreToldApart(t *testing.T) {
	seen := map[string]bool{}
	for o := FromServer; o <= FromAgent; o++ {
		if text := o.String(); seen[text] || text == Origin(0).String() {
			t.Errorf("%d is called %q, like another", o, text)
		} else {
			seen[text] = true
		}
	}
}
