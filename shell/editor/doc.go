// Package editor reads lines from a person at a terminal: prompt, editing keys, completion menu, ghost text, hints,
// highlighting, history, and lines printed above the one that is being typed. It refuses to know what the lines mean:
// everything that depends on that is a callback.
//
// Below it works github.com/chzyer/readline, as the loop that reads keys, keeps the buffer and hands over finished
// lines. It runs as if it were not on a terminal, so that it never draws, and it sees only plain characters, Enter,
// Ctrl-C and Ctrl-D: every other key arrives as a BEL beside a queue and is carried out by its Listener, here. That
// keeps out of reach what breaks in its stock form: candidate lists that panic, Ctrl-T and Ctrl-S that panic, a
// cursor that is lost among wide characters and wrapped rows, and a half-typed line that is returned as if it had
// been submitted when the terminal goes away.
//
// Where there is no terminal, or one that cannot move its cursor, the same interface reads plain lines.
package editor
