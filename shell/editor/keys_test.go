package editor

import (
	"slices"
	"strings"
	"testing"
)

func decode(text string) []key {
	var d decoder
	d.feed([]byte(text))
	return drain(&d, true)
}

func drain(d *decoder, force bool) []key {
	var keys []key
	for {
		k := d.next(force)
		if k.code == keyNone {
			return keys
		}
		keys = append(keys, k)
	}
}

func TestDecoder(t *testing.T) {
	long := strings.Repeat("word ", 5)
	for name, c := range map[string]struct {
		in   string
		want []key
	}{
		"text":                    {"aé", []key{{keyRune, "a"}, {keyRune, "é"}}},
		"arrows":                  {"\x1b[A\x1bOB\x1b[1;5C\x1b[1;3D", []key{{code: keyUp}, {code: keyDown}, {code: keyWordRight}, {code: keyWordLeft}}},
		"home and end":            {"\x1b[1~\x1b[4~\x1b[H\x1bOF", []key{{code: keyHome}, {code: keyEnd}, {code: keyHome}, {code: keyEnd}}},
		"delete":                  {"\x1b[3~", []key{{code: keyDelete}}},
		"shift-tab":               {"\x1b[Z\t", []key{{code: keyBackTab}, {code: keyTab}}},
		"alt":                     {"\x1bb\x1bf\x1bd\x1b\x7f\x1b\r\x1bé", []key{{code: keyWordLeft}, {code: keyWordRight}, {code: keyKillWord}, {code: keyRuboutWord}, {code: keyNewline}}},
		"function keys":           {"\x1bOP\x1b[12~\x1b[15~\x1b[24~", []key{{keyFunction, "F1"}, {keyFunction, "F2"}, {keyFunction, "F5"}, {keyFunction, "F12"}}},
		"console's functions":     {"\x1b[[A\x1b[[B\x1b[[E\x1b[17~", []key{{keyFunction, "F1"}, {keyFunction, "F2"}, {keyFunction, "F5"}, {keyFunction, "F6"}}},
		"keypad enter":            {"\x1bOM", []key{{keyRune, "\r"}}},
		"escape alone":            {"\x1b", []key{{code: keyEscape}}},
		"escape, control-c":       {"\x1b\x03", []key{{code: keyEscape}, {keyRune, "\x03"}}},
		"control-c in a sequence": {"\x1b[\x03\x1bO\x03\x1b]x\x03", []key{{keyRune, "\x03"}, {keyRune, "\x03"}, {keyRune, "\x03"}}},
		"paste":                   {"\x1b[200~a\tb\r\nc\x1b[31m\x07\r\n\n\x1b[201~x", []key{{keyText, "a  b\nc[31m"}, {keyRune, "x"}}},
		"paste without end":       {"\x1b[200~abc", []key{{keyText, "abc"}}},
		"burst":                   {long, []key{{keyText, long}}},
		"burst before tab":        {long + "\t", []key{{keyText, long}, {code: keyTab}}},
		"burst, tab, enter":       {long + "\t\r", []key{{keyText, long}, {code: keyTab}, {keyRune, "\r"}}},
		"tabs typed ahead":        {long + "\tx\t\ty", []key{{keyText, long}, {code: keyTab}, {keyRune, "x"}, {code: keyTab}, {code: keyTab}, {keyRune, "y"}}},
		"tab ahead of text":       {"\t" + long, []key{{code: keyTab}, {keyText, long}}},
		"lines typed ahead":       {long + "\t\rx\t\r", []key{{keyText, long}, {code: keyTab}, {keyRune, "\r"}, {keyRune, "x"}, {code: keyTab}, {keyRune, "\r"}}},
		"table pasted":            {"one\ttwo\tthree\tfour\r", []key{{keyText, "one  two  three  four"}, {keyRune, "\r"}}},
		"indented text":           {"{\r\t\"one\":\r\t\t1\r\t}", []key{{keyText, "{"}, {keyRune, "\r"}, {keyText, "  \"one\":"}, {keyRune, "\r"}, {keyText, "    1"}, {keyRune, "\r"}, {keyText, "  }"}}},
		"reports are dropped":     {"\x1b]11;rgb:0/0/0\x07\x1bP1$r\x1b\\\x1b[?1;2c\x1b[Ix", []key{{keyRune, "x"}}},
		"broken sequence":         {"\x1b[1;\rx", []key{{keyRune, "\r"}, {keyRune, "x"}}},
		"broken utf-8":            {"\xffx\xc3", []key{{keyRune, "x"}}},
		"direction overrides":     {"\u202ex", []key{{keyRune, "x"}}},
	} {
		if got := decode(c.in); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestDecoderWaitsForTheRestOfAKey(t *testing.T) {
	for _, whole := range []string{"\x1b[1;5C", "\x1bOP", "é", "日", "\x1b[200~two\nrows\x1b[201~", "\x1b]0;title\x07"} {
		want := decode(whole)
		for cut := 1; cut < len(whole); cut++ {
			var d decoder
			d.feed([]byte(whole[:cut]))
			got := drain(&d, false)
			d.feed([]byte(whole[cut:]))
			if got = append(got, drain(&d, false)...); !slices.Equal(got, want) {
				t.Errorf("%q cut at %d: %v, want %v", whole, cut, got, want)
			}
		}
	}
}

func TestDecoderJoinsWhatComesLateBehindAnEscape(t *testing.T) {
	escape, back := key{code: keyEscape}, key{code: keyUnescape}
	for _, c := range []struct {
		late string // it comes in bytes of their own, after the escape character was taken for a key
		want []key
	}{
		{"[A", []key{escape, back, {code: keyUp}}},
		{"OBx", []key{escape, back, {code: keyDown}, {keyRune, "x"}}},
		{"[1;5C", []key{escape, back, {code: keyWordRight}}},
		{"[3~", []key{escape, back, {code: keyDelete}}},
		{"[[A", []key{escape, back, {keyFunction, "F1"}}},
		{"[200~two\nrows\x1b[201~", []key{escape, back, {keyText, "two\nrows"}}},
		{"b[A", []key{escape, {keyRune, "b"}, {keyRune, "["}, {keyRune, "A"}}},
		{"[1,2]", []key{escape, {keyRune, "["}, {keyRune, "1"}, {keyRune, ","}, {keyRune, "2"}, {keyRune, "]"}}},
		{"On", []key{escape, {keyRune, "O"}, {keyRune, "n"}}},
		{"[\r", []key{escape, {keyRune, "["}, {keyRune, "\r"}}},
	} {
		var d decoder
		d.feed([]byte("\x1b"))
		got := drain(&d, false)
		got = append(got, d.next(true))
		for i := range len(c.late) {
			d.feed([]byte(c.late[i : i+1]))
			got = append(got, drain(&d, false)...)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q: %v, want %v", c.late, got, c.want)
		}
	}
}

func TestDecoderForgetsAnEscapeAfterAWhile(t *testing.T) {
	var d decoder
	d.feed([]byte("\x1b"))
	d.next(true)
	if d.patience() != sequenceWait {
		t.Errorf("it waits for %d ms", d.patience())
	}
	d.next(true)
	d.feed([]byte("[A"))
	if got, want := drain(&d, false), []key{{keyRune, "["}, {keyRune, "A"}}; !slices.Equal(got, want) || d.patience() != -1 {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestALateArrowGoesOnInTheMenuThatItsEscapeClosed(t *testing.T) {
	typed := newBuffer("query-b")
	c := Completion{Start: 0, End: 7, Candidates: []Candidate{{Insert: "query-balloon"}, {Insert: "query-block"}}}
	e := &lineEditor{state: state{menu: newMenu(c, typed)}}
	b := typed
	for _, code := range []keyCode{keyDown, keyEscape, keyUnescape, keyDown} {
		before := b
		b = e.apply(key{code: code}, b)
		e.remember(code, before, b)
	}
	if b.String() != "query-block" || e.menu == nil {
		t.Errorf("the line is %q, and the menu %v", b, e.menu)
	}
}

func FuzzDecoder(f *testing.F) {
	f.Add("\x1b[200~a\x1b[201~\x1b[A\x1bOP\xff日", 3)
	f.Fuzz(func(t *testing.T, in string, cut int) {
		cut = max(0, min(cut, len(in)))
		var d decoder
		d.feed([]byte(in[:cut]))
		keys := drain(&d, false)
		d.feed([]byte(in[cut:]))
		for _, k := range append(keys, drain(&d, true)...) {
			for _, r := range k.text {
				if k.code == keyText && r != '\n' && !isText(r) {
					t.Errorf("%q gives text with %q", in, r)
				}
			}
		}
		if d.paste || len(d.raw) > 0 {
			t.Errorf("%q leaves %q", in, d.raw)
		}
	})
}
