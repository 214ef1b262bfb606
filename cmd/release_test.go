package cmd

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"slices"
	"testing"
)

// TestTheReleaseSetsWhatTheVersionIsMadeOf: the linker says nothing of a -X whose variable does not exist.
func TestTheReleaseSetsWhatTheVersionIsMadeOf(t *testing.T) {
	release, err := os.ReadFile("../.goreleaser.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var set []string
	for _, match := range regexp.MustCompile(`-X github\.com/qmpsh/qmpsh/cmd\.(\w+)=`).FindAllSubmatch(release, -1) {
		set = append(set, string(match[1]))
	}
	file, err := parser.ParseFile(token.NewFileSet(), "version.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var declared []string
	for _, d := range file.Decls {
		if vars, ok := d.(*ast.GenDecl); ok && vars.Tok == token.VAR {
			for _, spec := range vars.Specs {
				declared = append(declared, spec.(*ast.ValueSpec).Names[0].Name)
			}
		}
	}
	if !slices.Equal(set, declared) {
		t.Errorf("the release sets %v, and the version is made of %v", set, declared)
	}
}
