package qapi_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/qmpsh/qmpsh/internal/qemutest"
	"github.com/qmpsh/qmpsh/internal/qmptalk"
	"github.com/qmpsh/qmpsh/qapi"
)

// real starts a QEMU and asks for its schema.
func real(t *testing.T, args ...string) (*qmptalk.Talk, *qapi.Schema) {
	t.Helper()
	talk := qmptalk.Dial(t, qemutest.Start(t, args...).Socket)
	text, err := talk.Call(t.Context(), "query-qmp-schema", nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := qapi.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return talk, s
}

// aboutArguments reports whether QEMU found fault with the form of the arguments, not with what they name. These are the
// words of its input visitor, the same since 2.8.
func aboutArguments(err *qmptalk.Error) bool {
	for _, words := range []string{"Invalid parameter type", "is missing", "is unexpected", "does not accept value",
		"Parameter '", "Invalid parameter"} {
		if strings.Contains(err.Desc, words) {
			return true
		}
	}
	return false
}

// What can do no harm is sent, bare where all arguments are optional and with every argument, and QEMU finds nothing
// wrong with the form of what passed our check.
func TestRealServerAcceptsWhatPasses(t *testing.T) {
	talk, s := real(t, "-machine", "q35")
	also := map[string]bool{"stop": true, "cont": true, "system_reset": true, "set-action": true, "migrate_cancel": true,
		"rtc-reset-reinjection": true, "system_wakeup": true, "nbd-server-stop": true, "add-fd": true}
	sent := 0
	for _, c := range s.Commands() {
		if _, ok := qapi.ReadOnly(c.Name); !ok && !also[c.Name] {
			continue
		}
		for _, full := range []bool{false, true} {
			arguments, err := s.Example(c.Name, nil, full)
			if err != nil {
				t.Fatal(err)
			}
			if !full && string(arguments) != "{}" || full && also[c.Name] {
				continue
			}
			if problems := s.Check(c.Name, arguments); qapi.Fatal(problems) {
				t.Errorf("%s %s: %+v", c.Name, arguments, problems)
				continue
			}
			sent++
			_, err = talk.Call(t.Context(), c.Name, arguments)
			var refused *qmptalk.Error
			if err != nil && (!errors.As(err, &refused) || aboutArguments(refused)) {
				t.Errorf("%s %s passed our check, but QEMU says: %v", c.Name, arguments, err)
			}
		}
	}
	if sent < 100 {
		t.Errorf("only %d calls were tried", sent)
	}
}

func TestRealServerAgreesOnMistakes(t *testing.T) {
	talk, s := real(t)
	for _, c := range []struct {
		command, arguments string
		kind               qapi.ProblemKind
	}{
		{"block-comit", `{}`, qapi.UnknownCommand},
		{"query-status", `{"verbose":true}`, qapi.UnknownMember},
		{"stop", `[]`, qapi.WrongType},
		{"stop", `null`, qapi.WrongType},
		{"block_resize", `{}`, qapi.MissingMember},
		{"block_resize", `{"device":"d","size":"10"}`, qapi.WrongType},
		{"block_resize", `{"device":"d","size":10.5}`, qapi.WrongType},
		{"block_resize", `{"device":"d","size":1e3}`, qapi.WrongType},
		{"block_resize", `{"device":"d","size":18446744073709551616}`, qapi.WrongType},
		{"block_resize", `{"device":7,"size":10}`, qapi.WrongType},
		{"block_resize", `{"device":"d","size":10,"size":11}`, qapi.DuplicateMember},
		{"eject", `{"device":"d","force":1}`, qapi.WrongType},
		{"blockdev-add", `{"node-name":"n"}`, qapi.MissingMember},
		{"blockdev-add", `{"driver":"qcow3"}`, qapi.UnknownValue},
		{"blockdev-add", `{"driver":"null-co","node-name":"n","filename":"x"}`, qapi.WrongBranch},
		{"blockdev-add", `{"driver":"null-co","node-name":"n","sizee":1}`, qapi.UnknownMember},
		{"blockdev-add", `{"driver":"raw","node-name":"n","file":7}`, qapi.WrongType},
		{"blockdev-add", `{"driver":"raw","node-name":"n","file":{"driver":"null-co","size":"big"}}`, qapi.WrongType},
		{"blockdev-add", `{"driver":"raw","node-name":"n","file":{"driver":"nul-co"}}`, qapi.UnknownValue},
		{"blockdev-add", `{"driver":"null-co","node-name":"n","cache":{"direkt":true}}`, qapi.UnknownMember},
		{"migrate-set-capabilities", `{"capabilities":{"capability":"events","state":true}}`, qapi.WrongType},
		{"migrate-set-capabilities", `{"capabilities":[{"capability":"events"}]}`, qapi.MissingMember},
		{"migrate-set-capabilities", `{"capabilities":[{"capability":"evnts","state":true}]}`, qapi.UnknownValue},
		{"migrate-set-parameters", `{"max-bandwidth":"1G"}`, qapi.WrongType},
		{"migrate-set-parameters", `{"tls-creds":false}`, qapi.WrongType},
		{"object-add", `{"qom-type":"secret","id":"s","dat":"x"}`, qapi.UnknownMember},
		{"transaction", `{"actions":[{"type":"abort"}]}`, qapi.MissingMember},
		{"human-monitor-command", `{"command-line":null}`, qapi.WrongType},
	} {
		problems := s.Check(c.command, json.RawMessage(c.arguments))
		if !slices.ContainsFunc(problems, func(p qapi.Problem) bool { return p.Kind == c.kind && !p.Warning }) {
			t.Errorf("%s %s: we find %+v, want kind %d", c.command, c.arguments, problems, c.kind)
		}
		_, err := talk.Call(t.Context(), c.command, json.RawMessage(c.arguments))
		var refused *qmptalk.Error
		if !errors.As(err, &refused) {
			t.Errorf("%s %s: QEMU finds nothing wrong: %v", c.command, c.arguments, err)
		}
	}
}

// What is odd but right passes with us and with QEMU.
func TestRealServerAgreesOnOddities(t *testing.T) {
	talk, s := real(t)
	for _, c := range []struct{ command, arguments string }{
		{"blockdev-add", `{"driver":"null-co","node-name":"a","size":1099511627776,"read-zeroes":true}`},
		{"blockdev-add", `{"driver":"null-co","node-name":"b","size":-0}`},
		{"blockdev-add", `{"file":"a","node-name":"c","driver":"raw"}`}, // the tag comes last
		{"blockdev-add", `{"driver":"raw","node-name":"d","file":{"driver":"null-co"}}`},
		{"migrate-set-parameters", `{"tls-creds":""}`},
		{"migrate-set-parameters", `{"tls-creds":null}`},
		{"migrate-set-capabilities", `{"capabilities":[]}`},
		{"qom-list-types", `{"implements":"qemu:memory-region"}`},
	} {
		if problems := s.Check(c.command, json.RawMessage(c.arguments)); len(problems) > 0 {
			t.Errorf("%s %s: we find %+v", c.command, c.arguments, problems)
		}
		if _, err := talk.Call(t.Context(), c.command, json.RawMessage(c.arguments)); err != nil {
			t.Errorf("%s %s: QEMU says %v", c.command, c.arguments, err)
		}
	}
}
