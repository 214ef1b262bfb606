package cmd

import (
	"testing"

	"github.com/qmpsh/qmpsh/qmpconn"
)

// A guest agent sends no greeting: it is not of version 0.0.0, which no manual would fit.
func TestVersionOfAGreeting(t *testing.T) {
	if got := versionOf(qmpconn.Greeting{}); got != "" {
		t.Errorf("without a greeting: %q", got)
	}
	if got := versionOf(qmpconn.Greeting{Version: qmpconn.Version{Major: 11, Minor: 1, Micro: 3}}); got != "11.1.3" {
		t.Errorf("got %q", got)
	}
}
