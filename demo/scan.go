package demo

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
)

// Limits on one message, as QEMU has them: beyond, the input is refused rather than kept.
const (
	maxMessage = 64 << 20
	maxNesting = 1024
)

// A syntaxError is input that is not JSON. Reading goes on behind it.
type syntaxError struct{ message string }

func (e *syntaxError) Error() string { return "JSON parse error, " + e.message }

// A decoder takes JSON values out of a stream of bytes, one after the other, whatever lies between them: as QEMU's it
// looks at brackets, never at lines, and accepts strings in single quotes.
type decoder struct {
	in       *bufio.Reader
	recovers bool // skip to the next byte that can start afresh
}

func newDecoder(r io.Reader) *decoder { return &decoder{in: bufio.NewReader(r)} }

// next returns the next value. A *syntaxError is not the end; any other error is.
func (d *decoder) next() (any, error) {
	var tokens []token
	depth, size := 0, 0
	for {
		t, err := d.token()
		if err != nil {
			return nil, err
		}
		tokens, size = append(tokens, t), size+len(t.text)
		switch t.kind {
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		if depth <= 0 {
			return parseTokens(tokens)
		}
		if depth > maxNesting {
			return nil, &syntaxError{"nesting depth limit exceeded"}
		}
		if size > maxMessage {
			return nil, &syntaxError{"token size limit exceeded"}
		}
	}
}

// A token is a piece of JSON. Its kind is the byte itself for punctuation, '"' for a string with its quotes, '0' for a
// number and 'a' for a word.
type token struct {
	kind byte
	text []byte
}

func (d *decoder) token() (token, error) {
	b, err := d.start()
	if err != nil {
		return token{}, err
	}
	switch {
	case isPunctuation(b):
		return token{kind: b}, nil
	case b == '"' || b == '\'':
		return d.quoted(b)
	case b == '-' || isDigit(b):
		return d.number(b)
	case b >= 'a' && b <= 'z':
		text, err := d.while(b, func(b byte) bool { return b >= 'a' && b <= 'z' })
		return token{'a', text}, err
	}
	return token{}, d.stray([]byte{b})
}

// start returns the first byte of the next token.
func (d *decoder) start() (byte, error) {
	for {
		b, err := d.in.ReadByte()
		switch {
		case err != nil:
			return 0, err
		case d.recovers && b >= 0x20 && b < 0xfe && !isPunctuation(b):
			continue
		}
		d.recovers = false
		if b != ' ' && b != '\t' && b != '\r' && b != '\n' {
			return b, nil
		}
	}
}

// quoted reads the rest of a string, up to its closing quote.
func (d *decoder) quoted(quote byte) (token, error) {
	text := []byte{quote}
	escaped := false
	for {
		b, err := d.in.ReadByte()
		if err != nil {
			return token{}, err
		}
		text = append(text, b)
		switch {
		case b < 0x20 || b >= 0xfe:
			return token{}, d.stray(text)
		case len(text) > maxMessage:
			d.recovers = true
			return token{}, &syntaxError{"token size limit exceeded"}
		case escaped:
			escaped = false
		case b == '\\':
			escaped = true
		case b == quote:
			return token{'"', text}, nil
		}
	}
}

func (d *decoder) number(first byte) (token, error) {
	text, err := d.while(first, func(b byte) bool {
		return isDigit(b) || b == '.' || b == 'e' || b == 'E' || b == '+' || b == '-'
	})
	if err == nil && !json.Valid(text) {
		return token{}, d.stray(text)
	}
	return token{'0', text}, err
}

// while collects bytes as long as they belong.
func (d *decoder) while(first byte, belongs func(byte) bool) ([]byte, error) {
	text := []byte{first}
	for {
		b, err := d.in.ReadByte()
		if err == io.EOF {
			return text, nil
		}
		if err != nil {
			return text, err
		}
		if !belongs(b) || len(text) > maxMessage {
			return text, d.in.UnreadByte()
		}
		text = append(text, b)
	}
}

func (d *decoder) stray(text []byte) error {
	d.recovers = true
	return &syntaxError{fmt.Sprintf("stray '%s'", text)}
}

func isPunctuation(b byte) bool {
	switch b {
	case '{', '}', '[', ']', ':', ',':
		return true
	}
	return false
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }
