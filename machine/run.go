package machine

import (
	"encoding/json"
	"time"
)

// Run is the run state of a machine.
type Run struct {
	State   string    // the server's word: "running", "paused", "io-error", …; "" when not known
	Running bool      // the vCPUs run
	Since   time.Time // when the state began, or when it was first seen
	Seen    bool      // the change itself was seen, so Since is exact; otherwise it is the latest it can have been
	Reason  Reason    // why, where an event told; its Event is "" otherwise

	provisional bool // State was concluded from an event, and the server has not named it yet
	relinked    bool // it is from before the link was made anew: another machine may be there now
}

// A Reason is why a machine is in the state it is in, from an event.
type Reason struct {
	Event  string    // "SHUTDOWN", "WATCHDOG", "GUEST_PANICKED", "BLOCK_IO_ERROR", …
	Text   string    // in a few words: "the guest shut down", "write error on drive0: No space left on device"
	Device string    // the block device or node concerned, or ""
	At     time.Time // when it came
}

// reasonHolds is how long before a stop an event can come and still be the reason for it.
const reasonHolds = 2 * time.Second

func absorbStatus(s *Snapshot, reply json.RawMessage, at time.Time) error {
	var r struct {
		Status  string
		Running bool
	}
	if err := object(reply, &r); err != nil {
		return err
	}
	if r.Status == "" {
		return errShape
	}
	switch {
	case s.Run.provisional && s.Run.Running == r.Running && !s.Run.relinked:
		s.Run.State = r.Status
	case s.Run.State != r.Status || s.Run.relinked:
		// The reason stands when it came since the state that it ended was last confirmed.
		reason := s.Run.Reason
		if r.Running || s.Run.relinked || reason.At.Before(s.fresh[QueryStatus].At) {
			reason = Reason{}
		}
		s.Run = Run{State: r.Status, Running: r.Running, Since: at, Reason: reason}
	}
	s.Run.provisional, s.Run.relinked = false, false
	return nil
}

// reduceRun is what an event says of the run state.
func reduceRun(s *Snapshot, e Event, at time.Time) {
	switch e.Name {
	case "STOP":
		reason := s.Run.Reason
		state := "paused"
		if reason.Event == "" || at.Sub(reason.At) > reasonHolds {
			reason = Reason{}
		} else if word := stoppedState(reason.Event); word != "" {
			state = word
		}
		changeRun(s, state, false, reason, at)
	case "RESUME", "WAKEUP":
		changeRun(s, "running", true, Reason{}, at)
	case "SUSPEND":
		changeRun(s, "suspended", false, Reason{}, at)
	}
}

// stoppedState is the run state of a machine that stopped for the event's reason.
func stoppedState(event string) string {
	switch event {
	case "SHUTDOWN":
		return "shutdown"
	case "WATCHDOG":
		return "watchdog"
	case "GUEST_PANICKED":
		return "guest-panicked"
	case "BLOCK_IO_ERROR":
		return "io-error"
	}
	return ""
}

func changeRun(s *Snapshot, state string, running bool, reason Reason, at time.Time) {
	if s.Run.Running == running && s.Run.State != "" && !s.Run.relinked {
		s.Run.provisional = true
		return
	}
	s.Run = Run{State: state, Running: running, Since: at, Seen: true, Reason: reason, provisional: true}
}

// reduceReason keeps why the machine stops, or will.
func reduceReason(s *Snapshot, e Event, at time.Time) Stale {
	var d struct {
		Guest     bool
		Reason    string
		Action    string
		Device    string
		NodeName  string `json:"node-name"`
		Operation string
		NoSpace   bool
	}
	if object(e.Data, &d) != nil {
		d.Action = ""
	}
	reason := Reason{Event: e.Name, At: at}
	switch e.Name {
	case "SHUTDOWN":
		reason.Text = shutdownText(d.Guest, d.Reason)
	case "WATCHDOG":
		reason.Text = withAction("the watchdog ran out", d.Action)
	case "GUEST_PANICKED":
		reason.Text = withAction("the guest panicked", d.Action)
	case "GUEST_CRASHLOADED":
		reason.Text = "the guest crashed and loaded its crash kernel"
	case "BLOCK_IO_ERROR":
		reason.Device = d.Device
		if reason.Device == "" {
			reason.Device = d.NodeName
		}
		reason.Text = ioErrorText(d.Operation, reason.Device, d.Reason, d.NoSpace)
		markIOStatus(s, d.Device, d.NodeName, d.NoSpace)
		if d.Action != "stop" && e.Data != nil {
			return StaleOf(QueryStatus, QueryBlock)
		}
		s.Run.Reason = reason
		return StaleOf(QueryStatus, QueryBlock)
	}
	s.Run.Reason = reason
	return StaleOf(QueryStatus)
}

// shutdownText says in words why a machine shut down; QMP's ShutdownCause has the reasons, since 4.0.
func shutdownText(guest bool, cause string) string {
	switch cause {
	case "guest-shutdown":
		return "the guest shut down"
	case "guest-reset":
		return "the guest reset itself, which ends this machine"
	case "guest-panic":
		return "the guest panicked"
	case "host-qmp-quit":
		return "quit was sent"
	case "host-qmp-system-reset":
		return "system_reset was sent, which ends this machine"
	case "host-signal":
		return "a signal ended QEMU"
	case "host-ui":
		return "somebody closed its window"
	case "host-error":
		return "an error on the host"
	case "", "none":
	default:
		return cause
	}
	if guest {
		return "the guest shut down"
	}
	return "shut down from the host"
}

func withAction(text, action string) string {
	if action == "" {
		return text
	}
	return text + ", action " + action
}

func ioErrorText(operation, device, reason string, noSpace bool) string {
	text := "I/O error"
	if operation != "" {
		text = operation + " error"
	}
	if device != "" {
		text += " on " + device
	}
	switch {
	case reason != "":
		text += ": " + reason
	case noSpace:
		text += ": no space left"
	}
	return text
}
