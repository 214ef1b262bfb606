package qapi

import (
	"fmt"
	"math/big"
)

// accepts reports whether a value of that kind can be of the type.
func (b *Builtin) accepts(k kind) bool {
	switch b.JSON {
	case "string":
		return k == stringKind
	case "int":
		return k == intKind
	case "number":
		return k == intKind || k == floatKind
	case "boolean":
		return k == boolKind
	case "null":
		return k == nullKind
	}
	return true
}

// need says what a value of the type has to be, in words.
func (b *Builtin) need() string {
	switch b.JSON {
	case "string":
		return "a string"
	case "int":
		return "an integer"
	case "number":
		return "a number"
	case "boolean":
		return "true or false"
	case "null":
		return "null"
	}
	return "any value"
}

// limits returns the least and the greatest integer of the type, and false when the type is not an integer.
// Introspection calls every integer type "int": only what no integer type can hold is out of its range.
func (b *Builtin) limits() (least int64, greatest uint64, ok bool) {
	switch b.Name {
	case "int8":
		return -1 << 7, 1<<7 - 1, true
	case "int16":
		return -1 << 15, 1<<15 - 1, true
	case "int32":
		return -1 << 31, 1<<31 - 1, true
	case "int64":
		return -1 << 63, 1<<63 - 1, true
	case "uint8":
		return 0, 1<<8 - 1, true
	case "uint16":
		return 0, 1<<16 - 1, true
	case "uint32":
		return 0, 1<<32 - 1, true
	case "uint64", "size":
		return 0, 1<<64 - 1, true
	}
	return -1 << 63, 1<<64 - 1, b.JSON == "int"
}

// shortNumber is a number as a person can take it in: "1e400" has 401 digits.
func shortNumber(digits string) string {
	if len(digits) <= 40 {
		return digits
	}
	return fmt.Sprintf("a number of %d digits", len(digits))
}

func (k *checker) builtin(b *Builtin, v value, path []string) {
	if !b.accepts(v.kind) {
		k.wrongType(b, v, path)
		return
	}
	least, greatest, ok := b.limits()
	if !ok || v.kind != intKind {
		return
	}
	n, ok := new(big.Int).SetString(v.text, 10)
	low, high := big.NewInt(least), new(big.Int).SetUint64(greatest)
	if ok && n.Cmp(low) >= 0 && n.Cmp(high) <= 0 {
		return
	}
	p := Problem{
		Kind: WrongType, Path: path, AtValue: true,
		Message: fmt.Sprintf("%s%s is out of range: %d to %d", at(path), shortNumber(v.text), least, greatest),
	}
	if ok && greatest == 1<<64-1 && n.Sign() < 0 && n.IsInt64() {
		// QEMU takes negative numbers for 64-bit unsigned ones since before there was a schema.
		p.Warning = true
		p.Message = fmt.Sprintf("%s%s is negative: QEMU takes it as %d", at(path), v.text, uint64(n.Int64()))
	}
	k.add(p)
}
