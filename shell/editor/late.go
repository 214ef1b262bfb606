package editor

import "strings"

// How long, in milliseconds, to wait for the rest of a key: an escape character alone is the Escape key, the rest of
// another that begins with one may be late on a slow line, and the end of a paste may get lost.
const (
	escapeWait   = 40
	sequenceWait = 500
	pasteWait    = 2000
)

// patience is how long to wait for the rest of a key, in milliseconds, -1 for ever.
func (d *decoder) patience() int {
	switch {
	case d.paste:
		return pasteWait
	case len(d.raw) == 1 && d.raw[0] == escape:
		return escapeWait
	case d.pending(), d.begun:
		return sequenceWait
	}
	return -1
}

// What the bytes behind an Escape key are to it.
const (
	noSequence = iota
	partOfSequence
	wholeSequence
)

// rest says whether what waits goes on from an escape character: only what keyboards send does, and nobody types.
func (d *decoder) rest() int {
	last := "ABCDFHMPQRS"
	i := 1
	switch {
	case d.raw[0] == '[' && len(d.raw) > 1 && d.raw[1] == '[':
		i, last = 2, "ABCDE"
	case d.raw[0] == '[':
		for last += "Z~"; i < len(d.raw) && (d.raw[i] == ';' || d.raw[i] >= '0' && d.raw[i] <= '9'); {
			i++
		}
	case d.raw[0] != 'O':
		return noSequence
	}
	switch {
	case i == len(d.raw):
		return partOfSequence
	case strings.IndexByte(last, d.raw[i]) >= 0:
		return wholeSequence
	}
	return noSequence
}
