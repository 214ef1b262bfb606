// Package compat is what QEMU 1.1 offers, for servers that are too old to say it themselves (before 2.5). It answers for
// commands, events and types. It refuses to know later versions.
package compat

import (
	"bytes"
	"compress/gzip"
	_ "embed" // for the data
	"fmt"
	"io"

	"github.com/qmpsh/qmpsh/qapi"
)

//go:generate go run ./gen

// data is the table in introspection form, made by go generate.
//
//go:embed qemu-1.1.json.gz
var data []byte

// Schema returns what QEMU 1.1 offers. Of the commands that were renamed in spring 2012 it has both names; a server has
// one of them, see qapi.Schema.Restrict.
func Schema() (*qapi.Schema, error) {
	text, err := introspection()
	if err != nil {
		return nil, err
	}
	s, err := qapi.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("embedded schema: %w", err)
	}
	return s, nil
}

func introspection() ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("embedded schema: %w", err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("embedded schema: %w", err)
	}
	return text, nil
}
