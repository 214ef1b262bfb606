package demo

import (
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// parseTokens makes one value of the tokens between two points of balance: nil, bool, string, json.Number, []any or
// object.
func parseTokens(tokens []token) (any, error) {
	p := parser{tokens}
	return p.value()
}

type parser struct{ rest []token }

// peek is the kind of the next token, 0 at the end.
func (p *parser) peek() byte {
	if len(p.rest) == 0 {
		return 0
	}
	return p.rest[0].kind
}

func (p *parser) take() token {
	t := p.rest[0]
	p.rest = p.rest[1:]
	return t
}

func (p *parser) value() (any, error) {
	switch p.peek() {
	case '{':
		return p.object()
	case '[':
		return p.array()
	case '"':
		return unquote(p.take().text)
	case '0':
		return json.Number(p.take().text), nil
	case 'a':
		return word(p.take().text)
	}
	return nil, &syntaxError{"expecting value"}
}

func word(text []byte) (any, error) {
	switch string(text) {
	case "null":
		return nil, nil
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	return nil, &syntaxError{fmt.Sprintf("invalid keyword '%s'", text)}
}

func (p *parser) object() (any, error) {
	p.take()
	result := object{}
	for p.peek() != '}' {
		if len(result) > 0 {
			if p.peek() != ',' {
				return nil, &syntaxError{"expected separator in dict"}
			}
			p.take()
		}
		m, err := p.pair()
		if err != nil {
			return nil, err
		}
		if _, twice := result.get(m.name); twice {
			return nil, &syntaxError{"duplicate key"}
		}
		result = append(result, m)
	}
	p.take()
	return result, nil
}

func (p *parser) pair() (member, error) {
	key, err := p.value()
	if err != nil {
		return member{}, err
	}
	name, ok := key.(string)
	if !ok {
		return member{}, &syntaxError{"key is not a string in object"}
	}
	if p.peek() != ':' {
		return member{}, &syntaxError{"missing : in object pair"}
	}
	p.take()
	v, err := p.value()
	return member{name, v}, err
}

func (p *parser) array() (any, error) {
	p.take()
	list := []any{}
	for p.peek() != ']' {
		if len(list) > 0 {
			if p.peek() != ',' {
				return nil, &syntaxError{"expected separator in list"}
			}
			p.take()
		}
		v, err := p.value()
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	p.take()
	return list, nil
}

// unquote decodes a string token.
func unquote(text []byte) (any, error) {
	var out []byte
	for rest := text[1 : len(text)-1]; len(rest) > 0; {
		if rest[0] != '\\' {
			r, n := utf8.DecodeRune(rest)
			if r == utf8.RuneError && n == 1 {
				return nil, &syntaxError{"invalid UTF-8 sequence in string"}
			}
			out, rest = append(out, rest[:n]...), rest[n:]
			continue
		}
		r, n := escape(rest)
		if n == 0 {
			return nil, &syntaxError{"invalid escape sequence in string"}
		}
		out, rest = utf8.AppendRune(out, r), rest[n:]
	}
	return string(out), nil
}

// escape decodes the escape sequence at the start of text and returns its length, 0 when it is none.
func escape(text []byte) (rune, int) {
	if len(text) < 2 {
		return 0, 0
	}
	switch c := text[1]; c {
	case '"', '\'', '\\', '/':
		return rune(c), 2
	case 'b':
		return '\b', 2
	case 'f':
		return '\f', 2
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case 't':
		return '\t', 2
	case 'u':
		return unicodeEscape(text)
	}
	return 0, 0
}

func unicodeEscape(text []byte) (rune, int) {
	first, ok := hex4(text)
	if !ok {
		return 0, 0
	}
	if !utf16.IsSurrogate(first) {
		return first, 6
	}
	second, ok := hex4(text[6:])
	if r := utf16.DecodeRune(first, second); ok && r != utf8.RuneError {
		return r, 12
	}
	return 0, 0
}

// hex4 reads \uXXXX.
func hex4(text []byte) (rune, bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	return rune(n), err == nil
}
