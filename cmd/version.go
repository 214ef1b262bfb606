package cmd

import (
	"runtime/debug"
	"strings"
)

// What the release build sets with -ldflags -X; never written at run time.
var (
	version = ""
	commit  = ""
	date    = ""
)

// buildVersion is the version with commit and date, where the build knows them.
func buildVersion() string {
	text, revision, when := version, commit, date
	if info, ok := debug.ReadBuildInfo(); ok && text == "" {
		text = info.Main.Version
		for _, setting := range info.Settings {
			switch setting.Key {
			case "vcs.revision":
				revision = setting.Value
			case "vcs.time":
				when = setting.Value
			}
		}
	}
	if text == "" || text == "(devel)" {
		text = "(development)"
	}
	if revision != "" {
		text += " commit " + revision
	}
	if when != "" {
		text += " of " + when
	}
	return text
}

// shortVersion is the version alone.
func shortVersion() string {
	short, _, _ := strings.Cut(buildVersion(), " commit ")
	return short
}
