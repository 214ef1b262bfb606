package syntax

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/qmpsh/qmpsh/internal/saved"
)

// Every command of the corpus is right for the newest schema, so it binds without an error.
func TestCorpusBinds(t *testing.T) {
	s := schema(t)
	for _, line := range saved.Lines(t) {
		l := Scan(line)
		if l.Command == nil || l.Shorthand() != nil {
			continue
		}
		if _, diags := l.Bind(s); Failed(diags) {
			t.Errorf("%s\n%s", line, show(l, diags))
		}
		if l.Open() {
			t.Errorf("%s\nis open", line)
		}
	}
}

// The corpus has every kind of line, tail and value.
func TestCorpusCoversTheLanguage(t *testing.T) {
	kinds, tails := map[Kind]int{}, map[TailKind]int{}
	for _, line := range saved.Lines(t) {
		l := Scan(line)
		kinds[l.Kind]++
		if l.Tail != nil {
			tails[l.Tail.Kind]++
		}
	}
	for _, kind := range []Kind{Comment, QMP, Raw, Batch, Dot, Last} {
		if kinds[kind] == 0 {
			t.Errorf("no line of kind %d", kind)
		}
	}
	for _, tail := range []TailKind{JQ, Shell, File, Append} {
		if tails[tail] == 0 {
			t.Errorf("no tail of kind %d", tail)
		}
	}
}

// Every prefix of every line can be scanned, bound and masked, and its spans are sound.
func TestEveryPrefix(t *testing.T) {
	s := schema(t)
	for _, line := range saved.Lines(t) {
		for end := range len(line) + 1 {
			sound(t, Scan(line[:end]))
		}
		for end := 0; end <= len(line); end += 3 { // binding is slower
			l := Scan(line[:end])
			_, diags := l.Bind(s)
			for _, d := range diags {
				within(t, l, "diagnostic", d.Span, Span{0, len(l.Source)})
			}
			l.masked(s)
		}
	}
}

// sound checks what holds for the parse of any text.
func sound(t *testing.T, l *Line) {
	t.Helper()
	all := Span{0, len(l.Source)}
	last := 0
	for _, token := range l.Tokens {
		within(t, l, "token", token.Span, Span{last, all.End})
		last = token.Span.End
	}
	for _, p := range l.Problems {
		within(t, l, "problem", p.Span, all)
		if p.Span.Len() == 0 {
			t.Errorf("%q: nothing is under the caret of %q", l.Source, p.Message)
		}
	}
	for _, v := range spans(l) {
		within(t, l, "secret", v, all)
	}
	if l.Command != nil {
		soundCommand(t, l, l.Command)
	}
	if l.Tail != nil {
		within(t, l, "tail", l.Tail.Span, Span{l.Tail.OpSpan.End, all.End})
	}
	if l.Directive != nil {
		within(t, l, "directive", l.Directive.RestSpan, Span{l.Directive.NameSpan.End, all.End})
	}
	if l.Open() && l.Kind != Blank && l.Kind != Comment && len(l.Problems) == 0 && !strings.HasSuffix(strings.TrimSpace(l.Source), `\`) {
		if _, diags := l.Bind(nil); !Failed(diags) {
			t.Errorf("%q is open and yet right", l.Source)
		}
	}
}

func spans(l *Line) []Span { return l.Secrets(nil) }

func soundCommand(t *testing.T, l *Line, c *Command) {
	t.Helper()
	within(t, l, "name", c.NameSpan, c.Span)
	last := 0
	if l.Kind != Raw {
		last = c.NameSpan.End
	}
	for _, a := range c.Args {
		within(t, l, "argument", a.Span, Span{last, c.Span.End})
		last = a.Span.End
		if a.Value != nil {
			soundValue(t, l, a.Value, a.Span)
		}
		for _, segment := range a.Key {
			within(t, l, "segment", segment.Span, a.KeySpan)
		}
	}
	for _, action := range c.Actions {
		soundCommand(t, l, action)
	}
}

func soundValue(t *testing.T, l *Line, v *Value, inside Span) {
	t.Helper()
	within(t, l, "value", v.Span, inside)
	for _, m := range v.Members {
		within(t, l, "key", m.Key.Span, v.Span)
		soundValue(t, l, m.Value, v.Span)
	}
	for _, item := range v.Items {
		soundValue(t, l, item, v.Span)
	}
}

func within(t *testing.T, l *Line, what string, span, outer Span) {
	t.Helper()
	if span.Start < outer.Start || span.End > outer.End || span.Start > span.End {
		t.Errorf("%q: %s %v is not within %v", l.Source, what, span, outer)
		return
	}
	if utf8.ValidString(l.Source) && !utf8.ValidString(l.Text(span)) {
		t.Errorf("%q: %s %v cuts a character", l.Source, what, span)
	}
}

// What is printed of a bound command binds to the same again.
func TestPrintBindsToTheSame(t *testing.T) {
	s := schema(t)
	for _, line := range saved.Lines(t) {
		l := Scan(line)
		if l.Command == nil || l.Shorthand() != nil {
			continue
		}
		b, _ := l.Bind(s)
		printed := Print(b.Name, b.Arguments)
		again, diags := Scan(printed).Bind(s)
		if len(b.Asks) == 0 && (Failed(diags) || !sameArguments(b, again)) {
			t.Errorf("%s\nprinted %s\nbound %s\nthen  %s\n%s", line, printed, b.Arguments, again.Arguments, show(Scan(printed), diags))
		}
		if unguided, _ := Scan(printed).Bind(nil); len(b.Asks) == 0 && !sameArguments(b, unguided) {
			t.Errorf("%s\nprinted %s\nbound %s\nwithout a schema %s", line, printed, b.Arguments, unguided.Arguments)
		}
	}
}

// sameArguments compares the bytes, but for no arguments and an empty object.
func sameArguments(a, b Bound) bool {
	empty := []string{"", "{}"}
	return string(a.Arguments) == string(b.Arguments) ||
		slices.Contains(empty, string(a.Arguments)) && slices.Contains(empty, string(b.Arguments))
}

// Print can say what the schema's own examples hold, for every command.
func TestPrintSaysEveryExample(t *testing.T) {
	s := schema(t)
	for _, c := range s.Commands() {
		for _, full := range []bool{false, true} {
			example, err := s.Example(c.Name, nil, full)
			if err != nil {
				t.Fatal(err)
			}
			want, diags := Scan(Print(c.Name, example)).Bind(s)
			got, _ := Scan(Print(c.Name, want.Arguments)).Bind(nil)
			if Failed(diags) || !sameArguments(want, got) {
				t.Errorf("%s\n%s\nbound %s\n%s", c.Name, Print(c.Name, example), want.Arguments, show(Scan(Print(c.Name, example)), diags))
			}
		}
	}
}
