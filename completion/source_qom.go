package completion

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/qmpsh/qmpsh/syntax"
)

// mostBuses bounds how many devices are searched for buses.
const mostBuses = 64

// A qomProperty is an element of what qom-list returns: a child, a link or a plain property.
type qomProperty struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

func (a *asker) properties(path string) ([]qomProperty, error) {
	var list []qomProperty
	err := a.ask("qom-list", `{"path":`+syntax.Quote(path)+`}`, &list)
	return list, err
}

// child returns the type of a child, else "".
func (p qomProperty) child() string {
	kind, ok := strings.CutPrefix(p.Type, "child<")
	if !ok {
		return ""
	}
	return strings.TrimSuffix(kind, ">")
}

// qomFetch lists the objects below a path, or the properties of the object there.
func qomFetch(kind Kind) fetcher {
	return func(a *asker, scope string) ([]Value, error) {
		if scope == "" {
			return nil, nil
		}
		list, err := a.properties(scope)
		var values []Value
		for _, p := range list {
			below := p.child() != "" || strings.HasPrefix(p.Type, "link<")
			if kind == QOM && below || kind == Property && p.child() == "" {
				values = append(values, Value{Text: p.Name, Type: p.Type})
			}
		}
		return sorted(values, err)
	}
}

// fetchBuses looks for buses below the devices that have an id and below those that are part of the machine.
func fetchBuses(a *asker, _ string) ([]Value, error) {
	types, err := a.types("bus")
	if err != nil {
		return nil, err
	}
	var places []string
	for _, parent := range []string{"/machine/peripheral", "/machine"} {
		list, err := a.properties(parent)
		if err != nil {
			return nil, err
		}
		for _, p := range list {
			if p.child() != "" && p.child() != "container" {
				places = append(places, parent+"/"+p.Name)
			}
		}
	}
	var values []Value
	for i := 0; i < len(places) && i < mostBuses; i++ {
		list, err := a.properties(places[i])
		if err != nil {
			return nil, err
		}
		for _, p := range list {
			switch {
			case p.Name == "virtio-backend": // the bus of a virtio controller is below its inner device
				places = append(places, places[i]+"/"+p.Name)
			case p.Name != "virtio-bus" && slices.Contains(types, p.child()):
				values = append(values, Value{Text: p.Name, Help: p.child() + " of " + places[i]})
			}
		}
	}
	return distinct(values, nil)
}

// childrenOf lists the objects right below a path whose types begin with the scope.
func childrenOf(path string) fetcher {
	return func(a *asker, scope string) ([]Value, error) {
		return listed(a, "qom-list", `{"path":`+syntax.Quote(path)+`}`, func(p qomProperty) Value {
			if kind := p.child(); kind != "" && strings.HasPrefix(kind, scope) {
				return Value{Text: p.Name, Help: kind}
			}
			return Value{}
		})
	}
}

// types lists the types that implement one, or all of them.
func (a *asker) types(implements string) ([]string, error) {
	arguments := `{"abstract":true}`
	if implements != "" {
		arguments = `{"implements":"` + implements + `","abstract":false}`
	}
	var list []struct {
		Name string `json:"name"`
	}
	err := a.ask("qom-list-types", arguments, &list)
	names := make([]string, len(list))
	for i, t := range list {
		names[i] = t.Name
	}
	slices.Sort(names)
	return names, err
}

// typesFetch lists the types of user-creatable objects, or all types.
func typesFetch(kind Kind) fetcher {
	implements := ""
	if kind == ObjectType {
		implements = "user-creatable"
	}
	return func(a *asker, _ string) ([]Value, error) {
		names, err := a.types(implements)
		values := make([]Value, len(names))
		for i, name := range names {
			values[i].Text = name
		}
		return values, err
	}
}

