package demo

import (
	"encoding/json"
	"math"
	"math/big"
)

// Compat11 is the Options.Compat that makes the machine speak as QEMU did just before 1.1, in early 2012.
const Compat11 = "1.1"

// eventOf2012 returns an event's data as it was in 2012, and whether there was such an event.
func eventOf2012(name string, data object) (object, bool) {
	switch name {
	case "SHUTDOWN", "RESET", "POWERDOWN", "STOP", "RESUME":
		return nil, true
	case "DEVICE_TRAY_MOVED":
		return data.only("device", "tray-open"), true
	case "BLOCK_JOB_COMPLETED", "BLOCK_JOB_CANCELLED":
		return data, true
	case "RTC_CHANGE", "WATCHDOG", "BLOCK_IO_ERROR":
		return data, true
	case "VNC_CONNECTED", "VNC_INITIALIZED", "VNC_DISCONNECTED":
		return withoutWebsocket(data), true
	}
	return nil, false
}

// withoutWebsocket removes a member that came later from the two ends of a VNC connection.
func withoutWebsocket(data object) object {
	var old object
	for _, m := range data {
		if end, ok := m.value.(object); ok {
			m.value = end.without("websocket")
		}
		old = append(old, m)
	}
	return old
}

// hasNull reports whether there is a null anywhere, which parsers of 2012 did not know.
func hasNull(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case object:
		for _, m := range v {
			if hasNull(m.value) {
				return true
			}
		}
	case []any:
		for _, elem := range v {
			if hasNull(elem) {
				return true
			}
		}
	}
	return false
}

// clamp brings the integers of an id into 64 bits with a sign, as servers of 2012 did.
func clamp(v any) any {
	switch v := v.(type) {
	case json.Number:
		n, ok := new(big.Int).SetString(string(v), 10)
		switch {
		case !ok || n.IsInt64():
			return v
		case n.Sign() < 0:
			return int64(math.MinInt64)
		}
		return int64(math.MaxInt64)
	case object:
		result := make(object, 0, len(v))
		for _, m := range v {
			result = append(result, member{m.name, clamp(m.value)})
		}
		return result
	case []any:
		result := make([]any, 0, len(v))
		for _, elem := range v {
			result = append(result, clamp(elem))
		}
		return result
	}
	return v
}
