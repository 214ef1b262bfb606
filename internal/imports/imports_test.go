// Package imports holds the one test that keeps the architecture: which package may import which.
package imports

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/qmpsh/qmpsh/"

// allowed is the table of docs/architecture.md. A package covers the packages below it, which may always import
// their own tree.
var allowed = map[string][]string{
	"qmpconn":    {},
	"qapi":       {},
	"machine":    {},
	"syntax":     {"qapi"},
	"completion": {"syntax", "qapi"},
	"render":     {"qapi", "machine"},
	"demo":       {"qapi"},
	"shell":      {"syntax", "completion", "render", "machine", "qapi", "qmpconn"},
	"tui":        {"syntax", "completion", "render", "machine", "qapi", "qmpconn"},
	"cmd":        {"shell", "tui", "syntax", "completion", "render", "machine", "qapi", "qmpconn", "demo"},
	"bench":      {},
	"internal":   {},
}

// home names the packages that alone may import a third-party module, so that it can be replaced there.
// Modules that only tests import are not listed: tests may use any.
var home = map[string][]string{
	"github.com/spf13/cobra":                {"cmd"},
	"github.com/spf13/pflag":                {"cmd"},
	"github.com/chzyer/readline":            {"shell"},
	"charm.land/bubbletea/v2":               {"tui"},
	"charm.land/bubbles/v2":                 {"tui"},
	"charm.land/lipgloss/v2":                {"tui", "render"},
	"github.com/itchyny/gojq":               {"render"},
	"go.yaml.in/yaml/v3":                    {"render"},
	"github.com/charmbracelet/x/ansi":       {"render", "tui", "shell"},
	"github.com/charmbracelet/colorprofile": {"tui"},
	"github.com/rivo/uniseg":                {"shell", "render"},
	"golang.org/x/term":                     {"cmd", "shell"},
	"golang.org/x/sys":                      {"qmpconn", "shell", "cmd", "qapi"},
}

func TestImportsFollowTheArchitecture(t *testing.T) {
	root := filepath.Join("..", "..")
	seen := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != root && strings.HasPrefix(d.Name(), ".") {
			return filepath.SkipDir
		}
		if d.IsDir() || filepath.Ext(path) != ".go" {
			return nil
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		seen++
		checkFile(t, path, filepath.ToSlash(rel))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 3 {
		t.Fatalf("walked %d Go files: the walk is broken", seen)
	}
}

func checkFile(t *testing.T, path, rel string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	from, _, _ := strings.Cut(rel, "/")
	test := strings.HasSuffix(rel, "_test.go")
	for _, spec := range file.Imports {
		target, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		if own, ours := strings.CutPrefix(target, module); ours {
			if !mayImport(rel, from, own, test) {
				t.Errorf("%s imports %s: docs/architecture.md has no such edge", rel, own)
			}
		} else if !test && !mayUse(from, target) {
			t.Errorf("%s imports %s: that library has another home, or none; see the table in this test", rel, target)
		}
	}
}

// mayImport reports whether the file rel in the top-level package from may import our package own.
func mayImport(rel, from, own string, test bool) bool {
	to, _, _ := strings.Cut(own, "/")
	if own == "cmd" {
		return strings.HasPrefix(rel, "cmd/qmpsh/")
	}
	if to == from {
		return true
	}
	if test && (to == "internal" || own == "qmpconn/qmptest" || to == "demo") {
		return true
	}
	return slices.Contains(allowed[from], to)
}

// mayUse reports whether the top-level package from may import the third-party path target.
func mayUse(from, target string) bool {
	first, _, _ := strings.Cut(target, "/")
	if !strings.Contains(first, ".") || from == "internal" {
		return true
	}
	for mod, homes := range home {
		if target == mod || strings.HasPrefix(target, mod+"/") {
			return slices.Contains(homes, from)
		}
	}
	return false
}
