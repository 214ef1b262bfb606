package qmpconn

import (
	"unicode/utf16"
	"unicode/utf8"
)

// appendASCII appends JSON text to dst with everything outside ASCII escaped, and nothing else changed: QEMU 1.1
// mangles raw four-byte UTF-8. In valid JSON such characters stand inside strings only. ok is false when src is not
// UTF-8, which no JSON is.
func appendASCII(dst, src []byte) (out []byte, ok bool) {
	for i := 0; i < len(src); {
		if b := src[i]; b < utf8.RuneSelf {
			dst = append(dst, b)
			i++
			continue
		}
		r, size := utf8.DecodeRune(src[i:])
		if r == utf8.RuneError && size == 1 {
			return dst, false
		}
		if high, low := utf16.EncodeRune(r); high != utf8.RuneError {
			dst = appendEscape(appendEscape(dst, high), low)
		} else {
			dst = appendEscape(dst, r)
		}
		i += size
	}
	return dst, true
}

func appendEscape(dst []byte, unit rune) []byte {
	const hex = "0123456789abcdef"
	return append(dst, '\\', 'u', hex[unit>>12&0xf], hex[unit>>8&0xf], hex[unit>>4&0xf], hex[unit&0xf])
}
