package tui

import "strings"

// onConsole reports whether the terminal is the Linux console.
func onConsole(environ []string) bool { return setting(environ, "TERM") == "linux" }

// setting is the value of a variable, the last one of its name as for the process itself.
func setting(environ []string, name string) (value string) {
	for _, pair := range environ {
		if text, ok := strings.CutPrefix(pair, name+"="); ok {
			value = text
		}
	}
	return value
}
