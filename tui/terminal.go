package tui

import (
	"bytes"
	"fmt"
	"os"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"github.com/qmpsh/qmpsh/render"
)

// Usable refuses terminals that cannot move their cursor, going by the environment as os.Environ has it: a full screen
// would be garbage there. It can be asked before anything else is done.
func Usable(environ []string) error {
	name := setting(environ, "TERM")
	if name == "" || name == "dumb" {
		return fmt.Errorf("the dashboard needs a terminal that can move its cursor, and TERM is %q", name)
	}
	return nil
}

// visible is a theme in which the chosen row can be seen: without colours it is shown in reverse.
func visible(theme render.Theme) render.Theme {
	if theme.Profile() == render.NoStyle {
		return render.NewTheme(render.Mono, theme.Light())
	}
	return theme
}

// programOptions are for one program. gone is called when the terminal is no longer there.
func programOptions(config Config, back *background, gone func(error)) []tea.ProgramOption {
	options := []tea.ProgramOption{
		tea.WithoutSignalHandler(), // whoever owns the process ends the context of Run
		tea.WithFPS(framesPerSecond),
		tea.WithColorProfile(profile(config.Theme)),
		tea.WithEnvironment(config.Environ),
		tea.WithInput(back.keyboard(config.Input)),
	}
	if file, ok := config.Output.(*os.File); ok {
		return append(options, tea.WithOutput(quiet{file, gone}))
	}
	return append(options, tea.WithOutput(config.Output))
}

// profile hands on what the theme decided, so that the terminal is asked nothing and nothing is decided twice.
func profile(theme render.Theme) colorprofile.Profile {
	switch theme.Profile() {
	case render.TrueColor:
		return colorprofile.TrueColor
	case render.ANSI256:
		return colorprofile.ANSI256
	case render.ANSI16:
		return colorprofile.ANSI
	default:
		return colorprofile.ASCII
	}
}

// quiet is a screen of which Bubble Tea asks nothing and whose keyboard keeps its ways. It would ask what the terminal
// can do, and switch key protocols on; the dashboard needs neither, and waits for what it asks itself (background). An
// answer that comes late is typed into whatever has the terminal next, some terminals print what they do not know, and a
// protocol that a killed process leaves behind makes a shell unusable.
type quiet struct {
	*os.File
	gone func(error)
}

// Write leaves the questions out. Bubble Tea writes each frame, and each sequence, in one piece.
func (q quiet) Write(frame []byte) (int, error) {
	if _, err := q.File.Write(silenced(frame)); err != nil {
		q.gone(fmt.Errorf("the terminal is gone: %w", err)) // Bubble Tea would go on, and hold the machine's monitor
		return 0, err
	}
	return len(frame), nil
}

func silenced(frame []byte) []byte {
	for _, sequence := range []string{
		ansi.RequestModeSynchronizedOutput, ansi.RequestModeUnicodeCore, ansi.RequestKittyKeyboard,
		ansi.SetModifyOtherKeys2, ansi.ResetModifyOtherKeys, ansi.PushKittyKeyboard(1), ansi.PopKittyKeyboard(1),
	} {
		if bytes.Contains(frame, []byte(sequence)) {
			frame = bytes.ReplaceAll(frame, []byte(sequence), nil)
		}
	}
	return frame
}
