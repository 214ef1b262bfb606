package render

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func FuzzReturn(f *testing.F) {
	for command, reply := range replies(f) {
		if len(reply) < 4000 {
			f.Add(reply, command, 60)
		}
	}
	f.Add([]byte(`[{"a":{"b":[[1],{"c":[]}]}},{"`+strings.Repeat("x", 90)+`":null}]`), "", 20)
	f.Add([]byte("[{\"日本\":\"\\ud800\\u001b[31m\xff\"},3]"), "query-block", 33)
	f.Fuzz(func(t *testing.T, raw []byte, command string, width int) {
		width = 20 + (width%200+200)%200
		theme := NewTheme(ANSI16, false)
		for format := range Format(len(Formats())) {
			var out strings.Builder
			p := Printer{Format: format, Terminal: true, Width: width, Command: command, Theme: theme}
			err := p.Return(&out, json.RawMessage(raw))
			if !json.Valid(raw) {
				continue
			}
			if err != nil {
				t.Fatalf("%v of %q: %v", format, raw, err)
			}
			text := stripped(out.String())
			if CleanText(text) != text {
				t.Fatalf("%v of %q lets through %q", format, raw, text)
			}
			if v, err := parse(raw); err != nil || format == Tree || format == Table || format == Auto && unwrapped(v).Kind != stringKind {
				fits(t, text, width)
			}
		}
	})
}

func fits(t *testing.T, text string, width int) {
	t.Helper()
	for line := range strings.SplitSeq(text, "\n") {
		if Width(line) > width {
			t.Fatalf("%d cells in a width of %d: %q", Width(line), width, line)
		}
	}
}

func FuzzEvent(f *testing.F) {
	f.Add("BLOCK_JOB_READY", []byte(`{"device":"d","len":1,"offset":2,"type":"mirror"}`))
	f.Add("VNC_CONNECTED", []byte(`{"client":{"host":"::1","service":"1"},"server":[]}`))
	f.Add("DUMP_COMPLETED", []byte(`{"result":{"total":1e400},"error":"\u001b]0;x\u0007"}`))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		line := stripped(Printer{Terminal: true, Width: 70, Theme: NewTheme(ANSI16, false)}.Event(name, data, time.Time{}))
		if Clean(line) != line {
			t.Fatalf("%q", line)
		}
		fits(t, line, 70)
	})
}
