package source

import "fmt"

// checkDocs returns what is odd about the comments on a file's definitions: members that do not exist, and members left
// out where others are described.
func checkDocs(f *File, defs map[string]Definition, excused map[string]bool) []Warning {
	var warnings []Warning
	for _, item := range f.Items {
		d, ok := item.(Definition)
		if ok && d.head().Doc != nil && !excused[d.head().Name] {
			warnings = append(warnings, checkDoc(d, defs)...)
		}
	}
	return warnings
}

// exceptions returns the definitions that a pragma excuses from describing every member.
func exceptions(files []*File) map[string]bool {
	excused := make(map[string]bool)
	for _, f := range files {
		for _, item := range f.Items {
			pragma, ok := item.(*Pragma)
			if !ok {
				continue
			}
			for _, s := range pragma.Settings {
				for _, name := range s.List {
					excused[name] = excused[name] || s.Name == "documentation-exceptions"
				}
			}
		}
	}
	return excused
}

func checkDoc(d Definition, defs map[string]Definition) []Warning {
	h := d.head()
	own, all := names(d, defs)
	described := make(map[string]bool)
	var warnings []Warning
	for _, s := range h.Doc.sections() {
		if s.kind != memberSection {
			continue
		}
		described[s.name] = true
		if !all[s.name] {
			warnings = append(warnings, Warning{Pos: Pos{File: h.Pos.File, Line: s.line, Column: 1},
				Message: fmt.Sprintf("the comment describes @%s, which %s does not have", s.name, h.Name)})
		}
	}
	for _, name := range own {
		if len(described) > 0 && !covered(described, name) {
			warnings = append(warnings, Warning{Pos: h.Pos,
				Message: fmt.Sprintf("the comment does not describe '%s' of %s", name, h.Name)})
		}
	}
	return warnings
}

// covered reports whether a member is described, or its own members are, as "qemu.major" does for "qemu".
func covered(described map[string]bool, name string) bool {
	if described[name] {
		return true
	}
	for have := range described {
		if len(have) > len(name) && have[:len(name)+1] == name+"." {
			return true
		}
	}
	return false
}

// names returns the names of the members that the definition itself has, and of all those it may describe.
func names(d Definition, defs map[string]Definition) (own []string, all map[string]bool) {
	all = make(map[string]bool)
	collect := func(members []Member) {
		for _, m := range members {
			own = append(own, m.Name)
			note(all, m, "")
		}
	}
	var other string // a type whose members may be described here too
	switch d := d.(type) {
	case *Enum:
		for _, v := range d.Values {
			own, all[v.Name] = append(own, v.Name), true
		}
	case *Struct:
		collect(d.Members)
		other = d.Base
	case *Union:
		if d.Base != nil {
			collect(d.Base.Members)
			other = d.Base.Name
		}
		for _, branch := range d.Branches {
			all[branch.Name] = true
		}
		all["type"] = all["type"] || d.Discriminator == ""
	case *Alternate:
		collect(d.Choices)
	case *Command:
		other = collectRef(d.Data, collect)
	case *Event:
		other = collectRef(d.Data, collect)
	}
	for depth := 0; other != "" && depth < maxDepth; depth++ {
		other = inherited(all, defs[other])
	}
	return own, all
}

func collectRef(r *Ref, collect func([]Member)) string {
	if r == nil {
		return ""
	}
	collect(r.Members)
	return r.Name
}

// inherited notes the members of a base, and returns the name of its own base.
func inherited(all map[string]bool, d Definition) string {
	switch d := d.(type) {
	case *Struct:
		for _, m := range d.Members {
			note(all, m, "")
		}
		return d.Base
	case *Union:
		if d.Base != nil {
			for _, m := range d.Base.Members {
				note(all, m, "")
			}
			return d.Base.Name
		}
	}
	return ""
}

// note notes a member, and the members of the struct nested in it.
func note(all map[string]bool, m Member, prefix string) {
	all[prefix+m.Name] = true
	for _, inner := range m.Type.Members {
		note(all, inner, prefix+m.Name+".")
	}
}
