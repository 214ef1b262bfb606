package render

import (
	"strings"
)

// plain is a column of a member's text; further names lead into nested objects.
func plain(head string, names ...string) field {
	return field{column{head: head}, func(v value) cell {
		found, ok := v.at(names...)
		if !ok || found.Kind == listKind && len(found.Items) == 0 {
			return cell{}
		}
		c := cellOf(found)
		c.role = RolePlain
		return c
	}}
}

// path is plain for file names and QOM paths, whose ends tell them apart.
func path(head string, names ...string) field {
	f := plain(head, names...)
	f.tail = true
	return f
}

// number is plain for numbers, with the server's digits.
func number(head string, names ...string) field {
	f := plain(head, names...)
	f.right = true
	return f
}

// nonZero is number for counters that are worth a column only when something was counted.
func nonZero(head string, names ...string) field {
	f := number(head, names...)
	f.cell = func(v value) cell {
		if n, ok := v.at(names...); ok && n.Text != "0" {
			return cell{text: n.Text, role: RoleBad}
		}
		return cell{}
	}
	return f
}

// size is a number of bytes in units.
func size(head string, names ...string) field {
	return field{column{head: head, right: true}, func(v value) cell {
		found, _ := v.at(names...)
		if n, ok := found.float(); ok {
			return cell{text: Size(n)}
		}
		return cell{}
	}}
}

// choice is a boolean in words.
func choice(head, yes, no string, names ...string) field {
	return field{column{head: head}, func(v value) cell {
		found, _ := v.at(names...)
		switch found.Text {
		case "true":
			return cell{text: yes}
		case "false":
			return cell{text: no, role: RoleDim}
		}
		return cell{}
	}}
}

func yesNo(head string, names ...string) field      { return choice(head, "yes", "no", names...) }
func onOff(head string, names ...string) field      { return choice(head, "on", "off", names...) }
func openClosed(head string, names ...string) field { return choice(head, "open", "closed", names...) }

// mark is a boolean that is worth a word only when it is true.
func mark(head string, names ...string) field { return choice(head, "yes", "", names...) }

// trouble is a status that is worth a word only when it is not "ok".
func trouble(head string, names ...string) field {
	return field{column{head: head}, func(v value) cell {
		if found, ok := v.at(names...); ok && found.Text != "ok" {
			return cell{text: Clean(found.Text), role: RoleBad}
		}
		return cell{}
	}}
}

// status is the state of a job, coloured by what it means, and the trouble with its device. Before QEMU 3.0 a job has
// no status, but tells whether it is paused.
func status(head string) field {
	return field{column{head: head}, func(v value) cell {
		found, ok := v.member("status")
		if paused, known := v.member("paused"); !ok && known {
			found.Text = "running"
			if paused.Text == "true" {
				found.Text = "paused"
			}
		}
		c := cell{text: Clean(found.Text), role: StatusRole(found.Text)}
		if io, ok := v.member("io-status"); ok && io.Text != "ok" {
			c = cell{text: strings.TrimPrefix(c.text+", "+Clean(io.Text), ", "), role: RoleBad}
		}
		return c
	}}
}

// StatusRole is the role of a word for a state: of a run state, a job, a migration or a link.
func StatusRole(word string) Role {
	switch word {
	case "running", "ready", "completed", "active", "concluded", "pending", "connected", "open":
		return RoleGood
	case "io-error", "guest-panicked", "internal-error", "failed", "aborting", "lost", "watchdog", "error":
		return RoleBad
	case "paused", "standby", "suspended", "prelaunch", "inmigrate", "postmigrate", "finish-migrate", "cancelling",
		"cancelled", "postcopy-paused", "shutdown", "waiting", "save-vm", "restore-vm", "debug", "colo":
		return RoleWarn
	}
	return RolePlain
}

// progress is how far a job is. Block jobs count bytes; what other jobs count is not said, so only their share is shown.
func progress(head, done, total string) field {
	return field{column{head: head, keep: true}, func(v value) cell {
		d, _ := v.member(done)
		t, _ := v.member(total)
		now, ok := d.float()
		all, ok2 := t.float()
		switch {
		case !ok || !ok2:
			return cell{}
		case all <= 0:
			return cell{text: "-", role: RoleDim}
		}
		kind, _ := v.member("type")
		switch kind.Text {
		case "commit", "stream", "mirror", "backup":
			return cell{text: Of(now, all) + " " + Percent(now/all)}
		}
		return cell{text: Percent(now / all)}
	}}
}

// topology is the place of a vCPU: "socket 0, core 1, thread 0".
func topology(head string) field {
	return field{column{head: head}, func(v value) cell {
		props, _ := v.member("props")
		words := make([]string, 0, len(props.Members))
		for _, name := range []string{"node-id", "drawer-id", "book-id", "socket-id", "die-id", "cluster-id", "module-id", "core-id", "thread-id"} {
			if id, ok := props.member(name); ok {
				words = append(words, strings.TrimSuffix(name, "-id")+" "+Clean(id.Text))
			}
		}
		return cell{text: strings.Join(words, ", ")}
	}}
}

// name is plain for what tells the rows apart.
func name(head string, names ...string) field {
	f := plain(head, names...)
	f.keep = true
	return f
}