// fetchDeviceTypes lists what device_add takes. Where the human monitor can say what a type is, and which types are
// no user's business, it is asked as well; without its answer all are listed.
func fetchDeviceTypes(a *asker, _ string) ([]Value, error) {
	names, err := a.types("device")
	if err != nil {
		return nil, err
	}
	var text string
	_ = a.ask("human-monitor-command", askDevices, &text) // what it does not say is left out
	types := deviceTypes(text)
	values := make([]Value, 0, len(names))
	for _, name := range names {
		if t := types[name]; !t.internal {
			values = append(values, Value{Text: name, Help: t.help})
		}
	}
	slices.SortStableFunc(values, func(a, b Value) int { return rare(a.Text) - rare(b.Text) })
	return values, nil
}

// rare puts the inner halves and the variants of virtio devices behind those that people add.
func rare(name string) int {
	if strings.HasPrefix(name, "virtio-") && strings.HasSuffix(name, "-device") || strings.HasSuffix(name, "-transitional") {
		return 1
	}
	return 0
}

// A deviceType is what "info qdm" of the human monitor says of a type.
type deviceType struct {
	help     string
	internal bool // device_add refuses it
}

// deviceTypes reads "info qdm": sections such as "Network devices:", and in them lines such as
// name "e1000", bus PCI, alias "e1000-82540em", desc "Intel Gigabit Ethernet", no-user.
func deviceTypes(text string) map[string]deviceType {
	types := map[string]deviceType{}
	section := ""
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if heading, ok := strings.CutSuffix(line, " devices:"); ok {
			section = strings.ToLower(heading) + " device"
			continue
		}
		name, rest, ok := quotedField(line, "name ")
		if !ok || name == "" {
			continue
		}
		t := deviceType{help: section, internal: strings.HasSuffix(rest, ", no-user")}
		if desc, _, ok := quotedField(rest, ", desc "); ok {
			t.help = desc
		}
		if _, bus, ok := strings.Cut(rest, ", bus "); ok {
			bus, _, _ = strings.Cut(bus, ",")
			t.help += ", " + bus
		}
		types[name] = t
	}
	return types
}

// quotedField finds a label and the text in double quotes behind it.
func quotedField(line, label string) (text, rest string, ok bool) {
	_, after, found := strings.Cut(line, label+`"`)
	if !found {
		return "", "", false
	}
	return strings.Cut(after, `"`)
}

// A typeProperty is an element of what device-list-properties returns.
type typeProperty struct {
	Name        string `json:"name"`
	Type        string `json:"type"`
	Description string `json:"description"`
	Default     any    `json:"default-value"`
}

func fetchDeviceProperties(a *asker, scope string) ([]Value, error) {
	return a.typeProperties("device-list-properties", scope)
}

func fetchObjectProperties(a *asker, scope string) ([]Value, error) {
	return a.typeProperties("qom-list-properties", scope)
}

// typeProperties lists the properties of a type; those that are no user's business come last.
func (a *asker) typeProperties(command, name string) ([]Value, error) {
	var list []typeProperty
	err := a.ask(command, `{"typename":`+syntax.Quote(name)+`}`, &list)
	var values []Value
	for _, p := range list {
		if strings.HasPrefix(p.Type, "child<") || p.Name == "type" {
			continue
		}
		help := p.Description
		if p.Default != nil {
			help = strings.TrimSpace(help + fmt.Sprintf("  default %v", p.Default))
		}
		values = append(values, Value{Text: p.Name, Type: p.Type, Help: help})
	}
	slices.SortFunc(values, func(a, b Value) int {
		return cmp.Or(cmp.Compare(remote(a.Text), remote(b.Text)), strings.Compare(a.Text, b.Text))
	})
	return values, err
}

// remote puts what a device is connected to, and what people set by hand, before its many switches.
func remote(property string) int {
	kind, _ := propertyMeaning(property)
	switch {
	case kind != Free, property == "mac", property == "serial", property == "bootindex", property == "addr":
		return 0
	case strings.HasPrefix(property, "x-"):
		return 2
	}
	return 1
}
