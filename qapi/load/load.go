// Package load finds out what a server can do. It is the one place where the sources of a schema meet: the cache under
// the user's cache directory, the server's own introspection, the embedded description of QEMU 1.1 for a server without
// any, and the command list of a guest agent. It asks only what reads, and refuses to give the schema of one server for
// that of another: what it cannot be sure of it asks again.
package load

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/qmpsh/qmpsh/qapi"
	"github.com/qmpsh/qmpsh/qapi/compat"
)

// A Caller asks the server. A refusal by the server is an error with a method QMPClass that returns its class.
type Caller interface {
	Call(ctx context.Context, name string, arguments json.RawMessage) (json.RawMessage, error)
}

// A Server is what is known of the peer before it is asked.
type Server struct {
	Version    string // of the greeting, "7.2.22"
	Package    string // of the greeting, "Debian 1:7.2+dfsg-7"
	GuestAgent bool   // the peer is a guest agent, which has no greeting and no introspection
	Address    string // where it is, as the user has it
	Binary     Binary // the program behind a local socket; zero when unknown
}

// A Binary is an executable file on this host.
type Binary struct {
	Path    string
	Size    int64
	ModTime time.Time
}

// An Origin says where a schema came from.
type Origin int

// The origins of schemas.
const (
	FromServer Origin = iota + 1 // the server's introspection
	FromCache                    // the same, asked for earlier
	FromCompat                   // the embedded description of QEMU 1.1, and the server's command list
	FromAgent                    // the guest agent's command list
)

// String says where the schema came from, for a person.
func (o Origin) String() string {
	switch o {
	case FromServer:
		return "asked of the server"
	case FromCache:
		return "cached"
	case FromCompat:
		return "QEMU 1.1, as far as the server lists its commands"
	case FromAgent:
		return "the guest agent's list of commands"
	}
	return "unknown"
}

// A Loader loads schemas. Its zero value works without a cache.
type Loader struct {
	Dir   string       // the directory of the cache, see Dir; "" for none
	Agent *qapi.Schema // what is known of the guest agent's commands, from a source; may be nil
	// Docs returns what is written about a schema that was just asked for, so that masked types get their names before
	// it is kept; may be nil.
	Docs func(*qapi.Schema) qapi.Docs
}

// A Loaded is a schema and how it was come by.
type Loaded struct {
	Schema   *qapi.Schema
	Origin   Origin
	CacheErr error // why the schema could not be kept for the next time; no reason to stop
}

// Load returns what the server can do: from the cache, where it is certain that it is this server's, or by asking.
func (l Loader) Load(ctx context.Context, c Caller, s Server) (Loaded, error) {
	if s.GuestAgent {
		return l.agent(ctx, c)
	}
	key := keyOf(ctx, c, s)
	if schema := l.read(key); schema != nil {
		return Loaded{Schema: schema, Origin: FromCache}, nil
	}
	loaded, err := ask(ctx, c, s)
	if err != nil {
		return Loaded{}, err
	}
	if loaded.Origin == FromServer && l.Docs != nil {
		loaded.Schema.ResolveNames(l.Docs(loaded.Schema))
	}
	if loaded.Origin == FromServer { // what is embedded may be better in the next qmpsh
		loaded.CacheErr = l.write(key, loaded.Schema)
	}
	return loaded, nil
}

// ask asks the server for its introspection, or for its list of commands when it has none (before 2.5).
func ask(ctx context.Context, c Caller, s Server) (Loaded, error) {
	text, err := c.Call(ctx, "query-qmp-schema", nil)
	if notFound(err) {
		return askOld(ctx, c, s.Version)
	}
	if err != nil {
		return Loaded{}, fmt.Errorf("ask what the server can do: %w", err)
	}
	schema, err := qapi.Parse(text)
	if err != nil {
		return Loaded{}, err
	}
	return Loaded{Schema: schema, Origin: FromServer}, nil
}

// notFound reports whether the server refused because it has no such command.
func notFound(err error) bool {
	var refused interface{ QMPClass() string }
	return errors.As(err, &refused) && refused.QMPClass() == "CommandNotFound"
}

func askOld(ctx context.Context, c Caller, version string) (Loaded, error) {
	names, _, err := commandNames(ctx, c)
	if err != nil {
		return Loaded{}, fmt.Errorf("ask what the server can do: %w", err)
	}
	all, err := compat.Schema()
	if err != nil {
		return Loaded{}, err
	}
	if !described(version) {
		all = all.AsOf("QEMU 1.1")
	}
	return Loaded{Schema: all.Restrict(names), Origin: FromCompat}, nil
}

// described reports whether the embedded description is of this version: of 1.1, or of the months of development before.
// From micro 50 on a version is one of development, of what the next number of the minor will be.
func described(version string) bool {
	var major, minor, micro int
	_, err := fmt.Sscanf(version, "%d.%d.%d", &major, &minor, &micro)
	return err == nil && (major == 0 || major == 1 && (minor == 0 || minor == 1 && micro < 50))
}

// commandNames returns what query-commands lists, and the reply as it came.
func commandNames(ctx context.Context, c Caller) ([]string, json.RawMessage, error) {
	reply, err := c.Call(ctx, "query-commands", nil)
	if err != nil {
		return nil, nil, err
	}
	var commands []struct{ Name string }
	if err := json.Unmarshal(reply, &commands); err != nil {
		return nil, nil, fmt.Errorf("query-commands: %w", err)
	}
	var names []string
	for _, command := range commands {
		names = append(names, command.Name)
	}
	return names, reply, nil
}

// agent asks a guest agent for its commands. Those that are disabled are there too: the agent says why it refuses them.
// It is asked every time, because it is one short question and nothing identifies an agent.
func (l Loader) agent(ctx context.Context, c Caller) (Loaded, error) {
	reply, err := c.Call(ctx, "guest-info", nil)
	if err != nil {
		return Loaded{}, fmt.Errorf("ask what the guest agent can do: %w", err)
	}
	var info struct {
		Commands []struct{ Name string } `json:"supported_commands"`
	}
	if err := json.Unmarshal(reply, &info); err != nil {
		return Loaded{}, fmt.Errorf("ask what the guest agent can do: guest-info: %w", err)
	}
	var names []string
	for _, command := range info.Commands {
		names = append(names, command.Name)
	}
	known := l.Agent
	if known == nil {
		known = qapi.NewSchema(nil, nil)
	}
	return Loaded{Schema: known.Restrict(names), Origin: FromAgent}, nil
}
