package render

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "write what was printed into the golden files")

// TestReturnScreens prints replies of real servers. A file of testdata/return holds the reply to the command that it is
// named after (up to a dot), and under "FORMAT WIDTH" what a terminal of that width, or "FORMAT pipe" what a pipe, gets.
func TestReturnScreens(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "return", "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	for _, file := range files {
		command, _, _ := strings.Cut(filepath.Base(file), ".")
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { checkScreens(t, file, command) })
	}
}

func checkScreens(t *testing.T, file, command string) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var reply json.RawMessage
	for i, section := range archive.Files {
		if section.Name == "reply" {
			reply = section.Data
			continue
		}
		var out bytes.Buffer
		if err := printerFor(t, section.Name, command).Return(&out, reply); err != nil {
			t.Fatalf("%s: %v", section.Name, err)
		}
		if *update {
			archive.Files[i].Data = out.Bytes()
		} else if got := out.String(); got != string(section.Data) {
			t.Errorf("%s:\n%s\nwant:\n%s", section.Name, got, section.Data)
		}
	}
	if *update {
		if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// printerFor makes the printer that a section's name tells: "auto 80", "json pipe".
func printerFor(t *testing.T, name, command string) Printer {
	t.Helper()
	word, rest, _ := strings.Cut(name, " ")
	format, err := ParseFormat(word)
	if err != nil {
		t.Fatal(err)
	}
	p := Printer{Format: format, Command: command}
	if rest != "pipe" {
		p.Terminal = true
		if _, err := fmt.Sscan(rest, &p.Width); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	return p
}

// replies are the replies of the golden files, by command.
func replies(tb testing.TB) map[string][]byte {
	tb.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "return", "*.txtar"))
	if err != nil {
		tb.Fatal(err)
	}
	all := map[string][]byte{}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			tb.Fatal(err)
		}
		command, _, _ := strings.Cut(filepath.Base(file), ".")
		for _, section := range archive.Files {
			if section.Name == "reply" {
				all[command] = bytes.TrimSpace(section.Data)
			}
		}
	}
	return all
}

func TestNoLineExceedsTheWidth(t *testing.T) {
	for command, reply := range replies(t) {
		if command == "human-monitor-command" {
			continue // text of the server's own making is left as it is
		}
		for _, format := range []Format{Auto, Table, Tree} {
			if command == "x-query-ramblock" && format == Auto {
				continue // so is this one
			}
			for width := 20; width <= 200; width += 7 {
				var out strings.Builder
				p := Printer{Format: format, Terminal: true, Width: width, Command: command, Theme: NewTheme(ANSI256, false)}
				if err := p.Return(&out, reply); err != nil {
					t.Fatal(err)
				}
				for line := range strings.SplitSeq(out.String(), "\n") {
					if Width(line) > width {
						t.Errorf("%s as %v in %d cells: a line of %d: %q", command, format, width, Width(line), line)
					}
				}
			}
		}
	}
}

func TestJSONInAPipeIsTheServersOwnBytes(t *testing.T) {
	for _, reply := range []string{
		`{"a": 1.50, "b":[ 1e400,18446744073709551615 ],"c":"\u001b[31m/\/é` + "\xff" + `"}`, `[]`, `"x"`, `null`,
	} {
		for _, p := range []Printer{{}, {Format: JSON}} {
			var out strings.Builder
			if err := p.Return(&out, json.RawMessage(reply)); err != nil {
				t.Fatal(err)
			}
			if out.String() != reply+"\n" {
				t.Errorf("%q became %q", reply, out.String())
			}
		}
	}
}

func TestJSONOfAPrettyServerIsOneLine(t *testing.T) {
	var out strings.Builder
	if err := (Printer{}).Return(&out, json.RawMessage("{\r\n    \"a\": 1e400,\r\n    \"b\": \"x  y\"\r\n}")); err != nil {
		t.Fatal(err)
	}
	if want := "{\"a\":1e400,\"b\":\"x  y\"}\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}

func TestNothingATerminalActsOnPasses(t *testing.T) {
	const hostile = "\x1b[2J\x1b]0;x\a\u009b31m\u202ex\xff\r\n"
	list := []any{
		map[string]any{"label": hostile, "n" + hostile: 1, "nested": map[string]any{"deep": []string{hostile}}},
		map[string]any{"label": hostile + "2", "nested": []any{hostile, map[string]any{hostile: hostile}}},
	}
	encoded, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	raws := []json.RawMessage{encoded, json.RawMessage(`{"k` + "\u009b\xff" + `": "` + "\u009b31m\u202e\xff" + `"}`), json.RawMessage(`"\u001b[31mx\u009b"`)}
	for _, raw := range raws {
		for format := range Format(len(Formats())) {
			for _, rawStrings := range []bool{false, true} {
				for _, command := range []string{"", "query-chardev"} {
					var out strings.Builder
					p := Printer{Format: format, Terminal: true, Width: 70, Raw: rawStrings, Command: command}
					if err := p.Return(&out, raw); err != nil {
						t.Fatal(err)
					}
					if text := out.String(); CleanText(text) != text {
						t.Errorf("%v lets through %q", format, text)
					}
				}
			}
		}
	}
}

func TestNestingWithoutEndIsNoFloodOfBlanks(t *testing.T) {
	const deep = 5000
	raw := json.RawMessage(strings.Repeat(`{"a":[`, deep) + "1" + strings.Repeat("]}", deep))
	for format := range Format(len(Formats())) {
		for _, terminal := range []bool{false, true} {
			var out strings.Builder
			if err := (Printer{Format: format, Terminal: terminal, Width: 80}).Return(&out, raw); err != nil {
				t.Fatal(err)
			}
			if out.Len() > 5<<20 {
				t.Errorf("%v, terminal %v: %d bytes out of %d", format, terminal, out.Len(), len(raw))
			}
		}
	}
}

func TestRawStrings(t *testing.T) {
	cases := []struct {
		format   Format
		raw, out string
	}{
		{JSON, `"a\nb"`, "a\nb\n"},
		{Auto, `"drive0"`, "drive0\n"},
		{JSONL, `["a", {"b": 1}]`, "a\n{\"b\": 1}\n"},
		{JSON, `{"a": "b"}`, "{\"a\": \"b\"}\n"},
	}
	for _, c := range cases {
		var out strings.Builder
		if err := (Printer{Format: c.format, Raw: true}).Return(&out, json.RawMessage(c.raw)); err != nil {
			t.Fatal(err)
		}
		if out.String() != c.out {
			t.Errorf("%s as %v is %q, want %q", c.raw, c.format, out.String(), c.out)
		}
	}
}

func TestWhatIsNoJSONIsAnError(t *testing.T) {
	for _, format := range []Format{JSONL, YAML, Table, Tree} {
		if err := (Printer{Format: format}).Return(&strings.Builder{}, json.RawMessage("{")); err == nil {
			t.Errorf("%v prints half an object", format)
		}
	}
}

func BenchmarkReturn(b *testing.B) {
	all := replies(b)
	for _, command := range []string{"query-status", "query-named-block-nodes", "query-machines"} {
		for _, p := range []Printer{{}, {Terminal: true, Width: 100, Command: command, Theme: NewTheme(TrueColor, false)}, {Format: YAML}} {
			name := p.Format.String()
			if p.Terminal {
				name += "-terminal"
			}
			b.Run(command+"/"+name, func(b *testing.B) {
				b.SetBytes(int64(len(all[command])))
				b.ReportAllocs()
				for b.Loop() {
					if err := p.Return(&bytes.Buffer{}, all[command]); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
