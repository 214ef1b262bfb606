package demo

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"strings"
)

// newParameters are the migration parameters with their defaults.
func newParameters() object {
	return object{
		{"cpu-throttle-tailslow", false}, {"xbzrle-cache-size", 64 << 20}, {"cpu-throttle-initial", 20},
		{"announce-max", 550}, {"multifd-channels", 2}, {"multifd-zstd-level", 1}, {"announce-initial", 50},
		{"downtime-limit", 300}, {"tls-authz", ""}, {"multifd-compression", "none"}, {"announce-rounds", 5},
		{"announce-step", 100}, {"tls-creds", ""}, {"multifd-zlib-level", 1}, {"max-cpu-throttle", 99},
		{"max-postcopy-bandwidth", 0}, {"tls-hostname", ""}, {"throttle-trigger-threshold", 50},
		{"max-bandwidth", 128 << 20}, {"cpu-throttle-increment", 10},
	}
}

// param is the value of a parameter that is a number.
func (m *Machine) param(name string) float64 {
	v, _ := m.parameters.get(name)
	return number(v)
}

// setParam changes one parameter.
func (m *Machine) setParam(name string, v any) {
	next := slices.Clone(m.parameters)
	for i := range next {
		if next[i].name == name {
			next[i].value = v
		}
	}
	m.parameters = next
}

// parameterRange says which values a parameter may have.
func parameterRange(name string) (least, most float64, expects string) {
	switch name {
	case "downtime-limit":
		return 0, 2000000, "an integer in the range of 0 to (2000 * 1000) ms"
	case "cpu-throttle-initial", "cpu-throttle-increment":
		return 1, 99, "an integer in the range of 1 to 99"
	case "max-cpu-throttle":
		return 1, 99, "an integer in the range of cpu_throttle_initial to 99"
	case "throttle-trigger-threshold":
		return 1, 100, "an integer in the range of 1 to 100"
	case "multifd-channels":
		return 1, 255, "a value between 1 and 255"
	case "multifd-zlib-level":
		return 0, 9, "a value between 0 and 9"
	case "multifd-zstd-level":
		return 0, 20, "a value between 0 and 20"
	case "announce-initial", "announce-max":
		return 0, 100000, "a value between 0 and 100000"
	case "announce-rounds":
		return 1, 1000, "a value between 1 and 1000"
	case "announce-step":
		return 0, 10000, "a value between 0 and 10000"
	}
	return math.Inf(-1), math.Inf(1), ""
}

func migrateSetParameters(m *Machine, _ *client, args json.RawMessage) (any, error) {
	v, err := newDecoder(bytes.NewReader(args)).next()
	if err != nil {
		return nil, err
	}
	given := v.(object)
	for _, p := range given {
		least, most, expects := parameterRange(p.name)
		_, isNumber := p.value.(json.Number)
		if n := number(p.value); isNumber && (n < least || n > most) {
			return nil, errValue(strings.ReplaceAll(p.name, "-", "_"), expects)
		}
	}
	for _, p := range given {
		if p.value == nil {
			p.value = "" // null switches a TLS parameter off
		}
		m.setParam(p.name, p.value)
	}
	return nil, nil
}

// migrateSetSpeed takes less than nothing for nothing, as its documentation of 2012 says. Nothing is no limit.
func (m *Machine) migrateSetSpeed(a struct{ Value int64 }) (any, error) {
	m.setParam("max-bandwidth", max(0, a.Value))
	return nil, nil
}

func (m *Machine) migrateSetDowntime(a struct{ Value float64 }) (any, error) {
	if a.Value < 0 || a.Value > 2000 {
		return nil, errValue("downtime_limit", "an integer in the range of 0 to 2000 seconds")
	}
	m.setParam("downtime-limit", int64(a.Value*1000))
	return nil, nil
}
