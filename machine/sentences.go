package machine

import (
	"fmt"
	"time"
)

// Units say how figures are written. Each must be given.
type Units struct {
	Bytes    func(float64) string       // "48.0 MiB"
	Rate     func(float64) string       // bytes a second: "31.4 MiB/s"
	Duration func(time.Duration) string // "1.6 s"
}

// Sentences says the verdict in words, the most important first: what is, what would change it, and what else helps.
// None ends with a full stop, and none when there is no migration.
func (v Verdict) Sentences(u Units) []string {
	switch v.Outlook {
	case OutlookNone:
		return nil
	case OutlookEarly:
		return []string{v.early(u)}
	case OutlookConverging:
		return []string{"converging: " + v.falling(u)}
	case OutlookSlow:
		return append([]string{"slow: " + v.falling(u)}, v.advice(u, "to finish sooner")...)
	case OutlookStalled:
		return append([]string{v.stalled(u)}, append(v.advice(u, "to finish now"), v.others()...)...)
	case OutlookFinishing:
		return []string{"finishing: what is left fits into the downtime limit"}
	case OutlookStuck:
		return []string{"stuck: nothing has been sent for " + u.Duration(v.Still)}
	case OutlookPostcopy:
		return []string{"the guest runs on the destination; the rest of its memory follows" + v.inAbout(u)}
	case OutlookWaiting:
		return []string{v.waiting()}
	case OutlookIncoming:
		return []string{"incoming: only the source knows how far it is"}
	}
	if v.Error != "" {
		return []string{v.Status + ": " + v.Error}
	}
	return []string{v.Status}
}

func (v Verdict) inAbout(u Units) string {
	if !v.Left.Known {
		return ""
	}
	return " in about " + u.Duration(v.Left.Value)
}

func (v Verdict) early(u Units) string {
	switch {
	case v.Status == "setup":
		return "setting up"
	case v.Last > 0:
		return fmt.Sprintf("pass %d left %s; the next will tell whether that falls", v.Last, u.Bytes(float64(v.LastLeft)))
	}
	pass := "the first pass"
	if v.Pass > 1 {
		pass = fmt.Sprintf("pass %d, the first seen,", v.Pass)
	}
	if v.PassLeft.Known {
		return pass + " ends in about " + u.Duration(v.PassLeft.Value) + "; what it leaves will tell"
	}
	return pass + " runs; what it leaves will tell"
}

func (v Verdict) falling(u Units) string {
	text := fmt.Sprintf("pass %d left %s", v.Last, u.Bytes(float64(v.LastLeft)))
	if v.Fits.Known {
		text += ", " + u.Bytes(float64(v.Fits.Value)) + " fit into the downtime limit"
	}
	if !v.Left.Known {
		return text
	}
	passes := "one more pass"
	if v.MorePasses != 1 {
		passes = fmt.Sprintf("%d more passes", v.MorePasses)
	}
	return text + "; about " + passes + ", " + u.Duration(v.Left.Value)
}

func (v Verdict) stalled(u Units) string {
	least, most := u.Bytes(float64(v.LeastLeft)), u.Bytes(float64(v.MostLeft))
	amount := least
	if least != most {
		amount += " to " + most
	}
	text := fmt.Sprintf("stalled: passes %d to %d each left %s", v.First, v.Last, amount)
	if v.Fits.Known {
		text += ", and only " + u.Bytes(float64(v.Fits.Value)) + " fit into the downtime limit"
	}
	return text
}

// advice says which limits would have to change.
func (v Verdict) advice(u Units, aim string) []string {
	text := ""
	if d := v.NeedDowntime; d.Known {
		text = aim + ": let the downtime limit rise to " + u.Duration(d.Value)
		if now := v.Limits.Downtime; now.Known {
			text += " (now " + u.Duration(now.Value) + ")"
		}
	}
	if b := v.NeedBandwidth; b.Known {
		switch advice := v.bandwidthAdvice(u, b.Value); {
		case text != "":
			text += ", or " + advice
		case v.BandwidthIsLimit:
			text = aim + ": let " + advice
		default:
			text = aim + ": " + advice
		}
	}
	if text == "" {
		return nil
	}
	return []string{text}
}

func (v Verdict) bandwidthAdvice(u Units, need float64) string {
	limit := v.Limits.Bandwidth
	if v.BandwidthIsLimit {
		return fmt.Sprintf("the bandwidth limit rise to %s (now %s)", u.Rate(need), u.Rate(float64(limit.Value)))
	}
	text := fmt.Sprintf("get %s across (now %s)", u.Rate(need), u.Rate(v.Sending))
	if limit.Or(0) > 0 {
		text += ": the bandwidth limit is not what holds it back"
	}
	return text
}

// others says what auto-converge and postcopy would do.
func (v Verdict) others() []string {
	var out []string
	switch v.AutoConverge {
	case RemedyReady:
		out = append(out, fmt.Sprintf("auto-converge slows the vCPUs, by %d %% now, and will go on to %d %%",
			v.Throttle.Or(0), v.Limits.MaxThrottle.Or(99)))
	case RemedyExhausted:
		out = append(out, fmt.Sprintf("auto-converge slows the vCPUs by %d %%, as far as it may: not enough", v.Throttle.Or(0)))
	}
	if v.Postcopy == RemedyReady {
		out = append(out, "postcopy can be started: the guest moves at once, and its memory follows")
	}
	if v.Postcopy == RemedyRestart || v.AutoConverge == RemedyRestart {
		var off string
		switch {
		case v.Postcopy != RemedyRestart:
			off = "auto-converge is"
		case v.AutoConverge != RemedyRestart:
			off = "postcopy is"
		default:
			off = "postcopy and auto-converge are"
		}
		out = append(out, off+" off, and can be switched on only before a migration starts")
	}
	return out
}

func (v Verdict) waiting() string {
	switch v.Status {
	case "pre-switchover":
		return "waits before the switchover, the guest stands still: migrate-continue goes on"
	case "wait-unplug":
		return "waits for the guest to let a device go"
	case "postcopy-paused":
		return "the postcopy has lost its connection: the guest hangs where pages are missing until it is recovered"
	}
	return "the postcopy is being recovered"
}
