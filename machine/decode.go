package machine

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"
)

// Absorb folds the reply to a query, which came at the given time, into a snapshot. It is pure. A reply of a shape
// that no known server sends gives an error and leaves the snapshot as it is.
func Absorb(s Snapshot, q Query, reply json.RawMessage, at time.Time) (Snapshot, error) {
	if q >= queryCount {
		return s, fmt.Errorf("no query %d", q)
	}
	next := s
	if err := q.absorber()(&next, reply, at); err != nil {
		return s, fmt.Errorf("%s: reply of an unknown shape: %w", q.Command(), err)
	}
	next.At = at
	next.fresh[q] = Freshness{At: at}
	next.Jobs = forgetOld(next.Jobs, at)
	return next, nil
}

// An absorber folds one reply into *s. It replaces what s refers to and never changes it. After an error *s is thrown
// away.
type absorber func(s *Snapshot, reply json.RawMessage, at time.Time) error

func (q Query) absorber() absorber {
	return [queryCount]absorber{
		QueryStatus:              absorbStatus,
		QueryName:                absorbName,
		QueryVersion:             absorbVersion,
		QueryBlockJobs:           absorbBlockJobs,
		QueryJobs:                absorbJobs,
		QueryMigrate:             absorbMigrate,
		QueryMigrateParameters:   absorbMigrateParameters,
		QueryMigrateCapabilities: absorbMigrateCapabilities,
		QueryChardev:             absorbChardev,
		QueryBlock:               absorbBlock,
		QueryBlockStats:          absorbBlockStats,
		QueryCPUs:                absorbCPUs,
		QueryMemory:              absorbMemory,
		QueryBalloon:             absorbBalloon,
		QueryUUID:                absorbUUID,
		QueryTarget:              absorbTarget,
		QueryAccelerators:        absorbAccelerators,
		QueryKVM:                 absorbKVM,
		QueryAccelTypes:          absorbAccelTypes,
		QueryMachineType:         absorbMachineType,
		QueryOldCPUs:             absorbOldCPUs,
	}[q]
}

var errShape = errors.New("not what this query returns")

// object decodes a reply that has to be a JSON object.
func object(reply json.RawMessage, into any) error { return decode(reply, '{', into) }

// array decodes a reply that has to be a JSON array.
func array(reply json.RawMessage, into any) error { return decode(reply, '[', into) }

func decode(reply json.RawMessage, first byte, into any) error {
	reply = bytes.TrimLeft(reply, " \t\r\n")
	if len(reply) == 0 || reply[0] != first {
		return errShape
	}
	return json.Unmarshal(reply, into)
}

// A count is an integer of a reply. Servers send some of them unsigned, as large as 2⁶⁴-1, and old ones may print a
// fraction: what does not fit is clamped.
type count int64

// UnmarshalJSON accepts any JSON number.
func (c *count) UnmarshalJSON(b []byte) error {
	if n, err := strconv.ParseInt(string(b), 10, 64); err == nil {
		*c = count(n)
		return nil
	}
	if string(b) == "null" {
		return nil
	}
	f, err := strconv.ParseFloat(string(b), 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return fmt.Errorf("%w: %.40q is not a number", errShape, b)
	}
	switch {
	case f >= math.MaxInt64:
		*c = math.MaxInt64
	case f <= math.MinInt64:
		*c = math.MinInt64
	default:
		*c = count(f)
	}
	return nil
}

// maybe is a member that may be missing.
func maybe(c *count) Maybe[int64] {
	if c == nil {
		return Maybe[int64]{}
	}
	return Known(int64(*c))
}

// maybeMillis is a member in milliseconds that may be missing.
func maybeMillis(c *count) Maybe[time.Duration] {
	if c == nil {
		return Maybe[time.Duration]{}
	}
	return Known(millis(*c))
}

// millis is a duration out of milliseconds, without overflow.
func millis(c count) time.Duration { return clampedDuration(float64(c) * 1e6) }

// clampedDuration is a duration out of nanoseconds, without overflow.
func clampedDuration(ns float64) time.Duration {
	const most = float64(math.MaxInt64)
	switch {
	case math.IsNaN(ns):
		return 0
	case ns >= most:
		return math.MaxInt64
	case ns <= -most:
		return math.MinInt64
	}
	return time.Duration(ns)
}

// maybePtr is a member that may be missing.
func maybePtr[T any](p *T) Maybe[T] {
	if p == nil {
		return Maybe[T]{}
	}
	return Known(*p)
}

// perSecond is a difference over an interval, which is positive.
func perSecond(difference int64, interval time.Duration) float64 {
	return float64(difference) / interval.Seconds()
}

// appendCapped is history with one more point, of at most limit points; the given history stays as it is.
func appendCapped[T any](history []T, point T, limit int) []T {
	if len(history) >= limit {
		history = history[len(history)-limit+1:]
	}
	next := make([]T, len(history)+1)
	copy(next, history)
	next[len(history)] = point
	return next
}
