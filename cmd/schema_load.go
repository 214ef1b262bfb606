package cmd

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/qmpsh/qmpsh/qapi"
	"github.com/qmpsh/qmpsh/qapi/docs"
	"github.com/qmpsh/qmpsh/qapi/load"
	"github.com/qmpsh/qmpsh/qapi/source"
	"github.com/qmpsh/qmpsh/qmpconn"
)

// A caller asks a server by the name of a command, as qapi/load and syntax want it.
type caller func(ctx context.Context, cmd qmpconn.Command) (json.RawMessage, error)

// Call implements load.Caller and syntax.Caller.
func (c caller) Call(ctx context.Context, name string, arguments json.RawMessage) (json.RawMessage, error) {
	return c(ctx, qmpconn.Command{Name: name, Arguments: arguments})
}

// loadSchema returns what the server of this connection can do.
func (c *client) loadSchema(ctx context.Context) (*qapi.Schema, error) {
	schema, _, err := c.app.serverSchema(ctx, c.conn, c.address, caller(c.conn.Execute))
	return schema, err
}

// serverSchema returns what the server behind a connection can do: from the file that the user named, from the cache, or
// by asking. The origin says which, for a person.
func (a *app) serverSchema(ctx context.Context, conn *qmpconn.Conn, address string, ask load.Caller) (schema *qapi.Schema, origin string, err error) {
	if path := a.schemaPath(); path != "" {
		named, err := a.namedSchema(path)
		return named.schema, path, err
	}
	greeting := conn.Greeting()
	loaded, err := a.loader(ctx).Load(ctx, ask, load.Server{
		Version:    greeting.Version.String(),
		Package:    greeting.Package,
		GuestAgent: a.opts.guestAgent,
		Address:    address,
		Binary:     load.BinaryAt(conn.PeerExecutable()),
	})
	return loaded.Schema, loaded.Origin.String(), err
}

// namedDocs is the documentation of the QAPI source that the user named, nil without one.
func (a *app) namedDocs() qapi.Docs {
	path := a.schemaPath()
	if path == "" {
		return nil
	}
	named, err := a.namedSchema(path)
	if err != nil {
		return nil
	}
	return named.docs
}

// loader keeps schemas under the user's cache directory; where there is none, it keeps none.
func (a *app) loader(ctx context.Context) load.Loader {
	dir, err := load.Dir()
	if err != nil {
		return load.Loader{}
	}
	return load.Loader{Dir: dir, Docs: func(s *qapi.Schema) qapi.Docs { return a.documentation(ctx, s, "", nil) }}
}

// schemaPath is the file that the user named, or "".
func (a *app) schemaPath() string {
	if a.opts.schemaFile != "" {
		return a.opts.schemaFile
	}
	return a.getenv("QMPSH_SCHEMA")
}

// A namedSchema is the schema of a file, with the documentation that a QAPI source holds.
type namedSchema struct {
	schema *qapi.Schema
	docs   qapi.Docs // nil for introspection, which holds none
}

// namedSchema reads a file that is a QAPI source or the introspection of a server.
func (a *app) namedSchema(path string) (namedSchema, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return namedSchema{}, &usageError{fmt.Errorf("the schema's file: %w", err)}
	}
	if introspected := introspection(text); introspected != nil {
		schema, err := qapi.Parse(introspected)
		if err != nil {
			return namedSchema{}, &usageError{fmt.Errorf("%s: %w", path, err)}
		}
		return namedSchema{schema: schema}, nil
	}
	src, err := source.Load(path)
	if err != nil {
		return namedSchema{}, &usageError{errors.New(strings.TrimSpace(source.Excerpts(err)))}
	}
	if a.opts.verbose {
		for _, warning := range src.Warnings {
			fmt.Fprintln(a.stderr, "warning:", warning)
		}
	}
	schema := src.Schema()
	if len(schema.Commands())+len(schema.Events()) == 0 {
		return namedSchema{}, &usageError{fmt.Errorf("the schema's file: %s has no command and no event", path)}
	}
	return namedSchema{schema: schema, docs: src.Docs()}, nil
}

// introspection returns the list of entities in a file that query-qmp-schema made, with or without the reply around it;
// nil when it is none.
func introspection(text []byte) []byte {
	var entities []json.RawMessage
	if json.Unmarshal(text, &entities) == nil {
		return text
	}
	var reply struct{ Return json.RawMessage }
	if json.Unmarshal(text, &reply) == nil {
		return reply.Return
	}
	return nil
}

// versionOf is the version that a greeting tells, "" where there was none: a guest agent sends none.
func versionOf(greeting qmpconn.Greeting) string {
	if greeting.Version == (qmpconn.Version{}) {
		return ""
	}
	return greeting.Version.String()
}

// documentation is what is written about the commands of a schema. The context ends looking for it.
func (a *app) documentation(ctx context.Context, schema *qapi.Schema, version string, named qapi.Docs) *docs.Docs {
	dir, err := load.Dir()
	if err != nil {
		dir = ""
	}
	return docs.New(ctx, docs.Options{
		User: named, Kind: docs.KindOf(schema), Version: version, ManPath: a.getenv("MANPATH"), CacheDir: dir, Schema: schema,
	})
}
