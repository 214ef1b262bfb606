package syntax

import "strings"

// Words reads the arguments of a program, which the user's shell has split and unquoted already: the value of a word
// keeps its blanks, and no word is a tail or a comment. A single word is read as a whole line. Source is composed from
// the words, with quotes where they are needed.
func Words(words []string) *Line {
	if len(words) <= 1 || strings.HasPrefix(words[0], "{") || strings.HasPrefix(words[0], ".") {
		return scanWords([]string{strings.Join(words, " ")})
	}
	shown := make([]string, len(words))
	shown[0] = words[0]
	for i, word := range words[1:] {
		shown[i+1] = requote(word)
	}
	if strings.HasPrefix(words[0], "transaction") && strings.HasPrefix(strings.Join(shown, " ")[len("transaction"):], "(") ||
		words[0] == "transaction" && strings.HasPrefix(words[1], "(") {
		return scanWords([]string{strings.Join(shown, " ")})
	}
	return scanWords(shown)
}

// scanWords reads the first word as the head of a line, and each other one as an argument of its own.
func scanWords(words []string) *Line {
	source := strings.Join(words, " ")
	s := &scanner{src: words[0], line: &Line{Source: source}}
	s.entry()
	cmd := s.line.Command
	for _, word := range words[1:] {
		s.pos = len(s.src) + 1
		s.src = source[:s.pos+len(word)]
		if word == "" || cmd == nil {
			continue
		}
		s.arg(cmd)
		if s.pos < len(s.src) {
			s.problem(Span{s.pos, len(s.src)}, "unexpected text")
			s.pos = len(s.src)
		}
	}
	return s.line
}

// requote writes a word so that the scanner reads the same value out of it.
func requote(word string) string {
	if strings.HasPrefix(word, "{") || strings.HasPrefix(word, "[") {
		return word
	}
	key, value, ok := strings.Cut(word, "=")
	if strings.ContainsAny(key, " \t\r\n") {
		return Quote(word)
	}
	if !ok || value == "" {
		return word
	}
	s := &scanner{src: value, line: &Line{Source: value}}
	if v := s.value(); s.pos == len(value) && (v.Kind != Quoted || v.Closed) && !strings.ContainsAny(barePart(v), "\r\n") {
		return word
	}
	return key + "=" + Quote(value)
}

// barePart is the text of a value that is not quoted or bracketed.
func barePart(v *Value) string {
	if v.Kind == Bare {
		return v.Text
	}
	return ""
}
