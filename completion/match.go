package completion

import "strings"

// A match says how well a word fits a text; smaller is better.
type match struct {
	class   int // exact, prefix, prefix in another case, word starts, inside, subsequence
	skipped int // letters or parts of the text that the word left out before its end
}

// The classes of matches.
const (
	prefixMatch = iota
	foldedMatch
	startsMatch
	insideMatch
	scatteredMatch
)

// matches compares a word with a text. Case does not matter, and neither does the difference of - and _.
func matches(word, text string) (match, bool) {
	switch {
	case word == "" || strings.HasPrefix(text, word):
		return match{class: prefixMatch}, true
	case len(word) > len(text):
		return match{}, false
	}
	w, t := fold(word), fold(text)
	if strings.HasPrefix(t, w) {
		return match{class: foldedMatch}, true
	}
	if skipped, ok := starts(w, t); ok {
		return match{startsMatch, skipped}, true
	}
	if at := strings.Index(t, w); at >= 0 {
		return match{insideMatch, at}, true
	}
	if skipped, ok := scattered(w, t); ok {
		return match{scatteredMatch, skipped}, true
	}
	return match{}, false
}

// fold makes spellings equal that people mix up.
func fold(text string) string { return strings.ReplaceAll(strings.ToLower(text), "_", "-") }

// starts reports whether word is made of the beginnings of the text's parts, in order: bdc, bl-di-cl and dirtycl fit
// block-dirty-bitmap-clear. It returns in which part the word ended.
func starts(word, text string) (last int, ok bool) {
	if len(word) > 62 {
		return 0, false
	}
	whole := uint64(1) << len(word)
	reached := uint64(1) // bit n: the first n letters of word are accounted for
	for ; text != ""; last++ {
		var part string
		part, text = nextPart(text)
		next := reached
		for from := range len(word) {
			if reached&(1<<from) == 0 {
				continue
			}
			if word[from] == '-' {
				from++
			}
			for n := 0; n < len(part) && from+n < len(word) && word[from+n] == part[n]; n++ {
				next |= 1 << (from + n + 1)
			}
		}
		if next&whole != 0 {
			return last, true
		}
		reached = next
	}
	return 0, false
}

// nextPart cuts a text behind its first part.
func nextPart(text string) (part, rest string) {
	if i := strings.IndexAny(text, "-./: "); i >= 0 {
		return text[:i], text[i+1:]
	}
	return text, ""
}

// scattered reports whether the letters of word come in the text in order, and how many were skipped between them.
func scattered(word, text string) (skipped int, ok bool) {
	last := -1
	for i := range len(word) {
		at := strings.IndexByte(text[last+1:], word[i])
		if at < 0 {
			return 0, false
		}
		if last >= 0 {
			skipped += at
		}
		last += 1 + at
	}
	return skipped, true
}
