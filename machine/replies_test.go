package machine

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// replies are what one machine answered, by command, and "events", what it emitted before.
type replies map[string]json.RawMessage

// recorded reads the replies of the machines in a file of testdata, by the machine's name.
func recorded(tb testing.TB, file string) map[string]replies {
	tb.Helper()
	f, err := os.Open(filepath.Join("testdata", file))
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(file, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			tb.Fatal(err)
		}
	}
	var machines map[string]replies
	if err := json.NewDecoder(r).Decode(&machines); err != nil {
		tb.Fatal(err)
	}
	return machines
}

// refusal is an error reply.
type refusal struct{ Class, Desc string }

func (r *refusal) Error() string    { return r.Desc }
func (r *refusal) QMPClass() string { return r.Class }

// answer is what the machine says to a command: a return value, or a refusal.
func (r replies) answer(command string) (json.RawMessage, error) {
	raw, ok := r[command]
	if !ok {
		return nil, &refusal{"CommandNotFound", "The command " + command + " has not been found"}
	}
	var e struct{ ERROR *refusal }
	if json.Unmarshal(raw, &e) == nil && e.ERROR != nil {
		return nil, e.ERROR
	}
	return raw, nil
}
