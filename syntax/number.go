package syntax

import (
	"math/big"
	"strings"
)

// isNumber reports whether text is a number as JSON writes it.
func isNumber(text string) bool {
	rest := strings.TrimPrefix(text, "-")
	whole := digits(rest)
	if whole == 0 || whole > 1 && rest[0] == '0' {
		return false
	}
	rest = rest[whole:]
	if strings.HasPrefix(rest, ".") {
		n := digits(rest[1:])
		if n == 0 {
			return false
		}
		rest = rest[1+n:]
	}
	if rest != "" && (rest[0] == 'e' || rest[0] == 'E') {
		if rest = rest[1:]; rest != "" && (rest[0] == '+' || rest[0] == '-') {
			rest = rest[1:]
		}
		n := digits(rest)
		return n > 0 && n == len(rest)
	}
	return rest == ""
}

// digits counts the decimal digits that text begins with.
func digits(text string) int {
	n := 0
	for n < len(text) && text[n] >= '0' && text[n] <= '9' {
		n++
	}
	return n
}

// isInteger reports whether text is an integer with a base or a unit: 0x1000, 10G.
func isInteger(text string) bool {
	if text == "" || text[0] != '-' && digits(text) == 0 {
		return false
	}
	_, ok := integer(text)
	return ok
}

// integer reads an integer as an operator writes it: decimal, 0x, 0o and 0b, an exponent, or a fraction with one of
// QEMU's binary units (k, M, G, T, P, E, also as KiB and so on). It returns the digits that JSON wants.
func integer(text string) (string, bool) {
	if isNumber(text) && !strings.ContainsAny(text, ".eE") {
		return text, true
	}
	sign, rest := "", text
	if strings.HasPrefix(rest, "-") || strings.HasPrefix(rest, "+") {
		sign, rest = strings.TrimPrefix(rest[:1], "+"), rest[1:]
	}
	if len(rest) > 2 && rest[0] == '0' && strings.ContainsRune("xXoObB", rune(rest[1])) {
		value, ok := new(big.Int).SetString(rest, 0)
		if !ok || strings.Contains(rest, "_") {
			return "", false
		}
		return sign + value.String(), true
	}
	rest, shift := unit(rest)
	if n := digits(rest); n == 0 || n > 400 || len(rest) > 400 {
		return "", false
	}
	return scaled(sign, rest, shift)
}

// scaled multiplies a decimal number by a power of two, and refuses what is no whole number then.
func scaled(sign, text string, shift uint) (string, bool) {
	if trimmed := strings.TrimLeft(text, "0"); trimmed == "" || trimmed[0] < '0' || trimmed[0] > '9' {
		text = "0" + trimmed // 010 is ten, 0.5 keeps its zero
	} else {
		text = trimmed
	}
	if i := strings.IndexAny(text, "eE"); i >= 0 && len(text)-i > 5 || !isNumber(text) {
		return "", false
	}
	value, ok := new(big.Rat).SetString(text)
	if !ok {
		return "", false
	}
	value.Mul(value, new(big.Rat).SetInt(new(big.Int).Lsh(big.NewInt(1), shift)))
	if !value.IsInt() {
		return "", false
	}
	return sign + value.Num().String(), true
}

// unit takes a unit off the end of a number and returns the power of two that it stands for.
func unit(text string) (rest string, shift uint) {
	rest = strings.TrimSuffix(text, "iB")
	if rest == "" {
		return text, 0
	}
	i := strings.IndexByte("KMGTPE", rest[len(rest)-1]&^0x20)
	if i < 0 {
		return text, 0
	}
	return rest[:len(rest)-1], uint(10 * (i + 1))
}

// Index returns the list index that a key's segment is, or -1.
func Index(text string) int {
	if text == "" || len(text) > 6 || digits(text) != len(text) || len(text) > 1 && text[0] == '0' {
		return -1
	}
	n := 0
	for _, c := range text {
		n = n*10 + int(c-'0')
	}
	return n
}

// boolean reads a truth value as QEMU's own options take it.
func boolean(text string) (value, ok bool) {
	switch strings.ToLower(text) {
	case "on", "yes", "true", "y":
		return true, true
	case "off", "no", "false", "n":
		return false, true
	}
	return false, false
}

// Integer reads an integer as an operator writes it, such as 10G or 0x1000, and returns its decimal digits.
func Integer(text string) (digits string, ok bool) { return integer(text) }
