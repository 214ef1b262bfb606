package qapi

import (
	"testing"

	"github.com/qmpsh/qmpsh/internal/saved"
)

// fewDocs are the documents of a few commands and types, with the lies that those of another version tell.
type fewDocs map[string]Doc

func (d fewDocs) Doc(name string) (Doc, bool)     { doc, ok := d[name]; return doc, ok }
func (d fewDocs) TypeDoc(name string) (Doc, bool) { doc, ok := d[name]; return doc, ok }

func TestResolveNames(t *testing.T) {
	members := func(names ...string) map[string]string {
		m := map[string]string{}
		for _, name := range names {
			m[name] = "prose"
		}
		return m
	}
	docs := fewDocs{
		"blockdev-add": {Branches: map[string]string{"qcow2": "BlockdevOptionsQcow2", "raw": "BlockdevOptionsQcow2"},
			Types: map[string]string{"discard": "BlockdevDiscardOptions", "node-name": "str", "cache": "Nowhere"}},
		"BlockdevDiscardOptions": {Members: members("ignore", "unmap", "drop")},
		"BlockdevOptionsQcow2": {Members: members("lazy-refcounts", "pass-discard-request", "overlap-check", "file",
			"backing", "encrypt", "data-file", "l2-cache-size"), Types: map[string]string{"file": "BlockdevRef"}},
		"BlockdevRef":       {Types: map[string]string{"definition": "BlockdevOptions", "reference": "str"}},
		"BlockdevOptions":   {Members: members("driver", "discard", "cache", "read-only", "detect-zeroes")},
		"drive-mirror":      {Types: map[string]string{"sync": "BlockdevDiscardOptions", "mode": "NewImageMode"}},
		"NewImageMode":      {Members: members("one", "two")},
		"JOB_STATUS_CHANGE": {Types: map[string]string{"status": "JobStatus"}},
		"JobStatus":         {Members: members("created", "running", "paused", "ready", "concluded", "null")},
	}
	s := saved.Schema(t, "7.2", Parse)
	s.ResolveNames(docs)
	add := s.Command("blockdev-add").Args
	qcow2 := add.Variant("qcow2")
	mirror := s.Command("drive-mirror").Args
	for _, c := range []struct {
		what string
		of   Type
		want string
	}{
		{"an enum", add.Member("discard").Type, "BlockdevDiscardOptions"},
		{"a scalar", add.Member("node-name").Type, "str"},
		{"a type nobody wrote about", add.Member("cache").Type, ""},
		{"a branch", qcow2, "BlockdevOptionsQcow2"},
		{"another branch of the same name", add.Variant("raw"), ""},
		{"an alternate", qcow2.Member("file").Type, "BlockdevRef"},
		{"a choice of an alternate", add, "BlockdevOptions"},
		{"a name that is taken, for other values", mirror.Member("sync").Type, ""},
		{"other values", mirror.Member("mode").Type, ""},
		{"of an event", s.Event("JOB_STATUS_CHANGE").Data.Member("status").Type, "JobStatus"},
	} {
		if got := c.of.TypeName(); got != c.want {
			t.Errorf("%s is named %q, want %q", c.what, got, c.want)
		}
	}
	if again := s.ResolveNames(docs); again != 0 {
		t.Errorf("a second time, %d types got names", again)
	}
	restored, err := ParseCompact(s.AppendCompact(nil))
	if err != nil {
		t.Fatal(err)
	}
	if got := restored.Command("blockdev-add").Args.TypeName(); got != "BlockdevOptions" {
		t.Errorf("out of the compact form blockdev-add takes %q", got)
	}
}
