package completion

import (
	"slices"
	"strings"
	"testing"

	"github.com/qmpsh/qmpsh/internal/saved"
	"github.com/qmpsh/qmpsh/qapi"
	"github.com/qmpsh/qmpsh/syntax"
)

// eachMember calls see for every member that a type can have, on every branch, with its path. Types that reach
// themselves are entered once.
func eachMember(t qapi.Type, path []string, above []*qapi.Object, see func(path []string, m *qapi.Member)) {
	if list := syntax.ListOf(t); list != nil {
		eachMember(list.Elem, path, above, see)
	}
	object := syntax.ObjectOf(t)
	if object == nil || slices.Contains(above, object) {
		return
	}
	above = append(above[:len(above):len(above)], object)
	for _, m := range object.Members {
		inner := append(path[:len(path):len(path)], m.Name)
		see(inner, m)
		eachMember(m.Type, inner, above, see)
	}
	for _, v := range object.Variants {
		eachMember(v.Object, path, above, see)
	}
}

func bothSchemas(t *testing.T) []*qapi.Schema {
	t.Helper()
	return []*qapi.Schema{saved.Schema(t, "7.2", qapi.Parse), schema(t)}
}

// Every entry of the tables is the meaning of some member of a saved schema: none is misspelt, and none is hidden by
// one before it.
func TestEveryMeaningIsUsed(t *testing.T) {
	used := map[meaning]bool{}
	for _, s := range bothSchemas(t) {
		for _, c := range s.Commands() {
			eachMember(c.Args, nil, nil, func(path []string, m *qapi.Member) {
				if meaning, ok := meaningOf(c.Name, path, m.Type); ok {
					used[meaning] = true
				}
			})
		}
	}
	for _, m := range slices.Concat(meanings[:], everywhere[:]) {
		if !used[m] {
			t.Errorf("no member has the meaning %+v", m)
		}
	}
}

// Every scope names a member that is beside the one that needs it, or among the arguments.
func TestEveryScopeIsAMember(t *testing.T) {
	for _, s := range bothSchemas(t) {
		for _, c := range s.Commands() {
			names := map[string]bool{}
			eachMember(c.Args, nil, nil, func(path []string, m *qapi.Member) { names[m.Name] = true })
			eachMember(c.Args, nil, nil, func(path []string, m *qapi.Member) {
				meaning, ok := meaningOf(c.Name, path, m.Type)
				if !ok || meaning.Command == "" || meaning.Scope == "" || strings.HasPrefix(meaning.Scope, "=") {
					return
				}
				if !names[meaning.Scope] {
					t.Errorf("%s %s: nothing is named %s", c.Name, strings.Join(path, "."), meaning.Scope)
				}
			})
		}
	}
}

// Every member that takes a string either has a meaning, if only that the user is free, or is listed here as text.
func TestEveryStringHasAMeaning(t *testing.T) {
	missing := map[string]bool{}
	for _, s := range bothSchemas(t) {
		for _, c := range s.Commands() {
			eachMember(c.Args, nil, nil, func(path []string, m *qapi.Member) {
				if c.Name == "transaction" && path[0] == "actions" {
					return // actions are commands of their own
				}
				if _, ok := meaningOf(c.Name, path, m.Type); !ok && isText(m.Type) && !freeText(m.Name) {
					missing[c.Name+" "+strings.Join(path, ".")] = true
				}
			})
		}
	}
	names := make([]string, 0, len(missing))
	for name := range missing {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		t.Errorf("what is %s?", name)
	}
}

// Actions of a batch mean what the commands of their names mean.
func TestActionsAreCommands(t *testing.T) {
	for _, s := range bothSchemas(t) {
		actions := s.Command("transaction").Args.Member("actions").Type.(*qapi.Array).Elem.(*qapi.Object)
		for _, v := range actions.Variants {
			if v.Case != "abort" && s.Command(v.Case) == nil {
				t.Errorf("action %s is no command", v.Case)
			}
		}
	}
}

// isText reports whether a type is, or lists, free strings.
func isText(t qapi.Type) bool {
	if list, ok := t.(*qapi.Array); ok {
		t = list.Elem
	}
	b, ok := t.(*qapi.Builtin)
	return ok && b.JSON == "string"
}

// freeText lists members whose values nobody but the user knows: addresses and names outside QEMU, descriptions,
// blobs, file descriptors that were passed by name.
func freeText(name string) bool {
	return slices.Contains(strings.Fields(`
		addr address alias args bootfile br cert-subject component-id connect cookie cper data description devid devname
		dhcpstart dns dns-forward dns-host domainname dst dstport export fd fdname fds fqdn gateway group
		guest-visible-workarounds hash height host-data hostname hwversion id-auth id-block id-list identity if ifname
		initiator-name interface ip ipv6-dns ipv6-host ipv6-prefix iv label listen localaddr log mac macaddr
		map-guest-addr map-host-loopback match mcast mnonce model mrconfigid mrowner mrownerconfig name namespace net
		netmask outbound outbound-if4 outbound-if6 packet-header password pool portal position priority proxy-username
		secret server service smbserver sock src srcport status tag target tftp-server-name tls-hostname toolsversion
		type udp url user username vhostfd vhostfds volume width x-dirty-bitmap x-origin y-origin`), name)
}
